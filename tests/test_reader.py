"""Documents that a process of their own reads: the same library, and nothing lost where that process ends."""

import os
import signal
import sys
from pathlib import Path

import pytest

from benchmarks import samples
from harvester import reader
from harvester.ledger import Run
from harvester.load import load_document
from harvester.store import Library
from tests.test_store import content

NIGHT = "2026-11-21T03:00:00Z"
RECORDS = 1100  # three batches


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    path = tmp_path_factory.mktemp("reader") / "records.jsonl"
    samples.write(path, "envelope", RECORDS)
    with path.open("a", encoding="utf-8") as file:
        file.write("no record at all\n\nSee 10.5555/elsewhere\n")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def load(db, document, *, at=NIGHT):
    with Library(db) as library:
        run = Run(library, "load", at=at).begin()
        report = load_document(library, str(document), run)
        run.finish(0, at=at)
    return report


@pytest.fixture
def elsewhere(monkeypatch):
    monkeypatch.setattr("harvester.reader._LARGE_BYTES", 0)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})


def test_a_small_document_is_not_worth_another_process(tmp_path):
    (tmp_path / "small.txt").write_text("10.5555/paste")
    assert not reader.is_worth_it(str(tmp_path / "small.txt"))
    assert not reader.is_worth_it("-")
    assert not reader.is_worth_it(str(tmp_path / "missing"))


def test_a_large_document_is_worth_it_where_there_are_two_cores(tmp_path, monkeypatch):
    path = tmp_path / "large.txt"
    path.write_bytes(b" " * 5_000_000)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    assert reader.is_worth_it(str(path))
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0})
    assert not reader.is_worth_it(str(path))


def test_it_makes_the_same_library_and_the_same_report(tmp_path, document, monkeypatch, elsewhere):
    other = load(tmp_path / "elsewhere.db", document)
    monkeypatch.setattr("harvester.load.is_worth_it", lambda _: False)
    here = load(tmp_path / "here.db", document)

    assert other == here
    assert here.counts["read"] == RECORDS
    assert content(tmp_path / "elsewhere.db") == content(tmp_path / "here.db")


def test_a_second_reading_changes_nothing(tmp_path, document, elsewhere):
    load(tmp_path / "library.db", document)
    before = content(tmp_path / "library.db", "works", "records", "texts", "claims")

    report = load(tmp_path / "library.db", document, at="2026-11-22T03:00:00Z")

    assert dict(report.counts) == {"read": RECORDS, "same": RECORDS, "skipped": 0}
    assert content(tmp_path / "library.db", "works", "records", "texts", "claims") == before


def ended_early(monkeypatch, tmp_path, how):
    """The other process sends one batch of the real one and then ends as `how` says."""
    script = tmp_path / "early.py"
    script.write_text(
        "import os, signal, sys\n"
        "from harvester import reader\n"
        "for batch in reader._batches(*sys.argv[1:]):\n"
        "    reader.send(sys.stdout.buffer, batch)\n"
        "    break\n"
        f"{how}\n"
    )
    start = reader.subprocess.Popen
    monkeypatch.setattr(
        "harvester.reader.subprocess.Popen",
        lambda command, **kept: start([sys.executable, str(script), *command[4:]], **kept),
    )


def test_where_it_is_killed_the_rest_is_reported_and_loaded_again(tmp_path, document, monkeypatch, elsewhere):
    with monkeypatch.context() as patched:
        ended_early(patched, tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
        report = load(tmp_path / "library.db", document)

    assert [skip.why.key for skip in report.skips if skip.fatal] == ["document-reader-died"]
    assert report.counts["read"] == reader.BATCH
    assert not report.is_whole

    again = load(tmp_path / "library.db", document, at="2026-11-22T03:00:00Z")
    whole = tmp_path / "whole.db"
    load(whole, document)
    assert again.is_whole
    assert len(content(tmp_path / "library.db", "works")["works"]) == len(content(whole, "works")["works"])


def test_a_defect_of_the_reader_is_a_defect_of_the_program(tmp_path, document, monkeypatch, elsewhere):
    ended_early(monkeypatch, tmp_path, "sys.exit(1)")
    with pytest.raises(reader.ReaderDiedError):
        load(tmp_path / "library.db", document)


def test_what_the_disk_refuses_to_the_reader_is_told_as_ever(tmp_path, document, monkeypatch, elsewhere):
    ended_early(monkeypatch, tmp_path, "reader.send(sys.stdout.buffer, OSError(5, 'Input/output error'))")
    report = load(tmp_path / "library.db", document)
    assert [skip.why.text() for skip in report.skips if skip.fatal] == ["cannot be read (Input/output error)"]
    assert report.counts["read"] == reader.BATCH


def test_the_reader_ends_when_nobody_listens(tmp_path, document):
    with Library(tmp_path / "library.db"):
        pass
    command = [sys.executable, "-m", "harvester.reader", str(document), NIGHT, str(tmp_path / "library.db")]
    with reader.subprocess.Popen(
        command, stdout=reader.subprocess.PIPE, stderr=reader.subprocess.PIPE, cwd=Path(__file__).parents[1]
    ) as other:
        other.stdout.read(100)
        other.stdout.close()
        assert other.stderr.read() == b""
        assert other.wait() == 0


def test_the_reader_is_deaf_to_interrupts(tmp_path, document):
    with Library(tmp_path / "library.db"):
        pass
    command = [sys.executable, "-m", "harvester.reader", str(document), NIGHT, str(tmp_path / "library.db")]
    with reader.subprocess.Popen(
        command, stdout=reader.subprocess.PIPE, cwd=Path(__file__).parents[1]
    ) as other:
        other.stdout.read(100)
        other.send_signal(signal.SIGINT)
        other.stdout.read()
        assert other.wait() == 0
