"""`merge(records, policy) -> Work`: the one pure function that makes a work out of what was said of it.

`rank` puts all that was said of one thing (the English title, the locus, the citation count) in order of
belief; `merge` takes the first, `explain` tells the whole order. So what is explained is what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from msgspec.structs import replace

from harvester.authorship import Authorship, complete
from harvester.candidates import Candidate, Thing
from harvester.judging import checks_of, judged
from harvester.language import is_chinese
from harvester.model import Claim, Container, Identifier, Locus, Origin, Record, Scheme, Text, Work
from harvester.overrides import in_force, overrides_of
from harvester.policy import (
    CURATOR,
    RULES,
    How,
    MergePolicy,
    Rule,
    has_initials_only,
    impossible_locus_part,
    is_marred,
)
from harvester.relations import united
from harvester.text import compare_key

DEFAULT_POLICY: Final = MergePolicy()
JOINED: Final = "joined by name or place in the list"
CORRECTED: Final = "a person's correction"
_PARTS: Final = ("volume", "issue", "pages")
_DOCUMENTS: Final = frozenset({"document", "aggregator", CURATOR})  # do not say of which day a count is


def union(*sets: Iterable[Record]) -> frozenset[Record]:
    """All that was said, once each: commutative, associative, idempotent."""
    return frozenset(record for one in sets for record in one)


def rank(records: Iterable[Record], policy: MergePolicy = DEFAULT_POLICY) -> tuple[Thing, ...]:
    """Everything that `records` say, thing by thing, each in order of belief; blind to their order."""
    keyed = sorted(
        ((one.fingerprint(), one) for one in in_force(records)),
        key=lambda pair: (pair[0], pair[1].retrieved_at),
    )
    things = tuple(thing for rule in RULES for thing in _things(rule, keyed, policy))
    refused = {one for _, record in keyed for one in record.refuses}
    return judged(things, policy, refused)


def _things(rule: Rule, keyed: Sequence[tuple[str, Record]], policy: MergePolicy) -> Iterator[Thing]:
    field = rule.field
    if rule.how is not How.TEXT:
        said = [
            _candidate(rule, value, one, key)
            for key, one in keyed
            if (value := getattr(one, field)) is not None and value != ()
        ]
        if said:
            yield _thing(rule, None, said, policy)
        return
    texts: dict[str, list[Candidate]] = {}
    for key, one in keyed:
        for text in getattr(one, field):
            texts.setdefault(text.language, []).append(_candidate(rule, text, one, key))
    for language, said in sorted(texts.items()):
        yield _thing(rule, language, said, policy)


def _candidate(rule: Rule, value: Any, record: Record, key: str) -> Candidate:
    # What a person corrected was judged when she did it; it stands whatever becomes of the policy.
    return Candidate(value, record, key, None if record.corrects else rule.impossible(value, record))


def _thing(rule: Rule, language: str | None, judged: list[Candidate], policy: MergePolicy) -> Thing:
    if len(judged) > 1:
        judged.sort(key=lambda one: one.record.retrieved_at, reverse=True)
        judged.sort(key=_order_of_belief(rule.how, policy))
        _promote(judged, rule.how)
    believed = tuple(one for one in judged if one.impossible is None)
    return Thing(rule.field, language, rule, tuple(judged), believed)


def _promote(ordered: list[Candidate], how: How) -> None:
    """Put in front what says the same as the most believed candidate, and says it better."""
    best = ordered[0]
    if how is How.TEXT and is_marred(best.value):
        key = compare_key(best.value.value)
        better = (one for one in ordered[1:] if not is_marred(one.value) and _repeats(one, key))
    elif how is How.PEOPLE and has_initials_only(best.value):
        count = len(best.value)
        better = (one for one in ordered[1:] if len(one.value) == count and not has_initials_only(one.value))
    else:
        return
    chosen = next((one for one in better if one.impossible is None), None)
    if chosen is not None and best.impossible is None and best.record.source != CURATOR:
        ordered.remove(chosen)
        ordered.insert(0, chosen)


def _repeats(one: Candidate, key: str) -> bool:
    """Whether a text says the same, or goes on where the other breaks off; never a machine's."""
    return one.value.origin is not Origin.MACHINE and compare_key(one.value.value).startswith(key)


def _order_of_belief(how: How, policy: MergePolicy) -> Callable[[Candidate], tuple[Any, ...]]:
    def source(one: Candidate) -> int:
        return policy.source_rank(one.record.source)

    orders: dict[How, Callable[[Candidate], tuple[Any, ...]]] = {
        How.TEXT: lambda one: (
            one.record.source != CURATOR,
            policy.origins.index(one.value.origin),
            source(one),
        ),
        How.NEWEST: lambda one: (one.record.source != CURATOR, *_newest_first(one.record), source(one)),
        How.ACCESS: lambda one: (
            one.record.source != CURATOR,
            one.value.url is None,
            one.value.status is None,
            source(one),
        ),
        How.ANY: lambda one: (one.record.source != CURATOR, not one.value, source(one)),
    }
    best_source: Callable[[Candidate], tuple[Any, ...]] = lambda one: (source(one),)  # noqa: E731
    chosen = orders.get(how, best_source)
    return lambda one: (
        one.impossible is not None,
        not one.record.corrects,
        *(_latest_first(one.record) if one.record.corrects else chosen(one)),
    )


def _latest_first(record: Record) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in record.retrieved_at)


def _newest_first(record: Record) -> tuple[bool, tuple[int, ...]]:
    # Two services asked in one night are equally new; a document does not say of which day its count is.
    day = record.retrieved_at[:10]
    return record.source in _DOCUMENTS, tuple(-ord(letter) for letter in day)


def merge(records: Iterable[Record], policy: MergePolicy = DEFAULT_POLICY) -> Work:
    """The work that `records` describe. Pure, blind to their order and to repetition.

    Raises ValueError where there is no record: nothing was said, so there is no work.
    """
    said = union(records)
    if not said:
        raise ValueError("a work is made of at least one record")
    things = rank(said, policy)
    fields: dict[str, Any] = {}
    claims: list[Claim] = []
    for thing in things:
        if not thing.believed:
            continue
        value = _survivor(thing)
        is_text = thing.rule.how is How.TEXT
        fields[thing.field] = (*fields.get(thing.field, ()), value) if is_text else value
        claims += _claims(thing, value)
    for name in ("titles", "abstracts"):
        fields[name] = _in_order_of_belief(name, things, fields.get(name, ()), policy)
    fields["language"] = fields.get("language") or _only_language(fields["titles"] or fields["abstracts"])
    identifiers = _identifiers(said, policy)
    fields["relations"] = united(fields.get("relations", ()), identifiers)
    claims += _identifier_claims(said, identifiers, policy)
    fields["checks"] = tuple(checks_of(things))
    fields["overrides"] = overrides_of(said)
    return Work(**fields, identifiers=identifiers, provenance=tuple(sorted(claims, key=_claim_order)))


def _identifiers(records: Iterable[Record], policy: MergePolicy) -> tuple[Identifier, ...]:
    """All identifiers, scheme by scheme; a DOI that a source files the work under before its aliases.

    What is about another record identifies nothing: that one may have become another work since.
    """
    keys = {record.source_key for record in records}
    found = {one for record in records if record.about is None for one in record.identifiers}
    found -= {Identifier(Scheme.DOI, doi) for doi in policy.disbelieved}
    schemes = list(Scheme)
    return tuple(sorted(found, key=lambda one: (schemes.index(one.scheme), one.value not in keys, one.value)))


def _claim_order(claim: Claim) -> tuple[str, str]:
    return claim.column, claim.record


def _survivor(thing: Thing) -> Any:
    best = thing.believed[0].value
    if thing.rule.how is How.PEOPLE:
        return authorship(thing).contributors
    if thing.rule.how is How.WHOLE:
        return _locus(thing)
    if thing.rule.how is How.UNION:
        return tuple(dict.fromkeys(item for one in thing.believed for item in one.value))
    return _container(thing) if thing.field == "container" else best


def authorship(thing: Thing) -> Authorship:
    """The believed author list, completed from the others; a person's correction stays as she wrote it."""
    best, *others = thing.believed
    if best.record.corrects:
        # She corrects the authors; editors and translators stay.
        told = next((one.value for one in others if not one.record.corrects), ())
        return Authorship((*best.value, *(one for one in told if one.role != "author")), ())
    is_corrected = best.record.source == CURATOR
    return complete(best.value, [] if is_corrected else [one.value for one in others])


def _container(thing: Thing) -> Container:
    """The best source's container; a person who corrects its title leaves it its ISSNs and abbreviation."""
    best: Container = thing.believed[0].value
    base = next((one.value for one in thing.believed if not one.record.corrects), best)
    return best if base is best else replace(base, title=best.title, title_zh=best.title_zh or base.title_zh)


def _locus(thing: Thing) -> Locus:
    """The best source's locus, completed; of what a person corrects only that part is another one."""
    told = [believable_locus(one.value) for one in thing.believed if not one.record.corrects]
    locus = _complete(told) if told else Locus()
    for one in reversed(thing.believed):
        if one.record.corrects in _PARTS:
            locus = replace(locus, **{one.record.corrects: getattr(one.value, one.record.corrects)})
    return locus


@lru_cache(maxsize=1024)  # it is asked for each part whose claim is told
def believable_locus(locus: Locus) -> Locus:
    """The parts of `locus` that can be true."""
    kept = {
        part: value
        for part in _PARTS
        if (value := getattr(locus, part)) is not None and impossible_locus_part(part, value) is None
    }
    return Locus(**kept)


def _complete(loci: Sequence[Locus]) -> Locus:
    """The first locus, with gaps filled by later ones that say the same where both say something.

    Volume, issue and pages of different sources are never mixed on trust: the filler must agree on at
    least one part and contradict none.
    """
    best = loci[0]
    for other in loci[1:]:
        if _agree(best, other):
            best = Locus(
                volume=best.volume or other.volume,
                issue=best.issue or other.issue,
                pages=best.pages or other.pages,
            )
    return best


def _agree(one: Locus, other: Locus) -> bool:
    pairs = [(getattr(one, part), getattr(other, part)) for part in _PARTS]
    both = [(mine, theirs) for mine, theirs in pairs if mine and theirs]
    return bool(both) and all(mine == theirs for mine, theirs in both)


def _in_order_of_belief(
    name: str, things: Sequence[Thing], kept: tuple[Text, ...], policy: MergePolicy
) -> tuple[Text, ...]:
    """`kept` so that among scripts of one language the best believed comes first."""
    if len(kept) < 2:
        return kept
    order = {one.language: one.believed[0] for one in things if one.field == name and one.believed}
    how = _order_of_belief(How.TEXT, policy)
    return tuple(sorted(kept, key=lambda text: (how(order[text.language]), text.language)))


def _only_language(texts: Sequence[Text]) -> str | None:
    languages = {text.language.split("-")[0] for text in texts}
    return languages.pop() if len(languages) == 1 and languages.isdisjoint({"und", "mul"}) else None


def _claims(thing: Thing, value: Any) -> Iterator[Claim]:
    rule = CORRECTED if thing.believed[0].record.corrects else str(thing.rule.how)
    if thing.rule.how is How.UNION:
        yield from (Claim(thing.field, one.key, rule) for one in thing.believed)
    elif thing.rule.how is How.WHOLE:
        for part in _PARTS:
            first = next((one for one in thing.believed if _says(one, part, value)), None)
            if first is not None:
                yield Claim(part, first.key, CORRECTED if first.record.corrects else str(thing.rule.how))
    else:
        name = f"{thing.field[:-1]}_{thing.language}" if thing.language else thing.field
        yield Claim(name, thing.believed[0].key, rule)
    if thing.rule.how is How.PEOPLE:
        gifts = authorship(thing).gifts if len(thing.believed) > 1 else ()
        given = sorted({(one.field, thing.believed[one.giver + 1].key) for one in gifts})
        yield from (Claim(f"{thing.field}_{field}", key, JOINED) for field, key in given)


def _says(one: Candidate, part: str, value: Locus) -> bool:
    told = one.value if one.record.corrects else believable_locus(one.value)
    said = getattr(told, part)
    return said is not None and said == getattr(value, part)


def _identifier_claims(
    records: Iterable[Record], identifiers: Sequence[Identifier], policy: MergePolicy
) -> Iterator[Claim]:
    keyed = ((policy.source_rank(one.source), one.fingerprint(), one) for one in records if one.about is None)
    best_first = sorted(keyed, key=lambda entry: entry[:2])
    for identifier in identifiers:
        key = next(key for _, key, one in best_first if identifier in one.identifiers)
        yield Claim(str(identifier.scheme), key, "best source that states it")


def best_text(texts: Sequence[Text], *, chinese: bool) -> Text | None:
    """The Chinese or the English one of a work's `texts`, which are in order of belief."""
    wanted = (text for text in texts if (is_chinese(text.language) if chinese else text.language == "en"))
    return next(wanted, None)


def own_title(work: Work) -> Text | None:
    """The title in the work's own language; where that is not known, the most believed one."""
    own = (text for text in work.titles if text.language.split("-")[0] == work.language)
    return next(own, work.titles[0] if work.titles else None)


def identifier_of(work: Work, scheme: Scheme) -> str | None:
    """The first identifier of a scheme, None where the work has none."""
    return next((one.value for one in work.identifiers if one.scheme is scheme), None)
