"""Every answer as it came, kept: compressed bodies under their hash, and who said them when, in one SQLite file.

    archive/replies.db              bodies, packed by Zstandard; replies, one row an answer; dictionaries

Answers of one service are alike: after the first of them a dictionary is trained, with which later ones take a quarter
less. Bodies are checked against their hash when they are read. What is given to the archive must hold no secret any
more: that is the Fetcher's affair. Earlier versions kept a file a body and a line an answer; those are read too.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
import zstandard
from msgspec import Struct

from harvester.earlier_archive import EarlierArchive, Entry
from harvester.errors import StoreError
from harvester.messages import message
from harvester.model import Identifier
from harvester.wire import Payload

FILE: Final = "replies.db"
_APPLICATION_ID: Final = 0x48525641  # "HRVA"
_VERSION: Final = 1
_BUSY_TIMEOUT_S: Final = 10.0
_LARGEST: Final = 256_000_000  # far above any cap of the Fetcher
# Measured on recorded answers: 3 packs to 0.18, 9 to 0.163, 12 to 0.162 of the bytes, at 300, 59 and 20 MB a second.
_LEVEL: Final = 9
_TRAINED_AT: Final = 64  # answers of a service from which its dictionary is made
_PIECE: Final = 16_384  # bytes of an answer that training looks at in one
_PIECES: Final = 4  # of an answer
_LARGEST_DICTIONARY: Final = 112_640
_SMALLEST_DICTIONARY: Final = 256
_TABLES: Final = """
CREATE TABLE dictionaries (
  dictionary_id INTEGER PRIMARY KEY, service TEXT NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE TABLE bodies (
  body_id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, size INTEGER NOT NULL,
  dictionary_id INTEGER REFERENCES dictionaries (dictionary_id), packed BLOB NOT NULL
) STRICT;
CREATE TABLE replies (
  reply_id INTEGER PRIMARY KEY, body_id INTEGER NOT NULL REFERENCES bodies (body_id),
  service TEXT NOT NULL, url TEXT NOT NULL, status INTEGER NOT NULL, content_type TEXT NOT NULL,
  retrieved_at TEXT NOT NULL, asked TEXT NOT NULL
) STRICT;
CREATE INDEX replies_body ON replies (body_id);
CREATE INDEX replies_retrieved ON replies (retrieved_at);
CREATE INDEX replies_service ON replies (service);
"""


class Held(Struct, frozen=True):
    """What the archive holds of one service: answers, their bytes as they came and as they lie here, the oldest time."""

    service: str
    replies: int
    size: int
    packed: int
    oldest: str


class Archive:
    """The archive in one folder. Safe for threads, and for several processes. Raises StoreError where the disk will not."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._earlier = EarlierArchive(folder)
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._dictionaries: dict[int, zstandard.ZstdCompressionDict] = {}

    def add(self, payload: Payload) -> str:
        """Keeps the answer; its SHA-256. A body that is there already is not written again."""
        digest = hashlib.sha256(payload.body).digest()
        with self._writing() as connection:
            body_id = self._body(connection, digest, payload)
            asked = msgspec.json.encode(payload.asked).decode()
            connection.execute(
                "INSERT INTO replies (body_id, service, url, status, content_type, retrieved_at, asked)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (body_id, payload.service, payload.url, payload.status, payload.content_type, payload.retrieved_at, asked),
            )  # fmt: skip
        return digest.hex()

    def read(self, sha256: str) -> bytes:
        """The body with this SHA-256.

        Raises StoreError if it is not there or is not what it was.
        """
        with self._reading() as connection:
            row = connection and self._row(connection, bytes.fromhex(sha256))
            body = self._unpacked(connection, *row[1:]) if connection and row else None
        body = body if body is not None else self._earlier.find(sha256)
        if body is None or hashlib.sha256(body).hexdigest() != sha256:
            key = "archive-damaged" if row or self._earlier.holds(sha256) else "archive-missing"
            raise StoreError(message(key, folder=self._folder, sha256=sha256))
        return body

    def entries(self) -> Iterator[Entry]:
        """Everything but the bodies, those of earlier versions first, then in the order in which it came."""
        yield from self._earlier.entries()
        query = (
            "SELECT service, url, status, content_type, retrieved_at, lower(hex(sha256)), asked FROM replies"
            " JOIN bodies USING (body_id) ORDER BY reply_id"
        )
        with self._reading() as connection:
            rows = connection.execute(query).fetchall() if connection else []
        for *said, asked in rows:
            names = ("service", "url", "status", "content_type", "retrieved_at", "sha256")
            identifiers = msgspec.json.decode(asked, type=tuple[Identifier, ...])
            yield Entry(**dict(zip(names, said, strict=True)), asked=identifiers)

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

    # -- upkeep --------------------------------------------------------------------------------------------

    def held(self) -> list[Held]:
        """What is held of every service, by name; a body that two services gave counts for both."""
        query = (
            "SELECT service, sum(replies), sum(size), sum(length(packed)), min(oldest) FROM (SELECT service, body_id,"
            " count(*) AS replies, min(retrieved_at) AS oldest FROM replies GROUP BY service, body_id)"
            " JOIN bodies USING (body_id) GROUP BY service ORDER BY service"
        )
        with self._reading() as connection:
            return [Held(*row) for row in connection.execute(query)] if connection else []

    def prune(self, before: str) -> int:
        """Forget the answers from before a time (ISO 8601), and bodies that nobody gave later; how many answers."""
        with self._writing() as connection:
            count = connection.execute("DELETE FROM replies WHERE retrieved_at < ?", (before,)).rowcount
            connection.execute("DELETE FROM bodies WHERE body_id NOT IN (SELECT body_id FROM replies)")
        with self._lock, _disk_errors(self._folder, "archive-write"):
            if count and self._connection is not None:
                self._connection.executescript(
                    "PRAGMA incremental_vacuum"
                )  # execute() would give back one page
        return count

    def take_in(self) -> int:
        """Bring the answers that an earlier version kept into the file, and remove their files; how many."""
        count = 0
        for entry in list(self._earlier.entries()):
            self.add(self.payload(entry))
            count += 1
        self._earlier.remove()
        return count

    def close(self) -> None:
        """Close the file; it is opened again where it is needed."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    # -- the file ------------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _disk_errors(self._folder, "archive-write"):
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """The file to read from; None where there is none yet."""
        with self._lock, _disk_errors(self._folder, "archive-read"):
            is_there = self._connection is not None or (self._folder / FILE).exists()
            yield self._opened() if is_there else None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._folder / FILE
            # What a library asks for is nobody else's affair: SQLite gives its other files the same mode.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            connection = sqlite3.connect(
                path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            try:
                _prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    # -- bodies --------------------------------------------------------------------------------------------

    def _row(self, connection: sqlite3.Connection, digest: bytes) -> tuple[int, bytes, int | None] | None:
        query = "SELECT body_id, packed, dictionary_id FROM bodies WHERE sha256 = ?"
        found: tuple[int, bytes, int | None] | None = connection.execute(query, (digest,)).fetchone()
        return found

    def _body(self, connection: sqlite3.Connection, digest: bytes, payload: Payload) -> int:
        """The number of the body, written unless a sound copy is there."""
        row = self._row(connection, digest)
        if row is not None and self._unpacked(connection, *row[1:]) == payload.body:
            return row[0]
        number = self._dictionary_for(connection, payload.service)
        packed = zstandard.ZstdCompressor(_LEVEL, dict_data=self._dictionary(connection, number)).compress(
            payload.body
        )
        said = (len(payload.body), number, packed)
        if row is not None:
            query = "UPDATE bodies SET size = ?, dictionary_id = ?, packed = ? WHERE body_id = ?"
            connection.execute(query, (*said, row[0]))
            return row[0]
        query = "INSERT INTO bodies (size, dictionary_id, packed, sha256) VALUES (?, ?, ?, ?)"
        return connection.execute(query, (*said, digest)).lastrowid or 0

    def _unpacked(self, connection: sqlite3.Connection, packed: bytes, number: int | None) -> bytes | None:
        """The body, None where it cannot be unpacked: a damaged one counts as none, so that it is replaced."""
        try:
            unpacker = zstandard.ZstdDecompressor(dict_data=self._dictionary(connection, number))
            return unpacker.decompress(packed, max_output_size=_LARGEST)
        except zstandard.ZstdError:
            return None

    def _dictionary(
        self, connection: sqlite3.Connection, number: int | None
    ) -> zstandard.ZstdCompressionDict | None:
        if number is not None and number not in self._dictionaries:
            query = "SELECT body FROM dictionaries WHERE dictionary_id = ?"
            row = connection.execute(query, (number,)).fetchone()
            self._dictionaries[number] = zstandard.ZstdCompressionDict(row[0] if row else b"")
        return None if number is None else self._dictionaries[number]

    def _dictionary_for(self, connection: sqlite3.Connection, service: str) -> int | None:
        """The dictionary of a service, trained as soon as there are enough answers; None before."""
        query = "SELECT dictionary_id FROM dictionaries WHERE service = ? ORDER BY dictionary_id DESC LIMIT 1"
        row = connection.execute(query, (service,)).fetchone()
        if row is not None:
            return int(row[0])
        count = connection.execute("SELECT count(*) FROM replies WHERE service = ?", (service,)).fetchone()[0]
        if count == 0 or count % _TRAINED_AT:
            return None
        query = (
            "SELECT packed, dictionary_id FROM bodies WHERE body_id IN"
            " (SELECT body_id FROM replies WHERE service = ? ORDER BY reply_id DESC LIMIT ?)"
        )
        kept = connection.execute(query, (service, _TRAINED_AT)).fetchall()
        body = _trained([one for row in kept if (one := self._unpacked(connection, *row))])
        if body is None:
            return None
        query = "INSERT INTO dictionaries (service, body) VALUES (?, ?)"
        return connection.execute(query, (service, body)).lastrowid


def _trained(bodies: Sequence[bytes]) -> bytes | None:
    """A dictionary for such bodies, a sixteenth of their size at most; None where they are too few or too small."""
    starts = range(0, _PIECE * _PIECES, _PIECE)
    pieces: list[bytes | bytearray | memoryview] = [
        piece for body in bodies for start in starts if (piece := body[start : start + _PIECE])
    ]
    size = min(_LARGEST_DICTIONARY, max(_SMALLEST_DICTIONARY, sum(map(len, pieces)) // 16))
    try:
        return zstandard.train_dictionary(size, pieces).as_bytes()
    except zstandard.ZstdError:
        return None


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # pruning gives the space back
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    if connection.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone()[0] < _VERSION:  # nobody was quicker
            for statement in _TABLES.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {_VERSION}")
        connection.execute("COMMIT")


@contextmanager
def _disk_errors(folder: Path, key: str) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        told = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise StoreError(message(key, folder=folder, error=told)) from error
