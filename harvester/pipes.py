"""What goes between this process and another one of ours that works beside it, on another core."""

from __future__ import annotations

import os
import pickle
from typing import IO, Any, BinaryIO, Final

_LENGTH_BYTES: Final = 8


def cores() -> int:
    """How many this process may use; not every system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def send(out: BinaryIO | IO[bytes], what: object) -> None:
    """Write `what` for the other side. Raises BrokenPipeError where that is gone."""
    data = pickle.dumps(what, protocol=5)
    out.write(len(data).to_bytes(_LENGTH_BYTES, "big"))
    out.write(data)
    out.flush()


def received(pipe: IO[bytes]) -> Any:
    """What the other side sent; waits for it. Raises EOFError where that has ended."""
    size = int.from_bytes(_exactly(pipe, _LENGTH_BYTES), "big")
    return pickle.loads(_exactly(pipe, size))  # noqa: S301  from our own process


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
