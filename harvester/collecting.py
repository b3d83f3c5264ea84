"""Rest for the garbage collector while many records pass.

They are freed as soon as nobody holds them, and hold each other in no circles; but what stays (dictionaries, tables of
characters) is so large that looking through it again and again takes a fifth of a load.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SELDOM: Final = (100_000, 20, 100)


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Within it, circles are looked for seldom, and only among what was made within it."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def never_collecting() -> Iterator[None]:
    """Within it, no circles are looked for, and never among what was made within it: for large things that stay."""
    is_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if is_on:
            gc.enable()
