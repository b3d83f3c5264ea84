"""Finding works in the library: by words of either language, by identifier, by number."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from typing import Any, Final

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
        "works.work_id IN (SELECT work_id FROM identifiers WHERE scheme = 'doi' AND value >= ? AND value <= ?)"
    ),
}


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


def _of_group(library: Library, group: Group, limit: int) -> list[Hit]:
    """The hits of one group; those in the title are looked for alone first, and are often enough."""
    matched = expression(group)
    conditions, values = _condition_sql(group)
    if matched is None:
        ids = _without_words(library, excluded(group), conditions, values, limit)
        return [(1, place, work_id) for place, work_id in enumerate(ids)]
    hits: list[Hit] = []
    in_title = expression(group, "title")
    for tier, match in enumerate((in_title, matched)):
        if match is None or (tier == 0 and match == matched) or 0 <= limit <= len(hits):
            continue
        seen = {work_id for _, _, work_id in hits}
        more = limit if limit < 0 else limit + len(hits)
        ids = _ranked(library, match, conditions, values, more)
        hits += ((tier, place, one) for place, one in enumerate(ids) if one not in seen)
    return hits


def _ranked(library: Library, match: str, conditions: str, values: Sequence[Any], limit: int) -> list[int]:
    """The best hits of a match expression.

    Weighing a hit costs more than finding it, and a common word has a hundred thousand: of so many, the newest
    works among those that came into the library last.
    """
    table = "works_fts JOIN works ON works.work_id = works_fts.rowid" if conditions else "works_fts"
    where = f"works_fts MATCH ?{conditions}"
    if limit >= 0:
        query = f"SELECT works_fts.rowid FROM {table} WHERE {where} ORDER BY works_fts.rowid DESC LIMIT ?"  # noqa: S608  our names
        most = max(_MOST_BEGINNINGS if '" *' in match else _MOST_RANKED, limit)
        newest = [int(row[0]) for row in library.rows(query, (match, *values, most + 1))]
        if len(newest) > most:
            return _newest_first(library, newest, limit)
    query = (
        "SELECT works.work_id FROM works_fts JOIN works ON works.work_id = works_fts.rowid"  # noqa: S608  our names
        f" WHERE {where} ORDER BY {_RANK} LIMIT ?"
    )
    return [int(row[0]) for row in library.rows(query, (match, *values, limit))]


def _newest_first(library: Library, ids: Sequence[int], limit: int) -> list[int]:
    query = (
        "SELECT work_id FROM works WHERE work_id IN (SELECT value FROM json_each(?))"
        " ORDER BY year DESC, work_id LIMIT ?"
    )
    return [int(row[0]) for row in library.rows(query, (json.dumps(ids), limit))]


def _without_words(
    library: Library, left_out: str | None, conditions: str, values: Sequence[Any], limit: int
) -> list[int]:
    """The works for which the conditions hold, the newest first."""
    where = f"1{conditions}"
    if left_out is not None:
        where += " AND works.work_id NOT IN (SELECT rowid FROM works_fts WHERE works_fts MATCH ?)"
        values = (*values, left_out)
    query = f"SELECT work_id FROM works WHERE {where} ORDER BY year DESC, work_id LIMIT ?"  # noqa: S608  our names
    return [int(row[0]) for row in library.rows(query, (*values, limit))]


def _condition_sql(group: Group) -> tuple[str, list[Any]]:
    """The conditions of a group, each behind an AND, and their values in order."""
    sql = ""
    values: list[Any] = []
    for one in group.conditions:
        said, known = _years_sql(one.value) if one.name == "year" else (_CONDITIONS[one.name], _values(one))
        # What nobody knows (NULL) is not what is excluded.
        sql += f" AND NOT coalesce(({said}), 0)" if one.is_excluded else f" AND ({said})"
        values += known
    return sql, values


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
