"""Documents of JSON: every known kind of object in any mixture, each with the plain lines that follow it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TextIO

from harvester.formats.envelope import is_envelope, parse_envelope
from harvester.formats.envelope_fields import shown
from harvester.formats.json_stream import Broken, Plain, Value, read_values, starts_value
from harvester.identifiers import find
from harvester.messages import message
from harvester.model import Identifier, Record
from harvester.wire import Context, Format, Skip

Item = Record | Identifier | Skip
Recognise = Callable[[Mapping[str, Any]], bool]
Read = Callable[[Mapping[str, Any], str, Context, Sequence[Plain]], Iterable[Item]]
Readers = tuple[tuple[Recognise, Read], ...]

MOST_LINES: Final = 64  # that can belong to one object
_EXPECTED: Final = "title, doi, abstract, resultStr, TitleCN"


def _read_envelope(
    data: Mapping[str, Any], where: str, context: Context, lines: Sequence[Plain]
) -> Iterator[Item]:
    record, skips = parse_envelope(data, where, context, lines)
    if record is not None:
        yield record
    yield from skips


# The first reader that recognises an object reads it.
READERS: Final[Readers] = ((is_envelope, _read_envelope),)


def sniff(head: str) -> bool:
    """Whether a JSON object or array of objects begins the text, or one of its lines."""
    return starts_value(head) or re.search(r'^\s*\{\s*"', head, re.MULTILINE) is not None


def parse(stream: TextIO, context: Context, readers: Readers = READERS) -> Iterator[Item]:
    """What the objects of a document say. Plain lines belong to the object before them, at the start to the
    first one; what is broken or unknown is skipped with its line.
    """
    lines: list[Plain] = []
    held: Value | None = None
    for item in read_values(stream):
        if isinstance(item, Plain):
            if len(lines) < MOST_LINES:
                lines.append(item)
            else:
                yield unused(item, context)
            continue
        if held is not None:
            yield from _read(held, context, lines, readers)
            lines = []
        held = item if isinstance(item, Value) else None
        if isinstance(item, Broken):
            yield from (unused(line, context) for line in lines)
            lines = []
            yield Skip(f"{context.document}:{item.line}", item.reason)
    if held is not None:
        yield from _read(held, context, lines, readers)
    else:
        yield from (unused(line, context) for line in lines)


def unused(line: Plain, context: Context) -> Skip:
    """The remark that nothing could be done with a plain line."""
    where = f"{context.document}:{line.line}"
    return Skip(where, message("envelope-line-unused", found=shown(line.text)), fatal=False)


def _read(value: Value, context: Context, lines: Sequence[Plain], readers: Readers) -> Iterator[Item]:
    where = f"{context.document}:{value.line}"
    data = value.data
    if isinstance(data, dict):
        for recognise, read in readers:
            if recognise(data):
                yield from read(data, where, context, lines)
                return
        found = ", ".join(shown(key) for key in list(data)[:8]) or "{}"
        yield Skip(where, message("json-unknown-object", expected=_EXPECTED, found=found))
    elif isinstance(data, str) and (identifiers := find(data)):
        yield from identifiers
    else:
        yield Skip(where, message("not-an-object", found=shown(data)))
    yield from (unused(line, context) for line in lines)


FORMAT: Final = Format(name="json", sniff=sniff, parse=parse)
