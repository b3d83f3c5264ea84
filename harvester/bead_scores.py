"""How well beads explain their passages: the evidence of all beads of one shape in one row, weighed in one go.

A weighted sum of features falls apart into what a run of passages is worth by itself, its length beside the
other's, and each passage's matches times a rate of the run; so nothing is counted twice for beads that overlap.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, pairwise
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
    """What the tokens of one side match, by English passage and Chinese passage of its span: laid out flat."""

    weights: list[Row]  # by kind; empty where none matches
    worth: Row  # of all kinds, at the rates of runs of one passage
    again: dict[int, Row]  # of that, by distance: what is so far before too, not between


class Scores:
    """Sums of weighted features of beads inside a band; they mean something in comparison only.

    For each shape of beads there is one flat table: a row of equal width for each English passage, which begins at
    the first Chinese passage of its span. So a shape takes few operations on long lists, not many on short ones.
    """

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
        self._starts = [span.start for span in self._spans]
        # A run may reach over the end of a span.
        self._width = max(map(len, self._spans), default=0) + longest
        self._size = self._width * len(self._spans)
        self._of_en = self._matches(evidence.en, self._en[1].rates, is_en=True)
        self._of_zh = self._matches(evidence.zh, self._zh[1].rates, is_en=False)
        self._tables: dict[tuple[int, int], Row] = {}

    def row(self, en: int, sizes: tuple[int, int], starts: range) -> Row:
        """The scores of the beads of one shape that begin at one English passage and at these Chinese ones."""
        if not sizes[1]:
            return [self._unlinked[0][en]] * len(starts)
        if not sizes[0]:
            return self._unlinked[1][starts.start : starts.stop]
        table = self._tables.get(sizes)
        if table is None:
            table = self._tables[sizes] = self._table(*sizes)
        offset = en * self._width - self._starts[en]
        return table[offset + starts.start : offset + starts.stop]

    def _table(self, en_size: int, zh_size: int) -> Row:
        ours, theirs = self._en[en_size], self._zh[zh_size]
        merged, width = self._weights.merged * (en_size + zh_size > 2), self._width
        match = self._one_to_some(zh_size) if en_size == 1 else self._some_to_one(en_size)
        padding = [0.0] * width
        lengths, known = theirs.units + padding, theirs.known + padding
        table: Row = []
        for en, (unit, one) in enumerate(zip(ours.units, ours.known, strict=True)):
            start, place, alone = self._starts[en], en * width, merged + one
            rate = self._weights.length / math.sqrt(unit + _SMOOTH)
            table += [
                alone + other + rate * abs(length - unit) + worth
                for other, length, worth in zip(
                    known[start : start + width],
                    lengths[start : start + width],
                    match[place : place + width],
                    strict=True,
                )
            ]
        return table

    def _one_to_some(self, size: int) -> Row:
        """What the matches of English passages with runs of Chinese ones are worth."""
        total = self._of_en.worth
        if size == 1:
            return list(map(add, total, self._of_zh.worth))
        for step in range(1, size):
            total = list(map(add, total, self._moved(self._of_en.worth, step)))
            for distance in range(1, step + 1):
                if again := self._of_en.again.get(distance):
                    total = list(map(sub, total, self._moved(again, step)))
        for rates, row in zip(self._zh[size].rates, self._of_zh.weights, strict=True):
            if row:
                together = row
                for step in range(1, size):
                    together = list(map(add, together, self._moved(row, step)))
                total = list(map(add, total, map(mul, self._by_column(rates), together)))
        return total

    def _some_to_one(self, size: int) -> Row:
        """What the matches of runs of English passages with single Chinese ones are worth."""
        total = self._of_zh.worth
        for step in range(1, size):
            total = list(map(add, total, self._below(self._of_zh.worth, step)))
            for distance in range(1, step + 1):
                if again := self._of_zh.again.get(distance):
                    total = list(map(sub, total, self._below(again, step)))
        for rates, row in zip(self._en[size].rates, self._of_en.weights, strict=True):
            if row:
                together = row
                for step in range(1, size):
                    together = list(map(add, together, self._below(row, step)))
                total = list(map(add, total, map(mul, self._by_row(rates), together)))
        return total

    # -- laid out flat ---------------------------------------------------------------------------------------

    def _by_row(self, values: Row) -> Row:
        """A value of each English passage, all along its row; runs that reach over the end have none."""
        laid = list(chain.from_iterable(zip(*[values] * self._width, strict=True)))
        return laid + [0.0] * (self._size - len(laid))

    def _by_column(self, values: Row) -> Row:
        """A value of each Chinese passage, in every row at its place."""
        width, starts = self._width, self._starts
        padded = values + [0.0] * width
        if not starts[-1]:
            return padded[:width] * len(starts)
        return list(chain.from_iterable([padded[start : start + width] for start in starts]))

    def _moved(self, table: Row, step: int) -> Row:
        """In the place of each Chinese passage what stands so many further on in the row."""
        return table[step:] + [0.0] * step

    def _below(self, table: Row, step: int) -> Row:
        """In the place of each Chinese passage what stands at the same one so many rows further down."""
        width, starts = self._width, self._starts
        if starts[-1] == 0:
            return table[step * width :] + [0.0] * (step * width)
        below: Row = []
        for start, (en, after) in zip(starts, enumerate(starts[step:], step), strict=False):
            gap = min(after - start, width)
            below += [0.0] * gap + table[en * width : (en + 1) * width - gap]
        return below + [0.0] * (self._size - len(below))

    # -- who matches whom ------------------------------------------------------------------------------------

    def _matches(self, side: Side, rates: Sequence[Row], *, is_en: bool) -> _Matches:
        weights: list[Row] = []
        worth = [0.0] * self._size
        again: dict[int, Row] = {}
        offsets = [en * self._width - start for en, start in enumerate(self._starts)]
        spans, longest = self._spans, self._longest
        for tokens, worths in zip(side.tokens, rates, strict=True):
            if not any(one.found for one in tokens):
                weights.append([])
                continue
            row = [0.0] * self._size
            for own, (one, rate) in enumerate(zip(tokens, worths, strict=True)):
                for places, weight in one.found.items():
                    before, value = -longest, rate * weight
                    for place in places:
                        en, zh = (own, place) if is_en else (place, own)
                        if zh in spans[en]:
                            at = offsets[en] + zh
                            row[at] += weight
                            worth[at] += value
                            # What a run counts twice that is longer than the distance.
                            if place - before < longest:
                                more = again.get(place - before)
                                if more is None:
                                    more = again[place - before] = [0.0] * self._size
                                more[at] += value
                        before = place
            weights.append(row if any(row) else [])
        return _Matches(weights, worth, again)


def one_to_one(evidence: Evidence, weights: Features) -> tuple[Row, Row]:
    """What the first English passage with the first Chinese one is worth, the second with the second, ..., and what each two are alone.

    The same sums as `Scores` has, without its tables; for two lists of one length.
    """
    sides = evidence.en, evidence.zh
    en, zh = (_runs(side, 1, weights) for side in sides)
    together = []
    for at, (unit, length, one, other) in enumerate(zip(en.units, zh.units, en.known, zh.known, strict=True)):
        rate = weights.length / math.sqrt(unit + _SMOOTH)
        match = _matched(evidence.en, en.rates, at) + _matched(evidence.zh, zh.rates, at)
        together.append(one + other + rate * abs(length - unit) + match)
    return together, list(map(add, *(_unlinked(side, weights) for side in sides)))


def _matched(side: Side, rates: Sequence[Row], at: int) -> float:
    """What a passage's tokens add that are in the passage of its own number."""
    worth = 0.0
    for tokens, worths in zip(side.tokens, rates, strict=True):
        for places, weight in tokens[at].found.items():
            if at in places:
                worth += worths[at] * weight
    return worth


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
        if not side.weight[kind][-1] and not (unknown and side.unknown[kind][-1]):
            rates.append([0.0] * len(units))
            continue
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
