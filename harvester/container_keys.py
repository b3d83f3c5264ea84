"""Journals, proceedings and books made comparable: abbreviations, subtitles, kinds."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from harvester.name_lists import words as word_list
from harvester.text import HAN
from harvester.title_keys import fold

_HAN: Final = re.compile(f"[{HAN}]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_TAIL: Final = re.compile(
    r"[.;:]?\s*\bconference(?:\(var\.pagings\))?:.*|\s*:\s.*|\s*[(\[（].*|\s+[=—–]+\s.*|\s+/\s.*|\s*\|.*|,\s*(?:series|part|section)\b.*",
    re.DOTALL,
)
_BROKEN_OFF: Final = re.compile(r"(?:…|\.\.\.|&\s?h(?:ellip)?;?)\s*,?\s*$")
_IN: Final = re.compile(r"^\s*(?:(?:to appear )?in[: ]+|appears in |appeared in )+")
_SMALL: Final = word_list(
    "the of and for in on a an to de la le les des du et der die das und fur fuer el los las del y di della delle e og och van het"
    " part series section online official journalof"
)
# Words that any proceedings may carry: where nothing else is left, the name says nothing.
_ANY: Final = word_list(
    "proceedings proceeding proc procs international intl int internat conference conf congress symposium symp workshop workshops annual"
    " meeting acm ieee advances rd nd st th first second third volume vol lecture notes hellip abstracts extended abstract"
    " technical report dept university appeared submitted publication preprint thesis phd ph"
)
_CONFERENCE: Final = re.compile(
    r"\b(?:proc|procs|proceedings?|conf|conference|symp|symposium|workshops?|congress|meeting|annual (?:acm|ieee))\b|会议|论文集|研讨会|年会"
)
_JOURNAL: Final = re.compile(
    r"\b(?:journal|j|jnl|jour|transactions?|trans|records?|letters?|lett|annals?|ann|archives?|arch|bulletin|bull|magazine|zeitschrift|review|reviews|rev"
    r"|acta|revista|revue|rivista|quarterly|gazette)\b|学报|杂志|期刊|通报|学刊"
)


class Venue(StrEnum):
    """What kind of container a name says it is."""

    CONFERENCE = "conference"
    JOURNAL = "journal"


@lru_cache(maxsize=8192)
def container_key(raw: str) -> str | None:
    """The name folded, without subtitle, place and what all proceedings are called; None where nothing is left."""
    text = _IN.sub("", fold(raw))
    short = _TAIL.sub("", text)
    words = _WORD.findall((short if len(short) > 3 else text).replace("'", "").replace("&", " "))
    kept = [one for one in words if one not in _SMALL] or words
    telling = [one for one in kept if one not in _ANY]
    if _BROKEN_OFF.search(text) and len(telling) < 4:
        return None  # "Proceedings of the International Conference on Very …"
    return " ".join(one for one in telling if one != "hellip") or None


@lru_cache(maxsize=8192)
def venue_of(raw: str) -> Venue | None:
    """Conference or journal, where the name says so."""
    text = _TAIL.sub("", fold(raw)) or fold(raw)
    if _CONFERENCE.search(text) and not re.search(
        r"proceedings of the (?:national academy|royal society|ieee$)|proc natl acad", text
    ):
        return Venue.CONFERENCE
    return Venue.JOURNAL if _JOURNAL.search(text) else None


@lru_cache(maxsize=32768)
def container_likeness(one: str, other: str) -> float | None:
    """From 0 (other words) to 1 (the same, or one's abbreviation); None where script or language keep it unknown."""
    if one == other:
        return 1.0
    if (_HAN.search(one) is None) != (_HAN.search(other) is None):
        return None
    if _HAN.search(one):
        return 1.0 if one in other or other in one else 0.0
    first, second = one.split(), other.split()
    if _is_acronym(first, second) or _is_acronym(second, first):
        return 1.0
    short, long = sorted((first, second), key=lambda words: (len(words), sum(map(len, words))))
    return _matched(short, long)


def _is_acronym(short: list[str], long: list[str]) -> bool:
    initials = "".join(one[0] for one in long)
    return len(long) >= 3 and len(short) == 1 and len(short[0]) >= 3 and initials.startswith(short[0])


def _matched(short: list[str], long: list[str]) -> float:
    """Words of the shorter name found in order in the longer one, over the mean of both."""
    at = found = 0
    for word in short:
        for place in range(at, len(long)):
            if _abbreviates(word, long[place]):
                found += 1
                at = place + 1
                break
    return 2 * found / (len(short) + len(long)) if found else 0.0


def _abbreviates(one: str, other: str) -> bool:
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if long.startswith(short):
        return True
    letters = iter(long)
    return len(short) > 3 and short[0] == long[0] and all(letter in letters for letter in short)
