"""The schema as a public interface: told as it is, in every form; its questions and views answer as they did."""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from harvester.migrations import SCHEMA_VERSION
from harvester.queries import QUERIES
from harvester.schema import library_schema, undocumented
from harvester.schema_forms import FORMS, KEPT_AS, schema_in
from harvester.schema_words import INTERNAL
from harvester.store import Library
from tests.sample_queries import page, sample, views

ROOT = Path(__file__).parents[1]
RELATIONS = library_schema()


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    with sample(tmp_path_factory.mktemp("sample") / "library.db") as opened:
        yield opened


# -- told as it is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", KEPT_AS)
def test_what_the_project_keeps_of_the_schema_is_current(form):
    kept = (ROOT / KEPT_AS[form]).read_text(encoding="utf-8")
    assert kept == schema_in(form), f"run: harvester schema --format {form} > {KEPT_AS[form]}"


def test_every_table_and_view_is_documented_or_said_to_be_internal():
    assert undocumented() == set()


def test_every_column_has_a_meaning():
    silent = {(one.name, column.name) for one in RELATIONS for column in one.columns if not column.says}
    assert {name for name, _ in silent} <= {"envelopes"}


def test_the_ddl_makes_the_public_tables_and_views_anew(tmp_path):
    with sqlite3.connect(tmp_path / "made.db") as made:
        internal = "CREATE TABLE journal_sayings (saying_id INTEGER PRIMARY KEY, journal TEXT);"
        made.executescript(internal + schema_in("ddl"))
        for one in RELATIONS:
            found = [row[1] for row in made.execute(f"PRAGMA table_info({one.name})")]
            assert found == [column.name for column in one.columns]


def fits(value, types):
    kinds = {"string": str, "integer": int, "number": (int, float), "null": type(None)}
    return any(isinstance(value, kinds[one]) for one in types)


def test_every_row_of_the_sample_library_keeps_the_json_schema(library):
    definitions = json.loads(schema_in("json-schema"))["$defs"]
    checked = 0
    for name, definition in definitions.items():
        columns = definition["properties"]
        for row in library.rows(f"SELECT {', '.join(columns)} FROM {name}"):
            checked += 1
            for column, said in columns.items():
                types = said["type"] if isinstance(said["type"], list) else [said["type"]]
                assert fits(row[column], types), (name, column, row[column])
    assert checked > 500


def test_the_diagram_has_every_table_and_only_lines_between_them():
    drawn = schema_in("er")
    tables = {one.name for one in RELATIONS if one.kind == "table"}
    assert set(re.findall(r"^  (\w+) \{", drawn, re.MULTILINE)) == tables
    lines = re.findall(r"^  (\w+) \|\|--o. (\w+) :", drawn, re.MULTILINE)
    assert ("works", "text_rows") in lines
    assert {name for pair in lines for name in pair} <= tables


def test_datasette_is_told_of_tables_columns_and_questions():
    told = json.loads(schema_in("datasette"))["databases"]["harvester"]
    assert told["tables"]["works"]["columns"]["doi"].startswith("bare, lower case")
    assert (
        told["queries"]["no_chinese"]["title"]
        == "Which works still lack a Chinese title? 哪些文献还缺中文题名？"
    )


def test_the_program_prints_every_form_and_names_them(harvester):
    told = json.loads(harvester("schema", "--json").out)
    assert (told["schema"], told["relations"][0]["name"]) == (SCHEMA_VERSION, "works")
    assert harvester("schema", "--format", "ddl").out.startswith("-- The library file, schema version")
    wrong = harvester("schema", "--format", "xml")
    assert (wrong.code, all(form in wrong.err for form in FORMS)) == (2, True)


# -- what it answers -----------------------------------------------------------------------------------------


def test_there_are_thirty_questions_and_each_has_an_answer(library):
    assert len(QUERIES) == len({one.name for one in QUERIES}) == 30
    assert [one.name for one in QUERIES if not list(library.rows(one.sql))] == []


def test_the_questions_give_what_their_page_says(library):
    kept = (ROOT / "docs/queries.md").read_text(encoding="utf-8")
    assert kept == page(library), "run: python -m tests.sample_queries page > docs/queries.md"


def test_the_questions_ask_public_tables_only():
    words = {word for one in QUERIES for word in re.findall(r"(?:FROM|JOIN) (\w+)", one.sql)}
    assert words & (INTERNAL - {"works_fts"}) == set()


def test_the_views_say_what_they_always_said(library):
    kept = (ROOT / "tests/libraries/views.json").read_text(encoding="utf-8")
    assert kept == views(library), "run: python -m tests.sample_queries views > tests/libraries/views.json"


def test_the_views_of_the_contract_have_its_columns(library):
    def columns(name):
        return [row["name"] for row in library.rows(f"PRAGMA table_info({name})")]

    assert columns("provenance") == ["work_id", "field", "record_id", "source"]
    assert len(columns("envelopes")) == 33
    assert {"title_en", "title_zh", "abstract_en", "abstract_zh"} <= set(columns("works_bilingual"))


def test_a_view_of_the_sample_library_is_that_of_a_new_one(library, tmp_path):
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY 1"
    with Library(tmp_path / "new.db") as new:
        assert [tuple(row) for row in new.rows(query)] == [tuple(row) for row in library.rows(query)]
