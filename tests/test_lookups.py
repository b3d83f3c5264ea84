"""The public views answer for one work by indexes, so a library of a million works answers as one of ten does."""

import re

import pytest

from tests.sample_queries import sample

VIEWS = (
    ("works_bilingual", "work_id"), ("works_bilingual", "doi"), ("provenance", "work_id"), ("claims", "work_id"), ("texts", "work_id"), ("text_checks", "work_id"),
    ("envelopes", "doi"), ("related_works", "work_id"), ("citation_counts", "work_id"), ("open_access", "work_id"),
    ("work_journals", "work_id"), ("work_ranks", "work_id"), ("changes", "work_id"), ("journal_ranks", "journal"),
)  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    with sample(tmp_path_factory.mktemp("sample") / "library.db") as opened:
        yield opened


def tables(library):
    return {row[0] for row in library.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}


@pytest.mark.parametrize(("view", "column"), VIEWS)
def test_no_table_is_read_from_end_to_end_for_one_work(library, view, column):
    plan = [
        row[3] for row in library.rows(f"EXPLAIN QUERY PLAN SELECT * FROM {view} WHERE {column} = ?", ("1",))
    ]
    aliases = {name: real for real in tables(library) for name in (real, *_aliases(library, real))}
    steps = [step for step in plan if "VIRTUAL TABLE" not in step]  # a list of one row's own
    scanned = {found[1] for step in steps if (found := re.match(r"SCAN (\w+)", step))}
    assert plan
    assert not scanned & aliases.keys()


def _aliases(library, table):
    said = " ".join(row[0] for row in library.rows("SELECT sql FROM sqlite_master WHERE type = 'view'"))
    return re.findall(rf"(?:FROM|JOIN) {table} AS (\w+)", said)


def test_showing_a_work_looks_its_records_up(library):
    asked = set()
    library.connection.set_trace_callback(asked.add)
    library.work(1), library.records(1)
    library.connection.set_trace_callback(None)
    plans = [row[3] for query in asked for row in library.rows(f"EXPLAIN QUERY PLAN {query}")]
    # A search by scheme alone finds every DOI of the library.
    assert plans
    assert not [plan for plan in plans if plan.endswith("(scheme=?)")]


def test_reading_a_table_from_end_to_end_would_be_noticed(library):
    [step] = [
        row[3]
        for row in library.rows("EXPLAIN QUERY PLAN SELECT * FROM works_bilingual WHERE title_en = ?", ("1",))
    ]
    assert step == "SCAN works"


def test_an_envelope_looked_up_is_the_one_of_the_whole_list(library):
    envelopes = [tuple(row) for row in library.rows("SELECT * FROM envelopes WHERE doi IS NOT NULL")]
    place = [row[1] for row in library.rows("PRAGMA table_info(envelopes)")].index("doi")
    assert len(envelopes) > 5
    for one in envelopes:
        assert [
            tuple(row) for row in library.rows("SELECT * FROM envelopes WHERE doi = ?", (one[place],))
        ] == [one]


def test_works_of_a_language_are_found_by_an_index(library):
    query = (
        "EXPLAIN QUERY PLAN SELECT work_id FROM works WHERE (language = ? OR (language > ? AND language < ?))"
    )
    steps = [row[3] for row in library.rows(query, ("zh", "zh-", "zh."))]
    assert any("works_language" in step for step in steps)
    assert not any(step.startswith("SCAN") for step in steps)


def test_the_envelope_is_the_newest_that_the_aggregator_sent(library):
    told = library.rows(
        "SELECT work_id, max(record_id) FROM records WHERE source = 'aggregator' GROUP BY work_id"
    )
    seen = 0
    for work_id, record_id in list(told):
        [doi] = next(library.rows("SELECT doi FROM works WHERE work_id = ?", (work_id,)))
        query = "SELECT json_extract(json_extract(body, '$.extra'), '$.ListUrlMain') FROM records WHERE record_id = ?"
        [sent] = next(library.rows(query, (record_id,)))
        if doi is not None:
            seen += 1
            assert next(library.rows("SELECT ListUrlMain FROM envelopes WHERE doi = ?", (doi,)))[0] == sent
    assert seen
