"""The commands below `journals`: thin, over `ranking`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.errors import UsageError
from harvester.messages import message
from harvester.talk import library, now, put_json, talk, tell

if TYPE_CHECKING:
    from harvester.store import Library

journals_app = typer.Typer(
    no_args_is_help=True, help="Impact factors, quartiles, zones and core lists of journals."
)
Name = Annotated[str, typer.Option("--name", help='What the table is called: "JCR 2025".')]
AsOf = Annotated[str, typer.Option("--as-of", help="Of which day, month or year it is: 2026-06.")]


@journals_app.command("load")
def load_journals(
    file: Annotated[str, typer.Argument(help="CSV with a header; - reads stdin.")],
    *,
    name: Name,
    as_of: AsOf,
    licence: Annotated[str | None, typer.Option(help="Who may use it, and for what.")] = None,
) -> None:
    """Put a table of journals in the place of the one of that name: whole or not at all."""
    from harvester.ranking import load_table

    data = _read(file)
    with library() as opened:
        done = load_table(opened, data, file, name, as_of=as_of, licence=licence, at=now())
    tell("journals-loaded", name=name, as_of=as_of, lines=done.lines, known=done.known)
    if done.unknown:
        tell("journals-unknown", headers=", ".join(done.unknown))


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UsageError(message("journals-unreadable", path=file, error=error.strerror or error)) from error


@journals_app.command("list")
def list_tables(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """The tables that are loaded, with their dates and licences."""
    from harvester.display import console, show_rows
    from harvester.ranking import tables

    with library() as opened:
        rows = tables(opened)
    if as_json:
        put_json(rows)
        return
    show_rows(console(), rows, talk.lang)
    if not rows:
        tell("journals-none")


@journals_app.command("remove")
def remove_journals(name: Annotated[str, typer.Argument(help="The name it was loaded under.")]) -> None:
    """Forget a table, for instance when its licence ends."""
    from harvester.ranking import forget_table

    with library() as opened:
        forget_table(opened, name)
    tell("journals-removed", name=name)


def show_ranks(opened: Library, work_id: int) -> None:
    """Print what tables say of a work's journal, a line each; nothing where none does."""
    from harvester.display import console, label, safe
    from harvester.ranking import rank_lines

    for line in rank_lines(opened, work_id, talk.lang):
        console().print(safe(f"{label('journal_ranks', talk.lang)}: {line}"), soft_wrap=True)
