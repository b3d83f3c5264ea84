"""PubMed-like text: authors, affiliations, a citation line, and the abstract in English, in Chinese or in both.

Also PubMed's own text export. What a text may hold: pubmed_layout. Several records may follow one another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Final, TextIO

from msgspec.structs import replace

from harvester.formats.pubmed_citation import Citation, parse_citation
from harvester.formats.pubmed_layout import Layout, Section, layouts
from harvester.formats.pubmed_lines import looks_like_names
from harvester.identifiers import find_dois
from harvester.language import detect, is_chinese
from harvester.messages import message
from harvester.model import Container, Contributor, Identifier, Origin, Record, Text
from harvester.patterns import pattern
from harvester.text import clean_abstract, clean_title, compare_key
from harvester.wire import Context, Format, Skip

MAX_BYTES: Final = 5_000_000

_LANGUAGES: Final = {
    "chinese": "zh", "french": "fr", "german": "de", "spanish": "es", "portuguese": "pt", "italian": "it", "japanese": "ja",
    "korean": "ko", "russian": "ru", "polish": "pl", "dutch": "nl", "danish": "da", "norwegian": "no", "swedish": "sv",
    "hungarian": "hu", "czech": "cs", "turkish": "tr", "english": "en",
}  # fmt: skip
_TAGGED: Final = pattern(r"^(?:[A-Z][A-Z0-9]{1,3}\s{0,2}- |@\w+\s*\{|%[0A-Z] )", re.MULTILINE)
_SUPERSCRIPT: Final = pattern(r"^\s*(?:([⁰¹²³⁴-⁹]{1,2})\s*|(\d{1,2})\s(?=[^\W\d_]))")
_DIGITS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def sniff(head: str) -> bool:
    """Whether a text has a citation line ("J Foo. 2025 Jun;35(2):356-365.") among other lines.

    Without one, a line of names and a line with a DOI beside at least one paragraph. JSON, XML, BibTeX, RIS
    and lists of DOIs are none of this.
    """
    text = head.lstrip("\ufeff \t\r\n")
    if text[:1] in {"{", "<"} or re.match(r"\[\s*[\[{\"\]]", text) or len(_TAGGED.findall(text)) >= 2:
        return False
    lines = [line.strip() for line in text.splitlines() if line.strip()][:2000]
    if len(lines) < 2:
        return False
    if any(parse_citation(line) for line in lines):
        return True
    # The cheapest question first: a list of DOIs has no paragraph, and need not be looked at for names.
    return (
        max(map(len, lines)) > 150
        and any(find_dois(line) for line in lines[:40])
        and any(looks_like_names(line) and len(line.split()) > 1 for line in lines[:3])
    )


def parse(stream: TextIO, context: Context) -> Iterator[Record | Identifier | Skip]:
    """Every record of a text; each line that went into no field is a remark with its number."""
    text = stream.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        yield Skip(context.document, message("text-too-large", limit="5 MB"))
        return
    found = layouts(text)
    if not found:
        yield Skip(f"{context.document}:1", message("text-no-citation"))
    for one in found:
        yield to_record(one, context)
        for line in one.left:
            yield Skip(
                f"{context.document}:{line.number}",
                message("text-line-unused", start=line.text[:60]),
                fatal=False,
            )


def to_record(found: Layout, context: Context) -> Record:
    """The record that a layout says."""
    citation = found.citation
    authors, affiliations = _placed(found)
    chinese = _texts(found.title_zh, found.zh, is_zh=True)
    english = _texts(found.title_en, found.en, is_zh=False)
    return Record(
        source="document",
        source_key=found.doi or _content_key(found),
        retrieved_at=context.retrieved_at,
        identifiers=tuple(sorted(set(found.identifiers))),
        document=f"{context.document}:{found.first_line}",
        titles=tuple(title for title, _ in (english, chinese) if title),
        abstracts=tuple(abstract for _, abstract in (english, chinese) if abstract),
        contributors=authors,
        affiliations=affiliations,
        container=Container(clean_title(citation.journal) or citation.journal) if citation else None,
        locus=citation.locus if citation else None,
        issued=citation.issued if citation else None,
        published_online=citation.published_online if citation else None,
        language=_language(found, english),
        subjects=found.keywords,
    )


# -- texts -----------------------------------------------------------------------------------------------


def _texts(title: str | None, sections: Sequence[Section], *, is_zh: bool) -> tuple[Text | None, Text | None]:
    """Title and abstract of one side of the document."""
    shown = clean_title(title) if title else None
    shown = re.sub(r"(?<![.\s])[.。]$", "", shown) if shown else None
    abstract = "\n".join(filter(None, (_paragraph(section, "：" if is_zh else ": ") for section in sections)))
    side = "\n".join(filter(None, (shown, abstract)))
    return (
        Text(shown, _tag(shown, side, is_zh=is_zh), Origin.UNKNOWN) if shown else None,
        Text(abstract, _tag(abstract, side, is_zh=is_zh), Origin.UNKNOWN) if abstract else None,
    )


def _paragraph(section: Section, colon: str) -> str | None:
    cleaned = clean_abstract(section.text)
    text = " ".join(cleaned.split("\n")) if cleaned else None
    return f"{section.label}{colon}{text}" if section.label and text else text


def _tag(text: str, side: str, *, is_zh: bool) -> str:
    """The language of a text, by itself where it is sure, else by its side of the document."""
    if is_zh:
        tag = detect(text)
        return tag if is_chinese(tag) or tag == "ja" else detect(re.sub(r"[A-Za-z]+", "", text), hint="zh")
    if detect(text, hint="en") == "en" or len(side) < 200:  # a short title is no proof of a language
        return "en"
    tag = detect(side, hint="en")
    return "en" if tag in {"und", "mul"} or is_chinese(tag) else tag


def _language(found: Layout, english: tuple[Text | None, Text | None]) -> str | None:
    """Of the work itself: English unless PubMed or the texts say otherwise."""
    if found.article_in:
        return _LANGUAGES.get(found.article_in.casefold())
    has_chinese = bool(found.zh or found.title_zh)
    if found.is_translated_title or (has_chinese and not any(english)):
        return "zh"
    return next((text.language for text in reversed(english) if text), None)


# -- people ----------------------------------------------------------------------------------------------


def _placed(found: Layout) -> tuple[tuple[Contributor, ...], tuple[str, ...]]:
    """The authors with the affiliations that their marks name, and the affiliations that nobody's marks do."""
    places: dict[str, str] = {}
    rest: list[str] = []
    wanted = {mark for _, marks in found.authors for mark in marks}
    for raw, number in zip(found.affiliations, found.marks, strict=True):
        text, mark = _unnumbered(clean_title(raw) or raw, number)
        if mark is not None and mark in wanted and mark not in places:
            places[mark] = text
        else:
            rest.append(text)
    authors = tuple(
        replace(author, affiliations=tuple(places[mark] for mark in marks if mark in places))
        for author, marks in found.authors
    )
    return authors, tuple(dict.fromkeys(rest))


def _unnumbered(text: str, number: str | None) -> tuple[str, str | None]:
    match = _SUPERSCRIPT.match(text)
    if number is not None or match is None:
        return text, number
    return text[match.end() :], (match[1] or match[2]).translate(_DIGITS)


# -- keys ------------------------------------------------------------------------------------------------


def _content_key(found: Layout) -> str:
    """A key made of what the record says of itself, the same wherever the file lies."""
    citation: Citation | None = found.citation
    said = [found.title_en, found.title_zh, citation.raw if citation else None]
    said += [author.name for author, _ in found.authors]
    said += [section.text for section in (*found.en[:1], *found.zh[:1])]
    keyed = "\n".join(compare_key(part) for part in said if part)
    return "text:" + hashlib.blake2b(keyed.encode(), digest_size=10).hexdigest()


FORMAT: Final = Format(name="pubmed-text", sniff=sniff, parse=parse)
