"""A PubMed-like text cut into its fields: authors, affiliations, citation, titles, sections of both languages.

The citation line is the anchor. What stands before it are a title, the authors and their affiliations; what
follows are titles and sections, told apart by language, labels and shape. PubMed's own export has the citation
first; it is put into the same order and then read the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, NamedTuple

from harvester.bilingual import split_bilingual
from harvester.formats import pubmed_lines as shape
from harvester.formats.pubmed_citation import Citation, parse_citation
from harvester.identifiers import find, find_dois
from harvester.model import Identifier, Scheme
from harvester.names import MarkedAuthor, parse_marked_authors
from harvester.patterns import pattern

_NUMBER: Final = pattern(r"^\s*(?:(\d{1,2})[.)、．]|[(（\[](\d{1,2})[)）\]])\s*(?=\D)")
_IDENTIFIERS: Final = pattern(
    r"^\s*(?:(?:doi|pmid|pmcid|pii|https?://(?:dx\.)?doi\.org)\b|\[indexed for|free (?:pmc )?article)|^\s*10\.\d{4,9}/\S+\s*$",
    re.IGNORECASE,
)
_ALONE: Final = pattern(r"author information\s*:$", re.IGNORECASE)
_OPENS: Final = pattern(r"\(\d{1,2}\)|DOI:|PMC?ID:|Author information:|[A-Z][A-Z ]{3,}:")
_MANY: Final = 1000  # lines; no record has so many
_NO_WORDS: Final = pattern(r"\[indexed for medline\]|free (?:pmc )?article|\S*10\.\d{4,9}/\S+", re.IGNORECASE)
_WORDS: Final = pattern(r"\b(?!(?:doi|pmid|pmcid|pmc\d*|pii)\b)[^\W\d_]{2,}", re.IGNORECASE)
_KEYWORDS: Final = pattern(
    r"^\s*[【\[]?(?:key\s?words?|index terms|关键词|關鍵詞|关键字|關鍵字)[】\]]?\s*[:：]?\s*", re.IGNORECASE
)
_NOTICE: Final = pattern(
    r"^\s*(?:copyright\b|©|\(c\)\s?\d{4}|published by|crown copyright|author information\s*:|conflict of interest|comment (?:in|on)\b"
    r"|erratum (?:in|for)|update (?:in|of)|版权|版權)",
    re.IGNORECASE,
)
_ARTICLE_IN: Final = pattern(
    r"^\s*\[?article in ([A-Za-z]+)(?:[;,].*)?\]?\.?\s*$|\[Article in ([A-Za-z]+)[^\]]*\]", re.IGNORECASE
)


class Line(NamedTuple):
    """One line that is not blank; `number` counts from 1 in the document."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One paragraph of an abstract, its label apart."""

    label: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of one record, as written; `left` are the lines that are in none of them."""

    authors: tuple[MarkedAuthor, ...] = ()
    affiliations: tuple[str, ...] = ()
    marks: tuple[str | None, ...] = ()  # of the affiliations: the number of "2. Department of ..."
    citation: Citation | None = None
    identifiers: tuple[Identifier, ...] = ()
    title_en: str | None = None
    title_zh: str | None = None
    en: tuple[Section, ...] = ()
    zh: tuple[Section, ...] = ()
    keywords: tuple[str, ...] = ()
    article_in: str | None = None
    is_translated_title: bool = False
    first_line: int = 1
    left: tuple[Line, ...] = ()

    @property
    def doi(self) -> str | None:
        """The first DOI of the record."""
        return next((one.value for one in self.identifiers if one.scheme is Scheme.DOI), None)


def layout(text: str) -> Layout:
    """The first record of a text; an empty Layout with every line left over if there is none."""
    found = layouts(text)
    return found[0] if found else Layout(left=tuple(_lines(text)))


def layouts(text: str) -> list[Layout]:
    """Every record of a text, in order; none where no line is a citation or a DOI."""
    lines = _lines(text)
    anchors = _anchors(lines)
    if not anchors:
        return []
    if anchors[0] == 0 and len(lines) > 1:
        unwrapped = _unwrapped(text)
        found = _anchors(unwrapped)
        lines, anchors = (unwrapped, found) if len(found) == len(anchors) else (lines, anchors)
        starts = [0, *anchors[1:]]
    else:
        starts = [0, *(_start(lines, before, anchor) for before, anchor in pairwise(anchors))]
    ends = [*starts[1:], len(lines)]
    return [
        _read(lines[start:end], anchor - start)
        for start, end, anchor in zip(starts, ends, anchors, strict=True)
    ]


def _lines(text: str) -> list[Line]:
    split = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [Line(number, line.strip()) for number, line in enumerate(split, start=1) if line.strip()]


def _unwrapped(text: str) -> list[Line]:
    """PubMed's own export wraps its paragraphs and sets them apart by blank lines: each made one line again."""
    lines = _lines(text)
    groups: list[list[Line]] = []
    for line in lines:
        follows = groups and groups[-1][-1].number == line.number - 1 and not _OPENS.match(line.text)
        if follows and not _ALONE.match(groups[-1][-1].text):
            groups[-1].append(line)
        else:
            groups.append([line])
    gaps = sum(before.number + 1 < after.number for before, after in pairwise(lines))
    is_wrapped = gaps > 2 and max(len(line.text) for line in lines) <= 90
    return [_joined(group) for group in groups] if is_wrapped else lines


def _joined(group: Sequence[Line]) -> Line:
    text = " ".join(line.text for line in group)
    return Line(group[0].number, re.sub(r"(?<=[一-鿿]) (?=[一-鿿])", "", text))


def _anchors(lines: Sequence[Line]) -> list[int]:
    cited = [at for at, line in enumerate(lines) if parse_citation(line.text)]
    if cited:
        return cited
    return [at for at, line in enumerate(lines) if _IDENTIFIERS.match(line.text) and find_dois(line.text)][:1]


def _start(lines: Sequence[Line], before: int, anchor: int) -> int:
    """Where a later record begins: the affiliations, the authors and the title over its citation line."""
    at = anchor
    while at > before + 1 and shape.looks_like_affiliation(lines[at - 1].text):
        at -= 1
    if at > before + 1 and shape.looks_like_names(lines[at - 1].text):
        at -= 1
        above = lines[at - 1].text
        if at > before + 2 and shape.looks_like_title(above, shape.language_of(above)):
            at -= 1
    return at


def _read(lines: Sequence[Line], anchor: int) -> Layout:
    citation = parse_citation(lines[anchor].text)
    head, body = lines[:anchor][-_MANY:], lines[anchor + 1 :][:_MANY]
    if not head and body:
        head, body = _head_of_export(body)
    found = Layout(
        citation=citation,
        identifiers=citation.identifiers if citation else tuple(find(lines[anchor].text)),
        first_line=lines[0].number,
        left=() if citation else _with_words(lines[anchor]),
    )
    found = _read_body(_read_head(found, head), body)
    beyond = (*lines[: max(0, anchor - _MANY)], *lines[anchor + 1 + _MANY :])
    return replace(found, left=(*found.left, *beyond)) if beyond else found


# -- above the citation ----------------------------------------------------------------------------------


def _head_of_export(body: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The title, the authors and the affiliations that PubMed's own export has below the citation."""
    authors = next((at for at, line in enumerate(body[:4]) if shape.looks_like_names(line.text)), None)
    if authors is None:
        return [], list(body)
    end = authors + 1
    while end < len(body) and (
        re.match(r"\s*(?:\(\d{1,2}\)|Author information:)", body[end].text)
        or (shape.looks_like_affiliation(body[end].text) and len(body[end].text) < 250)
    ):
        end += 1
    return list(body[:end]), list(body[end:])


def _read_head(found: Layout, head: Sequence[Line]) -> Layout:
    """Authors are the line that reads most like names: a title stands above them, affiliations below."""
    lines: list[Line] = []
    for line in head:
        noted = _with_note(found, line)
        found, lines = (noted, lines) if noted is not None else (found, [*lines, line])
    likely = [at for at, line in enumerate(lines) if _may_be_authors(line.text)]
    at = max(likely, key=lambda at: (shape.name_evidence(lines[at].text), at), default=None)
    if at is None:
        above = [line for line in lines if not shape.looks_like_affiliation(line.text)]
        places = [line.text for line in lines if line not in above]
    else:
        above, places = lines[:at], [line.text for line in lines[at + 1 :]]
        found = replace(found, authors=parse_marked_authors(lines[at].text, family_first=True))
    numbers = [_NUMBER.match(place) for place in places]
    found = replace(
        found,
        affiliations=tuple(_NUMBER.sub("", place) for place in places),
        marks=tuple((number[1] or number[2]) if number else None for number in numbers),
    )
    for line in above:
        titled = _with_title(found, line.text)
        found = titled if titled is not None else replace(found, left=(*found.left, line))
    return found


def _may_be_authors(text: str) -> bool:
    return not text[:1].isdigit() and shape.looks_like_names(text)


def _with_title(found: Layout, text: str) -> Layout | None:
    """`found` with a line as title of its language; None where that one is taken."""
    both = split_bilingual(text)
    if both is not None and found.title_en is None and found.title_zh is None:
        return replace(found, title_en=both[0], title_zh=both[1])
    if shape.language_of(text) == "zh":
        return replace(found, title_zh=text) if found.title_zh is None else None
    if found.title_en is not None:
        return None
    article = _ARTICLE_IN.search(text)
    article = article if article and found.article_in in {None, article[1] or article[2]} else None
    text = _ARTICLE_IN.sub("", text).strip() if article else text
    is_translated = shape.is_bracketed_title(text)
    title = text.rstrip(".").strip("[]").strip() if is_translated else text
    language = (article[1] or article[2]) if article else found.article_in
    return replace(found, title_en=title, is_translated_title=is_translated, article_in=language)


# -- below the citation ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Body:
    """The paragraphs of both languages while they are being sorted."""

    en: list[tuple[str | None, Line]] = field(default_factory=list)
    zh: list[tuple[str | None, Line]] = field(default_factory=list)

    def of(self, language: str) -> list[tuple[str | None, Line]]:
        return self.zh if language == "zh" else self.en


def _read_body(found: Layout, lines: Iterable[Line]) -> Layout:
    body = _Body()
    label: Line | None = None
    for line in lines:
        taken = _with_note(found, line)
        if taken is not None:
            found = taken
        elif shape.is_label_line(line.text):
            found = replace(found, left=(*found.left, label)) if label else found
            label = line
        else:
            for part in _parts(line):
                language = shape.language_of(part.text)
                body.of(language).append((label.text if label else None, part))
                label = None
    found = replace(found, left=(*found.left, label)) if label else found
    for language in ("en", "zh"):
        found = _with_side(
            found, language, body.of(language), other=body.of("zh" if language == "en" else "en")
        )
    return found


def _parts(line: Line) -> list[Line]:
    """A line, or its two halves where one language follows the other inside it."""
    halves = shape.split_paragraph(line.text)
    return [line._replace(text=half) for half in halves] if halves else [line]


def _with_note(found: Layout, line: Line) -> Layout | None:
    """`found` with a line that is no part of titles and abstracts: identifiers, keywords, notices, headings."""
    if _IDENTIFIERS.match(line.text) and len(line.text) < 200:
        known = dict.fromkeys((*found.identifiers, *find(line.text)))
        return replace(found, identifiers=tuple(known), left=(*found.left, *_with_words(line)))
    if match := _KEYWORDS.match(line.text):
        words = re.split(r"\s*[;；,，、|]\s*", line.text[match.end() :].strip(" .。;；"))
        return replace(found, keywords=(*found.keywords, *filter(None, words)))
    if match := _ARTICLE_IN.fullmatch(line.text):
        language = match[1] or match[2]
        is_new = found.article_in in {None, language}
        return replace(found, article_in=language) if is_new else replace(found, left=(*found.left, line))
    if shape.is_heading(line.text) or _NOTICE.match(line.text):
        return replace(found, left=(*found.left, line))
    return None


def _with_words(line: Line) -> tuple[Line, ...]:
    """The line, if it says more than identifiers."""
    return (line,) if _WORDS.search(_NO_WORDS.sub(" ", line.text)) else ()


def _with_side(
    found: Layout, language: str, lines: list[tuple[str | None, Line]], other: list[tuple[str | None, Line]]
) -> Layout:
    if lines and (titled := _with_first_as_title(found, language, lines)) is not None:
        found, lines = titled, lines[1:]
    sections = tuple(_sections(lines, is_other_labelled=_is_labelled(other)))
    return replace(found, zh=sections) if language == "zh" else replace(found, en=sections)


def _with_first_as_title(found: Layout, language: str, lines: list[tuple[str | None, Line]]) -> Layout | None:
    label, first = lines[0]
    has_title = (found.title_zh if language == "zh" else found.title_en) is not None
    if label is not None or has_title:
        return None
    stands_apart = (
        len(lines) > 2
        and all(_has_label(*line) for line in lines[1:])
        and shape.may_be_title(first.text, language)
    )
    if not shape.looks_like_title(first.text, language) and (_has_label(*lines[0]) or not stands_apart):
        return None
    return _with_title(found, first.text)


def _has_label(own: str | None, line: Line) -> bool:
    return own is not None or shape.label_of(line.text) is not None


def _is_labelled(lines: list[tuple[str | None, Line]]) -> bool:
    return bool(lines) and any(
        own is not None or ((label := shape.label_of(line.text)) and shape.is_certain_label(label[0]))
        for own, line in lines
    )


def _sections(lines: list[tuple[str | None, Line]], *, is_other_labelled: bool) -> Iterable[Section]:
    """The paragraphs with their labels apart.

    A label is a label where all sections of a side have one, or where capitals leave no doubt; words such as
    "Methods:" in front of one paragraph among many are its text.
    """
    read = [shape.label_of(line.text) for own, line in lines if own is None]
    names = [label[0].casefold() for label in read if label]
    has_capitals = any(map(shape.is_certain_label, (label[0] for label in read if label)))
    are_labels = len(names) == len(lines) == len(set(names))
    if len(names) == 1 and are_labels and not is_other_labelled:
        are_labels = shape.opens_abstract(names[0]) and not shape.holds_label(lines[0][1].text)
    for own, line in lines:
        label = shape.label_of(line.text) if own is None else None
        if own is not None:
            yield Section(own.strip(" :：【】[]［］〔〕〖〗<>＜＞〈〉"), line.text)
        elif label and (
            are_labels or (has_capitals and label[0].isupper()) or line.text[:1] in "【[［〔〖<＜〈"
        ):
            yield Section(*label)
        else:
            yield Section(None, line.text)
