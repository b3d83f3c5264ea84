"""Documents in: files of any known format, in any of the usual encodings, streamed into the library."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO

from msgspec import Struct, field
from msgspec.structs import replace

from harvester.charset import detect_encoding
from harvester.errors import ParseError
from harvester.formats import doi_list, json_documents, jsonl, pubmed_text
from harvester.formats.json_stream import Plain
from harvester.ledger import Item, Run
from harvester.messages import Message, message
from harvester.model import Identifier, Outcome, Record
from harvester.sources import crossref, crossref_xml, csl, datacite, semantic_scholar
from harvester.store import Library, Stored
from harvester.tagged import FORMATS as TAGGED
from harvester.tagged.dialects import NOTEEXPRESS
from harvester.wire import Context, Format, Skip

_HEAD_BYTES: Final = 65_536
_BATCH: Final = 500  # records a transaction


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
    pubmed_text.FORMAT,
    doi_list.FORMAT,
)


class FileReport(Struct):
    """What became of one document."""

    name: str
    format: str | None = None
    encoding: str | None = None
    counts: Counter[str] = field(default_factory=Counter)  # read, new, changed, same, skipped
    skips: list[Skip] = field(default_factory=list)
    works: list[int] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)  # still to be resolved

    @property
    def is_whole(self) -> bool:
        """Whether everything in the document was used."""
        return not any(skip.fatal for skip in self.skips)


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


def load_document(
    library: Library,
    name: str,
    run: Run,
    *,
    on_progress: Callable[[int], None] = lambda _: None,
) -> FileReport:
    """Read one document ("-" is standard input) into the library; report what became of it.

    A document that cannot be used is reported, never raised; only the library's own errors are raised.
    """
    report = FileReport(name)
    try:
        with _opened(name) as stream:
            _load(library, stream, _context(name, run.at), run, report, on_progress)
    except OSError as error:
        _refuse(report, run, message("document-unreadable", error=error.strerror or error))
    return report


def identifiers_in(name: str) -> Iterator[Identifier]:
    """The identifiers that a document lists for looking up; nothing is stored, nothing reported."""
    with suppress(OSError), _opened(name) as stream:
        found = _recognised(stream)
        if not isinstance(found, Message):
            chosen, text, _ = found
            items = chosen.parse(text, Context(name, ""))
            yield from (one for one in items if isinstance(one, Identifier))


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
    else:
        with Path(name).open("rb") as stream:
            yield stream


def _context(name: str, at: str) -> Context:
    """A file speaks as of the day it was last changed; so the order of loading does not matter."""
    if name == "-":
        return Context("stdin", at)
    changed = datetime.fromtimestamp(Path(name).stat().st_mtime, UTC)
    return Context(Path(name).name, min(changed.strftime("%Y-%m-%dT%H:%M:%SZ"), at))


def _refuse(report: FileReport, run: Run, why: Message) -> None:
    report.skips.append(Skip(report.name, why))
    report.counts["skipped"] += 1
    run.note([Item(report.name, Outcome.MALFORMED, detail=why.text())])


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


def _load(
    library: Library,
    stream: BinaryIO,
    context: Context,
    run: Run,
    report: FileReport,
    on_progress: Callable[[int], None],
) -> None:
    found = _recognised(stream)
    if isinstance(found, Message):
        _refuse(report, run, found)
        return
    chosen, text, report.encoding = found
    report.format = chosen.name
    items = chosen.parse(text, context)
    while batch := list(islice(items, _BATCH)):
        _store(library, batch, context, run, report)
        on_progress(len(batch))


def _recognised(stream: BinaryIO) -> tuple[Format, TextIO, str] | Message:
    """The format, the text and the encoding of a document, or why it cannot be used."""
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
    return chosen, io.TextIOWrapper(raw, encoding=encoding, errors="replace"), encoding


def _format_of(head: str) -> Format | None:
    return next((one for one in FORMATS if one.sniff(head.lstrip("\ufeff"))), None)


def _store(
    library: Library,
    batch: list[Record | Identifier | Skip],
    context: Context,
    run: Run,
    report: FileReport,
) -> None:
    """Store the records of a batch and note every item of it, in one transaction."""
    records = [one for one in batch if isinstance(one, Record)]
    skips = [one for one in batch if isinstance(one, Skip)]
    report.identifiers += [one for one in batch if isinstance(one, Identifier)]

    def note(stored: Sequence[Stored]) -> None:
        run.note(
            Item(one.record.document or context.document, one.outcome, one.work_id, one.record.source)
            for one in stored
        )
        run.note(Item(one.where, Outcome.MALFORMED, detail=one.why.text()) for one in skips if one.fatal)

    stored = library.add(records, at=run.at, checkpoint=note)
    report.skips += skips
    report.counts["read"] += len(records) + sum(one.fatal for one in skips)
    report.counts["skipped"] += sum(one.fatal for one in skips)
    for one in stored:
        is_same = one.outcome is Outcome.UNCHANGED
        report.counts["same" if is_same else "new" if one.is_new_work else "changed"] += 1
        report.works.append(one.work_id)
