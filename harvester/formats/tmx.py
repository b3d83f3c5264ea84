"""TMX 1.4b: the translation memory for other programs, every machine translation marked as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n<header creationtool="harvester"'
    ' creationtoolversion={version} segtype="block" o-tmf="harvester" adminlang="en" srclang="*all*"'
    ' datatype="plaintext"/>\n<body>\n'
)
_TAIL: Final = "</body>\n</tmx>\n"


def machine_tag(target: str, source: str) -> str:
    """The BCP 47 tag of a machine's translation (RFC 6497): "zh-Hans-t-en-t0-und"."""
    return f"{target}-t-{source.casefold()}-t0-und"


def dump(units: Iterable[tuple[str, str, str, str, str, str]], version: str) -> Iterator[str]:
    """The pieces of a file; a unit is (source language, source text, target, text, engine/model, day and time)."""
    yield _HEAD.format(version=quoteattr(version))
    for source, source_text, target, text, engine, at in units:
        stamp = at.replace("-", "").replace(":", "")
        yield (
            f"<tu creationdate={quoteattr(stamp)}>"
            f"<tuv xml:lang={quoteattr(source)}><seg>{_plain(source_text)}</seg></tuv>"
            f"<tuv xml:lang={quoteattr(machine_tag(target, source))} creationtool={quoteattr(engine)}>"
            f"<seg>{_plain(text)}</seg></tuv></tu>\n"
        )
    yield _TAIL


def _plain(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return escape("".join(letter for letter in text if letter in "\t\n\r" or _is_allowed(letter)))


def _is_allowed(letter: str) -> bool:
    return " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter >= "\U00010000"
