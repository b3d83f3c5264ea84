"""How far the titles of two records are one title, and what tells them apart: numbers, parts, a word."""

from __future__ import annotations

import re
from typing import Final

from harvester.features import Features
from harvester.leftovers import is_explained
from harvester.levels import DIFFER, SAME, UNKNOWN, ratio
from harvester.title_glossary import may_say_the_same
from harvester.title_keys import Title, rarity

_NEAR: Final = 94.0  # of 100: a slip of the pen
_CLOSE: Final = 86.0
_NEAR_HAN: Final = 96.0  # a character is a word: one in twenty may be a slip
_CLOSE_HAN: Final = 92.0
_RESPELT: Final = 70.0  # of the words in which two titles differ
_OPPOSITE: Final = re.compile(
    r"^(?:in|un|non|anti|im|pre|post|hyper|hypo|fe|wo|intra|extra|inter|exo|endo)(?=.{3})"
)
_LEAST_PART: Final = 18  # letters of a title without its subtitle

AGREEING: Final = frozenset({SAME, "near", "close", "main", "part"})  # levels of one title
_MUCH, _VERY_MUCH = 60, 100  # of rarity: five telling words, eight
_MAY_BE_EXPLAINED: Final = frozenset({"close", "part", "word", "related"})
_BEST: Final = (
    "same",
    "near",
    "same-short",
    "close",
    "main",
    "part",
    "word",
    "heading",
    "related",
    "foreign",
    "unlike",
)


def compare_titles(one: Features, other: Features) -> tuple[str, str, str, str]:
    """The levels of title, numbers, parts and marks."""
    title, numbers, parts, marks = _titles(one.titles, other.titles)
    if title in _MAY_BE_EXPLAINED and is_explained(one, other):
        return "near", UNKNOWN, UNKNOWN, marks
    return title, numbers, parts, marks


def _titles(ones: tuple[Title, ...], others: tuple[Title, ...]) -> tuple[str, str, str, str]:
    """The level of the two titles that are most alike, and what their numbers and marks say."""
    if not ones or not others:
        return UNKNOWN, UNKNOWN, UNKNOWN, SAME
    if len(ones) == len(others) == 1:
        one, other = ones[0], others[0]
        level = title_level(one, other)
    else:
        pairs = [(title_level(one, other), one, other) for one in ones for other in others]
        level, one, other = min(
            pairs, key=lambda pair: (_BEST.index(pair[0]), *sorted((pair[1].key, pair[2].key)))
        )
    if level == "foreign":
        if _is_translation(one, other):
            level = "translated"
        return level, _across(one.numbers, other.numbers), UNKNOWN, SAME
    if one.key == other.key:
        return level, SAME if one.numbers else UNKNOWN, SAME if one.parts else UNKNOWN, SAME
    marks = SAME if one.marks == other.marks else DIFFER
    return level, _numbers(one, other), _sets(one.parts, other.parts), marks


def telling(one: Features, other: Features) -> str:
    """How much two titles that are alike tell, by the rarity of their words."""
    least = min(max(title.weight for title in each.titles) for each in (one, other))
    return "very" if least >= _VERY_MUCH else "much" if least >= _MUCH else UNKNOWN


def are_unlike(ones: tuple[Title, ...], others: tuple[Title, ...]) -> bool:
    """Whether titles can be compared and none of the one is any of the other, by far."""
    is_compared = False
    for one in ones:
        for other in others:
            if one.is_han == other.is_han:
                if not _is_unlike(one, other):
                    return False
                is_compared = True
    return is_compared


def _is_unlike(one: Title, other: Title) -> bool:
    """Whether the level of two titles of one script is "unlike", told by what is cheap first: most pairs are."""
    if one.is_translated or other.is_translated or one.key == other.key:
        return False
    common = set(one.words).intersection(other.words)
    if 2 * sum(map(rarity, common)) >= min(one.weight, other.weight):
        return False
    if not (one.is_heading or other.is_heading) and ratio(
        one.key, other.key, score_cutoff=_CLOSE_HAN if one.is_han else _CLOSE
    ):
        return False
    return _part_of(one, other) is None


def title_level(one: Title, other: Title) -> str:
    """The level of two titles: their letters first, then their words."""
    if one.key == other.key:
        is_short = one.is_short and other.is_short  # where blanks were lost, a long title has few words
        return "heading" if one.is_heading else "same-short" if is_short else SAME
    if one.is_han != other.is_han:
        return "foreign"
    if not (one.is_heading or other.is_heading):
        near, close = (_NEAR_HAN, _CLOSE_HAN) if one.is_han else (_NEAR, _CLOSE)
        found = ratio(one.key, other.key, score_cutoff=close)
        if found and not one.is_han and not _is_slip(one.words, other.words):
            return "word"
        if found:
            return "near" if found >= near else "close"
    return _by_words(one, other)


def _is_slip(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether two titles that are nearly alike differ in spelling, not in a word that makes it another title."""
    ours, theirs = set(words), set(others)
    left = [one for one in words if one not in theirs and rarity(one) > 1]
    right = [one for one in others if one not in ours and rarity(one) > 1]
    if not left or not right:
        return True
    if len(left) == len(right) == 1 and _are_opposites(left[0], right[0]):
        return False
    return ratio("".join(left), "".join(right)) >= _RESPELT


def _are_opposites(one: str, other: str) -> bool:
    """Whether a prefix turns one into the other's contrary: "hypertension" and "hypotension", "men" and "women"."""
    return _OPPOSITE.sub("", one) == _OPPOSITE.sub("", other)


def _is_translation(one: Title, other: Title) -> bool:
    han, latin = (one, other) if one.is_han else (other, one)
    return han.is_han and not latin.is_han and may_say_the_same(han.key, latin.words)


def _by_words(one: Title, other: Title) -> str:
    """Word by word; two translations of one title need have no word in common."""
    level = _in_common(one, other)
    return (
        "foreign" if level in {"unlike", "related"} and (one.is_translated or other.is_translated) else level
    )


def _in_common(one: Title, other: Title) -> str:
    part = _part_of(one, other)
    if part is not None:
        return part
    common = sum(map(rarity, set(one.words).intersection(other.words)))
    least = min(one.weight, other.weight)
    if 2 * common < least:
        return "unlike"
    every = one.weight + other.weight - common
    if 20 * common >= 17 * every and not one.is_han:
        return "close" if _is_slip(one.words, other.words) else "word"
    is_enough = _is_enough(min(one, other, key=lambda title: len(title.key)))
    return "part" if is_enough and 25 * common >= 23 * least and least >= 40 and not one.is_han else "related"


def _part_of(one: Title, other: Title) -> str | None:
    """Whether one title is the other's main part or any part, letter by letter; None where it is not."""
    short, long = (one, other) if len(one.key) <= len(other.key) else (other, one)
    if short.key not in long.key or short.is_heading or not _is_enough(short):
        return None
    return "main" if short.key == long.main else "part"


def _is_enough(title: Title) -> bool:
    return len(title.key) >= (_LEAST_PART // 3 if title.is_han else _LEAST_PART) and not title.is_short


def _numbers(one: Title, other: Title) -> str:
    """Numbers are compared as a run of digits too: "mal 3 p" is "mal3p"."""
    level = _sets(one.numbers, other.numbers)
    if level == DIFFER and "".join(filter(str.isdigit, one.key)) == "".join(filter(str.isdigit, other.key)):
        return SAME
    return level


def _sets(ones: tuple[str, ...], others: tuple[str, ...]) -> str:
    """Same; or one of the two has more ("one"); or each has what the other has not ("differ")."""
    if ones == others:
        return SAME if ones else UNKNOWN
    return "one" if set(ones) <= set(others) or set(others) <= set(ones) else DIFFER


def _across(ones: tuple[str, ...], others: tuple[str, ...]) -> str:
    """Numbers in two languages: only large ones are always written in digits."""
    large = [{one for one in each if len(one) > 1} for each in (ones, others)]
    if not large[0] or not large[1]:
        return UNKNOWN
    return SAME if large[0] & large[1] else "one"
