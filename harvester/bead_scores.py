"""How well beads explain their passages: the evidence of all beads of one shape in one row, weighed in one go.

A weighted sum of features falls apart into what a run of passages is worth by itself, its length beside the
other's, and each passage's matches times a rate of the run; so nothing is counted twice for beads that overlap.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from operator import add, mul, sub
from typing import Final, NamedTuple

from harvester.beads import Evidence, Features, Side, Tokens

_SMOOTH: Final = 4.0  # units; a difference of less means nothing

Row = list[float]


class _Runs(NamedTuple):
    """Of every run of so many passages of one side, by where it begins."""

    units: Row
    known: Row  # what its tokens are worth if none is matched
    rates: list[Row]  # by kind: what a match adds


class _Sizes(dict[int, _Runs]):
    """The runs of a side by their size, added up when they are asked for."""

    def __init__(self, side: Side, weights: Features) -> None:
        self._side, self._weights = side, weights

    def __missing__(self, size: int) -> _Runs:
        self[size] = found = _runs(self._side, size, self._weights)
        return found


class _Matches(NamedTuple):
    """What the tokens of one side match, by English passage and Chinese passage of its span."""

    weights: list[list[Row]]  # by kind
    worth: list[Row]  # of all kinds, at the rates of runs of one passage
    again: dict[tuple[int, int], Row]  # of that, by distance and row: what is so far before too, not between


class Scores:
    """Sums of weighted features of beads inside a band; they mean something in comparison only."""

    def __init__(self, evidence: Evidence, weights: Features, bands: Sequence[range], longest: int) -> None:
        """`bands`: how many Chinese passages may be done after 0, 1, ... English ones; `longest`: passages of a run."""
        self._weights = weights
        self._longest = longest
        self._en = _Sizes(evidence.en, weights)
        self._zh = _Sizes(evidence.zh, weights)
        self._unlinked = _unlinked(evidence.en, weights), _unlinked(evidence.zh, weights)
        last = len(evidence.zh.units) - 1
        # The last of several English passages may go with the Chinese one in front of its own band.
        self._spans = [
            range(max(0, band.start - 1), min(last, after.stop)) for band, after in pairwise(bands)
        ]
        self._of_en = self._matches_of_en(evidence.en)
        self._of_zh = self._matches_of_zh(evidence.zh)

    def row(self, en: int, sizes: tuple[int, int], starts: range) -> Row:
        """The scores of the beads of one shape that begin at one English passage and at these Chinese ones."""
        en_size, zh_size = sizes
        if not zh_size:
            return [self._unlinked[0][en]] * len(starts)
        if not en_size:
            return self._unlinked[1][starts.start : starts.stop]
        ours, theirs = self._en[en_size], self._zh[zh_size]
        units = ours.units[en]
        rate = self._weights.length / math.sqrt(units + _SMOOTH)
        fixed = ours.known[en] + self._weights.merged * (en_size + zh_size > 2)
        matched = self._one_to_some if en_size == 1 else self._some_to_one
        lengths = theirs.units[starts.start : starts.stop]
        known = theirs.known[starts.start : starts.stop]
        worth = matched(en, max(sizes), starts)
        return [
            fixed + one + rate * abs(length - units) + match
            for one, length, match in zip(known, lengths, worth, strict=True)
        ]

    def _one_to_some(self, en: int, size: int, starts: range) -> Row:
        """What the matches of one English passage with runs of Chinese ones are worth."""
        low, high = starts.start - self._spans[en].start, starts.stop - self._spans[en].start
        total = self._of_en.worth[en][low:high]
        if size == 1:
            return list(map(add, total, self._of_zh.worth[en][low:high]))
        for step in range(1, size):
            total = list(map(add, total, self._of_en.worth[en][low + step : high + step]))
            for distance in range(1, step + 1):
                if again := self._of_en.again.get((distance, en)):
                    total = list(map(sub, total, again[low + step : high + step]))
        for kind, rates in enumerate(self._zh[size].rates):
            row = self._of_zh.weights[kind][en]
            if any(row):
                together = map(
                    sum, zip(*(row[low + step : high + step] for step in range(size)), strict=True)
                )
                total = list(map(add, total, map(mul, rates[starts.start : starts.stop], together)))
        return total

    def _some_to_one(self, en: int, size: int, starts: range) -> Row:
        """What the matches of a run of English passages with single Chinese ones are worth."""
        total = [0.0] * len(starts)
        slices = [
            slice(starts.start - span.start, starts.stop - span.start) for span in self._spans[en : en + size]
        ]
        for step, part in enumerate(slices):
            total = list(map(add, total, self._of_zh.worth[en + step][part]))
            for distance in range(1, step + 1):
                if again := self._of_zh.again.get((distance, en + step)):
                    total = list(map(sub, total, again[part]))
        for rates, weights in zip(self._en[size].rates, self._of_en.weights, strict=True):
            rate = rates[en]
            for row, part in zip(weights[en : en + size], slices, strict=True):
                if any(row):
                    total = [so_far + rate * weight for so_far, weight in zip(total, row[part], strict=True)]
        return total

    # -- who matches whom ------------------------------------------------------------------------------------

    def _matches_of_en(self, side: Side) -> _Matches:
        weights = [self._nothing() for _ in side.tokens]
        again: dict[tuple[int, int], Row] = {}
        for tokens, rows, rates in zip(side.tokens, weights, self._en[1].rates, strict=True):
            for en, (one, row, span) in enumerate(zip(tokens, rows, self._spans, strict=True)):
                for places, weight in one.found.items():
                    before = -self._longest
                    for zh in places:
                        if zh in span:
                            row[zh - span.start] += weight
                            self._note(again, zh - before, (en, zh), rates[en] * weight)
                        before = zh
        worth = [
            self._sum([rows[en] for rows in weights], [rates[en] for rates in self._en[1].rates])
            for en in range(len(self._spans))
        ]
        return _Matches(weights, worth, again)

    def _matches_of_zh(self, side: Side) -> _Matches:
        weights = [self._nothing() for _ in side.tokens]
        worth = self._nothing()
        again: dict[tuple[int, int], Row] = {}
        for tokens, rows, rates in zip(side.tokens, weights, self._zh[1].rates, strict=True):
            for zh, one in enumerate(tokens):
                for places, weight in one.found.items():
                    before = -self._longest
                    for en in places:
                        span = self._spans[en]
                        if zh in span:
                            rows[en][zh - span.start] += weight
                            worth[en][zh - span.start] += rates[zh] * weight
                            self._note(again, en - before, (en, zh), rates[zh] * weight)
                        before = en
        return _Matches(weights, worth, again)

    def _nothing(self) -> list[Row]:
        return [[0.0] * len(span) for span in self._spans]

    def _note(
        self, again: dict[tuple[int, int], Row], distance: int, at: tuple[int, int], worth: float
    ) -> None:
        """What a run counts twice that is longer than the distance, taken note of."""
        if distance < self._longest:
            span = self._spans[at[0]]
            row = again.setdefault((distance, at[0]), [0.0] * len(span))
            row[at[1] - span.start] += worth

    @staticmethod
    def _sum(rows: Sequence[Row], rates: Sequence[float]) -> Row:
        total = [0.0] * len(rows[0])
        for row, rate in zip(rows, rates, strict=True):
            if any(row):
                total = [so_far + rate * weight for so_far, weight in zip(total, row, strict=True)]
        return total


def _runs(side: Side, size: int, weights: Features) -> _Runs:
    """What runs of a side are worth by themselves; matched and missed are divided by the root of how many."""
    units = _of_each(side.units, size)
    known, rates = [0.0] * len(units), []
    worth = (
        (weights.words, weights.words_elsewhere, weights.words_unknown),
        (weights.anchors, weights.numbers_missing, weights.numbers_missing),
        (weights.anchors, 0.0, 0.0),  # names may be missing
    )
    for kind, (matched, elsewhere, unknown) in enumerate(worth):
        found, lost = _of_each(side.weight[kind], size), _of_each(side.unknown[kind], size)
        roots = [1 / math.sqrt(1 + one + other) for one, other in zip(found, lost, strict=True)]
        rates.append([(matched - elsewhere) * root for root in roots])
        known = [
            so_far + (elsewhere * one + unknown * other) * root
            for so_far, one, other, root in zip(known, found, lost, roots, strict=True)
        ]
    return _Runs(units, known, rates)


def _of_each(sums: Sequence[float], size: int) -> Row:
    """From running sums those of every run."""
    return list(map(sub, sums[size:], sums))


def _unlinked(side: Side, weights: Features) -> Row:
    """What leaving each passage of a side alone is worth."""
    words, figures, names = (list(map(_share, kind)) for kind in side.tokens)
    return [
        weights.unlinked + weights.words_unlinked * word + weights.anchors_unlinked * (figure + name)
        for word, figure, name in zip(words, figures, names, strict=True)
    ]


def _share(tokens: Tokens) -> float:
    """The weight of a passage's tokens that are somewhere on the other side."""
    return tokens.weight / math.sqrt(1 + tokens.known + tokens.unknown)
