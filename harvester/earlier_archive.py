"""The archive as earlier versions kept it, to be read: a file a body, a line an answer.

archive/index.jsonl             one line an answer
archive/ab/cdef....gz           the body whose SHA-256 is abcdef...
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from harvester.errors import StoreError
from harvester.inflate import Damaged, TooLarge, inflate
from harvester.messages import Message, message
from harvester.model import Identifier

_LARGEST: Final = 256_000_000  # a file that unpacks to more is not ours


class Entry(Struct, frozen=True, kw_only=True):
    """Everything of an answer but its body."""

    service: str
    url: str
    status: int
    content_type: str
    retrieved_at: str
    sha256: str
    asked: tuple[Identifier, ...] = ()


class EarlierArchive:
    """What lies in a folder from before there was one file for all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = folder / "index.jsonl"

    def entries(self) -> Iterator[Entry]:
        """The index, oldest first; a line that a crash cut off is passed over."""
        try:
            with self._index.open("rb") as lines:
                for line in lines:
                    with suppress(msgspec.DecodeError):
                        yield msgspec.json.decode(line, type=Entry)
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(self._unreadable(error)) from error

    def find(self, sha256: str) -> bytes | None:
        """The body, None where it is not there or is not what it was."""
        try:
            body = inflate((self._path(sha256).read_bytes(),), "gzip", _LARGEST)
        except (FileNotFoundError, NotADirectoryError, Damaged, TooLarge):
            return None
        except OSError as error:
            raise StoreError(self._unreadable(error)) from error
        return body if hashlib.sha256(body).hexdigest() == sha256 else None

    def holds(self, sha256: str) -> bool:
        """Whether there is a file of that name, damaged or not."""
        return self._path(sha256).exists()

    def remove(self) -> None:
        """Remove all files of the index, then the index: they lie elsewhere now."""
        for entry in list(self.entries()):
            self._path(entry.sha256).unlink(missing_ok=True)
            with suppress(OSError):
                self._path(entry.sha256).parent.rmdir()
        self._index.unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256[2:]}.gz"

    def _unreadable(self, error: OSError) -> Message:
        return message("archive-read", folder=self._folder, error=error.strerror or type(error).__name__)
