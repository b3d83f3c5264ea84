"""From records to works inside the library file: find what is touched, cluster, merge, write.

Runs inside the store's transaction. A work is always written whole from all its records, so nothing here
depends on the order in which they came.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import Struct

from harvester.duplicates import (
    features_of_nodes,
    has_verdicts,
    keys_said_same,
    links_among,
    works_linked_to,
    works_with,
    write_possible,
)
from harvester.filing import chunks, file_records, keep_nodes, marks_for
from harvester.journal_rows import note_journals
from harvester.match import clusters
from harvester.merge import merge
from harvester.model import Record, Work
from harvester.policy import MergePolicy
from harvester.rows import (
    WORK_COLUMNS,
    CheckRow,
    RelationRow,
    check_rows,
    claim_rows,
    contributor_rows,
    relation_rows,
    search_row,
    text_rows,
    work_row,
)
from harvester.uniting import unite

_DERIVED: Final = (
    "text_checks",
    "texts",
    "contributors",
    "affiliations",
    "claims",
    "identifiers",
    "relations",
    "overrides",
    "merged",
)


class Kept(Struct):
    """A record as it lies in the library; the ids are None until it is written."""

    record: Record
    fingerprint: str
    record_id: int | None = None
    work_id: int | None = None
    created_at: str = ""
    node: int | None = None  # the number of its description


class Changes(Struct, frozen=True):
    """The works that changed, and those among them that are new."""

    changed: set[int]
    born: set[int]


def rebuild(
    connection: sqlite3.Connection,
    new: Sequence[Kept],
    policy: MergePolicy,
    at: str,
    *,
    works: set[int] | None = None,
) -> Changes:
    """Write `new` records and recompute every work that they touch, and `works` besides."""
    filed = file_records(connection, [one.record for one in new])
    for one, node in zip(new, filed.nodes, strict=True):
        one.node = node
    seeds = (works or set()) | works_with(connection, filed.bereft)
    kept = [*_component(connection, new, seeds), *new]
    if not kept:
        return Changes(set(), set())
    before: dict[int, set[int | None]] = defaultdict(set)
    for one in kept:
        if one.work_id is not None:
            before[one.work_id].add(one.record_id)
    homes = _number(connection, kept)
    born = homes.keys() - before.keys()
    stale = {home for home, group in homes.items() if {one.record_id for one in group} != before.get(home)}
    stale |= (works or set()) & homes.keys()
    _mint(connection, born, at)
    _write_records(connection, homes, at)
    note_journals(connection, [one.record for one in new])
    merged = {home: merge((one.record for one in homes[home]), policy) for home in stale}
    changed = _changed(connection, merged)
    gone = before.keys() - homes.keys()
    _clear(connection, (changed | gone) - born)
    _write_works(connection, {home: merged[home] for home in changed}, homes, at)
    _redirect(connection, gone, kept, homes)
    write_possible(connection, homes.keys() | gone, {one.node for one in kept if one.node is not None}, at)
    return Changes(changed, set(born))


# -- what is touched ---------------------------------------------------------------------------------------


def _component(connection: sqlite3.Connection, new: Sequence[Kept], works: set[int]) -> list[Kept]:
    """All kept records linked to `new` (or in `works`) by identifiers, keys, content or people, directly or not."""
    is_decided = has_verdicts(connection)
    frontier: Sequence[Kept] = new
    found: list[Kept] = []
    waiting, seen_works = set(works), set[int]()
    seen: set[object] = set()
    while frontier or waiting:
        waiting |= _linked(connection, frontier, seen, is_decided=is_decided)
        frontier = list(kept_records(connection, sorted(waiting - seen_works)))
        seen_works |= waiting
        found += frontier
        waiting = set()
    return found


def _linked(
    connection: sqlite3.Connection, kept: Sequence[Kept], seen: set[object], *, is_decided: bool
) -> set[int]:
    """The works that are linked to `kept` by what was not yet `seen`."""
    records = [one.record for one in kept]
    keys = {(one.source, one.source_key) for one in records} | {one.about for one in records if one.about}
    if is_decided:
        keys |= keys_said_same(connection, keys)
    identifiers = {(str(each.scheme), each.value) for one in records for each in one.identifiers} - seen
    nodes = {one.node for one in kept if one.node is not None} - seen
    works = _work_ids(connection, _BY_KEY, sorted(keys - seen))
    works |= _work_ids(connection, _BY_IDENTIFIER, sorted(identifiers))
    works |= works_linked_to(connection, nodes)
    seen |= keys | identifiers | nodes
    return works


_BY_KEY: Final = "SELECT DISTINCT work_id FROM records WHERE (source, source_key) IN"
_BY_IDENTIFIER: Final = (
    "SELECT DISTINCT records.work_id FROM record_identifiers JOIN records USING (record_id)"
    " WHERE (scheme, value) IN"
)


def _work_ids(connection: sqlite3.Connection, query: str, pairs: Sequence[tuple[str, str]]) -> set[int]:
    ids: set[int] = set()
    for chunk in chunks(pairs):
        values = ", ".join(["(?, ?)"] * len(chunk))
        bound = [value for pair in chunk for value in pair]
        ids |= {row[0] for row in connection.execute(f"{query} (VALUES {values})", bound)}
    return ids


def kept_records(connection: sqlite3.Connection, works: Sequence[int]) -> Iterator[Kept]:
    """The records of `works`, in the order in which they were written."""
    for chunk in chunks(works):
        marks = ", ".join("?" * len(chunk))
        query = (
            "SELECT record_id, work_id, fingerprint, created_at, body, node_id"  # noqa: S608  marks only
            " FROM records LEFT JOIN match_records USING (record_id)"
            f" WHERE work_id IN ({marks}) ORDER BY record_id"
        )
        for record_id, work_id, fingerprint, created_at, body, node in connection.execute(query, chunk):
            record = msgspec.json.decode(body, type=Record)
            yield Kept(record, fingerprint, record_id, work_id, created_at, node)


# -- where it belongs --------------------------------------------------------------------------------------


def _number(connection: sqlite3.Connection, kept: Sequence[Kept]) -> dict[int, list[Kept]]:
    """A work id for every work: the oldest that its records had, else one that was merged away, else a new one."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'works'").fetchone()
    next_id = (row[0] if row else 0) + 1
    homes: dict[int, list[Kept]] = {}
    for group in sorted(_groups(connection, kept), key=_age):
        ids = sorted({one.work_id for one in group if one.work_id is not None} - homes.keys())
        ids = ids or _merged_away(connection, group)
        homes[ids[0] if ids else next_id] = group
        next_id += not ids
    return homes


def _groups(connection: sqlite3.Connection, kept: Sequence[Kept]) -> list[list[Kept]]:
    """The records, work by work: by their identifiers, by what they say, and by what people say of them."""
    by_record: dict[Record, list[Kept]] = defaultdict(list)
    for one in kept:
        by_record[one.record].append(one)
    nodes = {one.record: one.node for one in kept if one.node is not None}
    keys = {(one.source, one.source_key) for one in by_record}
    works = unite(
        clusters(by_record), links_among(connection, nodes, keys), partial(features_of_nodes, connection)
    )
    return [[one for record in group for one in by_record[record]] for group in works]


def _merged_away(connection: sqlite3.Connection, group: Sequence[Kept]) -> list[int]:
    """The ids of works that were merged and are taken apart again: whose oldest record is in `group`."""
    ids = [one.record_id for one in group if one.record_id is not None]
    query = "SELECT old_id FROM redirects WHERE record_id IN"
    found = {
        row[0]
        for chunk in chunks(ids)
        for row in connection.execute(f"{query} ({marks_for(chunk)})", chunk)  # marks only
    }
    return sorted(found)


def _age(group: Sequence[Kept]) -> tuple[float, str]:
    """Oldest first; new ones in the order of their content, so that numbering repeats."""
    oldest = min((one.record_id for one in group if one.record_id is not None), default=float("inf"))
    return oldest, min(one.fingerprint for one in group)


def _mint(connection: sqlite3.Connection, born: Iterable[int], at: str) -> None:
    """Make new works, also those that were merged away and are back."""
    connection.executemany("DELETE FROM redirects WHERE old_id = ?", [(work_id,) for work_id in sorted(born)])
    query = "INSERT INTO works (work_id, revision, created_at, updated_at) VALUES (?, 0, ?, ?)"
    connection.executemany(query, [(work_id, at, at) for work_id in sorted(born)])


def _write_records(connection: sqlite3.Connection, homes: Mapping[int, Sequence[Kept]], at: str) -> None:
    identifiers: list[tuple[str, str, int | None]] = []
    described: list[tuple[int | None, int | None]] = []
    for home, group in sorted(homes.items()):
        for one in sorted(group, key=lambda kept: kept.fingerprint):
            if one.record_id is None:
                _insert_record(connection, one, home, at)
                stated = one.record.identifiers
                described.append((one.record_id, one.node))
                identifiers += ((str(each.scheme), each.value, one.record_id) for each in stated)
            elif one.work_id != home:
                query = "UPDATE records SET work_id = ? WHERE record_id = ?"
                connection.execute(query, (home, one.record_id))
    query = "INSERT OR IGNORE INTO record_identifiers (scheme, value, record_id) VALUES (?, ?, ?)"
    connection.executemany(query, identifiers)
    keep_nodes(connection, described)


def _insert_record(connection: sqlite3.Connection, one: Kept, home: int, at: str) -> None:
    record = one.record
    cursor = connection.execute(
        "INSERT INTO records (work_id, source, source_key, fingerprint, retrieved_at, document, body,"
        " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            home, record.source, record.source_key, one.fingerprint, record.retrieved_at, record.document,
            msgspec.json.encode(record).decode(), at,
        ),
    )  # fmt: skip
    one.record_id, one.created_at = cursor.lastrowid, at


# -- what it is now ----------------------------------------------------------------------------------------


def _changed(connection: sqlite3.Connection, merged: Mapping[int, Work]) -> set[int]:
    """The works that are not what they were; their new fingerprints are kept on writing."""
    known: dict[int, str] = {}
    for chunk in chunks(sorted(merged)):
        marks = ", ".join("?" * len(chunk))
        query = f"SELECT work_id, fingerprint FROM merged WHERE work_id IN ({marks})"  # noqa: S608  marks only
        known |= dict(connection.execute(query, chunk).fetchall())
    return {home for home, work in merged.items() if known.get(home) != _fingerprint(work)}


def _fingerprint(work: Work) -> str:
    return hashlib.blake2b(msgspec.json.encode(work), digest_size=16).hexdigest()


def _clear(connection: sqlite3.Connection, works: set[int]) -> None:
    """Take away what is derived, DOIs too: they may be about to move from one work to another."""
    ids = [(work_id,) for work_id in sorted(works)]
    for table in _DERIVED:
        connection.executemany(f"DELETE FROM {table} WHERE work_id = ?", ids)  # noqa: S608  our names
    connection.executemany("DELETE FROM works_fts WHERE rowid = ?", ids)
    connection.executemany("UPDATE works SET doi = NULL WHERE work_id = ?", ids)


def _write_works(
    connection: sqlite3.Connection,
    changed: Mapping[int, Work],
    homes: Mapping[int, Sequence[Kept]],
    at: str,
) -> None:
    """Write the works whole, table by table; every one of them gets a revision of its own."""
    rows: dict[str, list[Sequence[Any]]] = {table: [] for table in _WRITES}
    revision = _revisions(connection, len(changed))
    for home, work in sorted(changed.items()):
        row = work_row(work)
        newest = {one.fingerprint: one for one in sorted(homes[home], key=lambda kept: kept.record_id or 0)}
        rows["works"].append([*(row[column] for column in WORK_COLUMNS), revision, at, home])
        rows["merged"].append((home, _fingerprint(work)))
        rows["works_fts"].append((home, *search_row(work)))
        rows["texts"] += _text_rows(home, work, newest)
        rows["text_checks"] += ((home, *row, newest[key].record_id) for row, key in check_rows(work))
        rows["claims"] += (
            (home, column, newest[key].record_id, rule) for column, key, rule in claim_rows(work, row)
        )
        rows["contributors"] += ((home, *each) for each in contributor_rows(work))
        rows["affiliations"] += ((home, position, name) for position, name in enumerate(work.affiliations))
        rows["identifiers"] += ((str(one.scheme), one.value, home) for one in work.identifiers)
        said = relation_rows(work, (one.record for one in homes[home]))
        rows["relations"] += ((home, *row, newest[key].record_id) for row, key in said)
        rows["overrides"] += (
            (home, one.field, one.value, one.by, one.why, newest[one.record].record_id, one.at)
            for one in work.overrides
        )
        revision += 1
    for table, query in _WRITES.items():
        connection.executemany(query, rows[table])


_WRITES: Final = {
    "works": (
        f"UPDATE works SET {', '.join(f'{column} = ?' for column in WORK_COLUMNS)},"  # noqa: S608  our names
        " revision = ?, updated_at = ? WHERE work_id = ?"
    ),
    "merged": "INSERT INTO merged (work_id, fingerprint) VALUES (?, ?)",
    "works_fts": "INSERT INTO works_fts (rowid, title, abstract, authors, container) VALUES (?, ?, ?, ?, ?)",
    "texts": (
        "INSERT INTO texts (work_id, field, section, language, script, text, origin, engine, model, source,"
        " score, checks, record_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    ),
    "text_checks": (
        f"INSERT INTO text_checks (work_id, {', '.join(CheckRow._fields)}, record_id)"  # noqa: S608  our names
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    ),
    "claims": "INSERT OR IGNORE INTO claims (work_id, field, record_id, rule) VALUES (?, ?, ?, ?)",
    "contributors": (
        "INSERT INTO contributors (work_id, position, role, name, family, given, name_zh, orcid,"
        " affiliations) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    ),
    "affiliations": "INSERT INTO affiliations (work_id, position, name) VALUES (?, ?, ?)",
    "identifiers": "INSERT INTO identifiers (scheme, value, work_id) VALUES (?, ?, ?)",
    "relations": (
        f"INSERT INTO relations (work_id, {', '.join(RelationRow._fields)}, record_id)"  # noqa: S608  our names
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    ),
    "overrides": (
        "INSERT INTO overrides (work_id, field, value, by_whom, why, record_id, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
    ),
}


def _revisions(connection: sqlite3.Connection, count: int) -> int:
    """The first of `count` new revision numbers."""
    last = connection.execute(
        "UPDATE counters SET value = value + ? WHERE name = 'revision' RETURNING value", (count,)
    ).fetchone()[0]
    return int(last) - count + 1


def _text_rows(home: int, work: Work, newest: Mapping[str, Kept]) -> Iterator[Sequence[Any]]:
    sayers = {claim.column: newest[claim.record] for claim in work.provenance}
    for text in text_rows(work):
        sayer = sayers[f"{text.field}_{text.language}"]
        *said, score, checks = text
        yield (home, *said, sayer.record.source, score, checks, sayer.record_id, sayer.created_at)


def _redirect(
    connection: sqlite3.Connection,
    gone: Iterable[int],
    kept: Sequence[Kept],
    homes: Mapping[int, Sequence[Kept]],
) -> None:
    """Point works that no longer exist at the work which has their oldest record."""
    home_of = {one.record_id: home for home, group in homes.items() for one in group}
    for old in sorted(gone):
        oldest = min(one.record_id or 0 for one in kept if one.work_id == old)
        target = home_of[oldest]
        connection.execute("UPDATE redirects SET work_id = ? WHERE work_id = ?", (target, old))
        connection.execute("DELETE FROM possible_matches WHERE ? IN (work_id, other_id)", (old,))
        query = "INSERT INTO redirects (old_id, work_id, record_id) VALUES (?, ?, ?)"
        connection.execute(query, (old, target, oldest))
        connection.execute("DELETE FROM works WHERE work_id = ?", (old,))
    moved = [(home_of[one.record_id], one.record_id) for one in kept if one.work_id not in {None, home_of[one.record_id]}]  # fmt: skip
    connection.executemany("UPDATE redirects SET work_id = ? WHERE record_id = ?", moved)
