"""Loading records from a file: python -m benchmarks.load --records N [--kind envelope|crossref] [--json]

N generated records (one in ten says more of an earlier DOI) go into a new database, each way in a process of its own:
harvester as its users run it (documents through `load_document`, Crossref's works through the source's parser in pages;
merge, provenance, run ledger, search in both languages), the bare `sqlite3` module, the same with an FTS5 table, and `sqlite-utils`. The three others keep the newest record of a DOI and
its JSON: same pragmas, same number of records a transaction, no merge, no search in Chinese.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from benchmarks import samples
from benchmarks.measure import Figure, in_child, peak_mb, show, tell
from harvester.model import Outcome
from harvester.wire import Payload, Skip

if TYPE_CHECKING:  # the other ways shall not pay for our imports
    from harvester.ledger import Run
    from harvester.store import Library

Row = dict[str, Any]

_AT: Final = "2026-11-21T03:00:00Z"
_BATCH: Final = 500  # records a transaction, as harvester has it
_COLUMNS: Final = (
    "doi", "title_en", "title_zh", "abstract_en", "abstract_zh", "authors", "container_title", "volume", "pages",
    "year", "citation_count", "raw",
)  # fmt: skip


# -- the four ways -----------------------------------------------------------------------------------------


def load_with_harvester(file: Path, db: Path, kind: str) -> int:
    """Works in a library after taking in `file`; RuntimeError where a record was skipped."""
    from harvester.ledger import Run
    from harvester.store import Library

    with Library(db) as library:
        run = Run(library, "load", at=_AT)
        skips = _add_pages(library, file, run) if kind == "crossref" else _load_document(library, file, run)
        run.finish(0, at=_AT)
        if skips:
            raise RuntimeError(f"{kind}: {len(skips)} skipped: {skips[:3]}")
        return int(next(library.rows("SELECT count(*) FROM works"))[0])


def load_on_one_core(file: Path, db: Path, kind: str) -> int:
    """The same with one core at hand, so that no second process reads."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return load_with_harvester(file, db, kind)


def _load_document(library: Library, file: Path, run: Run) -> list[Skip]:
    from harvester.load import load_document

    return load_document(library, str(file), run).skips


def _add_pages(library: Library, file: Path, run: Run) -> list[Skip]:
    """Crossref's works come in pages, as a look-up gets them: parse, add, remember, in one transaction."""
    from harvester.ledger import remember_answers
    from harvester.sources.crossref import SOURCE

    skips: list[Skip] = []
    with file.open("rb") as lines:
        while page := list(islice(lines, _BATCH)):
            parsed = SOURCE.parse(_payload(b"[" + b",".join(page) + b"]"))
            found = {one: Outcome.FOUND for record in parsed.records for one in record.identifiers}
            with library.writing():
                library.add(parsed.records, at=run.at)
                remember_answers(library, SOURCE.name, found, at=run.at)
            skips += parsed.skips
    return skips


def _payload(body: bytes) -> Payload:
    return Payload(
        service="crossref",
        url="https://api.crossref.org/works",
        status=200,
        content_type="application/json",
        body=body,
        retrieved_at=_AT,
    )


def load_with_sqlite3(file: Path, db: Path, kind: str) -> int:
    """Rows after upserting every record of `file` on its DOI."""
    return _load_with_sqlite3(file, db, kind, search=False)


def load_with_fts5(file: Path, db: Path, kind: str) -> int:
    """The same, with titles and abstracts in an FTS5 table that is filled at the end."""
    return _load_with_sqlite3(file, db, kind, search=True)


def _load_with_sqlite3(file: Path, db: Path, kind: str, *, search: bool) -> int:
    connection = sqlite3.connect(db, isolation_level=None)
    _set_pragmas(connection)
    columns = ", ".join(f"{name} TEXT" for name in _COLUMNS[1:])
    connection.execute(f"CREATE TABLE works (doi TEXT PRIMARY KEY, {columns})")
    marks = ", ".join("?" * len(_COLUMNS))
    changes = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
    upsert = f"INSERT INTO works VALUES ({marks}) ON CONFLICT (doi) DO UPDATE SET {changes}"
    rows = (tuple(row.values()) for row in _rows(file, kind))
    while batch := list(islice(rows, _BATCH)):
        connection.execute("BEGIN")
        connection.executemany(upsert, batch)
        connection.execute("COMMIT")
    if search:
        _fill_fts5(connection)
    count = int(connection.execute("SELECT count(*) FROM works").fetchone()[0])
    connection.close()
    return count


def _fill_fts5(connection: sqlite3.Connection) -> None:
    names = "title_en, title_zh, abstract_en, abstract_zh"
    connection.execute(f"CREATE VIRTUAL TABLE works_fts USING fts5 ({names}, content = 'works')")
    connection.execute("INSERT INTO works_fts (works_fts) VALUES ('rebuild')")


def load_with_sqlite_utils(file: Path, db: Path, kind: str) -> int:
    """Rows after `upsert_all` of every record of `file`."""
    from sqlite_utils import Database

    database = Database(db)
    _set_pragmas(database.conn)
    database.table("works").upsert_all(_rows(file, kind), pk="doi", batch_size=_BATCH)
    count = int(database.table("works").count)
    database.close()
    return count


def _set_pragmas(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


WAYS: Final[dict[str, Callable[[Path, Path, str], int]]] = {
    "harvester": load_with_harvester,
    "harvester on one core": load_on_one_core,
    "sqlite3": load_with_sqlite3,
    "sqlite3 + fts5": load_with_fts5,
    "sqlite-utils": load_with_sqlite_utils,
}


# -- rows for those who have no parser of their own --------------------------------------------------------


def _rows(file: Path, kind: str) -> Iterator[Row]:
    read = {"envelope": _envelope_row, "crossref": _crossref_row}[kind]
    with file.open("rb") as lines:
        for line in lines:
            data = msgspec.json.decode(line)
            yield {**read(data), "raw": line.decode()}


def _envelope_row(data: Row) -> Row:
    inner = msgspec.json.decode(data["resultStr"])
    return {
        "doi": data["doi"].lower(),
        "title_en": inner["title"],
        "title_zh": data["TitleCN"],
        "abstract_en": data["abstract"],
        "abstract_zh": data["AbstractTextCN"],
        "authors": data["authors"],
        "container_title": data["journal"]["name"],
        "volume": data["journal"]["volume"],
        "pages": data["journal"]["pages"],
        "year": data["publicationDate"][:4],
        "citation_count": data["citationCount"],
    }


def _crossref_row(data: Row) -> Row:
    return {
        "doi": data["DOI"].lower(),
        "title_en": data["title"][0],
        "title_zh": data["title"][1],
        "abstract_en": data["abstract"],
        "abstract_zh": None,
        "authors": ", ".join(f"{one['given']} {one['family']}" for one in data["author"]),
        "container_title": data["container-title"][0],
        "volume": data["volume"],
        "pages": data["page"],
        "year": data["issued"]["date-parts"][0][0],
        "citation_count": data["is-referenced-by-count"],
    }


# -- measuring ---------------------------------------------------------------------------------------------


def worker(way: str, file: Path, db: Path, kind: str) -> dict[str, float]:
    """One way, measured in this process and its children: CPU and wall seconds, memory of both together, bytes."""
    wall_s, cpu_s = time.perf_counter(), _cpu_s()
    rows = WAYS[way](file, db, kind)
    cpu_s, wall_s = _cpu_s() - cpu_s, time.perf_counter() - wall_s
    size = sum(one.stat().st_size for one in db.parent.glob(f"{db.name}*"))
    return {"rows": rows, "cpu_s": cpu_s, "wall_s": wall_s, "peak_mb": peak_mb() + _child_mb(), "bytes": size}


def _cpu_s() -> float:
    """CPU seconds of this process and of those that it waited for."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def _child_mb() -> float:
    """The most memory of a child, or ours when it began, whichever is more."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def measure(records: int, kind: str) -> list[Figure]:
    """All ways on the same file, one after another."""
    found = {}
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "records.jsonl"
        size = samples.write(file, kind, records)
        for number, way in enumerate(WAYS):
            tell(f"load: {records} {kind} records of {size // records} bytes with {way}")
            db = Path(name) / f"{number}.db"
            found[way] = in_child(
                "benchmarks.load", "--worker", way, "--kind", kind, "--file", file, "--db", db
            )
    if len({one["rows"] for one in found.values()}) != 1:
        raise RuntimeError(f"the ways do not agree on the number of works: {found}")
    return [figure for way in WAYS for figure in _figures(way, kind, records, found)]


def _figures(way: str, kind: str, records: int, found: dict[str, Any]) -> Iterator[Figure]:
    def rated(unit: str, value: Callable[[Any], float]) -> Figure:
        ours, own = value(found["harvester"]), value(found[way])
        if way == "harvester":
            return Figure(f"load {kind}: harvester", own, unit)
        return Figure(f"load {kind}: {way}", own, unit, ours / own, f"harvester against {way}")

    yield rated("records a CPU second", lambda one: records / one["cpu_s"])
    yield rated("records a second", lambda one: records / one["wall_s"])
    yield rated("MB at most", lambda one: one["peak_mb"])
    yield rated("bytes a record", lambda one: one["bytes"] / records)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--kind", choices=sorted(samples.KINDS), default="envelope")
    parser.add_argument("--json", action="store_true", help="JSON Lines in place of the table")
    parser.add_argument("--worker", choices=list(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--db", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.worker:
        print(json.dumps(worker(asked.worker, asked.file, asked.db, asked.kind)))
    else:
        show(measure(asked.records, asked.kind), as_json=asked.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
