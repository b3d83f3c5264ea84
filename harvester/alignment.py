"""English and Chinese passages of one text (sections, sentences) brought together in order."""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import mul
from typing import Final, NamedTuple

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
    finder = Finder(en, zh, lexicon, weights)
    if len(en) != len(zh):
        return tuple(map(finder.link, finder.best()))
    straight = [Bead(at, 1, at, 1) for at in range(len(en))]
    links = tuple(map(finder.link, straight)) if finder.look_straight() else ()
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

    def look_straight(self) -> bool:
        """Gather the evidence for pairs by index alone; False where there are none."""
        alone = [range(at, at + 1) for at in range(len(self.bands) - 1)]
        self.evidence.look(alone, alone, 1)
        return bool(alone)

    def look(self) -> None:
        """Gather the evidence for all beads."""
        en, zh = len(self.evidence.en.units) - 1, len(self.evidence.zh.units) - 1
        longest = max(max(shape) for shape in self.shapes)
        reach = [range(self.bands[max(0, at + 1 - longest)].start, self.bands[at].stop) for at in range(en)]
        self.evidence.look(reach, _turned(self.bands, zh, longest), longest)

    def score(self, bead: Bead) -> float:
        """How well a bead explains its passages: a sum of evidence that means something in comparison only."""
        known = math.fsum(map(mul, self.weights, self.evidence.features(bead)))
        return known + self._agreement(bead)

    def _agreement(self, bead: Bead) -> float:
        if not (bead.en_size and bead.zh_size):
            return 0.0
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

    def beads(self) -> Iterator[Bead]:
        """Every bead inside the band, by where it begins."""
        last = len(self.bands) - 1
        for en, band in enumerate(self.bands):
            for zh in band:
                for en_size, zh_size in self.shapes:
                    if en + en_size <= last and zh + zh_size in self.bands[en + en_size]:
                        yield Bead(en, en_size, zh, zh_size)

    def best(self) -> list[Bead]:
        """The beads of the best alignment, in order."""
        self.look()
        reached: dict[tuple[int, int], tuple[float, Bead | None]] = {(0, 0): (0.0, None)}
        for bead in self.beads():
            before = reached.get((bead.en, bead.zh))
            if before is None:
                continue
            after = bead.en + bead.en_size, bead.zh + bead.zh_size
            total = before[0] + self.score(bead)
            known = reached.get(after)
            if known is None or total > known[0]:
                reached[after] = total, bead
        return _traced(reached, (len(self.bands) - 1, self.bands[-1].stop - 1))


def _traced(reached: dict[tuple[int, int], tuple[float, Bead | None]], end: tuple[int, int]) -> list[Bead]:
    path = []
    bead = reached[end][1]
    while bead is not None:
        path.append(bead)
        bead = reached[bead.en, bead.zh][1]
    return path[::-1]


def _logistic(odds: float) -> float:
    return round(1 / (1 + math.exp(-max(-50.0, min(50.0, odds)))), 4)


# -- where to look -------------------------------------------------------------------------------------------


def _shapes(en: int, zh: int) -> list[tuple[int, int]]:
    """Sizes of beads: one to one, one to some, some to one, one to nothing."""
    fewer, more = sorted((en, zh))
    most = min(more, _FORCED) if fewer == 1 else _MOST_TOGETHER
    some = range(2, most + 1)
    return [(1, 1), *((1, size) for size in some), *((size, 1) for size in some), (1, 0), (0, 1)]


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


def _turned(bands: Sequence[range], zh: int, longest: int) -> list[range]:
    """For each Chinese passage, the English ones at which a bead with it may begin."""
    first, last = [len(bands)] * zh, [0] * zh
    for en, band in enumerate(bands):
        for at in range(band.start, min(band.stop + longest, zh)):
            first[at], last[at] = min(first[at], en), en
    return [range(low, high + 1) for low, high in zip(first, last, strict=True)]


# -- labels --------------------------------------------------------------------------------------------------

_LABELS: Final = {
    "aim": "objectives?|aims?|purpose|goals?|目的|目标|目標",
    "background": "backgrounds?|introduction|context|背景|引言|前言",
    "methods": "(?:.{0,30}(?:methods?|methodology|design))|.{0,8}方法|设计|設計",
    "results": "(?:.{0,12}(?:results?|findings))|.{0,4}(?:结果|結果|发现|發現)",
    "conclusion": "conclusions?|discussion|interpretation|.{0,4}(?:结论|結論|结语|結語|讨论|討論)",
}
_LABEL: Final = re.compile(
    r"(?i)\s*[\[【〔(]?\s*(?:"
    + "|".join(f"(?P<{name}>{form})" for name, form in _LABELS.items())
    + r")\s*[:】\]〕)]"
)


def _label(text: str) -> str | None:
    """The kind of a section's label in either language, None without one."""
    found = _LABEL.match(unicodedata.normalize("NFKC", text[:60]))
    return found.lastgroup if found else None
