"""Documents: files of any known format, in any of the usual encodings, as records, one after another."""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO

from msgspec import Struct
from msgspec.structs import replace

from harvester.charset import detect_encoding
from harvester.errors import ParseError
from harvester.formats import doi_list, json_documents, jsonl, pubmed_text
from harvester.formats.json_stream import Plain
from harvester.messages import Message, message
from harvester.model import Identifier, Record
from harvester.sources import crossref, crossref_xml, csl, datacite, semantic_scholar
from harvester.tagged import FORMATS as TAGGED
from harvester.tagged import TABLE
from harvester.tagged.dialects import NOTEEXPRESS
from harvester.wire import Context, Format, Skip

Item = Record | Identifier | Skip

_HEAD_BYTES: Final = 65_536


def _read_own(
    data: Mapping[str, Any], where: str, context: Context, lines: Sequence[Plain]
) -> list[Record | Skip]:
    return [*jsonl.read_line(data, where), *(json_documents.unused(line, context) for line in lines)]


def _reader(parse_work: Callable[..., Record]) -> json_documents.Read:
    """A service's reply, or one work of it, as a document: what `parse_work` makes of it."""

    def read(
        data: Mapping[str, Any], where: str, context: Context, lines: Sequence[Plain]
    ) -> Iterator[Record | Skip]:
        remarks: list[Skip] = []
        try:
            yield parse_work(data, context.retrieved_at, document=where, remarks=remarks)
        except ParseError as error:
            yield Skip(where, error.message)
        yield from (Skip(where, one.why, one.fatal) for one in remarks)
        yield from (json_documents.unused(line, context) for line in lines)

    return read


_JSON: Final[json_documents.Readers] = (
    (jsonl.is_line, _read_own),
    (crossref.is_work, _reader(crossref.parse_work)),
    (semantic_scholar.is_paper, _reader(semantic_scholar.parse_work)),
    (datacite.is_work, _reader(datacite.parse_work)),
    (csl.is_csl, _reader(csl.parse_work)),
    *json_documents.READERS,
)
# The first format that recognises a document reads it; the loosest comes last. A brace begins NoteExpress's tags, too.
FORMATS: Final = (
    *(one for one in TAGGED if one.name == NOTEEXPRESS.name),
    replace(json_documents.FORMAT, parse=partial(json_documents.parse, readers=_JSON)),
    crossref_xml.FORMAT,
    *TAGGED,
    TABLE,
    pubmed_text.FORMAT,
    doi_list.FORMAT,
)


def documents(paths: Iterable[str]) -> Iterator[str]:
    """The files that `paths` name: folders give what lies in them, by name, hidden files excepted."""
    for path in paths:
        if path != "-" and Path(path).is_dir():
            inside = (one for one in sorted(Path(path).rglob("*")) if one.is_file())
            yield from (str(one) for one in inside if not _is_hidden(one.relative_to(path)))
        else:
            yield path


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


class Recognised(Struct, frozen=True):
    """What a document is: its format, its encoding, and its text, to be read once."""

    format: Format
    encoding: str
    text: TextIO


def identifiers_in(name: str) -> Iterator[Identifier]:
    """The identifiers that a document lists for looking up; nothing is stored, nothing reported."""
    with suppress(OSError), opened(name) as stream:
        found = recognise(stream)
        if not isinstance(found, Message):
            items = found.format.parse(found.text, Context(name, ""))
            yield from (one for one in items if isinstance(one, Identifier))


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The bytes of a document; "-" is standard input."""
    if name == "-":
        yield sys.stdin.buffer
    else:
        with Path(name).open("rb") as stream:
            yield stream


def context_of(name: str, at: str) -> Context:
    """A file speaks as of the day it was last changed; so the order of loading does not matter."""
    if name == "-":
        return Context("stdin", at)
    changed = datetime.fromtimestamp(Path(name).stat().st_mtime, UTC)
    return Context(Path(name).name, min(changed.strftime("%Y-%m-%dT%H:%M:%SZ"), at))


def mark_of(name: str, context: Context) -> str:
    """32 hex digits that are equal as long as a file, the day it speaks of and this program stay what they are."""
    with Path(name).open("rb") as stream:
        content = hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    told = f"{content}\n{context.document}\n{context.retrieved_at}\n{_program()}"
    return hashlib.blake2b(told.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


@cache
def _program() -> str:
    """What tells this program from one that may read otherwise: its files, as they lie on the disk."""
    root = Path(__file__).parent
    stats = ((one, one.stat()) for one in sorted(root.rglob("*.py")))
    return " ".join(f"{one.relative_to(root)}:{stat.st_size}:{stat.st_mtime_ns}" for one, stat in stats)


class _Rejoined(io.RawIOBase):
    """A stream whose head was read already: the head, then the rest. Needs no seeking."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer).cast("B")
        piece: bytes | memoryview = self._head[: len(room)] or self._rest.read(len(room))
        self._head = self._head[len(piece) :]
        room[: len(piece)] = piece
        return len(piece)


def recognise(stream: BinaryIO) -> Recognised | Message:
    """What the document is that begins here, or why it cannot be used."""
    head = stream.read(_HEAD_BYTES)
    if not head.strip():
        return message("document-empty")
    encoding = detect_encoding(head, is_whole=len(head) < _HEAD_BYTES)
    if encoding is None:
        return message("document-binary")
    chosen = _format_of(head.decode(encoding, errors="ignore"))
    if chosen is None:
        return message("document-unknown")
    raw = io.BufferedReader(_Rejoined(head, stream))
    return Recognised(chosen, encoding, io.TextIOWrapper(raw, encoding=encoding, errors="replace"))


def _format_of(head: str) -> Format | None:
    return next((one for one in FORMATS if one.sniff(head.lstrip("\ufeff"))), None)
