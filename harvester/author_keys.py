"""Authors made comparable: words and initials of each name, whatever its order and transliteration."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from harvester.model import Contributor
from harvester.name_lists import words as word_list
from harvester.text import HAN
from harvester.title_keys import fold

_HAN: Final = re.compile(f"[{HAN}]+")
_WORD: Final = re.compile(r"[^\W\d_]+")
# A letter that was lost on the way: "Kr?mer", or one of another alphabet within a Latin word.
_LOST: Final = re.compile(
    r"\ufffd|(?<=[a-z])\?+|\?+(?=[a-z])|(?<=[a-z])[\u0370-\u052f]+|[\u0370-\u052f]+(?=[a-z])"
)
_WORD_WITH_A_LOSS: Final = re.compile(r"[^\W\d_]*(?:\?[^\W\d_]*)+|[^\W\d_]+")
LOST: Final = "?"
_NOBODY: Final = re.compile(
    r"\W*(?:anon(?:ymous)?|et\.? ?al\.?|others?|unknown|n/?a|none|null|no authors? listed|not available|editors?|the editors?|staff|nil|-+|&na;"
    r"|佚名|不详|无|本刊(?:编辑部|讯|记者)?|编辑部|匿名)\W*"
)
_BODY: Final = re.compile(
    r"\b(?:groups?|consorti(?:um|a)|collaborat\w+|network|committee|society|association|organi[sz]ation|investigators|initiative|council|study|trial"
    r"|trialists|inc|ltd|gmbh|llc|corp|university|institute|department|ministry|centers? for|foundation|agency|company|pharmaceuticals|anthology|proposals?|editions?|standards?|press|editors)\b|协会|学会|委员会|课题组|协作组|中心"
)
_PARTICLES: Final = word_list(
    "de la le el al da di du del der den van von und dos das do y e st san ten ter zu bin ibn abu jr sr iii md phd prof dr"
)
_JOINED: Final = str.maketrans({"'": None, "’": None, "-": " "})
_MOST: Final = 30  # people that are looked at: a consortium of thousands is known by its first


class Person(Struct, frozen=True, array_like=True):
    """One author: words of two letters and more, sorted; initials of the single letters and of all words; Han name."""

    words: tuple[str, ...]
    initials: str  # sorted
    han: str | None
    family: str  # for keys: the likeliest family name, folded; LOST for letters that were lost
    name: str  # folded, in the order in which it was written
    is_body: bool  # a group, a company: it may stand beside its members or in their place


def read_people(contributors: tuple[Contributor, ...]) -> tuple[Person, ...]:
    """The authors, the first thirty; editors, "et al." and Anonymous are nobody."""
    return tuple(
        person
        for one in contributors[:_MOST]
        if one.role == "author" and (person := _person(one.name, one.family, one.name_zh)) is not None
    )


def is_nobody(name: str) -> bool:
    """Whether a name says that there is none: "et al.", "Anonymous", "佚名"."""
    return _NOBODY.fullmatch(fold(name).strip()) is not None


@lru_cache(maxsize=16384)
def _person(name: str, family: str | None, name_zh: str | None) -> Person | None:
    text = fold(name)
    if _NOBODY.fullmatch(text.strip()):
        return None
    han = None if name_zh is None and text.isascii() else _HAN.search(name_zh or "") or _HAN.search(text)
    bare = text.translate(_JOINED)
    is_damaged = _LOST.search(bare) is not None
    found = _WORD.findall(bare if han is None else _HAN.sub(" ", bare))
    longest = None
    if is_damaged:
        found = _WORD_WITH_A_LOSS.findall(_LOST.sub(LOST, bare))
        longest = _family(family, [one for one in found if len(one) > 1], found)
        found = [one for one in found if LOST not in one]
    if not found and han is None and longest is None:
        return None
    own = [one for one in found if one not in _PARTICLES]
    words = [one for one in own if len(one) > 1] or [one for one in found if len(one) > 1]
    initials = {letter for one in own for letter in (_initials(one, name) if len(one) <= 3 else one[0])}
    likeliest = longest or _family(family, words, found)
    is_body = len(text) > 6 and _BODY.search(text) is not None
    return Person(
        tuple(sorted(set(words))),
        "".join(sorted(initials)),
        fold(han[0]) if han else None,
        likeliest,
        text,
        is_body,
    )


def _initials(word: str, name: str) -> str:
    """The first letter; every letter of a run of capitals such as "KJ"."""
    return word if word.upper() in name else word[0]


def _family(family: str | None, words: list[str], found: list[str]) -> str:
    if family:
        text = fold(family)
        if not text.isascii() or LOST in text:
            text = _LOST.sub(LOST, text)
        return "".join(one for one in _WORD_WITH_A_LOSS.findall(text) if one not in _PARTICLES) or text
    return max(words, key=len) if words else "".join(found)
