"""What speaks for an English and a Chinese passage saying the same: length, numbers, names, words of a dictionary.

A bead is a run of English passages and a run of Chinese ones that are taken together; its features are what
`alignment` weighs. Width of punctuation and blanks never count.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from harvester.language import HAN
from harvester.lexicon import Lexicon, english_stems
from harvester.numbers import LONGEST, Numbers, numbers

LATIN_UNIT: Final = 0.35  # a Latin letter or a digit in Chinese text weighs this much of a Han character
HAN_A_LETTER: Final = (
    0.296  # Chinese units a letter or digit of English: the ratio of all sums in human pairs
)
_COMMON: Final = 64  # a word in more passages of the other side tells no passage from another
_WORDS, _NUMBERS, _NAMES = range(3)  # kinds of tokens
_SMOOTH: Final = 4.0  # units; a difference of less means nothing

_HAN: Final = re.compile(f"[{HAN}]+")
_LATIN_OR_DIGIT: Final = re.compile("[A-Za-z0-9]+")
_NAME: Final = re.compile("[A-Za-z][A-Za-z0-9]+")


class Bead(NamedTuple):
    """`en_size` English passages from `en` on, with `zh_size` Chinese ones from `zh` on; one size may be 0."""

    en: int
    en_size: int
    zh: int
    zh_size: int


class Features(NamedTuple):
    """What is known of a bead; matched and missed are weighed by rarity and divided by the root of how many."""

    merged: float  # 1.0 where one side has more than one passage
    unlinked: float  # 1.0 where one side has none
    length: float  # how far the lengths are from the usual ratio
    words: float  # Chinese words whose English is there, and English words whose Chinese is
    words_elsewhere: float  # ... is in other passages only
    words_unknown: float  # ... is nowhere
    words_unlinked: float  # an unlinked passage's words that are on the other side
    anchors: float  # numbers and names that are on both sides
    numbers_missing: float  # numbers that are not there
    anchors_unlinked: float


class _Tokens(NamedTuple):
    """Of one passage: how much its tokens weigh together, by the passages of the other side that have them.

    `weight` and `known` are of all tokens that some passage has, `unknown` counts those that none has.
    """

    found: dict[tuple[int, ...], float]
    weight: float
    known: int
    unknown: int


_NOTHING: Final = _Tokens({}, 0.0, 0, 0)


class _Side:
    """The passages of one side with what is found of them on the other."""

    def __init__(self, units: Sequence[float], *tokens: list[_Tokens]) -> None:
        self.units = _sums(units)
        self.tokens = tokens
        self._weight = [_sums(one.weight for one in kind) for kind in self.tokens]
        self._unknown = [_sums(one.unknown for one in kind) for kind in self.tokens]
        self._rows: list[list[list[list[float]]]] = []
        self._starts: Sequence[int] = ()

    def look(self, bands: Sequence[range], longest: int) -> None:
        """Count the matches of every passage in runs of up to `longest` passages of its band."""
        self._starts = [band.start for band in bands]
        self._rows = [
            [_matches(one.found, band, longest) for one, band in zip(kind, bands, strict=True)]
            for kind in self.tokens
        ]

    def tally(self, kind: int, run: range, start: int, size: int) -> tuple[float, float, float]:
        """Matched, elsewhere and unknown tokens of a run of passages against `size` others from `start` on."""
        rows, starts = self._rows[kind], self._starts
        matched = sum([rows[at][size - 1][start - starts[at]] for at in run])
        weight = self._weight[kind][run.stop] - self._weight[kind][run.start]
        unknown = self._unknown[kind][run.stop] - self._unknown[kind][run.start]
        root = math.sqrt(1 + weight + unknown)
        return matched / root, (weight - matched) / root, unknown / root

    def unlinked(self, kind: int, at: int) -> float:
        """The weight of a passage's tokens that are somewhere on the other side."""
        tokens = self.tokens[kind][at]
        return tokens.weight / math.sqrt(1 + tokens.known + tokens.unknown)


def _sums(values: Iterable[float]) -> list[float]:
    return list(accumulate(values, initial=0.0))


def _matches(found: dict[tuple[int, ...], float], band: range, longest: int) -> list[list[float]]:
    """Row `size - 1`: the weight of tokens in the `size` passages from each place of the band on."""
    width, first = len(band), band.start
    rows = [[0.0] * width for _ in range(longest)]
    for places, weight in found.items():
        for size, row in enumerate(rows, start=1):
            after = 0  # the first start whose run does not hold an earlier place
            for place in places:
                at = place - first
                for start in range(max(at - size + 1, after), min(at + 1, width)):
                    row[start] += weight
                after = max(after, at + 1)
    return rows


class Evidence:
    """All that two lists of passages hold that may tell which belong together."""

    def __init__(self, en: Sequence[str], zh: Sequence[str], lexicon: Lexicon | None) -> None:
        english = [unicodedata.normalize("NFKC", text[:LONGEST]) for text in en]
        chinese = [unicodedata.normalize("NFKC", text[:LONGEST]) for text in zh]
        found = _dictionary(english, chinese, lexicon), _numbers(english, chinese), _names(english, chinese)
        self.en = _Side([HAN_A_LETTER * _letters(text) for text in english], *(one[0] for one in found))
        self.zh = _Side([_units(text) for text in chinese], *(one[1] for one in found))

    def look(self, en_bands: Sequence[range], zh_bands: Sequence[range], longest: int) -> None:
        """Prepare for beads inside these bands: the Chinese starts of each English passage and the reverse."""
        self.en.look(en_bands, longest)
        self.zh.look(zh_bands, longest)

    def features(self, bead: Bead) -> Features:
        """The features of one bead inside the bands."""
        start_en, en_size, start_zh, zh_size = bead
        if not (en_size and zh_size):
            side, at = (self.en, start_en) if en_size else (self.zh, start_zh)
            anchors = side.unlinked(_NUMBERS, at) + side.unlinked(_NAMES, at)
            return Features(0, 1, 0, 0, 0, 0, side.unlinked(_WORDS, at), 0, 0, anchors)
        run_en, run_zh = range(start_en, start_en + en_size), range(start_zh, start_zh + zh_size)
        words, elsewhere, unknown = self._tally(_WORDS, run_en, run_zh)
        figures, others, lost = self._tally(_NUMBERS, run_en, run_zh)
        names, _, _ = self._tally(_NAMES, run_en, run_zh)
        units_en = self.en.units[run_en.stop] - self.en.units[run_en.start]
        units_zh = self.zh.units[run_zh.stop] - self.zh.units[run_zh.start]
        length = abs(units_zh - units_en) / math.sqrt(units_en + _SMOOTH)
        merged = float(en_size + zh_size > 2)
        return Features(merged, 0, length, words, elsewhere, unknown, 0, figures + names, others + lost, 0)

    def _tally(self, kind: int, run_en: range, run_zh: range) -> tuple[float, float, float]:
        english = self.en.tally(kind, run_en, run_zh.start, len(run_zh))
        chinese = self.zh.tally(kind, run_zh, run_en.start, len(run_en))
        return english[0] + chinese[0], english[1] + chinese[1], english[2] + chinese[2]


def _letters(text: str) -> int:
    return sum(map(len, _LATIN_OR_DIGIT.findall(text)))


def _units(text: str) -> float:
    return sum(map(len, _HAN.findall(text))) + LATIN_UNIT * _letters(text)


# -- words ---------------------------------------------------------------------------------------------------


def _dictionary(
    english: Sequence[str], chinese: Sequence[str], lexicon: Lexicon | None
) -> tuple[list[_Tokens], list[_Tokens]]:
    """The words of each passage that the dictionary brings together with the other side."""
    if lexicon is None:
        return [_NOTHING] * len(english), [_NOTHING] * len(chinese)
    stems = [dict.fromkeys(english_stems(text)) for text in english]
    words = [[word for word in dict.fromkeys(lexicon.words(text)) if lexicon.stems(word)] for text in chinese]
    of_stem = _places(stems)
    known = {
        word: [stem for stem in lexicon.stems(word) if stem in of_stem] for said in words for word in said
    }
    of_word = {
        word: tuple(sorted({place for stem in meant for place in of_stem[stem]}))
        for word, meant in known.items()
    }
    of_meaning = _places([{stem: None for word in said for stem in known[word]} for said in words])
    return [_tokens(one, of_meaning) for one in stems], [_tokens(one, of_word) for one in words]


def _places(passages: Sequence[Iterable[str]]) -> dict[str, tuple[int, ...]]:
    """The passages that each token is in."""
    places: dict[str, list[int]] = {}
    for at, tokens in enumerate(passages):
        for token in tokens:
            places.setdefault(token, []).append(at)
    return {token: tuple(where) for token, where in places.items()}


def _tokens(said: Iterable[str], places: Mapping[str, tuple[int, ...]]) -> _Tokens:
    """A token weighs 1 where one passage of the other side has it, less the more have it."""
    counts = Counter(places.get(token, ()) for token in said)
    unknown = counts.pop((), 0)
    told = {where: count for where, count in counts.items() if len(where) <= _COMMON}
    found = {where: count / len(where) for where, count in told.items()}
    return _Tokens(found, sum(found.values()), sum(told.values()), unknown)


# -- numbers and names ---------------------------------------------------------------------------------------


def _numbers(english: Sequence[str], chinese: Sequence[str]) -> tuple[list[_Tokens], list[_Tokens]]:
    """Numbers in any spelling; unknown are those that the other side should have."""
    en, zh = [numbers(text) for text in english], [numbers(text) for text in chinese]
    of_en = _places([sorted(one.values) for one in en])
    of_zh = _places([sorted(one.values) for one in zh])
    return [_figures(one, of_zh) for one in en], [_figures(one, of_en) for one in zh]


def _figures(said: Numbers, places: Mapping[str, tuple[int, ...]]) -> _Tokens:
    lost = {figure.value for figure in said.sure} - places.keys()
    return _tokens(sorted(said.values), places)._replace(unknown=len(lost))


def _names(english: Sequence[str], chinese: Sequence[str]) -> tuple[list[_Tokens], list[_Tokens]]:
    """Latin words that are on both sides: Chinese text has but names, acronyms and terms."""
    en, zh = [_latin(text) for text in english], [_latin(text) for text in chinese]
    of_en, of_zh = _places(en), _places(zh)
    return [_tokens(one, of_zh) for one in en], [_tokens(one, of_en) for one in zh]


def _latin(text: str) -> list[str]:
    return sorted({name.casefold() for name in _NAME.findall(text)})
