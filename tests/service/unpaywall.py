"""Unpaywall: where Crossref's works are free to read, one DOI a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.service.errors import unpaywall_error
from tests.service.holdings import Holdings
from tests.service.library import Work, lowered
from tests.service.replies import Reply, json_reply


def single(holdings: Holdings, doi: str, params: Mapping[str, str]) -> Reply:
    """GET /v2/{doi}?email=: an address of one's own must be given."""
    address = params.get("email", "")
    if "@" not in address or address.endswith("@example.com"):
        return unpaywall_error(422)
    work = holdings.library.work(lowered(doi))
    return unpaywall_error(404) if work is None else json_reply(_view(work, holdings.oa_statuses))


def _view(work: Work, statuses: Mapping[str, str]) -> dict[str, Any]:
    doi = work["DOI"].lower()
    status = statuses.get(doi, "closed").replace("diamond", "gold")
    best = None if status == "closed" else _location(doi, status)
    parts = (work.get("issued") or {}).get("date-parts", [[None]])[0]
    year = parts[0] if parts else None
    return {
        "doi": doi,
        "doi_url": f"https://doi.org/{doi}",
        "title": next(iter(work.get("title") or ()), None),
        "genre": work["type"],
        "is_paratext": False,
        "published_date": "-".join(f"{part:02}" for part in (*parts, 1, 1)[:3]) if year else None,
        "year": year,
        "journal_name": next(iter(work.get("container-title") or ()), None),
        "journal_issns": ",".join(work.get("ISSN", ())) or None,
        "journal_issn_l": next(iter(work.get("ISSN", ())), None),
        "journal_is_oa": status == "gold",
        "journal_is_in_doaj": False,
        "publisher": work.get("publisher"),
        "is_oa": best is not None,
        "oa_status": status,
        "has_repository_copy": status == "green",
        "best_oa_location": best,
        "first_oa_location": best,
        "oa_locations": [best] if best else [],
        "oa_locations_embargoed": [],
        "data_standard": 2,
        "z_authors": None,
        "updated": "2026-10-02T11:20:41.051423",
    }


def _location(doi: str, status: str) -> dict[str, Any]:
    address = f"https://sample.example/pdf/{doi.partition('/')[2]}.pdf"
    is_ours = status == "green"
    return {
        "url": address,
        "url_for_pdf": address,
        "url_for_landing_page": f"https://doi.org/{doi}",
        "evidence": "deprecated",
        "license": "cc-by",
        "version": "acceptedVersion" if is_ours else "publishedVersion",
        "host_type": "repository" if is_ours else "publisher",
        "is_best": True,
        "updated": "deprecated",
    }
