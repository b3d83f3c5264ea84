"""How fast a service may be asked, and whether it may be asked at all just now.

`Pace` keeps the rate and the number at once of every (service, limit name); `Breaker` remembers which
services are to be left alone. Both hold for one process. Whoever shares the state between processes
writes another `Limiter` and gives it to the Fetcher; nothing else knows the difference.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from heapq import nlargest
from typing import Final, Protocol

from msgspec import Struct

from harvester.errors import SourceRefused, SourceUnavailable
from harvester.messages import Message, message
from harvester.patterns import pattern
from harvester.wire import Limit

_log = logging.getLogger("harvester.fetch")

Sent = Callable[[], None]
Lane = tuple[str, str]  # the address that is asked (services there share what it allows), name of the limit

_MARGIN: Final = 0.95  # we stay 5 % under every rate: the service's clock is not ours
_SLOWEST: Final = 1 / 60  # requests a second; what a header says below that is nonsense, or an attack
_HAIR_S: Final = 0.005
_MOST_KEPT: Final = 200  # starts that are remembered; no service counts more in one second
_HALVINGS: Final = 8.0  # after refusals for speed we go down to an eighth of the rate, no further
_REGAINED: Final = 1.25  # with every good answer after that
_YEAR_S: Final = 366 * 86400.0


class Stated(Struct, frozen=True):
    """What the headers of an answer say of the limits in force; None where they are silent.

    `left_today` is what is left of the day's budget, in the service's own units.
    """

    per_second: float | None = None
    concurrency: int | None = None
    left_today: float | None = None


def window(per_second: float) -> tuple[int, float]:
    """How many requests may go together, and the seconds (our margin included) that may hold no more of them.

    Three a second may go at once, and then none for that second: in no second there are more than three, and
    the last of many goes out most of a second earlier than with even spaces between them.
    """
    count = min(max(int(per_second), 1), _MOST_KEPT)
    return count, count / (per_second * _MARGIN)


class DaySpent(Exception):  # noqa: N818  an event of the day, told to people in the Fetcher's words
    """The budget of the day holds no such request any more; `seconds` are left until it starts anew."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Limiter(Protocol):
    """What the Fetcher needs of a limiter."""

    def slot(self, lane: Lane, limit: Limit, party: str) -> AbstractContextManager[Sent]:
        """Waits until `lane` has room; what is done inside counts as one request under way.

        Gives what may be called when the request has gone out, so that its service counts it from then on.
        Raises DaySpent where the budget of the day is spent.
        """

    def learn(self, lane: Lane, stated: Stated, *, too_many: bool) -> None:
        """Takes in an answer: its headers, and whether it said that we are too fast."""

    def hold(self, lane: Lane, seconds: float) -> None:
        """Nobody is let through for so long."""


# -- what the service says ------------------------------------------------------------------------------

_INTERVAL: Final = pattern(r"([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|h)?", re.ASCII)
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_SECONDS: Final = pattern(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)


def stated_limit(headers: Mapping[str, str]) -> Stated:
    """The limits in `x-rate-limit-limit`, `x-rate-limit-interval`, `x-concurrency-limit`, `x-ratelimit-remaining`.

    Header names in lower case. What is no positive number is not believed. The last one is of the day's budget
    only at services that have one.
    """
    count = _number(headers.get("x-rate-limit-limit"))
    interval = _INTERVAL.fullmatch(headers.get("x-rate-limit-interval", "1s").strip())
    seconds = float(interval[1]) * _UNITS[interval[2] or "s"] if interval else 0.0
    at_once = _number(headers.get("x-concurrency-limit"))
    return Stated(
        per_second=max(count / seconds, _SLOWEST) if count and seconds else None,
        concurrency=max(int(at_once), 1) if at_once else None,
        left_today=_number(headers.get("x-ratelimit-remaining")),
    )


def _number(raw: str | None) -> float | None:
    found = _SECONDS.fullmatch(raw.strip()) if raw is not None and len(raw) < 16 else None
    return float(found[0]) if found else None


def retry_after_s(raw: str | None, now: datetime) -> float | None:
    """Seconds to wait as a `Retry-After` header says: a number, or a date in any of HTTP's three forms.

    A date in the past is 0; nonsense is None; never more than a year.
    """
    raw = (raw or "").strip()
    if _SECONDS.fullmatch(raw):
        return min(float(raw), _YEAR_S)
    try:
        until = parsedate_to_datetime(raw)
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(max((until - now).total_seconds(), 0.0), _YEAR_S)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


# -- how fast -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _LaneState:
    """Who waits (by party, the party whose turn it is first), how many are under way, when the last ones went."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    waiting: OrderedDict[str, deque[object]] = field(default_factory=OrderedDict)
    under_way: int = 0
    starts: deque[list[float]] = field(default_factory=lambda: deque(maxlen=_MOST_KEPT))  # a time each
    held_until: float = float("-inf")
    slowed: float = 1.0
    stated: Stated = field(default_factory=Stated)

    def next_at(self, limit: Limit) -> float:
        """When the next may go, by the rate that holds now: a new one counts at once."""
        # Never above the caller's own limit: it is what this key and address were promised, or what a
        # person chose; a header can come from a cache, a proxy or another pool. Below it, and up again.
        rate = min(limit.per_second, self.stated.per_second or limit.per_second)
        count, window_s = window(max(rate / self.slowed, _SLOWEST))
        newest = nlargest(count, (each for (each,) in self.starts))
        return max(newest[-1] + window_s if len(newest) == count else float("-inf"), self.held_until)

    def concurrency(self, limit: Limit) -> int:
        return min(limit.concurrency, self.stated.concurrency or limit.concurrency)

    def is_next(self, ticket: object, limit: Limit) -> bool:
        first = next(iter(self.waiting.values()))[0]
        return first is ticket and self.under_way < self.concurrency(limit)

    def join(self, party: str, ticket: object) -> None:
        self.waiting.setdefault(party, deque()).append(ticket)

    def leave(self, party: str, ticket: object) -> None:
        """The ticket is done waiting; the next turn is another party's."""
        queue = self.waiting[party]
        queue.remove(ticket)
        self.waiting.move_to_end(party)
        if not queue:
            del self.waiting[party]


class Pace:
    """The limiter of one process: no more requests in any second, and at once, than allowed, parties by turns.

    Within a party first come, first served. A party (a look-up beside a nightly run) waits for one
    request of every other party, however many they have in the queue.
    """

    def __init__(self, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._lanes: dict[Lane, _LaneState] = {}
        self._lock = threading.Lock()

    def _state(self, lane: Lane) -> _LaneState:
        with self._lock:
            return self._lanes.setdefault(lane, _LaneState())

    @contextmanager
    def slot(self, lane: Lane, limit: Limit, party: str) -> Iterator[Sent]:
        """Waits until `lane` has room; what is done inside counts as one request under way.

        Gives what is to be called when the request has gone out: on a busy machine that is later.
        """
        state = self._state(lane)
        start = self._enter(state, limit, party)

        def sent() -> None:
            with state.changed:
                start[0] = max(start[0], self._monotonic())

        try:
            yield sent
        finally:
            with state.changed:
                state.under_way -= 1
                state.changed.notify_all()

    def _enter(self, state: _LaneState, limit: Limit, party: str) -> list[float]:
        ticket = object()
        with state.changed:
            state.join(party, ticket)
            try:
                self._wait_for_turn(state, ticket, limit)
                state.under_way += 1
                # Waking up late by a hair each time must not add up to a slower pace.
                due, now = state.next_at(limit), self._monotonic()
                start = [due if now - due < _HAIR_S else now]
                state.starts.append(start)
            finally:
                state.leave(party, ticket)
                state.changed.notify_all()
        return start

    def _wait_for_turn(self, state: _LaneState, ticket: object, limit: Limit) -> None:
        """Called, and left, with the lock of the lane held; it is free while we sleep."""
        while True:
            while not state.is_next(ticket, limit):
                state.changed.wait()
            wait_s = state.next_at(limit) - self._monotonic()
            if wait_s <= 0:
                return
            state.changed.release()
            try:
                self._sleep(wait_s)
            finally:
                state.changed.acquire()

    def learn(self, lane: Lane, stated: Stated, *, too_many: bool) -> None:
        """Takes in an answer: its headers, and whether it said that we are too fast.

        Silence leaves things as they are. Too fast halves the rate, every other answer wins a part of it
        back: a slow-down that never ends has cost whole nights.
        """
        state = self._state(lane)
        with state.changed:
            before = state.stated
            state.stated = Stated(
                stated.per_second or before.per_second, stated.concurrency or before.concurrency
            )
            slowed = state.slowed * 2 if too_many else state.slowed / _REGAINED
            state.slowed = min(max(slowed, 1.0), _HALVINGS)
            state.changed.notify_all()
        if state.stated != before:
            _log.info(
                "%s/%s: limits stated: %s a second, %s at once",
                *lane,
                state.stated.per_second,
                state.stated.concurrency,
            )

    def hold(self, lane: Lane, seconds: float) -> None:
        """Nobody is let through for so long."""
        state = self._state(lane)
        with state.changed:
            state.held_until = max(state.held_until, self._monotonic() + seconds)


# -- whether at all -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Health:
    failures: int = 0  # exhausted requests in a row
    rests: int = 0  # how often it was left alone since it last answered
    until: float = 0.0
    why: Message | None = None
    refused: Message | None = None
    probing: bool = False


class Breaker:
    """Remembers which services are to be left alone: refused for good, deferred, or failing.

    After `after` exhausted requests in a row a service rests for `rest_s`, twice as long each time up to
    `longest_rest_s`; then one request alone may try, and any answer to it ends the matter.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        *,
        after: int = 5,
        rest_s: float = 60.0,
        longest_rest_s: float = 900.0,
    ) -> None:
        self._monotonic = monotonic
        self._after = after
        self._rest_s = rest_s
        self._longest_rest_s = longest_rest_s
        self._services: dict[str, _Health] = {}
        self._lock = threading.Lock()

    def admit(self, service: str) -> bool:
        """Lets a new request in; True if it is the one probe of a service that was left alone.

        Raises SourceRefused or SourceUnavailable at once for a service that is to be left alone.
        """
        with self._lock:
            health = self._services.setdefault(service, _Health())
            self._raise_if_closed(health)
            if health.rests and health.probing:
                raise SourceUnavailable(message("fetch-probing", service=service), self._rest_s)
            health.probing = health.rests > 0
            return health.probing

    def recheck(self, service: str) -> None:
        """Raises what `admit` would, for a request that was let in and has waited since."""
        with self._lock:
            self._raise_if_closed(self._services.setdefault(service, _Health()))

    def _raise_if_closed(self, health: _Health) -> None:
        if health.refused is not None:
            raise SourceRefused(health.refused)
        left_s = health.until - self._monotonic()
        if health.why is not None and left_s > 0:
            raise SourceUnavailable(health.why, left_s)

    def succeeded(self, service: str) -> None:
        """The service answered, whatever it said."""
        with self._lock:
            health = self._services[service]
            recovered, is_held = health.rests > 0, health.until > self._monotonic()
            health.failures, health.probing = 0, False
            if not is_held:  # an answer asked for before the service was closed opens nothing
                health.rests = 0
        if recovered and not is_held:
            _log.info("%s: answers again", service)

    def failed(self, service: str, hopeless: Message | None = None) -> None:
        """A request to the service was given up after all its attempts; `hopeless` is why others need not try."""
        with self._lock:
            health = self._services[service]
            health.failures += 1
            is_probe, health.probing = health.probing, False
            if health.until > self._monotonic() or not (
                is_probe or hopeless or health.failures >= self._after
            ):
                return
            health.rests += 1
            rest_s = min(self._rest_s * 2 ** min(health.rests - 1, 30), self._longest_rest_s)
            health.until = self._monotonic() + rest_s
            health.why = hopeless or message(
                "fetch-left-alone", service=service, failures=health.failures, seconds=round(rest_s)
            )
        _log.info("%s: %d requests failed in a row, left alone for %.0f s", service, health.failures, rest_s)

    def defer(self, service: str, seconds: float, why: Message | None = None) -> Message:
        """The service is to be left alone for longer than we wait, because it asks for it or `why`; the words for it."""
        why = why or message("fetch-deferred", service=service, seconds=round(seconds))
        with self._lock:
            health = self._services.setdefault(service, _Health())
            health.until, health.why = max(health.until, self._monotonic() + seconds), why
        _log.warning("%s: left alone for %.0f s: %s", service, seconds, why)
        return why

    def refuse(self, service: str, why: Message) -> None:
        """The service will not answer us: it is not asked again."""
        with self._lock:
            health = self._services.setdefault(service, _Health())
            is_news = health.refused is None
            health.refused = health.refused or why
        if is_news:
            _log.warning("%s: refused, not asked again: %s", service, why)

    def release(self, service: str) -> None:
        """The request ended in a way that says nothing of the service's health."""
        with self._lock:
            self._services[service].probing = False
