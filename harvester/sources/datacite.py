"""DataCite: the registration agency of repositories: theses, preprints (arXiv), data, software, some journals.

A list of DOIs (`ids=a,b`) is undocumented but the cheapest way in; it drops what it does not hold without a
word and answers in an order of its own, so answers are matched by DOI and what is not among them is
`missing`. Only the single look-up's 404 in JSON:API says absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from harvester.errors import ParseError
from harvester.messages import message
from harvester.model import Identifier, Record
from harvester.sources.asking import askable, groups_within, require_askable
from harvester.sources.datacite_fields import NAME, is_work, parse_work
from harvester.sources.datacite_xml import attributes_of, is_xml
from harvester.sources.matching import answered_with_another, read_all, remarks_on
from harvester.sources.reading import as_text, excerpt, load_json, require_object, require_service
from harvester.wire import Asker, Limit, Page, Payload, Request, Skip, Source

__all__ = ["SOURCE", "is_work", "parse_work"]

BATCH_SIZE: Final = 100
IDS_CAP: Final = 4_000  # characters on the wire
_NOT_FOUND: Final = "The resource you are looking for doesn't exist."


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker) -> Iterator[Request]:
    """Lists of at most 100 DOIs; a DOI with a comma, at which the list is cut, and one left over singly.

    Identifiers that are no DOIs are not asked.
    """
    dois = askable(identifiers)
    for identifier in dois:
        if "," in identifier.value:
            yield single(base_url, identifier, asker)
    listable = [each for each in dois if "," not in each.value]
    for group in groups_within(IDS_CAP, BATCH_SIZE, listable, _cost):
        yield single(base_url, group[0], asker) if len(group) == 1 else _list(base_url, group, asker)


def single(base_url: str, identifier: Identifier, asker: Asker) -> Request:
    """The look-up of one DOI. Raises InvalidIdentifier for other schemes."""
    require_askable(identifier, NAME)
    return Request(
        service=NAME,
        url=f"{base_url}/dois/{quote(identifier.value, safe='')}",
        params=_identity(asker),
        asked=(identifier,),
        limit="all",
    )


def limits(asker: Asker) -> dict[str, Limit]:
    """1,000 requests in five minutes for whoever gives an e-mail address, else 500; no answer tells the rest."""
    return {"all": Limit(3.2 if asker.email else 1.6, 4)}


def parse(payload: Payload) -> Page:
    """The works of a single look-up, a list, or bare works (with or without their JSON:API frame, or in XML).

    With nothing asked every work is read. Raises ParseError for what is no answer: HTML, cut-off JSON, a 404
    of another shape, a complaint (in the service's own words), an answer about something else than works; with
    the key "batch-too-large" for 413 and 414. Raises SourceUnavailable and SourceRefused as `require_service`
    says.
    """
    require_service(payload)
    answer = {"data": {"attributes": attributes_of(payload)}} if is_xml(payload) else load_json(payload)
    words = _complaint(answer)
    if payload.status == 404 and words == _NOT_FOUND and len(payload.asked) <= 1:
        return Page(absent=payload.asked)
    if payload.status >= 400 or words is not None:
        raise ParseError(
            message("service-says", service=NAME, status=payload.status, words=words or excerpt(answer))
        )
    items = _works(answer)
    records, skips = read_all(items, parse_work, payload.retrieved_at, _label)
    if not payload.asked:
        return Page(records=tuple(records), skips=tuple(skips))
    return _matched(payload, items, records, skips)


SOURCE: Final = Source(
    name=NAME,
    base_url="https://api.datacite.org",
    key_variable=None,
    batch=batch,
    single=single,
    parse=parse,
    limits=limits,
    agencies=("DataCite",),
    only_for=("DataCite",),
    licence="CC0 1.0",
)


# -- asking ----------------------------------------------------------------------------------------------


def _list(base_url: str, group: Sequence[Identifier], asker: Asker) -> Request:
    return Request(
        service=NAME,
        url=f"{base_url}/dois",
        params=(
            ("ids", ",".join(identifier.value for identifier in group)),
            ("page[size]", str(len(group))),  # 25 otherwise
            ("disable-facets", "true"),
            *_identity(asker),
        ),
        asked=tuple(group),
        limit="all",
    )


def _cost(identifier: Identifier) -> int:
    return len(quote(f"{identifier.value},", safe=""))


def _identity(asker: Asker) -> tuple[tuple[str, str], ...]:
    return (("mailto", asker.email),) if asker.email else ()


# -- reading ---------------------------------------------------------------------------------------------


def _complaint(answer: object) -> str | None:
    """What the service complains of, where it does: `errors` is a list of objects then."""
    errors = answer.get("errors") if isinstance(answer, dict) and "data" not in answer else None
    if not errors:
        return None
    told = errors if isinstance(errors, list) else [errors]
    words = [as_text(each.get("title") or each.get("detail")) for each in told if isinstance(each, dict)]
    return "; ".join(filter(None, words)) or excerpt(errors)


def _works(answer: object) -> list[object]:
    """The works of an answer, still as JSON; raises ParseError where it is about something else."""
    if isinstance(answer, list):
        return [work for item in answer for work in (_works(item) if _is_framed(item) else [item])]
    answer = require_object(answer)
    inner = answer.get("data")
    if isinstance(inner, list):
        works = [item for item in inner if not isinstance(item, dict) or is_work(item)]
        if inner and not works:
            raise ParseError(message("not-a-work-reply", found=_kind(inner[0])))
        return works
    work = inner if isinstance(inner, dict) else answer
    if not is_work(work):
        raise ParseError(message("not-a-work-reply", found=_kind(work)))
    return [work]


def _is_framed(item: object) -> bool:
    return isinstance(item, dict) and "data" in item


def _kind(item: object) -> str:
    """What an answer is about, where it is not about works."""
    if not isinstance(item, dict):
        return excerpt(item)
    return as_text(item.get("type")) or excerpt(", ".join(sorted(map(str, item))))


def _matched(payload: Payload, items: Sequence[object], records: list[Record], skips: list[Skip]) -> Page:
    """The asked-for records; foreign ones are left out with a remark, dropped DOIs are missing."""
    asked = {identifier.value for identifier in payload.asked}
    kept = [record for record in records if record.source_key in asked]
    foreign = [record for record in records if record.source_key not in asked]
    answered = {record.source_key for record in kept}
    answered.update(_label(item, 0) for item in items)
    missing = [identifier for identifier in payload.asked if identifier.value not in answered]
    if len(payload.asked) == 1 and missing:  # asking it again would be the same question
        skips.append(answered_with_another(missing[0], [record.source_key for record in records], NAME))
        missing = []
    return Page(records=tuple(kept), missing=tuple(missing), skips=(*skips, *remarks_on(foreign, NAME)))


def _label(item: object, number: int) -> str:
    inner = item.get("attributes", item) if isinstance(item, dict) else None
    doi = as_text(inner.get("doi")) if isinstance(inner, dict) else None
    return doi.lower() if doi else f"item {number}"
