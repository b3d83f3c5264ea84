"""One paper as Semantic Scholar describes it, brought into a record.

Read are the Graph API's form, that of the dataset files (keys in lower case) and that of
the older open corpus (`paperAbstract`, `journalName`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from harvester import identifiers, text
from harvester.access import open_access
from harvester.errors import ParseError
from harvester.messages import message
from harvester.model import (
    Container,
    Contributor,
    Identifier,
    OpenAccess,
    Origin,
    PartialDate,
    Record,
    Scheme,
)
from harvester.patterns import pattern
from harvester.sources.describing import (
    abstracts_of,
    identifier_of,
    iso_date,
    locus_of,
    partial_date,
    titles_of,
    unique,
    web_address,
)
from harvester.sources.openalex_fields import given_first
from harvester.sources.reading import Fields, as_integer, as_text, compact_json, require_object
from harvester.wire import Skip

NAME: Final = "semanticscholar"

_PAPER_ID: Final = pattern("[0-9a-f]{40}")
_DATASET_KEYS: Final = {
    key.lower(): key
    for key in (
        "corpusId",
        "externalIds",
        "publicationVenue",
        "publicationDate",
        "citationCount",
        "isOpenAccess",
        "openAccessPdf",
        "s2FieldsOfStudy",
        "publicationTypes",
    )
}
_REGISTERS: Final = (("DOI", "{}"), ("PubMed", "PMID:{}"), ("PubMedCentral", "PMC{}"), ("ArXiv", "arXiv:{}"))
# The first that stands among a paper's types decides: "JournalArticle" is said of conference papers too.
_WORK_TYPES: Final = (
    ("BookSection", "book-chapter"),
    ("Conference", "proceedings-article"),
    ("JournalArticle", "journal-article"),
    ("Book", "book"),
    ("Dataset", "dataset"),
    ("Review", "journal-article"),
    ("CaseReport", "journal-article"),
    ("ClinicalTrial", "journal-article"),
    ("Editorial", "journal-article"),
    ("LettersAndComments", "journal-article"),
    ("MetaAnalysis", "journal-article"),
)


def is_paper(data: Mapping[str, object]) -> bool:
    """Whether a JSON object is a paper in one of the service's forms."""
    if "paperId" in data or ("corpusid" in data and "title" in data):
        return True
    return "id" in data and ("s2Url" in data or "paperAbstract" in data)


def parse_work(
    data: object, retrieved_at: str, *, document: str | None = None, remarks: list[Skip] | None = None
) -> Record:
    """The record of one paper.

    What is left out of it for its type is added to `remarks`. Raises ParseError for what is no
    paper to keep: no object, or neither a paperId nor a corpusId nor a DOI.
    """
    data = require_object(data)
    graph_form = _in_graph_form(data)
    paper = Fields(graph_form, _label(graph_form), [])
    found = _identifiers(paper)
    key = _source_key(found)
    if key is None:
        raise ParseError(message("no-key-in-record", key="paperId"))
    record = _record(paper, key, found, retrieved_at, document)
    if remarks is not None:
        remarks.extend(paper.remarks)
    return record


def _record(
    paper: Fields, key: str, found: tuple[Identifier, ...], retrieved_at: str, document: str | None
) -> Record:
    return Record(
        source=NAME,
        source_key=key,
        retrieved_at=retrieved_at,
        document=document,
        identifiers=found,
        titles=titles_of(filter(None, [paper.text("title")]), Origin.AGGREGATOR),
        abstracts=abstracts_of(paper.text("abstract"), Origin.AGGREGATOR),
        contributors=_authors(paper),
        container=_container(paper),
        locus=locus_of(paper.inner("journal").text("volume"), None, paper.inner("journal").text("pages")),
        issued=_issued(paper),
        work_type=_work_type(paper),
        url=web_address(paper.text("url")),
        is_open_access=paper.flag("isOpenAccess"),
        open_access=_open_access(paper.inner("openAccessPdf")),
        citation_count=paper.count("citationCount"),
        subjects=_subjects(paper),
        extra=_extra(paper),
    )


# -- the three forms -------------------------------------------------------------------------------------


def _in_graph_form(data: Mapping[str, object]) -> dict[str, object]:
    if "paperId" in data:
        return dict(data)
    if "paperAbstract" in data or "s2Url" in data:
        return _from_open_corpus(data)
    return {_DATASET_KEYS.get(key, key): value for key, value in data.items()}


def _from_open_corpus(data: Mapping[str, object]) -> dict[str, object]:
    return {
        **data,
        "paperId": data.get("id"),
        "abstract": data.get("paperAbstract"),
        "url": data.get("s2Url"),
        "externalIds": {"DOI": data.get("doi"), "PubMed": data.get("pmid"), "MAG": data.get("magId")},
        "journal": {
            "name": data.get("journalName"),
            "volume": data.get("journalVolume"),
            "pages": data.get("journalPages"),
        },
    }


def _label(data: Mapping[str, object]) -> str:
    return as_text(data.get("paperId")) or as_text(data.get("corpusId")) or "?"


# -- identifiers -----------------------------------------------------------------------------------------


def _identifiers(paper: Fields) -> tuple[Identifier, ...]:
    found = {each for each in (*_own_ids(paper), *_register_ids(paper)) if each is not None}
    return tuple(sorted(found))


def _own_ids(paper: Fields) -> list[Identifier]:
    found = []
    paper_id = (paper.text("paperId") or "").lower()
    if _PAPER_ID.fullmatch(paper_id):
        found.append(Identifier(Scheme.S2, paper_id))
    external = paper.inner("externalIds").data.get("CorpusId")
    corpus_id = as_integer(paper.data.get("corpusId") or external)
    if corpus_id is not None and corpus_id > 0:
        found.append(Identifier(Scheme.CORPUS, str(corpus_id)))
    return found


def _register_ids(paper: Fields) -> list[Identifier]:
    """Ids of other registers: DOIs come in any case, PMC numbers without their prefix."""
    found = []
    external = paper.inner("externalIds")
    for key, form in _REGISTERS:
        raw = external.text(key)
        if raw is None:
            continue
        identifier = identifier_of(form.format(raw.removeprefix("PMC")))
        if identifier is None:
            external.note(key, raw)
        else:
            found.append(identifier)
    return found


def _source_key(found: tuple[Identifier, ...]) -> str | None:
    by_scheme = {each.scheme: each.value for each in found}
    corpus_id = by_scheme.get(Scheme.CORPUS)
    return by_scheme.get(Scheme.S2) or (f"CorpusId:{corpus_id}" if corpus_id else by_scheme.get(Scheme.DOI))


# -- the rest --------------------------------------------------------------------------------------------


def _authors(paper: Fields) -> tuple[Contributor, ...]:
    named = [
        (name, author)
        for author in paper.objects("authors")
        if (raw := author.text("name")) and (name := text.clean_title(raw))
    ]
    people = given_first([name for name, _ in named])
    return tuple(
        replace(person, affiliations=unique(map(text.clean_title, author.texts("affiliations"))))
        for person, (_, author) in zip(people, named, strict=True)
    )


def _container(paper: Fields) -> Container | None:
    venue = paper.inner("publicationVenue")
    raw = paper.inner("journal").text("name") or paper.text("venue") or venue.text("name")
    title = text.clean_title(raw) if raw else None
    if title is None:
        return None
    issns = [*venue.texts("issn"), *venue.texts("alternate_issns")]
    return Container(title=title, issns=unique(map(identifiers.parse_issn, issns)))


def _issued(paper: Fields) -> PartialDate | None:
    raw = paper.text("publicationDate")
    dated = iso_date(raw) if raw else None
    if dated is not None:
        return dated
    year = paper.count("year")
    dated = partial_date([year]) if year is not None else None
    if dated is None and (raw or year):
        paper.note("publicationDate" if raw else "year", raw or year)
    return dated


def _work_type(paper: Fields) -> str | None:
    said = set(paper.texts("publicationTypes"))
    return next((work_type for term, work_type in _WORK_TYPES if term in said), None)


def _subjects(paper: Fields) -> tuple[str, ...]:
    categories = [each.text("category") for each in paper.objects("s2FieldsOfStudy")]
    return unique([*categories, *paper.texts("fieldsOfStudy")])


def _open_access(pdf: Fields) -> OpenAccess | None:
    return open_access(
        web_address(pdf.text("url")), licence_said=pdf.text("license"), status=pdf.text("status")
    )


def _extra(paper: Fields) -> str | None:
    """The service's own types, the identifiers of registers that have no scheme here."""
    external = paper.inner("externalIds")
    return compact_json(
        {
            "publicationTypes": list(unique(paper.texts("publicationTypes"))),
            "externalIds": {
                key: value for key in ("ACL", "DBLP", "MAG") if (value := external.text(key)) is not None
            },
            "venue": paper.text("venue") if paper.inner("journal").text("name") else None,
            "venueId": paper.inner("publicationVenue").text("id"),
        }
    )
