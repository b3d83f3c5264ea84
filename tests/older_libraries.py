"""Library files as earlier versions of the program wrote them: tests/libraries/version-N.sql.gz.

Each is the library of `make demo` of that version, with a merged work in it, and from version 6 on with what people decided.
A version that is released gets its file once, by `python -m tests.older_libraries LIBRARY OUT.sql.gz` with the program of
that version; what is there is never changed.
"""

import gzip
import sqlite3
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "libraries"
_SHADOWS = ("_data", "_idx", "_content", "_docsize", "_config")


def names():
    """ "1", "2", ...: every version that ever wrote libraries."""
    return sorted(
        path.name.removeprefix("version-").removesuffix(".sql.gz") for path in FOLDER.glob("version-*.sql.gz")
    )


def restore(name, path):
    """Make the library file `path` as version `name` left it."""
    script = gzip.decompress((FOLDER / f"version-{name}.sql.gz").read_bytes()).decode()
    with sqlite3.connect(path) as made:
        made.executescript(script)
    made.close()


def dump(path):
    """The library file as SQL text, from which `restore` makes an equal one."""
    with sqlite3.connect(path) as library:
        marks = [
            f"PRAGMA {name} = {library.execute(f'PRAGMA {name}').fetchone()[0]};"
            for name in ("application_id", "user_version")
        ]
        made = library.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
        ).fetchall()
        virtual = tuple(name for _, name, sql in made if sql.startswith("CREATE VIRTUAL"))
        shadows = {f"{name}{end}" for name in virtual for end in _SHADOWS}
        made = [one for one in made if one[1] not in shadows and not one[1].startswith("sqlite_stat")]
        tables = [one for one in made if one[0] == "table" and one[1] != "sqlite_sequence"]
        lines = [f"{sql};" for _, _, sql in tables]
        for _, name, _ in [*tables, ("table", "sqlite_sequence", "")]:
            columns = [row[1] for row in library.execute(f"PRAGMA table_info({name})")]
            columns = ["rowid", *columns] if name in virtual else columns
            values = " || ', ' || ".join(f"quote({column})" for column in columns)
            into = f"INSERT INTO {name} ({', '.join(columns)}) VALUES"
            lines += (f"{into} ({row[0]});" for row in library.execute(f"SELECT {values} FROM {name}"))
        lines += (f"{sql};" for kind, _, sql in made if kind != "table")
    library.close()
    return "\n".join([*marks, "BEGIN;", *lines, "COMMIT;", ""])


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(gzip.compress(dump(sys.argv[1]).encode(), 9, mtime=0))
