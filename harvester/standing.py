"""How a work stands: how often it is cited, where it is free, what was retracted or corrected, and who says so.

Lines for people, in English or Chinese; values are as harvested, so whoever prints them makes them safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from harvester.identifiers import doi_url
from harvester.messages import Lang, term
from harvester.model import Identifier, OpenAccess, Record, Relation, Scheme, Work
from harvester.relations import who_says

_SHOWN = 10  # works of one kind


def standing(work: Work, records: Sequence[Record], lang: Lang) -> Iterator[tuple[str, str]]:
    """(name of a field or a kind of relation, its lines), each with the source and the day where `records` tell."""
    by_key = {one.fingerprint(): one for one in records}
    told = {claim.column: by_key.get(claim.record) for claim in work.provenance}
    if work.open_access is not None:
        yield "oa_url", _with(access_line(work.open_access, lang), told.get("open_access"))
    if work.citation_count is not None:
        yield "citation_count", _with(str(work.citation_count), told.get("citation_count"))
    if work.retracted:
        yield "retracted", _with(term("yes", lang), told.get("retracted"))
    for kind in dict.fromkeys(one.kind for one in work.relations):
        of_kind = [one for one in work.relations if one.kind is kind]
        lines = [_with_sources(one, records, lang) for one in of_kind[:_SHOWN]]
        lines += [f"… (+{len(of_kind) - _SHOWN})"] if len(of_kind) > _SHOWN else []
        yield kind, "\n".join(lines)


def _with(value: str, record: Record | None) -> str:
    return value if record is None else f"{value} ({record.source}, {record.retrieved_at[:10]})"


def _with_sources(one: Relation, records: Iterable[Record], lang: Lang) -> str:
    said = [f"{each.source}, {each.day}" for each in who_says([one], records)]
    return relation_line(one, lang) + (f" ({'; '.join(said)})" if said else "")


def access_line(access: OpenAccess, lang: Lang) -> str:
    """Status, licence, host and version, and below them the address."""
    known = (access.status, access.licence, access.host, access.version)
    words = ", ".join(term(one, lang) for one in known if one)
    return "\n".join(filter(None, (words, access.url)))


def relation_line(one: Relation, lang: Lang) -> str:
    """The other work, and of a notice its day, its name and who stands behind it."""
    told = [str(one.date) if one.date else None, one.label, term(one.asserted_by or "", lang)]
    return ", ".join(filter(None, [_other(one), *told]))


def _other(one: Relation) -> str:
    return ": ".join(filter(None, [_shown(one.to) if one.to else None, one.reference]))


def _shown(to: Identifier) -> str:
    return doi_url(to.value) if to.scheme is Scheme.DOI else f"{to.scheme}:{to.value}"
