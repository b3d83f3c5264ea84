"""Why a work says what it says: every field with its value, who said it, by which rule, and who lost.

Pure, and told from the same order of belief by which `merge` decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from harvester.candidates import Candidate, Thing
from harvester.judging import REFUSED
from harvester.merge import DEFAULT_POLICY, authorship, believable_locus, merge, rank
from harvester.messages import Message, message
from harvester.model import Contributor, Locus, OpenAccess, Record, Text, Work
from harvester.policy import (
    CURATOR,
    How,
    MergePolicy,
    has_initials_only,
    impossible_locus_part,
    is_marred,
)
from harvester.quality import Verdict
from harvester.relations import who_says
from harvester.rows import columns_of
from harvester.standing import access_line, relation_line

_LOCUS_PARTS: Final = ("volume", "issue", "pages")


class Said(Struct, frozen=True):
    """One thing that one record said, and why it was not believed (None: it was)."""

    value: str
    record: Record
    why_not: Message | None = None


class Explanation(Struct, frozen=True):
    """One field of a work: its columns in the library, the value that survived, and all that was said."""

    field: str
    columns: tuple[str, ...]
    value: str | None
    rule: How
    said: tuple[Said, ...]

    @property
    def winner(self) -> Said | None:
        """Who is believed, None where nothing that was said can be true."""
        return next((one for one in self.said if one.why_not is None), None)

    @property
    def losers(self) -> tuple[Said, ...]:
        """What was said and not believed, in order of belief."""
        return tuple(one for one in self.said if one.why_not is not None)


def explain(records: Iterable[Record], policy: MergePolicy = DEFAULT_POLICY) -> tuple[Explanation, ...]:
    """Every field that any record speaks of, in the order of the policy's table."""
    said = frozenset(records)
    work = merge(said, policy)
    return tuple(one for thing in rank(said, policy) for one in _explanations(thing, work))


def _explanations(thing: Thing, work: Work) -> Iterator[Explanation]:
    if thing.rule.how is How.WHOLE:
        yield from (one for part in _LOCUS_PARTS if (one := _part(thing, part, work.locus)))
        return
    if thing.field == "relations":
        yield from _relations(thing, work)
        return
    name = f"{thing.field[:-1]}_{thing.language}" if thing.language else thing.field
    said = tuple(Said(plain(one.value), one.record, _why_not(one, thing)) for one in thing.candidates)
    if thing.rule.how is How.PEOPLE and thing.believed:
        said = _with_gifts(said, thing)
    survivor = getattr(work, thing.field) if thing.rule.how in {How.UNION, How.PEOPLE} else None
    value = plain(survivor) if survivor else next((one.value for one in said if one.why_not is None), None)
    yield Explanation(name, columns_of(name, work), value, thing.rule.how, said)


def _with_gifts(said: tuple[Said, ...], thing: Thing) -> tuple[Said, ...]:
    """Of a list that was not believed, what was taken from it all the same: whose ORCID, whose Han name."""
    joined = authorship(thing)
    taken: dict[str, list[str]] = defaultdict(list)
    for giver, position, field in joined.gifts:
        key = thing.believed[giver + 1].key
        taken[key].append(f"{field} ({joined.contributors[position].name})")
    gifts = [", ".join(taken.get(one.key, ())) for one in thing.candidates]
    return tuple(
        replace(one, why_not=message("why-joined", taken=gift)) if gift else one
        for one, gift in zip(said, gifts, strict=True)
    )


def _relations(thing: Thing, work: Work) -> Iterator[Explanation]:
    """Every relation by itself, its kind as the field, with all who say it."""
    records = {one.key: one.record for one in thing.candidates}
    for one in work.relations:
        told = who_says([one], records.values())
        said = tuple(Said(relation_line(each.relation, "en"), records[each.record]) for each in told)
        yield Explanation(
            one.kind, columns_of(thing.field, work), relation_line(one, "en"), thing.rule.how, said
        )


def _part(thing: Thing, part: str, locus: Locus | None) -> Explanation | None:
    """Volume, issue or pages of the locus, which is believed as a whole."""
    survivor = getattr(locus, part) if locus else None
    is_corrected = any(one.record.corrects == part for one in thing.believed)
    said = []
    found = False
    for one in thing.candidates:
        value = getattr(one.value, part)
        if value is None:
            continue
        reason = None if one.record.corrects else impossible_locus_part(part, value)
        wins = not found and reason is None and value == survivor
        found |= wins
        why = None if wins else _why_not_part(reason, value, survivor, is_corrected=is_corrected)
        said.append(Said(value, one.record, why))
    said.sort(key=lambda one: one.why_not is not None)
    return Explanation(part, (part,), survivor, thing.rule.how, tuple(said)) if said else None


def _why_not_part(reason: str | None, value: str, survivor: str | None, *, is_corrected: bool) -> Message:
    if reason is not None:
        return message("why-impossible", reason=reason)
    if value == survivor:
        return message("why-same")
    return message("why-curator" if is_corrected else "why-belongs-together")


def _why_refused(verdict: Verdict) -> Message:
    return message("why-refused", reasons=tuple(flag.message() for flag in verdict.flags))


def _why_not(one: Candidate, thing: Thing) -> Message | None:
    if one.impossible == REFUSED and one.verdict is not None:
        return _why_refused(one.verdict)
    if one.impossible is not None:
        return message("why-impossible", reason=one.impossible)
    best = thing.believed[0]
    if one is best or thing.rule.how is How.UNION:
        return None
    if plain(one.value) == plain(best.value):
        return message("why-same")
    if best.record.source == CURATOR:
        return message("why-curator")
    return _why_weaker(one, best, thing.rule.how)


def _why_weaker(one: Candidate, best: Candidate, how: How) -> Message:
    if isinstance(one.value, Text) and is_marred(one.value) and not is_marred(best.value):
        return message("why-marred")
    if how is How.PEOPLE and has_initials_only(one.value) and not has_initials_only(best.value):
        return message("why-initials")
    if isinstance(one.value, Text) and one.value.origin is not best.value.origin:
        return message("why-origin", worse=one.value.origin, better=best.value.origin)
    if how is How.ANY:
        return message("why-any")
    if how is How.ACCESS and _tells_less(one.value, best.value):
        return message("why-tells-less")
    is_older = one.record.retrieved_at[:10] < best.record.retrieved_at[:10]
    if one.record.source == best.record.source or (how is How.NEWEST and is_older):
        return message("why-older")
    return message("why-source", worse=one.record.source, better=best.record.source)


def _tells_less(one: OpenAccess, best: OpenAccess) -> bool:
    return (one.url is None, one.status is None) > (best.url is None, best.status is None)


def plain(value: Any) -> str:
    """A value of a record as one line for people."""
    if isinstance(value, Text):
        return value.value
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Locus):
        parts = believable_locus(value)
        return ", ".join(f"{name} {getattr(parts, name)}" for name in _LOCUS_PARTS if getattr(parts, name))
    if isinstance(value, OpenAccess):
        return access_line(value, "en")
    if isinstance(value, Contributor):
        return f"{value.name} ({value.name_zh})" if value.name_zh else value.name
    if isinstance(value, tuple):
        return "; ".join(plain(one) for one in value)
    return str(getattr(value, "title", value)) if not isinstance(value, str) else value
