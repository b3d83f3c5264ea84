"""The spellings of identifiers made one: entities, escapes, widths, blanks and dashes.

What a word processor, an input method, TeX, JSON or a scanner made of plain ASCII is made plain again, and no more:
other letters stay. Work is linear in the length of the text.
"""

from __future__ import annotations

import re
import string
from typing import Final

from harvester.markup import unescape
from harvester.patterns import pattern

_ALWAYS_HALF: Final = "．／－＿＜＞［］｛｝＃％＆＝＋＊"
_LETTERS_AND_DIGITS: Final = string.digits + string.ascii_letters
_TABLE: Final[dict[int, str | None]] = (
    {ord(wide): chr(ord(wide) - 0xFEE0) for wide in _ALWAYS_HALF}
    | {ord(letter) + 0xFEE0: letter for letter in _LETTERS_AND_DIGITS}
    | dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
    | dict.fromkeys((0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)))
    | dict.fromkeys((*range(0x2010, 0x2014), 0x2043, 0x207B, 0x2212, 0xFE58, 0xFE63), "-")
    | dict.fromkeys((0x2044, 0x2215, 0x29F8), "/")
)

_PREPARED = pattern(r"[A-Za-z0-9._;:,()/<>\[\]+=?#-]*+")  # nothing here that would be changed
_JSON_ESCAPE = pattern(r"(?i)\\u(?!d[89a-f])([0-9a-f]{4})")
_TEX_LESS_GREATER = pattern(r"\{?\\text(less|greater)(?:\{\}|\})?|\$([<>])\$")
_BACKSLASHED = pattern(r"\{\\([_&%#$])\}|\\([/_&%#$])")
_WIDE_AFTER_WIDE = pattern(r"(?<=[０-９Ａ-Ｚａ-ｚ．）／＞])[，；：（）]|(?<=：)：")
_WIDE_BRACKETS = pattern(r"（([0-9]+|[\w-]+(?=）[\w.-]))）", re.ASCII)
_IME_STOPS = pattern(r"10[。·｡][0-9]{4,9}/[!-~。·｡]{1,200}")
_LONG_DASH = pattern(r"(?<=[0-9])[—―](?=[0-9])")
# PDF text of Chinese journals: "DOI: 10. 3969 / j. issn. 1001 - 0505. 2024. 04. 002".
# Behind a blank or at a line's end only what holds a digit goes on: "https://doi.org/10.5555/ is a prefix".
_LABELLED_GAPS = pattern(
    r"(?i)(doi(?:\.org)?\W{0,6})10 ?\. ?([0-9]{4,9}) ?/(?:(?=\S)|\s{1,2}(?=[!-~]{0,60}[0-9]|j ?\.))"
)
_ISSN_GAPS = pattern(
    r"(?i)(/) ?(j) ?\. ?((?:[a-z]{2,4} ?\. ?)?issn) ?\. ?([0-9]{4}) ?- ?([0-9]{3}[0-9x])"
    r" ?\. ?([0-9]{4}) ?\. ?([0-9]{1,3}) ?\. ?([0-9]{1,4})"
)


def plain(text: str) -> str:
    """`text` with entities resolved, half-width letters, plain blanks, slashes and dashes."""
    if _PREPARED.fullmatch(text):
        return text
    text = _JSON_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), unescape(text))
    text = _TEX_LESS_GREATER.sub(lambda sign: sign[2] or {"less": "<", "greater": ">"}[sign[1]], text)
    text = _BACKSLASHED.sub(r"\1\2", text)
    text = _WIDE_AFTER_WIDE.sub(lambda mark: chr(ord(mark[0]) - 0xFEE0), text)
    text = _WIDE_BRACKETS.sub(r"(\1)", text.translate(_TABLE))
    text = _LONG_DASH.sub("-", text)
    text = _IME_STOPS.sub(lambda doi: re.sub(r"[。·｡](?=[0-9A-Za-z])", ".", doi[0]), text)
    text = _LABELLED_GAPS.sub(r"\g<1>10.\2/", text)
    return _ISSN_GAPS.sub(_without_gaps, text)


def _without_gaps(gaps: re.Match[str]) -> str:
    _, j, issn, first, second, *rest = gaps.groups()
    return f"/{j}.{issn.replace(' ', '')}.{first}-{second}." + ".".join(rest)
