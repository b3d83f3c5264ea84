"""Journals out of what sources say, and librarians' tables of them: whole, dated, beside the bibliographic fields."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from harvester.errors import UsageError
from harvester.journal_rows import keep_sayings
from harvester.journal_tables import parse_table
from harvester.journals import Saying, is_pinyin_of, journals, saying_of
from harvester.migrations import migrations
from harvester.model import Container, Identifier, Origin, Record, Scheme, Text
from harvester.ranking import forget_table, load_table, ranks_of
from harvester.store import Library

AT = "2026-11-21T03:00:00Z"
ISSN, EISSN, OTHER = "9999-9994", "9999-9986", "9999-9978"
TABLE = (
    f"ISSN,eISSN,Journal,2024 Impact Factor,JCR分区,中科院分区\n{ISSN},{EISSN},Journal of Paste,3.2,Q1,2区\n"
)


def record(number, container, **said):
    return Record(
        source="crossref", source_key=f"10.5555/{number}", retrieved_at=AT, container=container,
        identifiers=(Identifier(Scheme.DOI, f"10.5555/{number}"),),
        titles=(Text(f"On paste {number}", "en", Origin.PUBLISHER),), **said,
    )  # fmt: skip


@pytest.fixture
def path(tmp_path):
    """A library of four works."""
    with Library(tmp_path / "library.db") as opened:
        opened.add(
            [
                record(1, Container("Journal of Paste", issns=(EISSN,))),
                record(2, Container("Journal of Paste", abbreviation="J Paste", issns=(ISSN, EISSN))),
                record(3, Container("图书馆浆糊学报")),
                record(4, Container("Annals of Glue", issns=(OTHER,))),
            ],
            at=AT,
        )
    return tmp_path / "library.db"


@pytest.fixture
def library(path):
    with Library(path) as opened:
        yield opened


def load(library, text, name="JCR 2025", as_of="2026-06", licence=None):
    return load_table(library, text.encode(), "t.csv", name, as_of=as_of, licence=licence, at=AT)


def rows(library, query):
    return [tuple(one) for one in library.rows(query)]


# -- which sayings are about one journal -------------------------------------------------------------------

sayings = st.builds(
    Saying,
    st.sampled_from(["crossref", "pubmed", "table:x"]),
    st.sampled_from([(), (ISSN,), (EISSN,), (OTHER,), (EISSN, ISSN), (EISSN, OTHER)]),
    st.sampled_from(["Journal of Paste", "JOURNAL OF PASTE", "浆糊学报", "Glue"]),
    st.sampled_from(["", "J Paste"]),
    st.sampled_from(["", "漿糊學報"]),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(sayings, max_size=8), st.randoms())
def test_every_saying_is_about_one_journal_whatever_the_order(some, random):
    found = journals(some)
    assert sorted(one for each in found for one in each.sayings) == sorted(set(some))
    issns = [issn for one in found for issn in one.issns]
    assert len(issns) == len(set(issns))
    shuffled = random.sample(some, len(some))
    assert journals(shuffled) == found


@settings(deadline=None, max_examples=40)
@given(st.lists(sayings, min_size=1, max_size=8), st.integers(0, 8))
def test_journals_kept_bit_by_bit_are_those_made_at_once(tmp_path_factory, some, cut):
    with Library(tmp_path_factory.mktemp("law") / "library.db") as library:
        for part in (some[:cut], some[cut:]):
            with library.writing() as connection:
                keep_sayings(connection, set(part))
        kept = rows(library, "SELECT journal, name_en, name_zh FROM journals ORDER BY journal")
        assert kept == sorted((one.key, one.name_en, one.name_zh) for one in journals(some))


def test_sayings_that_share_an_issn_are_about_one_journal():
    found = journals(
        [
            Saying("crossref", (ISSN,), "Journal of Paste"),
            Saying("pubmed", (EISSN, ISSN), "Jianghu xue bao", "J Paste", "浆糊学报"),
            Saying("document", (), "journal of  paste"),
            Saying("document", (), "Glue"),
        ]
    )
    assert [
        (one.key, one.issns, one.name_en, one.name_zh, one.name_pinyin, one.abbreviations) for one in found
    ] == [
        (EISSN, (EISSN, ISSN), "Journal of Paste", "浆糊学报", "Jianghu xue bao", ("J Paste",)),
        ("name:glue", (), "Glue", None, None, ()),
    ]


def test_a_name_that_two_journals_bear_belongs_to_neither():
    found = journals([Saying("a", (ISSN,), "Glue"), Saying("a", (OTHER,), "Glue"), Saying("a", (), "Glue")])
    assert [one.key for one in found] == [OTHER, ISSN, "name:glue"]


def test_an_issn_with_a_wrong_digit_is_none():
    assert saying_of(record(1, Container("Paste", issns=("9999-9991", ISSN)))).issns == (ISSN,)


@pytest.mark.parametrize(
    ("latin", "han", "spelled"),
    [
        ("Tushuguan xuebao", "图书馆学报", True),
        ("Library Journal", "图书馆学报", False),
        ("", "图书馆", False),
    ],
)
def test_a_name_in_pinyin_is_no_english_name(latin, han, spelled):
    assert is_pinyin_of(latin, han) is spelled


# -- tables ------------------------------------------------------------------------------------------------


def test_columns_are_known_by_their_header_in_either_language():
    text = (
        "期刊目录（自编样例）\n刊名;刊号;影响因子(2024);JCR 分区;中科院大类分区;大类;CSSCI;北大核心;备注\n"
        "浆糊学报;9999-9994;1.5;2区;三区;管理学;扩展版;是;x\n"
    )
    table = parse_table(text, "x")
    assert table.unknown == ("备注",)
    assert table.lines[0].number == 3
    assert table.lines[0].saying == Saying("table:x", (ISSN,), "浆糊学报")
    assert table.lines[0].measures == {
        "impact_factor": 1.5, "jcr_quartile": "Q2", "jcr_category": None, "cas_zone": 3, "cas_category": "管理学",
        "cssci": "扩展版", "cscd": None, "pku_core": "yes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n", "line 1: expected a header"),
        ("", "line 1: expected a header"),
        ("Journal,ISSN\nPaste,9999-9994\n", "line 1: expected a header"),
        ("ISSN,IF,Impact Factor\n9999-9994,1,2\n", "line 1: two columns say one thing: IF, Impact Factor"),
        ("ISSN,IF\n9999-9994,1\n\n9999-9986,2\n99999994,3\n", "lines 2 and 5: 9999-9994"),
        ("刊名,CSSCI\n浆糊学报,是\n漿糊學報,是\n", "lines 2 and 3: 漿糊學報"),
        ("ISSN,IF\n9999-9991,1\n", "line 2: '9999-9991' is no ISSN"),
        ("ISSN,IF\n9999-9994,many\n", "line 2: impact_factor cannot be 'many'"),
        ("ISSN,IF\n9999-9994,nan\n", "line 2: impact_factor cannot be 'nan'"),
        ("ISSN,JCR\n9999-9994,Q5\n", "line 2: jcr_quartile cannot be 'Q5'"),
        ("ISSN,IF\n,1\n", "line 2: neither ISSN nor name"),
        ("ISSN,IF\n", "no line"),
    ],
)
def test_a_table_with_a_fault_is_refused_with_its_line(text, told):
    with pytest.raises(UsageError) as error:
        parse_table(text, "x")
    assert told in str(error.value)


@settings(deadline=None, max_examples=40)
@given(st.text())
def test_any_text_is_a_table_or_refused_in_words(text):
    with suppress(UsageError):
        assert parse_table(text, "x").lines


def test_less_than_a_number_is_no_number():
    assert parse_table("ISSN,IF\n9999-9994,<0.1\n", "x").lines[0].measures["impact_factor"] is None


# -- in the library ------------------------------------------------------------------------------------------


def test_a_line_is_of_every_work_of_its_journal_by_any_of_its_issns(library):
    done = load(library, TABLE, licence="for members")
    assert (done.lines, done.known, done.unknown) == (1, 1, ())
    assert rows(library, "SELECT work_id, impact_factor, jcr_quartile, cas_zone FROM work_ranks") == [
        (1, 3.2, "Q1", 2),
        (2, 3.2, "Q1", 2),
        (3, None, None, None),
        (4, None, None, None),
    ]
    told = rows(library, "SELECT journal, table_name, as_of, licence, line FROM journal_ranks")
    assert told == [(EISSN, "JCR 2025", "2026-06", "for members", 2)]


def test_a_chinese_list_without_issns_finds_its_journal_by_name(library):
    load(library, "刊名,CSSCI,北大核心\n圖書館漿糊學報,是,\n", "CSSCI")
    assert rows(library, "SELECT work_id, cssci, pku_core FROM work_ranks WHERE cssci IS NOT NULL") == [
        (3, "yes", None)
    ]


def test_a_work_that_comes_later_finds_the_table_there(library):
    load(library, TABLE)
    work_id = library.add([record(5, Container("J. of Paste", issns=(ISSN,)))], at=AT)[0].work_id
    assert ranks_of(library, work_id)["impact_factor"] == 3.2


def test_of_two_tables_the_newer_one_is_believed_measure_by_measure(library):
    load(library, TABLE.replace("3.2", "9.9"), "JCR 2024", "2025-06")
    load(library, f"ISSN,IF\n{ISSN},3.2\n", "JCR 2025", "2026-06")
    assert rows(library, "SELECT impact_factor, jcr_quartile FROM work_ranks WHERE work_id = 1") == [
        (3.2, "Q1")
    ]


def test_a_table_of_the_same_name_is_replaced_whole(library):
    load(library, TABLE)
    load(library, f"ISSN,IF\n{OTHER},7\n")
    assert rows(
        library, "SELECT work_id, impact_factor, jcr_quartile FROM work_ranks WHERE work_id IN (1, 4)"
    ) == [
        (1, None, None),
        (4, 7.0, None),
    ]
    assert rows(library, "SELECT name, lines FROM journal_tables") == [("JCR 2025", 1)]


def test_a_faulty_table_leaves_the_old_one_as_it_was(library):
    load(library, TABLE)
    names = ("journals", "journal_names", "journal_sayings", "journal_lines", "journal_tables")
    before = [rows(library, f"SELECT * FROM {name} ORDER BY 1, 2") for name in names]
    with pytest.raises(UsageError):
        load(library, f"{TABLE}{ISSN},,Again,1,Q1,1\n")
    assert [rows(library, f"SELECT * FROM {name} ORDER BY 1, 2") for name in names] == before


def test_what_is_loaded_and_removed_leaves_no_trace(library):
    names = ("journals", "journal_names", "journal_links", "journal_lines", "journal_tables")
    before = [rows(library, f"SELECT * FROM {name} ORDER BY 1, 2") for name in names]
    load(library, TABLE)
    forget_table(library, "JCR 2025")
    assert [rows(library, f"SELECT * FROM {name} ORDER BY 1, 2") for name in names] == before
    assert not rows(library, "PRAGMA foreign_key_check")
    with pytest.raises(UsageError, match="there is no table"):
        forget_table(library, "JCR 2025")


def test_no_bibliographic_field_changes_with_a_table(library):
    before = rows(library, "SELECT * FROM works")
    load(library, TABLE)
    library.remerge(at=AT)
    assert rows(library, "SELECT * FROM works") == before


def test_the_envelopes_tell_what_the_table_says_and_else_what_the_aggregator_said(library):
    extra = json.dumps({"PeriodicalIF": 1.1, "JCR": "Q4", "RegionNum": 0})
    said = record(4, None)
    library.add(
        [
            Record(
                source="aggregator",
                source_key="x",
                retrieved_at=AT,
                identifiers=said.identifiers,
                extra=extra,
            )
        ],
        at=AT,
    )
    load(library, TABLE)
    query = "SELECT doi, PeriodicalIF, JCR, RegionNum FROM envelopes ORDER BY doi"
    assert rows(library, query) == [
        ("10.5555/1", 3.2, "Q1", 2),
        ("10.5555/2", 3.2, "Q1", 2),
        ("10.5555/3", None, None, None),
        ("10.5555/4", 1.1, "Q4", None),
    ]


def test_an_older_library_knows_its_journals_after_the_migration(library, tmp_path):
    old = sqlite3.connect(tmp_path / "old.db", isolation_level=None)
    migrations.apply(Database(old, recursive_triggers=False), stop_before="m006_journals")
    for table in ("works", "records"):
        names = ", ".join(row[1] for row in old.execute(f"PRAGMA table_info({table})"))
        kept = rows(library, f"SELECT {names} FROM {table}")
        old.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(kept[0]))})", kept)
    old.close()
    with Library(tmp_path / "old.db") as migrated:
        found = rows(migrated, "SELECT journal FROM journals")
        assert found == [(OTHER,), (EISSN,), ("name:图书馆浆糊学报",)]
        assert rows(migrated, "SELECT * FROM journals") == rows(library, "SELECT * FROM journals")
        assert rows(migrated, "SELECT count(*) FROM envelopes") == [(4,)]


# -- at the command line ----------------------------------------------------------------------------------------


@pytest.fixture
def stocked(harvester, path):
    assert harvester.db == path
    return harvester


def test_a_table_is_loaded_listed_shown_exported_and_removed_at_the_command_line(stocked):
    path = stocked.folder / "jcr.csv"
    path.write_bytes(TABLE.replace("\n", "\r\n").encode("gb18030"))
    done = stocked(
        "journals", "load", path, "--name", "JCR 2025", "--as-of", "2026-06", "--licence", "for members"
    )
    assert (done.code, done.out) == (0, "")
    assert "1 journals, 1 of them hold works" in done.err
    assert json.loads(stocked("journals", "list", "--json").out)[0]["licence"] == "for members"
    assert "journal ranks: IF 3.2, JCR Q1, CAS zone 2 (JCR 2025, 2026-06)" in stocked("show", "1").out
    assert "期刊等级" in stocked("--lang", "zh", "show", "1").out
    assert "journal ranks" not in stocked("show", "4").out
    where = "work_id IN (SELECT work_id FROM work_ranks WHERE impact_factor > 3)"
    out = stocked("export", "-o", "-", "--format", "envelope", "--where", where).out
    found = [json.loads(line) for line in out.splitlines()]
    assert [(one["doi"], one["PeriodicalIF"], one["JCR"], one["RegionNum"]) for one in found] == [
        ("10.5555/1", 3.2, "Q1", 2),
        ("10.5555/2", 3.2, "Q1", 2),
    ]
    assert stocked("journals", "remove", "JCR 2025").code == 0
    assert "no table is loaded" in stocked("journals", "list").err


@pytest.mark.parametrize(
    ("content", "args", "told"),
    [
        (b"ISSN,IF\n9999-9994,1\n9999-9994,2\n", ("--as-of", "2026"), "lines 2 and 3: 9999-9994"),
        (b"a,b\n1,2\n", ("--as-of", "2026"), "line 1: expected a header"),
        (b"ISSN,IF\n9999-9994,1\n", ("--as-of", "June"), "--as-of is a date"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", ("--as-of", "2026"), "is no text"),
    ],
)
def test_a_wrong_table_is_exit_2_and_one_sentence(stocked, content, args, told):
    (stocked.folder / "t.csv").write_bytes(content)
    done = stocked("journals", "load", "t.csv", "--name", "x", *args)
    assert (done.code, told in done.err, len(done.err.splitlines())) == (2, True, 1)
