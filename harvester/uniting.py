"""From clusters by identifiers to works: content and people bring clusters together, vetoes keep them apart.

A pure function of all records that are linked in any way, blind to their order. A cluster is never taken apart here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from harvester.evidence import are_apart
from harvester.features import Features
from harvester.grouping import LARGEST
from harvester.match import UNIQUE
from harvester.model import Identifier, Record
from harvester.shared_dois import NONE_SHARED, Shared

Key = tuple[str, str]  # source, source_key; or RECORD and what tells that very record
Pair = tuple[Key, Key]
RECORD: Final = "record"
_BY_A_PERSON: Final = float("inf")


class Links(Struct):
    """What brings clusters together, and what people say.

    `nodes` numbers the description of each record; `matches` has the score of two descriptions that are one work, a pair of
    one number being two records with one description. `same` and `apart` are verdicts on two records, by their `names`; those
    of earlier versions by their keys. What the DOIs that are `shared` identify is no evidence.
    """

    nodes: Mapping[Record, int]
    matches: Mapping[tuple[int, int], float]
    same: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()
    names: Mapping[Record, Key] = {}
    shared: Shared = NONE_SHARED

    @property
    def is_empty(self) -> bool:
        """Whether clusters are works."""
        return not self.matches and not self.same


class _Cluster(Struct, eq=False):
    """Records brought together so far: where they come from, what they say, what identifies them."""

    records: set[Record]
    keys: set[Key]
    nodes: set[int]
    identifiers: set[Identifier]

    def take(self, other: _Cluster) -> None:
        self.records |= other.records
        self.keys |= other.keys
        self.nodes |= other.nodes
        self.identifiers |= other.identifiers

    def is_another(self, other: _Cluster) -> bool:
        """Whether identifiers of which a work has one each say so."""
        for scheme in UNIQUE:
            ours = {one.value for one in self.identifiers if one.scheme is scheme}
            theirs = {one.value for one in other.identifiers if one.scheme is scheme}
            if ours and theirs and ours.isdisjoint(theirs):
                return True
        return False


Described = Callable[[Iterable[int]], Mapping[int, Features]]


def unite(
    clusters: Sequence[frozenset[Record]], links: Links, described: Described
) -> list[frozenset[Record]]:
    """Works out of `clusters` by identifiers; `described` gives the descriptions by their numbers."""
    if links.is_empty or len(clusters) < 2:
        return list(clusters)
    drawn = [_drawn(cluster, links) for cluster in clusters]
    edges = _edges(drawn, links)
    if not edges:
        return list(clusters)
    concerned = {place for pair in edges for place in pair}
    features = described({number for place in concerned for number in drawn[place].nodes})
    marks = {place: _mark(clusters[place]) for place in concerned}
    home = dict(enumerate(drawn))
    known: dict[tuple[int, int], bool] = {}
    for (one, other), score in sorted(edges.items(), key=lambda edge: _strength(edge, marks)):
        ours, theirs = home[one], home[other]
        if ours is theirs or _are_kept_apart(ours, theirs, score, links.apart, features, known):
            continue
        ours.take(theirs)
        for place, each in home.items():
            if each is theirs:
                home[place] = ours
    return [frozenset(each.records) for each in {id(each): each for each in home.values()}.values()]


def _mark(cluster: Iterable[Record]) -> tuple[str, str]:
    """What a cluster is ordered by; what follows another record, as a correction does, does not count, or it would move works."""
    marks = [(one.about is not None, one.fingerprint(), one.retrieved_at) for one in cluster]
    return min(marks)[1:]


def _drawn(cluster: frozenset[Record], links: Links) -> _Cluster:
    return _Cluster(
        set(cluster),
        {key for one in cluster if (key := links.shared.key(one)) is not None}
        | {links.names[one] for one in cluster if one in links.names},
        {links.nodes[one] for one in cluster if one in links.nodes},
        {each for one in cluster if one.about is None for each in links.shared.believed(one)},
    )


def _strength(
    edge: tuple[tuple[int, int], float], marks: Mapping[int, tuple[str, str]]
) -> tuple[float, list[tuple[str, str]]]:
    """People's word first, then the surest; what is equally sure goes by content, so that no order counts."""
    (one, other), score = edge
    return -score, sorted((marks[one], marks[other]))


# -- what brings together ------------------------------------------------------------------------------------


def _edges(drawn: Sequence[_Cluster], links: Links) -> dict[tuple[int, int], float]:
    """The best score of every two clusters that are linked; those whom identifiers link, however far, are left to these."""
    origin = _origins(drawn)
    found: dict[tuple[int, int], float] = {}
    by_node, by_key = _places(each.nodes for each in drawn), _places(each.keys for each in drawn)
    for (one, other), score in links.matches.items():
        for pair in _pairs(by_node.get(one, []), by_node.get(other, [])):
            if origin[pair[0]] != origin[pair[1]]:
                found[pair] = max(found.get(pair, score), score)
    for key, with_key in links.same:
        for pair in _pairs(by_key.get(key, []), by_key.get(with_key, [])):
            found[pair] = _BY_A_PERSON
    return found


def _places(held: Iterable[set[Key] | set[int]]) -> dict[Key | int, list[int]]:
    places: dict[Key | int, list[int]] = defaultdict(list)
    for place, values in enumerate(held):
        for value in values:
            places[value].append(place)
    return places


def _pairs(ones: Sequence[int], others: Sequence[int]) -> Iterator[tuple[int, int]]:
    yield from {(min(one, other), max(one, other)) for one in ones for other in others if one != other}


def _origins(drawn: Sequence[_Cluster]) -> list[int]:
    """For each cluster the first one that identifiers or keys link it to, vetoes or not."""
    home = list(range(len(drawn)))

    def top(place: int) -> int:
        while home[place] != place:
            home[place] = place = home[home[place]]
        return place

    first: dict[object, int] = {}
    for place, each in enumerate(drawn):
        for value in (*each.identifiers, *each.keys):
            home[top(place)] = top(first.setdefault(value, place))
    return [top(place) for place in range(len(drawn))]


# -- what keeps apart ----------------------------------------------------------------------------------------


def _are_kept_apart(
    ours: _Cluster,
    theirs: _Cluster,
    score: float,
    apart: frozenset[Pair],
    features: Mapping[int, Features],
    known: dict[tuple[int, int], bool],
) -> bool:
    """Whether identifiers or a person forbid it, or, where no person asks for it, any two descriptions."""
    if ours.is_another(theirs) or _are_said_apart(ours, theirs, apart):
        return True
    if score == _BY_A_PERSON:
        return False
    if len(ours.nodes | theirs.nodes) > LARGEST:
        return True
    for one in ours.nodes:
        for other in theirs.nodes:
            pair = (min(one, other), max(one, other))
            if pair not in known:
                known[pair] = one != other and are_apart(features[one], features[other])
            if known[pair]:
                return True
    return False


def _are_said_apart(ours: _Cluster, theirs: _Cluster, apart: frozenset[Pair]) -> bool:
    return any(
        (one in ours.keys and other in theirs.keys) or (one in theirs.keys and other in ours.keys)
        for one, other in apart
    )
