"""How a work stands: how often it is cited, where it is free, what was retracted or corrected, and who says so.

Lines for people, in English or Chinese; values are as harvested, so whoever prints them makes them safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from harvester.identifiers import doi_url
from harvester.messages import Lang, term
from harvester.model import Identifier, OpenAccess, Record, Relation, Scheme, Work
from harvester.relations import by_work, who_says

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
        of_kind = by_work(one for one in work.relations if one.kind is kind)
        lines = [_with_sources(one, records, lang) for one in of_kind[:_SHOWN]]
        lines += [f"… (+{len(of_kind) - _SHOWN})"] if len(of_kind) > _SHOWN else []
        yield kind, "\n".join(lines)


def _with(value: str, record: Record | None) -> str:
    return value if record is None else f"{value} ({record.source}, {record.retrieved_at[:10]})"


def _with_sources(same: Sequence[Relation], records: Iterable[Record], lang: Lang) -> str:
    said = dict.fromkeys(f"{each.source}, {each.day}" for each in who_says(same, records))
    return relations_line(same, lang) + (f" ({'; '.join(said)})" if said else "")


def access_line(access: OpenAccess, lang: Lang) -> str:
    """Status, licence, host and version, and below them the address."""
    known = (access.status, access.licence, access.host, access.version)
    words = ", ".join(term(one, lang) for one in known if one)
    return "\n".join(filter(None, (words, access.url)))


def relation_line(one: Relation, lang: Lang) -> str:
    """The other work, and of a notice its day, its name and who stands behind it."""
    return relations_line([one], lang)


def relations_line(same: Sequence[Relation], lang: Lang) -> str:
    """The same of relations to one work: all its identifiers, and what is told of it, each once."""
    identified = dict.fromkeys(_shown(one.to) for one in same if one.to)
    reference = next((one.reference for one in same if one.reference), None)
    day = max((str(one.date) for one in same if one.date), key=len, default=None)
    told = [day, *(one.label for one in same), *(term(one.asserted_by or "", lang) for one in same)]
    other = ": ".join(filter(None, [", ".join(identified), reference]))
    return ", ".join(filter(None, dict.fromkeys([other, *told])))


def _shown(to: Identifier) -> str:
    return doi_url(to.value) if to.scheme is Scheme.DOI else f"{to.scheme}:{to.value}"
