"""Lists of identifiers: any text that holds DOIs, PubMed, PubMed Central or arXiv ids, in any layout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TextIO

from harvester.errors import InvalidIdentifier
from harvester.identifiers import find, parse
from harvester.messages import message
from harvester.model import Identifier
from harvester.text import visible
from harvester.wire import Context, Format, Skip

LONGEST_LINE: Final = 65_536  # a longer one is read in pieces, cut at a blank where there is one
_SNIFFED_LINES: Final = 200
_SHOWN: Final = 60


def sniff(head: str) -> bool:
    """Whether the text holds a labelled identifier or a DOI anywhere, or nothing but bare ones.

    Documents of richer formats do too: this one is to be asked last.
    """
    lines = [line for line in head.splitlines()[:_SNIFFED_LINES] if _says_something(line)]
    return bool(find(head)) or (bool(lines) and all(_identifiers(line) for line in lines))


def parse_list(stream: TextIO, context: Context) -> Iterator[Identifier | Skip]:
    """The identifiers of every line, in order, without repeats within it; a line without one is skipped.

    Blank lines and lines that begin with "#" are passed over; a bare number of four to eight digits that
    is a whole line is a PubMed id.
    """
    for number, line in _lines(stream):
        if not _says_something(line):
            continue
        found = _identifiers(line)
        yield from found
        if not found:
            shown = visible(line.strip()[:_SHOWN]).replace("\n", " ")
            yield Skip(f"{context.document}:{number}", message("doi-list-none", found=shown))


def _lines(stream: TextIO) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, never more than `LONGEST_LINE` characters at once."""
    number, rest = 1, ""
    while chunk := stream.readline(LONGEST_LINE):
        text = rest + chunk
        rest = ""
        if not text.endswith("\n") and len(chunk) == LONGEST_LINE:
            cut = text.rfind(" ") + 1
            if cut > 0 and len(text) - cut <= LONGEST_LINE:
                text, rest = text[:cut], text[cut:]
        yield number, text
        number += text.endswith("\n")
    if rest:
        yield number, rest


def _says_something(line: str) -> bool:
    bare = line.strip().lstrip("\ufeff")
    return bool(bare) and not bare.startswith("#")


def _identifiers(line: str) -> list[Identifier]:
    found = find(line)
    if found or len(line) > 200:
        return found
    try:
        return [parse(line)]
    except InvalidIdentifier:
        return []


FORMAT: Final = Format(name="doi-list", sniff=sniff, parse=parse_list)
