"""Whether two names can be one person's: in one script or in two, in any order, in full or with initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from harvester.model import Contributor
from harvester.name_order import PARTICLES, is_initials, tokens_of
from harvester.names import is_collective, parse_name
from harvester.pinyin import Agreement, Verdict, Why, compare_pinyin, letters, name_keys
from harvester.text import HAN, compare_key, fold_han

# Letters that no decomposition takes apart, and how else they are written.
_PLAIN: Final = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})  # fmt: skip
_LONG: Final = str.maketrans({"ö": "oe", "ø": "oe", "ü": "ue", "ä": "ae", "å": "aa"})
_HAN_NAME: Final = re.compile(rf"[{HAN}]{{2,6}}|[{HAN}]+(?:[·•・‧．.][{HAN}]+)+")
_ALIKE: Final = 0.75  # of a family name's letters: Petrov and Petroff, Chernyshev and Chernishev
_MOST_CUTS: Final = 40  # a "name" of a dozen words is none
_SAME: Final = Verdict(Agreement.AGREE, Why.SAME)
_INITIALS: Final = Verdict(Agreement.AGREE, Why.INITIALS)
_SIMILAR: Final = Verdict(Agreement.UNKNOWN, Why.SIMILAR)

Parts = tuple[tuple[str, ...], tuple[str, ...]]  # the words of the family name, those of the given name


def han_of(person: Contributor) -> str | None:
    """The name in Han characters, without blank or comma ("刘伟明"); None where there is none, or initials."""
    for name in (person.name_zh, person.name):
        if name is None or name.isascii():
            continue
        bare = re.sub(r"[\s,，]", "", name)
        if _HAN_NAME.fullmatch(bare):
            return bare
    return None


def latin_of(person: Contributor) -> str | None:
    """The name in Latin letters, None where it is only known in Han."""
    if person.name.isascii():
        return person.name
    return None if re.search(f"[{HAN}]", person.name) else person.name


@lru_cache(maxsize=50_000)
def compare(one: Contributor, other: Contributor) -> Verdict:
    """Whether two contributors can be one: agree, conflict, or nobody can tell; the same in either direction."""
    if is_collective(one.name) or is_collective(other.name):
        is_same = compare_key(one.name) == compare_key(other.name)
        return _SAME if is_same else Verdict(Agreement.CONFLICT, Why.BODY)
    hans, latins = (han_of(one), han_of(other)), (latin_of(one), latin_of(other))
    if hans[0] and hans[1]:
        is_same = fold_han(hans[0]) == fold_han(hans[1])
        return _SAME if is_same else Verdict(Agreement.CONFLICT, Why.OTHER_FAMILY)
    if latins[0] and latins[1]:
        return _compare_latin(_cuts(one), _cuts(other))
    if hans[0] and latins[1]:
        return compare_pinyin(han_parts(one, hans[0]), latins[1])
    if hans[1] and latins[0]:
        return compare_pinyin(han_parts(other, hans[1]), latins[0])
    return Verdict(Agreement.UNKNOWN, Why.NOT_PINYIN)


@lru_cache(maxsize=20_000)
def handles(person: Contributor) -> frozenset[str]:
    """Strings of which two names that agree share at least one: to find whom it is worth comparing."""
    han, latin = han_of(person), latin_of(person)
    found = set()
    if han:
        found = {fold_han(han), *name_keys(*han_parts(person, han)).families}
    if latin:
        words = tokens_of(latin)
        found |= {letters("".join(words)), *map(letters, (*words, "".join(words[:2]), "".join(words[-2:])))}
        found |= {spelling for word in words for spelling in _spellings(word)}
    return frozenset(found)


# -- Han names ---------------------------------------------------------------------------------------------


def han_parts(person: Contributor, han: str) -> tuple[str, str]:
    """Family and given name of the Han name `han`; the family name is empty where nobody can tell."""
    if person.family and person.given and f"{person.family}{person.given}" == han:
        return person.family, person.given
    read = parse_name(han)
    return (read.family, read.given) if read.family and read.given else ("", han)


# -- Latin names -------------------------------------------------------------------------------------------


def _cuts(person: Contributor) -> tuple[Parts, ...]:
    """How the name is cut, by its source first; then in every other way that leaves the family name last."""
    words = tuple(tokens_of(person.name))
    told = (
        [(tuple(person.family.split()), tuple(person.given.split()))]
        if person.family and person.given
        else []
    )
    cuts = [(words[at:], words[:at]) for at in range(len(words) - 1, 0, -1)]
    return tuple(dict.fromkeys((*told, *cuts))) or ((words, ()),)


def _turned(cuts: Sequence[Parts]) -> list[Parts]:
    return [(given, family) for family, given in cuts]


def _compare_latin(ones: Sequence[Parts], others: Sequence[Parts]) -> Verdict:
    """The best that any two cuts say; what is no better than a conflict is judged by the first cuts."""
    if not ones[0][1] or not others[0][1]:
        is_same = ones[0] == others[0]
        return _SAME if is_same else Verdict(Agreement.UNKNOWN, Why.ONE_PART)
    first = _compare_parts(ones[0], others[0])
    if first == _SAME or len(ones) + len(others) > _MOST_CUTS:
        return first
    found = set(_verdicts(ones, others))
    return next((one for one in (_SAME, _INITIALS, _SIMILAR) if one in found), first)


def _verdicts(ones: Sequence[Parts], others: Sequence[Parts]) -> Iterator[Verdict]:
    # Turned round on both sides at once, a second family name would pass for a second given one.
    for mine, theirs in ((ones, others), (_turned(ones), others), (ones, _turned(others))):
        yield from (_compare_parts(one, other) for one in mine for other in theirs)


def _compare_parts(one: Parts, other: Parts) -> Verdict:
    given = _compare_given(one[1], other[1])
    mine, theirs = _spelled(one[0]), _spelled(other[0])
    if mine & theirs:
        return given
    is_conflict = given.agreement is Agreement.CONFLICT
    if not is_conflict and given.why is not Why.INITIALS and _is_alike(one[0], other[0], mine, theirs):
        return _SIMILAR
    return Verdict(Agreement.CONFLICT, Why.OTHER_FAMILY)


def _is_alike(one: Sequence[str], other: Sequence[str], mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether a family name may be a variant of the other, or one half of it."""
    halves = [{letters(part) for word in words for part in re.split("[-‐]", word)} for words in (one, other)]
    if (halves[0] & halves[1]) - PARTICLES:
        return True
    return any(SequenceMatcher(None, a, b).ratio() >= _ALIKE for a in mine for b in theirs)


def _compare_given(one: tuple[str, ...], other: tuple[str, ...]) -> Verdict:
    mine, theirs = _given_words(one), _given_words(other)
    if "".join(mine) == "".join(theirs) and any(len(word) > 1 for word in mine):
        return _SAME
    pairs = list(zip(mine, theirs, strict=False))
    if pairs and all(a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in pairs):
        return _SAME if any(a == b and len(a) > 1 for a, b in pairs) else _INITIALS
    if pairs and pairs[0][0][0] == pairs[0][1][0]:
        return _SIMILAR  # Bill and Benjamin begin alike, and so do Alexander and Aleksandr
    if pairs and sorted(word[0] for word in mine) == sorted(word[0] for word in theirs) and len(mine) > 1:
        return _SIMILAR
    return Verdict(Agreement.CONFLICT, Why.OTHER_GIVEN)


@lru_cache(maxsize=20_000)
def _given_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """The given names one by one, initials singly: "J.-P." and "JP" are "j", "p"; "Wei-Ming" is "wei", "ming"."""
    found: list[str] = []
    for word in words:
        if is_initials(word):
            found += letters(word)
        else:
            found += filter(None, map(_plain, re.split("[-‐.]", word)))
    return tuple(found)


@lru_cache(maxsize=20_000)
def _spelled(family: tuple[str, ...]) -> frozenset[str]:
    """How a family name may be spelled, particles in front or not."""
    start = next((at for at, word in enumerate(family) if word.casefold() not in PARTICLES), 0)
    return _spellings("".join(family)) | _spellings("".join(family[start:]))


@lru_cache(maxsize=20_000)
def _spellings(word: str) -> frozenset[str]:
    low = unicodedata.normalize("NFC", word.casefold())
    return frozenset(filter(None, (_plain(low), letters(low.translate(_LONG).translate(_PLAIN)))))


def _plain(word: str) -> str:
    return letters(word.casefold().translate(_PLAIN))
