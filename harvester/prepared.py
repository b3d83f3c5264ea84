"""A record with everything that follows from it alone: worked out before any library is asked, in whatever process."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import Struct

from harvester.descriptions import describe, encode, mark_of, numbered_keys, own_score
from harvester.extras import packed, with_fingerprint
from harvester.merge import merge
from harvester.model import Record
from harvester.policy import MergePolicy
from harvester.rows import WorkRows, rows_of


class Draft(Struct, frozen=True):
    """A description as it is filed: its bytes, their mark, its keys, and how surely two records that say it are one work."""

    mark: bytes
    body: bytes
    keys: tuple[int, ...]
    score: float | None


class Prepared(Struct, frozen=True):
    """A record as the library keeps it, its description (None: it has none), and the rows of the work that it makes by itself.

    `record`, `body` and `extra` are as in `extras.Packed`. The rows are None where others are likely to speak of the same work.
    """

    record: Record
    fingerprint: str
    body: str
    extra: bytes | None
    draft: Draft | None
    alone: WorkRows | None


def prepare(record: Record, policy: MergePolicy, *, is_alone: bool = True) -> Prepared:
    """Everything that storing `record` takes, as long as no other record is about the same work."""
    alone = rows_of(merge([record], policy), [record]) if is_alone else None
    kept = packed(record)
    return Prepared(kept.record, record.fingerprint(), kept.body, kept.extra, draft_of(record), alone)


def draft_of(record: Record) -> Draft | None:
    """What `record` says, to be filed; None where it follows another record, or nobody could ever meet it."""
    said = describe(record)
    if said is None or not (keys := numbered_keys(said)):
        return None
    body = encode(said)
    return Draft(mark_of(body), body, keys, own_score(said))


_DECODER: Final = msgspec.msgpack.Decoder(Prepared)


def pack(prepared: Prepared) -> bytes:
    """`prepared` as bytes for another process."""
    return msgspec.msgpack.encode(prepared)


def unpack(data: bytes) -> Prepared:
    """What `pack` packed."""
    prepared = _DECODER.decode(data)
    with_fingerprint(prepared.record, prepared.fingerprint)
    return prepared
