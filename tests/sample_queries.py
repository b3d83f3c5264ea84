"""What the documented questions, and the views, give on a library of ours.

python -m tests.sample_queries page > docs/queries.md
python -m tests.sample_queries views > tests/libraries/views.json
"""

import json
import sys
import tempfile
from pathlib import Path

from harvester.queries import QUERIES
from harvester.schema_words import VIEWS
from harvester.store import Library
from tests.older_libraries import restore

LIBRARY = "7"
_SHOWN = 6
_KEPT = 5
_HEAD = """\
# Thirty questions to a library

What each answers here is what it answers on the sample library that the tests hold (that of `make demo`, and what people
decided on it), so page and program cannot part. Any SQLite program will do, on the file or better on a copy:

```console
$ sqlite3 -readonly data/harvester.db
$ datasette data/harvester.db --metadata docs/datasette.json   # the same questions as links
```

Tables and columns: [schema.md](schema.md).
"""


def sample(path):
    """The sample library, brought up to date."""
    restore(LIBRARY, path)
    return Library(path)


def cell(value):
    text = "" if value is None else str(value).replace("\n", " ").replace("|", "\\|")
    return text if len(text) <= 60 else f"{text[:59]}…"


def section(number, query, rows):
    lines = [
        f"## {number}. {query.question}",
        "",
        query.question_zh,
        "",
        "```sql",
        f"{query.sql};",
        "```",
        "",
    ]
    names = rows[0].keys() if rows else []
    if not rows:
        return [*lines, "No rows.", ""]
    lines += [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    lines += [f"| {' | '.join(map(cell, row))} |" for row in rows[:_SHOWN]]
    more = len(rows) - _SHOWN
    return [*lines, *(["", f"... and {more} more."] if more > 0 else []), ""]


def page(library):
    """The page, as it must be."""
    lines = [_HEAD]
    for number, query in enumerate(QUERIES, start=1):
        lines += section(number, query, list(library.rows(query.sql)))
    return "\n".join(lines)


def views(library):
    """Of every view the columns and the first rows, as JSON: what programs outside rely on."""
    told = {}
    for name in VIEWS:
        found = [dict(row) for row in library.rows(f"SELECT * FROM {name}")]
        found.sort(key=lambda row: json.dumps(row, ensure_ascii=False))
        rows = [list(row.values()) for row in found[:_KEPT]]
        told[name] = {"columns": list(found[0]), "count": len(found), "rows": rows}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    show = {"page": page, "views": views}[sys.argv[1]]
    with tempfile.TemporaryDirectory() as folder, sample(Path(folder) / "library.db") as opened:
        sys.stdout.write(show(opened))
