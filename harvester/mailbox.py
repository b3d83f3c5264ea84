"""Where replies wait: to be read, and then, by the identifiers that they are about, to be stored.

Storing what several services say of a work at once takes half the time of storing it one after the other, so replies wait
for those about the same identifiers, but not for long.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from harvester.replies import PORTION, Aside, Place, Reply

_MOST_UNREAD: Final = 48  # replies; who is further ahead of the reading waits with the next request
_MOST_AHEAD: Final = (
    15 * PORTION
)  # identifiers of one service that wait to be stored: it waits with the next request
_HELD_S: Final = 5.0  # for what another service says of the same identifiers

Block = tuple[int, int]  # a slice, and a portion's worth of its identifiers


class Unread:
    """Replies that nobody has read yet."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[Reply] = []
        self._is_closed = False

    def put(self, reply: Reply) -> None:
        """Leave a reply; waits for room."""
        with self._changed:
            while len(self._waiting) >= _MOST_UNREAD and not self._is_closed:
                self._changed.wait()
            self._waiting.append(reply)
            self._changed.notify_all()

    def take(self) -> Reply | None:
        """The one about the first identifiers; waits for it. None when the box is closed."""
        with self._changed:
            while not self._waiting and not self._is_closed:
                self._changed.wait()
            if self._is_closed:
                return None
            first = min(self._waiting, key=lambda one: one.place)
            self._waiting = [one for one in self._waiting if one is not first]
            self._changed.notify_all()
            return first

    def close(self) -> None:
        """Nobody waits any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()


class Shelf:
    """What is read and not stored yet, by the identifiers that it is about, and what is still expected of them."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, Reply | Aside]] = []
        self._defect: BaseException | None = None
        self._expected: Counter[Block] = Counter()
        self._asides: Counter[int] = Counter()  # by slice: who is to be asked depends on them
        self._ahead: Counter[str] = Counter()
        self._is_closed = False

    def expect(self, place: Place, count: int) -> None:
        """A request about so many identifiers is handed in."""
        with self._changed:
            self._expected.update(_blocks(place, count))

    def met(self, place: Place, count: int) -> None:
        """Its reply, and whatever follows from it, is here or expected."""
        with self._changed:
            self._expected.subtract(_blocks(place, count))
            self._changed.notify_all()

    def expect_aside(self, slice_number: int) -> None:
        """Something is done beside the desks, after which more of them may be asked."""
        with self._changed:
            self._asides[slice_number] += 1

    def put(self, delivery: Reply | Aside) -> None:
        """Leave what has come."""
        with self._changed:
            self._waiting.append((self._monotonic(), delivery))
            if isinstance(delivery, Reply):
                self._ahead[delivery.desk.source.name] += len(delivery.request.asked)
            self._changed.notify_all()

    def fail(self, defect: BaseException) -> None:
        """Whoever takes next raises this."""
        with self._changed:
            self._defect = self._defect or defect
            self._changed.notify_all()

    def wait_for_room(self, service: str) -> None:
        """Waits while too much of this service lies here."""
        with self._changed:
            while self._ahead[service] >= _MOST_AHEAD and not self._is_closed:
                self._changed.wait()

    def take(self) -> list[Reply | Aside]:
        """What can be stored now, at least one; waits for it. Nothing when the shelf is closed; raises a defect."""
        with self._changed:
            while not self._is_closed:
                if self._defect is not None:
                    raise self._defect
                if taken := self._chosen():
                    self._remove(taken)
                    self._changed.notify_all()
                    return taken
                self._changed.wait(self._left_s())
            return []

    def _chosen(self) -> list[Reply | Aside]:
        """What needs no storing; else what is complete; else what was held long enough, with what lies beside it."""
        here = [one for _, one in self._waiting]
        light = [one for one in here if isinstance(one, Aside) or one.is_light]
        if light:
            return light
        blocks = {_block(one.place) for one in here}
        whole = [one for one in blocks if not self._expected[one] and not self._asides[one[0]]]
        now = self._monotonic()
        late = [_block(one.place) for since, one in self._waiting if now - since >= _HELD_S]
        chosen = min(whole or late, default=None)
        return [one for one in here if _block(one.place) == chosen]

    def _remove(self, taken: list[Reply | Aside]) -> None:
        names = {id(one) for one in taken}
        self._waiting = [entry for entry in self._waiting if id(entry[1]) not in names]
        for one in taken:
            if isinstance(one, Reply):
                self._ahead[one.desk.source.name] -= len(one.request.asked)
            else:
                self._asides[one.place.slice] -= 1

    def _left_s(self) -> float | None:
        if not self._waiting:
            return None
        return max(self._waiting[0][0] + _HELD_S - self._monotonic(), 0.0)

    def close(self) -> None:
        """Nobody waits any more."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
            self._changed.notify_all()


def _block(place: Place) -> Block:
    return place.slice, place.first // PORTION


def _blocks(place: Place, count: int) -> Iterator[Block]:
    for number in range(place.first // PORTION, (place.first + max(count, 1) - 1) // PORTION + 1):
        yield place.slice, number
