"""What people decided about a work: which decisions hold, which correction of a field is the last word.

Decisions are records of the curator; what was decided, by whom and why stands in their `extra`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec
from msgspec import Struct

from harvester.model import Override, Record
from harvester.policy import CURATOR

SET: Final = "set"
UNSET: Final = "unset"


class Decision(Struct, frozen=True, omit_defaults=True):
    """What a person decided: set, unset, accept or reject.

    `before` is what the work said then, `sources_said` what it would have said without any correction; values
    as text, None where there was nothing.
    """

    by: str
    decision: str
    field: str = ""
    value: str | None = None
    before: str | None = None
    sources_said: str | None = None
    why: str | None = None


def decision_of(record: Record) -> Decision | None:
    """The decision that a curator's record is, None where it is something else."""
    if record.source != CURATOR or not record.extra:
        return None
    try:
        return msgspec.json.decode(record.extra, type=Decision)
    except msgspec.DecodeError:
        return None


def in_force(records: Iterable[Record]) -> list[Record]:
    """The records without the decisions that a person took back."""
    kept = list(records)
    void = {key for one in kept if one.source == CURATOR for key in one.withdraws}
    return [one for one in kept if one.source != CURATOR or one.source_key not in void] if void else kept


def without_corrections(records: Iterable[Record]) -> list[Record]:
    """What the sources say: the records but for people's corrections."""
    return [one for one in records if one.corrects is None]


def overrides_of(records: Iterable[Record]) -> tuple[Override, ...]:
    """The corrections that hold, the latest of every field, by field; blind to the order of `records`."""
    said = [one for one in records if one.source == CURATOR]
    latest: dict[str, Override] = {}
    for one in sorted(in_force(said), key=_when):
        decision = decision_of(one)
        if one.corrects is not None and decision is not None:
            latest[one.corrects] = Override(
                field=one.corrects,
                value=decision.value or "",
                by=decision.by,
                at=one.retrieved_at,
                record=one.fingerprint(),
                why=decision.why,
            )
    return tuple(one for _, one in sorted(latest.items()))


def _when(record: Record) -> tuple[str, tuple[int, ...]]:
    # Of one second the same one is the last here as in the merge, which takes the lowest fingerprint first.
    return record.retrieved_at, tuple(-ord(letter) for letter in record.fingerprint())
