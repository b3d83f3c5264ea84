"""Two records compared, field by field: a level each. What one of them does not say is unknown, never agreement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from harvester.author_keys import Person
from harvester.container_keys import container_likeness
from harvester.features import Features
from harvester.locus_keys import Place, meet
from harvester.model import Identifier, Scheme
from harvester.sounds import Reading, reads_as
from harvester.title_keys import Title, rarity

UNKNOWN: Final = "unknown"
SAME: Final = "same"
DIFFER: Final = "differ"
_NEAR: Final = 94.0  # of 100: a slip of the pen
_CLOSE: Final = 86.0
_NEAR_HAN: Final = 96.0  # a character is a word: one in twenty may be a slip
_CLOSE_HAN: Final = 92.0
_RESPELT: Final = 70.0  # of the words in which two titles differ
_OPPOSITE: Final = re.compile(
    r"^(?:in|un|non|anti|im|pre|post|hyper|hypo|fe|intra|extra|inter|exo|endo)(?=.{4})"
)
_ALIKE: Final = 84.0  # family names: Vishnevskii and Vishnevski
_VERSION: Final = re.compile(r"(?:\.?pub|[./]v)[0-9]{1,2}$|(?<=[0-9])v[0-9]{1,2}$")
_MANY: Final = 3  # people who all agree
_LEAST_PART: Final = 18  # letters of a title without its subtitle


class Comparison(NamedTuple):
    """A level for each field; the names of the fields are those of the weights."""

    title: str  # same same-short heading near close part word related unlike foreign unknown
    numbers: str  # same one differ unknown: numbers in the titles
    parts: str  # same one differ unknown: parts, volumes, editions in the titles
    marks: str  # same differ: erratum, reply, comment ...
    authors: str  # many all single subset most few none unknown
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
    title, numbers, parts, marks = _titles(one.titles, other.titles)
    doi, other_id = _identifiers(one, other)
    is_preprint = _is_preprint_of(one, other)
    volume, issue = _volumes(one.place, other.place, one.year, other.year)
    return Comparison(
        title,
        numbers,
        parts,
        marks,
        _authors(one, other),
        UNKNOWN if is_preprint else _years(one.year, other.year),
        UNKNOWN if is_preprint else _containers(one, other),
        volume,
        issue,
        meet(one.place.pages, other.place.pages).value,
        _abstracts(one.abstract, other.abstract),
        doi,
        other_id,
    )


def _is_preprint_of(one: Features, other: Features) -> bool:
    """Whether one is a preprint and the other came soon after, on one side or the other: year and journal say nothing then."""
    is_one = (one.kind == "preprint") != (other.kind == "preprint")
    return is_one and _years(one.year, other.year) != "far"


def is_hopeless(one: Features, other: Features) -> bool:
    """Whether two records have neither identifier, first page nor title in common: nothing else could make up for it."""
    if len(one.titles) != 1 or len(other.titles) != 1 or None not in (one.abstract, other.abstract):
        return False
    pages, others = one.place.pages, other.place.pages
    if pages is not None and others is not None and pages.first == others.first:
        return False
    if one.identifiers and other.identifiers and not set(one.identifiers).isdisjoint(other.identifiers):
        return False
    return not (one.other_ids and other.other_ids) and _title(one.titles[0], other.titles[0]) == "unlike"


# -- titles --------------------------------------------------------------------------------------------------

_BEST: Final = (
    "same",
    "near",
    "same-short",
    "close",
    "part",
    "word",
    "heading",
    "related",
    "foreign",
    "unlike",
)


def _titles(ones: tuple[Title, ...], others: tuple[Title, ...]) -> tuple[str, str, str, str]:
    """The level of the two titles that are most alike, and what their numbers and marks say."""
    if not ones or not others:
        return UNKNOWN, UNKNOWN, UNKNOWN, SAME
    if len(ones) == len(others) == 1:
        one, other = ones[0], others[0]
        level = _title(one, other)
    else:
        pairs = [(_title(one, other), one, other) for one in ones for other in others]
        level, one, other = min(
            pairs, key=lambda pair: (_BEST.index(pair[0]), *sorted((pair[1].key, pair[2].key)))
        )
    if level == "foreign":
        return level, _across(one.numbers, other.numbers), UNKNOWN, SAME
    if one.key == other.key:
        return level, SAME if one.numbers else UNKNOWN, SAME if one.parts else UNKNOWN, SAME
    marks = SAME if one.marks == other.marks else DIFFER
    return level, _numbers(one, other), _sets(one.parts, other.parts), marks


def _title(one: Title, other: Title) -> str:
    if one.key == other.key:
        return "heading" if one.is_heading else "same-short" if one.is_short else SAME
    if one.is_han != other.is_han:
        return "foreign"
    if not (one.is_heading or other.is_heading):
        near, close = (_NEAR_HAN, _CLOSE_HAN) if one.is_han else (_NEAR, _CLOSE)
        ratio = fuzz.ratio(one.key, other.key, score_cutoff=close)
        if ratio and not one.is_han and not _is_slip(one.words, other.words):
            return "word"
        if ratio:
            return "near" if ratio >= near else "close"
    return _by_words(one, other)


def _is_slip(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether two titles that are nearly alike differ in spelling, not in a word that makes it another title."""
    ours, theirs = set(words), set(others)
    left = [one for one in words if one not in theirs and rarity(one) > 1]
    right = [one for one in others if one not in ours and rarity(one) > 1]
    if not left or not right:
        return True
    if len(left) == len(right) == 1 and _are_opposites(left[0], right[0]):
        return False
    return fuzz.ratio("".join(left), "".join(right)) >= _RESPELT


def _are_opposites(one: str, other: str) -> bool:
    """Whether a prefix turns one into the other's contrary: "hypertension" and "hypotension", "male" and "female"."""
    return _OPPOSITE.sub("", one) == _OPPOSITE.sub("", other)


def _by_words(one: Title, other: Title) -> str:
    """Word by word; two translations of one title need have no word in common."""
    level = _in_common(one, other)
    return (
        "foreign" if level in {"unlike", "related"} and (one.is_translated or other.is_translated) else level
    )


def _in_common(one: Title, other: Title) -> str:
    short, long = (one, other) if len(one.key) <= len(other.key) else (other, one)
    is_enough = len(short.key) >= (_LEAST_PART // 3 if short.is_han else _LEAST_PART) and not short.is_short
    if is_enough and not short.is_heading and short.key in long.key:
        return "part"
    words, others = set(short.words), set(long.words)
    common = sum(map(rarity, words & others))
    least = min(sum(map(rarity, words)), sum(map(rarity, others)))
    if 2 * common < least:
        return "unlike"
    every = sum(map(rarity, words | others))
    if 20 * common >= 17 * every and not one.is_han:
        return "close" if _is_slip(one.words, other.words) else "word"
    return "part" if is_enough and 25 * common >= 23 * least and least >= 40 and not one.is_han else "related"


def _numbers(one: Title, other: Title) -> str:
    """Numbers are compared as a run of digits too: "mal 3 p" is "mal3p"."""
    level = _sets(one.numbers, other.numbers)
    if level == DIFFER and "".join(filter(str.isdigit, one.key)) == "".join(filter(str.isdigit, other.key)):
        return SAME
    return level


def _sets(ones: tuple[str, ...], others: tuple[str, ...]) -> str:
    """Same; or one of the two has more ("one"); or each has what the other has not ("differ")."""
    if ones == others:
        return SAME if ones else UNKNOWN
    return "one" if set(ones) <= set(others) or set(others) <= set(ones) else DIFFER


def _across(ones: tuple[str, ...], others: tuple[str, ...]) -> str:
    """Numbers in two languages: only large ones are always written in digits."""
    large = [{one for one in each if len(one) > 1} for each in (ones, others)]
    if not large[0] or not large[1]:
        return UNKNOWN
    return SAME if large[0] & large[1] else "one"


# -- authors -------------------------------------------------------------------------------------------------


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
            return "subset" if same == 1 else "most"
        return "many" if same >= _MANY else "all"
    if same is None:
        return UNKNOWN
    return "most" if 2 * same > len(short.people) else "few" if same else "none"


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
        near += left if person.han or is_han else []
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
    if (
        one.family[:1] != other.family[:1]
        or min(len(one.family), len(other.family)) < 4
        or set(one.initials).isdisjoint(other.initials)
    ):
        return False
    return fuzz.ratio(one.family, other.family, score_cutoff=_ALIKE) > 0


_SAME_WORDS: Final = 88.0  # of 100: abstracts
_LIKE: Final = 65.0
_SLICE: Final = 20  # letters that two abstracts have in common only if they are one


# -- where and when ------------------------------------------------------------------------------------------


def _years(one: int | None, other: int | None) -> str:
    if one is None or other is None:
        return UNKNOWN
    apart = abs(one - other)
    return SAME if apart == 0 else "next" if apart == 1 else "near" if apart <= 3 else "far"


def _containers(one: Features, other: Features) -> str:
    if one.issns and other.issns and not set(one.issns).isdisjoint(other.issns):
        return SAME
    if one.container is None or other.container is None:
        return UNKNOWN
    likeness = container_likeness(one.container, other.container)
    if likeness is None:
        return UNKNOWN
    if likeness >= 0.5 and None not in {one.venue, other.venue} and one.venue is not other.venue:
        return "near"
    if likeness >= 0.5:
        return SAME if likeness >= 0.8 else "near"
    return "kin" if one.venue is not None and one.venue is other.venue else "unlike"


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
    ratio = fuzz.ratio(one[:length], other[:length], score_cutoff=_LIKE)
    if ratio >= _SAME_WORDS:
        return SAME
    slices = [one[at : at + _SLICE] in other for at in range(0, length - _SLICE, _SLICE)]
    common = sum(slices)
    if 2 * common > len(slices):
        return SAME
    return "like" if ratio or common else "unlike"


def _is_han(text: str) -> bool:
    return any("\u4e00" <= one <= "\u9fff" for one in text[:40])


# -- identifiers ---------------------------------------------------------------------------------------------


def _identifiers(one: Features, other: Features) -> tuple[str, str]:
    """DOI; and all others: same where one is shared, differ where a scheme of one-each disagrees."""
    if not (one.identifiers and other.identifiers) and not (one.other_ids and other.other_ids):
        return UNKNOWN, UNKNOWN
    doi = _shared(one.identifiers, other.identifiers, (Scheme.DOI,))
    if doi == DIFFER and not _stems(one.identifiers).isdisjoint(_stems(other.identifiers)):
        doi = "version"
    levels = [
        _shared(one.identifiers, other.identifiers, (scheme,)) for scheme in (Scheme.PMID, Scheme.PMCID)
    ]
    if DIFFER in levels:
        return doi, DIFFER
    if SAME in levels or not set(one.other_ids).isdisjoint(other.other_ids):
        return doi, SAME
    return doi, UNKNOWN


def _stems(identifiers: Iterable[Identifier]) -> set[str]:
    """The DOIs without the number of a version: "10.5555/cd1.pub3" and "10.5555/cd1" are two versions of one text."""
    return {_VERSION.sub("", one.value) for one in identifiers if one.scheme is Scheme.DOI}


def _shared(ones: Iterable[Identifier], others: Iterable[Identifier], schemes: tuple[Scheme, ...]) -> str:
    ours = {one.value for one in ones if one.scheme in schemes}
    theirs = {one.value for one in others if one.scheme in schemes} if ours else set()
    if not ours or not theirs:
        return UNKNOWN
    return DIFFER if ours.isdisjoint(theirs) else SAME
