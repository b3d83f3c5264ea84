"""Lines that say the same in English and Chinese: told apart."""

from __future__ import annotations

import re
from typing import Final

from harvester.language import ENOUGH, HAN, WORD, count_script, without_glosses
from harvester.patterns import pattern

_NO_HAN: Final = pattern(f"[^{HAN}]*")
_FIRST_HAN: Final = pattern(f"[《〈「『“【]*[{HAN}]")


def split_bilingual(line: str) -> tuple[str, str] | None:
    """The English and the Chinese part of a line that says the same in both, in either order; else None.

    The parts may be glued by a blank, "/", "=", "|", a full stop, a newline, brackets or nothing. A Chinese title
    with Latin acronyms, and an English one that quotes a Chinese term, are not split.
    """
    if len(line) > ENOUGH:
        return None
    for english, chinese in (*_chinese_first(line), *_english_first(line)):
        if _are_two_titles(english, chinese):
            return _tidy_part(english), _tidy_part(chinese)
    return None


def _chinese_first(line: str) -> list[tuple[str, str]]:
    behind = _NO_HAN.match(line[::-1])
    end = len(line) - (behind.end() if behind else 0)
    head, tail = line[:end], line[end:]
    glued = re.match(
        r"[A-Z][A-Z0-9+-]+(?![a-z])", tail
    )  # "…条件随机场CRF Named entity …": CRF is of the Chinese
    cut = glued.end() if glued and re.match(r"\s*[\s(（/=|]", tail[glued.end() :]) else 0
    return [(tail[cut:], head + tail[:cut])] if head and tail else []


def _english_first(line: str) -> list[tuple[str, str]]:
    first = _FIRST_HAN.search(line)
    if first is None or not first.start():
        return []
    head, tail = line[: first.start()], line[first.start() :]
    near = head[-80:]
    at = len(head) - len(near)
    name = re.search(
        r"(?:(?<=[\s()（）/=|.。])|(?<=[a-z])(?=[A-Z]))[A-Z][\w-]*\s?[:：]\s?$", head
    )  # "GALs: 基于…"
    glued = re.search(r"(?:(?<=[\s)）/=|.。:：])|(?<=[a-z]))[A-Z][A-Z0-9+-]+-?$", near)
    seams = [match.end() for match in re.finditer(r"\n|\s[/=|]\s|[.?!。]\s", head)]
    cuts = [seams[-1]] if seams and len(WORD.findall(head[seams[-1] :])) <= 3 else []
    cuts += [at + match.start() for match in (name, glued) if match]
    return [(head[:cut], head[cut:] + tail) for cut in [*cuts, len(head)]]


def _are_two_titles(english: str, chinese: str) -> bool:
    words = [word for word in WORD.findall(english) if len(word) > 1]
    letters = sum(map(len, words))
    han = count_script("Han", chinese)
    if han < 4 or not 1.15 * han <= letters <= 9 * han:
        return False
    if len(words) < 2 and not re.match(r"\s*[/=|\n]|.*[/=|\n]\s*$", english, re.DOTALL):
        return False
    return any(word[1:].islower() and len(word) > 3 for word in words) and _prose_ratio(chinese, han)


def _prose_ratio(chinese: str, han: int) -> bool:
    return count_script("Latn", without_glosses(chinese)) <= 1.5 * han


def _tidy_part(part: str) -> str:
    part = re.sub(r"^[.。]?[\s　/=|·—:：;；,，]+|^[.。]|[\s　/=|·—:：;；,，]+$", "", part)
    for opening, closing in ("()", "（）", "[]", "［］", "【】"):
        missing = part.count(opening) - part.count(closing)
        if part.startswith(opening) and part.endswith(closing) and missing == 0:
            part = part[1:-1]
        elif missing > 0:
            part = part.removeprefix(opening) if part.startswith(opening) else part.removesuffix(opening)
        elif missing < 0:
            part = part.removesuffix(closing) if part.endswith(closing) else part.removeprefix(closing)
        part = part.strip()
    return part
