"""What a translation lost, sentence by sentence: sentences without a partner, numbers that are missing in their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from harvester.numbers import Passages, numbers_of
from harvester.patterns import pattern

# Of an alignment: sentences of the original, those of the translation that say the same, and how sure that is.
Pairs = Sequence[tuple[tuple[int, ...], tuple[int, ...], float]]

_NAMED: Final = pattern(r"(?:(?<=[A-Za-z])|(?<=[A-Za-z][-‐‑–]))\d+|\d+(?=[A-Z'′’])")
_SURE: Final = 0.9  # a pair of sentences whose numbers are compared


def lost_sentences(original: Passages, pairs: Pairs) -> Iterator[str]:
    """The sentences of the original that nothing in the translation belongs to."""
    for ours, theirs, _ in pairs:
        if not theirs:
            yield from (original[at] for at in ours)


def fewer_numbers(original: Passages, translation: Passages) -> set[str]:
    """The values that the translation has less often than the original, those of names (HER2, ALL-2005, 3T3) left out."""
    said, left = _counts(original), _counts(translation)
    fewer = {value for value, count in said.items() if left[value] < count}
    return fewer.difference(_NAMED.findall("\n".join(original))) if fewer else fewer


def lost_in_place(
    original: Passages, translation: Passages, pairs: Pairs, values: Collection[str]
) -> tuple[str, ...]:
    """Which of `values` a sentence of the original has and its own partner has not, in any spelling; in order."""
    lost: dict[str, None] = {}
    for ours, theirs, score in pairs:
        if values and theirs and score >= _SURE:
            here = _counts(tuple(original[at] for at in ours))
            answer = tuple(translation[at] for at in theirs)
            there, spelt = _counts(answer), numbers_of(answer).possible
            lost |= {
                value: None
                for value, count in here.items()
                if value in values and there[value] < count and value not in spelt
            }
    return tuple(lost)


def _counts(text: Passages) -> Counter[str]:
    return Counter(figure.value for figure in numbers_of(text).sure if not figure.letters)
