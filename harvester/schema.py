"""The library file described for those who query it: read from an empty library, with the words of `schema_words`.

The source of `harvester schema`, docs/schema.md and the other forms that `schema_forms` gives.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from harvester.migrations import APPLICATION_ID, SCHEMA_VERSION, migrations
from harvester.schema_words import INTERNAL, TABLES, VIEWS, meaning


class Shown(Struct, frozen=True):
    """A column as others see it. `type` is INTEGER, REAL, TEXT or BLOB, "" where a view computes it."""

    name: str
    type: str
    says: str
    is_key: bool
    may_be_null: bool
    refers_to: str | None = None  # "works.work_id"


class Relation(Struct, frozen=True):
    """A table or a view. `sql` is how it is made, with its indexes."""

    name: str
    kind: str  # table or view
    says: str
    columns: tuple[Shown, ...]
    sql: tuple[str, ...]


def library_schema() -> tuple[Relation, ...]:
    """The public tables, then the views, in the order of the documentation: of an empty library of this version."""
    from sqlite_utils import Database  # noqa: PLC0415  a tenth of a second, and seldom needed

    connection = sqlite3.connect(":memory:")
    try:
        migrations.apply(Database(connection, recursive_triggers=False))
        return (
            *(_relation(connection, name, "table", says) for name, says in TABLES.items()),
            *(_relation(connection, name, "view", says) for name, says in VIEWS.items()),
        )
    finally:
        connection.close()


def undocumented() -> set[str]:
    """Tables and views of the file that are neither told of nor said to be internal."""
    from sqlite_utils import Database  # noqa: PLC0415  as above

    connection = sqlite3.connect(":memory:")
    migrations.apply(Database(connection, recursive_triggers=False))
    found = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    names = {row[0] for row in found if not row[0].startswith("works_fts_")}
    connection.close()
    return names - TABLES.keys() - VIEWS.keys() - INTERNAL


def _relation(connection: sqlite3.Connection, name: str, kind: str, says: str) -> Relation:
    query = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL AND type <> 'trigger' ORDER BY rowid"
    made = tuple(row[0] for row in connection.execute(query, (name,)))
    foreign = {row[3]: f"{row[2]}.{row[4]}" for row in connection.execute(f"PRAGMA foreign_key_list({name})")}
    columns = tuple(
        Shown(
            name=column,
            type=of_type,
            says=meaning(name, column),
            is_key=bool(key),
            may_be_null=not (not_null or key),
            refers_to=foreign.get(column),
        )
        for _, column, of_type, not_null, _, key in connection.execute(f"PRAGMA table_info({name})")
    )
    return Relation(name, kind, says, columns, made)


_FEED: Final = """\
## The change feed

A program that keeps a copy remembers one number, the highest revision it has seen, and asks again and again:

```sql
SELECT revision, work_id, what, now_id FROM changes WHERE revision > :seen ORDER BY revision LIMIT 1000;
```

- `changed`: read everything that you keep of the work `work_id` anew (`works`, `texts`, `identifiers`, ...); new works come so too.
- `gone`: the work is no more, it was merged into the work `now_id`. Drop it, or point at `now_id`. Nothing else ever removes a work.
- A work that is taken out of another one again comes back under its old id as `changed`.

Every change has a revision of its own and a higher one than all that were ever visible before, so nothing is missed, in whatever pages you read.
Whoever copies `works` alone asks for `works WHERE revision > :seen` and `redirects WHERE revision > :seen` within one
transaction (`BEGIN`). `harvester changes --since REVISION --jsonl` prints the feed. What people's tables say of journals
(`work_ranks`, and in `envelopes` PeriodicalIF, JCR, RegionNum) changes with `journal_tables.loaded_at`, not with works.
"""


_EXTRAS: Final = """\
## What records say beyond their fields

`records.body` holds the short values of it under `extra`, a JSON text; `records.extra`, where it is not NULL, all of it: raw DEFLATE
(RFC 1951) with a preset dictionary, which is what `harvester.extras` calls `DICTIONARY` followed by the bytes of `body`.
`harvester export --format envelope` writes it out; in Python:

```python
from harvester.extras import unpacked

text = unpacked(body, extra)  # of one row of records
```
"""


_PROMISES: Final = """\
## What you may rely on

- Everything on this page, and the ids. What is not on this page (other tables and indexes, the content of `records.body` beyond what the views take
  out of it) may change with any version.
- New versions add: tables, views, and columns at the end of those that are there. Name the columns that you read; `SELECT *` may grow.
- Nothing is renamed, removed, or given another meaning or type, but after notice: the old and the new stand side by side for at least two
  schema versions and twelve months, the old one marked "deprecated" on this page and in CHANGELOG.md from the first of them on.
- A change of what a column says of the same records (a better rule) is no change of the schema; it comes with a revision of every work concerned.

## Versions

`PRAGMA user_version` is the version of the schema. A program that meets an older library brings it up to date when it opens it: first it copies the
file to `NAME.schema-VERSION.backup` beside it (told in one sentence; delete it when you are content; to go back, put it in the place of the
library), then it applies all that is missing in one transaction, so that a crash leaves the old library or the new one. Readers read on meanwhile. Where
works have to be computed anew for what is new, that is told, and `harvester remerge` does it. A library of a newer program is refused with exit code 6
and left alone. Libraries of every version that was ever released (1, 2, 3, 6, ...; 4 and 5 were not) are kept with the tests and brought up to date by them.
"""


def schema_markdown(relations: Sequence[Relation] | None = None) -> str:
    """The schema as Markdown."""
    found = library_schema() if relations is None else relations
    lines = [
        "# The library file",
        "",
        f"Schema version {SCHEMA_VERSION} (`PRAGMA user_version`), `application_id` {APPLICATION_ID:#x}.",
        "One SQLite file in WAL mode, STRICT tables, foreign keys. Times are ISO 8601 UTC text. Ids are never reused.",
        "NULL means that nobody says; there is never `''`. Other forms of this page: `harvester schema --json`, and",
        "`--format ddl`, `json-schema`, `er` (a diagram), `datasette` (metadata for [Datasette](https://datasette.io)).",
        "[Thirty questions](queries.md) that it answers; [the diagram](schema-er.md).",
        "",
    ]
    for kind, title in (("table", "## Tables"), ("view", "## Views")):
        lines += [title, ""]
        for one in found:
            if one.kind == kind:
                lines += _section(one)
    full_text = (
        "`works_fts` is the full-text index that `harvester search` uses: Han text is kept there as pairs of"
        " characters, Chinese authors also in Pinyin."
    )
    return "\n".join([*lines, full_text, "", _FEED, _EXTRAS, _PROMISES])


def _section(one: Relation) -> list[str]:
    title = f"### {one.name}: {one.says}" if one.name == "works" else f"### {one.name}"
    said = [] if one.name == "works" else [f"{one.says[0].upper()}{one.says[1:]}.", ""]
    if not any(column.says for column in one.columns):
        return [title, "", *said, ", ".join(f"`{column.name}`" for column in one.columns), ""]
    head = ["| column | type | meaning |", "|---|---|---|"]
    rows = [f"| `{column.name}` | {_type(column, one.kind)} | {column.says} |" for column in one.columns]
    return [title, "", *said, *head, *rows, ""]


def _type(column: Shown, kind: str) -> str:
    marks = " key" * column.is_key + " NOT NULL" * (
        not column.may_be_null and kind == "table" and not column.is_key
    )
    refers = f" → {column.refers_to}" if column.refers_to else ""
    return f"{column.type}{marks}{refers}"
