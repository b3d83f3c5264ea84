"""The run ledger: every run, and every item of it with the outcome it ended in.

Items are written in the transaction of the records they speak of, so the ledger never claims more than
the library holds, and never less.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from harvester import __version__
from harvester.model import Identifier, Outcome
from harvester.store import Library


class Item(Struct, frozen=True):
    """How one input ended. `input` is what the person gave: a DOI, or "file:line"."""

    input: str
    outcome: Outcome
    work_id: int | None = None
    source: str | None = None
    detail: str | None = None


class Run:
    """One run of one command, open until `finish`; `at` is the time it began, ISO 8601 UTC."""

    def __init__(self, library: Library, command: str, *, at: str) -> None:
        self.library = library
        self.at = at
        self.command = command
        self.counts: Counter[str] = Counter()
        self._position = 0
        with library.writing() as connection:
            cursor = connection.execute(
                "INSERT INTO runs (command, version, started_at) VALUES (?, ?, ?)",
                (command, __version__, at),
            )
        self.run_id = cursor.lastrowid

    def note(self, items: Iterable[Item]) -> None:
        """Write how `items` ended; inside the caller's transaction where there is one."""
        rows = []
        for item in items:
            self.counts[item.outcome] += 1
            detail = item.detail
            rows.append(
                (
                    self.run_id,
                    self._position,
                    item.input,
                    str(item.outcome),
                    item.work_id,
                    item.source,
                    detail,
                )
            )
            self._position += 1
        with self.library.writing() as connection:
            connection.executemany("INSERT INTO run_items VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def finish(self, exit_code: int, *, at: str) -> None:
        """Close the run with its exit code and the count of every outcome."""
        with self.library.writing() as connection:
            connection.execute(
                "UPDATE runs SET finished_at = ?, exit_code = ?, counts = ? WHERE run_id = ?",
                (at, exit_code, json.dumps(dict(sorted(self.counts.items()))), self.run_id),
            )


def answered_since(
    library: Library, source: str, identifiers: Sequence[Identifier], since: Mapping[Outcome, str]
) -> dict[Identifier, Outcome]:
    """What `source` answered of `identifiers` not longer ago than `since` says for that outcome."""
    known = {}
    query = "SELECT outcome, asked_at FROM asked WHERE source = ? AND scheme = ? AND value = ?"
    for one in identifiers:
        for outcome, asked_at in library.rows(query, (source, str(one.scheme), one.value)):
            if asked_at >= since.get(Outcome(outcome), "9999"):
                known[one] = Outcome(outcome)
    return known


def remember_answers(
    library: Library, source: str, answers: Mapping[Identifier, Outcome], *, at: str
) -> None:
    """Keep what a service answered of each identifier, so as not to ask again too soon."""
    rows = [(source, str(one.scheme), one.value, str(outcome), at) for one, outcome in answers.items()]
    with library.writing() as connection:
        connection.executemany(
            "INSERT INTO asked VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " outcome = excluded.outcome, asked_at = excluded.asked_at",
            rows,
        )
