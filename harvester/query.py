"""Finding works in the library: by words of either language, by identifier, by number."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from harvester.errors import InvalidIdentifier, StoreError, UsageError
from harvester.identifiers import find, parse
from harvester.messages import message
from harvester.search_fields import FIELDS, Condition, year_range
from harvester.search_terms import Group, excluded, expression, read_query
from harvester.store import Library

_MOST_RANKED: Final = 2_000  # hits that are weighed by their words; of more, the newest works come first
_MOST_BEGINNINGS: Final = 200  # the same for beginnings of words: weighing finds all of them anew
# A hit in a title says more than one in an author's name, that more than one in an abstract.
_RANK: Final = "bm25(works_fts, 10.0, 1.0, 4.0, 2.0), year DESC, works.work_id"
_CONDITIONS: Final = {
    "lang": "(language = ? OR language GLOB ?)",
    "origin": (
        "EXISTS (SELECT 1 FROM texts WHERE texts.work_id = works.work_id AND origin = ?"
        " AND (texts.language GLOB 'zh*' OR texts.language GLOB 'en*'))"
    ),
    "source": "EXISTS (SELECT 1 FROM records WHERE records.work_id = works.work_id AND source = ?)",
    "doi": (
        "EXISTS (SELECT 1 FROM identifiers WHERE identifiers.work_id = works.work_id AND scheme = 'doi'"
        " AND value >= ? AND value <= ?)"
    ),
}
_DOIS: Final = "SELECT work_id FROM identifiers WHERE scheme = 'doi' AND value >= ? AND value <= ?"
# Of so many works a list is made before the search; asking of every hit costs less where there are more.
_FEW: Final = 100_000


def search(
    library: Library,
    query: str,
    *,
    language: str | None = None,
    years: str | None = None,
    limit: int = 20,
) -> list[int]:
    """Ids of the works that a query asks for, the best first: all words in the title before words elsewhere.

    Words may be of either language, one Chinese character is enough; "quoted words" are a phrase, `word*` a
    beginning, `-word` is left out, "OR" stands between alternatives, `field:value` narrows (`search_fields`). An
    identifier finds its work. `years` is "2016", "2010..2020", "2010.." or "..2020"; `language` that of the work
    itself; a `limit` below 0 is none. Raises UsageError, with the place, for a query that cannot be read.
    """
    by_identifier = _by_identifier(library, query)
    if by_identifier:
        return by_identifier if limit < 0 else by_identifier[:limit]
    narrowed = _narrowed(language, years)
    found = [
        _of_group(library, Group(one.terms, one.conditions + narrowed), limit) for one in read_query(query)
    ]
    best = sorted((hit for hits in found for hit in hits), key=lambda hit: hit[:2])
    ids = list(dict.fromkeys(work_id for _, _, work_id in best))
    return ids if limit < 0 else ids[:limit]


def _by_identifier(library: Library, query: str) -> list[int]:
    if any(name.casefold() in FIELDS for name in re.findall(r"([^\W\d_]+)[:：]", query)):
        return []
    return list(dict.fromkeys(work_id for one in find(query) for work_id in library.work_ids(one)))


def _narrowed(language: str | None, years: str | None) -> tuple[Condition, ...]:
    conditions = [] if language is None else [Condition("lang", (language,))]
    if years is not None:
        ends = year_range(years)
        if ends is None:
            raise UsageError(message("search-years", years=years))
        conditions.append(Condition("year", ends))
    return tuple(conditions)


# -- one group ---------------------------------------------------------------------------------------------

Hit = tuple[int, int, int]  # 0 for a hit in the title and 1 elsewhere, its place there, the work


class _Where(Struct, frozen=True):
    """The conditions of a group as SQL, each behind an AND; `is_listed` where none of them looks at `works`."""

    sql: str
    values: tuple[Any, ...]
    is_listed: bool


def _of_group(library: Library, group: Group, limit: int) -> list[Hit]:
    """The hits of one group; those in the title are looked for alone first, and are often enough."""
    matched = expression(group)
    if matched is None:
        ids = _without_words(library, excluded(group), _where(library, group, "works.work_id"), limit)
        return [(1, place, work_id) for place, work_id in enumerate(ids)]
    where = _where(library, group, "works_fts.rowid")
    hits: list[Hit] = []
    in_title = expression(group, "title")
    for tier, match in enumerate((in_title, matched)):
        if match is None or (tier == 0 and match == matched) or 0 <= limit <= len(hits):
            continue
        seen = {work_id for _, _, work_id in hits}
        more = limit if limit < 0 else limit + len(hits)
        ids = _ranked(library, match, where, more)
        hits += ((tier, place, one) for place, one in enumerate(ids) if one not in seen)
    return hits


def _ranked(library: Library, match: str, where: _Where, limit: int) -> list[int]:
    """The best hits of a match expression.

    Weighing a hit costs more than finding it, and a common word has a hundred thousand: of so many, the newest
    works among those that came into the library last.
    """
    joined = "works_fts JOIN works ON works.work_id = works_fts.rowid"
    conditions, values = where.sql, where.values
    if limit >= 0:
        query = (
            f"SELECT works_fts.rowid FROM {'works_fts' if where.is_listed else joined}"  # noqa: S608  our names
            f" WHERE works_fts MATCH ?{conditions} ORDER BY works_fts.rowid DESC LIMIT ?"
        )
        most = max(_MOST_BEGINNINGS if '" *' in match else _MOST_RANKED, limit)
        newest = [int(row[0]) for row in library.rows(query, (match, *values, most + 1))]
        if len(newest) > most:
            return _newest_first(library, newest, limit)
        if len(newest) <= 1:
            return newest
        if conditions:  # they are not asked again
            conditions, values = f" AND +works_fts.rowid IN ({_LISTED})", (json.dumps(newest),)
    query = (
        f"SELECT works.work_id FROM {joined}"  # noqa: S608  our names
        f" WHERE works_fts MATCH ?{conditions} ORDER BY {_RANK} LIMIT ?"
    )
    return [int(row[0]) for row in library.rows(query, (match, *values, limit))]


_LISTED: Final = "SELECT value FROM json_each(?)"


def _newest_first(library: Library, ids: Sequence[int], limit: int) -> list[int]:
    query = (
        "SELECT work_id FROM works WHERE work_id IN (SELECT value FROM json_each(?))"
        " ORDER BY year DESC, work_id LIMIT ?"
    )
    return [int(row[0]) for row in library.rows(query, (json.dumps(ids), limit))]


def _without_words(library: Library, left_out: str | None, where: _Where, limit: int) -> list[int]:
    """The works for which the conditions hold, the newest first."""
    sql, values = f"1{where.sql}", where.values
    if left_out is not None:
        sql += " AND works.work_id NOT IN (SELECT rowid FROM works_fts WHERE works_fts MATCH ?)"
        values = (*values, left_out)
    query = f"SELECT work_id FROM works WHERE {sql} ORDER BY year DESC, work_id LIMIT ?"  # noqa: S608  our names
    return [int(row[0]) for row in library.rows(query, (*values, limit))]


def _where(library: Library, group: Group, work: str) -> _Where:
    """The conditions of a group on the work that the column `work` names."""
    sql = ""
    values: list[Any] = []
    is_listed = True
    for one in group.conditions:
        said, known = _years_sql(one.value) if one.name == "year" else (_CONDITIONS[one.name], _values(one))
        listing = _list_of(one, said, work)
        if listing is not None and _is_few(library, listing, known):
            sql += f" AND +{work} IN ({listing})"
        else:
            # What nobody knows (NULL) is not what is excluded.
            sql += f" AND NOT coalesce(({said}), 0)" if one.is_excluded else f" AND ({said})"
            is_listed = False
        values += known
    return _Where(sql, tuple(values), is_listed)


def _list_of(one: Condition, said: str, work: str) -> str | None:
    """The query that lists the works for which a condition holds, where that can be quicker than to ask of each."""
    if one.is_excluded:
        return None
    if one.name == "doi":
        return _DOIS
    is_search = work != "works.work_id"  # without words, the index on the year gives them in order
    return f"SELECT work_id FROM works WHERE {said}" if one.name == "year" and is_search else None  # noqa: S608  our names


def _is_few(library: Library, listing: str, values: Sequence[Any]) -> bool:
    query = f"SELECT count(*) FROM ({listing} LIMIT ?)"  # noqa: S608  our names
    return int(next(library.rows(query, (*values, _FEW + 1)))[0]) <= _FEW


def _years_sql(ends: Sequence[str]) -> tuple[str, list[Any]]:
    """Each end alone where it is given, so that the index on the year is used."""
    given = [(sign, int(end)) for sign, end in zip((">=", "<="), ends, strict=True) if end]
    return " AND ".join(f"year {sign} ?" for sign, _ in given), [end for _, end in given]


def _values(one: Condition) -> list[str]:
    first = one.value[0]
    if one.name == "lang":
        return [first, f"{first}-*"]
    if one.name == "doi":
        return [first[:-1], first[:-1] + "\U0010ffff"] if first.endswith("*") else [first, first]
    return [first]


# -- one work ----------------------------------------------------------------------------------------------


def the_work(library: Library, raw: str) -> int:
    """The id of the work that a person names: by work id, DOI, PMID or any other identifier.

    Raises UsageError where there is none, or where several works bear the identifier.
    """
    if raw.strip().isascii() and raw.strip().isdigit() and len(raw.strip()) < 19:
        current = library.current_id(int(raw))
        if current is not None:
            return current
    try:
        identifier = parse(raw)
    except InvalidIdentifier as error:
        raise UsageError(message("no-such-work", what=raw)) from error
    works = library.work_ids(identifier)
    if not works:
        raise UsageError(message("not-in-library", what=identifier.value))
    if len(works) > 1:
        ids = ", ".join(str(one) for one in works)
        raise UsageError(message("several-works", what=identifier.value, ids=ids))
    return works[0]


def works_where(library: Library, condition: str | None) -> list[int]:
    """Ids of the works for which the SQL `condition` on the columns of `works` holds; None: all.

    The condition is evaluated on a connection that can write nothing.
    """
    if condition is None:
        return [int(row[0]) for row in library.rows("SELECT work_id FROM works ORDER BY work_id")]
    try:
        reader = sqlite3.connect(f"{library.path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise StoreError(message("store-unreadable", path=library.path, error=error)) from error
    try:
        reader.execute("PRAGMA query_only = ON")
        query = f"SELECT work_id FROM works WHERE ({condition}\n) ORDER BY work_id"  # noqa: S608  the user's own SQL, read only
        return [int(row[0]) for row in reader.execute(query)]
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise UsageError(message("bad-condition", condition=condition, error=error)) from error
    finally:
        reader.close()
