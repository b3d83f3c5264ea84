"""The archive of answers: small, checked when read, prunable, and what earlier versions kept is still read."""

import gzip
import hashlib
import json
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester import archive as module
from harvester.archive import FILE, Archive
from harvester.earlier_archive import Entry
from harvester.errors import StoreError
from harvester.model import Identifier, Scheme
from harvester.wire import Payload

ANSWER = Payload(
    service="crossref",
    url="https://api.example.org/works/10.5555%2F12345678?mailto=a@example.org",
    status=200,
    content_type="application/json",
    body=b'{"message": {}}',
    retrieved_at="2026-11-21T03:00:00Z",
    asked=(Identifier(Scheme.DOI, "10.5555/12345678"),),
)
SHA256 = "7681ea25d3dedae886002e52224a9440d785430ad46a3e3baaa27013f4f50a7f"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "archive"


def as_dict(payload):
    return {name: getattr(payload, name) for name in payload.__struct_fields__}


def answer(body, **other):
    return Payload(**{**as_dict(ANSWER), "body": body, **other})


def like(number, service="crossref"):
    """Answers of a service that are alike, as answers are."""
    said = {"status": "ok", "service": service, "message-type": "work", "message": {"DOI": f"10.5555/{number}", "title": [f"On paste number {number * 7919}"],
            "container-title": ["Journal of Paste"], "publisher": "Paste House", "reference-count": number, "is-referenced-by-count": number % 7,
            "author": [{"given": "Mei", "family": "Lin", "sequence": "first", "affiliation": []}], "language": "en"}}  # fmt: skip
    return answer(
        json.dumps(said).encode(), service=service, retrieved_at=f"2026-11-{1 + number % 28:02d}T03:00:00Z"
    )


def sql(folder, query, *values):
    with sqlite3.connect(folder / FILE) as connection:
        found = connection.execute(query, values).fetchall()
    connection.close()
    return found


def test_an_answer_is_kept_under_its_hash_in_one_file(folder):
    archive = Archive(folder)
    assert archive.add(ANSWER) == SHA256
    archive.close()
    assert [path.name for path in folder.iterdir()] == [FILE]
    assert sql(folder, "SELECT lower(hex(sha256)), size FROM bodies") == [(SHA256, len(ANSWER.body))]
    assert sql(folder, "PRAGMA application_id") == [(0x48525641,)]


def test_everything_but_the_body_is_told(folder):
    archive = Archive(folder)
    archive.add(ANSWER)
    assert list(archive.entries()) == [
        Entry(
            service="crossref",
            url="https://api.example.org/works/10.5555%2F12345678?mailto=a@example.org",
            status=200,
            content_type="application/json",
            retrieved_at="2026-11-21T03:00:00Z",
            sha256=SHA256,
            asked=(Identifier(Scheme.DOI, "10.5555/12345678"),),
        )
    ]


@given(st.binary(max_size=2000))
def test_what_was_kept_comes_back(tmp_path_factory, body):
    archive = Archive(tmp_path_factory.mktemp("archive"))
    kept = Payload(service="s", url="https://a.example/", status=404, content_type="", body=body, retrieved_at="2026")  # fmt: skip
    archive.add(kept)
    assert [archive.payload(entry) for entry in archive.entries()] == [kept]
    archive.close()


def test_the_same_body_is_written_once_and_told_twice(folder):
    archive = Archive(folder)
    archive.add(ANSWER)
    archive.add(answer(ANSWER.body, retrieved_at="2026-11-22T03:00:00Z"))
    assert len(list(archive.entries())) == 2
    assert sql(folder, "SELECT count(*) FROM bodies") == [(1,)]


def test_answers_of_a_service_are_packed_with_what_its_first_ones_taught(folder):
    archive = Archive(folder)
    some = [like(number) for number in range(100)]
    for one in some:
        archive.add(one)
    sizes = dict(sql(folder, "SELECT dictionary_id IS NOT NULL, avg(length(packed)) FROM bodies GROUP BY 1"))
    assert sql(folder, "SELECT count(*) FROM bodies WHERE dictionary_id IS NOT NULL") == [(36,)]
    assert sizes[1] < 0.5 * sizes[0]
    assert [archive.payload(entry) for entry in archive.entries()] == some
    assert [archive.payload(entry) for entry in Archive(folder).entries()] == some


def test_a_dictionary_is_for_one_service(folder):
    archive = Archive(folder)
    for number in range(66):
        archive.add(like(number))
        archive.add(like(number, service="pubmed"))
    assert sql(folder, "SELECT service FROM dictionaries ORDER BY 1") == [("crossref",), ("pubmed",)]


@pytest.mark.parametrize(
    "damage", [b"", b"not packed", module.zstandard.ZstdCompressor().compress(b"another body")]
)
def test_a_damaged_body_is_noticed_and_replaced(folder, damage):
    archive = Archive(folder)
    sha256 = archive.add(ANSWER)
    sql(folder, "UPDATE bodies SET packed = ?", damage)
    with pytest.raises(StoreError) as caught:
        archive.read(sha256)
    assert caught.value.message.key == "archive-damaged"
    archive.add(ANSWER)
    assert archive.read(sha256) == ANSWER.body


def test_a_missing_body_is_named(folder):
    for there in (False, True):
        with pytest.raises(StoreError) as caught:
            Archive(folder).read("00" * 32)
        assert caught.value.message.key == "archive-missing"
        if not there:
            Archive(folder).add(ANSWER)


def test_an_empty_archive_has_no_entries_and_makes_no_file(folder):
    archive = Archive(folder)
    assert (list(archive.entries()), archive.held()) == ([], [])
    assert not folder.exists()


def test_the_files_are_for_their_owner_alone(folder):
    archive = Archive(folder)
    archive.add(ANSWER)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    assert modes == {0o600}


def test_a_file_of_another_kind_is_a_store_error(folder):
    folder.mkdir()
    (folder / FILE).write_bytes(b"this is not a database, but long enough to look like one" * 20)
    for do in (lambda: Archive(folder).add(ANSWER), lambda: Archive(folder).read(SHA256)):
        with pytest.raises(StoreError) as caught:
            do()
        assert caught.value.exit_code == 6


def test_an_error_in_the_middle_leaves_nothing_half_done(folder, monkeypatch):
    archive = Archive(folder)
    archive.add(ANSWER)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.msgspec.json, "encode", full)
    with pytest.raises(StoreError, match="No space left on device"):
        archive.add(answer(b"new"))
    monkeypatch.undo()
    assert sql(folder, "SELECT count(*) FROM bodies") == [(1,)]


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path):
    (tmp_path / "archive").write_text("a file, not a folder")
    with pytest.raises(StoreError):
        Archive(tmp_path / "archive").add(ANSWER)


def test_threads_and_other_programs_add_side_by_side(folder):
    archives = [Archive(folder), Archive(folder)]
    bodies = [str(number).encode() * 500 for number in range(24)]
    threads = [threading.Thread(target=archives[n % 2].add, args=(answer(body),)) for n, body in enumerate(bodies)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    entries = list(archives[0].entries())
    assert sorted(archives[1].read(entry.sha256) for entry in entries) == sorted(bodies)


# -- pruning, and what it takes -------------------------------------------------------------------------------


def test_what_is_old_is_pruned_and_what_was_said_again_stays(folder):
    archive = Archive(folder)
    archive.add(answer(b"old", retrieved_at="2025-01-01T03:00:00Z"))
    archive.add(answer(b"said again", retrieved_at="2025-01-01T03:00:00Z"))
    archive.add(answer(b"said again", retrieved_at="2026-01-01T03:00:00Z"))
    assert archive.prune("2025-06-01T00:00:00Z") == 2
    assert [archive.read(entry.sha256) for entry in archive.entries()] == [b"said again"]
    assert sql(folder, "SELECT count(*) FROM bodies") == [(1,)]


def test_pruning_gives_the_space_back(folder):
    archive = Archive(folder)
    for number in range(40):
        archive.add(answer(hashlib.shake_128(str(number).encode()).digest(20_000)))
    archive.close()
    before = (folder / FILE).stat().st_size
    archive.prune("2027")
    archive.close()
    assert (folder / FILE).stat().st_size < 0.2 * before


def test_it_is_told_what_is_held_of_every_service(folder):
    archive = Archive(folder)
    for number in range(3):
        archive.add(like(number))
    archive.add(answer(b"<xml/>", service="pubmed"))
    crossref, pubmed = archive.held()
    assert (crossref.service, crossref.replies, crossref.oldest) == ("crossref", 3, "2026-11-01T03:00:00Z")
    assert crossref.packed < crossref.size == sum(len(like(number).body) for number in range(3))
    assert (pubmed.service, pubmed.replies, pubmed.size) == ("pubmed", 1, 6)


def test_recorded_answers_take_less_than_a_quarter(tmp_path):
    corpus = Path(__file__).parents[2] / "shared" / "corpus" / "crossref"
    if not corpus.exists():
        pytest.skip("the recorded answers are not part of the project")
    archive = Archive(tmp_path)
    bodies = [path.read_bytes() for path in sorted(corpus.rglob("*")) if path.is_file()]
    for body in bodies:
        archive.add(answer(body))
    archive.close()
    assert (tmp_path / FILE).stat().st_size <= 0.25 * sum(map(len, set(bodies)))


# -- what earlier versions kept ------------------------------------------------------------------------------


@pytest.fixture
def earlier(folder):
    """A folder as an earlier version left it: two answers, and a line that a crash cut off."""
    lines = []
    for one in (ANSWER, answer(b"second")):
        sha256 = hashlib.sha256(one.body).hexdigest()
        (folder / sha256[:2]).mkdir(parents=True)
        (folder / sha256[:2] / f"{sha256[2:]}.gz").write_bytes(gzip.compress(one.body, mtime=0))
        said = {
            name: getattr(one, name) for name in ("service", "url", "status", "content_type", "retrieved_at")
        }
        asked = [{"scheme": "doi", "value": each.value} for each in one.asked]
        lines.append(json.dumps({**said, "sha256": sha256, "asked": asked}))
    (folder / "index.jsonl").write_text("\n".join([*lines, '{"service": "cross']))
    return folder


def test_what_an_earlier_version_kept_is_read_beside_the_new(earlier):
    archive = Archive(earlier)
    archive.add(answer(b"third"))
    assert [archive.payload(entry).body for entry in archive.entries()] == [ANSWER.body, b"second", b"third"]


def test_what_an_earlier_version_kept_is_taken_in(earlier):
    archive = Archive(earlier)
    before = [archive.payload(entry) for entry in archive.entries()]
    assert archive.take_in() == 2
    archive.close()
    assert [path.name for path in earlier.iterdir()] == [FILE]
    assert [archive.payload(entry) for entry in archive.entries()] == before


def test_a_damaged_file_of_an_earlier_version_is_noticed(earlier):
    (earlier / SHA256[:2] / f"{SHA256[2:]}.gz").write_bytes(b"not gzip")
    with pytest.raises(StoreError) as caught:
        Archive(earlier).read(SHA256)
    assert caught.value.message.key == "archive-damaged"


# -- at the command line -------------------------------------------------------------------------------------


def test_the_program_tells_what_is_held_takes_in_and_prunes(harvester, earlier):
    harvester.env["HARVESTER__LIBRARY__ARCHIVE"] = str(earlier)
    done = harvester("archive", "--take-in")
    assert (done.code, "2 replies that an earlier version kept" in done.err) == (0, True)
    assert [one["replies"] for one in json.loads(harvester("archive", "--json").out)] == [2]
    assert "0 replies from before" in harvester("archive", "--prune", "36500").err
    assert "共 2 条应答" in harvester("--lang", "zh", "archive").err


def test_without_an_archive_that_is_said(harvester):
    done = harvester("archive")
    assert (done.code, "no archive is kept" in done.err) == (2, True)
