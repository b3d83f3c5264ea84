import gzip
import json
from pathlib import Path

import pytest

from benchmarks import replies

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
WORK = {
    "status": "ok",
    "message-type": "work",
    "message": {"DOI": "10.5555/1", "title": ["The drying of paste"]},
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "crossref").mkdir()
    (tmp_path / "errors").mkdir()
    (tmp_path / "bulk").mkdir()
    (tmp_path / "kakapo").mkdir()
    (tmp_path / "crossref" / "a.json").write_text(json.dumps(WORK))
    (tmp_path / "crossref" / "b.json").write_text('{"message-type": "member-list", "message": {"items": []}}')
    (tmp_path / "crossref" / "c.json").write_text('{"message-type": "work", "mess')
    (tmp_path / "errors" / "us__crossref__404__absent.txt").write_text("Resource not found.")
    (tmp_path / "errors" / "us__semanticscholar__403__key.json").write_text('{"message": "Forbidden"}')
    (tmp_path / "kakapo" / "a.json").write_text("{}")
    lines = b'{"DOI":"10.5555/1","title":["A\xe2\x80\xa8B"]}\n{"DOI":""}\n'
    (tmp_path / "bulk" / "crossref.jsonl.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "bulk" / "crossref.prov.tsv.gz").write_bytes(gzip.compress(b"line\n"))
    return tmp_path


def told(folder, out):
    assert replies.main([str(folder), str(out)]) == 0
    return {line["file"]: line for line in map(json.loads, out.read_text(encoding="utf-8").splitlines())}


def test_every_file_gets_one_line(folder, tmp_path):
    lines = told(folder, tmp_path / "out.jsonl")

    assert sorted(lines) == [
        "bulk/crossref.jsonl.gz",
        "crossref/a.json",
        "crossref/b.json",
        "crossref/c.json",
        "errors/us__crossref__404__absent.txt",
        "errors/us__semanticscholar__403__key.json",
        "kakapo/a.json",
    ]


def test_a_work_counts_and_other_shapes_are_skipped_with_the_reason(folder, tmp_path):
    lines = told(folder, tmp_path / "out.jsonl")

    assert lines["crossref/a.json"]["records"] == 1
    assert [skip["why"] for skip in lines["crossref/b.json"]["skips"]] == [
        "not a work reply: message-type member-list"
    ]
    assert lines["crossref/b.json"]["error"] is None
    assert [skip["key"] for skip in lines["kakapo/a.json"]["skips"]] == ["no-parser-yet"]


def test_what_is_no_reply_is_an_error_of_its_class(folder, tmp_path):
    lines = told(folder, tmp_path / "out.jsonl")

    assert lines["crossref/c.json"]["error"]["class"] == "ParseError"
    assert lines["errors/us__semanticscholar__403__key.json"]["error"]["class"] == "SourceRefused"
    assert lines["errors/us__crossref__404__absent.txt"]["error"] is None


def test_bulk_lines_count_as_records_and_are_split_at_newlines_only(folder, tmp_path):
    bulk = told(folder, tmp_path / "out.jsonl")["bulk/crossref.jsonl.gz"]

    assert bulk["records"] == 1
    assert [(skip["where"], skip["key"]) for skip in bulk["skips"]] == [
        ("line 2: item 1", "no-key-in-record")
    ]


def test_the_counts_are_shown_by_service(folder, tmp_path, capsys):
    told(folder, tmp_path / "out.jsonl")

    rows = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert rows["service"] == ["files", "records", "skips", "remarks", "errors", "defects"]
    assert rows["crossref"] == ["5", "2", "2", "0", "1", "0"]
    assert rows["kakapo"] == ["1", "0", "1", "0", "0", "0"]


def test_wrong_usage_exits_with_two(capsys):
    assert replies.main([]) == 2
    assert "DIR OUT.jsonl" in capsys.readouterr().err


@pytest.mark.parametrize("service", ["crossref", "semanticscholar"])
def test_no_recorded_reply_breaks_a_parser_and_every_skip_has_its_reason(service):
    if not CORPUS.exists():
        pytest.skip("../shared/corpus is missing")
    verdicts = [
        replies.verdict(file, found)
        for file, found in replies.walk(CORPUS)
        if found[0].service == service and not file.startswith("bulk/")
    ]

    assert len(verdicts) > 45
    assert [one.file for one in verdicts if one.error and one.error["key"] == "defect"] == []
    assert all(skip["why"] for one in verdicts for skip in one.skips)
