"""The ID converter of PubMed Central: the identifiers of PubMed's articles that have a PMCID."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from tests.service.holdings import Holdings
from tests.service.library import lowered
from tests.service.replies import Reply, json_reply


def listed(holdings: Holdings, params: Mapping[str, str]) -> Reply:
    """GET /articles/?ids=a,b&idtype=doi: an entry for each; an error for what is not in PubMed Central."""
    asked = [one for one in params.get("ids", "").split(",") if one]
    if not asked:
        return json_reply({"status": "error", "message": "No ids given"}, 400)
    entries = [_entry(holdings, one) for one in asked]
    return json_reply({"status": "ok", "response-date": "2026-11-21 03:00:00", "records": entries})


def _entry(holdings: Holdings, raw: str) -> dict[str, Any]:
    number = holdings.pmids.get(lowered(raw), raw)
    names = _names(holdings.articles.get(number))
    if "pmc" not in names:
        return {"requested-id": raw, "status": "error", "errmsg": "Identifier not found in PMC"}
    return {
        "pmcid": names["pmc"],
        "pmid": int(names["pubmed"]),
        "doi": names.get("doi"),
        "requested-id": raw,
    }


def _names(article: str | None) -> dict[str, str]:
    if article is None:
        return {}
    found = etree.fromstring(article).iterfind("PubmedData/ArticleIdList/ArticleId")
    return {one.get("IdType", ""): str(one.text) for one in found}
