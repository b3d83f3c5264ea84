"""From decisions on pairs to works: strongest first, and never two records with a veto between them in one work.

The result depends on the set of descriptions alone: not on their order, nor on whether they came one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Final, TypeVar

from harvester.evidence import are_apart
from harvester.features import Features, signature

Id = TypeVar("Id", bound=Hashable)
LARGEST: Final = 200  # different descriptions of one work; beyond, a person must look


def group(features: Mapping[Id, Features], matches: Mapping[tuple[Id, Id], float]) -> list[frozenset[Id]]:
    """A partition of one component into works: `matches` are its pairs with verdict MATCH and their scores."""
    if len(features) == 1:
        return [frozenset(features)]
    if len(features) == 2:
        return [frozenset(features)] if matches else [frozenset([one]) for one in features]
    marks = {one: signature(each) for one, each in features.items()}
    home = {one: {one} for one in features}
    forbids = _forbids(features)
    for one, other in sorted(
        matches, key=lambda pair: (-matches[pair], *sorted((marks[pair[0]], marks[pair[1]])))
    ):
        ours, theirs = home[one], home[other]
        if (
            ours is theirs
            or len(ours) + len(theirs) > LARGEST
            or any(forbids(a, b) for a in ours for b in theirs)
        ):
            continue
        ours |= theirs
        home.update(dict.fromkeys(theirs, ours))
    return [frozenset(each) for each in {id(each): each for each in home.values()}.values()]


def _forbids(features: Mapping[Id, Features]) -> Callable[[Id, Id], bool]:
    known: dict[tuple[Id, Id], bool] = {}

    def forbids(one: Id, other: Id) -> bool:
        if (one, other) not in known:
            known[one, other] = known[other, one] = are_apart(features[one], features[other])
        return known[one, other]

    return forbids
