"""What goes wrong with the library file, told with what to do about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harvester.errors import StoreError
from harvester.messages import message


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """SQLite's and the disk's errors as StoreError, with what to do."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(message(_message_of(error), path=path, error=error)) from error


def _message_of(error: Exception) -> str:
    said = str(error).lower()
    keys = {
        "not a database": "store-no-database",
        "malformed": "store-corrupt",
        "locked": "store-locked",
        "full": "store-full",
        "no space": "store-full",
        "readonly": "store-read-only",
        "permission": "store-read-only",
        "unable to open": "store-unreadable",
    }
    return next((key for sign, key in keys.items() if sign in said), "store-error")
