"""DOIs that are no evidence: a supplement's on its abstracts, a book's on its chapters, one copied down a column.

Three titles of which none is any of the others, each borne by a record with the DOI, make it evident; two are more often a
mistake of one source. Then the DOI stays with what speaks of the DOI itself, and to all others it says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from harvester.features import is_a_doi
from harvester.model import Identifier, Record, Scheme
from harvester.policy import CURATOR, impossible_text
from harvester.title_keys import Title, read_title
from harvester.title_likeness import AGREEING, title_level

Key = tuple[str, str]  # source, source_key
_LEAST: Final = 3  # titles
_LOOKED_THROUGH: Final = 40  # titles of which every three are compared, where the first look finds no three
_FILES: Final = frozenset(
    {"document", "aggregator", CURATOR, "translation"}
)  # their keys are no word of the DOI's
_AGREEING: Final = AGREEING | {"same-short", "heading"}


class _Said(Struct, frozen=True):
    """A title and its language, made comparable."""

    language: str
    title: Title

    def is_unlike(self, other: _Said) -> bool:
        """Whether both are in one known language, and neither is any of the other."""
        return self.language == other.language and title_level(self.title, other.title) == "unlike"


class Shared(Struct, frozen=True):
    """DOIs that many unlike titles share, each with the titles of the work that it belongs to, as far as they are told."""

    owners: Mapping[str, tuple[Title, ...]] = {}

    def disbelieves(self, record: Record, one: Identifier) -> bool:
        """Whether `one`, an identifier of `record`, is no evidence of what the record speaks of."""
        if one.scheme is not Scheme.DOI or one.value not in self.owners:
            return False
        if record.about is not None:
            return True
        if is_keyed(record, one.value):
            return False
        said = _said(record)
        owners = self.owners[one.value]
        return bool(said) and not any(
            title_level(each.title, own) in _AGREEING for each in said for own in owners
        )

    def believed(self, record: Record) -> tuple[Identifier, ...]:
        """The identifiers of `record` that are evidence."""
        if not self.owners:
            return record.identifiers
        return tuple(one for one in record.identifiers if not self.disbelieves(record, one))

    def bare(self, record: Record) -> Record:
        """`record` without identifiers that are no evidence; itself where all are."""
        kept = self.believed(record)
        return record if len(kept) == len(record.identifiers) else replace(record, identifiers=kept)

    def concerns(self, record: Record) -> bool:
        """Whether `record` states a DOI that is no evidence for some of those who state it."""
        return bool(self.owners) and record.about is None and record != self.stripped(record)

    def stripped(self, record: Record) -> Record:
        """`record` as if nothing agreed with what the DOIs belong to."""
        return Shared(dict.fromkeys(self.owners, ())).bare(record)

    def refused(self, records: Iterable[Record]) -> frozenset[str]:
        """The DOIs that a work of `records` does not bear, though they state them."""
        if not self.owners:
            return frozenset()
        told = {one for record in records for one in record.identifiers}
        believed = {one for record in records for one in self.believed(record)}
        return frozenset(one.value for one in told - believed)

    def key(self, record: Record) -> Key | None:
        """What the record is filed under by its source; None where that is but a DOI which is no evidence."""
        named = Identifier(Scheme.DOI, record.source_key)
        if self.owners and named in record.identifiers and self.disbelieves(record, named):
            return None
        return record.source, record.source_key


NONE_SHARED: Final = Shared()


def shared_among(records: Iterable[Record], known: Iterable[str] = ()) -> Shared:
    """The DOIs that many unlike titles share, `known` ones and those that are evident from all `records` that bear them.

    Blind to order. Evident stays evident, whatever else is said.
    """
    bearers: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.about is None:
            for one in record.identifiers:
                if one.scheme is Scheme.DOI:
                    bearers[one.value].append(record)
    found = {doi for doi, some in bearers.items() if len(some) >= _LEAST and _is_evident(some)}
    return Shared({doi: _owners(bearers.get(doi, ()), doi) for doi in sorted(found | set(known))})


def is_keyed(record: Record, doi: str) -> bool:
    """Whether it is a service's word on the DOI itself, as a registration agency's is."""
    return record.source_key == doi and record.source not in _FILES


def _owners(bearers: Iterable[Record], doi: str) -> tuple[Title, ...]:
    found = {one.title.key: one.title for record in bearers if is_keyed(record, doi) for one in _said(record)}
    return tuple(found[key] for key in sorted(found))


def _said(record: Record) -> tuple[_Said, ...]:
    told = [one for one in record.titles if not is_a_doi(one.value) and impossible_text(one, record) is None]
    read = [(one.language.partition("-")[0], read_title(one.value)) for one in told]
    return tuple(_Said(language, title) for language, title in read if title is not None)


# -- evident ---------------------------------------------------------------------------------------------------


class _Bearer(Struct, frozen=True):
    """What one record, or all that a service ever said under one key, calls the work."""

    said: tuple[_Said, ...]
    key: Key | None

    def is_unlike(self, other: _Bearer) -> bool:
        """Whether they can be compared, and none of their titles is any of the other's."""
        if self.key is not None and self.key == other.key:  # a title that was put right
            return False
        pairs = [(one, theirs) for one in self.said for theirs in other.said]
        return any(one.is_unlike(theirs) for one, theirs in pairs) and not any(
            title_level(one.title, theirs.title) in _AGREEING for one, theirs in pairs
        )


def _is_evident(records: Sequence[Record]) -> bool:
    """Whether three of them bear titles of which none is any of the others; a bare heading says too little."""
    if len({record.titles for record in records}) < _LEAST:
        return False
    told = {_bearer(record) for record in records}
    ordered = sorted((one for one in told if one.said), key=_mark)
    unlike: list[_Bearer] = []
    for one in ordered:
        if all(one.is_unlike(other) for other in unlike):
            unlike.append(one)
            if len(unlike) == _LEAST:
                return True
    few = ordered[:_LOOKED_THROUGH]
    pairs = {pair for pair in combinations(range(len(few)), 2) if few[pair[0]].is_unlike(few[pair[1]])}
    return any(
        (one, third) in pairs and (other, third) in pairs
        for one, other in pairs
        for third in range(other, len(few))
    )


def _bearer(record: Record) -> _Bearer:
    said = tuple(one for one in _said(record) if one.language != "und" and not one.title.is_heading)
    return _Bearer(said, None if record.source in _FILES else (record.source, record.source_key))


def _mark(one: _Bearer) -> tuple[tuple[tuple[str, str], ...], Key]:
    return tuple((each.language, each.title.key) for each in one.said), one.key or ("", "")
