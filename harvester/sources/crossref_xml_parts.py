"""People, dates, places, licences and relations of Crossref's XML, in the words of its JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from harvester.sources.crossref_xml_texts import line, lines
from harvester.sources.describing import is_han
from harvester.sources.xml_reading import Element, child, children, descendants, local, words

_PEOPLE: Final = ("person_name", "organization", "contributor")
_ROLES: Final = {
    None: "author",
    "author": "author",
    "editor": "editor",
    "translator": "translator",
    "reviewer": "reviewer",
}
_ARTICLE_NUMBERS: Final = frozenset({"article-number", "article_number"})
_FOR: Final = {
    "crawler-based": "similarity-checking",
    "text-mining": "text-mining",
    "syndication": "syndication",
}
_DATES: Final = {  # tag: key of the JSON
    "posted_date": "posted",
    "review_date": "published",
    "approval_date": "approved",
}

_Name = dict[str, str | None]  # {"family", "given"} or {"name"}

# -- people ----------------------------------------------------------------------------------------------


def contributors_in(own: Element) -> dict[str, list[dict[str, object]]]:
    """The people and bodies of a work by role, in the order of the title page."""
    found: dict[str, list[dict[str, object]]] = {}
    for each in sorted(_people(own), key=_rank):
        found.setdefault(_ROLES.get(each.get("contributor_role"), "other"), []).append(_person(each))
    return found


def _people(element: Element) -> list[Element]:
    outer = child(element, "contributors")
    return [each for each in (element if outer is None else outer) if local(each) in _PEOPLE]


def _rank(person: Element) -> int:
    """The first person before the body that is named first with them, as the JSON has it."""
    return (local(person) == "organization") if person.get("sequence") == "first" else 2


def _person(person: Element) -> dict[str, object]:
    """A person or a body. Of a name in several scripts the Latin form leads, and "name-zh" is the one in Han."""
    if local(person) == "organization":
        return {"name": words(person), "sequence": person.get("sequence")}
    own = {key: line(person, tag) for key, tag in (("family", "surname"), ("given", "given_name"))}
    latin, han = _in_two_scripts([own, *_alternatives(person)])
    places = [*lines(person, "affiliation"), *_institutions(person)]
    return {
        **(latin or own),
        "name-zh": _joined(han) if latin and han else None,
        "suffix": line(person, "suffix"),
        "ORCID": line(person, "ORCID"),
        "sequence": person.get("sequence"),
        "affiliation": [{"name": place} for place in places],
    }


def _institutions(person: Element) -> list[str]:
    outer = child(person, "affiliations")
    return [name for each in children(outer, "institution") if (name := line(each, "institution_name"))]


def _alternatives(person: Element) -> Iterator[_Name]:
    """The other forms of a name, in parts or as one string."""
    for outer in children(person, "alt-name"):
        yield from ({"name": words(each)} for each in children(outer, "string-name"))
        for each in children(outer, "name"):
            yield {"family": line(each, "surname"), "given": line(each, "given_name")}


def _in_two_scripts(forms: list[_Name]) -> tuple[_Name | None, _Name | None]:
    """The first form in Latin letters, and the first in Han characters."""
    latin = next((form for form in forms if re.search("[A-Za-z]", _joined(form))), None)
    return latin, next((form for form in forms if is_han(_joined(form))), None)


def _joined(form: _Name) -> str:
    return "".join(said for said in form.values() if said)


# -- dates and places ------------------------------------------------------------------------------------


def dates_in(own: Element, issue: Element | None) -> dict[str, object]:
    """The earliest date of each kind and of all; those of the issue or the book where the work has none of its own.

    "2018" is earlier than "2018-04-18", as in the JSON.
    """
    found: dict[str, list[list[int]]] = {}
    for each in own:
        key = _DATES.get(local(each)) or _medium(each)
        if key and (parts := _date_parts(each)):
            found.setdefault(key, []).append(parts)
    if not found and issue is not None and issue is not own:
        return dates_in(issue, None)
    if found:
        found["issued"] = [min(dates) for dates in found.values()]
    return {key: {"date-parts": [min(dates)]} for key, dates in found.items()}


def _medium(element: Element) -> str | None:
    if local(element) != "publication_date":
        return None
    return "published-online" if element.get("media_type") == "online" else "published-print"


def _date_parts(date: Element) -> list[int]:
    """Year, month and day as far as they are possible: a season, month 21, ends the date."""
    parts: list[int] = []
    for tag, most in (("year", 9999), ("month", 12), ("day", 31)):
        said = re.fullmatch(r"[0-9]{1,4}", line(date, tag) or "")
        if said is None or not 1 <= int(said[0]) <= most:
            break
        parts.append(int(said[0]))
    return parts


def place_in(own: Element, outer: Element) -> dict[str, object]:
    """Volume, issue and pages or article number."""
    issue = child(outer, "journal_issue")
    pages = child(own, "pages")
    ends = [page for page in (line(pages, "first_page"), line(pages, "last_page")) if page]
    return {
        "volume": line(issue, "journal_volume", "volume") or line(own, "volume"),
        "issue": line(issue, "issue"),
        "page": "-".join(ends) or None,
        "article-number": _article_number(own),
    }


def _article_number(own: Element) -> str | None:
    for each in children(child(own, "publisher_item"), "item_number"):
        if each.get("item_number_type") in _ARTICLE_NUMBERS:
            return words(each)
    return None


# -- access ----------------------------------------------------------------------------------------------


def licences_in(own: Element, published: object) -> list[dict[str, object]]:
    """The licences, each from the day on that it says; without one from the date of publication."""
    found = []
    for each in descendants(own, "license_ref"):
        start = [part for part in (each.get("start_date") or "").split("-") if part.isdigit()]
        said = {"date-parts": [start]} if start else published
        found.append({"URL": words(each), "start": said, "content-version": each.get("applies_to")})
    return found


def links_in(own: Element) -> list[dict[str, object]]:
    """The files of a work, and what they are offered for."""
    found: list[dict[str, object]] = []
    for collection in children(child(own, "doi_data"), "collection"):
        for each in descendants(collection, "resource"):
            link: dict[str, object] = {
                "URL": words(each),
                "content-type": each.get("mime_type") or "unspecified",
                "content-version": each.get("content_version") or "vor",
                "intended-application": _FOR.get(collection.get("property") or "", "unspecified"),
            }
            found.append(link)
    return found


# -- other works -----------------------------------------------------------------------------------------


def relations_in(own: Element, entry: Element) -> dict[str, list[dict[str, object]]]:
    """Other works by kind: "isPreprintOf" is "is-preprint-of".

    The register's own items tell what the other work says of this one, so their kind is turned round.
    """
    claims = [each for each in children(entry, "crm-item") if each.get("claim")]
    said = [
        *(
            (_dashed(each.get("relationship-type")), each)
            for item in descendants(own, "related_item")
            for each in item
        ),
        *((_turned(_dashed(each.get("claim"))), each) for each in claims),
    ]
    found: dict[str, list[dict[str, object]]] = {}
    for kind, each in said:
        if kind and (value := words(each)):
            scheme = each.get("identifier-type") or each.get("type")
            found.setdefault(kind, []).append({"id-type": scheme, "id": value})
    return found


def _dashed(kind: str | None) -> str:
    return re.sub("(?<=[a-z])[A-Z]", lambda capital: "-" + capital[0], kind or "").lower()


def _turned(kind: str) -> str | None:
    """What stands on the other side: "has-preprint" for "is-preprint-of"; None for what has no such pair."""
    pair = re.fullmatch(r"is-(.+)-of|has-(.+)", kind)
    if pair is None:
        return None
    return f"has-{pair[1]}" if pair[1] else f"is-{pair[2]}-of"


def updates_in(own: Element) -> list[dict[str, object]]:
    """What this work retracts, corrects or otherwise is a notice about."""
    return [
        {
            "DOI": words(each),
            "type": each.get("type"),
            "label": each.get("label"),
            "source": "publisher",
            "updated": {
                "date-parts": [[part for part in (each.get("date") or "").split("-") if part.isdigit()]]
            },
        }
        for each in descendants(own, "update")
        if words(each)
    ]
