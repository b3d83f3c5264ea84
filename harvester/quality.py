"""Checks of a translation against its original: pass, review or reject, with reasons a librarian understands.

Translations by people, machines and aggregators are held to every number and sentence. Parallel texts by the
authors themselves are free adaptations: what they leave out is no fault; that they are of another record is.
"""

from __future__ import annotations

import math
import re
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from harvester.alignment import align
from harvester.garble import find_chatter, find_loop, find_mojibake
from harvester.language import HAN, without_glosses
from harvester.lexicon import Lexicon
from harvester.likeness import HAN_LETTERS, Likeness, compare, even, is_chinese_text, passages
from harvester.losses import fewer_numbers, lost_in_place, lost_sentences
from harvester.messages import Message, message
from harvester.model import Origin

Field = Literal["title", "abstract"]


class Status(StrEnum):
    """What is to be done with a translation."""

    PASS = "pass"  # noqa: S105  a word of the contract
    REVIEW = "review"
    REJECT = "reject"


class Flag(NamedTuple):
    """A reason: the key of a message, and what it points to (numbers, acronyms, words of the text)."""

    key: str
    tokens: tuple[str, ...] = ()

    def message(self) -> Message:
        """The reason in the reader's language."""
        return message(self.key, tokens=", ".join(self.tokens))


class Verdict(NamedTuple):
    """`score` is 0 (no translation of this) to 1 (nothing found); rejected texts are below 0.5, others not."""

    status: Status
    score: float
    flags: tuple[Flag, ...]


class Weights(NamedTuple):
    """A logistic sum over the likeness of a pair: above its threshold the fault is there.

    `strict` is the threshold for translations, `free` that for parallel texts of the authors.
    """

    bias: float
    terms: tuple[tuple[str, float], ...]
    strict: float
    free: float

    def excess(self, likeness: Likeness, origin: Origin) -> float:
        """How far the sum is above the threshold; negative where nothing is found."""
        total = sum(weight * float(getattr(likeness, name) or 0) for name, weight in self.terms)
        return self.bias + total - (self.strict if origin in FAITHFUL else self.free)


FAITHFUL: Final = frozenset({Origin.HUMAN, Origin.MACHINE, Origin.AGGREGATOR})
_BY_PEOPLE: Final = frozenset(
    {Origin.HUMAN, Origin.AUTHOR, Origin.PUBLISHER}
)  # who spell an acronym out, or drop it

# `benchmarks/fit_checks.py` fits these (logistic, L2 0.5) on translators', machines' and authors' pairs together, wrong
# records being neighbours in length, and prints what they reach on records held out. Thresholds by the same
# figures: abstracts 1 true pair in 100 is rejected, titles 3 in 100.
OTHER_RECORD: Final[dict[Field, Weights]] = {
    "abstract": Weights(
        bias=7.09,
        terms=(("english_found", -10.31), ("chinese_found", -9.74), ("figures", -1.11), ("names", -2.61)),
        strict=0.0,
        free=0.3,
    ),
    "title": Weights(
        bias=6.07,
        terms=(("english_found", -11.76), ("chinese_found", -9.45), ("figures", -1.36), ("names", -2.47)),
        strict=-0.15,
        free=0.4,
    ),
}
# On titles; abstracts are far from it on either side.
SHUFFLED: Final = Weights(6.09, (("joined", -12.24),), strict=-0.1, free=1.3)
# Machines forget the last full stop: at 0 one good text in twenty of theirs would be rejected.
CUT_OFF: Final = Weights(
    -3.78, (("length", -6.11), ("tail_found", -2.3), ("stops_early", 4.44)), strict=0.9, free=0.9
)
TOO_MUCH: Final = Weights(-3.69, (("length", 8.97), ("tail_meant", -4.04)), strict=0.0, free=0.0)
NEARLY: Final = 1.0  # below a threshold by no more than this: a person should look

# Shares of a translation that is in the other language's words; the real texts stay below a third of them.
_LEFT_SHARE: Final[dict[Field, float]] = {"abstract": 0.15, "title": 0.5}
_PROSE_WORDS: Final = 5  # Latin words in a row are prose, fewer a name
_SHORTENED: Final = 0.1  # log length below which a sentence may be missing; above it one hardly ever is
_SENTENCE: Final = {True: 16, False: 40}  # characters of a Chinese, an English sentence worth a remark
_LONG: Final = {True: 40, False: 120}  # characters of a text whose length says something
_SHOWN: Final = 60  # characters of it
_OFTEN: Final = 2  # times an acronym is used before its loss is more than a style
_REVIEW_SCORE: Final = 0.6  # a number or acronym is doubtful, the text as a whole is not

_HAN_RUN: Final = re.compile(f"[{HAN}]+")
_OTHERS: Final = re.compile(f"[^{HAN}]{{{2 * _PROSE_WORDS},}}")  # what may be so many words
_LATIN_WORD: Final = re.compile(r"[A-Za-z][a-z'’-]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")


def check(
    original: str, translation: str, *, field: Field, origin: Origin, lexicon: Lexicon | None = None
) -> Verdict:
    """Whether `translation` can be what `original` says in the other of English and Chinese.

    `origin` is who made the translation. Without a dictionary a wrong record is not found out, and the flags
    say so. Nothing raises, whatever the texts are; they are read as far as 20,000 characters.
    """
    if not _LETTERS.search(original):
        return Verdict(Status.REVIEW, _REVIEW_SCORE, (Flag("check-no-original"),))
    if not translation.strip():
        return Verdict(Status.REJECT, 0.0, (Flag("check-empty"),))
    broken = _broken(original, translation) or _untranslated(original, translation, field)
    if broken is not None:
        return Verdict(Status.REJECT, 0.0, (broken,))
    likeness = compare(original, translation, lexicon)
    faults = _faults(likeness, original, field, origin)
    remarks = _remarks(likeness, original, field, origin)
    if not faults and field == "abstract" and origin in FAITHFUL:
        remarks += _by_sentence(original, translation, likeness, lexicon)
    return _verdict(faults, remarks, lexicon)


def _broken(original: str, translation: str) -> Flag | None:
    """What makes it no translation of anything; an original that has the same is translated rightly."""
    if (characters := find_mojibake(translation)) is not None:
        return Flag(
            "check-mojibake", tuple(ascii(one)[1:-1] if not one.isprintable() else one for one in characters)
        )
    if (unit := find_loop(translation)) is not None and find_loop(original) is None:
        return Flag("check-loop", (unit,))
    if (talk := find_chatter(translation)) is not None and find_chatter(original) is None:
        return Flag("check-chatter", (talk,))
    return None


# -- translated at all ---------------------------------------------------------------------------------------


def _untranslated(original: str, translation: str, field: Field) -> Flag | None:
    first, second = even(original), even(translation)
    from_chinese = is_chinese_text(first)
    if first.split(None, 1)[:1] == second.split(None, 1)[:1] and first.split() == second.split():
        return Flag("check-untranslated") if from_chinese or _prose(first) else None
    if not from_chinese and not _HAN_RUN.search(second):
        return Flag("check-untranslated") if _prose(first) else None
    if from_chinese and not _LATIN_WORD.search(second):
        return Flag("check-untranslated")
    left = _left_share(second, from_chinese)
    if left < _LEFT_SHARE[field]:
        return None
    if left > 1 - _LEFT_SHARE["abstract"]:
        return Flag("check-untranslated")
    return Flag("check-half-untranslated", (f"{left:.0%}",))


def _prose(text: str) -> bool:
    """Whether a Latin text is more than one name or acronym, which stay as they are."""
    words = [word for word in _LATIN_WORD.findall(text) if len(word) > 3 and word[1:].islower()]
    return len(words) > 1


def _left_share(translation: str, from_chinese: bool) -> float:
    """Which part of a translation is in the language of its original; glosses in brackets and names are not."""
    han = HAN_LETTERS * sum(map(len, _HAN_RUN.findall(translation)))
    bare = translation if from_chinese else without_glosses(translation)
    latin = sum(map(_prose_letters, _OTHERS.findall(bare)))
    return (han if from_chinese else latin) / ((han + latin) or 1)


def _prose_letters(run: str) -> int:
    words = _LATIN_WORD.findall(run)
    return sum(map(len, words)) if sum(map(str.islower, words)) >= _PROSE_WORDS else 0


# -- the verdict ---------------------------------------------------------------------------------------------


def _faults(
    likeness: Likeness, original: str, field: Field, origin: Origin
) -> list[tuple[Flag, float, bool]]:
    """Flag, excess over its threshold, and whether it is reason enough to reject."""
    faults = []
    is_faithful = origin in FAITHFUL
    # Two short sentences may differ in length by any factor.
    is_long = len(original) >= _LONG[is_chinese_text(original)]
    if likeness.joined is not None:
        faults.append((Flag("check-shuffled"), SHUFFLED.excess(likeness, origin), True))
    if likeness.english_found is not None:
        faults.append((Flag("check-other-record"), OTHER_RECORD[field].excess(likeness, origin), True))
    if field == "abstract":
        faults.append((Flag("check-cut-off"), CUT_OFF.excess(likeness, origin), is_faithful and is_long))
        faults.append((Flag("check-too-much"), TOO_MUCH.excess(likeness, origin), is_faithful and is_long))
    return [fault for fault in faults if fault[1] > -NEARLY]


def _remarks(likeness: Likeness, original: str, field: Field, origin: Origin) -> list[tuple[Flag, bool]]:
    """Flag, and whether a person should look at it."""
    remarks = []
    is_faithful = origin in FAITHFUL
    if likeness.differing.lost:
        remarks.append((Flag("check-numbers-lost", likeness.differing.lost), is_faithful))
    if likeness.differing.added:
        remarks.append((Flag("check-numbers-added", likeness.differing.added), is_faithful))
    names = tuple(name for name in likeness.lost_names if f"{name}:" not in original)  # a section's label
    if names and origin in _BY_PEOPLE:
        names = tuple(name for name in names if not _is_gloss(name, original))
    if names:
        asks = origin not in _BY_PEOPLE or field == "title" or original.count(names[0]) >= _OFTEN
        remarks.append((Flag("check-acronyms-lost", names), is_faithful and asks))
    return remarks


def _is_gloss(name: str, original: str) -> bool:
    """Whether an original has a name in brackets only, behind what it stands for: people leave it out."""
    around = re.findall(rf"(.?){re.escape(name)}s?(.?)", original)
    return all(before in {"(", "（", "["} or after in {")", "）", "]"} for before, after in around)


def _by_sentence(
    original: str, translation: str, likeness: Likeness, lexicon: Lexicon | None
) -> list[tuple[Flag, bool]]:
    """What only a look at sentence beside sentence shows: sentences that have no partner, numbers lost in their place."""
    from_chinese = is_chinese_text(even(original))
    sides = (
        passages(original, is_chinese=from_chinese),
        passages(translation, is_chinese=not from_chinese),
    )
    fewer = fewer_numbers(*sides) - set(likeness.differing.lost)
    if likeness.length >= _SHORTENED and not fewer:
        return []
    english, chinese = reversed(sides) if from_chinese else sides
    links = align(english, chinese, lexicon)
    pairs = [
        (link.zh, link.en, link.score) if from_chinese else (link.en, link.zh, link.score) for link in links
    ]
    flags = []
    if likeness.length < _SHORTENED:
        lost = [one for one in lost_sentences(sides[0], pairs) if len(one) >= _SENTENCE[from_chinese]]
        shown = tuple(one if len(one) <= _SHOWN else f"{one[:_SHOWN]}…" for one in lost)
        flags += [Flag("check-sentences-lost", shown)] if shown else []
    if numbers := lost_in_place(*sides, pairs, fewer):
        flags.append(Flag("check-numbers-lost", numbers))
    return [(flag, True) for flag in flags]


def _verdict(
    faults: list[tuple[Flag, float, bool]], remarks: list[tuple[Flag, bool]], lexicon: Lexicon | None
) -> Verdict:
    flags = [flag for flag, _, _ in faults] + [flag for flag, _ in remarks]
    if lexicon is None:
        flags.append(Flag("check-no-dictionary"))
    doubts = [_doubt(excess, binding) for _, excess, binding in faults]
    doubts += [1 - _REVIEW_SCORE for _, asks in remarks if asks]
    score = round(1 - max(doubts, default=0.0), 3)
    if any(excess > 0 and binding for _, excess, binding in faults):
        return Verdict(Status.REJECT, min(score, 0.499), tuple(flags))
    status = Status.REVIEW if doubts else Status.PASS
    return Verdict(status, max(score, 0.5), tuple(flags))


def _doubt(excess: float, binding: bool) -> float:
    sure = 1 / (1 + math.exp(-max(-30.0, min(30.0, excess))))
    return sure if binding else sure / 2
