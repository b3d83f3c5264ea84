"""The numbers of a text, whatever language and spelling they are in, and what two texts differ in.

"15 million", "1500万", "１５ ００0 000" and "一千五百万" are one number. Digits must be found on the other side; words
("two", "两", "first", "三月", "IV") may be, for one language spells what the other leaves out.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from harvester.text import nfkc

LONGEST: Final = 50_000  # characters that are looked at
_SMALL: Final = 12  # up to here a spelt number is as often an article or an order as a count
_MOST_DIGITS: Final = 30  # a longer run is no number of anything


Passages = tuple[str, ...]


class Figure(NamedTuple):
    """A number that stands in digits: its plain value ("0.05"), and the letters that it is glued to ("HER" 2)."""

    value: str
    letters: str = ""


class Numbers(NamedTuple):
    """`sure` are in the order of the text; `possible` are values that its words and signs may stand for."""

    sure: tuple[Figure, ...]
    possible: frozenset[str]

    @property
    def values(self) -> frozenset[str]:
        """Every value that the text can be said to hold."""
        return self.possible | {figure.value for figure in self.sure}


_NONE: Final = Numbers((), frozenset())


class Differences(NamedTuple):
    """Values that only the first text has, and values that only the second has; each in order, once."""

    lost: tuple[str, ...]
    added: tuple[str, ...]


# -- spelling ------------------------------------------------------------------------------------------------

_MULTIPLES: Final = {
    "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "bn": 9,
    "百": 2, "千": 3, "万": 4, "萬": 4, "十万": 5, "百万": 6, "百萬": 6, "千万": 7, "千萬": 7, "亿": 8, "億": 8,
    "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12, "兆": 12,
}  # fmt: skip
_UNITS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS: Final = {
    **{word: value for value, word in enumerate(_UNITS)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
}
_ORDINALS: Final = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12,
    "firstly": 1, "secondly": 2, "thirdly": 3, "fourthly": 4, "once": 1, "twice": 2, "thrice": 3, "single": 1, "double": 2,
    "twofold": 2, "triple": 3, "threefold": 3, "both": 2, "dual": 2, "pair": 2, "couple": 2, "dozen": 12, "quarter": 4, "quarters": 4,
    "thirds": 3, "half": 2, "biennial": 2, "bilateral": 2, "mono": 1, "bi": 2, "tri": 3, "decade": 10, "decades": 10, "century": 100,
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10,
    "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10,
    "nov": 11, "dec": 12,
}  # fmt: skip
_ROMAN: Final = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12,
}  # fmt: skip
_HAN_DIGITS: Final = {
    character: value
    for value, characters in enumerate(
        ("零〇", "一壹", "二两兩贰双雙", "三叁", "四", "五", "六", "七", "八", "九")
    )
    for character in characters
}
_HAN_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_HAN_MYRIADS: Final = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}

_WORD: Final = re.compile("[a-z]+")
_WORD_OR_NOT: Final = re.compile("[a-z]+|[^a-z]+")
_SCALES: Final = frozenset(("hundred", "thousand", "million", "billion", "trillion"))
_SPELT: Final = frozenset(_WORDS) | _SCALES | {"and"}
_SINGLE: Final = {**_ROMAN, **_ORDINALS, **{scale: 10 ** _MULTIPLES[scale] for scale in _SCALES}}
_COUNTING: Final = _SPELT | frozenset(_SINGLE)
_BEGINNING: Final = _COUNTING - {"and"}  # which joins numbers only
_HAN: Final = re.compile("[零〇一壹二两兩贰双雙三叁四五六七八九十百千万萬亿億]+")
_HAN_SURE: Final = re.compile("[一二三四五六七八九]+[十百千万亿][零一二三四五六七八九十百千万亿]*")

# -- digits --------------------------------------------------------------------------------------------------

_RAISED: Final = re.compile("[²³¹⁰⁴-⁹]")  # powers and notes, no numbers of their own
_ANY_DIGIT: Final = re.compile("[0-9年]")
# What must be there for one of the slower expressions to find anything.
_MAY_BE_POWER: Final = ("m2", "m3", "m^", "t2", "t3", "t^")
_MAY_BE_ODD: Final = re.compile(r"\d(?:[ ,]\d{3}|\. \d| \.\d|(?:st|nd|rd|th|s)\b)")
_MAY_BE_LISTED: Final = re.compile(r"\d\s?[)）、]")
_POWER: Final = re.compile(r"\b(?:[cdkmnµμu]?m|ft)\^?[23](?![\d.])")
_GROUPED: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(?![\d,]|\.\d{3},)")
_TORN: Final = re.compile(r"(?<![\d.])(\d{1,3})\. (?=\d)|(?<![\d.])(\d{1,3}) \.(?=\d)")
_DECADE: Final = re.compile(
    r"(?:(\d{2}|二十|十九)\s?世[纪紀]|上世[纪紀]|上個世紀|上个世纪)?\s?(\d0|[二三四五六七八九]十)\s?年代"
)
_ORDINAL_DIGITS: Final = re.compile(r"(\d)(?:st|nd|rd|th|s)\b")
_DIGITS: Final = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)"
    r"(?:\s?-?[多余餘]?(?P<times>hundred|thousand|million|billion|trillion|bn|十[万亿]|百[万萬亿]|千[万萬亿]|万亿|[万萬亿億兆千百])(?![A-Za-z]))?"
)
_LETTERS: Final = re.compile("[A-Za-zα-ω]+$")
_NAMING: Final = frozenset(string.ascii_letters) | frozenset(map(chr, range(ord("α"), ord("ω") + 1)))
_NEAR: Final = 12  # characters before a digit where the name that it belongs to may begin
_LISTED: Final = re.compile(r"[(（]\s?\d\s?[)）]|(?:^|[\s:：;；。，,])\d\s?[)）、]")


@lru_cache(512)  # the sentences of a text are asked for one by one, and again where it is aligned
def numbers(text: str) -> Numbers:
    """The numbers of a text in any language; nothing for a text without."""
    plain = _even(text[:LONGEST])
    possible: set[str] = set()
    figures: list[Figure] = []
    if _ANY_DIGIT.search(plain):
        plain = _plain(plain)
        figures = _in_digits(plain, possible)
    if not plain.isascii():
        figures += _han(plain, possible)
    small = plain.lower()
    if not _BEGINNING.isdisjoint(_WORD.findall(small)):
        figures += _english(small, possible)
    return Numbers(tuple(figures), frozenset(possible)) if figures or possible else _NONE


def _in_digits(text: str, possible: set[str]) -> list[Figure]:
    if "年代" in text:
        text = _DECADE.sub(lambda found: _decade(found, possible), text)
    may_be_listed = _MAY_BE_LISTED.search(text) is not None
    listed = {at for match in _LISTED.finditer(text) for at in range(*match.span())} if may_be_listed else ()
    figures = []
    for found in _DIGITS.finditer(text):
        number, times = found.groups()
        if len(number) > _MOST_DIGITS:
            continue
        start = found.start()
        before = text[start - 1 : start]
        if times is None and before not in _NAMING and before != "." and start not in listed:
            figures.append(_figure(number))
            continue
        if before == "." and not text[start - 2 : start - 1].isdigit():
            number = f"0.{number.partition('.')[0]}"
            start, before = start - 1, text[start - 2 : start - 1]
        value = _plainly(number) if times is None else _written(Decimal(number) * 10 ** _MULTIPLES[times])
        if times is not None:
            possible.add(_plainly(number))
        if start in listed:
            possible.add(value)
        else:
            name = _LETTERS.search(text[max(0, start - _NEAR) : start]) if before in _NAMING else None
            figures.append(Figure(value, name[0].casefold() if name else ""))
    return figures


@lru_cache(10_000)  # few numbers make up most of what is read
def _figure(number: str) -> Figure:
    return Figure(_plainly(number))


def _even(text: str) -> str:
    """A text without powers, width made even."""
    return text if text.isascii() else nfkc(_RAISED.sub("", text))


def _plain(bare: str) -> str:
    """A text with its digits as one language and one press write them."""
    if any(one in bare for one in _MAY_BE_POWER):
        bare = _POWER.sub("", bare)
    if _MAY_BE_ODD.search(bare) is None:
        return bare
    bare = _GROUPED.sub(lambda found: re.sub("[ ,]", "", found[0]), bare)
    bare = _TORN.sub(lambda found: f"{found[1] or found[2]}.", bare)
    return _ORDINAL_DIGITS.sub(r"\1 ", bare)


def _plainly(number: str) -> str:
    """Digits with a point or none, without the zeros that say nothing."""
    if not number.isascii():
        return _written(Decimal(number))
    whole, point, part = number.partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + (point + part if part else "")


def _written(value: Decimal | int) -> str:
    text = f"{Decimal(value):f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _decade(found: re.Match[str], possible: set[str]) -> str:
    """20世纪90年代, 上世纪90年代, 90年代: 1990, and whatever else its digits may be."""
    century = {"二十": 20, "十九": 19, None: 20}.get(found[1]) or int(found[1])
    tens = int(found[2]) if found[2][0].isdigit() else _han_value(found[2])
    year = 100 * (century - 1) + tens
    if found[1] is None and not found[0].startswith("上"):
        possible |= {str(year), str(tens), str(year + 100)}
        return " "
    possible |= {str(century), str(tens)}
    return f" {year} "


# -- words ---------------------------------------------------------------------------------------------------


def _han(text: str, possible: set[str]) -> list[Figure]:
    sure = []
    for found in _HAN.finditer(text):
        value = _han_value(found[0])
        possible.add(str(value))
        possible.update(str(_HAN_DIGITS[one]) for one in found[0] if one in _HAN_DIGITS)
        if value > _SMALL and _HAN_SURE.fullmatch(found[0]) and not _is_rough(text, found):
            sure.append(Figure(str(value)))
    return sure


def _is_rough(text: str, found: re.Match[str]) -> bool:
    """七八十, 一百多, 十几: no number that the other side must have."""
    return text[found.end() : found.end() + 1] in {"多", "余", "餘", "几", "幾", "分"} or bool(
        re.search("[一二三四五六七八九]{2}", found[0])
    )


def _han_value(numeral: str) -> int:
    """三百二十 = 320, 一千五百万 = 15000000, 二〇一六 = 2016."""
    if not any(one in _HAN_TENS or one in _HAN_MYRIADS for one in numeral):
        return int("".join(str(_HAN_DIGITS[one]) for one in numeral[:_MOST_DIGITS]))
    total = section = digit = 0
    for one in numeral[:_MOST_DIGITS]:
        if one in _HAN_DIGITS:
            digit = _HAN_DIGITS[one]
        elif one in _HAN_TENS:
            section += (digit or 1) * _HAN_TENS[one]
            digit = 0
        else:
            total = (total + section + digit or 1) * _HAN_MYRIADS[one]
            section = digit = 0
    return total + section + digit


def _english(small: str, possible: set[str]) -> list[Figure]:
    sure = []
    for run in _runs(small):
        if run[0] in _WORDS:
            value = _english_value(run)
            possible |= {str(value), *(str(_WORDS[word]) for word in run if word in _WORDS)}
            if value > _SMALL:
                sure.append(Figure(str(value)))
        else:
            possible.add(str(_SINGLE[run[0]]))
    return sure


def _runs(text: str) -> Iterator[list[str]]:
    """Words that make one number together ("three hundred and five"), or stand for one alone ("twice", "iv")."""
    parts = _WORD_OR_NOT.findall(text)
    run: list[str] = []
    end = 0
    for at in [at for at, part in enumerate(parts) if part in _COUNTING]:
        word = parts[at]
        is_joined = bool(run) and word in _SPELT and at == end + 2 and parts[at - 1].strip() in {"", "-"}
        if run and not is_joined:
            yield run
            run = []
        if is_joined or word in _WORDS:
            run = [*run, word]
            end = at
        elif word in _SINGLE:
            yield [word]
    if run:
        yield run


def _english_value(words: Iterable[str]) -> int:
    """Thirty-two = 32, three hundred and five = 305, two thousand = 2000."""
    total = section = 0
    for word in words:
        if word in _WORDS:
            section += _WORDS[word]
        elif word == "hundred":
            section = (section or 1) * 100
        elif word in _MULTIPLES:
            total += (section or 1) * 10 ** _MULTIPLES[word]
            section = 0
    return total + section


# -- comparison ----------------------------------------------------------------------------------------------


@lru_cache(16)
def numbers_of(passages: Passages) -> Numbers:
    """The numbers of a text that is in pieces."""
    if len(passages) == 1:
        return numbers(passages[0])
    found = [one for one in map(numbers, passages) if one is not _NONE]
    if not found:
        return _NONE
    return Numbers(
        tuple(figure for one in found for figure in one.sure),
        frozenset().union(*(one.possible for one in found)),
    )


def differences(first: Passages, second: Passages) -> Differences:
    """The values that one text has and the other has not, in any spelling; a text is its passages.

    A digit that belongs to a name (CO2, HER2) counts only where the other text has the letters too.
    """
    ours, theirs = numbers_of(first), numbers_of(second)
    return Differences(_only(ours, theirs, second), _only(theirs, ours, first))


def _only(mine: Numbers, theirs: Numbers, other: Passages) -> tuple[str, ...]:
    if not mine.sure:
        return ()
    known = theirs.values
    missing = [figure for figure in mine.sure if figure.value not in known]
    if not missing:
        return ()
    letters = "\n".join(other).casefold() if any(figure.letters for figure in missing) else ""
    return tuple(dict.fromkeys(figure.value for figure in missing if figure.letters in letters))
