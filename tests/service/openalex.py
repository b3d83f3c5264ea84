"""OpenAlex's API: one work, or those of a filter; every call costs money, or would."""

from __future__ import annotations

import base64
import binascii
import hashlib
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.service import limits
from tests.service.errors import openalex_error
from tests.service.holdings import Holdings
from tests.service.library import lowered
from tests.service.openalex_works import OpenWork
from tests.service.replies import Reply, json_reply

DOLLARS: Final = 0.0001  # that one credit costs
BUDGETS: Final = {"keyless": 1_000, "keyed": 10_000}  # credits a day
USUAL_ROWS, MOST_ROWS, MOST_VALUES, MOST_AUTHORS = 25, 200, 100, 100
PAID: Final = ("from_updated_date", "to_updated_date", "from_created_date", "to_created_date")
FILTERS: Final = ("doi", "ids.openalex", "openalex", "openalex_id", "pmid", "publication_year", *PAID)
_SELECTS: Final = (
    "id doi title display_name relevance_score publication_year publication_date ids language primary_location"
    " sources type type_crossref indexed_in open_access authorships institution_assertions institutions"
    " countries_distinct_count institutions_distinct_count corresponding_author_ids"
    " corresponding_institution_ids apc_list apc_paid fwci is_authors_truncated has_fulltext fulltext_origin"
    " cited_by_count citation_normalized_percentile cited_by_percentile_year biblio is_retracted is_paratext"
    " is_xpac primary_topic topics keywords concepts mesh locations_count locations best_oa_location"
    " sustainable_development_goals awards funders datasets versions has_content content_urls"
    " referenced_works_count referenced_works related_works abstract_inverted_index cited_by_api_url"
    " counts_by_year updated_date created_date"
)
SELECTS: Final = tuple(_SELECTS.split())


def key_of(headers: Mapping[str, str], params: Mapping[str, str]) -> str | None:
    """The key that a caller shows, in the query or as a bearer."""
    bearer = headers.get("authorization", "").removeprefix("Bearer ").strip()
    return params.get("api_key") or bearer or None


def cost(endpoint: str, *, is_keyed: bool) -> int:
    """Credits that a call costs: single works are free to those with a key."""
    return 0 if endpoint == "openalex single" and is_keyed else 1


def limit_headers(pool: str, spent: int, price: int, scale: float) -> dict[str, str]:
    """What every answer says of the day's budget; it begins anew at midnight, UTC."""
    budget = credits_of(pool, scale)
    left = max(0, budget - spent)
    return {
        "access-control-allow-origin": "*",
        "x-ratelimit-cost-usd": f"{price * DOLLARS:g}",
        "x-ratelimit-credits-used": str(price),
        "x-ratelimit-limit": str(budget),
        "x-ratelimit-limit-usd": f"{budget * DOLLARS:g}",
        "x-ratelimit-onetime-remaining": "0",
        "x-ratelimit-prepaid-remaining-usd": "0",
        "x-ratelimit-remaining": str(left),
        "x-ratelimit-remaining-usd": f"{left * DOLLARS:g}",
        "x-ratelimit-reset": str(86_400 - int(time.time()) % 86_400),
    }


def credits_of(pool: str, scale: float) -> int:
    """Credits of a day: as many more as rates are faster."""
    return max(1, round(BUDGETS[pool] * scale)) if scale else limits.UNLIMITED.requests


def single(holdings: Holdings, raw: str, params: Mapping[str, str]) -> Reply:
    """GET /works/{id}: by DOI, PubMed id or OpenAlex's own; a merged work answers under another DOI."""
    if complaint := _complaint(params):
        return complaint
    found = holdings.open_works(*_named(raw))
    return json_reply(_trimmed(found[0], params)) if found else openalex_error(404)


def works(holdings: Holdings, params: Mapping[str, str], *, is_keyed: bool) -> Reply:
    """GET /works: those of a filter, in OpenAlex's own order; unknown values are dropped without a word.

    A comma always ends a filter and a bar a value, also inside a DOI.
    """
    if complaint := _complaint(params) or _filter_complaint(params.get("filter", "")):
        return complaint
    if "cursor" in params and not is_keyed:
        return openalex_error(401)
    found = _filtered(holdings, params.get("filter", ""))
    rows = int(params.get("per_page", params.get("per-page", USUAL_ROWS)))
    page = int(params.get("page", 1))
    start = _cursor_start(params["cursor"]) if "cursor" in params else (page - 1) * rows
    meta: dict[str, Any] = {
        "count": len(found),
        "db_response_time_ms": 17,
        "page": page,
        "per_page": rows,
        "groups_count": None,
        "cost_usd": DOLLARS,
    }
    if "cursor" in params:
        more = base64.b64encode(str(start + rows).encode()).decode() if start + rows < len(found) else None
        meta |= {"page": None, "next_cursor": more}
    shown = [_trimmed(_shortened(work), params) for work in found[start : start + rows]]
    return json_reply({"meta": meta, "results": shown, "group_by": []})


def _filtered(holdings: Holdings, raw: str) -> list[OpenWork]:
    """The works that pass every filter, each once."""
    passed: dict[str, OpenWork] | None = None
    for name, values in _filters(raw):
        found = {work["id"]: work for value in values for work in _of_value(holdings, name, value)}
        passed = found if passed is None else {key: passed[key] for key in passed if key in found}
    every = {work["id"]: work for work in holdings.openalex} if passed is None else passed
    return sorted(every.values(), key=lambda work: hashlib.sha1(work["id"].encode()).digest())


def _of_value(holdings: Holdings, name: str, value: str) -> list[OpenWork]:
    if name == "publication_year":
        return [work for work in holdings.openalex if str(work["publication_year"]) == value]
    return holdings.open_works(
        *_named(value if name in ("ids.openalex", "openalex", "openalex_id") else f"{name}:{value}")
    )


def _filters(raw: str) -> Iterator[tuple[str, list[str]]]:
    for part in filter(None, raw.split(",")):
        name, _, values = part.partition(":")
        yield name, values.split("|")


def _named(raw: str) -> tuple[str, str]:
    """Scheme and value of a name, with or without the address of a resolver."""
    value = lowered(raw)
    for scheme, beginnings in _BEGINNINGS.items():
        for beginning in beginnings:
            if value.startswith(beginning):
                return scheme, _bare(value.removeprefix(beginning))
    return "openalex", value.rpartition("/")[2].upper()


_BEGINNINGS: Final = {
    "doi": ("doi:", "https://doi.org/", "http://dx.doi.org/"),
    "pmid": ("pmid:", "https://pubmed.ncbi.nlm.nih.gov/"),
}


def _bare(value: str) -> str:
    return value.removeprefix("https://doi.org/").removeprefix("https://pubmed.ncbi.nlm.nih.gov/").strip("/")


def _complaint(params: Mapping[str, str]) -> Reply | None:
    for name in filter(None, params.get("select", "").split(",")):
        if name not in SELECTS:
            said = f"{name} is not a valid select field. Valid fields for select are: {', '.join(SELECTS)}."
            return _invalid(said)
    rows = params.get("per_page", params.get("per-page", "1"))
    if not rows.isdecimal() or not 1 <= int(rows) <= MOST_ROWS:
        return _invalid(f"per-page parameter must be between 1 and {MOST_ROWS}")
    return None


def _filter_complaint(raw: str) -> Reply | None:
    for name, values in _filters(raw):
        if name in PAID:
            return openalex_error(429, "plan")
        if name not in FILTERS:
            valid = ", ".join(FILTERS)
            return _invalid(
                f"{name} is not a valid field. Valid fields are underscore or hyphenated versions of: {valid}"
            )
        if len(values) > MOST_VALUES:
            return _invalid(
                f"Maximum number of values exceeded for {name}. Decrease values to {MOST_VALUES} or below."
            )
    return None


def _invalid(said: str) -> Reply:
    return json_reply({"error": "Invalid query parameters error.", "message": said}, 400)


def _cursor_start(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True))
    except (binascii.Error, ValueError):
        return 0


def _shortened(work: OpenWork) -> OpenWork:
    """A work as lists have it, with at most a hundred authors."""
    authors = work["authorships"]
    return (
        work
        if len(authors) <= MOST_AUTHORS
        else {**work, "authorships": authors[:MOST_AUTHORS], "is_authors_truncated": True}
    )


def _trimmed(work: OpenWork, params: Mapping[str, str]) -> OpenWork:
    select = [name for name in params.get("select", "").split(",") if name]
    return {name: work[name] for name in select if name in work} if select else work
