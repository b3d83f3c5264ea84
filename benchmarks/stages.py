"""Where our CPU time goes while records are taken in: sampled, so that nothing that runs is slowed down.

Some five hundred times a CPU second it is asked what runs; the innermost frame that belongs to a stage has the CPU time since it was
asked last. A long call of SQLite or msgspec cannot be interrupted, so its time falls to whoever called it.
"""

from __future__ import annotations

import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import CodeType, FrameType
from typing import Final

_EVERY_S: Final = 0.002
OTHER: Final = "other"
# Functions before modules: what a module does for another stage is that stage's.
_STAGES: Final[dict[str, tuple[str, ...]]] = {
    "reading": (
        "formats", "sources", "documents", "charset", "reader", "oddities", "names", "markup",
    ),
    "checking translations": ("judging", "quality", "translation", "likeness", "alignment", "beads", "lexicon"),
    "describing": ("descriptions", "features", "blocking", "title_keys", "author_keys", "container_keys", "locus_keys"),
    "matching": (
        "filing._link", "filing._forget", "filing.kind_of", "uniting", "match", "evidence", "duplicates", "shared_dois",
        "shared_rows", "rebuild._component", "rebuild._linked", "rebuild._groups",
    ),
    "merging": ("merge", "policy", "authorship", "relations", "overrides"),
    "rows": ("rows", "sections", "extras", "name_words"),
    "SQLite": ("filing", "rebuild", "store", "writing", "journal_rows", "ledger", "history"),
}  # fmt: skip
STAGES: Final = (*_STAGES, OTHER)
_STAGE_OF: Final = {f"harvester.{name}": stage for stage, names in _STAGES.items() for name in names}


class Sampled:
    """CPU seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._last_s = time.process_time()

    def take(self, _: int, frame: FrameType | None) -> None:
        """Give the time since the last sample to what runs; a handler of signals."""
        now_s = time.process_time()
        self.seconds[_stage_of(frame)] += now_s - self._last_s
        self._last_s = now_s


def _stage_of(frame: FrameType | None) -> str:
    while frame is not None:
        stage = _stage_of_code(frame.f_code, frame.f_globals.get("__name__", ""))
        if stage is not None:
            return stage
        frame = frame.f_back
    return OTHER


@cache
def _stage_of_code(code: CodeType, module: str) -> str | None:
    """The stage of a function, by itself or by its module; of a module in a package by that."""
    function = f"{module}.{code.co_qualname.partition('.')[0]}"
    package = ".".join(module.split(".")[:2])
    return _STAGE_OF.get(function) or _STAGE_OF.get(package)


@contextmanager
def sampled() -> Iterator[Sampled]:
    """The CPU seconds of this thread, stage by stage, until the `with` block ends."""
    found = Sampled()
    before = signal.signal(signal.SIGPROF, found.take)
    signal.setitimer(signal.ITIMER_PROF, _EVERY_S, _EVERY_S)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        found.take(0, None)
