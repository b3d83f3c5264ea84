"""A scenario in a file, for `python -m tests.service --scenario FILE.toml`.

Every key may be left out; an unknown one, or a fault that is none, is refused by name:

    latency_s = 0.05            # before every answer, give or take a fifth
    seed = 7                    # of everything that goes by chance
    limits = 1.0                # 1 as documented, 10 ten times as fast, 0 as good as none
    keyless = "mixed"           # Semantic Scholar without a key: open, busy, mixed
    keys = ["sample-key"]       # that Semantic Scholar, OpenAlex and PubMed take
    fault_rate = 0.02           # share of the answers that go wrong by chance
    generated = 1000            # works beside the written ones
    corpus = "../recorded"      # a folder of recorded replies, seen from the file

    [latencies]                 # by service, in place of latency_s
    semanticscholar = 0.8

    [quotas]                    # so many requests are answered, every further one gets 429
    openalex = 100

    [faults]                    # words of faults.py by service, one for each answer in turn
    crossref = ["ok", "503 retry-after=1"]

    [[rule]]                    # a word for the requests that have `when` in their address or body
    service = "datacite"
    when = "10.5555.1/data"     # a path, a DOI; left out: all requests of the service
    word = "captcha"
    times = 2                   # so often; left out: always
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from tests.service import faults
from tests.service.scenario import Rule, Scenario, ServiceName


class _File(msgspec.Struct, forbid_unknown_fields=True):
    latency_s: float = 0.0
    seed: int = 0
    limits: float = 1.0
    keyless: Literal["open", "busy", "mixed"] = "open"
    keys: frozenset[str] = frozenset({"sample-key"})
    fault_rate: float = 0.0
    generated: int = 0
    corpus: str | None = None
    latencies: dict[ServiceName, float] = {}
    quotas: dict[ServiceName, int] = {}
    faults: dict[ServiceName, list[str]] = {}
    rule: list[Rule] = []


def read_scenario(path: Path) -> Scenario:
    """The scenario that a file describes. Raises ValueError that names the file and what is wrong in it."""
    try:
        told = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
        for service, words in told.faults.items():
            for word in words:
                faults.check(word, service)
        for rule in told.rule:
            faults.check(rule.word, rule.service)
    except ValueError as wrong:
        raise ValueError(f"{path}: {wrong}") from wrong
    values = {name: getattr(told, name) for name in told.__struct_fields__ if name not in ("corpus", "rule")}
    return Scenario(
        **values, rules=tuple(told.rule), corpus=path.parent / told.corpus if told.corpus else None
    )
