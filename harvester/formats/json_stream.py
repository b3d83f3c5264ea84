"""The JSON values and the plain lines of a text of any size, one after another, in bounded memory.

One object, an array (its elements one by one), JSON Lines, objects one after another, and plain lines before,
between and after them. Whatever is broken is reported with its line, and reading goes on at the next line
that starts a value. Time is linear in the length of the text, however it is broken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, TextIO

from msgspec import Struct

from harvester.errors import ParseError
from harvester.formats.json_values import (
    MAX_DEPTH,
    MAX_VALUE_CHARS,
    checked,
    end_of,
    quickly_decoded,
    raw_decode,
    without_surrogates,
)
from harvester.messages import Message, message

CHUNK_CHARS: Final = 65_536
SHOWN_CHARS: Final = 80

# Chars that may be read a second time after broken values, beyond one time what was read: the bound that
# keeps hostile texts (each line the beginning of a value that swallows the following ones) linear.
RESCAN_CHARS: Final = 1_000_000

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


class Value(Struct, frozen=True):
    """One JSON value: where it starts (lines count from 1), and what it says."""

    line: int
    data: Any


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
    start = end_of(_BLANK, text)
    return text.startswith("{", start) or _STARTS_ARRAY.match(text, start) is not None


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
        self.lines = 0  # values that filled their line, less those that did not

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
            self._advance(end_of(_SEPARATORS, self.buffer, self.position))
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
        return Plain(line, without_surrogates(text))

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
            data, end = self._line_of_json() or raw_decode(buffer, start)
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

    def _line_of_json(self) -> tuple[Any, int] | None:
        """The value that fills the rest of the line at the position, and where it ends; None where it is no JSON Line.

        In a document of another layout it is soon no longer tried.
        """
        end = self.buffer.find("\n", self.position) if self.lines >= 0 else -1
        if end < 0:
            return None
        found = quickly_decoded(self.buffer[self.position : end])
        self.lines += 1 if found else -1
        return (found[0], end) if found else None

    def _found(self, data: Any, end: int) -> Value | Message:
        text = self.buffer[self.position : end]
        if len(text) > MAX_VALUE_CHARS:
            return message("json-too-large", limit=MAX_VALUE_CHARS)
        try:
            value = Value(self.line, checked(data, text))
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
        return Broken(self.line, without_surrogates(shown.partition("\n")[0]), reason)

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
