"""What content and people say of the works in the library: who else is concerned, what brings together, what may be one."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, Final

from harvester.descriptions import compared
from harvester.evidence import Decision, Verdict
from harvester.features import Features
from harvester.filing import chunks, descriptions, journal_rules, kind_of, marks_for
from harvester.match import UNIQUE
from harvester.model import Record
from harvester.uniting import RECORD, Key, Links, Pair

_MOST_WORKS: Final = 20  # of one description that are told as possible matches
# Of a description that stands for nothing (a bare "Editorial") only the first record counts.
_WORKS: Final = (
    "SELECT DISTINCT n.node_id, r.work_id FROM match_nodes AS n JOIN match_records AS m USING (node_id)"
    " JOIN records AS r USING (record_id) WHERE n.node_id IN ({marks}) AND (n.score IS NOT NULL"
    " OR m.record_id = (SELECT min(record_id) FROM match_records WHERE node_id = n.node_id))"
)


def _in(connection: sqlite3.Connection, query: str, values: Iterable[Any]) -> Iterator[Any]:
    """The rows of `query`, in which {marks} stands for `values`."""
    for chunk in chunks(sorted(values)):
        yield from connection.execute(query.replace("{marks}", marks_for(chunk)), chunk)


def works_with(connection: sqlite3.Connection, nodes: Iterable[int]) -> set[int]:
    """The works that bear any of these descriptions."""
    return {row[1] for row in _in(connection, _WORKS, nodes)}


def works_of_records(connection: sqlite3.Connection, records: Iterable[int]) -> set[int]:
    """The works that have any of these records, by their numbers."""
    query = "SELECT DISTINCT work_id FROM records WHERE record_id IN ({marks})"
    return {row[0] for row in _in(connection, query, records)}


def works_linked_to(connection: sqlite3.Connection, nodes: set[int]) -> set[int]:
    """The works whose descriptions match one of `nodes`, those that share it among them."""
    query = "SELECT other FROM match_edges WHERE kind = 'match' AND one IN ({marks})"
    others = {row[0] for row in _in(connection, query, nodes)}
    standing = "SELECT node_id FROM match_nodes WHERE score IS NOT NULL AND node_id IN ({marks})"
    return works_with(connection, others | {row[0] for row in _in(connection, standing, nodes)})


# -- what people say -----------------------------------------------------------------------------------------


def has_verdicts(connection: sqlite3.Connection) -> bool:
    """Whether people ever decided on a match."""
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM match_verdicts)").fetchone()[0])


def name_of(record_id: int) -> Key:
    """What a verdict calls a record: two works can have records with one key, but never this one."""
    return RECORD, str(record_id)


def keys_said_same(connection: sqlite3.Connection, keys: Iterable[Key]) -> set[Key]:
    """The keys and names of records of which people say that they are one work with records of these `keys` or names."""
    return {
        pair[0] if pair[1] == key else pair[1]
        for key in keys
        for pair, verdict in _verdicts_on(connection, key)
        if verdict == "same"
    }


def _verdicts_on(connection: sqlite3.Connection, key: Key) -> Iterator[tuple[Pair, str]]:
    columns = "source, source_key, other_source, other_key, verdict"
    query = (
        f"SELECT {columns} FROM match_verdicts WHERE (source, source_key) = (?, ?)"  # noqa: S608  our names
        f" UNION SELECT {columns} FROM match_verdicts WHERE (other_source, other_key) = (?, ?)"
    )
    for row in connection.execute(query, (*key, *key)):
        yield ((row[0], row[1]), (row[2], row[3])), row[4]


def verdicts_among(connection: sqlite3.Connection, keys: Iterable[Key]) -> dict[Pair, str]:
    """The verdicts on any of the records with these keys."""
    if not has_verdicts(connection):
        return {}
    return {pair: verdict for key in keys for pair, verdict in _verdicts_on(connection, key)}


# -- what brings together ------------------------------------------------------------------------------------


def links_among(
    connection: sqlite3.Connection,
    nodes: Mapping[Record, int],
    keys: Iterable[Key],
    names: Mapping[Record, Key],
) -> Links:
    """What brings the records with these descriptions, keys and names together, or keeps them apart."""
    often: dict[int, int] = defaultdict(int)
    for node in nodes.values():
        often[node] += 1
    query = (
        "SELECT one, other, score FROM match_edges WHERE kind = 'match' AND one < other AND one IN ({marks})"
    )
    matches = {(row[0], row[1]): row[2] for row in _in(connection, query, often) if row[1] in often}
    own = "SELECT node_id, score FROM match_nodes WHERE score IS NOT NULL AND node_id IN ({marks})"
    shared = [node for node, count in often.items() if count > 1]
    matches |= {(row[0], row[0]): row[1] for row in _in(connection, own, shared)}
    said = verdicts_among(connection, {*keys, *names.values()})
    same, apart = (frozenset(pair for pair, one in said.items() if one == word) for word in ("same", "apart"))
    return Links(nodes, matches, same, apart, names)


def features_of_nodes(connection: sqlite3.Connection, nodes: Iterable[int]) -> dict[int, Features]:
    """What the descriptions with these numbers say."""
    return {node: one.features for node, one in descriptions(connection, sorted(nodes)).items()}


# -- what may be one work ------------------------------------------------------------------------------------


def write_possible(connection: sqlite3.Connection, works: set[int], nodes: set[int], at: str) -> None:
    """Bring the possible matches of `works`, whose descriptions are `nodes`, up to date; what stays keeps its time."""
    wanted = _possible(connection, works, nodes)
    query = "SELECT work_id, other_id, evidence FROM possible_matches WHERE {side} IN ({marks})"
    present = {
        (row[0], row[1]): row[2]
        for side in ("work_id", "other_id")
        for row in _in(connection, query.replace("{side}", side), works)
    }
    gone = [pair for pair in present if pair not in wanted]
    connection.executemany("DELETE FROM possible_matches WHERE work_id = ? AND other_id = ?", gone)
    connection.executemany(
        "INSERT INTO possible_matches (work_id, other_id, evidence, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET evidence = excluded.evidence",
        [(*pair, told, at) for pair, told in wanted.items() if present.get(pair) != told],
    )


def _possible(connection: sqlite3.Connection, works: set[int], nodes: set[int]) -> dict[tuple[int, int], str]:
    """(work id, other work id) and the evidence as JSON."""
    query = "SELECT one, other FROM match_edges WHERE kind <> 'rejected' AND one IN ({marks})"
    edges = {(min(row[0], row[1]), max(row[0], row[1])) for row in _in(connection, query, nodes)}
    if not edges:
        return {}
    bearing: dict[int, set[int]] = defaultdict(set)
    for row in _in(connection, _WORKS, {node for edge in edges for node in edge}):
        bearing[row[0]].add(row[1])
    known = descriptions(connection, sorted(bearing))
    best: dict[tuple[int, int], Decision] = {}
    for one, other in sorted(edges):
        pairs = {
            (min(pair), max(pair))
            for pair in product(sorted(bearing[one])[:_MOST_WORKS], sorted(bearing[other])[:_MOST_WORKS])
            if pair[0] != pair[1] and not works.isdisjoint(pair)
        }
        if pairs:
            decision = compared(known[one], known[other])
            for pair in pairs:
                best[pair] = max(best.get(pair, decision), decision, key=_weight)
    return _told(connection, best)


def _weight(decision: Decision) -> tuple[float, bool, str]:
    return decision.score, decision.verdict is Verdict.LINK, repr(decision)


def _told(
    connection: sqlite3.Connection, best: Mapping[tuple[int, int], Decision]
) -> dict[tuple[int, int], str]:
    """The evidence, but for pairs that people or identifiers keep apart; two editions of a text are told all the same."""
    told = {}
    concerned = {work for pair in best for work in pair}
    unique = unique_identifiers(connection, concerned)
    keys = _keys(connection, concerned) if has_verdicts(connection) else {}
    apart = {pair for pair, word in verdicts_among(connection, {key for each in keys.values() for key in each}).items() if word == "apart"}  # fmt: skip
    for (one, other), decision in best.items():
        is_another = _differ(unique[one], unique[other])
        if (is_another and decision.verdict is not Verdict.LINK) or _are_apart(keys, one, other, apart):
            continue
        told[one, other] = evidence_json(decision)
    return told


def _differ(ours: Mapping[str, set[str]], theirs: Mapping[str, set[str]]) -> bool:
    return any(ours[scheme].isdisjoint(theirs[scheme]) for scheme in ours.keys() & theirs.keys())


def unique_identifiers(connection: sqlite3.Connection, works: set[int]) -> dict[int, dict[str, set[str]]]:
    """Of each work the values of the schemes of which a work has one each."""
    found: dict[int, dict[str, set[str]]] = {work: {} for work in works}
    query = "SELECT work_id, scheme, value FROM identifiers WHERE work_id IN ({marks})"
    for work, scheme, value in _in(connection, query, works):
        if scheme in UNIQUE:
            found[work].setdefault(scheme, set()).add(value)
    return found


def _keys(connection: sqlite3.Connection, works: set[int]) -> dict[int, set[Key]]:
    found: dict[int, set[Key]] = {work: set() for work in works}
    query = "SELECT work_id, source, source_key, record_id FROM records WHERE work_id IN ({marks})"
    for work, source, key, record in _in(connection, query, works):
        found[work] |= {(source, key), name_of(record)}
    return found


def _are_apart(keys: Mapping[int, set[Key]], one: int, other: int, apart: Iterable[Pair]) -> bool:
    return any(
        (pair[0] in keys[one] and pair[1] in keys[other]) or (pair[1] in keys[one] and pair[0] in keys[other])
        for pair in apart
    )


def evidence_json(decision: Decision) -> str:
    """The evidence as JSON: kind (possible or link), score, reasons, vetoes, doubts."""
    said = {
        "kind": "link" if decision.verdict is Verdict.LINK else "possible",
        "score": decision.score,
        "reasons": [[one.name, one.level, one.weight] for one in decision.reasons],
        "vetoes": decision.vetoes,
        "doubts": decision.doubts,
    }
    return json.dumps(said, ensure_ascii=False)


def apply_rules(connection: sqlite3.Connection) -> set[int]:
    """Bring all links in line with the rules for journals; the descriptions whose links are others now."""
    rules = journal_rules(connection)
    query = "SELECT one, other, kind FROM match_edges WHERE one < other AND kind <> 'link'"
    changed: set[int] = set()
    for chunk in chunks(connection.execute(query).fetchall()):
        known = descriptions(connection, sorted({node for row in chunk for node in row[:2]}))
        for one, other, kind in chunk:
            new = kind_of(known[one], known[other], compared(known[one], known[other]), rules)
            if new != kind:
                update = (
                    "UPDATE match_edges SET kind = ?"
                    " WHERE (one, other) IN (SELECT column1, column2 FROM (VALUES (?, ?), (?, ?)))"
                )
                connection.execute(update, (new, one, other, other, one))
                changed |= {one, other}
    return changed
