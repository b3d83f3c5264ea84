"""One result of Europe PMC, of its full ("core") or its short ("lite") kind, brought into a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
    Origin,
    PartialDate,
    Record,
    Relation,
    RelationKind,
    Scheme,
)
from harvester.relations import cited, medline_kind, pointing_into, tidy
from harvester.relations import is_retracted as notice_retracts
from harvester.sources.describing import (
    abstracts_of,
    contributor_of,
    iso_date,
    locus_of,
    partial_date,
    unique,
    web_address,
)
from harvester.sources.medline import (
    cited_date,
    is_retracted,
    language_code,
    medline_date,
    medline_pages,
    pmcid,
    pmid,
    titles_in,
    work_type,
)
from harvester.sources.reading import Fields, as_text, compact_json, require_object
from harvester.wire import Skip

NAME: Final = "europepmc"
MEDLINE: Final = "MED"
PREPRINT: Final = "PPR"
_PREPRINT_ID: Final = re.compile(r"PPR[1-9][0-9]*")

_FREE: Final = ("OA", "F")  # open access before merely free of charge
_STYLES: Final = ("pdf", "html", "doi")


def parse_work(
    data: object, retrieved_at: str, *, document: str | None = None, remarks: list[Skip] | None = None
) -> Record:
    """The record of one result.

    What is left out of it for its type is added to `remarks`. Raises ParseError for what is no result to keep:
    no object, or one without `id` and `source`.
    """
    data = require_object(data)
    key, register = as_text(data.get("id")), as_text(data.get("source"))
    if key is None or register is None:
        raise ParseError(message("no-key-in-record", key="id" if key is None else "source"))
    work = Fields(data, f"{register}:{key}", [])
    record = _record(work, key, register, retrieved_at, document)
    if remarks is not None:
        remarks.extend(work.remarks)
    return record


def _record(work: Fields, key: str, register: str, retrieved_at: str, document: str | None) -> Record:
    own_language = language_code(work.text("language"))
    types = _types(work)
    relations = _relations(work)
    return Record(
        source=NAME,
        source_key=f"{register}:{key}",
        retrieved_at=retrieved_at,
        document=document,
        identifiers=_identifiers(work, key, register),
        titles=titles_in(work.text("title"), Origin.AGGREGATOR, "en"),
        abstracts=abstracts_of(work.text("abstractText"), Origin.AGGREGATOR, "en"),
        contributors=_contributors(work),
        container=_container(work),
        locus=_locus(work),
        issued=_issued(work, register),
        published_online=iso_date(work.text("electronicPublicationDate") or ""),
        language=own_language,
        work_type="posted-content" if register == PREPRINT else work_type(types),
        publisher=text.clean_title(work.inner("bookOrReportDetails").text("publisher") or ""),
        url=f"https://europepmc.org/article/{register}/{key}",
        is_open_access=True if work.text("isOpenAccess") == "Y" else None,
        open_access=open_access(_free_url(work), licence_said=work.text("license")),
        citation_count=work.count("citedByCount"),
        retracted=is_retracted(types) or notice_retracts(relations),
        subjects=_subjects(work),
        relations=relations,
        extra=_extra(work, types),
    )


def _identifiers(work: Fields, key: str, register: str) -> tuple[Identifier, ...]:
    """DOI, PMID, PMCID and, of a preprint, the service's own id. The `id` is a PMID where the result comes from MEDLINE."""
    found = {
        Identifier(Scheme.PPR, key) if register == PREPRINT and _PREPRINT_ID.fullmatch(key) else None,
        pmid(work.text("pmid") or (key if register == MEDLINE else None)),
        pmcid(work.text("pmcid") or (key if register == "PMC" else None)),
        _doi(work, "doi") or _doi(work, "DOI"),
    }
    return tuple(sorted(filter(None, found)))


def _doi(work: Fields, key: str) -> Identifier | None:
    raw = work.text(key)
    try:
        return identifiers.parse_doi(raw) if raw else None
    except InvalidIdentifier:
        work.note(key, raw)
        return None


def _contributors(work: Fields) -> tuple[Contributor, ...]:
    listed = [_contributor(author) for author in work.inner("authorList").objects("author")]
    if any(listed):
        return tuple(filter(None, listed))
    line = (work.text("authorString") or "").removesuffix(".")
    return names.parse_author_line(line, family_first=True) if line else ()


def _contributor(author: Fields) -> Contributor | None:
    body = author.text("collectiveName")
    family, given = author.text("lastName"), author.text("firstName") or author.text("initials")
    named = contributor_of(family=family, given=given, name=body or author.text("fullName"))
    if named is None:
        return None
    details = author.inner("authorAffiliationDetailsList").objects("authorAffiliation")
    places = [*(each.text("affiliation") for each in details), author.text("affiliation")]
    register = author.inner("authorId")
    is_orcid = register.text("type") == "ORCID"
    return Contributor(
        name=named.name,
        family=named.family,
        given=named.given,
        name_zh=named.name_zh,
        orcid=identifiers.parse_orcid(register.text("value") or "") if is_orcid else None,
        affiliations=unique(text.clean_title(place) for place in places if place),
    )


def _container(work: Fields) -> Container | None:
    journal = work.inner("journalInfo").inner("journal")
    short = (
        journal.text("isoabbreviation") or journal.text("medlineAbbreviation") or work.text("journalTitle")
    )
    title = text.clean_title(journal.text("title") or short or "")
    if title is None:
        return None
    abbreviation = text.clean_title(short or "")
    raws = [journal.text("issn"), journal.text("essn"), *(work.text("journalIssn") or "").split(";")]
    return Container(
        title=title,
        abbreviation=abbreviation if abbreviation != title else None,
        issns=unique(identifiers.parse_issn(raw) for raw in raws if raw and raw.strip()),
    )


def _locus(work: Fields) -> Locus | None:
    journal = work.inner("journalInfo")
    return locus_of(
        journal.text("volume") or work.text("journalVolume"),
        journal.text("issue") or work.text("issue"),
        medline_pages(work.text("pageInfo")),
    )


def _issued(work: Fields, register: str) -> PartialDate | None:
    """The date of the issue as the journal words it ("2024 Apr"), of a preprint the day it was posted.

    Other full dates are no more than that, with a first day made up.
    """
    if register == PREPRINT:
        posted = iso_date(work.text("firstPublicationDate") or "")
        if posted is not None:
            return posted
    journal = work.inner("journalInfo")
    years = (
        journal.count("yearOfPublication"),
        work.inner("bookOrReportDetails").count("yearOfPublication"),
        work.count("pubYear"),
    )
    dated = medline_date(journal.text("dateOfPublication"))
    return dated or next(filter(None, (partial_date([year]) for year in years if year)), None)


def _types(work: Fields) -> list[str]:
    """The publication types: a list in full results, a line with semicolons in short ones."""
    line = (work.text("pubType") or "").split(";")
    return list(unique(each.strip() for each in (*work.inner("pubTypeList").texts("pubType"), *line)))


def _free_url(work: Fields) -> str | None:
    """Where the text is free: open access before free of charge, a file before a page."""
    links = [
        (_FREE.index(code), _STYLES.index(style), address)
        for link in work.inner("fullTextUrlList").objects("fullTextUrl")
        if (code := link.text("availabilityCode")) in _FREE
        and (style := link.text("documentStyle")) in _STYLES
        and (address := web_address(link.text("url")))
    ]
    return min(links)[2] if links else None


def _subjects(work: Fields) -> tuple[str, ...]:
    headings = (each.text("descriptorName") for each in work.inner("meshHeadingList").objects("meshHeading"))
    return _cleaned((*headings, *work.inner("keywordList").texts("keyword")))


def _cleaned(raws: Iterable[str | None]) -> tuple[str, ...]:
    return unique(text.clean_title(raw) for raw in raws if raw)


def _extra(work: Fields, types: list[str]) -> str | None:
    """The types as they came, relations of other kinds than ours and what else has no field."""
    return compact_json(
        {
            "publicationTypes": types,
            "pubModel": work.text("pubModel"),
            "nlmUniqueId": work.inner("journalInfo").inner("journal").text("nlmid"),
            "relation": _other_relations(work),
            "version": work.count("versionNumber"),
        }
    )


def _relations(work: Fields) -> tuple[Relation, ...]:
    """Notices, comments, preprints and versions."""
    return tidy(_relation(kind, each) for word, each in _notes(work) if (kind := medline_kind(word)))


def _relation(kind: RelationKind, each: Fields) -> Relation:
    number, register, line = each.text("id"), each.text("source"), each.text("reference")
    line = " ".join(line.split()) if line else None
    if not (register and number):
        return replace(cited(kind, line or ""), date=cited_date(line or ""))
    entry = pointing_into(kind, register, number)
    return replace(entry, reference=line or entry.reference, date=cited_date(line or ""))


def _other_relations(work: Fields) -> dict[str, list[str]]:
    """Related works under words that are no kind of ours ("Associated data": ["MED:123"])."""
    related: dict[str, list[str]] = {}
    for word, each in _notes(work):
        number, register = each.text("id"), each.text("source")
        if medline_kind(word) is None:
            where = f"{register}:{number}" if register and number else each.text("reference")
            related.setdefault(word, []).append(where or "")
    return related


def _notes(work: Fields) -> Iterator[tuple[str, Fields]]:
    for each in work.inner("commentCorrectionList").objects("commentCorrection"):
        word = each.text("type")
        where = (each.text("id") and each.text("source")) or each.text("reference")
        if word and where and re.fullmatch(r"[\w ]{1,40}", word):
            yield word, each
