"""Whatever is done to a library, in whatever order, crashes included: it equals the plain one in memory, and its feed is whole.

`LIBRARY_STEPS=10000 python -m pytest -n 0 tests/test_store_machine.py` takes so many steps; the suite takes few.
"""

import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from harvester.corrections import value_of
from harvester.curation import accept_text, reject_text, set_field, unset_field
from harvester.deciding import accept_match, reject_match, split
from harvester.errors import UsageError
from harvester.model import Identifier, Origin, Record, Scheme, Text
from harvester.store import Library
from tests.library_model import matching_records
from tests.plain_library import PlainLibrary, decisions, ids, possible, told
from tests.strategies import records as any_record

STEPS = int(os.environ.get("LIBRARY_STEPS", "120"))
_IN_A_ROW = 40
_TAKEN = 30  # of them at the least; a second round would take the same steps again where the seed is given
CORRECTIONS = (
    ("volume", "77"),
    ("volume", "78"),
    ("publisher", "Paste House"),
    ("title_en", "On paste"),
    ("title_zh", "论浆糊"),
    ("issued", "2015-03"),
    ("authors", "Lin, Mei; Topor, Ada"),
    ("retracted", "yes"),
)
NEWS = (
    {"citation_count": 7},
    {"titles": (Text("On the drying of library paste in closed stacks", "en", Origin.PUBLISHER),)},
    {"identifiers": ()},
    {"identifiers": (Identifier(Scheme.DOI, "10.5555/a"),)},
    {"identifiers": (Identifier(Scheme.DOI, "10.5555/c"), Identifier(Scheme.PMID, "10.5555/a"))},
    {"identifiers": (Identifier(Scheme.PMID, "10.5555/a"),)},
)
some_records = st.lists(matching_records | any_record, min_size=1, max_size=3)
numbers = st.integers(0, 1000)


class Machine(RuleBasedStateMachine):
    """A real library and a plain one, to which the same things happen."""

    taken = 0

    @initialize()
    def make(self):
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self.path = self.folder / "library.db"
        self.library = Library(self.path)
        self.plain = PlainLibrary(self.library.policy)
        self.clock = datetime(2026, 11, 21, 3, tzinfo=UTC)
        self.at = self.clock.isoformat()
        self.feed = {}  # what a reader of the feed knows: {work id: (revision, updated_at, records)}
        self.before = {}  # and what it read of these records
        self.oldest = {}  # of every work id there ever was, the record that it stands for
        self.last_revision = 0

    def teardown(self):
        if hasattr(self, "library"):
            self.library.close()
            shutil.rmtree(self.folder)

    # -- what can happen ---------------------------------------------------------------------------------------

    def tick(self):
        Machine.taken += 1
        self.clock += timedelta(seconds=1)
        self.at = self.clock.strftime("%Y-%m-%dT%H:%M:%SZ")

    def dated(self, some):
        return [replace(one, retrieved_at=self.at) for one in some]

    def work(self, number):
        """A work of the library, chosen by a number; its id and its records."""
        known = sorted(ids(self.library))
        work_id = known[number % len(known)]
        return work_id, frozenset(self.library.records(work_id))

    def has_works(self):
        return bool(self.plain.records)

    def has_two_works(self):
        return len(self.feed) > 1

    @rule(some=some_records)
    def add(self, some):
        self.tick()
        self.add_now(self.dated(some))

    def add_now(self, some):
        self.library.add(some, at=self.at)
        for one in some:
            self.plain.add(one)

    @precondition(has_works)
    @rule(number=numbers, later=st.booleans())
    def say_again(self, number, later):
        self.tick()
        old = self.plain.records[number % len(self.plain.records)]
        self.add_now([replace(old, retrieved_at=self.at) if later else old])

    @precondition(has_works)
    @rule(number=numbers, says=st.sampled_from(NEWS))
    def refresh(self, number, says):
        """A source says something else under the same key: another count, another title, one identifier more or another one."""
        self.tick()
        old = self.plain.records[number % len(self.plain.records)]
        self.add_now([replace(old, retrieved_at=self.at, **says)])

    @precondition(has_works)
    @rule(number=numbers, names_the_record=st.booleans())
    def translate(self, number, names_the_record):
        """What is about a record comes to its work; translations of earlier versions name its key only."""
        self.tick()
        about = self.plain.records[number % len(self.plain.records)]
        made = Record(
            source="translation", source_key=f"engine:{about.source}:{about.source_key}", retrieved_at=self.at,
            titles=(Text("论浆糊的干燥", "zh-Hans", Origin.MACHINE),), about=(about.source, about.source_key),
            about_record=about.fingerprint() if names_the_record else None,
        )  # fmt: skip
        self.add_now([made])
        if names_the_record:
            home = [found for _, _, found in ids(self.library).values() if about in found]
            assert any(one.titles == made.titles and one.about == made.about for one in home[0])

    @rule(some=some_records)
    def fail_in_the_middle_of_adding(self, some):
        self.tick()

        def fail(_stored):
            raise RuntimeError

        try:
            self.library.add(self.dated(some), at=self.at, checkpoint=fail)
        except RuntimeError:
            return
        raise AssertionError("the checkpoint was not called")

    @rule(some=some_records, statement=st.integers(1, 90))
    def crash_in_the_middle_of_adding(self, some, statement):
        self.tick()
        some = self.dated(some)
        self.crash(statement, lambda: self.library.add(some, at=self.at))
        for one in some:
            self.plain.add(one)

    @precondition(has_works)
    @rule(number=numbers, statement=st.integers(1, 60))
    def crash_in_the_middle_of_correcting(self, number, statement):
        self.tick()
        work_id, records = self.work(number)
        self.crash(statement, lambda: set_field(self.library, work_id, "issue", "7", by="lin", at=self.at))
        self.decided(work_id, records)

    @precondition(has_works)
    @rule(number=numbers, statement=st.integers(1, 90))
    def crash_in_the_middle_of_taking_apart(self, number, statement):
        self.tick()
        work_id, records = self.work(number)
        if self.crash(statement, lambda: split(self.library, work_id, [], by="lin", at=self.at)):
            self.plain.split(records, set())

    @precondition(has_two_works)
    @rule(number=numbers, other=numbers, statement=st.integers(1, 90))
    def crash_in_the_middle_of_accepting(self, number, other, statement):
        self.tick()
        (one, ours), (two, theirs) = self.work(number), self.work(other)
        if one != two and self.crash(
            statement, lambda: accept_match(self.library, one, two, by="lin", at=self.at)
        ):
            self.plain.accept(ours, theirs)

    def crash(self, statement, change):
        """What a kill before any statement of `change` leaves is the old library; doing it again makes it the new one.

        Whether it could be done: what is refused must have changed nothing.
        """
        before = told(self.library)
        wreck = self.folder / f"wreck-{Machine.taken}.db"
        seen = 0

        def copy(_statement):
            nonlocal seen
            seen += 1
            if seen == statement:
                for end in ("", "-wal"):
                    shutil.copyfile(f"{self.path}{end}", f"{wreck}{end}")

        self.library.connection.set_trace_callback(copy)
        is_done = self.try_to(change)
        self.library.connection.set_trace_callback(None)
        if not wreck.exists():
            return is_done
        self.library.close()
        self.library, self.path = Library(wreck), wreck
        assert told(self.library) == before
        assert next(self.library.rows("PRAGMA integrity_check"))[0] == "ok"
        assert self.try_to(change) == is_done
        return is_done

    @staticmethod
    def try_to(change):
        try:
            change()
        except UsageError:
            return False
        return True

    @precondition(has_works)
    @rule(number=numbers, correction=st.sampled_from(CORRECTIONS), by=st.sampled_from(["lin", "topor"]))
    def correct(self, number, correction, by):
        self.tick()
        work_id, records = self.work(number)
        field, raw = correction
        change = set_field(self.library, work_id, field, raw, by=by, at=self.at)
        new = self.decided(work_id, records)
        assert [one.corrects for one in new] == ([field] if change.is_new else [])
        said = {one.field: (one.value, one.by) for one in self.library.work(work_id).overrides}
        assert said[field] == (change.after, by)
        assert value_of(self.library.work(work_id), field) == change.after

    @precondition(has_works)
    @rule(number=numbers)
    def take_a_correction_back(self, number):
        self.tick()
        corrected = [work for work in sorted(ids(self.library)) if self.library.work(work).overrides]
        if not corrected:
            return
        work_id = corrected[number % len(corrected)]
        records = frozenset(self.library.records(work_id))
        field = self.library.work(work_id).overrides[0].field
        unset_field(self.library, work_id, field, by="lin", at=self.at)
        self.decided(work_id, records)
        assert field not in {one.field for one in self.library.work(work_id).overrides}

    @precondition(has_works)
    @rule(number=numbers, decide=st.sampled_from([accept_text, reject_text]))
    def decide_on_a_translation(self, number, decide):
        self.tick()
        query = "SELECT DISTINCT work_id, field FROM text_checks WHERE status <> 'pass' ORDER BY 1, 2"
        doubtful = [tuple(row) for row in self.library.rows(query)]
        if not doubtful:
            return
        work_id, field = doubtful[number % len(doubtful)]
        records = frozenset(self.library.records(work_id))
        try:
            decide(self.library, work_id, field, by="lin", at=self.at)
        except UsageError:  # only what people said themselves is doubtful
            assert frozenset(self.library.records(work_id)) == records
            return
        assert len(self.decided(work_id, records)) <= 1

    def decided(self, work_id, before):
        """A person's decision has become a record of the work, which the plain library learns too."""
        new = frozenset(self.library.records(work_id)) - before
        self.plain.records += new
        return new

    @precondition(has_two_works)
    @rule(number=numbers, other=numbers)
    def accept(self, number, other):
        self.tick()
        (one, ours), (two, theirs) = self.work(number), self.work(other)
        if one == two:
            return
        try:
            kept = accept_match(self.library, one, two, by="lin", at=self.at)
        except UsageError:
            return  # identifiers or people forbid it: nothing must have changed
        self.plain.accept(ours, theirs)
        assert kept == self.library.current_id(one) == self.library.current_id(two)

    @precondition(has_two_works)
    @rule(number=numbers, other=numbers)
    def reject(self, number, other):
        self.tick()
        (one, ours), (two, theirs) = self.work(number), self.work(other)
        if one != two:
            reject_match(self.library, one, two, by="lin", at=self.at)
            self.plain.keep_apart(ours, theirs)

    @precondition(has_works)
    @rule(number=numbers, named=st.none() | numbers)
    def take_apart(self, number, named):
        self.tick()
        many = [one for one, (_, _, records) in sorted(ids(self.library).items()) if len(records) > 1]
        if not many:
            return
        work_id = many[number % len(many)]
        query = "SELECT record_id FROM records WHERE work_id = ? ORDER BY record_id"
        numbers = [row[0] for row in self.library.rows(query, (work_id,))]
        records = self.library.records(work_id)  # in the same order
        place = None if named is None else named % len(numbers)
        try:
            split(self.library, work_id, [] if place is None else [numbers[place]], by="lin", at=self.at)
        except UsageError:
            return
        self.plain.split(frozenset(records), set() if place is None else {records[place]})

    @rule(compares_all=st.booleans())
    def remerge(self, compares_all):
        self.tick()
        known, pairs = ids(self.library), possible(self.library)
        assert self.library.remerge(at=self.at, compares_all=compares_all) == 0
        assert (ids(self.library), possible(self.library)) == (known, pairs)

    @rule()
    def reopen(self):
        self.tick()
        self.library.close()
        self.library = Library(self.path)

    # -- what must hold ----------------------------------------------------------------------------------------

    @invariant()
    def it_is_as_the_plain_one(self):
        if not hasattr(self, "library"):
            return
        now = told(self.library)
        assert now == self.plain.expected()
        assert decisions(self.library) == (self.plain.same, self.plain.apart)
        assert not list(self.library.rows("PRAGMA foreign_key_check"))
        self.check_feed(now)

    def check_feed(self, now):
        """A revision for every work that reads otherwise, for no other; ids and redirects that lead where they must."""
        known = ids(self.library)
        revisions = [revision for revision, _, _ in known.values()]
        assert len(set(revisions)) == len(revisions)
        for work_id, (revision, updated_at, records) in known.items():
            old = self.feed.get(work_id)
            if old is None or now[records] != self.before[work_id]:
                assert revision > self.last_revision, work_id
            if revision > self.last_revision:
                assert updated_at == self.at
            elif old is not None:
                assert (revision, updated_at) == old[:2]
            if work_id not in self.oldest:
                assert work_id > max(self.oldest, default=0)
        for work_id in known:
            query = "SELECT min(record_id) FROM records WHERE work_id = ?"
            self.oldest[work_id] = next(self.library.rows(query, (work_id,)))[0]
        for work_id, record in self.oldest.items():
            query = "SELECT work_id FROM records WHERE record_id = ?"
            assert self.library.current_id(work_id) == next(self.library.rows(query, (record,)))[0]
        self.feed = known
        self.before = {work_id: now[records] for work_id, (_, _, records) in known.items()}
        self.last_revision = max(revisions, default=0)


def test_a_library_equals_the_plain_one_whatever_is_done_to_it():
    checked = settings(
        max_examples=1 + STEPS // _TAKEN, stateful_step_count=_IN_A_ROW, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    Machine.taken = 0
    while Machine.taken < STEPS:
        run_state_machine_as_test(Machine, settings=checked)
