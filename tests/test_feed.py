"""A program downstream that knows the change feed only: after every night its copy equals the library."""

import json
import random
import sqlite3
from contextlib import suppress

import pytest
from msgspec.structs import replace

from harvester.curation import set_field, unset_field
from harvester.deciding import accept_match, reject_match, split
from harvester.errors import UsageError
from harvester.model import Identifier, Origin, Scheme, Text
from harvester.policy import MergePolicy
from harvester.store import Library
from tests.test_duplicates import record

COPIED = ("works", "texts", "identifiers", "contributors", "affiliations", "relations", "claims", "overrides")


def rows(connection, table, work_id=None):
    where = "" if work_id is None else f"WHERE work_id = {work_id}"
    return sorted(map(repr, (tuple(row) for row in connection.execute(f"SELECT * FROM {table} {where}"))))


class Copy:
    """What a program downstream holds: rows of every work by id, and where works went that are no more."""

    def __init__(self, path, page):
        self.path, self.page = path, page
        self.revision = 0
        self.works, self.redirects = {}, {}

    def catch_up(self, pages=1000):
        """Ask for what changed since the last time, a page at a time, on a connection that can only read."""
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as reader:
            query = "SELECT revision, work_id, what, now_id FROM changes WHERE revision > ? ORDER BY revision LIMIT ?"
            while pages and (page := reader.execute(query, (self.revision, self.page)).fetchall()):
                pages -= 1
                for revision, work_id, what, now_id in page:
                    self.revision = revision
                    if what == "gone":
                        self.works.pop(work_id, None)
                        self.redirects[work_id] = now_id
                    else:
                        self.redirects.pop(work_id, None)
                        self.works[work_id] = {table: rows(reader, table, work_id) for table in COPIED}
        reader.close()


class CopyOfWorks:
    """A simpler one: only the table `works`, by `WHERE revision > ?`, and the redirects in the same way."""

    def __init__(self, path):
        self.path, self.revision, self.works = path, 0, {}

    def catch_up(self):
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as reader:
            reader.execute("BEGIN")  # both from one moment
            changed = reader.execute("SELECT * FROM works WHERE revision > ?", (self.revision,)).fetchall()
            gone = reader.execute("SELECT old_id, revision FROM redirects WHERE revision > ?", (self.revision,)).fetchall()  # fmt: skip
            place = [column[1] for column in reader.execute("PRAGMA table_info(works)")].index("revision")
        reader.close()
        self.works |= {row[0]: row for row in changed}
        for old_id, _ in gone:
            self.works.pop(old_id, None)
        self.revision = max([self.revision, *(row[place] for row in changed), *(row[1] for row in gone)])


def two_weeks(path, chance):
    """Fourteen nights of loads, refreshes, corrections, merges and splits; yields after each with the open library."""
    stock = []
    for night in range(1, 15):
        at = f"2026-11-{night:02d}T03:00:00Z"
        policy = MergePolicy(sources=("document", "crossref")) if night == 9 else MergePolicy()
        with Library(path, policy=policy) as library:
            kinds = [{}, {"doi": f"10.5555/{night}"}, {"people": (), "locus": None, "year": None}]
            new = [
                record(f"{night}-{n}", f"On the drying of paste number {chance.randint(1, 9)} in stacks", at=at, **chance.choice(kinds))
                for n in range(chance.randint(1, 4))
            ]  # fmt: skip
            again = [
                replace(one, source="crossref", retrieved_at=at, **chance.choice([
                    {}, {"citation_count": night}, {"titles": (*one.titles, Text(f"论浆糊之{night}", "zh-Hans", Origin.PUBLISHER))},
                    {"identifiers": (*one.identifiers, Identifier(Scheme.PMID, f"{chance.randint(1, 4)}"))},
                ]))
                for one in chance.sample(stock, min(3, len(stock)))
            ]  # fmt: skip
            library.add([*new, *again], at=at)
            stock += new
            decide(library, chance, at)
            if night in {9, 10}:  # by another policy, and by the old one again
                assert library.remerge(at=at)
            yield library


def decide(library, chance, at):
    """What librarians do in a morning; what is not possible is told to them and changes nothing."""
    for todo in (
        lambda one, _: set_field(library, one, "volume", str(chance.randint(1, 99)), by="lin", at=at),
        lambda one, _: unset_field(library, one, "volume", by="lin", at=at),
        lambda one, other: accept_match(library, one, other, by="lin", at=at),
        lambda one, other: accept_match(library, other, one, by="lin", at=at),
        lambda one, other: reject_match(library, one, other, by="lin", at=at),
        lambda one, _: split(library, one, [], by="lin", at=at),
    ):
        works = list(ids(library, "SELECT work_id, 1 FROM works"))
        if chance.random() < 0.6:
            with suppress(UsageError):
                todo(chance.choice(works), chance.choice(works))


def ids(library, query):
    return {row[0]: row[1] for row in library.rows(query)}


@pytest.mark.parametrize("seed", range(3))
def test_two_weeks_of_a_copy_by_the_feed_alone(tmp_path, seed):
    path = tmp_path / "library.db"
    copies = [Copy(path, page=3), Copy(path, page=1000)]
    seldom, slow = Copy(path, page=1000), Copy(path, page=2)
    of_works = CopyOfWorks(path)
    gone = 0
    for night, library in enumerate(two_weeks(path, random.Random(seed)), 1):
        for copy in (*copies, of_works):
            copy.catch_up()
        slow.catch_up(pages=1)  # between two of its pages the library is another one
        if night in {6, 14}:
            seldom.catch_up()
        now = {work: {table: rows(library.connection, table, work) for table in COPIED} for work in ids(library, "SELECT work_id, 1 FROM works")}  # fmt: skip
        redirects = ids(library, "SELECT old_id, work_id FROM redirects")
        for copy in copies:
            assert copy.works == now
            assert copy.redirects == redirects
        assert sorted(map(repr, of_works.works.values())) == rows(library.connection, "works")
        gone = max(gone, len(redirects))
    slow.catch_up()
    for copy in (seldom, slow):
        assert (copy.works, copy.redirects) == (now, redirects)
    assert gone


def test_in_the_two_weeks_everything_happens_that_can_happen(tmp_path):
    seen, before, ever = set(), {}, set()
    for library in two_weeks(tmp_path / "library.db", random.Random(0)):
        now = ids(library, "SELECT work_id, revision FROM works")
        seen |= {"born" for work in now if work not in ever}
        seen |= {"changed" for work in now if now[work] != before.get(work, now[work])}
        seen |= {"gone" for work in ids(library, "SELECT old_id, work_id FROM redirects") if work in before}
        seen |= {"back again" for work in now if work in ever and work not in before}
        seen |= {row[0] for row in library.rows("SELECT verdict FROM match_verdicts")}
        query = "SELECT json_extract(body, '$.extra') FROM records WHERE source = 'curator'"
        seen |= {json.loads(row[0])["decision"] for row in library.rows(query)}
        before, ever = now, ever | now.keys()
    assert seen == {"born", "changed", "gone", "back again", "same", "apart", "set", "unset"}


def test_a_work_that_is_merged_away_is_told_though_the_other_one_did_not_change(tmp_path):
    with Library(tmp_path / "library.db") as library:
        library.add([record("a", doi="10.5555/a")], at="2026-11-01T03:00:00Z")
        library.add([record("b", "Gilding of leather", people=(), locus=None, year=None)], at="2026-11-02T03:00:00Z")  # fmt: skip
        assert accept_match(library, 1, 2, by="lin", at="2026-11-03T03:00:00Z") == 1
        told = [tuple(row) for row in library.rows("SELECT * FROM changes WHERE revision > 2 ORDER BY 1")]
        assert (told[-1][1:], {row[0] for row in told} & {1, 2}) == ((2, "gone", 1), set())


def test_no_two_changes_have_one_revision(tmp_path):
    for library in two_weeks(tmp_path / "library.db", random.Random(1)):
        told = [row[0] for row in library.rows("SELECT revision FROM changes")]
        assert len(set(told)) == len(told)


def test_the_program_prints_the_feed_page_by_page(harvester):
    with Library(harvester.db) as library:
        library.add([record("a", doi="10.5555/a"), record("b", "Gilding of leather", people=(), locus=None, year=None)], at="2026-11-01T03:00:00Z")  # fmt: skip
        accept_match(library, 1, 2, by="lin", at="2026-11-03T03:00:00Z")
    first = harvester("changes", "--limit", "1", "--jsonl")
    assert (first.code, first.out) == (
        0,
        '{"revision": 3, "work_id": 1, "what": "changed", "now_id": null}\n',
    )
    assert "go on with --since 3" in first.err
    last = harvester("changes", "--since", "3", "--json")
    assert '"what": "gone",\n    "now_id": 1' in last.out
    assert "0 changes" in harvester("changes", "--since", "99").err
