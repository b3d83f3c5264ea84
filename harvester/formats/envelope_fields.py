"""The scalar values of an aggregator's envelope, whatever JSON type they came in.

Every reader takes what stands under a key, not blank, and gives the value of our model; it raises OddValue,
saying what was expected, where the value cannot be that.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

from harvester.errors import ParseError
from harvester.formats.json_values import MAX_VALUE_CHARS, decode
from harvester.language import detect, is_chinese
from harvester.messages import message
from harvester.model import Container, Contributor, Locus, PartialDate
from harvester.names import parse_author_line, parse_name
from harvester.patterns import pattern
from harvester.text import clean_title, compare_key, visible
from harvester.wire import Skip

LONGEST_TITLE: Final = 4_000
LONGEST_ABSTRACT: Final = 100_000
LONGEST_LINE: Final = 100_000  # of authors
MOST_AUTHORS: Final = 10_000
SHOWN: Final = 60
_MOST_CITED: Final = 100_000_000

T = TypeVar("T")


class OddValue(Exception):  # noqa: N818  a value, odd
    """A value that cannot be what its key says; `expected` says what could."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


class Remarks:
    """What was odd in one object: remarks that cost no record, each of them once."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.skips: list[Skip] = []

    def add(self, key: str, where: str | None = None, **values: object) -> None:
        """Note the message `key` of the catalogue."""
        skip = Skip(where or self.where, message(key, **values), fatal=False)
        if skip not in self.skips:
            self.skips.append(skip)

    def take(
        self, layers: Iterable[Mapping[str, Any]], key: str, read: Callable[[Any], T | None]
    ) -> T | None:
        """What `read` makes of the first value under `key` that is neither blank nor odd."""
        for layer in layers:
            value = layer.get(key)
            if value is None or is_blank(value):
                continue
            try:
                found = read(value)
            except OddValue as odd:
                self.add("envelope-odd-value", field=key, expected=odd.expected, found=shown(value))
                continue
            if found is not None:
                return found
        return None


def is_blank(value: Any) -> bool:
    """Whether a value says nothing: null, "", blanks, an empty array or object. 0 and false say something."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or value in ([], {})


def shown(value: Any) -> str:
    """A short text of any JSON value, safe to print."""
    if isinstance(value, dict):
        return "{...}" if value else "{}"
    if isinstance(value, list):
        return "[...]" if value else "[]"
    if isinstance(value, int) and not isinstance(value, bool):
        text = str(value) if value.bit_length() < 200 else "a huge number"
    else:
        text = value if isinstance(value, str) else json.dumps(value)
    text = visible(text[: 2 * SHOWN]).replace("\n", " ")
    return text if len(text) <= SHOWN else text[:SHOWN] + "..."


def read_text(value: Any, longest: int = MAX_VALUE_CHARS) -> str:
    """Text without blanks around it, of `longest` characters at most; a number counts as its digits."""
    if isinstance(value, str) and len(value) > longest:
        raise OddValue("a shorter text")
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
        return str(value)
    raise OddValue("a text")


def read_line(value: Any) -> str | None:
    """One line of plain text."""
    return clean_title(visible(read_text(value, LONGEST_TITLE)))


def read_count(value: Any) -> int:
    """How often: 19, "19", 19.0 and "1,234" are counts."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,12}", value.strip()):
        value = int(value.replace(",", ""))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _MOST_CITED:
        raise OddValue("a count")
    return value


def read_flag(value: Any) -> bool:
    """True or false, also as 0 and 1 and as words."""
    word = value.strip().casefold() if isinstance(value, str) else value
    if isinstance(word, str | int) and word in {"true", "1", "yes", "y", 1}:
        return True
    if isinstance(word, str | int) and word in {"false", "0", "no", "n", 0}:
        return False
    raise OddValue("true or false")


_DATE: Final = pattern(
    r"([0-9]{4})(?:\s?[-/.年]\s?([0-9]{1,2})(?:\s?[-/.月]\s?([0-9]{1,2}))?)?\s?[年月日]?(?:[T\s].*)?",
    re.DOTALL,
)
_LAST_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def read_date(value: Any) -> PartialDate | None:
    """A date as precise as it is given; "0000-00-00" is none, "2016-00-00" is a year."""
    match = _DATE.fullmatch(read_text(value)[:80])
    if match is None:
        raise OddValue("a date")
    year, month, day = (int(part or 0) for part in match.groups())
    if year == 0:
        return None
    if not 1000 <= year <= 2999 or month > 12:
        raise OddValue("a date")
    if not month:
        return PartialDate(year)
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if day > _LAST_DAYS[month - 1] or (month == 2 and day == 29 and not is_leap):
        raise OddValue("a date")
    return PartialDate(year, month, day)


def read_url(value: Any) -> str | None:
    """A web address, by itself or as {"url": ...}; other schemes than http are refused."""
    if isinstance(value, dict):
        value = value.get("url")
        if is_blank(value):
            return None
    address = read_text(value)
    if len(address) > LONGEST_TITLE or not re.fullmatch(r"(?i)https?://[^\s\x00-\x20\x7f<>\"]+", address):
        raise OddValue("a web address")
    try:
        host = urlsplit(address).hostname
    except ValueError:
        raise OddValue("a web address") from None
    if not host:
        raise OddValue("a web address")
    return visible(address)


def read_words(value: Any) -> tuple[str, ...]:
    """Subjects: an array of texts or of {"category": ...}, or one text with commas."""
    if isinstance(value, str):
        value = re.split(r"[,;，；、]", value[:LONGEST_TITLE])
    if not isinstance(value, list):
        raise OddValue("a list of words")
    words = [one.get("category") if isinstance(one, dict) else one for one in value[:200]]
    cleaned = (clean_title(visible(word[:200])) for word in words if isinstance(word, str))
    return tuple(dict.fromkeys(word for word in cleaned if word))


# The words of PubMed and of Semantic Scholar, letters only; articles of a special kind are articles.
_WORK_TYPES: Final = {
    "journalarticle": "journal-article",
    "article": "journal-article",
    "review": "journal-article",
    "casereport": "journal-article",
    "casereports": "journal-article",
    "clinicaltrial": "journal-article",
    "editorial": "journal-article",
    "lettersandcomments": "journal-article",
    "letter": "journal-article",
    "metaanalysis": "journal-article",
    "systematicreview": "journal-article",
    "study": "journal-article",
    "book": "book",
    "booksection": "book-chapter",
    "bookchapter": "book-chapter",
    "conference": "proceedings-article",
    "conferencepaper": "proceedings-article",
    "dataset": "dataset",
    "preprint": "posted-content",
    "thesis": "dissertation",
    "dissertation": "dissertation",
    "report": "report",
}
TYPE_NAMES: Final = {
    "journal-article": "Journal Article",
    "book": "Book",
    "book-chapter": "Book Section",
    "proceedings-article": "Conference",
    "dataset": "Dataset",
    "posted-content": "Preprint",
    "dissertation": "Dissertation",
    "report": "Report",
}


def read_work_type(value: Any) -> str | None:
    """Crossref's word for the first kind that has one."""
    kinds = value if isinstance(value, list) else re.split("[,;|]", read_text(value)[:LONGEST_TITLE])
    for kind in kinds:
        if not isinstance(kind, str):
            raise OddValue("kinds of publications")
        if found := _WORK_TYPES.get(re.sub(r"[^a-z]", "", kind[:200].casefold())):
            return found
    return None


def read_pages(value: Any) -> str | None:
    """Pages without blanks, with an ASCII hyphen: "275 - 293" is "275-293"."""
    pages = unicodedata.normalize("NFKC", visible(read_text(value)[:200]))
    pages = re.sub(r"\s+", "", re.sub(r"[\u2010-\u2015\u2212~]", "-", pages))
    pages = re.sub(r"(?i)^pp?\.|^pages?:?", "", pages)
    return pages.strip(",;-") or None


class Journal(NamedTuple):
    """What the key `journal` says."""

    title: str | None = None
    locus: Locus | None = None


def read_journal(value: Any) -> Journal:
    """A journal as {"name", "volume", "pages"} or as its bare name."""
    if not isinstance(value, dict):
        return Journal(read_line(value))
    name, volume, issue = (_part(value.get(key)) for key in ("name", "volume", "issue"))
    pages = None if is_blank(value.get("pages")) else read_pages(value["pages"])
    locus = Locus(volume, issue, pages) if volume or issue or pages else None
    return Journal(name, locus)


def _part(value: Any) -> str | None:
    return None if is_blank(value) else read_line(value)


def container_of(names: Iterable[str | None]) -> Container | None:
    """The container with these names, the Chinese one filed as such beside another."""
    known = list({compare_key(name): name for name in reversed([one for one in names if one])}.values())[::-1]
    if not known:
        return None
    chinese = [name for name in known if is_chinese(detect(name))]
    others = [name for name in known if name not in chinese]
    if others and chinese:
        return Container(others[0], title_zh=chinese[0])
    return Container(known[0])


def read_authors(value: Any) -> tuple[Contributor, ...]:
    """Authors from one line in any style, from an array of names, or from an array of {"authorId", "name"}."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = _decoded(value)
    if isinstance(value, str):
        if len(value) > LONGEST_LINE:
            raise OddValue("a line of names")
        return parse_author_line(visible(value))
    people = [value] if isinstance(value, dict) else value
    if not isinstance(people, list):
        raise OddValue("names")
    if people and all(isinstance(one, str) for one in people):
        return _of_names(people)
    found = (_person(one) for one in people[:MOST_AUTHORS])
    return tuple(person for person in found if person is not None)


def _decoded(text: str) -> Any:
    try:
        return decode(text)
    except ParseError:
        return text


def _of_names(names: Sequence[str]) -> tuple[Contributor, ...]:
    cleaned = (clean_title(visible(name[:LONGEST_TITLE])) for name in names[:MOST_AUTHORS])
    return tuple(parse_name(name) for name in cleaned if name)


def _person(value: Any) -> Contributor | None:
    """One author; under "name" the order is that of the title page, so it is not turned round."""
    if isinstance(value, str):
        return next(iter(_of_names([value])), None)
    if not isinstance(value, dict):
        raise OddValue("names")
    name, family, given = (_part(value.get(key)) for key in ("name", "family", "given"))
    if name is None:
        name = " ".join(part for part in (given, family) if part) or None
    if name is None:
        return None
    if family or given:
        return Contributor(name, family=family, given=given)
    guess = parse_name(name)
    return guess if guess.name == name else Contributor(name)
