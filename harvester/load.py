"""Documents in: files of any known format, streamed into the library, large ones read by a process of their own."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct, field

from harvester.collecting import seldom_collecting
from harvester.documents import context_of, mark_of, opened, recognise
from harvester.ledger import Item, Run, document_read, remember_document
from harvester.messages import Message, message
from harvester.model import Identifier, Outcome
from harvester.reader import Batch, ReaderDiedError, is_worth_it, read_elsewhere, read_here
from harvester.store import CHECKED_POLICY, Library, Stored
from harvester.wire import Context, Skip

# A document of this size that nobody changed is not read again every night; smaller ones take no time.
_REMEMBERED_BYTES: Final = 1_000_000
_OF_ALL: Final = 2  # a batch is at least half of what the last one had to look at
_MOST_REMARKS: Final = 1000  # different ones of one document that are kept


class FileReport(Struct):
    """What became of one document."""

    name: str
    format: str | None = None
    encoding: str | None = None
    counts: Counter[str] = field(default_factory=Counter)  # read, new, changed, same, skipped
    skips: list[Skip] = field(default_factory=list)
    works: array[int] = field(default_factory=lambda: array("q"))  # eight bytes a record
    identifiers: list[Identifier] = field(default_factory=list)  # still to be resolved
    unchanged_since: str | None = None  # a large document that was read then, and not again
    times: Counter[str] = field(
        default_factory=Counter
    )  # how often each remark holds that is no loss of an item

    def tell(self, skip: Skip) -> None:
        """Keep what was not used; a remark that was made before is counted, not kept again."""
        if not skip.fatal:
            self.times[skip.why.text()] += 1
            if self.times[skip.why.text()] > 1 or len(self.times) > _MOST_REMARKS:
                return
        self.skips.append(skip)

    @property
    def is_whole(self) -> bool:
        """Whether everything in the document was used."""
        return not any(skip.fatal for skip in self.skips)


@seldom_collecting()
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
        with opened(name) as stream:
            _load(library, stream, context_of(name, run.at), run, report, on_progress)
    except OSError as error:
        _refuse(report, run, message("document-unreadable", error=error.strerror or error))
    except ReaderDiedError as died:
        if died.signal is None:  # it told its traceback itself
            raise
        _refuse(report, run, message("document-reader-died", signal=died.signal))
    return report


def _refuse(report: FileReport, run: Run, why: Message) -> None:
    report.skips.append(Skip(report.name, why))
    report.counts["skipped"] += 1
    run.note([Item(report.name, Outcome.MALFORMED, detail=why.text())])


def _load(
    library: Library,
    stream: BinaryIO,
    context: Context,
    run: Run,
    report: FileReport,
    on_progress: Callable[[int], None],
) -> None:
    found = recognise(stream)
    if isinstance(found, Message):
        _refuse(report, run, found)
        return
    report.format, report.encoding = found.format.name, found.encoding
    mark = mark_of(report.name, context) if _is_large(report.name) else None
    if mark is not None and _was_read(library, mark, run, report):
        return
    if library.policy is CHECKED_POLICY and is_worth_it(report.name):
        batches = read_elsewhere(report.name, context, library.path)
    else:
        batches = read_here(found.format.parse(found.text, context))
    with closing(batches):
        for batch in _gathered(batches, library):
            _store(library, batch, context, run, report)
            on_progress(len(batch.records) + len(batch.skips) + len(batch.identifiers))
    if mark is not None and report.is_whole and not report.identifiers:
        remember_document(library, mark, report.name, report.counts, at=run.at)


def _gathered(batches: Iterable[Batch], library: Library) -> Iterator[Batch]:
    """The batches, several made one where the last had to look at so many records that many more are no matter.

    A work is written whole from all its records: of 20,000 on one DOI, every 500 would be the work of all that came before.
    """
    waiting: Batch | None = None
    for batch in batches:
        waiting = batch if waiting is None else waiting.with_(batch)
        if _OF_ALL * len(waiting.records) >= library.breadth:
            yield waiting
            waiting = None
    if waiting is not None:
        yield waiting


def _is_large(name: str) -> bool:
    return name != "-" and Path(name).stat().st_size >= _REMEMBERED_BYTES


def _was_read(library: Library, mark: str, run: Run, report: FileReport) -> bool:
    """Whether this very document was read to its end before; then nothing in it can be news."""
    known = document_read(library, mark)
    if known is None:
        return False
    counts, read_at = known
    report.counts.update(read=counts["read"], same=counts["read"], skipped=0)
    report.unchanged_since = read_at
    why = message("document-unchanged", day=read_at[:10], count=counts["read"])
    run.note([Item(report.name, Outcome.UNCHANGED, detail=why.text())])
    return True


def _store(
    library: Library,
    batch: Batch,
    context: Context,
    run: Run,
    report: FileReport,
) -> None:
    """Store the records of a batch and note every item of it, in one transaction."""
    records, skips = batch.records, batch.skips
    report.identifiers += batch.identifiers

    def note(stored: Sequence[Stored]) -> None:
        run.note(
            Item(one.record.document or context.document, one.outcome, one.work_id, one.record.source)
            for one in stored
        )
        run.note(Item(one.where, Outcome.MALFORMED, detail=one.why.text()) for one in skips if one.fatal)

    stored = library.add(records, at=run.at, checkpoint=note)
    for skip in skips:
        report.tell(skip)
    report.counts["read"] += len(records) + sum(one.fatal for one in skips)
    report.counts["skipped"] += sum(one.fatal for one in skips)
    for one in stored:
        is_same = one.outcome is Outcome.UNCHANGED
        report.counts["same" if is_same else "new" if one.is_new_work else "changed"] += 1
        report.works.append(one.work_id)
        for doi in one.disbelieved:
            where = one.record.document or context.document
            report.tell(Skip(where, message("odd-many-titles", found=doi), fatal=False))
