"""The commands `review`, `set`, `unset` and `history`: what a person should look at, and what she decides."""

from __future__ import annotations

import sys

import msgspec
from rich.table import Table

from harvester.curation import (
    Change,
    Doubt,
    accept_text,
    doubts,
    history,
    outdated,
    reject_text,
    set_field,
    unset_field,
)
from harvester.display import console, label, safe, show_rows
from harvester.messages import Lang
from harvester.query import the_work
from harvester.talk import library as open_library
from harvester.talk import now, put_json, talk, tell


def list_doubts(limit: int, *, as_json: bool, as_jsonl: bool) -> None:
    """Print the doubtful translations beside their originals, the worst first."""
    with open_library() as library:
        found = list(doubts(library, limit=limit))
        changed = sum(1 for _ in outdated(library))
    if as_json or as_jsonl:
        put_json([msgspec.to_builtins(one) for one in found], lines=as_jsonl)
        return
    screen = console()
    for one in found:
        screen.print(_shown(one, talk.lang))
    tell("review-count" if found else "review-none", count=len(found))
    if changed:
        tell("review-outdated", count=changed)


def list_outdated(limit: int, *, as_json: bool, as_jsonl: bool) -> None:
    """Print the corrections under which the sources changed."""
    with open_library() as library:
        found = list(outdated(library, limit=limit))
    if as_json or as_jsonl:
        put_json([msgspec.to_builtins(one) for one in found], lines=as_jsonl)
        return
    rows = [
        {
            "work_id": one.work_id,
            "field": one.field,
            "correction": one.value,
            "by": f"{one.by}, {one.at[:10]}",
            "sources-said": one.sources_said,
            "sources-say": one.sources_say,
        }
        for one in found
    ]
    show_rows(console(), rows, talk.lang)
    tell("review-outdated-how" if found else "review-none", count=len(found))


def _shown(one: Doubt, lang: Lang) -> Table:
    """Original and translation side by side, the reasons above them."""
    reasons = "; ".join(str(reason[lang]) for reason in one.reasons)
    head = f"{label('work_id', lang)} {one.work_id}, {one.field}: {one.status} ({one.score:.2f}) {reasons}"
    table = Table(title=safe(head), title_justify="left", title_style="bold", expand=True, show_header=False)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    table.add_row(safe(one.original or "-"), safe(f"{one.text} [{one.language}, {one.origin}]"))
    return table


def decide(work: str, field: str, word: str, by: str) -> None:
    """Carry out a decision on the doubtful translation of a work's field."""
    with open_library() as library:
        work_id = the_work(library, work)
        change = accept_text if word == "accept" else reject_text
        change(library, work_id, field, by=by, at=now())
    tell("review-done", work=work_id, field=field, word=word, by=by)


# -- corrections -------------------------------------------------------------------------------------------


def correct(work: str, field: str, value: str, by: str, why: str | None) -> None:
    """Correct a field of a work; the value "-" is read from stdin."""
    raw = sys.stdin.read() if value == "-" else value
    with open_library() as library:
        change = set_field(library, the_work(library, work), field, raw, by=by, at=now(), why=why)
    _tell_change(change, by)


def take_back(work: str, field: str, by: str, why: str | None) -> None:
    """Believe the sources again in a field of a work."""
    with open_library() as library:
        change = unset_field(library, the_work(library, work), field, by=by, at=now(), why=why)
    _tell_change(change, by)


def _tell_change(change: Change, by: str) -> None:
    nothing = label("nothing", talk.lang)
    before, after = (nothing if one is None else one for one in (change.before, change.after))
    key = "set-done" if change.is_new else "set-same"
    tell(key, work=change.work_id, field=change.field, before=before, after=after, by=by)


def list_history(work: str, *, as_json: bool, as_jsonl: bool) -> None:
    """Print what people decided about a work, the oldest first."""
    with open_library() as library:
        work_id = the_work(library, work)
        found = history(library, work_id)
    if as_json or as_jsonl:
        put_json([msgspec.to_builtins(one) for one in found], lines=as_jsonl)
        return
    rows = [
        {
            "when": one.at,
            "by": one.by,
            "decision": one.decision,
            "field": one.field,
            "old-value": one.before,
            "new-value": one.after,
            "why": one.why,
            "holds": label("yes" if one.holds else "no", talk.lang),
        }
        for one in found
    ]
    show_rows(console(), rows, talk.lang)
    if not found:
        tell("history-none", work=work_id)
