"""Chinese names in Pinyin: how a name in Han characters is read, and whether a Latin name can be the same.

A Latin name need not be Pinyin: Hong Kong, Taiwan and Malaysia spell otherwise. What is spelled otherwise is
`UNKNOWN`, never `CONFLICT`.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from harvester import name_lists, surnames
from harvester.name_order import is_initials, tokens_of
from harvester.text import HAN, fold_han

_MOST_READINGS: Final = 64  # of a whole name: a name of four heteronyms has hundreds, none of them meant
_MOST_FAMILIES: Final = 3  # readings of a family name that a search knows
_DOT: Final = re.compile("[·•・‧．.]")
_NO_HAN: Final = re.compile(f"[^{HAN}]+")
_FAMILIES: Final = name_lists.CHINESE_TOP | name_lists.CHINESE_COMMON | name_lists.CHINESE_RARE
_HANYU_ALONE: Final = re.compile(r"[qx]|zh|^[zcr](?!h)")  # no other way of spelling Chinese has them


class Agreement(StrEnum):
    """Whether two names can be one person's."""

    AGREE = "agree"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"


class Why(StrEnum):
    """What an agreement, or its absence, rests on."""

    SAME = "the same name"
    INITIALS = "family name and initials"
    PINYIN = "pinyin"
    PINYIN_INITIALS = "family name and initials in pinyin"
    WADE_GILES = "may be Wade-Giles"
    OTHER_SPELLING = "another spelling of the family name"
    FAMILY = "family name only"
    SIMILAR = "similar names"
    NOT_PINYIN = "not in pinyin"
    ONE_PART = "one part only"
    OTHER_FAMILY = "another family name"
    OTHER_GIVEN = "another given name"
    BODY = "a body is no person"


class Verdict(NamedTuple):
    """Whether two names agree, and why that is said."""

    agreement: Agreement
    why: Why


AGREED: Final = Verdict(Agreement.AGREE, Why.PINYIN)


# -- reading -----------------------------------------------------------------------------------------------


def pinyin_of(family: str, given: str) -> tuple[str, str]:
    """Family and given name in Pinyin without tones: ("Lü", "Weiming"), ("Ouyang", "Xi'an").

    Each may be empty; the parts of a name with "·" in it become words ("Abudula Maimaiti"). Of several
    readings that one which names have.
    """
    return _capital(_first(family_readings(family))), " ".join(map(_given_word, _DOT.split(given)))


def _first(readings: Sequence[str]) -> str:
    return readings[0] if readings else ""


def _given_word(han: str) -> str:
    """The syllables of a given name as one word, an apostrophe where they could be cut otherwise."""
    syllables = _spoken(_NO_HAN.sub("", han))
    return _capital("".join(f"'{one}" if at and one[0] in "aeo" else one for at, one in enumerate(syllables)))


def _capital(word: str) -> str:
    return word.replace("v", "ü").capitalize()


@lru_cache(maxsize=20_000)
def family_readings(family: str) -> tuple[str, ...]:
    """The readings of a family name, most likely first, "v" for ü."""
    han = _NO_HAN.sub("", family)
    known = surnames.READINGS.get(han) or surnames.READINGS.get(fold_han(han)) or ()
    if known or not han:
        return known
    return tuple(dict.fromkeys(("".join(_spoken_singly(han)), *_combined(map(char_readings, han)))))


def _spoken_singly(han: str) -> list[str]:
    return [_first(char_readings(one)) for one in han]


@lru_cache(maxsize=20_000)
def _spoken(given: str) -> tuple[str, ...]:
    """The likeliest reading of each character of a given name, in the company of the others."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415  loads its dictionaries: a quarter of a second

    read = lazy_pinyin(given, v_to_u=False)
    return tuple(
        surnames.IN_GIVEN_NAMES[one][0] if one in surnames.IN_GIVEN_NAMES else syllable
        for one, syllable in zip(given, read, strict=True)
    )


@lru_cache(maxsize=20_000)
def char_readings(char: str) -> tuple[str, ...]:
    """Every reading of one character, the commonest first, "v" for ü; none for what is no Han character."""
    from pypinyin import Style, pinyin  # noqa: PLC0415  as above

    if not re.fullmatch(f"[{HAN}]", char):
        return ()
    read = pinyin(char, style=Style.NORMAL, heteronym=True)[0]
    first = surnames.IN_GIVEN_NAMES.get(char, ())
    return tuple(dict.fromkeys((*first, *filter(str.isascii, read))))


def _combined(readings: Iterable[Sequence[str]]) -> Iterator[str]:
    return map("".join, itertools.islice(itertools.product(*readings), _MOST_READINGS))


@lru_cache(maxsize=20_000)
def spoken_names(family: str, given: str) -> tuple[tuple[str, str], ...]:
    """Family and given name in small Latin letters, as people may type them: every reading of a family name that
    is known to have several, of the given name the likeliest, each ü as u, v and yu.
    """
    syllables = "".join(_spoken(_NO_HAN.sub("", given)))
    families = family_readings(family)[:_MOST_FAMILIES] or ("",)
    pairs = (
        (one.replace("v", vowel), syllables.replace("v", vowel))
        for one in families
        for vowel in ("u", "v", "yu")
    )
    return tuple(dict.fromkeys(pairs))


# -- keys --------------------------------------------------------------------------------------------------


class Keys(NamedTuple):
    """A Han name as it may stand in Latin letters: "liu weiming", "liu wm" and "liu w", family name first."""

    families: frozenset[str]
    full: frozenset[str]
    initials: frozenset[str]


@lru_cache(maxsize=20_000)
def name_keys(family: str, given: str) -> Keys:
    """Every plausible reading of a Han name, each ü as u, v and yu; of "A·B" the last part is the family name."""
    if not family:
        *first, family = _DOT.split(given)
        given = "".join(first)
        families = frozenset(_spelled(_combined(map(char_readings, family))))
    else:
        families = frozenset(_spelled(family_readings(family)))
    readings = [char_readings(one) for one in given if re.match(f"[{HAN}]", one)]
    full = _spelled(_combined(readings))
    return Keys(families, _crossed(families, full), _crossed(families, _initials(readings)))


def _crossed(families: Iterable[str], given: Iterable[str]) -> frozenset[str]:
    endings = sorted(filter(None, given))
    return frozenset(f"{family} {one}" for family in families for one in endings)


def _spelled(readings: Iterable[str]) -> set[str]:
    return {one.replace("v", vowel) for one in readings for vowel in ("u", "v", "yu")}


def _initials(readings: Sequence[Sequence[str]]) -> set[str]:
    """Of 伟明 "wm", "w" and "weim"; "zh" counts as an initial as well as "z"."""
    short = [tuple({part for one in each for part in (one[0], _onset(one))}) for each in readings]
    if not short:
        return set()
    halves = _combined([_spelled(readings[0]), *short[1:]]) if len(short) > 1 else ()  # type: ignore[list-item]
    return {*_combined(short), *short[0], *halves}


def _onset(syllable: str) -> str:
    return syllable[:2] if syllable[:2] in {"zh", "ch", "sh"} else syllable[0]


# -- comparing ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=50_000)
def letters(name: str) -> str:
    """The bare letters of a Latin name, small and without marks: "Wěi-Míng" is "weiming"."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in bare if letter.isalpha())


class _Cut(NamedTuple):
    """One way to tell the family name of a Latin name from the given one, as bare letters."""

    family: str
    given: str
    words: tuple[str, ...]  # of the given name, as written


def compare_pinyin(han: tuple[str, str], latin: str) -> Verdict:
    """Whether the name `han`, family and given, can be the Latin name `latin`, in whatever order that stands."""
    words = tuple(tokens_of(latin))
    if len(words) < 2:
        return Verdict(Agreement.UNKNOWN, Why.ONE_PART)
    cuts = tuple(_cuts(words))
    keys = name_keys(*han)
    said = {f"{one.family} {one.given}" for one in cuts}
    if said & keys.full:
        return AGREED
    if said & keys.initials:
        return Verdict(Agreement.AGREE, Why.PINYIN_INITIALS)
    same = [one for one in cuts if one.family in keys.families]
    return _other_given(han, same) if same else _other_family(han, cuts)


def _cuts(words: tuple[str, ...]) -> Iterator[_Cut]:
    for at in range(1, len(words)):
        before, after = words[:at], words[at:]
        yield _Cut(letters("".join(before)), letters("".join(after)), after)
        yield _Cut(letters("".join(after)), letters("".join(before)), before)


def _other_given(han: tuple[str, str], same: Sequence[_Cut]) -> Verdict:
    """The family names agree in Pinyin, the given names do not."""
    other = [set(map(_wade_giles, char_readings(one))) for one in han[1] if one != "·"]
    wade_giles = {*_combined(map(sorted, other)), *_initials([sorted(one) for one in other])}
    if any(one.given in wade_giles for one in same):
        return Verdict(Agreement.UNKNOWN, Why.WADE_GILES)
    firsts = _spelled(char_readings(han[1][:1]))
    is_part = any(one.given in firsts and len(han[1]) > 1 for one in same)
    if not is_part and all(_is_hanyu(one.words) or all(map(is_initials, one.words)) for one in same):
        return Verdict(Agreement.CONFLICT, Why.OTHER_GIVEN)
    return Verdict(Agreement.UNKNOWN, Why.FAMILY)


def _other_family(han: tuple[str, str], cuts: Sequence[_Cut]) -> Verdict:
    family = fold_han(han[0])
    if any(one.family in surnames.OTHER_SPELLINGS.get(family, ()) for one in cuts):
        return Verdict(Agreement.UNKNOWN, Why.OTHER_SPELLING)
    wade_giles = {_wade_giles(one) for one in family_readings(han[0])}
    if any(one.family in wade_giles for one in cuts):
        return Verdict(Agreement.UNKNOWN, Why.WADE_GILES)
    is_pinyin = any(
        one.family in _FAMILIES
        and syllables_of(one.family)
        and (_is_hanyu(one.words) or all(map(is_initials, one.words)))
        for one in cuts
    )
    if is_pinyin and han[0]:
        return Verdict(Agreement.CONFLICT, Why.OTHER_FAMILY)
    return Verdict(Agreement.UNKNOWN, Why.NOT_PINYIN)


def _is_hanyu(words: Sequence[str]) -> bool:
    """Whether a given name is Pinyin beyond doubt: "Weiming" and "Xiao Ming", not "Wai-Ming", not "Anne"."""
    bare = [letters(part) for word in words for part in re.split("[-‐]", word)]
    if not syllables_of("".join(bare)) or "".join(bare) in name_lists.GIVEN_NAMES:
        return False
    return len(bare) == 1 or any(map(_HANYU_ALONE.search, bare))


@lru_cache(maxsize=20_000)
def syllables_of(word: str) -> int:
    """In how few Pinyin syllables a word can be cut; 0 where it is no Pinyin."""
    best = {0: 0}
    for end in range(1, len(word) + 1):
        counts = [
            best[start] + 1
            for start in range(max(0, end - 6), end)
            if start in best and word[start:end].replace("v", "u") in _syllables()
        ]
        if counts:
            best[end] = min(counts)
    return best.get(len(word), 0)


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    """The syllables of Mandarin, those of the common characters; ü as u, without tones."""
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415  as above

    read = (said.split(",")[0] for code, said in PINYIN_DICT.items() if _is_common(chr(code)))
    return frozenset(map(letters, read))


def _is_common(char: str) -> bool:
    try:
        return len(char.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


_WADE_GILES: Final = tuple(
    (re.compile(pattern), spelled)
    for pattern, spelled in (
        (r"^([zcs])i$", r"\1u"), (r"^(zh|ch|sh|r)i$", r"\1ih"), (r"^er$", "erh"), (r"^you$", "yu"), (r"^yan$", "yen"),
        (r"ian$", "ien"), (r"^([gkh])e$", r"\1o"), (r"([iuvy])e$", r"\1eh"), (r"ong$", "ung"), (r"^([gk])ui$", r"\1uei"),
        (r"^(?!g|k|h|sh)(\w*)uo$", r"\1o"), (r"^b", "p"), (r"^d", "t"), (r"^g", "k"), (r"^zh|^q|^j", "ch"), (r"^x", "hs"),
        (r"^r", "j"), (r"^z|^c(?!h)", "ts"), ("v", "u"),
    )
)  # fmt: skip


def _wade_giles(syllable: str) -> str:
    """A Pinyin syllable as Wade-Giles writes it, without its apostrophes and marks."""
    for pattern, spelled in _WADE_GILES:
        syllable = pattern.sub(spelled, syllable)
    return syllable
