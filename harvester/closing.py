"""What the commands that take in tell at their end: answers, works, reports, and what went wrong."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from harvester.answered import answer_data, show_look_up
from harvester.display import (
    console,
    label,
    show_rows,
    show_works,
)
from harvester.export import write_export
from harvester.file_reports import file_report_data, show_file_reports
from harvester.harvest import LookUp
from harvester.ledger import Run
from harvester.load import FileReport
from harvester.messages import message
from harvester.preview import Cost
from harvester.store import Library
from harvester.talk import put_json, talk, tell

_SHOWN_AT_THE_END: Final = 50


def put_answers(result: LookUp, rows: Mapping[int, Mapping[str, Any]]) -> None:
    """How each identifier ended, as JSON, with the columns of its work."""
    put_json([answer_data(one, rows.get(one.work_id or 0), talk.lang) for one in result.answers])


def put_works(library: Library, works: Sequence[int], form: str) -> None:
    """The works on stdout in a format of `export`."""
    write_export(library, works, form, "-", talk.lang)


def put_reports(reports: Sequence[FileReport], *, as_json: bool) -> None:
    """What became of each document."""
    if as_json:
        put_json([file_report_data(one, talk.lang) for one in reports])
    else:
        show_file_reports(console(), reports, talk.lang)


def tell_troubles(
    result: LookUp, invalid: Sequence[str], rows: Mapping[int, Mapping[str, Any]] | None = None
) -> None:
    """How the identifiers ended that were not simply found, what was wrong with services, what is no identifier."""
    if not talk.quiet:
        show_look_up(console(sys.stderr), result, talk.lang, rows=rows or {})
    for text in invalid:
        tell("not-an-identifier", text=text)


def show_costs(costs: Sequence[Cost], count: int) -> None:
    """What a harvest of so many identifiers would cost, service by service."""
    rows = [
        {
            "source": one.source,
            "identifiers": one.identifiers,
            "requests": one.requests,
            "seconds": round(one.seconds, 1),
            "of-the-day": one.of_the_day and f"{one.of_the_day:g}",
            "left-today": None if one.left_today is None else f"{max(one.left_today, 0):g}",
        }
        for one in costs
    ]
    show_rows(console(), rows, talk.lang)
    tell("preview", count=count, seconds=round(max((one.seconds for one in costs), default=0), 1))


def summarise(library: Library, run: Run, reports: Sequence[FileReport], result: LookUp) -> None:
    """Documents, troubles, and the outcomes of a run in one line."""
    out = console()
    show_file_reports(out, reports, talk.lang)
    tell_troubles(result, [])
    counts = ", ".join(f"{label(name, talk.lang)} {number}" for name, number in sorted(run.counts.items()))
    total = next(library.rows("SELECT count(*) FROM works"))[0]
    out.print(message("harvest-summary", run=run.run_id, counts=counts, works=total).text(talk.lang))


def show_newest(library: Library) -> None:
    """The newest works, both titles; how to see the rest is said."""
    ids = [
        int(row[0])
        for row in library.rows(
            "SELECT work_id FROM works ORDER BY updated_at DESC, work_id LIMIT ?", (_SHOWN_AT_THE_END,)
        )
    ]
    show_works(console(), [(one, library.work(one)) for one in sorted(ids)], talk.lang)
