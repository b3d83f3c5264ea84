"""The conditions of a query as SQL: years, language, origin, source and DOI, led by whatever is shortest to list."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from harvester.search_fields import Condition
from harvester.store import Library

_CONDITIONS: Final = {
    "lang": "(language = ? OR (language > ? AND language < ?))",
    # Not of the view `texts`: it looks up the text, the record and the work of every row.
    "origin": (
        "EXISTS (SELECT 1 FROM text_rows WHERE text_rows.work_id = {work} AND origin = ?"
        " AND (text_rows.language GLOB 'zh*' OR text_rows.language GLOB 'en*'))"
    ),
    "source": "EXISTS (SELECT 1 FROM records WHERE records.work_id = {work} AND source = ?)",
    "doi": (
        "EXISTS (SELECT 1 FROM identifiers WHERE identifiers.work_id = {work} AND scheme = 'doi'"
        " AND value >= ? AND value <= ?)"
    ),
}
_OF_WORKS: Final = frozenset({"lang", "year"})  # conditions on columns of `works`
# Statistics say of a library of one source that its index is no use; for another source it is.
_SOURCES: Final = "SELECT work_id FROM records INDEXED BY records_key WHERE source = ?"
_ORIGINS: Final = (
    "SELECT work_id FROM text_rows WHERE origin = ? AND (language GLOB 'zh*' OR language GLOB 'en*')"
)
_DOIS: Final = "SELECT work_id FROM identifiers WHERE scheme = 'doi' AND value >= ? AND value <= ?"
# Of so many works a list is made before the search; asking of every hit costs less where there are more.
_FEW: Final = 100_000
_FEW_RECORDS: Final = 5_000  # the list of a source's works is made of its records, which are long
_FEW_LEADING: Final = 1_000  # a list of so many works leads, and the index of words is asked of each


class Where(Struct, frozen=True):
    """The conditions of a group as SQL, each behind an AND; `is_listed` where none of them looks at `works`.

    `is_asked` where records or texts are looked at; `is_empty` where no work at all meets one of them.
    """

    sql: str
    values: tuple[Any, ...]
    is_listed: bool
    is_asked: bool
    is_empty: bool


class _List(Struct, frozen=True):
    """A query that lists the works for which a condition holds; where it lists others too, each of them is asked."""

    sql: str
    values: tuple[Any, ...]
    has_others: bool = False


def where_of(library: Library, conditions: Sequence[Condition], work: str) -> Where:
    """The conditions on the work that the column `work` names."""
    sql = ""
    values: list[Any] = []
    is_listed, is_asked, is_empty = True, False, False
    for one in conditions:
        said, known = (
            _years_sql(one.value)
            if one.name == "year"
            else (_CONDITIONS[one.name].format(work=work), _values(one))
        )
        listing = _list_of(one, said, known, work)
        most = _FEW_RECORDS if one.name == "source" else _FEW
        count = most + 1 if listing is None else _count(library, listing, most + 1)
        is_asked = is_asked or one.name in {"source", "origin"}
        is_empty = is_empty or count == 0
        is_short = listing is not None and count <= most
        if listing is not None and is_short and one.name == "source":
            listing = _made(library, listing)
        if listing is not None and is_short:
            # The index of the words, or that on the year, leads; a few works are fetched and put in order.
            leads = "" if work == "works.work_id" and count <= _FEW_LEADING else "+"
            sql += f" AND {leads}{work} IN ({listing.sql})"
            values += listing.values
        if listing is None or listing.has_others or not is_short:
            # What nobody knows (NULL) is not what is excluded.
            sql += f" AND NOT coalesce(({said}), 0)" if one.is_excluded else f" AND ({said})"
            values += known
            is_listed = is_listed and one.name not in _OF_WORKS
    return Where(sql, tuple(values), is_listed, is_asked, is_empty)


def _list_of(one: Condition, said: str, known: Sequence[Any], work: str) -> _List | None:
    """The list of works for which a condition holds, where that can be quicker than to ask of each."""
    if one.is_excluded:
        return _list_without(one)
    if one.name in {"doi", "source"}:
        return _List(_DOIS if one.name == "doi" else _SOURCES, tuple(known))
    if one.name == "origin":
        return _List(_ORIGINS, tuple(known))
    is_search = work != "works.work_id"  # without words, the index on the year gives them in order
    if one.name == "lang" or (one.name == "year" and is_search):
        return _List(f"SELECT work_id FROM works WHERE {said}", tuple(known))  # noqa: S608  our names
    return None


def _list_without(one: Condition) -> _List | None:
    """The list of works outside a span of years or languages, or of other sources: each part of it from the index by itself."""
    parts: list[tuple[str, tuple[Any, ...]]]
    if one.name == "year":
        signs = zip(("year < ?", "year > ?"), one.value, strict=True)
        parts = [("year IS NULL", ()), *((sign, (int(end),)) for sign, end in signs if end)]
    elif one.name == "lang":
        name, first, last = _values(one)
        parts = [("language IS NULL", ()), ("language < ?", (name,)), ("language >= ?", (last,))]
        parts.append(("language > ? AND language <= ?", (name, first)))
    elif one.name == "source":
        others = [_SOURCES.replace("source =", f"source {sign}") for sign in "<>"]
        return _List(" UNION ALL ".join(others), (*one.value, *one.value), has_others=True)
    else:
        return None
    sql = " UNION ALL ".join(f"SELECT work_id FROM works WHERE {said}" for said, _ in parts)  # noqa: S608  our names
    return _List(sql, tuple(value for _, values in parts for value in values))


def _made(library: Library, listing: _List) -> _List:
    """The list, read once: each of the searches for one page would read the records anew."""
    works = [row[0] for row in library.rows(listing.sql, listing.values)]
    return _List("SELECT value FROM json_each(?)", (json.dumps(works),), listing.has_others)


def _count(library: Library, listing: _List, most: int) -> int:
    query = f"SELECT count(*) FROM (SELECT 1 FROM ({listing.sql}) LIMIT ?)"  # noqa: S608  our names
    return int(next(library.rows(query, (*listing.values, most)))[0])


def _years_sql(ends: Sequence[str]) -> tuple[str, list[Any]]:
    """Each end alone where it is given, so that the index on the year is used."""
    given = [(sign, int(end)) for sign, end in zip((">=", "<="), ends, strict=True) if end]
    return " AND ".join(f"year {sign} ?" for sign, _ in given), [end for _, end in given]


def _values(one: Condition) -> list[str]:
    first = one.value[0]
    if one.name == "lang":
        return [first, f"{first}-", f"{first}."]  # "." is the character behind "-"
    if one.name == "doi":
        return [first[:-1], first[:-1] + "\U0010ffff"] if first.endswith("*") else [first, first]
    return [first]
