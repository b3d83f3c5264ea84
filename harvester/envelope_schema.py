"""The view `envelopes`, as migrations 1, 6, 9 and 10 make it."""

from __future__ import annotations

from collections.abc import Mapping

from harvester.extras import ENVELOPE_KEYS

_OPAQUE = (
    "PeriodicalId", "PeriodicalIF", "platform", "paperid", "FirstCategoryId", "ListUrlMain", "RegionNum",
    "RegionCategory", "ArticlePicture", "PubModel", "JCR", "JCRName", "Score", "Total",
)  # fmt: skip
BELIEVED = {
    "title": "coalesce(w.title_en, w.title)",
    "authors": "(SELECT group_concat(name, ', ') FROM (SELECT name FROM contributors AS c"
    " WHERE c.work_id = w.work_id ORDER BY position))",
    "doi": "w.doi",
    "DOIUrl": "'https://doi.org/' || w.doi",
    "url": "json_extract(r.body, '$.url')",
    "abstract": "w.abstract_en",
    "journal": "json_object('name', w.container_title, 'volume', w.volume, 'pages', w.pages)",
    "publicationDate": "w.issued",
    "publicationTypes": "w.work_type",
    "fieldsOfStudy": "json_extract(r.extra, '$.fieldsOfStudy')",
    "isOpenAccess": "w.is_open_access",
    "openAccessPdf": "w.oa_url",
    "citationCount": "w.citation_count",
    "resultStr": "json_extract(r.extra, '$.resultStr')",
    "PeriodicalName": "w.container_title",
    "TitleCN": "w.title_zh",
    "AbstractTextCN": "w.abstract_zh",
    "PMCID": "w.pmcid",
    "EPubDate": "nullif(json_extract(r.extra, '$.EPubDate'), '')",
}


ALL_SAID = """
  SELECT work_id, body, json_extract(body, '$.extra') AS extra, max(record_id)
  FROM records WHERE source = 'aggregator' GROUP BY work_id
) AS r USING (work_id)"""
# Looked up work by work: the other one is worked out for the whole library, whichever work is asked for.
LAST_SAID = """
  SELECT record_id, body, json_extract(body, '$.extra') AS extra FROM records
) AS r ON r.record_id = (
  SELECT max(s.record_id) FROM records AS s WHERE s.work_id = w.work_id AND +s.source = 'aggregator')"""


def envelopes_view(ranked: Mapping[str, str], said: str) -> str:
    """The view with the aggregator's own 33 names; what it does not know ('' and 0) is NULL."""
    opaque = {key: f"nullif(nullif(json_extract(r.extra, '$.{key}'), ''), 0)" for key in _OPAQUE}
    told = opaque | {key: f"coalesce(k.{column}, {opaque[key]})" for key, column in ranked.items()}
    columns = ",\n  ".join(f'{(BELIEVED | told)[key]} AS "{key}"' for key in ENVELOPE_KEYS)
    ranks = " JOIN work_ranks AS k USING (work_id)" if ranked else ""
    return f"""
CREATE VIEW envelopes AS
SELECT
  {columns}
FROM works AS w{ranks} LEFT JOIN ({said};
"""  # noqa: S608  names from the tables above
