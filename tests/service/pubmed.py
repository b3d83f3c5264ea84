"""PubMed by NCBI's E-utilities: a search gives numbers, a fetch gives articles in XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tests.service.errors import TEXT_XML, UTF8, fetch_error
from tests.service.holdings import Holdings
from tests.service.library import lowered
from tests.service.replies import Reply, json_reply

MOST_FOUND, USUAL_FOUND = 10_000, 20
SET: Final = (
    '<?xml version="1.0" ?>\n'
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"'
    ' "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
    "<PubmedArticleSet>{}</PubmedArticleSet>"
)
SEARCH: Final = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n'
    '<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN"'
    ' "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
    "<eSearchResult><Count>{}</Count><RetMax>{}</RetMax><RetStart>0</RetStart><IdList>\n{}"
    "</IdList><TranslationSet/><QueryTranslation/></eSearchResult>\n"
)


def search(holdings: Holdings, params: Mapping[str, str]) -> Reply:
    """esearch.fcgi: the numbers of what a term finds, newest first; complaints come inside the 200.

    What is unknown is gone without a word, unless nothing at all is found.
    """
    term = params.get("term", "").strip()
    if not term or params.get("db", "pubmed") != "pubmed":
        said = "Empty term and query_key - nothing todo" if not term else "Invalid db name specified"
        return _searched({"ERROR": said})
    phrases = re.split(r"\s+OR\s+", term)
    found = sorted({number for phrase in phrases if (number := _number(holdings, phrase))}, reverse=True)
    rows = min(MOST_FOUND, int(params.get("retmax", USUAL_FOUND)))
    shown = found[:rows]
    if params.get("retmode") != "json":
        listed = "".join(f"<Id>{number}</Id>\n" for number in shown)
        return Reply(200, SEARCH.format(len(found), len(shown), listed).encode(), TEXT_XML)
    result: dict[str, Any] = {
        "count": str(len(found)),
        "retmax": str(len(shown)),
        "retstart": "0",
        "idlist": shown,
        "translationset": [],
        "querytranslation": term,
    }
    if not found:
        result["errorlist"] = {
            "phrasesnotfound": [one for one in phrases if '"' not in one],
            "fieldsnotfound": [],
        }
        result["warninglist"] = {
            "phrasesignored": [],
            "quotedphrasesnotfound": [one for one in phrases if '"' in one],
            "outputmessages": ["No items found."],
        }
    return _searched(result)


def _searched(result: Mapping[str, Any]) -> Reply:
    return json_reply({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}, 200, UTF8)


def _number(holdings: Holdings, phrase: str) -> str | None:
    """The article that a phrase finds: "10.5555/x"[DOI], PMC1[PMCID] or 1[UID].

    A DOI with signs of its own, as in those of old serials, is not found.
    """
    value, _, field = phrase.strip().rstrip("]").rpartition("[")
    value = lowered(value.strip().strip('"'))
    match field.lower():
        case "doi" if re.search("[()<>;]", value):
            return None
        case "doi" | "aid" | "pmcid":
            return holdings.pmid(value)
        case "uid" | "pmid":
            return value if holdings.article(value) else None
    return None


def fetch(holdings: Holdings, params: Mapping[str, str]) -> Reply:
    """efetch.fcgi: the articles of the numbers, in their order; unknown ones are left out without a word."""
    numbers = [number.strip() for number in params.get("id", "").split(",") if number.strip()]
    if not numbers:
        return fetch_error(400, "Supplied id parameter is empty.")
    known = [found for number in dict.fromkeys(numbers) if (found := holdings.article(number))]
    return Reply(200, SET.format("\n".join(["", *known, ""]) if known else "").encode(), TEXT_XML)
