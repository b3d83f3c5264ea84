"""CSL-JSON through doi.org: the only way to what KISTI, the EU's Publications Office and ISTIC register.

`GET https://doi.org/{doi}` with an Accept header is redirected to the agency. One DOI a question. An
agency that ignores the header answers with a page for people: that is no answer, whatever its status.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final
from urllib.parse import quote

from harvester.errors import InvalidIdentifier, ParseError
from harvester.messages import message
from harvester.model import Identifier, Record, Scheme
from harvester.sources import doi_org
from harvester.sources.asking import askable
from harvester.sources.csl_fields import DOCUMENT, is_csl, parse_work
from harvester.sources.matching import answered_with_another, is_led_to, read_all, with_alias
from harvester.sources.reading import as_text, excerpt, load_json, require_service
from harvester.wire import Asker, Page, Payload, Request, Skip, Source

__all__ = ["SOURCES", "is_csl", "parse_reply", "parse_work", "source"]

ACCEPT: Final = "application/vnd.citationstyles.csl+json"
_NO_LICENCE: Final = "no licence stated by the agency"


def single(base_url: str, identifier: Identifier, asker: Asker, *, name: str) -> Request:  # noqa: ARG001
    """The question for one DOI. Raises InvalidIdentifier for other schemes, and for short DOIs."""
    if identifier.scheme is not Scheme.DOI or doi_org.is_short(identifier):
        raise InvalidIdentifier(message("not-asked-of-service", service=name, id=identifier.value))
    return Request(
        service=name,
        url=f"{base_url}/{quote(identifier.value, safe='/')}",  # ISTIC does not undo an encoded slash
        headers=(("Accept", ACCEPT),),
        asked=(identifier,),
    )


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker, *, name: str) -> Iterator[Request]:
    """One question a DOI; identifiers that are no DOIs, and short DOIs, are not asked."""
    for identifier in askable(identifiers):
        if not doi_org.is_short(identifier):
            yield single(base_url, identifier, asker, name=name)


def parse_reply(payload: Payload, *, name: str = DOCUMENT) -> Page:
    """The work of an answer, or the works of a list.

    Absent is what gets a 204, or a 404 that is no page for people or is the resolver's own "DOI Not Found".
    Raises ParseError for HTML and all else that is no CSL-JSON, for 406 (the agency has no CSL-JSON) and
    other complaints; SourceUnavailable and SourceRefused as `require_service` says.
    """
    if _is_absent(payload):
        return Page(absent=payload.asked)
    require_service(payload)
    if payload.status == 406:
        raise ParseError(message("format-not-offered", service=name, status=406))
    answer = load_json(payload)
    if payload.status >= 400:
        raise ParseError(message("service-says", service=name, status=payload.status, words=excerpt(answer)))
    parse_asked = partial(_parse_asked, payload=payload, name=name)
    records, skips = read_all(_works(answer), parse_asked, payload.retrieved_at, _label)
    return Page(records=tuple(records), skips=tuple(skips))


def source(name: str, agency: str, leads_to: tuple[str, ...] = (), licence: str = _NO_LICENCE) -> Source:
    """The source that asks one agency through the resolver, which leads to the agency's own addresses."""
    return Source(
        name=name,
        base_url=doi_org.BASE_URL,
        key_variable=None,
        batch=partial(batch, name=name),
        single=partial(single, name=name),
        parse=partial(parse_reply, name=name),
        limits=doi_org.limits,
        agencies=(agency,),
        only_for=(agency,),
        licence=licence,
        leads_to=leads_to,
    )


SOURCES: Final = (
    source("kisti", "KISTI", ("https://data.doi.or.kr",)),
    source(
        "op",
        "OP",
        ("https://ra.publications.europa.eu",),
        "reuse as the Commission's decision 2011/833/EU allows, with acknowledgement",
    ),
    # Plain http on a bare address: it may be followed only where a person switches this source on.
    source("istic", "ISTIC", ("http://122.115.55.36:8000",)),
)


def _is_absent(payload: Payload) -> bool:
    if payload.status == 204 or doi_org.is_not_found_page(payload):
        return True
    is_page = payload.body.lstrip()[:1] == b"<" or "html" in payload.content_type.casefold()
    return payload.status == 404 and not is_page


def _works(answer: object) -> list[object]:
    """The works of an answer, still as JSON; raises ParseError where it is about something else."""
    items = answer if isinstance(answer, list) else [answer]
    if isinstance(answer, dict) and not answer.keys() & {"DOI", "title", "container-title", "author"}:
        raise ParseError(message("not-csl", found=excerpt(", ".join(sorted(answer)))))
    return items


def _parse_asked(
    item: object, retrieved_at: str, *, remarks: list[Skip], payload: Payload, name: str
) -> Record:
    """The record of one work; the resolver follows an alias to the prime DOI, so it bears the asked one too.

    Raises ParseError for another work than asked, if the resolver did not lead there.
    """
    asked = payload.asked
    record = parse_work(_with_doi(item, asked), retrieved_at, source=name, remarks=remarks)
    if not record.titles and _label(item, 0) == "item 0":  # nothing tells what it is about
        raise ParseError(message("no-key-in-record", key="DOI"))
    if len(asked) == 1 and asked[0] not in record.identifiers and not is_led_to(payload, record):
        raise ParseError(answered_with_another(asked[0], [record.source_key], name).why)
    return with_alias(record, asked)


def _with_doi(item: object, asked: Sequence[Identifier]) -> object:
    """The work with the DOI that was asked for, where it bears none."""
    if len(asked) == 1 and isinstance(item, dict) and as_text(item.get("DOI")) is None:
        return {**item, "DOI": asked[0].value}
    return item


def _label(item: object, number: int) -> str:
    doi = as_text(item.get("DOI")) if isinstance(item, dict) else None
    return doi.lower() if doi else f"item {number}"
