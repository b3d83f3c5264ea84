"""A text cut into its sentences, by the rules of its language; nothing but blanks is lost."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from harvester.language import HAN
from harvester.patterns import pattern

_CLOSING: Final = r"[”’」』）)】〕》〉\]\"']*"

# -- Chinese -------------------------------------------------------------------------------------------------

_STOP_ZH: Final = pattern(
    rf"(?P<mark>[。｡．！？!?]+|(?<=[{HAN})）】\dA-Za-z%％])\.(?=\s*[{HAN}“‘「『（(【]|\s*$)){_CLOSING}"
)
_MARK_ZH: Final = pattern("[。｡．！？!?.]")
# What follows a quoted question goes on with the sentence: “……？”的问题, “……！”等.
_GOES_ON_ZH: Final = pattern(r"\s*(?:[，、；：,;:。）)】」』]|[的等和与與及或这這那之])")
_OPENING_ZH: Final = "（(【〔《「『“‘["
_CLOSED_ZH: Final = dict(zip("）)】〕》」』”’]", _OPENING_ZH, strict=True))
_BRACKET_ZH: Final = pattern(f"[{re.escape(_OPENING_ZH + ''.join(_CLOSED_ZH))}]")
_LONGEST_ASIDE: Final = 300  # characters; a bracket that is open for longer is a slip

# -- English and others --------------------------------------------------------------------------------------

_STOP_EN: Final = pattern(rf"(?P<mark>[.!?…]+){_CLOSING}(?:(?=\s)|(?<=[a-z)\]]\.)(?=[A-Z][a-z]|[A-Z]\s)|$)")
_MARK_EN: Final = pattern("[.!?…]")
_BEGINS_EN: Final = pattern(r"\s*[\"'“‘(\[«¿¡]*(?:[^\W_a-z]|[αβγδ]-)")
_NEVER_LAST: Final = pattern(
    r"(?:\b(?:al|vs|i\.?\s?e|e\.?\s?g|cf|viz|figs?|eqs?|refs?|vols?|pp|ca|approx|dr|drs|prof|mr|mrs|ms|st|spp|subsp"
    r"|var|ssp|resp|dept|univ|suppl|jan|feb|aug|sept?|oct|nov|dec)|(?:^|\s)(?:p|c|v)|\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z])\.$",
    re.IGNORECASE,
)
# After "vitamin C." and "in the U.S." one of these begins a sentence; a name does not.
_OPENERS: Final = pattern(
    r"\s*[\"'“(\[]*(?:The|This|These|Those|That|There|We|Our|It|Its|In|On|At|For|From|With|After|Before|However|Moreover|Furthermore"
    r"|Therefore|Thus|Although|While|When|Our|Both|Results?|Methods?|Conclusions?|Patients|All|No|As|To|By|A|An|If|Here|They|Among)\b"
)
_ITEM: Final = pattern(r"\s*[(（]\s?(?:\d{1,2}|[a-zivx]{1,4})\s?[)）]")
_NUMBERING: Final = pattern(r"(?:^|[.:;]\s|[。：；])\s*[(（]?\d{1,2}\.$")
_DIGIT_BEFORE: Final = pattern(r"(?:\d|\bnos?)\.$", re.IGNORECASE)
_NUMBER_WORDS: Final = frozenset(("no", "nos"))
_DIGIT_AFTER: Final = pattern(r"\s*\d")
_ABBREVIATIONS: Final = """
    al vs ie eg cf viz fig figs eq eqs ref refs vol vols pp ca approx dr drs prof mr mrs ms st spp subsp var ssp resp dept univ
    suppl jan feb aug sep sept oct nov dec
"""
_SHORTENED: Final = frozenset(_ABBREVIATIONS.split())  # the words of `_NEVER_LAST`
_NO_ABBREVIATION: Final = 9  # characters of a word with its full stop that is none of `_NEVER_LAST`
_LOOK_BACK: Final = 40  # characters that tell an abbreviation


def sentences(text: str, language: str) -> list[str]:
    """The sentences of a text of one language (BCP 47), without the blanks around them.

    Put together they are the text but for blanks. A newline ends a sentence; ";" and "；" do not, nor does a question
    mark before the next item of a list: "(1) a door? (2) a way".
    """
    return list(_cut(text, _is_han(language)))


@lru_cache(64)
def _is_han(language: str) -> bool:
    return language.replace("_", "-").split("-")[0].casefold() in {"zh", "ja", "chi", "zho", "yue"}


@lru_cache(8)  # a text is checked and shown side by side
def _cut(text: str, is_han: bool) -> tuple[str, ...]:
    ends = _ends_zh if is_han else _ends_en
    pieces: list[str] = []
    for line in text.splitlines():
        start = 0
        for end in ends(line):
            pieces.append(line[start:end].strip())
            start = end
        pieces.append(line[start:].strip())
    return tuple(filter(None, pieces))


def _ends_zh(line: str) -> Iterator[int]:
    start, inside = 0, None
    for stop in _stops(line, _MARK_ZH, _STOP_ZH):
        mark_end = stop.end("mark")
        before = line[max(start, mark_end - _LOOK_BACK) : mark_end]
        rest = line[stop.end() : stop.end() + _LOOK_BACK]
        asks = stop["mark"][-1] in "？！?!"
        if stop.end() < len(line):
            inside = _inside(line) if inside is None else inside
            if inside[stop.end() - 1] and inside[stop.end()]:
                continue
        if (asks or stop.end() > mark_end) and (_GOES_ON_ZH.match(rest) or (asks and _ITEM.match(rest))):
            continue
        if stop["mark"] == "." and (_NUMBERING.search(before) or _NEVER_LAST.search(before)):
            continue
        yield stop.end()
        start = stop.end()


def _stops(line: str, marks: re.Pattern[str], stops: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """What `stops` finds, one after another; looking for its first mark is several times as fast."""
    mark = marks.search(line)
    while mark is not None:
        stop = stops.match(line, mark.start())
        if stop is not None:
            yield stop
        mark = marks.search(line, mark.end() if stop is None else stop.end())


def _inside(line: str) -> bytearray:
    """1 for every character behind an opening bracket or quote up to its closing one."""
    inside = bytearray(len(line))
    opened: list[int] = []
    for found in _BRACKET_ZH.finditer(line):
        at, mark = found.start(), found[0]
        if mark in _OPENING_ZH:
            opened.append(at)
        else:
            while opened and line[opened[-1]] != _CLOSED_ZH[mark]:
                opened.pop()
            start = opened.pop() + 1 if opened else at
            if at - start < _LONGEST_ASIDE:
                inside[start : at + 1] = b"\1" * (at + 1 - start)
    return inside


def _ends_en(line: str) -> Iterator[int]:
    start = 0
    for stop in _stops(line, _MARK_EN, _STOP_EN):
        mark, end = stop["mark"], stop.end()
        rest = line[end : end + _LOOK_BACK]
        before = line[max(start, stop.start() - _LOOK_BACK) : stop.start() + len(mark)]
        if _ends_sentence(mark, before, rest):
            yield end
            start = end


def _ends_sentence(mark: str, before: str, rest: str) -> bool:
    if mark != "." and _ITEM.match(rest):
        return False
    if not _BEGINS_EN.match(rest):
        return False
    if mark != "." or (len(before) >= _NO_ABBREVIATION and before[-_NO_ABBREVIATION:-1].isalpha()):
        return True
    left = before[:-1].rstrip(string.ascii_letters)
    # The slower expressions say the same of a word; they are for digits, single letters, and letters of other alphabets.
    if len(left) < len(before) - 2 and (not left or left[-1].isascii()):
        if left and (left[-1].isalnum() or left[-1] == "_"):
            return True
        word = before[len(left) : -1].lower()
        return word not in _SHORTENED and not (word in _NUMBER_WORDS and _DIGIT_AFTER.match(rest))
    return _ends_with_mark(before, rest)


def _ends_with_mark(before: str, rest: str) -> bool:
    """Whether a full stop ends a sentence, whatever is in front of it."""
    if _NUMBERING.search(before) or (_DIGIT_BEFORE.search(before) and _DIGIT_AFTER.match(rest)):
        return False
    return _NEVER_LAST.search(before) is None or bool(_is_letter(before) and _OPENERS.match(rest))


def _is_letter(before: str) -> bool:
    """Whether a text ends in one letter or in letters with stops, "vitamin C." or "the U.S."."""
    return re.search(r"(?:\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Z])\.$", before) is not None
