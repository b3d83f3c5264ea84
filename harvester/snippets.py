"""Where a query hit: the place in the work's own words, in the language of the hit, with the hit marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from harvester.model import Work
from harvester.name_words import name_words
from harvester.search_terms import Group, needles
from harvester.text import fold_text

_WIDTH: Final = 160  # columns of a snippet; a Han character takes two
_MOST_AUTHORS: Final = 400  # of a work; who is behind these is found, not shown
Span = tuple[int, int]


class Snippet(Struct, frozen=True):
    """A piece of a text, and the hits in it.

    `field`: title, abstract, authors or container_title; `language` only of the first two; `spans` count from 0.
    """

    field: str
    language: str | None
    text: str
    spans: tuple[Span, ...]

    def marked(self, before: str = "**", after: str = "**") -> str:
        """The text with every hit between two marks."""
        at, parts = 0, []
        for start, end in self.spans:
            parts += [self.text[at:start], before, self.text[start:end], after]
            at = end
        return "".join((*parts, self.text[at:]))


def snippet(work: Work, groups: Sequence[Group]) -> Snippet | None:
    """Where most of what was asked for is, the title before the abstract; None where no words were asked for."""
    asked = needles(groups)
    best: tuple[int, Snippet] | None = None
    for column, field, language, text in _texts(work):
        patterns = [pattern for where, pattern in asked if where in {None, column}]
        folded = fold_text(text) if patterns else ""
        found = [spans for pattern in patterns if (spans := _spans(pattern, folded))]
        if found and (best is None or len(found) > best[0]):
            best = len(found), _cut(field, language, text, found)
    return best[1] if best else _author(work, asked)


def _texts(work: Work) -> Iterator[tuple[str, str, str | None, str]]:
    """(column of the index, field, language, text) of everything that is searched, the most telling first."""
    for text in work.titles:
        yield "title", "title", text.language, text.value
    for text in work.abstracts:
        yield "abstract", "abstract", text.language, text.value
    for person in work.contributors[:_MOST_AUTHORS]:
        for name in filter(None, (person.name, person.name_zh)):
            yield "authors", "authors", None, name
    if work.container:
        for title in (work.container.title, work.container.title_zh, work.container.abbreviation):
            if title:
                yield "container", "container_title", None, title


def _author(work: Work, asked: Sequence[tuple[str | None, re.Pattern[str]]]) -> Snippet | None:
    """The author who was asked for in Pinyin: the name as a whole is the hit."""
    patterns = [pattern for where, pattern in asked if where in {None, "authors"}]
    for person in work.contributors[:_MOST_AUTHORS] if patterns else ():
        if any(pattern.search(name_words(person)) for pattern in patterns):
            name = person.name_zh or person.name
            return Snippet("authors", None, name, ((0, len(name)),))
    return None


def _spans(pattern: re.Pattern[str], folded: str) -> list[Span]:
    return [found.span() for found in pattern.finditer(folded) if found[0]]


# -- cutting -----------------------------------------------------------------------------------------------


def _cut(field: str, language: str | None, text: str, found: Sequence[Sequence[Span]]) -> Snippet:
    """The piece of `text` that holds hits of most patterns, whole words at its ends."""
    spans = _united(span for each in found for span in each)
    if field != "abstract":
        return Snippet(field, language, text, tuple(spans))
    width = _WIDTH // 2 if sum(map(_is_wide, text)) * 4 > len(text) else _WIDTH
    lead = width // 4
    firsts = [start for start, _ in spans]
    start = max(firsts, key=lambda one: (_kinds(found, one, one + width - lead), -one))
    begin, end = _whole_words(text, max(0, start - lead), min(len(text), start + width - lead))
    inside = tuple((one - begin, min(other, end) - begin) for one, other in spans if begin <= one < end)
    head, tail = "…" if begin else "", "…" if end < len(text) else ""
    shown = head + text[begin:end].replace("\n", " ") + tail
    return Snippet(
        field, language, shown, tuple((one + len(head), other + len(head)) for one, other in inside)
    )


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _kinds(found: Sequence[Sequence[Span]], begin: int, end: int) -> int:
    return sum(any(begin <= start < end for start, _ in spans) for spans in found)


def _whole_words(text: str, begin: int, end: int) -> Span:
    """`begin` and `end` moved outwards, twenty letters at most, to where no Latin word is cut."""
    for _ in range(20):
        begin -= (
            begin > 0 and text[begin - 1].isascii() and text[begin - 1].isalnum() and text[begin].isalnum()
        )
        end += end < len(text) and text[end].isascii() and text[end].isalnum() and text[end - 1].isalnum()
    return begin, end


def _united(spans: Iterator[Span]) -> list[Span]:
    """The spans in order, those that touch or overlap made one."""
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = united[-1][0], max(end, united[-1][1])
        else:
            united.append((start, end))
    return united
