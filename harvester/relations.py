"""How works hang together: what services call it, brought to one set of kinds, and who says what.

Citations are no relations here: there are thousands, and other services count them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from harvester import identifiers
from harvester.errors import InvalidIdentifier
from harvester.model import Identifier, PartialDate, Record, Relation, Scheme
from harvester.model import RelationKind as Kind

_CAP: Final = 100  # of one kind: a collection's parts may be thousands
_SHAPES: Final = {"pmid": "PMID:{}", "pmcid": "PMC{}", "arxiv": "arXiv:{}"}
_ADDRESSES: Final = frozenset({"url", "uri", "purl", "w3id"})
_REGISTERS: Final = {"MED": Scheme.PMID, "PMC": Scheme.PMCID, "PPR": Scheme.PPR}  # of Europe PMC
_SOFT_WORD = re.compile(r"[\W_]+")

# Crossref's and DataCite's words, without what stands between them ("is-preprint-of", "IsPreprintOf").
_WORDS: Final[dict[str, Kind]] = {_SOFT_WORD.sub("", kind): kind for kind in Kind} | {
    "isreplacedby": Kind.IS_PREVIOUS_VERSION_OF,
    "replaces": Kind.IS_NEW_VERSION_OF,
    "isobsoletedby": Kind.IS_PREVIOUS_VERSION_OF,
    "obsoletes": Kind.IS_NEW_VERSION_OF,
    "issameas": Kind.IS_IDENTICAL_TO,
    "iscommenton": Kind.COMMENTS_ON,
    "hascomment": Kind.IS_COMMENTED_ON_BY,
    "isreviewof": Kind.REVIEWS,
    "hasreview": Kind.IS_REVIEWED_BY,
    "hasderivation": Kind.IS_SOURCE_OF,
    "ispublishedin": Kind.IS_PART_OF,
}

# Crossref's notices as the work sees them that they are about; the notice itself is the inverse.
_NOTICES: Final[dict[str, Kind]] = {
    "retraction": Kind.IS_RETRACTED_BY,
    "withdrawal": Kind.IS_RETRACTED_BY,
    "removal": Kind.IS_RETRACTED_BY,
    "partialretraction": Kind.IS_PARTIALLY_RETRACTED_BY,
    "expressionofconcern": Kind.HAS_EXPRESSION_OF_CONCERN,
    "concern": Kind.HAS_EXPRESSION_OF_CONCERN,
    "correction": Kind.IS_CORRECTED_BY,
    "corrigendum": Kind.IS_CORRECTED_BY,
    "erratum": Kind.IS_CORRECTED_BY,
    "err": Kind.IS_CORRECTED_BY,
    "newversion": Kind.IS_PREVIOUS_VERSION_OF,
    "newedition": Kind.IS_PREVIOUS_VERSION_OF,
}

# MEDLINE's words: "RetractionIn" at PubMed, "Retraction in" at Europe PMC.
_MEDLINE: Final[dict[str, Kind]] = {
    "retractionin": Kind.IS_RETRACTED_BY,
    "retractionof": Kind.RETRACTS,
    "partialretractionin": Kind.IS_PARTIALLY_RETRACTED_BY,
    "partialretractionof": Kind.PARTIALLY_RETRACTS,
    "retractedandrepublishedin": Kind.IS_RETRACTED_BY,
    "retractedandrepublishedfrom": Kind.RETRACTS,
    "expressionofconcernin": Kind.HAS_EXPRESSION_OF_CONCERN,
    "expressionofconcernfor": Kind.EXPRESSES_CONCERN_ABOUT,
    "erratumin": Kind.IS_CORRECTED_BY,
    "erratumfor": Kind.CORRECTS,
    "correctedandrepublishedin": Kind.IS_CORRECTED_BY,
    "correctedandrepublishedfrom": Kind.CORRECTS,
    "preprintin": Kind.HAS_PREPRINT,
    "preprintof": Kind.IS_PREPRINT_OF,
    "updatein": Kind.IS_PREVIOUS_VERSION_OF,
    "updateof": Kind.IS_NEW_VERSION_OF,
    "republishedin": Kind.IS_REPUBLISHED_IN,
    "republishedfrom": Kind.REPUBLISHES,
    "reprintin": Kind.IS_REPUBLISHED_IN,
    "reprintof": Kind.REPUBLISHES,
    "summaryforpatientsin": Kind.HAS_SUMMARY,
    "originalreportin": Kind.IS_SUMMARY_OF,
    "commentin": Kind.IS_COMMENTED_ON_BY,
    "commenton": Kind.COMMENTS_ON,
}


def kind_of(word: str) -> Kind | None:
    """The kind that Crossref or DataCite names "is-preprint-of" or "IsPreprintOf"; None for other words."""
    return _WORDS.get(_SOFT_WORD.sub("", word.casefold()))


def notice_kind(word: str, *, is_notice: bool) -> Kind:
    """What a work is to a notice of Crossref's type `word`; what the notice is to it where it `is_notice`."""
    kind = _NOTICES.get(_SOFT_WORD.sub("", word.casefold()), Kind.HAS_NOTICE)
    return kind.inverse if is_notice else kind


def medline_kind(word: str) -> Kind | None:
    """The kind that MEDLINE names "RetractionIn" or "Retraction in"; None for other words."""
    return _MEDLINE.get(_SOFT_WORD.sub("", word.casefold()))


def pointing(kind: Kind, scheme: str, value: str) -> Relation:
    """A relation to the work that `value` identifies in a source's `scheme` ("doi", "PMID", "URL", "ISBN")."""
    word = scheme.casefold()
    found = _identified(word, value)
    if found is not None:
        return Relation(kind, found)
    return Relation(kind, reference=value if word in _ADDRESSES else f"{word}:{value}")


def pointing_into(kind: Kind, register: str, number: str) -> Relation:
    """A relation to an entry of one of Europe PMC's registers ("MED", "123")."""
    scheme = _REGISTERS.get(register)
    if scheme is None or not number.removeprefix(register).isdigit():
        return Relation(kind, reference=f"{register}:{number}")
    return Relation(kind, Identifier(scheme, number))


def cited(kind: Kind, reference: str) -> Relation:
    """A relation to the work of a citation line: by the DOI that stands in it, if it holds just one."""
    dois = [one for one in identifiers.find(reference) if one.scheme is Scheme.DOI]
    return Relation(kind, dois[0] if len(dois) == 1 else None, reference)


def _identified(word: str, value: str) -> Identifier | None:
    try:
        if word == "doi":
            return identifiers.parse_doi(value)
        if word in _SHAPES or word in _ADDRESSES:
            return identifiers.parse(_SHAPES.get(word, "{}").format(value.removeprefix("PMC")))
    except InvalidIdentifier:
        return None
    return None


def tidy(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """Each relation once, by kind and by what it points to; at most 100 of a kind."""
    kept: list[Relation] = []
    counts: dict[Kind, int] = {}
    for one in sorted(set(relations), key=_order):
        counts[one.kind] = counts.get(one.kind, 0) + 1
        if counts[one.kind] <= _CAP:
            kept.append(one)
    return tuple(kept)


def _order(one: Relation) -> tuple[Any, ...]:
    to = (one.to.scheme, one.to.value) if one.to else ("", "")
    return (
        _KINDS.index(one.kind),
        to,
        one.reference or "",
        one.asserted_by or "",
        str(one.date),
        one.label or "",
    )


_KINDS: Final = tuple(Kind)
_OF_NOTICES: Final = frozenset({*_NOTICES.values(), *(kind.inverse for kind in _NOTICES.values())})
_RETRACTING: Final = frozenset({Kind.IS_RETRACTED_BY, Kind.RETRACTS})
_MONTHS: Final = 6


def is_retracted(relations: Iterable[Relation]) -> bool | None:
    """True where a notice retracts the work; a correction, a concern or a part retracted says nothing."""
    return True if any(one.kind is Kind.IS_RETRACTED_BY for one in relations) else None


def united(relations: Iterable[Relation], own: Iterable[Identifier]) -> tuple[Relation, ...]:
    """Each relation once, from statements in order of belief, and none of a work to itself.

    Statements that differ only in date, label or the words of the reference are one: the first is believed.
    """
    itself = frozenset(own)
    found: dict[tuple[Any, ...], Relation] = {}
    for one in relations:
        if one.to is None or one.to not in itself:
            found.setdefault(_statement(one), one)
    return tuple(sorted(found.values(), key=_order))


def _statement(one: Relation) -> tuple[Any, ...]:
    return one.kind, one.to, one.asserted_by, None if one.to else one.reference


def by_work(relations: Iterable[Relation]) -> list[tuple[Relation, ...]]:
    """Relations of one kind, those to the same work together, in their order.

    The same is what has the same identifier, and what is told by a PubMed id with a citation line that names the other
    one's DOI. A notice that one service tells by its DOI and another by its PubMed id is one, too, where neither tells of a
    second one and their days agree as far as both know them; of retractions, where nothing speaks against it.
    """
    groups: list[list[Relation]] = []
    for one in relations:
        same = next((group for group in groups if any(_is_same(one, each) for each in group)), None)
        groups.append([one]) if same is None else same.append(one)
    if len(groups) == 2 and _may_be_one(*groups):
        groups = [groups[0] + groups[1]]
    return [tuple(group) for group in groups]


def _is_same(one: Relation, other: Relation) -> bool:
    return (one.to is not None and one.to == other.to) or _names(one, other) or _names(other, one)


def _names(one: Relation, other: Relation) -> bool:
    """Whether the citation line of one holds the DOI of the other."""
    if one.to is None or other.to is None or other.to.scheme is not Scheme.DOI or not one.reference:
        return False
    return one.to.scheme is not Scheme.DOI and other.to in identifiers.find(one.reference)


def _may_be_one(some: Iterable[Relation], others: Iterable[Relation]) -> bool:
    """Whether two notices, told under one scheme each, can be taken for one."""
    told = [{one.to.scheme for one in group if one.to} for group in (some, others)]
    if {Scheme.DOI} not in told or ({Scheme.PMID} not in told and {Scheme.PMCID} not in told):
        return False
    days = [{one.date for one in group if one.date} for group in (some, others)]
    agree = [_agree(day, another) for day in days[0] for another in days[1]]
    kinds = {one.kind for one in (*some, *others)}
    return all(agree) and (bool(agree) or kinds <= _RETRACTING) and kinds <= _OF_NOTICES


def _agree(day: PartialDate, other: PartialDate) -> bool:
    """Whether two dates are one, as far as both are known; a printed notice follows its DOI by months."""
    return abs((day.year * 12 + (day.month or 6)) - (other.year * 12 + (other.month or 6))) <= _MONTHS


class Said(NamedTuple):
    """A relation as one source says it; `record` is the fingerprint of its newest record that does."""

    relation: Relation
    source: str
    day: str
    record: str


def who_says(relations: Iterable[Relation], records: Iterable[Record]) -> list[Said]:
    """Every source's newest statement of each of a work's `relations`, in their order, sources by name."""
    keyed = [(one.retrieved_at, one.fingerprint(), one) for one in records if one.relations]
    newest: dict[tuple[Any, ...], dict[str, Said]] = {}
    for at, key, record in sorted(keyed, key=lambda entry: entry[:2], reverse=True):
        for one in record.relations:
            said = Said(one, record.source, at[:10], key)
            newest.setdefault(_statement(one), {}).setdefault(record.source, said)
    return [said for one in relations for _, said in sorted(newest.get(_statement(one), {}).items())]
