"""Rates and concurrency, counted per caller and pool, as a gate that opens or does not.

Crossref's figures are those in force since 2025-12-01; Semantic Scholar allows one request a second with a
key, over all its endpoints together.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

# A second is judged by when requests arrive: a twentieth of it is the network's, not the caller's.
WINDOW_S = 0.95


class Allowance(NamedTuple):
    """Requests in any second, and at once (None: as many as one likes)."""

    per_second: int
    concurrency: int | None


PUBLIC_SINGLE = Allowance(5, 1)
PUBLIC_ARRAY = Allowance(1, 1)
POLITE_SINGLE = Allowance(10, 3)
POLITE_ARRAY = Allowance(3, 3)
PLUS = Allowance(150, None)
KEYED = Allowance(1, None)
UNLIMITED = Allowance(100_000, 1000)


def scaled(allowance: Allowance, factor: float) -> Allowance:
    """The same allowance `factor` times as fast, at least one a second; with factor 0 as good as none."""
    if not factor:
        return UNLIMITED
    return Allowance(max(1, round(allowance.per_second * factor)), allowance.concurrency)


class Gate:
    """One caller in one pool."""

    def __init__(self, allowance: Allowance) -> None:
        self.allowance = allowance
        self.under_way = 0
        self.admitted: deque[float] = deque()

    def enter(self, now_s: float) -> bool:
        """Whether the request may come in; refused ones do not count."""
        while self.admitted and now_s - self.admitted[0] >= WINDOW_S:
            self.admitted.popleft()
        concurrency = self.allowance.concurrency
        if concurrency is not None and self.under_way >= concurrency:
            return False
        if len(self.admitted) >= self.allowance.per_second:
            return False
        self.admitted.append(now_s)
        self.under_way += 1
        return True

    def leave(self) -> None:
        self.under_way -= 1


class Gates:
    """The gates of all callers of one service."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self._gates: dict[tuple[str, str], Gate] = {}

    def gate(self, pool: str, caller: str, allowance: Allowance) -> Gate:
        """The gate of one caller in one pool."""
        return self._gates.setdefault((pool, caller), Gate(scaled(allowance, self.scale)))
