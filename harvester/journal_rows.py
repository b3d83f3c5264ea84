"""Journals inside the library file: kept in step with what is said of them, by whatever is new only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from harvester.journal_schema import RANKED
from harvester.journal_tables import MEASURES, Line
from harvester.journals import TABLE, Journal, Saying, journals, links, saying_of
from harvester.model import Record

_CHUNK: Final = 400
_SAYING: Final = "source, issns, title, abbreviation, title_zh"


def note_journals(connection: sqlite3.Connection, records: Iterable[Record]) -> None:
    """Keep what `records` say of journals, and recompute the journals that this touches."""
    keep_sayings(connection, {saying for one in records if (saying := saying_of(one))})


def note_all_journals(connection: Any) -> None:
    """Note what all the records of an older library say."""
    last = 0
    query = "SELECT record_id, body FROM records WHERE record_id > ? ORDER BY record_id LIMIT 1000"
    while rows := connection.execute(query, (last,)).fetchall():
        note_journals(connection, [msgspec.json.decode(row[1], type=Record) for row in rows])
        last = rows[-1][0]


def keep_sayings(connection: sqlite3.Connection, sayings: Iterable[Saying]) -> None:
    """Keep sayings; nothing happens where all of them were known."""
    new = []
    for one in sorted(sayings):
        row = connection.execute(
            f"INSERT OR IGNORE INTO journal_sayings ({_SAYING}) VALUES (?, ?, ?, ?, ?) RETURNING saying_id",  # noqa: S608  our names
            _row(one),
        ).fetchone()
        if row is not None:
            values = sorted(links(one))
            query = "INSERT INTO journal_links (value, saying_id) VALUES (?, ?)"
            connection.executemany(query, [(value, row[0]) for value in values])
            new += values
    if new:
        _regroup(connection, set(new))


def _row(one: Saying) -> tuple[str, ...]:
    return one.source, " ".join(one.issns), one.title, one.abbreviation, one.title_zh


def _regroup(connection: sqlite3.Connection, values: set[str]) -> None:
    """Make anew the journals that hang together with `values`, by ISSN or by name, directly or not."""
    seen: set[str] = set()
    ids: set[int] = set()
    while fresh := values - seen:
        seen |= fresh
        found = _select(connection, "SELECT saying_id FROM journal_links WHERE value IN", sorted(fresh))
        more = {row[0] for row in found} - ids
        ids |= more
        rows = _select(connection, "SELECT value FROM journal_links WHERE saying_id IN", sorted(more))
        values = {row[0] for row in rows}
    columns = f"SELECT saying_id, journal, {_SAYING} FROM journal_sayings WHERE saying_id IN"  # noqa: S608  our names
    told = {_saying(row): (row[0], row[1]) for row in _select(connection, columns, sorted(ids))}
    _clear(connection, {journal for _, journal in told.values() if journal})
    for one in journals(told):
        _write(connection, one, [told[saying][0] for saying in one.sayings])


def _saying(row: Sequence[Any]) -> Saying:
    source, issns, title, abbreviation, title_zh = row[2:]
    return Saying(source, tuple(issns.split()), title, abbreviation, title_zh)


def _select(connection: sqlite3.Connection, query: str, values: Sequence[Any]) -> Iterator[Any]:
    for start in range(0, len(values), _CHUNK):
        chunk = values[start : start + _CHUNK]
        yield from connection.execute(f"{query} ({', '.join('?' * len(chunk))})", chunk).fetchall()


def _clear(connection: sqlite3.Connection, gone: Iterable[str]) -> None:
    keys = [(one,) for one in sorted(gone)]
    connection.executemany("DELETE FROM journals WHERE journal = ?", keys)
    connection.executemany("DELETE FROM journal_names WHERE journal = ?", keys)


def _write(connection: sqlite3.Connection, one: Journal, ids: Sequence[int]) -> None:
    lists = [json.dumps(each, ensure_ascii=False) for each in (one.issns, one.abbreviations)]
    connection.execute(
        "INSERT INTO journals (journal, issns, abbreviations, name_en, name_zh, name_pinyin)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (one.key, *lists, one.name_en, one.name_zh, one.name_pinyin),
    )
    names = [("issn", issn, one.key) for issn in one.issns] + [("name", name, one.key) for name in one.names]
    connection.executemany("INSERT INTO journal_names (kind, value, journal) VALUES (?, ?, ?)", names)
    query = "UPDATE journal_sayings SET journal = ? WHERE saying_id = ?"
    connection.executemany(query, [(one.key, each) for each in ids])


# -- a librarian's tables ----------------------------------------------------------------------------------


def replace_table(
    connection: sqlite3.Connection, name: str, as_of: str, licence: str | None, lines: Sequence[Line], at: str
) -> None:
    """Put a table in the place of the one of that name; within the caller's transaction."""
    remove_table(connection, name)
    connection.execute(
        "INSERT INTO journal_tables (name, as_of, licence, lines, loaded_at) VALUES (?, ?, ?, ?, ?)",
        (name, as_of, licence, len(lines), at),
    )
    keep_sayings(connection, {one.saying for one in lines})
    query = f"SELECT saying_id, journal, {_SAYING} FROM journal_sayings WHERE source = ?"  # noqa: S608  our names
    ids = {_saying(row): row[0] for row in connection.execute(query, (TABLE + name,))}
    marks = ", ".join("?" * (3 + len(MEASURES)))
    connection.executemany(
        f"INSERT INTO journal_lines (table_name, line, saying_id, {', '.join(MEASURES)}) VALUES ({marks})",  # noqa: S608  our names
        [(name, one.number, ids[one.saying], *map(one.measures.get, MEASURES)) for one in lines],
    )


def remove_table(connection: sqlite3.Connection, name: str) -> bool:
    """Forget a table and what it said of journals; False where there is none of that name."""
    connection.execute("DELETE FROM journal_lines WHERE table_name = ?", (name,))
    is_there = connection.execute("DELETE FROM journal_tables WHERE name = ?", (name,)).rowcount > 0
    source = (TABLE + name,)
    touched = connection.execute(
        "SELECT DISTINCT l.value, s.journal FROM journal_links AS l JOIN journal_sayings AS s USING (saying_id)"
        " WHERE s.source = ?",
        source,
    ).fetchall()
    connection.execute(
        "DELETE FROM journal_links WHERE saying_id IN (SELECT saying_id FROM journal_sayings WHERE source = ?)",
        source,
    )
    connection.execute("DELETE FROM journal_sayings WHERE source = ?", source)
    if touched:
        _clear(connection, {row[1] for row in touched})
        _regroup(connection, {row[0] for row in touched})
    return is_there


def envelope_ranks(row: Any) -> dict[str, Any]:
    """The envelope's keys that a row of `work_ranks` fills; none where there is no row."""
    if row is None:
        return {}
    return {key: row[column] for key, column in RANKED.items() if row[column] is not None}
