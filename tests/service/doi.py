"""doi.org: the agency of a prefix, the handle behind a DOI, and metadata by content negotiation.

The agencies that it leads to are at paths of its own: /-/at/{agency}/{doi}.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import msgspec

from tests.service.crossref import AGENCIES
from tests.service.holdings import PAGES, SHORT_DOIS, WITHOUT_METADATA, Holdings
from tests.service.library import ALIASES, Work, lowered
from tests.service.replies import JSON, Reply, json_reply

CSL: Final = "application/vnd.citationstyles.csl+json"
FORMATS: Final = (CSL, "application/citeproc+json")
HTML: Final = "text/html;charset=utf-8"
TYPES: Final = {"journal-article": "article-journal", "posted-content": "article", "book-chapter": "chapter"}
NOT_FOUND: Final = Reply(
    404,
    b"<!DOCTYPE html>\n<html><head><title>Error: DOI Not Found</title></head>"
    b"<body><h2>DOI Not Found</h2></body></html>\n",
    HTML,
)
NOT_A_DOI: Final = Reply(
    400,
    b"<!DOCTYPE html>\n<html><head><title>Error: Not a DOI</title></head>"
    b"<body><h2>Not a DOI</h2></body></html>\n",
    HTML,
)


# -- agencies --------------------------------------------------------------------------------------------


def agencies(asked: str) -> Reply:
    """GET /ra/{prefixes or DOIs, with commas between}: complaints come inside the 200."""
    answer = [_agency(item) for item in asked.split(",")]
    body = msgspec.json.format(msgspec.json.encode(answer), indent=2)
    return Reply(200, body, f"{JSON};charset=UTF-8")


def _agency(item: str) -> dict[str, str]:
    """By prefix alone: no proof that a DOI exists."""
    prefix = item.partition("/")[0]
    if not re.fullmatch(r"10(\.\d+)+", prefix):
        return {"DOI": item, "status": "Invalid DOI"}
    if prefix not in AGENCIES:
        return {"DOI": item, "status": "DOI does not exist"}
    return {"DOI": item, "RA": AGENCIES[prefix][1]}


# -- handles ---------------------------------------------------------------------------------------------


def handle(holdings: Holdings, doi: str, kind: str | None) -> Reply:
    """GET /api/handles/{doi}: the values of a handle, or those of one type."""
    values = [*_values(holdings, lowered(doi))]
    if not values:
        return json_reply({"responseCode": 100, "handle": doi}, 404, f"{JSON};charset=UTF-8")
    wanted = [value for value in values if kind in (None, value["type"])]
    if not wanted:
        return json_reply({"responseCode": 200, "handle": doi}, 200, f"{JSON};charset=UTF-8")
    body = {"responseCode": 1, "handle": doi, "values": wanted}
    return json_reply(body, 200, f"{JSON};charset=UTF-8")


def _values(holdings: Holdings, doi: str) -> Iterator[dict[str, Any]]:
    prime = SHORT_DOIS.get(doi, ALIASES.get(doi))
    if prime is not None:
        yield _value(1, "HS_ALIAS", {"format": "string", "value": prime})
    elif holdings.is_registered(doi):
        yield _value(1, "URL", {"format": "string", "value": _landing_page(doi)})
    else:
        return
    administrator = {"handle": f"0.na/{doi.partition('/')[0]}", "index": 200, "permissions": "111111110010"}
    yield _value(100, "HS_ADMIN", {"format": "admin", "value": administrator})


def _value(index: int, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"index": index, "type": kind, "data": data, "ttl": 86400, "timestamp": "2024-03-05T08:30:00Z"}


def _landing_page(doi: str) -> str:
    return f"https://sample.example/{quote(doi, safe='/')}"


# -- content negotiation ---------------------------------------------------------------------------------


def resolve(holdings: Holdings, doi: str, accept: str, base_url: str) -> Reply:
    """GET /{doi}: on to the landing page, or to the agency for whoever wants no page for people."""
    if not re.match(r"10[./]", doi):
        return NOT_A_DOI
    known = lowered(doi)
    known = SHORT_DOIS.get(known, ALIASES.get(known, known))
    if not holdings.is_registered(known):
        return NOT_FOUND
    if "text/html" in accept or "application/" not in accept:
        return _onward(_landing_page(known))
    agency = AGENCIES.get(known.partition("/")[0], ("crossref", ""))[0]
    return _onward(f"{base_url}/-/at/{agency}/{quote(known, safe='/')}")


def at_agency(holdings: Holdings, agency: str, doi: str, accept: str) -> Reply:
    """GET /-/at/{agency}/{doi}: what the agency answers; CNKI and Airiti have pages for people alone."""
    known = lowered(doi)
    if agency in ("cnki", "airiti"):
        return _page(PAGES[known]) if known in PAGES else NOT_FOUND
    if known in WITHOUT_METADATA:
        return Reply(204, b"", CSL)
    if not any(name in accept for name in FORMATS):
        return Reply(406, b"", "text/plain")
    item = holdings.csl.get(known) or _csl_of(holdings.library.work(known))
    if item is None and known in holdings.datacite:
        item = _csl_of_datacite(holdings.datacite[known])
    return NOT_FOUND if item is None else json_reply(item, 200, CSL)


def _onward(address: str) -> Reply:
    body = f"<html><head><title>Handle Redirect</title></head>\n<body><a href='{address}'></a></body></html>"
    return Reply(302, body.encode(), HTML, {"location": address, "vary": "Accept"})


def _page(title: str) -> Reply:
    body = f"<!DOCTYPE html><html><head><title>多重解析地址选择页面</title></head><body><h1>{title}</h1></body></html>"
    return Reply(200, body.encode(), HTML)


def _csl_of(work: Work | None) -> Work | None:
    """Crossref's work as CSL: texts instead of lists, but its own names of types where CSL has none."""
    if work is None:
        return None
    lists = ("title", "container-title")
    first = {name: (work.get(name) or [""])[0] for name in lists}
    return {**work, **first, "type": TYPES.get(work["type"], work["type"])}


def _csl_of_datacite(work: Work) -> Work:
    """DataCite's work as CSL: the DOI in capitals, "article" for anything that it has no word for."""
    people = [
        {"family": creator["familyName"], "given": creator["givenName"]}
        if "familyName" in creator
        else {"literal": creator["name"]}
        for creator in work["creators"]
    ]
    return {
        "type": work["types"]["citeproc"],
        "id": f"https://doi.org/{work['doi']}",
        "author": people,
        "issued": {"date-parts": [[work["publicationYear"]]]},
        "DOI": work["doi"].upper(),
        "publisher": work["publisher"],
        "title": work["titles"][0]["title"],
        "URL": f"https://sample.example/{work['doi']}",
    }
