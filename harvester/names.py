"""Personal names: which part is the family name, by evidence, and lines of many names.

A name by itself seldom shows its order; a whole line nearly always does. So every name of a line votes
(initials, particles, capitals, known names, Pinyin), and the line is read one way. What is shown stays close
to what was written: `Contributor.name` always holds the whole name in display order.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from harvester.model import Contributor
from harvester.name_order import SUFFIX, Reading, is_initials, order_vote, read_name, tokens_of
from harvester.patterns import pattern
from harvester.surnames import COMPOUND

_HAN: Final = "㐀-䶿一-鿿가-힣\uf900-\ufaff\U00020000-\U0003134f〇"  # Korean names are built alike
_ANY_HAN: Final = pattern(f"[{_HAN}]")
_HAN_NAME: Final = pattern(rf"[{_HAN}]{{1,4}}")
_HAN_FOREIGN: Final = pattern(rf"[{_HAN}]+(?:[·•・‧．.][{_HAN}A-Za-z]+)+")
_LABEL: Final = pattern(
    r"^\s*(?:authors?|by|作者|著者|撰稿人?)\s*[:：]\s*|^\s*[【\[](?:authors?|作者)[】\]]\s*", re.IGNORECASE
)
_AND_OTHERS: Final = pattern(
    r"[,，、;；]?\s*(?:\b(?:et\.?\s?al\b|and\s+others\b|and\s+colleagues\b|et\s+coll\b)\.?|(?<=[\u4e00-\u9fff\s,，、;；])等人?)\s*[.。]?\s*$",
    re.IGNORECASE,
)
_COLLECTIVE: Final = pattern(
    r"\b(?:group|consortium|collaborat(?:ion|ors?|ive)|network|teams?|committee|society|association|associates|organi[sz]ations?"
    r"|investigators|initiative|alliance|task\s?force|working\s+party|council|federation|agency|ministry|centers?\s+for"
    r"|universit(?:y|ies|é|ät|à)|universi(?:dade?|tas|teit|tet)|institut(?:es?|o|ion)?|department|foundation|bureau|members|study|staff"
    r"|services?|centre|librar(?:y|ies)|hospital|college|laborator(?:y|ies)|museum|corporation|ltd|inc|gmbh|llc|programme|editors"
    r"|minist[eè]r(?:io|e|ium)|stiftung|gesellschaft|akademi[aek]|académie|soci(?:été|edad|edade)|fon?d(?:ation|azione)|fundaci[oó]n"
    r"|fundação|centro|zentrum|équipe|equipo|commission|secretariat|union|parliament)\b"
    r"|(?:协作组|協作組|課題組|课题组|研究组|研究組|委员会|委員會|学会|學會|协会|協會|中心|研究院|研究所|编辑部|編輯部|联盟|聯盟|工作组|编写组"
    r"|編寫組|项目组|項目組|专家组|專家組|小组|编委会|編委會|组委会|大学|大學|学院|學院|医院|醫院|公司|出版社|图书馆|圖書館|实验室|實驗室|分会|学组)$"
    r"|(?<=\s)(?-i:of|Of|for)\s|^the\s\w+\s|\s&\s",
    re.IGNORECASE,
)
_DEGREE: Final = pattern(
    r"(?:Ph\.?\s?D|M\.?D|M\.?Sc|B\.?Sc|M\.?P\.?H|M\.?A|B\.?A|M\.?B\.?A|R\.?N|D\.?Phil|Dr\.?\s?P\.?H|FRCP|FACS|MBBS|DDS|DVM|Pharm\.?D"
    r"|Esq|教授|博士|硕士)\.?"
)
_MARK: Final = r"(?:[⁰¹²³⁴-⁹ᵃ-ᶻ*†‡§¶#∗＊✉]|\(\d{1,2}\)|\[\d{1,2}\]|\d{1,2}(?!\d))"
_MARKS: Final = pattern(rf"(?<=[^\W\d_]|[.)])\s?({_MARK}(?:\s?[,，;；]?\s?{_MARK})*)")
_BETWEEN: Final = pattern("[;；|]")
_AND: Final = pattern(r"\s(?:and|&)\s")
_BETWEEN_OR_AND: Final = pattern(r"[;；|]|,?\s(?:and|&)\s")
_COMMA_OR_AND: Final = pattern(r"[,，、](?!\s?(?:Jr|Sr|III?|IV)\b)|,?\s(?:and|&)\s|^(?:and|&)\s")
_LEADING_AND: Final = pattern(r"^(?:and|&)\s+")
_TURNED: Final = 0.8  # what must speak for family-first in a name by itself: most stand given name first
_HELD: Final = pattern("\x1f([^\x1f]*)\x1f")


class MarkedAuthor(NamedTuple):
    """One name of an author line, with the marks (superscript digits, asterisks) that stand behind it."""

    author: Contributor
    marks: tuple[str, ...]


def parse_name(raw: str) -> Contributor:
    """One name, its order by evidence; family and given are None where it is one word or a body's name."""
    whole = _one_line(raw)
    authors = _read_segments([whole.rstrip(",;，；")], None) if _is_surname_first(whole) else ()
    return authors[0].author if authors else _plain(whole, order_vote(tokens_of(whole)) > _TURNED)


def parse_author_line(line: str, family_first: bool | None = None) -> tuple[Contributor, ...]:
    """Every name of a line, in order; "et al." and affiliation marks are dropped.

    The names vote on the order; `family_first` is what to believe before anybody votes (True where a
    PubMed-like source is known). Separators: comma, semicolon, "、", "and", "&", and blanks between Han names.
    """
    return tuple(author for author, _ in parse_marked_authors(line, family_first))


def parse_marked_authors(line: str, family_first: bool | None = None) -> tuple[MarkedAuthor, ...]:
    """As `parse_author_line`, with each name's marks for the affiliations ("1", "2", "*")."""
    text = _AND_OTHERS.sub("", _LABEL.sub("", _one_line(line))).rstrip(" .。;；,，、")
    text = _MARKS.sub(_hold, text + _lost_full_stop(line, text))
    return _read_segments(_segments(text), family_first)


def _one_line(raw: str) -> str:
    return " ".join(unicodedata.normalize("NFC", raw).replace("\x1f", " ").split())


def _lost_full_stop(line: str, text: str) -> str:
    """The full stop of a last initial ("Boylan, Richard T."), which ends the line too.

    Where initials stand without one elsewhere in the line ("Imoto S, Miyano S."), it ends the line only.
    """
    if not re.search(r"(?:^|[\s.\-,;])[^\W\d_⁰¹²³⁴-⁹]$", text) or "." not in line.rstrip()[-2:]:
        return ""
    return "" if re.search(r"(?<![\w.-])[A-Z]{1,3}(?=[\s,;(*\d\x1f])", text) else "."


def _hold(match: re.Match[str]) -> str:
    marks = re.findall(r"\d{1,2}|[^\d\s,，;；()\[\]]", match[1])
    digits = [str(unicodedata.digit(mark, mark)) if len(mark) == 1 else mark for mark in marks]
    return "\x1f" + "+".join(digits) + "\x1f"


# -- cutting a line into names ---------------------------------------------------------------------------


def _segments(text: str) -> list[str]:
    """The names as written; "Family, Given" stays together."""
    if _BETWEEN.search(text):
        return _clean(_BETWEEN_OR_AND.split(text))
    by_and = _clean(_AND.split(text))
    if len(by_and) > 1 and all(part.count(",") == 1 and _is_surname_first(part) for part in by_and):
        return by_and  # BibTeX
    if _ANY_HAN.search(text) and len(re.findall(r"[A-Za-z]", text)) < len(text) / 2:
        return _han_segments(text)
    return _paired(_clean(_COMMA_OR_AND.split(text)))


def _clean(parts: list[str]) -> list[str]:
    stripped = (_LEADING_AND.sub("", part.strip(" ,，、")) for part in parts)
    return [part for part in stripped if part and not _DEGREE.fullmatch(_bare(part).strip())]


def _han_segments(text: str) -> list[str]:
    if re.search("[,，、]", text):
        return _clean(
            re.split(
                rf"[,，、]|\s(?:和|与|&|and)\s|(?<=[{_HAN}]{{2}})[和与及](?=[{_HAN}]{{2}})(?=[^,，、]{{2,4}}$)",
                text,
            )
        )
    names: list[str] = []
    for word in text.split():
        # A blank inside a name of two characters ("王 伟") is typographer's filling, not a separator.
        if names and _HAN_NAME.fullmatch(word) and len(names[-1]) == 1:
            names[-1] += word
        else:
            names.append(word)
    if len(names) > 1 and len(names[-1]) == 1:
        names[-2:] = [names[-2] + names[-1]]
    return names


def _paired(parts: list[str]) -> list[str]:
    """Joins "Family, Given" where the commas of a line stand inside the names as well as between them."""
    bare = [_bare(part).strip() for part in parts]
    heads, tails = bare[::2], bare[1::2]
    if not bare or len(bare) % 2:
        return parts
    by_initials = all(is_initials(word) for tail in tails for word in tail.split()) and not any(
        is_initials(word) for head in heads for word in head.split()
    )
    by_single = all(len(part.split()) == 1 for part in bare)
    if by_initials or by_single or (len(bare) == 2 and _is_surname_first(", ".join(bare))):
        return [f"{head}, {tail}" for head, tail in zip(parts[::2], parts[1::2], strict=True)]
    return parts


def _is_surname_first(text: str) -> bool:
    """Whether "A, B" is one name: A is a family name by its shape, B is short."""
    family, comma, given = _bare(text).partition(",")
    reading = Reading.of(family)
    return bool(comma) and "," not in given and 0 < len(given.split()) <= 4 and reading.is_family_alone


# -- reading the names -----------------------------------------------------------------------------------


def _read_segments(segments: list[str], family_first: bool | None) -> tuple[MarkedAuthor, ...]:
    bare = [(_bare(part).strip(" ,"), _marks_of(part)) for part in segments]
    plain = [_ballot(text) for text, _ in bare if "," not in text and _is_personal(text)]
    prior = {True: 0.8, False: -0.8, None: 0.0}[family_first]
    is_family_first = sum(one.vote for one in plain) + _repeats(plain) + prior > 0
    is_compact = sum(one.is_pubmed for one in plain) * 2 >= len(plain)
    return tuple(
        MarkedAuthor(_plain(text, is_family_first, is_compact=is_compact), marks)
        for text, marks in bare
        if text
    )


class _Ballot(NamedTuple):
    """What one name says of the order of its line; its first and last word, where they are no initials."""

    vote: float
    is_pubmed: bool
    first: str | None
    last: str | None


@lru_cache(maxsize=20_000)  # authors write more than one paper
def _ballot(text: str) -> _Ballot:
    words = tokens_of(text)
    ends = (words[0], words[-1]) if len(words) > 1 else ()
    told = (None if is_initials(word) else word for word in ends)
    return _Ballot(order_vote(words), Reading.is_pubmed(words), next(told, None), next(told, None))


def _repeats(names: list[_Ballot]) -> float:
    """Authors of one line share family names more often than given names: above 0 where first words repeat."""
    firsts = [one.first for one in names if one.first is not None]
    lasts = [one.last for one in names if one.last is not None]
    return 1.5 * (len(firsts) - len(set(firsts)) - len(lasts) + len(set(lasts)))


def _bare(segment: str) -> str:
    """A name without the marks behind it."""
    return _HELD.sub("", segment) if "\x1f" in segment else segment


def _marks_of(segment: str) -> tuple[str, ...]:
    if "\x1f" not in segment:
        return ()
    return tuple(mark for held in _HELD.findall(segment) for mark in held.split("+") if mark)


@lru_cache(maxsize=20_000)
def is_collective(name: str) -> bool:
    """Whether a name is a body's: a consortium, a committee, 课题组, 编辑部."""
    return bool(_COLLECTIVE.search(name))


def _is_personal(text: str) -> bool:
    return not is_collective(text) and not _ANY_HAN.search(text)


@lru_cache(maxsize=20_000)
def _plain(text: str, is_family_first: bool, *, is_compact: bool = True) -> Contributor:
    if not text or is_collective(text):
        return Contributor(text)
    if _ANY_HAN.search(text):
        return _han(text)
    family, comma, given = (part.strip() for part in text.partition(","))
    if comma and not SUFFIX.fullmatch(given):
        return _inverted(family, given)
    parts = tokens_of(text)
    suffix = text.replace(",", " ").split()[len(parts) :]
    reading = read_name(parts, is_family_first=is_family_first, is_compact=is_compact)
    shown = " ".join(filter(None, (reading.given, reading.family, *suffix)))
    return Contributor(shown, family=reading.family if reading.given else None, given=reading.given)


def _inverted(family: str, given: str) -> Contributor:
    given, comma, suffix = (part.strip() for part in given.partition(","))
    shown = " ".join(filter(None, (given, family, suffix if comma else "")))
    return Contributor(shown, family=family or None, given=given or None)


def _han(text: str) -> Contributor:
    latin = re.search(r"[(（]?\s*([A-Za-z][A-Za-z .'’-]+)\s*[)）]?$", text)
    han = (text[: latin.start()] if latin else text).strip()
    if _HAN_FOREIGN.fullmatch(han) or not _HAN_NAME.fullmatch(re.sub(r"[\s,，]", "", han)):
        return Contributor(text)
    joined = re.sub(r"[\s,，]", "", han)
    cut = 2 if joined[:2] in COMPOUND and len(joined) > 2 else 1
    if len(joined) == 1:
        return Contributor(joined)
    beside = parse_name(latin[1]) if latin else Contributor(joined)
    if beside.family and beside.given:
        return Contributor(beside.name, family=beside.family, given=beside.given, name_zh=joined)
    return Contributor(joined, family=joined[:cut], given=joined[cut:])
