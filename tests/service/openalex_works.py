"""OpenAlex's works: made of Crossref's as OpenAlex makes them, with what is lost and invented on the way."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, Final

from tests.service.library import Work

OpenWork = dict[str, Any]

TYPES: Final = {
    "journal-article": "article",
    "proceedings-article": "article",
    "posted-content": "preprint",
}
_OURS: Final = ("of", "work", "id", "pmid", "oa")


def open_work(work: Work, entry: Mapping[str, Any]) -> OpenWork:
    """The work of an entry in openalex.json: what it says itself wins over what Crossref says."""
    doi, key = work["DOI"].lower(), f"https://openalex.org/{entry['id']}"
    title = next(iter(work.get("title") or ()), None)
    ids = {"openalex": key, "doi": f"https://doi.org/{doi}"}
    if "pmid" in entry:
        ids["pmid"] = f"https://pubmed.ncbi.nlm.nih.gov/{entry['pmid']}"
    location = _location(work, is_oa="oa" in entry)
    said = {name: value for name, value in entry.items() if name not in _OURS}
    made: OpenWork = {
        "id": key,
        "doi": f"https://doi.org/{doi}",
        "title": title,
        **_date(work),
        "ids": ids,
        "language": _language(title),
        "primary_location": location,
        "type": TYPES.get(work["type"], work["type"]),
        "indexed_in": ["crossref", "pubmed"] if "pmid" in entry else ["crossref"],
        "open_access": _open_access(entry, doi),
        "authorships": _authorships(work.get("author", ())),
        "fwci": None,
        "cited_by_count": work.get("is-referenced-by-count", 0),
        "biblio": _biblio(work),
        "is_retracted": False,
        "is_paratext": False,
        "primary_topic": None,
        "topics": [],
        "keywords": [],
        "concepts": [],
        "mesh": [],
        "locations_count": 1,
        "locations": [location],
        "best_oa_location": location if "oa" in entry else None,
        "referenced_works_count": 0,
        "referenced_works": [],
        "related_works": [],
        "abstract_inverted_index": _inverted(work.get("abstract")),
        "counts_by_year": [],
        "updated_date": "2026-11-06T03:46:38.306776",
        "created_date": "2025-10-10T00:00:00",
        **said,
    }
    return {**made, "display_name": made["title"]}


def _date(work: Work) -> OpenWork:
    """Always a whole date: what Crossref does not know is the first."""
    parts = (work.get("issued") or {}).get("date-parts", [[None]])[0]
    if not parts or parts[0] is None:
        return {"publication_year": None, "publication_date": None}
    year, month, day = (*parts, 1, 1)[:3]
    return {"publication_year": year, "publication_date": f"{year}-{month:02}-{day:02}"}


def _language(title: str | None) -> str | None:
    if title is None:
        return None
    return "zh" if re.search("[\u4e00-\u9fff]", title) else "en"


def _location(work: Work, *, is_oa: bool) -> OpenWork:
    doi, title = work["DOI"].lower(), next(iter(work.get("container-title") or ()), None)
    numbers = work.get("ISSN", [])
    source = {
        "id": f"https://openalex.org/S99{sum(map(ord, title)):07}",
        "display_name": title,
        "issn_l": numbers[0] if numbers else None,
        "issn": numbers or None,
        "is_oa": is_oa,
        "is_in_doaj": is_oa,
        "host_organization": None,
        "host_organization_name": work.get("publisher"),
        "type": "journal",
    } if title else None  # fmt: skip
    return {
        "id": f"doi:{doi}",
        "is_oa": is_oa,
        "landing_page_url": f"https://doi.org/{doi}",
        "pdf_url": None,
        "source": source,
        "license": "cc-by" if is_oa else None,
        "version": "publishedVersion",
        "is_accepted": True,
        "is_published": True,
        "raw_source_name": title,
        "raw_type": work["type"],
    }


def _open_access(entry: Mapping[str, Any], doi: str) -> OpenWork:
    status = entry.get("oa", "closed")
    return {
        "is_oa": status != "closed",
        "oa_status": status,
        "oa_url": None if status == "closed" else f"https://sample.example/pdf/{doi.partition('/')[2]}.pdf",
        "any_repository_has_fulltext": status == "green",
    }


def _authorships(authors: Any) -> list[OpenWork]:
    names = [
        author.get("name") or f"{author.get('given', '')} {author.get('family', '')}".strip()
        for author in authors
    ]
    places = ["first", *["middle"] * (len(names) - 2), "last"][: len(names)]
    return [
        {
            "author_position": place,
            "author": {"id": f"https://openalex.org/A99{sum(map(ord, name)):08}", "display_name": name, "orcid": None},
            "institutions": [],
            "countries": [],
            "is_corresponding": False,
            "raw_author_name": name,
            "raw_affiliation_strings": [],
            "affiliations": [],
        }
        for place, name in zip(places, names, strict=True)
    ]  # fmt: skip


def _biblio(work: Work) -> OpenWork:
    first, _, last = re.sub("[–—]", "-", work.get("page", "")).partition("-")
    pages = {"first_page": first or None, "last_page": last or first or None}
    return {"volume": work.get("volume"), "issue": work.get("issue"), **pages}


def _inverted(abstract: str | None) -> dict[str, list[int]] | None:
    """Places by word; a word is what stands between blanks, so that a Chinese clause is one."""
    if abstract is None:
        return None
    index: dict[str, list[int]] = {}
    words = html.unescape(re.sub(r"<[^>]*>", " ", abstract)).replace("，", "， ").replace("。", "。 ").split()
    for place, word in enumerate(words):
        index.setdefault(word, []).append(place)
    return index
