"""What records say, filed in the library: descriptions under keys, and links between those that are not plainly different.

Two descriptions are compared once, when the later one is filed and a key brings them together. A key that more than CROWD
descriptions share is dead, and so are the links that no other key upholds; so the links are a function of the descriptions
alone, whatever the order in which they came.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from harvester.blocking import CROWD
from harvester.descriptions import (
    MATCHING,
    Description,
    are_apart,
    compared,
    decode,
    numbered_keys,
    outline,
    own_score,
)
from harvester.evidence import Decision, Verdict, is_out_of_reach
from harvester.model import Record
from harvester.prepared import Draft, draft_of

_CHUNK: Final = 400
_MET_AT_ONCE: Final = 1500  # pairs; each holds some kilobytes
_KEYS: Final = ("match_keys", "match_keys_new")  # the older ones first
_MANY_NEW: Final = 200_000  # keys
_COUNTED_EVERY: Final = 1000  # descriptions
_ALL_AT_ONCE: Final = 1000  # records read again at a time
REJECTED: Final = "rejected"
_KINDS: Final = {Verdict.MATCH: "match", Verdict.LINK: "link", Verdict.POSSIBLE: "possible"}


class Filed(Struct, frozen=True):
    """The description of each record by number (None: it has none), and the descriptions that lost a link."""

    nodes: Sequence[int | None]
    bereft: set[int]


def chunks(items: Sequence[Any], size: int = _CHUNK) -> Iterator[Sequence[Any]]:
    """`items` in pieces that fit into the bound values of a query, or of another `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def marks_for(chunk: Sequence[Any]) -> str:
    """As many question marks as there are values."""
    return ", ".join("?" * len(chunk))


def rows_with(connection: sqlite3.Connection, query: str, pairs: Sequence[tuple[str, str]]) -> Iterator[Any]:
    """The rows of a `query` that ends in "(one, other) IN", for `pairs`."""
    for chunk in chunks(pairs):
        # A bare VALUES after IN would make SQLite read the table from end to end.
        values = f"SELECT column1, column2 FROM (VALUES {', '.join(['(?, ?)'] * len(chunk))})"  # noqa: S608  marks only
        yield from connection.execute(f"{query} ({values})", [value for pair in chunk for value in pair])


def file_drafts(connection: sqlite3.Connection, said: Sequence[Draft | None]) -> Filed:
    """File what records say; equal descriptions are filed once."""
    drafts = {one.mark: one for one in said if one is not None}
    known = _known(connection, sorted(drafts))
    last = connection.execute("SELECT coalesce(max(node_id), 0) FROM match_nodes").fetchone()[0]
    new = sorted(drafts.keys() - known.keys())
    if new and not last and not connection.execute("SELECT EXISTS (SELECT 1 FROM works)").fetchone()[0]:
        note_matching(connection)
    fresh = {last + number: drafts[mark] for number, mark in enumerate(new, start=1)}
    known |= {draft.mark: node for node, draft in fresh.items()}
    return Filed([None if one is None else known[one.mark] for one in said], _file(connection, fresh))


def _known(connection: sqlite3.Connection, marks: Sequence[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for chunk in chunks(marks):
        query = f"SELECT mark, node_id FROM match_nodes WHERE mark IN ({marks_for(chunk)})"  # noqa: S608  marks only
        found |= dict(connection.execute(query, chunk).fetchall())
    return found


def _file(connection: sqlite3.Connection, fresh: Mapping[int, Draft]) -> set[int]:
    """Write new descriptions, their keys and their links; the descriptions that lost a link."""
    connection.executemany(
        "INSERT INTO match_nodes (node_id, mark, score, body) VALUES (?, ?, ?, ?)",
        [(node, one.mark, one.score, one.body) for node, one in fresh.items()],
    )
    joining: dict[int, list[int]] = defaultdict(list)
    for node, one in fresh.items():
        for key in one.keys:
            joining[key].append(node)
    pairs, crowds = _file_keys(connection, joining)
    if fresh and min(fresh) // _COUNTED_EVERY != (max(fresh) + 1) // _COUNTED_EVERY:
        _sort_in(connection)
    _link(connection, {node: one.body for node, one in fresh.items()}, pairs)
    return {node for crowd in crowds for node in _forget(connection, crowd)}


def _file_keys(
    connection: sqlite3.Connection, joining: Mapping[int, Sequence[int]]
) -> tuple[set[tuple[int, int]], list[list[int]]]:
    """File descriptions under keys: the pairs that meet, and the companies that have become crowds by it."""
    pairs: set[tuple[int, int]] = set()
    crowds: list[list[int]] = []
    rows: list[tuple[int, int]] = []
    filed = _filed_under(connection, sorted(joining))
    for key, ones in joining.items():
        before = filed.get(key, [])
        if not before and len(ones) == 1:  # as most keys
            rows.append((key, ones[0]))
            continue
        if len(before) > CROWD:
            continue
        everyone = [*before, *ones]
        rows += ((key, node) for node in everyone[len(before) : CROWD + 1])
        if len(everyone) > CROWD:
            crowds.append(before)
            continue
        for place in range(len(before), len(everyone)):
            pairs.update((other, everyone[place]) for other in everyone[:place])
    connection.executemany("INSERT INTO match_keys_new (key, node_id) VALUES (?, ?)", sorted(rows))
    return pairs, crowds


def _sort_in(connection: sqlite3.Connection) -> None:
    """Move the new keys to the others once they are many.

    Keys are hashes: each lies on a page of its own of a large table, and each page would be written for it. OR IGNORE, as
    SQLite else keeps every page as it was until the statement has succeeded.
    """
    if connection.execute("SELECT count(*) FROM match_keys_new").fetchone()[0] > _MANY_NEW:
        connection.execute(
            "INSERT OR IGNORE INTO match_keys SELECT key, node_id FROM match_keys_new ORDER BY key, node_id"
        )
        connection.execute("DELETE FROM match_keys_new")


def _filed_under(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, list[int]]:
    """The descriptions under each of `keys`, oldest first; there are CROWD + 1 of them at most."""
    found: dict[int, list[int]] = {}
    for chunk in chunks(keys):
        for table in _KEYS:
            query = f"SELECT key, node_id FROM {table} WHERE key IN ({marks_for(chunk)})"  # noqa: S608  our names, marks only
            for key, node in connection.execute(query, chunk):
                found.setdefault(key, []).append(node)
    return found


def _link(
    connection: sqlite3.Connection, fresh: Mapping[int, bytes], pairs: Collection[tuple[int, int]]
) -> None:
    """Keep a link for each pair of which the two are not plainly different; a newer description is the second of its pairs."""
    rules = journal_rules(connection)
    rows: list[tuple[int, int, str, float]] = []
    for some in chunks(sorted(pairs, key=lambda pair: pair[::-1]), _MET_AT_ONCE):
        met = {node for pair in some for node in pair}
        bodies = _bodies(connection, sorted(met - fresh.keys()))
        bodies |= {node: fresh[node] for node in met & fresh.keys()}
        outlines = {node: outline(body) for node, body in bodies.items()}
        alike = [pair for pair in some if not are_apart(outlines[pair[0]], outlines[pair[1]])]
        known = {node: decode(bodies[node]) for node in {node for pair in alike for node in pair}}
        for one, other in alike:
            if is_out_of_reach(known[one].features, known[other].features):
                continue
            decision = compared(known[one], known[other])
            if decision.verdict is not Verdict.DIFFERENT:
                kind = kind_of(known[one], known[other], decision, rules)
                rows += ((one, other, kind, decision.score), (other, one, kind, decision.score))
    query = "INSERT INTO match_edges (one, other, kind, score) VALUES (?, ?, ?, ?)"
    connection.executemany(query, sorted(rows))


def kind_of(one: Description, other: Description, decision: Decision, rules: Mapping[str, str]) -> str:
    """What a link is; a possible match goes by the rule for its journal, where there is one."""
    stand = own_score(one) is not None and own_score(other) is not None
    kind = _KINDS[decision.verdict] if stand or decision.verdict is not Verdict.MATCH else "possible"
    journal = one.features.container
    if (
        kind == "possible"
        and journal is not None
        and journal == other.features.container
        and journal in rules
    ):
        return REJECTED if rules[journal] == "apart" else "match" if stand and not decision.vetoes else kind
    return kind


def _forget(connection: sqlite3.Connection, crowd: Sequence[int]) -> Iterator[int]:
    """Drop the links inside a company that has become a crowd, where no other key upholds them."""
    marks = marks_for(crowd)
    query = (
        f"SELECT one, other FROM match_edges WHERE one IN ({marks}) AND other IN ({marks}) AND one < other"  # noqa: S608  marks only
    )
    linked = connection.execute(query, [*crowd, *crowd]).fetchall()
    known = descriptions(connection, sorted({node for pair in linked for node in pair[:2]}))
    for one, other in linked:
        if not _meet(connection, known[one], known[other]):
            connection.execute(
                "DELETE FROM match_edges WHERE (one, other) IN (SELECT column1, column2 FROM (VALUES (?, ?), (?, ?)))",
                (one, other, other, one),
            )
            yield from (one, other)


def _meet(connection: sqlite3.Connection, one: Description, other: Description) -> bool:
    query = "SELECT count(*) FROM (SELECT 1 FROM match_keys WHERE key = ?1 UNION ALL SELECT 1 FROM match_keys_new WHERE key = ?1 LIMIT ?2)"
    common = set(numbered_keys(one)) & set(numbered_keys(other))
    return any(connection.execute(query, (key, CROWD + 1)).fetchone()[0] <= CROWD for key in common)


def descriptions(connection: sqlite3.Connection, nodes: Sequence[int]) -> dict[int, Description]:
    """Descriptions by their numbers."""
    return {node: decode(body) for node, body in _bodies(connection, nodes).items()}


def _bodies(connection: sqlite3.Connection, nodes: Sequence[int]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for chunk in chunks(nodes):
        query = f"SELECT node_id, body FROM match_nodes WHERE node_id IN ({marks_for(chunk)})"  # noqa: S608  marks only
        found.update(connection.execute(query, chunk))
    return found


def journal_rules(connection: sqlite3.Connection) -> dict[str, str]:
    """What people say of possible matches within a journal: "same" or "apart", by the journal's key."""
    return {row[0]: row[1] for row in connection.execute("SELECT journal, verdict FROM match_rules")}


def note_matching(connection: sqlite3.Connection) -> None:
    """Note that every work is made of what this version's rules bring together: no remerge is due."""
    connection.execute("DELETE FROM counters WHERE name = 'remerge_due'")
    connection.execute("INSERT OR REPLACE INTO counters VALUES ('matching', ?)", (MATCHING,))


def is_remerge_due(connection: sqlite3.Connection) -> bool:
    """Whether a migration asks for a remerge, or works were made by other rules or weights than this version's."""
    query = (
        "SELECT EXISTS (SELECT 1 FROM counters WHERE name = 'remerge_due') OR EXISTS (SELECT 1 FROM match_nodes)"
        " AND NOT EXISTS (SELECT 1 FROM counters WHERE name = 'matching' AND value = ?)"
    )
    return bool(connection.execute(query, (MATCHING,)).fetchone()[0])


def is_filed(connection: sqlite3.Connection) -> bool:
    """Whether every record was filed by this version's rules, as far as the library tells: no migration and no rule asks for more."""
    query = (
        "SELECT EXISTS (SELECT 1 FROM counters WHERE name = 'matching' AND value = ?)"
        " AND NOT EXISTS (SELECT 1 FROM counters WHERE name = 'remerge_due')"
    )
    return bool(connection.execute(query, (MATCHING,)).fetchone()[0])


def file_all_again(connection: sqlite3.Connection) -> None:
    """Forget all descriptions and file every record of the library anew: the comparison may have changed."""
    for table in ("match_records", "match_edges", *_KEYS, "match_nodes"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608  our names
    last = 0
    query = "SELECT record_id, body FROM records WHERE record_id > ? ORDER BY record_id LIMIT ?"
    while rows := connection.execute(query, (last, _ALL_AT_ONCE)).fetchall():
        filed = file_drafts(connection, [draft_of(msgspec.json.decode(row[1], type=Record)) for row in rows])
        keep_nodes(connection, zip((row[0] for row in rows), filed.nodes, strict=True))
        last = rows[-1][0]


def keep_nodes(connection: sqlite3.Connection, said: Iterable[tuple[int | None, int | None]]) -> None:
    """Note which description each record (by its id) has."""
    query = "INSERT OR REPLACE INTO match_records (record_id, node_id) VALUES (?, ?)"
    connection.executemany(query, [(record, node) for record, node in said if node is not None])
