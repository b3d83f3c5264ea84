"""The library file itself, as commands: `changes`, `schema`, `doctor`, `archive`; thin, heavy modules are imported where they are needed."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from harvester.talk import AsJson, AsJsonLines, library, put_json, talk, tell


def add_upkeep(app: typer.Typer) -> None:
    """Give `app` the commands of this module."""
    app.command()(changes)
    app.command()(schema)
    app.command()(doctor)
    app.command()(archive)


def changes(
    *,
    since: Annotated[int, typer.Option(min=0, help="The last revision that you know.")] = 0,
    limit: Annotated[int, typer.Option(min=1)] = 1000,
    as_json: AsJson = False,
    as_jsonl: AsJsonLines = False,
) -> None:
    """What changed since a revision, the oldest change first: works that are new or changed, and works that are gone."""
    from harvester.display import console, show_rows

    query = "SELECT revision, work_id, what, now_id FROM changes WHERE revision > ? ORDER BY revision LIMIT ?"
    with library() as opened:
        rows = [dict(row) for row in opened.rows(query, (since, limit))]
        newest = next(opened.rows("SELECT max(revision) FROM changes"))[0] or 0
    if as_json or as_jsonl:
        put_json(rows, lines=as_jsonl)
    else:
        show_rows(console(), rows, talk.lang)
    last = rows[-1]["revision"] if rows else since
    tell("changes-more" if last < newest else "changes-all", count=len(rows), revision=last)


def schema(
    *,
    form: Annotated[
        str, typer.Option("--format", help="markdown, json, ddl, json-schema, er or datasette.")
    ] = "markdown",
    as_json: AsJson = False,
) -> None:
    """The documented schema of the library file."""
    from harvester.schema_forms import schema_in

    sys.stdout.write(schema_in("json" if as_json else form))


def doctor(
    *,
    mend: Annotated[bool, typer.Option("--mend", help="Build the search index anew.")] = False,
    as_json: AsJson = False,
) -> None:
    """How the library is, what takes its space, and what to do about it."""
    from harvester.doctoring import examine

    raise typer.Exit(examine(mend=mend, as_json=as_json))


def archive(
    *,
    prune: Annotated[
        int | None, typer.Option(min=0, help="Forget replies that are older than so many days.")
    ] = None,
    take_in: Annotated[
        bool, typer.Option("--take-in", help="Bring replies that an earlier version kept into the file.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """What the archive holds of the services' replies, and what that takes."""
    from harvester.doctoring import look_into_archive

    look_into_archive(prune_days=prune, take_in=take_in, as_json=as_json)
