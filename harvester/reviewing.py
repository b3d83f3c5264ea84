"""The command `review`: what a person should look at, and what she decides."""

from __future__ import annotations

import msgspec
from rich.table import Table

from harvester.curation import Doubt, accept_text, doubts, reject_text
from harvester.display import console, label, safe
from harvester.messages import Lang
from harvester.query import the_work
from harvester.talk import library as open_library
from harvester.talk import now, put_json, talk, tell


def list_doubts(limit: int, *, as_json: bool, as_jsonl: bool) -> None:
    """Print the doubtful translations beside their originals, the worst first."""
    with open_library() as library:
        found = list(doubts(library, limit=limit))
    if as_json or as_jsonl:
        put_json([msgspec.to_builtins(one) for one in found], lines=as_jsonl)
        return
    screen = console()
    for one in found:
        screen.print(_shown(one, talk.lang))
    tell("review-count" if found else "review-none", count=len(found))


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
