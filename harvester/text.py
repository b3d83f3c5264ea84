"""Texts: titles and abstracts made clean, keys for comparing, text for searching, text safe to show."""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata
from functools import cache, lru_cache
from typing import Final

from harvester.markup import BREAK, LABEL, strip_tags, unescape

HAN: Final = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_RUN = re.compile(f"[{HAN}]+")

# -- characters ----------------------------------------------------------------------------------------------

_KEPT_CONTROLS: Final = "\t\n"
_BIDI: Final = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROLS: Final = dict.fromkeys(
    (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF)
)
_LINES: Final = dict.fromkeys((0x0A, 0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n")
_BLANKS: Final = dict.fromkeys((0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_INVISIBLE: Final = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF, *_BIDI))
_HALF_WIDTH: Final = {ord(letter) + 0xFEE0: letter for letter in string.ascii_letters + string.digits}
_FIRST: Final[dict[int, str | None]] = {**_CONTROLS, **_LINES, **_BLANKS}
_EVERY: Final[dict[int, str | None]] = {**_INVISIBLE, **_BLANKS, **_HALF_WIDTH}
_RAW = re.compile(f"[{re.escape(''.join(map(chr, _FIRST)))}]")
_ODD = re.compile(f"[{''.join(map(chr, _EVERY))}]")
_ROUNDS: Final = 4  # of escaping; more than two is nobody's text


def clean_title(raw: str) -> str | None:
    """One line of plain text: tags, entities and needless blanks resolved, NFC; None if nothing is left."""
    return _known_line(raw) if len(raw) <= _REMEMBERED else _line(raw)


def _line(raw: str) -> str | None:
    return " ".join(_plain(raw).split()) or None


_REMEMBERED: Final = 400  # characters of a title, a name, an affiliation: they come again and again
_known_line: Final = lru_cache(maxsize=4096)(_line)


def clean_abstract(raw: str) -> str | None:
    """Plain text, its sections separated by a newline, a section's heading in front of it ("Methods: ...").

    The heading or label "Abstract" is dropped. Line ends inside marked-up text mean nothing; in text without
    markup an empty line separates sections, or, where there is none, every line end.
    """
    text = _plain(raw)
    if BREAK in text or LABEL in text:
        lines = re.split(f"{BREAK}+", text)
    else:
        lines = re.split(r"\n *\n[ \n]*" if re.search(r"\n *\n", text.strip()) else r"\n+", text)
    sections = [line for line in _labelled(lines) if not _is_heading(line)]
    while sections and _is_heading(first := strip_label(sections[0])):
        sections.pop(0)
    cleaned = "\n".join([first, *sections[1:]]) if sections else ""
    repaired = _repaired(cleaned)  # a heading in Han may have stood beside the mojibake
    return cleaned or None if repaired == cleaned else clean_abstract(repaired)


def _plain(raw: str) -> str:
    """`raw` without tags, entities, controls and mojibake, over and over until nothing changes."""
    is_bare = "<" not in raw and "&" not in raw
    if is_bare and raw.isascii() and raw.isprintable():
        return raw  # most names and titles: nothing below could change them
    text = _repaired(raw.replace("\r\n", "\n").replace("\r", "\n"))
    if _RAW.search(text):
        text = text.translate(_FIRST)
    elif is_bare and text == raw and _canonical(text) == text:
        return text  # nor this one
    for _ in range(_ROUNDS):
        text = _canonical(text)
        again = _repaired(unescape(strip_tags(text)))
        if again == text:
            return text
        text = again
    return text.translate(dict.fromkeys(map(ord, "<>&")))


def _canonical(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(_EVERY) if _ODD.search(text) else text)


def _labelled(lines: list[str]) -> list[str]:
    """The lines that hold text, each with the headings in front of it."""
    sections, pending = [], ""
    for line in lines:
        *headings, body = (" ".join(part.split()) for part in line.split(LABEL))
        for heading in headings:
            if heading and not _is_heading(heading):
                pending = _with_label(pending, heading)
        if body:
            sections.append(_with_label(pending, body))
            pending = ""
    return [*sections, pending] if pending else sections


def _with_label(label: str, body: str) -> str:
    bare = label.rstrip(" .:：")
    if not bare or body.startswith(bare):
        return body
    if bare[-1] in "】］〕?？!！":
        return bare + body
    return f"{bare}：{body}" if _HAN_RUN.search(bare) else f"{bare}: {body}"


# -- labels --------------------------------------------------------------------------------------------------

_ABSTRACT_WORDS: Final = r"(?:abstract|summary|résumé|resumen|resumo|zusammenfassung|riassunto|[中英]?文?(?:内容|內容)?[摘提]\s?要|抄録|要旨|초록)"
_HEADING = re.compile(rf"(?i)\W*{_ABSTRACT_WORDS}s?\W*")
_LABEL_FORMS = re.compile(
    rf"(?i:\s*[\[【〔［<＜《(（]\s*{_ABSTRACT_WORDS}\s*[\]】〕］>＞》)）]\s*[:：.。]?\s*"
    rf"|\s*{_ABSTRACT_WORDS}\s*(?:[:：]|[.。|](?=\s|$)|[—–]+|-+(?=\s)|\n)\s*)"
    r"|\s*(?:ABSTRACT|SUMMARY)[.\s]\s*(?=\S)"
    r"|\s*(?:Abstract|Summary)(?=[A-Z][a-z])"
    r"|\s*Abstract\s+(?=(?:The|This|These|We|In|Our|It|A|An|To|Background|Objectives?|Purpose|Introduction|Aims?|Context)\b)"
    r"|\s*[中英]?文?(?:内容|內容)?[摘提]\s?要(?:\s+(?=\S)|(?=本文|目的|背景|为了|為了|[\[【〔［]))"
)


def strip_label(text: str) -> str:
    """`text` without the word for "abstract" in front of it, where it is a label: "ABSTRACT The ...", "【摘要】..."."""
    start = 0
    while (label := _LABEL_FORMS.match(text, start)) and label.end() < len(text):
        start = label.end()
    return text[start:]


def _is_heading(line: str) -> bool:
    return len(line) < 40 and bool(_HEADING.fullmatch(line))


# -- mojibake ------------------------------------------------------------------------------------------------

_CP1252: Final = {
    ord(bytes([byte]).decode("cp1252")): byte
    for byte in range(0x80, 0xA0)
    if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_SUSPECT = re.compile(r"[\xa1-\xfe][\x80-\xff€-™Œ-žƒˆ˜]")
# What UTF-8 read as Latin-1 or cp1252 turns back into; other scripts must show more than two characters.
_COMMON = re.compile(r"[\x00-\x7f\xa0-\u017f\u0391-\u03c9\u2010-\u203a\u20ac\u2122\u2190-\u22ff]+")
_SCRIPTS = re.compile(r"[\u0400-\u045f\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]+")
_SURE = re.compile(r"[\x80-\x9f]|[ÂÃÎÏ][\xa1-\xbf]|â[€\x80-\xbf]|Â\xa0")
_GB_PAIRS = re.compile(rb"(?:[\x00-\x7f]++|(?:[\xa1-\xa3\xb0-\xd7][\xa1-\xfe])++)*+")


def _repaired(text: str) -> str:
    """`text` with its encoding set right where that is provable: bytes that are valid UTF-8, or common Chinese."""
    for _ in range(2):
        if text.isascii() or not _SUSPECT.search(text) or _HAN_RUN.search(text):
            return text
        try:
            raw = text.translate(_CP1252).encode("latin-1")
        except UnicodeEncodeError:
            return text
        text = _as_utf8(raw, text) or _as_gb18030(raw) or text
    return text


def _as_utf8(raw: bytes, text: str) -> str | None:
    try:
        better = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    foreign = len(better) - len(_SCRIPTS.sub("", better))
    is_plausible = not _SCRIPTS.sub("", _COMMON.sub("", better)) and (foreign == 0 or foreign > 2)
    return better if is_plausible and (foreign or _SURE.search(text)) else None


def _as_gb18030(raw: bytes) -> str | None:
    """Chinese in GBK read as Latin-1: every run of high bytes is pairs, all of them common Han or punctuation."""
    if not _GB_PAIRS.fullmatch(raw):
        return None
    han = len(re.findall(rb"[\xb0-\xd7][\xa1-\xfe]", raw))
    letters = len(re.findall(rb"[A-Za-z]", raw))
    return raw.decode("gb18030") if han >= 3 and 2 * han >= letters else None


# -- keys ----------------------------------------------------------------------------------------------------


@cache
def _fold_table() -> dict[int, str]:
    """Traditional to simplified, one character to one."""
    import opencc  # noqa: PLC0415  costs a tenth of a second, and most commands need none of it

    blocks = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))
    characters = [chr(code) for first, end in blocks for code in range(first, end)]
    converter = opencc.OpenCC("t2s")
    folded = converter.convert("\n".join(characters)).split("\n")
    table = {old: new for old, new in zip(characters, folded, strict=True) if old != new and len(new) == 1}
    return {ord(old): table.get(new, new) for old, new in table.items()}


@cache
def _folded_characters() -> frozenset[str]:
    return frozenset(map(chr, _fold_table()))


def is_han(text: str) -> bool:
    """Whether there is a Han character in `text`."""
    return _HAN_RUN.search(text) is not None


def fold_han(text: str) -> str:
    """Traditional characters as simplified ones, one for one; for keys and search only."""
    if text.isascii() or _folded_characters().isdisjoint(text):
        return text
    return text.translate(_fold_table())


_WIDE: Final = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
# What NFKC leaves alone, whatever stands beside it, and what it makes ASCII of: all that most Chinese texts are of.
_PLAIN_OR_WIDE: Final = re.compile("[^\x00-\x7f°±·×÷Α-Ρα-ω–—‘’“”、。〈-】〔〕㐀-䶿一-鿿！-～\u3000]")
_WIDE_MARK: Final = re.compile("[！-～\u3000]")


def nfkc(text: str) -> str:
    """`text` in Unicode's form NFKC: one width, no ligatures. Many times as fast for English and Chinese as the library's way."""
    if text.isascii():
        return text
    if _PLAIN_OR_WIDE.search(text):
        return unicodedata.normalize("NFKC", text)
    for mark in set(_WIDE_MARK.findall(text)):
        text = text.replace(mark, _WIDE[ord(mark)])
    return text


_NO_ASCII_MARKS: Final = {code: None for code in range(128) if not chr(code).isalnum()}


def compare_key(text: str) -> str:
    """What is left of `text` when width, case, script variant, blanks and marks do not count."""
    if text.isascii():
        return text.lower().translate(_NO_ASCII_MARKS)
    for _ in range(2):
        text = unicodedata.normalize("NFKC", fold_han(unicodedata.normalize("NFKC", text).casefold()))
    return "".join(filter(str.isalnum, text))


# -- search --------------------------------------------------------------------------------------------------


def search_text(text: str) -> str:
    """`text` as the index holds it: each run of Han as overlapping pairs and its last character."""
    if text.isascii():
        return text
    folded = fold_han(unicodedata.normalize("NFKC", text))
    return _HAN_RUN.sub(lambda run: f" {_pairs(run[0])} {run[0][-1]} ", folded)


def search_term(words: str) -> str:
    """One phrase of FTS5 for `words` as a person typed them; "" if there is no letter or digit in them.

    The words stand side by side, Han runs too; one Han character, or a word with "*" behind it, is the beginning
    of a word. No character is an operator. Where it ends in Han, the last pair says all: the index may go on behind it.
    """
    folded = fold_han(unicodedata.normalize("NFKC", words).translate(_CONTROLS)).replace('"', " ")
    kept = re.sub(rf"(?:[^\w{HAN}]|_)+$", "", folded)
    if not kept:
        return ""
    last = re.search(f"[{HAN}]+$", kept)
    before = search_text(kept[: last.start()] if last else kept)
    end = "" if last is None else _pairs(last[0]) or last[0]
    is_prefix = folded.rstrip().endswith("*") if last is None else len(last[0]) == 1
    phrase = " ".join(f"{before} {end}".split())
    return f'"{phrase}"' + (" *" if is_prefix else "")


def fold_text(text: str) -> str:
    """`text` as it is compared, character for character: simplified, small, without marks."""
    return "".join(map(_folded, fold_han(text)))


def _folded(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    bare = "".join(
        one for one in unicodedata.normalize("NFKD", letter).casefold() if not unicodedata.combining(one)
    )
    return bare if len(bare) == 1 else letter


def _pairs(han: str) -> str:
    return " ".join(han[start : start + 2] for start in range(len(han) - 1))


# -- showing -------------------------------------------------------------------------------------------------

_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)?)")
_HIDDEN: Final = {
    code: "\ufffd" if 0xD800 <= code < 0xE000 else None
    for code in (*_CONTROLS, *_BIDI)
    if chr(code) not in _KEPT_CONTROLS
}


def visible(text: str) -> str:
    """`text` safe for a terminal: no controls, escape sequences or overrides of direction; newline and tab stay."""
    if text.isprintable():
        return text
    return (_ESCAPE_SEQUENCE.sub("", text) if "\x1b" in text else text).translate(_HIDDEN)


def text_hash(text: str) -> str:
    """32 hex digits of a text: what a translation says it translates."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
