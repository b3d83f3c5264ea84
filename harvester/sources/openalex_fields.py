"""One work as OpenAlex describes it, brought into a record.

Its ids are URLs, its dates always have a day, its abstracts come as an index of words. Read are the API's form,
that of the snapshot, and that of the years before 2023 (`host_venue`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from harvester import identifiers, names, text
from harvester.access import open_access
from harvester.errors import InvalidIdentifier, ParseError
from harvester.messages import message
from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    OpenAccess,
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
)
from harvester.patterns import pattern
from harvester.sources.describing import (
    abstracts_of,
    identifier_of,
    iso_date,
    japanese_hint,
    locus_of,
    partial_date,
    registered_doi,
    titles_of,
    unique,
    web_address,
)
from harvester.sources.reading import Fields, as_integer, as_text, compact_json, require_object
from harvester.wire import Skip

NAME: Final = "openalex"

_WORK_ID: Final = pattern(r"(?i)(?:https?://(?:api\.)?openalex\.org/(?:works/)?)?(W[0-9]{1,18})")
_PMID: Final = pattern(r"(?i)(?:https?://\S*/|pmid:\s*)?([0-9]{1,9})/?")  # "…/PMC3575529" as a pmid is none
_PMCID: Final = pattern(r"(?i)(?:https?://\S*/)?(?:PMC)?([0-9]{1,9})/?")
# A blank that a word index left beside full-width punctuation was a line break of Chinese text.
_FULL_WIDTH_BLANK: Final = pattern("(?<=[，。；：、！？）】》”]) (?=[\u2e80-\u9fff“（【《])")
# The heading fused to the text; "Abstract algebra" and "Abstract State Machines" are none.
_HEADING: Final = pattern(r"^Abstract[:.–—-]?\s*(?=[A-Z][\w'’-]*(?:[:.,]|\s+[^A-Z\s]))")
_LONGEST_ABSTRACT: Final = 50_000  # words; more are whole books
_LIST_CAP: Final = 100  # authors of a work in a list

# The service's words, where they are not Crossref's own.
WORK_TYPES: Final = {
    "article": "journal-article",
    "review": "journal-article",
    "editorial": "journal-article",
    "letter": "journal-article",
    "erratum": "journal-article",
    "retraction": "journal-article",
    "data-paper": "journal-article",
    "software-paper": "journal-article",
    "preprint": "posted-content",
    "conference-paper": "proceedings-article",
    "conference-abstract": "proceedings-article",
    "paratext": "other",
}
_DEPOSITED_TYPES: Final = frozenset(
    (
        "journal-article",
        "proceedings-article",
        "book-chapter",
        "book-part",
        "book-section",
        "monograph",
        "edited-book",
        "reference-book",
        "reference-entry",
        "posted-content",
        "report",
        "dataset",
        "dissertation",
        "peer-review",
        "standard",
    )
)
_CONTAINERS: Final = frozenset({"journal", "conference", "book series"})
_PARTS: Final = frozenset({"journal-article", "proceedings-article", "book-chapter", "book-part"})
_REPOSITORIES: Final = frozenset({"repository", "metadata"})
_GENERAL_LANGUAGE: Final = "en"


def work_id(raw: str | None) -> str | None:
    """The service's own key of a work ("W2741809807") from an id or its URL."""
    found = _WORK_ID.fullmatch(raw or "")
    return found[1].upper() if found else None


def parse_work(
    data: object, retrieved_at: str, *, document: str | None = None, remarks: list[Skip] | None = None
) -> Record:
    """The record of one work (a single answer, an item of `results`, a line of the snapshot).

    What is left out of it for its type is added to `remarks`. Raises ParseError for what is no object,
    and for what has neither an id of the service nor a DOI.
    """
    data = require_object(data)
    work = Fields(data, "?", [])
    ids = work.inner("ids")
    key = work_id(work.text("id")) or work_id(ids.text("openalex"))
    work.where = key or work.text("doi") or "?"
    ids.where = work.where
    found = _identifiers(work, ids)
    doi = next((each.value for each in found if each.scheme is Scheme.DOI), None)
    source_key = key or doi
    if source_key is None:
        raise ParseError(message("no-key-in-record", key="id"))
    record = _record(work, source_key, found, retrieved_at, document)
    if remarks is not None:
        remarks.extend(work.remarks)
    return record


def _record(
    work: Fields, key: str, found: tuple[Identifier, ...], retrieved_at: str, document: str | None
) -> Record:
    said_language = work.text("language")
    raw_title = work.text("title") or work.text("display_name")
    hint = japanese_hint(filter(None, [raw_title])) or said_language
    titles = titles_of(filter(None, [raw_title]), Origin.AGGREGATOR, hint)
    abstracts = abstracts_of(_abstract(work), Origin.AGGREGATOR, hint)
    access = work.inner("open_access")
    return Record(
        source=NAME,
        source_key=key,
        retrieved_at=retrieved_at,
        document=document,
        identifiers=found,
        titles=titles,
        abstracts=abstracts,
        contributors=tuple(_contributors(work)),
        container=_container(work),
        locus=_locus(work.inner("biblio")),
        issued=issued(work, "publication_date", "publication_year"),
        language=_own_language(said_language, titles + abstracts),
        work_type=_work_type(work),
        publisher=_publisher(work),
        url=web_address(work.inner("primary_location").text("landing_page_url")),
        is_open_access=access.flag("is_oa"),
        open_access=_open_access(work, access),
        citation_count=work.count("cited_by_count"),
        retracted=work.flag("is_retracted"),
        subjects=unique(_clean(topic.text("display_name")) for topic in work.objects("topics")),
        extra=_extra(work),
    )


# -- identifiers -----------------------------------------------------------------------------------------


def _identifiers(work: Fields, ids: Fields) -> tuple[Identifier, ...]:
    """DOI, PMID and PMCID. The DOI stands twice; `ids` may name another version's and is not asked then."""
    found = [_doi(work if work.text("doi") else ids)]
    for key, expression, form in (("pmid", _PMID, "PMID:{}"), ("pmcid", _PMCID, "PMC{}")):
        raw = ids.text(key)
        match = expression.fullmatch(raw) if raw else None
        identifier = identifier_of(form.format(match[1])) if match else None
        if raw and identifier is None:
            ids.note(key, raw)
        found.append(identifier)
    return tuple(sorted({each for each in found if each is not None}))


def _doi(fields: Fields) -> Identifier | None:
    raw = fields.text("doi")
    try:
        return registered_doi(raw) if raw else None
    except InvalidIdentifier:
        fields.note("doi", raw)
        return None


# -- texts -----------------------------------------------------------------------------------------------


def _abstract(work: Fields) -> str | None:
    """The abstract, its words put back at their places; the index is an object or the JSON text of one."""
    index = work.data.get("abstract_inverted_index")
    if isinstance(index, str):
        try:
            index = json.loads(index)
        except (ValueError, RecursionError):
            work.note("abstract_inverted_index", index)
    if isinstance(index, dict) and isinstance(index.get("InvertedIndex"), dict):
        index = index["InvertedIndex"]
    if not isinstance(index, dict):
        plain = work.text("abstract")
        return _HEADING.sub("", plain, count=1) if plain else None
    return rebuilt(index)


def rebuilt(index: Mapping[str, object]) -> str | None:
    """The text of an inverted index {word: [places]}: words in the order of their places, a blank between two.

    Places may be missing; two words at one place both stay; the heading "Abstract" goes. None where nothing is left.
    """
    placed = [
        (place, word)
        for word, places in index.items()
        for place in (places if isinstance(places, list) else [places])
        if isinstance(place, int) and not isinstance(place, bool)
    ]
    words = [as_text(word) for _, word in sorted(placed)[:_LONGEST_ABSTRACT]]
    line = _HEADING.sub("", " ".join(word for word in words if word), count=1)
    return _FULL_WIDTH_BLANK.sub("", line) or None


def _own_language(said: str | None, texts: tuple[Text, ...]) -> str | None:
    """The language that the service detected, where one of the texts is in it and it is not English.

    English is what it detects of a translated title too, so it says nothing of the work.
    """
    primary = re.split("[-_]", said or "")[0].casefold()
    tags = {each.language.split("-")[0] for each in texts}
    return primary if primary in tags - {_GENERAL_LANGUAGE} else None


def _clean(raw: str | None) -> str | None:
    return text.clean_title(raw) if raw else None


# -- people and containers -------------------------------------------------------------------------------


def _contributors(work: Fields) -> Iterator[Contributor]:
    """The authors by their names on the title page; the service's own name of them only where that is missing."""
    authorships = [(name, each) for each in work.objects("authorships") if (name := _shown_name(each))]
    people = given_first([name for name, _ in authorships])
    for person, (_, authorship) in zip(people, authorships, strict=True):
        raw_orcid = authorship.text("raw_orcid") or authorship.inner("author").text("orcid")
        yield replace(
            person,
            orcid=identifiers.parse_orcid(raw_orcid) if raw_orcid else None,
            affiliations=_affiliations(authorship),
        )


def _shown_name(authorship: Fields) -> str | None:
    return _clean(authorship.text("raw_author_name")) or _clean(
        authorship.inner("author").text("display_name")
    )


def _affiliations(authorship: Fields) -> tuple[str, ...]:
    raw = unique(map(_clean, authorship.texts("raw_affiliation_strings")))
    if raw:
        return raw
    return unique(_clean(place.text("display_name")) for place in authorship.objects("institutions"))


def given_first(shown: Sequence[str]) -> list[Contributor]:
    """Persons of one work, whose names stand given name first ("Sang M. Lee"), except in Han and around a comma.

    They vote on the order together: a single odd name is not turned round ("Salim Yusuf").
    """
    plain = [name for name in shown if "," not in name]
    voted = names.parse_author_line("; ".join(plain), family_first=False) if plain else ()
    if len(voted) != len(plain):
        return [names.parse_name(name) for name in shown]
    read = iter(voted)
    return [next(read) if "," not in name else names.parse_name(name) for name in shown]


def _venue(work: Fields) -> Fields:
    """Where the work appeared: `primary_location.source`, before 2023 `host_venue`."""
    source = work.inner("primary_location").inner("source")
    return source if source.data else work.inner("host_venue")


def _container(work: Fields) -> Container | None:
    """The journal, series or proceedings; of a chapter the book as it was deposited.

    A repository or an "eBooks" platform is where a work lies, not what it is part of.
    """
    venue = _venue(work)
    is_container = venue.text("type") in _CONTAINERS
    if is_container and (title := _clean(venue.text("display_name"))):
        issns = [*venue.texts("issn"), venue.text("issn_l")]
        return Container(title=title, issns=unique(identifiers.parse_issn(raw) for raw in issns if raw))
    raw = _clean(work.inner("primary_location").text("raw_source_name"))
    is_deposited = venue.text("type") not in _REPOSITORIES and _work_type(work) in _PARTS
    return Container(title=raw) if raw and is_deposited and "://" not in raw else None


def _publisher(work: Fields) -> str | None:
    venue = _venue(work)
    if venue.text("type") in _REPOSITORIES:
        return None
    return _clean(venue.text("host_organization_name") or venue.text("publisher"))


def _locus(biblio: Fields) -> Locus | None:
    first, last = biblio.text("first_page"), biblio.text("last_page")
    pages = f"{first}-{last}" if first and last and first != last else first or last
    return locus_of(biblio.text("volume"), biblio.text("issue"), pages)


# -- dates, type, access ---------------------------------------------------------------------------------


def issued(work: Fields, date_key: str, year_key: str) -> PartialDate | None:
    """The date, as far as it is one: the service makes 1 January of a year, so that day is only the year."""
    raw = work.text(date_key)
    dated = iso_date(raw) if raw else None
    if dated is not None:
        return PartialDate(dated.year) if (dated.month, dated.day) == (1, 1) else dated
    year = work.text(year_key)
    dated = partial_date([as_integer(year)]) if year else None
    if dated is None and (raw or year):
        work.note(date_key if raw else year_key, raw or year)
    return dated


def _work_type(work: Fields) -> str | None:
    """What the publisher deposited, where that is told; else the service's own, coarser word."""
    deposited = work.text("type_crossref") or work.inner("primary_location").text("raw_type")
    if deposited in _DEPOSITED_TYPES:
        return deposited
    said = work.text("type")
    if said == "article" and _venue(work).text("type") == "conference":
        return "proceedings-article"
    return WORK_TYPES.get(said, said) if said else None


def _open_access(work: Fields, access: Fields) -> OpenAccess | None:
    best = work.inner("best_oa_location")
    said = (best.text("pdf_url"), access.text("oa_url"), best.text("landing_page_url"))
    return open_access(
        next((url for url in map(web_address, said) if url), None),
        licence_said=best.text("license"),
        status=access.text("oa_status"),
        host=best.inner("source").text("type"),
        version=best.text("version"),
    )


# -- what has no field -----------------------------------------------------------------------------------


def _extra(work: Fields) -> str | None:
    """Where the work lies, the service's own type, topic and language."""
    ids, venue = work.inner("ids"), _venue(work)
    topic = work.inner("primary_topic")
    is_cut = work.flag("is_authors_truncated") or _is_cut(work)
    if is_cut:
        work.remarks.append(Skip(work.where, message("authors-cut-off", cap=_LIST_CAP), fatal=False))
    return compact_json(
        {
            "authorsTruncated": is_cut or None,
            "field": topic.inner("field").text("display_name"),
            "isParatext": work.flag("is_paratext") or None,
            "language": work.text("language"),
            "mag": ids.text("mag"),
            "repository": venue.text("display_name") if venue.text("type") in _REPOSITORIES else None,
            "type": work.text("type"),
        }
    )


def _is_cut(work: Fields) -> bool:
    """Whether the list of authors has exactly the length at which lists are cut off."""
    authors = work.data.get("authorships")
    return isinstance(authors, list) and len(authors) == _LIST_CAP
