"""DOAJ's search: Crossref's articles in the directory's own form."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from tests.service.holdings import Holdings
from tests.service.library import Work, lowered
from tests.service.replies import Reply, json_reply

CLAUSE: Final = re.compile(r'doi:"((?:[^"\\]|\\.)*)"')


def search(holdings: Holdings, query: str, params: Mapping[str, str]) -> Reply:
    """GET /api/search/articles/{query}: the articles of DOIs with OR between them; others are left out."""
    dois = dict.fromkeys(lowered(re.sub(r"\\(.)", r"\1", one)) for one in CLAUSE.findall(query))
    if not dois:
        return json_reply({"status": "bad_request", "error": "Query syntax error"}, 400)
    works = [work for one in dois if (work := holdings.library.work(one)) is not None]
    size = int(params.get("pageSize", 10))
    found = [_article(work) for work in works if work["type"] == "journal-article"]
    body = {"total": len(found), "page": 1, "pageSize": size, "query": query, "results": found[:size]}
    return json_reply(body)


def _article(work: Work) -> dict[str, Any]:
    numbers = [{"type": "eissn", "id": number} for number in work.get("ISSN", ())]
    parts = [*(work.get("issued") or {}).get("date-parts", [[]])[0], None, None]
    first, _, last = work.get("page", "").partition("-")
    return {
        "id": hashlib.md5(work["DOI"].encode()).hexdigest(),
        "created_date": "2024-03-05T08:30:00Z",
        "bibjson": {
            "title": next(iter(work.get("title") or ()), None),
            "year": str(parts[0]) if parts[0] else None,
            "month": str(parts[1]) if parts[1] else None,
            "start_page": first,
            "end_page": last,
            "author": [{"name": _name(person)} for person in work.get("author", ())],
            "identifier": [*numbers, {"type": "doi", "id": work["DOI"]}],
            "journal": {
                "title": next(iter(work.get("container-title") or ()), None),
                "volume": work.get("volume"),
                "number": work.get("issue"),
                "publisher": work.get("publisher"),
            },
        },
    }


def _name(person: Work) -> str:
    return " ".join(filter(None, (person.get("given"), person.get("family") or person.get("name"))))
