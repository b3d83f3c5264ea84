"""Weights of `harvester.alignment`, fitted on labelled cases, and what they are worth on cases held out.

usage: python -m benchmarks.fit_alignment CASES.jsonl.gz [DICTIONARY]

The model is a conditional random field over whole alignments: the likelihood of the true one among all is made
as large as it goes, with a small penalty on large weights. Variants of one text are never in two folds. DICTIONARY
is no: without, else the installed one.
"""

from __future__ import annotations

import gzip
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any, Final

from harvester.alignment import Finder, align
from harvester.bead_scores import Scores
from harvester.beads import Bead, Features
from harvester.dictionary import installed
from harvester.lexicon import Lexicon

FOLDS: Final = 5
ROUNDS: Final = 30
_PENALTY: Final = 0.02
_LOWEST: Final = -1e9
_LARGEST: Final = 6  # passages of cases to fit on: sections; lists of sentences cost ten times as much

Vector = list[float]
Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """One case with all of its beads: places before and after, features, and which of them are true."""

    case: Case
    ways: list[tuple[int, int]]  # of each bead: the places before and after it, numbered in order
    features: list[Features]
    truth: Vector  # the sum of the true beads' features

    @property
    def text(self) -> str:
        """Which text it is a variant of."""
        return text_of(self.case)


def text_of(case: Case) -> str:
    """What the variants of one text share."""
    return str(case["id"]).split("#", maxsplit=1)[0]


def sample(case: Case, lexicon: Lexicon | None) -> Sample:
    """A case made ready."""
    finder = Finder(case["en"], case["zh"], lexicon)
    beads = sorted(
        Bead(en, sizes[0], zh, sizes[1])
        for en in range(len(finder.bands))
        for sizes, starts in finder.steps(en)
        for zh in starts
    )
    ends = [((bead.en, bead.zh), (bead.en + bead.en_size, bead.zh + bead.zh_size)) for bead in beads]
    number = {place: at for at, place in enumerate(sorted({place for end in ends for place in end}))}
    features = features_of(finder, beads)
    true = set(true_beads(case))
    told = [known for bead, known in zip(beads, features, strict=True) if bead in true]
    ways = [(number[start], number[end]) for start, end in ends]
    return Sample(case, ways, features, [math.fsum(column) for column in zip(*told, strict=True)])


def features_of(finder: Finder, beads: Sequence[Bead]) -> list[Features]:
    """The features of each bead: its scores where one weight alone is 1."""
    longest = max(map(max, finder.shapes))
    count = len(Features._fields)
    units = [Features(*(float(at == one) for at in range(count))) for one in range(count)]
    tables = [Scores(finder.evidence, unit, finder.bands, longest) for unit in units]
    return [
        Features(*(table.row(en, (en_size, zh_size), range(zh, zh + 1))[0] for table in tables))
        for en, en_size, zh, zh_size in beads
    ]


def true_beads(case: Case) -> list[Bead]:
    """The beads that the links of a case are; what is linked to nothing comes as soon as it may."""
    links = {tuple(link) for link in case["links"]}
    beads, en, zh = [], 0, 0
    while en < len(case["en"]) or zh < len(case["zh"]):
        mine = {at for at, _ in links if (at, zh) in links}
        other = {at for _, at in links if (en, at) in links}
        if not other and en < len(case["en"]):
            size = (1, 0)
        elif not mine and zh < len(case["zh"]):
            size = (0, 1)
        else:
            size = (len(mine), len(other))
        beads.append(Bead(en, size[0], zh, size[1]))
        en, zh = en + size[0], zh + size[1]
    return beads


# -- the likelihood ------------------------------------------------------------------------------------------


def loss(samples: Sequence[Sample], weights: Vector) -> tuple[float, Vector]:
    """The negative log-likelihood a case, penalised, and its slope."""
    total, slope = 0.0, [0.0] * len(weights)
    for one in samples:
        scores = [sum(map(mul, weights, features)) for features in one.features]
        value, chances = _chances(one.ways, scores)
        total += value - math.fsum(map(mul, weights, one.truth))
        likely = [
            (chance, known) for chance, known in zip(chances, one.features, strict=True) if chance > 1e-6
        ]
        expected = [0.0] * len(weights)
        for chance, known in likely:
            for at, feature in enumerate(known):
                if feature:
                    expected[at] += chance * feature
        slope = [so_far + gone - true for so_far, gone, true in zip(slope, expected, one.truth, strict=True)]
    count = len(samples)
    slope = [known / count + _PENALTY * weight for known, weight in zip(slope, weights, strict=True)]
    return total / count + _PENALTY / 2 * math.fsum(map(mul, weights, weights)), slope


def _chances(ways: Sequence[tuple[int, int]], scores: Vector) -> tuple[float, Vector]:
    """The log of the sum over all alignments, and the chance of each bead to be in one."""
    last = ways[-1][1]
    ahead, behind = [0.0] + [_LOWEST] * last, [_LOWEST] * last + [0.0]
    for (start, end), score in zip(ways, scores, strict=True):
        ahead[end] = _log_sum(ahead[end], ahead[start] + score)
    for (start, end), score in zip(reversed(ways), reversed(scores), strict=True):
        behind[start] = _log_sum(behind[start], behind[end] + score)
    whole = ahead[last]
    return whole, [
        math.exp(min(0.0, ahead[start] + score + behind[end] - whole))
        for (start, end), score in zip(ways, scores, strict=True)
    ]


def _log_sum(one: float, other: float) -> float:
    high, low = (one, other) if one > other else (other, one)
    return high + math.log1p(math.exp(low - high)) if high - low < 40 else high


# -- the fit -------------------------------------------------------------------------------------------------


def fit(samples: Sequence[Sample]) -> Vector:
    """The weights of least loss, by BFGS from zero."""
    size = len(Features._fields)
    weights = [0.0] * size
    inverse = [[float(row == column) for column in range(size)] for row in range(size)]
    value, slope = loss(samples, weights)
    for _ in range(ROUNDS):
        step = [-math.fsum(map(mul, row, slope)) for row in inverse]
        weights, moved, (after, new_slope) = _search(samples, weights, step, value, slope)
        inverse = _updated(inverse, moved, [new - old for new, old in zip(new_slope, slope, strict=True)])
        if value - after < 1e-5:
            return weights
        value, slope = after, new_slope
    return weights


def _search(
    samples: Sequence[Sample], weights: Vector, step: Vector, value: float, slope: Vector
) -> tuple[Vector, Vector, tuple[float, Vector]]:
    """Half the step until it lowers the loss."""
    share = 1.0
    while True:
        moved = [share * one for one in step]
        there = [weight + one for weight, one in zip(weights, moved, strict=True)]
        found = loss(samples, there)
        if found[0] <= value + 1e-4 * math.fsum(map(mul, moved, slope)) or share < 1e-4:
            return there, moved, found
        share /= 2


def _updated(inverse: list[Vector], moved: Vector, bent: Vector) -> list[Vector]:
    curve = math.fsum(map(mul, moved, bent))
    if curve <= 1e-12:
        return inverse
    turned = [math.fsum(map(mul, row, bent)) for row in inverse]
    spread = (1 + math.fsum(map(mul, bent, turned)) / curve) / curve
    return [
        [
            known + spread * moved[at] * moved[to] - (turned[at] * moved[to] + moved[at] * turned[to]) / curve
            for to, known in enumerate(row)
        ]
        for at, row in enumerate(inverse)
    ]


# -- what it is worth ----------------------------------------------------------------------------------------


def figures(
    cases: Sequence[Case], lexicon: Lexicon | None, weights_of: Callable[[Case], Features]
) -> dict[str, float]:
    """Share of cases with all links right, by kind, and precision and recall of links."""
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for case in cases:
        links = align(case["en"], case["zh"], lexicon, weights=weights_of(case))
        said = {(en, zh) for link in links for en in link.en for zh in link.zh}
        true = {tuple(link) for link in case["links"]}
        for group in ("all", case["kind"]):
            count[group] += 1
            right[group] += said == true
        count.update({"precision": len(said), "recall": len(true)})
        right.update({"precision": len(said & true), "recall": len(said & true)})
    return {group: round(right[group] / count[group], 4) for group in count}


def main(arguments: list[str]) -> int:
    """Prints the weights of all cases, and the figures of every case under the weights of the other folds."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    with gzip.open(arguments[0], "rt", encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    lexicon = None if arguments[1:] == ["no"] else installed()
    samples = [sample(case, lexicon) for case in cases if len(case["en"]) <= _LARGEST]
    texts = sorted({one.text for one in samples})
    random.Random(1).shuffle(texts)
    fold = {text: at % FOLDS for at, text in enumerate(texts)}
    held_out = [
        Features(*fit([one for one in samples if fold[one.text] != number])) for number in range(FOLDS)
    ]
    print("held out", figures(cases, lexicon, lambda case: held_out[fold[text_of(case)]]), flush=True)
    everything = Features(*(round(weight, 2) for weight in fit(samples)))
    print("all cases", figures(cases, lexicon, lambda _: everything))
    print(everything, f"lengths: {_ratio(cases, lexicon):.3f} Chinese units a unit of English")
    return 0


def _ratio(cases: Sequence[Case], lexicon: Lexicon | None) -> float:
    whole = [case for case in cases if case["kind"] == "same"]
    pairs = [Finder(case["en"], case["zh"], lexicon).evidence for case in whole]
    return sum(one.zh.units[-1] for one in pairs) / sum(one.en.units[-1] for one in pairs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
