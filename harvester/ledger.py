"""The run ledger: every run, and every item of it with the outcome it ended in.

Items are written in the transaction of the records they speak of, so the ledger never claims more than
the library holds, and never less.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Self

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
    """One run of one command, open until `finish`; `at` is the time it began, ISO 8601 UTC.

    It is in the library from `begin` on, or from its first item: a look-up asks before it waits for its turn to write.
    `on_settled` is given all outcomes in the last transaction of a look-up of a few, which may `finish` the run in it.
    """

    def __init__(
        self,
        library: Library,
        command: str,
        *,
        at: str,
        on_settled: Callable[[Run, Sequence[Outcome]], None] | None = None,
    ) -> None:
        self.library = library
        self.at = at
        self.command = command
        self.counts: Counter[str] = Counter()
        self.on_settled = on_settled
        self.code: int | None = None
        self._id: int | None = None

    @property
    def run_id(self) -> int:
        """Its number in the library."""
        if self._id is None:
            with self.library.writing() as connection:
                cursor = connection.execute(
                    "INSERT INTO runs (command, version, started_at) VALUES (?, ?, ?)",
                    (self.command, __version__, self.at),
                )
            self._id = int(cursor.lastrowid or 0)
        return self._id

    def begin(self) -> Self:
        """Write down that it is under way; itself."""
        _ = self.run_id
        return self

    def note(self, items: Iterable[Item]) -> None:
        """Write how `items` ended; inside the caller's transaction where there is one."""
        given = list(items)
        if not given:
            return
        first, run_id = self.counts.total(), self.run_id
        self.counts.update(str(one.outcome) for one in given)
        rows = [
            (run_id, position, one.input, str(one.outcome), one.work_id, one.source, one.detail)
            for position, one in enumerate(given, first)
        ]
        with self.library.writing() as connection:
            connection.executemany("INSERT INTO run_items VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def finish(self, exit_code: int, *, at: str) -> None:
        """Close the run with its exit code and the count of every outcome."""
        self.code, run_id = exit_code, self.run_id
        with self.library.writing() as connection:
            connection.execute(
                "UPDATE runs SET finished_at = ?, exit_code = ?, counts = ? WHERE run_id = ?",
                (at, exit_code, json.dumps(dict(sorted(self.counts.items()))), run_id),
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


def document_read(library: Library, mark: str) -> tuple[Counter[str], str] | None:
    """What was counted in a document that was read to its end, and when; None where none had this mark."""
    for counts, read_at in library.rows("SELECT counts, read_at FROM read_documents WHERE mark = ?", (mark,)):
        return Counter(json.loads(counts)), read_at
    return None


def remember_document(library: Library, mark: str, name: str, counts: Mapping[str, int], *, at: str) -> None:
    """Keep that a document was read to its end; what was known of one of that name goes."""
    with library.writing() as connection:
        connection.execute("DELETE FROM read_documents WHERE name = ?", (name,))
        row = (mark, name, json.dumps(dict(sorted(counts.items()))), at)
        connection.execute("INSERT OR REPLACE INTO read_documents VALUES (?, ?, ?, ?)", row)
