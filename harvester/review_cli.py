"""What people decide, as commands: `review`, `set`, `unset`, `history`; thin, over `reviewing`."""

from __future__ import annotations

from typing import Annotated

import typer

from harvester.errors import UsageError
from harvester.messages import message

review_app = typer.Typer(
    help="Doubtful translations and possible duplicates: list, accept, reject.", invoke_without_command=True
)
By = Annotated[str, typer.Option("--by", help="Who decides.")]
ForJournal = Annotated[
    bool, typer.Option("--journal", help="So with all possible duplicates within this journal.")
]


@review_app.callback()
def review(
    context: typer.Context,
    *,
    kind: Annotated[
        str, typer.Option(help="translations, or overrides: corrections whose sources changed.")
    ] = "translations",
    limit: Annotated[int, typer.Option(min=1)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="Print JSON Lines.")] = False,
) -> None:
    """List what a person should look at, both languages side by side, with the reasons."""
    if context.invoked_subcommand is not None:
        return
    from harvester.reviewing import list_doubts, list_outdated

    if kind not in {"translations", "overrides"}:
        raise UsageError(message("review-kind", kind=kind))
    listing = list_doubts if kind == "translations" else list_outdated
    listing(limit, as_json=as_json, as_jsonl=as_jsonl)


@review_app.command()
def accept(
    work: Annotated[str, typer.Argument(help="Work id, DOI or another identifier.")],
    what: Annotated[str, typer.Argument(help="title or abstract, or another work.")],
    *,
    by: By,
    journal: ForJournal = False,
) -> None:
    """Show a doubtful translation from now on; or make two works one."""
    from harvester.reviewing import decide

    decide(work, what, "accept", by, for_journal=journal)


@review_app.command()
def reject(
    work: Annotated[str, typer.Argument(help="Work id, DOI or another identifier.")],
    what: Annotated[str, typer.Argument(help="title or abstract, or another work.")],
    *,
    by: By,
    journal: ForJournal = False,
) -> None:
    """Never show a doubtful translation again; or keep two works apart for good."""
    from harvester.reviewing import decide

    decide(work, what, "reject", by, for_journal=journal)


# -- corrections: beside `review`, not below it ---------------------------------------------------------------

Why = Annotated[str | None, typer.Option("--why", help="The reason, for whoever reads the history.")]
_WORK = typer.Argument(help="Work id, DOI or another identifier.")


def add_corrections(app: typer.Typer) -> None:
    """Give the program its commands `set`, `unset`, `history` and `split`."""
    app.command("set")(set_field)
    app.command("unset")(unset_field)
    app.command("history")(history)
    app.command("split")(split_work)


def set_field(
    work: Annotated[str, _WORK],
    field: Annotated[str, typer.Argument(help="title_en, volume, authors, ... as in `schema`.")],
    value: Annotated[
        str, typer.Argument(help='What is right; - reads stdin. Authors: "Family, Given; ...".')
    ],
    *,
    by: By,
    why: Why = None,
) -> None:
    """Correct a field of a work: survives every refresh and remerge."""
    from harvester.reviewing import correct

    correct(work, field, value, by, why)


def unset_field(
    work: Annotated[str, _WORK],
    field: Annotated[str, typer.Argument(help="The field that was corrected.")],
    *,
    by: By,
    why: Why = None,
) -> None:
    """Take a correction back: the sources are believed again."""
    from harvester.reviewing import take_back

    take_back(work, field, by, why)


def history(
    work: Annotated[str, _WORK],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="Print JSON Lines.")] = False,
) -> None:
    """What people corrected and decided: who, when, why, old and new."""
    from harvester.reviewing import list_history

    list_history(work, as_json=as_json, as_jsonl=as_jsonl)


def split_work(
    work: Annotated[str, typer.Argument(help="Work id, DOI or another identifier.")],
    records: Annotated[
        list[int] | None,
        typer.Argument(help="Record ids that are another work; without them every record is."),
    ] = None,
    *,
    by: By,
) -> None:
    """Take a work apart for good; `review accept` undoes it."""
    from harvester.reviewing import take_apart

    take_apart(work, records or [], by)
