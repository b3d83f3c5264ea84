"""A large document that nobody changed is read once."""

import os

import pytest

from benchmarks import samples
from harvester.ledger import Run
from harvester.load import load_document
from harvester.model import Outcome
from harvester.store import Library

NIGHT = "2026-11-21T03:00:00Z"
LATER = "2026-11-22T03:00:00Z"
DAY = 1_700_000_000


@pytest.fixture(autouse=True)
def large(monkeypatch):
    monkeypatch.setattr("harvester.load._REMEMBERED_BYTES", 0)


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "records.jsonl"
    samples.write(path, "envelope", 12)
    os.utime(path, (DAY, DAY))
    return path


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library.db") as opened:
        yield opened


def load(library, document, *, at):
    run = Run(library, "load", at=at).begin()
    report = load_document(library, str(document), run)
    run.finish(0, at=at)
    return report


def items(library):
    """Outcomes and words of the last run."""
    query = "SELECT outcome, detail FROM run_items WHERE run_id = (SELECT max(run_id) FROM runs)"
    return [tuple(row) for row in library.rows(query)]


def test_it_is_told_with_the_day_and_all_its_records_and_one_line_in_the_ledger(library, document):
    first = load(library, document, at=NIGHT)
    again = load(library, document, at=LATER)

    assert first.unchanged_since is None
    assert first.counts["read"] == 12
    assert dict(again.counts) == {"read": 12, "same": 12, "skipped": 0}
    assert again.unchanged_since == NIGHT
    assert (again.format, again.is_whole) == ("json", True)
    assert items(library) == [
        (Outcome.UNCHANGED, "unchanged since it was read on 2026-11-21 (12 records); not read again")
    ]


def test_one_more_record_is_read(library, document):
    load(library, document, at=NIGHT)
    samples.write(document, "envelope", 13)
    os.utime(document, (DAY, DAY))

    again = load(library, document, at=LATER)

    assert again.unchanged_since is None
    assert (again.counts["read"], again.counts["new"]) == (13, 1)


def test_a_document_that_speaks_of_another_day_is_read(library, document):
    load(library, document, at=NIGHT)
    os.utime(document, (DAY + 86_400, DAY + 86_400))
    assert load(library, document, at=LATER).unchanged_since is None


def test_another_program_reads_it_again(library, document, monkeypatch):
    load(library, document, at=NIGHT)
    monkeypatch.setattr("harvester.documents._program", lambda: "a newer one")
    assert load(library, document, at=LATER).unchanged_since is None


def test_what_could_not_be_used_whole_is_read_again_with_its_remarks(library, document):
    with document.open("a") as file:
        file.write('{"title": "broken\n')
    first, again = (load(library, document, at=at) for at in (NIGHT, LATER))
    assert again.unchanged_since is None
    assert again.skips == first.skips


def test_identifiers_to_be_resolved_are_listed_every_night(library, tmp_path):
    listed = tmp_path / "dois.txt"
    listed.write_text("10.5555/paste\n")
    first, again = (load(library, listed, at=at) for at in (NIGHT, LATER))
    assert again.unchanged_since is None
    assert again.identifiers == first.identifiers != []


def test_a_small_document_is_read_every_time(library, document, monkeypatch):
    monkeypatch.setattr("harvester.load._REMEMBERED_BYTES", 1_000_000)
    for at in (NIGHT, LATER):
        assert load(library, document, at=at).unchanged_since is None
