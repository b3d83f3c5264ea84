"""What people decide on duplicates: two works are one, stay two, or are taken apart. Decisions outlive every reload.

A decision is kept with records, not with works, so that it holds wherever these records go. Identifiers of which a work has
one each are stronger than people: correct these instead.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any, Final

from msgspec import Struct

from harvester.container_keys import container_key
from harvester.duplicates import apply_rules, name_of, unique_identifiers, verdicts_among, works_with
from harvester.errors import UsageError
from harvester.match import UNIQUE, clusters, surest
from harvester.messages import Message, message
from harvester.model import Record
from harvester.store import Library
from harvester.uniting import Key

SAME: Final = "same"
APART: Final = "apart"


class Candidate(Struct, frozen=True):
    """Two works that may be one, and the evidence in words."""

    work_id: int
    other_id: int
    kind: str
    score: float
    reasons: tuple[Message, ...]


def candidates(library: Library, *, limit: int = -1) -> Iterator[Candidate]:
    """What people should decide on, the likeliest first; texts that were published twice are not among it."""
    query = (
        "SELECT work_id, other_id, evidence FROM possible_matches WHERE json_extract(evidence, '$.kind') = 'possible'"
        " ORDER BY json_extract(evidence, '$.score') DESC, work_id, other_id LIMIT ?"
    )
    for row in library.rows(query, (limit,)):
        told = json.loads(row["evidence"])
        yield Candidate(row["work_id"], row["other_id"], told["kind"], told["score"], tuple(_reasons(told)))


def _reasons(told: dict[str, Any]) -> Iterator[Message]:
    for doubt in (*told["vetoes"], *told["doubts"]):
        yield message(f"match-doubt-{doubt}")
    for name, level, weight in told["reasons"]:
        field, how = message(f"match-field-{name}"), message(f"match-level-{level}")
        yield message("match-reason", field=(field,), level=(how,), weight=f"{weight:+.1f}")


# -- decisions -----------------------------------------------------------------------------------------------


def accept_match(library: Library, work: int, other: int, *, by: str, at: str) -> int:
    """Make two works one for good; the id that stays. Raises UsageError where identifiers or people forbid it."""
    _check_two(work, other)
    _check_identifiers(library, work, other)
    with library.writing() as connection:
        ours, theirs = (_units(library, one) for one in (work, other))
        first, *others = (*ours, *theirs)
        _unsay(connection, ours, theirs)
        _say(connection, ((first.name, unit.name) for unit in others), SAME, by=by, at=at)
        library.reconsider({work, other}, at=at)
        kept = library.current_id(work)
        if kept is None or kept != library.current_id(other):
            raise UsageError(message("match-kept-apart", work=work, other=other))
    return kept


def reject_match(library: Library, work: int, other: int, *, by: str, at: str) -> None:
    """Keep two works apart for good."""
    _check_two(work, other)
    with library.writing():
        _keep_apart(library, *(_units(library, one) for one in (work, other)), by=by, at=at)
        library.reconsider({work, other}, at=at)


def rule_for_journal(library: Library, work: int, other: int, verdict: str, *, by: str, at: str) -> str:
    """Decide alike on every possible match within the journal of two works; its name.

    A possible match that is accepted so still has to keep all vetoes; sure matches are not touched by a rule.
    """
    names = {work: _journal(library, work), other: _journal(library, other)}
    keys = {container_key(name) if name else None for name in names.values()}
    if len(keys) != 1 or None in keys:
        raise UsageError(message("match-no-journal", work=work, other=other))
    with library.writing() as connection:
        connection.execute(
            "INSERT INTO match_rules (journal, verdict, by_whom, created_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET verdict = excluded.verdict, by_whom = excluded.by_whom, created_at = excluded.created_at",
            (keys.pop(), verdict, by, at),
        )
        library.reconsider(works_with(connection, apply_rules(connection)), at=at)
    return names[work] or ""


def split(library: Library, work: int, records: Sequence[int], *, by: str, at: str) -> list[int]:
    """Take a work apart for good: the named records and what shares their identifiers from the rest, or all from all.

    The ids of the works that come of it. Raises UsageError where identifiers or keys hold the work together.
    """
    numbers = {int(row[0]): row for row in library.rows("SELECT record_id, source, source_key FROM records WHERE work_id = ?", (work,))}  # fmt: skip
    listed = ", ".join(f"{row[0]} ({row[1]} {row[2]})" for row in numbers.values())
    for one in records:
        if one not in numbers:
            raise UsageError(message("split-unknown", found=one, work=work, records=listed))
    units = _units(library, work)
    wanted = {name_of(one) for one in records}
    out = [unit for unit in units if wanted & unit.names]
    rest = [unit for unit in units if not wanted & unit.names]
    if len(units) < 2 or (records and not rest):
        raise UsageError(message("split-one", work=work, records=listed))
    sides = [out, rest] if records else [[unit] for unit in units]
    with library.writing():
        for side, other_side in combinations(sides, 2):
            _keep_apart(library, side, other_side, by=by, at=at)
        library.reconsider({work}, at=at)
        query = "SELECT DISTINCT work_id FROM records WHERE record_id IN (SELECT value FROM json_each(?)) ORDER BY 1"
        return [int(row[0]) for row in library.rows(query, (json.dumps(sorted(numbers)),))]


# -- what they are made of -----------------------------------------------------------------------------------


class Unit(Struct, frozen=True):
    """Records of a work that identifiers hold together, and what only follows them: their keys and names, and the one name
    by which a decision finds them again.
    """

    names: frozenset[Key]
    name: Key


def _units(library: Library, work: int) -> list[Unit]:
    """The units of a work, in an order of their content."""
    # A content has several numbers where a source said something else in between.
    numbers: dict[str, list[int]] = defaultdict(list)
    query = "SELECT fingerprint, record_id FROM records WHERE work_id = ? ORDER BY record_id"
    for fingerprint, number in library.rows(query, (work,)):
        numbers[fingerprint].append(number)
    records = library.records(work)
    units = sorted(
        clusters(records, library.shared_among(records)), key=lambda unit: surest(unit).fingerprint()
    )
    return [_unit(unit, numbers) for unit in units]


def _unit(records: frozenset[Record], numbers: Mapping[str, Sequence[int]]) -> Unit:
    names = {name_of(number) for one in records for number in numbers[one.fingerprint()]}
    keys = {(one.source, one.source_key) for one in records}
    return Unit(frozenset(names | keys), name_of(numbers[surest(records).fingerprint()][0]))


def _check_two(work: int, other: int) -> None:
    if work == other:
        raise UsageError(message("match-one-work", work=work, other=other))


def _check_identifiers(library: Library, work: int, other: int) -> None:
    found = unique_identifiers(library.connection, {work, other})
    for scheme in UNIQUE:
        ours, theirs = (found[one].get(scheme, set()) for one in (work, other))
        if ours and theirs and ours.isdisjoint(theirs):
            differing = ", ".join(sorted(ours | theirs))
            raise UsageError(message("match-identifiers", work=work, other=other, found=differing))


def _journal(library: Library, work: int) -> str | None:
    row = next(library.rows("SELECT container_title FROM works WHERE work_id = ?", (work,)))
    return None if row[0] is None else str(row[0])


def _keep_apart(library: Library, ours: Sequence[Unit], theirs: Sequence[Unit], *, by: str, at: str) -> None:
    with library.writing() as connection:
        _unsay(connection, ours, theirs)
        pairs = ((one.name, other.name) for one, other in product(ours, theirs))
        _say(connection, pairs, APART, by=by, at=at)


def _unsay(connection: sqlite3.Connection, ours: Sequence[Unit], theirs: Sequence[Unit]) -> None:
    """Take back what was said of any two records of the two sides."""
    mine, yours = (frozenset[Key]().union(*(unit.names for unit in side)) for side in (ours, theirs))
    connection.executemany(
        "DELETE FROM match_verdicts WHERE (source, source_key, other_source, other_key) = (?, ?, ?, ?)",
        [
            (*one, *other)
            for one, other in verdicts_among(connection, mine)
            if (one in mine and other in yours) or (one in yours and other in mine)
        ],
    )


def _say(
    connection: sqlite3.Connection, pairs: Iterable[tuple[Key, Key]], verdict: str, *, by: str, at: str
) -> None:
    rows = [(*min(pair), *max(pair), verdict, by, at) for pair in pairs if pair[0] != pair[1]]
    connection.executemany(
        "INSERT OR REPLACE INTO match_verdicts (source, source_key, other_source, other_key, verdict, by_whom, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
