"""The commands `review`, `split`, `set`, `unset` and `history`: what a person should look at, and what she decides."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Final

import msgspec
from rich.table import Table

from harvester.curation import (
    FIELDS,
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
from harvester.deciding import (
    APART,
    SAME,
    Candidate,
    accept_match,
    candidates,
    reject_match,
    rule_for_journal,
    split,
)
from harvester.display import console, label, safe, say, show_rows
from harvester.errors import UsageError
from harvester.messages import Lang, message
from harvester.model import Work
from harvester.query import the_work
from harvester.rows import work_row
from harvester.store import Library
from harvester.talk import library as open_library
from harvester.talk import now, put_json, talk, tell


def list_doubts(limit: int, *, as_json: bool, as_jsonl: bool) -> None:
    """Print the doubtful translations beside their originals, then the possible duplicates, the worst first."""
    with open_library() as library:
        found = list(doubts(library, limit=limit))
        pairs = list(candidates(library, limit=limit))
        works = {one: library.work(one) for pair in pairs for one in (pair.work_id, pair.other_id)}
        changed = sum(1 for _ in outdated(library))
    if as_json or as_jsonl:
        told = [msgspec.to_builtins(one) for one in found]
        put_json([*told, *(_pair_data(one, works) for one in pairs)], lines=as_jsonl)
        return
    screen = console()
    for one in found:
        screen.print(_shown(one, talk.lang))
    for pair in pairs:
        screen.print(_side_by_side(pair, works, talk.lang))
    tell("review-count" if found or pairs else "review-none", count=len(found) + len(pairs))
    if changed:
        tell("review-outdated", count=changed)


def _pair_data(one: Candidate, works: Mapping[int, Work]) -> dict[str, object]:
    reasons = [{"en": reason.text("en"), "zh": reason.text("zh")} for reason in one.reasons]
    sides = {name: _columns(works[work]) for name, work in (("work", one.work_id), ("other", one.other_id))}
    return {"work_id": one.work_id, "other_id": one.other_id, "kind": one.kind, "score": one.score, "reasons": reasons, **sides}  # fmt: skip


def _columns(work: Work) -> dict[str, object]:
    row = work_row(work)
    return {name: row[name] for name in ("title_en", "title_zh", "authors", *_COMPARED)}


def _side_by_side(one: Candidate, works: Mapping[int, Work], lang: Lang) -> Table:
    """Two works line by line, the reasons above them."""
    reasons = "; ".join(reason.text(lang) for reason in one.reasons)
    head = say(
        "match-pair", lang, work=one.work_id, other=one.other_id, score=f"{one.score:.1f}", reasons=reasons
    )
    table = Table(title=safe(head), title_justify="left", title_style="bold", expand=True, show_header=False)
    table.add_column()
    for _ in range(2):
        table.add_column(ratio=1, overflow="fold")
    sides = [_lines(works[work]) for work in (one.work_id, one.other_id)]
    for name, ours, theirs in zip(_SHOWN, *(side.values() for side in sides), strict=True):
        if ours or theirs:
            table.add_row(label(name, lang), safe(ours or "-"), safe(theirs or "-"))
    return table


_COMPARED: Final = ("year", "container_title", "volume", "issue", "pages", "doi", "pmid")
_SHOWN: Final = ("title_en", "title_zh", "title", "authors", *_COMPARED)


def _lines(work: Work) -> dict[str, str]:
    row = work_row(work)
    people = "; ".join(
        one.name if one.name_zh is None else f"{one.name} {one.name_zh}" for one in work.contributors
    )
    shown = {
        **row,
        "authors": people,
        "title": None if row["title"] in {row["title_en"], row["title_zh"]} else row["title"],
    }
    return {name: "" if shown[name] is None else str(shown[name]) for name in _SHOWN}


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


def decide(work: str, what: str, word: str, by: str, *, for_journal: bool) -> None:
    """Carry out a decision: on the doubtful translation of a work's field, or on two works that may be one."""
    with open_library() as library:
        if what not in FIELDS:
            pair = _named(library, work), _named(library, what)
            _decide_on_works(library, *pair, word, by, for_journal=for_journal)
            return
        if for_journal:
            raise UsageError(message("match-journal-field"))
        work_id = _named(library, work)
        change = accept_text if word == "accept" else reject_text
        change(library, work_id, what, by=by, at=now())
    tell("review-done", work=work_id, field=what, word=word, by=by)


def _named(library: Library, raw: str) -> int:
    """The work that a person names; where it has become another one, that is told."""
    work_id = the_work(library, raw)
    if raw.strip().isascii() and raw.strip().isdigit() and int(raw) != work_id:
        tell("match-moved", old=int(raw), work=work_id)
    return work_id


def _decide_on_works(
    library: Library, work: int, other: int, word: str, by: str, *, for_journal: bool
) -> None:
    at = now()
    with library.writing():
        verdict = SAME if word == "accept" else APART
        journal = rule_for_journal(library, work, other, verdict, by=by, at=at) if for_journal else None
        ids = library.current_id(work) or work, library.current_id(other) or other
        if word == "reject":
            reject_match(library, *ids, by=by, at=at)
            kept = work
        else:
            kept = ids[0] if for_journal and ids[0] == ids[1] else accept_match(library, *ids, by=by, at=at)
    key = "match-accepted" if word == "accept" else "match-rejected"
    tell(key, work=work, other=other, kept=kept, by=by)
    if journal is not None:
        tell("match-rule", journal=journal, by=by)


def take_apart(work: str, records: list[int], by: str) -> None:
    """Take a work apart for good."""
    with open_library() as library:
        work_id = _named(library, work)
        works = split(library, work_id, records, by=by, at=now())
    tell("match-split", work=work_id, works=", ".join(map(str, works)), by=by)


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
