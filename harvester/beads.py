"""What speaks for an English and a Chinese passage saying the same: length, numbers, names, words of a dictionary.

A bead is a run of English passages and a run of Chinese ones that are taken together; its features are what
`alignment` weighs. Width of punctuation and blanks never count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from itertools import accumulate, chain
from operator import or_
from typing import Final, NamedTuple

from harvester.language import HAN
from harvester.lexicon import Lexicon, english_stems
from harvester.numbers import LONGEST, Numbers, numbers
from harvester.patterns import pattern
from harvester.text import nfkc

LATIN_UNIT: Final = 0.35  # a Latin letter or a digit in Chinese text weighs this much of a Han character
HAN_A_LETTER: Final = (
    0.296  # Chinese units a letter or digit of English: the ratio of all sums in human pairs
)
_COMMON: Final = 64  # a word in more passages of the other side tells no passage from another

_HAN: Final = pattern(f"[{HAN}]+")
_LATIN_OR_DIGIT: Final = pattern("[A-Za-z0-9]+")
_NAME: Final = pattern("[A-Za-z][A-Za-z0-9]+")


class Bead(NamedTuple):
    """`en_size` English passages from `en` on, with `zh_size` Chinese ones from `zh` on; one size may be 0."""

    en: int
    en_size: int
    zh: int
    zh_size: int


class Features(NamedTuple):
    """What is known of a bead; matched and missed are weighed by rarity and divided by the root of how many."""

    merged: float  # 1.0 where one side has more than one passage
    unlinked: float  # 1.0 where one side has none
    length: float  # how far the lengths are from the usual ratio
    words: float  # Chinese words whose English is there, and English words whose Chinese is
    words_elsewhere: float  # ... is in other passages only
    words_unknown: float  # ... is nowhere
    words_unlinked: float  # an unlinked passage's words that are on the other side
    anchors: float  # numbers and names that are on both sides
    numbers_missing: float  # numbers that are not there
    anchors_unlinked: float


class Tokens(NamedTuple):
    """Of one passage: how much its tokens weigh together, by the passages of the other side that have them.

    `weight` and `known` are of all tokens that some passage has, `unknown` counts those that none has.
    """

    found: dict[tuple[int, ...], float]
    weight: float
    known: int
    unknown: int


_NO_STEMS: Final = frozenset[str]()
_NOTHING: Final = Tokens({}, 0.0, 0, 0)


class Side:
    """The passages of one side with what is found of them on the other; sums run from 0."""

    def __init__(self, units: Sequence[float], *tokens: list[Tokens]) -> None:
        self.units = _sums(units)
        self.tokens = tokens  # words, numbers, names
        self.weight = [_sums(one.weight for one in kind) for kind in tokens]
        self.unknown = [_sums(one.unknown for one in kind) for kind in tokens]


def _sums(values: Iterable[float]) -> list[float]:
    return list(accumulate(values, initial=0.0))


class Evidence:
    """All that two lists of passages hold that may tell which belong together."""

    def __init__(self, en: Sequence[str], zh: Sequence[str], lexicon: Lexicon | None) -> None:
        english = [nfkc(text[:LONGEST]) for text in en]
        chinese = [nfkc(text[:LONGEST]) for text in zh]
        found = _dictionary(english, chinese, lexicon), _numbers(en, zh), _names(english, chinese)
        self.en = Side([HAN_A_LETTER * _letters(text) for text in english], *(one[0] for one in found))
        self.zh = Side([_units(text) for text in chinese], *(one[1] for one in found))


def _letters(text: str) -> int:
    return sum(map(len, _LATIN_OR_DIGIT.findall(text)))


def _units(text: str) -> float:
    return sum(map(len, _HAN.findall(text))) + LATIN_UNIT * _letters(text)


# -- words ---------------------------------------------------------------------------------------------------


def _dictionary(
    english: Sequence[str], chinese: Sequence[str], lexicon: Lexicon | None
) -> tuple[list[Tokens], list[Tokens]]:
    """The words of each passage that the dictionary brings together with the other side."""
    if lexicon is None:
        return [_NOTHING] * len(english), [_NOTHING] * len(chinese)
    stems = [dict.fromkeys(english_stems(text)) for text in english]
    of_stem = _places(stems)
    told = set(of_stem)
    said = [dict.fromkeys(lexicon.words(text)) for text in chinese]
    known: dict[str, frozenset[str]] = {}
    of_word: dict[str, int] = {}
    for word in dict.fromkeys(chain.from_iterable(said)):
        if meaning := lexicon.stems(word):
            is_told = not told.isdisjoint(meaning)
            known[word] = common = meaning & told if is_told else _NO_STEMS
            of_word[word] = reduce(or_, map(of_stem.__getitem__, common), 0)
    words = [{word: None for word in passage if word in known} for passage in said]
    of_meaning = _places([set[str]().union(*map(known.__getitem__, passage)) for passage in words])
    return [_tokens(one, of_meaning) for one in stems], [_tokens(one, of_word) for one in words]


def _places(passages: Sequence[Iterable[str]]) -> dict[str, int]:
    """The passages that each token is in, a bit for each."""
    places: dict[str, int] = {}
    for at, tokens in enumerate(passages):
        bit = 1 << at
        for token in tokens:
            places[token] = places.get(token, 0) | bit
    return places


@lru_cache(10_000)
def _numbered(places: int) -> tuple[int, ...]:
    """The numbers of the bits that are set, in order."""
    return tuple(at for at in range(places.bit_length()) if places >> at & 1)


def _tokens(said: Mapping[str, object], places: Mapping[str, int]) -> Tokens:
    """A token weighs 1 where one passage of the other side has it, less the more have it."""
    if not said or not places:
        return Tokens({}, 0.0, 0, len(said))
    if len(said) < len(places):
        found = [where for where in map(places.get, said) if where is not None]
    else:
        found = [where for token, where in places.items() if token in said]
    if not found:
        return Tokens({}, 0.0, 0, len(said))
    counts: dict[int, int] = {}
    for where in found:
        counts[where] = counts.get(where, 0) + 1
    nowhere = counts.pop(0, 0)
    weights, known = {}, 0
    for where, count in counts.items():
        if (among := where.bit_count()) <= _COMMON:
            weights[_numbered(where)] = count / among
            known += count
    return Tokens(weights, sum(weights.values()), known, len(said) - len(found) + nowhere)


# -- numbers and names ---------------------------------------------------------------------------------------


def _numbers(english: Sequence[str], chinese: Sequence[str]) -> tuple[list[Tokens], list[Tokens]]:
    """Numbers in any spelling; unknown are those that the other side should have."""
    en, zh = [numbers(text) for text in english], [numbers(text) for text in chinese]
    values_en, values_zh = list(map(_values, en)), list(map(_values, zh))
    of_en, of_zh = _places(values_en), _places(values_zh)
    return (
        [_figures(one, values, of_zh) for one, values in zip(en, values_en, strict=True)],
        [_figures(one, values, of_en) for one, values in zip(zh, values_zh, strict=True)],
    )


def _values(said: Numbers) -> dict[str, None]:
    return dict.fromkeys(sorted(said.values)) if said.sure or said.possible else {}


def _figures(said: Numbers, values: Mapping[str, None], places: Mapping[str, int]) -> Tokens:
    if not values:
        return _NOTHING
    lost = {figure.value for figure in said.sure}.difference(places)
    return _tokens(values, places)._replace(unknown=len(lost))


def _names(english: Sequence[str], chinese: Sequence[str]) -> tuple[list[Tokens], list[Tokens]]:
    """Latin words that are on both sides: Chinese text has but names, acronyms and terms."""
    zh = [_latin(text) for text in chinese]
    if not any(zh):
        return [_NOTHING] * len(english), [_NOTHING] * len(chinese)
    en = [_latin(text) for text in english]
    of_en, of_zh = _places(en), _places(zh)
    return [_tokens(one, of_zh) for one in en], [_tokens(one, of_en) for one in zh]


def _latin(text: str) -> dict[str, None]:
    return dict.fromkeys(_NAME.findall(text.casefold()))
