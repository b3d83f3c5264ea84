"""Titles and abstracts of Crossref's XML: as its JSON gives them, and then in the languages that only the XML tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from harvester import text
from harvester.model import Origin, Record, Text
from harvester.patterns import pattern
from harvester.sources.describing import abstracts_of, filed_as, hint_for, tagged_titles
from harvester.sources.xml_reading import Element, child, children, markup, words

_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_WHOLE: Final = frozenset({None, "main", "abstract"})  # other kinds are short, graphical, for laymen
# The register breaks lines around marks: "<jats:italic>Objective</jats:italic>\n   . To find".
_BROKEN: Final = pattern(r"\s*\n\s*(?=[.,;:!?)\]%’”])|(?<=[(\[“‘])\s*\n\s*")
_NAMESPACES: Final = pattern(r'\sxmlns(?::\w+)?="[^"]*"')


def line(element: Element | None, *path: str) -> str | None:
    """The words of the first element at the end of a path, blanks and line ends as one blank."""
    return _one_line(words(child(element, *path)))


def lines(element: Element | None, *path: str) -> list[str]:
    """The words of all elements at the end of a path."""
    last = child(element, *path[:-1])
    return [said for each in children(last, path[-1]) if (said := _one_line(words(each)))]


def texts_in(own: Element) -> dict[str, list[str]]:
    """Titles, subtitles and titles in the original language, with their marks (italics, formulas)."""
    all_titles = list(children(own, "titles"))
    return {
        key: [said for titles in all_titles for each in children(titles, tag) if (said := _marked(each))]
        for key, tag in (
            ("title", "title"),
            ("subtitle", "subtitle"),
            ("original-title", "original_language_title"),
        )
    }


def abstract_in(own: Element) -> str | None:
    """The first abstract of the work, with its marks."""
    return next((said for each in _abstracts(own) if (said := _marked(each))), None)


def with_languages(record: Record, own: Element) -> Record:
    """The record with what the XML alone says: the tag of each title and abstract, and every abstract."""
    return replace(record, titles=_titles(record, own), abstracts=_abstracts_told(record, own))


def _abstracts(own: Element) -> Sequence[Element]:
    """The full abstracts; where there is none, the short and the popular ones."""
    found = list(children(own, "abstract"))
    return [each for each in found if each.get("abstract-type") in _WHOLE] or found


def _titles(record: Record, own: Element) -> tuple[Text, ...]:
    """The titles, those of the original language filed by its tag where their script leaves it open."""
    originals = [
        each for titles in children(own, "titles") for each in children(titles, "original_language_title")
    ]
    told = {
        text.compare_key(title.value): title
        for each in originals
        if (said := _marked(each)) and (tag := each.get("language"))
        for title in tagged_titles([(said, tag)], Origin.PUBLISHER)
    }
    return tuple(told.get(text.compare_key(title.value), title) for title in record.titles)


def _abstracts_told(record: Record, own: Element) -> tuple[Text, ...]:
    """One abstract a language, the first of each; as they are where no tag says more."""
    said = [(marked, each.get(_LANG)) for each in _abstracts(own) if (marked := _marked(each))]
    if len(said) < 2 and not any(tag for _, tag in said):
        return record.abstracts
    found: dict[str, Text] = {}
    for marked, tag in said:
        for each in filed_as(abstracts_of(marked, Origin.PUBLISHER, hint_for(marked, tag)), tag):
            found.setdefault(each.language, each)
    return tuple(found.values())


def _marked(element: Element) -> str | None:
    """What an element holds, its marks under the prefixes that the JSON has too, without declarations."""
    said = _NAMESPACES.sub("", markup(element) or "") if len(element) else words(element)
    return _one_line(_BROKEN.sub("", said or ""))


def _one_line(said: str | None) -> str | None:
    return " ".join(said.split()) or None if said else None
