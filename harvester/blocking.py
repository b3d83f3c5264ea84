"""Under which keys a record is filed, so that records of one work meet without comparing all with all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from harvester.author_keys import Person
from harvester.features import Features, stem_of
from harvester.locus_keys import NOWHERE
from harvester.model import Scheme
from harvester.sounds import family_readings
from harvester.title_keys import Title

# A key that more descriptions than this share brings nobody together: other keys of theirs must.
CROWD: Final = 60
_BEGINNING: Final = 14  # letters of a title
_ENDING: Final = 14
_VOWELS: Final = dict.fromkeys(map(ord, "aeiou"))
_HEADING: Final = 22
_TELLING: Final = 3  # words


def keys(features: Features) -> tuple[str, ...]:
    """The keys of a record, sorted; two records that share none are never compared.

    Values are ASCII or Han letters, digits and "|", about 20 characters each, about ten a record.
    """
    return tuple(sorted(set(_keys(features))))


def _keys(features: Features) -> Iterator[str]:
    for one in (*features.identifiers, *features.other_ids):
        yield f"{one.scheme}|{one.value}"
        if one.scheme is Scheme.DOI:
            yield f"{one.scheme}|{stem_of(one.value)}"  # all versions of a text meet
    for title in features.titles:
        yield from _title_keys(title, features)
    if features.people:
        yield from _author_keys(features)
    yield from _place_keys(features)
    if features.abstract is not None:
        yield f"b|{features.abstract[20:52]}"


def _title_keys(title: Title, features: Features) -> Iterator[str]:
    if title.is_heading or title.is_short:
        first = features.place.pages.first if features.place.pages else ""
        yield f"h|{title.key[:_HEADING]}|{features.year or ''}|{first}"
        if features.people:
            yield f"h|{title.key[:_HEADING]}|{features.people[0].family}"
        return
    if title.is_han:
        yield f"t|{title.key[:10]}"
        yield f"e|{title.key[-8:]}"
        return
    consonants = title.key.translate(_VOWELS)  # haemolytic behaviour, hemolytic behavior
    yield f"t|{consonants[:_BEGINNING]}"
    yield f"e|{consonants[-_ENDING:]}"
    telling = sorted({one for one in title.words if len(one) > 3}, key=lambda one: (-len(one), one))[
        :_TELLING
    ]
    if len(telling) == _TELLING:
        yield f"w|{'|'.join(one[:9] for one in sorted(telling))}"


def _author_keys(features: Features) -> Iterator[str]:
    pages = features.place.pages
    for family in _families(features.people[0]):
        if pages is not None:
            yield f"a|{family}|{features.year or ''}|{pages.first}"
        for title in features.titles:
            longest = sorted({one for one in title.words if len(one) > 4}, key=lambda one: (-len(one), one))[
                :2
            ]
            if longest:
                yield f"l|{family}|{'|'.join(one[:9] for one in longest)}"

    if (
        len(features.people) > 1 and features.place == NOWHERE
    ):  # it says little else, and its title may be badly spelt
        for one, other in pairwise(_families(person)[-1] for person in features.people[:4]):
            yield f"f|{min(one, other)}|{max(one, other)}"


def _families(person: Person) -> tuple[str, ...]:
    if person.han is None:
        return tuple(one[:7] for one in _ends(person))
    return (person.han, *family_readings(person.han)[:2])


def _ends(person: Person) -> tuple[str, ...]:
    """What may be the family name: the one that is known, or the first and the last long word."""
    found = [one for one in person.name.replace(",", " ").replace("-", " ").split() if one in person.words]
    return tuple(dict.fromkeys([person.family, *found[:1], *found[-1:]]))[:2]


def _place_keys(features: Features) -> Iterator[str]:
    pages, volume, issue = features.place.pages, features.place.volume, features.place.issue
    if pages is None or pages.first == 1:
        return
    if volume is not None:
        yield f"p|{volume}|{pages.first}|{pages.last or ''}"
        yield f"y|{features.year or ''}|{volume}|{pages.first}"
    elif issue is not None:
        yield f"i|{features.year or ''}|{issue}|{pages.first}"
    for issn in features.issns:
        yield f"n|{issn}|{features.year or ''}|{pages.first}"
