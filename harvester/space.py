"""What takes the space of a library file: its tables and indexes, by what they are for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from harvester.errors import StoreError
from harvester.store import Library

# What a table is for; the rest is "other". The order is that of the report where sizes are equal.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "said": ("records", "record_identifiers"),
    "works": ("works", "contributors", "affiliations", "identifiers", "relations", "redirects", "overrides"),
    "texts": ("text_rows", "check_rows", "check_sentences"),
    "origins": ("merged", "claim_forms"),
    "search": ("works_fts_data", "works_fts_idx", "search_rows", "works_fts_docsize", "works_fts_config"),
    "duplicates": ("match_nodes", "match_records", "match_keys", "match_keys_new", "match_edges", "match_verdicts", "match_rules", "possible_matches"),
    "journals": ("journals", "journal_names", "journal_sayings", "journal_links", "journal_tables", "journal_lines"),
    "memory": ("translations", "spending"),
    "runs": ("runs", "run_items", "asked", "agencies", "read_documents"),
}  # fmt: skip
_PART_OF: Final = {table: part for part, tables in _PARTS.items() for table in tables}
_SAMPLED: Final = 1000  # rows of a table whose lengths are looked at where SQLite cannot tell its pages
# The UTF-8 bytes of what a work says: the measure of how much the file adds to it.
_OWN_BYTES: Final = (
    "SELECT (SELECT coalesce(sum(length(CAST(text AS BLOB))), 0) FROM texts WHERE section IS NULL)"
    " + (SELECT coalesce(sum(length(CAST(concat AS BLOB))), 0) FROM (SELECT coalesce(doi, '') || coalesce(work_type, '')"
    " || coalesce(issued, '') || coalesce(container_title, '') || coalesce(volume, '') || coalesce(issue, '')"
    " || coalesce(pages, '') || coalesce(issn, '') || coalesce(publisher, '') || coalesce(authors, '')"
    " || coalesce(pmid, '') || coalesce(pmcid, '') || coalesce(oa_url, '') AS concat FROM works))"
)


class Part(Struct, frozen=True):
    """A part of the file: what it is for, and its bytes with indexes."""

    name: str
    size: int


class Space(Struct, frozen=True):
    """The bytes of a library file. `own` are the UTF-8 bytes of texts and fields; `is_estimate` where pages are not told."""

    total: int
    works: int
    own: int
    parts: tuple[Part, ...]
    is_estimate: bool

    @property
    def a_work(self) -> int:
        """Bytes a work, the free pages not counted."""
        return (
            round(sum(one.size for one in self.parts if one.name != "free") / self.works) if self.works else 0
        )


def space_of(library: Library) -> Space:
    """What takes the space, the largest first; free pages are a part of their own."""
    try:
        sizes, is_estimate = dict(_by_pages(library)), False
    except StoreError:  # SQLite built without dbstat
        sizes, is_estimate = dict(_by_rows(library)), True
    page = _one(library, "PRAGMA page_size")
    total, free = page * _one(library, "PRAGMA page_count"), page * _one(library, "PRAGMA freelist_count")
    parts: dict[str, int] = defaultdict(int, free=free)
    for table, size in sizes.items():
        parts[_PART_OF.get(table, "other")] += size
    found = sorted((Part(name, size) for name, size in parts.items() if size), key=lambda one: -one.size)
    works = _one(library, "SELECT count(*) FROM works")
    return Space(total, works, _one(library, _OWN_BYTES), tuple(found), is_estimate)


def _one(library: Library, query: str) -> int:
    return int(next(library.rows(query))[0])


def _by_pages(library: Library) -> Iterator[tuple[str, int]]:
    """Bytes of every table with its indexes, by the pages that they take."""
    query = (
        "SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize) FROM dbstat AS s LEFT JOIN sqlite_master AS m"
        " ON m.name = s.name WHERE s.aggregate = 1 GROUP BY 1"
    )
    yield from (tuple(row) for row in library.rows(query))


def _by_rows(library: Library) -> Iterator[tuple[str, int]]:
    """Bytes of every table without its indexes, by the lengths of some of its rows."""
    for table in _PART_OF:
        columns = [row["name"] for row in library.rows(f"PRAGMA table_info({table})")]
        length = " + ".join(f"coalesce(length(CAST({column} AS BLOB)), 1)" for column in columns)
        query = (
            f"SELECT coalesce(avg({length}), 0) * (SELECT count(*) FROM {table})"  # noqa: S608  our names
            f" FROM (SELECT * FROM {table} LIMIT {_SAMPLED})"
        )
        yield table, round(next(library.rows(query))[0])
