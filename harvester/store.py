"""The library file: one SQLite database behind few methods, and the only module that opens it.

Records go in, works come out: `add` keeps what was said and, in the same transaction, recomputes the
works that are touched. Nothing else writes a work. Readers of the file need no lock and no program.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Self

from msgspec import Struct
from msgspec.structs import replace

from harvester.collecting import seldom_collecting
from harvester.dictionary import installed
from harvester.disk import disk_errors
from harvester.errors import StoreError
from harvester.filing import file_all_again, is_filed, is_remerge_due, note_matching, rows_with
from harvester.history import History
from harvester.merge import merge
from harvester.messages import message
from harvester.migrations import APPLICATION_ID, SCHEMA_VERSION
from harvester.model import Identifier, Outcome, Record, Scheme, Work
from harvester.policy import MergePolicy
from harvester.prepared import Prepared
from harvester.rebuild import Changes, Kept, kept_records, rebuild
from harvester.rows import verdict_of, work_row
from harvester.shared_dois import Shared, shared_among
from harvester.shared_rows import bearers_of, disbelieved, known_shared, shared_keys
from harvester.upgrading import Upgrade, bring_up_to_date

CHECKED_POLICY: Final = MergePolicy(lexicon=installed)
_BUSY_TIMEOUT_S: Final = 10.0
_TRY_MS: Final = 5
# Statistics of a small library mislead: a run that begins with three records and ends with 100,000 would read whole tables
# for every batch. Without any, SQLite uses the indexes, which are made for these questions.
_TELLING: Final = 10_000  # records
_WAY_S: Final = 1.0
_PAGE_BYTES: Final = (
    8192  # most records are larger than half of SQLite's usual page: the other half would stay empty
)


class Stored(Struct, frozen=True):
    """What became of one record: the work it belongs to, whether it said anything new, and its DOIs that are no evidence."""

    record: Record
    work_id: int
    outcome: Outcome  # found (a new work or a changed one) or unchanged
    is_new_work: bool
    disbelieved: tuple[str, ...] = ()


class Library:
    """One library file. A context manager; one thread."""

    def __init__(self, path: Path, *, policy: MergePolicy = CHECKED_POLICY, must_exist: bool = False) -> None:
        """Open `path`, made (unless it `must_exist`) and migrated where need be.

        Raises StoreError where it is no library, one of a newer program, or cannot be read.
        """
        self.path = path
        self.policy = policy
        self.breadth = 0  # records that the last addition had to look at, its own among them
        self.upgrade: Upgrade | None = None  # what was done to a file of an earlier version
        self._waiting = path.with_name(f"{path.name}.waiting")
        if must_exist and not path.exists():
            raise StoreError(message("store-missing", path=path))
        with disk_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self.connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S)
            try:
                self._prepare()
            except BaseException:
                self.connection.close()
                raise

    def _prepare(self) -> None:
        connection = self.connection
        connection.row_factory = sqlite3.Row
        self._check_owner()
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # of a new file; others keep theirs
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        if self._pragma("user_version") < SCHEMA_VERSION:
            with self.writing():
                version = self._pragma("user_version")  # another program may have been quicker
                if version < SCHEMA_VERSION:
                    self.upgrade = bring_up_to_date(connection, self.path, version)
        self._forget_statistics()

    def _forget_statistics(self) -> None:
        """Drop those that an earlier version gathered when the library was small."""
        known = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'"
        few = "SELECT 1 FROM sqlite_stat1 WHERE tbl = 'records' AND CAST(stat AS INTEGER) < ?"  # the first number of several
        if not self.connection.execute(known).fetchone():
            return
        if self.connection.execute(few, (_TELLING,)).fetchone():
            with self.writing():
                self.connection.execute("DELETE FROM sqlite_stat1")
            self.connection.execute("ANALYZE sqlite_schema")  # read again what there is: nothing

    def _pragma(self, name: str) -> int:
        return int(self.connection.execute(f"PRAGMA {name}").fetchone()[0])

    def _check_owner(self) -> None:
        owner, version = self._pragma("application_id"), self._pragma("user_version")
        names = {row[0] for row in self.connection.execute("SELECT name FROM sqlite_master")}
        if owner != APPLICATION_ID and not names <= {"_sqlite_migrations", "sqlite_sequence"}:
            raise StoreError(message("store-foreign", path=self.path))
        if version > SCHEMA_VERSION:
            raise StoreError(message("store-newer", path=self.path, found=version, known=SCHEMA_VERSION))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Fold the write-ahead log into the file where nobody reads, and close."""
        with disk_errors(self.path):
            self.connection.execute("PRAGMA busy_timeout = 0")
            with suppress(
                sqlite3.OperationalError
            ):  # another program writes: it will do this, or the next one
                if (
                    self.connection.execute("SELECT max(record_id) FROM records").fetchone()[0] or 0
                ) >= _TELLING:
                    self.connection.execute("PRAGMA optimize")
            self.connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, entered with the write lock held; rolled back whole on any error."""
        with disk_errors(self.path):
            if self.connection.in_transaction:
                yield self.connection
                return
            self._begin()
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def _begin(self) -> None:
        """Take the write lock; while another program has it, say so to that one, and try again and again."""
        give_up_at = time.monotonic() + _BUSY_TIMEOUT_S
        self.connection.execute(f"PRAGMA busy_timeout = {_TRY_MS}")
        try:
            while True:
                try:
                    self.connection.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > give_up_at:
                        raise
                    self._waiting.touch()
                else:
                    return
        finally:
            self._waiting.unlink(missing_ok=True)
            self.connection.execute(f"PRAGMA busy_timeout = {round(_BUSY_TIMEOUT_S * 1000)}")

    def make_way(self) -> None:
        """Between two transactions of many: wait, a second at most, for whoever else wants to write."""
        give_up_at = time.monotonic() + _WAY_S
        while self._waiting.exists():
            if time.monotonic() > give_up_at:  # whoever it was has died, or has its turn after the next one
                self._waiting.unlink(missing_ok=True)
            time.sleep(_TRY_MS / 1000)

    def add(
        self,
        records: Sequence[Record | Prepared],
        *,
        at: str,
        checkpoint: Callable[[Sequence[Stored]], None] | None = None,
    ) -> list[Stored]:
        """Keep `records` and recompute the works that they touch: one transaction with `checkpoint`.

        A record that says what its source said before is not kept again. The answers are in the order
        of `records`. `at` is the time of writing, ISO 8601 UTC. What is `Prepared` was so by this library's policy.
        """
        with self.writing():
            new = self._new(records)
            changes = rebuild(self.connection, new, self.policy, at)
            self.breadth = changes.breadth
            stored = self._stored([_record(one) for one in records], new, changes)
            if checkpoint is not None:
                checkpoint(stored)
        return stored

    def _new(self, records: Sequence[Record | Prepared]) -> list[Kept]:
        """The records that say something their source did not say before, once each.

        A source may say two things of one work at one time (a document with two lines on it): both hold,
        and neither is news when they are read again.
        """
        said = self._said({_key(_record(one)) for one in records})
        shared = shared_keys(self.connection, map(_record, records))
        new = []
        for one in records:
            record, prepared = (one.record, one) if isinstance(one, Prepared) else (one, None)
            fingerprint = prepared.fingerprint if prepared else record.fingerprint()
            known = said[_key(record)]
            # Of a key that says nothing others say other things, before and after.
            is_said = (
                fingerprint in known.at
                if shared.key(record) is None
                else known.says(record.retrieved_at, fingerprint)
            )
            if not is_said:
                known.add(record.retrieved_at, fingerprint)
                new.append(Kept(record, fingerprint, prepared=prepared))
        return new

    def _said(self, keys: set[tuple[str, str]]) -> dict[tuple[str, str], History]:
        """What was said under each (source, source_key)."""
        said = {key: History() for key in keys}
        query = (
            "SELECT source, source_key, retrieved_at, fingerprint FROM records WHERE (source, source_key) IN"
        )
        for row in rows_with(self.connection, query, sorted(keys)):
            said[row[0], row[1]].add(row[2], row[3])
        return said

    def _stored(self, records: Sequence[Record], new: Iterable[Kept], changes: Changes) -> list[Stored]:
        """Where each record stands now: at the work of what was said last by its source in these words, under its key."""
        homes = {(*_key(one.record), one.fingerprint): one.work_id or 0 for one in new}
        known = {_key(one) for one in records if (*_key(one), one.fingerprint()) not in homes}
        query = (
            "SELECT source, source_key, fingerprint, retrieved_at, record_id, work_id FROM records"
            " WHERE (source, source_key) IN"
        )
        rows = sorted(rows_with(self.connection, query, sorted(known)), key=lambda row: (row[3], row[4]))
        homes |= {(row[0], row[1], row[2]): row[5] for row in rows}
        shared = known_shared(self.connection, {doi for one in records for doi in _dois(one)})
        borne = bearers_of(self.connection, sorted(shared))
        stored = []
        for record in records:
            work_id = homes[*_key(record), record.fingerprint()]
            outcome = Outcome.FOUND if work_id in changes.changed else Outcome.UNCHANGED
            refused = tuple(doi for doi in _dois(record) if doi in shared and (doi, work_id) not in borne)
            stored.append(Stored(record, work_id, outcome, work_id in changes.born, refused))
        return stored

    def reconsider(self, works: set[int], *, at: str) -> set[int]:
        """Recompute `works` after a decision on what belongs to them; the works that changed."""
        with self.writing() as connection:
            return rebuild(connection, [], self.policy, at, works=works).changed

    @seldom_collecting()
    def remerge(self, *, at: str, compares_all: bool = False) -> int:
        """Recompute every work from its stored records; the number of works that changed.

        What records say was compared when they came, and is compared anew only where that was by other rules, where
        an earlier remerge was broken off, or where it is asked for: of a library whose links were damaged.
        """
        changed = 0
        with self.writing() as connection:
            if compares_all or not is_filed(connection):
                connection.execute("INSERT OR IGNORE INTO counters VALUES ('remerge_due', 1)")
                file_all_again(connection)
        for ids in self._all_works():
            with self.writing():
                changed += len(rebuild(self.connection, [], self.policy, at, works=set(ids)).changed)
        with self.writing() as connection:
            note_matching(connection)
        return changed

    @property
    def is_remerge_due(self) -> bool:
        """Whether an earlier version made this file, so that only `remerge` fills what it did not have and compares anew."""
        return is_remerge_due(self.connection)

    def differences(self) -> Iterator[tuple[int, str, Any, Any]]:
        """(work id, column, value now, value after `remerge`) wherever the policy would now say otherwise."""
        for ids in self._all_works():
            for work_id in ids:
                now = dict(next(self.rows("SELECT * FROM works WHERE work_id = ?", (work_id,))))
                work = merge(self.records(work_id), self._policy_on_identifiers(work_id))
                for column, value in work_row(work).items():
                    if now[column] != value:
                        yield work_id, column, now[column], value

    def _all_works(self) -> Iterator[list[int]]:
        last = 0
        query = "SELECT work_id FROM works WHERE work_id > ? ORDER BY work_id LIMIT 500"
        while ids := [int(row[0]) for row in self.connection.execute(query, (last,))]:
            yield ids
            last = ids[-1]

    # -- reading -----------------------------------------------------------------------------------------

    def rows(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Iterator[sqlite3.Row]:
        """The rows of a SELECT of this program's own."""
        with disk_errors(self.path):
            yield from self.connection.execute(query, values)

    def current_id(self, work_id: int) -> int | None:
        """`work_id`, or the work that it was merged into; None where there never was one."""
        for row in self.rows(
            "SELECT work_id FROM works WHERE work_id = ? UNION ALL SELECT work_id FROM redirects WHERE old_id = ?",
            (work_id, work_id),
        ):
            return int(row[0])
        return None

    def work_ids(self, identifier: Identifier) -> list[int]:
        """The works that bear `identifier`; more than one where a veto keeps them apart."""
        query = "SELECT work_id FROM identifiers WHERE scheme = ? AND value = ? ORDER BY work_id"
        return [int(row[0]) for row in self.rows(query, (str(identifier.scheme), identifier.value))]

    def records(self, work_id: int) -> list[Record]:
        """Everything that was said of a work, oldest first."""
        with disk_errors(self.path):
            return [one.record for one in kept_records(self.connection, [work_id], is_whole=True)]

    def shared_among(self, records: Sequence[Record]) -> Shared:
        """The DOIs of `records`, all of some works, that are no evidence of what they speak of."""
        return shared_among(
            records, known_shared(self.connection, {doi for one in records for doi in _dois(one)})
        )

    def work(self, work_id: int) -> Work:
        """The work as it stands, provenance included."""
        return merge(self.records(work_id), self.policy_of(work_id))

    def policy_of(self, work_id: int) -> MergePolicy:
        """The policy of the library with the verdicts on the work's translations that it holds: nothing is judged again."""
        query = (
            "SELECT field, fingerprint, text, status, score, reasons FROM text_checks JOIN records USING (record_id)"
            " WHERE text_checks.work_id = ?"
        )
        verdicts = {(row[0], row[1], row[2]): verdict_of(*row[3:]) for row in self.rows(query, (work_id,))}
        policy = self._policy_on_identifiers(work_id)
        return replace(policy, verdicts=verdicts) if verdicts else policy

    def _policy_on_identifiers(self, work_id: int) -> MergePolicy:
        refused = disbelieved(self.connection, work_id)
        return replace(self.policy, disbelieved=refused) if refused else self.policy


@contextmanager
def said_before(path: Path) -> Iterator[Callable[[Record], bool]]:
    """Whether a record's source ever said just that, as far as the library at `path` holds it now; reads only."""
    query = "SELECT 1 FROM records WHERE source = ? AND source_key = ? AND fingerprint = ? LIMIT 1"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:

        def is_known(record: Record) -> bool:
            said = (record.source, record.source_key, record.fingerprint())
            return connection.execute(query, said).fetchone() is not None

        yield is_known


def _record(one: Record | Prepared) -> Record:
    return one.record if isinstance(one, Prepared) else one


def _dois(record: Record) -> tuple[str, ...]:
    return tuple(one.value for one in record.identifiers if one.scheme is Scheme.DOI)


def _key(record: Record) -> tuple[str, str]:
    return record.source, record.source_key
