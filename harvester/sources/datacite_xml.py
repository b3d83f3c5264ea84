"""DataCite's XML (schema kernel 2 to 4), which content negotiation and OAI-PMH give, in the words of its JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from harvester.errors import ParseError
from harvester.messages import message
from harvester.sources.xml_reading import Element, child, children, load_xml, local, markup, words
from harvester.wire import Payload

_SCHEMA: Final = b"datacite.org/schema/kernel"
_SNIFFED: Final = 4_000  # bytes
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_ATTRIBUTES: Final = {  # what an attribute is called in JSON, where that is not its own name
    _LANG: "lang",
    "rightsURI": "rightsUri",
}
_LISTS: Final = {  # tag of a list: tag of its members, and the key of their text in JSON
    "titles": ("title", "title"),
    "subjects": ("subject", "subject"),
    "dates": ("date", "date"),
    "alternateIdentifiers": ("alternateIdentifier", "alternateIdentifier"),
    "relatedIdentifiers": ("relatedIdentifier", "relatedIdentifier"),
    "rightsList": ("rights", "rights"),
    "descriptions": ("description", "description"),
}
_PLAIN: Final = ("publisher", "publicationYear", "language", "version")


def is_xml(payload: Payload) -> bool:
    """Whether an answer is in DataCite's XML: other markup is no answer."""
    head = payload.body[:_SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and _SCHEMA in head


def attributes_of(payload: Payload) -> dict[str, object]:
    """The one work of an answer in XML, as the `attributes` that the JSON:API would give.

    Raises ParseError as `load_xml` does, and for XML about something else.
    """
    root = load_xml(payload)
    if local(root) != "resource":
        raise ParseError(message("not-a-work-reply", found=local(root)))
    found: dict[str, object] = {key: words(child(root, key)) for key in _PLAIN}
    own = child(root, "identifier")
    if own is not None and (own.get("identifierType") or "").upper() == "DOI":
        found["doi"] = words(own)
    for key, (tag, name) in _LISTS.items():
        found[key] = [_member(each, name) for each in _members(root, key, tag)]
    for key, tag in (("creators", "creator"), ("contributors", "contributor")):
        found[key] = [_person(each, tag) for each in _members(root, key, tag)]
    found["relatedItems"] = [_related_item(each) for each in _members(root, "relatedItems", "relatedItem")]
    kind = child(root, "resourceType")
    if kind is not None:
        found["types"] = {
            "resourceTypeGeneral": kind.get("resourceTypeGeneral"),
            "resourceType": words(kind),
        }
    return found


def _members(root: Element, key: str, tag: str) -> Iterator[Element]:
    for outer in children(root, key):
        yield from children(outer, tag)


def _member(element: Element, name: str) -> dict[str, object]:
    """Its attributes, and under `name` its text; breaks inside it stay, the cleaning of texts knows them."""
    attributes = {_ATTRIBUTES.get(str(key), str(key)): value for key, value in element.attrib.items()}
    said = markup(element) if len(element) else words(element)
    return {**attributes, name: re.sub(r"(</?)\w+:", r"\1", said) if said else None}


def _person(element: Element, tag: str) -> dict[str, object]:
    name = child(element, f"{tag}Name")
    return {
        "name": words(name),
        "nameType": None if name is None else name.get("nameType"),
        "givenName": words(child(element, "givenName")),
        "familyName": words(child(element, "familyName")),
        "contributorType": element.get("contributorType"),
        "affiliation": [words(each) for each in children(element, "affiliation")],
        "nameIdentifiers": [_member(each, "nameIdentifier") for each in children(element, "nameIdentifier")],
    }


def _related_item(element: Element) -> dict[str, object]:
    """A related item described on the spot: the journal that a work is published in, say."""
    keys = ("volume", "issue", "firstPage", "lastPage")
    return {
        "relationType": element.get("relationType"),
        "titles": [_member(each, "title") for each in _members(element, "titles", "title")],
        **{key: words(child(element, key)) for key in keys},
    }
