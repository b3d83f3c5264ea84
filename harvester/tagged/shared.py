"""One DOI on unlike titles of a file: a supplement's or a book's, or copied down a column. Only the first keeps it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from harvester.messages import message
from harvester.model import Identifier, Record, Scheme
from harvester.text import compare_key
from harvester.title_keys import Title, read_title
from harvester.title_likeness import title_level
from harvester.wire import Skip

Item = Record | Identifier | Skip
_TWO: Final = frozenset({"unlike", "related"})
_REMEMBERED: Final = 100_000  # DOIs of a file; the oldest are forgotten


def told_apart(items: Iterable[Item]) -> Iterator[Item]:
    """`items`, a DOI taken from every record whose title is unlike the one that it stood on first; each is told."""
    first: dict[str, tuple[str, ...]] = {}
    for item in items:
        doi = _doi(item) if isinstance(item, Record) else None
        if not isinstance(item, Record) or doi is None:
            yield item
            continue
        said = tuple(text.value for text in item.titles)
        if said and _are_two(_titles(first.setdefault(doi, said)), _titles(said)):
            yield _without(item, doi)
            yield Skip(item.document or "", message("odd-shared-doi", found=doi), fatal=False)
        else:
            yield item
        if len(first) > _REMEMBERED:
            del first[next(iter(first))]


def _doi(record: Record) -> str | None:
    return next((one.value for one in record.identifiers if one.scheme is Scheme.DOI), None)


def _titles(values: tuple[str, ...]) -> tuple[Title, ...]:
    return tuple(title for value in values if (title := read_title(value)) is not None)


def _are_two(ones: tuple[Title, ...], others: tuple[Title, ...]) -> bool:
    """Whether titles in one script are at hand, and none of the one is any of the other."""
    levels = [title_level(one, other) for one in ones for other in others if one.is_han == other.is_han]
    return bool(levels) and _TWO.issuperset(levels)


def _without(record: Record, doi: str) -> Record:
    kept = tuple(one for one in record.identifiers if one.scheme is not Scheme.DOI)
    if record.source_key != doi:
        return replace(record, identifiers=kept)
    told = [
        doi,
        *(text.value for text in record.titles),
        *(one.name for one in record.contributors),
        str(record.locus),
    ]
    keyed = "\n".join(map(compare_key, told)).encode("utf-8", "surrogatepass")
    return replace(
        record, identifiers=kept, source_key="text:" + hashlib.blake2b(keyed, digest_size=10).hexdigest()
    )
