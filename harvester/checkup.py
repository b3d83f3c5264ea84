"""The health of a library: is the file sound, is the index in step, is anything left over, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from harvester.errors import StoreError
from harvester.messages import Message, message
from harvester.store import Library

GOOD: Final = "good"
LOOK: Final = "look"  # nothing is wrong, something could be better
BAD: Final = "bad"
_FREE_SHARE: Final = 0.2  # of the file, from which giving it back is worth a mention
_LARGE_LOG: Final = 256_000_000  # bytes of the write-ahead log that a reader keeps from being folded in
_NAMED: Final = 5
_UNFINISHED: Final = "SELECT run_id FROM runs WHERE finished_at IS NULL ORDER BY run_id DESC LIMIT 3"


class Finding(Struct, frozen=True):
    """What was looked at, how it is (good, look, bad), and what to do where that is anything."""

    name: str
    state: str
    says: Message
    fix: Message | None = None


def findings(library: Library) -> Iterator[Finding]:
    """Everything that is looked at, in the order of the report; of a damaged file no more than that it is."""
    sound = _sound(library)
    yield sound
    if sound.state == BAD:
        return
    yield _references(library)
    yield _search(library)
    yield _remerge(library)
    yield _runs(library)
    yield _log(library)
    yield _free(library)
    yield from _copies(library)


def _sound(library: Library) -> Finding:
    try:
        told = [str(row[0]) for row in library.rows("PRAGMA integrity_check(5)")]
    except StoreError as error:
        if error.message.key != "store-corrupt":
            raise
        told = [str(error.__cause__)]
    if told == ["ok"]:
        return Finding("file", GOOD, message("doctor-file-good"))
    fix = message("doctor-file-fix", path=library.path)
    return Finding("file", BAD, message("doctor-file-bad", found="; ".join(told[:_NAMED])), fix)


def _references(library: Library) -> Finding:
    lost = [f"{row[0]} {row[1]} → {row[2]}" for row in library.rows("PRAGMA foreign_key_check")]
    if not lost:
        return Finding("references", GOOD, message("doctor-references-good"))
    said = message("doctor-references-bad", count=len(lost), found="; ".join(lost[:_NAMED]))
    return Finding("references", BAD, said, message("doctor-report-fix"))


def out_of_step(library: Library) -> tuple[list[int], list[int]]:
    """Works that the search index lacks, and numbers in the index that are no works."""
    lacking = "SELECT work_id FROM works WHERE work_id NOT IN (SELECT id FROM works_fts_docsize)"
    surplus = "SELECT id FROM works_fts_docsize WHERE id NOT IN (SELECT work_id FROM works)"
    return [row[0] for row in library.rows(lacking)], [row[0] for row in library.rows(surplus)]


def _search(library: Library) -> Finding:
    fix = message("doctor-search-fix")
    lacking, surplus = out_of_step(library)
    if lacking or surplus:
        return Finding(
            "search", BAD, message("doctor-search-bad", lacking=len(lacking), surplus=len(surplus)), fix
        )
    try:
        # It is written as an order, and writes nothing.
        with library.writing() as connection:
            connection.execute("INSERT INTO works_fts (works_fts, rank) VALUES ('integrity-check', 1)")
    except StoreError as error:
        if error.message.key != "store-corrupt":
            raise
        return Finding("search", BAD, message("doctor-search-damaged"), fix)
    return Finding("search", GOOD, message("doctor-search-good"))


def mend_search(library: Library, *, at: str) -> int:
    """Build the search index anew from the texts of the works, and bring it in step with the works; how many were not."""
    lacking, surplus = out_of_step(library)
    with library.writing() as connection:
        connection.execute("INSERT INTO works_fts (works_fts) VALUES ('rebuild')")
        connection.executemany("DELETE FROM works_fts WHERE rowid = ?", [(one,) for one in surplus])
        connection.executemany(
            "UPDATE merged SET fingerprint = x'' WHERE work_id = ?", [(one,) for one in lacking]
        )
        library.reconsider(set(lacking), at=at)
    return len(lacking) + len(surplus)


def _remerge(library: Library) -> Finding:
    if library.is_remerge_due:
        return Finding("works", LOOK, message("doctor-remerge"), message("doctor-remerge-fix"))
    return Finding("works", GOOD, message("doctor-works-good"))


def _runs(library: Library) -> Finding:
    left = [str(row[0]) for row in library.rows(_UNFINISHED)]
    if not left:
        return Finding("runs", GOOD, message("doctor-runs-good"))
    return Finding("runs", LOOK, message("doctor-runs", runs=", ".join(left)), message("doctor-runs-fix"))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _log(library: Library) -> Finding:
    size = _size(library.path.with_name(f"{library.path.name}-wal"))
    if size < _LARGE_LOG:
        return Finding("log", GOOD, message("doctor-log-good"))
    return Finding("log", LOOK, message("doctor-log", size=in_bytes(size)), message("doctor-log-fix"))


def _free(library: Library) -> Finding:
    page, pages, free = (
        int(next(library.rows(f"PRAGMA {name}"))[0]) for name in ("page_size", "page_count", "freelist_count")
    )
    if free < _FREE_SHARE * pages:
        return Finding("free", GOOD, message("doctor-free-good"))
    fix = message("doctor-free-fix", path=library.path)
    return Finding("free", LOOK, message("doctor-free", size=in_bytes(free * page)), fix)


def _copies(library: Library) -> Iterator[Finding]:
    """Copies that upgrades left beside the file."""
    for path in sorted(library.path.parent.glob(f"{library.path.name}.schema-*.backup")):
        said = message("doctor-copy", path=path, size=in_bytes(_size(path)))
        yield Finding("copy", LOOK, said, message("doctor-copy-fix"))


def in_bytes(size: int) -> str:
    """A number of bytes for people: "1.2 GB", of a thousand thousands."""
    for unit, factor in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} B"
