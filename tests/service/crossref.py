"""Crossref's REST API, as far as a harvester of single works and lists needs it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from tests.service import limits
from tests.service.library import ALIASES, Library, Work, lowered
from tests.service.replies import JSON, Reply, json_reply

HEADERS: Final = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Link",
    "permissions-policy": "interest-cohort=()",
    "server": "Jetty(9.4.40.v20210413)",
    "x-rate-limit-interval": "1s",
}
LONGEST_TARGET = 8190  # bytes of path and query that the load balancer takes
MOST_ROWS, MOST_OFFSET, USUAL_ROWS = 1000, 10_000, 20
# As the service itself lists them in its complaint about an unknown one.
_SELECTS: Final = (
    "abstract URL resource member posted score created degree update-policy short-title license ISSN"
    " container-title issued update-to issue prefix approved indexed article-number clinical-trial-number"
    " accepted author group-title DOI is-referenced-by-count updated-by event chair standards-body"
    " original-title funder translator published archive published-print alternative-id subject subtitle"
    " published-online publisher-location content-domain reference title link type publisher volume"
    " references-count ISBN issn-type assertion deposited page contributor content-created"
    " short-container-title relation editor"
)
SELECTS: Final = tuple(_SELECTS.split())
AGENCIES: Final = {  # by prefix; everything else that Crossref knows is its own
    "10.5555": ("crossref", "Crossref"),
    "10.5281": ("datacite", "DataCite"),
    "10.48550": ("datacite", "DataCite"),
    "10.1430": ("medra", "mEDRA"),
    "10.2903": ("op", "OP"),
    "10.5012": ("kisti", "KISTI"),
    "10.11467": ("jalc", "JaLC"),
    "10.7666": ("istic", "ISTIC"),
    "10.13336": ("cnki", "CNKI"),
    "10.6220": ("airiti", "Airiti"),
    "10.1000": ("public", "Public"),
    # Registrants of the test prefix, one for each agency.
    "10.5555.1": ("datacite", "DataCite"),
    "10.5555.2": ("istic", "ISTIC"),
    "10.5555.3": ("cnki", "CNKI"),
    "10.5555.4": ("jalc", "JaLC"),
    "10.5555.5": ("medra", "mEDRA"),
    "10.5555.6": ("airiti", "Airiti"),
    "10.5555.7": ("kisti", "KISTI"),
    "10.5555.8": ("op", "OP"),
}
NOT_FOUND: Final = Reply(404, b"Resource not found.", "text/plain;charset=utf-8")


class Caller(NamedTuple):
    """Who asks, as Crossref tells callers apart, and into which pool that puts them."""

    kind: str  # public, polite, plus
    name: str

    def pool(self, *, is_list: bool) -> str:
        return "plus" if self.kind == "plus" else f"{self.kind}-{'array' if is_list else 'single'}"


ALLOWANCES: Final = {
    "public-single": limits.PUBLIC_SINGLE,
    "public-array": limits.PUBLIC_ARRAY,
    "polite-single": limits.POLITE_SINGLE,
    "polite-array": limits.POLITE_ARRAY,
    "plus": limits.PLUS,
}


def caller_of(
    headers: Mapping[str, str], params: Mapping[str, str], host: str, tokens: frozenset[str]
) -> Caller | None:
    """The caller; None for a wrong token. One address in the query or in the User-Agent makes polite."""
    token = headers.get("crossref-plus-api-token", headers.get("crossref-api-key"))
    if token is not None:
        token = token.removeprefix("Bearer ").strip()
        return Caller("plus", token) if token in tokens else None
    if "@" in (address := params.get("mailto", "")):
        return Caller("polite", address.lower())
    if found := re.search(r"mailto:\s*([^\s;,()]+@[^\s;,()]+)", headers.get("user-agent", "")):
        return Caller("polite", found[1].lower())
    return Caller("public", host)


def limit_headers(pool: str, scale: float) -> dict[str, str]:
    """What every answer says of the limits."""
    allowance = limits.scaled(ALLOWANCES[pool], scale)
    said = {**HEADERS, "x-api-pool": pool, "x-rate-limit-limit": str(allowance.requests)}
    if allowance.concurrency is not None:
        said["x-concurrency-limit"] = str(allowance.concurrency)
    return said


def single(library: Library, doi: str, base_url: str) -> Reply:
    """GET /works/{doi}: the work, a redirect from an alias to its prime DOI, or the plain 404."""
    if (prime := ALIASES.get(lowered(doi))) is not None:
        return Reply(301, b"", "text/html", {"location": f"{base_url}/works/{quote(prime, safe='')}"})
    work = library.work(lowered(doi))
    return NOT_FOUND if work is None else _ok("work", work)


def agency(library: Library, doi: str) -> Reply:
    """GET /works/{doi}/agency: by prefix, which is no proof that the DOI exists."""
    known = AGENCIES.get(doi.partition("/")[0])
    if known is None and library.work(lowered(doi)) is not None:
        known = ("crossref", "Crossref")
    if known is None:
        return NOT_FOUND
    return _ok("work-agency", {"DOI": doi, "agency": {"id": known[0], "label": known[1]}})


def works(library: Library, params: Mapping[str, str]) -> Reply:
    """GET /works: filtered, searched, in Crossref's own order, paged and trimmed."""
    if complaints := [*_complaints(params)]:
        body = {"status": "failed", "message-type": "validation-failure", "message": complaints}
        return json_reply(body, 400, f"{JSON};charset=utf-8")
    filters = _filters(params.get("filter", ""))
    query = " ".join(value for name, value in params.items() if name == "query" or name.startswith("query."))
    found = _ranked(_candidates(library, filters), query)
    start = _cursor_start(params["cursor"]) if "cursor" in params else int(params.get("offset", 0))
    if start is None:
        said = {
            "type": "cursor-invalid",
            "value": params["cursor"],
            "message": "Cursor specified but it is invalid",
        }
        return json_reply({"status": "failed", "message-type": "resource-failure", "message": [said]}, 404)
    rows = int(params.get("rows", USUAL_ROWS))
    select = tuple(name for name in params.get("select", "").split(",") if name)
    message: dict[str, Any] = {
        "facets": {},
        "total-results": len(found),
        "items": [_trimmed(work, score, select) for score, work in found[start : start + rows]],
        "items-per-page": rows,
        "query": {"start-index": start, "search-terms": params.get("query")},
    }
    if "cursor" in params:
        message["next-cursor"] = base64.b64encode(f"sample:{start + rows}".encode()).decode()
    return _ok("work-list", message)


def _ok(kind: str, message: Any) -> Reply:
    return json_reply({"status": "ok", "message-type": kind, "message-version": "1.0.0", "message": message})


def _complaints(params: Mapping[str, str]) -> Iterable[dict[str, str]]:
    for name, most in (("rows", MOST_ROWS), ("offset", MOST_OFFSET)):
        value = params.get(name, "0")
        if not value.isdecimal() or int(value) > most:
            said = (
                f"Integer specified as {value} but must be a positive integer less than or equal to {most}. "
            )
            yield {"type": "integer-not-valid", "value": value, "message": said}
    for name in filter(None, params.get("select", "").split(",")):
        if name not in SELECTS:
            said = (
                f"Select '{name}' specified but there is no such select for this route."
                f" Valid selects for this route are: {', '.join(SELECTS)}"
            )
            yield {"type": "select-not-available", "value": name, "message": said}
    for name in _filters(params.get("filter", "")):
        if name not in FILTERS:
            said = (
                f"Filter '{name}' specified but there is no such filter for this route."
                f" Valid filters for this route are: {', '.join(FILTERS)}"
            )
            yield {"type": "filter-not-available", "value": name, "message": said}


def _filters(raw: str) -> dict[str, list[str]]:
    """Values by name of filter. A comma always ends a filter: a DOI that holds one cannot be asked for."""
    filters: dict[str, list[str]] = {}
    for part in filter(None, raw.split(",")):
        name, _, value = part.partition(":")
        filters.setdefault(name, []).append(value)
    return filters


def _candidates(library: Library, filters: dict[str, list[str]]) -> list[Work]:
    """The works that pass: one of the values of every filter, each work once."""
    if "doi" in filters:
        named = dict.fromkeys(lowered(doi) for doi in filters["doi"])
        pool = [work for doi in named if (work := library.work(doi)) is not None]
    else:
        pool = [*library.works.values()]
    others = {name: values for name, values in filters.items() if name != "doi"}
    return [
        work
        for work in pool
        if all(any(FILTERS[name](work, value) for value in values) for name, values in others.items())
    ]


def _ranked(works: Iterable[Work], query: str) -> list[tuple[float, Work]]:
    wanted = _words(query)
    scored = [(len(wanted & _words(_said(work))) / len(wanted) if wanted else 0.0, work) for work in works]
    kept = [(score, work) for score, work in scored if score or not wanted]
    return sorted(kept, key=lambda one: (-one[0], hashlib.sha1(one[1]["DOI"].encode()).digest()))


def _said(work: Work) -> str:
    """What a search looks at: titles, authors, container, year."""
    names = [
        author.get(part, "") for author in work.get("author", ()) for part in ("given", "family", "name")
    ]
    titles = [*work.get("title", ()), *work["original-title"], *work["container-title"]]
    return " ".join([*titles, *names, str(work.get("issued", ""))])


def _words(text: str) -> set[str]:
    """Words of letters and digits; Han characters one by one."""
    return set(re.findall(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+", text.lower()))


def _cursor_start(cursor: str) -> int | None:
    if cursor == "*":
        return 0
    try:
        kind, _, start = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return int(start) if kind == "sample" and start.isdecimal() else None


def _trimmed(work: Work, score: float, select: tuple[str, ...]) -> Work:
    item = {**work, "score": score}
    return {name: item[name] for name in select if name in item} if select else item


def _on(field: str, *, earliest: bool) -> Callable[[Work, str], bool]:
    """A filter on a date: both ends are within; a date compares by as many parts as the filter has."""

    def passes(work: Work, value: str) -> bool:
        parts = (work.get(field) or {}).get("date-parts", [[None]])[0]
        bound = [int(part) for part in value.partition("T")[0].split("-")]
        if not parts or not parts[0]:
            return False
        given = (*parts, 1, 1)[: len(bound)]
        return given >= tuple(bound) if earliest else given <= tuple(bound)

    return passes


FILTERS: Final[dict[str, Callable[[Work, str], bool]]] = {
    "doi": lambda work, value: lowered(work["DOI"]) == lowered(value),  # looked up, not tried one by one
    "type": lambda work, value: work.get("type") == value,
    "issn": lambda work, value: value in work.get("ISSN", ()),
    "prefix": lambda work, value: work["prefix"] == value,
    "updates": lambda work, value: any(lowered(value) == one["DOI"] for one in work.get("update-to", ())),
    "update-type": lambda work, value: any(value == one["type"] for one in work.get("update-to", ())),
    "is-update": lambda work, value: ("update-to" in work) == (value in ("true", "t", "1")),
    "has-abstract": lambda work, value: ("abstract" in work) == (value in ("true", "t", "1")),
    **{
        f"{end}-{name}-date": _on(field, earliest=end == "from")
        for end in ("from", "until")
        for name, field in (
            ("pub", "issued"),
            ("issued", "issued"),
            ("index", "indexed"),
            ("update", "deposited"),
            ("created", "created"),
        )
    },
}
