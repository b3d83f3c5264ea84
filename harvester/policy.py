"""Who is believed, field by field: the merge policy as tables, and what is too impossible to believe.

Changing a table here and running `harvester remerge` rebuilds the library without one request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple

from msgspec import Struct

from harvester.garble import find_menu
from harvester.lexicon import Lexicon
from harvester.model import Container, Contributor, Locus, Origin, PartialDate, Record, Text
from harvester.patterns import pattern
from harvester.quality import Verdict
from harvester.text import HAN

CURATOR: Final = "curator"

SOURCES: Final = (
    CURATOR,  # a librarian's correction beats everything
    "crossref",  # registration agencies: what the publisher deposited
    "datacite",
    "medra",
    "jalc",
    "kisti",
    "op",
    "istic",
    "pubmed",
    "europepmc",
    "openalex",
    "semanticscholar",
    "unpaywall",
    "doaj",
    "opencitations",
    "wikidata",
    "ncbi_idconv",
    "document",  # a PubMed-like text whose maker is unknown
    "aggregator",
    "translation",  # an engine that this program asked
)

# A text is judged by who made it before it is judged by who passed it on.
ORIGINS: Final = (
    Origin.PUBLISHER,
    Origin.AUTHOR,
    Origin.HUMAN,
    Origin.AGGREGATOR,
    Origin.UNKNOWN,
    Origin.MACHINE,
)


class How(StrEnum):
    """How the survivor among several candidates is found; these words are shown by `explain`."""

    TEXT = "best origin, then best source"
    PEOPLE = "best source, but full names before initials"
    FIRST = "best source"
    WHOLE = "best source, completed only by a source that agrees with it"
    NEWEST = "newest day a service told it, then best source"
    ACCESS = "a copy before none, its status told before not, then best source"
    ANY = "true if anybody says so"
    UNION = "all of them, best source first"


class Rule(NamedTuple):
    """One line of the policy: a field of a record, how its survivor is found, what cannot be true."""

    field: str
    how: How
    impossible: Callable[[Any, Record], str | None]


class MergePolicy(Struct, frozen=True):
    """The whole policy: precedence of sources and origins, and a rule for every field.

    `lexicon` gives the dictionary that translations are checked with, when it is first needed; None is none.
    `verdicts` are those that are known already, by field ("title", "abstract"), fingerprint of the record, and text.
    `disbelieved` are DOIs that the work does not bear, though its records do: many unlike titles share them.
    """

    sources: tuple[str, ...] = SOURCES
    origins: tuple[Origin, ...] = ORIGINS
    lexicon: Callable[[], Lexicon | None] | None = None
    verdicts: Mapping[tuple[str, str, str], Verdict] = {}
    disbelieved: frozenset[str] = frozenset()

    def source_rank(self, source: str) -> int:
        """0 is believed most; a source nobody ranked is believed least."""
        return self.sources.index(source) if source in self.sources else len(self.sources)


# Error pages, placeholders and tombstones that sources have handed out as titles.
_NO_TITLE = pattern(
    r"(?:internal server error|bad gateway|service unavailable|gateway time-?out|(?:404 )?(?:page )?not found"
    r"|403 forbidden|access denied|just a moment|attention required.*|are you a robot\??|error \d{3}"
    r"|\[?not available\]?|\[?no title(?: available)?\]?|\[?untitled\]?|title pending(?: \d+)?|null|none|n/?a"
    r"|crossref listing of deleted dois?|oup accepted manuscript|无标题|无题名|题名未知|页面不存在|服务器错误)[.!…]*",
    re.IGNORECASE,
)
_VOLUME = pattern(r"[\w ./():,&+'’#*–—-]{1,40}")
_NO_VOLUME = pattern(
    r"0+|n/?a|p\.?p\.?|in press|abs/.*|ahead.?of.?print|online ?first|early access", re.IGNORECASE
)
_PAGES = pattern(r"(?!n/?a$|0(?:-0)?$|-+$)(?=.*\w)[\w.:,;()/+*–&' -]{1,60}", re.IGNORECASE)
_EARLIEST_YEAR: Final = 1450  # print begins
_MOST_CITATIONS: Final = 10_000_000


def is_marred(text: Text) -> bool:
    """Whether a text shouts (all capitals) or breaks off: an unmarred one by anybody but a machine is better."""
    return _shouts(text.value[:400]) or text.value.rstrip().endswith(("...", "…", "[truncated]"))


def _shouts(opening: str) -> bool:
    if any(letter.islower() and letter.isalpha() for letter in opening):  # not so ⅱ and ⓐ
        return False
    letters = [letter for letter in opening if letter.isalpha()]
    return len(letters) > 12 and letters[0].isupper()


_HAN = pattern(f"[{HAN}]")


def has_initials_only(contributors: tuple[Contributor, ...]) -> bool:
    """Whether a list gives hardly any given name in full ("A. Topor", "Kinn LG")."""
    given = [one.given for one in contributors if one.given]
    full = sum(
        len(max(name.replace("-", " ").split(), key=len).strip(".")) > 2 or bool(_HAN.search(name))
        for name in given
    )
    return bool(given) and full < len(given) / 2


# A web page's banner that a scraper took for an abstract (10.1001/jama.2016.18346 at OpenAlex).
_BANNER = pattern(
    r"\W*(?:(?:our|this|the) (?:web ?)?site uses cookies|we use cookies|javascript is (?:disabled|required)"
    r"|your browser (?:does not|is)|enable (?:javascript|cookies)|skip to (?:main )?content)",
    re.IGNORECASE,
)


def impossible_text(text: Text, _record: Record) -> str | None:
    """Why a title or an abstract cannot be one (it is an error page, a placeholder); None where it can."""
    return _impossible_words(text.value)


@lru_cache(maxsize=512)  # a title is asked for by the merge, and whenever it is compared
def _impossible_words(text: str) -> str | None:
    if not any(map(str.isalnum, text)):
        return "holds no letter"
    is_page = _NO_TITLE.fullmatch(text.strip()) or _BANNER.match(text)
    if is_page:
        return "is a placeholder or an error page"
    return "is the menu of a web page" if find_menu(text) else None


def impossible_locus_part(part: str, value: str) -> str | None:
    """Why this volume, issue or page range cannot be one, or None.

    "8 1" is Semantic Scholar's way of gluing volume and issue; "PP" is "not in an issue yet".
    """
    if part == "pages":
        return None if _PAGES.fullmatch(value) else "is no page or article number"
    if re.fullmatch(r"\d+ +\d+", value):
        return "two numbers in one field"
    is_one = _VOLUME.fullmatch(value) and any(letter.isalnum() for letter in value)
    return None if is_one and not _NO_VOLUME.fullmatch(value.strip()) else f"is no {part}"


def _impossible_locus(locus: Locus, _record: Record) -> str | None:
    parts = {part: getattr(locus, part) for part in ("volume", "issue", "pages")}
    reasons = {part: impossible_locus_part(part, value) for part, value in parts.items() if value is not None}
    if reasons and all(reasons.values()):
        return "; ".join(f"{part} {parts[part]!r}: {reason}" for part, reason in reasons.items())
    return None


def _impossible_date(date: PartialDate, record: Record) -> str | None:
    latest = int(record.retrieved_at[:4]) + 2 if record.retrieved_at[:4].isdigit() else 9998
    if not _EARLIEST_YEAR <= date.year <= latest:
        return f"year {date.year} cannot be"
    return None if date.month <= 12 and date.day <= 31 else f"no such day: {date}"


def _impossible_contributors(contributors: tuple[Contributor, ...], _record: Record) -> str | None:
    named = any(any(letter.isalpha() for letter in one.name) for one in contributors)
    return None if named else "nobody is named"


def _impossible_container(container: Container, _record: Record) -> str | None:
    return None if any(letter.isalnum() for letter in container.title) else "holds no letter"


def _impossible_count(count: int, _record: Record) -> str | None:
    return None if 0 <= count <= _MOST_CITATIONS else f"{count} citations cannot be"


def _nothing_impossible(_value: object, _record: Record) -> str | None:
    return None


RULES: Final[tuple[Rule, ...]] = (
    Rule("titles", How.TEXT, impossible_text),
    Rule("abstracts", How.TEXT, impossible_text),
    Rule("language", How.FIRST, _nothing_impossible),
    Rule("contributors", How.PEOPLE, _impossible_contributors),
    Rule("affiliations", How.FIRST, _nothing_impossible),
    Rule("container", How.FIRST, _impossible_container),
    Rule("locus", How.WHOLE, _impossible_locus),
    Rule("issued", How.FIRST, _impossible_date),
    Rule("published_online", How.FIRST, _impossible_date),
    Rule("work_type", How.FIRST, _nothing_impossible),
    Rule("publisher", How.FIRST, _nothing_impossible),
    Rule("url", How.FIRST, _nothing_impossible),
    Rule("is_open_access", How.ANY, _nothing_impossible),
    Rule("open_access", How.ACCESS, _nothing_impossible),
    Rule("citation_count", How.NEWEST, _impossible_count),
    Rule("retracted", How.ANY, _nothing_impossible),
    Rule("subjects", How.UNION, _nothing_impossible),
    Rule("relations", How.UNION, _nothing_impossible),
)
