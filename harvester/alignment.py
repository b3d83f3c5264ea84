"""English and Chinese passages of one text (sections, sentences) brought together in order."""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from operator import add
from typing import Final, NamedTuple

from harvester.bead_scores import Scores, one_to_one
from harvester.beads import Bead, Evidence, Features
from harvester.lexicon import Lexicon

# Weights of a log-linear model of whole alignments, fitted by `python -m benchmarks.fit_alignment` on human
# pairs (sections merged, dropped, in one paragraph; sentences); its report has the figures of held-out folds.
WITH_LEXICON: Final = Features(-1.51, -0.37, -0.55, 1.59, 0.14, 0.42, -0.39, 0.5, -0.16, -0.22)
WITHOUT_LEXICON: Final = Features(-2.24, -2.78, -0.62, 0, 0, 0, 0, 0.98, -0.23, -0.19)

# Not fitted: human pairs have too few labels. A label decides where words and lengths leave a doubt.
_LABEL_AGREES: Final = 2.0
_LABEL_DIFFERS: Final = 2.0
_BAD: Final = 0.95  # the score of a pair that is not believed on account of its place alone
_CONVINCING: Final = 3.0  # how much better than by index an alignment of equally many passages must be
_MOST_TOGETHER: Final = 3  # passages that one passage stands for, where the counts do not force more
_FORCED: Final = 12
_BAND: Final = 12  # passages to either side of the diagonal; shorter texts are searched whole


class Link(NamedTuple):
    """Passages that say the same, by index: several on one side where the other merged them, none where it has none.

    `score` is 0 to 1: how much more likely the link is than its passages having nothing to do with one another;
    0 for what is linked to nothing.
    """

    en: tuple[int, ...]
    zh: tuple[int, ...]
    score: float


def align(
    en: Sequence[str],
    zh: Sequence[str],
    lexicon: Lexicon | None = None,
    *,
    weights: Features | None = None,
) -> tuple[Link, ...]:
    """Every passage of both sides, once, in order. Never crosses; the same for the same texts.

    Equally many passages are paired by index unless a pair is bad. `weights` are other ones than the fitted.
    """
    return _aligned(tuple(en), tuple(zh), lexicon, weights)


@lru_cache(8)  # a text is checked and shown side by side
def _aligned(
    en: tuple[str, ...], zh: tuple[str, ...], lexicon: Lexicon | None, weights: Features | None
) -> tuple[Link, ...]:
    finder = Finder(en, zh, lexicon, weights)
    if len(en) != len(zh):
        return tuple(map(finder.link, finder.best()))
    straight = [Bead(at, 1, at, 1) for at in range(len(en))]
    links = finder.straight() if len(en) <= _BAND else tuple(map(finder.link, straight))
    if all(link.score >= _BAD for link in links):
        return links
    best = finder.best()
    gain = sum(map(finder.score, best)) - sum(map(finder.score, straight))
    return tuple(map(finder.link, best if gain > _CONVINCING else straight))


class Finder:
    """All alignments of two lists of passages inside a band along the diagonal, and the best of them."""

    def __init__(
        self,
        en: Sequence[str],
        zh: Sequence[str],
        lexicon: Lexicon | None,
        weights: Features | None = None,
    ) -> None:
        self.weights = weights or (WITHOUT_LEXICON if lexicon is None else WITH_LEXICON)
        self.evidence = Evidence(en, zh, lexicon)
        self.shapes = _shapes(len(en), len(zh))
        self.bands = _bands(self.evidence.en.units, self.evidence.zh.units)
        self._labels = [[_label(text) for text in side] for side in (en, zh)]
        self._is_labelled = all(map(any, self._labels))

    @cached_property
    def scores(self) -> Scores:
        """The tables of all beads, made where more than the straight ones are asked for."""
        return Scores(self.evidence, self.weights, self.bands, max(map(max, self.shapes)))

    def straight(self) -> tuple[Link, ...]:
        """The links of two lists of one length by index, as `link` has them."""
        together, apart = one_to_one(self.evidence, self.weights)
        if self._is_labelled:
            beads = [Bead(at, 1, at, 1) for at in range(len(together))]
            together = list(map(add, together, map(self._agreement, beads)))
        return tuple(
            Link((at,), (at,), _logistic(one - other))
            for at, (one, other) in enumerate(zip(together, apart, strict=True))
        )

    def row(self, en: int, sizes: tuple[int, int], starts: range) -> list[float]:
        """How well the beads of one shape explain their passages that begin at these Chinese ones."""
        scores = self.scores.row(en, sizes, starts)
        if self._is_labelled and all(sizes):
            beads = [Bead(en, sizes[0], zh, sizes[1]) for zh in starts]
            scores = list(map(add, scores, map(self._agreement, beads)))
        return scores

    def score(self, bead: Bead) -> float:
        """How well one bead does: a sum of evidence that means something in comparison only."""
        return self.row(bead.en, (bead.en_size, bead.zh_size), range(bead.zh, bead.zh + 1))[0]

    def _agreement(self, bead: Bead) -> float:
        english = {one for one in self._labels[0][bead.en : bead.en + bead.en_size] if one}
        chinese = {one for one in self._labels[1][bead.zh : bead.zh + bead.zh_size] if one}
        if not (english and chinese):
            return 0.0
        return _LABEL_AGREES * len(english & chinese) - _LABEL_DIFFERS * len(english ^ chinese)

    def link(self, bead: Bead) -> Link:
        """The link that a bead is."""
        english = tuple(range(bead.en, bead.en + bead.en_size))
        chinese = tuple(range(bead.zh, bead.zh + bead.zh_size))
        if not (english and chinese):
            return Link(english, chinese, 0.0)
        apart = sum(self.score(Bead(at, 1, bead.zh, 0)) for at in english)
        apart += sum(self.score(Bead(bead.en, 0, at, 1)) for at in chinese)
        return Link(english, chinese, _logistic(self.score(bead) - apart))

    def steps(self, en: int) -> Iterator[tuple[tuple[int, int], range]]:
        """The shapes of beads that begin after so many English passages, and where in Chinese they may."""
        band, last = self.bands[en], len(self.bands) - 1
        for sizes in self.shapes:
            if en + sizes[0] <= last:
                after = self.bands[en + sizes[0]]
                starts = range(max(band.start, after.start - sizes[1]), min(band.stop, after.stop - sizes[1]))
                if starts:
                    yield sizes, starts

    def best(self) -> list[Bead]:
        """The beads of the best alignment, in order."""
        totals = [[-math.inf] * len(band) for band in self.bands]
        traces: list[list[tuple[int, int]]] = [[(0, 0)] * len(band) for band in self.bands]
        totals[0][0] = 0.0
        for en, band in enumerate(self.bands):
            for sizes, starts in self.steps(en):
                after = en + sizes[0]
                offset = starts.start + sizes[1] - self.bands[after].start
                reached, trace, before = totals[after], traces[after], totals[en]
                scores = self.row(en, sizes, starts)
                for at, score in enumerate(scores, starts.start - band.start):
                    total = before[at] + score
                    if total > reached[offset]:
                        reached[offset], trace[offset] = total, sizes
                    offset += 1
        return self._traced(traces)

    def _traced(self, traces: list[list[tuple[int, int]]]) -> list[Bead]:
        en, zh = len(self.bands) - 1, self.bands[-1].stop - 1
        path = []
        while en or zh:
            en_size, zh_size = traces[en][zh - self.bands[en].start]
            en, zh = en - en_size, zh - zh_size
            path.append(Bead(en, en_size, zh, zh_size))
        return path[::-1]


def _logistic(odds: float) -> float:
    return round(1 / (1 + math.exp(-max(-50.0, min(50.0, odds)))), 4)


# -- where to look -------------------------------------------------------------------------------------------


def _shapes(en: int, zh: int) -> list[tuple[int, int]]:
    """Sizes of beads: one to one, one to some, some to one, one to nothing."""
    fewer, more = sorted((en, zh))
    most = min(more, _FORCED) if fewer == 1 else _MOST_TOGETHER
    some = range(2, most + 1)
    # Within a row beads are laid one after another: the one that stays in it comes first.
    return [(0, 1), (1, 1), *((1, size) for size in some), *((size, 1) for size in some), (1, 0)]


def _bands(en: Sequence[float], zh: Sequence[float]) -> list[range]:
    """For 0, 1, ... English passages done, how many Chinese ones may be: about the same share of the text.

    `en` and `zh` are the running sums of the lengths.
    """
    last = len(zh) - 1
    half = _BAND + math.isqrt(max(len(en), last)) // 4
    scale = zh[-1] / en[-1] if en[-1] else 0.0
    middles = [bisect_left(zh, done * scale) for done in en]
    middles[0], middles[-1] = 0, last
    ends = [*middles[1:], last]
    return [
        range(max(0, middle - half), min(last, end + half) + 1)
        for middle, end in zip(middles, ends, strict=True)
    ]


# -- labels --------------------------------------------------------------------------------------------------

_LABELS: Final = {
    "aim": "objectives?|aims?|purpose|goals?|目的|目标|目標",
    "background": "backgrounds?|introduction|context|背景|引言|前言",
    "methods": "(?:.{0,30}(?:methods?|methodology|design))|.{0,8}方法|设计|設計",
    "results": "(?:.{0,12}(?:results?|findings))|.{0,4}(?:结果|結果|发现|發現)",
    "conclusion": "conclusions?|discussion|interpretation|.{0,4}(?:结论|結論|结语|結語|讨论|討論)",
}
_END_OF_LABEL: Final = frozenset(":：】]］〕)）")
_LABEL: Final = re.compile(
    r"(?i)\s*[\[【〔(]?\s*(?:"
    + "|".join(f"(?P<{name}>{form})" for name, form in _LABELS.items())
    + r")\s*[:】\]〕)]"
)


def _label(text: str) -> str | None:
    """The kind of a section's label in either language, None without one."""
    head = text[:60]
    if _END_OF_LABEL.isdisjoint(head):
        return None
    found = _LABEL.match(unicodedata.normalize("NFKC", head))
    return found.lastgroup if found else None
