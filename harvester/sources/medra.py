"""mEDRA, the registration agency of many Italian and other European publishers: ONIX for DOI, in XML.

One DOI a question. Its register holds articles, chapters, books, issues and journals, all in one grammar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from msgspec.structs import replace

from harvester import identifiers, names, text
from harvester.errors import ParseError
from harvester.messages import message
from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    Origin,
    PartialDate,
    Record,
    Text,
)
from harvester.patterns import pattern
from harvester.sources.asking import askable, require_askable
from harvester.sources.describing import (
    abstracts_of,
    contributor_of,
    filed_as,
    hint_for,
    is_han,
    locus_of,
    partial_date,
    required_doi,
    tagged_titles,
    unique,
    web_address,
)
from harvester.sources.matching import answered_with_another, read_all
from harvester.sources.medline import language_code
from harvester.sources.reading import excerpt, require_service
from harvester.sources.xml_reading import Element, load_xml, words
from harvester.wire import Asker, Limit, Page, Payload, Request, Skip, Source

__all__ = ["SOURCE", "parse_work"]

NAME: Final = "medra"
_TYPES: Final = {  # by the name of the element
    "SerialArticle": "journal-article",
    "SerialIssue": "journal-issue",
    "SerialTitle": "journal",
    "MonographChapter": "book-chapter",
    "Monographic": "book",
}
_ROLES: Final = {"A01": "author", "B01": "editor", "B06": "translator"}
_TITLE_TYPES: Final = frozenset({None, "00", "01", "03", "06"})  # distinctive, original, in another language
_ABBREVIATED: Final = "05"
_ABSTRACT: Final = "01"
_DATE: Final = pattern(r"([0-9]{4})-?([0-9]{2})?-?([0-9]{2})?(?![0-9])")


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker) -> Iterator[Request]:
    """One question a DOI; identifiers that are no DOIs are not asked."""
    for identifier in askable(identifiers):
        yield single(base_url, identifier, asker)


def single(base_url: str, identifier: Identifier, asker: Asker) -> Request:  # noqa: ARG001
    """The look-up of one DOI. Raises InvalidIdentifier for other schemes."""
    require_askable(identifier, NAME)
    return Request(
        service=NAME, url=f"{base_url}/metadata/{quote(identifier.value, safe='/')}", asked=(identifier,)
    )


def limits(asker: Asker) -> dict[str, Limit]:  # noqa: ARG001  the shape of every source
    """None is stated; one a second is polite."""
    return {"single": Limit(1.0, 1)}


def parse(payload: Payload) -> Page:
    """The works of an ONIX message.

    Absent is what gets a 404 that is no page for people. Raises ParseError for HTML, for what is cut off, and
    for other complaints; SourceUnavailable and SourceRefused as `require_service` says.
    """
    require_service(payload)
    if payload.status == 404 and b"<html" not in payload.body[:2_000].lower():
        return Page(absent=payload.asked)
    root = load_xml(payload)
    if payload.status >= 400 or not _name(root).startswith("ONIX"):
        shown = excerpt(words(root) or _name(root))
        raise ParseError(message("service-says", service=NAME, status=payload.status, words=shown))
    works = (each for each in _children(root) if _name(each) != "Header")
    records, skips = read_all(works, parse_work, payload.retrieved_at)
    return _matched(Page(records=tuple(records), skips=tuple(skips)), payload.asked)


SOURCE: Final = Source(
    name=NAME,
    base_url="https://api.medra.org",
    key_variable=None,
    batch=batch,
    single=single,
    parse=parse,
    limits=limits,
    agencies=("mEDRA",),
    only_for=("mEDRA",),
    licence="no licence stated by the agency",
)


def _matched(page: Page, asked: Sequence[Identifier]) -> Page:
    """The records that were asked for; another one in their place is a fatal skip."""
    if not asked:
        return page
    wanted = {identifier.value for identifier in asked}
    others = [record for record in page.records if record.source_key not in wanted]
    skips = [answered_with_another(each, [other.source_key], NAME) for each in asked for other in others]
    kept = tuple(record for record in page.records if record.source_key in wanted)
    return replace(page, records=kept, skips=(*page.skips, *skips))


# -- one record ------------------------------------------------------------------------------------------


def parse_work(
    data: Element, retrieved_at: str, *, document: str | None = None, remarks: list[Skip] | None = None
) -> Record:
    """The record of one work (`DOISerialArticleWork` and its like).

    A date that is none is added to `remarks`. Raises ParseError where there is no DOI.
    """
    doi = required_doi(_text(data, "DOI"), "DOI")
    date = _text(data, "ContentItem", "PublicationDate") or _text(data, "PublicationDate")
    if date and _date(date) is None and remarks is not None:
        remarks.append(_left_out(doi, "PublicationDate", date))
    return _record(data, doi, retrieved_at, document)


def _record(entry: Element, doi: Identifier, retrieved_at: str, document: str | None) -> Record:
    item = next(_all(entry, "ContentItem"), entry)
    own_language = _language(item)
    return Record(
        source=NAME,
        source_key=doi.value,
        retrieved_at=retrieved_at,
        document=document,
        identifiers=(doi,),
        titles=tagged_titles(_titles(item, own_language), Origin.PUBLISHER),
        abstracts=_abstracts(item, own_language),
        contributors=tuple(filter(None, map(_contributor, _in_sequence(item)))),
        container=_container(entry),
        locus=_locus(entry, item),
        issued=_issued(entry, item),
        language=own_language,
        work_type=next((kind for name, kind in _TYPES.items() if name in _name(entry)), None),
        publisher=_publisher(entry),
        url=web_address(_text(entry, "DOIWebsiteLink")),
        subjects=unique(
            text.clean_title(words(each) or "") for each in _all(item, "Subject", "SubjectHeadingText")
        ),
    )


def _titles(item: Element, own_language: str | None) -> list[tuple[str, str | None]]:
    """(title, tag): titles without a language are in that of the work."""
    found = []
    for title in _all(item, "Title"):
        main, subtitle = _text(title, "TitleText"), _text(title, "Subtitle")
        if main and _text(title, "TitleType") in _TITLE_TYPES:
            whole = f"{main}: {subtitle}" if subtitle else main
            found.append((whole, language_code(title.get("language")) or own_language))
    return found


def _abstracts(item: Element, own_language: str | None) -> tuple[Text, ...]:
    """One abstract a language, the first that there is."""
    found: dict[str, Text] = {}
    for other in _all(item, "OtherText"):
        body = next(_all(other, "Text"), None)
        raw = words(body)
        if raw is None or body is None or _text(other, "TextTypeCode") != _ABSTRACT:
            continue
        tag = language_code(body.get("language") or other.get("language")) or own_language
        for abstract in filed_as(abstracts_of(raw, Origin.PUBLISHER, hint_for(raw, tag)), tag):
            found.setdefault(abstract.language, abstract)
    return tuple(found.values())


def _language(item: Element) -> str | None:
    """The language of the text (role 01), not of what it was translated from."""
    codes = [
        language_code(_text(each, "LanguageCode"))
        for each in _all(item, "Language")
        if _text(each, "LanguageRole") in {None, "01"}
    ]
    return next(filter(None, codes), None)


def _in_sequence(item: Element) -> list[Element]:
    people = list(_all(item, "Contributor"))
    return sorted(people, key=lambda person: (_text(person, "SequenceNumber") or "").zfill(6))


def _contributor(person: Element) -> Contributor | None:
    """A person by the parts of the name where they are told apart; `KeyNames` alone may be the whole name."""
    role = _ROLES.get(_text(person, "ContributorRole") or "A01")
    if role is None:
        return None
    before, key = _text(person, "NamesBeforeKey"), _text(person, "KeyNames")
    inverted, shown = _text(person, "PersonNameInverted"), _text(person, "PersonName") or key or before
    if before and key:
        found = contributor_of(family=key, given=before)
    elif inverted:
        found = names.parse_name(text.clean_title(inverted) or inverted)
    elif shown:
        found = _in_natural_order(text.clean_title(shown) or shown)
    else:
        found = contributor_of(family=None, given=None, name=_text(person, "CorporateName"))
    raws = [words(each) or "" for each in _all(person, "NameIdentifier", "IDValue")]
    return found and replace(
        found,
        role=role,
        orcid=next(filter(None, map(identifiers.parse_orcid, raws)), None),
        affiliations=unique(
            text.clean_title(words(each) or "")
            for each in _all(person, "ProfessionalAffiliation", "Affiliation")
        ),
    )


def _in_natural_order(shown: str) -> Contributor:
    """The person of a name as it is displayed, given name first ("Romano Prodi")."""
    people = names.parse_author_line(shown, family_first=False)
    return people[0] if len(people) == 1 else Contributor(name=shown)


def _container(entry: Element) -> Container | None:
    """The journal, or the book that a chapter is in."""
    whole = next(_all(entry, "SerialPublication"), None)
    whole = next(_all(entry, "MonographicPublication"), None) if whole is None else whole
    if whole is None:
        return None
    titles = [*_all(whole, "SerialWork", "Title"), *_all(whole, "MonographicWork", "Title")]
    full = unique(text.clean_title(_text(one, "TitleText") or "") for one in titles if not _is_short(one))
    short = unique(text.clean_title(_text(one, "TitleText") or "") for one in titles if _is_short(one))
    if not full and not short:
        return None
    chinese = [title for title in full if is_han(title)]
    title = next((each for each in full if each not in chinese), (full or short)[0])
    raws = [words(each) or "" for each in whole.iter() if _name(each) == "IDValue"]
    return Container(
        title=title,
        abbreviation=next((each for each in short if each != title), None),
        title_zh=next((each for each in chinese if each != title), None),
        issns=unique(map(identifiers.parse_issn, raws)),
    )


def _is_short(title: Element) -> bool:
    return _text(title, "TitleType") == _ABBREVIATED


def _publisher(entry: Element) -> str | None:
    named = (words(each) for each in entry.iter() if _name(each) == "PublisherName")
    return text.clean_title(next(filter(None, named), None) or "")


def _locus(entry: Element, item: Element) -> Locus | None:
    first = _text(item, "TextItem", "PageRun", "FirstPageNumber")
    last = _text(item, "TextItem", "PageRun", "LastPageNumber")
    return locus_of(
        _text(entry, "JournalIssue", "JournalVolumeNumber"),
        _text(entry, "JournalIssue", "JournalIssueNumber"),
        f"{first}-{last}" if first and last and first != last else first,
    )


def _issued(entry: Element, item: Element) -> PartialDate | None:
    """When the work itself came out, else its issue."""
    said = (
        _text(item, "PublicationDate"),
        _text(entry, "PublicationDate"),
        _text(entry, "JournalIssue", "JournalIssueDate", "Date"),
    )
    return next(filter(None, (_date(raw) for raw in said if raw)), None)


def _date(raw: str) -> PartialDate | None:
    """The date of "2002", "200210" or "20021001"."""
    found = _DATE.match(raw)
    return partial_date(found.groups()) if found else None


def _left_out(doi: Identifier, key: str, value: str) -> Skip:
    return Skip(doi.value, message("value-left-out", field=key, found=excerpt(value)), fatal=False)


# -- elements, whatever their namespace ------------------------------------------------------------------


def _name(element: Element) -> str:
    """The name without its namespace; "" of comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: Element) -> Iterator[Element]:
    return (child for child in element if _name(child))


def _all(element: Element, *path: str) -> Iterator[Element]:
    """The elements at the end of a path of names."""
    for child in _children(element):
        if _name(child) == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from _all(child, *path[1:])


def _text(element: Element, *path: str) -> str | None:
    """The text of the first element at the end of a path."""
    return words(next(_all(element, *path), None))
