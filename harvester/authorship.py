"""The author list of a work, completed from other records' lists: ORCID, Han names, full given names.

Only what is sure is joined: a name that agrees with one name of the other list and with no second one, or the
same place in two lists of equal length in which no name conflicts with its counterpart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from harvester.model import Contributor
from harvester.name_order import is_initials
from harvester.names import is_collective
from harvester.namesakes import compare, han_of, handles, latin_of
from harvester.pinyin import Agreement, Verdict, Why, letters

_CROWD: Final = 40  # so many who share a name are not told apart by it
_SUPPORT: Final = frozenset({Why.WADE_GILES, Why.OTHER_SPELLING, Why.FAMILY, Why.SIMILAR})
_BY_INITIALS: Final = frozenset({Why.INITIALS, Why.PINYIN_INITIALS})


class Gift(NamedTuple):
    """What one contributor was given: `field` of the chosen list's `position`, out of which other list."""

    giver: int
    position: int
    field: str  # orcid, name_zh, name (a Latin one for a Han one), given, affiliations


class Authorship(NamedTuple):
    """The chosen list, completed, and where each gift comes from."""

    contributors: tuple[Contributor, ...]
    gifts: tuple[Gift, ...]


def complete(chosen: Sequence[Contributor], others: Sequence[Sequence[Contributor]]) -> Authorship:
    """`chosen` with its gaps filled out of `others`, the most believed list first.

    Nobody is added, taken away or moved, and nothing that the chosen list says is overruled: of two ORCIDs
    its own stays. Completing once more changes nothing.
    """
    people, gifts = tuple(chosen), []
    while True:
        before = people
        for giver, other in enumerate(others):
            people, given = _taken(people, tuple(other))
            gifts += [Gift(giver, position, field) for position, field in given]
        if people == before:  # each round fills a gap, and there are finitely many
            return Authorship(people, tuple(gifts))


def _taken(
    people: tuple[Contributor, ...], other: tuple[Contributor, ...]
) -> tuple[tuple[Contributor, ...], list[tuple[int, str]]]:
    """The list after one other list has given what it can, and (position, field) of what it gave."""
    if not _has_gifts(people, other):
        return people, []
    filled, given = list(people), []
    for position, place in sorted(counterparts(people, other).items()):
        taken = {one.orcid for one in filled}
        for field, change in _CHANGES.items():
            changed = change(filled[position], other[place])
            is_theirs = field == "orcid" and changed and changed.get("orcid") in taken
            if changed and not is_theirs:
                filled[position] = replace(filled[position], **changed)
                given.append((position, field))
    return tuple(filled), given


def _has_gifts(people: Sequence[Contributor], other: Sequence[Contributor]) -> bool:
    """Whether anything of `other` could fill a gap: most lists say nothing new, and need no comparing."""
    if people == other:
        return False
    return any(
        any(map(lacks, people)) and any(map(has, other))
        for lacks, has in (
            (lambda one: not one.orcid, lambda one: one.orcid),
            (lambda one: not one.affiliations, lambda one: one.affiliations),
            (lambda one: not han_of(one), han_of),
            (lambda one: not latin_of(one), latin_of),
            (_has_initials, lambda one: one.given and not _has_initials(one)),
        )
    )


# -- what is filled ----------------------------------------------------------------------------------------

Change = Mapping[str, object] | None


def _orcid(mine: Contributor, theirs: Contributor) -> Change:
    return {"orcid": theirs.orcid} if theirs.orcid and not mine.orcid else None


def _affiliations(mine: Contributor, theirs: Contributor) -> Change:
    return {"affiliations": theirs.affiliations} if theirs.affiliations and not mine.affiliations else None


def _name_zh(mine: Contributor, theirs: Contributor) -> Change:
    han = han_of(theirs)
    return {"name_zh": han} if han and latin_of(mine) and not han_of(mine) else None


def _latin(mine: Contributor, theirs: Contributor) -> Change:
    """A Latin name for one that is known in Han only; the Han name stays beside it."""
    han, latin = han_of(mine), latin_of(theirs)
    if latin_of(mine) or not han or not latin or not theirs.family:
        return None
    return {"name": latin, "family": theirs.family, "given": theirs.given, "name_zh": han}


def _given(mine: Contributor, theirs: Contributor) -> Change:
    """The given names in full where there are initials; never fewer of them than there were."""
    if not (mine.family and mine.given and theirs.given and _has_initials(mine)) or _has_initials(theirs):
        return None
    if not latin_of(mine) or not latin_of(theirs) or letters(mine.family) != letters(theirs.family or ""):
        return None
    initials = "".join(word[0] for word in theirs.given.replace("-", " ").split())
    if not letters(initials).startswith(letters(mine.given)):
        return None
    shown = mine.name.replace(mine.given, theirs.given, 1)
    return {"given": theirs.given, "name": shown if mine.given in mine.name else theirs.name}


def _has_initials(person: Contributor) -> bool:
    """Whether the given names are initials and nothing else."""
    words = (person.given or "").split()
    return bool(words) and all(map(is_initials, words))


_CHANGES: Final[Mapping[str, Callable[[Contributor, Contributor], Change]]] = {
    "name": _latin,
    "name_zh": _name_zh,
    "given": _given,
    "orcid": _orcid,
    "affiliations": _affiliations,
}


# -- who is who --------------------------------------------------------------------------------------------


def counterparts(people: Sequence[Contributor], other: Sequence[Contributor]) -> dict[int, int]:
    """Positions in `people` and those in `other` of the same persons, where that is sure.

    Authors are looked for among authors, editors among editors; bodies are left out.
    """
    found: dict[int, int] = {}
    for role in dict.fromkeys(one.role for one in people):
        mine = _persons(people, role)
        theirs = _persons(other, role)
        pairs = _pairs([people[at] for at in mine], [other[at] for at in theirs])
        found |= {mine[one]: theirs[two] for one, two in pairs.items()}
    return found


def _persons(people: Sequence[Contributor], role: str) -> list[int]:
    return [at for at, one in enumerate(people) if one.role == role and not is_collective(one.name)]


def _pairs(mine: Sequence[Contributor], theirs: Sequence[Contributor]) -> dict[int, int]:
    agreeing, crowded = _agreeing(mine, theirs)
    by_name = _unique(agreeing, lambda why: why not in _BY_INITIALS, crowded)
    rest = {pair: why for pair, why in agreeing.items() if pair[0] not in by_name}
    rest = {pair: why for pair, why in rest.items() if pair[1] not in by_name.values()}
    by_name |= _unique(rest, lambda _: True, crowded)
    named = {one for one, _ in agreeing} | crowded, {two for _, two in agreeing}
    by_place = ((at, at) for at in _same_places(mine, theirs) if at not in named[0] and at not in named[1])
    return {**dict(by_place), **by_name}


def _agreeing(
    mine: Sequence[Contributor], theirs: Sequence[Contributor]
) -> tuple[dict[tuple[int, int], Why], set[int]]:
    """Who agrees with whom, and which of mine share a name with too many to be looked at."""
    index: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(theirs):
        for handle in handles(one):
            index[handle].append(at)
    found: dict[tuple[int, int], Why] = {}
    crowded = set()
    for at, one in enumerate(mine):
        shared = [index[handle] for handle in handles(one) if handle in index]
        if any(len(each) > _CROWD for each in shared):
            crowded.add(at)
            continue
        for place in {place for each in shared for place in each}:
            agreement, why = compare(one, theirs[place])
            if agreement is Agreement.AGREE:
                found[at, place] = why
    return found, crowded


def _unique(
    agreeing: Mapping[tuple[int, int], Why], counts: Callable[[Why], bool], crowded: Iterable[int]
) -> dict[int, int]:
    """The pairs of which neither agrees with anybody else; two of one name are told apart by nothing."""
    pairs = [pair for pair, why in agreeing.items() if counts(why)]
    ones, twos = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    return {one: two for one, two in pairs if ones[one] == twos[two] == 1 and one not in crowded}


def _same_places(mine: Sequence[Contributor], theirs: Sequence[Contributor]) -> Iterator[int]:
    """The places of two lists that stand side by side: as long, nobody in conflict, half of them alike at least."""
    if len(mine) != len(theirs):
        return
    verdicts = list(map(compare, mine, theirs))
    if any(one.agreement is Agreement.CONFLICT for one in verdicts):
        return
    if sum(map(_supports, verdicts)) * 2 >= len(verdicts):
        yield from range(len(mine))


def _supports(verdict: Verdict) -> bool:
    return verdict.agreement is Agreement.AGREE or verdict.why in _SUPPORT
