"""What people decide: which doubtful translation is shown, what a field should say. Decisions are records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from harvester.corrections import field_of, normalised, said_of, value_of
from harvester.errors import UsageError
from harvester.match import surest
from harvester.merge import merge
from harvester.messages import message
from harvester.model import Record, TextCheck
from harvester.overrides import SET, UNSET, Decision, decision_of, in_force, without_corrections
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
    found = _doubtful(library, work_id, field)
    name = f"{field}s"
    text = next(one for one in getattr(found.record, name) if one.value == found.check.text)
    _decide(library, found, {name: (text,)}, "accept", by=by, at=at)


def reject_text(library: Library, work_id: int, field: str, *, by: str, at: str) -> None:
    """Never show the doubtful translation of a work's field again."""
    found = _doubtful(library, work_id, field)
    _decide(library, found, {"refuses": (text_hash(found.check.text),)}, "reject", by=by, at=at)


class _Doubtful(Struct, frozen=True):
    """The records of a work, and of its doubtful text the record and the verdict."""

    records: list[Record]
    record: Record
    check: TextCheck


def _doubtful(library: Library, work_id: int, field: str) -> _Doubtful:
    """The doubtful text of a work's field. Raises UsageError where there is none."""
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
    return _Doubtful(list(records.values()), records[worst.record], worst)


def _decide(
    library: Library, found: _Doubtful, said: dict[str, object], word: str, *, by: str, at: str
) -> None:
    about, check = found.record, found.check
    what = Decision(by=by, decision=word, field=f"{check.field}_{check.language}", value=check.text)
    # Two works may share a doubtful text, so the key names the record.
    key = f"{word}:{check.field}:{check.language}:{text_hash(check.text)}:{about.source}:{about.source_key}"
    library.add([_record(about, key, what, said, at)], at=at)


def _record(about: Record, key: str, what: Decision, said: dict[str, Any], at: str) -> Record:
    """The decision as a record, which follows `about` wherever that goes."""
    return Record(
        source=CURATOR,
        source_key=key,
        retrieved_at=at,
        about=(about.source, about.source_key),
        about_record=about.fingerprint(),
        extra=msgspec.json.encode(what).decode(),
        **said,
    )


# -- corrections -------------------------------------------------------------------------------------------


class Change(Struct, frozen=True):
    """What became of a correction: what the field said, and says now. Equal where nothing was to be done."""

    work_id: int
    field: str
    before: str | None
    after: str | None
    is_new: bool


def set_field(
    library: Library, work_id: int, name: str, raw: str, *, by: str, at: str, why: str | None = None
) -> Change:
    """Correct a field of a work, for good. Raises UsageError for an unknown field or an impossible value.

    Saying again what she said, while the sources say what they said then, writes nothing.
    """
    with library.writing():
        records = library.records(work_id)
        work = merge(records, library.policy)
        field = field_of(name, work)
        said = said_of(field, raw, language=work.language, at=at)
        before = value_of(work, field)
        now = Decision(
            by=_known(by),
            decision=SET,
            field=field,
            value=normalised(field, said, at),
            before=before,
            sources_said=_sources_say(library, records, field),
            why=(why or "").strip() or None,
        )
        standing = _in_field(records, field)
        last_word = {one.record for one in work.overrides}
        if any(one.fingerprint() in last_word and _is_same(decision_of(one), now) for one in standing):
            return Change(work_id, field, before, before, is_new=False)
        said |= {"corrects": field, "withdraws": tuple(sorted(one.source_key for one in standing))}
        after = _written(library, records, now, said, at)
    return Change(work_id, field, before, after, is_new=True)


def unset_field(
    library: Library, work_id: int, name: str, *, by: str, at: str, why: str | None = None
) -> Change:
    """Take a correction back: the field says again what the sources say. Raises UsageError where there is none."""
    with library.writing():
        records = library.records(work_id)
        work = merge(records, library.policy)
        field = field_of(name, work)
        field = (
            name if field not in {one.field for one in work.overrides} and _in_field(records, name) else field
        )
        standing = _in_field(records, field)
        if not standing:
            raise UsageError(message("unset-nothing", work=work_id, field=field))
        before, sources = value_of(work, field), _sources_say(library, records, field)
        what = Decision(
            by=_known(by), decision=UNSET, field=field, value=sources, before=before, why=why or None
        )
        said = {"withdraws": tuple(sorted(one.source_key for one in standing))}
        after = _written(library, records, what, said, at)
    return Change(work_id, field, before, after, is_new=True)


def _known(by: str) -> str:
    if not by.strip():
        raise UsageError(message("set-nobody"))
    return by.strip()


def _is_same(old: Decision | None, new: Decision) -> bool:
    parts = ("by", "value", "why", "sources_said")
    return old is not None and all(getattr(old, part) == getattr(new, part) for part in parts)


def _in_field(records: Sequence[Record], field: str) -> list[Record]:
    return [one for one in in_force(records) if one.corrects == field]


def _sources_say(library: Library, records: Sequence[Record], field: str) -> str | None:
    return value_of(merge(without_corrections(records), library.policy), field)


def _written(
    library: Library, records: Sequence[Record], what: Decision, said: dict[str, Any], at: str
) -> str | None:
    """Keep the decision; what the field says now."""
    about = surest(records)
    key = f"{what.decision}:{what.field}:{about.source}:{about.source_key}:{at}"
    # Two works can have records with one key, and be corrected in one second; ";" comes after ":".
    query = "SELECT count(*) FROM records WHERE source = ? AND source_key >= ? AND source_key < ?"
    same = next(library.rows(query, (CURATOR, key, f"{key};")))[0]
    stored = library.add([_record(about, f"{key}:{same}" if same else key, what, said, at)], at=at)
    return value_of(library.work(stored[0].work_id), what.field)


class Entry(Struct, frozen=True):
    """One line of a work's history: a decision, who took it, when and why, and whether it still holds."""

    at: str
    by: str
    decision: str
    field: str
    before: str | None
    after: str | None
    why: str | None
    holds: bool


def history(library: Library, work_id: int) -> list[Entry]:
    """Every decision of a person about a work, the oldest first."""
    records = library.records(work_id)
    holding = {one.source_key for one in in_force(records)}
    found = [(one, what) for one in records if (what := decision_of(one)) is not None]
    return [
        Entry(
            at=one.retrieved_at,
            by=what.by,
            decision=what.decision,
            field=what.field or ":".join(one.source_key.split(":")[1:3]),
            before=what.before,
            after=what.value,
            why=what.why,
            holds=what.decision != UNSET and one.source_key in holding,
        )
        for one, what in sorted(found, key=lambda pair: pair[0].retrieved_at)
    ]


class Outdated(Struct, frozen=True):
    """A correction under which the sources changed: what they said when it was made, and what they say now."""

    work_id: int
    field: str
    value: str
    by: str
    at: str
    why: str | None
    sources_said: str | None
    sources_say: str | None


def outdated(library: Library, *, limit: int = -1) -> Iterator[Outdated]:
    """The corrections whose sources say something else by now, the oldest correction first."""
    left = limit
    query = (
        "SELECT o.work_id, o.field, r.source_key FROM overrides AS o JOIN records AS r USING (record_id)"
        " ORDER BY o.created_at, o.work_id, o.field"
    )
    for work_id, field, key in list(library.rows(query)):
        if left == 0:
            return
        records = library.records(work_id)
        record = next(one for one in records if (one.source, one.source_key) == (CURATOR, key))
        what, say = decision_of(record), _sources_say(library, records, field)
        if what is not None and what.sources_said != say:
            left -= 1
            yield Outdated(
                work_id,
                field,
                what.value or "",
                what.by,
                record.retrieved_at,
                what.why,
                what.sources_said,
                say,
            )
