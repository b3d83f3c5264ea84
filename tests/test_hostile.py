"""Envelopes made to do harm: whatever they hold, records and named skips come out, and memory stays bounded."""

import io
import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.formats.envelope import KEYS, dump_envelope, parse_envelope
from harvester.formats.json_documents import FORMAT
from harvester.formats.json_values import MAX_VALUE_CHARS
from harvester.model import Description, Record, Work
from harvester.wire import Context, Skip

CONTEXT = Context("hostile.txt", "2026-11-21T03:00:00Z")
TITLE = "On the drying of library paste in unheated reading rooms"
MEGABYTE = 1_000_000
GENEROUS = 100 * MEGABYTE

ENVELOPE = dict.fromkeys(KEYS) | {"doi": "10.5555/paste", "title": TITLE}
TEXT_KEYS = (
    "title", "authors", "abstract", "PeriodicalName", "TitleCN", "AbstractTextCN", "fieldsOfStudy", "platform",
    "paperid", "journal", "url", "openAccessPdf",
)  # fmt: skip


class Endless(io.TextIOBase):
    """Text that is made while it is read: `head`, then `body` over and over up to `size`, then `tail`."""

    def __init__(self, head, body, size, tail=""):
        self.pieces = [head, body, tail]
        self.left = size

    def read(self, wanted=-1):
        head, body, tail = self.pieces
        if head:
            self.pieces[0] = ""
            return head
        if self.left > 0:
            count = max(1, min(wanted, self.left) // len(body))
            self.left -= count * len(body)
            return body * count
        self.pieces[2] = ""
        return tail


def parsed(text):
    return list(FORMAT.parse(io.StringIO(text), CONTEXT))


def text_of(**values):
    return json.dumps(ENVELOPE | values)


def kinds(items):
    return [item.why.key if isinstance(item, Skip) else type(item).__name__ for item in items]


def check(record):
    """What holds for every record, and for what is dumped of it."""
    extra = json.loads(record.extra, parse_constant=pytest.fail)
    record.extra.encode()
    for text in (*record.titles, *record.abstracts):
        assert text.value.isprintable() or "\n" in text.value
        text.value.encode()
    work = Work(
        **{name: getattr(record, name) for name in Description.__struct_fields__},
        identifiers=record.identifiers,
    )
    dumped = dump_envelope(work, record.extra)
    again, _ = parse_envelope(json.loads(json.dumps(dumped)), "hostile.txt:1", CONTEXT, [])
    assert again is not None
    assert [text.value for text in again.titles[:1]] == [text.value for text in record.titles[:1]]
    return extra


ODD_VALUES = {
    "list": ["a", 1, None, [], {}],
    "dict": {"a": {"b": [1]}, "name": ["x"], "url": 7, "volume": {}},
    "list of dicts": [{"name": {"a": 1}}, {"authorId": 3}, 7, None],
    "number": -17.5,
    "bool": True,
    "huge int": 10**4000,
    "minus huge int": -(10**30),
    "float NaN": float("nan"),
    "infinity": float("inf"),
    "long string": "paste " * 40_000,
    "long word": "x" * 200_000,
    "brackets": "[(" * 20_000,
    "tags": "<p><sub>" * 5_000,
    "entities": "&amp;amp;" * 3_000,
    "surrogate": "\ud800 paste \udfff",
    "NUL": "pa\0ste",
    "escape": "\x1b]0;paste\x07\x1b[31m\u202epaste\x9b31m",
    "format": "{field} {0} %s %(x)s",
    "nested": [[[[[[["x"]]]]]]],
}


@pytest.mark.parametrize("name", ODD_VALUES)
@pytest.mark.parametrize("key", KEYS)
def test_any_key_may_hold_anything(key, name):
    record, skips = parse_envelope(ENVELOPE | {key: ODD_VALUES[name]}, "hostile.txt:1", CONTEXT, [])

    assert record is not None
    assert all(not skip.fatal and skip.why.text() and skip.why.text("zh") for skip in skips)
    assert list(check(record)) == list(KEYS)


@pytest.mark.parametrize("name", ODD_VALUES)
def test_all_keys_at_once_may_hold_anything(name):
    items = parsed(json.dumps(dict.fromkeys(KEYS, ODD_VALUES[name])))

    assert items
    for item in items:
        assert isinstance(item, Skip) or check(item)


@pytest.mark.parametrize("key", TEXT_KEYS)
@pytest.mark.parametrize("bad", ["\x1b[31m", "\x1b]0;x\x07", "\0", "\x9b", "\u202e", "\x7f", "\x08"])
def test_control_characters_reach_no_text_of_the_record(key, bad):
    [record, *skips] = parsed(text_of(**{key: f"{bad}The drying{bad} of the paste{bad}"}))
    shown = [
        *(text.value for text in (*record.titles, *record.abstracts)),
        *(person.name for person in record.contributors),
        *record.subjects,
        *(one.value for one in record.identifiers),
        record.container.title if record.container else "",
        record.url or "",
        *(skip.why.text() for skip in skips),
    ]

    assert all(bad not in text for text in shown)


@pytest.mark.parametrize("depth", [150, 100_000])
@pytest.mark.parametrize("brackets", ["[]", '{"a":}'])
def test_nesting_in_the_outer_value_costs_that_value(depth, brackets):
    opening, closing = brackets[:-1], brackets[-1]
    nested = opening * depth + "1" + closing * depth
    items = parsed(f'{{"title": "x", "resultStr": {nested}}}\n{text_of()}')

    assert kinds(items) == ["json-too-deep", "Record"]


@pytest.mark.parametrize(
    "raw",
    [
        "[" * 100_000,
        '{"resultStr":' * 100_000,
        '{"a":' * 500 + "1" + "}" * 500,
        "\\" * 100_000,
        '"' * 100_001,
        "9" * 100_000,
        '{"title": "\\ud800"',
    ],
    ids=range(7),
)
def test_a_hostile_inner_record_costs_only_itself(raw):
    items = parsed(text_of(resultStr=raw))

    assert kinds(items) == ["Record", "envelope-inner-broken"]
    assert items[0].titles[0].value == TITLE


def test_strings_in_strings_end():
    text = json.dumps({"title": "The innermost title"})
    for _ in range(12):
        text = json.dumps(text)
    items = parsed(text_of(resultStr=text))

    assert kinds(items) == ["Record", "envelope-inner-broken"]


def test_of_two_equal_keys_the_last_counts():
    [record] = parsed('{"doi": "10.5555/a", "doi": "10.5555/b", "TitleCN": null}')

    assert record.source_key == "10.5555/b"


def test_a_key_of_a_megabyte_and_a_hundred_thousand_keys_are_kept():
    extra = {"k" * MEGABYTE: 1, **{f"key {number}": number for number in range(100_000)}}
    [record] = parsed(text_of(**extra))

    assert json.loads(record.extra) == ENVELOPE | extra


def test_ten_thousand_lines_after_an_object_cost_no_more_than_remarks():
    items = parsed(text_of() + "\n" + "a line {0} of paste\n" * 10_000)

    assert kinds(items).count("Record") == 1
    assert all(isinstance(item, Record) or not item.fatal for item in items)


@pytest.mark.parametrize(
    "head, body, tail, expected",
    [
        ('{"resultStr": "', "x", '"}\n' + text_of(), ["json-too-large", "Record"]),
        ('{"resultStr": "', "\\\\", '"}\n' + text_of(), ["json-too-large", "Record"]),
        ('{"resultStr": "', "x", "", ["json-too-large"]),
        ("", "[", "\n" + text_of(), ["json-too-deep", "Record"]),
        ("", "x", "\n" + text_of(), ["json-too-large", "Record"]),
        ('{"a": 1}', " ", text_of(), ["json-unknown-object", "Record"]),
        ("[", "\n", text_of() + "]", ["Record"]),
        ('{"a": [', "12345678901234567890,", "1]}\n" + text_of(), ["json-too-large", "Record"]),
    ],
    ids=["string", "escapes", "open string", "brackets", "line", "blanks", "blank lines", "numbers"],
)
def test_fifty_megabytes_of_anything_are_read_in_bounded_memory(head, body, tail, expected):
    stream = Endless(head, body, 50 * MEGABYTE, tail)
    tracemalloc.start()
    try:
        found = kinds(FORMAT.parse(stream, CONTEXT))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert found == expected
    assert peak < GENEROUS


def test_the_largest_envelope_that_is_read_is_read_in_bounded_memory():
    text = text_of(resultStr="x" * (MAX_VALUE_CHARS - 3000))
    tracemalloc.start()
    try:
        found = kinds(parsed(text))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert found == ["Record", "envelope-inner-broken"]
    assert peak < GENEROUS


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "url", *KEYS]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), anything), st.lists(st.text(max_size=80), max_size=3))
def test_no_envelope_ends_in_a_traceback(data, lines):
    text = json.dumps(data) + "\n" + "\n".join(lines)

    for item in FORMAT.parse(io.StringIO(text), CONTEXT):
        assert isinstance(item, Skip) or json.loads(item.extra) is not None
