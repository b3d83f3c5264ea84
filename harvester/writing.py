"""Works into the tables of the library file: what changed, and only that, table by table."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from harvester.claim_forms import formed
from harvester.filing import chunks, marks_for
from harvester.messages_checks import CHECKS
from harvester.rows import WORK_COLUMNS, CheckRow, RelationRow, TextRow, WorkRows

_DERIVED: Final = (
    "check_rows",
    "text_rows",
    "contributors",
    "affiliations",
    "identifiers",
    "relations",
    "overrides",
    "merged",
    "search_rows",
)


class Sayer(Protocol):
    """A record that is written."""

    fingerprint: str
    record_id: int | None


def changed_among(connection: sqlite3.Connection, works: Mapping[int, bytes]) -> list[int]:
    """Those of `works`, told by their fingerprints, that are not what the library has; in ascending order."""
    known: dict[int, bytes] = {}
    for chunk in chunks(sorted(works)):
        query = f"SELECT work_id, fingerprint FROM merged WHERE work_id IN ({marks_for(chunk)})"  # noqa: S608  marks only
        known |= dict(connection.execute(query, chunk).fetchall())
    return [home for home, fingerprint in sorted(works.items()) if known.get(home) != fingerprint]


def write_works(
    connection: sqlite3.Connection,
    changed: Mapping[int, WorkRows],
    *,
    born: set[int],
    gone: set[int],
    at: str,
) -> None:
    """Write the works themselves, each with a revision of its own; their parts are cleared.

    What was derived of works that are `gone` is cleared too: DOIs may be about to move from one work to another.
    Works that were merged away and are back are no longer redirected.
    """
    ids = [(work_id,) for work_id in sorted((changed.keys() | gone) - born)]
    connection.executemany("DELETE FROM works_fts WHERE rowid = ?", ids)  # while its texts are still there
    for table in _DERIVED:
        connection.executemany(f"DELETE FROM {table} WHERE work_id = ?", ids)  # noqa: S608  our names
    connection.executemany("UPDATE works SET doi = NULL WHERE work_id = ?", ids)
    connection.executemany("DELETE FROM redirects WHERE old_id = ?", [(work_id,) for work_id in sorted(born)])
    first = _revisions(connection, len(changed))
    rows = [(home, *one.work, first + number, at) for number, (home, one) in enumerate(changed.items())]
    connection.executemany(_INSERT, [(*row, at) for row in rows if row[0] in born])
    connection.executemany(_UPDATE, [(*row[1:], row[0]) for row in rows if row[0] not in born])


_INSERT: Final = (
    f"INSERT INTO works (work_id, {', '.join(WORK_COLUMNS)}, revision, updated_at, created_at)"  # noqa: S608  our names
    f" VALUES ({', '.join('?' * (len(WORK_COLUMNS) + 4))})"
)
_UPDATE: Final = (
    f"UPDATE works SET {', '.join(f'{column} = ?' for column in WORK_COLUMNS)},"  # noqa: S608  our names
    " revision = ?, updated_at = ? WHERE work_id = ?"
)


def _revisions(connection: sqlite3.Connection, count: int) -> int:
    """The first of `count` new revision numbers."""
    last = connection.execute(
        "UPDATE counters SET value = value + ? WHERE name = 'revision' RETURNING value", (count,)
    ).fetchone()[0]
    return int(last) - count + 1


def write_parts(
    connection: sqlite3.Connection, changed: Mapping[int, WorkRows], homes: Mapping[int, Sequence[Sayer]]
) -> None:
    """Write everything that hangs on works, whose records, `homes`, are written."""
    rows: dict[str, list[Sequence[Any]]] = {table: [] for table in _PARTS}
    forms: dict[int, str] = {}
    for home, one in changed.items():
        sayers = sorted(homes[home], key=lambda kept: kept.record_id or 0)
        ids = {each.fingerprint: each.record_id or 0 for each in sayers}  # of one said twice, the newest
        claims = formed((ids[key], rule, columns) for rule, columns, key in one.claims)
        forms[claims.form_id] = claims.form
        rows["merged"].append((home, one.fingerprint, claims.form_id, claims.records))
        rows["search_rows"].append((home, *one.search_rest))
        rows["works_fts"].append((home, *one.search))
        for table, told in (
            ("text_rows", one.texts),
            ("check_rows", one.checks),
            ("relations", one.relations),
            ("overrides", one.overrides),
        ):
            rows[table] += ((home, *row[:-1], ids[row[-1]]) for row in told)
        for table, parts in (
            ("contributors", one.contributors),
            ("affiliations", one.affiliations),
            ("identifiers", one.identifiers),
        ):
            rows[table] += ((home, *row) for row in parts)
    connection.executemany(_SENTENCES, _SAID if rows["check_rows"] else ())
    connection.executemany("INSERT OR IGNORE INTO claim_forms (form_id, claims) VALUES (?, ?)", forms.items())
    for table, query in _PARTS.items():
        connection.executemany(query, rows[table])


# Written by every version in its own words.
_SENTENCES: Final = (
    "INSERT INTO check_sentences (key, en, zh) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE"
    " SET en = excluded.en, zh = excluded.zh WHERE (en, zh) <> (excluded.en, excluded.zh)"
)
_SAID: Final = [(key, *said) for key, said in CHECKS.items()]


def _insertion(table: str, *columns: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608  our names


_PARTS: Final = {
    "merged": _insertion("merged", "work_id", "fingerprint", "form_id", "records"),
    "search_rows": _insertion("search_rows", "work_id", "title", "abstract", "authors", "container"),
    "works_fts": _insertion("works_fts", "rowid", "title", "abstract", "authors", "container"),
    "text_rows": _insertion("text_rows", "work_id", *TextRow._fields, "record_id"),
    "check_rows": _insertion("check_rows", "work_id", *CheckRow._fields, "record_id"),
    "contributors": _insertion(
        "contributors",
        "work_id",
        "position",
        "role",
        "name",
        "family",
        "given",
        "name_zh",
        "orcid",
        "affiliations",
    ),
    "affiliations": _insertion("affiliations", "work_id", "position", "name"),
    "identifiers": _insertion("identifiers", "work_id", "scheme", "value"),
    "relations": _insertion("relations", "work_id", *RelationRow._fields, "record_id"),
    "overrides": _insertion(
        "overrides", "work_id", "field", "value", "by_whom", "why", "created_at", "record_id"
    ),
}
