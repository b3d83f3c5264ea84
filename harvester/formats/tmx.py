"""TMX 1.4b: the translation memory for other programs, every machine translation marked as one; a glossary from others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from harvester.errors import ParseError
from harvester.language import is_chinese, script
from harvester.messages import message

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


# -- a glossary ----------------------------------------------------------------------------------------------

_CODES: Final = frozenset({"bpt", "ept", "it", "ph", "ut"})  # inline elements whose content is no text


def terms(data: bytes, target: str) -> Iterator[tuple[str, str]]:
    """(source term, target term) of every unit that has both, once; what a machine translated is no term.

    The target's own script is taken before the other one. Raises ParseError for what is no TMX, or declares entities.
    """
    reader = _Units()
    try:
        reader.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ParseError(message("tmx-unreadable", error=error)) from error
    if not reader.is_tmx:
        raise ParseError(message("tmx-unreadable", error="<tmx>"))
    pairs: dict[tuple[str, str], None] = {}
    for unit in reader.units:
        meant = min(
            (tag for tag in unit if _same(tag, target)), key=lambda tag: _strange(tag, target), default=None
        )
        if meant is not None:
            pairs |= {(text, unit[meant]): None for tag, text in unit.items() if not _same(tag, target)}
    yield from pairs


def _same(tag: str, target: str) -> bool:
    return is_chinese(tag) if is_chinese(target) else tag.partition("-")[0] == target.partition("-")[0]


def _strange(tag: str, target: str) -> bool:
    return (script(tag) or "Hans") != (script(target) or "Hans")


class _Units:
    """The units of a file as expat reads them: by language, in lower case but for scripts and regions, the text."""

    def __init__(self) -> None:
        self.units: list[dict[str, str]] = []
        self.is_tmx = False
        self._language: str | None = None
        self._text: list[str] | None = None
        self._coded = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said
        self.parser.EntityDeclHandler = self._declared

    def _declared(self, *_: object) -> None:
        raise ValueError("<!ENTITY")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.is_tmx |= name == "tmx"
        if name == "tu":
            self.units.append({})
        elif name == "tuv":
            tag = (attributes.get("xml:lang") or attributes.get("lang") or "").replace("_", "-")
            primary, hyphen, rest = tag.partition("-")
            self._language = None if "-t-" in tag.casefold() else primary.casefold() + hyphen + rest
        elif name == "seg":
            self._text = []
        elif name in _CODES:
            self._coded += 1

    def _end(self, name: str) -> None:
        if name == "seg":
            text = " ".join("".join(self._text or ()).split())
            if text and self._language and self.units:
                self.units[-1].setdefault(self._language, text)
            self._text = None
        elif name in _CODES:
            self._coded -= 1

    def _said(self, text: str) -> None:
        if self._text is not None and not self._coded:
            self._text.append(text)
