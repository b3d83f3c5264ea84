"""The people and bodies of a work as DataCite's depositors write them."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from harvester import identifiers, names
from harvester.model import Contributor
from harvester.patterns import pattern
from harvester.sources.datacite_words import said
from harvester.sources.describing import contributor_of, is_han, unique
from harvester.sources.reading import Fields, as_text

_LIFE_DATES: Final = pattern(r",?\s*\(?[0-9]{4}\??\s*-\s*(?:[0-9]{4}\??)?\)?$")
_IN_BRACKETS: Final = pattern(r"\s*\(([^()]*)\)")
_NOBODY: Final = pattern(r"(?i)unknown|n\.?\s?n\.?")
_EDITING: Final = {"Editor": "editor", "Translator": "translator"}


def contributors_of(work: Fields) -> tuple[Contributor, ...]:
    """Creators, editors and translators; a depositor's other helpers are no contributors to a text."""
    found = [each for person in work.objects("creators") for each in _people(person, "author")]
    for person in work.objects("contributors"):
        role = _EDITING.get(person.text("contributorType") or "")
        found.extend(_people(person, role) if role else ())
    return tuple(found)


def _people(person: Fields, role: str) -> list[Contributor]:
    """The one person of a creator, or all that a depositor wrote into one name ("A, B; C, D")."""
    family, given = said(person.text("familyName")), said(person.text("givenName"))
    name = (said(person.text("name")) or "").strip(" ,;")
    places = _affiliations(person)
    if _NOBODY.fullmatch(name):
        return []
    if family or given:
        alone = [contributor_of(family=family, given=given)]
    elif person.text("nameType") == "Organizational":
        alone = [Contributor(name) if name else None]
    elif ";" in name:
        return [_of_many(part, role) for part in name.split(";") if part.strip(" ,")]
    else:
        alone = [_person(name, is_personal=person.text("nameType") == "Personal") if name else None]
    orcid = _orcid(person)
    return [replace(each, orcid=orcid, affiliations=places, role=role) for each in alone if each is not None]


def _of_many(part: str, role: str) -> Contributor:
    """One of several names; what stands behind it in brackets is where the person works."""
    places = unique(place.strip() for place in _IN_BRACKETS.findall(part))
    name = _IN_BRACKETS.sub("", part).strip(" ,") or part.strip()
    return replace(_person(name, is_personal=True), affiliations=places, role=role)


def _person(name: str, *, is_personal: bool) -> Contributor:
    """A name that nobody took apart: one without a comma may be a body and is left whole."""
    bare = _LIFE_DATES.sub("", name) or name
    is_person = is_personal or "," in bare or is_han(bare)
    return names.parse_name(bare) if is_person and re.search(r"\w", bare) else Contributor(bare)


def _affiliations(person: Fields) -> tuple[str, ...]:
    """Names of places: plain, or objects where the question asked for them."""
    listed = person.data.get("affiliation")
    places = listed if isinstance(listed, list) else [listed]
    shown = (as_text(place.get("name") if isinstance(place, dict) else place) for place in places)
    return unique(map(said, shown))


def _orcid(person: Fields) -> str | None:
    """The checked ORCID; an ISNI has the same form and checksum, so the scheme is looked at."""
    for each in person.objects("nameIdentifiers"):
        raw = each.text("nameIdentifier") or ""
        if "orcid" in f"{raw} {each.text('nameIdentifierScheme')}".casefold():
            found = identifiers.parse_orcid(raw)
            if found:
                return found
    return None
