"""How far the authors of two records are the same people."""

from __future__ import annotations

import re
from typing import Final

from harvester.author_keys import LOST, Person
from harvester.features import Features, is_bare
from harvester.levels import UNKNOWN, ratio
from harvester.sounds import Reading, reads_as

_LEAST_OF_A_FAMILY: Final = 5  # letters of a name that is found within others
_BOTH_LOST: Final = 75.0
_ALIKE: Final = 84.0  # family names: Vishnevskii and Vishnevski
_MANY: Final = 3  # people who all agree


def compare_authors(one: Features, other: Features) -> str:
    """The level of the authors: many all single subset member most few none unknown."""
    level = _authors(one, other)
    if level in {"few", "none"} and is_bare(one) != is_bare(other):
        return _cited_authors(one, other, level)
    return level


def _authors(one: Features, other: Features) -> str:
    short, long = sorted(
        (one, other), key=lambda each: (len(each.people), [person.name for person in each.people])
    )
    if not short.people:
        return UNKNOWN
    same = len(short.people) if short.people == long.people else _met(short.people, long.people)
    if not same and (all(one.is_body for one in short.people) or all(one.is_body for one in long.people)):
        return UNKNOWN
    if same == len(short.people):
        if len(long.people) == 1:
            return "single"
        if one.how_many != other.how_many:
            is_first = _is_same_person(short.people[0], long.people[0])
            return "most" if same > 1 else "subset" if is_first else "member"
        return "many" if same >= _MANY else "all"
    if same is None:
        return UNKNOWN
    return "most" if 2 * same > len(short.people) else "few" if same else "none"


def _cited_authors(one: Features, other: Features, level: str) -> str:
    """The authors of a work and of its citation, in which initials go to the wrong name and blanks are lost: "alj ordille"."""
    bare, whole = (one, other) if is_bare(one) else (other, one)
    letters = "".join(person.name for person in bare.people).replace(" ", "")
    found = sum(
        len(person.family) >= _LEAST_OF_A_FAMILY and person.family in letters for person in whole.people
    )
    if 2 * found >= min(len(whole.people), len(bare.people)) > 0:
        return "most" if found > 1 else "subset"
    if _are_turned(bare.people, whole.people):
        return "most" if len(bare.people) > 1 else "subset"
    return "member" if found else level


def _are_turned(ones: tuple[Person, ...], others: tuple[Person, ...]) -> bool:
    """Whether each has the initials of its counterpart, as where given names were taken for families: "h jiawei", "j han"."""
    pairs = list(zip(ones, others, strict=False))
    return all(one.initials == other.initials for one, other in pairs) and any(
        len(one.initials) > 1 for one in ones
    )


def _met(short: tuple[Person, ...], long: tuple[Person, ...]) -> int | None:
    """How many of the shorter list are in the longer one; None where two scripts leave it open."""
    left = set(range(len(long)))
    by_word: dict[str, list[int]] = {}
    is_han = any(person.han for person in long)
    for place, person in enumerate(long):
        for word in person.words or (person.han or "",):
            by_word.setdefault(word, []).append(place)
    for place, person in enumerate(short):
        near = [at for word in person.words or (person.han or "",) for at in by_word.get(word, ())]
        near += [place, len(long) - len(short) + place] if place < len(long) else []
        near += left if person.han or is_han or LOST in person.family else []
        found = next((at for at in near if at in left and _is_same_person(person, long[at])), None)
        left.discard(-1 if found is None else found)
    met = len(long) - len(left)
    return _across_scripts(short, long) if met == 0 else met


def _across_scripts(short: tuple[Person, ...], long: tuple[Person, ...]) -> int | None:
    """0 where nobody can be anybody, None where names in two scripts may yet be the same."""
    pairs = [(one, other) for one in short for other in long if (one.han is None) != (other.han is None)]
    readings = {reads_as(*_in_scripts(one, other)) for one, other in pairs}
    return 0 if readings <= {Reading.CONFLICT} else None


def _in_scripts(one: Person, other: Person) -> tuple[str, str]:
    return (one.han, other.name) if one.han else (other.han or "", one.name)


def _is_same_person(one: Person, other: Person) -> bool:
    if one == other:
        return True
    if one.han and other.han:
        return one.han == other.han
    if one.han or other.han:
        return reads_as(*_in_scripts(one, other)) is Reading.AGREE
    common = set(one.words) & set(other.words)
    if not common:
        return _is_respelt(one, other)
    firsts = {word[0] for word in common}
    ours, theirs = set(one.initials) - firsts, set(other.initials) - firsts
    return not ours or not theirs or not ours.isdisjoint(theirs)


def _is_respelt(one: Person, other: Person) -> bool:
    if LOST in one.family or LOST in other.family:
        return _may_be(one.family, other.family) and not set(one.initials).isdisjoint(other.initials)
    if (
        one.family[:1] != other.family[:1]
        or min(len(one.family), len(other.family)) < 4
        or set(one.initials).isdisjoint(other.initials)
    ):
        return False
    return ratio(one.family, other.family, score_cutoff=_ALIKE) > 0


def _may_be(one: str, other: str) -> bool:
    """Whether two family names are one, letters having been lost from one of them or from both."""
    if LOST in one and LOST in other:
        return ratio(one.replace(LOST, ""), other.replace(LOST, ""), score_cutoff=_BOTH_LOST) > 0
    damaged, whole = (one, other) if LOST in one else (other, one)
    return len(damaged) > 3 and re.fullmatch(re.escape(damaged).replace(r"\?", ".{1,2}"), whole) is not None
