"""Our own exchange format: JSON Lines, one work a line, with everything that was said of it.

The columns are for whoever reads the line; the records are what is read back, so a library rebuilt from
an export has equal works, provenance included.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from harvester.earlier import record_of_version_1
from harvester.messages import message
from harvester.model import Record, Work
from harvester.rows import relation_rows, text_rows, work_row
from harvester.wire import Skip

MARK: Final = "harvester"
VERSION: Final = 2


def dump_line(work_id: int, work: Work, records: Iterable[Record]) -> str:
    """One work as a line of JSON: its columns, identifiers, contributors and texts, and its records."""
    kept = list(records)
    row = work_row(work)
    row["authors"] = None if row["authors"] is None else json.loads(row["authors"])
    line = {
        MARK: VERSION,
        "work_id": work_id,
        **row,
        "identifiers": [f"{one.scheme}:{one.value}" for one in work.identifiers],
        "texts": [one._asdict() for one in text_rows(work) if one.section is None],
        "affiliations": list(work.affiliations),
        "subjects": list(work.subjects),
        "relations": [one._asdict() for one, _ in relation_rows(work, kept)],
        "records": [msgspec.to_builtins(one) for one in kept],
    }
    return json.dumps(line, ensure_ascii=False)


def is_line(data: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a line of ours."""
    return MARK in data and isinstance(data.get("records"), list)


def read_line(data: Mapping[str, Any], where: str) -> list[Record | Skip]:
    """The records of a line; a record that is none is skipped with its reason."""
    found: list[Record | Skip] = []
    for number, raw in enumerate(data["records"]):
        try:
            found.append(_record(raw, data.get(MARK)))
        except msgspec.ValidationError as error:
            found.append(Skip(f"{where}, records[{number}]", message("bad-record", error=error)))
    return found


def _record(raw: Any, version: object) -> Record:
    if version == 1 and isinstance(raw, dict):
        return record_of_version_1(raw)
    return msgspec.convert(raw, Record)
