"""Careful reading of a service's XML: nothing is fetched, nothing is expanded, nothing is repaired."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from lxml import etree

from harvester.errors import ParseError
from harvester.messages import message
from harvester.sources.reading import as_text, excerpt
from harvester.wire import Payload

Element = etree._Element  # noqa: SLF001  lxml has no public name for it

_HTML: Final = frozenset({"html", "{http://www.w3.org/1999/xhtml}html"})


def load_xml(payload: Payload) -> Element:
    """The root of an answer in XML.

    Read as UTF-8 whatever it declares, so that no encoding hides a declaration. Raises ParseError for HTML, for
    what is cut off or no XML, and for a document that declares entities: no service does, bombs do.
    """
    about = {"service": payload.service, "status": payload.status}
    if b"<!ENTITY" in payload.body or b"\x00" in payload.body:
        raise ParseError(message("reply-declares-entities", **about))
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
    )
    try:
        root = etree.fromstring(payload.body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        shown = excerpt(payload.body[:200].decode("utf-8", "replace").strip())
        key = (
            "reply-is-markup"
            if shown.casefold().startswith(("<!doctype html", "<html"))
            else "reply-is-not-xml"
        )
        raise ParseError(message(key, **about, found=shown)) from broken
    if root.tag in _HTML:
        raise ParseError(message("reply-is-markup", **about, found="<html>"))
    return root


def words(element: Element | None) -> str | None:
    """The text of an element without its tags, comments and instructions; None if it is blank or missing."""
    return None if element is None else as_text(str(element.xpath("string()")))


def found(element: Element, path: str) -> str | None:
    """The text of the first element at `path`."""
    return words(element.find(path))


def markup(element: Element | None) -> str | None:
    """What an element holds, its inner tags and all; None if it is blank or missing."""
    if element is None:
        return None
    inner = [etree.tostring(child, encoding="unicode") for child in element]
    return as_text(escape(element.text or "", quote=False) + "".join(inner))


def as_values(element: Element) -> object:
    """An element as the JSON that says the same: text, or an object with lists where a tag is repeated."""
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return words(element)
    values: dict[str, list[object]] = {}
    for child in children:
        values.setdefault(str(child.tag), []).append(as_values(child))
    return {tag: several[0] if len(several) == 1 else several for tag, several in values.items()}


# -- by name, whatever the namespace ---------------------------------------------------------------------


def local(element: Element) -> str:
    """The name of an element without its namespace; "" for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, tag: str) -> Iterator[Element]:
    """The elements of this name directly below `element`, in order."""
    return (each for each in (() if element is None else element) if local(each) == tag)


def child(element: Element | None, *path: str) -> Element | None:
    """The first element at the end of a path of names; None where the path breaks off."""
    for tag in path:
        element = next(children(element, tag), None)
    return element


def descendants(element: Element, tag: str) -> Iterator[Element]:
    """The elements of this name at any depth, `element` too, in order."""
    return (each for each in element.iter() if local(each) == tag)
