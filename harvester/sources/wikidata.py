"""Wikidata: Chinese titles of works, where somebody has written one; asked only if it is told to.

Articles are on an endpoint of their own since 2025; the main one knows none of them and says so with an empty
answer. DOIs are stored in upper case. The question is for Chinese labels and titles alone: a DOI without one is
not among the answers, and that is the service's not-found. Labels tagged Chinese are often copies of the
English title, so only those in Han characters count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from msgspec.structs import replace

from harvester.errors import InvalidIdentifier, ParseError
from harvester.messages import message
from harvester.model import Identifier, Origin, Record, Text
from harvester.patterns import pattern
from harvester.sources.asking import askable, groups_of, require_askable
from harvester.sources.describing import is_han, registered_doi, titles_of
from harvester.sources.matching import remarks_on, told_apart, unanswered
from harvester.sources.reading import Fields, excerpt, load_json, require_object, require_service
from harvester.wire import Asker, Limit, Page, Payload, Request, Skip, Source

__all__ = ["SOURCE", "parse_work"]

NAME: Final = "wikidata"
BATCH_SIZE: Final = 200  # more may take longer than the minute that a query is given
_TAGS: Final = ("zh-hans", "zh-cn", "zh-sg", "zh", "zh-hant", "zh-tw", "zh-hk", "zh-mo")
_TRADITIONAL: Final = frozenset({"zh-hant", "zh-tw", "zh-hk", "zh-mo"})
_QUERY: Final = """SELECT ?i ?doi ?zh WHERE {{
  VALUES ?doi {{ {dois} }}
  ?i wdt:P356 ?doi .
  ?i (rdfs:label|wdt:P1476) ?zh .
  FILTER(LANG(?zh) IN ({tags}))
}}"""
_ITEM: Final = pattern(r"https?://www\.wikidata\.org/entity/(Q[0-9]{1,18})")


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker) -> Iterator[Request]:  # noqa: ARG001  the shape of every source
    """Queries for at most 200 DOIs. Identifiers of other schemes are not asked."""
    for group in groups_of(BATCH_SIZE, askable(identifiers)):
        yield _query(base_url, group)


def single(base_url: str, identifier: Identifier, asker: Asker) -> Request:  # noqa: ARG001  the shape of every source
    """The query for one DOI. Raises InvalidIdentifier for other schemes."""
    require_askable(identifier, NAME)
    return _query(base_url, (identifier,))


def limits(asker: Asker) -> dict[str, Limit]:  # noqa: ARG001  the shape of every source
    """Five queries at once are allowed, and a minute of computing a minute; this is well below."""
    return {"all": Limit(2.0, 3)}


def parse(payload: Payload) -> Page:
    """A record for every work with a Chinese title; the other asked DOIs are absent here.

    Raises ParseError for what is no complete SPARQL result (a query that ran out of time breaks off),
    SourceUnavailable and SourceRefused as `require_service` says.
    """
    require_service(payload)
    rows = _rows(load_json(payload), payload.status)
    asked = set(payload.asked)
    items: dict[str, list[Mapping[str, object]]] = {}
    skips: list[Skip] = []
    for number, row in enumerate(rows, start=1):
        if isinstance(row, dict) and (key := _item(Fields(row, "?", []))):
            items.setdefault(key, []).append(row)
        else:
            skips.append(Skip(f"row {number}", message("no-key-in-record", key="i")))
    records = [parse_work(bindings, payload.retrieved_at, remarks=skips) for bindings in items.values()]
    wanted, foreign = told_apart(records, asked) if asked else (records, [])
    kept = tuple(one for one in wanted if one.titles)
    left = unanswered(payload.asked, kept)
    if not foreign:
        return Page(records=kept, absent=left, skips=tuple(skips))
    # The answer to another question says nothing of what it leaves out.
    skips += remarks_on(foreign, NAME)
    return Page(records=kept, missing=left if len(payload.asked) > 1 else (), skips=tuple(skips))


def parse_work(
    data: object, retrieved_at: str, *, document: str | None = None, remarks: list[Skip] | None = None
) -> Record:
    """The record of one work from its rows ({"i", "doi", "zh"}, each {"value", "xml:lang"}).

    One title for every script. The order of the rows does not matter.
    Raises ParseError where no row names an item.
    """
    bindings = [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []
    key = next(filter(None, (_item(Fields(row, "?", [])) for row in bindings)), None)
    if key is None:
        raise ParseError(message("no-key-in-record", key="i"))
    told: list[Skip] = []
    rows = [Fields(row, key, told) for row in bindings]
    record = Record(
        source=NAME,
        source_key=key,
        retrieved_at=retrieved_at,
        document=document,
        identifiers=tuple(sorted({doi for row in rows if (doi := _doi(row)) is not None})),
        titles=_titles(rows),
    )
    if remarks is not None:
        remarks.extend(told)
    return record


SOURCE: Final = Source(
    name=NAME,
    base_url="https://query-scholarly.wikidata.org/sparql",
    key_variable=None,
    batch=batch,
    single=single,
    parse=parse,
    limits=limits,
    licence="CC0 1.0",
)


# -- asking ----------------------------------------------------------------------------------------------


def _query(base_url: str, group: Sequence[Identifier]) -> Request:
    query = _QUERY.format(
        dois=" ".join(_literal(_stored(each.value)) for each in group),
        tags=", ".join(map(_literal, _TAGS)),
    )
    return Request(
        service=NAME,
        url=base_url,
        headers=(
            ("Accept", "application/sparql-results+json"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ),
        method="POST",
        body=urlencode({"query": query}).encode(),
        asked=tuple(group),
        limit="all",
    )


def _stored(doi: str) -> str:
    """The DOI as it is stored there: ASCII letters in upper case."""
    return re.sub("[a-z]+", lambda letters: letters[0].upper(), doi)


def _literal(value: str) -> str:
    r"""A SPARQL string; quotes, backslashes and control characters cannot end it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f]", lambda found: f"\\u{ord(found[0]):04X}", escaped) + '"'


# -- reading ---------------------------------------------------------------------------------------------


def _rows(answer: object, status: int) -> list[object]:
    answer = require_object(answer)
    results = answer.get("results")
    rows = results.get("bindings") if isinstance(results, dict) else None
    if status >= 400 or not isinstance(rows, list):
        raise ParseError(message("not-a-work-reply", found=excerpt(", ".join(sorted(answer)))))
    return rows


def _item(row: Fields) -> str | None:
    found = _ITEM.fullmatch(row.inner("i").text("value") or row.inner("item").text("value") or "")
    return found[1] if found else None


def _doi(row: Fields) -> Identifier | None:
    raw = row.inner("doi").text("value")
    try:
        return registered_doi(raw) if raw else None
    except InvalidIdentifier:
        row.note("doi", raw)
        return None


def _titles(rows: Sequence[Fields]) -> tuple[Text, ...]:
    """The Chinese titles, one a script, the plainest tag first."""
    said = {(row.inner("zh").text("xml:lang") or "", row.inner("zh").text("value") or "") for row in rows}
    found: dict[str, Text] = {}
    for tag, raw in sorted(said, key=_rank):
        for title in titles_of([raw], Origin.AGGREGATOR, "zh"):
            if is_han(title.value):
                tagged = title if title.language.startswith("zh") else replace(title, language=_script(tag))
                found.setdefault(tagged.language, tagged)
    return tuple(found.values())


def _script(tag: str) -> str:
    """The script that a tag says, of a title that could be Japanese by its characters alone."""
    return "zh-Hant" if tag.casefold() in _TRADITIONAL else "zh-Hans"


def _rank(said: tuple[str, str]) -> tuple[int, str]:
    tag = said[0].casefold()
    return (_TAGS.index(tag) if tag in _TAGS else len(_TAGS), said[1])
