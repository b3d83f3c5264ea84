"""Finding works in the library: by words of either language, by identifier, by number."""

from __future__ import annotations

import json
import re
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Final

from harvester.errors import InvalidIdentifier, StoreError, UsageError
from harvester.identifiers import find, parse
from harvester.messages import message
from harvester.narrowing import Where, where_of
from harvester.scoring import asked, is_in, rarity, score
from harvester.search_fields import FIELDS, Condition, year_range
from harvester.search_terms import Group, Term, clause_of, clauses_of_words, excluded, expression, read_query
from harvester.store import Library

_MOST_FOUND: Final = 1_000  # hits of one kind that are looked for before a page is shown
_LAST_WORKS: Final = 2_000  # the end of the library, which is looked at for beginnings of words, and to see how common words are
_MOST_SLOWLY_FOUND: Final = (
    200  # the same for beginnings of words, and where each hit is asked for its source or origin
)
_MOST_WEIGHED: Final = 400  # of more hits than that, the newest works come first
_MOST_COUNTED: Final = 20_000  # works; a word in more than that is common, however many they are
_SOME: Final = 3  # hits in the last works by which more are expected before them
_MOST_SAMPLED: Final = 20_000  # works by which it is told how common a phrase is
# Of so many places of words the titles are told: what a page can wait for.
_MOST_READ: Final = 1_000_000
_ASKING: Final = 4  # times as long where each hit is asked for its source or origin
# Of a large library so many works that came in last are looked through first, then the next, then the rest.
_BEGINNING: Final = '" *'  # in a match expression
_SLICES: Final = (200_000, 400_000)


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
    """The hits of one group, those that have all words in the title first.

    Where all hits are at hand they are told apart by their titles; of more, those in the title are looked for by themselves.
    """
    matched = expression(group)
    where = where_of(library, group.conditions, "works.work_id" if matched is None else "works_fts.rowid")
    if where.is_empty:
        return []
    if matched is None:
        return _tier(1, _without_words(library, excluded(group), where, limit))
    if len(near := _near(library, group, limit)) >= limit >= 0:
        return _tier(0, _newest_first(library, near, limit))
    found, is_all = _found(library, matched, where, limit)
    in_title = expression(group, "title")
    if in_title is None or in_title == matched or len(found) <= 1:
        return _tier(1, _ranked(library, found, group, None, limit))
    if is_all and limit >= 0:
        titled = _titled(library, found, group)
    else:
        titled = _found_in_titles(library, in_title, group, where, limit)
    hits = _tier(0, _ranked(library, titled, group, "title", limit))
    if len(hits) < limit or limit < 0:
        others = sorted(set(found).difference(titled), reverse=True)
        hits += _tier(1, _ranked(library, others, group, None, limit))
    return hits


def _tier(number: int, ids: Iterable[int]) -> list[Hit]:
    return [(number, place, work_id) for place, work_id in enumerate(ids)]


def _near(library: Library, group: Group, limit: int) -> list[int]:
    """For a single beginning of a word, one Chinese character say: works with it in the title among those that came in last.

    The index would bring all works with such words together first, a million of them at worst.
    """
    if len(group.terms) > 1 or group.conditions or limit < 0 or _BEGINNING not in clause_of(group.terms[0]):
        return []
    term = asked(group.terms[0], "title", 1.0)
    query = "SELECT work_id, title FROM search_texts ORDER BY work_id DESC LIMIT ?"
    return (
        [row[0] for row in library.rows(query, (_LAST_WORKS,)) if is_in(term, row[1])]
        if term.column == "title"
        else []
    )


def _titled(library: Library, found: Sequence[int], group: Group) -> list[int]:
    """Those of `found` that have in the title every word that names no other field."""
    terms = [asked(one, "title", 1.0) for one in group.wanted if one.column is None]
    query = f"SELECT work_id, title FROM search_texts WHERE work_id IN ({_LISTED})"  # noqa: S608  our names
    rows = library.rows(query, (json.dumps(found),))
    return [row[0] for row in rows if all(is_in(one, row[1]) for one in terms)]


def _found(library: Library, match: str, where: Where, limit: int) -> tuple[list[int], bool]:
    """Works that match, those first that came into the library last, and whether these are all.

    No more than make a good page, unless `limit` is below 0: common words are in hundreds of thousands of works.
    """
    has_beginning = (
        _BEGINNING in match
    )  # all works with such words are brought together before the first is given
    is_slow = has_beginning or where.is_asked
    most = -1 if limit < 0 else max(_MOST_SLOWLY_FOUND if is_slow else _MOST_FOUND, limit) + 1
    edges = [] if has_beginning or limit < 0 else _edges(library)
    found: list[int] = []
    for row in library.rows(_matching(where, "DESC"), (match, 0, *where.values, most)):
        # One reading for all: the index heeds no lower bound until it has a hit, so each slice by itself would be read to
        # the beginning of the library.
        while edges and row[0] <= edges[0]:
            if len(found) >= limit:
                return found, False
            del edges[0]
        found.append(int(row[0]))
    return found, len(found) != most


def _edges(library: Library) -> list[int]:
    """The work ids at which a page is complete if it is full by then, from the end of the library to its beginning."""
    last = _last_work(library)
    return [last - size for size in accumulate(_SLICES) if size < last]


def _last_work(library: Library) -> int:
    return int(next(library.rows("SELECT coalesce(max(work_id), 0) FROM works"))[0])


def _matching(where: Where, order: str) -> str:
    """The query for the works that match, behind a work id; its values: the match expression, that id, the conditions', how many."""
    joined = "works_fts" if where.is_listed else "works_fts JOIN works ON works.work_id = works_fts.rowid"
    return (
        f"SELECT works_fts.rowid FROM {joined} WHERE works_fts MATCH ?"  # noqa: S608  our names
        f" AND works_fts.rowid > ?{where.sql} ORDER BY works_fts.rowid {order} LIMIT ?"
    )


def _found_in_titles(library: Library, match: str, group: Group, where: Where, limit: int) -> list[int]:
    """Works with the words in the title, of a group whose words are in more works than a page holds; those first that came in last.

    Titles with the words may be few or none where abstracts have them everywhere. Then as many works are looked at as
    a page can wait for: read from the older ones on, for the index, which heeds no bound before a hit, ends with the newest.
    """
    if limit < 0 or _BEGINNING in match:
        return _found(library, match, where, limit)[0]
    last = _last_work(library)
    query = _matching(where, "ASC")
    near = list(library.rows(query, (match, last - _LAST_WORKS, *where.values, _SOME)))
    if len(near) < min(_SOME, limit):
        works = _affordable(library, group, last)
        first = last - (works // _ASKING if where.is_asked else works)
        rows = list(library.rows(query, (match, max(0, first), *where.values, _MOST_COUNTED)))
        if len(rows) < _MOST_COUNTED:
            return [int(row[0]) for row in reversed(rows)][: max(_MOST_FOUND, limit)]
    return _found(library, match, where, limit)[0]


def _affordable(library: Library, group: Group, last: int) -> int:
    """In how many works the index can be read for the words of a group: the fewer, the more of the last works have them."""
    clauses = {clause for one in group.wanted for clause in clauses_of_words(one)}
    query = "SELECT count(*) FROM works_fts WHERE works_fts MATCH ? AND rowid > ?"
    held = sum(int(next(library.rows(query, (one, last - _LAST_WORKS)))[0]) for one in clauses)
    return _MOST_READ * _LAST_WORKS // max(1, held)


def _ranked(
    library: Library, found: Sequence[int], group: Group, column: str | None, limit: int
) -> list[int]:
    """The works in `found`, the best first: by where and how often they have the words, then the newest.

    Of more than can be weighed at once, the newest.
    """
    if len(found) <= 1:
        return list(found)
    if len(found) > _MOST_WEIGHED:
        return _newest_first(library, found, limit)
    terms = [
        asked(one, column, weight) for one, weight in zip(group.wanted, _weights(library, group), strict=True)
    ]
    query = (
        "SELECT t.work_id, coalesce(w.year, 0), t.title, t.abstract, t.authors, t.container"  # noqa: S608  our names
        f" FROM search_texts AS t JOIN works AS w USING (work_id) WHERE t.work_id IN ({_LISTED})"
    )
    rows = [(-score(terms, row[2:]), -row[1], row[0]) for row in library.rows(query, (json.dumps(found),))]
    ids = [work_id for _, _, work_id in sorted(rows)]
    return ids if limit < 0 else ids[:limit]


_LISTED: Final = "SELECT value FROM json_each(?)"


def _weights(library: Library, group: Group) -> list[float]:
    """How much each word tells; words that are in more works than are counted tell equally little."""
    if len(group.wanted) == 1:
        return [1.0]
    last = _last_work(library)
    return [rarity(max(last, _MOST_COUNTED), _holding(library, one, last)) for one in group.wanted]


def _holding(library: Library, term: Term, last: int) -> int:
    """How many works have the term, at most so many as are counted.

    For a phrase or a field all works with its words are read, a million for one that has them so: there the works that came
    last stand for all.
    """
    clause = clause_of(term)
    if _BEGINNING in clause:  # to count those is to bring all works with such words together
        return _MOST_COUNTED
    is_sampled = term.column is not None or len(clauses_of_words(term)) > 1
    first = max(0, last - _MOST_SAMPLED) if is_sampled else 0
    query = "SELECT count(*) FROM (SELECT 1 FROM works_fts WHERE works_fts MATCH ? AND rowid > ? LIMIT ?)"
    held = int(next(library.rows(query, (clause, first, _MOST_COUNTED)))[0])
    return min(held * last // max(1, last - first), _MOST_COUNTED)


def _newest_first(library: Library, ids: Sequence[int], limit: int) -> list[int]:
    query = (
        "SELECT work_id FROM works WHERE work_id IN (SELECT value FROM json_each(?))"
        " ORDER BY year DESC, work_id LIMIT ?"
    )
    return [int(row[0]) for row in library.rows(query, (json.dumps(ids), limit))]


def _without_words(library: Library, left_out: str | None, where: Where, limit: int) -> list[int]:
    """The works for which the conditions hold, the newest first."""
    sql, values = f"1{where.sql}", where.values
    if left_out is not None:
        sql += " AND works.work_id NOT IN (SELECT rowid FROM works_fts WHERE works_fts MATCH ?)"
        values = (*values, left_out)
    query = f"SELECT work_id FROM works WHERE {sql} ORDER BY year DESC, work_id LIMIT ?"  # noqa: S608  our names
    return [int(row[0]) for row in library.rows(query, (*values, limit))]


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


def works_where(library: Library, condition: str | None) -> Sequence[int]:
    """Ids of the works for which the SQL `condition` on the columns of `works` holds, in order; None: all.

    Eight bytes each: a library of millions is exported by them. The condition is evaluated on a connection that can write nothing.
    """
    if condition is None:
        return array("q", (row[0] for row in library.rows("SELECT work_id FROM works ORDER BY work_id")))
    try:
        reader = sqlite3.connect(f"{library.path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise StoreError(message("store-unreadable", path=library.path, error=error)) from error
    try:
        reader.execute("PRAGMA query_only = ON")
        query = f"SELECT work_id FROM works WHERE ({condition}\n) ORDER BY work_id"  # noqa: S608  the user's own SQL, read only
        return array("q", (row[0] for row in reader.execute(query)))
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise UsageError(message("bad-condition", condition=condition, error=error)) from error
    finally:
        reader.close()
