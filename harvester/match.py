"""Which records speak of the same work: clusters by shared identifiers, with a veto.

Deterministic and blind to order: the strongest scheme brings records together first, and no weaker one
may bring two different DOIs (PMIDs, PMCIDs) into one work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from harvester.model import Identifier, Record, Scheme

# A work has one of each: a second value means a second work, whatever else agrees.
UNIQUE: Final = (Scheme.DOI, Scheme.PMID, Scheme.PMCID)


class _Cluster:
    """Records brought together so far, and their unique identifiers."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records
        self.identifiers = {one for record in records for one in record.identifiers}

    def forbids(self, other: _Cluster, by: Scheme | None) -> bool:
        """Whether a scheme stronger than `by` says that these are two works."""
        stronger = UNIQUE[: UNIQUE.index(by)] if by in UNIQUE else UNIQUE
        return any(self._values(scheme).isdisjoint(theirs) and self._values(scheme)
                   for scheme in stronger if (theirs := other._values(scheme)))  # fmt: skip

    def _values(self, scheme: Scheme) -> set[str]:
        return {one.value for one in self.identifiers if one.scheme is scheme}

    def take(self, other: _Cluster) -> None:
        self.records += other.records
        self.identifiers |= other.identifiers


def clusters(records: Iterable[Record]) -> tuple[frozenset[Record], ...]:
    """A partition of `records` into works, in a stable order.

    DOI, PMID, PMCID, arXiv and the sources' own ids bring works together, in that order; so do records of
    one source with one key. Records about another record go where that one is.
    """
    ordered = sorted(set(records), key=lambda one: (one.fingerprint(), one.retrieved_at))
    home: dict[Record, _Cluster] = {record: _Cluster([record]) for record in ordered}
    for scheme, groups in _groups(ordered):
        for _, group in sorted(groups.items()):
            _bring_together([home[record] for record in group], scheme, home)
    _follow(ordered, home)
    found = {id(cluster): cluster for cluster in home.values()}
    return tuple(frozenset(cluster.records) for cluster in found.values())


def _groups(records: list[Record]) -> Iterable[tuple[Scheme | None, dict[str, list[Record]]]]:
    by_key: dict[str, list[Record]] = defaultdict(list)
    by_scheme: dict[Scheme, dict[str, list[Record]]] = {scheme: defaultdict(list) for scheme in Scheme}
    for record in records:
        by_key[f"{record.source}\t{record.source_key}"].append(record)
        for one in record.identifiers:
            by_scheme[one.scheme][one.value].append(record)
    yield from ((scheme, by_scheme[scheme]) for scheme in Scheme)
    yield None, by_key


def _follow(records: list[Record], home: dict[Record, _Cluster]) -> None:
    """Bring what is about a record to that record, the first of its key where there are several."""
    first: dict[tuple[str, str], Record] = {}
    for record in records:
        first.setdefault((record.source, record.source_key), record)
    for record in records:
        if record.about in first:
            _bring_together([home[first[record.about]], home[record]], None, home)


def _bring_together(group: list[_Cluster], scheme: Scheme | None, home: dict[Record, _Cluster]) -> None:
    kept: list[_Cluster] = []
    for cluster in group:
        if any(cluster is one for one in kept):
            continue
        friend = next((one for one in kept if not one.forbids(cluster, scheme)), None)
        if friend is None:
            kept.append(cluster)
            continue
        for record in cluster.records:
            home[record] = friend
        friend.take(cluster)


def identified_by(record: Record, records: Iterable[Record]) -> tuple[Identifier, ...]:
    """What tells `record`, one of the `records` of a work, from records of another work with the same key.

    Two works can have such records (line 3 of a list was another work last week), and then what follows a record by its key
    alone does not say which of the two is meant.
    """
    unit = next(unit for unit in clusters(records) if record in unit)
    return tuple(sorted({each for one in unit for each in one.identifiers if each.scheme in UNIQUE}))
