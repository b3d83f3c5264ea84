"""Crossref's XML (UNIXREF and UNIXSD, which content negotiation and its transforms give), in the words of its JSON.

A record holds one work inside what it appeared in, a journal or a book, and that inside a series. It says more than the
JSON: the language of titles and abstracts, and people's names in their own script.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple, TextIO

from harvester.errors import ParseError
from harvester.messages import Message, message
from harvester.model import Record
from harvester.patterns import pattern
from harvester.sources import crossref_xml_parts as parts
from harvester.sources.crossref_fields import NAME, parse_work
from harvester.sources.crossref_xml_texts import abstract_in, line, lines, texts_in, with_languages
from harvester.sources.xml_reading import Element, child, children, descendants, load_xml, local, words
from harvester.wire import Context, Format, Page, Payload, Skip

_SNIFFED: Final = 4_000  # bytes
_ROOT: Final = pattern(
    rb"(?s)(?:\s|\xef\xbb\xbf|<\?.*?\?>|<!--.*?-->)*<(?:\w+:)?(?:doi_records?|crossref_result|crossref)[\s/>]"
)

# What may have a DOI of its own, the most particular first, and how the JSON calls it.
_OWN: Final = {
    "component": "component",
    "journal_article": "journal-article",
    "conference_paper": "proceedings-article",
    "content_item": "book-chapter",
    "dataset": "dataset",
    "posted_content": "posted-content",
    "peer_review": "peer-review",
    "dissertation": "dissertation",
    "report-paper_metadata": "report",
    "report-paper_series_metadata": "report",
    "standard_metadata": "standard",
    "book_metadata": "book",
    "book_series_metadata": "book",
    "book_set_metadata": "book",
    "proceedings_metadata": "proceedings",
    "proceedings_series_metadata": "proceedings",
    "database_metadata": "database",
    "journal_issue": "journal-issue",
    "journal_volume": "journal-volume",
    "journal_metadata": "journal",
    "set_metadata": "book-set",
    "series_metadata": "book-series",
}
_KINDS: Final = {  # where an attribute tells more than the element: book_type, component_type
    "monograph": "monograph",
    "edited_book": "edited-book",
    "reference": "reference-book",
    "section": "book-section",
    "part": "book-part",
    "track": "book-track",
    "reference_entry": "reference-entry",
}
# The parts of what a work appeared in, the nearest first.
_WHOLES: Final = (
    *(
        "journal_metadata",
        "book_metadata",
        "book_series_metadata",
        "book_set_metadata",
        "proceedings_metadata",
    ),
    *(
        "proceedings_series_metadata",
        "report-paper_series_metadata",
        "database_metadata",
        "standard_metadata",
    ),
)


class _Item(NamedTuple):
    """What a record is about, what it appeared in, and all of the register's words on it."""

    own: Element
    outer: Element
    entry: Element

    @property
    def whole(self) -> Element | None:
        """The description of what the work appeared in; of a whole book, its own."""
        return next((found for tag in _WHOLES if (found := child(self.outer, tag)) is not None), None)

    @property
    def is_part(self) -> bool:
        return self.own is not self.whole and self.own is not self.outer


def is_xml(body: bytes) -> bool:
    """Whether an answer or a document is in Crossref's XML."""
    return _ROOT.match(body[:_SNIFFED]) is not None


def parse_xml(payload: Payload, *, document: str | None = None) -> Page:
    """The works of an answer in XML; the one that the register does not know is absent where it was asked for.

    Raises ParseError as `load_xml` does, and for XML about something else, such as who cites a work.
    """
    root = load_xml(payload)
    records: list[Record] = []
    skips: list[Skip] = []
    for entry in _entries(root):
        try:
            records.append(_record(entry, payload.retrieved_at, document, skips))
        except ParseError as unread:
            skips.append(Skip(line(entry, "doi") or local(entry), unread.message))
    refused = list(_refusals(root, payload))
    if refused and len(payload.asked) == 1:
        return Page(absent=payload.asked)
    skips.extend(refused)
    if not records and not skips:
        raise ParseError(message("not-a-work-reply", found=_about(root)))
    return Page(records=tuple(records), skips=tuple(skips))


def sniff(head: str) -> bool:
    """Whether a document begins as Crossref's XML does."""
    return is_xml(head[:_SNIFFED].encode())


def parse_document(stream: TextIO, context: Context) -> Iterator[Record | Skip]:
    """The works of a document in this XML; a document that is none of it is one skip."""
    payload = Payload(
        service=NAME,
        url="",
        status=200,
        content_type="application/xml",
        body=stream.read().encode(),
        retrieved_at=context.retrieved_at,
    )
    try:
        page = parse_xml(payload, document=context.document)
    except ParseError as unread:
        yield Skip(context.document, unread.message)
    else:
        yield from page.records
        yield from page.skips


FORMAT: Final = Format(name="crossref-xml", sniff=sniff, parse=parse_document)


def _entries(root: Element) -> Iterator[Element]:
    """The elements that hold one work each: resolved queries, or records of the plainer form."""
    queries = list(descendants(root, "query"))
    for entry in queries or list(descendants(root, "doi_record")) or list(descendants(root, "crossref")):
        if entry.get("status") != "unresolved" and next(descendants(entry, "error"), None) is None:
            yield entry


def _refusals(root: Element, payload: Payload) -> Iterator[Skip]:
    """What the register says that it does not know."""
    for query in descendants(root, "query"):
        if query.get("status") == "unresolved":
            yield Skip(line(query, "doi") or "query", _says(payload, "unresolved"))
    for error in descendants(root, "error"):
        yield Skip("doi_record", _says(payload, words(error) or "error"))


def _says(payload: Payload, said: str) -> Message:
    return message("service-says", service=NAME, status=payload.status, words=said)


def _about(root: Element) -> str:
    """What the answer is about, as its first telling element is called."""
    body = next(descendants(root, "body"), root)
    return next((local(each) for each in body if local(each)), local(root))


# -- one record ------------------------------------------------------------------------------------------


def _record(entry: Element, retrieved_at: str, document: str | None, skips: list[Skip]) -> Record:
    item = _item(entry)
    data = _of_query(entry) if item is None else _work(item)
    record = parse_work(data, retrieved_at, document=document, remarks=skips)
    return record if item is None else with_languages(record, item.own)


def _item(entry: Element) -> _Item | None:
    """What the record is about: what bears the DOI that was asked for, else what is most particular."""
    asked = (line(entry, "doi") or "").lower()
    crossref = next(descendants(entry, "crossref"), None)
    found = []
    for outer in () if crossref is None else crossref:
        for own in outer.iter():
            doi = line(own, "doi_data", "doi")
            if local(own) in _OWN and doi:
                found.append((doi.lower() != asked, list(_OWN).index(local(own)), _Item(own, outer, entry)))
    return min(found, key=lambda each: each[:2])[2] if found else None


def _work(item: _Item) -> dict[str, object]:
    """The work as the JSON would give it."""
    own, entry = item.own, item.entry
    register = {str(each.get("name")): words(each) for each in children(entry, "crm-item")}
    dates = parts.dates_in(own, _dated(item))
    return {
        "DOI": line(own, "doi_data", "doi"),
        "type": _type(item),
        "subtype": own.get("type") if local(own) == "posted_content" else None,
        "language": own.get("language") or _language_of(item.whole),
        **texts_in(own),
        "abstract": abstract_in(own),
        **_container(item),
        **parts.contributors_in(own),
        **dates,
        **parts.place_in(own, item.outer),
        "publisher": _publisher(item) or register.get("publisher-name") or _institution(item.own),
        "resource": {"primary": {"URL": line(own, "doi_data", "resource")}},
        "link": parts.links_in(own),
        "license": parts.licences_in(own, dates.get("issued")),
        "is-referenced-by-count": register.get("citedby-count"),
        "relation": parts.relations_in(own, entry),
        "update-to": parts.updates_in(own),
    }


def _type(item: _Item) -> str:
    tag = local(item.own)
    if tag == "content_item":
        return _KINDS.get(item.own.get("component_type") or "", _OWN[tag])
    if tag == "book_metadata":
        return _KINDS.get(item.outer.get("book_type") or "", _OWN[tag])
    return _OWN[tag]


def _language_of(element: Element | None) -> str | None:
    return None if element is None else element.get("language")


def _dated(item: _Item) -> Element | None:
    """What tells the date where the work itself does not: the issue, or the book."""
    issue = child(item.outer, "journal_issue")
    return item.whole if issue is None else issue


def _publisher(item: _Item) -> str | None:
    """The publisher of a book or of proceedings; of a journal only the register names one."""
    return line(item.own, "publisher", "publisher_name") or line(item.whole, "publisher", "publisher_name")


def _institution(own: Element) -> str | None:
    return line(own, "institution", "institution_name")


def _container(item: _Item) -> dict[str, object]:
    """Titles and ISSNs of what the work appeared in: series and book, or journal; and its ISBNs."""
    whole = item.whole
    series = child(whole, "series_metadata")
    titles = lines(series, "titles", "title")
    if item.is_part:
        for path in (("full_title",), ("proceedings_title",), ("titles", "title")):
            titles += lines(whole, *path)
    return {
        "container-title": titles,
        "short-container-title": lines(whole, "abbrev_title") if item.is_part else [],
        "ISSN": [*lines(whole, "issn"), *lines(series, "issn")],
        "ISBN": [isbn.replace("-", "") for isbn in lines(whole if item.is_part else item.own, "isbn")],
    }


def _of_query(entry: Element) -> dict[str, object]:
    """A work as the older form describes it, without a record of the register inside."""
    pages = [page for page in (line(entry, "first_page"), line(entry, "last_page")) if page]
    return {
        "DOI": line(entry, "doi"),
        "type": "journal-article" if child(entry, "article_title") is not None else None,
        "title": lines(entry, "article_title") or lines(entry, "volume_title"),
        "container-title": lines(entry, "journal_title") + lines(entry, "series_title"),
        "short-container-title": lines(entry, "journal_abbreviation"),
        "ISSN": lines(entry, "issn"),
        **parts.contributors_in(entry),
        "issued": {"date-parts": [[line(entry, "year")]]},
        "volume": line(entry, "volume"),
        "issue": line(entry, "issue"),
        "page": "-".join(pages),
    }
