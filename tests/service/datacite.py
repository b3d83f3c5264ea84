"""DataCite's REST API: one DOI, or a list of them by the undocumented `ids`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from tests.service.holdings import Holdings
from tests.service.library import Work, lowered
from tests.service.replies import JSON, Reply, json_reply

UTF8: Final = f"{JSON}; charset=utf-8"
USUAL_SIZE, MOST_SIZE, MOST_RECORDS = 25, 1000, 10_000


def full_work(work: Work) -> dict[str, Any]:
    """A work with its frame and all the attributes that DataCite gives to every one."""
    doi = work["doi"]
    prefix, _, suffix = doi.partition("/")
    year = max(2012, work["publicationYear"])
    moment = f"{year}-11-02T09:14:05.000Z"
    lists = (
        "identifiers alternateIdentifiers subjects contributors dates relatedIdentifiers relatedItems sizes"
        " formats rightsList descriptions geoLocations fundingReferences viewsOverTime downloadsOverTime"
        " citationsOverTime"
    )
    counts = "viewCount downloadCount referenceCount citationCount partCount partOfCount versionCount versionOfCount"
    usual: dict[str, Any] = {
        "prefix": prefix,
        "suffix": suffix,
        **{name: [] for name in lists.split()},
        **dict.fromkeys(counts.split(), 0),
        "container": {},
        "language": None,
        "version": None,
        "url": f"https://sample.example/{doi}",
        "contentUrl": None,
        "metadataVersion": 1,
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "source": "mds",
        "isActive": True,
        "state": "findable",
        "reason": None,
        "created": moment,
        "registered": moment,
        "published": str(work["publicationYear"]),
        "updated": "2026-10-30T22:01:09.000Z",
    }
    relations = {"client": {"data": {"id": "sample.repository", "type": "clients"}}}
    return {"id": doi, "type": "dois", "attributes": {**usual, **work}, "relationships": relations}


def single(holdings: Holdings, doi: str) -> Reply:
    """GET /dois/{doi}"""
    work = holdings.deposit(lowered(doi))
    if work is None:
        return complaint(404, "The resource you are looking for doesn't exist.")
    return json_reply({"data": full_work(work)}, 200, UTF8)


def listed(holdings: Holdings, params: Mapping[str, str], address: str) -> Reply:
    """GET /dois: those of `ids`, or all, in DataCite's own order; facets unless they are turned off.

    Commas cut `ids`, also inside a DOI; what is not known is dropped without a word.
    """
    asked = [lowered(doi) for doi in params["ids"].split(",")] if "ids" in params else [*holdings.datacite]
    works = sorted(
        (work for doi in dict.fromkeys(asked) if (work := holdings.deposit(doi))),
        key=lambda work: hashlib.sha1(work["doi"].encode()).digest(),
    )
    size = min(MOST_SIZE, _whole(params.get("page[size]"), USUAL_SIZE))
    # Beyond the last record that can be had, it is the last page again and again, with a link to the next.
    page = min(max(1, _whole(params.get("page[number]"), 1)), MOST_RECORDS // max(1, size))
    shown = works[(page - 1) * size : page * size]
    pages = -(-len(works) // size) if size else 0
    meta: dict[str, Any] = {"total": len(works), "totalPages": pages, "page": page}
    if params.get("disable-facets") != "true":
        meta["states"] = [{"id": "findable", "title": "Findable", "count": len(works)}]
    links = {"self": f"{address}?{urlencode(params)}"}
    if page < pages:
        links["next"] = f"{address}?{urlencode({**params, 'page[number]': page + 1, 'page[size]': size})}"
    return json_reply({"data": [full_work(work) for work in shown], "meta": meta, "links": links}, 200, UTF8)


def complaint(status: int, title: str) -> Reply:
    return json_reply({"errors": [{"status": str(status), "title": title}]}, status, UTF8)


def _whole(raw: str | None, usual: int) -> int:
    return int(raw) if raw is not None and raw.isdecimal() else usual
