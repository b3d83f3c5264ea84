"""Requests to many services side by side: handed in at any time, the replies picked up as they come."""

from __future__ import annotations

import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import Final, Self

from harvester.elsewhere import Elsewhere
from harvester.errors import HarvesterError, ParseError, SourceRefused, SourceUnavailable
from harvester.joining import Held
from harvester.mailbox import Shelf, Unread
from harvester.replies import Aside, Desk, Place, Reply, is_unread, portions, settle, smaller
from harvester.wire import Fetches, Limit, Request

_SWITCH_S: Final = (
    0.001  # between threads while they ask: a request that is due does not wait for reading or storing
)
_MOST_UNREAD: Final = 6  # in a row


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

    def take(self) -> tuple[Request, Place, bool] | None:
        """The next request; None when the desk is closed."""
        with self._changed:
            while not self._heap and not self._is_closed:
                self._changed.wait()
            if self._is_closed:
                return None
            _, is_new, _, place, request = heappop(self._heap)
            return request, place, is_new

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
        elif is_unread(error) and error.message.key != "batch-too-large":
            self._unread += 1


class Office:
    """All desks at work. A context manager; leaving it ends the work of every desk after its present request.

    A desk never waits for another one: each has as many threads as its service allows requests at once. They
    do nothing but ask; one thread reads the answers, because reading would keep them from the next request.
    """

    def __init__(self, fetcher: Fetches, elsewhere: Elsewhere | None = None) -> None:
        self._fetcher, self._elsewhere = fetcher, elsewhere
        self._unread, self._shelf = Unread(), Shelf()
        self._lines: dict[str, _Line] = defaultdict(_Line)
        self._staff: Counter[str] = Counter()
        self._lately: dict[str, _Lately] = {}
        self._held = Held()

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
        self._shelf.close()

    def hand_in(self, desk: Desk, requests: Sequence[Request], slice_number: int) -> int:
        """Have `requests` asked at a desk; how many they are. Each reply comes once, and what it leads to."""
        name, line = desk.source.name, self._lines[desk.source.name]
        limits = desk.limits()
        self._lately.setdefault(name, _Lately())
        self._held.expect(name, slice_number, len(requests))
        first = 0
        for request in requests:
            self._queue(line, request, Place(slice_number, first), is_new=True)
            first += len(request.asked)
        most = max(limit.concurrency for limit in limits.values())
        for _ in range(min(most, len(requests)) - self._staff[name] if requests else 0):
            self._staff[name] += 1
            self._begin(name, lambda: self._serve(desk, line, limits))
        return len(requests)

    def _queue(self, line: _Line, request: Request, place: Place, *, is_new: bool) -> None:
        self._shelf.expect(place, len(request.asked))
        line.put(request, place, is_new=is_new)

    def aside(self, work: Callable[[], object], slice_number: int) -> None:
        """Do something else that takes its time beside the desks; it is picked up as an Aside."""
        place = Place(slice_number)
        self._shelf.expect_aside(slice_number)
        self._begin("aside", lambda: self._shelf.put(Aside(place, work())))

    def pick_up(self) -> list[Reply | Aside]:
        """What has come, at least one; waits for it. Raises what a desk raised that no service is to blame for."""
        return self._shelf.take()

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        def carry() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001  carried to the thread that asked, raised there
                self._shelf.fail(error)

        threading.Thread(target=carry, name=name, daemon=True).start()

    def _serve(self, desk: Desk, line: _Line, limits: Mapping[str, Limit]) -> None:
        while (task := line.take()) is not None:
            request, place, is_new = task
            self._shelf.wait_for_room(desk.source.name)
            reply = Reply(desk, request, None, self._lately[desk.source.name].closed, place)
            reply.is_new = is_new
            try:
                if reply.error is None:
                    reply.payload = self._fetcher.fetch(request, limits[request.limit])
            except (SourceUnavailable, ParseError) as error:
                reply.error = error
            self._unread.put(reply)

    def _read(self) -> None:
        while (reply := self._unread.take()) is not None:
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
        lately = self._lately[source.name]
        lately.note(reply.error, is_by_word=payload is not None)
        following = smaller(reply) if lately.is_readable else []
        for one, leads_to in self._held.released(reply, following):
            self._deliver(one, leads_to)

    def _deliver(self, reply: Reply, following: Sequence[Request]) -> None:
        reply.leads_to = len(following)
        for one in following:
            self._queue(self._lines[reply.desk.source.name], one, reply.place, is_new=False)
        settle(reply)
        for portion in portions(reply):
            self._shelf.put(portion)
        self._shelf.met(reply.place, len(reply.request.asked))
