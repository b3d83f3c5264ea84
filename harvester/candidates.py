"""What was said of one thing, in order of belief: the shapes that ranking, judging, merging and explaining share."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from harvester.model import Record
from harvester.policy import Rule
from harvester.quality import Verdict


class Candidate(Struct, frozen=True):
    """Something said by one record; `impossible` tells why it cannot be true.

    `verdict` is that of the checks, where the value is a translation that was held against its original.
    """

    value: Any
    record: Record
    key: str  # the record's fingerprint
    impossible: str | None = None
    verdict: Verdict | None = None


class Thing(Struct, frozen=True):
    """One thing that can be said of a work: "titles" in "zh-Hans", "locus".

    The candidates are in order of belief, impossible ones last.
    """

    field: str
    language: str | None
    rule: Rule
    candidates: tuple[Candidate, ...]
    believed: tuple[Candidate, ...]  # those that can be true, the most believed first


def with_candidates(thing: Thing, judged: list[Candidate]) -> Thing:
    """The thing with its candidates judged anew: impossible ones go to the end."""
    ordered = sorted(judged, key=lambda one: one.impossible is not None)
    believed = tuple(one for one in ordered if one.impossible is None)
    return replace(thing, candidates=tuple(ordered), believed=believed)
