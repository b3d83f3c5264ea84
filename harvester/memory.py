"""The translation memory: no text is paid for twice, and no budget is overrun, whatever is killed when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from harvester.engines.shapes import Engine, Job, settings_hash
from harvester.store import Library
from harvester.text import text_hash

_CHUNK: Final = 400


class Entry(Struct, frozen=True):
    """One segment and what an engine made of it."""

    source_language: str
    source_text: str
    target: str
    text: str
    engine: str
    model: str
    created_at: str


class Memory:
    """What one engine with one model and one wording has translated, and what that cost this month."""

    def __init__(self, library: Library, engine: Engine, job: Job, *, month: str) -> None:
        """`month` is "2026-11": spending is counted by it."""
        self._library = library
        self._engine = engine
        self._job = job
        self._month = month
        self._settings = settings_hash(engine, job)

    def known(self, segments: Iterable[str]) -> dict[str, str]:
        """The translations that are there already, by segment."""
        by_hash = {text_hash(segment): segment for segment in segments}
        hashes = list(by_hash)
        found: dict[str, str] = {}
        for start in range(0, len(hashes), _CHUNK):
            chunk = hashes[start : start + _CHUNK]
            rows = self._library.rows(
                "SELECT hash, text FROM translations WHERE target = ? AND engine = ? AND model = ? AND settings = ?"  # noqa: S608  marks only
                f" AND hash IN ({', '.join('?' * len(chunk))})",
                [self._job.target, self._engine.name, self._job.model, self._settings, *chunk],
            )
            found |= {by_hash[row["hash"]]: row["text"] for row in rows}
        return found

    def keep(self, translated: Mapping[str, str], *, at: str) -> None:
        """Keep translations by segment; one that is there already stays."""
        job, engine = self._job, self._engine
        rows = [
            (
                text_hash(segment),
                job.target,
                engine.name,
                job.model,
                self._settings,
                job.source,
                segment,
                text,
                at,
            )
            for segment, text in translated.items()
        ]
        with self._library.writing() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO translations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
            )

    def spent(self) -> float:
        """What this engine cost this month, sent or about to be sent."""
        return spent(self._library, self._engine.name, self._month)

    def reserve(self, segments: Sequence[str], cost: float) -> None:
        """Count what is about to be sent; before it is sent, so that a crash never spends unseen."""
        values = (self._month, self._engine.name, sum(map(len, segments)), cost)
        with self._library.writing() as connection:
            connection.execute(
                "INSERT INTO spending VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                " characters = characters + excluded.characters, cost = cost + excluded.cost",
                values,
            )


def spent(library: Library, engine: str, month: str) -> float:
    """What an engine cost in a month."""
    query = "SELECT cost FROM spending WHERE month = ? AND engine = ?"
    return float(next((row[0] for row in library.rows(query, (month, engine))), 0.0))


def entries(library: Library) -> Iterator[Entry]:
    """The whole memory, in a stable order."""
    query = (
        "SELECT source_language, source_text, target, text, engine, model, created_at FROM translations"
        " ORDER BY source_language, target, engine, model, hash, settings"
    )
    for row in library.rows(query):
        yield Entry(*row)
