"""What speaks for and against one text being the translation of another: measured, not judged.

Everything is the same for both directions, blind to the width of punctuation and to simplified or traditional.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from harvester.language import HAN
from harvester.lexicon import TELLING_STEMS, Lexicon
from harvester.numbers import Differences, Passages, differences, numbers_of
from harvester.sentences import sentences
from harvester.text import fold_han, nfkc

LONGEST: Final = 20_000  # characters whose words are looked at
HAN_LETTERS: Final = 3.5  # Latin letters that say what one Han character says
_HAN_RUN: Final = re.compile(f"[{HAN}]+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_WORD_OR_FIGURE: Final = re.compile(r"[^\W_]+")
_LETTER: Final = re.compile(r"[A-Za-z0-9]+")
_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]+")
_CAPITALS: Final = re.compile(r"[A-Z][a-z0-9]{0,12}[A-Z][A-Za-z0-9]{0,12}")
_NUMBERED: Final = re.compile(r"[A-Z](?<![A-Za-z0-9-].)[a-z]?\d{1,3}(?![A-Za-z0-9])")  # D28, B12, Th17
_BEFORE: Final = re.compile(r"(?<![A-Za-z0-9])[a-z0-9]{0,12}$")
_HAN_PER_LETTER: Final = 0.29  # length of a Chinese text by that of its English one; median of the good pairs
_LATIN_WEIGHT: Final = 0.35  # a Latin letter in a Chinese text, a Han character being 1
_MOST_WORDS: Final = 50_000  # English ones that are remembered
_STEM: Final = 6  # letters: "hepati" joins hepatic and hepatitis
_GLUED_WORD: Final = 14  # letters; longer ones are mostly words that a scan has glued together
_GLUED_SHARE: Final = 0.15
_ENDS: Final = frozenset("。.!?！？；;)）]】”\"’'")
_TAIL: Final = 0.4  # of the terms, in the order of their first use
_FEW: Final = 6  # terms or characters; of fewer no share is taken
_LONGEST_ACRONYM: Final = 6  # letters; longer ones are words in capitals
_TRANSLATED: Final = frozenset(
    ["WHO", "UN", "EU", "US", "USA", "UK", "AI", "II", "III", "IV", "VI", "VII", "VIII", "IX", "XI", "XII"]
)  # Chinese writes them in Han, or as digits


class Likeness(NamedTuple):
    """Shares are 0 to 1, smoothed so that short texts say little; None where there is no dictionary."""

    english_found: float | None  # of the English words, those that a Han word of the other text may mean
    chinese_found: float | None  # of the Han words, those whose meaning is in the English text
    joined: float | None  # of the translation's Han characters, those in words of two or more
    tail_found: float  # the share found of the end of the original, less that of the whole of it
    tail_meant: float  # the same of the translation
    length: float  # log of the translation's length by the one expected; 0 as expected, 0.7 twice as long
    stops_early: int  # 1: only the original ends in a full stop; -1: only the translation does
    figures: float  # numbers: 1 the same in both, 0 none, -1 all different
    names: float  # Latin words of the Chinese text: 1 all in the English one, -1 none of them
    differing: Differences  # numbers that only the original has, that only the translation has
    lost_names: tuple[str, ...]  # acronyms of the original that the translation has not


@lru_cache(16)  # a check asks several times
def _amounts(text: str) -> tuple[int, int]:
    """Han characters, and Latin letters and digits."""
    if text.isascii():
        return 0, len(text)
    han = len("".join(_HAN_RUN.findall(text)))
    return han, len("".join(_LETTER.findall(text))) if han else len(text)


def is_chinese_text(text: str) -> bool:
    """Whether more is said in Han than in Latin letters."""
    han, letters = _amounts(text)
    return bool(han) and han * HAN_LETTERS >= letters


@lru_cache(16)  # a check asks several times
def even(text: str) -> str:
    """The beginning of a text, width and script variant made even."""
    text = text[:LONGEST]
    return text if text.isascii() else fold_han(nfkc(text))


def passages(text: str, *, is_chinese: bool) -> Passages:
    """The sentences of a text, as far as it is looked at."""
    return tuple(sentences(text[:LONGEST], "zh" if is_chinese else "en"))


def compare(original: str, translation: str, lexicon: Lexicon | None) -> Likeness:
    """How alike a pair is of which one text is Chinese, the other English; either may be the original."""
    first, second = even(original), even(translation)
    from_chinese = is_chinese_text(first)
    chinese, english = (first, second) if from_chinese else (second, first)
    words = [] if lexicon is None else lexicon.words(chinese)
    found, meant = (None, None) if lexicon is None else _counterparts(english, words, lexicon)
    of_original, of_translation = (meant, found) if from_chinese else (found, meant)
    said = passages(original, is_chinese=from_chinese), passages(translation, is_chinese=not from_chinese)
    differing = differences(*said)
    return Likeness(
        english_found=None if found is None else _share(found, 3),
        chinese_found=None if meant is None else _share(meant, 3),
        joined=None if lexicon is None or from_chinese else _joined(chinese, words),
        tail_found=_tail(of_original),
        tail_meant=_tail(of_translation),
        length=_length(chinese, english) * (-1 if from_chinese else 1),
        stops_early=_ends(first) - _ends(second),
        figures=_figures(*said, differing),
        names=_names(chinese, english),
        differing=differing,
        lost_names=_lost_names(first, second),
    )


# -- words ---------------------------------------------------------------------------------------------------


class _Meanings(dict[str, frozenset[str]]):
    """By Han word the beginnings of the stems that it may mean."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def __missing__(self, word: str) -> frozenset[str]:
        self[word] = found = frozenset([one[:_STEM] for one in self._lexicon.stems(word)])
        return found


@lru_cache(2)
def _meanings(lexicon: Lexicon) -> _Meanings:
    return _Meanings(lexicon)


class _ShortStems(dict[str, str]):
    """By English word the beginning of its stem; nothing of words that tell nothing, and of those glued together."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_WORDS:
            self.clear()
        self[word] = found = TELLING_STEMS[word][:_STEM] if len(word) <= _GLUED_WORD else ""
        return found


_SHORT_STEMS: Final = _ShortStems()


def _counterparts(
    english: str, words: Sequence[str], lexicon: Lexicon
) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
    """For each English term, and each of the Chinese words, in the order of first use: has it a counterpart."""
    written = _words(english)
    terms = dict.fromkeys(map(_SHORT_STEMS.__getitem__, written))
    terms.pop("", None)
    asked, glued = set(terms), _glued(written)
    meanings = _meanings(lexicon)
    said: list[frozenset[str]] = []
    meant: list[bool] = []
    for word in dict.fromkeys(words):
        meaning = meanings[word]
        is_found = not asked.isdisjoint(meaning)
        if is_found:
            said.append(meaning)
        if meaning and len(word) > 1:
            meant.append(is_found or (bool(glued) and _is_in(glued, meaning)))
    known = set[str]().union(*said)
    return tuple(map(known.__contains__, terms)), tuple(meant)


def _joined(chinese: str, words: Sequence[str]) -> float | None:
    han, _ = _amounts(chinese)
    together = sum([size for size in map(len, words) if size > 1])
    return (together + 1) / (han + 2) if han >= _FEW else None


def _is_in(glued: str, meaning: frozenset[str]) -> bool:
    return any(len(stem) >= _STEM - 1 and stem in glued for stem in meaning)


def _glued(written: Sequence[str]) -> str:
    """All letters of an English text whose blanks a scan has lost; else nothing."""
    long = sum([size for size in map(len, written) if size > _GLUED_WORD])
    if not long:
        return ""
    letters = "".join(written)
    return letters.casefold() if long > _GLUED_SHARE * len(letters) else ""


def _share(found: Sequence[bool], doubt: int) -> float:
    return (sum(found) + 1) / (len(found) + doubt)


def _tail(found: Sequence[bool] | None) -> float:
    """How much better (or worse: negative) the end of a text is found than the whole of it."""
    if found is None or len(found) < _FEW:
        return 0.0
    return _share(found[-round(len(found) * _TAIL) :], 2) - _share(found, 2)


# -- length, numbers, names ----------------------------------------------------------------------------------


def _length(chinese: str, english: str) -> float:
    han, latin = _amounts(chinese)
    said = han + _LATIN_WEIGHT * (latin if han else len("".join(_LETTER.findall(chinese))))
    letters = len(_letters(english))
    return math.log((said + 1) / (_HAN_PER_LETTER * letters + 1))


def _ends(text: str) -> int:
    return int(text.rstrip()[-1:] in _ENDS)


def _figures(first: Passages, second: Passages, differing: Differences) -> float:
    unlike = len(differing.lost) + len(differing.added)
    ours, theirs = numbers_of(first).sure, numbers_of(second).sure
    common = len({one.value for one in ours} & {one.value for one in theirs}) if ours and theirs else 0
    return (common - unlike) / (1 + common + unlike)


def _names(chinese: str, english: str) -> float:
    written = {name.replace("-", "").casefold() for name in _LATIN.findall(chinese)}
    if not written:
        return 0.0
    letters = _letters(english)
    hits = sum(name in letters for name in written)
    return (2 * hits - len(written)) / (1 + len(written))


@lru_cache(16)
def _letters(text: str) -> str:
    return "".join(_runs(text)).casefold()


@lru_cache(16)
def _runs(text: str) -> list[str]:
    """Runs of letters and digits."""
    return _WORD_OR_FIGURE.findall(text)


def _words(text: str) -> list[str]:
    """Runs of letters."""
    runs = _runs(text)
    if _letters(text).isalpha():
        return runs
    return [word for run in runs for word in ((run,) if run.isalpha() else _WORD.findall(run))]


def _lost_names(original: str, translation: str) -> tuple[str, ...]:
    """Acronyms of the original, the most frequent first, that the translation has in no spelling.

    VAS, HeLa, BiLSTM, B12, the COVID of COVID-19; neither Study nor a whole word in capitals.
    """
    counts = Counter(filter(None, [_whole(found, original) for found in _CAPITALS.finditer(original)]))
    counts.update(_NUMBERED.findall(original))
    if not counts:
        return ()
    letters = _letters(translation)
    return tuple(
        name
        for name, _ in counts.most_common()
        if not (name.isupper() and len(name) > _LONGEST_ACRONYM)
        and name not in _TRANSLATED
        and name.casefold().removesuffix("s") not in letters
    )


def _whole(capitals: re.Match[str], text: str) -> str:
    """The word that two capitals are in, with the small letters and digits in front of them; "" inside a word."""
    start = capitals.start()
    if not start or not text[start - 1].isalnum():
        return capitals[0]
    before = _BEFORE.search(text[max(0, start - 14) : start])
    return before[0] + capitals[0] if before else ""
