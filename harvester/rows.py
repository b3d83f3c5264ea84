"""A work as rows of the library file: pure, and the only place that knows which column holds what."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct

from harvester.language import script
from harvester.merge import best_text, identifier_of, own_title
from harvester.model import COLUMNS, Contributor, Record, Scheme, Text, TextCheck, Work
from harvester.name_words import name_words
from harvester.quality import Flag, Status, Verdict
from harvester.relations import Said, who_says
from harvester.sections import rows_of_sections
from harvester.text import search_text

WORK_COLUMNS: Final = tuple(
    column.name
    for column in COLUMNS
    if column.name not in {"work_id", "revision", "created_at", "updated_at"}
)


Row = tuple[Any, ...]
_json: Final = json.JSONEncoder(ensure_ascii=False).encode


class WorkRows(Struct, frozen=True):
    """A work as rows, table by table, without its id.

    `fingerprint` is equal exactly where the works are. A row that belongs to a record ends in that record's fingerprint.
    """

    fingerprint: bytes
    work: Row  # in the order of WORK_COLUMNS
    search: Row
    search_rest: Row  # of `search` what `works` does not hold
    texts: list[Row]
    checks: list[Row]
    claims: list[Row]
    contributors: list[Row]
    affiliations: list[Row]
    identifiers: list[Row]
    relations: list[Row]
    overrides: list[Row]


def fingerprint_of(work: Work) -> bytes:
    """16 bytes that are equal exactly where two works are."""
    return hashlib.blake2b(msgspec.json.encode(work), digest_size=16).digest()


def rows_of(work: Work, records: Iterable[Record], fingerprint: bytes | None = None) -> WorkRows:
    """All rows of `work`, which `records` say; its `fingerprint` where that was counted before."""
    row, search = work_row(work), search_row(work)
    said = relation_rows(work, records) if work.relations else []
    return WorkRows(
        fingerprint=fingerprint or fingerprint_of(work),
        work=tuple(row[column] for column in WORK_COLUMNS),
        search=search,
        search_rest=_search_rest(search, row),
        texts=list(_text_rows(work, row)),
        checks=list(_check_rows(work, records)) if work.checks else [],
        claims=_claims(work, row),
        contributors=list(contributor_rows(work)),
        affiliations=list(enumerate(work.affiliations)),
        identifiers=[(str(one.scheme), one.value) for one in work.identifiers],
        relations=[(*each, key) for each, key in said],
        overrides=[(one.field, one.value, one.by, one.why, one.at, one.record) for one in work.overrides],
    )


def _text_rows(work: Work, row: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of `texts`; the text is None where it stands in `row`, the work's own."""
    sayers = {claim.column: claim.record for claim in work.provenance}
    for text in text_rows(work):
        column = f"{text.field}_{'zh' if text.language.startswith('zh') else 'en'}"
        is_there = text.section is None and text.text == row[column]
        yield (*(text._replace(text=None) if is_there else text), sayers[f"{text.field}_{text.language}"])


def _check_rows(work: Work, records: Iterable[Record]) -> Iterator[Row]:
    """The rows of `text_checks`; the text is None where it stands among the work's texts or in the record that says it."""
    shown = {
        (field, text.language): text.value
        for field, texts in (("title", work.titles), ("abstract", work.abstracts))
        for text in texts
    }
    sayers = {one.fingerprint(): one for one in records}
    for one in work.checks:
        place = None
        is_there = one.is_shown and one.text == shown.get((one.field, one.language))
        if not is_there and one.record in sayers:
            said = sayers[one.record].titles if one.field == "title" else sayers[one.record].abstracts
            place = next((number for number, text in enumerate(said) if text.value == one.text), None)
        text = None if is_there or place is not None else one.text
        yield (*_check_row(one, text, place), one.record)


def _claims(work: Work, row: Mapping[str, Any]) -> list[Row]:
    """(rule, columns, fingerprint of the record), one for every rule by which a record was believed."""
    columns: dict[tuple[str, str], list[str]] = defaultdict(list)
    seen = set[tuple[str, str]]()
    for column, key, rule in claim_rows(work, row):
        if (column, key) not in seen:
            seen.add((column, key))
            columns[rule, key].append(column)
    return [(rule, claimed, key) for (rule, key), claimed in columns.items()]


class TextRow(NamedTuple):
    """One row of `texts`, but for the work and the record it belongs to."""

    field: str
    section: int | None
    language: str
    script: str | None
    text: str | None
    origin: str
    engine: str | None
    model: str | None
    score: float | None = None  # of the checks, on the row of a whole translation
    checks: str | None = None


def work_row(work: Work) -> dict[str, Any]:
    """The columns of `works` that the work itself decides."""
    title_zh = best_text(work.titles, chinese=True)
    abstract_zh = best_text(work.abstracts, chinese=True)
    container, locus = work.container, work.locus
    return {
        "doi": identifier_of(work, Scheme.DOI),
        "title": _value(own_title(work)),
        "title_en": _value(best_text(work.titles, chinese=False)),
        "title_zh": _value(title_zh),
        "abstract_en": _value(best_text(work.abstracts, chinese=False)),
        "abstract_zh": _value(abstract_zh),
        "language": work.language,
        "work_type": work.work_type,
        "issued": str(work.issued) if work.issued else None,
        "year": work.issued.year if work.issued else None,
        "container_title": container.title if container else None,
        "volume": locus.volume if locus else None,
        "issue": locus.issue if locus else None,
        "pages": locus.pages if locus else None,
        "issn": container.issns[0] if container and container.issns else None,
        "publisher": work.publisher,
        "authors": _authors(work),
        "pmid": identifier_of(work, Scheme.PMID),
        "pmcid": identifier_of(work, Scheme.PMCID),
        "is_open_access": work.is_open_access,
        "oa_url": work.oa_url,
        "citation_count": work.citation_count,
        "retracted": work.retracted,
        "title_zh_origin": str(title_zh.origin) if title_zh else None,
        "abstract_zh_origin": str(abstract_zh.origin) if abstract_zh else None,
        **{f"oa_{part}": getattr(work.open_access, part, None) for part in _ACCESS_PARTS},
    }


_ACCESS_PARTS: Final = ("licence", "status", "host", "version")


def _value(text: Text | None) -> str | None:
    return text.value if text else None


def _authors(work: Work) -> str | None:
    authors = [_author(one) for one in work.contributors if one.role == "author"]
    return _json(authors) if authors else None


def _author(one: Contributor) -> dict[str, str | None]:
    return {key: getattr(one, key) for key in ("family", "given", "name", "name_zh", "orcid")}


def text_rows(work: Work) -> Iterator[TextRow]:
    """Every title and abstract, whole (section None); abstracts also section by section.

    One number means one part of the work in every language; a language that has no such part has no row of it.
    """
    shown = {(one.field, one.language): one for one in work.checks if one.is_shown}
    for text in work.titles:
        yield _checked(_text_row("title", None, text, text.value), shown)
    rows = rows_of_sections(work.abstracts)
    for text, sections in zip(work.abstracts, zip(*rows, strict=True) if rows else repeat(()), strict=False):
        yield _checked(_text_row("abstract", None, text, text.value), shown)
        for number, section in enumerate(sections):
            if section is not None:
                yield _text_row("abstract", number, text, section)


def _checked(row: TextRow, shown: Mapping[tuple[str, str], TextCheck]) -> TextRow:
    found = shown.get((row.field, row.language))
    if found is None:
        return row
    verdict = json.dumps({"status": found.status, "reasons": [key for key, _ in found.flags]})
    return row._replace(score=found.score, checks=verdict)


def _text_row(field: str, section: int | None, text: Text, value: str) -> TextRow:
    tag = text.language
    return TextRow(field, section, tag, script(tag), value, str(text.origin), text.engine, text.model)


class CheckRow(NamedTuple):
    """One row of `check_rows`, but for the work and the record it belongs to."""

    field: str
    language: str
    origin: str
    status: str
    score: float
    reasons: str  # [[key, token, ...], ...] as JSON
    text: str | None
    place: int | None
    is_shown: bool


def _check_row(one: TextCheck, text: str | None, place: int | None) -> CheckRow:
    reasons = msgspec.json.encode([(key, *tokens) for key, tokens in one.flags]).decode()
    return CheckRow(
        one.field, one.language, str(one.origin), one.status, one.score, reasons, text, place, one.is_shown
    )


def verdict_of(status: str, score: float, reasons: str) -> Verdict:
    """The verdict that a row of `text_checks` tells."""
    flags = tuple(Flag(one["key"], tuple(one["tokens"])) for one in json.loads(reasons))
    return Verdict(Status(status), score, flags)


def contributor_rows(work: Work) -> list[tuple[Any, ...]]:
    """(position, role, name, family, given, name_zh, orcid, affiliations as JSON), from position 0."""
    return [
        (
            position, one.role, one.name, one.family, one.given, one.name_zh, one.orcid,
            _json(one.affiliations) if one.affiliations else None,
        )
        for position, one in enumerate(work.contributors)
    ]  # fmt: skip


class RelationRow(NamedTuple):
    """One row of `relations`, but for the work and the record it belongs to."""

    kind: str
    inverse: str
    scheme: str | None
    value: str | None
    reference: str | None
    date: str | None
    label: str | None
    asserted_by: str | None
    source: str
    day: str


def relation_rows(work: Work, records: Iterable[Record]) -> list[tuple[RelationRow, str]]:
    """What every source says of the work's relations, each with the fingerprint of the record that says it."""
    return [(_relation_row(said), said.record) for said in who_says(work.relations, records)]


def _relation_row(said: Said) -> RelationRow:
    one = said.relation
    return RelationRow(
        kind=str(one.kind),
        inverse=str(one.kind.inverse),
        scheme=str(one.to.scheme) if one.to else None,
        value=one.to.value if one.to else None,
        reference=one.reference,
        date=str(one.date) if one.date else None,
        label=one.label,
        asserted_by=one.asserted_by,
        source=said.source,
        day=said.day,
    )


def search_row(work: Work) -> tuple[str, str, str, str]:
    """Title, abstract, authors (in Pinyin too) and container as full-text search sees them: every language in one."""
    names = (name for one in work.contributors for name in (one.name, one.name_zh, name_words(one)) if name)
    container = work.container
    titles = (container.title, container.abbreviation, container.title_zh) if container else ()
    return (
        search_text("\n".join(text.value for text in work.titles)),
        search_text("\n".join(text.value for text in work.abstracts)),
        search_text("\n".join(names)),
        search_text("\n".join(title for title in titles if title)),
    )


def _search_rest(search: Row, row: Mapping[str, Any]) -> Row:
    """What the index has beyond the columns of `works`: None: nothing; a new line and more: this after the column; else all of it."""
    title, abstract, authors, container = search
    return (
        _beyond(title, row["title_en"]),
        _beyond(abstract, row["abstract_en"]),
        authors or None,
        None if container == (row["container_title"] or "") else container,
    )


def _beyond(text: str, own: str | None) -> str | None:
    if text == (own or ""):
        return None
    return text[len(own) :] if own and text.startswith(f"{own}\n") else text.lstrip("\n")


def claim_rows(work: Work, row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(column, fingerprint of the record, rule) for every column of its `row` that has a value."""
    for claim in work.provenance:
        columns = _COLUMNS_OF.get(claim.column) or (
            columns_of(claim.column, work) if "_" in claim.column else (claim.column,)
        )
        for column in columns:
            if row.get(column, True) is not None:
                yield column, claim.record, claim.rule


def columns_of(claimed: str, work: Work) -> tuple[str, ...]:
    """The columns that a claim fills: "title_zh-Hans" is `title_zh` where it is the best Chinese one."""
    field, _, language = claimed.partition("_")
    if field not in {"title", "abstract"} or not language:
        return _COLUMNS_OF.get(claimed, (claimed,))
    texts = work.titles if field == "title" else work.abstracts
    best_zh = best_text(texts, chinese=True)
    is_best_zh = best_zh is not None and best_zh.language == language
    columns = (f"{field}_zh", f"{field}_zh_origin") if is_best_zh else (claimed,)
    own = own_title(work)
    return (*columns, "title") if field == "title" and own and own.language == language else columns


_COLUMNS_OF: Final = {
    "contributors": ("authors",),
    **{
        f"contributors_{part}": (f"authors_{part}",)
        for part in ("name", "name_zh", "given", "orcid", "affiliations")
    },
    "container": ("container_title", "issn"),
    "issued": ("issued", "year"),
    "open_access": ("oa_url", *(f"oa_{part}" for part in _ACCESS_PARTS)),
}
