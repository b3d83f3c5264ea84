"""Reading the answers of services in a process of its own, on another core, while this one asks and stores.

The other process parses, and works out what follows from each record alone (`Prepared`). It answers one question after
another; what it cannot answer (an answer that is none, a defect) is read again here, where its errors belong.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from harvester.collecting import seldom_collecting
from harvester.model import Record
from harvester.pipes import cores, received, send
from harvester.prepared import Prepared, pack, prepare, unpack
from harvester.sources import SOURCES
from harvester.store import CHECKED_POLICY
from harvester.wire import Page, Payload, Source

# Starting another process takes half a second of the other core, as long as reading and preparing some 500 records.
_MANY: Final = 1000


class Read(Struct):
    """What an answer says, and its records as they are stored."""

    page: Page
    records: Sequence[Record | Prepared]


class Elsewhere:
    """The other process. One question at a time."""

    def __init__(self, *, is_alone: bool) -> None:
        self.process: subprocess.Popen[bytes] | None = subprocess.Popen(  # noqa: S603  ourselves
            [sys.executable, "-P", "-m", "harvester.elsewhere", "alone" if is_alone else "together"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def read(self, source: Source, payload: Payload) -> Read | None:
        """What an answer of `source` says; None where it must be read here."""
        if self.process is None or source not in SOURCES:
            return None
        try:
            told = self._ask(self.process, source.name, payload)
        except (EOFError, OSError):
            self.close()
            return None
        if told is None:
            return None
        page, packed = told
        records = [unpack(one) for one in packed]
        return Read(replace(page, records=tuple(one.record for one in records)), records)

    def _ask(
        self, process: subprocess.Popen[bytes], name: str, payload: Payload
    ) -> tuple[Page, list[bytes]] | None:
        if process.stdin is None or process.stdout is None:
            raise EOFError
        send(process.stdin, (name, payload))
        told: tuple[Page, list[bytes]] | None = received(process.stdout)
        return told

    def close(self) -> None:
        """End it; from now on everything is read here."""
        process, self.process = self.process, None
        if process is not None:
            with suppress(OSError):
                process.terminate()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            process.wait()


@contextmanager
def reading_elsewhere(questions: int, *, is_alone: bool) -> Iterator[Elsewhere | None]:
    """Another process that reads, where so many identifiers are asked for that it is worth its start, and a core free.

    `is_alone`: only one service is asked, so that most works are what one record makes of them.
    """
    if questions < _MANY or not sys.executable or cores() < 2:
        yield None
        return
    other = Elsewhere(is_alone=is_alone)
    try:
        yield other
    finally:
        other.close()


# -- the other process -----------------------------------------------------------------------------------------------


def _told(source: Source, payload: Payload, *, is_alone: bool) -> tuple[Page, list[bytes]] | None:
    try:
        page = source.parse(payload)
        packed = [pack(prepare(one, CHECKED_POLICY, is_alone=is_alone)) for one in page.records]
    except Exception:  # noqa: BLE001  whoever asked reads it too, and gets the same
        return None
    return replace(page, records=()), packed


@seldom_collecting()
def main(kind: str) -> None:
    """Answer questions on standard input until that is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever stores: the pipe tells us
    sources = {one.name: one for one in SOURCES}
    with suppress(EOFError, BrokenPipeError):
        while True:
            name, payload = received(sys.stdin.buffer)
            send(sys.stdout.buffer, _told(sources[name], payload, is_alone=kind == "alone"))
    os._exit(0)  # the dictionary need not be taken apart


if __name__ == "__main__":
    main(*sys.argv[1:])
