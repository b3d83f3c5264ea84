"""Which records speak of the same work: clusters by shared identifiers, with a veto.

Deterministic and blind to order: the strongest scheme brings records together first, and no weaker one
may bring two different DOIs (PMIDs, PMCIDs) into one work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from harvester.model import Identifier, Record, Scheme
from harvester.policy import CURATOR
from harvester.shared_dois import Shared, shared_among

# A work has one of each: a second value means a second work, whatever else agrees.
UNIQUE: Final = (Scheme.DOI, Scheme.PMID, Scheme.PMCID)
# What these say is about what others say.
FOLLOWING: Final = frozenset({CURATOR, "translation"})


class _Cluster:
    """Records brought together so far, and their unique identifiers."""

    def __init__(self, record: Record, identifiers: tuple[Identifier, ...]) -> None:
        self.records = [record]
        self.identifiers = set(identifiers)

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


def clusters(records: Iterable[Record], shared: Shared | None = None) -> tuple[frozenset[Record], ...]:
    """A partition of `records` into works, in a stable order.

    DOI, PMID, PMCID, arXiv and the sources' own ids bring works together, in that order; so do records of
    one source with one key. Records about another record go where that one is, and bring nothing together. `shared` are
    the DOIs that are no evidence; None: those of which the records themselves make that evident.
    """
    ordered = sorted(set(records), key=lambda one: (one.fingerprint(), one.retrieved_at))
    if shared is None:
        shared = shared_among(ordered)
    anchors = anchors_of(ordered)
    own = [one for one in ordered if one not in anchors] if anchors else ordered
    home = {record: _Cluster(record, shared.believed(record)) for record in own}
    for scheme, groups in _groups(own, shared):
        for _, group in sorted(groups.items()):
            _bring_together([home[record] for record in group], scheme, home)
    for record, anchor in anchors.items():
        home[anchor].records.append(record)
    found = {id(cluster): cluster for cluster in home.values()}
    return tuple(frozenset(cluster.records) for cluster in found.values())


def _groups(records: list[Record], shared: Shared) -> Iterable[tuple[Scheme | None, dict[str, list[Record]]]]:
    by_key: dict[str, list[Record]] = defaultdict(list)
    by_scheme: dict[Scheme, dict[str, list[Record]]] = {scheme: defaultdict(list) for scheme in Scheme}
    for record in records:
        if (key := shared.key(record)) is not None:
            by_key["\t".join(key)].append(record)
        for one in shared.believed(record):
            by_scheme[one.scheme][one.value].append(record)
    yield from ((scheme, by_scheme[scheme]) for scheme in Scheme)
    yield None, by_key


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


def surest(records: Iterable[Record]) -> Record:
    """The record of a work on which a decision best hangs: the last to become another work than the rest.

    That is what a source says of a work with a DOI (PMID, PMCID), and first of those what was said first.
    """
    return min(records, key=_instability)


def _instability(one: Record) -> tuple[bool, tuple[bool, ...], str, str]:
    schemes = {each.scheme for each in one.identifiers}
    lacks = tuple(scheme not in schemes for scheme in UNIQUE)
    return one.about is not None or one.source in FOLLOWING, lacks, one.retrieved_at, one.fingerprint()


# -- what follows a record ---------------------------------------------------------------------------------


def anchors_of(records: Iterable[Record]) -> dict[Record, Record]:
    """Of every record that is about another one of `records`, the record that it hangs on in the end.

    A translation of a correction hangs on what was corrected. What is about a record that is not there, or about itself by a
    detour, stands for itself and is left out.
    """
    some = list(records)
    followers = [one for one in some if one.about is not None]
    if not followers:
        return {}
    by_key: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for one in some:
        by_key[one.source, one.source_key].append(one)
    meant = {one: found for one in followers if (found := _meant(one, by_key.get(one.about or ("", ""), [])))}
    ends = {one: _end(one, meant) for one in meant}
    return {one: end for one, end in ends.items() if end not in meant}


def _meant(follower: Record, candidates: Sequence[Record]) -> Record | None:
    """The record that `follower` is about, of those with its key; None where there is none.

    What an earlier version wrote names the key alone, and identifiers where that was not enough.
    """
    named = (one for one in candidates if one.fingerprint() == follower.about_record)
    return next(named, None) or min(candidates, key=lambda one: _strangeness(one, follower), default=None)


def _strangeness(one: Record, follower: Record) -> tuple[int, int]:
    """How little the identifiers of one record are those of what follows: the lowest is the likeliest."""
    ours, theirs = (
        {each for each in record.identifiers if each.scheme in UNIQUE} for record in (one, follower)
    )
    both = {each.scheme for each in ours} & {each.scheme for each in theirs}
    shared = {each.scheme for each in ours & theirs}
    return len(both - shared), -len(shared)


def _end(one: Record, meant: Mapping[Record, Record]) -> Record:
    """Where the way from record to record ends; a record on it where it goes in a circle."""
    seen = {one}
    while (after := meant.get(one)) is not None and after not in seen:
        seen.add(after)
        one = after
    return one
