"""The library file: on real files, with real kills."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from harvester.errors import StoreError
from harvester.match import clusters
from harvester.merge import merge
from harvester.migrations import APPLICATION_ID, SCHEMA_VERSION
from harvester.model import (
    COLUMNS,
    Container,
    Contributor,
    Identifier,
    Locus,
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
)
from harvester.policy import MergePolicy
from harvester.rows import WORK_COLUMNS
from harvester.store import Library
from tests.strategies import records as any_record

NIGHT = "2026-11-21T03:00:00Z"
LATER = "2026-11-22T03:00:00Z"

CROSSREF = Record(
    source="crossref",
    source_key="10.5555/paste",
    retrieved_at=NIGHT,
    identifiers=(Identifier(Scheme.DOI, "10.5555/paste"),),
    titles=(Text("On the drying of library paste", "en", Origin.PUBLISHER),),
    contributors=(Contributor("Mei Lin", family="Lin", given="Mei", name_zh="林梅"),),
    container=Container("Journal of Paste", issns=("1548-7768",)),
    locus=Locus("19", "4", "275-293"),
    issued=PartialDate(2016, 10),
    language="en",
    is_open_access=False,
    citation_count=0,
)
AGGREGATOR = Record(
    source="aggregator",
    source_key="Semanticscholar:1",
    retrieved_at=NIGHT,
    identifiers=(Identifier(Scheme.DOI, "10.5555/paste"),),
    titles=(Text("论图书馆浆糊的干燥", "zh-Hans", Origin.AGGREGATOR),),
    abstracts=(
        Text("AIM: paste.\nRESULT: dry.", "en", Origin.AGGREGATOR),
        Text("目的：浆糊。\n结果：干燥。", "zh-Hans", Origin.AGGREGATOR),
    ),
    locus=Locus("8 1", None, "275-293"),
)


def no_dictionary():
    raise AssertionError("the dictionary is asked for")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "library.db"


def content(path, *tables):
    """Everything a downstream reader sees, times and ids included."""
    with sqlite3.connect(path) as reader:
        names = tables or [
            row[0]
            for row in reader.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY 1"
            )
            if not row[0].startswith(("works_fts_", "sqlite_", "_"))
        ]
        return {name: reader.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names}


def works(path):
    """The works without what depends on when and in which order they were stored."""
    columns = ", ".join(WORK_COLUMNS)
    with sqlite3.connect(path) as reader:
        return sorted(reader.execute(f"SELECT {columns} FROM works").fetchall(), key=repr)


def test_a_work_has_every_column_of_the_contract(path):
    with Library(path) as library:
        library.add([CROSSREF, AGGREGATOR], at=NIGHT)
        row = dict(next(library.rows("SELECT * FROM works")))
    assert row == {
        "work_id": 1,
        "doi": "10.5555/paste",
        "title": "On the drying of library paste",
        "title_en": "On the drying of library paste",
        "title_zh": "论图书馆浆糊的干燥",
        "abstract_en": "AIM: paste.\nRESULT: dry.",
        "abstract_zh": "目的：浆糊。\n结果：干燥。",
        "language": "en",
        "work_type": None,
        "issued": "2016-10",
        "year": 2016,
        "container_title": "Journal of Paste",
        "volume": "19",
        "issue": "4",
        "pages": "275-293",
        "issn": "1548-7768",
        "publisher": None,
        "authors": '[{"family": "Lin", "given": "Mei", "name": "Mei Lin", "name_zh": "林梅", "orcid": null}]',
        "pmid": None,
        "pmcid": None,
        "is_open_access": 0,
        "oa_url": None,
        "citation_count": 0,
        "retracted": None,
        "title_zh_origin": "aggregator",
        "abstract_zh_origin": "aggregator",
        "revision": 1,
        "created_at": NIGHT,
        "updated_at": NIGHT,
        "oa_licence": None,
        "oa_status": None,
        "oa_host": None,
        "oa_version": None,
    }


def test_the_column_table_describes_the_table_works_as_it_is(path):
    with Library(path) as library:
        actual = [(row["name"], row["type"]) for row in library.rows("PRAGMA table_info(works)")]
    assert actual == [(column.name, column.sql.split()[0]) for column in COLUMNS]


def test_sections_are_numbered_alike_in_both_languages(path):
    with Library(path) as library:
        library.add([AGGREGATOR], at=NIGHT)
        rows = library.rows(
            "SELECT section, language, text FROM texts WHERE field = 'abstract' ORDER BY 2, 1"
        )
        assert [tuple(row) for row in rows] == [
            (None, "en", "AIM: paste.\nRESULT: dry."),
            (0, "en", "AIM: paste."),
            (1, "en", "RESULT: dry."),
            (None, "zh-Hans", "目的：浆糊。\n结果：干燥。"),
            (0, "zh-Hans", "目的：浆糊。"),
            (1, "zh-Hans", "结果：干燥。"),
        ]


def test_provenance_names_the_source_of_every_column(path):
    with Library(path) as library:
        library.add([CROSSREF, AGGREGATOR], at=NIGHT)
        sources = {
            row["field"]: row["source"] for row in library.rows("SELECT field, source FROM provenance")
        }
    assert sources["title_zh"] == sources["title_zh_origin"] == sources["abstract_en"] == "aggregator"
    assert sources["volume"] == sources["issue"] == sources["title"] == sources["year"] == "crossref"


def test_every_column_with_a_value_has_its_provenance(path):
    with Library(path) as library:
        library.add([CROSSREF, AGGREGATOR], at=NIGHT)
        row = dict(next(library.rows("SELECT * FROM works")))
        claimed = {one["field"] for one in library.rows("SELECT field FROM provenance")}
    assert {name for name in WORK_COLUMNS if row[name] is not None} <= claimed


def test_loading_twice_changes_nothing(path):
    with Library(path) as library:
        library.add([CROSSREF, AGGREGATOR], at=NIGHT)
    before = content(path)
    with Library(path) as library:
        again = library.add([replace(CROSSREF, retrieved_at=LATER), AGGREGATOR], at=LATER)
    assert content(path) == before
    assert [one.outcome for one in again] == ["unchanged", "unchanged"]


def test_a_source_that_says_two_things_at_one_time_says_nothing_new_the_next_time(path):
    versions = [replace(CROSSREF, citation_count=count) for count in (1, 2, 1)]
    with Library(path) as library:
        library.add(versions, at=NIGHT)
        before = content(path)
        library.add(versions, at=LATER)
    assert content(path) == before
    assert len(before["records"]) == 2


def test_either_order_of_arrival_gives_the_same_library(tmp_path):
    for name, order in (("a", (CROSSREF, AGGREGATOR)), ("b", (AGGREGATOR, CROSSREF))):
        with Library(tmp_path / name) as library:
            for number, record in enumerate(order):
                library.add([record], at=f"2026-11-2{number}T03:00:00Z")
    assert works(tmp_path / "a") == works(tmp_path / "b")


@settings(deadline=None, max_examples=40)
@given(st.lists(any_record, min_size=1, max_size=8), st.randoms())
def test_the_library_is_the_merge_of_the_clusters_whatever_the_order(tmp_path_factory, some, random):
    path = tmp_path_factory.mktemp("law") / "library.db"
    waiting = sorted(some, key=lambda one: one.retrieved_at)  # time goes forward
    with Library(path) as library:
        for night in sorted({one.retrieved_at for one in waiting}):
            tonight = [one for one in waiting if one.retrieved_at == night]
            random.shuffle(tonight)
            while tonight:
                cut = random.randint(1, len(tonight))
                library.add(tonight[:cut], at=night)
                tonight = tonight[cut:]
        ids = [row[0] for row in library.rows("SELECT work_id FROM works")]
        kept = {one: library.records(one) for one in ids}
        found = {frozenset(group) for group in kept.values()}
        identified = clusters(record for group in kept.values() for record in group)
        assert all(
            any(cluster <= group for group in found) for cluster in identified
        )  # content may unite them
        assert sum(map(len, found)) == sum(map(len, identified))
        assert all(library.work(one) == merge(kept[one], library.policy) for one in ids)
        assert not list(library.rows("PRAGMA foreign_key_check"))


def test_revisions_are_a_complete_feed_of_changes(path):
    other = replace(
        CROSSREF, source_key="10.5555/glue", identifiers=(Identifier(Scheme.DOI, "10.5555/glue"),)
    )
    with Library(path) as library:
        library.add([CROSSREF, other], at=NIGHT)
        library.add([replace(CROSSREF, citation_count=3, retrieved_at=LATER)], at=LATER)
        rows = list(library.rows("SELECT doi, revision, created_at, updated_at FROM works ORDER BY revision"))
    assert [row["doi"] for row in rows] == ["10.5555/glue", "10.5555/paste"]
    assert tuple(rows[1]) == ("10.5555/paste", 3, NIGHT, LATER)


def test_a_changed_policy_needs_no_network(path):
    other = replace(CROSSREF, source="semanticscholar", source_key="s2", container=Container("J. Paste"))
    with Library(path) as library:
        library.add([CROSSREF, other], at=NIGHT)
        assert list(library.differences()) == []
        assert library.remerge(at=LATER) == 0
    distrustful = MergePolicy(sources=("semanticscholar", "crossref"))
    with Library(path, policy=distrustful) as library:
        told = {column: (before, after) for _, column, before, after in library.differences()}
        assert told == {"container_title": ("Journal of Paste", "J. Paste"), "issn": ("1548-7768", None)}
        assert library.remerge(at=LATER) == 1
        assert list(library.differences()) == []
        assert next(library.rows("SELECT container_title, updated_at FROM works"))[:] == ("J. Paste", LATER)


def test_a_remerge_makes_rows_only_of_works_that_changed(path):
    with Library(path) as library:
        library.add([CROSSREF], at=NIGHT)
        with patch("harvester.rebuild.rows_of") as rows_of:
            assert library.remerge(at=LATER) == 0
    assert not rows_of.called


def test_works_that_turn_out_to_be_one_are_redirected_and_ids_are_never_reused(path):
    pubmed = Record(
        source="document", source_key="1", retrieved_at=NIGHT, identifiers=(Identifier(Scheme.PMID, "1"),)
    )
    link = replace(
        CROSSREF,
        source="semanticscholar",
        source_key="s2",
        identifiers=(Identifier(Scheme.DOI, "10.5555/paste"), Identifier(Scheme.PMID, "1")),
    )
    third = replace(
        CROSSREF, source_key="10.5555/glue", identifiers=(Identifier(Scheme.DOI, "10.5555/glue"),)
    )
    with Library(path) as library:
        library.add([CROSSREF], at=NIGHT)
        library.add([pubmed], at=NIGHT)
        library.add([link], at=LATER)
        library.add([third], at=LATER)
        assert [row[0] for row in library.rows("SELECT work_id FROM works ORDER BY 1")] == [1, 3]
        assert [tuple(row) for row in library.rows("SELECT old_id, work_id FROM redirects")] == [(2, 1)]
        assert library.current_id(2) == 1
        assert library.current_id(99) is None


def test_an_error_in_the_middle_leaves_nothing_half_done(path):
    def fail(_stored):
        raise RuntimeError("in the middle")

    with Library(path) as library:
        library.add([CROSSREF], at=NIGHT)
        before = content(path)
        with pytest.raises(RuntimeError, match="in the middle"):
            library.add([AGGREGATOR], at=LATER, checkpoint=fail)
    assert content(path) == before


_KILLED = """
import os, signal, sys
from pathlib import Path
from msgspec.structs import replace
from harvester.model import Identifier, Scheme
from harvester.store import Library
from tests.test_store import CROSSREF, NIGHT
target = int(sys.argv[2])
with Library(Path(sys.argv[1])) as library:
    steps = 0
    def step(statement):
        global steps
        steps += 1
        if steps == target:
            os.kill(os.getpid(), signal.SIGKILL)
    library.connection.set_trace_callback(step)
    for number in range(6):
        doi = f"10.5555/{number}"
        library.add([replace(CROSSREF, source_key=doi, identifiers=(Identifier(Scheme.DOI, doi),))], at=NIGHT)
        print(doi, flush=True)
"""


@pytest.mark.parametrize("target", [3, 9, 17, 28, 41, 55, 70, 86])
def test_kill_9_at_any_statement_loses_nothing_that_was_acknowledged(path, target):
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(path), str(target)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    acknowledged = set(killed.stdout.split())
    with Library(path) as library:
        stored = {row[0] for row in library.rows("SELECT doi FROM works")}
        assert acknowledged <= stored
        assert len(stored - acknowledged) <= 1
        assert next(library.rows("PRAGMA integrity_check"))[0] == "ok"
        assert not list(library.rows("PRAGMA foreign_key_check"))
        assert next(library.rows("SELECT count(*) FROM works_fts"))[0] == len(stored)


def test_what_an_earlier_version_knew_of_a_small_library_misleads_nobody(path):
    with Library(path) as library:
        library.add([CROSSREF], at=NIGHT)
        library.connection.execute("ANALYZE")
    with Library(path) as library:
        assert list(library.rows("SELECT * FROM sqlite_stat1")) == []


def test_no_table_is_read_from_end_to_end_for_a_batch(path):
    with Library(path) as library:
        library.add([CROSSREF], at=NIGHT)
        asked = set()
        library.connection.set_trace_callback(asked.add)
        library.add([replace(CROSSREF, source_key="10.5555/new", titles=())], at=NIGHT)
        library.connection.set_trace_callback(None)
        plans = [
            row[3]
            for query in asked
            if query.startswith(("SELECT", "DELETE", "UPDATE", "WITH"))
            for row in library.connection.execute(f"EXPLAIN QUERY PLAN {query}")
        ]
    grow = (
        "records",
        "record_identifiers",
        "identifiers",
        "works",
        "texts",
        "match_records",
        "match_keys",
        "match_nodes",
    )
    assert len(plans) > 20
    assert [plan for plan in plans if plan.split()[0] == "SCAN" and plan.split()[1] in grow] == []


def test_a_small_library_gathers_no_statistics(path):
    for _ in range(2):
        with Library(path) as library:
            library.add([CROSSREF], at=NIGHT)
    with Library(path) as library:
        assert not list(library.rows("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'"))


# -- files that are no libraries ---------------------------------------------------------------------------


def message_of(path, **options):
    with pytest.raises(StoreError) as caught:
        Library(path, **options)
    return caught.value.message.key


def test_a_new_file_is_marked_as_ours_with_its_schema_version_and_wal(path):
    with Library(path):
        pass
    with sqlite3.connect(path) as reader:
        marks = [
            reader.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version", "journal_mode")
        ]
        strict = reader.execute(
            "SELECT count(*) FROM pragma_table_list WHERE name = 'works' AND strict"
        ).fetchone()
    assert marks == [APPLICATION_ID, SCHEMA_VERSION, "wal"]
    assert strict == (1,)


def test_a_file_that_is_no_database_is_refused(path):
    path.write_bytes(b"this is not a database, but long enough to look like a file with a header" * 20)
    assert message_of(path) == "store-no-database"
    assert path.read_bytes().startswith(b"this is not")


def test_a_database_of_another_program_is_refused_untouched(path):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    assert message_of(path) == "store-foreign"


def test_a_newer_library_is_refused(path):
    with Library(path) as library:
        library.connection.execute("PRAGMA user_version = 99")
    assert message_of(path) == "store-newer"


def test_a_library_that_must_exist_is_not_made(path):
    assert message_of(path, must_exist=True) == "store-missing"
    assert not path.exists()


def test_a_folder_is_no_library(tmp_path):
    assert message_of(tmp_path) == "store-unreadable"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_rights_is_named(tmp_path):
    tmp_path.chmod(0o500)
    assert message_of(tmp_path / "library.db") in {"store-read-only", "store-unreadable"}


def test_a_damaged_library_is_named(path):
    with Library(path) as library:
        library.add([CROSSREF], at=NIGHT)
    whole = bytearray(path.read_bytes())
    whole[4096:] = os.urandom(len(whole) - 4096)
    path.write_bytes(whole)
    with pytest.raises(StoreError) as caught, Library(path) as library:
        library.add([AGGREGATOR], at=NIGHT)
    assert caught.value.message.key == "store-corrupt"


def test_readers_read_while_a_writer_writes(path):
    with Library(path) as library:
        library.add([CROSSREF], at=NIGHT)
        with library.writing() as connection:
            connection.execute("UPDATE works SET title = 'half'")
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as reader:
                assert reader.execute("SELECT title FROM works").fetchone() == (
                    "On the drying of library paste",
                )


def test_the_envelopes_view_has_the_aggregators_33_names_and_no_empty_values(path):
    extra = '{"PeriodicalId": 72174, "PeriodicalIF": 0.0, "JCR": "", "RegionNum": 0, "Total": 3}'
    with Library(path) as library:
        library.add([replace(AGGREGATOR, extra=extra), CROSSREF], at=NIGHT)
        row = dict(next(library.rows("SELECT * FROM envelopes")))
    assert len(row) == 33
    assert (row["TitleCN"], row["PeriodicalId"], row["Total"]) == ("论图书馆浆糊的干燥", 72174, 3)
    assert (row["PeriodicalIF"], row["JCR"], row["RegionNum"]) == (None, None, None)


def test_a_busy_writer_makes_way_for_another_one(tmp_path):
    with Library(tmp_path / "library.db") as busy:
        (tmp_path / "library.db.waiting").touch()
        came = threading.Thread(target=(tmp_path / "library.db.waiting").unlink)
        came.start()
        busy.make_way()
        came.join()
        assert not (tmp_path / "library.db.waiting").exists()


def test_a_writer_that_must_wait_says_so_and_gets_its_turn(tmp_path):
    path, waiting, written = tmp_path / "library.db", tmp_path / "library.db.waiting", []

    def write():
        with Library(path) as other, other.writing():
            written.append(waiting.exists())

    with Library(path) as busy:
        second = threading.Thread(target=write)
        with busy.writing():
            second.start()
            while not waiting.exists():
                second.join(0.005)
        busy.make_way()
        second.join()
    assert written == [False]


def test_a_library_is_closed_at_once_though_another_program_writes(tmp_path):
    with Library(tmp_path / "library.db") as busy, busy.writing():
        Library(tmp_path / "library.db").close()


def test_what_is_shown_is_not_judged_again(path):
    translated = replace(
        AGGREGATOR, titles=(*AGGREGATOR.titles, Text("另一本书的第20章", "zh-Hant", Origin.MACHINE))
    )
    with Library(path, policy=MergePolicy(lexicon=lambda: None)) as library:
        library.add([CROSSREF, translated], at=NIGHT)
        work = library.work(1)
        checks = [
            tuple(row) for row in library.rows("SELECT field, status, score FROM text_checks ORDER BY 1, 2")
        ]
    with Library(path, policy=MergePolicy(lexicon=no_dictionary)) as library:
        assert library.work(1) == work
        assert sorted((one.field, one.status, one.score) for one in library.work(1).checks) == checks
        assert len(checks) > 2
        with pytest.raises(AssertionError):
            merge(library.records(1), library.policy)
