"""What a library says, without what may differ between two runs: ids, revisions, times, order."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field

_WITHOUT: Final = ("work_id", "revision", "created_at", "updated_at")
_PARTS: Final = {
    "texts": "field, section, language, script, text, origin, source",
    "contributors": "position, role, name, family, given, name_zh, orcid, affiliations",
    "affiliations": "position, name",
    "identifiers": "scheme, value",
    "provenance": "field, source",
    "works_fts": "title, abstract, authors, container",
}


class Content(Struct):
    """Records and works of one library, each as one text, counted."""

    records: Counter[str] = field(default_factory=Counter)
    works: Counter[str] = field(default_factory=Counter)
    unsound: tuple[str, ...] = ()


def canonical(path: Path) -> Content:
    """Everything that the library at `path` says, and what SQLite finds wrong with the file."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    try:
        return Content(
            Counter(_record(row) for row in connection.execute("SELECT * FROM records")),
            Counter(_works(connection)),
            unsound(connection),
        )
    finally:
        connection.close()


def unsound(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What the checks complain of: broken pages, dangling references, text and index apart."""
    found = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    found += [f"{row[0]} refers to no {row[2]}" for row in connection.execute("PRAGMA foreign_key_check")]
    orphans = "SELECT count(*) FROM works WHERE work_id NOT IN (SELECT work_id FROM records)"
    homeless = "SELECT count(*) FROM works WHERE work_id NOT IN (SELECT rowid FROM works_fts)"
    doubled = "SELECT count(*) - count(DISTINCT revision) FROM works"
    for name, query in (
        ("without a record", orphans),
        ("not to be found", homeless),
        ("of one revision", doubled),
    ):
        number = connection.execute(query).fetchone()[0]
        if number:
            found.append(f"{number} works {name}")
    return tuple(map(str, found))


def _record(row: sqlite3.Row) -> str:
    body: dict[str, Any] = json.loads(row["body"])
    body.pop("retrieved_at", None)
    return json.dumps([row["source"], row["source_key"], row["fingerprint"], body], sort_keys=True)


def _works(connection: sqlite3.Connection) -> list[str]:
    parts: dict[int, list[Any]] = {}
    for row in connection.execute("SELECT * FROM works"):
        parts[row["work_id"]] = [{key: row[key] for key in row.keys() if key not in _WITHOUT}]  # noqa: SIM118  a Row
    for table, columns in _PARTS.items():
        key = "rowid" if table == "works_fts" else "work_id"
        query = f"SELECT {key} AS work_id, {columns} FROM {table} ORDER BY {key}, {columns}"
        for row in connection.execute(query):
            parts[row[0]].append([table, *tuple(row)[1:]])
    return [json.dumps(one, sort_keys=True) for one in parts.values()]


def compared(found: Content, expected: Content) -> dict[str, int]:
    """How many records are lost or doubled, how many works are not as they should be, what is unsound."""
    lost = sum(1 for one in expected.records if one not in found.records)
    foreign = sum(1 for one in found.records if one not in expected.records)
    doubled = sum(
        found.records[one] - number for one, number in expected.records.items() if found.records[one] > number
    )
    wrong = sum(((found.works - expected.works) + (expected.works - found.works)).values())
    return {
        "records lost": lost,
        "records doubled": doubled,
        "records wrong": foreign,
        "works wrong": wrong,
        "complaints of the checks": len(found.unsound),
    }
