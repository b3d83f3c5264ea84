"""The schema of the library file, as migrations: append only, what was released never changes.

`COLUMNS` of model.py describes the columns of `works`; a test keeps that table and this schema equal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec

from harvester.earlier import record_of_version_1
from harvester.envelope_schema import ALL_SAID, BELIEVED, LAST_SAID, envelopes_view
from harvester.extras import packed
from harvester.model import Record

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID: Final = 0x48525654  # "HRVT"
_Step = Callable[["Database"], None]


class _Steps:
    """What to apply, in order; sqlite-utils, slow to load, only where something is due."""

    def __init__(self) -> None:
        self._steps: list[_Step] = []

    def __call__(self) -> Callable[[_Step], _Step]:
        def keep(step: _Step) -> _Step:
            self._steps.append(step)
            return step

        return keep

    def apply(self, db: Database, *, stop_before: str | None = None) -> None:
        from sqlite_utils import Migrations  # noqa: PLC0415  a tenth of a second, and seldom needed

        migrations = Migrations("harvester")
        for step in self._steps:
            migrations()(step)
        migrations.apply(db, stop_before=stop_before)


migrations = _Steps()

_TABLES = """
CREATE TABLE works (
  work_id INTEGER PRIMARY KEY AUTOINCREMENT,
  doi TEXT, title TEXT, title_en TEXT, title_zh TEXT, abstract_en TEXT, abstract_zh TEXT,
  language TEXT, work_type TEXT, issued TEXT, year INTEGER,
  container_title TEXT, volume TEXT, issue TEXT, pages TEXT, issn TEXT, publisher TEXT,
  authors TEXT, pmid TEXT, pmcid TEXT,
  is_open_access INTEGER, oa_url TEXT, citation_count INTEGER, retracted INTEGER,
  title_zh_origin TEXT, abstract_zh_origin TEXT,
  revision INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX works_doi ON works (doi);
CREATE INDEX works_revision ON works (revision);
CREATE INDEX works_year ON works (year);

CREATE TABLE records (
  record_id INTEGER PRIMARY KEY AUTOINCREMENT,
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  source TEXT NOT NULL, source_key TEXT NOT NULL, fingerprint TEXT NOT NULL,
  retrieved_at TEXT NOT NULL, document TEXT, body TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;
CREATE INDEX records_work ON records (work_id);
CREATE INDEX records_key ON records (source, source_key, retrieved_at);

CREATE TABLE record_identifiers (
  scheme TEXT NOT NULL, value TEXT NOT NULL, record_id INTEGER NOT NULL REFERENCES records (record_id),
  PRIMARY KEY (scheme, value, record_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE identifiers (
  scheme TEXT NOT NULL, value TEXT NOT NULL, work_id INTEGER NOT NULL REFERENCES works (work_id),
  PRIMARY KEY (scheme, value, work_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX identifiers_work ON identifiers (work_id);

CREATE TABLE texts (
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  field TEXT NOT NULL, section INTEGER, language TEXT NOT NULL, script TEXT, text TEXT NOT NULL,
  origin TEXT NOT NULL, engine TEXT, model TEXT, source TEXT NOT NULL,
  record_id INTEGER NOT NULL REFERENCES records (record_id), created_at TEXT NOT NULL,
  score REAL, checks TEXT
) STRICT;
CREATE INDEX texts_work ON texts (work_id);
CREATE INDEX texts_record ON texts (record_id);

CREATE TABLE contributors (
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  position INTEGER NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL, family TEXT, given TEXT,
  name_zh TEXT, orcid TEXT, affiliations TEXT,
  PRIMARY KEY (work_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE affiliations (
  work_id INTEGER NOT NULL REFERENCES works (work_id), position INTEGER NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (work_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
  work_id INTEGER NOT NULL REFERENCES works (work_id), field TEXT NOT NULL,
  record_id INTEGER NOT NULL REFERENCES records (record_id), rule TEXT NOT NULL,
  PRIMARY KEY (work_id, field, record_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_record ON claims (record_id);

CREATE TABLE redirects (
  old_id INTEGER PRIMARY KEY, work_id INTEGER NOT NULL REFERENCES works (work_id)
) STRICT;
CREATE INDEX redirects_work ON redirects (work_id);

CREATE TABLE possible_matches (
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  other_id INTEGER NOT NULL REFERENCES works (work_id),
  evidence TEXT NOT NULL, created_at TEXT NOT NULL,
  PRIMARY KEY (work_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX possible_matches_other ON possible_matches (other_id);

CREATE TABLE overrides (
  work_id INTEGER NOT NULL REFERENCES works (work_id), field TEXT NOT NULL, value TEXT,
  by_whom TEXT NOT NULL, why TEXT,
  record_id INTEGER NOT NULL REFERENCES records (record_id), created_at TEXT NOT NULL
) STRICT;
CREATE INDEX overrides_work ON overrides (work_id);

CREATE TABLE merged (
  work_id INTEGER PRIMARY KEY REFERENCES works (work_id), fingerprint TEXT NOT NULL
) STRICT;

CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES ('revision', 0);

CREATE TABLE runs (
  run_id INTEGER PRIMARY KEY AUTOINCREMENT,
  command TEXT NOT NULL, version TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT,
  exit_code INTEGER, counts TEXT
) STRICT;

CREATE TABLE run_items (
  run_id INTEGER NOT NULL REFERENCES runs (run_id), position INTEGER NOT NULL,
  input TEXT NOT NULL, outcome TEXT NOT NULL, work_id INTEGER, source TEXT, detail TEXT,
  PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE asked (
  source TEXT NOT NULL, scheme TEXT NOT NULL, value TEXT NOT NULL,
  outcome TEXT NOT NULL, asked_at TEXT NOT NULL,
  PRIMARY KEY (source, scheme, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE agencies (
  prefix TEXT PRIMARY KEY, agency TEXT, asked_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE works_fts USING fts5 (
  title, abstract, authors, container, tokenize = "unicode61 remove_diacritics 2"
);
"""

_VIEWS = """
CREATE VIEW works_bilingual AS
SELECT work_id, doi, language, title_en, title_zh, title_zh_origin, abstract_en, abstract_zh,
       abstract_zh_origin, authors, container_title, year
FROM works;

CREATE VIEW provenance AS
SELECT claims.work_id, claims.field, claims.record_id, records.source
FROM claims JOIN records USING (record_id);
"""


@migrations()
def m001_library(db: Database) -> None:
    """Works computed from immutable records, the run ledger, search in both scripts."""
    for statement in _statements(_TABLES + _VIEWS + envelopes_view({}, ALL_SAID)):
        db.conn.execute(statement)
    db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.conn.execute("PRAGMA user_version = 1")


@migrations()
def m002_relations(db: Database) -> None:
    """Relations between works, licence and status of open access, citation counts with source and day.

    What records of version 1 say of these in `extra` is lifted into fields; the works are due for a remerge.
    """
    from harvester.match_schema import RELATIONS  # noqa: PLC0415  seldom needed

    for statement in _statements(RELATIONS):
        db.conn.execute(statement)
    _lift_records(db)
    db.conn.execute("INSERT INTO counters SELECT 'remerge_due', 1 WHERE EXISTS (SELECT 1 FROM works)")
    db.conn.execute("PRAGMA user_version = 2")


def _lift_records(db: Database) -> None:
    last = 0
    query = "SELECT record_id, body FROM records WHERE record_id > ? ORDER BY record_id LIMIT 1000"
    while rows := db.conn.execute(query, (last,)).fetchall():
        lifted = [(_lifted(body), record_id) for record_id, body in rows]
        db.conn.executemany(
            "UPDATE records SET body = ?, fingerprint = ? WHERE record_id = ?",
            [(body, fingerprint, record_id) for (body, fingerprint), record_id in lifted],
        )
        last = rows[-1][0]


def _lifted(body: str) -> tuple[str, str]:
    """Body and fingerprint of the record in today's shape."""
    record = record_of_version_1(msgspec.json.decode(body))
    return msgspec.json.encode(record).decode(), record.fingerprint()


_MEMORY = """
CREATE TABLE translations (
  hash TEXT NOT NULL, target TEXT NOT NULL, engine TEXT NOT NULL, model TEXT NOT NULL, settings TEXT NOT NULL,
  source_language TEXT NOT NULL, source_text TEXT NOT NULL, text TEXT NOT NULL, created_at TEXT NOT NULL,
  PRIMARY KEY (hash, target, engine, model, settings)
) STRICT, WITHOUT ROWID;

CREATE TABLE text_checks (
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  field TEXT NOT NULL, language TEXT NOT NULL, origin TEXT NOT NULL, status TEXT NOT NULL, score REAL NOT NULL,
  reasons TEXT NOT NULL, text TEXT NOT NULL, is_shown INTEGER NOT NULL,
  record_id INTEGER NOT NULL REFERENCES records (record_id)
) STRICT;
CREATE INDEX text_checks_work ON text_checks (work_id);
CREATE INDEX text_checks_record ON text_checks (record_id);
CREATE INDEX text_checks_doubtful ON text_checks (status, work_id) WHERE status <> 'pass';

CREATE TABLE spending (
  month TEXT NOT NULL, engine TEXT NOT NULL, characters INTEGER NOT NULL, cost REAL NOT NULL,
  PRIMARY KEY (month, engine)
) STRICT, WITHOUT ROWID;
"""


@migrations()
def m003_translations(db: Database) -> None:
    """The verdicts of the checks; the translation memory, and what was spent on it month by month.

    Works are due for a remerge: their translations were not checked, their sections not aligned.
    """
    for statement in _statements(_MEMORY):
        db.conn.execute(statement)
    db.conn.execute(
        "INSERT OR IGNORE INTO counters SELECT 'remerge_due', 1 WHERE EXISTS (SELECT 1 FROM works)"
    )
    db.conn.execute("PRAGMA user_version = 3")


@migrations()
def m004_matches(db: Database) -> None:
    """What records say, filed for comparison; the links between them; what people decide on them.

    Works are due for a remerge: nobody compared them.
    """
    from harvester.match_schema import MATCHES  # noqa: PLC0415  seldom needed, as below

    for statement in _statements(MATCHES):
        db.conn.execute(statement)
    db.conn.execute(
        "INSERT OR IGNORE INTO counters SELECT 'remerge_due', 1 WHERE EXISTS (SELECT 1 FROM works)"
    )
    db.conn.execute("PRAGMA user_version = 4")


@migrations()
def m005_search(db: Database) -> None:
    """Authors are found by Pinyin: the index of works with authors is due for a remerge."""
    db.conn.execute("UPDATE merged SET fingerprint = '' WHERE work_id IN (SELECT work_id FROM contributors)")
    db.conn.execute(
        "INSERT OR IGNORE INTO counters SELECT 'remerge_due', 1 WHERE EXISTS (SELECT 1 FROM contributors)"
    )
    db.conn.execute("PRAGMA user_version = 5")


@migrations()
def m006_journals(db: Database) -> None:
    """Journals out of what sources say, and librarians' tables of them; `envelopes` tells what the tables say."""
    from harvester.journal_rows import note_all_journals  # noqa: PLC0415  seldom needed, as above
    from harvester.journal_schema import RANKED, TABLES, VIEWS  # noqa: PLC0415

    for statement in _statements(TABLES + VIEWS):
        db.conn.execute(statement)
    db.conn.execute("DROP VIEW envelopes")
    db.conn.execute(envelopes_view(RANKED, ALL_SAID))
    note_all_journals(db.conn)
    db.conn.execute("PRAGMA user_version = 6")


@migrations()
def m007_documents(db: Database) -> None:
    """Large documents that were read to their end, so as not to read them again unchanged."""
    db.conn.execute(
        "CREATE TABLE read_documents (mark TEXT PRIMARY KEY, name TEXT NOT NULL, counts TEXT NOT NULL,"
        " read_at TEXT NOT NULL) STRICT, WITHOUT ROWID"
    )
    db.conn.execute("PRAGMA user_version = 7")


@migrations()
def m008_feed(db: Database) -> None:
    """A work that is no more, merged into another one, is told in the change feed: its redirect has a revision."""
    from harvester.feed_schema import FEED  # noqa: PLC0415  seldom needed, as above

    for statement in _statements(FEED):
        db.conn.execute(statement)
    db.conn.execute("PRAGMA user_version = 8")


@migrations()
def m009_once(db: Database) -> None:
    """Texts, claims and what records say beyond their fields lie in the file once.

    Descriptions are written in another way now: they are due for filing.
    """
    from harvester.journal_schema import RANKED  # noqa: PLC0415  seldom needed, as above
    from harvester.once_schema import ONCE, RESULT  # noqa: PLC0415

    for statement in _statements(ONCE):
        db.conn.execute(statement)
    _pack_records(db)
    db.conn.execute("INSERT OR IGNORE INTO counters VALUES ('filing_due', 1)")
    db.conn.execute("DROP VIEW envelopes")
    db.conn.execute(envelopes_view(RANKED, ALL_SAID).replace(BELIEVED["resultStr"], RESULT))
    db.conn.execute("PRAGMA user_version = 9")


def _pack_records(db: Database) -> None:
    last = 0
    query = "SELECT record_id, body FROM records WHERE record_id > ? ORDER BY record_id LIMIT 1000"
    while rows := db.conn.execute(query, (last,)).fetchall():
        kept = [(packed(msgspec.json.decode(body, type=Record)), record_id) for record_id, body in rows]
        db.conn.executemany(
            "UPDATE records SET body = ?, extra = ? WHERE record_id = ?",
            [(one.body, one.extra, record_id) for one, record_id in kept],
        )
        last = rows[-1][0]


@migrations()
def m010_lookups(db: Database) -> None:
    """One envelope is looked up without making all of them; works are found by their language."""
    from harvester.journal_schema import RANKED  # noqa: PLC0415  seldom needed, as above
    from harvester.once_schema import RESULT  # noqa: PLC0415

    db.conn.execute("DROP VIEW envelopes")
    db.conn.execute(envelopes_view(RANKED, LAST_SAID).replace(BELIEVED["resultStr"], RESULT))
    db.conn.execute("CREATE INDEX works_language ON works (language)")
    db.conn.execute("PRAGMA user_version = 10")


@migrations()
def m011_small(db: Database) -> None:
    """Search, checks and claims take no copies of what another row holds."""
    from harvester.small_rows import make_rows_smaller  # noqa: PLC0415  seldom needed, as below
    from harvester.small_schema import CHECKS, CLAIMS, LARGE, SEARCH  # noqa: PLC0415

    for statement in _statements(SEARCH + CHECKS + CLAIMS + LARGE):
        db.conn.execute(statement)
    make_rows_smaller(db.conn)
    db.conn.execute("PRAGMA user_version = 11")


def _statements(script: str) -> list[str]:
    # executescript() would commit the surrounding transaction.
    return [one.strip() for one in script.split(";\n") if one.strip()]


SCHEMA_VERSION: Final = 11
