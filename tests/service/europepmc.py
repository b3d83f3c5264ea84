"""Europe PMC's search: PubMed's articles in another dress, and preprints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lxml import etree

from tests.service.errors import UTF8_EUROPE
from tests.service.holdings import Holdings
from tests.service.library import lowered
from tests.service.replies import Reply, json_reply

PREPRINT: Final = "10.5555/preprint.2024.0117"
TERM: Final = re.compile(r'(DOI|EXT_ID|PMCID):"?([^"]*?)"?(?=\s+(?:OR|AND)\s|\)|$)')


def search(holdings: Holdings, params: Mapping[str, str]) -> Reply:
    """GET /search and POST /searchPOST: the results of DOIs, numbers and PMCIDs with OR between them.

    What is unknown is left out without a word; the cursor is always at its end.
    """
    query = params.get("query", "")
    if not query:
        return json_reply({"version": "6.9", "errCode": 404, "errMsg": "Query is required"}, 200, UTF8_EUROPE)
    found = {
        result["id"]: result
        for name, value in TERM.findall(query)
        for result in _results(holdings, name, value)
    }
    mark, size = params.get("cursorMark", "*"), int(params.get("pageSize", 25))
    asked = {
        "queryString": query,
        "resultType": params.get("resultType", "lite"),
        "cursorMark": mark,
        "pageSize": size,
        "sort": "",
        "synonym": False,
    }
    shown = [*found.values()][:size] if mark == "*" else []
    body = {
        "version": "6.9",
        "hitCount": len(found),
        "nextCursorMark": "AoIIQEnd",
        "request": asked,
        "resultList": {"result": shown},
    }
    return json_reply(body, 200, UTF8_EUROPE)


def _results(holdings: Holdings, name: str, value: str) -> Iterator[dict[str, Any]]:
    key = lowered(value)
    number = key if name == "EXT_ID" else holdings.pmid(key)
    article = holdings.article(number) if number else None
    if article is not None:
        yield result_of(etree.fromstring(article))
    if name == "DOI" and key == PREPRINT:
        yield _preprint(holdings)


def result_of(article: etree._Element) -> dict[str, Any]:
    """One article of PubMed as a result: the title of a translation without its brackets, English abstract only."""
    listed = {one.get("IdType"): one.text for one in article.iterfind("PubmedData/ArticleIdList/ArticleId")}
    number, citation = listed["pubmed"], article.find("MedlineCitation/Article")
    assert citation is not None
    authors = [_author(one) for one in citation.iterfind("AuthorList/Author")]
    result: dict[str, Any] = {
        "id": number,
        "source": "MED",
        "pmid": number,
        "doi": listed["doi"],
        "title": (citation.findtext("ArticleTitle") or "").replace("[", "").replace("]", ""),
        "authorString": ", ".join(author["fullName"] for author in authors) + ".",
        "authorList": {"author": authors},
        "journalInfo": _journal(citation),
        "pubYear": str(citation.xpath("string(Journal/JournalIssue/PubDate)"))[:4],
        "pageInfo": citation.findtext("Pagination/MedlinePgn"),
        "language": citation.findtext("Language"),
        "pubTypeList": {
            "pubType": [str(one.text) for one in citation.iterfind("PublicationTypeList/PublicationType")]
        },
        "isOpenAccess": "N",
        "inEPMC": "N",
        "inPMC": "Y" if "pmc" in listed else "N",
        "hasPDF": "N",
        "citedByCount": 4,
    }
    if "pmc" in listed:
        result["pmcid"] = listed["pmc"]
    if abstract := _abstract(citation):
        result["abstractText"] = abstract
    return result


def _author(author: etree._Element) -> dict[str, Any]:
    last, first, initials = (str(author.findtext(name)) for name in ("LastName", "ForeName", "Initials"))
    return {"fullName": f"{last} {initials}", "firstName": first, "lastName": last, "initials": initials}


def _journal(citation: etree._Element) -> dict[str, Any]:
    issue = "Journal/JournalIssue/"
    return {
        "volume": citation.findtext(f"{issue}Volume"),
        "issue": citation.findtext(f"{issue}Issue"),
        "journal": {
            "title": citation.findtext("Journal/Title"),
            "isoabbreviation": citation.findtext("Journal/ISOAbbreviation"),
            "issn": citation.findtext("Journal/ISSN"),
        },
    }


def _abstract(citation: etree._Element) -> str:
    """The sections with their labels as headings, all in one line."""
    parts = []
    for section in citation.iterfind("Abstract/AbstractText"):
        label = section.get("Label")
        parts.append(f"<h4>{label.capitalize()}</h4>{section.text}" if label else str(section.text))
    return "".join(parts)


def _preprint(holdings: Holdings) -> dict[str, Any]:
    work = holdings.library.works[PREPRINT]
    authors = [
        {
            "fullName": f"{one['family']} {one['given'][0]}",
            "firstName": one["given"],
            "lastName": one["family"],
        }
        for one in work["author"]
    ]
    return {
        "id": "PPR990117",
        "source": "PPR",
        "doi": PREPRINT,
        "title": work["title"][0],
        "authorString": ", ".join(author["fullName"] for author in authors) + ".",
        "authorList": {"author": authors},
        "pubYear": "2024",
        "pubTypeList": {"pubType": ["Preprint"]},
        "isOpenAccess": "N",
        "inEPMC": "N",
        "inPMC": "N",
        "hasPDF": "Y",
        "citedByCount": 0,
        "firstPublicationDate": "2024-01-17",
    }
