"""Requests to many services side by side: handed in at any time, the replies picked up as they come."""

from __future__ import annotations

import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import accumulate, count
from typing import Final, Self

from msgspec import Struct
from msgspec.structs import replace

from harvester.elsewhere import Elsewhere
from harvester.errors import HarvesterError, ParseError, SourceRefused, SourceUnavailable
from harvester.messages import Message
from harvester.model import Identifier, Outcome, Record
from harvester.prepared import Prepared
from harvester.settling import failure, settled_by, trouble_of
from harvester.wire import Asker, Fetches, Limit, Page, Payload, Request, Source

_MOST_WAITING: Final = 48  # replies; whoever is further ahead of the storing waits with the next request
_SWITCH_S: Final = (
    0.001  # between threads while they ask: a request that is due does not wait for reading or storing
)
_PARTS: Final = 4  # of an unreadable batch: the one of 500 to blame is found by asking it six times
_MOST_UNREAD: Final = 6  # in a row
_PORTION: Final = 100  # identifiers of an answer that are handed over together
_MOST_TOGETHER: Final = 500  # identifiers, five services' portions: one transaction, which others wait for


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

    @property
    def is_halved(self) -> bool:
        """Whether nothing is settled by it: its identifiers are asked in smaller batches."""
        return self.page is None and self.leads_to > 0


class Aside(Struct):
    """What something else than a desk came to, done beside them: `told` is its result."""

    place: Place
    told: object


_Delivery = Reply | Aside | BaseException
_Choose = Callable[[list[Reply | Aside]], list[Reply | Aside]]


class _Mailbox:
    """What has come and is not taken yet; room for so much, so that memory does not grow with the work."""

    def __init__(self, choose: _Choose) -> None:
        self._choose = choose
        self._changed = threading.Condition()
        self._waiting: list[_Delivery] = []
        self._is_closed = False

    def put(self, delivery: _Delivery) -> None:
        with self._changed:
            while len(self._waiting) >= _MOST_WAITING and not self._is_closed:
                self._changed.wait()
            self._waiting.append(delivery)
            self._changed.notify_all()

    def take(self) -> list[Reply | Aside]:
        """What is chosen of all that has come, at least one; nothing when the box is closed. Raises what came."""
        with self._changed:
            while not self._waiting and not self._is_closed:
                self._changed.wait()
            for one in self._waiting:
                if isinstance(one, BaseException):
                    raise one
            waiting = [one for one in self._waiting if not isinstance(one, BaseException)]
            taken = self._choose(waiting) if waiting else []
            self._waiting = [one for one in waiting if not any(one is each for each in taken)]
            self._changed.notify_all()
            return taken

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
            self._changed.notify_all()


def _first(waiting: list[Reply | Aside]) -> list[Reply | Aside]:
    return [min(waiting, key=lambda one: one.place)]


def _together(waiting: list[Reply | Aside]) -> list[Reply | Aside]:
    """The first in place, and what else has come of the same identifiers: their works are made once."""
    ordered = sorted(waiting, key=lambda one: (isinstance(one, Reply), one.place))
    first = ordered[0]
    if isinstance(first, Aside):
        return [first]
    end = replace(first.place, first=first.place.first + max(len(first.request.asked), 1))
    near = [one for one in ordered if one.place < end]
    sizes = accumulate(len(one.request.asked) for one in near if isinstance(one, Reply))
    return near[: max(sum(size <= _MOST_TOGETHER for size in sizes), 1)]


class _Line:
    """The requests that wait at one desk: by slice, what follows from an answer before what is new."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._heap: list[tuple[int, bool, int, Place, Request]] = []
        self._number = count()
        self._is_closed = False

    def put(self, request: Request, place: Place, *, is_new: bool) -> None:
        with self._changed:
            heappush(self._heap, (place.slice, is_new, next(self._number), place, request))
            self._changed.notify()

    def take(self) -> tuple[Request, Place] | None:
        """The next request; None when the desk is closed."""
        with self._changed:
            while not self._heap and not self._is_closed:
                self._changed.wait()
            if self._is_closed:
                return None
            *_, place, request = heappop(self._heap)
            return request, place

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()


class _Lately:
    """How a service has answered of late: what could not be read, and refusals, in a row.

    One unreadable batch is taken apart, to find the one to blame; where the parts are all as bad, it is the
    service. A refusal in words, which only a parser reads, closes it for good, as does a second one of any kind.
    """

    def __init__(self) -> None:
        self.closed: SourceRefused | None = None
        self._unread = 0
        self._refusals = 0

    @property
    def is_readable(self) -> bool:
        return self._unread < _MOST_UNREAD

    def note(self, error: HarvesterError | None, *, is_by_word: bool) -> None:
        if error is None:
            self._unread = self._refusals = 0
        elif isinstance(error, SourceRefused):
            self._refusals += 1
            self.closed = error if is_by_word or self._refusals > 1 else None
        elif isinstance(error, ParseError) and error.message.key != "batch-too-large":
            self._unread += 1


class Office:
    """All desks at work. A context manager; leaving it ends the work of every desk after its present request.

    A desk never waits for another one: each has as many threads as its service allows requests at once. They
    do nothing but ask; one thread reads the answers, because reading would keep them from the next request.
    """

    def __init__(self, fetcher: Fetches, elsewhere: Elsewhere | None = None) -> None:
        self._fetcher, self._elsewhere = fetcher, elsewhere
        self._unread, self._mailbox = _Mailbox(_first), _Mailbox(_together)
        self._lines: dict[str, _Line] = defaultdict(_Line)
        self._staff: Counter[str] = Counter()
        self._lately: dict[str, _Lately] = {}

    def __enter__(self) -> Self:
        self._switch_s = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_S)
        self._begin("reading", self._read)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setswitchinterval(self._switch_s)
        for line in self._lines.values():
            line.close()
        self._unread.close()
        self._mailbox.close()

    def hand_in(self, desk: Desk, requests: Sequence[Request], slice_number: int) -> int:
        """Have `requests` asked at a desk; how many they are. Each reply comes once, and what it leads to."""
        name, line = desk.source.name, self._lines[desk.source.name]
        limits = desk.limits()
        self._lately.setdefault(name, _Lately())
        first = 0
        for request in requests:
            line.put(request, Place(slice_number, first), is_new=True)
            first += len(request.asked)
        most = max(limit.concurrency for limit in limits.values())
        for _ in range(min(most, len(requests)) - self._staff[name] if requests else 0):
            self._staff[name] += 1
            self._begin(name, lambda: self._serve(desk, line, limits))
        return len(requests)

    def aside(self, work: Callable[[], object], slice_number: int) -> None:
        """Do something else that takes its time beside the desks; it is picked up as an Aside."""
        place = Place(slice_number)
        self._begin("aside", lambda: self._mailbox.put(Aside(place, work())))

    def pick_up(self) -> list[Reply | Aside]:
        """What has come, at least one; waits for it. Raises what a desk raised that no service is to blame for."""
        return self._mailbox.take()

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        def carry() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001  carried to the thread that asked, raised there
                self._mailbox.put(error)

        threading.Thread(target=carry, name=name, daemon=True).start()

    def _serve(self, desk: Desk, line: _Line, limits: Mapping[str, Limit]) -> None:
        while (task := line.take()) is not None:
            request, place = task
            reply = Reply(desk, request, None, self._lately[desk.source.name].closed, place)
            try:
                if reply.error is None:
                    reply.payload = self._fetcher.fetch(request, limits[request.limit])
            except (SourceUnavailable, ParseError) as error:
                reply.error = error
            self._unread.put(reply)

    def _read(self) -> None:
        while unread := self._unread.take():
            for reply in unread:
                if isinstance(reply, Reply):
                    self._read_one(reply)

    def _read_one(self, reply: Reply) -> None:
        payload, reply.payload = reply.payload, None
        source = reply.desk.source
        if payload is not None:
            read = self._elsewhere.read(source, payload) if self._elsewhere else None
            try:
                reply.page = read.page if read else source.parse(payload)
                reply.records = read.records if read else reply.page.records
            except (SourceUnavailable, ParseError) as error:
                reply.error = error
        lately = self._lately[reply.desk.source.name]
        lately.note(reply.error, is_by_word=payload is not None)
        smaller = _smaller(reply) if lately.is_readable else []
        reply.leads_to = len(smaller)
        for one in smaller:
            self._lines[reply.desk.source.name].put(one, reply.place, is_new=False)
        _settle(reply)
        for portion in _portions(reply):
            self._mailbox.put(portion)


def _settle(reply: Reply) -> None:
    if reply.page is not None:
        reply.settled = settled_by(reply.request.asked, reply.page)
        reply.trouble = trouble_of(reply.desk.source.name, reply.page, reply.settled)
    elif not reply.is_halved:
        reply.settled = dict.fromkeys(reply.request.asked, failure(reply.error))
        reply.trouble = reply.error.message if reply.error else None


def _portions(reply: Reply) -> Iterator[Reply]:
    """An answer about many in parts, so that each is stored with what others say of the same identifiers."""
    asked, page = reply.request.asked, reply.page
    if page is None or len(asked) <= _PORTION:
        yield reply
        return
    place_of = {one: place // _PORTION for place, one in enumerate(asked)}
    records: dict[int, list[Record]] = defaultdict(list)
    for record in page.records:
        records[min((place_of[one] for one in record.identifiers if one in place_of), default=0)].append(
            record
        )
    most = (len(asked) - 1) // _PORTION
    for number in range(most + 1):
        part = asked[number * _PORTION : (number + 1) * _PORTION]
        yield replace(
            reply,
            request=replace(reply.request, asked=part),
            page=replace(page, records=()),
            records=records[number],
            place=replace(reply.place, first=reply.place.first + number * _PORTION),
            leads_to=0 if number else reply.leads_to + most,
            settled={one: reply.settled[one] for one in part if one in reply.settled},
            is_first=not number,
        )


def _with_key(follow: Request, parent: Request) -> Request:
    """What follows from an answer is asked by whoever asked before: parsers know no keys."""
    keys = tuple(pair for pair in parent.params if pair[0] == "api_key")
    return replace(follow, params=(*follow.params, *keys), limit=parent.limit) if keys else follow


def _smaller(reply: Reply) -> list[Request]:
    """The questions that an answer leaves: what follows from it, an unreadable batch in parts.

    An agency is asked singly for what its batch dropped: its word on its own DOIs is final.
    """
    desk, asked = reply.desk, reply.request.asked
    if reply.page is not None:
        dropped = reply.page.missing if desk.source.agencies else ()
        singles = (desk.source.single(desk.base_url, one, desk.asker) for one in dropped)
        return [*(_with_key(one, reply.request) for one in reply.page.follow), *singles]
    if isinstance(reply.error, ParseError) and len(asked) > 1:
        size = -(-len(asked) // _PARTS)
        kinds = desk.source.kinds(asked)
        parts = (
            kinds if len(kinds) > 1 else [asked[start : start + size] for start in range(0, len(asked), size)]
        )
        return [request for part in parts for request in desk.source.batch(desk.base_url, part, desk.asker)]
    return []
