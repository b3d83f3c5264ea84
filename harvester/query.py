"""Finding works in the library: by words of either language, by identifier, by number."""

from __future__ import annotations

import re
import sqlite3
from typing import Final

from harvester.errors import InvalidIdentifier, StoreError, UsageError
from harvester.identifiers import find, parse
from harvester.messages import message
from harvester.store import Library
from harvester.text import search_query

_YEARS: Final = re.compile(r"(\d{4})?(\.\.)?(\d{4})?")


def search(
    library: Library,
    query: str,
    *,
    language: str | None = None,
    years: str | None = None,
    limit: int = 20,
) -> list[int]:
    """Ids of the works that hold all words of `query`, the best hits first.

    Words may be of either language, one Chinese character is enough; "quoted words" are a phrase and
    `word*` a beginning. An identifier finds its work. `years` is "2016", "2010..2020", "2010.." or
    "..2020"; `language` that of the work itself.
    """
    by_identifier = [work_id for one in find(query) for work_id in library.work_ids(one)]
    if by_identifier:
        return by_identifier[:limit]
    expression = search_query(query)
    if expression is None:
        raise UsageError(message("search-nothing", query=query))
    first, last = _year_range(years)
    # The weights: a hit in a title says more than one in an author's name, that more than one in an abstract.
    rows = library.rows(
        "SELECT works.work_id FROM works_fts JOIN works ON works.work_id = works_fts.rowid"
        " WHERE works_fts MATCH :match AND (:language IS NULL OR language = :language)"
        " AND (:first IS NULL OR year >= :first) AND (:last IS NULL OR year <= :last)"
        " ORDER BY bm25(works_fts, 10.0, 1.0, 4.0, 2.0), year DESC, works.work_id LIMIT :limit",
        {"match": expression, "language": language, "first": first, "last": last, "limit": limit},
    )
    return [int(row[0]) for row in rows]


def _year_range(years: str | None) -> tuple[int | None, int | None]:
    if years is None:
        return None, None
    found = _YEARS.fullmatch(years.strip())
    if found is None or not any(found.groups()):
        raise UsageError(message("search-years", years=years))
    first, dots, last = found.groups()
    ends = (first, last if dots else first)
    return tuple(int(end) if end else None for end in ends)  # type: ignore[return-value]


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
