"""Wikidata's query service, for the one question that it is asked here: Chinese titles by DOI."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from tests.service.holdings import Holdings
from tests.service.library import Work, lowered
from tests.service.replies import JSON, Reply

VALUES: Final = re.compile(r"VALUES \?doi \{ (.*?) \}\n", re.DOTALL)
LITERAL: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
HAN: Final = re.compile(r"[\u4e00-\u9fff]")
RESULTS: Final = "application/sparql-results+json;charset=utf-8"


def query(holdings: Holdings, text: str) -> Reply:
    """POST /sparql: a row for every Chinese title of the DOIs in VALUES; the others are left out."""
    listed = VALUES.search(text)
    if listed is None:
        return Reply(400, b"Not a valid (parsable) query", "text/plain")
    dois = [lowered(re.sub(r"\\(.)", r"\1", one)) for one in LITERAL.findall(listed[1])]
    works = [work for one in dois if (work := holdings.library.work(one)) is not None]
    rows = [row for work in works for row in _rows(work)]
    body = msgspec.json.encode({"head": {"vars": ["i", "doi", "zh"]}, "results": {"bindings": rows}})
    return Reply(200, body, RESULTS if rows else JSON)


def _rows(work: Work) -> list[dict[str, Any]]:
    number = sum(map(ord, work["DOI"]))
    named = {
        "i": {"type": "uri", "value": f"http://www.wikidata.org/entity/Q{number}"},
        "doi": {"type": "literal", "value": work["DOI"].upper()},
    }
    titles = [
        title for title in (*work.get("title", ()), *work.get("original-title", ())) if HAN.search(title)
    ]
    return [{**named, "zh": {"type": "literal", "xml:lang": "zh", "value": title}} for title in titles]
