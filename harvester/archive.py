"""Every answer as it came, kept: content-addressed files and an index of who said it when.

    archive/index.jsonl             one line an answer, only ever appended to
    archive/ab/cdef....gz           the body whose SHA-256 is abcdef..., written once

Files appear whole or not at all (written aside, then renamed) and are checked against their name when
read. What is given to it must hold no secret any more: that is the Fetcher's affair.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from harvester.errors import StoreError
from harvester.inflate import Damaged, TooLarge, inflate
from harvester.messages import message
from harvester.model import Identifier
from harvester.wire import Payload

_LARGEST: Final = 256_000_000  # far above any cap of the Fetcher; a file that unpacks to more is not ours


class Codec(NamedTuple):
    """One way to pack bodies, known by the suffix of its files."""

    suffix: str
    pack: Callable[[bytes], bytes]
    unpack: Callable[[bytes], bytes]


GZIP: Final = Codec(
    suffix=".gz",
    pack=lambda body: gzip.compress(body, compresslevel=6, mtime=0),
    unpack=lambda packed: inflate((packed,), "gzip", _LARGEST),
)


class Entry(Struct, frozen=True, kw_only=True):
    """One line of the index: everything of an answer but its body."""

    service: str
    url: str
    status: int
    content_type: str
    retrieved_at: str
    sha256: str
    asked: tuple[Identifier, ...] = ()


class Archive:
    """The archive in one folder. Safe for threads, and for several processes that append.

    The first codec packs; files of any of them are read. Raises StoreError where the disk will not.
    """

    def __init__(self, folder: Path, codecs: tuple[Codec, ...] = (GZIP,)) -> None:
        self._folder = folder
        self._codecs = codecs
        self._index = folder / "index.jsonl"
        self._lock = threading.Lock()

    def add(self, payload: Payload) -> str:
        """Keeps the answer; its SHA-256. A body that is there already is not written again."""
        sha256 = hashlib.sha256(payload.body).hexdigest()
        entry = Entry(
            service=payload.service,
            url=payload.url,
            status=payload.status,
            content_type=payload.content_type,
            retrieved_at=payload.retrieved_at,
            sha256=sha256,
            asked=payload.asked,
        )
        try:
            if self._find(sha256) is None:
                self._write(sha256, payload.body)
            with self._lock:
                self._append(msgspec.json.encode(entry))
        except OSError as error:
            raise StoreError(
                message("archive-write", folder=self._folder, error=error.strerror or type(error).__name__)
            ) from error
        return sha256

    def read(self, sha256: str) -> bytes:
        """The body with this SHA-256.

        Raises StoreError if it is not there or is not what it was.
        """
        try:
            body = self._find(sha256)
            is_there = any(self._path(sha256, codec).exists() for codec in self._codecs)
        except OSError as error:
            raise StoreError(
                message("archive-read", folder=self._folder, error=error.strerror or type(error).__name__)
            ) from error
        if body is None:
            key = "archive-damaged" if is_there else "archive-missing"
            raise StoreError(message(key, folder=self._folder, sha256=sha256))
        return body

    def entries(self) -> Iterator[Entry]:
        """The index, oldest first; a line that a crash cut off is passed over."""
        try:
            with self._index.open("rb") as lines:
                for line in lines:
                    try:
                        yield msgspec.json.decode(line, type=Entry)
                    except msgspec.DecodeError:
                        continue
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(
                message("archive-read", folder=self._folder, error=error.strerror or type(error).__name__)
            ) from error

    def payload(self, entry: Entry) -> Payload:
        """The answer of this entry, as the Fetcher gave it, ready for its source's parser."""
        return Payload(
            service=entry.service,
            url=entry.url,
            status=entry.status,
            content_type=entry.content_type,
            body=self.read(entry.sha256),
            retrieved_at=entry.retrieved_at,
            asked=entry.asked,
        )

    def _path(self, sha256: str, codec: Codec) -> Path:
        return self._folder / sha256[:2] / (sha256[2:] + codec.suffix)

    def _find(self, sha256: str) -> bytes | None:
        """The body, if a sound copy is there: a damaged one counts as none, so that it is replaced."""
        for codec in self._codecs:
            try:
                body = codec.unpack(self._path(sha256, codec).read_bytes())
            except (FileNotFoundError, Damaged, TooLarge):
                continue
            if hashlib.sha256(body).hexdigest() == sha256:
                return body
        return None

    def _write(self, sha256: str, body: bytes) -> None:
        path = self._path(sha256, self._codecs[0])
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp gives mode 0600: what a library asks for is nobody else's affair.
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".aside-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(self._codecs[0].pack(body))
                file.flush()
                os.fsync(file.fileno())
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise

    def _append(self, line: bytes) -> None:
        """One line in one write, so that several processes do not mix theirs."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
        descriptor = os.open(self._index, flags, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            is_cut_off = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            whole = (b"\n" if is_cut_off else b"") + line + b"\n"
            if os.write(descriptor, whole) != len(whole):
                raise OSError(0, "short write")
        finally:
            os.close(descriptor)
