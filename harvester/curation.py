"""What people decide: which doubtful translation is shown after all, and which is not. Decisions are records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from harvester.errors import UsageError
from harvester.messages import message
from harvester.model import Record, TextCheck
from harvester.policy import CURATOR
from harvester.store import Library
from harvester.text import text_hash

FIELDS: Final = ("title", "abstract")


class Doubt(Struct, frozen=True):
    """A translation that the checks doubt, beside what it should translate."""

    work_id: int
    field: str
    language: str
    status: str  # review or reject
    score: float
    origin: str
    is_shown: bool
    reasons: list[dict[str, object]]  # key, tokens, en, zh
    text: str
    original: str | None


def doubts(library: Library, *, limit: int = -1) -> Iterator[Doubt]:
    """The doubtful translations, the worst of each kind first; those that a person decided on are left out."""
    query = (
        "SELECT c.work_id, c.field, c.language, c.status, c.score, c.origin, c.is_shown, c.reasons, c.text,"
        " iif(c.language = 'en', iif(c.field = 'title', w.title_zh, w.abstract_zh),"
        " iif(c.field = 'title', w.title_en, w.abstract_en)) AS original"
        " FROM text_checks AS c JOIN works AS w USING (work_id) JOIN records AS r USING (record_id)"
        " WHERE c.status <> 'pass' AND r.source <> 'curator' AND NOT EXISTS (SELECT 1 FROM text_checks AS d"
        " JOIN records AS s USING (record_id) WHERE d.work_id = c.work_id AND d.field = c.field AND d.text = c.text"
        " AND s.source = 'curator') ORDER BY c.status DESC, c.score, c.work_id, c.field LIMIT ?"
    )
    for row in library.rows(query, (limit,)):
        values = dict(row)
        reasons = json.loads(values.pop("reasons"))
        yield Doubt(**{**values, "is_shown": bool(values["is_shown"]), "reasons": reasons})


def accept_text(library: Library, work_id: int, field: str, *, by: str, at: str) -> None:
    """Show the doubtful translation of a work's field from now on, whatever the checks say of it."""
    record, check = _doubtful(library, work_id, field)
    name = f"{field}s"
    text = next(one for one in getattr(record, name) if one.value == check.text)
    _decide(library, record, {name: (text,)}, "accept", check, by=by, at=at)


def reject_text(library: Library, work_id: int, field: str, *, by: str, at: str) -> None:
    """Never show the doubtful translation of a work's field again."""
    record, check = _doubtful(library, work_id, field)
    _decide(library, record, {"refuses": (text_hash(check.text),)}, "reject", check, by=by, at=at)


def _doubtful(library: Library, work_id: int, field: str) -> tuple[Record, TextCheck]:
    """The record and the verdict of the doubtful text. Raises UsageError where there is none."""
    if field not in FIELDS:
        raise UsageError(message("review-field", field=field))
    work = library.work(work_id)
    records = {one.fingerprint(): one for one in library.records(work_id)}
    found = [
        one
        for one in work.checks
        if one.field == field and one.status != "pass" and records[one.record].source != CURATOR
    ]
    if not found:
        raise UsageError(message("review-nothing", work=work_id, field=field))
    worst = min(found, key=lambda one: (one.is_shown, one.score))
    return records[worst.record], worst


def _decide(
    library: Library, about: Record, said: dict[str, object], word: str, check: TextCheck, *, by: str, at: str
) -> None:
    record = Record(
        source=CURATOR,
        source_key=f"{word}:{check.field}:{check.language}:{text_hash(check.text)}",
        retrieved_at=at,
        about=(about.source, about.source_key),
        extra=json.dumps({"by": by, "decision": word}, ensure_ascii=False),
        **said,  # type: ignore[arg-type]
    )
    library.add([record], at=at)
