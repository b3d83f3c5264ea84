"""Titles in which a reader of citations has left an author, a venue or a page: whether that is all in which two differ."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from harvester.features import Features
from harvester.levels import ratio
from harvester.name_lists import words as word_list

_CITED: Final = word_list(
    "proc proceedings conference conf symposium workshop journal transactions trans lncs acm ieee tutorial demo"
    " demonstration panel eds intl extended full version revised techreport reprinted technical abstract invited talk and"
    " january february april june july august september october november december"
)
# Words that stand beside these, and say nothing alone: "part 2" and "volume 4" stay what they are.
_COUNTED: Final = word_list(
    "vol volume no nr pp pages page int international th st nd rd ed et al j in on of the report tech"
)
_ALIKE: Final = 94.0  # of 100: the letters of two titles without what was left in them
_RESPELT: Final = 84.0
_LEAST: Final = 18  # letters


def is_explained(one: Features, other: Features) -> bool:
    """Whether all that one title has beyond the other is an author's name, the venue, the year, or a volume behind these.

    Of several titles only the first is looked at. Blanks that were lost do not count, and neither does a number alone:
    "volume 1" beside "volume 4" stays unexplained.
    """
    ours, theirs = one.titles[0], other.titles[0]
    if ours.is_han or theirs.is_han or ours.is_heading or theirs.is_heading:
        return False
    our_words, their_words = set(ours.words), set(theirs.words)
    known = _known(one) | _known(other) | _CITED
    is_citation = (
        one.year is None or other.year is None
    )  # only there a slip in a name is looked for: it takes time
    our_names = {
        word for word in our_words - their_words if word in known or (is_citation and _is_name(word, known))
    }
    their_names = {
        word for word in their_words - our_words if word in known or (is_citation and _is_name(word, known))
    }
    if bool(our_names) == bool(their_names):
        return False
    left, right = _without(ours.words, their_words, our_names), _without(theirs.words, our_words, their_names)
    return min(len(left), len(right)) >= _LEAST and ratio(left, right, score_cutoff=_ALIKE) > 0


def _known(one: Features) -> frozenset[str]:
    names = {word for person in one.people for word in (*person.words, person.family) if len(word) > 1}
    return frozenset(names | set((one.container or "").split()))


def _without(words: tuple[str, ...], others: set[str], names: set[str]) -> str:
    """The letters of a title without what is explained; where nothing is, a number is one of its own."""
    if not names:
        return "".join(words)
    return "".join(
        word
        for word in words
        if word in others or not (word in names or word.isdigit() or len(word) == 1 or word in _COUNTED)
    )


def _is_name(word: str, known: Iterable[str]) -> bool:
    """Whether it is a name with a slip, or behind an "and" that lost its blank."""
    if len(word) < 5:
        return False
    bare = word.removeprefix("and")
    return any(len(name) > 4 and ratio(bare, name, score_cutoff=_RESPELT) for name in known)
