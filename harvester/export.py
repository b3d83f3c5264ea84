"""Works out of the library: one writer a format, files replaced in one step or not at all."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from harvester import __version__
from harvester.cite import csl_item
from harvester.display import console, show_work
from harvester.errors import StoreError
from harvester.formats import tmx
from harvester.formats.envelope import dump_envelope
from harvester.formats.jsonl import dump_line
from harvester.journal_rows import envelope_ranks
from harvester.memory import entries
from harvester.merge import identifier_of, merge
from harvester.messages import Lang, message
from harvester.model import Record, Scheme, Work
from harvester.ranking import ranks_of
from harvester.store import Library

Writer = Callable[[TextIO, Library, Sequence[int], Lang], None]


def write_export(library: Library, works: Sequence[int], name: str, target: str, lang: Lang) -> None:
    """Write `works` in the format `name` to the file `target` ("-": standard output).

    A file is written beside its place and moved there when whole; what was there before stays until
    then. Raises StoreError where the disk refuses.
    """
    if target == "-":
        WRITERS[name](sys.stdout, library, works, lang)
        return
    with _replaced(Path(target)) as stream:
        WRITERS[name](stream, library, works, lang)


@contextmanager
def _replaced(path: Path) -> Iterator[TextIO]:
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError as error:
        raise StoreError(message("export-unwritable", path=path, error=error.strerror or error)) from error
    finally:
        beside.unlink(missing_ok=True)


def _works(library: Library, ids: Sequence[int]) -> Iterator[tuple[int, Work, list[Record]]]:
    for work_id in ids:
        records = library.records(work_id)
        yield work_id, merge(records, library.policy_of(work_id)), records


def _write_jsonl(out: TextIO, library: Library, ids: Sequence[int], _lang: Lang) -> None:
    out.writelines(
        dump_line(work_id, work, records) + "\n" for work_id, work, records in _works(library, ids)
    )


def _write_envelopes(out: TextIO, library: Library, ids: Sequence[int], _lang: Lang) -> None:
    has_tables = any(library.rows("SELECT 1 FROM journal_tables"))
    for work_id, work, records in _works(library, ids):
        raws = [one.extra for one in records if one.source == "aggregator" and one.extra]
        ranks = envelope_ranks(ranks_of(library, work_id)) if has_tables else {}
        envelope = dump_envelope(work, raws[-1] if raws else None, ranks)
        out.write(json.dumps(envelope, ensure_ascii=False) + "\n")


def _write_csl(out: TextIO, library: Library, ids: Sequence[int], _lang: Lang) -> None:
    out.write("[")
    for number, (work_id, work, _) in enumerate(_works(library, ids)):
        item = csl_item(work, identifier_of(work, Scheme.DOI) or f"work-{work_id}")
        out.write((",\n" if number else "\n") + json.dumps(item, ensure_ascii=False))
    out.write("\n]\n")


def _write_json(out: TextIO, library: Library, ids: Sequence[int], _lang: Lang) -> None:
    held = "["
    for number, one in enumerate(_works(library, ids)):
        if number:
            out.write(held + ",")
            held = ""
        item = json.dumps(json.loads(dump_line(*one)), ensure_ascii=False, indent=2)
        held += "\n  " + item.replace("\n", "\n  ")
    out.write(held + ("\n]\n" if ids else "]\n"))


def _write_text(out: TextIO, library: Library, ids: Sequence[int], lang: Lang) -> None:
    screen = console(out)
    for number, (work_id, work, records) in enumerate(_works(library, ids)):
        if number:
            screen.rule(characters="─", style="dim")
        show_work(screen, work_id, work, lang, records=records)


def _write_tmx(out: TextIO, library: Library, _ids: Sequence[int], _lang: Lang) -> None:
    """The whole translation memory: it belongs to texts, not to works."""
    units = (
        (
            one.source_language,
            one.source_text,
            one.target,
            one.text,
            f"{one.engine}/{one.model}",
            one.created_at,
        )
        for one in entries(library)
    )
    out.writelines(tmx.dump(units, __version__))


WRITERS: Final[dict[str, Writer]] = {
    "jsonl": _write_jsonl,
    "json": _write_json,
    "envelope": _write_envelopes,
    "csl": _write_csl,
    "text": _write_text,
    "tmx": _write_tmx,
}
