"""The command line: thin commands over the library, `stdout` for data and `stderr` for talk.

Heavy modules are imported inside the commands that need them, so that `--help` is there at once.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from harvester import __version__
from harvester.errors import HarvesterError
from harvester.interrupts import Terminated, heard
from harvester.journals_cli import journals_app, show_ranks
from harvester.review_cli import add_corrections, review_app
from harvester.talk import AsJson, AsJsonLines, language, library, now, put_json, settings, talk, tell
from harvester.upkeep_cli import add_upkeep

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Bilingual bibliographic metadata: resolve, merge, store, explain. 双语书目元数据。",
)
config_app = typer.Typer(no_args_is_help=True, help="The effective configuration.")
app.add_typer(config_app, name="config")
app.add_typer(review_app, name="review")
app.add_typer(journals_app, name="journals")


def _print_version(asked: bool) -> None:
    if asked:
        from harvester.migrations import SCHEMA_VERSION

        typer.echo(f"harvester {__version__} (schema {SCHEMA_VERSION})")
        raise typer.Exit


@app.callback()
def options(
    *,
    config: Annotated[
        Path | None, typer.Option(help="Settings file; config.toml here if there is one.")
    ] = None,
    db: Annotated[Path | None, typer.Option(help="Library file; overrides the settings.")] = None,
    lang: Annotated[str | None, typer.Option(help="Language of messages: en or zh.")] = None,
    verbose: Annotated[int, typer.Option("--verbose", "-v", count=True, help="Log requests.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only data and errors.")] = False,
    version: Annotated[  # noqa: ARG001  answered before anything else is read
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Read what all commands share."""
    talk.lang = language(lang)
    talk.quiet, talk.config_path, talk.db = quiet, config, db
    level = logging.WARNING if verbose == 0 else logging.INFO if verbose == 1 else logging.DEBUG
    logging.basicConfig(level=level, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    if verbose < 2:
        logging.getLogger("httpx").setLevel(logging.WARNING)


# -- documents and identifiers in --------------------------------------------------------------------------


@app.command()
def lookup(
    ids: Annotated[list[str] | None, typer.Argument(help="DOIs or other identifiers; - reads stdin.")] = None,
    *,
    form: Annotated[
        str, typer.Option("--format", help="text, json, jsonl, envelope, csl or answers.")
    ] = "text",
    refresh: Annotated[bool, typer.Option(help="Ask again even where an answer is young.")] = False,
    offline: Annotated[bool, typer.Option(help="Only the library, no request.")] = False,
) -> None:
    """Resolve identifiers now, store what is found, print the works."""
    from harvester.commands import lookup as work

    raise typer.Exit(work(ids or ["-"], form=form, refresh=refresh, offline=offline))


@app.command()
def load(
    paths: Annotated[list[str], typer.Argument(help="Documents or folders; - reads stdin.")],
    *,
    as_json: AsJson = False,
    offline: Annotated[bool, typer.Option(help="Do not resolve identifiers found in lists.")] = False,
) -> None:
    """Read documents of any known format into the library."""
    from harvester.commands import load as work

    raise typer.Exit(work(paths, as_json=as_json, offline=offline))


@app.command()
def harvest(
    *,
    refresh: Annotated[bool, typer.Option(help="Ask again even where an answer is young.")] = False,
    show: Annotated[bool, typer.Option(help="Show the works at the end.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what it would cost.")] = False,
) -> None:
    """The nightly job: the inbox and the DOI lists of the settings. Resumable, one at a time."""
    from harvester.commands import harvest as work
    from harvester.commands import preview_harvest

    if dry_run:
        preview_harvest(refresh=refresh)
        return
    raise typer.Exit(work(refresh=refresh, show=show))


@app.command()
def translate(
    *,
    to: Annotated[str | None, typer.Option(help="zh-Hans, zh-Hant or en; as in the settings.")] = None,
    field: Annotated[list[str] | None, typer.Option(help="title or abstract; both by default.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many texts.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what it would cost.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fill missing Chinese (or English) by machine; always marked, checked before it is shown."""
    from harvester.translating import preview_translation
    from harvester.translating import translate as work

    if dry_run:
        preview_translation(to, field, limit, as_json=as_json)
        return
    raise typer.Exit(work(to, field, limit, as_json=as_json))


# -- works out ---------------------------------------------------------------------------------------------


@app.command(context_settings={"ignore_unknown_options": True})  # "-word" leaves a word out
def search(
    query: Annotated[
        list[str], typer.Argument(help="Words; 'title:\"a phrase\"'; author:liu; begin*; -without; a OR b.")
    ],
    *,
    lang: Annotated[str | None, typer.Option(help="Language of the works: en, zh, ...")] = None,
    year: Annotated[str | None, typer.Option(help="2016, 2010..2020, 2010.. or ..2020")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    as_json: AsJson = False,
    as_jsonl: AsJsonLines = False,
) -> None:
    """Find works by words in either language, by fields such as author:liu year:2020.., or by an identifier."""
    from harvester.finding import find_works

    if unknown := next((one for one in query if re.match("--[a-z]", one)), None):
        raise typer.BadParameter(f"no such option: {unknown}")
    find_works(" ".join(query), language=lang, years=year, limit=limit, as_json=as_json, as_jsonl=as_jsonl)


@app.command()
def show(
    work: Annotated[str, typer.Argument(help="Work id, DOI or another identifier.")],
    *,
    by_sentence: Annotated[bool, typer.Option("--sentences", help="Abstracts sentence by sentence.")] = False,
    as_json: AsJson = False,
) -> None:
    """One work in both languages, side by side."""
    from harvester import dictionary, sections
    from harvester.display import console, show_work
    from harvester.formats.jsonl import dump_line
    from harvester.query import the_work

    with library() as opened:
        work_id = the_work(opened, work)
        if as_json:
            put_json(json.loads(dump_line(work_id, opened.work(work_id), opened.records(work_id))))
        else:
            records = opened.records(work_id)
            pairs = sections.by_sentence(dictionary.installed()) if by_sentence else sections.by_section
            show_work(console(), work_id, opened.work(work_id), talk.lang, records=records, pairs=pairs)
            show_ranks(opened, work_id)


@app.command()
def explain(
    work: Annotated[str, typer.Argument(help="Work id, DOI or another identifier.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Where every value comes from, by which rule, who lost and why."""
    from harvester.display import console, explanation_data, show_explanations
    from harvester.explain import explain as explain_records
    from harvester.query import the_work

    with library() as opened:
        found = the_work(opened, work)
        explanations = explain_records(opened.records(found), opened.policy_of(found))
    if as_json:
        put_json([explanation_data(one, talk.lang) for one in explanations])
    else:
        show_explanations(console(), explanations, talk.lang)


@app.command()
def export(
    *,
    output: Annotated[str, typer.Option("--output", "-o", help="File; - is stdout.")],
    form: Annotated[str, typer.Option("--format", help="jsonl, json, envelope, csl or text.")] = "jsonl",
    where: Annotated[str | None, typer.Option(help="SQL condition on the columns of works.")] = None,
    query: Annotated[str | None, typer.Option(help="Words, as for search.")] = None,
) -> None:
    """Write works to a file: whole or not at all."""
    from harvester.commands import known_format
    from harvester.export import write_export
    from harvester.query import search as find_works
    from harvester.query import works_where

    known_format(form)
    with library() as opened:
        chosen = works_where(opened, where)
        if query is not None:
            wanted = set(chosen)
            chosen = [one for one in find_works(opened, query, limit=-1) if one in wanted]
        write_export(opened, chosen, form, output, talk.lang)
    tell("exported", count=len(chosen), target=output)


# -- the house itself --------------------------------------------------------------------------------------


@app.command()
def runs(
    run_id: Annotated[int | None, typer.Argument(help="A run, to see its items.")] = None,
    *,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    as_json: AsJson = False,
    as_jsonl: AsJsonLines = False,
) -> None:
    """The run ledger: what was done, when, and how every item ended."""
    from harvester.display import console, show_rows

    query, values = (
        ("SELECT * FROM runs ORDER BY run_id DESC LIMIT ?", [limit])
        if run_id is None
        else ("SELECT input, outcome, work_id, source, detail FROM run_items WHERE run_id = ?", [run_id])
    )
    with library() as opened:
        rows = [dict(row) for row in opened.rows(query, values)]
    if run_id is not None and not rows:
        tell("no-such-run", run=run_id)
    if as_json or as_jsonl:
        put_json(rows, lines=as_jsonl)
    else:
        show_rows(console(), rows, talk.lang)


@app.command()
def remerge(
    *,
    diff: Annotated[bool, typer.Option("--diff", help="Only tell what would change.")] = False,
    compares_all: Annotated[
        bool, typer.Option("--all", help="Compare all records for duplicates anew too, due or not.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Rebuild all works from the stored records; no network."""
    from harvester.display import console, show_rows

    with library() as opened:
        if not diff:
            tell("remerged", count=opened.remerge(at=now(), compares_all=compares_all))
            return
        rows = [
            {"work_id": work_id, "field": column, "before": before, "after": after}
            for work_id, column, before, after in opened.differences()
        ]
    if as_json:
        put_json(rows)
    else:
        show_rows(console(), rows, talk.lang)
    tell("would-change", count=len({row["work_id"] for row in rows}))


@config_app.command("show")
def config_show(*, as_json: AsJson = False) -> None:
    """Every setting, its value, and where it comes from. Keys are never shown."""
    from harvester.commands import key_settings
    from harvester.display import console, show_rows

    chosen = settings()
    rows = [
        {"setting": key, "value": value, "origin": origin}
        for key, value, origin in [*chosen.items(), *key_settings(os.environ)]
    ]
    if as_json:
        put_json(rows)
    else:
        show_rows(console(), rows, talk.lang)


# Last, so that the help begins with what is wanted most.
add_corrections(app)
add_upkeep(app)


# -- the entry point ---------------------------------------------------------------------------------------


def main() -> NoReturn:
    """Run the command line; exit codes as documented in the README."""
    code = _guarded(lambda: app(standalone_mode=False))
    _flush()
    logging.shutdown()
    # Nothing is left to do, and taking a dictionary of 100 MB apart takes its time. Where the run was interrupted, requests
    # under way would be waited for; whatever they bring is asked for again next time.
    os._exit(code)


# What typer raises for unknown commands, options and values; it gives no public name to it.
_WrongUsage: Any = typer.BadParameter.__base__


def _guarded(run: Callable[[], Any]) -> int:
    """The exit code of `run`, its errors told on stderr."""
    try:
        with heard():
            code = run()
    except HarvesterError as error:
        from harvester.text import visible

        typer.echo(f"harvester: {visible(error.text(talk.lang))}", err=True)
        return error.exit_code
    except _WrongUsage as error:
        error.show()
        return 2
    except (KeyboardInterrupt, typer.Abort):
        tell("interrupted")
        return 130
    except Terminated:
        tell("interrupted")
        return 143
    except BrokenPipeError:
        return _reader_went_away()
    except SystemExit as left:  # typer's own answer where the pipe broke inside a command
        if isinstance(left.__context__, BrokenPipeError):
            return _reader_went_away()
        raise
    if code == 130:  # typer's own word for Ctrl-C inside a command
        tell("interrupted")
    return code if isinstance(code, int) else 0


def _reader_went_away() -> int:
    # `harvester ... | head`: not an error of ours; the interpreter must not complain at exit either.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _reader_went_away()
    with suppress(OSError):
        sys.stderr.flush()


if __name__ == "__main__":
    main()
