"""Volume, issue and pages made comparable: what a source wrote, as numbers, or nothing where it says nothing."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from msgspec import Struct

from harvester.model import Locus

_NOTHING: Final = re.compile(
    r"\W*(?:n/?a|&na;|none|null|no[- ]?(?:specified|pagination)|unknown|pp|0+)?\W*(?:no pagination)?\W*",
    re.IGNORECASE,
)
_MONTH: Final = re.compile(
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|spring|summer|autumn|winter", re.IGNORECASE
)
_VOLUME: Final = re.compile(r"([a-z]*)[ .-]*0*([0-9]{1,6})", re.IGNORECASE)
_ISSUE_INSIDE: Final = re.compile(r"\(\s*([^()]*)\)|no\.?\s*([0-9]+)", re.IGNORECASE)
_SUPPLEMENT: Final = re.compile(r"suppl?|special|^s(?=[0-9])", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[0-9]+")
_PAGE: Final = re.compile(r"([a-z]{0,4})[ .:]?0*([0-9]{1,9})([a-z]?)", re.IGNORECASE)
_ROMAN: Final = re.compile(
    r"(?=[ivxlcdm])(?:m*)(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE
)
_ROMAN_VALUES: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_LABEL: Final = re.compile(r"^\W*(?:pages?|pp?|s)\.?(?=[\s\d:])\s*", re.IGNORECASE)
_RANGE: Final = re.compile(r"\s*(?:-+|[‐‑–—−~～]|\?{2,}| to )\s*")
_EXTENT: Final = re.compile(r"[0-9]+ ?(?:p|pp|pages|页)\.?", re.IGNORECASE)  # "215 p" counts pages
_EXCEL: Final = re.compile(
    r"[0-9]{1,2}[-/ ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ ][0-9]{1,4}",
    re.IGNORECASE,
)


class Pages(Struct, frozen=True, array_like=True):
    """First and last page as numbers; `prefix` is "s" of "S12", "e" of "e1003", "r" of roman numerals.

    `last` is None where only one page is given. An article number has no last page.
    """

    prefix: str
    first: int
    last: int | None


class Place(Struct, frozen=True, array_like=True):
    """Volume, issue and pages as one source gave them; None is unknown."""

    volume: str | None
    issue: str | None
    pages: Pages | None


class Meeting(StrEnum):
    """How two page ranges go together."""

    RANGE = "range"  # first and last page of two pages or more
    NUMBER = "number"  # one article number: within a journal there is no other article with it
    PAGE = "page"  # the one page that is given: several notes may stand on it
    FIRST = "first"  # the first page, while the last differs
    WITHIN = "within"  # one begins inside the other
    DISJOINT = "disjoint"
    UNKNOWN = "unknown"


_PADDED: Final = "#"
_DAYS: Final = 31
_LONG: Final = 30000  # no volume has so many pages
_FAR_INTO_A_VOLUME: Final = 200
NOWHERE: Final = Place(None, None, None)


def read_place(locus: Locus | None) -> Place:
    """What `locus` says, made comparable."""
    return NOWHERE if locus is None else _read_place(locus.volume, locus.issue, locus.pages)


@lru_cache(maxsize=4096)
def _read_place(volume: str | None, issue: str | None, pages: str | None) -> Place:
    number = _volume(volume or "")
    inside = _ISSUE_INSIDE.search(volume or "")
    issued = _issue(issue or "") or (_issue(inside[1] or inside[2] or "") if inside else None)
    return Place(number, issued, read_pages(pages or ""))


def _volume(raw: str) -> str | None:
    text = raw.strip()
    if _NOTHING.fullmatch(text):
        return None
    if (found := _VOLUME.search(text)) is not None:
        letters = found[1].lower()
        return found[2] if letters in {"", "vol", "volume", "no", "v"} else letters + found[2]
    roman = _roman(text)
    return None if roman is None else str(roman)


def _issue(raw: str) -> str | None:
    text = raw.strip()
    numbers = _NUMBER.findall(text)
    if _NOTHING.fullmatch(text) or _MONTH.search(text) or any(len(one) > 4 for one in numbers):
        return None
    if not numbers:
        return "s" if _SUPPLEMENT.search(text) else None
    first = numbers[0].lstrip("0") or "0"
    is_supplement = _SUPPLEMENT.search(text) is not None and text.lower().find("s") < text.find(numbers[0])
    return "s" + first if is_supplement else first


def _roman(text: str) -> int | None:
    if not text or not _ROMAN.fullmatch(text):
        return None
    values = [_ROMAN_VALUES[one] for one in text.lower()]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def read_pages(raw: str) -> Pages | None:
    """Pages as numbers: "221-8" ends on 228; "1-", "n/a", "01-Jun" and "no pagination" are unknown."""
    text = raw.strip().strip(".,;")
    if _NOTHING.fullmatch(text) or _EXCEL.fullmatch(text) or _EXTENT.fullmatch(text):
        return None
    text = _LABEL.sub("", text) if not text[:1].isdigit() and re.match(r"(?i)\W*p", text) else text
    first, *rest = _RANGE.split(text, maxsplit=1)
    if (begin := _page(first)) is None:
        return None
    end = _page(rest[0]) if rest else None
    if end is None and rest and begin == ("", 1):
        return None  # "1-": a placeholder
    if end is not None and _runs_backwards(begin, end):
        return None  # "2297-2108": one of the two is misprinted
    return Pages(begin[0], begin[1], None if end is None else _completed(begin, end))


def _page(text: str) -> tuple[str, int] | None:
    if (found := _PAGE.match(text.strip())) is not None:
        is_padded = not found[1] and text.strip().startswith("00")  # "000437": no page is written so
        return _PADDED if is_padded else found[1].lower(), int(found[2])
    roman = _roman(text.strip())
    return None if roman is None else ("r", roman)


def _runs_backwards(begin: tuple[str, int], end: tuple[str, int]) -> bool:
    """Whether the last page, written in full, comes before the first."""
    return end[1] < begin[1] and len(str(end[1])) == len(str(begin[1])) and len(str(end[1])) > 1


def _completed(begin: tuple[str, int], end: tuple[str, int]) -> int | None:
    """The last page in full; None where it makes no range."""
    first, last = begin[1], end[1]
    if last < first:
        length = len(str(last))
        whole = int(str(first)[:-length] + str(last)) if length < len(str(first)) else last
        last = whole
    return last if first <= last < first + 2000 else None


def meet(one: Pages | None, other: Pages | None) -> Meeting:
    """How two page ranges go together; an article number says nothing against pages that begin with 1."""
    if one is None or other is None:
        return Meeting.UNKNOWN
    if one.first == other.first:
        return _same_first(one, other)
    if _is_number_of_article(one) != _is_number_of_article(other) or 1 in {one.first, other.first}:
        return Meeting.UNKNOWN
    early, late = sorted((one, other), key=lambda pages: pages.first)
    end = (
        early.first + 1
        if (early.last or early.first) == early.first and late.last in {None, late.first}
        else early.last
    )
    if _is_a_day(early, late):
        return Meeting.UNKNOWN
    if early.prefix == late.prefix and late.first <= (
        end or early.first
    ):  # a slip, or a note that runs over the page
        return Meeting.WITHIN
    return Meeting.DISJOINT


def _same_first(one: Pages, other: Pages) -> Meeting:
    if one.prefix != other.prefix and {one.prefix, other.prefix} & {"r"}:
        return Meeting.DISJOINT
    if _is_number_in_series(one) and _is_number_in_series(other):
        return Meeting.NUMBER
    if one.last is None or other.last is None:
        return Meeting.UNKNOWN if one.first == 1 else Meeting.PAGE
    if one.last == other.last:
        return Meeting.RANGE if one.last > one.first > 1 else Meeting.PAGE
    return Meeting.FIRST


def _is_a_day(early: Pages, late: Pages) -> bool:
    """Whether the smaller "page" is the day of the issue, as in "116(26): 23" beside "116(26): 6123-6132"."""
    return (
        early.last is None and not early.prefix and early.first <= _DAYS and late.first >= _FAR_INTO_A_VOLUME
    )


def _is_number_in_series(pages: Pages) -> bool:
    """Whether it is a number that does not begin anew with a volume: "CD000437", "000437", "104512"."""
    is_long = len(pages.prefix) > 1 or pages.prefix == _PADDED or pages.first > _LONG
    return pages.last is None and (is_long or (pages.prefix == "e" and pages.first > _LONG // 3))


def _is_number_of_article(pages: Pages) -> bool:
    """Whether it is no page of a volume: "e43268", "104512"."""
    return (pages.prefix not in {"", "s", "r"} and pages.last is None) or pages.first > _LONG
