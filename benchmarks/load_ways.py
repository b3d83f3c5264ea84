"""The ways of taking in a file of records that `load` measures: ours, and those that keep one row a DOI."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec

Row = dict[str, Any]

_AT: Final = "2026-11-21T03:00:00Z"
_BATCH: Final = 500  # records a transaction, as harvester has it
_COLUMNS: Final = (
    "doi", "title_en", "title_zh", "abstract_en", "abstract_zh", "authors", "container_title", "volume", "pages",
    "year", "citation_count", "raw",
)  # fmt: skip
_TEXTS: Final = ("title_en", "title_zh", "abstract_en", "abstract_zh")


# -- the ways -----------------------------------------------------------------------------------------


def load_with_harvester(file: Path, db: Path, kind: str) -> int:
    """Works in a library after taking in `file`; RuntimeError where a record was skipped."""
    from harvester.ledger import Run
    from harvester.load import load_document
    from harvester.store import Library

    with Library(db) as library:
        run = Run(library, "load", at=_AT)
        skips = load_document(library, str(file), run).skips
        run.finish(0, at=_AT)
        if skips:
            raise RuntimeError(f"{kind}: {len(skips)} skipped: {skips[:3]}")
        return int(next(library.rows("SELECT count(*) FROM works"))[0])


def load_on_one_core(file: Path, db: Path, kind: str) -> int:
    """The same with one core at hand, so that no second process reads."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return load_with_harvester(file, db, kind)


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
    connection.execute(f"CREATE VIRTUAL TABLE works_fts USING fts5 ({', '.join(_TEXTS)}, content = 'works')")
    connection.execute("INSERT INTO works_fts (works_fts) VALUES ('rebuild')")


def load_with_sqlite_utils(file: Path, db: Path, kind: str) -> int:
    """Rows after `upsert_all` of every record of `file` into one table."""
    return _load_with_sqlite_utils(file, db, kind, search=False)


def load_with_sqlite_utils_fts(file: Path, db: Path, kind: str) -> int:
    """The same, with titles and abstracts in its FTS5 table, which its triggers keep in step."""
    return _load_with_sqlite_utils(file, db, kind, search=True)


def _load_with_sqlite_utils(file: Path, db: Path, kind: str, *, search: bool) -> int:
    from sqlite_utils import Database

    database = Database(db)
    _set_pragmas(database.conn)
    works = database.table("works")
    if search:
        works.create(dict.fromkeys(_COLUMNS, str), pk="doi")
        works.enable_fts(_TEXTS, fts_version="FTS5", create_triggers=True)
    works.upsert_all(_rows(file, kind), pk="doi", batch_size=_BATCH)
    count = int(works.count)
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
    "sqlite-utils + fts": load_with_sqlite_utils_fts,
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
