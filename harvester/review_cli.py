"""The commands below `review`: thin, over `reviewing`."""

from __future__ import annotations

from typing import Annotated

import typer

review_app = typer.Typer(help="Doubtful translations: list, accept, reject.", invoke_without_command=True)
By = Annotated[str, typer.Option("--by", help="Who decides.")]


@review_app.callback()
def review(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="Print JSON Lines.")] = False,
) -> None:
    """List what a person should look at, both languages side by side, with the reasons."""
    if context.invoked_subcommand is None:
        from harvester.reviewing import list_doubts

        list_doubts(limit, as_json=as_json, as_jsonl=as_jsonl)


@review_app.command()
def accept(
    work: Annotated[str, typer.Argument(help="Work id, DOI or another identifier.")],
    field: Annotated[str, typer.Argument(help="title or abstract")],
    *,
    by: By,
) -> None:
    """Show a doubtful translation from now on."""
    from harvester.reviewing import decide

    decide(work, field, "accept", by)


@review_app.command()
def reject(
    work: Annotated[str, typer.Argument(help="Work id, DOI or another identifier.")],
    field: Annotated[str, typer.Argument(help="title or abstract")],
    *,
    by: By,
) -> None:
    """Never show a doubtful translation again."""
    from harvester.reviewing import decide

    decide(work, field, "reject", by)
