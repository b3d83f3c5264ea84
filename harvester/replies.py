"""What comes back to those who asked: a reply for every request, and what it settles, leads to and falls into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from harvester.errors import HarvesterError, ParseError
from harvester.messages import Message
from harvester.model import Identifier, Outcome, Record
from harvester.prepared import Prepared
from harvester.settling import failure, settled_by, trouble_of
from harvester.wire import Asker, Limit, Page, Payload, Request, Source

PORTION: Final = 100  # identifiers of an answer that are handed over together
_PARTS: Final = 4  # of an unreadable batch: the one of 500 to blame is found by asking it six times


class Desk(Struct, frozen=True):
    """A source as it is asked here: at which address, by whom, for how much a day at most (None: all it gives)."""

    source: Source
    base_url: str
    asker: Asker
    daily_budget: float | None = None

    def limits(self) -> dict[str, Limit]:
        """What the service allows by `Request.limit`, and of its day's budget no more than a person allows.

        Where the service itself has none, a person's budget counts requests.
        """
        allowed = self.source.limits(self.asker)
        cap = self.daily_budget
        if cap is None:
            return allowed
        is_sold = any(limit.a_day is not None for limit in allowed.values())
        return {
            name: replace(limit, cap_a_day=cap, price=limit.price if is_sold else 1.0)
            for name, limit in allowed.items()
        }


class Place(Struct, frozen=True, order=True):
    """Where a request stands among all: its slice of the identifiers, and the first of it there."""

    slice: int
    first: int = 0


class Reply(Struct):
    """One request answered, or not; `page` is None where the answer was none.

    `leads_to` counts what comes because of it: replies to requests that were handed in for it (a halved batch is
    nothing but those), and its further portions, where the answer is about many. `settled` is how what was asked ended,
    `trouble` why it ended without an answer.
    """

    desk: Desk
    request: Request
    page: Page | None
    error: HarvesterError | None = None
    place: Place = Place(0)
    leads_to: int = 0
    payload: Payload | None = None  # until it is read
    records: Sequence[Record | Prepared] = ()  # of the page, as they are stored
    settled: Mapping[Identifier, Outcome] = {}
    trouble: Message | None = None
    is_first: bool = True  # portion of its answer
    is_new: bool = True  # its request does not follow from an answer

    @property
    def is_light(self) -> bool:
        """Whether nothing of it is to be stored."""
        return self.page is None or not (self.records or self.settled)

    @property
    def is_halved(self) -> bool:
        """Whether nothing is settled by it: its identifiers are asked in smaller batches."""
        return self.page is None and self.leads_to > 0


class Aside(Struct):
    """What something else than a desk came to, done beside them: `told` is its result."""

    place: Place
    told: object


def settle(reply: Reply) -> None:
    if reply.page is not None:
        reply.settled = settled_by(reply.request.asked, reply.page)
        reply.trouble = trouble_of(reply.desk.source.name, reply.page, reply.settled)
    elif not reply.is_halved:
        reply.settled = dict.fromkeys(reply.request.asked, failure(reply.error))
        reply.trouble = reply.error.message if reply.error else None


def portions(reply: Reply) -> Iterator[Reply]:
    """An answer about many in parts, so that each is stored with what others say of the same identifiers."""
    asked, page = reply.request.asked, reply.page
    if page is None or len(asked) <= PORTION:
        yield reply
        return
    place_of = {one: place // PORTION for place, one in enumerate(asked)}
    records: dict[int, list[Record]] = defaultdict(list)
    for record in page.records:
        records[min((place_of[one] for one in record.identifiers if one in place_of), default=0)].append(
            record
        )
    most = (len(asked) - 1) // PORTION
    for number in range(most + 1):
        part = asked[number * PORTION : (number + 1) * PORTION]
        yield replace(
            reply,
            request=replace(reply.request, asked=part),
            page=replace(page, records=()),
            records=records[number],
            place=replace(reply.place, first=reply.place.first + number * PORTION),
            leads_to=0 if number else reply.leads_to + most,
            settled={one: reply.settled[one] for one in part if one in reply.settled},
            is_first=not number,
        )


def is_unread(error: HarvesterError | None) -> bool:
    """Whether an answer came that is none, or more than can be taken: smaller questions may get better ones."""
    return isinstance(error, ParseError) or (error is not None and error.message.key == "fetch-too-large")


def _with_key(follow: Request, parent: Request) -> Request:
    """What follows from an answer is asked by whoever asked before: parsers know no keys."""
    keys = tuple(pair for pair in parent.params if pair[0] == "api_key")
    return replace(follow, params=(*follow.params, *keys), limit=parent.limit) if keys else follow


def smaller(reply: Reply) -> list[Request]:
    """The questions that an answer leaves: what follows from it, an unreadable batch in parts.

    An agency is asked singly for what its batch dropped: its word on its own DOIs is final.
    """
    desk, asked = reply.desk, reply.request.asked
    if reply.page is not None:
        dropped = reply.page.missing if desk.source.agencies else ()
        singles = (desk.source.single(desk.base_url, one, desk.asker) for one in dropped)
        return [*(_with_key(one, reply.request) for one in reply.page.follow), *singles]
    if is_unread(reply.error) and len(asked) > 1:
        size = -(-len(asked) // _PARTS)
        kinds = desk.source.kinds(asked)
        parts = (
            kinds if len(kinds) > 1 else [asked[start : start + size] for start in range(0, len(asked), size)]
        )
        return [request for part in parts for request in desk.source.batch(desk.base_url, part, desk.asker)]
    return []
