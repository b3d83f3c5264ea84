"""The commands that take in: `lookup`, `load` and `harvest`, each returning its exit code."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from filelock import FileLock, Timeout
from msgspec import Struct

from harvester.addresses import without_secrets
from harvester.config import Settings
from harvester.documents import documents
from harvester.errors import InvalidIdentifier, Locked, UsageError
from harvester.harvest import Answer, LookUp, look_up
from harvester.identifiers import find, parse
from harvester.ledger import Item, Run
from harvester.load import FileReport, load_document
from harvester.messages import message, term
from harvester.model import Identifier, Outcome
from harvester.preview import listed, preview
from harvester.store import Library
from harvester.talk import library as open_library
from harvester.talk import now, talk, tell
from harvester.talk import settings as read_settings

DONE: Final = 0
USAGE: Final = 2
PARTLY: Final = 3
NOTHING: Final = 4
_GOT: Final = {Outcome.FOUND, Outcome.UNCHANGED}
_ANSWERS: Final = "answers"  # the one format of `lookup` that tells of identifiers, not of works
_TEXT: Final = "text"
_TOLD_IN_FULL: Final = 20  # works of which a look-up tells who said what


class Asked(Struct, frozen=True):
    """What a person gave: identifiers, and text that is none."""

    identifiers: list[Identifier]
    invalid: list[str]


def known_format(name: str) -> None:
    """Raise UsageError where no writer has this name."""
    from harvester.export import WRITERS  # noqa: PLC0415  heavy; nothing else needs it before answers are in

    if name not in WRITERS:
        raise UsageError(message("format-unknown", name=name, known=", ".join(WRITERS)))


def key_settings(environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(setting, "set" or "not set", origin) for the key of every service: never the key itself."""
    from harvester.sources import SOURCES  # noqa: PLC0415  as heavy as all commands together

    for source in SOURCES:
        if source.key_variable is not None:
            is_set = bool(environ.get(source.key_variable, "").strip())
            origin = f"environment {source.key_variable}"
            yield f"sources.{source.name}.key", "set" if is_set else "not set", origin


# -- lookup ------------------------------------------------------------------------------------------------


def lookup(given: Sequence[str], *, form: str, refresh: bool, offline: bool) -> int:
    """Resolve identifiers, store, print the works, or how each identifier ended; the exit code tells the worst."""
    if form not in {_ANSWERS, _TEXT}:
        known_format(form)
    settings = read_settings()
    is_silent = list(given) == ["-"] and sys.stdin.isatty()  # nothing was given, and nothing is piped in
    asked = Asked([], []) if is_silent else _asked(given)
    if not asked.identifiers and not asked.invalid:
        raise UsageError(message("lookup-nothing"))
    with open_library(must_exist=False) as library:

        def finish(run: Run, outcomes: Sequence[Outcome]) -> None:
            run.finish(exit_code(outcomes, invalid=len(asked.invalid)), at=now())

        run = Run(library, "lookup", at=now(), on_settled=finish)
        run.note(Item(text, Outcome.INVALID) for text in asked.invalid)
        result = _resolve(library, asked.identifiers, settings, run, refresh=refresh, offline=offline)
        if run.code is None:
            finish(run, [one.outcome for one in result.answers])
        works = list(dict.fromkeys(one.work_id for one in result.answers if one.work_id is not None))
        told = works if form == _ANSWERS else works[:_TOLD_IN_FULL]
        rows = {one: row_of(library, one) for one in told}
        from harvester.closing import put_answers, put_works, tell_troubles  # noqa: PLC0415  see _meanwhile

        if form == _ANSWERS:
            put_answers(result, rows)
        elif works or form != _TEXT:
            put_works(library, works, form)
    tell_troubles(result, asked.invalid, rows)
    return run.code or DONE


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
                # What is told and written into the ledger holds no password of a pasted address.
                asked.invalid.append(without_secrets(text) if "://" in text else text)
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
    from harvester.desks import fetcher_of, plan_of  # noqa: PLC0415  the network: a fifth of a second

    plan = plan_of(settings)
    if not plan.desks:
        tell("no-sources")
    party = "run" if run.command == "harvest" else "desk"
    with fetcher_of(settings, plan, party) as fetcher, _progress("resolving", len(identifiers)) as moved:

        def on_progress(done: int) -> None:
            _meanwhile(None if party == "run" else library)
            moved(done)

        return look_up(library, identifiers, plan, fetcher, run, refresh=refresh, on_progress=on_progress)


def _meanwhile(wanted_now: Library | None) -> None:
    """Load what tells the results while the first answers are on their way.

    Where a person waits for them, also the dictionary by which translations are judged: half a second, needed or not.
    """
    import harvester.closing  # noqa: F401, PLC0415  only loaded, not used yet

    read = wanted_now.policy.lexicon if wanted_now else None
    if read is not None and (lexicon := read()) is not None:
        lexicon.words("\u4e2d\u6587")  # the first question makes its table


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


@contextmanager
def _progress(key: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on stderr, on a terminal only; call it with how many are done."""
    if talk.quiet or "NO_COLOR" in os.environ or not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console  # noqa: PLC0415  slow to load, and nightly runs have no terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415  the same

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    err = Console(stderr=True)
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(term(key, talk.lang), total=total)
        yield lambda done: bar.update(task, completed=done)


# -- documents ---------------------------------------------------------------------------------------------


def load(paths: Sequence[str], *, as_json: bool, offline: bool) -> int:
    """Load documents, resolve the identifiers that they list, report per document."""
    settings = read_settings()
    with open_library(must_exist=False) as library:
        run = Run(library, "load", at=now()).begin()
        reports = _load_all(library, paths, run)
        identifiers = [one for report in reports for one in report.identifiers]
        result = _resolve(library, identifiers, settings, run, offline=offline)
        empty = [path for path in paths if path != "-" and not any(documents([path]))]
        code = _code(reports, result) or (PARTLY if empty else DONE)
        run.finish(code, at=now())
    for path in empty:
        tell("folder-empty", path=path)
    from harvester.closing import put_reports, tell_troubles  # noqa: PLC0415  see _meanwhile

    put_reports(reports, as_json=as_json)
    tell_troubles(result, [])
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
    fill = _filling(settings)
    with _alone(path), open_library(must_exist=False) as library:
        run = Run(library, "harvest", at=now()).begin()
        reports = _load_all(library, _inputs(settings), run)
        identifiers = [one for report in reports for one in report.identifiers]
        result = _resolve(library, identifiers, settings, run, refresh=refresh)
        code = fill(library, run, _code(reports, result))
        run.finish(code, at=now())
        from harvester.closing import show_newest, summarise  # noqa: PLC0415  see _meanwhile

        summarise(library, run, reports, result)
        if show:
            show_newest(library)
    return code


def _filling(settings: Settings) -> Callable[[Library, Run, int], int]:
    """What fills in missing translations at the end, where the settings want it; it gives the exit code.

    Raises ConfigError where the engine lacks its key or model: before anything is done.
    """
    if not settings.config.translate.in_harvest:
        return lambda _library, _run, code: code
    from harvester.translating import desk_of, fill_in  # noqa: PLC0415  the network: a fifth of a second

    desk = desk_of(settings, None)
    return lambda library, run, code: fill_in(library, desk, settings, run) or code


def preview_harvest(*, refresh: bool) -> None:
    """Tell what `harvest` would cost; nothing is asked, nothing is stored."""
    from harvester.desks import plan_of, quota_of  # noqa: PLC0415  the network: a fifth of a second

    settings = read_settings()
    identifiers = list(listed(_inputs(settings)))
    plan = plan_of(settings)
    pace = quota_of(plan)
    with TemporaryDirectory() as elsewhere:
        path = settings.path(settings.config.library.path)
        with Library(path if path.exists() else Path(elsewhere) / "empty.db") as library:
            costs = list(
                preview(library, identifiers, plan, at=now(), refresh=refresh, left_today=pace.left_today)
            )
    from harvester.closing import show_costs  # noqa: PLC0415  see _meanwhile

    show_costs(costs, len(set(identifiers)))


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
