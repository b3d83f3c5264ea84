"""What labelled pairs say of the weights of evidence: logistic regression near the weights in use, set by set."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Final

from benchmarks import bibliographies
from harvester.blocking import CROWD, keys
from harvester.evidence import forbidden
from harvester.features import Features
from harvester.levels import UNKNOWN
from harvester.similarity import Comparison, compare
from harvester.weights import BIAS, MATCH, WEIGHTS

Pairs = Counter[tuple[Comparison, bool]]
Weights = dict[tuple[str, str], float]
_NEARNESS: Final = 3.0  # how much the weights in use count against the pairs
_MOST: Final = 200  # pairs of one kind that one set may weigh in with
_STEPS: Final = 200
_IN_USE: Final[Weights] = {
    (name, level): weight
    for name, levels in WEIGHTS.items()
    for level, weight in levels.items()
    if level != UNKNOWN
}


def labelled(folder: Path, features: Mapping[str, Features]) -> Pairs:
    """How often each comparison occurs among the labelled pairs that keys bring together and no veto forbids."""
    found: Pairs = Counter()
    for (one, other), is_same in _labels(folder, _candidates(features)).items():
        levels = compare(features[one], features[other])
        if not forbidden(features[one], features[other], levels):
            found[levels, is_same] += 1
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


def fit(sets: Mapping[str, Pairs]) -> Weights:
    """Weights that tell the labelled pairs apart; agreement never weighs against, every set has a prior of its own."""
    rows = [row for name, pairs in sets.items() for row in _rows(name, pairs)]
    weights, priors, sizes = (
        dict(_IN_USE),
        dict.fromkeys(sets, BIAS),
        defaultdict[object, float](lambda: 1e-6),
    )
    slopes: dict[object, float] = {}

    def _step(key: object) -> float:
        return 0.4 * slopes[key] / math.sqrt(sizes[key])

    for _ in range(_STEPS):
        slopes = {key: _NEARNESS * (weights[key] - _IN_USE[key]) for key in weights}
        slopes |= {name: 4 * (priors[name] - BIAS) for name in priors}
        for name, levels, is_same, weight in rows:
            total = priors[name] + sum(weights[level] for level in levels)
            error = (1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - is_same) * weight
            for said in (name, *levels):
                slopes[said] += error
        for each, slope in slopes.items():
            sizes[each] += slope**2
        weights = {key: _bounded(key, used - _step(key)) for key, used in weights.items()}
        priors = {name: used - _step(name) for name, used in priors.items()}
    return weights


def _rows(name: str, pairs: Pairs) -> list[tuple[str, tuple[tuple[str, str], ...], bool, float]]:
    sizes = {
        is_same: sum(count for (_, each), count in pairs.items() if each is is_same)
        for is_same in (True, False)
    }
    return [
        (name, _known(levels), is_same, count * min(1.0, _MOST / sizes[is_same]))
        for (levels, is_same), count in pairs.items()
    ]


def _known(levels: Comparison) -> tuple[tuple[str, str], ...]:
    return tuple((name, level) for name, level in levels._asdict().items() if level != UNKNOWN)


def _bounded(key: tuple[str, str], weight: float) -> float:
    used = _IN_USE[key]
    return max(weight, 0.0) if used > 0 else min(weight, 0.0) if used < 0 else weight


def errors(weights: Weights, pairs: Pairs) -> tuple[int, int]:
    """(pairs of one work that would not be merged, pairs of two works that would)."""
    missed = false = 0
    for (levels, is_same), count in pairs.items():
        merges = BIAS + sum(weights[level] for level in _known(levels)) >= MATCH
        missed += count * (is_same and not merges)
        false += count * (merges and not is_same)
    return missed, false


def tell(sets: Mapping[str, Pairs]) -> None:
    """The weights in use beside the fitted ones, and the errors on every set by a fit that never saw it."""
    fitted = fit(sets)
    for name, levels in WEIGHTS.items():
        shown = (
            f"{level} {used:+.1f} ({fitted[name, level]:+.1f})"
            for level, used in levels.items()
            if level != UNKNOWN
        )
        print(f"{name:<12}" + "  ".join(shown))
    print(f"\n{'set':<30}{'pairs':>7}  missed/false: in use, fitted without this set")
    for name, pairs in sets.items():
        left_out = fit({other: each for other, each in sets.items() if other != name})
        print(
            f"{name:<30}{sum(pairs.values()):>7}  {errors(_IN_USE, pairs)}  {errors(left_out, pairs)}",
            flush=True,
        )
