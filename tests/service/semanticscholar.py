"""Semantic Scholar's Academic Graph API: one paper, a batch, the best match of a title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from tests.service.library import Library, Paper, paper_key
from tests.service.replies import Reply, json_reply

HEADERS: Final = {"access-control-allow-origin": "*"}
MOST_IDS = 500
MOST_BYTES = 10_000_000
_FIELDS: Final = (  # in the order of the answers
    "paperId externalIds corpusId publicationVenue url title abstract venue year referenceCount citationCount"
    " influentialCitationCount isOpenAccess openAccessPdf fieldsOfStudy s2FieldsOfStudy publicationTypes"
    " publicationDate journal citationStyles authors citations references embedding tldr textAvailability"
)
FIELDS: Final = tuple(_FIELDS.split())
GOOD_MATCH = 0.6  # of the words of the title asked for


def single(library: Library, raw: str, params: Mapping[str, str]) -> Reply:
    """GET /paper/{id}"""
    fields = params.get("fields", "")
    if unknown := _unknown(fields):
        return unknown
    key = paper_key(raw)
    paper = library.paper(key) if key is not None else None
    if paper is None:
        return _error(404, f"Paper with id {raw} not found")
    return json_reply(_view(paper, fields))


def batch(library: Library, body: bytes, params: Mapping[str, str]) -> Reply:
    """POST /paper/batch: as many answers as ids, in their order, null for those it does not know.

    One malformed id, or no known one, fails the whole batch.
    """
    fields = params.get("fields", "")
    if unknown := _unknown(fields):
        return unknown
    try:
        ids = msgspec.json.decode(body, type=_Ids).ids
    except msgspec.MsgspecError:
        return _error(400, "Missing required property: ids")
    if len(ids) > MOST_IDS:
        return _error(400, f"Too many ids: at most {MOST_IDS} are accepted")
    keys = [key for raw in ids if (key := paper_key(raw)) is not None]
    papers = [library.paper(key) for key in keys]
    if len(keys) < len(ids) or all(paper is None for paper in papers):
        return _error(400, "No valid paper ids given")
    reply = json_reply([None if paper is None else _view(paper, fields) for paper in papers])
    if len(reply.body) > MOST_BYTES:
        return _error(400, "Response would exceed maximum size. Try a smaller batch or fewer fields.")
    return reply


def match(library: Library, params: Mapping[str, str]) -> Reply:
    """GET /paper/search/match: the one paper whose title is nearest."""
    fields = params.get("fields", "")
    if unknown := _unknown(fields):
        return unknown
    wanted = _words(params.get("query", ""))
    scored = [(len(wanted & _words(paper["title"])), paper) for paper in library.papers]
    score, paper = max(scored, key=lambda one: one[0])
    if not wanted or score < GOOD_MATCH * len(wanted):
        return _error(404, "Title match not found")
    return json_reply({"data": [{**_view(paper, fields), "matchScore": 10.0 * score}]})


class _Ids(msgspec.Struct):
    ids: list[str]


def _error(status: int, said: str) -> Reply:
    return json_reply({"error": said}, status)


def _unknown(fields: str) -> Reply | None:
    names = [name for name in fields.split(",") if name and name.split(".")[0] not in FIELDS]
    return _error(400, f"Unrecognized or unsupported fields: [{', '.join(names)}]") if names else None


def _view(paper: Paper, fields: str) -> dict[str, Any]:
    """The fields asked for, in the service's order; `authors.name` asks for part of `authors`."""
    asked = {name.split(".")[0] for name in fields.split(",") if name} or {"title"}
    return {name: _value(paper, name) for name in FIELDS if name in asked or name == "paperId"}


def _value(paper: Paper, name: str) -> Any:
    return _citation_styles(paper) if name == "citationStyles" and name not in paper else paper.get(name)


def _citation_styles(paper: Paper) -> dict[str, str]:
    names = " and ".join(author["name"] for author in paper.get("authors") or ())
    title, year = paper.get("title"), paper.get("year")
    return {
        "bibtex": f"@Article{{Sample{year},\n author = {{{names}}},\n title = {{{title}}},\n year = {{{year}}}\n}}\n"
    }


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
