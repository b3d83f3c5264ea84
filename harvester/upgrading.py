"""Bringing a library file of an earlier version up to date: a copy of it is kept, then all steps in one transaction."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from msgspec import Struct

from harvester.filing import file_all_again
from harvester.migrations import migrations


class Upgrade(Struct, frozen=True):
    """What was done: the version that the file had, and the copy of it as it was."""

    version: int
    backup: Path


def bring_up_to_date(connection: sqlite3.Connection, path: Path, version: int) -> Upgrade | None:
    """Apply the migrations that a library of `version` lacks, inside the caller's transaction; None for a new file.

    The copy stands beside the file and takes the place of an earlier copy of the same version. It is made while the
    write lock is held, so that it is what the migrations start from.
    """
    from sqlite_utils import Database  # noqa: PLC0415  a tenth of a second, and seldom needed

    upgrade = Upgrade(version, _copied(path, backup_path(path, version))) if version else None
    migrations.apply(Database(connection, recursive_triggers=False))
    if connection.execute("DELETE FROM counters WHERE name = 'filing_due'").rowcount:
        file_all_again(connection)
    return upgrade


def backup_path(path: Path, version: int) -> Path:
    """Where the copy of a library of `version` stands."""
    return path.with_name(f"{path.name}.schema-{version}.backup")


def _copied(path: Path, target: Path) -> Path:
    # By a connection of its own: SQLite copies nothing from one that has begun to write.
    aside = target.with_name(f"{target.name}.part")
    aside.unlink(missing_ok=True)
    source, copy = sqlite3.connect(path), sqlite3.connect(aside)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, whole by itself
    except BaseException:
        copy.close()
        aside.unlink(missing_ok=True)
        raise
    finally:
        source.close()
    copy.close()
    aside.replace(target)
    return target
