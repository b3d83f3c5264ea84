"""Everything lies in the library file once, as migration 9 makes it: what was a table of copies is a view now.

`texts` takes from `works` what stands there, `text_checks` from `texts`, `claims` out of one list a work; what a record
says beyond its fields is packed (`extras`).
"""

from __future__ import annotations

from typing import Final

_SHOWN: Final = """CASE
    WHEN t.field = 'title' AND t.language GLOB 'zh*' THEN w.title_zh
    WHEN t.field = 'title' THEN w.title_en
    WHEN t.language GLOB 'zh*' THEN w.abstract_zh
    ELSE w.abstract_en
  END"""

ONCE: Final = f"""
ALTER TABLE records ADD COLUMN extra BLOB;

CREATE TABLE text_rows (
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  field TEXT NOT NULL, section INTEGER, language TEXT NOT NULL, script TEXT, text TEXT,
  origin TEXT NOT NULL, engine TEXT, model TEXT, score REAL, checks TEXT,
  record_id INTEGER NOT NULL REFERENCES records (record_id)
) STRICT;
INSERT INTO text_rows
SELECT t.work_id, t.field, t.section, t.language, t.script, iif(t.section IS NULL, nullif(t.text, {_SHOWN}), t.text),
  t.origin, t.engine, t.model, t.score, t.checks, t.record_id
FROM texts AS t JOIN works AS w USING (work_id) ORDER BY t.rowid;
DROP TABLE texts;
CREATE INDEX text_rows_work ON text_rows (work_id);
CREATE VIEW texts AS
SELECT t.work_id, t.field, t.section, t.language, t.script, coalesce(t.text, {_SHOWN}) AS text,
  t.origin, t.engine, t.model, r.source, t.record_id, r.created_at, t.score, t.checks
FROM text_rows AS t JOIN works AS w USING (work_id) JOIN records AS r USING (record_id);

CREATE TABLE check_rows (
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  field TEXT NOT NULL, language TEXT NOT NULL, origin TEXT NOT NULL, status TEXT NOT NULL, score REAL NOT NULL,
  reasons TEXT NOT NULL, text TEXT, is_shown INTEGER NOT NULL,
  record_id INTEGER NOT NULL REFERENCES records (record_id)
) STRICT;
INSERT INTO check_rows
SELECT c.work_id, c.field, c.language, c.origin, c.status, c.score, c.reasons,
  nullif(c.text, iif(c.is_shown, t.text, NULL)), c.is_shown, c.record_id
FROM text_checks AS c LEFT JOIN texts AS t
  ON t.work_id = c.work_id AND t.field = c.field AND t.language = c.language AND t.section IS NULL
ORDER BY c.rowid;
DROP TABLE text_checks;
CREATE INDEX check_rows_work ON check_rows (work_id);
CREATE INDEX check_rows_doubtful ON check_rows (status, work_id) WHERE status <> 'pass';
CREATE VIEW text_checks AS
SELECT c.work_id, c.field, c.language, c.origin, c.status, c.score, c.reasons, coalesce(c.text, (
    SELECT t.text FROM texts AS t
    WHERE t.work_id = c.work_id AND t.field = c.field AND t.language = c.language AND t.section IS NULL
  )) AS text, c.is_shown, c.record_id
FROM check_rows AS c;

ALTER TABLE merged ADD COLUMN claims TEXT NOT NULL DEFAULT '[]';
UPDATE merged SET claims = said.claims FROM (
  SELECT work_id, json_group_array(json_array(record_id, rule, json(fields))) AS claims FROM (
    SELECT work_id, record_id, rule, json_group_array(field) AS fields FROM claims GROUP BY work_id, record_id, rule
  ) GROUP BY work_id
) AS said WHERE said.work_id = merged.work_id;
DROP TABLE claims;
CREATE VIEW claims AS
SELECT m.work_id, f.value AS field, json_extract(c.value, '$[0]') AS record_id, json_extract(c.value, '$[1]') AS rule
FROM merged AS m, json_each(m.claims) AS c, json_each(c.value, '$[2]') AS f;
"""  # noqa: S608  our own words

# The record in the work's own language, as the library believes it.
RESULT: Final = """json_object(
    'title', coalesce(w.title, w.title_en, w.title_zh),
    'authors', (SELECT group_concat(name, ', ') FROM (SELECT name FROM contributors AS c
      WHERE c.work_id = w.work_id ORDER BY position)),
    'doi', w.doi, 'DOIUrl', 'https://doi.org/' || w.doi, 'url', json_extract(r.body, '$.url'),
    'abstract', iif(w.language GLOB 'zh*', w.abstract_zh, w.abstract_en),
    'journal', json_object('name', w.container_title, 'volume', w.volume, 'pages', w.pages),
    'publicationDate', w.issued, 'publicationTypes', w.work_type, 'isOpenAccess', w.is_open_access,
    'openAccessPdf', w.oa_url, 'citationCount', w.citation_count, 'PeriodicalName', w.container_title,
    'PMCID', w.pmcid)"""
