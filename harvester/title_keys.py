"""Titles made comparable: a key without marks and accents, words with their rarity, numbers, what kind of title it is."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from msgspec import Struct

from harvester.name_lists import words as word_list
from harvester.text import HAN, fold_han

_HAN: Final = re.compile(f"[{HAN}]")
_WORD: Final = re.compile(f"[a-z]+|[0-9]+|[{HAN}]|[^\\W\\d_a-z]+")
_NOTE: Final = re.compile(
    r"\s*[\[(](?:in )?(?:chinese|japanese|german|french|spanish|russian|italian|polish|romanian|portuguese|korean|dutch|danish"
    r"|swedish|turkish|czech|hungarian|norwegian|hebrew|english|article in [a-z]+|author'?s transl|transl[^\])]*|review|abstract)"
    r"(?:\.?\s*original)?[\])]\.?\s*$"
)
# What indexes add behind a title, or a programme in brackets: nothing of the work's own.
_ADDED: Final = re.compile(
    r"\s*\[(?:erratum|errata|republished|reprint|retraction|see comments?|comment|summary for|corrected|update|review|[0-9]+ ref|letter|abstract"
    r"|editorial|conference|meeting|historical|published|original|discussion)[^\]]*\]?"
    r"|\s*\((?:[a-z ]*\b)?(?:panel|tutorial|demo|demonstration|poster|keynote|invited|extended abstract|abstract)(?: [a-z]+)?\)"
)
_CORRECTS: Final = re.compile(
    r"\((?:vol(?:ume)? [0-9]+, (?:pg?|pages?) |[^()]*\([12][0-9]{3}\)[ ,:]+[0-9]+[^()]*(?:\([^()]*\)[^()]*)?\)\s*$)"
)
_IN_BRACKETS: Final = re.compile(r"\s*\[[^\[]+\]\.?\s*")
_LATIN_ACCENTS: Final = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_PLAIN_LETTERS: Final = str.maketrans({
    "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th",
    "α": " alpha ", "β": " beta ", "γ": " gamma ", "δ": " delta ", "κ": " kappa ", "μ": " mu ", "ω": " omega ", "λ": " lambda ",
})  # fmt: skip
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")
_ROMAN: Final = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12", "xiii": "13",
    "xiv": "14", "xv": "15", "xvi": "16", "xvii": "17", "xviii": "18", "xix": "19", "xx": "20", "xxiv": "24", "xxxiv": "34",
}  # fmt: skip
_ROMAN_AFTER_A_PART: Final = {
    "i": "1",
    "v": "5",
    "x": "10",
    "l": "50",
    "a": "a",
    "b": "b",
    "c": "c",
    "d": "d",
}
_UNITS: Final = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_RANKS: Final = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)
_SPELLED: Final = {word: str(number) for number, word in enumerate(_UNITS, 1)}
_NUMERALS: Final = {**_ROMAN, **_SPELLED}
_ORDINALS: Final = {word: str(number) for number, word in enumerate(_RANKS, 1)}
_HAN_DIGITS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HAN_NUMBER: Final = re.compile(
    "第([一二三四五六七八九十]{1,3})|[((]([一二三四五六七八九十]{1,3})[))]|([一二三四五六七八九十])$"
)
_HAN_HALF: Final = re.compile("[((]([上中下])[))]|([上中下])[篇卷册部]?$")
_PART: Final = re.compile(
    r"\b(?:part|pt|vol|volume|section|chapter|book|no|number|teil|partie|parte|tome|band|supplement|appendix|phase|report|stage"
    r"|edition|figure|table|file|fig)\b\.? ?([0-9]+|[ivxl]+|[a-d]|one|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"|\b([0-9]+)(?:st|nd|rd|th) (?:edition|ed|annual|international|symposium|conference|congress|report|meeting|workshop)\b"
    r"|\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth) (?:part|edition|report|annual|international"
    r"|symposium|conference|meeting|workshop|international)\b"
)
_EDITION_HAN: Final = re.compile("第?([一二三四五六七八九十0-9]{1,3})[版届期卷]")
# What makes of a title the title of another work about the first one.
_MARKS: Final[dict[str, re.Pattern[str]]] = {
    "erratum": re.compile(
        r"\b(?:errat(?:um|a)|corrigend(?:um|a)|corrections? (?:to|of|for)|correction$|^correction|publisher'?s? (?:note|correction)"
        r"|author correction|addendum)\b|更正|勘误|订正"
    ),
    "retraction": re.compile(
        r"\b(?:retraction(?: note)?|retracted(?: article)?|withdrawn|withdrawal of|expression of concern)\b|撤稿|撤回"
    ),
    "reply": re.compile(
        r"\b(?:repl(?:y|ies)(?: to| by|$)|author'?s?'? (?:repl(?:y|ies)|response)|response to|in (?:reply|response)|^re:|^re "
        r"|rejoinder|rebuttal)\b|回复|答复|答读者"
    ),
    "comment": re.compile(
        r"\b(?:comment(?:ary|s)? (?:on|to|re)|^comment(?:ary)?\b|invited commentary|editorial comment|letter to the editor"
        r"|discussion of|evaluation for|faculty of 1000)|评论|商榷|述评"
    ),
    "review": re.compile(r"\b(?:book review|review of the book|reviewed by)\b|书评"),
}
# A search for fixed strings is many times as fast as one of the expressions: most titles need none of them.
_MARK_TRIGGERS: Final = (
    "errat", "corrig", "correct", "publisher", "addend", "retract", "withdraw", "concern", "reply", "replies", "response", "rejoin",
    "rebut", "comment", "letter to", "discussion of", "evaluation for", "faculty of", "book review", "review of the book", "reviewed by", "(vol", ")", "更正", "勘误", "订正", "撤", "复", "答",
    "评", "商榷",
)  # fmt: skip
_PART_TRIGGERS: Final = (
    "part", "pt ", "pt.", "vol", "section", "chapter", "book", "no ", "no.", "number", "teil", "tome", "band", "supplement", "appendix", "phase", "report",
    "stage", "edition", "figure", "table", "file", "fig", "st ed", "nd ed", "rd ed", "th ed", "annual", "international", "symposium", "conference", "congress", "meeting", "workshop",
)  # fmt: skip
_FUNCTION: Final = word_list(
    "the of and for with from by on to at as is are was were be been in an a or its their using based between among into"
    " der die das und des dem den ein eine im von mit auf zur zum bei le la les du de et en un une au aux pour par sur dans"
    " el los las del y una con que su o os da do dos em na no il lo gli di e nel van het een s t"
)
_COMMON: Final = word_list(
    "study studies analysis effect effects method methods results new research approach patients patient treatment"
    " clinical trial review systematic data model models system systems use role case report disease human application"
    " evaluation assessment development after during associated association risk cells cell activity control randomized"
    " among information management design theory learning performance comparison two years high low different time"
)
# Headings that every issue may carry: alone they name no work.
_HEADINGS: Final = word_list(
    "editorial guesteditorial editorialnote preface foreword introduction editorsintroduction guesteditorsintroduction"
    " editorsnotes editorsnote editornotes conclusion conclusions abstracts abstract contents tableofcontents index subjectindex"
    " authorindex bookreview bookreviews reviews review news newsandviews obituary obituaries errata erratum corrigendum"
    " correction corrections correspondence letters letter lettertotheeditor letterstotheeditor announcement announcements"
    " calendar conferencesandcourses publishersnote acknowledgements acknowledgments acknowledgment keynoteaddress keynote invitedtalk"
    " panel discussion comment comments commentary reply response inthisissue thisissue masthead frontmatter backmatter"
    " cover coverimage notes note contributors listofcontributors contributorbiographies reviewerslist listofreviewers reviewerlist"
    " inmemoriam dedication epilogue prologue afterword appendix bibliography references glossary untitled unknown notitle notitleavailable"
    " recenzje meetingabstracts meetingreport posterabstracts posters summary chairmansmessage messagefromthechairs"
    " welcome welcomemessage presidentsmessage fromtheeditor fromtheeditors editorspage aboutthiscover aboutthecover"
    " 编者按 卷首语 前言 序 序言 后记 目录 总目录 启事 征稿启事 书评 简讯 消息 动态 编后记 会议通知 征订启事 本刊声明 声明 更正 勘误 致谢 引言 结语 封面"
)
_HEADING_WITH_A_DATE: Final = re.compile(
    r"(?:reviewers?list(?:for)?|listofreviewers|(?:subject|author|keyword)index(?:vol(?:ume)?)?|indextovolume|contents(?:of)?(?:vol(?:ume)?)?"
    r"|acknowledge?ments?(?:of|to)reviewers|editorial|recentdissertations\w{0,20}|calendar(?:of\w{0,10})?|meetings?)[0-9]{1,10}"
)
_SHORT: Final = 14  # letters: a title of one or two words
_SHORT_HAN: Final = 5


class Title(Struct, frozen=True, array_like=True):
    """One title, made comparable.

    `key` is letters and digits only, accents and width folded, Han simplified. `words` are in order, numbers
    as Arabic digits; `numbers` and `parts` hold what tells volumes and parts apart; `marks` what makes it a
    title about another work ("erratum"). A heading ("Editorial") names no work; a short title hardly one.
    """

    key: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]
    parts: tuple[str, ...]
    marks: tuple[str, ...]
    is_heading: bool
    is_short: bool
    is_han: bool
    is_translated: bool  # an index's own English: "[...]", "... [Japanese]"
    weight: int = 0  # how much its words tell, by their rarity
    main: str = ""  # the key of what stands before a subtitle; empty where there is none


def fold(text: str) -> str:
    """Lower case without width, accents and script variants; blanks and marks stay."""
    if text.isascii():
        return text.lower()
    text = fold_han(unicodedata.normalize("NFKC", text).casefold())
    if _LATIN_ACCENTS.search(text) or "\u0300" <= max(text) <= "\u036f":
        text = "".join(one for one in unicodedata.normalize("NFD", text) if not "\u0300" <= one <= "\u036f")
    return text.translate(_PLAIN_LETTERS)


@lru_cache(maxsize=512)
def read_title(raw: str) -> Title | None:
    """The title made comparable; None where no letter or digit is in it, or it says that there is none."""
    text = fold(_TAG.sub("", raw) if "<" in raw else raw)
    is_translated, marks = False, _marks(text)
    if "[" in text or "(" in text:
        is_translated = _IN_BRACKETS.fullmatch(text) is not None or _NOTE.search(text) is not None
        text = _NOTE.sub("", _CORRECTS.sub("", _ADDED.sub("", text))) or text
    words = tuple(_read_words(text))
    key = "".join(words)
    if not key or key in {"unknown", "notitle", "notitleavailable", "untitled", "na", "none", "null", "无题"}:
        return None
    is_han = _HAN.search(key) is not None
    return Title(
        key,
        words,
        _numbers(words),
        _parts(text),
        marks,
        _is_heading(key),
        _is_short(key, words, is_han),
        is_han,
        is_translated,
        sum(map(rarity, set(words))),
        _main(text, key),
    )


def _main(text: str, key: str) -> str:
    before, mark, _ = text.partition(":")
    if not mark:
        before, mark, _ = text.partition(" - ")
    main = "".join(_read_words(before)) if mark else ""
    return main if main != key else ""


def _read_words(text: str) -> list[str]:
    return [
        _NUMERALS.get(one) or (one.lstrip("0") or "0" if one.isdigit() else one)
        for one in _WORD.findall(text)
    ]


def _numbers(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({one for one in words if one.isdigit()}))


def _parts(text: str) -> tuple[str, ...]:
    """Numbers of parts, volumes, editions, as digits: "part ii" and "第二部" both give "2"."""
    found = set()
    if any(map(text.__contains__, _PART_TRIGGERS)):
        found = {_number(one) for match in _PART.finditer(text) for one in match.groups() if one}
    if _HAN.search(text):
        for pattern in (_HAN_NUMBER, _EDITION_HAN):
            found |= {_han_number(one) for match in pattern.finditer(text) for one in match.groups() if one}
        found |= {one for match in _HAN_HALF.finditer(text) for one in match.groups() if one}
    return tuple(sorted(found))


def _number(word: str) -> str:
    known = _ROMAN.get(word) or _ROMAN_AFTER_A_PART.get(word) or _SPELLED.get(word) or _ORDINALS.get(word)
    return known or word.lstrip("0") or "0"


def _han_number(text: str) -> str:
    if text.isdigit() and text.isascii():
        return text.lstrip("0") or "0"
    tens, _, units = text.rpartition("十")
    value = _HAN_DIGITS.get(units, 0)
    if "十" in text:
        value += 10 * (_HAN_DIGITS.get(tens, 1) if tens else 1)
    return str(value)


def _marks(text: str) -> tuple[str, ...]:
    if not (text.startswith("re") or any(map(text.__contains__, _MARK_TRIGGERS))):
        return ()
    bare = _ADDED.sub("", text) if "[" in text else text
    found = [mark for mark, pattern in _MARKS.items() if pattern.search(bare)]
    if not found and "(" in text and _CORRECTS.search(text):
        return ("erratum",)
    return tuple(found)


def _is_heading(key: str) -> bool:
    return (
        key in _HEADINGS
        or (key.endswith("column") and len(key) < 30)
        or _HEADING_WITH_A_DATE.fullmatch(key) is not None
    )


def _is_short(key: str, words: tuple[str, ...], is_han: bool) -> bool:
    telling = sum(one not in _FUNCTION for one in words)
    return len(key) < (_SHORT_HAN if is_han else _SHORT) or (telling < 3 and not is_han)


@lru_cache(maxsize=16384)
def rarity(word: str) -> int:
    """How much a word tells of its title: 1 for function words, 5 for what stands in many titles, 10 or 15 for others."""
    if word in _FUNCTION:
        return 1
    if word in _COMMON:
        return 5
    return 10 if len(word) < 7 or word.isdigit() else 15
