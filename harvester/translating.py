"""The command `translate`: the engine of the settings, its key from the environment, and how it went."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from harvester.archive import Archive
from harvester.config import Settings, TranslateSettings
from harvester.engines import ENGINES
from harvester.errors import ConfigError, ParseError, UsageError
from harvester.fetch import Fetcher
from harvester.formats import tmx
from harvester.ledger import Run
from harvester.local_model import LocalModel, model_name
from harvester.messages import message
from harvester.outside import FetchPolicy
from harvester.store import Library
from harvester.talk import library as open_library
from harvester.talk import now, put_json, tell
from harvester.talk import settings as read_settings
from harvester.translation import FIELDS, Desk, Report, Wanted, preview, wanted
from harvester.translation import translate as translate_texts
from harvester.wire import Fetches

DONE: Final = 0
PARTLY: Final = 3
NOTHING: Final = 4
_TARGETS: Final = ("zh-Hans", "zh-Hant", "en")


def translate(to: str | None, fields: Sequence[str] | None, limit: int | None, *, as_json: bool) -> int:
    """Translate what is missing; the exit code tells the worst outcome."""
    settings = read_settings()
    desk = desk_of(settings, to)
    with open_library() as library:
        run = Run(library, "translate", at=now()).begin()
        report = run_on(library, desk, settings, run, fields=fields, limit=limit)
        code = exit_code(report)
        run.finish(code, at=now())
    for why in report.troubles.values():
        tell(why.key, **why.values)
    if as_json:
        put_json(msgspec.to_builtins(_summary(report)))
    tell("translate-done", **_summary(report))
    return code


def run_on(
    library: Library,
    desk: Desk,
    settings: Settings,
    run: Run,
    *,
    fields: Sequence[str] | None = None,
    limit: int | None = None,
) -> Report:
    """Translate what the library lacks, within an open run."""
    chosen = _chosen(library, desk, settings, fields, limit)
    with _fetcher(settings, desk) as fetcher:
        return translate_texts(library, desk, chosen, fetcher, run)


def fill_in(library: Library, desk: Desk, settings: Settings, run: Run) -> int:
    """Translate what the library lacks at the end of another run, tell how it went; 3 where something is left."""
    report = run_on(library, desk, settings, run)
    for why in report.troubles.values():
        tell(why.key, **why.values)
    tell("translate-done", **_summary(report))
    return DONE if exit_code(report) == DONE else PARTLY


def preview_translation(
    to: str | None, fields: Sequence[str] | None, limit: int | None, *, as_json: bool
) -> None:
    """Tell what `translate` would send, and what that costs. Needs no key."""
    settings = read_settings()
    desk = desk_of(settings, to, needs_key=False)
    with open_library() as library:
        told = preview(library, desk, _chosen(library, desk, settings, fields, limit))
    values = msgspec.structs.asdict(told)
    if as_json:
        put_json(values)
    else:
        left = "-" if told.left is None else f"{told.left:.2f}"
        tell("translate-preview", **values | {"cost": f"{told.cost:.4f}", "left": left})


def exit_code(report: Report) -> int:
    """0 all shown, 4 the engine answered nothing at all, else 3."""
    counts = report.counts
    if counts["wanted"] and counts["deferred"] + counts["refused"] == counts["wanted"]:
        return NOTHING
    return DONE if counts["found"] == counts["wanted"] else PARTLY


def _summary(report: Report) -> dict[str, object]:
    names = ("wanted", "found", "malformed", "deferred", "refused")
    told: dict[str, object] = {name: report.counts[name] for name in names}
    return told | {
        "requests": report.requests,
        "characters": report.characters,
        "cost": round(report.cost, 6),
    }


def _chosen(
    library: Library, desk: Desk, settings: Settings, fields: Sequence[str] | None, limit: int | None
) -> Iterator[Wanted]:
    names = tuple(fields or settings.config.translate.fields)
    for name in names:
        if name not in FIELDS:
            raise UsageError(message("translate-field", field=name))
    # Read to the end before the first is written: what is translated leaves the selection.
    return iter(list(islice(wanted(library, desk.target, names), limit)))


# -- the engine --------------------------------------------------------------------------------------------


def desk_of(settings: Settings, to: str | None, *, needs_key: bool = True) -> Desk:
    """The engine as the settings name it.

    Raises ConfigError where none is chosen, its model or its key is missing: before the first request.
    """
    chosen = settings.config.translate
    known = {one.name: one for one in ENGINES}
    if not chosen.engine:
        raise ConfigError(message("engine-none", known=", ".join(known)))
    if chosen.engine not in known:
        raise ConfigError(message("engine-unknown", name=chosen.engine, known=", ".join(known)))
    engine = known[chosen.engine]
    if engine.needs_model and not chosen.model:
        raise ConfigError(message("engine-no-model", engine=engine.name))
    if engine.is_local:
        folder = settings.path(chosen.model)
        chosen = msgspec.structs.replace(chosen, base_url=str(folder), model=model_name(folder))
    key = os.environ.get(engine.key_variable, "").strip() or None
    if needs_key and key is None and not (engine.is_local or _is_own(chosen.base_url)):
        raise ConfigError(message("engine-no-key", engine=engine.name, variable=engine.key_variable))
    target = to or chosen.to
    if target not in _TARGETS:
        raise UsageError(message("translate-target", target=target))
    return Desk(
        engine=engine,
        base_url=(chosen.base_url or engine.base_url(key)).rstrip("/"),
        target=target,
        model=chosen.model,
        month=now()[:7],
        key=key,
        glossary=_glossary(settings, chosen, target),
        price=chosen.price_per_million,
        budget=chosen.budget_per_month,
    )


def _is_own(base_url: str) -> bool:
    """Whether an address is one's own machine or network, where engines often need no key."""
    host = urlsplit(base_url).hostname or ""
    return (
        host in {"localhost", "::1"}
        or host.startswith(("127.", "10.", "192.168."))
        or host.endswith(".local")
    )


def _glossary(settings: Settings, chosen: TranslateSettings, target: str) -> tuple[tuple[str, str], ...]:
    if not chosen.glossary:
        return ()
    path = settings.path(chosen.glossary)
    try:
        return tuple(
            tmx.terms(path.read_bytes(), target) if path.suffix.casefold() == ".tmx" else _terms(path)
        )
    except (OSError, UnicodeDecodeError, ParseError) as error:
        raise ConfigError(message("glossary-missing", path=path, error=error)) from error


def _terms(path: Path) -> Iterator[tuple[str, str]]:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    for number, row in enumerate(csv.reader(lines), start=1):
        if not row or row[0].startswith("#"):
            continue
        if len(row) < 2 or not row[0].strip() or not row[1].strip():
            raise ConfigError(message("glossary-line", path=path, line=number))
        yield row[0].strip(), row[1].strip()


@contextmanager
def _fetcher(settings: Settings, desk: Desk) -> Iterator[Fetches]:
    if desk.engine.is_local:
        with LocalModel(Path(desk.base_url)) as model:
            yield model
        return
    config = settings.config
    is_own = _is_own(desk.base_url)
    policy = FetchPolicy(
        allow_private=config.network.allow_private or is_own,
        attempts=config.network.attempts,
        read_s=config.translate.timeout_s,
        deadline_s=config.translate.timeout_s * 2,
        max_wait_s=max(FetchPolicy().max_wait_s, config.translate.timeout_s * 2),  # a model at home is slow
        retry_after_cap_s=config.network.retry_after_cap_s,
    )
    archive = config.library.archive
    with Fetcher(
        {desk.engine.name: [desk.base_url]},
        policy=policy,
        archive=Archive(settings.path(archive)) if archive else None,
    ) as fetcher:
        yield fetcher
