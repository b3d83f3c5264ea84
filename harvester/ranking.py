"""What tables of journals say of works: loading such a table, and reading it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from harvester.charset import detect_encoding
from harvester.errors import UsageError
from harvester.journal_rows import remove_table, replace_table
from harvester.journal_tables import parse_table
from harvester.messages import Lang, message, term
from harvester.store import Library


class Loaded(Struct, frozen=True):
    """What became of a table: its journals, how many of them hold works, and the headers that are not used."""

    lines: int
    known: int
    unknown: tuple[str, ...]


def load_table(
    library: Library, data: bytes, path: str, name: str, *, as_of: str, licence: str | None, at: str
) -> Loaded:
    """Put the table in `data` in the place of the one called `name`, whole or not at all.

    Raises UsageError for anything that cannot be right.
    """
    if not name.strip():
        raise UsageError(message("journals-name"))
    if not re.fullmatch(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", as_of, re.ASCII):
        raise UsageError(message("journals-as-of", found=as_of))
    codec = detect_encoding(data, is_whole=True)
    if codec is None:
        raise UsageError(message("journals-binary", path=path))
    table = parse_table(data.decode(codec, errors="replace"), name.strip())
    with library.writing() as connection:
        replace_table(connection, name.strip(), as_of, (licence or "").strip() or None, table.lines, at)
    known = next(
        library.rows(
            "SELECT count(DISTINCT r.journal) FROM journal_ranks AS r JOIN work_journals AS w USING (journal)"
            " WHERE r.table_name = ?",
            (name.strip(),),
        )
    )[0]
    return Loaded(len(table.lines), known, table.unknown)


def tables(library: Library) -> list[dict[str, Any]]:
    """The tables that are loaded, the newest first."""
    query = "SELECT name, as_of, licence, lines, loaded_at FROM journal_tables ORDER BY as_of DESC, name"
    return [dict(row) for row in library.rows(query)]


def forget_table(library: Library, name: str) -> None:
    """Remove a table. Raises UsageError where there is none of that name."""
    with library.writing() as connection:
        if not remove_table(connection, name):
            known = ", ".join(one["name"] for one in tables(library)) or "-"
            raise UsageError(message("journals-no-table", name=name, known=known))


def ranks_of(library: Library, work_id: int) -> dict[str, Any] | None:
    """The row of `work_ranks` of a work: of every measure what the newest table says."""
    rows = library.rows("SELECT * FROM work_ranks WHERE work_id = ?", (work_id,))
    return next((dict(row) for row in rows), None)


def rank_lines(library: Library, work_id: int, lang: Lang) -> Iterator[str]:
    """What each table says of a work's journal, the newest table first, a line each with its name and date."""
    query = (
        "SELECT r.* FROM journal_ranks AS r JOIN work_journals AS w USING (journal)"
        " WHERE w.work_id = ? ORDER BY r.as_of DESC, r.table_name, r.line"
    )
    for row in library.rows(query, (work_id,)):
        told = [
            f"{term(name, lang)} {term(str(row[name]), lang)}"
            for name in ("impact_factor", "jcr_quartile", "cas_zone", "cssci", "cscd", "pku_core")
            if row[name] is not None
        ]
        yield f"{', '.join(told) or '-'} ({row['table_name']}, {row['as_of']})"
