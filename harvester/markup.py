"""Markup to text: JATS, HTML and MathML, escaped once or twice, in titles and abstracts.

Only names that are known open a tag, so that "p < 0.05" and "a<b" stay what they are; a tree is never built,
so that broken or very deep markup costs no more than its length.
"""

from __future__ import annotations

import html
import re
from typing import Final

from harvester.patterns import pattern

BREAK: Final = "\x1e"  # stands where one block of text ends and the next begins
LABEL: Final = "\x1f"  # stands behind the heading of a section

_HEADINGS: Final = {"title", "h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCK: Final = (
    "abstract|abstracttext|blockquote|body|br|break|caption|center|dd|def-item|def-list|disp-quote|div|dl|dt|fig|head"
    "|hr|html|kwd|kwd-group|li|list|list-item|ol|p|para|pre|sec|section|simplepara|subtitle|table|tbody|td|th|thead"
    "|title|title-group|tr|trans-abstract|trans-title|ul|h1|h2|h3|h4|h5|h6"
)
_FORMULA: Final = "alternatives|disp-formula|formula|inline-formula|math|tex|tex-math"
_TEXT: Final = "annotation|annotation-xml|tex|tex-math"
_UNSEEN: Final = "script|style"
_INLINE: Final = (
    "a|abbr|acronym|allcaps|alt-text|b|big|bold|chem|cite|code|del|dfn|em|email|emph|equation|etal|ext-link|fn|font"
    "|graphic|i|img|inf|inline|inline-graphic|inline-supplementary-material|ins|it|italic|italics|kbd|label|long-desc"
    "|mark|monospace|mprescripts|named-content|nobr|num|o|object-id|overline|q|roman|s|sb|sc|sc1|scp|semantics|small"
    "|smallcaps|sp|span|strike|strong|styled-content|sub|subscript|sup|superscript|tt|u|uline|underline|uri|var|wbr"
    "|xref"
)
_MATHML: Final = (
    "mi|mo|mn|mtext|ms|mrow|mfrac|msqrt|mroot|mstyle|merror|mpadded|mphantom|mfenced|menclose|msub|msup|msubsup"
    "|munder|mover|munderover|mmultiscripts|mtable|mtr|mtd|mlabeledtr|mspace|maction|maligngroup|malignmark|mstack"
)
_BLOCKS: Final = frozenset(_BLOCK.split("|"))
_FORMULAS: Final = frozenset(_FORMULA.split("|"))
_TEX: Final = frozenset(_TEXT.split("|"))
_UNREAD: Final = frozenset(_UNSEEN.split("|"))
_KNOWN: Final = _BLOCKS | _FORMULAS | _TEX | _UNREAD | frozenset(f"{_INLINE}|{_MATHML}".split("|"))
_TAG = pattern(
    r"(?i)<(?P<close>/?)(?P<prefix>(?:jats|mml|m|math|ce|sb|xhtml|html|h|xocs|tex|ali|w|o|st1):)?(?P<name>[a-z][\w-]*)"
    r"(?P<attributes>(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'|[^\s\"'<>=]+))*+)\s*(?P<empty>/?)>"
)
_ATTRIBUTE = pattern(r"(?i)\s(alttext|label)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_INSTRUCTION = pattern(r"(?i)<\?[a-z][^<>]*\?>|<!doctype[^<>]*>")
# Pretty-printed: a line end in front of punctuation or of an index that belongs to what stands before it.
_INDENT = pattern(r"(</[a-z:]+>)\s++(?=[.,;:)\]])|(?<!\s)\s++(?=<(?:[a-z]+:)?su[bp]>)", re.IGNORECASE)

_AMPERSANDS = pattern(r"&(?:amp;)+")
_ENTITY = pattern(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def unescape(text: str) -> str:
    """`text` with its entities resolved, those escaped twice too; "&" without ";" stays."""
    if "&" not in text:
        return text
    text = _AMPERSANDS.sub("&", text)
    for _ in range(2):
        text = _ENTITY.sub(_resolved, text)
    return text


def _resolved(entity: re.Match[str]) -> str:
    """What an entity stands for, also where its name was capitalised with the title: "&Apos;", "&EACUTE;"."""
    text = html.unescape(entity[0])
    if text != entity[0] or entity[0].islower():
        return text
    plain = html.unescape(entity[0].lower())
    if plain == entity[0].lower():
        return entity[0]
    return plain.upper() if entity[0].isupper() else plain


def strip_tags(text: str) -> str:
    """`text` without its tags, BREAK and LABEL standing for blocks and headings."""
    if "<" not in text:
        return text
    text = _INSTRUCTION.sub("", _without_comments(text)).replace("<![CDATA[", "").replace("]]>", "")
    text = _INDENT.sub(lambda blanks: (blanks[1] or "") if "\n" in blanks[0] else blanks[0], text)
    reader = _Reader()
    position = 0
    for tag in _TAG.finditer(text):
        reader.characters(text[position : tag.start()])
        reader.tag(tag) if tag["prefix"] or tag["name"].lower() in _KNOWN else reader.characters(tag[0])
        position = tag.end()
    reader.characters(text[position:])
    reader.leave_formulas()
    return "".join(reader.out)


def _without_comments(text: str) -> str:
    pieces, position = [], 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start)) >= 0:
        pieces.append(text[position:start])
        position = end + 3
    return "".join(pieces) + text[position:] if pieces else text


class _Reader:
    """Collects the text between tags; of a formula either its characters or, where it has none, its TeX."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._unread = 0  # how deep in a script or a style sheet
        self._formulas = 0  # how deep in a formula
        self._in_tex = 0
        self._tex: list[str] = []
        self._shown = False  # whether the formula has characters of its own
        self._fractions: list[list[int]] = []  # of each open fraction: depth inside it, children seen
        self._verbatim = False

    def characters(self, text: str) -> None:
        if self._unread or not text:
            return
        if not self._formulas:
            self.out.append(text)
        elif self._in_tex:
            self._tex.append(text)
        elif self._verbatim or text.strip():
            self.out.append(text if self._verbatim else text.strip())
            self._shown = True

    def tag(self, tag: re.Match[str]) -> None:
        name = tag["name"].lower()
        is_open = not tag["close"]
        if tag["empty"]:
            self._empty(name)
            return
        step = 1 if is_open else -1
        if name in _UNREAD:
            self._unread = max(0, self._unread + step)
        elif name in _TEX or name in _FORMULAS:
            self._formula(name, tag, step)
        elif self._formulas:
            self._math(name, step)
        elif name in _BLOCKS:
            self._block(name, tag, is_open)

    def _empty(self, name: str) -> None:
        if name in _BLOCKS and not self._formulas:
            self.out.append(BREAK)
        elif name == "mspace":
            self.out.append(" ")

    def _block(self, name: str, tag: re.Match[str], is_open: bool) -> None:
        self.out.append(LABEL if name in _HEADINGS and not is_open else BREAK)
        if is_open and (label := _ATTRIBUTE.search(tag["attributes"])) and label[1].lower() == "label":
            self.out.append((label[2] or label[3] or "") + LABEL)

    def _formula(self, name: str, tag: re.Match[str], step: int) -> None:
        if name in _TEX:
            self._in_tex = max(0, self._in_tex + step)
        if name in _FORMULAS or self._formulas:
            if not self._formulas:
                self._tex, self._shown = [], False
            alternative = _ATTRIBUTE.search(tag["attributes"])
            if alternative and alternative[1].lower() == "alttext":
                self._tex = [alternative[2] or alternative[3] or ""]
            if name in _FORMULAS:
                self._formulas = max(0, self._formulas + step)
        if not self._formulas:
            self.leave_formulas()

    def leave_formulas(self) -> None:
        """The end of the outermost formula, or of a text that never closes it."""
        if not self._shown and self._tex:
            tex = "".join(self._tex)
            document = tex.partition(r"\begin{document}")[2].partition(r"\end{document}")[0]
            self.out.append((document or tex).strip())
        self._formulas = self._in_tex = 0
        self._tex, self._fractions, self._verbatim = [], [], False

    def _math(self, name: str, step: int) -> None:
        self._verbatim = name == "mtext" and step > 0
        if name == "msqrt" and step > 0:
            self.out.append("√")
        if self._fractions:
            self._inside_fraction(name, step)
        if name == "mfrac" and step > 0:
            self._fractions.append([0, 0])

    def _inside_fraction(self, name: str, step: int) -> None:
        inner = self._fractions[-1]
        if name == "mfrac" and step < 0 and inner[0] == 0:
            self._fractions.pop()
            if not self._fractions:
                return
            inner = self._fractions[-1]
        inner[0] = max(0, inner[0] + step)
        if step < 0 and inner[0] == 0:
            inner[1] += 1
            if inner[1] == 1:
                self.out.append("/")
