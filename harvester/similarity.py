"""Two records compared, field by field: a level each. What one of them does not say is unknown, never agreement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from harvester.author_likeness import compare_authors
from harvester.container_keys import Venue, container_likeness
from harvester.features import Features, Glimpse, is_bare, stem_of
from harvester.levels import DIFFER, SAME, UNKNOWN, ratio
from harvester.locus_keys import Place, meet
from harvester.model import Identifier, Scheme
from harvester.title_likeness import AGREEING, are_unlike, compare_titles, telling

_ELSEWHERE: Final = frozenset({DIFFER, "disjoint"})


class Comparison(NamedTuple):
    """A level for each field; the names of the fields are those of the weights."""

    title: str  # same same-short heading near close main part translated word related unlike foreign unknown
    dated: str  # one unknown: whether just one of the two says when and where
    telling: str  # very much unknown: how much two titles that agree tell, by the rarity of their words
    numbers: str  # same one differ unknown: numbers in the titles
    parts: str  # same one differ unknown: parts, volumes, editions in the titles
    marks: str  # same differ: erratum, reply, comment ...
    authors: str  # many all single subset member most few none unknown
    year: str  # same next near far unknown
    container: str  # same near kin unlike unknown
    volume: str
    issue: str
    pages: str  # range number page first within disjoint unknown
    abstract: str  # same like unlike unknown
    doi: str  # same version differ unknown
    other_id: str  # same differ unknown


def compare(one: Features, other: Features) -> Comparison:
    """`one` and `other`, field by field; blind to which is which."""
    title, numbers, parts, marks = compare_titles(one, other)
    doi, other_id = compare_identifiers(one, other)
    year, volume, issue, pages = compare_places(one, other)
    container = UNKNOWN if _is_preprint_of(one, other) else _containers(one, other)
    # One study is told again under its title by its authors: elsewhere, the words of a title say little.
    is_elsewhere = (
        not _ELSEWHERE.isdisjoint({volume, issue, pages})
        or (
            container == "unlike" and year != UNKNOWN
        )  # without a year it is a citation, and what it calls a venue is a guess
        or (container in {"near", "kin"} and year not in {SAME, UNKNOWN})
    )
    return Comparison(
        title,
        "one" if is_bare(one) != is_bare(other) else UNKNOWN,
        telling(one, other) if title in AGREEING and not is_elsewhere else UNKNOWN,
        numbers,
        parts,
        marks,
        compare_authors(one, other),
        year,
        container,
        volume,
        issue,
        pages,
        _abstracts(one.abstract, other.abstract),
        doi,
        other_id,
    )


def compare_places(one: Features, other: Features) -> tuple[str, str, str, str]:
    """The levels of year, volume, issue and pages."""
    is_no_year = _is_preprint_of(one, other) or _is_page(one, other)
    volume, issue = _volumes(one.place, other.place, one.year, other.year)
    year = UNKNOWN if is_no_year else _years(one.year, other.year)
    return year, volume, issue, meet(one.place.pages, other.place.pages).value


def _is_preprint_of(one: Features, other: Features) -> bool:
    """Whether one is a preprint and the other came soon after, on one side or the other: year and journal say nothing then."""
    is_one = (one.kind == "preprint") != (other.kind == "preprint")
    return is_one and _years(one.year, other.year) != "far"


def is_hopeless(one: Features | Glimpse, other: Features | Glimpse) -> bool:
    """Whether two records have neither identifier, first page nor title in common: nothing else could make up for it."""
    if one.identifiers and other.identifiers:
        if not set(one.identifiers).isdisjoint(other.identifiers):
            return False
        if _has_doi(one) and _has_doi(other):  # one text at best, if the titles are alike
            return are_unlike(one.titles, other.titles)
    pages, others = one.place.pages, other.place.pages
    if pages is not None and others is not None and pages.first == others.first:
        return False
    if one.other_ids and other.other_ids:
        return False
    is_one_text = (
        one.abstract is not None
        and other.abstract is not None
        and one.abstract[:_SLICE] == other.abstract[:_SLICE]
    )
    return not is_one_text and are_unlike(one.titles, other.titles)


def _has_doi(one: Features | Glimpse) -> bool:
    return any(identifier.scheme is Scheme.DOI for identifier in one.identifiers)


_SAME_WORDS: Final = 88.0  # of 100: abstracts
_LIKE: Final = 65.0
_SLICE: Final = 20  # letters that two abstracts have in common only if they are one


# -- where and when ------------------------------------------------------------------------------------------


def _years(one: int | None, other: int | None) -> str:
    if one is None or other is None:
        return UNKNOWN
    apart = abs(one - other)
    return SAME if apart == 0 else "next" if apart == 1 else "near" if apart <= 3 else "far"


def _is_page(one: Features, other: Features) -> bool:
    """Whether the year of one is the first page of the other, read in the wrong place."""
    pages, others = one.place.pages, other.place.pages
    return one.year != other.year and (
        (pages is not None and pages.first == other.year) or (others is not None and others.first == one.year)
    )


def _containers(one: Features, other: Features) -> str:
    if one.issns and other.issns and not set(one.issns).isdisjoint(other.issns):
        return SAME
    if one.container is None or other.container is None:
        return UNKNOWN
    likeness = container_likeness(one.container, other.container)
    if likeness is None:
        return UNKNOWN
    if likeness >= 0.5 and one.venue is not other.venue:
        if None not in {one.venue, other.venue}:
            return "near"
        return SAME if likeness >= 0.8 else "kin"
    if likeness >= 0.5:
        return SAME if likeness >= 0.8 else "near"
    return "kin" if one.venue is other.venue is Venue.CONFERENCE else "unlike"


def _volumes(one: Place, other: Place, year: int | None, other_year: int | None) -> tuple[str, str]:
    """Volume and issue; a year in place of the volume, and the two of them in each other's place, say nothing."""
    volume = _equal(one.volume, other.volume)
    issue = _equal(one.issue, other.issue)
    if issue == DIFFER and {str(one.issue)[:1], str(other.issue)[:1]} >= {"s"}:
        issue = UNKNOWN
    if volume == DIFFER and (str(year) == one.volume or str(other_year) == other.volume):
        return UNKNOWN, issue
    if volume == DIFFER and (one.volume == other.issue or one.issue == other.volume):
        return UNKNOWN, UNKNOWN
    return volume, issue


def _equal(one: str | None, other: str | None) -> str:
    if one is None or other is None:
        return UNKNOWN
    return SAME if one == other else DIFFER


def _abstracts(one: str | None, other: str | None) -> str:
    if one is None or other is None:
        return UNKNOWN
    if one.isascii() != other.isascii() and (_is_han(one) != _is_han(other)):
        return UNKNOWN
    one, other = sorted((one, other))
    length = min(len(one), len(other))
    found = ratio(one[:length], other[:length], score_cutoff=_LIKE)
    if found >= _SAME_WORDS:
        return SAME
    slices = [one[at : at + _SLICE] in other for at in range(0, length - _SLICE, _SLICE)]
    common = sum(slices)
    if 2 * common > len(slices):
        return SAME
    return "like" if found or common else "unlike"


def _is_han(text: str) -> bool:
    return any("\u4e00" <= one <= "\u9fff" for one in text[:40])


# -- identifiers ---------------------------------------------------------------------------------------------


def compare_identifiers(one: Features, other: Features) -> tuple[str, str]:
    """The level of the DOI; and all others: same where one is shared, differ where a scheme of one-each disagrees."""
    if not (one.identifiers and other.identifiers) and not (one.other_ids and other.other_ids):
        return UNKNOWN, UNKNOWN
    doi = _shared(one.identifiers, other.identifiers, Scheme.DOI)
    if doi == DIFFER and not _stems(one.identifiers).isdisjoint(_stems(other.identifiers)):
        doi = "version"
    levels = [_shared(one.identifiers, other.identifiers, scheme) for scheme in (Scheme.PMID, Scheme.PMCID)]
    if DIFFER in levels:
        return doi, DIFFER
    if SAME in levels or not set(one.other_ids).isdisjoint(other.other_ids):
        return doi, SAME
    return doi, UNKNOWN


def _stems(identifiers: Iterable[Identifier]) -> set[str]:
    """The DOIs without the number of a version: "10.5555/cd1.pub3" and "10.5555/cd1" are two versions of one text."""
    return {stem_of(one.value) for one in identifiers if one.scheme is Scheme.DOI}


def _shared(ones: Iterable[Identifier], others: Iterable[Identifier], scheme: Scheme) -> str:
    ours = [one.value for one in ones if one.scheme is scheme]
    theirs = [one.value for one in others if one.scheme is scheme] if ours else ours
    if not theirs:
        return UNKNOWN
    return SAME if not set(ours).isdisjoint(theirs) else DIFFER
