"""The commands `doctor` and `archive`: how the library is, what it and the replies beside it take, and what to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from harvester.archive import Archive
from harvester.checkup import BAD, Finding, findings, in_bytes, mend_search
from harvester.display import console, label, show_rows
from harvester.errors import UsageError
from harvester.messages import Lang, message
from harvester.space import Space, space_of
from harvester.talk import library as open_library
from harvester.talk import now, put_json, settings, talk, tell

DONE: Final = 0
DAMAGED: Final = 6  # the exit code of everything that is wrong with the database


def examine(*, mend: bool, as_json: bool) -> int:
    """Look at everything and print it; the exit code is 6 where something is bad."""
    chosen = settings()
    archive = chosen.config.library.archive
    kept = _folder_size(chosen.path(archive)) if archive else 0
    with open_library() as library:
        mended = mend_search(library, at=now()) if mend else None
        found = list(findings(library))
        space = space_of(library) if found[1:] else None  # a damaged file cannot be measured
    if as_json:
        told = [_finding_data(one) for one in found]
        put_json({"findings": told, "space": space and _space_data(space, kept)})
    else:
        _show_findings(found, talk.lang)
        if space is not None:
            _show_space(space, kept, talk.lang)
    if mended is not None:
        tell("doctor-mended", count=mended)
    return DAMAGED if any(one.state == BAD for one in found) else DONE


def _folder_size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _finding_data(one: Finding) -> dict[str, Any]:
    return {
        "checked": one.name,
        "state": one.state,
        "says": {lang: one.says.text(lang) for lang in ("en", "zh")},
        "fix": one.fix and {lang: one.fix.text(lang) for lang in ("en", "zh")},
    }


def _space_data(space: Space, kept: int) -> dict[str, Any]:
    return {
        "bytes": space.total,
        "works": space.works,
        "bytes_a_work": space.a_work,
        "own_bytes_a_work": _a_work(space.own, space),
        "is_estimate": space.is_estimate,
        "parts": [
            {"part": one.name, "bytes": one.size, "bytes_a_work": _a_work(one.size, space)}
            for one in space.parts
        ],
        "archive_bytes": kept,
    }


def _a_work(size: int, space: Space) -> int:
    return round(size / space.works) if space.works else 0


def _show_findings(found: list[Finding], lang: Lang) -> None:
    rows = [
        {
            "checked": label(f"checked-{one.name}", lang),
            "state": label(one.state, lang),
            "says": one.says.text(lang),
            "fix": one.fix.text(lang) if one.fix else "",
        }
        for one in found
    ]
    show_rows(console(), rows, lang)


def _show_space(space: Space, kept: int, lang: Lang) -> None:
    parts = [
        {
            "part": label(f"part-{one.name}", lang),
            "size": in_bytes(one.size),
            "share": f"{one.size / max(1, space.total):.0%}",
            "bytes-a-work": _a_work(one.size, space),
        }
        for one in space.parts
    ]
    show_rows(console(), parts, lang)
    own = _a_work(space.own, space)
    tell("doctor-space", total=in_bytes(space.total), works=space.works, a_work=space.a_work, own=own)
    if space.is_estimate:
        tell("doctor-space-estimate")
    if kept:
        tell("doctor-archive", size=in_bytes(kept))


# -- the archive -------------------------------------------------------------------------------------------


def look_into_archive(*, prune_days: int | None, take_in: bool, as_json: bool) -> None:
    """Print what the archive holds of every service, after what was asked to be done to it. Raises UsageError without one."""
    chosen = settings()
    if not chosen.config.library.archive:
        raise UsageError(message("archive-none"))
    archive = Archive(chosen.path(chosen.config.library.archive))
    try:
        if take_in:
            tell("archive-taken-in", count=archive.take_in())
        if prune_days is not None:
            before = datetime.fromisoformat(now()) - timedelta(days=prune_days)
            count = archive.prune(before.strftime("%Y-%m-%dT%H:%M:%SZ"))
            tell("archive-pruned", count=count, before=f"{before:%Y-%m-%d}")
        held = archive.held()
    finally:
        archive.close()
    if as_json:
        put_json([msgspec.to_builtins(one) for one in held])
        return
    rows = [
        {
            "source": one.service,
            "replies": one.replies,
            "as-they-came": in_bytes(one.size),
            "as-they-lie": in_bytes(one.packed),
            "oldest": one.oldest[:10],
        }
        for one in held
    ]
    show_rows(console(), rows, talk.lang)
    size, packed = sum(one.size for one in held), sum(one.packed for one in held)
    share = f"{packed / size:.0%}" if size else "-"
    tell(
        "archive-held",
        count=sum(one.replies for one in held),
        size=in_bytes(size),
        packed=in_bytes(packed),
        share=share,
    )
