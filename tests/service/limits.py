"""Rates and concurrency, counted per caller and pool, as a gate that opens or does not.

Crossref's figures are those in force since 2025-12-01; Semantic Scholar allows one request a second with a
key, over all its endpoints together. DataCite counts in five minutes, OpenCitations in one.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

# A second is judged by when requests arrive: a twentieth of it is the network's, not the caller's.
WINDOW_S = 0.95


class Allowance(NamedTuple):
    """Requests in any window of time (a second), and at once (None: as many as one likes)."""

    requests: int
    concurrency: int | None
    window_s: float = WINDOW_S


PUBLIC_SINGLE = Allowance(5, 1)
PUBLIC_ARRAY = Allowance(1, 1)
POLITE_SINGLE = Allowance(10, 3)
POLITE_ARRAY = Allowance(3, 3)
PLUS = Allowance(150, None)
KEYED = Allowance(1, None)
DATACITE_ANONYMOUS = Allowance(500, None, 300)
DATACITE_IDENTIFIED = Allowance(1000, None, 300)
OPENALEX = Allowance(100, None)
PUBMED = Allowance(3, None)
PUBMED_KEYED = Allowance(10, None)
OPENCITATIONS = Allowance(180, None, 60)
UNLIMITED = Allowance(100_000, 1000)


def scaled(allowance: Allowance, factor: float) -> Allowance:
    """The same allowance `factor` times as fast, at least one in its window; with factor 0 as good as none."""
    if not factor:
        return UNLIMITED
    return allowance._replace(requests=max(1, round(allowance.requests * factor)))


class Gate:
    """One caller in one pool."""

    def __init__(self, allowance: Allowance) -> None:
        self.allowance = allowance
        self.under_way = 0
        self.admitted: deque[float] = deque()

    def enter(self, now_s: float) -> bool:
        """Whether the request may come in; refused ones do not count."""
        left = self.left(now_s)
        concurrency = self.allowance.concurrency
        if concurrency is not None and self.under_way >= concurrency:
            return False
        if not left:
            return False
        self.admitted.append(now_s)
        self.under_way += 1
        return True

    def left(self, now_s: float) -> int:
        """How many more requests the window holds."""
        while self.admitted and now_s - self.admitted[0] >= self.allowance.window_s:
            self.admitted.popleft()
        return self.allowance.requests - len(self.admitted)

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
