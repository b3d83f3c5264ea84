"""Crossref: the registration agency of most DOIs of articles and books.

A list of DOIs (`filter=doi:a,doi:b`) is its cheapest resolver. It drops what it does not hold without a
word and answers in an order of its own, so answers are matched by DOI, and a DOI that is not among them
is `missing`, not absent: only the single look-up's 404, `text/plain` "Resource not found.", says absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from harvester.errors import ParseError
from harvester.messages import message
from harvester.model import Identifier, Record
from harvester.sources.asking import askable, groups_within, require_askable
from harvester.sources.crossref_fields import NAME, is_work, parse_work
from harvester.sources.crossref_xml import is_xml, parse_xml
from harvester.sources.matching import (
    answered_with_another,
    is_led_to,
    read_all,
    remarks_on,
    with_alias,
)
from harvester.sources.reading import as_text, excerpt, load_json, require_object, require_service
from harvester.wire import Asker, Limit, Page, Payload, Request, Skip, Source

__all__ = ["SOURCE", "is_work", "parse_work"]

BATCH_SIZE: Final = 100
FILTER_CAP: Final = 5_200  # characters on the wire; beyond about 6,300 the service answers 414
_SELECT: Final = (
    "DOI,title,original-title,short-title,subtitle,author,editor,translator,container-title,short-container-title,"
    "volume,issue,page,article-number,issued,published,published-print,published-online,posted,approved,type,ISBN,"
    "ISSN,issn-type,publisher,abstract,URL,resource,license,link,is-referenced-by-count,relation,update-to,updated-by,"
    "subject"
)  # `language`, `subtype`, `journal-issue` are not for selecting: one of them and the whole call is a 400
_NOT_FOUND: Final = b"Resource not found."


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker) -> Iterator[Request]:
    """Lists of at most 100 DOIs; a DOI with a comma, which a filter cannot hold, and one left over singly.

    Identifiers that are no DOIs are not asked.
    """
    dois = askable(identifiers)
    for identifier in dois:
        if "," in identifier.value:
            yield single(base_url, identifier, asker)
    listable = [each for each in dois if "," not in each.value]
    for group in groups_within(FILTER_CAP, BATCH_SIZE, listable, _cost):
        yield single(base_url, group[0], asker) if len(group) == 1 else _list(base_url, group, asker)


def single(base_url: str, identifier: Identifier, asker: Asker) -> Request:
    """The look-up of one DOI: the only one that tells absent from dropped, and the one with `language`.

    Raises InvalidIdentifier for other schemes.
    """
    require_askable(identifier, NAME)
    return Request(
        service=NAME,
        url=f"{base_url}/works/{quote(identifier.value, safe='')}",
        params=_identity(asker),
        headers=_token(asker),
        asked=(identifier,),
        limit="single",
    )


def limits(asker: Asker) -> dict[str, Limit]:
    """The pool that the asker is in: plus with a token, polite with an e-mail address, else public."""
    if asker.key:
        return {"single": Limit(150.0, 10), "list": Limit(150.0, 10)}
    if asker.email:
        return {"single": Limit(10.0, 3), "list": Limit(3.0, 3)}
    return {"single": Limit(5.0, 1), "list": Limit(1.0, 1)}


def parse(payload: Payload) -> Page:
    """The works of a single look-up, a list, a search, or a bare work or list of works, in JSON or in XML.

    With nothing asked every work is read. Raises ParseError for what is no answer: HTML, cut-off JSON,
    a 404 of another shape, a complaint (in the service's own words), an answer about something else
    than works; with the key "batch-too-large" for 414: ask again in halves. Raises SourceUnavailable
    and SourceRefused as `require_service` says.
    """
    if _is_absent(payload):
        return Page(absent=payload.asked)
    require_service(payload)
    if is_xml(payload.body):
        page = parse_xml(payload)
        is_found = payload.asked and page.records
        return _of_one(payload, page.records, list(page.skips)) if is_found else page
    answer = load_json(payload)
    items = _works(answer, payload.status)
    records, skips = read_all(items, parse_work, payload.retrieved_at, _label)
    if not payload.asked:
        return Page(records=tuple(records), skips=tuple(skips))
    if _is_list(answer):
        return _matched(payload, items, records, skips)
    return _of_one(payload, records, skips)


SOURCE: Final = Source(
    name=NAME,
    base_url="https://api.crossref.org",
    key_variable="CROSSREF_PLUS_TOKEN",
    batch=batch,
    single=single,
    parse=parse,
    limits=limits,
    agencies=("Crossref",),
    only_for=("Crossref",),
    licence="facts, free to reuse; abstracts may be under copyright",
)


# -- asking ----------------------------------------------------------------------------------------------


def _list(base_url: str, group: Sequence[Identifier], asker: Asker) -> Request:
    asked_for = ",".join(f"doi:{identifier.value}" for identifier in group)
    return Request(
        service=NAME,
        url=f"{base_url}/works",
        params=(
            ("filter", asked_for),
            ("rows", str(len(group))),
            ("select", _SELECT),
            *_identity(asker),
        ),
        headers=_token(asker),
        asked=tuple(group),
        limit="list",
    )


def _cost(identifier: Identifier) -> int:
    return len(quote(f"doi:{identifier.value},", safe=""))


def _identity(asker: Asker) -> tuple[tuple[str, str], ...]:
    return (("mailto", asker.email),) if asker.email else ()


def _token(asker: Asker) -> tuple[tuple[str, str], ...]:
    return (("Crossref-Plus-API-Token", f"Bearer {asker.key}"),) if asker.key else ()


# -- reading ---------------------------------------------------------------------------------------------


def _is_absent(payload: Payload) -> bool:
    return (
        payload.status == 404
        and len(payload.asked) <= 1
        and payload.content_type.casefold().startswith("text/plain")
        and payload.body.strip() == _NOT_FOUND
    )


def _works(answer: object, status: int) -> list[object]:
    """The works of an answer, still as JSON; raises ParseError where it is about something else."""
    if isinstance(answer, list):
        return answer
    answer = require_object(answer)
    kind = answer.get("message-type")
    inner = answer.get("message", answer)
    if status >= 400 or answer.get("status") in {"failed", "error"}:
        raise ParseError(message("service-says", service=NAME, status=status, words=_words(inner)))
    if kind in {None, "work-list"} and isinstance(inner, dict) and isinstance(inner.get("items"), list):
        return list(inner["items"])
    if kind in {None, "work"} and isinstance(inner, dict) and "DOI" in inner and "agency" not in inner:
        return [inner]
    raise ParseError(message("not-a-work-reply", found=as_text(kind) or excerpt(sorted(answer))))


def _words(complaint: object) -> str:
    """What the service complains of: `message` is a list of objects then, or one."""
    found = []
    for each in complaint if isinstance(complaint, list) else [complaint]:
        said = (each.get("message") or each.get("description")) if isinstance(each, dict) else each
        found.append(as_text(said) or excerpt(each))
    return "; ".join(found)


def _is_list(answer: object) -> bool:
    if isinstance(answer, dict):
        inner = answer.get("message", answer)
        return isinstance(inner, dict) and "items" in inner
    return True


def _matched(payload: Payload, items: Sequence[object], records: list[Record], skips: list[Skip]) -> Page:
    """The asked-for records of a list; foreign ones are left out with a remark, dropped DOIs are missing."""
    asked = {identifier.value for identifier in payload.asked}
    answered = {(as_text(item.get("DOI")) or "").lower() for item in items if isinstance(item, dict)}
    foreign = [record for record in records if record.source_key not in asked]
    kept = [record for record in records if record.source_key in asked]
    answered.update(record.source_key for record in kept)
    return Page(
        records=tuple(kept),
        missing=tuple(identifier for identifier in payload.asked if identifier.value not in answered),
        skips=(*skips, *remarks_on(foreign, NAME)),
    )


def _of_one(payload: Payload, records: Sequence[Record], skips: list[Skip]) -> Page:
    """The answer to one look-up, under the alias too that was asked for, or why it is about another work."""
    # 10.1515/9789882204508-009 is redirected to its prime DOI 10.5790/hongkong/9789888528011.003.0007.
    kept = [one for one in records if set(payload.asked) & {*one.identifiers} or is_led_to(payload, one)]
    told = [
        answered_with_another(payload.asked[0], [one.source_key], NAME) for one in records if one not in kept
    ]
    return Page(records=tuple(with_alias(one, payload.asked) for one in kept), skips=(*skips, *told))


def _label(item: object, number: int) -> str:
    doi = as_text(item.get("DOI")) if isinstance(item, dict) else None
    return doi.lower() if doi else f"item {number}"
