"""The benchmark that merges what services said of the same works."""

import json

import pytest

from benchmarks import merges
from tests.conftest import SHARED


def folder(tmp_path, title):
    (tmp_path / "crossref").mkdir()
    (tmp_path / "semanticscholar").mkdir()
    work = {
        "DOI": "10.5555/paste",
        "type": "journal-article",
        "title": [title],
        "volume": "3",
        "publisher": "Press",
    }
    paper = {"paperId": "a" * 40, "externalIds": {"DOI": "10.5555/PASTE"}, "title": "Paste", "year": 2016}
    message = {"status": "ok", "message-type": "work", "message": work}
    (tmp_path / "crossref" / "a.json").write_text(json.dumps(message), encoding="utf-8")
    (tmp_path / "semanticscholar" / "a.json").write_text(json.dumps(paper), encoding="utf-8")
    (tmp_path / "SAME_DOI.tsv").write_text("doi\tn\tfiles\n10.5555/paste\t2\tx\n", encoding="utf-8")
    return tmp_path


def test_wins_and_losses_are_counted_by_field_and_source(tmp_path, capsys):
    assert merges.main([str(folder(tmp_path, "Paste")), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["wins"]["title_en/crossref"] == told["wins"]["volume/crossref"] == 1
    assert told["wins"]["issued/semanticscholar"] == 1
    assert told["losses"]["why-same"] >= 1


def test_markup_that_is_left_in_a_text_fails_the_run(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(merges, "_LEFT_OVER", merges.re.compile("Paste"))
    assert merges.main([str(folder(tmp_path, "Paste")), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["marred"] == ["Paste"]


def test_nothing_is_left_in_what_the_recorded_replies_say_of_the_same_works():
    corpus = SHARED / "corpus"
    if not corpus.exists():
        pytest.skip("../shared/corpus is missing")
    works = list(merges.merged(corpus))
    assert len(works) > 20
    assert merges.compared(works)[2] == []
