"""One record against a library: python -m benchmarks.duplicates --works N [--json]

A library of N works without abstracts, of our own word lists; then 200 single records, half of them copies without a DOI of
works in it, are added one by one. Told are the median and the slowest of ten, and how many copies found their work.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.measure import Figure, show, tell
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


def measure(works: int) -> list[Figure]:
    """Milliseconds a record, and what was found."""
    with tempfile.TemporaryDirectory() as name, Library(Path(name) / "library.db") as library:
        for start in range(0, works, _BATCH):
            some = [
                _record(one, has_doi=True, key=f"w{one}") for one in range(start, min(start + _BATCH, works))
            ]
            library.add(some, at=_AT)
            if start % 20_000 == 0:
                tell(f"duplicates: {start} works")
        spent, found = [], 0
        for number in range(_ASKED):
            is_copy = number % 2 == 0
            one = _record(
                number * 37 % works if is_copy else works + number, has_doi=not is_copy, key=f"q{number}"
            )
            begun = time.perf_counter()
            [stored] = library.add([one], at=_AT)
            spent.append((time.perf_counter() - begun) * 1000)
            found += is_copy and not stored.is_new_work
    return [
        Figure(f"one record against {works} works: median", statistics.median(spent), "ms"),
        Figure(
            f"one record against {works} works: nine of ten under",
            statistics.quantiles(spent, n=10)[-1],
            "ms",
        ),
        Figure("copies that found their work", 200 * found / _ASKED, "%"),
    ]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.duplicates", description=__doc__)
    parser.add_argument("--works", type=int, default=5000)
    parser.add_argument("--json", action="store_true", help="JSON Lines in place of the table")
    asked = parser.parse_args(arguments)
    show(measure(asked.works), as_json=asked.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
