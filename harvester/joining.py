"""Replies that are held back until what they lead to can be asked in one request.

A search of PubMed's gives numbers, and the records of several searches come in one fetch.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from harvester.replies import Reply
from harvester.wire import Request, Source

_Pile = list[tuple[Reply, Request]]


class Held:
    """What is held back, by service and slice of the identifiers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._expected: Counter[tuple[str, int]] = (
            Counter()
        )  # replies that may lead to something to be joined
        self._piles: dict[tuple[str, int], _Pile] = defaultdict(list)

    def expect(self, service: str, slice_number: int, count: int) -> None:
        """So many requests are handed in."""
        with self._lock:
            self._expected[service, slice_number] += count

    def released(
        self, reply: Reply, following: Sequence[Request]
    ) -> Iterator[tuple[Reply, Sequence[Request]]]:
        """The replies that need not wait, with the requests to be handed in for each.

        Where a service's requests can be joined, replies that lead to one wait until they lead to enough of them, or no
        more are expected. The first of those that are joined leads to the request, the others to nothing.
        """
        source, key = reply.desk.source, (reply.desk.source.name, reply.place.slice)
        pile = self._piles[key]
        if reply.is_new:
            with self._lock:
                self._expected[key] -= 1
        is_single = (
            len(reply.request.asked) == 1
        )  # what is asked alone is to be answered alone: absent or not
        if source.join and reply.is_new and not is_single and reply.page is not None and len(following) == 1:
            pile.append((reply, following[0]))
        else:
            yield reply, following
        while pile and (not self._expected[key] or _size(pile) >= source.join_most):
            yield from _joined(source, _enough(pile, source.join_most))


def _size(pile: _Pile) -> int:
    return sum(len(request.asked) for _, request in pile)


def _enough(pile: _Pile, most: int) -> _Pile:
    """Taken off the pile: what is about the first identifiers, up to `most` of them, at least one request."""
    pile.sort(key=lambda held: held[0].place)
    count = 1
    while count < len(pile) and _size(pile[: count + 1]) <= most:
        count += 1
    taken = pile[:count]
    del pile[:count]
    return taken


def _joined(source: Source, taken: _Pile) -> Iterator[tuple[Reply, Sequence[Request]]]:
    requests = [request for _, request in taken]
    joined = source.join(requests) if source.join and len(requests) > 1 else requests[0]
    for number, (reply, _) in enumerate(taken):
        yield reply, () if number else (joined,)
