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
    r"[.;:]?\s*\bconference(?:\(var\.pagings\))?:.*|\s*:\s.*|\s*[(\[（].*|\s+[=—–]+\s.*|\s+/\s.*|\s*\|.*|(?<=journal) (?:the|an) international journal\b.*|,\s*(?:series|part|section)\b.*",
    re.DOTALL,
)
_BROKEN_OFF: Final = re.compile(r"(?:…|\.\.\.|&\s*h(?:ellip)?\s*;?)[\s,;]*$")
_IN: Final = re.compile(r"^\s*(?:(?:to appear )?in[: ]+|appears in |appeared in )+")
_SMALL: Final = word_list(
    "the of and for in on a an to de la le les des du et der die das und fur fuer el los las del y di della delle e og och van het"
    " part series section online official journalof"
)
# Words that any proceedings may carry: where nothing else is left, the name says nothing.
_ANY: Final = word_list(
    "proceedings proceeding proc procs international intl int internat conference conf congress symposium symp workshop workshops annual"
    " meeting acm ieee advances rd nd st th first second third volume vol lecture notes hellip abstracts extended abstract"
    " technical report dept university appeared submitted publication preprint thesis phd ph l"
    " january february april june july august september october november december"
)
_CONFERENCE: Final = re.compile(
    r"\b(?:proc|procs|proceedings?|conf|conference|symp|symposium|workshops?|congress|meeting|annual (?:acm|ieee))\b|会议|论文集|研讨会|年会"
)
_JOURNAL: Final = re.compile(
    r"\b(?:journal|j|jnl|jour|transactions?|trans|records?|letters?|lett|annals?|ann|archives?|arch|bulletin|bull|magazine|zeitschrift|review|reviews|rev"
    r"|acta|revista|revue|rivista|quarterly|gazette)\b|学报|杂志|期刊|通报|学刊"
)


_BREAK: Final = "…"


class Venue(StrEnum):
    """What kind of container a name says it is."""

    CONFERENCE = "conference"
    JOURNAL = "journal"


@lru_cache(maxsize=8192)
def container_key(raw: str) -> str | None:
    """The name folded, without subtitle, place and what all proceedings are called; None where nothing is left."""
    text = _IN.sub("", fold(raw))
    short = _TAIL.sub("", text)
    if "," in short and _CONFERENCE.search(short):
        short = _told_first(short)
    words = _WORD.findall((short if len(short) > 3 else text).replace("'", "").replace("&", " "))
    kept = [one for one in words if one not in _SMALL] or words
    telling = [one for one in kept if one not in _ANY]
    key = " ".join(one for one in telling if one != "hellip")
    return f"{key} {_BREAK}" if key and _BROKEN_OFF.search(text) else key or None


def _told_first(text: str) -> str:
    """The name before its town, month and pages: "proc. of the paste conference, delft, may"; after them where nothing is before."""
    for part in text.split(","):
        if any(word not in _ANY and word not in _SMALL for word in _WORD.findall(part)):
            return part
    return text


@lru_cache(maxsize=8192)
def venue_of(raw: str) -> Venue | None:
    """Conference or journal, where the name says so."""
    folded = fold(raw)
    text = _TAIL.sub("", folded) or folded
    if "conference:" in folded and not _CONFERENCE.search(text):
        return None  # a congress within a journal's supplement is both
    if _CONFERENCE.search(text) and not re.search(
        r"proceedings of the (?:national academy|royal society|ieee$)|proc natl acad", text
    ):
        return Venue.CONFERENCE
    return Venue.JOURNAL if _JOURNAL.search(text) else None


@lru_cache(maxsize=8192)
def container_likeness(one: str, other: str) -> float | None:
    """From 0 (other words) to 1 (the same, or one's abbreviation); None where script or language keep it unknown."""
    if one == other:
        return 1.0
    if (_HAN.search(one) is None) != (_HAN.search(other) is None):
        return None
    if _HAN.search(one):
        return 1.0 if one in other or other in one else 0.0
    if _BREAK in one or _BREAK in other:
        return _broken_likeness(one.split(), other.split())
    first, second = one.split(), other.split()
    if _is_acronym(first, second) or _is_acronym(second, first):
        return 1.0
    return _matched(*_by_length(first, second))


def _by_length(first: list[str], second: list[str]) -> tuple[list[str], list[str]]:
    """The shorter one first, whichever it was."""
    short, long = sorted((first, second), key=lambda words: (len(words), sum(map(len, words)), words))
    return short, long


def _broken_likeness(first: list[str], second: list[str]) -> float | None:
    """1 where what is left of a name broken off begins the other one; unknown where too little is left."""
    if first[-1] == second[-1]:
        left, whole = _by_length(first, second)
    else:
        left, whole = (first, second) if first[-1] == _BREAK else (second, first)
    left, whole = left[:-1], [one for one in whole if one != _BREAK]
    if len(whole) == 1 and len(whole[0]) >= 3 and whole[0].startswith("".join(one[0] for one in left)):
        return 1.0 if len(left) > 1 else None
    begun = len(left) <= len(whole) and all(map(_abbreviates, left, whole))
    if len(left) < 2:
        return None if begun else 0.0
    return 1.0 if begun else _matched(*_by_length(left, whole))


def _is_acronym(short: list[str], long: list[str]) -> bool:
    """Whether one word is made of the first letters of the others; a compound may give a letter more ("VLDB")."""
    if len(short) != 1 or not 3 <= len(short[0]) <= 8:
        return False
    letters, words = short[0], [one for one in long if one != short[0]]
    if letters.startswith("sig") and len(letters) > 4:  # a special interest group
        letters = letters[3:]
    elif len(long) < 3:
        return False
    return "".join(one[0] for one in words).startswith(letters) or _is_spelt(letters, words)


def _is_spelt(letters: str, words: list[str]) -> bool:
    """Whether `letters` begin every word in turn, with at most one letter more, from within a word or for a small one."""
    if len(letters) != len(words) + 1:
        return False
    for at, word in enumerate(words, 1):
        initials = "".join(one[0] for one in words)
        if letters == initials[:at] + letters[at] + initials[at:] and letters[at] in word[2:] + "oafi":
            return True
    return False


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
