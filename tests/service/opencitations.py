"""OpenCitations: how often a work is cited, and what Meta knows of it."""

from __future__ import annotations

from typing import Any, Final

from tests.service.holdings import Holdings
from tests.service.library import Work, lowered
from tests.service.replies import Reply, json_reply

MOST_IDS: Final = 14  # one more, and Meta breaks down


def citation_count(holdings: Holdings, raw: str) -> Reply:
    """GET /index/v2/citation-count/doi:...: a number as a text, "0" also for what is unknown."""
    work = _work(holdings, raw)
    return json_reply([{"count": str(work["is-referenced-by-count"] if work else 0)}])


def metadata(holdings: Holdings, raw: str) -> Reply:
    """GET /meta/v1/metadata/doi:a__doi:b: unknown works are left out without a word."""
    asked = raw.split("__")
    if len(asked) > MOST_IDS:
        return Reply(500, b"Internal Server Error", "text/plain")
    works = {work["DOI"]: work for one in asked if (work := _work(holdings, one)) is not None}
    return json_reply([_view(work) for work in works.values()])


def _work(holdings: Holdings, raw: str) -> Work | None:
    scheme, _, value = lowered(raw).partition(":")
    return holdings.library.work(value) if scheme == "doi" else None


def _view(work: Work) -> dict[str, Any]:
    authors = "; ".join(
        f"{one['family']}, {one['given']}"
        if "given" in one and "family" in one
        else str(one.get("family", one.get("name")))
        for one in work.get("author", ())
    )
    parts = (work.get("issued") or {}).get("date-parts", [[None]])[0]
    numbers = " ".join(f"issn:{number}" for number in work.get("ISSN", ()))
    venue = next(iter(work.get("container-title") or ()), "")
    return {
        "id": f"doi:{work['DOI']} omid:br/069{sum(map(ord, work['DOI']))}",
        "title": next(iter(work.get("title") or ()), ""),
        "author": authors,
        "pub_date": "-".join(f"{part:02}" for part in parts if part),
        "page": work.get("page", ""),
        "issue": work.get("issue", ""),
        "volume": work.get("volume", ""),
        "venue": f"{venue} [{numbers}]" if numbers else venue,
        "type": work["type"].replace("-", " "),
        "publisher": work.get("publisher", ""),
        "editor": "",
    }
