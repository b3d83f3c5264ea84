"""The world that the Fetcher meets, as something tests can replace, and its patience with it."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from harvester.wire import Payload

MOST_ATTEMPTS: Final = 6


class FetchPolicy(Struct, frozen=True, kw_only=True):
    """How patient and how careful the Fetcher is; seconds and bytes.

    `explained` names services that say in the body of a 402, 403 or 429 what they mean by it: their reader
    raises it.
    """

    allow_private: bool = False  # base hosts may be on loopback or the own network (stand-ins)
    attempts: int = MOST_ATTEMPTS  # more are not made, whatever is said here
    connect_s: float = 10.0
    read_s: float = 30.0  # between two pieces of an answer
    deadline_s: float = 60.0  # one exchange, from dialling to the last byte
    max_wait_s: float = 240.0  # one fetch with all its attempts; the limiter's queue is not counted
    run_s: float = 0.0  # the Fetcher's whole life; after it nothing is sent any more (0: no end)
    backoff_s: float = 1.0  # doubled with each attempt
    longest_backoff_s: float = 60.0
    retry_after_cap_s: float = 120.0
    size_cap: int = 20_000_000
    redirects: int = 5
    breaker_after: int = 5
    explained: Mapping[str, Callable[[Payload], object]] = {}
    proxy: str | None = None  # those of the environment are not used

    def backoff(self, attempt: int, chance: float) -> float:
        """Seconds after the attempt of this number: full jitter, but never next to nothing."""
        ceiling = min(self.backoff_s * 2.0**attempt, self.longest_backoff_s)
        return max(ceiling * chance, self.backoff_s / 2)


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class Outside(Struct, frozen=True, kw_only=True):
    """Clock, chance and names.

    `sleep` None is a sleep that `Fetcher.stop` ends; `random` is in [0, 1); `resolve(host, port)` gives
    every IP address of a host.
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] | None = None
    random: Callable[[], float] = random.random
    resolve: Callable[[str, int], list[str]] = _resolve


class Deadline(threading.local):
    """When the exchange of this thread must be over, whatever trickles in until then."""

    at = float("inf")

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic

    def cut(self, timeout_s: float | None, late: type[Exception]) -> float:
        """The timeout of one operation, shortened to what is left; raises `late` if nothing is."""
        left_s = self.at - self._monotonic()
        if left_s <= 0:
            raise late
        return left_s if timeout_s is None else min(timeout_s, left_s)
