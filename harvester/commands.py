"""The commands that take in: `lookup`, `load` and `harvest`, each returning its exit code."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from filelock import FileLock, Timeout
from msgspec import Struct
from platformdirs import user_state_path
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from harvester.archive import Archive
from harvester.config import Settings
from harvester.display import (
    console,
    file_report_data,
    label,
    show_file_reports,
    show_look_up,
    show_rows,
    show_works,
)
from harvester.errands import Desk
from harvester.errors import InvalidIdentifier, Locked, UsageError
from harvester.export import WRITERS, write_export
from harvester.fetch import Fetcher
from harvester.harvest import Answer, LookUp, Plan, look_up
from harvester.identifiers import find, parse
from harvester.ledger import Item, Run
from harvester.limiter import Pace
from harvester.load import FileReport, documents, load_document
from harvester.messages import message
from harvester.model import Identifier, Outcome
from harvester.outside import FetchPolicy
from harvester.preview import listed, preview
from harvester.quota import SharedPace
from harvester.registration import Resolver
from harvester.sources import SOURCES, doi_org
from harvester.store import Library
from harvester.talk import library as open_library
from harvester.talk import now, put_json, talk, tell
from harvester.talk import settings as read_settings
from harvester.wire import Asker

DONE: Final = 0
USAGE: Final = 2
PARTLY: Final = 3
NOTHING: Final = 4
_GOT: Final = {Outcome.FOUND, Outcome.UNCHANGED}
_SHOWN_AT_THE_END: Final = 50
_TOLD_IN_FULL: Final = 20  # works of which a look-up tells who said what


class Asked(Struct, frozen=True):
    """What a person gave: identifiers, and text that is none."""

    identifiers: list[Identifier]
    invalid: list[str]


def known_format(name: str) -> None:
    """Raise UsageError where no writer has this name."""
    if name not in WRITERS:
        raise UsageError(message("format-unknown", name=name, known=", ".join(WRITERS)))


def key_settings(environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(setting, "set" or "not set", origin) for the key of every service: never the key itself."""
    for source in SOURCES:
        if source.key_variable is not None:
            is_set = bool(environ.get(source.key_variable, "").strip())
            origin = f"environment {source.key_variable}"
            yield f"sources.{source.name}.key", "set" if is_set else "not set", origin


# -- lookup ------------------------------------------------------------------------------------------------


def lookup(given: Sequence[str], *, form: str, refresh: bool, offline: bool) -> int:
    """Resolve identifiers, store, print; the exit code tells the worst outcome."""
    known_format(form)
    settings = read_settings()
    is_silent = list(given) == ["-"] and sys.stdin.isatty()  # nothing was given, and nothing is piped in
    asked = Asked([], []) if is_silent else _asked(given)
    if not asked.identifiers and not asked.invalid:
        raise UsageError(message("lookup-nothing"))
    with open_library(must_exist=False) as library:
        run = Run(library, "lookup", at=now())
        run.note(Item(text, Outcome.INVALID) for text in asked.invalid)
        result = _resolve(library, asked.identifiers, settings, run, refresh=refresh, offline=offline)
        code = exit_code([one.outcome for one in result.answers], invalid=len(asked.invalid))
        run.finish(code, at=now())
        works = list(dict.fromkeys(one.work_id for one in result.answers if one.work_id is not None))
        if works or form != "text":
            write_export(library, works, form, "-", talk.lang)
        rows = {one: row_of(library, one) for one in works[:_TOLD_IN_FULL]}
    _tell_troubles(result, asked.invalid, rows)
    return code


def _asked(given: Sequence[str]) -> Asked:
    """The identifiers in what was given: an argument is one identifier, or text that holds some."""
    asked = Asked([], [])
    for text in _texts(given):
        try:
            asked.identifiers.append(parse(text))
        except InvalidIdentifier:
            found = find(text)
            asked.identifiers.extend(found)
            if not found:
                asked.invalid.append(text)
    return asked


def _texts(given: Sequence[str]) -> Iterator[str]:
    for text in given:
        if text == "-":
            yield from (line.strip() for line in sys.stdin if line.strip() and not line.startswith("#"))
        else:
            yield text


def exit_code(outcomes: Iterable[Outcome], *, invalid: int = 0, skipped: int = 0) -> int:
    """0 all got, 2 nothing but invalid input, 4 no source answered at all, else 3."""
    counts = Counter(outcomes)
    total = counts.total()
    if total == 0:
        return USAGE if invalid else PARTLY if skipped else DONE
    unanswered = counts[Outcome.DEFERRED] + counts[Outcome.REFUSED]
    if unanswered == total and not invalid and not skipped:
        return NOTHING
    return PARTLY if invalid or skipped or any(one not in _GOT for one in counts) else DONE


def _tell_troubles(
    result: LookUp, invalid: Sequence[str], rows: Mapping[int, Mapping[str, Any]] | None = None
) -> None:
    if not talk.quiet:
        show_look_up(console(sys.stderr), result, talk.lang, rows=rows or {})
    for text in invalid:
        tell("not-an-identifier", text=text)


# -- asking ------------------------------------------------------------------------------------------------


def _resolve(
    library: Library,
    identifiers: Sequence[Identifier],
    settings: Settings,
    run: Run,
    *,
    refresh: bool = False,
    offline: bool = False,
) -> LookUp:
    """Ask the enabled sources, or only the library where `offline`."""
    if not identifiers or offline:
        return _from_library(library, identifiers, run)
    plan = _plan(settings)
    if not plan.desks:
        tell("no-sources")
    party = "run" if run.command == "harvest" else "desk"
    with _fetcher(settings, plan, party) as fetcher, _progress("resolving", len(identifiers)) as moved:
        return look_up(library, identifiers, plan, fetcher, run, refresh=refresh, on_progress=moved)


def _plan(settings: Settings) -> Plan:
    return Plan(
        _desks(settings),
        _resolver(settings),
        refresh_days=settings.config.harvest.refresh_days,
        absent_days=settings.config.harvest.absent_days,
    )


def _from_library(library: Library, identifiers: Sequence[Identifier], run: Run) -> LookUp:
    answers = []
    for one in dict.fromkeys(identifiers):
        works = library.work_ids(one)
        outcome = Outcome.UNCHANGED if works else Outcome.DEFERRED
        answers.append(Answer(one, outcome, works[0] if works else None))
    run.note(Item(one.identifier.value, one.outcome, one.work_id, detail="offline") for one in answers)
    return LookUp(answers, {})


def row_of(library: Library, work_id: int) -> dict[str, Any]:
    """The columns of a work."""
    return dict(next(library.rows("SELECT * FROM works WHERE work_id = ?", (work_id,))))


def _resolver(settings: Settings) -> Resolver | None:
    """doi.org as it is asked here, None where it is switched off."""
    chosen = settings.config.sources.doi_org
    address = (chosen.base_url or doi_org.BASE_URL).rstrip("/")
    return Resolver(address, Asker(email=_email(settings))) if chosen.enabled else None


def _email(settings: Settings) -> str | None:
    return settings.config.contact.email.strip() or None


def _desks(settings: Settings) -> tuple[Desk, ...]:
    desks = []
    for source in SOURCES:
        chosen = getattr(settings.config.sources, source.name)
        is_usable = _email(settings) is not None or not source.needs_email
        if chosen.enabled and is_usable:
            key = os.environ.get(source.key_variable or "", "").strip() or None
            asker = Asker(email=_email(settings), key=key)
            desks.append(Desk(source, (chosen.base_url or source.base_url).rstrip("/"), asker))
    return tuple(desks)


def _fetcher(settings: Settings, plan: Plan, party: str) -> Fetcher:
    """`party` is who takes turns: the nightly "run" or a person's "desk"."""
    network = settings.config.network
    scopes = {one.source.name: f"{one.base_url} {one.asker.email} {one.asker.key}" for one in plan.desks}
    bases = {desk.source.name: [desk.base_url, *desk.source.leads_to] for desk in plan.desks}
    if plan.resolver is not None:
        bases[doi_org.NAME] = [plan.resolver.base_url]
    limiter = SharedPace(Pace(time.monotonic, time.sleep), user_state_path("harvester"), scopes)
    archive = settings.config.library.archive
    return Fetcher(
        bases,
        email=_email(settings),
        policy=FetchPolicy(
            allow_private=network.allow_private,
            attempts=network.attempts,
            read_s=network.timeout_s,
            retry_after_cap_s=network.retry_after_cap_s,
            run_s=settings.config.harvest.deadline_minutes * 60 if party == "run" else 0.0,
            explained={one.source.name: one.source.parse for one in plan.desks if one.source.explains},
        ),
        archive=Archive(settings.path(archive)) if archive else None,
        limiter=limiter,
        party=party,
    )


@contextmanager
def _progress(key: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on stderr, on a terminal only; call it with how many are done."""
    err = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    is_shown = err.is_terminal and not talk.quiet and "NO_COLOR" not in os.environ
    with Progress(*columns, console=err, transient=True, disable=not is_shown) as bar:
        task = bar.add_task(label(key, talk.lang), total=total)
        yield lambda done: bar.update(task, completed=done)


# -- documents ---------------------------------------------------------------------------------------------


def load(paths: Sequence[str], *, as_json: bool, offline: bool) -> int:
    """Load documents, resolve the identifiers that they list, report per document."""
    settings = read_settings()
    with open_library(must_exist=False) as library:
        run = Run(library, "load", at=now())
        reports = _load_all(library, paths, run)
        identifiers = [one for report in reports for one in report.identifiers]
        result = _resolve(library, identifiers, settings, run, offline=offline)
        empty = [path for path in paths if path != "-" and not any(documents([path]))]
        code = _code(reports, result) or (PARTLY if empty else DONE)
        run.finish(code, at=now())
    for path in empty:
        tell("folder-empty", path=path)
    if as_json:
        put_json([file_report_data(one, talk.lang) for one in reports])
    else:
        show_file_reports(console(), reports, talk.lang)
    _tell_troubles(result, [])
    return code


def _load_all(library: Library, paths: Iterable[str], run: Run) -> list[FileReport]:
    with _progress("loading", None) as moved:
        done = 0

        def move(more: int) -> None:
            nonlocal done
            done += more
            moved(done)

        return [load_document(library, name, run, on_progress=move) for name in documents(paths)]


def _code(reports: Sequence[FileReport], result: LookUp) -> int:
    loaded = sum(report.counts["read"] - report.counts["skipped"] for report in reports)
    skipped = sum(not report.is_whole for report in reports)
    code = exit_code([one.outcome for one in result.answers], skipped=skipped)
    return PARTLY if code == NOTHING and loaded else code


# -- the nightly job ---------------------------------------------------------------------------------------


def harvest(*, refresh: bool, show: bool) -> int:
    """Everything that `config.toml` names: documents first, then all identifiers together."""
    settings = read_settings()
    path = settings.path(settings.config.library.path)
    with _alone(path), open_library(must_exist=False) as library:
        run = Run(library, "harvest", at=now())
        reports = _load_all(library, _inputs(settings), run)
        identifiers = [one for report in reports for one in report.identifiers]
        result = _resolve(library, identifiers, settings, run, refresh=refresh)
        code = _code(reports, result)
        run.finish(code, at=now())
        _summarise(library, run, reports, result)
        if show:
            _show_all(library)
    return code


def preview_harvest(*, refresh: bool) -> None:
    """Tell what `harvest` would cost; nothing is asked, nothing is stored."""
    settings = read_settings()
    identifiers = list(listed(_inputs(settings)))
    with TemporaryDirectory() as elsewhere:
        path = settings.path(settings.config.library.path)
        with Library(path if path.exists() else Path(elsewhere) / "empty.db") as library:
            costs = list(preview(library, identifiers, _plan(settings), at=now(), refresh=refresh))
    rows = [
        {
            "source": one.source,
            "identifiers": one.identifiers,
            "requests": one.requests,
            "seconds": round(one.seconds, 1),
            "dollars": None if one.dollars is None else f"{one.dollars:.4f}",
        }
        for one in costs
    ]
    show_rows(console(), rows, talk.lang)
    tell(
        "preview",
        count=len(set(identifiers)),
        seconds=round(max((one.seconds for one in costs), default=0), 1),
    )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One nightly job at a time; the kernel frees the lock when its holder dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{path}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise Locked(message("locked", path=path)) from error
    try:
        yield
    finally:
        lock.release()


def _inputs(settings: Settings) -> Iterator[str]:
    for name in (*settings.config.harvest.inbox, *settings.config.harvest.doi_lists):
        path = settings.path(name)
        if path.exists():
            yield str(path)
        else:
            tell("input-missing", path=path)


def _summarise(library: Library, run: Run, reports: Sequence[FileReport], result: LookUp) -> None:
    out = console()
    show_file_reports(out, reports, talk.lang)
    _tell_troubles(result, [])
    counts = ", ".join(f"{label(name, talk.lang)} {number}" for name, number in sorted(run.counts.items()))
    total = next(library.rows("SELECT count(*) FROM works"))[0]
    out.print(message("harvest-summary", run=run.run_id, counts=counts, works=total).text(talk.lang))


def _show_all(library: Library) -> None:
    """The newest works, both titles; how to see the rest is said."""
    ids = [
        int(row[0])
        for row in library.rows(
            "SELECT work_id FROM works ORDER BY updated_at DESC, work_id LIMIT ?", (_SHOWN_AT_THE_END,)
        )
    ]
    show_works(console(), [(one, library.work(one)) for one in sorted(ids)], talk.lang)
