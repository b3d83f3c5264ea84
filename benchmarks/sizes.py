"""What a work takes in the library file: python -m benchmarks.sizes --records N [--kind envelope|crossref] [--json]

N generated records are loaded as `benchmarks.load` does it. What a work says is counted in UTF-8 bytes, every different
value once a work: the columns of its row; with what its records say in their fields; with what they say beyond them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import samples
from benchmarks.load_ways import load_with_harvester
from benchmarks.measure import Figure, show, tell
from harvester.extras import unpacked
from harvester.space import space_of
from harvester.store import Library


def values(said: object) -> Iterator[str]:
    """All that is said in a value of JSON, but for names of keys; a JSON object within a text is looked into."""
    if isinstance(said, dict):
        for one in said.values():
            yield from values(one)
    elif isinstance(said, list):
        for one in said:
            yield from values(one)
    elif isinstance(said, str) and said.startswith("{"):
        yield from values(_parsed(said))
    elif said not in (None, ""):
        yield said if isinstance(said, str) else json.dumps(said)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return [" " + text]


def own_bytes(library: Library) -> tuple[int, int, int]:
    """Bytes of all works: of their columns; with their records' fields; with all that records say."""
    of_works = with_fields = with_all = 0
    for work in list(library.rows("SELECT * FROM works")):
        row = dict(work)
        said = {*values({**row, "authors": _parsed(row["authors"] or "[]")})}
        of_works += _size(said)
        beyond: set[str] = set()
        query = "SELECT body, extra FROM records WHERE work_id = ?"
        for body, extra in library.rows(query, (row["work_id"],)):
            record = json.loads(body)
            short = record.pop("extra", None)
            said |= {*values(record)}
            beyond |= {*values(unpacked(body, extra) if extra else short)}
        with_fields += _size(said)
        with_all += _size(said | beyond)
    return of_works, with_fields, with_all


def _size(said: set[str]) -> int:
    return sum(len(one.encode()) for one in said)


def measure(records: int, kind: str) -> Iterator[Figure]:
    """Bytes a work: of the file, of its parts, of what works say."""
    with tempfile.TemporaryDirectory() as name:
        file, db = Path(name) / "records.jsonl", Path(name) / "library.db"
        samples.write(file, kind, records)
        tell(f"sizes: loading {records} records")
        works = load_with_harvester(file, db, kind)
        with Library(db) as library:
            space, own = space_of(library), own_bytes(library)
        for label, size in zip(
            ("columns", "with fields of records", "with all of records"), own, strict=True
        ):
            of_own = space.a_work * works / size
            yield Figure(f"sizes {kind}: {label}", size / works, "bytes a work", of_own, "of the file to it")
        yield Figure(f"sizes {kind}: file", space.a_work, "bytes a work")
        for part in space.parts:
            yield Figure(f"sizes {kind}: file, {part.name}", part.size / works, "bytes a work")


def main(arguments: list[str]) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sizes", description=__doc__)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--kind", choices=sorted(samples.KINDS), default="envelope")
    parser.add_argument("--json", action="store_true", help="JSON Lines in place of the table")
    asked = parser.parse_args(arguments)
    show(measure(asked.records, asked.kind), as_json=asked.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
