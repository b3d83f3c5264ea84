"""What a harvest would cost: how many requests to whom, how long at least, how much of which budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from harvester.documents import documents, identifiers_in
from harvester.harvest import Plan, begun, worth_asking
from harvester.model import Identifier
from harvester.registration import registry_of
from harvester.sources import doi_org
from harvester.store import Library
from harvester.wire import Limit


class Cost(Struct, frozen=True):
    """What one service would be asked: at least, because what a batch drops is asked again singly.

    `of_the_day` is what that takes of its budget of a day, of which `left_today` is still there; in its own
    units (requests, credits), None where it has none.
    """

    source: str
    identifiers: int
    requests: int
    seconds: float
    of_the_day: float | None = None
    left_today: float | None = None


def preview(
    library: Library,
    identifiers: Sequence[Identifier],
    plan: Plan,
    *,
    at: str,
    refresh: bool,
    left_today: Callable[[str, Limit], float | None],
) -> Iterator[Cost]:
    """The cost of looking up `identifiers`, service by service; nobody is asked."""
    wanted = list(dict.fromkeys(identifiers))
    registry = registry_of(library, wanted, at=at)
    if plan.resolver is not None and registry.guesses:
        requests = len(list(doi_org.ra_requests("", registry.guesses, plan.resolver.asker)))
        yield Cost(doi_org.NAME, len(registry.guesses), requests, float(requests))
    answers = {one: begun(one, registry, plan) for one in wanted}
    for desk in plan.desks:
        asked = worth_asking(library, desk, answers, plan, at, refresh=refresh)
        limits = desk.limits()
        lanes = [limits[one.limit] for one in desk.source.batch(desk.base_url, asked, desk.asker)]
        sold = [limit for limit in limits.values() if limit.price]
        yield Cost(
            desk.source.name,
            len(asked),
            len(lanes),
            sum(1 / lane.per_second for lane in lanes),
            sum(lane.price for lane in lanes) if sold else None,
            min(
                (left for limit in sold if (left := left_today(desk.base_url, limit)) is not None),
                default=None,
            ),
        )


def listed(paths: Iterable[str]) -> Iterator[Identifier]:
    """The identifiers that the documents at `paths` list for looking up; nothing is stored."""
    for name in documents(paths):
        yield from identifiers_in(name)
