"""The words under which an author is looked for beside the name as it stands: a Han name in Pinyin, joined and in either order."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from harvester.model import Contributor
from harvester.name_lists import CHINESE_COMMON, CHINESE_RARE, CHINESE_TOP
from harvester.name_order import is_initials, tokens_of
from harvester.namesakes import han_of, han_parts, latin_of
from harvester.pinyin import letters, spoken_names

_FAMILIES: Final = CHINESE_TOP | CHINESE_COMMON | CHINESE_RARE
_LONGEST: Final = 4  # words of a Chinese name in Latin letters: "Ou Yang Wei Ming"


def name_words(person: Contributor) -> str:
    """Words in Latin letters, a blank between them: 刘伟明 gives "liu weiming liu liuweiming weimingliu".

    A Latin name that may be Pinyin is joined as well: "Wei-Ming Liu" is found by "weiming liu". Empty for all others.
    """
    han, latin = han_of(person), latin_of(person)
    ways = (_of_han(*han_parts(person, han)) if han else ()) + (_of_latin(latin) if latin else ())
    return " ".join(dict.fromkeys(ways))


@lru_cache(maxsize=50_000)
def _of_han(family: str, given: str) -> tuple[str, ...]:
    return tuple(_written(*pair) for pair in spoken_names(family, given))


@lru_cache(maxsize=50_000)
def _of_latin(name: str) -> tuple[str, ...]:
    """No way for most names of the world, which have no family name of Chinese at either end."""
    words = [letters(one) for one in tokens_of(name)]
    if not 2 <= len(words) <= _LONGEST or not (words[0] in _FAMILIES or words[-1] in _FAMILIES):
        return ()
    if any(map(is_initials, tokens_of(name))):
        return ()
    ways = [(words[0], "".join(words[1:]))] if words[0] in _FAMILIES else []
    ways += [(words[-1], "".join(words[:-1]))] if words[-1] in _FAMILIES else []
    return tuple(_written(family, given) for family, given in ways)


def _written(family: str, given: str) -> str:
    """Both orders as words, so that either is a phrase, and both in one word."""
    family, given = (re.sub(r"[^a-z]", "", one) for one in (family, given))
    if not family or not given:
        return family or given
    return f"{family} {given} {family} {family}{given} {given}{family}"
