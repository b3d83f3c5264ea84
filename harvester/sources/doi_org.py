"""doi.org: which agency registers a prefix, whether a DOI exists, and what a short DOI stands for.

No source of records. Complaints come inside a 200, an outage as HTML: neither says that a DOI does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from harvester.agencies import agency_name, prefix_of
from harvester.errors import InvalidIdentifier, ParseError, SourceUnavailable
from harvester.identifiers import parse_doi
from harvester.messages import message
from harvester.model import Identifier, Scheme
from harvester.patterns import pattern
from harvester.sources.describing import web_address
from harvester.sources.reading import Fields, as_integer, as_text, excerpt, load_json, require_service
from harvester.wire import Asker, Limit, Payload, Request

NAME: Final = "doi.org"
BASE_URL: Final = "https://doi.org"
PREFIXES_PER_CALL: Final = 50

_PREFIX: Final = pattern(r"10\.[0-9]{4,9}(?:\.[0-9]+)*")
_NO_SUCH_PAGE: Final = pattern(rb"(?i)<title>[^<]{0,40}DOI Not Found")

_FOUND: Final = 1
_NO_SUCH_HANDLE: Final = 100
_NO_SUCH_VALUE: Final = 200  # the handle exists


class Handle(Struct, frozen=True):
    """What the resolver knows of a DOI: whether it exists, the DOI that it is an alias of, where it leads."""

    exists: bool
    alias_of: Identifier | None = None
    url: str | None = None


def limits(asker: Asker) -> dict[str, Limit]:  # noqa: ARG001  the shape of every source
    """None is published; since an outage in March 2026 more than one a second is looked at askance."""
    return {"single": Limit(1.0, 1)}


def is_not_found_page(payload: Payload) -> bool:
    """Whether an answer is the resolver's own page "DOI Not Found"."""
    return payload.status == 404 and _NO_SUCH_PAGE.search(payload.body) is not None


# -- agencies --------------------------------------------------------------------------------------------


def ra_requests(base_url: str, prefixes: Iterable[str], asker: Asker) -> Iterator[Request]:  # noqa: ARG001
    """Questions for the agencies of prefixes, at most 50 in each; `asked` are the prefixes, as DOIs.

    Prefixes, never DOIs: the list is separated by commas, which DOIs may hold. What is no prefix is not
    asked ("10", which short DOIs have).
    """
    askable = [prefix for prefix in dict.fromkeys(prefixes) if _PREFIX.fullmatch(prefix)]
    for start in range(0, len(askable), PREFIXES_PER_CALL):
        group = askable[start : start + PREFIXES_PER_CALL]
        yield Request(
            service=NAME,
            url=f"{base_url}/ra/{','.join(group)}",
            headers=(("Accept", "application/json"),),
            asked=tuple(Identifier(Scheme.DOI, prefix) for prefix in group),
        )


def parse_agencies(payload: Payload) -> dict[str, str | None]:
    """The agency of every prefix that the answer speaks of; None where there is no such prefix.

    It says nothing of prefixes that it leaves out: those of several are to be asked singly, and one asked
    alone that gets a 404 or an empty list is unknown. That a prefix has an agency does not say that
    a DOI exists.

    Raises ParseError for HTML and other shapes, SourceUnavailable and SourceRefused as `require_service` says.
    """
    alone = payload.asked[0].value if len(payload.asked) == 1 else None
    if alone and (is_not_found_page(payload) or (payload.status == 404 and not payload.body.strip())):
        return {alone: None}
    require_service(payload)
    answer = load_json(payload)
    entries = [answer] if isinstance(answer, dict) else answer
    if not isinstance(entries, list) or not all(_is_entry(entry) for entry in entries):
        raise ParseError(message("not-an-agency-reply", found=excerpt(answer)))
    found: dict[str, str | None] = {}
    asked = {prefix_of(each.value) for each in payload.asked}
    for entry in entries:
        prefix = prefix_of(as_text(entry.get("DOI")) or "").lower()
        if prefix in asked or not asked:
            found[prefix] = agency_name(as_text(entry.get("RA")) or "") or found.get(prefix)
    if alone and entries and not found:
        raise ParseError(message("not-an-agency-reply", found=excerpt(answer)))
    return {alone: None} if alone and not entries else found


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and "DOI" in entry and ("RA" in entry or "status" in entry)


# -- handles ---------------------------------------------------------------------------------------------


def is_short(doi: Identifier) -> bool:
    """Whether it is a short DOI ("10/abc"), which no metadata service knows."""
    return doi.scheme is Scheme.DOI and doi.value.startswith("10/")


def handle_request(base_url: str, doi: Identifier, asker: Asker) -> Request:  # noqa: ARG001
    """The question whether a DOI exists, and for a short one, which DOI it stands for.

    Raises InvalidIdentifier for other schemes.
    """
    if doi.scheme is not Scheme.DOI:
        raise InvalidIdentifier(message("not-asked-of-service", service=NAME, id=doi.value))
    return Request(
        service=NAME,
        url=f"{base_url}/api/handles/{quote(doi.value, safe='/')}",
        params=(("type", "HS_ALIAS"),) if is_short(doi) else (),
        headers=(("Accept", "application/json"),),
        asked=(doi,),
    )


def parse_handle(payload: Payload) -> Handle:
    """What the resolver says of one DOI.

    Raises ParseError for what is no answer of it, SourceUnavailable where it could not look the DOI up, or is
    itself not there, SourceRefused as `require_service` says.
    """
    require_service(payload)
    answer = load_json(payload)
    code = as_integer(answer.get("responseCode")) if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or code is None or not _is_about_asked(answer, payload.asked):
        raise ParseError(message("not-a-handle-reply", found=excerpt(answer)))
    if code == _NO_SUCH_HANDLE:
        return Handle(exists=False)
    if code == _NO_SUCH_VALUE:
        return Handle(exists=True)
    if code != _FOUND:
        raise SourceUnavailable(message("handle-unsettled", service=NAME, code=code))
    said = Fields(answer, as_text(answer.get("handle")) or "", [])
    alias = next(_values(said, "HS_ALIAS"), None)
    url = next(_values(said, "URL"), None)
    return Handle(exists=True, alias_of=_doi(alias) if alias else None, url=web_address(url))


def _is_about_asked(answer: Mapping[str, object], asked: Sequence[Identifier]) -> bool:
    handle = as_text(answer.get("handle"))
    return not asked or handle is None or handle.lower() == asked[0].value


def _values(answer: Fields, kind: str) -> Iterator[str]:
    """The values of one type; those of HS_ADMIN are no texts and are not read."""
    for entry in answer.objects("values"):
        if entry.text("type") == kind:
            value = entry.inner("data").text("value")
            if value is not None:
                yield value


def _doi(raw: str) -> Identifier:
    try:
        return parse_doi(raw)
    except InvalidIdentifier as invalid:
        raise ParseError(invalid.message) from invalid
