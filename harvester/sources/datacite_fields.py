"""One work as DataCite describes it (the `attributes` of its JSON:API), brought into a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from harvester import access, identifiers, text
from harvester.model import (
    Container,
    Identifier,
    Locus,
    OpenAccess,
    Origin,
    PartialDate,
    Record,
    Relation,
    Scheme,
    Text,
)
from harvester.patterns import pattern
from harvester.relations import kind_of, pointing, tidy
from harvester.sources.datacite_people import contributors_of
from harvester.sources.datacite_words import SHUT, TEXT_TYPES, TYPES, language_tag, said
from harvester.sources.describing import (
    abstracts_of,
    filed_as,
    hint_for,
    identifier_of,
    is_han,
    iso_date,
    japanese_hint,
    locus_of,
    required_doi,
    titles_of,
    unique,
    web_address,
)
from harvester.sources.reading import Fields, as_text, compact_json, require_object
from harvester.wire import Skip

NAME: Final = "datacite"

_ARXIV_DOI: Final = pattern(r"10\.48550/arxiv\.(.+)")
_OPEN_LICENCE: Final = pattern(r"(?i)https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/")
_OPEN_ACCESS: Final = "info:eu-repo/semantics/openaccess"
_SLASHED_DATE: Final = pattern(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")
_REPOSITORY: Final = "DataRepository"
_NO_WORK_RELATIONS: Final = frozenset(
    {"References", "IsReferencedBy", "Cites", "IsCitedBy", "Reviews", "IsReviewedBy", "HasMetadata"}
)
_RELATED_CAP: Final = 20  # of one kind
_TITLE_KINDS: Final[dict[str | None, int]] = {None: 0, "TranslatedTitle": 1}
_ALTERNATIVE: Final = 2


def parse_work(
    data: object, retrieved_at: str, *, document: str | None = None, remarks: list[Skip] | None = None
) -> Record:
    """The record of one work: an item of `data` in a reply, or its `attributes` alone.

    What is left out of it for its type is added to `remarks`. Raises ParseError for what is no work to keep:
    no object, no DOI.
    """
    data = require_object(data)
    inner = data.get("attributes")
    attributes = inner if isinstance(inner, dict) else data
    doi = _doi(attributes)
    if "data-center-id" in attributes and "titles" not in attributes:
        attributes = _first_api(attributes)
    work = Fields(attributes, doi.value, [])
    record = _record(work, doi, retrieved_at, document)
    if remarks is not None:
        remarks.extend(work.remarks)
    return record


def is_work(data: Mapping[str, object]) -> bool:
    """Whether a JSON object is a work in DataCite's own form."""
    inner = data.get("attributes")
    attributes = inner if isinstance(inner, dict) else data
    return "doi" in attributes and bool({"titles", "creators", "data-center-id"} & attributes.keys())


def _record(work: Fields, doi: Identifier, retrieved_at: str, document: str | None) -> Record:
    titles = _titles(work)
    abstracts = _abstracts(work)
    is_open = _is_open(work)
    return Record(
        source=NAME,
        source_key=doi.value,
        retrieved_at=retrieved_at,
        document=document,
        identifiers=_identifiers(doi),
        titles=titles,
        abstracts=abstracts,
        contributors=contributors_of(work),
        container=_container(work),
        locus=_locus(work),
        issued=_issued(work),
        published_online=_first_date(work, "Available"),
        language=_agreed_language(work.text("language"), titles + abstracts),
        work_type=_work_type(work.inner("types"))
        or ("posted-content" if _ARXIV_DOI.match(doi.value) else None),
        publisher=_publisher(work),
        url=web_address(work.text("url")),
        is_open_access=is_open,
        open_access=_open_access(work) if is_open else None,
        citation_count=work.count("citationCount"),
        retracted=_is_withdrawn(work),
        subjects=unique(said(subject.text("subject")) for subject in work.objects("subjects")),
        relations=_relations(work),
        extra=_extra(work),
    )


def _doi(attributes: Mapping[str, object]) -> Identifier:
    return required_doi(as_text(attributes.get("doi")), "doi")


def _identifiers(doi: Identifier) -> tuple[Identifier, ...]:
    """The DOI, and the arXiv id that an arXiv DOI is made of. Alternate ids may name parts and containers."""
    arxiv = _ARXIV_DOI.fullmatch(doi.value)
    own = identifier_of(f"arXiv:{arxiv[1]}") if arxiv else None
    return (doi,) if own is None or own.scheme is not Scheme.ARXIV else tuple(sorted((doi, own)))


def _first_api(attributes: Mapping[str, object]) -> dict[str, object]:
    """What the first API (hyphens in its keys, one title, CSL's authors) said, in the words of today's."""
    people = attributes.get("author")
    return {
        "titles": [{"title": attributes.get("title")}],
        "descriptions": [
            {"description": attributes.get("description"), "descriptionType": "Abstract"},
        ],
        "creators": [
            {
                "name": person.get("literal"),
                "givenName": person.get("given"),
                "familyName": person.get("family"),
            }
            for person in (people if isinstance(people, list) else [])
            if isinstance(person, dict)
        ],
        "publisher": attributes.get("container-title"),
        "publicationYear": attributes.get("published"),
        "types": {
            "resourceTypeGeneral": (as_text(attributes.get("resource-type-id")) or "").title(),
            "resourceType": attributes.get("resource-type-subtype"),
        },
        "url": attributes.get("url"),
        "citationCount": attributes.get("citation-count"),
    }


# -- texts -----------------------------------------------------------------------------------------------


def _titles(work: Fields) -> tuple[Text, ...]:
    """All titles in all languages, the main one (the first without a type) in front, with its subtitle.

    An alternative title counts only where its language has no title yet.
    """
    lines = [(title, said(title.text("title"))) for title in work.objects("titles")]
    shown = [(title, title.text("titleType"), line) for title, line in lines if line]
    kana = japanese_hint(line for _, _, line in shown)
    own = language_tag(work.text("language"))
    subtitles = [(title, line) for title, kind, line in shown if kind == "Subtitle"]
    shown.sort(key=lambda each: _TITLE_KINDS.get(each[1], _ALTERNATIVE))
    found: dict[str, Text] = {}
    for number, (title, kind, line) in enumerate(shown):
        if kind == "Subtitle" and number:
            continue
        whole = line if number else _with_subtitle(line, title, subtitles)
        hint = kana or hint_for(line, language_tag(title.text("lang")) or (None if kind else own))
        has_titles = {each.language for each in found.values()}
        for each in filed_as(titles_of([whole], Origin.PUBLISHER, hint), hint):
            if kind in _TITLE_KINDS or each.language not in has_titles:
                found.setdefault(text.compare_key(each.value) or each.value, each)
    return tuple(found.values())


def _with_subtitle(main: str, title: Fields, subtitles: Iterable[tuple[Fields, str]]) -> str:
    """The title with the first subtitle in its language that says something new: "title: subtitle"."""
    for each, subtitle in subtitles:
        tags = {language_tag(tag) for tag in (title.text("lang"), each.text("lang")) if tag}
        is_new = text.compare_key(subtitle) not in text.compare_key(main)
        if len(tags) < 2 and is_new and is_han(main) == is_han(subtitle):
            joint = " " if main.endswith((":", "?", "!", "：", "？", "！", "–", "—")) else ": "
            return f"{main}{joint}{subtitle}"
    return main


def _abstracts(work: Fields) -> tuple[Text, ...]:
    """One abstract a language; what a depositor calls Other or Methods is none."""
    found: dict[str, Text] = {}
    for each in work.objects("descriptions"):
        raw = each.text("description")
        if each.text("descriptionType") != "Abstract" or said(raw) is None:
            continue
        hint = japanese_hint([raw or ""]) or hint_for(raw or "", language_tag(each.text("lang")))
        for abstract in filed_as(abstracts_of(raw, Origin.PUBLISHER, hint), hint):
            found.setdefault(abstract.language, abstract)
    return tuple(found.values())


def _agreed_language(own: str | None, texts: tuple[Text, ...]) -> str | None:
    """The language that the record says, if one of its texts is in it: "en" is a common default."""
    primary = (language_tag(own) or "").split("-")[0]
    return primary if primary in {each.language.split("-")[0] for each in texts} else None


# -- where it appeared -----------------------------------------------------------------------------------


def _publisher(work: Fields) -> str | None:
    if isinstance(work.data.get("publisher"), dict):
        return said(work.inner("publisher").text("name"))
    return said(work.text("publisher"))


def _container(work: Fields) -> Container | None:
    """Journal, book or series; a repository is where a data set lies, not what it appeared in."""
    inner = work.inner("container")
    host = _host(work)
    title = next(filter(None, map(said, inner.texts("title"))), None)
    if title and inner.text("type") != _REPOSITORY:
        return Container(title=title, issns=_issns(work))
    hosted = next(filter(None, (said(each.text("title")) for each in host.objects("titles"))), None)
    return Container(title=hosted, issns=_issns(work)) if hosted else None


def _host(work: Fields) -> Fields:
    """The related item that the work is published in, described on the spot since schema 4.4."""
    hosts = [each for each in work.objects("relatedItems") if each.text("relationType") == "IsPublishedIn"]
    return hosts[0] if hosts else Fields({}, work.where, work.remarks)


def _locus(work: Fields) -> Locus | None:
    for place in (work.inner("container"), _host(work)):
        pages = "-".join(filter(None, (place.text("firstPage"), place.text("lastPage"))))
        locus = locus_of(place.text("volume"), place.text("issue"), pages or None)
        if locus is not None and place.text("type") != _REPOSITORY:
            return locus
    return None


def _issns(work: Fields) -> tuple[str, ...]:
    inner = work.inner("container")
    raws = [inner.text("identifier")] if (inner.text("identifierType") or "").endswith("ISSN") else []
    for related in work.objects("relatedIdentifiers"):
        is_issn = (related.text("relatedIdentifierType") or "").endswith("ISSN")
        if is_issn and related.text("relationType") in {"IsPartOf", "IsPublishedIn"}:
            raws.append(related.text("relatedIdentifier"))
    return unique(identifiers.parse_issn(raw) for raw in raws if raw)


# -- dates, type, access ---------------------------------------------------------------------------------


def _issued(work: Fields) -> PartialDate | None:
    """The date of type Issued, of several the one in the year of publication; else that year."""
    year = iso_date(work.text("publicationYear") or "")
    issued = _dates(work, "Issued")
    of_year = [date for date in issued if year is not None and date.year == year.year]
    return next(iter([*of_year, *issued]), year)


def _first_date(work: Fields, kind: str) -> PartialDate | None:
    return next(iter(_dates(work, kind)), None)


def _dates(work: Fields, kind: str) -> list[PartialDate]:
    raws = [each.text("date") for each in work.objects("dates") if each.text("dateType") == kind]
    return [date for date in map(_date, filter(None, raws)) if date is not None]


def _date(raw: str) -> PartialDate | None:
    """A date, or what the two ends of a range ("2020-01-01/2020-05-01") have in common."""
    start, slash, end = _SLASHED_DATE.sub(r"\1-\2-\3", raw).partition("/")
    first, last = iso_date(start.strip()), iso_date(end.strip())
    if not slash or first is None or last is None or first == last:
        return first
    if first.year != last.year:
        return first
    return PartialDate(first.year, first.month if first.month == last.month else 0)


def _work_type(types: Fields) -> str | None:
    """Crossref's word where it has one, else the general type ("software"); a Text tells nothing by itself."""
    general = types.text("resourceTypeGeneral") or ""
    if general not in {"Text", ""}:
        dashed = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", general).casefold()
        return TYPES.get(general, dashed)
    specific = re.sub(r"[\W_]+", "", (types.text("resourceType") or "").casefold())
    return TEXT_TYPES.get(specific) or TEXT_TYPES.get((types.text("ris") or "").casefold())


def _is_open(work: Fields) -> bool | None:
    """Whether the rights open it or shut it in so many words; other licences say nothing about access."""
    words = {
        (each.text(key) or "").casefold()
        for each in work.objects("rightsList")
        for key in ("rightsUri", "rights", "rightsIdentifier")
    }
    if words & SHUT:
        return False
    is_open = any(word == _OPEN_ACCESS or _OPEN_LICENCE.match(word) or word.startswith("cc-by") or
                  word == "cc0-1.0" for word in words)  # fmt: skip
    return True if is_open else None


def _open_access(work: Fields) -> OpenAccess | None:
    rights = [
        each.text("rightsUri") or each.text("rightsIdentifier") or each.text("rights")
        for each in work.objects("rightsList")
    ]
    named = [
        said for said in map(access.licence, rights) if said and said.startswith(("cc-", "cc0", "public"))
    ]
    url = next(filter(None, map(web_address, work.texts("contentUrl"))), None)
    return access.open_access(url, licence_said=next(iter(named), None))


def _is_withdrawn(work: Fields) -> bool | None:
    kinds = {each.text("dateType") for each in work.objects("dates")}
    return True if "Withdrawn" in kinds else None


# -- what has no field -----------------------------------------------------------------------------------


def _extra(work: Fields) -> str | None:
    """Rights, relations of other kinds than ours, other identifiers, version, and the types in the service's own words."""
    types = work.inner("types")
    return compact_json(
        {
            "alternate": _alternates(work),
            "issn": [] if _container(work) else list(_issns(work)),
            "license": list(unique(each.text("rightsUri") for each in work.objects("rightsList"))),
            "relation": _other_relations(work),
            "subtype": types.text("resourceType"),
            "type": types.text("resourceTypeGeneral"),
            "version": work.text("version"),
        }
    )


def _alternates(work: Fields) -> list[str]:
    found = []
    for key, kind in (("identifiers", "identifier"), ("alternateIdentifiers", "alternateIdentifier")):
        for each in work.objects(key):
            value, scheme = each.text(kind), each.text(f"{kind}Type")
            if value and scheme != "DOI":
                found.append(f"{scheme or 'id'}:{value}")
    return sorted(set(found))[:_RELATED_CAP]


def _relations(work: Fields) -> tuple[Relation, ...]:
    """Related works, without citations (there are thousands) and ISSNs, which name the container."""
    return tidy(
        pointing(kind, scheme, value)
        for word, scheme, value in _related(work)
        if (kind := kind_of(word)) and not scheme.endswith("issn")
    )


def _other_relations(work: Fields) -> dict[str, list[str]]:
    """Related works under words that are no kind of ours ("IsRequiredBy": ["doi:10.5555/1"])."""
    found: dict[str, set[str]] = {}
    for word, scheme, value in _related(work):
        if kind_of(word) is None:
            found.setdefault(word, set()).add(f"{scheme}:{value}")
    return {word: sorted(related)[:_RELATED_CAP] for word, related in found.items()}


def _related(work: Fields) -> Iterator[tuple[str, str, str]]:
    for each in work.objects("relatedIdentifiers"):
        word, value = each.text("relationType"), each.text("relatedIdentifier")
        if word and value and word not in _NO_WORK_RELATIONS:
            yield word, (each.text("relatedIdentifierType") or "id").casefold(), value
