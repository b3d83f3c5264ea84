"""What records say beyond their fields: packed beside the body, whole again when asked for, short values open to SQL."""

import json
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.errors import StoreError
from harvester.extras import OF_AGGREGATORS, packed, unpacked
from harvester.formats.envelope import KEYS
from harvester.model import Record
from harvester.policy import CURATOR
from harvester.prepared import pack, prepare, unpack
from harvester.store import CHECKED_POLICY, Library

NIGHT = "2026-11-21T03:00:00Z"
LONG = "浆糊 and paste. " * 40
ENVELOPE = dict.fromkeys(KEYS) | {
    "title": LONG,
    "resultStr": json.dumps({"title": LONG}),
    "PeriodicalId": 77,
    "JCR": "Q2",
    "Total": 0,
    "ArticlePicture": [],
}


def record(extra, source="aggregator", key="1"):
    return Record(source=source, source_key=key, retrieved_at=NIGHT, extra=extra)


@given(st.text(), st.text())
def test_whatever_was_said_comes_back_whole(extra, title):
    said = record(extra + title * 20)
    kept = packed(said)
    whole = unpacked(kept.body, kept.extra) if kept.extra else kept.record.extra
    assert whole == said.extra
    assert kept.record.fingerprint() == said.fingerprint()
    assert json.loads(kept.body)["source_key"] == "1"


def test_of_an_envelope_sql_sees_what_only_aggregators_know():
    said = record(json.dumps(ENVELOPE, ensure_ascii=False))
    assert json.loads(packed(said).record.extra) == {"PeriodicalId": 77, "JCR": "Q2"}
    assert set(KEYS) >= OF_AGGREGATORS


def test_of_others_sql_sees_what_is_short():
    said = record(json.dumps({"prefix": "10.5555", "reference": [LONG], "none": None}), "crossref")
    assert json.loads(packed(said).record.extra) == {"prefix": "10.5555"}


@pytest.mark.parametrize("extra", [None, '{"a": 1}', json.dumps({"by": "lin", "why": "浆糊"})])
def test_what_is_short_stays_as_it_is(extra):
    assert packed(record(extra)) == (record(extra), packed(record(extra)).body, None)


@pytest.mark.parametrize("extra", [LONG, json.dumps([LONG]), json.dumps({"long": LONG})])
def test_what_has_nothing_short_leaves_nothing(extra):
    assert packed(record(extra)).record.extra is None


def test_what_people_decided_is_never_packed():
    assert packed(record(LONG, CURATOR)).extra is None


def test_it_packs_to_a_small_part_of_what_was_said():
    said = json.dumps(ENVELOPE | {"AbstractTextCN": "装订" * 400}, ensure_ascii=False)
    assert len(packed(record(said)).extra) * 5 < len(said.encode())


def test_another_process_hands_over_the_fingerprint_of_the_whole():
    said = record(json.dumps(ENVELOPE))
    handed = unpack(pack(prepare(said, CHECKED_POLICY)))
    assert handed.record.fingerprint() == said.fingerprint() == handed.fingerprint
    assert unpacked(handed.body, handed.extra) == said.extra


@pytest.mark.parametrize("is_prepared", [False, True])
def test_a_library_gives_back_the_record_that_it_was_given(tmp_path, is_prepared):
    said = record(json.dumps(ENVELOPE))
    with Library(tmp_path / "library.db") as library:
        [stored] = library.add([prepare(said, CHECKED_POLICY) if is_prepared else said], at=NIGHT)
        [again] = library.add([said], at=NIGHT)
        assert library.records(stored.work_id) == [said]
        assert str(again.outcome) == "unchanged"


def test_a_damaged_one_is_told_as_such(tmp_path):
    path = tmp_path / "library.db"
    with Library(path) as library:
        library.add([record(json.dumps(ENVELOPE))], at=NIGHT)
    with sqlite3.connect(path) as writer:
        writer.execute("UPDATE records SET extra = x'FFFFFFFF'")
    with Library(path) as library, pytest.raises(StoreError, match="damaged") as told:
        library.records(1)
    assert told.value.message.key == "store-corrupt"
