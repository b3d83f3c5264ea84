"""The ID converter of PubMed Central: DOI, PMID and PMCID of one article, and nothing else of it.

It knows only what is in PubMed Central, so "absent" of it says nothing of PubMed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote, unquote

from harvester import identifiers as ids
from harvester.errors import InvalidIdentifier, ParseError
from harvester.messages import message
from harvester.model import Identifier, Record, Scheme
from harvester.sources.asking import askable, groups_within
from harvester.sources.matching import told_apart, unanswered
from harvester.sources.medline import pmcid, pmid
from harvester.sources.reading import Fields, as_text, excerpt, load_json, require_object, require_service
from harvester.sources.xml_reading import load_xml
from harvester.wire import Asker, Limit, Page, Payload, Request, Skip, Source

__all__ = ["SOURCE", "parse_work"]

NAME: Final = "ncbi_idconv"
BATCH_SIZE: Final = 200
ADDRESS_CAP: Final = 5_200  # characters of identifiers on the wire
_TYPES: Final = {Scheme.DOI: "doi", Scheme.PMID: "pmid", Scheme.PMCID: "pmcid"}


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker) -> Iterator[Request]:
    """Lists of at most 200 identifiers of one scheme. A DOI with a comma cannot be asked, nor other schemes."""
    for scheme in _TYPES:
        listable = [each for each in askable(identifiers, {scheme}) if "," not in each.value]
        for group in groups_within(ADDRESS_CAP, BATCH_SIZE, listable, _cost):
            yield _list(base_url, group, asker)


def single(base_url: str, identifier: Identifier, asker: Asker) -> Request:
    """The look-up of one. Raises InvalidIdentifier for what cannot be asked."""
    if identifier.scheme not in _TYPES or "," in identifier.value:
        raise InvalidIdentifier(message("not-asked-of-service", service=NAME, id=identifier.value))
    return _list(base_url, [identifier], asker)


def limits(asker: Asker) -> dict[str, Limit]:  # noqa: ARG001  the shape of every source
    """Three requests a second, as everywhere at NCBI without a key."""
    return {"all": Limit(3.0, 2)}


def parse(payload: Payload) -> Page:
    """A record of identifiers for every article in PubMed Central; the others are absent by its own word.

    With nothing asked every record is read. Raises ParseError for what is no answer, and for a complaint
    about the question; SourceUnavailable and SourceRefused as `require_service` says.
    """
    require_service(payload)
    if payload.body.lstrip().startswith(b"<"):
        raise ParseError(message("not-a-work-reply", found=excerpt(str(load_xml(payload).tag))))
    answer = require_object(load_json(payload))
    if payload.status >= 400 or as_text(answer.get("status")) == "error":
        words = unquote(as_text(answer.get("message")) or excerpt(answer))
        raise ParseError(message("service-says", service=NAME, status=payload.status, words=words))
    if not isinstance(answer.get("records"), list):
        raise ParseError(message("not-a-work-reply", found=excerpt(", ".join(sorted(answer)))))
    return _page(payload, answer["records"])


SOURCE: Final = Source(
    name=NAME,
    base_url="https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1",
    key_variable=None,
    batch=batch,
    single=single,
    parse=parse,
    limits=limits,
    schemes=tuple(_TYPES),
    licence="public domain (NLM)",
)


def parse_work(
    data: object, retrieved_at: str, *, document: str | None = None, remarks: list[Skip] | None = None
) -> Record:
    """The record of one entry: its identifiers. Raises ParseError for an entry with fewer than two of them."""
    data = require_object(data)
    entry = Fields(data, as_text(data.get("requested-id")) or as_text(data.get("pmcid")) or "?", [])
    found = tuple(sorted(_identifiers(entry)))
    if remarks is not None:
        remarks.extend(entry.remarks)
    if len(found) < 2:
        raise ParseError(message("no-key-in-record", key="pmcid"))
    key = next((each.value for each in found if each.scheme is Scheme.PMCID), found[0].value)
    return Record(
        source=NAME, source_key=key, retrieved_at=retrieved_at, document=document, identifiers=found
    )


def _list(base_url: str, group: Sequence[Identifier], asker: Asker) -> Request:
    said = (
        ("ids", ",".join(each.value for each in group)),
        ("idtype", _TYPES[group[0].scheme]),
        ("format", "json"),
        ("tool", "harvester"),
        ("email", asker.email),
    )
    return Request(
        service=NAME,
        url=f"{base_url}/articles/",
        params=tuple((name, value) for name, value in said if value),
        asked=tuple(group),
        limit="all",
    )


def _cost(identifier: Identifier) -> int:
    return len(quote(identifier.value, safe="/")) + 1


def _identifiers(entry: Fields) -> set[Identifier]:
    found = {pmid(entry.text("pmid")), pmcid(entry.text("pmcid"))}
    raw = entry.text("doi")
    try:
        found.add(ids.parse_doi(raw) if raw else None)
    except InvalidIdentifier:
        entry.note("doi", raw)
    return {each for each in found if each}


def _page(payload: Payload, entries: Sequence[object]) -> Page:
    records: list[Record] = []
    unknown: set[Identifier] = set()
    skips: list[Skip] = []
    for number, data in enumerate(entries, start=1):
        if isinstance(data, dict) and as_text(data.get("status")) == "error":
            unknown |= _named(Fields(data, "", []))
            continue
        try:
            records.append(parse_work(data, payload.retrieved_at, remarks=skips))
        except ParseError as unusable:
            skips.append(Skip(f"item {number}", unusable.message))
    kept = told_apart(records, payload.asked)[0] if payload.asked else records
    absent = [each for each in unanswered(payload.asked or sorted(unknown), records) if each in unknown]
    left = [each for each in unanswered(payload.asked, records) if each not in unknown]
    return Page(
        records=tuple(kept),
        absent=tuple(absent),
        missing=tuple(left) if len(payload.asked) > 1 else (),
        skips=tuple(skips),
    )


def _named(entry: Fields) -> set[Identifier]:
    """The identifier that an error is about: `requested-id`, or the one that the entry repeats."""
    raw = entry.text("requested-id")
    found = _identifiers(entry)
    if raw is None:
        return found
    for each in (pmcid(raw) if re.match("(?i)pmc", raw) else None, pmid(raw)):
        if each:
            return {*found, each}
    try:
        return {*found, ids.parse_doi(raw)}
    except InvalidIdentifier:
        return found
