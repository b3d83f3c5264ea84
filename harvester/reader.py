"""Reading a document in a process of its own, on another core, while this one stores what was read.

The other process parses, and works out all that follows from a record alone (`Prepared`); what the library knows already is
sent bare. Batches come through a pipe, so neither side runs far ahead of the other, and both end where one of them does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, Final

import msgspec
from msgspec import Struct

from harvester.collecting import seldom_collecting
from harvester.documents import Item, opened, recognise
from harvester.messages import Message
from harvester.model import Identifier, Record
from harvester.oddities import oddities
from harvester.pipes import cores, received, send
from harvester.prepared import Prepared, pack, prepare, unpack
from harvester.store import CHECKED_POLICY, said_before
from harvester.wire import Context, Skip

BATCH: Final = 500  # records a transaction
# Starting another process takes half a second, as long as some 300 records.
_LARGE_BYTES: Final = 4_000_000
# Reading and preparing take longer than storing: one of so many records is left to whoever stores, so that both have as much to do.
_LEFT_OVER: Final = 2


class Batch(Struct):
    """A piece of a document: its records, what was skipped, and identifiers that are only listed."""

    records: list[Record | Prepared]
    skips: list[Skip]
    identifiers: list[Identifier]

    def with_(self, later: Batch) -> Batch:
        """The batch and a later one as one."""
        return Batch(
            self.records + later.records, self.skips + later.skips, self.identifiers + later.identifiers
        )


class ReaderDiedError(Exception):
    """The other process ended before the document did; `signal` is what ended it, or None."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.signal = signal.Signals(-exit_code).name if exit_code < 0 else None


def read_here(items: Iterable[Item]) -> Generator[Batch, None, None]:
    """`items` in batches, with a remark on each odd value of a record."""
    rest = iter(items)
    while piece := list(islice(rest, BATCH)):
        records = [one for one in piece if isinstance(one, Record)]
        odd = (Skip(one.document or "", why, fatal=False) for one in records for why in oddities(one))
        yield Batch(
            [*records],
            [*(one for one in piece if isinstance(one, Skip)), *odd],
            [one for one in piece if isinstance(one, Identifier)],
        )


def is_worth_it(name: str) -> bool:
    """Whether a document is so large, and a second core at hand, that another process gains more than its start costs."""
    if name == "-" or not sys.executable or cores() < 2:
        return False
    with suppress(OSError):
        return Path(name).stat().st_size >= _LARGE_BYTES
    return False


def read_elsewhere(name: str, context: Context, library: Path) -> Generator[Batch, None, None]:
    """The batches of a document that another process reads.

    Raises OSError where that one cannot read it, ReaderDiedError where it ends early.
    """
    command = [sys.executable, "-P", "-m", "harvester.reader", name, context.retrieved_at, str(library)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as other:  # noqa: S603  ourselves
        try:
            if other.stdout is not None:
                yield from _received(other.stdout)
        except EOFError:
            raise ReaderDiedError(other.wait()) from None
        finally:
            other.terminate()


# -- what goes through the pipe --------------------------------------------------------------------------------------


def _received(pipe: IO[bytes]) -> Iterator[Batch]:
    """The batches up to the end that was told; EOFError where none was."""
    while True:
        told = received(pipe)
        if told is None:
            return
        if isinstance(told, OSError):
            raise told
        records, skips, identifiers = told
        yield Batch(
            [unpack(one) if is_new else _DECODER.decode(one) for is_new, one in records], skips, identifiers
        )


_DECODER: Final = msgspec.msgpack.Decoder(Record)


# -- the other process -----------------------------------------------------------------------------------------------


@seldom_collecting()
def main(name: str, retrieved_at: str, library: str) -> None:
    """Read a document and write its batches to standard output, until that is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever stores: the pipe tells us
    out = sys.stdout.buffer
    with suppress(BrokenPipeError):
        try:
            for batch in _batches(name, retrieved_at, library):
                send(out, batch)
            send(out, None)
        except BrokenPipeError:
            raise
        except OSError as error:
            send(out, error)
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())  # what is left in the buffer has nowhere to go


def _batches(
    name: str, retrieved_at: str, library: str
) -> Iterator[tuple[list[tuple[bool, bytes]], list[Skip], list[Identifier]]]:
    with opened(name) as stream, said_before(Path(library)) as is_known:
        found = recognise(stream)
        if isinstance(found, Message):
            return
        context = Context(Path(name).name, retrieved_at)
        for batch in read_here(found.format.parse(found.text, context)):
            records = [one for one in batch.records if isinstance(one, Record)]
            packed = [
                (False, msgspec.msgpack.encode(one))
                if number % _LEFT_OVER == 0 or is_known(one)
                else (True, pack(prepare(one, CHECKED_POLICY)))
                for number, one in enumerate(records)
            ]
            yield packed, batch.skips, batch.identifiers


if __name__ == "__main__":
    main(*sys.argv[1:])
