"""What of a record counts for telling whether another one speaks of the same work."""

from __future__ import annotations

import hashlib
import re
from typing import Final

import msgspec
from msgspec import Raw, Struct

from harvester.author_keys import Person, read_people
from harvester.container_keys import Venue, container_key, venue_of
from harvester.identifiers import find_dois
from harvester.locus_keys import NOWHERE, Place, read_place
from harvester.model import Container, Identifier, PartialDate, Record, Scheme
from harvester.policy import impossible_text
from harvester.text import strip_label
from harvester.title_keys import Title, fold, read_title

_UNIQUE: Final = (Scheme.DOI, Scheme.PMID, Scheme.PMCID)
_YEARS: Final = range(1450, 2100)
_WORD: Final = re.compile(r"[^\W_]+")
_OPENING: Final = 400  # characters of an abstract that are looked at
_TOO_SHORT: Final = 60  # letters: no abstract
_IS_A_DOI: Final = re.compile(
    r"\s*(?:doi\W*|https?://(?:dx\.)?doi\.org/)?10\.[0-9]{4,9}/\S{2,200}\s*", re.IGNORECASE
)
_LABELS: Final = re.compile(
    r"\b(?:background(?: and aims?)?|objectives?|aims?|purpose(?: of (?:the )?(?:review|study))?|introduction|methods?|summary|abstract|rationale|context"
    r"|目的|背景|方法|摘要)\s*[:：/.-]+"
)
# arXiv, bioRxiv and medRxiv, SSRN, Preprints.org, Research Square, ChemRxiv, TechRxiv, OSF and its communities, NBER, AgEcon.
_ON_A_SERVER: Final = re.compile(
    r"10\.(?:48550/|1101/(?:[0-9]{6}|20[0-9]{2}\.)|2139/ssrn|20944/preprints|21203/rs|26434/chemrxiv|36227/techrxiv|312(?:19|34|35)/osf|3386/w|22004/ag\.econ)"
)
_VERSION: Final = re.compile(r"(?:\.?pub|[./]v)[0-9]{1,2}$|(?<=[0-9])v[0-9]{1,2}$")
# What a type says of how a work is published. Two kinds are two manifestations: linked, not merged.
_KINDS: Final = {
    "journal-article": "journal", "proceedings-article": "conference", "proceedings": "volume", "book-chapter": "chapter", "book": "book",
    "monograph": "book", "edited-book": "book", "reference-book": "book", "posted-content": "preprint", "preprint": "preprint",
    "dissertation": "thesis", "report": "report", "dataset": "data", "component": "component", "standard": "standard", "peer-review": "review",
    "reference-entry": "chapter", "grant": "grant", "image": "image",
}  # fmt: skip


class Glimpse(Struct, frozen=True, array_like=True):
    """What of `Features` tells most pairs apart, in its places; the rest is passed over, which makes it cheap to read."""

    identifiers: tuple[Identifier, ...]
    other_ids: tuple[Identifier, ...]
    titles: tuple[Title, ...]
    people: Raw
    how_many: Raw
    year: Raw
    place: Place
    container: Raw
    issns: Raw
    venue: Raw
    kind: Raw
    abstract: str | None


class Features(Struct, frozen=True, array_like=True):
    """One record, made comparable. What is None or empty is unknown and never agrees with anything."""

    identifiers: tuple[Identifier, ...]  # of the schemes of which a work has one each
    other_ids: tuple[Identifier, ...]
    titles: tuple[Title, ...]
    people: tuple[Person, ...]
    how_many: int  # people, also those that are not looked at
    year: int | None
    place: Place
    container: str | None
    issns: tuple[str, ...]
    venue: Venue | None
    kind: str | None
    abstract: str | None  # its opening, letters and digits only


def features_of(record: Record) -> Features:
    """`record` made comparable; blind to its source, its key and its day."""
    container, issns, venue = _container(record.container)
    people = read_people(record.contributors)
    return Features(
        tuple(one for one in record.identifiers if one.scheme in _UNIQUE) or _from_title(record),
        tuple(one for one in record.identifiers if one.scheme not in _UNIQUE),
        _titles(record),
        people,
        len(record.contributors) if len(record.contributors) > len(people) > 0 else len(people),
        _year(record.issued) or _year(record.published_online),
        NOWHERE if record.locus is None else read_place(record.locus),
        container,
        issns,
        venue,
        _kind(record),
        _opening(record),
    )


def _kind(record: Record) -> str | None:
    known = _KINDS.get(record.work_type or "")
    if known in {None, "journal"} and _is_preprint(record):
        return "preprint"
    return known


def _is_preprint(record: Record) -> bool:
    """Whether its DOI is a preprint server's, or it stands on arXiv and in no journal."""
    if any(one.scheme is Scheme.DOI and _ON_A_SERVER.match(one.value) for one in record.identifiers):
        return True
    is_placed = record.container is not None or (record.locus is not None and record.locus.volume is not None)
    return not is_placed and any(one.scheme is Scheme.ARXIV for one in record.identifiers)


def is_a_doi(title: str) -> bool:
    """Whether a title is nothing but a DOI."""
    return _IS_A_DOI.fullmatch(title) is not None


def stem_of(doi: str) -> str:
    """`doi` without the number of a version: "10.5555/cd1" of "10.5555/cd1.pub3"."""
    return _VERSION.sub("", doi)


def is_bare(one: Features) -> bool:
    """Whether it is no more than a citation of title and authors, with a venue at best."""
    return one.year is None and one.place == NOWHERE and not one.issns and not one.identifiers


def signature(features: Features) -> bytes:
    """16 bytes that are equal exactly where the features are."""
    return hashlib.blake2b(msgspec.msgpack.encode(features, order="deterministic"), digest_size=16).digest()


def _titles(record: Record) -> tuple[Title, ...]:
    told = (one for one in record.titles[:4] if impossible_text(one, record) is None)  # no error page
    values = [one.value for one in told if not is_a_doi(one.value)]
    found = {title.key: title for value in values if (title := read_title(value)) is not None}
    return tuple(found.values()) if len(found) < 2 else tuple(found[key] for key in sorted(found))


def _from_title(record: Record) -> tuple[Identifier, ...]:
    """The DOI that stands where a title should; one that a title speaks of is another work's."""
    values = [one.value for one in record.titles if is_a_doi(one.value)]
    return tuple(sorted({doi for value in values for doi in find_dois(value)}))


def _year(date: PartialDate | None) -> int | None:
    return date.year if date is not None and date.year in _YEARS else None


def _container(container: Container | None) -> tuple[str | None, tuple[str, ...], Venue | None]:
    if container is None:
        return None, (), None
    title = container.title or container.abbreviation or ""
    return container_key(title), tuple(sorted(container.issns)), venue_of(title)


def _opening(record: Record) -> str | None:
    """The beginning of the first abstract, its label and headings left out."""
    if not record.abstracts:
        return None
    raw = strip_label(record.abstracts[0].value[:_OPENING])
    letters = "".join(_WORD.findall(_LABELS.sub(" ", fold(raw))))
    return letters[:240] if len(letters) >= _TOO_SHORT else None
