"""What a harvest would cost: how many requests to whom, how long at least, how much of which budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from harvester.harvest import Plan, begun, worth_asking
from harvester.load import documents, identifiers_in
from harvester.model import Identifier
from harvester.registration import registry_of
from harvester.sources import doi_org
from harvester.store import Library

# Dollars a request, where a service sells them by the day (OpenAlex, lists and searches by DOI, 2026).
_PRICES: Final = {"openalex": 0.0001}


class Cost(Struct, frozen=True):
    """What one service would be asked: at least, because what a batch drops is asked again singly."""

    source: str
    identifiers: int
    requests: int
    seconds: float
    dollars: float | None = None


def preview(
    library: Library, identifiers: Sequence[Identifier], plan: Plan, *, at: str, refresh: bool
) -> Iterator[Cost]:
    """The cost of looking up `identifiers`, service by service; nobody is asked."""
    wanted = list(dict.fromkeys(identifiers))
    registry = registry_of(library, wanted, None, None, at=at)
    if plan.resolver is not None and registry.guesses:
        requests = len(list(doi_org.ra_requests("", registry.guesses, plan.resolver.asker)))
        yield Cost(doi_org.NAME, len(registry.guesses), requests, float(requests))
    served = {agency for desk in plan.desks for agency in desk.source.agencies}
    answers = {one: begun(one, registry, served) for one in wanted}
    for desk in plan.desks:
        asked = worth_asking(library, desk, answers, plan, at, refresh=refresh)
        limits = desk.source.limits(desk.asker)
        lanes = [limits[one.limit] for one in desk.source.batch(desk.base_url, asked, desk.asker)]
        price = _PRICES.get(desk.source.name)
        yield Cost(
            desk.source.name,
            len(asked),
            len(lanes),
            sum(1 / lane.per_second for lane in lanes),
            None if price is None else price * len(lanes),
        )


def listed(paths: Iterable[str]) -> Iterator[Identifier]:
    """The identifiers that the documents at `paths` list for looking up; nothing is stored."""
    for name in documents(paths):
        yield from identifiers_in(name)
