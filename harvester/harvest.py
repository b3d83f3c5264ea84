"""Identifiers out there: plan what is worth asking, ask side by side, store as answers come.

Every identifier ends in exactly one outcome. Only a service's own not-found makes it `absent`; whatever
else went wrong leaves it to be asked again.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from harvester.agencies import landing_page
from harvester.errors import HarvesterError, ParseError, SourceRefused, SourceUnavailable
from harvester.identifiers import doi_url
from harvester.ledger import Item, Run, answered_since, remember_answers
from harvester.messages import Message
from harvester.model import Identifier, Outcome
from harvester.registration import Registry, Resolver, registry_of, resolve_short
from harvester.store import Library
from harvester.wire import Asker, Fetches, Limit, Page, Request, Source


class Desk(Struct, frozen=True):
    """A source as it is asked here: at which address, by whom."""

    source: Source
    base_url: str
    asker: Asker


class Plan(Struct, frozen=True):
    """What to ask, and what need not be asked again: answers younger than these days."""

    desks: tuple[Desk, ...]
    resolver: Resolver | None = None
    refresh_days: int = 30
    absent_days: int = 14

    def since(self, at: str) -> dict[Outcome, str]:
        """From which time on an answer of each kind still holds at `at`."""
        now = datetime.fromisoformat(at)
        days = {
            Outcome.FOUND: self.refresh_days,
            Outcome.ABSENT: self.absent_days,
            Outcome.MALFORMED: self.absent_days,  # a sound answer about another work, say
        }
        return {
            outcome: (now - timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
            for outcome, number in days.items()
        }


def isworth_asking(desk: Desk, identifier: Identifier, agency: str | None) -> bool:
    """Whether a service can be asked by this identifier, and may know a DOI of this agency."""
    knows = desk.source.only_for
    return identifier.scheme in desk.source.schemes and (not knows or agency is None or agency in knows)


class Answer(Struct):
    """How one identifier ended, and what each source said of it.

    `agency` registers it; `landing_page` is for people, where the agency publishes no metadata.
    """

    identifier: Identifier
    outcome: Outcome = Outcome.DEFERRED
    work_id: int | None = None
    by_source: dict[str, Outcome] = field(default_factory=dict)
    changed: bool = False
    agency: str | None = None
    landing_page: str | None = None


class LookUp(Struct):
    """All answers of a look-up, and what went wrong with whole services, once each."""

    answers: list[Answer]
    troubles: dict[str, Message]
    requests: int = 0


class _Reply(Struct):
    """One request answered, or not; `pages` is None where the answer was none."""

    desk: Desk
    request: Request
    page: Page | None
    error: HarvesterError | None = None


def look_up(
    library: Library,
    identifiers: Sequence[Identifier],
    plan: Plan,
    fetcher: Fetches,
    run: Run,
    *,
    refresh: bool = False,
    on_progress: Callable[[int], None] = lambda _: None,
) -> LookUp:
    """Resolve `identifiers` with the plan's sources, store what they say, note how each one ended."""
    stands_for = resolve_short(identifiers, plan.resolver, fetcher)
    wanted = dict.fromkeys(stands_for.get(one, one) for one in identifiers)
    registry = registry_of(library, wanted, plan.resolver, fetcher, at=run.at)
    served = {agency for desk in plan.desks for agency in desk.source.agencies}
    answers = {one: begun(one, registry, served) for one in wanted}
    result = LookUp(list(answers.values()), {}, registry.requests + len(stands_for))
    if registry.trouble is not None:
        result.troubles["doi.org"] = registry.trouble
    errands = [
        (desk, worth_asking(library, desk, answers, plan, run.at, refresh=refresh)) for desk in plan.desks
    ]
    settled = sum(len(one.by_source) for one in result.answers)
    for reply in _side_by_side(errands, fetcher):
        result.requests += 1
        settled += _take(library, reply, answers, result, run.at)
        on_progress(settled // len(plan.desks))
    with library.writing():
        for answer in result.answers:
            _conclude(library, answer, plan)
        run.note(_item(answer) for answer in result.answers)
    return result


def begun(identifier: Identifier, registry: Registry, served: set[str]) -> Answer:
    """What is known of an identifier before anybody is asked for metadata.

    An agency that answers no machine, or whose source is switched off, gives none.
    """
    answer = Answer(identifier, agency=registry.agency(identifier))
    is_unserved = served and answer.agency is not None and answer.agency not in served
    silent = registry.silent_agency(identifier) or (answer.agency if is_unserved else None)
    if silent is not None:
        answer.agency = silent
        answer.landing_page = landing_page(silent, identifier.value) or doi_url(identifier.value)
        answer.by_source[silent] = Outcome.NO_METADATA
    return answer


def worth_asking(
    library: Library,
    desk: Desk,
    answers: Mapping[Identifier, Answer],
    plan: Plan,
    at: str,
    *,
    refresh: bool,
) -> list[Identifier]:
    """What to ask at a desk; young answers of it are taken as they are."""
    askable = [one for one, answer in answers.items() if isworth_asking(desk, one, answer.agency)]
    known = {} if refresh else answered_since(library, desk.source.name, askable, plan.since(at))
    for one, outcome in known.items():
        answers[one].by_source[desk.source.name] = outcome
    return [one for one in askable if one not in known]


def _take(
    library: Library,
    reply: _Reply,
    answers: Mapping[Identifier, Answer],
    result: LookUp,
    at: str,
) -> int:
    """Store what a reply says; how many identifiers it settled for its source."""
    name = reply.desk.source.name
    if reply.error is not None:
        result.troubles.setdefault(name, reply.error.message)
    outcomes = _outcomes(reply)
    if reply.page is not None:
        with library.writing():
            stored = library.add(reply.page.records, at=at)
            remember_answers(library, name, outcomes, at=at)
        changed = {each for one in stored if one.outcome is Outcome.FOUND for each in one.record.identifiers}
        for one in changed & outcomes.keys():
            answers[one].changed = True
    for one, outcome in outcomes.items():
        answers[one].by_source[name] = outcome
    return len(outcomes)


def _outcomes(reply: _Reply) -> dict[Identifier, Outcome]:
    """What this reply settles; ids that a batch merely dropped stay open."""
    asked = reply.request.asked
    if reply.page is None:
        return dict.fromkeys(asked, _failure(reply.error))
    said = {one for record in reply.page.records for one in record.identifiers}
    outcomes = {one: Outcome.FOUND for one in asked if one in said}
    outcomes |= dict.fromkeys(reply.page.absent, Outcome.ABSENT)
    later = {one for request in reply.page.follow for one in request.asked} | {*reply.page.missing}
    unsettled = [one for one in asked if one not in outcomes and one not in later]
    return outcomes | dict.fromkeys(unsettled, Outcome.MALFORMED)


def _failure(error: HarvesterError | None) -> Outcome:
    if isinstance(error, SourceRefused):
        return Outcome.REFUSED
    return Outcome.MALFORMED if isinstance(error, ParseError) else Outcome.DEFERRED


_WORST_FIRST: Final = (
    Outcome.DEFERRED,
    Outcome.MALFORMED,
    Outcome.REFUSED,
    Outcome.NO_METADATA,
    Outcome.ABSENT,
)


def _conclude(library: Library, answer: Answer, plan: Plan) -> None:
    """One word for all that the sources said.

    Found by any is found. Else the agency that registers the DOI knows best: its not-found is the DOI's,
    whatever the others could not say. Else what must be asked again comes before what is settled.
    """
    works = library.work_ids(answer.identifier)
    answer.work_id = works[0] if works else None
    said = answer.by_source
    of_agency = {said.get(desk.source.name) for desk in plan.desks if answer.agency in desk.source.agencies}
    if Outcome.FOUND in said.values():
        answer.outcome = Outcome.FOUND if answer.changed else Outcome.UNCHANGED
    elif Outcome.ABSENT in of_agency:
        answer.outcome = Outcome.ABSENT
    else:
        answer.outcome = next((one for one in _WORST_FIRST if one in said.values()), Outcome.DEFERRED)


def _item(answer: Answer) -> Item:
    detail = [f"{source}: {outcome}" for source, outcome in sorted(answer.by_source.items())]
    if answer.landing_page:
        detail.append(answer.landing_page)
    return Item(answer.identifier.value, answer.outcome, answer.work_id, detail=", ".join(detail) or None)


# -- asking ------------------------------------------------------------------------------------------------


def _side_by_side(errands: Iterable[tuple[Desk, Sequence[Identifier]]], fetcher: Fetches) -> Iterator[_Reply]:
    """The replies of all desks as they come; a desk never waits for another one."""
    replies: queue.SimpleQueue[_Reply | BaseException | None] = queue.SimpleQueue()
    stop = threading.Event()

    def work(desk: Desk, identifiers: Sequence[Identifier]) -> None:
        try:
            for reply in _ask(desk, identifiers, fetcher, stop):
                replies.put(reply)
            replies.put(None)
        except BaseException as error:  # noqa: BLE001  carried to the thread that asked, raised there
            replies.put(error)

    threads = [
        threading.Thread(target=work, args=errand, name=errand[0].source.name, daemon=True)
        for errand in errands
        if errand[1]
    ]
    for thread in threads:
        thread.start()
    try:
        left = len(threads)
        while left:
            reply = replies.get()
            if isinstance(reply, BaseException):
                raise reply
            if reply is None:
                left -= 1
            else:
                yield reply
    finally:
        stop.set()


def _ask(
    desk: Desk, identifiers: Sequence[Identifier], fetcher: Fetches, stop: threading.Event
) -> Iterator[_Reply]:
    """Batches first, as many at once as the service allows; then, one by one, what they dropped."""
    limits = desk.source.limits(desk.asker)
    waiting: deque[Request] = deque(desk.source.batch(desk.base_url, identifiers, desk.asker))
    at_once = max(limit.concurrency for limit in limits.values())
    under_way: set[Future[_Reply]] = set()
    with ThreadPoolExecutor(at_once, thread_name_prefix=desk.source.name) as pool:
        while (waiting or under_way) and not stop.is_set():
            while waiting and len(under_way) < at_once:
                under_way.add(pool.submit(_answer, desk, waiting.popleft(), limits, fetcher))
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for one in done:
                reply = one.result()
                smaller = _smaller(reply)
                waiting.extend(smaller)
                if not smaller or reply.page is not None:
                    yield reply


def _answer(desk: Desk, request: Request, limits: Mapping[str, Limit], fetcher: Fetches) -> _Reply:
    try:
        payload = fetcher.fetch(request, limits[request.limit])
        return _Reply(desk, request, desk.source.parse(payload))
    except (SourceUnavailable, ParseError) as error:
        return _Reply(desk, request, None, error)


def _with_key(follow: Request, parent: Request) -> Request:
    """What follows from an answer is asked by whoever asked before: parsers know no keys."""
    keys = tuple(pair for pair in parent.params if pair[0] == "api_key")
    return replace(follow, params=(*follow.params, *keys), limit=parent.limit) if keys else follow


def _smaller(reply: _Reply) -> list[Request]:
    """The questions that an answer leaves: what follows from it, dropped ids singly, an unreadable batch in halves."""
    desk, asked = reply.desk, reply.request.asked
    if reply.page is not None:
        singles = (desk.source.single(desk.base_url, one, desk.asker) for one in reply.page.missing)
        return [*(_with_key(one, reply.request) for one in reply.page.follow), *singles]
    if isinstance(reply.error, ParseError) and len(asked) > 1:
        middle = len(asked) // 2
        halves = (asked[:middle], asked[middle:])
        return [request for half in halves for request in desk.source.batch(desk.base_url, half, desk.asker)]
    return []
