"""Whether a Han name and a Latin one can be the same name, read aloud."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from itertools import islice, product
from typing import Final

from harvester.pinyin import char_readings
from harvester.pinyin import family_readings as family_readings_of
from harvester.text import fold_han

_LETTERS: Final = re.compile("[a-z]+")
_MOST_READINGS: Final = 32  # of one name with characters of many readings
# Wade-Giles, Cantonese and common Taiwan spellings beside Pinyin: initials and finals that sound alike fall together.
_ALIKE: Final = (
    (r"^(?:zh|ch|j|ts|tz|q|z|c)", "j"), (r"^(?:sh|hs|x|s)", "s"), (r"^(?:b|p)", "b"), (r"^(?:d|t)", "d"), (r"^(?:g|k)", "g"),
    (r"^(?:r)", "j"), (r"^y(?=[ei])", ""), (r"^yu", "u"), (r"^wu", "u"), (r"ueh$|ue$|uo$|o$", "o"), (r"ih$|i$", "i"), (r"eh$|e$", "e"),
    (r"ieh$|ie$", "e"), (r"iu$|iou$|iow$", "u"), (r"ung$|ong$|iong$|iung$", "ung"), (r"eng$|ing$", "ing"), (r"ian$|ien$|en$", "en"), (r"uei$|ui$|wei$", "ui"), (r"aw$|au$|ao$", "ao"),
)  # fmt: skip


class Reading(StrEnum):
    """How two names in two scripts go together."""

    AGREE = "agree"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"


@lru_cache(maxsize=8192)
def reads_as(han_name: str, latin_name: str) -> Reading:
    """Whether `latin_name` ("Wang Xiaoming", "Xiao-Ming Wang", "X. M. Wang") can be the reading of `han_name`.

    UNKNOWN where one of them is no personal name of two to four characters, or the spelling is none of Mandarin's.
    """
    han = fold_han(han_name).strip()
    words = _LETTERS.findall(_plain(latin_name))
    if not words or not 2 <= len(han) <= 4:
        return Reading.UNKNOWN
    for family, given in _readings(han):
        if _fits(family, given, words):
            return Reading.AGREE
    if any(_sounds_alike(family, given, words) for family, given in _readings(han)):
        return Reading.AGREE
    return _verdict(_readings(han), words)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFD", text.lower().replace("ü", "v"))
    return "".join(one for one in text if not "\u0300" <= one <= "\u036f")


@lru_cache(maxsize=8192)
def _readings(han: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(family, given syllables) in every reading of the characters."""
    syllables = [family_readings_of(han[0]), *map(char_readings, han[1:])]
    if not all(syllables):
        return ()
    return tuple((one[0], one[1:]) for one in islice(product(*syllables), _MOST_READINGS))


def family_readings(han: str) -> tuple[str, ...]:
    """The Pinyin of a Han name's first character, the usual reading of a surname first; "" is never in it."""
    found = dict.fromkeys(family for family, _ in _readings(fold_han(han).strip()))
    return tuple(found)


def _fits(family: str, given: tuple[str, ...], words: list[str]) -> bool:
    whole = "".join(given)
    initials = "".join(one[0] for one in given if one)
    for at in {0, len(words) - 1}:
        rest = "".join(words[:at] + words[at + 1 :])
        if words[at] == family and rest in {whole, whole.replace("v", "u"), initials, initials[:1]}:
            return True
    return "".join(words) in {family + whole, whole + family}


def _sounds_alike(family: str, given: tuple[str, ...], words: list[str]) -> bool:
    """The same syllables in another romanisation: "Li Tsung-Yu", "Chiou Haw-Jeng"."""
    if len(words) != len(given) + 1 or min(map(len, words)) < 2:
        return False
    blurred = [_blur(one) for one in words]
    expected = [_blur(one) for one in given]
    return blurred in ([_blur(family), *expected], [*expected, _blur(family)])


def _verdict(readings: tuple[tuple[str, tuple[str, ...]], ...], words: list[str]) -> Reading:
    """CONFLICT only where both are plainly Mandarin and differ even where all that sounds alike falls together."""
    if not readings:
        return Reading.UNKNOWN
    blurred = [_blur(one) for one in words if len(one) > 1]
    for family, _ in readings:
        if _blur(family) in blurred:
            return Reading.UNKNOWN
    families = {family for family, _ in readings}
    is_near = any(one[:1] == family[:1] for one in words for family in families)
    return Reading.UNKNOWN if is_near else Reading.CONFLICT


def _blur(syllable: str) -> str:
    for pattern, sound in _ALIKE:
        syllable = re.sub(pattern, sound, syllable)
    return syllable
