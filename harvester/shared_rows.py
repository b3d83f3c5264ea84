"""DOIs that the library knows as no evidence: a record states one, and the work that it belongs to does not bear it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from harvester.filing import chunks, marks_for
from harvester.model import Identifier, Record, Scheme
from harvester.shared_dois import Shared

_KNOWN: Final = (
    "SELECT column1 FROM (VALUES {values}) WHERE EXISTS (SELECT 1 FROM record_identifiers AS s"
    " JOIN records AS r ON r.record_id = s.record_id WHERE s.scheme = 'doi' AND s.value = column1"
    " AND NOT EXISTS (SELECT 1 FROM identifiers AS i WHERE i.scheme = 'doi' AND i.value = s.value AND i.work_id = r.work_id)"
    " AND json_extract(r.body, '$.about') IS NULL)"  # what follows another record identifies nothing
)
_BORNE: Final = "SELECT value, work_id FROM identifiers WHERE scheme = 'doi' AND value IN ({marks})"
# Of the records themselves: `record_identifiers` has no index by record, and would be read from end to end.
_OF_A_WORK: Final = (
    "SELECT DISTINCT json_extract(s.value, '$.value') AS doi FROM records AS r, json_each(r.body, '$.identifiers') AS s"
    " WHERE r.work_id = :work AND json_extract(s.value, '$.scheme') = 'doi' AND NOT EXISTS"
    " (SELECT 1 FROM identifiers AS i WHERE i.scheme = 'doi' AND i.value = json_extract(s.value, '$.value') AND i.work_id = :work)"
    " AND json_extract(r.body, '$.about') IS NULL"
)


def known_shared(connection: sqlite3.Connection, dois: Iterable[str]) -> set[str]:
    """Those of `dois` that were found to be shared by many unlike titles."""
    return {
        row[0]
        for chunk in chunks(sorted(dois))
        for row in connection.execute(_KNOWN.replace("{values}", ", ".join(["(?)"] * len(chunk))), chunk)
    }


def shared_keys(connection: sqlite3.Connection, records: Iterable[Record]) -> Shared:
    """The DOIs under which `records` are filed and that are no evidence, whoever they belong to."""
    dois = {one.source_key for one in records if Identifier(Scheme.DOI, one.source_key) in one.identifiers}
    return Shared(dict.fromkeys(known_shared(connection, dois), ()))


def bearers_of(connection: sqlite3.Connection, dois: Sequence[str]) -> set[tuple[str, int]]:
    """Which of `dois` is borne by which work."""
    return {
        (row[0], row[1])
        for chunk in chunks(dois)
        for row in connection.execute(_BORNE.replace("{marks}", marks_for(chunk)), chunk)
    }


def disbelieved(connection: sqlite3.Connection, work_id: int) -> frozenset[str]:
    """The DOIs that records of a work state and that it does not bear."""
    return frozenset(row[0] for row in connection.execute(_OF_A_WORK, {"work": work_id}))
