"""Signals that are heard, whatever the main thread is waiting for.

Python runs a handler in the main thread only, and only when that comes round to it. A signal that falls
between the last look and the start of a wait stays unseen until the wait ends, and what a handler raises
inside a finaliser is swallowed. So a thread that the signal itself wakes calls again until it was heard.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

_AGAIN_S: Final = 1.0  # longer than rolling back what is under way takes


class Terminated(BaseException):
    """SIGTERM came."""


@contextmanager
def heard() -> Iterator[None]:
    """Inside, SIGTERM raises Terminated as SIGINT raises KeyboardInterrupt, and neither gets lost.

    For the main thread, once in a process.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    over = threading.Event()
    signal.signal(signal.SIGTERM, _terminated)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    threading.Thread(target=_insist, args=(reading, over), name="signals", daemon=True).start()
    try:
        yield
    finally:
        over.set()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        os.close(writing)


def _terminated(*_: object) -> NoReturn:
    raise Terminated


def _insist(reading: int, over: threading.Event) -> None:
    main = threading.main_thread().ident or 0
    while number := os.read(reading, 1):
        while number[0] in {signal.SIGINT, signal.SIGTERM} and not over.wait(_AGAIN_S):
            signal.pthread_kill(main, number[0])
    os.close(reading)
