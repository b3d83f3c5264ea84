"""Tagged files line by line: which tag, which value, where one record ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final, TextIO

from msgspec import Struct

LONGEST_LINE: Final = 1_000_000  # characters; what is longer comes in pieces


class Dialect(Struct, frozen=True):
    """How one kind of file is written.

    `line` matches a tagged line as groups `tag` and `value`; a record begins with any of the tags in
    `begins` and ends with `ends`, where the dialect has such a tag. `roles` says what a tag holds.
    `lists` are tags whose continuation lines are values of their own. Where a line of prose can look like
    a tagged one, `others` names the tags without a role: nothing else is a tag then.
    """

    name: str
    line: re.Pattern[str]
    begins: frozenset[str]
    roles: Mapping[str, str]
    ends: str | None = None
    lists: frozenset[str] = frozenset()
    others: frozenset[str] | None = None

    def read(self, line: str) -> tuple[str | None, str]:
        """The tag and the value of a line; no tag, and the line, where it is none."""
        found = self.line.match(line)
        if found is None:
            return None, line
        tag = found["tag"].strip()
        is_known = self.others is None or tag in self.roles or tag in self.others
        return (tag, found["value"] or "") if is_known else (None, line)


class Entry(Struct, frozen=True):
    """One record as written: its line in the file, and every value of every tag, in order."""

    line: int
    values: tuple[tuple[str, str], ...]


class Junk(Struct, frozen=True):
    """A line that belongs to no record."""

    line: int
    text: str


def read_entries(stream: TextIO, dialect: Dialect) -> Iterator[Entry | Junk]:
    """The records of a file, one at a time; a record that was not ended ends where the next one begins."""
    start, lines = 0, list[tuple[str | None, str]]()
    for number, line in _lines(stream):
        tag, value = dialect.read(line)
        is_end = tag is not None and tag == dialect.ends
        is_begin = tag in dialect.begins and (not lines or any(tag == known for known, _ in lines))
        if is_end or is_begin:
            yield from _entry(start, lines, dialect)
            start, lines = number, [(tag, value.strip())] if is_begin else []
        elif lines:
            lines.append((tag, value.strip()))
        elif line.strip():
            yield Junk(number, line.strip())
    yield from _entry(start, lines, dialect)


def _lines(stream: TextIO) -> Iterator[tuple[int, str]]:
    number = 1
    while line := stream.readline(LONGEST_LINE):
        yield number, line.rstrip("\r\n").lstrip("\ufeff")
        number += line.endswith("\n")


def _entry(start: int, lines: list[tuple[str | None, str]], dialect: Dialect) -> Iterator[Entry]:
    """The record that lines make: a line without a tag goes on with the value before it."""
    pieces: list[tuple[str, list[str]]] = []
    for tag, value in lines:
        if tag is not None:
            pieces.append((tag, [value]))
        elif value and pieces[-1][0] in dialect.lists:
            pieces.append((pieces[-1][0], [value]))
        elif value:
            pieces[-1][1].append(value)
    values = tuple((tag, joined(parts)) for tag, parts in pieces)
    if any(value for _, value in values):
        yield Entry(start, values)


def joined(parts: list[str]) -> str:
    """A value and its further lines: Han text was broken without a blank, all other text at one."""
    glued = (
        part if not before or (_is_wide(before[-1]) and _is_wide(part[0])) else f" {part}"
        for before, part in pairwise(["", *filter(None, parts)])
    )
    return "".join(glued)


def _is_wide(letter: str) -> bool:
    return "\u2e80" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef"
