"""The library file described for those who query it: the source of `harvester schema` and docs/schema.md."""

from __future__ import annotations

from typing import Final

from harvester.migrations import APPLICATION_ID, SCHEMA_VERSION
from harvester.model import COLUMNS

TABLES: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "texts",
        "work_id, field, section, language, script, text, origin, engine, model, source, record_id, created_at, score, checks",
        "every title and abstract in every language; `section` NULL is the whole field, 0, 1, 2 ... its parts, one number for one part in every language (none where a language lacks it, several paragraphs where it divides it); `engine` and `model` for machine translations",
    ),
    (
        "identifiers",
        "scheme, value, work_id",
        "doi, pmid, pmcid, arxiv, s2, corpusid, platform; two works may bear one value only where a stronger identifier keeps them apart",
    ),
    (
        "contributors",
        "work_id, position, role, name, family, given, name_zh, orcid, affiliations",
        "in title-page order from 0; `affiliations` a JSON array",
    ),
    (
        "relations",
        "work_id, kind, inverse, scheme, value, reference, date, label, asserted_by, source, day, record_id",
        "how works hang together: a row for every source that says so, its newest word; `kind` is what the work is to the other one (has_preprint, is_retracted_by, ...), `inverse` what the other is to it; `reference` a citation line or an address; of a notice `date`, `label` and `asserted_by` (publisher, retraction-watch); `day` when the source was asked",
    ),
    ("affiliations", "work_id, position, name", "of the work as a whole, where no author can be named for them"),
    (
        "records",
        "record_id, work_id, source, source_key, fingerprint, retrieved_at, document, body, created_at",
        "what each source said, immutable; `body` is JSON, its `extra` what has no field of its own",
    ),
    ("record_identifiers", "scheme, value, record_id", "the identifiers that each record states"),
    ("claims", "work_id, field, record_id, rule", "which record each column comes from, by which rule"),
    (
        "redirects",
        "old_id, work_id, record_id, revision",
        "works that turned out to be another one; `record_id` is the oldest record that the old work had; `revision` as in `works`, of the same numbers",
    ),
    (
        "possible_matches",
        "work_id, other_id, evidence, created_at",
        "works that may be one, for people to decide; `evidence` JSON: kind (possible; link: one text published twice), score, reasons (field, level, weight), vetoes, doubts",
    ),
    (
        "match_verdicts",
        "source, source_key, other_source, other_key, verdict, by_whom, created_at",
        "what people decide: the works of these two records are the `same`, or stay `apart`",
    ),
    ("match_rules", "journal, verdict, by_whom, created_at", "what people decide of all possible matches within a journal, by its folded name"),
    ("match_nodes", "node_id, mark, score, body", "what records say, made comparable, once for all who say the same; `score` how surely two of them are one work"),
    ("match_records", "record_id, node_id", "which of these a record says"),
    ("match_keys", "key, node_id", "under which keys it is filed, to find whom to compare"),
    ("match_edges", "one, other, kind, score", "what two of them are to each other: match, link, possible, rejected"),
    (
        "overrides",
        "work_id, field, value, by_whom, why, record_id, created_at",
        "people's corrections that hold, the last word on every field; those that were replaced or taken back stay in `records`",
    ),
    (
        "journals",
        "journal, issns, name_en, name_zh, name_pinyin, abbreviations",
        "the journals that sources and tables name; `journal` is the lowest ISSN, or name: and the folded name; `issns` and `abbreviations` JSON arrays",
    ),
    ("journal_names", "kind, value, journal", "by which ISSN (issn) and which name as given (name) a journal is found"),
    ("journal_tables", "name, as_of, licence, lines, loaded_at", "librarians' tables of journals, with their date and licence"),
    (
        "journal_lines",
        "table_name, line, saying_id, impact_factor, jcr_quartile, jcr_category, cas_zone, cas_category, cssci, cscd, pku_core",
        "the lines of those tables; `cssci`, `cscd` and `pku_core` yes, or the part of the list",
    ),
    ("runs", "run_id, command, version, started_at, finished_at, exit_code, counts", "the run ledger; `counts` JSON by outcome"),
    ("run_items", "run_id, position, input, outcome, work_id, source, detail", "every item of a run and how it ended"),
    ("read_documents", "mark, name, counts, read_at", "large documents that were read to their end; `mark` a hash of content, day and program"),
    ("agencies", "prefix, agency, asked_at", "which registration agency doi.org names for a DOI prefix"),
    ("asked", "source, scheme, value, outcome, asked_at", "what services answered last, so as not to ask again too soon"),
)  # fmt: skip

VIEWS: Final[tuple[tuple[str, str], ...]] = (
    (
        "changes",
        "revision, work_id, what, now_id: the change feed; `what` is changed (new works too) or gone: merged into the work `now_id`",
    ),
    ("works_bilingual", "titles and abstracts of both languages side by side, with their origins"),
    ("provenance", "work_id, field, record_id, source: where every column comes from"),
    (
        "related_works",
        "work_id, kind, related_id, scheme, value, reference, date, label, asserted_by, source, day, record_id, stated_by: relations seen from both works, whichever of them states it; `related_id` NULL where the library does not hold the other",
    ),
    (
        "citation_counts",
        "work_id, source, citation_count, day, record_id: every source's newest count and the day on which it first told it",
    ),
    (
        "open_access",
        "work_id, source, is_open_access, url, licence, status, host, version, day, record_id: what every source says last",
    ),
    (
        "journal_ranks",
        "journal, name_en, name_zh, issns, table_name, as_of, licence, line, impact_factor, jcr_quartile, jcr_category, cas_zone, cas_category, cssci, cscd, pku_core: what each table says of a journal",
    ),
    (
        "work_journals",
        "work_id, journal: by ISSN, or where a work has none by a name that only one journal bears",
    ),
    (
        "work_ranks",
        "work_id, journal, impact_factor, jcr_quartile, jcr_category, cas_zone, cas_category, cssci, cscd, pku_core: of every measure what the newest table says",
    ),
    (
        "envelopes",
        "the aggregator's 33 keys by their own names; what it does not know is NULL; PeriodicalIF, JCR, JCRName, RegionNum and RegionCategory from `work_ranks` where a table says so",
    ),
)


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


def schema_markdown() -> str:
    """The schema as Markdown."""
    lines = [
        "# The library file",
        "",
        f"Schema version {SCHEMA_VERSION} (`PRAGMA user_version`), `application_id` {APPLICATION_ID:#x}.",
        "One SQLite file in WAL mode, STRICT tables, foreign keys. Times are ISO 8601 UTC text. Ids are never reused.",
        "NULL means that nobody says; there is never `''`.",
        "",
        "## works: one row a work",
        "",
        "| column | type | meaning |",
        "|---|---|---|",
        *(f"| `{one.name}` | {one.sql.split(' AUTO')[0]} | {one.says} |" for one in COLUMNS),
        "",
        "## Other tables",
        "",
        "| table | columns | meaning |",
        "|---|---|---|",
        *(f"| `{name}` | {columns} | {says} |" for name, columns, says in TABLES),
        "",
        "## Views",
        "",
        "| view | what |",
        "|---|---|",
        *(f"| `{name}` | {says} |" for name, says in VIEWS),
        "",
        "`works_fts` is the full-text index that `harvester search` uses: Han text is kept there as pairs of characters, Chinese authors also in Pinyin.",
        "",
        _FEED,
        _PROMISES,
    ]
    return "\n".join(lines)
