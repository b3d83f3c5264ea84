"""Our own export: what is written can be read back whole."""

import json

from hypothesis import given

from harvester.formats.jsonl import dump_line, is_line, read_line
from harvester.merge import merge
from harvester.wire import Skip
from tests.strategies import some_records


@given(some_records)
def test_a_line_gives_back_every_record_and_so_the_same_work(some):
    line = json.loads(dump_line(7, merge(some), some))
    assert is_line(line)
    again = read_line(line, "a.jsonl:1")
    assert set(again) == set(some)
    assert merge(again) == merge(some)


def test_a_record_that_is_none_is_skipped_by_name_and_the_rest_is_read():
    line = {"harvester": 1, "records": [{"source": 3}]}
    (skip,) = read_line(line, "a.jsonl:1")
    assert isinstance(skip, Skip)
    assert skip.where == "a.jsonl:1, records[0]"
    assert skip.why.key == "bad-record"
