"""The JSON values and the plain lines of a text of any size, one after another, in bounded memory.

One object, an array (its elements one by one), JSON Lines, objects one after another, and plain lines before,
between and after them. Whatever is broken is reported with its line, and reading goes on at the next line
that starts a value. Time is linear in the length of the text, however it is broken.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final, TextIO

from msgspec import Struct

from harvester.errors import ParseError
from harvester.messages import Message, message

MAX_VALUE_CHARS: Final = 5_000_000
MAX_DEPTH: Final = 100
CHUNK_CHARS: Final = 65_536
SHOWN_CHARS: Final = 80

# Chars that may be read a second time after broken values, beyond one time what was read: the bound that
# keeps hostile texts (each line the beginning of a value that swallows the following ones) linear.
RESCAN_CHARS: Final = 1_000_000

_MAX_DIGITS: Final = 4000  # int() refuses 4301 digits and more
_CUT_CHARS: Final = (
    16  # how far before its end a cut buffer can fail: a literal or an escape that is not whole
)
_BLANK: Final = re.compile(r"[\s\ufeff]*")
_SEPARATORS: Final = re.compile(r"[\s\ufeff,]*")
_STARTS_ARRAY: Final = re.compile(
    r'\[\s*(?:[{\]]|"(?:[^"\\\n]|\\.)*+"\s*(?:[,\]]|\Z)|\[\s*(?:[\[{"\]\d-]|true|false|null))'
)
_MAX_INDENT: Final = 200
# The closing quote may be missing: a search that went on inside an open string would not be linear.
_TOKEN: Final = re.compile(r'[\[{]|[\]}]|"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_ENDLESS: Final = re.compile(rf"[0-9]{{{_MAX_DIGITS}}}")


class Value(Struct, frozen=True):
    """One JSON value: where it starts (lines count from 1), what it says, and its own text."""

    line: int
    data: Any
    text: str


class Plain(Struct, frozen=True):
    """One line of text that is no JSON, without the blanks around it."""

    line: int
    text: str


class Broken(Struct, frozen=True):
    """Something that began as a value and is none: where, its first characters, and why."""

    line: int
    text_start: str
    reason: Message


def read_values(stream: TextIO) -> Iterator[Value | Plain | Broken]:
    """The values and plain lines of `stream` in order; blank lines are passed over.

    A line is a value if it starts with "{", or with "[" and then what can stand in an array of objects or strings:
    "[Article in Chinese]" and "[1] Smith J" are plain. An array's elements are values of their own.
    """
    return _Reader(stream).items()


def starts_value(text: str) -> bool:
    """Whether `text` begins like a JSON object, or an array of objects or strings."""
    start = _end_of(_BLANK, text)
    return text.startswith("{", start) or _STARTS_ARRAY.match(text, start) is not None


def decode(text: str) -> Any:
    """The one JSON value that `text` is; harmless, as described at `harmless`.

    Raises ParseError if it is none, is longer than `MAX_VALUE_CHARS` or deeper than `MAX_DEPTH`.
    """
    if len(text) > MAX_VALUE_CHARS:
        raise ParseError(message("json-too-large", limit=MAX_VALUE_CHARS))
    start = _end_of(_BLANK, text)
    try:
        data, end = _raw_decode(text, start)
    except RecursionError:
        raise ParseError(message("json-too-deep", limit=MAX_DEPTH)) from None
    except json.JSONDecodeError as error:
        raise ParseError(message("json-broken", what=error.msg, offset=error.pos)) from error
    if _end_of(_BLANK, text, end) != len(text):
        raise ParseError(message("json-broken", what="Extra data", offset=end))
    return _checked(data, text)


def harmless(data: Any) -> Any:
    """The same value without what cannot be stored: lone surrogates become U+FFFD, endless numbers None,
    integers of thousands of digits text. Raises ParseError where it is deeper than `MAX_DEPTH`.
    """
    return _harmless(data, MAX_DEPTH)


def _harmless(data: Any, depth: int) -> Any:
    if depth < 0:
        raise ParseError(message("json-too-deep", limit=MAX_DEPTH))
    if isinstance(data, str):
        return _without_surrogates(data)
    if isinstance(data, dict):
        return {_without_surrogates(str(key)): _harmless(value, depth - 1) for key, value in data.items()}
    if isinstance(data, list):
        return [_harmless(value, depth - 1) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return None
    if isinstance(data, int) and abs(data) >= 10**_MAX_DIGITS:
        return hex(data)
    return data


def _without_surrogates(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text) if _has_surrogates(text) else text


def _has_surrogates(text: str) -> bool:
    try:
        text.encode()  # many times as fast as a search
    except UnicodeEncodeError:
        return True
    return False


def _checked(data: Any, text: str) -> Any:
    """What was decoded from `text`, walked only where the text gives a reason to."""
    if _is_suspicious(text):
        return harmless(data)
    if text.count("[") + text.count("{") > MAX_DEPTH:
        _check_depth(data)
    return data


def _is_suspicious(text: str) -> bool:
    """Whether a value may hold what cannot be stored; endless numbers the decoder has left out."""
    is_escaped = "\\u" in text and _ESCAPED_SURROGATE.search(text) is not None
    return (
        is_escaped
        or _has_surrogates(text)
        or (len(text) >= _MAX_DIGITS and _ENDLESS.search(text) is not None)
    )


def _check_depth(data: Any) -> None:
    level = [data]
    for _ in range(MAX_DEPTH + 1):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise ParseError(message("json-too-deep", limit=MAX_DEPTH))


def _read_int(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


def _read_float(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


_DECODER: Final = json.JSONDecoder(strict=False, parse_constant=lambda _: None, parse_float=_read_float)
_CAREFUL: Final = json.JSONDecoder(
    strict=False, parse_constant=lambda _: None, parse_float=_read_float, parse_int=_read_int
)


def _raw_decode(text: str, start: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, start)
    except json.JSONDecodeError:
        raise
    except ValueError:  # an integer of too many digits; the careful decoder is several times slower
        return _CAREFUL.raw_decode(text, start)


class _Reader:
    """A window on the stream: `buffer[position:]` is what was read and not yet given away."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.buffer = ""
        self.position = 0
        self.line = 1
        self.is_at_end = False
        self.is_in_array = False
        self.has_array = False
        self.allowance = RESCAN_CHARS

    def items(self) -> Iterator[Value | Plain | Broken]:
        """Everything up to the end, in order."""
        while self._skip_blank():
            item = self._item()
            if item is not None:
                yield item
        if self.is_in_array:
            yield Broken(self.line, "", message("json-open-array"))

    def _item(self) -> Value | Plain | Broken | None:
        """The value or line at the position; None for the bracket of an array, which is stepped over."""
        first = self.buffer[self.position]
        if self.is_in_array and first != "]":
            return self._value()
        if self.is_in_array or (first == "[" and self._is_array()):
            self.is_in_array = self.has_array = first == "["
            self._advance(self.position + 1)
            return None
        if first == "{":
            return self._value()
        return self._plain()

    def _fill(self, wanted: int = CHUNK_CHARS) -> None:
        """Read at least one more character, or note the end."""
        chunk = self.stream.read(max(wanted, CHUNK_CHARS))
        self.is_at_end = not chunk
        self.buffer = self.buffer[self.position :] + chunk
        self.position = 0
        self.allowance += len(chunk)

    def _advance(self, position: int) -> None:
        self.line += self.buffer.count("\n", self.position, position)
        self.position = position

    def _skip_blank(self) -> bool:
        """Go to the next character that says something, False at the end."""
        if self.position > CHUNK_CHARS // 4:  # json's errors count lines from the start of the buffer
            self.buffer, self.position = self.buffer[self.position :], 0
        while True:
            self._advance(_end_of(_SEPARATORS, self.buffer, self.position))
            if self.position < len(self.buffer) or self.is_at_end:
                return self.position < len(self.buffer)
            self._fill()

    def _is_array(self) -> bool:
        while len(self.buffer) - self.position < CHUNK_CHARS // 2 and not self.is_at_end:
            self._fill()
        return _STARTS_ARRAY.match(self.buffer, self.position) is not None

    def _plain(self) -> Plain | Broken | None:
        line, end = self.line, self.buffer.find("\n", self.position)
        while end < 0 and not self.is_at_end:
            seen = len(self.buffer) - self.position
            if seen > MAX_VALUE_CHARS:
                return self._too_large(re.compile("\n"))
            self._fill(_more(seen))
            end = self.buffer.find("\n", seen)
        end = end if end >= 0 else len(self.buffer)
        text = self.buffer[self.position : end].strip()
        self._advance(end)
        if text == "]" and self.has_array:  # closes an array that was left at a broken element
            return None
        return Plain(line, _without_surrogates(text))

    def _value(self) -> Value | Broken:
        indent = self._indent()
        while True:
            found, failed_at = self._attempt()
            if isinstance(found, Value):
                return found
            if found is not None:
                return self._broken(found, failed_at, _line_start(indent))
            seen = len(self.buffer) - self.position
            if seen > MAX_VALUE_CHARS:
                return self._too_large(_line_start(indent))
            self._fill(_more(seen))

    def _attempt(self) -> tuple[Value | Message | None, int]:
        """The value at the position; or why there is none, and where that showed; or None: read on."""
        buffer, start = self.buffer, self.position
        try:
            data, end = _raw_decode(buffer, start)
        except json.JSONDecodeError as error:
            is_open = error.msg.startswith("Unterminated")
            if not self.is_at_end and (is_open or error.pos >= len(buffer) - _CUT_CHARS):
                return None, 0
            reason = message("json-broken", what=error.msg, offset=error.pos - start)
            return reason, len(buffer) if is_open else error.pos
        except RecursionError:
            return message("json-too-deep", limit=MAX_DEPTH), _where_too_deep(buffer, start)
        if end == len(buffer) and not self.is_at_end and not isinstance(data, dict | list | str):
            return None, 0  # the rest of a number may follow
        return self._found(data, end), end

    def _found(self, data: Any, end: int) -> Value | Message:
        text = self.buffer[self.position : end]
        if len(text) > MAX_VALUE_CHARS:
            return message("json-too-large", limit=MAX_VALUE_CHARS)
        try:
            value = Value(self.line, _checked(data, text), _without_surrogates(text))
        except ParseError as error:
            return error.message
        self._advance(end)
        return value

    def _indent(self) -> int:
        start = self.buffer.rfind("\n", 0, self.position) + 1
        before = self.buffer[start : self.position]
        return len(before) if before.isspace() else 0

    def _report(self, reason: Message) -> Broken:
        shown = self.buffer[self.position : self.position + SHOWN_CHARS]
        return Broken(self.line, _without_surrogates(shown.partition("\n")[0]), reason)

    def _broken(self, reason: Message, failed_at: int, line_start: re.Pattern[str]) -> Broken:
        """Report the value at the position, and go to its end, or to the next line that may start one."""
        broken = self._report(reason)
        match = line_start.search(self.buffer, self.position)
        end = _balanced_end(self.buffer, self.position, match.start() if match else len(self.buffer))
        if end is not None:
            self._advance(end)
            return broken
        if match is not None and match.start() < failed_at:
            self.allowance -= failed_at - match.start()
            if self.allowance < 0:
                self._advance(failed_at)
        self._skip_to(line_start)
        return broken

    def _too_large(self, resume: re.Pattern[str]) -> Broken:
        broken = self._report(message("json-too-large", limit=MAX_VALUE_CHARS))
        self._skip_to(resume)
        return broken

    def _skip_to(self, resume: re.Pattern[str]) -> None:
        """Leave the array, if in one, and pass over everything before the next match, a chunk at a time."""
        self.is_in_array = False
        while (match := resume.search(self.buffer, self.position)) is None and not self.is_at_end:
            last = self.buffer.rfind("\n", self.position)
            is_open = (
                last >= 0 and len(self.buffer) - last <= CHUNK_CHARS
            )  # what follows may complete a match
            self._advance(last if is_open else len(self.buffer))
            self._fill()
        self._advance(match.start() if match else len(self.buffer))


def _end_of(pattern: re.Pattern[str], text: str, start: int = 0) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _more(seen: int) -> int:
    """How much to read on: doubling keeps the attempts linear; never far beyond the cap."""
    return min(seen, MAX_VALUE_CHARS + 1 - seen)


def _line_start(indent: int) -> re.Pattern[str]:
    """A line that may start a value after a broken one: no deeper than that one began."""
    return re.compile(rf"\n[ \t]{{0,{min(indent, _MAX_INDENT)}}}[{{\[]")


def _balanced_end(text: str, start: int, limit: int) -> int | None:
    """Where the brackets opened at `start` are all closed again, before `limit`; strings do not count."""
    depth = 0
    for token in _TOKEN.finditer(text, start, limit):
        first = token[0][0]
        depth += (first in "[{") - (first in "]}")
        if depth <= 0:
            return token.end() if first in "]}" else None
    return None


def _where_too_deep(text: str, start: int) -> int:
    depth = 0
    for token in _TOKEN.finditer(text, start):
        first = token[0][0]
        depth += (first in "[{") - (first in "]}")
        if depth > MAX_DEPTH:
            return token.end()
    return len(text)
