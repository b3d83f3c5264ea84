"""Records as the library file compares them: what one says without its identifiers' help, as bytes and as keys."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec
from msgspec import Struct

from harvester.blocking import keys
from harvester.evidence import Decision, Verdict, decide
from harvester.features import Features, Glimpse, features_of
from harvester.match import FOLLOWING, UNIQUE
from harvester.model import Record, Scheme
from harvester.similarity import is_hopeless

# Whoever shares one of these by word of the record itself is brought together by that alone.
_STATED: Final = frozenset(str(scheme) for scheme in Scheme if scheme is not Scheme.DOI)


# Raised with every change of features, keys, levels, weights or rules: a library that was compared under another
# number is due for a remerge.
MATCHING: Final = 2


class Description(Struct, frozen=True, array_like=True):
    """What a record says, made comparable; `is_stated` where its identifiers are its own, not found in its title."""

    features: Features
    is_stated: bool


class Outline(Struct, frozen=True, array_like=True):
    """What of a description tells most pairs apart, in its places."""

    features: Glimpse
    is_stated: bool


def describe(record: Record) -> Description | None:
    """The description of `record`; None where it follows another record."""
    if record.about is not None or record.source in FOLLOWING:
        return None
    features = features_of(record)
    is_stated = not features.identifiers or any(one.scheme in UNIQUE for one in record.identifiers)
    return Description(features, is_stated)


def encode(description: Description) -> bytes:
    """`description` as bytes, the same in every run and on every machine."""
    return msgspec.msgpack.encode(description, order="deterministic")


def mark_of(encoded: bytes) -> bytes:
    """16 bytes that are equal exactly where what `encode` wrote is."""
    return hashlib.blake2b(encoded, digest_size=16).digest()


_DECODER: Final = msgspec.msgpack.Decoder(Description)
_OUTLINE: Final = msgspec.msgpack.Decoder(Outline)


def decode(body: bytes) -> Description:
    """The description that `encode` wrote."""
    return _DECODER.decode(body)


def outline(body: bytes) -> Outline:
    """The outline of the description that `encode` wrote, in a quarter of the time that `decode` takes."""
    return _OUTLINE.decode(body)


def numbered_keys(description: Description) -> tuple[int, ...]:
    """The keys under which a description is filed, as 64-bit numbers; a chance collision costs one comparison."""
    return tuple(
        int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
        for key in keys(description.features)
        if key.partition("|")[0] not in _STATED
    )  # fmt: skip


def own_score(description: Description) -> float | None:
    """How surely two records with this description are one work; None where that is not sure enough."""
    decision = decide(description.features, description.features)
    return decision.score if decision.verdict is Verdict.MATCH else None


def are_identified(one: Description | Outline, other: Description | Outline) -> bool:
    """Whether every two records with these descriptions share an identifier: content has nothing to add."""
    if not (one.is_stated and other.is_stated):
        return not set(one.features.other_ids).isdisjoint(other.features.other_ids)
    ours, theirs = one.features, other.features
    return not (
        set(ours.identifiers).isdisjoint(theirs.identifiers)
        and set(ours.other_ids).isdisjoint(theirs.other_ids)
    )


def are_apart(one: Outline, other: Outline) -> bool:
    """Whether two descriptions need no comparing: identifiers say all that is to be said, or nothing is alike."""
    return are_identified(one, other) or is_hopeless(one.features, other.features)


def compared(one: Description, other: Description) -> Decision:
    """What two descriptions are to each other."""
    return decide(one.features, other.features)
