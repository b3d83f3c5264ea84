import gzip
import json
import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.archive import GZIP, Archive, Codec, Entry
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


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_answer_is_kept_under_its_hash(folder):
    sha256 = Archive(folder).add(ANSWER)

    assert sha256 == SHA256
    assert files(folder) == [
        "76/81ea25d3dedae886002e52224a9440d785430ad46a3e3baaa27013f4f50a7f.gz",
        "index.jsonl",
    ]
    assert (
        gzip.decompress(
            (folder / "76/81ea25d3dedae886002e52224a9440d785430ad46a3e3baaa27013f4f50a7f.gz").read_bytes()
        )
        == ANSWER.body
    )


def test_index_tells_all_but_the_body(folder):
    Archive(folder).add(ANSWER)

    assert json.loads((folder / "index.jsonl").read_text()) == {
        "service": "crossref",
        "url": "https://api.example.org/works/10.5555%2F12345678?mailto=a@example.org",
        "status": 200,
        "content_type": "application/json",
        "retrieved_at": "2026-11-21T03:00:00Z",
        "sha256": SHA256,
        "asked": [{"scheme": "doi", "value": "10.5555/12345678"}],
    }


@given(st.binary(max_size=2000))
def test_what_was_kept_comes_back(tmp_path_factory, body):
    archive = Archive(tmp_path_factory.mktemp("archive"))
    answer = Payload(
        service="s", url="https://a.example/", status=404, content_type="", body=body, retrieved_at="2026"
    )
    archive.add(answer)

    assert [archive.payload(entry) for entry in archive.entries()] == [answer]


def test_same_body_is_written_once_and_told_twice(folder):
    archive = Archive(folder)
    sha256 = archive.add(ANSWER)
    path = folder / sha256[:2] / f"{sha256[2:]}.gz"
    before = path.stat().st_ino
    archive.add(ANSWER)

    assert path.stat().st_ino == before
    assert len(list(archive.entries())) == 2


@pytest.mark.parametrize("damage", [b"", b"not gzip", gzip.compress(b"another body", mtime=0)])
def test_damaged_body_is_noticed_and_replaced(folder, damage):
    archive = Archive(folder)
    sha256 = archive.add(ANSWER)
    (folder / sha256[:2] / f"{sha256[2:]}.gz").write_bytes(damage)

    with pytest.raises(StoreError) as caught:
        archive.read(sha256)
    assert caught.value.message.key == "archive-damaged"
    archive.add(ANSWER)
    assert archive.read(sha256) == ANSWER.body


def test_missing_body_is_named(folder):
    with pytest.raises(StoreError) as caught:
        Archive(folder).read("00" * 32)

    assert caught.value.message.key == "archive-missing"


def test_empty_archive_has_no_entries(folder):
    assert list(Archive(folder).entries()) == []


def test_line_that_a_crash_cut_off_is_passed_over_and_spoils_no_other(folder):
    archive = Archive(folder)
    archive.add(ANSWER)
    with (folder / "index.jsonl").open("ab") as index:
        index.write(b'{"service": "cross')
    archive.add(ANSWER)

    assert len(list(archive.entries())) == 2


def test_files_are_for_their_owner_alone(folder):
    Archive(folder).add(ANSWER)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    assert modes == {0o600}


def test_failing_disk_is_a_store_error_and_leaves_nothing_half_done(folder, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError) as caught:
        Archive(folder).add(ANSWER)

    assert caught.value.exit_code == 6
    assert "No space left on device" in str(caught.value)
    assert files(folder) == []


def test_folder_that_cannot_be_made_is_a_store_error(tmp_path):
    (tmp_path / "archive").write_text("a file, not a folder")

    with pytest.raises(StoreError):
        Archive(tmp_path / "archive").add(ANSWER)


def test_folder_that_cannot_be_read_is_a_store_error(folder, monkeypatch):
    archive = Archive(folder)
    sha256 = archive.add(ANSWER)

    def broken(_path):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", broken)
    with pytest.raises(StoreError) as caught:
        archive.read(sha256)
    assert caught.value.message.key == "archive-read"


def test_a_new_codec_reads_what_the_old_one_wrote(folder):
    plain = Codec(".raw", bytes, bytes)
    old = Archive(folder).add(ANSWER)
    archive = Archive(folder, (plain, GZIP))
    new = archive.add(Payload(**{**as_dict(ANSWER), "body": b"new"}))

    assert archive.read(old) == ANSWER.body
    assert (folder / new[:2] / f"{new[2:]}.raw").read_bytes() == b"new"


def as_dict(payload):
    return {name: getattr(payload, name) for name in payload.__struct_fields__}


def test_threads_do_not_mix_their_lines(folder):
    archive = Archive(folder)
    bodies = [str(number).encode() * 500 for number in range(24)]

    def add(body):
        archive.add(Payload(**{**as_dict(ANSWER), "body": body}))

    threads = [threading.Thread(target=add, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    entries = list(archive.entries())
    assert all(isinstance(entry, Entry) for entry in entries)
    assert sorted(archive.read(entry.sha256) for entry in entries) == sorted(bodies)
