"""What migration 11 makes smaller: nothing that can be told from another row is written beside it.

The index of search takes from `works` what stands there; reasons of checks are keys, and a refused translation stays with
the record that says it; works that believe their records by the same rules share one list of claims.
"""

from __future__ import annotations

from typing import Final

# The texts of the index: NULL stands for the work's own; what begins with a new line comes after it.
_SEARCH: Final = """
CREATE TABLE search_rows (
  work_id INTEGER PRIMARY KEY REFERENCES works (work_id), title TEXT, abstract TEXT, authors TEXT, container TEXT
) STRICT;
INSERT INTO search_rows SELECT c.id, {title}, {abstract}, nullif(c.c2, ''), nullif(c.c3, coalesce(w.container_title, ''))
FROM works_fts_content AS c JOIN works AS w ON w.work_id = c.id ORDER BY c.id;
DROP TABLE works_fts;
CREATE VIEW search_texts AS
SELECT s.work_id,
  iif(s.title IS NULL OR s.title GLOB char(10) || '*', coalesce(w.title_en, '') || coalesce(s.title, ''), s.title) AS title,
  iif(s.abstract IS NULL OR s.abstract GLOB char(10) || '*', coalesce(w.abstract_en, '') || coalesce(s.abstract, ''),
    s.abstract) AS abstract,
  coalesce(s.authors, '') AS authors, coalesce(s.container, w.container_title, '') AS container
FROM search_rows AS s JOIN works AS w USING (work_id);
CREATE VIRTUAL TABLE works_fts USING fts5 (
  title, abstract, authors, container, content = 'search_texts', content_rowid = 'work_id',
  tokenize = "unicode61 remove_diacritics 2"
);
INSERT INTO works_fts (works_fts) VALUES ('rebuild');
"""


def _beyond(text: str, own: str) -> str:
    """SQL for what `text` has beyond `own`: NULL where it is that, a new line and more where that comes first, else all of it."""
    return (
        f"CASE WHEN {text} = coalesce({own}, '') THEN NULL"
        f" WHEN substr({text}, 1, length({own}) + 1) = {own} || char(10) THEN substr({text}, length({own}) + 1)"
        f" ELSE ltrim({text}, char(10)) END"
    )


SEARCH: Final = _SEARCH.format(title=_beyond("c.c0", "w.title_en"), abstract=_beyond("c.c1", "w.abstract_en"))

CHECKS: Final = """
DROP VIEW text_checks;
CREATE TABLE check_sentences (key TEXT PRIMARY KEY, en TEXT NOT NULL, zh TEXT NOT NULL) STRICT, WITHOUT ROWID;
ALTER TABLE check_rows ADD COLUMN place INTEGER;
CREATE VIEW text_checks AS
SELECT c.work_id, c.field, c.language, c.origin, c.status, c.score, coalesce((
    SELECT '[' || group_concat(told, ', ') || ']' FROM (
      SELECT '{"key": ' || json_quote(key) || ', "tokens": [' || coalesce(quoted, '') || '], "en": '
        || json_quote(replace(en, '{tokens}', coalesce(tokens, ''))) || ', "zh": '
        || json_quote(replace(zh, '{tokens}', coalesce(tokens, ''))) || '}' AS told
      FROM (
        SELECT s.key, s.en, s.zh,
          (SELECT group_concat(json_quote(t.value), ', ') FROM json_each(e.value) AS t WHERE t.key > 0) AS quoted,
          (SELECT group_concat(t.value, ', ') FROM json_each(e.value) AS t WHERE t.key > 0) AS tokens
        FROM json_each(c.reasons) AS e CROSS JOIN check_sentences AS s ON s.key = json_extract(e.value, '$[0]')
        ORDER BY e.key
      )
    )
  ), c.reasons) AS reasons, coalesce(c.text,
    (SELECT json_extract(r.body, '$.' || c.field || 's[' || c.place || '].value') FROM records AS r
     WHERE r.record_id = c.record_id AND c.place IS NOT NULL),
    (SELECT t.text FROM texts AS t
     WHERE t.work_id = c.work_id AND t.field = c.field AND t.language = c.language AND t.section IS NULL)
  ) AS text, c.is_shown, c.record_id
FROM check_rows AS c;
"""
# A refused translation as its record has it, where it is there word for word.
PLACE: Final = """
UPDATE check_rows SET text = NULL, place = found.place FROM (
  SELECT c.rowid AS id, min(t.key) AS place FROM check_rows AS c JOIN records AS r USING (record_id),
    json_each(r.body, '$.' || c.field || 's') AS t
  WHERE c.text IS NOT NULL AND json_extract(t.value, '$.value') = c.text GROUP BY c.rowid
) AS found WHERE found.id = check_rows.rowid
"""

CLAIMS: Final = """
DROP VIEW provenance;
DROP VIEW claims;
ALTER TABLE merged RENAME TO merged_before;
CREATE TABLE claim_forms (form_id INTEGER PRIMARY KEY, claims TEXT NOT NULL) STRICT;
CREATE TABLE merged (
  work_id INTEGER PRIMARY KEY REFERENCES works (work_id), fingerprint BLOB NOT NULL,
  form_id INTEGER NOT NULL REFERENCES claim_forms (form_id), records TEXT NOT NULL
) STRICT;
CREATE VIEW claims AS
SELECT m.work_id, f.value AS field, json_extract(m.records, '$[' || json_extract(c.value, '$[0]') || ']') AS record_id,
  json_extract(c.value, '$[1]') AS rule
FROM merged AS m JOIN claim_forms AS s USING (form_id), json_each(s.claims) AS c, json_each(c.value, '$[2]') AS f;
CREATE VIEW provenance AS
SELECT claims.work_id, claims.field, claims.record_id, records.source
FROM claims JOIN records USING (record_id);
"""

# What large libraries need: new keys, which lie on a page each of a large table, wait until they are many; where texts come from.
LARGE: Final = """
CREATE TABLE match_keys_new (
  key INTEGER NOT NULL, node_id INTEGER NOT NULL, PRIMARY KEY (key, node_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX text_rows_origin ON text_rows (origin, work_id, language);
"""
