"""What labelled pairs say of the weights of evidence: logistic regression near what was believed beforehand.

Records of rich bibliographies agree in so many fields that no weight is needed for titles and authors alone; a fit to them forgets
citations. So every pair is also judged as a citation would tell it: without the year, place and identifiers of one, or of both.
Evidence against never loses weight, and what is the same by way of exception (numbers, marks) has none.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from benchmarks import bibliographies
from harvester.blocking import CROWD, keys
from harvester.evidence import forbidden
from harvester.features import Features
from harvester.levels import UNKNOWN
from harvester.locus_keys import NOWHERE
from harvester.similarity import Comparison, compare
from harvester.weights import BIAS, WEIGHTS

Pairs = Counter[tuple[Comparison, bool]]
Weights = dict[tuple[str, str], float]
_NEARNESS: Final = 10.0  # how much what was believed beforehand counts against the pairs
_MOST: Final = 400  # that one copy of one set may weigh in with
_TWO_WORKS: Final = 0.25  # what a pair of two works counts, one of one work being 1: the keys bring the worst of them together
_LESS: Final = 0.25  # what a pair counts that says less than its records do
_STEPS: Final = 200
# What a librarian would say before she has seen any pair, in whole numbers: a fit that hears nothing of a level stays here.
_BEFOREHAND: Final[dict[str, dict[str, float]]] = {
    "title": {"same": 3, "near": 3, "close": 2, "main": 2, "part": 2, "word": 0.5, "same-short": 2, "heading": 1, "related": -1, "translated": 2, "foreign": 0.5, "unlike": -4},
    "dated": {"one": 1},
    "telling": {"very": 2, "much": 1},
    "numbers": {"same": 0, "one": -0.5, "differ": -3},
    "parts": {"same": 0, "one": -1, "differ": -3},
    "marks": {"same": 0, "differ": -3},
    "authors": {"many": 3, "all": 2, "single": 2, "subset": 1, "member": -0.5, "most": 2, "few": -1, "none": -3},
    "year": {"same": 1, "next": -2, "near": -2, "far": -2},
    "container": {"same": 1, "near": 0.5, "kin": 0.5, "unlike": -1},
    "volume": {"same": 0.5, "differ": -1},
    "issue": {"same": 0.5, "differ": -0.5},
    "pages": {"range": 3, "number": 3, "page": 2, "first": 0.5, "within": -0.5, "disjoint": -2},
    "abstract": {"same": 2, "like": 0.5, "unlike": -2},
    "doi": {"same": 6, "version": 2, "differ": 0},
    "other_id": {"same": 6, "differ": -5},
}  # fmt: skip
_PRIOR: Final[Weights] = {
    (name, level): weight for name, levels in _BEFOREHAND.items() for level, weight in levels.items()
}


def _without_place(one: Features) -> Features:
    """Title, authors, year and venue."""
    return replace(one, place=NOWHERE, issns=(), identifiers=(), other_ids=(), abstract=None, kind=None)


def _without_venue(one: Features) -> Features:
    """Title, authors and year."""
    return replace(_without_place(one), container=None, venue=None)


# The pair as it is, and what less complete records would have told of it.
_COPIES: Final[tuple[Callable[[Features, Features], tuple[Features, Features]], ...]] = (
    lambda one, other: (one, other),
    lambda one, other: (replace(_without_place(one), year=None), other),
    lambda one, other: (one, replace(_without_venue(other), year=None)),
    lambda one, other: (_without_place(one), _without_place(other)),
    lambda one, other: (_without_venue(one), _without_venue(other)),
)


def labelled(folder: Path, features: Mapping[str, Features]) -> tuple[Pairs, ...]:
    """How often each comparison occurs among the labelled pairs that keys bring together and no veto forbids.

    First of the records as they are, then of each copy that says less.
    """
    labels = _labels(folder, _candidates(features))
    found = tuple(Pairs() for _ in _COPIES)
    for (one, other), is_same in labels.items():
        for pairs, copied in zip(found, _COPIES, strict=True):
            ours, theirs = copied(features[one], features[other])
            if pairs is found[0] or not set(keys(ours)).isdisjoint(keys(theirs)):
                levels = compare(ours, theirs)
                if not forbidden(ours, theirs, levels):
                    pairs[levels, is_same] += 1
    return found


def _candidates(features: Mapping[str, Features]) -> set[tuple[str, str]]:
    filed = defaultdict(list)
    for one, each in features.items():
        for key in keys(each):
            filed[key].append(one)
    return {pair for ids in filed.values() if len(ids) <= CROWD for pair in combinations(sorted(ids), 2)}


def _labels(folder: Path, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], bool]:
    if (folder / "pairs.csv.gz").exists():
        rows = bibliographies.read_rows(folder / "pairs.csv.gz")
        judged = {
            (min(row["id1"], row["id2"]), max(row["id1"], row["id2"])): row["label"] == "1" for row in rows
        }
        return {pair: is_same for pair, is_same in judged.items() if pair in pairs}
    home = {row["id"]: row["cluster"] for row in bibliographies.read_rows(folder / "truth.csv.gz")}
    source = {row["id"]: row.get("source") for row in bibliographies.read_rows(folder / "records.csv.gz")}
    is_linked = folder.name == "dblp_acm"  # within one source duplicates are not labelled
    return {
        (one, other): home[one] == home[other]
        for one, other in pairs
        if one in home and other in home and not (is_linked and source[one] == source[other])
    }


def fit(sets: Mapping[str, Sequence[Pairs]]) -> Weights:
    """Weights that tell the labelled pairs of `sets` apart, near those believed beforehand."""
    rows = [
        row
        for copies in sets.values()
        for number, pairs in enumerate(copies)
        for row in _rows(pairs, _LESS if number else 1.0)
    ]
    weights, sizes = dict(_PRIOR), defaultdict[tuple[str, str], float](lambda: 1e-6)
    for _ in range(_STEPS):
        slopes = {key: _NEARNESS * (weights[key] - prior) for key, prior in _PRIOR.items()}
        for levels, is_same, count in rows:
            total = max(-30.0, min(30.0, BIAS + sum(weights[level] for level in levels)))
            error = (1 / (1 + math.exp(-total)) - is_same) * count
            for level in levels:
                slopes[level] += error
        for key, slope in slopes.items():
            sizes[key] += slope**2
            weights[key] = _bounded(key, weights[key] - 0.4 * slope / math.sqrt(sizes[key]))
    return weights


def _rows(pairs: Pairs, share: float) -> list[tuple[tuple[tuple[str, str], ...], bool, float]]:
    """Levels, label and weight of each comparison; what occurs often counts as its root, so that the rare is heard."""
    counts = {each: math.sqrt(count) for each, count in pairs.items()}
    share *= min(1.0, _MOST / sum(counts.values())) if counts else 1.0
    return [
        (_known(levels), is_same, count * share * (1.0 if is_same else _TWO_WORKS))
        for (levels, is_same), count in counts.items()
    ]


def _known(levels: Comparison) -> tuple[tuple[str, str], ...]:
    return tuple((name, level) for name, level in levels._asdict().items() if level != UNKNOWN)


def _bounded(key: tuple[str, str], weight: float) -> float:
    prior = _PRIOR[key]
    return max(weight, 0.0) if prior > 0 else min(weight, prior) if prior < 0 else 0.0


def compared_with_use(weights: Weights) -> str:
    """The weights in use, and beside each of them the one of `weights` in brackets; a line a field."""
    lines = []
    for name, levels in WEIGHTS.items():
        shown = (
            f"{level} {used:+.1f} ({weights[name, level]:+.1f})"
            for level, used in levels.items()
            if level != UNKNOWN
        )
        lines.append(f"{name:<12}" + "  ".join(shown))
    return "\n".join(lines)
