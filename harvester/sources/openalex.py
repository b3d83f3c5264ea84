"""OpenAlex: an aggregator with citation counts, open-access links and topics; no Chinese titles.

A list of DOIs (`filter=doi:a|b`) is its cheapest resolver: a call costs the same whatever its size. It drops
what it does not hold without a word, in an order of its own, so answers are matched by DOI, and a DOI
that is not among them is `missing`, not absent: only the single look-up's 404 says absent. One DOI may get two
works: both are kept, each under its own key. Of a work whose DOI is another than asked, see Semantic Scholar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from harvester.errors import ParseError, SourceRefused, SourceUnavailable
from harvester.messages import message
from harvester.model import Identifier, Record, Scheme
from harvester.patterns import pattern
from harvester.sources.asking import askable, groups_within, require_askable
from harvester.sources.matching import (
    answered_with_another,
    read_all,
    remarks_on,
    told_apart,
    unanswered,
    with_alias,
)
from harvester.sources.openalex_fields import NAME, parse_work, work_id
from harvester.sources.reading import as_integer, as_text, excerpt, load_json, require_object, require_service
from harvester.wire import Asker, Limit, Page, Payload, Request, Skip, Source

__all__ = ["SOURCE", "parse_work"]

BATCH_SIZE: Final = 100
URL_CAP: Final = 8_190  # bytes of the whole address
_SELECT: Final = (
    "id,doi,title,display_name,publication_year,publication_date,ids,language,primary_location,type,open_access,"
    "authorships,cited_by_count,biblio,is_retracted,is_paratext,primary_topic,topics,best_oa_location,"
    "abstract_inverted_index"
)
_SCHEMES: Final = (Scheme.DOI, Scheme.PMID, Scheme.PMCID)
_UNLISTABLE: Final = pattern(r"[,|+!]")  # the filter's own signs, which no encoding hides from it
_NOT_FOUND_PAGE: Final = b"The requested URL was not found on the server."
_NOT_FOUND: Final = pattern(r"(?i)not found|no (?:such )?work|does not exist")
_BUDGET: Final = pattern(r"(?i)insufficient budget|budget exhausted|daily (?:budget|limit)")
_PLAN: Final = pattern(r"(?i)plan upgrade required|upgrade your plan")


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker) -> Iterator[Request]:
    """Lists of at most 100 DOIs; singly what a filter cannot hold, one left over, and PMIDs and PMCIDs.

    Identifiers of other schemes are not asked.
    """
    listable: list[Identifier] = []
    for identifier in askable(identifiers, _SCHEMES):
        if identifier.scheme is Scheme.DOI and not _UNLISTABLE.search(identifier.value):
            listable.append(identifier)
        else:
            yield single(base_url, identifier, asker)
    room = URL_CAP - len(_list(base_url, (), asker).url) - _overhead(asker)
    for group in groups_within(room, BATCH_SIZE, listable, _cost):
        yield single(base_url, group[0], asker) if len(group) == 1 else _list(base_url, group, asker)


def single(base_url: str, identifier: Identifier, asker: Asker) -> Request:
    """The look-up of one work: the only one that tells absent from dropped, with all its authors.

    Raises InvalidIdentifier for schemes that the service does not know.
    """
    require_askable(identifier, NAME, _SCHEMES)
    return Request(
        service=NAME,
        url=f"{base_url}/works/{identifier.scheme.value}:{quote(identifier.value, safe='')}",
        params=(("select", _SELECT), *_key(asker)),
        asked=(identifier,),
        limit="single",
    )


def limits(asker: Asker) -> dict[str, Limit]:
    """What is polite; 429 comes at 100 requests a second over all. What is scarce is the day's budget, not the pace.

    The budget is counted in credits: a dollar a day is 10,000 with a key, ten cents are 1,000 without one. A
    list costs one, whatever its length; a single work one, or nothing with a key.
    """
    if asker.key:
        return {"single": Limit(40.0, 8, a_day=10_000.0), "list": Limit(40.0, 8, 1.0, 10_000.0)}
    keyless = Limit(10.0, 4, price=1.0, a_day=1_000.0)
    return {"single": keyless, "list": keyless}


def parse(payload: Payload) -> Page:
    """The works of a single look-up, a list, a search, or a bare work or list of works.

    With nothing asked every work is read. Raises ParseError for what is no answer: HTML, cut-off JSON,
    a complaint (in the service's own words), an answer about something else than works; with the key
    "batch-too-large" for 414. Raises SourceRefused for 401, 403 and what needs a paid plan, SourceUnavailable
    for a pace that was too fast and, with the time until 00:00 UTC, for a spent budget.
    """
    _refuse_limit(payload)
    if _is_absent(payload):
        return Page(absent=payload.asked)
    require_service(payload)
    answer = load_json(payload)
    items = _works(answer, payload.status)
    records, skips = read_all(items, parse_work, payload.retrieved_at)
    if not payload.asked:
        return Page(records=tuple(records), skips=tuple(skips))
    is_list = not isinstance(answer, dict) or "results" in answer
    return _matched(payload, records, skips) if is_list else _of_one(payload, records, skips)


SOURCE: Final = Source(
    name=NAME,
    base_url="https://api.openalex.org",
    key_variable="OPENALEX_API_KEY",
    batch=batch,
    single=single,
    parse=parse,
    limits=limits,
    explains=True,
    schemes=_SCHEMES,
    licence="CC0 1.0",
)


# -- asking ----------------------------------------------------------------------------------------------


def _list(base_url: str, group: Sequence[Identifier], asker: Asker) -> Request:
    return Request(
        service=NAME,
        url=f"{base_url}/works",
        params=(
            ("filter", "doi:" + "|".join(identifier.value for identifier in group)),
            ("per_page", str(max(len(group), 1))),
            ("select", _SELECT),
            *_key(asker),
        ),
        asked=tuple(group),
        limit="list",
    )


def _overhead(asker: Asker) -> int:
    """Bytes of an address beside its base and its DOIs, however the parameters are encoded."""
    fixed = [("filter", "doi:"), ("per_page", "100"), ("select", _SELECT), *_key(asker)]
    return sum(len(name) + len(quote(value, safe="")) + 2 for name, value in fixed)


def _cost(identifier: Identifier) -> int:
    return len(quote(f"{identifier.value}|", safe=""))


def _key(asker: Asker) -> tuple[tuple[str, str], ...]:
    return (("api_key", asker.key),) if asker.key else ()


# -- reading ---------------------------------------------------------------------------------------------


def _refuse_limit(payload: Payload) -> None:
    """Tell apart the three things that the service answers with 429 (or 403): pace, budget, plan."""
    if payload.status not in {402, 403, 429}:
        return
    complaint = _complaint(payload)
    words = ": ".join(filter(None, (as_text(complaint.get(key)) for key in ("error", "message"))))
    if _PLAN.search(words):
        raise SourceRefused(message("plan-needed", service=NAME, words=excerpt(words)))
    if _BUDGET.search(words):
        raise SourceUnavailable(
            message("budget-spent", service=NAME), _until_midnight_s(payload.retrieved_at)
        )
    if payload.status == 429:
        wait_s = as_integer(complaint.get("retryAfter", complaint.get("retry_after")))
        why = message("service-unavailable", service=NAME, status=payload.status)
        raise SourceUnavailable(why, None if wait_s is None else float(max(wait_s, 0)))


def _complaint(payload: Payload) -> Mapping[str, object]:
    """The object of a complaint; an empty one where it is none."""
    try:
        found = load_json(payload)
    except ParseError:
        return {}
    return found if isinstance(found, dict) else {}


def _until_midnight_s(at: str) -> float | None:
    """Seconds from `at` to 00:00 UTC, when budgets start anew."""
    try:
        then = datetime.fromisoformat(at)
    except ValueError:
        return None
    midnight = then.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (midnight - then).total_seconds()


def _is_absent(payload: Payload) -> bool:
    """Whether this is the service's own not-found: its JSON, or the page of its web framework."""
    if payload.status != 404 or len(payload.asked) > 1:
        return False
    if _NOT_FOUND_PAGE in payload.body:
        return True
    complaint = _complaint(payload)
    return any(_NOT_FOUND.search(as_text(complaint.get(key)) or "") for key in ("error", "message"))


def _works(answer: object, status: int) -> list[object]:
    """The works of an answer, still as JSON; raises ParseError where it is about something else."""
    if isinstance(answer, list):
        return answer
    answer = require_object(answer)
    if status >= 400 or "error" in answer:
        said = [as_text(answer.get(key)) for key in ("error", "message")]
        words = excerpt(": ".join(filter(None, said)) or answer)
        raise ParseError(message("service-says", service=NAME, status=status, words=words))
    results = answer.get("results")
    if isinstance(results, list):
        return list(results)
    if not _is_work(answer):
        raise ParseError(message("not-a-work-reply", found=excerpt(", ".join(sorted(answer)))))
    return [answer]


def _is_work(data: Mapping[str, object]) -> bool:
    """Whether this is a work, not an author, a journal or the state of an account; `select` may leave out its id."""
    own = as_text(data.get("id"))
    if own is not None:
        return work_id(own) is not None
    ids = data.get("ids")
    return "doi" in data or (isinstance(ids, dict) and "openalex" in ids)


def _matched(payload: Payload, records: list[Record], skips: list[Skip]) -> Page:
    """The asked-for records of a list; foreign ones are left out with a remark, dropped DOIs are missing."""
    kept, foreign = told_apart(records, payload.asked)
    return Page(
        records=tuple(kept),
        missing=unanswered(payload.asked, kept),
        skips=(*skips, *remarks_on(foreign, NAME)),
    )


def _of_one(payload: Payload, records: list[Record], skips: list[Skip]) -> Page:
    """The answer to one look-up, or why it is about another work."""
    asked = payload.asked[0]
    strangers = {record.source_key: _stranger(record, asked) for record in records}
    told = [stranger for stranger in strangers.values() if stranger is not None]
    kept = [with_alias(record, [asked]) for record in records if strangers[record.source_key] is None]
    return Page(records=tuple(kept), skips=(*skips, *told))


def _stranger(record: Record, asked: Identifier) -> Skip | None:
    of_scheme = [each.value for each in record.identifiers if each.scheme is asked.scheme]
    if not of_scheme or asked.value in of_scheme:
        return None
    return answered_with_another(asked, of_scheme, NAME)
