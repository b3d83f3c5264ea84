"""Identifiers out there: plan what is worth asking, ask side by side, store as answers come.

Every identifier ends in exactly one outcome. Only a service's own not-found makes it `absent`; whatever
else went wrong leaves it to be asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from harvester.agencies import landing_page
from harvester.errands import Desk, Reply, side_by_side
from harvester.errors import HarvesterError, ParseError, SourceRefused
from harvester.identifiers import doi_url
from harvester.ledger import Item, Run, answered_since, remember_answers
from harvester.messages import Message
from harvester.model import Identifier, Outcome
from harvester.registration import Registry, Resolver, registry_of, resolve_short
from harvester.store import Library
from harvester.wire import Fetches, Request


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
            Outcome.NO_METADATA: self.absent_days,
            Outcome.MALFORMED: self.absent_days,  # a sound answer about another work, say
        }
        return {
            outcome: (now - timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
            for outcome, number in days.items()
        }


def may_know(desk: Desk, identifier: Identifier, agency: str | None) -> bool:
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
    shorts = resolve_short(identifiers, plan.resolver, fetcher)
    meant = {one: shorts.get(one, one) for one in identifiers}
    wanted = [one for one in dict.fromkeys(meant.values()) if isinstance(one, Identifier)]
    registry = registry_of(library, wanted, plan.resolver, fetcher, at=run.at)
    served = {agency for desk in plan.desks for agency in desk.source.agencies}
    answers = {one: begun(one, registry, served) for one in wanted}
    result = LookUp([], {}, registry.requests + len(shorts))
    if registry.trouble is not None:
        result.troubles["doi.org"] = registry.trouble
    worth = {desk: worth_asking(library, desk, answers, plan, run.at, refresh=refresh) for desk in plan.desks}
    first = [(one, list(one.source.batch(one.base_url, ids, one.asker))) for one, ids in worth.items()]
    settled = sum(len(one.by_source) for one in answers.values())
    for is_first in (True, False):
        errands = first if is_first else _left_open(library, first, answers, run.at)
        for reply in side_by_side(errands, fetcher):
            result.requests += 1
            settled += _take(library, reply, answers, result, run.at)
            on_progress(settled // len(plan.desks))
    with library.writing():
        for answer in answers.values():
            _conclude(library, answer, plan)
        result.answers += [_of(given, said, answers) for given, said in meant.items()]
        run.note(_item(answer) for answer in result.answers)
    return result


def _of(given: Identifier, meant: Identifier | Outcome, answers: Mapping[Identifier, Answer]) -> Answer:
    """The answer to an identifier as it was given: a short DOI ends as what it stands for."""
    if isinstance(meant, Identifier):
        return replace(answers[meant], identifier=given)
    return Answer(given, meant, by_source={"doi.org": meant})


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
    askable = [one for one, answer in answers.items() if may_know(desk, one, answer.agency)]
    known = {} if refresh else answered_since(library, desk.source.name, askable, plan.since(at))
    for one, outcome in known.items():
        answers[one].by_source[desk.source.name] = outcome
    return [one for one in askable if one not in known]


def _left_open(
    library: Library,
    first: Sequence[tuple[Desk, Sequence[Request]]],
    answers: Mapping[Identifier, Answer],
    at: str,
) -> list[tuple[Desk, list[Request]]]:
    """Single questions for what batches dropped without a word, where it matters.

    What another source found needs no certainty that this one has nothing; what nobody found does, before
    it is called absent.
    """
    errands = []
    for desk, requests in first:
        name = desk.source.name
        asked = dict.fromkeys(one for request in requests for one in request.asked)
        left = [one for one in asked if name not in answers[one].by_source]
        known = [one for one in left if Outcome.FOUND in answers[one].by_source.values()]
        for one in known:
            answers[one].by_source[name] = Outcome.NO_METADATA
        remember_answers(library, name, dict.fromkeys(known, Outcome.NO_METADATA), at=at)
        unknown = [one for one in left if name not in answers[one].by_source]
        errands.append((desk, [desk.source.single(desk.base_url, one, desk.asker) for one in unknown]))
    return errands


def _take(
    library: Library,
    reply: Reply,
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


def _outcomes(reply: Reply) -> dict[Identifier, Outcome]:
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
