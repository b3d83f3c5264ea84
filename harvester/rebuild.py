"""From records to works inside the library file: find what is touched, cluster, merge, write.

Runs inside the store's transaction. A work is always written whole from all its records, so nothing here
depends on the order in which they came.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from harvester.duplicates import (
    features_of_nodes,
    has_verdicts,
    keys_said_same,
    links_among,
    name_of,
    works_linked_to,
    works_of_records,
    works_with,
    write_possible,
)
from harvester.extras import packed, unpacked, with_fingerprint
from harvester.filing import chunks, file_drafts, keep_nodes, marks_for, rows_with
from harvester.journal_rows import note_journals
from harvester.match import clusters
from harvester.merge import merge
from harvester.model import Identifier, Record, Scheme, Work
from harvester.policy import MergePolicy
from harvester.prepared import Prepared, draft_of
from harvester.rows import WorkRows, fingerprint_of, rows_of
from harvester.shared_dois import Shared, is_keyed, shared_among
from harvester.shared_rows import bearers_of, disbelieved, known_shared
from harvester.uniting import RECORD, Key, unite
from harvester.writing import changed_among, write_parts, write_works


class Kept(Struct):
    """A record as it lies in the library; the ids are None until it is written."""

    record: Record
    fingerprint: str
    record_id: int | None = None
    work_id: int | None = None
    created_at: str = ""
    node: int | None = None  # the number of its description
    prepared: Prepared | None = None  # of a new one, where that was done beforehand


class Changes(Struct, frozen=True):
    """The works that changed, those among them that are new, and how many records had to be looked at."""

    changed: set[int]
    born: set[int]
    breadth: int = 0


def rebuild(
    connection: sqlite3.Connection,
    new: Sequence[Kept],
    policy: MergePolicy,
    at: str,
    *,
    works: set[int] | None = None,
) -> Changes:
    """Write `new` records and recompute every work that they touch, and `works` besides."""
    drafts = [one.prepared.draft if one.prepared else draft_of(one.record) for one in new]
    filed = file_drafts(connection, drafts)
    for one, node in zip(new, filed.nodes, strict=True):
        one.node = node
    seeds = (works or set()) | works_with(connection, filed.bereft)
    kept, shared = _component(connection, new, seeds)
    if not kept:
        return Changes(set(), set())
    before: dict[int, set[int | None]] = defaultdict(set)
    for one in kept:
        if one.work_id is not None:
            before[one.work_id].add(one.record_id)
    homes = _number(connection, kept, shared)
    born = homes.keys() - before.keys()
    stale = {home for home, group in homes.items() if {one.record_id for one in group} != before.get(home)}
    stale |= (works or set()) & homes.keys()
    stale |= {
        home for home in homes.keys() - stale if _is_believed_otherwise(connection, home, homes[home], shared)
    }
    made = {home: _made(homes[home], policy, shared) for home in stale}
    fingerprints = {home: one.fingerprint for home, one in made.items()}
    changed = {home: made[home].rows() for home in changed_among(connection, fingerprints)}
    gone = before.keys() - homes.keys()
    note_journals(connection, [one.record for one in new])
    write_works(connection, changed, born=born, gone=gone, at=at)
    _write_records(connection, homes, at)
    write_parts(connection, changed, homes)
    _redirect(connection, gone, kept, homes)
    write_possible(connection, homes.keys() | gone, {one.node for one in kept if one.node is not None}, at)
    return Changes(set(changed), set(born), len(kept))


def _is_believed_otherwise(
    connection: sqlite3.Connection, home: int, group: Sequence[Kept], shared: Shared
) -> bool:
    """Whether a work of the same records as before bears a DOI that is no evidence, or has not got one that is again."""
    records = [one.record for one in group]
    return any(map(shared.concerns, records)) and disbelieved(connection, home) != shared.refused(records)


class _Made(Struct, frozen=True):
    """A work that was made of its records; its rows are made where the library has another one."""

    fingerprint: bytes
    work: Work | WorkRows
    records: Sequence[Record]

    def rows(self) -> WorkRows:
        work = self.work
        return work if isinstance(work, WorkRows) else rows_of(work, self.records, self.fingerprint)


def _made(group: Sequence[Kept], policy: MergePolicy, shared: Shared) -> _Made:
    """The work that the records of `group` make."""
    records = [one.record for one in group]
    if refused := shared.refused(records):
        policy = replace(policy, disbelieved=refused)
    elif len(group) == 1 and group[0].prepared is not None and (alone := group[0].prepared.alone) is not None:
        return _Made(alone.fingerprint, alone, records)
    work = merge(records, policy)
    return _Made(fingerprint_of(work), work, records)


# -- what is touched ---------------------------------------------------------------------------------------


class _Search(Struct):
    """What was found and asked for so far, and the DOIs that are known to be no evidence."""

    connection: sqlite3.Connection
    is_decided: bool
    found: list[Kept]
    shared: set[str] = field(default_factory=set)
    seen: set[object] = field(default_factory=set)
    seen_works: set[int] = field(default_factory=set)

    def widen(self, frontier: Sequence[Kept], works: set[int]) -> None:
        """Find all that is linked to `frontier` (or in `works`) by identifiers, keys, content or people, directly or not."""
        waiting = set(works)
        while frontier or waiting:
            waiting |= _linked(self, frontier)
            frontier = list(kept_records(self.connection, sorted(waiting - self.seen_works)))
            self.seen_works |= waiting
            self.found += frontier
            waiting = set()


def _component(
    connection: sqlite3.Connection, new: Sequence[Kept], works: set[int]
) -> tuple[list[Kept], Shared]:
    """`new` and all kept records linked to them (or in `works`), and the DOIs that are no evidence."""
    search = _Search(connection, has_verdicts(connection), list(new))
    search.widen(new, works)
    filed: set[int] = set()
    while True:
        shared = shared_among((one.record for one in search.found), search.shared)
        search.shared |= shared.owners.keys()
        moved, bereft = _filed_again(connection, search.found, shared, filed)
        if not moved and not bereft:
            return search.found, shared
        search.widen(moved, works_with(connection, bereft))


def _filed_again(
    connection: sqlite3.Connection, found: Sequence[Kept], shared: Shared, filed: set[int]
) -> tuple[list[Kept], set[int]]:
    """File what records say without DOIs that are no evidence: those with another description now, and those bereft of a link.

    Of all that state such a DOI both descriptions are filed, believed or not: what is filed depends on no order.
    """
    concerned = [one for one in found if id(one) not in filed and shared.concerns(one.record)]
    if not concerned:
        return [], set()
    filed.update(map(id, concerned))
    drafts = [draft_of(one.record) for one in concerned]
    bare = [draft_of(shared.stripped(one.record)) for one in concerned]
    done = file_drafts(connection, [*drafts, *bare])
    moved = []
    for place, one in enumerate(concerned):
        is_believed = shared.bare(one.record) is one.record
        node = done.nodes[place if is_believed else place + len(concerned)]
        if node != one.node:
            one.node = node
            moved.append(one)
    keep_nodes(connection, ((one.record_id, one.node) for one in moved if one.record_id is not None))
    return moved, done.bereft


def _linked(search: _Search, kept: Sequence[Kept]) -> set[int]:
    """The works that are linked to `kept` by what was not yet seen."""
    connection, seen = search.connection, search.seen
    records = [one.record for one in kept]
    dois = {each.value for one in records for each in one.identifiers if each.scheme is Scheme.DOI} - seen
    search.shared |= known_shared(connection, {str(doi) for doi in dois})
    shared = Shared(dict.fromkeys(search.shared, ()))
    keys = {key for one in records if (key := shared.key(one))} | {one.about for one in records if one.about}
    said: set[Key] = set()
    if search.is_decided:
        named = {name_of(one.record_id) for one in kept if one.record_id is not None}
        said = keys_said_same(connection, {(one.source, one.source_key) for one in records} | keys | named)
    keys |= {one for one in said if one[0] != RECORD}
    identifiers = {(str(each.scheme), each.value) for one in kept for each in _telling(one, shared)} - seen
    nodes = {one.node for one in kept if one.node is not None} - seen
    works = _work_ids(connection, _BY_KEY, sorted(keys - seen))
    works |= _work_ids(connection, _BY_IDENTIFIER, sorted(identifiers))
    works |= {work for _, work in bearers_of(connection, sorted(search.shared.intersection(dois)))}
    works |= works_linked_to(connection, nodes)
    works |= works_of_records(connection, {int(number) for word, number in said if word == RECORD})
    seen |= keys | identifiers | nodes | dois
    return works


def _telling(one: Kept, shared: Shared) -> Iterator[Identifier]:
    """The identifiers of a record that lead to all others which state them.

    A DOI that is no evidence does where a service says something new of it: others may agree with that.
    """
    for each in one.record.identifiers:
        is_shared = each.scheme is Scheme.DOI and each.value in shared.owners
        if not is_shared or (one.record_id is None and is_keyed(one.record, each.value)):
            yield each


_BY_KEY: Final = "SELECT DISTINCT work_id FROM records WHERE (source, source_key) IN"
_BY_IDENTIFIER: Final = (
    "SELECT DISTINCT records.work_id FROM record_identifiers JOIN records USING (record_id)"
    " WHERE (scheme, value) IN"
)


def _work_ids(connection: sqlite3.Connection, query: str, pairs: Sequence[tuple[str, str]]) -> set[int]:
    return {row[0] for row in rows_with(connection, query, pairs)}


def kept_records(
    connection: sqlite3.Connection, works: Sequence[int], *, is_whole: bool = False
) -> Iterator[Kept]:
    """The records of `works`, in the order in which they were written; with all of their `extra` where they shall be whole."""
    column = "extra" if is_whole else "NULL"
    for chunk in chunks(works):
        marks = ", ".join("?" * len(chunk))
        query = (
            f"SELECT record_id, work_id, fingerprint, created_at, body, node_id, {column}"  # noqa: S608  our names
            " FROM records LEFT JOIN match_records USING (record_id)"
            f" WHERE work_id IN ({marks}) ORDER BY record_id"
        )
        for record_id, work_id, fingerprint, created_at, body, node, extra in connection.execute(
            query, chunk
        ):
            record = _DECODER.decode(body)
            if extra is not None:
                record = replace(record, extra=_whole(record_id, body, extra))
            with_fingerprint(record, fingerprint)
            yield Kept(record, fingerprint, record_id, work_id, created_at, node)


_DECODER: Final = msgspec.json.Decoder(Record)


def _whole(record_id: int, body: str, extra: bytes) -> str:
    try:
        return unpacked(body, extra)
    except ValueError as error:
        raise sqlite3.DatabaseError(f"malformed: extra of record {record_id}: {error}") from error


# -- where it belongs --------------------------------------------------------------------------------------


def _number(connection: sqlite3.Connection, kept: Sequence[Kept], shared: Shared) -> dict[int, list[Kept]]:
    """A work id for every work: the oldest that its records had, else one that was merged away, else a new one."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'works'").fetchone()
    next_id = (row[0] if row else 0) + 1
    homes: dict[int, list[Kept]] = {}
    for group in sorted(_groups(connection, kept, shared), key=_age):
        ids = sorted({one.work_id for one in group if one.work_id is not None} - homes.keys())
        ids = ids or _merged_away(connection, group)
        homes[ids[0] if ids else next_id] = group
        next_id += not ids
    return homes


def _groups(connection: sqlite3.Connection, kept: Sequence[Kept], shared: Shared) -> list[list[Kept]]:
    """The records, work by work: by their identifiers, by what they say, and by what people say of them."""
    by_record: dict[Record, list[Kept]] = defaultdict(list)
    for one in kept:
        by_record[one.record].append(one)
    nodes = {one.record: one.node for one in kept if one.node is not None}
    names = _names(kept) if has_verdicts(connection) else {}
    keys = {(one.source, one.source_key) for one in by_record}
    links = replace(links_among(connection, nodes, keys, names), shared=shared)
    works = unite(clusters(by_record, shared), links, partial(features_of_nodes, connection))
    return [[one for record in group for one in by_record[record]] for group in works]


def _names(kept: Sequence[Kept]) -> dict[Record, Key]:
    """What verdicts call the records; of a new one, which has no number, nobody can have said anything."""
    return {one.record: name_of(one.record_id) for one in kept if one.record_id is not None}


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


def _write_records(connection: sqlite3.Connection, homes: Mapping[int, Sequence[Kept]], at: str) -> None:
    """Write the new ones, work by work in the order of their content, and move those whose work is another one now."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'records'").fetchone()
    last = row[0] if row else 0
    new: list[Kept] = []
    moved: list[tuple[int, int]] = []
    for home, group in sorted(homes.items()):
        for one in sorted(group, key=lambda kept: kept.fingerprint):
            if one.record_id is None:
                one.record_id, one.work_id, one.created_at = last + len(new) + 1, home, at
                new.append(one)
            elif one.work_id != home:
                moved.append((home, one.record_id))
    connection.executemany(
        "INSERT INTO records (record_id, work_id, source, source_key, fingerprint, retrieved_at, document, body,"
        " extra, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        map(_record_row, new),
    )
    connection.executemany("UPDATE records SET work_id = ? WHERE record_id = ?", moved)
    connection.executemany(
        "INSERT OR IGNORE INTO record_identifiers (scheme, value, record_id) VALUES (?, ?, ?)",
        [(str(each.scheme), each.value, one.record_id) for one in new for each in one.record.identifiers],
    )
    keep_nodes(connection, ((one.record_id, one.node) for one in new))


def _record_row(one: Kept) -> Sequence[Any]:
    record = one.record
    kept = one.prepared or packed(record)
    return (
        one.record_id, one.work_id, record.source, record.source_key, one.fingerprint, record.retrieved_at,
        record.document, kept.body, kept.extra, one.created_at,
    )  # fmt: skip


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
