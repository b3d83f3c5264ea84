"""Open access in one set of words: licences, status, host and version as services spell them."""

from __future__ import annotations

import re
from typing import Final

from harvester.model import OpenAccess

_CREATIVE_COMMONS = re.compile(
    r"(?i)(?:https?://)?(?:www\.)?creativecommons\.org/(?:licenses/([a-z-]+)|publicdomain/(zero|mark))(?:[/.].*)?"
)
_SPELLED = re.compile(
    r"(?:cc)[\s_-]*(by(?:[\s_-]*(?:nc|nd|sa))*)(?:[\s_-]*[1-4](?:\.[0-9])?.*)?", re.IGNORECASE
)
_ZERO = re.compile(r"cc[\s_-]*(?:0|zero)(?:[\s_-]*1(?:\.0)?)?", re.IGNORECASE)
_STATUSES: Final = frozenset({"gold", "diamond", "hybrid", "bronze", "green", "closed"})
_HOSTS: Final = {
    "publisher": "publisher",
    "journal": "publisher",
    "conference": "publisher",
    "ebook platform": "publisher",
    "book series": "publisher",
    "repository": "repository",
}
_VERSIONS: Final = {
    one.casefold(): one for one in ("publishedVersion", "acceptedVersion", "submittedVersion")
} | {"vor": "publishedVersion", "am": "acceptedVersion"}


def licence(raw: str | None) -> str | None:
    """A Creative Commons licence in any spelling as "cc-by-nc" or "cc0", without its version; others as they are."""
    said = " ".join((raw or "").split())
    address = _CREATIVE_COMMONS.fullmatch(said)
    if address:
        public = {"zero": "cc0", "mark": "public-domain"}.get(address[2] or "")
        return public or f"cc-{address[1].casefold()}"
    if _ZERO.fullmatch(said):
        return "cc0"
    spelled = _SPELLED.fullmatch(said)
    if spelled:
        parts = re.findall("by|nc|nd|sa", spelled[1].casefold())
        return "-".join(["cc", *parts])
    return said or None


def open_access(
    url: str | None = None,
    *,
    licence_said: str | None = None,
    status: str | None = None,
    host: str | None = None,
    version: str | None = None,
) -> OpenAccess | None:
    """What a source says of free access, in our words; None where it says nothing. Unknown words are left out."""
    state = (status or "").casefold()
    found = OpenAccess(
        url=url,
        licence=licence(licence_said),
        status=state if state in _STATUSES else None,
        host=_HOSTS.get((host or "").casefold()),
        version=_VERSIONS.get((version or "").casefold()),
    )
    return None if found == OpenAccess() else found
