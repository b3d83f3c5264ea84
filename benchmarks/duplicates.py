"""One record against a library: python -m benchmarks.duplicates --works N [N ...] [--json]

A library of N works without abstracts, of our own word lists; then 200 single records, half of them copies without a DOI of
works in it, are added one by one. Told are the median and the slowest of ten, CPU time, the other descriptions that each was compared with, how many copies
found their work, and the most memory that the process had by then. Of several N the library grows from one to the next.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from unittest.mock import patch

from benchmarks.measure import Figure, peak_mb, show, tell
from harvester.descriptions import Outline, are_apart
from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
)
from harvester.store import Library

_AT: Final = "2026-11-21T03:00:00Z"
_BATCH: Final = 500
_ASKED: Final = 200
_WORDS: Final = [
    "paste",
    "glue",
    "vellum",
    "linen",
    "thread",
    "board",
    "leather",
    "cloth",
    "marble",
    "ribbon",
    "gilding",
    "starch",
    "humidity",
    "shelving",
    "catalogue",
    "archive",
    "binding",
    "parchment",
    "ledger",
    "index",
    "folio",
    "spine",
    "margin",
    "reading",
    "reader",
    "visitor",
    "survey",
    "model",
    "analysis",
    "storage",
    "drying",
    "ageing",
    "repair",
    "restoration",
    "digitisation",
    "access",
    "provincial",
    "northern",
    "coastal",
    "alpine",
    "urban",
    "rural",
    "early",
    "modern",
    "medieval",
    "comparative",
]
_FAMILIES: Final = [
    "Lin",
    "Topor",
    "Feld",
    "Zuber",
    "Mei",
    "Okafor",
    "Brandt",
    "Silva",
    "Novak",
    "Haas",
    "Ito",
    "Kaur",
    "Moreau",
    "Duarte",
    "Lund",
    "Petrov",
]


def _record(number: int, *, has_doi: bool, key: str) -> Record:
    """The `number`th work, the same every time."""
    chance = random.Random(number)
    title = " ".join(chance.choice(_WORDS) for _ in range(8))
    people = tuple(
        Contributor(f"{chance.choice('ABCDEFGHIJ')}. {chance.choice(_FAMILIES)}") for _ in range(3)
    )
    first = chance.randint(2, 900)
    return Record(
        source="document",
        source_key=key,
        retrieved_at=_AT,
        identifiers=(Identifier(Scheme.DOI, f"10.5555/{number}"),) if has_doi else (),
        titles=(Text(title.capitalize(), "en", Origin.UNKNOWN),),
        contributors=people,
        container=Container(f"Journal of {chance.choice(_WORDS)} {chance.choice(_WORDS)}"),
        locus=Locus(str(chance.randint(1, 60)), str(chance.randint(1, 12)), f"{first}-{first + 9}"),
        issued=PartialDate(chance.randint(1980, 2025)),
        language="en",
    )


def measure(sizes: Sequence[int]) -> list[Figure]:
    """Milliseconds a record at each of the `sizes`, and what was found."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name, Library(Path(name) / "library.db") as library:
        have = 0
        for works in sorted(sizes):
            _grow(library, have, works)
            figures += _ask(library, works)
            have = works
    return figures


def _grow(library: Library, have: int, works: int) -> None:
    for start in range(have, works, _BATCH):
        some = [_record(one, has_doi=True, key=f"w{one}") for one in range(start, min(start + _BATCH, works))]
        library.add(some, at=_AT)
        if start % 20_000 == 0:
            tell(f"duplicates: {start} works")


def _ask(library: Library, works: int) -> Iterator[Figure]:
    spent, found, compared = [], 0, 0
    used = time.process_time()
    for number in range(_ASKED):
        is_copy = number % 2 == 0
        original = number * 37 % works if is_copy else -works - number
        one = _record(original, has_doi=not is_copy, key=f"q{works}-{number}")
        begun = time.perf_counter()
        with _watched() as pairs:
            [stored] = library.add([one], at=_AT)
        spent.append((time.perf_counter() - begun) * 1000)
        found += is_copy and not stored.is_new_work
        compared += len(pairs)
    used = time.process_time() - used
    name = f"one record against {works} works"
    yield Figure(f"{name}: median", statistics.median(spent), "ms")
    yield Figure(f"{name}: nine of ten under", statistics.quantiles(spent, n=10)[-1], "ms")
    yield Figure(f"{name}: CPU time, mean", 1000 * used / _ASKED, "ms")
    yield Figure(f"{name}: compared with, mean", compared / _ASKED, "descriptions")
    yield Figure(f"{name}: copies that found their work", 200 * found / _ASKED, "%")
    yield Figure(f"{name}: most memory so far", peak_mb(), "MB")


@contextmanager
def _watched() -> Iterator[list[None]]:
    """A list that grows by one for each comparison made meanwhile."""
    pairs: list[None] = []

    def watching(one: Outline, other: Outline) -> bool:
        pairs.append(None)
        return are_apart(one, other)

    with patch("harvester.filing.are_apart", watching):
        yield pairs


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.duplicates", description=__doc__)
    parser.add_argument("--works", type=int, nargs="+", default=[5000], metavar="N")
    parser.add_argument("--json", action="store_true", help="JSON Lines in place of the table")
    asked = parser.parse_args(arguments)
    show(measure(asked.works), as_json=asked.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
