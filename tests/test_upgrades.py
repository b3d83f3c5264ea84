"""Libraries of every earlier version, brought up to date: nothing lost, a copy kept, old or new and never between."""

import itertools
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from harvester import store
from harvester.extras import unpacked
from harvester.migrations import SCHEMA_VERSION
from harvester.store import Library
from harvester.upgrading import backup_path
from tests.older_libraries import names, restore
from tests.plain_library import PlainLibrary, told
from tests.test_store import NIGHT, content

# A kill at every statement takes a minute of computing: UPGRADE_STRIDE=1.
STRIDE = int(os.environ.get("UPGRADE_STRIDE", "23"))
OLD_COLUMNS = (
    "work_id, doi, title, title_en, title_zh, abstract_en, abstract_zh, language, work_type, issued, year, container_title, volume, issue,"
    " pages, issn, publisher, authors, pmid, pmcid, is_open_access, oa_url, citation_count, retracted, title_zh_origin,"
    " abstract_zh_origin, revision, created_at, updated_at"
)


def version_of(name):
    return int(name.partition("-")[0])


def works(path):
    with sqlite3.connect(path) as reader:
        return reader.execute(f"SELECT {OLD_COLUMNS} FROM works ORDER BY work_id").fetchall()


def mark(path):
    with sqlite3.connect(path) as reader:
        return reader.execute("PRAGMA user_version").fetchone()[0]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "library.db"


def test_every_version_that_wrote_libraries_has_its_file():
    # Versions 4 and 5 were never released: their migrations came with version 6.
    released = set(range(1, SCHEMA_VERSION)) - {4, 5}
    assert {version_of(name) for name in names()} == released


@pytest.mark.parametrize("name", names())
def test_an_older_library_is_brought_up_to_date_with_every_work_as_it_was(path, name):
    restore(name, path)
    before = works(path)
    with Library(path) as library:
        assert library.upgrade.version == version_of(name)
        assert works(path) == before
        assert library.is_remerge_due == (version_of(name) < 10)
        library.remerge(at=NIGHT)
        plain = PlainLibrary(library.policy)
        plain.records = [one for row in list(library.rows("SELECT work_id FROM works")) for one in library.records(row[0])]  # fmt: skip
        assert told(library) == plain.expected()
        assert [row[0] for row in works(path)] == [row[0] for row in before]
        assert library.remerge(at=NIGHT) == 0
        assert next(library.rows("PRAGMA integrity_check"))[0] == "ok"
        assert not list(library.rows("PRAGMA foreign_key_check"))


@pytest.mark.parametrize("name", names())
def test_an_older_library_has_the_schema_of_a_new_one(path, tmp_path, name):
    restore(name, path)
    Library(path).close()
    Library(tmp_path / "new.db").close()
    shapes = []
    for each in (path, tmp_path / "new.db"):
        with sqlite3.connect(each) as reader:
            query = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY 1, 2"
            objects = reader.execute(query).fetchall()
            columns = {name: reader.execute(f"PRAGMA table_info({name})").fetchall() for kind, name in objects if kind in {"table", "view"}}  # fmt: skip
            shapes.append((objects, columns))
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("table", ["texts", "text_checks", "claims"])
def test_what_became_a_view_says_what_the_table_said(path, name, table):
    restore(name, path)
    with sqlite3.connect(path) as reader:
        columns = [row[1] for row in reader.execute(f"PRAGMA table_info({table})")]
        if not columns:
            pytest.skip(f"version {name} had no {table}")
        query = f"SELECT {', '.join(columns)} FROM {table}"
        before = reader.execute(query).fetchall()
    with Library(path) as library:
        after = [tuple(row) for row in library.rows(query)]
    assert sorted(before, key=repr) == sorted(after, key=repr)
    assert before


@pytest.mark.parametrize("name", [one for one in names() if version_of(one) < 9])
def test_what_records_say_beyond_their_fields_is_packed_and_whole(path, name):
    restore(name, path)
    with sqlite3.connect(path) as reader:
        before = {row[0]: (row[1], json.loads(row[2]).get("extra")) for row in reader.execute("SELECT record_id, fingerprint, body FROM records")}  # fmt: skip
    with Library(path) as library:
        after = {row[0]: (row[1], unpacked(row[2], row[3]) if row[3] else json.loads(row[2]).get("extra")) for row in library.rows("SELECT record_id, fingerprint, body, extra FROM records")}  # fmt: skip
        assert any(library.rows("SELECT 1 FROM records WHERE extra IS NOT NULL"))
        for row in list(library.rows("SELECT work_id FROM works")):
            assert all(one.fingerprint() == replace(one).fingerprint() for one in library.records(row[0]))
    # Records of version 1 are lifted into fields first: of those, what they say has changed its place.
    assert before == after or version_of(name) == 1


@pytest.mark.parametrize("name", [one for one in names() if version_of(one) >= 9])
def test_what_was_packed_is_packed_anew_and_whole(path, name):
    restore(name, path)
    with sqlite3.connect(path) as reader:
        before = dict(reader.execute("SELECT record_id, extra FROM records WHERE extra IS NOT NULL"))
    with Library(path) as library:
        after = {row[0]: row[1] for row in library.rows("SELECT record_id, extra FROM records WHERE extra IS NOT NULL")}  # fmt: skip
        said = [one for row in list(library.rows("SELECT work_id FROM works")) for one in library.records(row[0])]  # fmt: skip
    assert before.keys() == after.keys()
    assert sum(map(len, after.values())) < sum(map(len, before.values()))
    assert all(
        one.fingerprint() == replace(one).fingerprint() for one in said
    )  # of its whole content, counted again


@pytest.mark.parametrize("name", [one for one in names() if version_of(one) < 8])
def test_works_that_were_merged_long_ago_are_in_the_feed(path, name):
    restore(name, path)
    with sqlite3.connect(path) as reader:
        last = reader.execute("SELECT max(revision) FROM works").fetchone()[0]
        [(old_id, work_id)] = reader.execute("SELECT old_id, work_id FROM redirects").fetchall()
    with Library(path) as library:
        told_now = [tuple(row) for row in library.rows("SELECT * FROM changes WHERE what = 'gone'")]
        assert told_now == [(last + 1, old_id, "gone", work_id)]


# -- the copy ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_a_copy_is_kept_as_it_was_and_a_new_library_needs_none(path, name):
    restore(name, path)
    before = content(path)
    with Library(path) as library:
        backup = library.upgrade.backup
    assert backup == backup_path(path, version_of(name))
    assert (content(backup), mark(backup)) == (before, version_of(name))
    assert sorted(one.name for one in path.parent.iterdir()) == sorted([path.name, backup.name])
    with Library(path) as library:
        assert library.upgrade is None


def test_a_new_library_is_made_without_a_copy(path):
    with Library(path) as library:
        assert library.upgrade is None
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_the_user_is_told_once_where_the_copy_is(harvester):
    restore("1", harvester.db)
    first = harvester("changes", "--limit", "1")
    assert f"kept as {backup_path(harvester.db, 1)}" in first.err
    assert "kept as" not in harvester("changes", "--limit", "1").err
    assert "harvester remerge" in first.err


def test_without_room_for_the_copy_nothing_is_upgraded(path, monkeypatch):
    restore("1", path)
    before = content(path)
    backup_path(path, 1).with_name(f"{backup_path(path, 1).name}.part").mkdir()
    with pytest.raises(store.StoreError):
        Library(path)
    assert (content(path), mark(path)) == (before, 1)


# -- interrupted ---------------------------------------------------------------------------------------------


class Wrecks:
    """Copies of the files as they lie on disk before each statement of an upgrade: what kill -9 at it would leave."""

    def __init__(self, path, folder, monkeypatch):
        self.path, self.folder, self.made = path, folder, []
        connect = sqlite3.connect

        def connected(database, **options):
            connection = connect(database, **options)
            if Path(database) == path:
                connection.set_trace_callback(self.copy)
            return connection

        monkeypatch.setattr(store.sqlite3, "connect", connected)
        Library(path).close()
        monkeypatch.undo()

    def copy(self, _statement):
        target = self.folder / str(len(self.made)) / "library.db"
        target.parent.mkdir(parents=True)
        for end in ("", "-wal"):
            if (source := Path(f"{self.path}{end}")).exists():
                shutil.copyfile(source, f"{target}{end}")
        self.made.append(target)


@pytest.mark.parametrize("name", names())
def test_an_upgrade_that_is_killed_leaves_the_old_library_or_the_new_one(path, tmp_path, monkeypatch, name):
    restore(name, path)
    before = content(path)
    wrecks = Wrecks(path, tmp_path / "wrecks", monkeypatch)
    after = content(path)
    assert len(wrecks.made) > 30
    marks = []
    for wreck in wrecks.made:
        marks.append(mark(wreck))
        assert content(wreck) == (before if marks[-1] == version_of(name) else after)
    assert set(marks) == {version_of(name), SCHEMA_VERSION}
    assert marks == sorted(marks)
    Library(wrecks.made[len(wrecks.made) // 2]).close()
    assert content(wrecks.made[len(wrecks.made) // 2]) == after


def killed_at(path, statement):
    """Whether a process that opens the library was ended by kill -9 at this statement; otherwise it came to its end."""
    child = os.fork()
    if child == 0:
        seen, connect = itertools.count(1), sqlite3.connect

        def step(_statement):
            if next(seen) == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        def connected(database, **options):
            connection = connect(database, **options)
            connection.set_trace_callback(step)
            return connection

        store.sqlite3.connect = connected
        try:
            Library(path).close()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize("name", names())
def test_kill_9_at_any_step_of_an_upgrade_leaves_the_old_library_or_the_new_one(path, name):
    restore(name, path)
    before, old = content(path), path.read_bytes()
    Library(path).close()
    after, marks = content(path), []
    for statement in itertools.count(1, STRIDE):
        for one in path.parent.iterdir():
            one.unlink()
        path.write_bytes(old)
        if not killed_at(path, statement):
            break
        marks.append(mark(path))
        assert content(path) == (before if marks[-1] == version_of(name) else after)
        Library(path).close()
        assert (mark(path), content(path)) == (SCHEMA_VERSION, after)
    assert version_of(name) in marks
    assert marks == sorted(marks)


def test_two_programs_that_open_an_old_library_at_once_upgrade_it_once(path):
    restore("3", path)
    script = "import sys; from pathlib import Path; from harvester.store import Library; Library(Path(sys.argv[1])).close()"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path)], cwd=Path(__file__).parents[1], env=os.environ
        )
        for _ in range(3)
    ]
    assert [one.wait() for one in started] == [0, 0, 0]
    assert mark(path) == SCHEMA_VERSION
