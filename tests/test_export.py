"""An export writes work by work, whatever the size of the library."""

import io
import json

import pytest

from harvester.export import WRITERS, write_export
from harvester.formats.jsonl import dump_line
from harvester.model import Identifier, Origin, Record, Scheme, Text
from harvester.query import works_where
from harvester.store import Library

NIGHT = "2026-11-19T03:00:00Z"


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library.db") as opened:
        for number in range(1, 6):
            doi = f"10.5555/{number}"
            titles = (Text(f"Paste {number}\u2028of\nthe library", "en", Origin.PUBLISHER),)
            identifiers = (Identifier(Scheme.DOI, doi),)
            opened.add(
                [
                    Record(
                        source="crossref",
                        source_key=doi,
                        retrieved_at=NIGHT,
                        identifiers=identifiers,
                        titles=titles,
                    )
                ],
                at=NIGHT,
            )
        yield opened


class Watched(io.StringIO):
    """Notes at every write how many works had been read."""

    def __init__(self, read):
        super().__init__()
        self.read, self.seen = read, []

    def write(self, text):
        self.seen.append(len(self.read))
        return super().write(text)


@pytest.mark.parametrize("form", ["jsonl", "json", "envelope", "csl", "text"])
def test_a_work_is_written_before_the_next_but_one_is_read(library, monkeypatch, form):
    read, records = [], library.records
    monkeypatch.setattr(library, "records", lambda one: read.append(one) or records(one))
    out = Watched(read)
    WRITERS[form](out, library, works_where(library, None), "en")
    assert read == [1, 2, 3, 4, 5]
    assert {2, 3, 4, 5} <= set(out.seen)


def test_json_is_one_list_indented(library):
    ids = works_where(library, "work_id IN (2, 4)")
    lines = [json.loads(dump_line(one, library.work(one), library.records(one))) for one in ids]
    out = io.StringIO()
    WRITERS["json"](out, library, ids, "en")
    assert out.getvalue() == json.dumps(lines, ensure_ascii=False, indent=2) + "\n"


def test_json_of_no_work_is_an_empty_list(library, tmp_path):
    write_export(library, works_where(library, "0"), "json", str(tmp_path / "none.json"), "en")
    assert (tmp_path / "none.json").read_text() == "[]\n"


def test_ids_take_eight_bytes_each(library):
    ids = works_where(library, None)
    assert (list(ids), memoryview(ids).nbytes) == ([1, 2, 3, 4, 5], 40)
