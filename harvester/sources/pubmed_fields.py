"""One work as PubMed describes it in XML, brought into a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from harvester import identifiers, text
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
    Text,
)
from harvester.patterns import pattern
from harvester.relations import cited, medline_kind, tidy
from harvester.relations import is_retracted as notice_retracts
from harvester.sources.describing import abstracts_of, contributor_of, is_han, locus_of, partial_date, unique
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
from harvester.sources.reading import compact_json, excerpt
from harvester.sources.xml_reading import Element, found, markup, words
from harvester.wire import Skip

NAME: Final = "pubmed"
ARTICLE: Final = "PubmedArticle"
BOOK: Final = "PubmedBookArticle"

_UNLABELLED: Final = frozenset({"unlabelled", "unassigned", "abstract", "summary"})
_ELSEWHERE = pattern(r"(?i)abstract (?:is )?available from the publisher\.?|no abstract available\.?")
_LAY_SUMMARY: Final = "plain-language-summary"
_ARTICLE_NUMBER = pattern(r"[A-Za-z]{0,6}[0-9]{1,8}")


def parse_work(
    data: Element, retrieved_at: str, *, document: str | None = None, remarks: list[Skip] | None = None
) -> Record:
    """The record of one PubmedArticle or PubmedBookArticle.

    What is left out of it is added to `remarks`. Raises ParseError for another element, and for a work with
    neither a PMID nor a DOI.
    """
    if data.tag not in {ARTICLE, BOOK}:
        raise ParseError(message("not-a-work-reply", found=excerpt(str(data.tag))))
    ids, notes = _identifiers(data)
    if not ids:
        raise ParseError(message("no-key-in-record", key="PMID"))
    key = next((each.value for each in ids if each.scheme == "pmid"), ids[0].value)
    if remarks is not None:
        remarks.extend(
            Skip(key, message("value-left-out", field="doi", found=raw), fatal=False) for raw in notes
        )
    record = _book(data, key) if data.tag == BOOK else _article(data, key)
    return replace(record, identifiers=ids, retrieved_at=retrieved_at, document=document)


def _article(data: Element, key: str) -> Record:
    citation = data.find("MedlineCitation")
    article = data.find("MedlineCitation/Article")
    if citation is None or article is None:
        raise ParseError(message("no-key-in-record", key="MedlineCitation/Article"))
    types = list(unique(map(words, article.iterfind("PublicationTypeList/PublicationType"))))
    relations = _relations(citation)
    return Record(
        source=NAME,
        source_key=key,
        retrieved_at="",
        titles=_titles(article),
        abstracts=_abstracts(citation, article),
        contributors=_contributors(article.iterfind("AuthorList")),
        affiliations=_names(article.iterfind("Affiliation")),
        container=_container(citation, article),
        locus=_locus(article),
        issued=_date(article.find("Journal/JournalIssue/PubDate")),
        published_online=_date(article.find("ArticleDate[@DateType='Electronic']")),
        language=_language(article),
        work_type=work_type(types),
        url=_landing_page(key),
        retracted=is_retracted(types) or notice_retracts(relations),
        subjects=_subjects(citation),
        relations=relations,
        extra=_extra(citation, article, types),
    )


def _landing_page(key: str) -> str | None:
    return f"https://pubmed.ncbi.nlm.nih.gov/{key}/" if key.isdigit() else None


# -- identifiers -----------------------------------------------------------------------------------------


def _identifiers(data: Element) -> tuple[tuple[Identifier, ...], list[str]]:
    """The work's own ids, sorted, and DOIs that were left out.

    Only the lists of the work itself are read: those of its references have the same name.
    """
    own_id = found(data, "MedlineCitation/PMID") or found(data, "BookDocument/PMID")
    listed = [*data.iterfind("PubmedData/ArticleIdList/ArticleId")]
    listed += [*data.iterfind("PubmedBookData/ArticleIdList/ArticleId")]
    listed += [*data.iterfind("BookDocument/ArticleIdList/ArticleId")]
    ids = [pmid(own_id or _listed(listed, "pubmed")), pmcid(_listed(listed, "pmc", "pmcid"))]
    dois, notes = _dois(data, [words(each) for each in listed if each.get("IdType") == "doi"])
    return tuple(sorted({each for each in (*ids, *dois[:1]) if each})), notes


def _dois(data: Element, listed: Iterable[str | None]) -> tuple[list[Identifier], list[str]]:
    """The valid DOIs, those of the article's own location first, and what is none or another one."""
    locations = (
        *data.iterfind("MedlineCitation/Article/ELocationID"),
        *data.iterfind("BookDocument/ELocationID"),
    )
    located = [
        words(each) for each in locations if each.get("EIdType") == "doi" and each.get("ValidYN") != "N"
    ]
    dois: list[Identifier] = []
    notes: list[str] = []
    for raw in unique((*located, *listed)):
        try:
            doi = identifiers.parse_doi(raw)
        except InvalidIdentifier:
            notes.append(excerpt(raw))
            continue
        if dois and doi not in dois:
            notes.append(excerpt(raw))
        dois.append(doi)
    return dois, notes


def _listed(listed: Iterable[Element], *kinds: str) -> str | None:
    return next((words(each) for each in listed if each.get("IdType") in kinds), None)


# -- texts -----------------------------------------------------------------------------------------------


def _titles(article: Element) -> tuple[Text, ...]:
    """The title, in English as a rule, and the vernacular one, which may be transliterated."""
    native = _language(article)
    titles = titles_in(markup(article.find("ArticleTitle")), Origin.PUBLISHER, "en")
    vernacular = titles_in(markup(article.find("VernacularTitle")), Origin.PUBLISHER, native)
    keys = {text.compare_key(each.value) for each in titles}
    return titles + tuple(each for each in vernacular if text.compare_key(each.value) not in keys)


def _language(article: Element) -> str | None:
    """The first language of the work itself; a translated title does not change it."""
    return next(filter(None, (language_code(words(each)) for each in article.iterfind("Language"))), None)


def _abstracts(citation: Element, article: Element) -> tuple[Text, ...]:
    """The abstract, then those in other languages; of several in one language the first."""
    told = list(_abstract(article.find("Abstract"), Origin.PUBLISHER, "en"))
    for other in (*citation.iterfind("OtherAbstract"), *article.iterfind("OtherAbstract")):
        if other.get("Type") != _LAY_SUMMARY:
            origin = Origin.PUBLISHER if other.get("Type") == "Publisher" else Origin.HUMAN
            told.extend(_abstract(other, origin, language_code(other.get("Language"))))
    first: dict[str, Text] = {}
    for each in told:
        first.setdefault(each.language, each)
    return tuple(first.values())


def _abstract(abstract: Element | None, origin: Origin, hint: str | None) -> tuple[Text, ...]:
    if abstract is None:
        return ()
    sections = [_section(each) for each in abstract.iterfind("AbstractText")]
    body = "\n".join(section for section in sections if section)
    return () if _ELSEWHERE.fullmatch(body) else abstracts_of(body, origin, hint)


def _section(element: Element) -> str | None:
    """One section behind its label, on one line: the line ends of an XML file mean nothing."""
    body = text.clean_title(markup(element) or "")
    label = (text.clean_title(element.get("Label") or "") or "").rstrip(" .:：")
    if body is None or not label or label.casefold() in _UNLABELLED:
        return body
    return f"{label}：{body}" if is_han(label) else f"{label}: {body}"


# -- people and containers -------------------------------------------------------------------------------


def _contributors(lists: Iterable[Element]) -> tuple[Contributor, ...]:
    """The people and bodies of the lists, without the entries that a correction has replaced."""
    people = []
    for each in lists:
        role = "editor" if each.get("Type") == "editors" else "author"
        people += [_contributor(one, role) for one in each.iterfind("Author") if one.get("ValidYN") != "N"]
    return tuple(filter(None, people))


def _contributor(person: Element, role: str) -> Contributor | None:
    named = contributor_of(
        family=found(person, "LastName"),
        given=found(person, "ForeName") or found(person, "FirstName") or found(person, "Initials"),
        name=markup(person.find("CollectiveName")),
        suffix=found(person, "Suffix"),
    )
    if named is None:
        return None
    orcids = [words(each) for each in person.iterfind("Identifier") if each.get("Source") == "ORCID"]
    return Contributor(
        name=named.name,
        family=named.family,
        given=named.given,
        name_zh=named.name_zh,
        orcid=next(filter(None, (identifiers.parse_orcid(raw or "") for raw in orcids)), None),
        affiliations=_names(
            (*person.iterfind("AffiliationInfo/Affiliation"), *person.iterfind("Affiliation"))
        ),
        role=role,
    )


def _names(elements: Iterable[Element]) -> tuple[str, ...]:
    return unique(text.clean_title(markup(each) or "") for each in elements)


def _container(citation: Element, article: Element) -> Container | None:
    short = _clean(article, "Journal/ISOAbbreviation") or _clean(citation, "MedlineJournalInfo/MedlineTA")
    title = _clean(article, "Journal/Title") or short
    if title is None:
        return None
    issns = [*article.iterfind("Journal/ISSN"), *citation.iterfind("MedlineJournalInfo/ISSNLinking")]
    return Container(
        title=title,
        abbreviation=short if short != title else None,
        issns=unique(identifiers.parse_issn(words(each) or "") for each in issns),
    )


def _clean(element: Element, path: str) -> str | None:
    return text.clean_title(markup(element.find(path)) or "")


def _locus(article: Element) -> Locus | None:
    issue = article.find("Journal/JournalIssue")
    volume, number = (None, None) if issue is None else (found(issue, "Volume"), found(issue, "Issue"))
    return locus_of(volume, number, _pages(article))


def _pages(work: Element) -> str | None:
    """Pages, or the article number that an electronic journal gives in their place."""
    pages = medline_pages(found(work, "Pagination/MedlinePgn"))
    if pages is None:
        ends = unique((found(work, "Pagination/StartPage"), found(work, "Pagination/EndPage")))
        pages = medline_pages("-".join(ends))
    piis = [words(each) or "" for each in work.iterfind("ELocationID[@EIdType='pii']")]
    return pages or next(filter(_ARTICLE_NUMBER.fullmatch, piis), None)


def _date(element: Element | None) -> PartialDate | None:
    """The date of Year, Month ("Jun" or "06") and Day; a Season or a MedlineDate gives what it begins with."""
    if element is None:
        return None
    year, month, day = (found(element, part) or "" for part in ("Year", "Month", "Day"))
    if not year:
        return medline_date(found(element, "MedlineDate"))
    if month.isdigit():
        return partial_date([year, month, day])
    return medline_date(f"{year} {month or found(element, 'Season') or ''} {day}")


def _subjects(citation: Element) -> tuple[str, ...]:
    headings = citation.iterfind("MeshHeadingList/MeshHeading/DescriptorName")
    return _names((*headings, *citation.iterfind("KeywordList/Keyword")))


# -- books -----------------------------------------------------------------------------------------------


def _book(data: Element, key: str) -> Record:
    """A book, or a chapter of one: a chapter has a title of its own."""
    document, book = data.find("BookDocument"), data.find("BookDocument/Book")
    if document is None or book is None:
        raise ParseError(message("no-key-in-record", key="BookDocument/Book"))
    own_title = markup(document.find("ArticleTitle"))
    container = _clean(book, "BookTitle")
    is_chapter = own_title is not None and text.clean_title(own_title) != container
    contributors = _contributors(document.iterfind("AuthorList"))
    return Record(
        source=NAME,
        source_key=key,
        retrieved_at="",
        titles=titles_in(own_title or markup(book.find("BookTitle")), Origin.PUBLISHER, "en")
        + titles_in(markup(document.find("VernacularTitle")), Origin.PUBLISHER, _language(document)),
        abstracts=_abstract(document.find("Abstract"), Origin.PUBLISHER, "en"),
        contributors=contributors
        + _contributors(book.iterfind("AuthorList")) * (not contributors or is_chapter),
        container=Container(title=container) if is_chapter and container else None,
        locus=locus_of(found(book, "Volume"), None, _pages(document)),
        issued=_date(document.find("ContributionDate") if is_chapter else None)
        or _date(book.find("PubDate")),
        language=_language(document),
        work_type="book-chapter" if is_chapter else "book",
        publisher=_clean(book, "Publisher/PublisherName"),
        url=_landing_page(key),
        subjects=_names(document.iterfind("KeywordList/Keyword")),
        extra=_book_extra(document, book),
    )


def _book_extra(document: Element, book: Element) -> str | None:
    ids = document.iterfind("ArticleIdList/ArticleId")
    return compact_json(
        {
            "isbn": list(unique(map(words, book.iterfind("Isbn")))),
            "bookAccession": _listed(ids, "bookaccession"),
            "publicationTypes": list(unique(map(words, document.iterfind("PublicationType")))),
        }
    )


# -- what has no field -----------------------------------------------------------------------------------


def _extra(citation: Element, article: Element, types: list[str]) -> str | None:
    """PubMed's own types and models, notices about the work (never its references), odd dates as they came."""
    issue = "Journal/JournalIssue/PubDate/"
    piis = (words(each) for each in article.iterfind("ELocationID[@EIdType='pii']"))
    summaries = (
        _section(part) for part in citation.iterfind(f"OtherAbstract[@Type='{_LAY_SUMMARY}']/AbstractText")
    )
    return compact_json(
        {
            "publicationTypes": types,
            "pubModel": article.get("PubModel"),
            "nlmUniqueId": found(citation, "MedlineJournalInfo/NlmUniqueID"),
            "pii": list(unique(piis)),
            "pubDate": found(article, f"{issue}MedlineDate") or found(article, f"{issue}Season"),
            "relation": _other_relations(citation),
            "plainLanguageSummary": "\n".join(filter(None, summaries)),
        }
    )


def _relations(citation: Element) -> tuple[Relation, ...]:
    """Notices, comments and versions, without what the work cites."""
    return tidy(
        replace(
            Relation(kind, number, line) if number else cited(kind, line or ""),
            date=cited_date(line or ""),
        )
        for word, number, line in _notes(citation)
        if (kind := medline_kind(word))
    )


def _other_relations(citation: Element) -> dict[str, list[str]]:
    """Related works under words that are no kind of ours ("AssociatedDataset": ["pmid:9867474"])."""
    related: dict[str, list[str]] = {}
    for word, number, line in _notes(citation):
        if medline_kind(word) is None:
            related.setdefault(word, []).append(f"pmid:{number.value}" if number else line or "")
    return related


def _notes(citation: Element) -> Iterator[tuple[str, Identifier | None, str | None]]:
    """(RefType, PubMed id, citation line) of every entry but what the work cites."""
    for each in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        word, number, line = each.get("RefType"), pmid(found(each, "PMID")), found(each, "RefSource")
        if word and word != "Cites" and (number or line):
            yield word, number, line
