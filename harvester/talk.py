"""What all commands share: the language and loudness of this run, its settings, library and clock."""

from __future__ import annotations

import json
import locale
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harvester.errors import UsageError
from harvester.messages import Lang, message

if TYPE_CHECKING:
    from harvester.config import Settings
    from harvester.store import Library


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsJsonLines = Annotated[bool, typer.Option("--jsonl", help="Print JSON Lines.")]


class Talk:
    """How the program speaks in this run: language, loudness, and where the settings lie."""

    lang: Lang = "en"
    quiet: bool = False
    config_path: Path | None = None
    db: Path | None = None


talk = Talk()


def language(asked: str | None) -> Lang:
    """The language of messages: as asked for, else that of the locale."""
    if asked not in {None, "en", "zh"}:
        raise UsageError(message("lang-unknown", lang=asked))
    if asked is not None:
        return "zh" if asked == "zh" else "en"
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    chosen = next((name for name in names if name), "") or locale.getlocale()[0] or ""
    return "zh" if chosen.lower().startswith(("zh", "chinese")) else "en"


def settings() -> Settings:
    """The effective settings; `--db` stands above all."""
    from harvester.config import load_config

    environ = dict(os.environ)
    if talk.db is not None:
        environ["HARVESTER_DB"] = str(talk.db)
    return load_config(talk.config_path, environ)


@contextmanager
def library(*, must_exist: bool = True) -> Iterator[Library]:
    """The library of the settings, open."""
    from harvester.store import Library

    chosen = settings()
    with Library(chosen.path(chosen.config.library.path), must_exist=must_exist) as opened:
        if opened.upgrade is not None:
            tell("store-upgraded", found=opened.upgrade.version, backup=opened.upgrade.backup)
        if opened.is_remerge_due:
            tell("remerge-due")
        yield opened


def now() -> str:
    """The time, ISO 8601 UTC to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tell(key: str, **values: object) -> None:
    """A line of talk on stderr, unless quiet."""
    from harvester.display import say

    if not talk.quiet:
        typer.echo(say(key, talk.lang, **values), err=True)


def put_json(value: Any, *, lines: bool = False) -> None:
    """`value` as JSON on stdout; a list as JSON Lines where asked."""
    if lines:
        for one in value:
            sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
