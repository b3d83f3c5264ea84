"""How the sample service shall behave, and what it was asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

ServiceName = Literal[
    "crossref",
    "semanticscholar",
    "doi",
    "datacite",
    "openalex",
    "pubmed",
    "unpaywall",
    "europepmc",
    "opencitations",
    "medra",
    "jalc",
    "doaj",
    "wikidata",
    "ncbi_idconv",
]
Wait = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A fault for the first `times` requests (None: all) of a service that have `when` in their address or body."""

    service: ServiceName
    word: str
    when: str = ""
    times: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """How the sample service shall behave.

    `latency_s` is waited before every answer, give or take a fifth of it by `seed`.
    `limits` scales the documented rates: 1 as documented, 10 ten times as fast, 0 as good as none; the
    headers say what is in force.
    `keyless` is what Semantic Scholar does for callers without a key: answers them ("open"), refuses them
    with 429 ("busy", what one meets most of the time), or either by chance ("mixed").
    `faults` are words of `faults.py`, by service, one for each admitted request in turn ("ok" in between);
    when they are used up, and everywhere else, `fault_rate` of the answers goes wrong by chance of `seed`.
    `standing` has a word for every answer of a service, for as long as it is there: a test may put it in and
    take it out; "captcha when=abc" is for requests with "abc" in their address or body.
    `rules` go before the listed faults; the first that is meant for a request and not used up has its word.
    `latencies` are waited in place of `latency_s`, by service; of `quotas` as many requests of a service are
    answered, every further one gets 429.
    `wait` is how a late answer lets time pass (seconds).
    `generated` works are known beside the written ones: see `generated_doi`.
    `corpus` is a folder with recorded replies (bulk/crossref.jsonl.gz ...), read at the first need.
    """

    latency_s: float = 0.0
    seed: int = 0
    limits: float = 1.0
    keyless: Literal["open", "busy", "mixed"] = "open"
    keys: frozenset[str] = frozenset({"sample-key"})  # of Semantic Scholar, OpenAlex and PubMed
    plus_tokens: frozenset[str] = frozenset({"sample-token"})  # for Crossref-Plus-API-Token
    faults: Mapping[ServiceName, Sequence[str]] = field(default_factory=dict)
    fault_rate: float = 0.0
    standing: dict[ServiceName, str] = field(default_factory=dict)
    rules: Sequence[Rule] = ()
    latencies: Mapping[ServiceName, float] = field(default_factory=dict)
    quotas: Mapping[ServiceName, int] = field(default_factory=dict)
    wait: Wait = asyncio.sleep
    generated: int = 0
    corpus: Path | None = None


class Asked(NamedTuple):
    """One request as it came, and how it was answered (0: past the rules of HTTP)."""

    endpoint: str
    method: str
    target: str  # path and query, as sent
    user_agent: str
    status: int
    body: str = ""


class Ledger:
    """What a service was asked, in order; `requests` counts by endpoint, `statuses` by endpoint and status.

    `times` are of the first request of each endpoint and of its last answer, in seconds of the epoch.

    Endpoints: "crossref single", "crossref list", "crossref agency", "s2 single", "s2 batch", "s2 match",
    "doi ra", "doi handle", "doi redirect", "doi metadata", "datacite single", "datacite list",
    "openalex single", "openalex list", "pubmed search", "pubmed fetch",
    "unpaywall single", "europepmc search", "opencitations count", "opencitations meta",
    "medra single", "jalc single", "doaj search", "wikidata query", "idconv list".
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.requests: Counter[str] = Counter()
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.times: dict[str, tuple[float, float]] = {}

    def add(self, asked: Asked, *, came_at: float = 0.0, answered_at: float = 0.0) -> None:
        first_at, last_at = self.times.get(asked.endpoint, (came_at, answered_at))
        self.times[asked.endpoint] = min(first_at, came_at), max(last_at, answered_at)
        self.asked.append(asked)
        self.requests[asked.endpoint] += 1
        self.statuses[asked.endpoint, asked.status] += 1
