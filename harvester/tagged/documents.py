"""The tagged dialects as formats: which one a text is in, and its records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Final, TextIO

from harvester.messages import message
from harvester.model import Identifier, Record
from harvester.tagged.dialects import E_STUDY, ENDNOTE, MEDLINE, NOTEEXPRESS, REFWORKS, RIS, WEB_OF_SCIENCE
from harvester.tagged.lines import Dialect, Junk, read_entries
from harvester.tagged.records import to_record
from harvester.tagged.shared import told_apart
from harvester.wire import Context, Format, Skip

_SNIFFED_LINES: Final = 400
_SHOWN: Final = 60
_MOST_REMARKS: Final = 20  # on lines between records; a file of junk is told once
# Beside the tag that begins a record, one of these has to stand in the head of the file.
_NEEDED: Final = {
    RIS.name: "ER TI T1 AU A1 DO",
    ENDNOTE.name: "%T %A %J %B",
    NOTEEXPRESS.name: "Title",
    REFWORKS.name: "T1 A1 JF",
    E_STUDY.name: "Title",
    MEDLINE.name: "TI OWN STAT AU FAU BTI",
    WEB_OF_SCIENCE.name: "AU TI SO",
}


def sniff(head: str, dialect: Dialect) -> bool:
    """Whether a text has the dialect's first tag and another one of its own."""
    tags = {dialect.read(line.lstrip("\ufeff"))[0] for line in head.splitlines()[:_SNIFFED_LINES]}
    if dialect is E_STUDY and not re.search(r"^[A-Z][A-Za-z]+-[\u4e00-\u9fff]+\s?[:：]", head, re.MULTILINE):
        return False
    return bool(tags & dialect.begins) and bool(tags & {*_NEEDED[dialect.name].split()})


def parse(stream: TextIO, context: Context, dialect: Dialect) -> Iterator[Record | Identifier | Skip]:
    """The records of a file; what stands between them is remarked upon, an entry that names no work skipped."""
    return told_apart(_items(stream, context, dialect))


def _items(stream: TextIO, context: Context, dialect: Dialect) -> Iterator[Record | Identifier | Skip]:
    remarks = 0
    for entry in read_entries(stream, dialect):
        if isinstance(entry, Junk):
            remarks += 1
            if remarks <= _MOST_REMARKS and not _is_frame(entry.text):
                where = f"{context.document}:{entry.line}"
                yield Skip(where, message("tagged-junk", found=entry.text[:_SHOWN]), fatal=False)
            continue
        record, skips = to_record(entry, dialect, context)
        if record is not None:
            yield record
        yield from skips


def _is_frame(line: str) -> bool:
    """Numbers and rules between records, and the frame of a file ("FN", "VR", "EF")."""
    return re.fullmatch(r"\d+[.)]?|[-=*_#]+|(?:FN|VR|EF)\b.*", line) is not None


FORMATS: Final = tuple(
    Format(name=one.name, sniff=partial(sniff, dialect=one), parse=partial(parse, dialect=one))
    for one in (RIS, NOTEEXPRESS, E_STUDY, ENDNOTE, MEDLINE, WEB_OF_SCIENCE, REFWORKS)
)
