"""The rows of an earlier library in the smaller form of migration 11."""

from __future__ import annotations

import sqlite3
from typing import Final

import msgspec

from harvester.claim_forms import formed
from harvester.extras import ENVELOPE_KEYS, pack_beside, unpacked
from harvester.messages_checks import CHECKS
from harvester.small_schema import PLACE

# The dictionary of versions 9 and 10.
_NAMES: Final = msgspec.json.encode(dict.fromkeys(ENVELOPE_KEYS))
_NAMES_ALONE: Final = _NAMES + msgspec.json.encode({"resultStr": _NAMES.decode()})


def make_rows_smaller(connection: sqlite3.Connection) -> None:
    """Checks and claims as they are written from version 11 on."""
    said = [(key, *sentences) for key, sentences in CHECKS.items()]
    connection.executemany("INSERT INTO check_sentences (key, en, zh) VALUES (?, ?, ?)", said)
    connection.execute(PLACE)
    _make_reasons_brief(connection)
    _form_claims(connection)
    # Migration 9, where it has just run, packed records as today.
    if not connection.execute("SELECT 1 FROM counters WHERE name = 'filing_due'").fetchone():
        _pack_again(connection)


def _make_reasons_brief(connection: sqlite3.Connection) -> None:
    """Reasons as [[key, token, ...], ...]; one that the program no longer gives stays as it was told."""
    query = "SELECT DISTINCT reasons FROM check_rows WHERE reasons <> '[]'"
    brief = []
    for (reasons,) in connection.execute(query).fetchall():
        said = msgspec.json.decode(reasons)
        if all(one["key"] in CHECKS for one in said):
            keys = [[one["key"], *one["tokens"]] for one in said]
            brief.append((msgspec.json.encode(keys).decode(), reasons))
    connection.execute("CREATE INDEX check_rows_reasons ON check_rows (reasons)")
    connection.executemany("UPDATE check_rows SET reasons = ? WHERE reasons = ?", brief)
    connection.execute("DROP INDEX check_rows_reasons")


def _form_claims(connection: sqlite3.Connection) -> None:
    last = 0
    query = (
        "SELECT work_id, fingerprint, claims FROM merged_before WHERE work_id > ? ORDER BY work_id LIMIT 1000"
    )
    while rows := connection.execute(query, (last,)).fetchall():
        forms = [(work_id, mark, formed(msgspec.json.decode(claims))) for work_id, mark, claims in rows]
        connection.executemany(
            "INSERT OR IGNORE INTO claim_forms (form_id, claims) VALUES (?, ?)",
            [(one.form_id, one.form) for _, _, one in forms],
        )
        connection.executemany(
            "INSERT INTO merged (work_id, fingerprint, form_id, records) VALUES (?, ?, ?, ?)",
            [(work_id, bytes.fromhex(mark), one.form_id, one.records) for work_id, mark, one in forms],
        )
        last = rows[-1][0]
    connection.execute("DROP TABLE merged_before")


def _pack_again(connection: sqlite3.Connection) -> None:
    """What records say beyond their fields, with a dictionary that has an envelope's usual values."""
    last = 0
    query = (
        "SELECT record_id, body, extra FROM records WHERE record_id > ? AND extra IS NOT NULL"
        " ORDER BY record_id LIMIT 1000"
    )
    while rows := connection.execute(query, (last,)).fetchall():
        connection.executemany(
            "UPDATE records SET extra = ? WHERE record_id = ?",
            [
                (pack_beside(body.encode(), unpacked(body, extra, _NAMES_ALONE).encode()), record_id)
                for record_id, body, extra in rows
            ],
        )
        last = rows[-1][0]
