"""The tables and views of journals, as migration 6 makes them."""

from __future__ import annotations

from typing import Final

from harvester.journal_tables import MEASURES

TABLES: Final = """
CREATE TABLE journals (
  journal TEXT PRIMARY KEY, issns TEXT NOT NULL, name_en TEXT, name_zh TEXT, name_pinyin TEXT,
  abbreviations TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal_names (
  kind TEXT NOT NULL, value TEXT NOT NULL, journal TEXT NOT NULL, PRIMARY KEY (kind, value, journal)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_names_journal ON journal_names (journal);

CREATE TABLE journal_sayings (
  saying_id INTEGER PRIMARY KEY, source TEXT NOT NULL, issns TEXT NOT NULL, title TEXT NOT NULL,
  abbreviation TEXT NOT NULL, title_zh TEXT NOT NULL, journal TEXT NOT NULL DEFAULT '',
  UNIQUE (source, issns, title, abbreviation, title_zh)
) STRICT;
CREATE INDEX journal_sayings_journal ON journal_sayings (journal);

CREATE TABLE journal_links (
  value TEXT NOT NULL, saying_id INTEGER NOT NULL REFERENCES journal_sayings (saying_id) ON DELETE CASCADE,
  PRIMARY KEY (value, saying_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_links_saying ON journal_links (saying_id);

CREATE TABLE journal_tables (
  name TEXT PRIMARY KEY, as_of TEXT NOT NULL, licence TEXT, lines INTEGER NOT NULL, loaded_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal_lines (
  table_name TEXT NOT NULL REFERENCES journal_tables (name), line INTEGER NOT NULL,
  saying_id INTEGER NOT NULL REFERENCES journal_sayings (saying_id),
  impact_factor REAL, jcr_quartile TEXT, jcr_category TEXT, cas_zone INTEGER, cas_category TEXT,
  cssci TEXT, cscd TEXT, pku_core TEXT,
  PRIMARY KEY (table_name, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_lines_saying ON journal_lines (saying_id);
"""


def _newest(measure: str) -> str:
    """What the newest table that has a measure says of journal `j`."""
    return f"""
  (SELECT l.{measure} FROM journal_sayings AS s JOIN journal_lines AS l USING (saying_id)
   JOIN journal_tables AS t ON t.name = l.table_name WHERE s.journal = j.journal AND l.{measure} IS NOT NULL
   ORDER BY t.as_of DESC, t.name DESC, l.line LIMIT 1) AS {measure}"""  # noqa: S608  our own names


VIEWS: Final = f"""
CREATE VIEW journal_ranks AS
SELECT s.journal, j.name_en, j.name_zh, j.issns, l.table_name, t.as_of, t.licence, l.line,
       {", ".join(f"l.{measure}" for measure in MEASURES)}
FROM journal_lines AS l JOIN journal_tables AS t ON t.name = l.table_name
JOIN journal_sayings AS s USING (saying_id) JOIN journals AS j ON j.journal = s.journal;

CREATE VIEW work_journals AS
SELECT w.work_id, coalesce(
  (SELECT n.journal FROM journal_names AS n WHERE n.kind = 'issn' AND n.value = w.issn),
  (SELECT iif(count(*) = 1, min(n.journal), NULL) FROM journal_names AS n
   WHERE n.kind = 'name' AND n.value = w.container_title AND w.issn IS NULL)) AS journal
FROM works AS w;

CREATE VIEW work_ranks AS
SELECT j.work_id, j.journal, {",".join(map(_newest, MEASURES))}
FROM work_journals AS j;
"""  # noqa: S608  our own names

# What a table says stands in for what the aggregator passed on.
RANKED: Final = {
    "PeriodicalIF": "impact_factor",
    "JCR": "jcr_quartile",
    "JCRName": "jcr_category",
    "RegionNum": "cas_zone",
    "RegionCategory": "cas_category",
}
