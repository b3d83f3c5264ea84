"""The change feed, as migration 8 makes it: works that are no more are told with a revision of their own."""

from __future__ import annotations

from typing import Final

_NEXT: Final = (
    "BEGIN UPDATE counters SET value = value + 1 WHERE name = 'revision';"
    " UPDATE redirects SET revision = (SELECT value FROM counters WHERE name = 'revision')"
    " WHERE old_id = NEW.old_id; END"
)
FEED: Final = f"""
ALTER TABLE redirects ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
UPDATE redirects SET revision = numbered.revision FROM (
  SELECT old_id, row_number() OVER (ORDER BY old_id)
    + (SELECT value FROM counters WHERE name = 'revision') AS revision FROM redirects
) AS numbered WHERE numbered.old_id = redirects.old_id;
UPDATE counters SET value = value + (SELECT count(*) FROM redirects) WHERE name = 'revision';
CREATE UNIQUE INDEX redirects_revision ON redirects (revision) WHERE revision > 0;
CREATE TRIGGER redirects_made AFTER INSERT ON redirects {_NEXT};
CREATE TRIGGER redirects_moved AFTER UPDATE OF work_id ON redirects WHEN NEW.work_id <> OLD.work_id {_NEXT};

CREATE VIEW changes AS
SELECT revision, work_id, 'changed' AS what, NULL AS now_id FROM works
UNION ALL
SELECT revision, old_id, 'gone', work_id FROM redirects;
"""  # noqa: S608  our own words
