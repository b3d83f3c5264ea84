"""Identifiers out there: plan what is worth asking, ask side by side, store as answers come.

Every identifier ends in exactly one outcome. Only a service's own not-found makes it `absent`; whatever
else went wrong leaves it to be asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from harvester.agencies import landing_page
from harvester.collecting import seldom_collecting
from harvester.elsewhere import reading_elsewhere
from harvester.errands import Office
from harvester.identifiers import doi_url
from harvester.ledger import Item, Run, answered_since, remember_answers
from harvester.messages import Message, message
from harvester.model import Identifier, Outcome
from harvester.registration import (
    Registry,
    Resolver,
    Told,
    ask_agencies,
    completed,
    keep_agencies,
    registry_of,
    resolve_short,
)
from harvester.replies import Aside, Desk, Reply
from harvester.store import Library
from harvester.wire import Fetches, Request

_SLICE: Final = 2000  # identifiers that are resolved, and written into the ledger, together
_OPEN: Final = 2  # slices under way at once
_FEW: Final = 20  # identifiers that a person may be waiting for: they are stored when all answers are in


class Plan(Struct, frozen=True):
    """What to ask, and what need not be asked again: answers younger than these days.

    `switched_off` has the agencies whose own source a person switched off, and its name.
    """

    desks: tuple[Desk, ...]
    resolver: Resolver | None = None
    refresh_days: int = 30
    absent_days: int = 14
    switched_off: Mapping[str, str] = {}

    @property
    def served(self) -> set[str]:
        """The agencies that are asked."""
        return {agency for desk in self.desks for agency in desk.source.agencies}

    def since(self, at: str) -> dict[Outcome, str]:
        """From which time on an answer of each kind still holds at `at`."""
        now = datetime.fromisoformat(at)
        days = {
            Outcome.FOUND: self.refresh_days,
            Outcome.ABSENT: self.absent_days,
            Outcome.NO_METADATA: self.absent_days,
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

    `agency` registers it; `landing_page` is for people, where it gave no metadata; `reason` is why it was not asked.
    """

    identifier: Identifier
    outcome: Outcome = Outcome.DEFERRED
    work_id: int | None = None
    by_source: dict[str, Outcome] = field(default_factory=dict)
    changed: bool = False
    agency: str | None = None
    landing_page: str | None = None
    reason: Message | None = None


class LookUp(Struct):
    """All answers of a look-up, and what went wrong with whole services, once each."""

    answers: list[Answer]
    troubles: dict[str, Message]
    requests: int = 0


@seldom_collecting()
def look_up(
    library: Library,
    identifiers: Iterable[Identifier],
    plan: Plan,
    fetcher: Fetches,
    run: Run,
    *,
    refresh: bool = False,
    on_progress: Callable[[int], None] = lambda _: None,
) -> LookUp:
    """Resolve `identifiers` with the plan's sources, store what they say, note how each one ended.

    `on_progress` is told how many are settled: 0 as soon as the first requests are on their way.

    They are taken a slice at a time, each written into the ledger when it is settled, so memory does not grow with
    their number. The next slice is under way by then: no desk waits for the storing, or for a slower one. A few are
    stored together at the end, in one transaction: beside a run that stores without a pause it is waited for once.
    """
    given_once = dict.fromkeys(identifiers)
    questions = len(given_once) * len(plan.desks)
    with (
        reading_elsewhere(questions, is_alone=len(plan.desks) == 1) as elsewhere,
        Office(fetcher, elsewhere) as office,
    ):
        work = _Work(library, plan, fetcher, run, office, refresh, on_progress, len(given_once) <= _FEW)
        slices = enumerate(_sliced(given_once))
        while True:
            for number, given in islice(slices, _OPEN - len(work.open)):
                work.begin(number, given)
                if not number:
                    on_progress(0)
            if not work.open:
                return work.result
            work.take(office.pick_up() if work.is_waiting() else [])


def _sliced(identifiers: Iterable[Identifier]) -> Iterator[list[Identifier]]:
    left = iter(identifiers)
    while given := list(islice(left, _SLICE)):
        yield given


class _Slice(Struct):
    """Some of the identifiers on their way: what each stands for, its answer, what was asked where."""

    number: int
    meant: dict[Identifier, Identifier | Outcome]
    answers: dict[Identifier, Answer]
    registry: Registry
    asked: list[tuple[Desk, list[Identifier]]] = field(default_factory=list)
    under_way: int = 0  # requests whose replies are not in
    is_last_round: bool = False


class _Work(Struct):
    """A look-up under way: the open slices, oldest first."""

    library: Library
    plan: Plan
    fetcher: Fetches
    run: Run
    office: Office
    refresh: bool
    on_progress: Callable[[int], None]
    are_few: bool
    open: dict[int, _Slice] = field(default_factory=dict)
    result: LookUp = field(default_factory=lambda: LookUp([], {}))
    settled: int = 0
    unstored: list[Reply] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)  # by doi.org, and not kept yet
    alike: dict[tuple[tuple[str, Outcome], ...], dict[str, Outcome]] = field(default_factory=dict)

    def begin(self, number: int, given: Sequence[Identifier]) -> None:
        """Ask the general sources of a slice at once, and the agencies as soon as it is known whose it is."""
        shorts = resolve_short(given, self.plan.resolver, self.fetcher)
        meant = {one: shorts.get(one, one) for one in given}
        wanted = [one for one in dict.fromkeys(meant.values()) if isinstance(one, Identifier)]
        registry = registry_of(self.library, wanted, at=self.run.at)
        slice_ = _Slice(number, meant, {one: Answer(one) for one in wanted}, registry)
        self.open[number] = slice_
        self.result.requests += len(shorts)
        unknown, resolver = list(registry.guesses), self.plan.resolver
        if not unknown or resolver is None:
            self._ask(slice_, self.plan.desks)
            return
        self._ask(slice_, [desk for desk in self.plan.desks if not desk.source.only_for])
        slice_.under_way += 1
        self.office.aside(lambda: ask_agencies(unknown, resolver, self.fetcher), number)

    def _ask(self, slice_: _Slice, desks: Sequence[Desk]) -> None:
        for answer in slice_.answers.values():
            answer.agency = slice_.registry.agency(answer.identifier)
        for desk in desks:
            wanted = worth_asking(
                self.library, desk, slice_.answers, self.plan, self.run.at, refresh=self.refresh
            )
            requests = list(desk.source.batch(desk.base_url, wanted, desk.asker))
            slice_.asked.append((desk, list(dict.fromkeys(one for each in requests for one in each.asked))))
            slice_.under_way += self.office.hand_in(desk, requests, slice_.number)
            self.settled += sum(desk.source.name in one.by_source for one in slice_.answers.values())

    def is_waiting(self) -> bool:
        """Whether anything is still to come."""
        return any(one.under_way for one in self.open.values())

    def take(self, deliveries: Sequence[Reply | Aside]) -> None:
        """Store what has come, and go on with what follows from it."""
        for one in deliveries:
            slice_ = self.open[one.place.slice]
            slice_.under_way -= 1
            if isinstance(one, Reply):
                slice_.under_way += one.leads_to
                self.unstored.append(one)
            elif isinstance(one.told, Told):
                self._learn(slice_, one.told)
        if self.are_few and self.is_waiting():
            return
        with self.library.writing() if self.are_few else nullcontext():
            self._store()
            self._go_on()
            if self.are_few and not self.open and self.run.on_settled is not None:
                self.run.on_settled(self.run, [one.outcome for one in self.result.answers])
        if not self.are_few:
            self.library.make_way()
        self.on_progress(self.settled // max(len(self.plan.desks), 1))

    def _store(self) -> None:
        replies, self.unstored = self.unstored, []
        self.result.requests += sum(one.is_first for one in replies)
        changed = _stored(self.library, replies, self.run.at)
        for reply in replies:
            name, answers = reply.desk.source.name, self.open[reply.place.slice].answers
            if reply.trouble is not None:
                self.result.troubles.setdefault(name, reply.trouble)
            for one, outcome in reply.settled.items():
                answers[one].by_source[name] = outcome
                answers[one].changed = answers[one].changed or one in changed
            self.settled += len(reply.settled)

    def _learn(self, slice_: _Slice, told: Told) -> None:
        """Ask the agencies, now that doi.org has said whose DOIs they are."""
        slice_.registry = completed(slice_.registry, told)
        self.told.append(told)
        self.result.requests += told.requests
        if told.trouble is not None:
            self.result.troubles["doi.org"] = told.trouble
        self._ask(slice_, [desk for desk in self.plan.desks if desk.source.only_for])

    def _go_on(self) -> None:
        """Ask singly what batches dropped; write into the ledger, in order, the slices that are settled."""
        for slice_ in self.open.values():
            if not slice_.under_way and not slice_.is_last_round:
                slice_.is_last_round = True
                for desk, requests in _left_open(self.library, slice_, self.run.at):
                    slice_.under_way += self.office.hand_in(desk, requests, slice_.number)
        for slice_ in [*takewhile(lambda one: not one.under_way, self.open.values())]:
            self._close(slice_)
            del self.open[slice_.number]

    def _close(self, slice_: _Slice) -> None:
        served = self.plan.served
        with self.library.writing():
            while self.told:
                keep_agencies(self.library, self.told.pop(), at=self.run.at)
            for answer in slice_.answers.values():
                _mark_silent(answer, slice_.registry, served, self.plan.switched_off)
                _conclude(self.library, answer, self.plan)
            answers = [_of(given, said, slice_.answers) for given, said in slice_.meant.items()]
            self.run.note(_item(answer) for answer in answers)
        for answer in answers:  # thousands of times the same few words: kept once
            key = tuple(sorted(answer.by_source.items()))
            answer.by_source = self.alike.setdefault(key, answer.by_source)
        self.result.answers += answers


def _of(given: Identifier, meant: Identifier | Outcome, answers: Mapping[Identifier, Answer]) -> Answer:
    """The answer to an identifier as it was given: a short DOI ends as what it stands for."""
    if isinstance(meant, Identifier):
        return replace(answers[meant], identifier=given)
    return Answer(given, meant, by_source={"doi.org": meant})


def begun(identifier: Identifier, registry: Registry, plan: Plan) -> Answer:
    """What is known of an identifier before anybody is asked for metadata."""
    answer = Answer(identifier, agency=registry.agency(identifier))
    _mark_silent(answer, registry, plan.served, plan.switched_off)
    return answer


def _mark_silent(answer: Answer, registry: Registry, served: set[str], off: Mapping[str, str]) -> None:
    """An agency that answers no machine gives no metadata; one whose source a person switched off may later."""
    identifier = answer.identifier
    answer.agency = registry.agency(identifier)
    if (source := off.get(answer.agency or "")) is not None:
        answer.reason = message("agency-source-off", source=source)
        answer.landing_page = doi_url(identifier.value)
        answer.by_source[source] = Outcome.DEFERRED
        return
    is_unserved = served and answer.agency is not None and answer.agency not in served
    silent = registry.silent_agency(identifier) or (answer.agency if is_unserved else None)
    if silent is not None:
        answer.agency = silent
        answer.landing_page = landing_page(silent, identifier.value) or doi_url(identifier.value)
        answer.by_source[silent] = Outcome.NO_METADATA


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


def _left_open(library: Library, slice_: _Slice, at: str) -> list[tuple[Desk, list[Request]]]:
    """Single questions for what batches dropped without a word, where it matters.

    What another source found needs no certainty that this one has nothing; what nobody found does, before
    it is called absent.
    """
    errands = []
    for desk, asked in slice_.asked:
        name, answers = desk.source.name, slice_.answers
        left = [one for one in asked if name not in answers[one].by_source]
        known = [one for one in left if Outcome.FOUND in answers[one].by_source.values()]
        for one in known:
            answers[one].by_source[name] = Outcome.NO_METADATA
        if known:
            remember_answers(library, name, dict.fromkeys(known, Outcome.NO_METADATA), at=at)
        unknown = [one for one in left if name not in answers[one].by_source]
        errands.append((desk, [desk.source.single(desk.base_url, one, desk.asker) for one in unknown]))
    return errands


def _stored(library: Library, replies: Sequence[Reply], at: str) -> set[Identifier]:
    """Store what replies say, in one transaction; the identifiers of what changed by it."""
    read = [one for one in replies if not one.is_light]
    if not read:
        return set()
    with library.writing():
        stored = library.add([it for one in read for it in one.records], at=at)
        for one in read:
            sound = {each: said for each, said in one.settled.items() if said is not Outcome.MALFORMED}
            remember_answers(library, one.desk.source.name, sound, at=at)
    return {each for one in stored if one.outcome is Outcome.FOUND for each in one.record.identifiers}


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
    detail += [answer.reason.text()] if answer.reason else []
    if answer.landing_page:
        detail.append(answer.landing_page)
    return Item(answer.identifier.value, answer.outcome, answer.work_id, detail=", ".join(detail) or None)
