"""Tables and views of the second and the fourth version of the library file: what hangs together, and what is alike."""

from __future__ import annotations

from typing import Final

RELATIONS: Final = """
ALTER TABLE works ADD COLUMN oa_licence TEXT;
ALTER TABLE works ADD COLUMN oa_status TEXT;
ALTER TABLE works ADD COLUMN oa_host TEXT;
ALTER TABLE works ADD COLUMN oa_version TEXT;

CREATE TABLE relations (
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  kind TEXT NOT NULL, inverse TEXT NOT NULL, scheme TEXT, value TEXT, reference TEXT,
  date TEXT, label TEXT, asserted_by TEXT, source TEXT NOT NULL, day TEXT NOT NULL,
  record_id INTEGER NOT NULL REFERENCES records (record_id)
) STRICT;
CREATE INDEX relations_work ON relations (work_id);
CREATE INDEX relations_other ON relations (scheme, value);
CREATE INDEX relations_record ON relations (record_id);

CREATE VIEW related_works AS
SELECT r.work_id, r.kind, i.work_id AS related_id, r.scheme, r.value, r.reference,
       r.date, r.label, r.asserted_by, r.source, r.day, r.record_id, r.work_id AS stated_by
FROM relations AS r LEFT JOIN identifiers AS i
  ON i.scheme = r.scheme AND i.value = r.value AND i.work_id <> r.work_id
UNION ALL
SELECT i.work_id, r.inverse, r.work_id, iif(w.doi IS NULL, NULL, 'doi'), w.doi, NULL,
       r.date, r.label, r.asserted_by, r.source, r.day, r.record_id, r.work_id
FROM relations AS r JOIN identifiers AS i
  ON i.scheme = r.scheme AND i.value = r.value AND i.work_id <> r.work_id
JOIN works AS w ON w.work_id = r.work_id;

CREATE VIEW citation_counts AS
SELECT work_id, source, citation_count, day, record_id FROM (
  SELECT work_id, source, json_extract(body, '$.citation_count') AS citation_count,
         substr(retrieved_at, 1, 10) AS day, record_id,
         row_number() OVER (PARTITION BY work_id, source ORDER BY retrieved_at DESC, record_id DESC) AS place
  FROM records WHERE json_extract(body, '$.citation_count') IS NOT NULL
) WHERE place = 1;

CREATE VIEW open_access AS
SELECT work_id, source, is_open_access, url, licence, status, host, version, day, record_id FROM (
  SELECT work_id, source, json_extract(body, '$.is_open_access') AS is_open_access,
         json_extract(body, '$.open_access.url') AS url, json_extract(body, '$.open_access.licence') AS licence,
         json_extract(body, '$.open_access.status') AS status, json_extract(body, '$.open_access.host') AS host,
         json_extract(body, '$.open_access.version') AS version,
         substr(retrieved_at, 1, 10) AS day, record_id,
         row_number() OVER (PARTITION BY work_id, source ORDER BY retrieved_at DESC, record_id DESC) AS place
  FROM records
  WHERE coalesce(json_extract(body, '$.open_access'), json_extract(body, '$.is_open_access')) IS NOT NULL
) WHERE place = 1;
"""

MATCHES: Final = """
CREATE TABLE match_nodes (
  node_id INTEGER PRIMARY KEY, mark BLOB NOT NULL UNIQUE, score REAL, body BLOB NOT NULL
) STRICT;

CREATE TABLE match_records (
  record_id INTEGER PRIMARY KEY REFERENCES records (record_id),
  node_id INTEGER NOT NULL REFERENCES match_nodes (node_id)
) STRICT;
CREATE INDEX match_records_node ON match_records (node_id);

CREATE TABLE match_keys (
  key INTEGER NOT NULL, node_id INTEGER NOT NULL, PRIMARY KEY (key, node_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE match_edges (
  one INTEGER NOT NULL, other INTEGER NOT NULL, kind TEXT NOT NULL, score REAL NOT NULL,
  PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;

CREATE TABLE match_verdicts (
  source TEXT NOT NULL, source_key TEXT NOT NULL, other_source TEXT NOT NULL, other_key TEXT NOT NULL,
  verdict TEXT NOT NULL, by_whom TEXT NOT NULL, created_at TEXT NOT NULL,
  PRIMARY KEY (source, source_key, other_source, other_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX match_verdicts_other ON match_verdicts (other_source, other_key);

CREATE TABLE match_rules (
  journal TEXT PRIMARY KEY, verdict TEXT NOT NULL, by_whom TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE redirects ADD COLUMN record_id INTEGER REFERENCES records (record_id);
CREATE INDEX redirects_record ON redirects (record_id);
"""
