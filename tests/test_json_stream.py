import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.errors import ParseError
from harvester.formats.json_stream import CHUNK_CHARS, Broken, Plain, Value, read_values, starts_value
from harvester.formats.json_values import (
    MAX_DEPTH,
    MAX_VALUE_CHARS,
    decode,
    harmless,
    quickly_decoded,
    raw_decode,
)


class Trickle(io.StringIO):
    """A stream that gives `size` characters at most, as a slow pipe may."""

    def __init__(self, text, size):
        super().__init__(text)
        self.size = size

    def read(self, wanted=-1):
        return super().read(min(self.size, wanted if wanted >= 0 else self.size))


def read(text):
    return list(read_values(io.StringIO(text)))


def told(text):
    """What was read, in short: (line, data), (line, "text") or (line, reason)."""
    return [
        (item.line, item.data if isinstance(item, Value) else getattr(item, "text", None) or item.reason.key)
        for item in read(text)
    ]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", []),
        (" \n\n", []),
        ('{"a": 1}', [(1, {"a": 1})]),
        ('\ufeff{"a": 1}\r\n', [(1, {"a": 1})]),
        ('{\n "a": 1\n}\n{"b": 2}', [(1, {"a": 1}), (4, {"b": 2})]),
        ('{"a": 1}{"b": 2}', [(1, {"a": 1}), (1, {"b": 2})]),
        ('{"a": 1},\n{"b": 2},\n', [(1, {"a": 1}), (2, {"b": 2})]),
        ('[{"a": 1}, {"b": 2}]', [(1, {"a": 1}), (1, {"b": 2})]),
        ('[\n  {"a": 1},\n  {"b": 2}\n]\ntail', [(2, {"a": 1}), (3, {"b": 2}), (5, "tail")]),
        ("[]", []),
        ("[ ]\n{}", [(2, {})]),
        ('["x", 17, null, [1]]', [(1, "x"), (1, 17), (1, None), (1, [1])]),
        ('head\n{"a": 1}\nmiddle\n\n{"b": 2}\ntail', [
            (1, "head"), (2, {"a": 1}), (3, "middle"), (5, {"b": 2}), (6, "tail"),
        ]),
        ('{"a": 1} same line', [(1, {"a": 1}), (1, "same line")]),
        ("[Article in Chinese]\n[1] Smith J\n[2024]", [(1, "[Article in Chinese]"), (2, "[1] Smith J"), (3, "[2024]")]),
        ('["Paste" and other words].', [(1, '["Paste" and other words].')]),
        ("17\ntrue", [(1, "17"), (2, "true")]),
        ('{"a": 1, "a": 2}', [(1, {"a": 2})]),
        ('{"a": NaN, "b": -Infinity, "c": 1e999}', [(1, {"a": None, "b": None, "c": None})]),
        (r'{"a": "\ud800x", "\udc00": 1}', [(1, {"a": "\ufffdx", "\ufffd": 1})]),
        (r'{"a": "\ud83d\ude00"}', [(1, {"a": "😀"})]),
        ('{"a": "tab\there, \x1b[31m, new\nline"}', [(1, {"a": "tab\there, \x1b[31m, new\nline"})]),
        (f'{{"a": {"9" * 5000}}}', [(1, {"a": "9" * 5000})]),
    ],
)  # fmt: skip
def test_values_and_lines_come_in_order_with_their_lines(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ('{"a": "cut', [(1, "json-broken")]),
        ('{"a": \n{"b": 2}', [(1, "json-broken"), (2, {"b": 2})]),
        ('{"a": "cut\n{"b": 2}\n{"c": 3}', [(1, "json-broken"), (2, {"b": 2}), (3, {"c": 3})]),
        ('{"a": "\\q"}\ntail\n{"b": 2}', [(1, "json-broken"), (2, "tail"), (3, {"b": 2})]),
        ('[{"a": 1}, {"b": \\}, {"c": 3}]', [(1, {"a": 1}), (1, "json-broken"), (1, {"c": 3})]),
        ('[\n {"a": 1},\n {"b":\n },\n {"c": 3}\n]', [(2, {"a": 1}), (3, "json-broken"), (5, {"c": 3})]),
        ('{\n "a": {\n  "b": x\n }\n}\n{"c": 3}', [(1, "json-broken"), (6, {"c": 3})]),
        ("{'a': 1}\n{\"b\": 2}", [(1, "json-broken"), (2, {"b": 2})]),
        ('[{"a": 1},', [(1, {"a": 1}), (1, "json-open-array")]),
        ('{"a": ' + "[" * 100_000 + '\n{"b": 2}', [(1, "json-too-deep"), (2, {"b": 2})]),
        ('{"a": ' + "[" * 500 + "]" * 500 + '}\n{"b": 2}', [(1, "json-too-deep"), (2, {"b": 2})]),
        ("[" * 100_000 + '\n{"b": 2}', [(1, "json-too-deep"), (2, {"b": 2})]),
    ],
)
def test_what_is_broken_is_named_and_reading_goes_on(text, expected):
    assert [(line, "[" if isinstance(what, list) else what) for line, what in told(text)] == expected


def test_blanks_around_a_value_and_in_it_mean_nothing():
    [value] = read(' {"a":  1} ')

    assert value == Value(1, {"a": 1})


def test_a_broken_value_shows_how_its_first_line_starts():
    [broken] = read('{"a": ' + "x" * 500)

    assert isinstance(broken, Broken)
    assert broken.text_start == '{"a": ' + "x" * 74


@pytest.mark.parametrize("indent", ["", "  "])
def test_a_value_over_the_cap_is_passed_over(indent):
    huge = '{"a": "' + "x" * (MAX_VALUE_CHARS + CHUNK_CHARS) + '"}'

    assert told(f'{indent}{huge}\nplain\n{indent}{{"b": 2}}') == [(1, "json-too-large"), (3, {"b": 2})]


def test_a_line_over_the_cap_is_passed_over():
    assert told("x" * (MAX_VALUE_CHARS + CHUNK_CHARS) + "\nnext") == [(1, "json-too-large"), (2, "next")]


def test_a_value_just_under_the_cap_is_read():
    text = '{"a": "' + "x" * (MAX_VALUE_CHARS - 9) + '"}'

    assert [type(item) for item in read(text)] == [Value]


@pytest.mark.parametrize(
    "text",
    [
        '{"a":\n' * 3000,
        '{"a": b}\n' * 3000,
        '{"t": "abc\n' * 3000,
        "[\n" * 3000,
        "{\n" * 3000,
        '[{"a":[\n' * 3000,
        '"\n{' * 3000,
        '{"a":"' + '\\"' * 100_000,
    ],
    ids=range(8),
)
def test_however_broken_the_text_the_reader_ends_and_says_so(text):
    items = read(text)

    assert items
    assert any(isinstance(item, Broken) for item in items)
    assert [item.line for item in items] == sorted(item.line for item in items)


def test_hostile_text_is_not_read_over_and_over():
    lines = 20_000
    items = read('{"a":\n' * lines)

    # Every attempt runs a thousand levels ahead; unless that is bounded, each line is an attempt of its own.
    assert 0 < len(items) < lines / 2


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
json_objects = st.dictionaries(st.text(max_size=5), json_values, max_size=4)


@given(st.lists(json_objects, max_size=5), st.sampled_from([None, 2]), st.integers(1, 40))
def test_objects_come_out_as_they_went_in_however_the_stream_is_cut(objects, indent, size):
    lines = "\n".join(json.dumps(one, indent=indent, ensure_ascii=False) for one in objects)
    array = json.dumps(objects, indent=indent)

    assert [item.data for item in read_values(Trickle(lines, size))] == objects
    assert [item.data for item in read_values(Trickle(array, size))] == objects


escapes = st.text(st.sampled_from("\\ud8cDE0a/bnx\x7f\x1f"), max_size=12).map(lambda inner: f'"{inner}"')
numbers = st.text(st.sampled_from("0123456789.eE-+"), min_size=1, max_size=400)


@given(escapes | numbers | st.text(st.sampled_from('{}[]",:1 x'), max_size=12) | json_values.map(json.dumps))
def test_what_is_decoded_quickly_is_what_the_other_decoder_reads(text):
    found = quickly_decoded(text)

    if found is not None:
        assert repr(found[0]) == repr(raw_decode(text, len(text) - len(text.lstrip()))[0])


@given(st.text(st.sampled_from('{}[]",:\\u0d8a1 \n\tx'), max_size=200), st.integers(1, 7))
def test_any_text_is_read_to_its_end(text, size):
    for item in read_values(Trickle(text, size)):
        assert 1 <= item.line <= text.count("\n") + 1


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r,[{]"), min_size=1), max_size=5))
def test_plain_lines_come_out_as_they_went_in(lines):
    kept = [line.replace("\ufeff", "").strip() for line in lines]
    found = [item.text for item in read("\n".join(line.replace("\ufeff", "") for line in lines))]

    assert found == [line for line in kept if line]


@pytest.mark.parametrize(
    "text, expected",
    [
        ('  {"a": 1}', True),
        ("{", True),
        ('[\n{"a"', True),
        ('["a", "b"]', True),
        ("[]", True),
        ("[Article]", False),
        ("[1] Smith", False),
        ('"a"', False),
        ("", False),
    ],
)
def test_a_value_is_known_by_its_beginning(text, expected):
    assert starts_value(text) is expected


@pytest.mark.parametrize(
    "text, key",
    [
        ("", "json-broken"),
        ('{"a": ', "json-broken"),
        ('{"a": 1} x', "json-broken"),
        ("[" * 100_000, "json-too-deep"),
        ("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2), "json-too-deep"),
        (" " * (MAX_VALUE_CHARS + 1), "json-too-large"),
    ],
)
def test_a_text_that_is_not_one_value_is_refused(text, key):
    with pytest.raises(ParseError) as caught:
        decode(text)

    assert caught.value.message.key == key


def test_one_value_is_decoded():
    assert decode(' {"a": [1.5, "\\ud800"]} ') == {"a": [1.5, "\ufffd"]}


def test_harmless_leaves_harmless_values_alone():
    data = {"a": [1, 1.5, None, True, "x"], "b": {}}

    assert harmless(data) == data
    assert harmless({"a": float("nan"), "\ud800": ["\udfff"]}) == {"a": None, "\ufffd": ["\ufffd"]}


def test_plain_lines_have_no_blanks_around_them():
    assert read("  head \t\n") == [Plain(1, "head")]
