"""The people of a tagged record: in order, with their ORCID and place where the tags stand behind the name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from harvester.identifiers import parse_orcid
from harvester.model import Contributor
from harvester.names import parse_author_line, parse_name
from harvester.patterns import pattern
from harvester.sources.describing import is_han

_SEPARATOR: Final = pattern(r"\s*[;；]+\s*")
_OTHERS: Final = pattern(r"(?i)(?:et al\.?|and others|等[。.]?|others?|anonymous|佚名|anon\.?|\[?不详\]?)")


def people(said: Sequence[tuple[str, str]], *, placed: bool) -> tuple[Contributor, ...]:
    """Authors, bodies and editors of a record given as (role, value) in the order of the file.

    With `placed` an affiliation belongs to the person before it (MEDLINE), else to the work.
    """
    has_full = any(role == "author" for role, _ in said)
    found: list[Contributor] = []
    for role, value in said:
        if role == "author" or (role == "author_short" and not has_full):
            found += map(_person, _names(value))
        elif role == "corporate":
            found.append(Contributor(value))
        elif role == "orcid" and found and (orcid := parse_orcid(value.partition(":")[2] or value)):
            found[-1] = replace(found[-1], orcid=orcid)
        elif role == "affiliation" and placed and found:
            found[-1] = replace(found[-1], affiliations=(*found[-1].affiliations, value))
    others = [name for role, value in said if role == "author_other" for name in _names(value)]
    editors = [name for role, value in said if role == "editor" for name in _names(value)]
    return (*_in_both(found, others), *(replace(_person(name), role="editor") for name in editors))


def _names(value: str) -> Iterator[str]:
    """The single names of a value; "et al." and its like are nobody."""
    parts = [part.strip(" ,，、") for part in _SEPARATOR.split(value)]
    if len(parts) == 1 and is_han(value):
        parts = [one.name for one in parse_author_line(value)]
    return (part for part in parts if part and not _OTHERS.fullmatch(part))


def _person(name: str) -> Contributor:
    return parse_name(name)


def _in_both(authors: list[Contributor], others: list[str]) -> Iterator[Contributor]:
    """The authors with their names in the other script, where both lists are of one length."""
    if len(authors) != len(others):
        yield from authors
        return
    for author, other in zip(authors, others, strict=True):
        if is_han(author.name) and not is_han(other):
            yield replace(author, **_latin(other), name_zh=author.name)
        elif is_han(other) and not is_han(author.name):
            yield replace(author, name_zh=other)
        else:
            yield author


def _latin(name: str) -> dict[str, str | None]:
    person = parse_name(name)
    return {"name": person.name, "family": person.family, "given": person.given}
