"""Requests to many services side by side: the replies as they come, and what they lead to."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from msgspec import Struct
from msgspec.structs import replace

from harvester.errors import HarvesterError, ParseError, SourceUnavailable
from harvester.wire import Asker, Fetches, Limit, Page, Request, Source


class Desk(Struct, frozen=True):
    """A source as it is asked here: at which address, by whom."""

    source: Source
    base_url: str
    asker: Asker


class Reply(Struct):
    """One request answered, or not; `pages` is None where the answer was none."""

    desk: Desk
    request: Request
    page: Page | None
    error: HarvesterError | None = None


def side_by_side(errands: Iterable[tuple[Desk, Sequence[Request]]], fetcher: Fetches) -> Iterator[Reply]:
    """The replies of all desks as they come; a desk never waits for another one."""
    replies: queue.SimpleQueue[Reply | BaseException | None] = queue.SimpleQueue()
    stop = threading.Event()

    def work(desk: Desk, requests: Sequence[Request]) -> None:
        try:
            for reply in _ask(desk, requests, fetcher, stop):
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


def _ask(desk: Desk, requests: Sequence[Request], fetcher: Fetches, stop: threading.Event) -> Iterator[Reply]:
    """As many at once as the service allows; then what their answers lead to."""
    limits = desk.source.limits(desk.asker)
    waiting = deque(requests)
    at_once = max(limit.concurrency for limit in limits.values())
    under_way: set[Future[Reply]] = set()
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


def _answer(desk: Desk, request: Request, limits: Mapping[str, Limit], fetcher: Fetches) -> Reply:
    try:
        payload = fetcher.fetch(request, limits[request.limit])
        return Reply(desk, request, desk.source.parse(payload))
    except (SourceUnavailable, ParseError) as error:
        return Reply(desk, request, None, error)


def _with_key(follow: Request, parent: Request) -> Request:
    """What follows from an answer is asked by whoever asked before: parsers know no keys."""
    keys = tuple(pair for pair in parent.params if pair[0] == "api_key")
    return replace(follow, params=(*follow.params, *keys), limit=parent.limit) if keys else follow


def _smaller(reply: Reply) -> list[Request]:
    """The questions that an answer leaves: what follows from it, an unreadable batch in halves.

    An agency is asked singly for what its batch dropped: its word on its own DOIs is final.
    """
    desk, asked = reply.desk, reply.request.asked
    if reply.page is not None:
        dropped = reply.page.missing if desk.source.agencies else ()
        singles = (desk.source.single(desk.base_url, one, desk.asker) for one in dropped)
        return [*(_with_key(one, reply.request) for one in reply.page.follow), *singles]
    if isinstance(reply.error, ParseError) and len(asked) > 1:
        middle = len(asked) // 2
        halves = (asked[:middle], asked[middle:])
        return [request for half in halves for request in desk.source.batch(desk.base_url, half, desk.asker)]
    return []
