"""Translations on trial: a stale one is not believed, and one that the checks reject is never shown.

A machine's, an aggregator's or an unknown hand's translation is refused where the checks reject it. What the
publisher, the author or a person wrote stays, with the verdict beside it for whoever reviews.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from msgspec.structs import replace

from harvester.candidates import Candidate, Thing, with_candidates
from harvester.language import is_chinese
from harvester.model import Origin, TextCheck
from harvester.policy import CURATOR, How, MergePolicy
from harvester.quality import Field, Status, Verdict, check
from harvester.text import text_hash

REFUSED: Final = "is refused by the checks"
_BY_A_PERSON: Final = "was rejected by a person"
_STALE: Final = "translates what its original no longer says"
_REFUSABLE: Final = frozenset({Origin.MACHINE, Origin.AGGREGATOR, Origin.UNKNOWN})
_FIELDS: Final[dict[str, Field]] = {"titles": "title", "abstracts": "abstract"}


def judged(things: Sequence[Thing], policy: MergePolicy, refused: Container[str] = ()) -> tuple[Thing, ...]:
    """The things with every translation between English and Chinese held against its original.

    `refused` are hashes of texts that a person rejected.
    """
    current = _without_stale(_without_refused(things, refused))
    own = next((one.believed[0].value for one in current if one.field == "language" and one.believed), None)
    found = list(current)
    for field in _FIELDS:
        places = [place for place, one in enumerate(found) if one.field == field and one.believed]
        english = [place for place in places if found[place].language == "en"]
        chinese = [place for place in places if is_chinese(found[place].language or "")]
        if english and chinese:
            _judge_pair(found, english[0], chinese, own, policy)
    return tuple(found)


def _judge_pair(
    found: list[Thing], english: int, chinese: Sequence[int], own: str | None, policy: MergePolicy
) -> None:
    """Judge the English thing by the best Chinese one, or each Chinese one by the English one."""
    best = min(chinese, key=lambda place: (_rank(found[place], policy), place))
    is_chinese_own = own == "zh" or (
        own != "en" and _rank(found[best], policy) < _rank(found[english], policy)
    )
    pairs = [(best, english)] if is_chinese_own else [(english, place) for place in chinese]
    for original, translation in pairs:
        found[translation] = _judged(found[original].believed[0], found[translation], policy)


def _rank(thing: Thing, policy: MergePolicy) -> int:
    return policy.origins.index(thing.believed[0].value.origin)


def _judged(original: Candidate, thing: Thing, policy: MergePolicy) -> Thing:
    """The translations down to the first that may be shown, each with its verdict."""
    tried: list[Candidate] = []
    for place, one in enumerate(thing.believed):
        tried.append(_with_verdict(one, original, thing, policy))
        if tried[-1].impossible is None:
            tried += thing.believed[place + 1 :]
            break
    return with_candidates(thing, [*tried, *thing.candidates[len(thing.believed) :]])


def _with_verdict(one: Candidate, original: Candidate, thing: Thing, policy: MergePolicy) -> Candidate:
    text = one.value
    verdict = policy.verdicts.get((_FIELDS[thing.field], one.key, text.value)) or _verdict(
        original.value.value, text.value, _FIELDS[thing.field], text.origin, policy.lexicon
    )
    is_refused = (
        verdict.status is Status.REJECT and text.origin in _REFUSABLE and one.record.source != CURATOR
    )
    return replace(one, verdict=verdict, impossible=REFUSED if is_refused else one.impossible)


@lru_cache(maxsize=512)  # some kilobytes of text each
def _verdict(original: str, translation: str, field: Field, origin: Origin, lexicon: Any) -> Verdict:
    # A work is merged again whenever it is touched or shown; its texts seldom change.
    return check(original, translation, field=field, origin=origin, lexicon=lexicon() if lexicon else None)


def checks_of(things: Sequence[Thing]) -> Iterator[TextCheck]:
    """Every verdict, shown or refused, in the order of the things."""
    for thing in things:
        for one in thing.candidates:
            if one.verdict is not None and thing.language is not None:
                yield TextCheck(
                    field=_FIELDS[thing.field],
                    language=thing.language,
                    record=one.key,
                    status=str(one.verdict.status),
                    score=round(one.verdict.score, 4),
                    flags=tuple((flag.key, flag.tokens) for flag in one.verdict.flags),
                    text=one.value.value,
                    origin=one.value.origin,
                    is_shown=bool(thing.believed) and one is thing.believed[0],
                )


# -- refused by a person, and stale ones ----------------------------------------------------------------------------------------------


def _without_refused(things: Sequence[Thing], refused: Container[str]) -> tuple[Thing, ...]:
    if not refused:
        return tuple(things)
    return tuple(_spared(one, refused) if one.rule.how is How.TEXT else one for one in things)


def _spared(thing: Thing, refused: Container[str]) -> Thing:
    judged_ones = [
        replace(one, impossible=_BY_A_PERSON)
        if text_hash(one.value.value) in refused and not one.record.corrects
        else one
        for one in thing.candidates
    ]
    return with_candidates(thing, judged_ones)


def _without_stale(things: Sequence[Thing]) -> tuple[Thing, ...]:
    """The things with machine translations disbelieved whose original says something else by now."""
    hashes: dict[str, set[str]] = {}
    for thing in things:
        is_text = thing.rule.how is How.TEXT
        first = next((one for one in thing.believed if is_text and not _is_machine(one)), None)
        if first is not None:
            hashes.setdefault(thing.field, set()).add(text_hash(first.value.value))
    return tuple(_current(thing, hashes.get(thing.field, set())) for thing in things)


def _is_machine(one: Candidate) -> bool:
    return one.value.origin is Origin.MACHINE


def _current(thing: Thing, hashes: Container[str]) -> Thing:
    if thing.rule.how is not How.TEXT or not any(map(_is_machine, thing.candidates)):
        return thing
    return with_candidates(
        thing,
        [replace(one, impossible=_STALE) if _is_stale(one, hashes) else one for one in thing.candidates],
    )


def _is_stale(one: Candidate, hashes: Container[str]) -> bool:
    translates = one.value.translates
    return _is_machine(one) and one.impossible is None and bool(translates) and translates not in hashes
