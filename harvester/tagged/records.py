"""From the tags of one entry to a record: texts by the language that they are in, dates as precise as said."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from harvester.author_keys import is_nobody
from harvester.identifiers import find_dois, parse_issn
from harvester.messages import Message, message
from harvester.model import Container, Identifier, Locus, Origin, PartialDate, Record, Scheme, Text
from harvester.patterns import pattern
from harvester.sources.describing import (
    abstracts_of,
    is_han,
    locus_of,
    partial_date,
    tidy_pages,
    titles_of,
    unique,
    web_address,
)
from harvester.sources.medline import (
    language_code,
    medline_date,
    medline_pages,
    pmcid,
    pmid,
    titles_in,
    work_type,
)
from harvester.sources.reading import compact_json
from harvester.tagged.dialects import MEDLINE
from harvester.tagged.lines import Dialect, Entry
from harvester.tagged.people import people
from harvester.tagged.sections import sectioned
from harvester.text import clean_title, compare_key
from harvester.wire import Context, Skip

_LANGUAGES: Final = {
    "chinese": "zh", "中文": "zh", "汉语": "zh", "zh-cn": "zh", "zh-tw": "zh", "cn": "zh", "english": "en", "英文": "en", "英语": "en",
    "en-us": "en", "en-gb": "en", "japanese": "ja", "日文": "ja", "korean": "ko", "german": "de", "french": "fr", "spanish": "es",
    "russian": "ru", "portuguese": "pt", "italian": "it",
}  # fmt: skip
# The first word that a type contains, in Crossref's words; a file that says nothing says journal article.
_TYPES: Final = (
    ("thes", "dissertation"), ("dissertation", "dissertation"), ("学位", "dissertation"), ("硕士", "dissertation"),
    ("博士", "dissertation"), ("chap", "book-chapter"), ("book section", "book-chapter"), ("cpaper", "proceedings-article"),
    ("conf", "proceedings-article"), ("proceeding", "proceedings-article"), ("会议", "proceedings-article"), ("book", "book"), ("图书", "book"),
    ("rprt", "report"), ("report", "report"), ("data", "dataset"), ("unpb", "posted-content"), ("preprint", "posted-content"),
    ("jour", "journal-article"), ("article", "journal-article"), ("期刊", "journal-article"), ("mgzn", "journal-article"), ("review", "journal-article"),
)  # fmt: skip
_DATABASES: Final = pattern(
    r"(?i)cnki|知网|wanfang|万方|cqvip|\bvip\b|维普|sinomed|cbm|pubmed|medline|web of|scopus|embase|期刊|cssci"
)
_YEAR: Final = pattern(r"(?<![0-9])(1[4-9][0-9]{2}|20[0-9]{2})(?![0-9])")
_NUMERIC_DATE: Final = pattern(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})(?:\s*[-/.月]\s*([0-9]{1,2}))?")
_ELSEWHERE: Final = pattern(r"(?i)(?:publisher:\s*)?abstract available from the publisher\.?")
_PUBLISHER: Final = pattern(r"^Publisher:\s*")
_SEPARATOR: Final = pattern(r"\s*[;；]+\s*")
_NUMBERED: Final = pattern(r"(?i)(?:v|vol|volume|n|no|issue|第)?[.\s]*([0-9]+)\s*[卷期]?")
_TEXTS: Final = frozenset({"title", "translated", "abstract", "abstract_other"})


class _Said:
    """What an entry says, by role."""

    def __init__(self, entry: Entry, dialect: Dialect) -> None:
        roles = dialect.roles
        self.in_order = [(roles[tag], value) for tag, value in entry.values if tag in roles and value]

    def all(self, *roles: str) -> list[str]:
        return [value for role, value in self.in_order if role in roles]

    def first(self, *roles: str) -> str | None:
        return next(iter(self.all(*roles)), None)


def to_record(entry: Entry, dialect: Dialect, context: Context) -> tuple[Record | None, list[Skip]]:
    """The record of an entry, and what could not be used of it; None where it names no work."""
    said = _Said(entry, dialect)
    where = f"{context.document}:{entry.line}"
    identifiers, odd = _identifiers(said)
    language = _language(said)
    titles = _titles(said, dialect, language)
    if not titles and not identifiers:
        return None, [Skip(where, message("tagged-no-title", format=dialect.name))]
    issued, odd_date = _issued(said)
    container, odd_issns = _container(said)
    is_medline = dialect is MEDLINE
    kinds = [*said.all("type"), *said.all("database")]
    record = Record(
        source="pubmed" if is_medline else "document",
        source_key=_key(said, identifiers, titles, is_medline=is_medline),
        retrieved_at=context.retrieved_at,
        document=where,
        identifiers=identifiers,
        titles=titles,
        abstracts=_abstracts(said, language, is_medline=is_medline),
        contributors=people(said.in_order, placed=is_medline),
        affiliations=() if is_medline else unique(map(clean_title, _listed(said, "affiliation"))),
        container=container,
        locus=_locus(said),
        issued=issued,
        language=language or (titles[0].language.partition("-")[0] if titles else None),
        work_type=work_type(kinds) if is_medline else _work_type(kinds),
        publisher=said.first("publisher"),
        url=web_address(said.first("url")),
        subjects=unique(_listed(said, "keyword")),
        extra=_extra(entry, dialect),
    )
    return record, [Skip(where, why, fatal=False) for why in (*odd, *odd_date, *odd_issns, *_stubs(said))]


def _listed(said: _Said, role: str) -> list[str]:
    return [part for each in said.all(role) for part in _SEPARATOR.split(each)]


# -- texts -----------------------------------------------------------------------------------------------


def _language(said: _Said) -> str | None:
    raw = (said.first("language") or "").strip(" ;；").casefold()
    return _LANGUAGES.get(raw) or language_code(raw)


def _origin(said: _Said, text: Text, language: str | None) -> Origin:
    """A database passes on the journal's own words in the work's language; who made the others is its secret."""
    if not any(_DATABASES.search(each) for each in said.all("database")):
        return Origin.UNKNOWN
    own = language or text.language
    is_own = own.partition("-")[0] == text.language.partition("-")[0]
    return Origin.PUBLISHER if is_own else Origin.AGGREGATOR


def _told(said: _Said, texts: Iterable[Text], language: str | None) -> tuple[Text, ...]:
    return tuple(Text(one.value, one.language, _origin(said, one, language)) for one in texts)


def _titles(said: _Said, dialect: Dialect, language: str | None) -> tuple[Text, ...]:
    if dialect is MEDLINE:
        own = titles_in(said.first("title"), Origin.PUBLISHER, "en")
        return own + titles_in(said.first("translated"), Origin.PUBLISHER, language)
    raws = [*said.all("title")[:1], *said.all("translated")]
    return _told(said, titles_of(raws, Origin.UNKNOWN, language), language)


def _abstracts(said: _Said, language: str | None, *, is_medline: bool) -> tuple[Text, ...]:
    own = abstracts_of(
        "\n".join(map(sectioned, said.all("abstract"))) or None,
        Origin.PUBLISHER,
        "en" if is_medline else language,
    )
    rest = [_PUBLISHER.sub("", each) for each in said.all("abstract_other") if not _ELSEWHERE.fullmatch(each)]
    hint = language_code(said.first("abstract_in"))
    others = abstracts_of("\n".join(map(sectioned, rest)) or None, Origin.PUBLISHER, hint)
    taken = {one.language for one in own}
    both = (*own, *(one for one in others if one.language not in taken))
    return both if is_medline else _told(said, both, language)


# -- where and when --------------------------------------------------------------------------------------


def _container(said: _Said) -> tuple[Container | None, list[Message]]:
    """The journal under its longest name; the ISSNs are checked."""
    names = sorted(unique(map(clean_title, said.all("container"))), key=len, reverse=True)
    others = [name for name in unique(map(clean_title, said.all("container_other"))) if name not in names]
    short = next(iter(unique(map(clean_title, said.all("abbreviation")))), None) or next(
        iter(names[1:]), None
    )
    raws = [part for each in said.all("issn") for part in re.split(r"[\s,;；/()]+", each) if part]
    issns = unique(map(parse_issn, raws))
    odd = [
        message("tagged-issn", found=each)
        for each in said.all("issn")[:1]
        if not issns and _is_issn_like(each)
    ]
    title = next(iter(names or others), short)
    if title is None:
        return None, odd
    zh = next((name for name in (*names, *others) if is_han(name) and not is_han(title)), None)
    return Container(title, short if short != title else None, zh, issns), odd


def _stubs(said: _Said) -> Iterator[Message]:
    """Pages and authors that stand where there are none: "n/a", "1-", "et al."."""
    for raw in said.all("pages"):
        if tidy_pages(raw) is None or raw.rstrip().endswith(("-", "–")):
            yield message("odd-pages", found=raw)
    for raw in said.all("author", "author_short"):
        for name in _SEPARATOR.split(raw):
            if name and is_nobody(name):
                yield message("odd-nobody", found=name)


def _is_issn_like(raw: str) -> bool:
    return sum(letter.isdigit() for letter in raw) in {7, 8}


def _locus(said: _Said) -> Locus | None:
    pages = next(
        (each for each in said.all("pages") if re.search(r"\D", each) or not said.first("first_page")), None
    )
    if pages is None and (first := said.first("first_page")):
        last = said.first("last_page")
        pages = first if not last or "-" in first else f"{first}-{last}"
    pages = medline_pages(pages or said.first("article", "last_page"))
    return locus_of(_number(said.first("volume")), _number(said.first("issue")), pages)


def _number(raw: str | None) -> str | None:
    """A volume or issue without the word that says so ("v.19", "No. 4", "第4期")."""
    found = _NUMBERED.fullmatch(raw.strip()) if raw else None
    return found[1] if found else raw


def _issued(said: _Said) -> tuple[PartialDate | None, list[Message]]:
    """The most precise date of the year that the record names."""
    year = said.first("year")
    dates = said.all("date")
    raws = [*dates, *(f"{year[:4]} {date}" for date in dates if year), *said.all("year")]
    read = [found for found in map(_date, raws) if found]
    named = _date(year[:4]) if year else None
    fitting = [one for one in read if named is None or one.year == named.year] or read
    if fitting:
        return max(fitting, key=lambda one: (bool(one.month), bool(one.day))), []
    return None, [message("tagged-date", found=each) for each in (*said.all("year"), *dates)][:1]


def _date(raw: str) -> PartialDate | None:
    numeric = _NUMERIC_DATE.match(raw.strip())
    if numeric:
        return partial_date(numeric.groups())
    year = _YEAR.search(raw)
    return medline_date(raw) or (partial_date([year[1]]) if year else None)


# -- who it is -------------------------------------------------------------------------------------------


def _identifiers(said: _Said) -> tuple[tuple[Identifier, ...], list[Message]]:
    raws = [re.sub(r"\s*\[(?:doi|pii)\]$", "", each) for each in said.all("doi")]
    dois = [one for raw in raws for one in find_dois(raw)]
    if not dois:
        dois = [one for raw in said.all("url") if "doi" in raw.casefold() for one in find_dois(raw)]
    odd = [message("tagged-doi", found=raw) for raw in raws if raw.startswith("10.") and not find_dois(raw)]
    others = [pmid(said.first("pmid")), pmcid(said.first("pmcid"))]
    return tuple(sorted({*dois[:1], *filter(None, others)})), odd


def _key(said: _Said, identifiers: Sequence[Identifier], titles: Sequence[Text], *, is_medline: bool) -> str:
    """What the source calls the work: its number, else what the record says of itself, wherever the file lies."""
    wanted = Scheme.PMID if is_medline else Scheme.DOI
    own = next((one.value for one in identifiers if one.scheme is wanted), None)
    if own or (own := said.first("accession")):
        return own
    told = [one.value for one in titles] + said.all(
        "author", "author_short", "container", "volume", "issue", "pages", "first_page"
    )
    keyed = "\n".join(compare_key(each) for each in (*told, *said.all("year")))
    return "text:" + hashlib.blake2b(keyed.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def _work_type(kinds: Sequence[str]) -> str | None:
    said = " ".join(kinds).casefold()
    return next((kind for word, kind in _TYPES if word in said), None)


def _extra(entry: Entry, dialect: Dialect) -> str | None:
    """Everything as it was written but the texts, which are kept as texts."""
    kept: dict[str, object] = {}
    for tag, value in entry.values:
        if value and dialect.roles.get(tag) not in _TEXTS:
            values = kept.setdefault(tag, [])
            if isinstance(values, list):
                values.append(value)
    return compact_json({"format": dialect.name, "tags": kept})
