"""The sections of an abstract side by side in all its languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harvester.alignment import Link, align
from harvester.language import is_chinese
from harvester.lexicon import Lexicon
from harvester.model import Text
from harvester.sentences import sentences

Row = tuple[str | None, ...]
Pair = tuple[str | None, str | None]
Pairs = Callable[[Text | None, Text | None], list[Pair]]


def rows_of_sections(texts: Sequence[Text]) -> list[Row]:
    """Rows of what belongs together, in order: for each text what it says there, None where it says nothing.

    Sections that the other language has in one stay together, parted by a newline. A third language goes with
    the English or the Chinese text if it has equally many sections. No rows where there would be one.
    """
    english = next((text for text in texts if text.language == "en"), None)
    chinese = next((text for text in texts if is_chinese(text.language)), None)
    if english is None or chinese is None:
        return _by_number(texts)
    links = align(english.sections, chinese.sections)
    if len(links) < 2:
        return []
    runs = [[_run(text, english, chinese, link) for text in texts] for link in links]
    return [tuple(map(_joined, row, texts)) for row in runs]


def _by_number(texts: Sequence[Text]) -> list[Row]:
    counts = {len(text.sections) for text in texts}
    return (
        list(zip(*(text.sections for text in texts), strict=True)) if len(counts) == 1 != max(counts) else []
    )


def _run(text: Text, english: Text, chinese: Text, link: Link) -> tuple[int, ...]:
    """The sections of a text in one row: the Chinese one's where it has as many, else the English one's."""
    if len(text.sections) == len(chinese.sections) and text is not english:
        return link.zh
    return link.en if len(text.sections) == len(english.sections) else ()


def _joined(run: tuple[int, ...], text: Text) -> str | None:
    return "\n".join(text.sections[at] for at in run) or None


def by_section(english: Text | None, chinese: Text | None) -> list[Pair]:
    """Both languages of a text side by side, section by section where that can be told, else whole."""
    if english is None or chinese is None:
        one, other = english.sections if english else (), chinese.sections if chinese else ()
        return [(section, None) for section in one] + [(None, section) for section in other]
    pairs = [(row[0], row[1]) for row in rows_of_sections([english, chinese])]
    return pairs or [(english.value, chinese.value)]


def by_sentence(lexicon: Lexicon | None) -> Pairs:
    """Both languages of a text side by side, sentence by sentence inside the sections."""

    def pairs(english: Text | None, chinese: Text | None) -> list[Pair]:
        return [
            pair
            for one, other in by_section(english, chinese)
            for pair in _sentence_pairs(
                sentences(one or "", english.language if english else "en"),
                sentences(other or "", chinese.language if chinese else "zh"),
                lexicon,
            )
        ]

    return pairs


def _sentence_pairs(en: list[str], zh: list[str], lexicon: Lexicon | None) -> list[Pair]:
    return [
        (" ".join(en[at] for at in link.en) or None, "".join(zh[at] for at in link.zh) or None)
        for link in align(en, zh, lexicon)
    ]
