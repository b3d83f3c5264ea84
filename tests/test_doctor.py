"""`doctor`: what is wrong is found and told with what to do; what takes space adds up."""

import json
import sqlite3

import pytest

from harvester import space
from harvester.checkup import findings, in_bytes, mend_search, out_of_step
from harvester.errors import StoreError
from harvester.query import search
from harvester.space import space_of
from harvester.store import Library
from tests.older_libraries import restore
from tests.test_duplicates import LATER, NIGHT, record


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library.db") as opened:
        opened.add([record("a", doi="10.5555/a"), record("b", "Gilding of leather bindings", doi="10.5555/b")], at=NIGHT)  # fmt: skip
        yield opened


def states(library):
    return {one.name: one.state for one in findings(library)}


def wrong(library, *statements):
    library.connection.execute("PRAGMA foreign_keys = OFF")
    with library.writing() as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_sound_library_is_good_in_everything(library):
    names = ("file", "references", "search", "works", "runs", "log", "free")
    assert states(library) == dict.fromkeys(names, "good")


def test_rows_that_refer_to_nothing_are_counted_and_named(library):
    wrong(library, "INSERT INTO affiliations VALUES (99, 0, 'Bindery')")
    [found] = [one for one in findings(library) if one.name == "references"]
    assert (found.state, found.says.values["count"]) == ("bad", 1)
    assert "→ works" in found.says.text("en")


def test_a_search_index_out_of_step_is_told_and_mended(library):
    [gilded] = search(library, "gilding")
    wrong(library, f"DELETE FROM works_fts WHERE rowid = {gilded}", "INSERT INTO works_fts (rowid, title) VALUES (77, 'ghost')")  # fmt: skip
    assert states(library)["search"] == "bad"
    assert (out_of_step(library), search(library, "gilding")) == (([gilded], [77]), [])
    assert mend_search(library, at=LATER) == 2
    assert (states(library)["search"], search(library, "gilding"), search(library, "ghost")) == ("good", [gilded], [])  # fmt: skip


def test_a_search_index_that_says_something_else_than_its_texts_is_told_and_mended(library):
    wrong(library, "UPDATE search_rows SET title = 'dust' WHERE work_id = 1")
    assert states(library)["search"] == "bad"
    mend_search(library, at=LATER)
    assert (states(library)["search"], search(library, "dust")) == ("good", [1])


def test_a_run_without_an_end_is_told(library):
    wrong(
        library,
        "INSERT INTO runs (command, version, started_at) VALUES ('harvest', '1', '2026-11-21T03:00:00Z')",
    )
    assert states(library)["runs"] == "look"


def test_much_unused_space_is_told(library):
    wrong(library, "CREATE TABLE waste (x TEXT)", "INSERT INTO waste VALUES (hex(zeroblob(2000000)))", "DROP TABLE waste")  # fmt: skip
    assert states(library)["free"] == "look"


def test_a_damaged_page_is_told(tmp_path):
    path = tmp_path / "library.db"
    with Library(path) as library:
        library.add([record(str(number), f"On paste number {number}", doi=f"10.5555/{number}") for number in range(60)], at=NIGHT)  # fmt: skip
        query = "SELECT pageno FROM dbstat WHERE name = 'contributors' AND pagetype = 'leaf' LIMIT 1"
        try:
            [(page,)] = list(library.rows(query))
        except StoreError:
            pytest.skip("this SQLite cannot tell the pages of a table")
    whole = bytearray(path.read_bytes())
    size = int.from_bytes(whole[16:18], "big")
    whole[(page - 1) * size + 8 : (page - 1) * size + 64] = b"\xff" * 56
    path.write_bytes(whole)
    with Library(path) as library:
        [found] = findings(library)
    assert found.state == "bad"
    assert "backup" in found.fix.text("en")


# -- space ---------------------------------------------------------------------------------------------------


def test_the_parts_add_up_to_the_file(library):
    found = space_of(library)
    if found.is_estimate:
        pytest.skip("this SQLite cannot tell the pages of a table")
    assert sum(one.size for one in found.parts) == found.total
    assert {"said", "works", "texts", "search", "duplicates"} <= {one.name for one in found.parts}


def test_every_table_belongs_to_a_part(library):
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    homeless = {row[0] for row in library.rows(query)} - space._PART_OF.keys()
    assert homeless == {"counters", "_sqlite_migrations", "works_fts"}


def test_where_pages_are_not_told_rows_are_measured(library, monkeypatch):
    def untold(_library):
        raise StoreError(None)
        yield

    monkeypatch.setattr(space, "_by_pages", untold)
    found = space_of(library)
    assert found.is_estimate
    assert 0 < sum(one.size for one in found.parts) < found.total


def test_own_bytes_are_those_of_texts_and_fields(tmp_path):
    with Library(tmp_path / "library.db") as library:
        library.add([record("a", "浆糊", people=(), locus=None, year=None, doi="10.5555/a")], at=NIGHT)
        assert space_of(library).own == 6 + len("10.5555/a") + len("Journal of Paste")


@pytest.mark.parametrize(
    ("size", "told"), [(0, "0 B"), (1500, "1.5 kB"), (2_000_000, "2.0 MB"), (3.1e9, "3.1 GB")]
)
def test_sizes_are_told_in_thousands(size, told):
    assert in_bytes(size) == told


# -- at the command line -------------------------------------------------------------------------------------


def test_the_program_tells_all_of_it_in_both_languages_and_as_json(harvester):
    restore("7", harvester.db)
    done = harvester("doctor")
    assert (done.code, "search finds every work" in done.out, "what sources said" in done.out) == (
        0,
        True,
        True,
    )
    assert "检索索引与文献一致" in harvester("--lang", "zh", "doctor").out
    told = json.loads(harvester("doctor", "--json").out)
    assert {one["state"] for one in told["findings"]} == {"good", "look"}
    assert told["space"]["works"] == 17


def test_what_is_bad_is_exit_6_until_it_is_mended(harvester):
    restore("7", harvester.db)
    with sqlite3.connect(harvester.db) as broken:
        broken.execute("DELETE FROM works_fts WHERE rowid IN (1, 2)")
    broken.close()
    done = harvester("doctor")
    assert (done.code, "harvester doctor --mend" in " ".join(done.out.split())) == (6, True)
    assert harvester("doctor", "--mend").code == 0
    assert harvester("doctor").code == 0
