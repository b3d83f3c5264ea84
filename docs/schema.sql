-- The library file, schema version 11.

-- works: one row a work
--   work_id: minted once, never reused; merged works redirect
--   doi: bare, lower case; the first where a work has several
--   title: the title in the work's own language
--   title_en: the English title, original or translated
--   title_zh: the Chinese title, original or translated, simplified or traditional as given
--   abstract_en: the English abstract; sections separated by a newline
--   abstract_zh: the Chinese abstract; sections separated by a newline
--   language: language of the work itself, BCP 47
--   work_type: journal-article, book-chapter, ... (Crossref's words)
--   issued: YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source
--   year: the year of `issued`
--   container_title: journal, book or series
--   volume: volume; of one source together with issue and pages
--   issue: issue
--   pages: first-last, or an article number
--   issn: the first ISSN of the container
--   publisher: publisher
--   authors: JSON array in title-page order of family, given, name, name_zh, orcid
--   pmid: PubMed id
--   pmcid: PubMed Central id, with the prefix PMC
--   is_open_access: 1, 0, or NULL where nobody says
--   oa_url: where it can be read free of charge
--   citation_count: times cited, as the newest service says; see `citation_counts`
--   retracted: 1 (no mere correction or concern), 0, or NULL where nobody says
--   title_zh_origin: who made title_zh: publisher, author, aggregator, human, machine, unknown
--   abstract_zh_origin: who made abstract_zh: the same words
--   revision: grows by one with every change of any work: the change feed
--   created_at: ISO 8601 UTC
--   updated_at: ISO 8601 UTC
--   oa_licence: cc-by, cc0, ...; of the same source as `oa_url`, as are the next three
--   oa_status: gold, diamond, hybrid, bronze, green or closed
--   oa_host: publisher or repository
--   oa_version: publishedVersion, acceptedVersion or submittedVersion
CREATE TABLE works (
  work_id INTEGER PRIMARY KEY AUTOINCREMENT,
  doi TEXT, title TEXT, title_en TEXT, title_zh TEXT, abstract_en TEXT, abstract_zh TEXT,
  language TEXT, work_type TEXT, issued TEXT, year INTEGER,
  container_title TEXT, volume TEXT, issue TEXT, pages TEXT, issn TEXT, publisher TEXT,
  authors TEXT, pmid TEXT, pmcid TEXT,
  is_open_access INTEGER, oa_url TEXT, citation_count INTEGER, retracted INTEGER,
  title_zh_origin TEXT, abstract_zh_origin TEXT,
  revision INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
, oa_licence TEXT, oa_status TEXT, oa_host TEXT, oa_version TEXT) STRICT;
CREATE UNIQUE INDEX works_doi ON works (doi);
CREATE INDEX works_revision ON works (revision);
CREATE INDEX works_year ON works (year);
CREATE INDEX works_language ON works (language);

-- text_rows: what the view `texts` is made of: read that; `text` is NULL where it stands in `works`
--   work_id: the work
--   field: title or abstract
--   section: NULL: the whole; 0, 1, 2 ...: its parts, one number for one part in every language
--   language: BCP 47: en, zh-Hans, zh-Hant, zh, de, ...
--   script: Hans, Hant, Latn, ...
--   text: the text; paragraphs separated by a newline
--   origin: who made the text: publisher, author, aggregator, human, machine, unknown
--   engine: which engine translated, for machine translations
--   model: which model of the engine
--   score: of the checks, 0 to 1, on the row of a whole translation
--   checks: JSON: status and reasons of the checks, for a translation
--   record_id: the record that says it, in `records`
CREATE TABLE text_rows (
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  field TEXT NOT NULL, section INTEGER, language TEXT NOT NULL, script TEXT, text TEXT,
  origin TEXT NOT NULL, engine TEXT, model TEXT, score REAL, checks TEXT,
  record_id INTEGER NOT NULL REFERENCES records (record_id)
) STRICT;
CREATE INDEX text_rows_work ON text_rows (work_id);
CREATE INDEX text_rows_origin ON text_rows (origin, work_id, language);

-- check_rows: what the view `text_checks` is made of: read that; `text` is NULL where it stands in `texts`, or in the record: its title or abstract of the number `place`
--   work_id: the work
--   field: title or abstract
--   language: BCP 47: en, zh-Hans, zh-Hant, zh, de, ...
--   origin: who made the text: publisher, author, aggregator, human, machine, unknown
--   status: pass, review or reject
--   score: 0 to 1
--   reasons: JSON: [key, token, ...] for every reason
--   text: the translation
--   is_shown: 1 where it stands among the texts of the work
--   record_id: the record that says it, in `records`
--   place: which title or abstract of the record it is, from 0
CREATE TABLE check_rows (
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  field TEXT NOT NULL, language TEXT NOT NULL, origin TEXT NOT NULL, status TEXT NOT NULL, score REAL NOT NULL,
  reasons TEXT NOT NULL, text TEXT, is_shown INTEGER NOT NULL,
  record_id INTEGER NOT NULL REFERENCES records (record_id)
, place INTEGER) STRICT;
CREATE INDEX check_rows_work ON check_rows (work_id);
CREATE INDEX check_rows_doubtful ON check_rows (status, work_id) WHERE status <> 'pass';

-- check_sentences: what the reasons of checks say, with {tokens} where something is named
--   key: key of the reason
--   en: in English
--   zh: in Chinese
CREATE TABLE check_sentences (key TEXT PRIMARY KEY, en TEXT NOT NULL, zh TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- merged: what the view `claims` is made of: read that; one row a work
--   work_id: the work
--   fingerprint: hash of the work as it was written
--   form_id: the form, in `claim_forms`
--   records: JSON array: the records that are believed, by their ids, in the order of the form
CREATE TABLE merged (
  work_id INTEGER PRIMARY KEY REFERENCES works (work_id), fingerprint BLOB NOT NULL,
  form_id INTEGER NOT NULL REFERENCES claim_forms (form_id), records TEXT NOT NULL
) STRICT;

-- claim_forms: by which rules works believe which of their `records` in `merged`: one form for all works that do so alike
--   form_id: 64 bits of its hash
--   claims: JSON: [place among `records`, from 0, rule, [columns]] for every rule by which a record was believed
CREATE TABLE claim_forms (form_id INTEGER PRIMARY KEY, claims TEXT NOT NULL) STRICT;

-- identifiers: doi, pmid, pmcid, arxiv, s2, corpusid, ppr, platform; two works may bear one value only where a stronger identifier keeps them apart
--   scheme: doi, pmid, pmcid, arxiv, s2, corpusid, ppr, platform
--   value: normalised: a DOI is bare and lower case
--   work_id: the work
CREATE TABLE identifiers (
  scheme TEXT NOT NULL, value TEXT NOT NULL, work_id INTEGER NOT NULL REFERENCES works (work_id),
  PRIMARY KEY (scheme, value, work_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX identifiers_work ON identifiers (work_id);

-- contributors: in title-page order from 0; `affiliations` a JSON array
--   work_id: the work
--   position: place on the title page, from 0
--   role: author, editor, translator, ...
--   name: in display order
--   family: family name, where it is known which that is
--   given: given names
--   name_zh: the name in Chinese characters, beside a Latin one
--   orcid: 0000-0002-1825-0097
--   affiliations: JSON array
CREATE TABLE contributors (
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  position INTEGER NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL, family TEXT, given TEXT,
  name_zh TEXT, orcid TEXT, affiliations TEXT,
  PRIMARY KEY (work_id, position)
) STRICT, WITHOUT ROWID;

-- relations: how works hang together: a row for every source that says so, its newest word; `kind` is what the work is to the other one (has_preprint, is_retracted_by, ...), `inverse` what the other is to it; `reference` a citation line or an address; of a notice `date`, `label` and `asserted_by` (publisher, retraction-watch); `day` when the source was asked
--   work_id: the work
--   kind: what the work is to the other one: has_preprint, is_retracted_by, ...
--   inverse: what the other work is to it
--   scheme: scheme of the other work's identifier
--   value: the other work's identifier
--   reference: a citation line or an address, where the other has no identifier
--   date: day of the notice
--   label: what the source calls the notice
--   asserted_by: who stands behind the notice: publisher, retraction-watch
--   source: who says it: crossref, pubmed, ..., document, translation, curator
--   day: when the source was asked
--   record_id: the record that says it, in `records`
CREATE TABLE relations (
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  kind TEXT NOT NULL, inverse TEXT NOT NULL, scheme TEXT, value TEXT, reference TEXT,
  date TEXT, label TEXT, asserted_by TEXT, source TEXT NOT NULL, day TEXT NOT NULL,
  record_id INTEGER NOT NULL REFERENCES records (record_id)
) STRICT;
CREATE INDEX relations_work ON relations (work_id);
CREATE INDEX relations_other ON relations (scheme, value);
CREATE INDEX relations_record ON relations (record_id);

-- affiliations: of the work as a whole, where no author can be named for them
--   work_id: the work
--   position: from 0
--   name: name of the institution
CREATE TABLE affiliations (
  work_id INTEGER NOT NULL REFERENCES works (work_id), position INTEGER NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (work_id, position)
) STRICT, WITHOUT ROWID;

-- records: what each source said, immutable; `body` is JSON, its `extra` what has no field of its own: all of it, or what is short, and then `extra` holds it whole
--   record_id: minted once
--   work_id: the work that it belongs to now
--   source: who says it: crossref, pubmed, ..., document, translation, curator
--   source_key: the source's own key of the work
--   fingerprint: 32 hex digits of what it says
--   retrieved_at: when the source said so
--   document: where it was read: file and line
--   body: the record as JSON
--   created_at: when it was written
--   extra: what has no field of its own, whole: raw DEFLATE, told below; NULL where `body` has it all
CREATE TABLE records (
  record_id INTEGER PRIMARY KEY AUTOINCREMENT,
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  source TEXT NOT NULL, source_key TEXT NOT NULL, fingerprint TEXT NOT NULL,
  retrieved_at TEXT NOT NULL, document TEXT, body TEXT NOT NULL, created_at TEXT NOT NULL
, extra BLOB) STRICT;
CREATE INDEX records_work ON records (work_id);
CREATE INDEX records_key ON records (source, source_key, retrieved_at);

-- record_identifiers: the identifiers that each record states
--   scheme: doi, pmid, pmcid, arxiv, s2, corpusid, ppr, platform
--   value: normalised
--   record_id: the record that states it
CREATE TABLE record_identifiers (
  scheme TEXT NOT NULL, value TEXT NOT NULL, record_id INTEGER NOT NULL REFERENCES records (record_id),
  PRIMARY KEY (scheme, value, record_id)
) STRICT, WITHOUT ROWID;

-- redirects: works that turned out to be another one; `record_id` is the oldest record that the old work had; `revision` as in `works`, of the same numbers
--   old_id: the work that is no more
--   work_id: the work that it is now
--   record_id: the oldest record that it had
--   revision: as in `works`, out of the same numbers
CREATE TABLE redirects (
  old_id INTEGER PRIMARY KEY, work_id INTEGER NOT NULL REFERENCES works (work_id)
, record_id INTEGER REFERENCES records (record_id), revision INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX redirects_work ON redirects (work_id);
CREATE INDEX redirects_record ON redirects (record_id);
CREATE UNIQUE INDEX redirects_revision ON redirects (revision) WHERE revision > 0;

-- possible_matches: works that may be one, for people to decide; `evidence` JSON: kind (possible; link: one text published twice), score, reasons (field, level, weight), vetoes, doubts
--   work_id: the work
--   other_id: the other work, of the higher number
--   evidence: JSON: kind, score, reasons, vetoes, doubts
--   created_at: when it was written
CREATE TABLE possible_matches (
  work_id INTEGER NOT NULL REFERENCES works (work_id),
  other_id INTEGER NOT NULL REFERENCES works (work_id),
  evidence TEXT NOT NULL, created_at TEXT NOT NULL,
  PRIMARY KEY (work_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX possible_matches_other ON possible_matches (other_id);

-- match_verdicts: what people decide: the works of these two records are the `same`, or stay `apart`
--   source: `record`; in verdicts of earlier versions the source of the one record
--   source_key: record_id of the one record; in verdicts of earlier versions its key
--   other_source: the same for the other record
--   other_key: the same for the other record
--   verdict: same or apart
--   by_whom: who decided
--   created_at: when it was written
CREATE TABLE match_verdicts (
  source TEXT NOT NULL, source_key TEXT NOT NULL, other_source TEXT NOT NULL, other_key TEXT NOT NULL,
  verdict TEXT NOT NULL, by_whom TEXT NOT NULL, created_at TEXT NOT NULL,
  PRIMARY KEY (source, source_key, other_source, other_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX match_verdicts_other ON match_verdicts (other_source, other_key);

-- match_rules: what people decide of all possible matches within a journal, by its folded name
--   journal: folded name of the journal
--   verdict: same or apart
--   by_whom: who decided
--   created_at: when it was written
CREATE TABLE match_rules (
  journal TEXT PRIMARY KEY, verdict TEXT NOT NULL, by_whom TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- match_nodes: what records say, made comparable, once for all who say the same; `score` how surely two of them are one work
--   node_id: number of the description
--   mark: hash of the description
--   score: how surely two that say this are one work; NULL: not at all
--   body: the description, packed
CREATE TABLE match_nodes (
  node_id INTEGER PRIMARY KEY, mark BLOB NOT NULL UNIQUE, score REAL, body BLOB NOT NULL
) STRICT;

-- match_records: which of these a record says
--   record_id: the record
--   node_id: the description
CREATE TABLE match_records (
  record_id INTEGER PRIMARY KEY REFERENCES records (record_id),
  node_id INTEGER NOT NULL REFERENCES match_nodes (node_id)
) STRICT;
CREATE INDEX match_records_node ON match_records (node_id);

-- match_keys_new: the keys of the last descriptions; from time to time they are moved to match_keys
--   key: hash of a key
--   node_id: the description
CREATE TABLE match_keys_new (
  key INTEGER NOT NULL, node_id INTEGER NOT NULL, PRIMARY KEY (key, node_id)
) STRICT, WITHOUT ROWID;

-- match_keys: under which keys it is filed, to find whom to compare
--   key: hash of a key
--   node_id: the description
CREATE TABLE match_keys (
  key INTEGER NOT NULL, node_id INTEGER NOT NULL, PRIMARY KEY (key, node_id)
) STRICT, WITHOUT ROWID;

-- match_edges: what two of them are to each other: match, link, possible, rejected
--   one: a description
--   other: another one
--   kind: match, link, possible, rejected
--   score: how alike
CREATE TABLE match_edges (
  one INTEGER NOT NULL, other INTEGER NOT NULL, kind TEXT NOT NULL, score REAL NOT NULL,
  PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;

-- overrides: people's corrections that hold, the last word on every field; those that were replaced or taken back stay in `records`
--   work_id: the work
--   field: the column
--   value: what is right, as text
--   by_whom: who decided
--   why: the reason, in her words
--   record_id: the record of the correction
--   created_at: when it was written
CREATE TABLE overrides (
  work_id INTEGER NOT NULL REFERENCES works (work_id), field TEXT NOT NULL, value TEXT,
  by_whom TEXT NOT NULL, why TEXT,
  record_id INTEGER NOT NULL REFERENCES records (record_id), created_at TEXT NOT NULL
) STRICT;
CREATE INDEX overrides_work ON overrides (work_id);

-- journals: the journals that sources and tables name; `journal` is the lowest ISSN, or name: and the folded name; `issns` and `abbreviations` JSON arrays
--   journal: the lowest ISSN, or name: and the folded name
--   issns: JSON array of ISSNs
--   name_en: English name
--   name_zh: Chinese name
--   name_pinyin: the Chinese name in Pinyin
--   abbreviations: JSON array
CREATE TABLE journals (
  journal TEXT PRIMARY KEY, issns TEXT NOT NULL, name_en TEXT, name_zh TEXT, name_pinyin TEXT,
  abbreviations TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- journal_names: by which ISSN (issn) and which name as given (name) a journal is found
--   kind: issn or name
--   value: the ISSN, or the name as given
--   journal: the journal, as in `journals`
CREATE TABLE journal_names (
  kind TEXT NOT NULL, value TEXT NOT NULL, journal TEXT NOT NULL, PRIMARY KEY (kind, value, journal)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_names_journal ON journal_names (journal);

-- journal_tables: librarians' tables of journals, with their date and licence
--   name: what it is called
--   as_of: of which day, month or year the table is
--   licence: who may use it, and for what
--   lines: how many lines it has
--   loaded_at: when it was loaded
CREATE TABLE journal_tables (
  name TEXT PRIMARY KEY, as_of TEXT NOT NULL, licence TEXT, lines INTEGER NOT NULL, loaded_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- journal_lines: the lines of those tables; `cssci`, `cscd` and `pku_core` yes, or the part of the list
--   table_name: the table, as in `journal_tables`
--   line: the line of the table, from 1
--   saying_id: what the line says of the journal's names
--   impact_factor: impact factor
--   jcr_quartile: JCR quartile: Q1 ... Q4
--   jcr_category: the category of the quartile
--   cas_zone: CAS zone (中科院分区): 1 ... 4
--   cas_category: the category of the zone
--   cssci: CSSCI: yes, or the part of the list
--   cscd: CSCD: yes, or the part of the list
--   pku_core: Peking University core list (北大核心): yes, or the part of the list
CREATE TABLE journal_lines (
  table_name TEXT NOT NULL REFERENCES journal_tables (name), line INTEGER NOT NULL,
  saying_id INTEGER NOT NULL REFERENCES journal_sayings (saying_id),
  impact_factor REAL, jcr_quartile TEXT, jcr_category TEXT, cas_zone INTEGER, cas_category TEXT,
  cssci TEXT, cscd TEXT, pku_core TEXT,
  PRIMARY KEY (table_name, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_lines_saying ON journal_lines (saying_id);

-- runs: the run ledger; `counts` JSON by outcome
--   run_id: number of the run
--   command: harvest, load, lookup, ...
--   version: of the program
--   started_at: when
--   finished_at: when; NULL while it runs, or where it was killed
--   exit_code: as in the README
--   counts: JSON: items by outcome
CREATE TABLE runs (
  run_id INTEGER PRIMARY KEY AUTOINCREMENT,
  command TEXT NOT NULL, version TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT,
  exit_code INTEGER, counts TEXT
) STRICT;

-- run_items: every item of a run and how it ended
--   run_id: the run
--   position: from 0
--   input: what was given
--   outcome: found, unchanged, absent, no_metadata, deferred, refused, malformed or invalid
--   work_id: the work, where there is one
--   source: who answered
--   detail: more about it
CREATE TABLE run_items (
  run_id INTEGER NOT NULL REFERENCES runs (run_id), position INTEGER NOT NULL,
  input TEXT NOT NULL, outcome TEXT NOT NULL, work_id INTEGER, source TEXT, detail TEXT,
  PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

-- read_documents: large documents that were read to their end; `mark` a hash of content, day and program
--   mark: hash of content, day and program
--   name: the file
--   counts: JSON: read, new, changed, same, skipped
--   read_at: when
CREATE TABLE read_documents (mark TEXT PRIMARY KEY, name TEXT NOT NULL, counts TEXT NOT NULL, read_at TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- agencies: which registration agency doi.org names for a DOI prefix
--   prefix: of DOIs: 10.5555
--   agency: Crossref, DataCite, mEDRA, ...
--   asked_at: when doi.org said so
CREATE TABLE agencies (
  prefix TEXT PRIMARY KEY, agency TEXT, asked_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- asked: what services answered last, so as not to ask again too soon
--   source: the service
--   scheme: doi, pmid, pmcid, arxiv, s2, corpusid, ppr, platform
--   value: the identifier
--   outcome: found, unchanged, absent, no_metadata, deferred, refused, malformed or invalid
--   asked_at: when
CREATE TABLE asked (
  source TEXT NOT NULL, scheme TEXT NOT NULL, value TEXT NOT NULL,
  outcome TEXT NOT NULL, asked_at TEXT NOT NULL,
  PRIMARY KEY (source, scheme, value)
) STRICT, WITHOUT ROWID;

-- translations: the translation memory: what engines made of which text
--   hash: of what was translated
--   target: into which language
--   engine: which engine translated, for machine translations
--   model: which model of the engine
--   settings: glossary and prompt, hashed
--   source_language: from which language
--   source_text: what was translated
--   text: what became of it
--   created_at: when it was written
CREATE TABLE translations (
  hash TEXT NOT NULL, target TEXT NOT NULL, engine TEXT NOT NULL, model TEXT NOT NULL, settings TEXT NOT NULL,
  source_language TEXT NOT NULL, source_text TEXT NOT NULL, text TEXT NOT NULL, created_at TEXT NOT NULL,
  PRIMARY KEY (hash, target, engine, model, settings)
) STRICT, WITHOUT ROWID;

-- spending: what was sent to paid engines, month by month
--   month: YYYY-MM
--   engine: which engine translated, for machine translations
--   characters: sent
--   cost: in the currency of the settings
CREATE TABLE spending (
  month TEXT NOT NULL, engine TEXT NOT NULL, characters INTEGER NOT NULL, cost REAL NOT NULL,
  PRIMARY KEY (month, engine)
) STRICT, WITHOUT ROWID;

-- claims: which record each column comes from, by which rule
--   work_id: the work
--   field: column of `works`, or text with its language
--   record_id: the record that says it, in `records`
--   rule: why this record was believed
CREATE VIEW claims AS
SELECT m.work_id, f.value AS field, json_extract(m.records, '$[' || json_extract(c.value, '$[0]') || ']') AS record_id,
  json_extract(c.value, '$[1]') AS rule
FROM merged AS m JOIN claim_forms AS s USING (form_id), json_each(s.claims) AS c, json_each(c.value, '$[2]') AS f;

-- text_checks: the verdicts of the checks on every translation, shown or refused
--   work_id: the work
--   field: title or abstract
--   language: BCP 47: en, zh-Hans, zh-Hant, zh, de, ...
--   origin: who made the text: publisher, author, aggregator, human, machine, unknown
--   status: pass, review or reject
--   score: 0 to 1
--   reasons: JSON: key, tokens, and the reason in English and Chinese
--   text: the translation
--   is_shown: 1 where it stands among the texts of the work
--   record_id: the record that says it, in `records`
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

-- texts: every title and abstract in every language; `section` NULL is the whole field, 0, 1, 2 ... its parts, one number for one part in every language (none where a language lacks it, several paragraphs where it divides it); `engine` and `model` for machine translations
--   work_id: the work
--   field: title or abstract
--   section: NULL: the whole; 0, 1, 2 ...: its parts, one number for one part in every language
--   language: BCP 47: en, zh-Hans, zh-Hant, zh, de, ...
--   script: Hans, Hant, Latn, ...
--   text: the text; paragraphs separated by a newline
--   origin: who made the text: publisher, author, aggregator, human, machine, unknown
--   engine: which engine translated, for machine translations
--   model: which model of the engine
--   source: who says it: crossref, pubmed, ..., document, translation, curator
--   record_id: the record that says it, in `records`
--   created_at: when it was written
--   score: of the checks, 0 to 1, on the row of a whole translation
--   checks: JSON: status and reasons of the checks, for a translation
CREATE VIEW texts AS
SELECT t.work_id, t.field, t.section, t.language, t.script, coalesce(t.text, CASE
    WHEN t.field = 'title' AND t.language GLOB 'zh*' THEN w.title_zh
    WHEN t.field = 'title' THEN w.title_en
    WHEN t.language GLOB 'zh*' THEN w.abstract_zh
    ELSE w.abstract_en
  END) AS text,
  t.origin, t.engine, t.model, r.source, t.record_id, r.created_at, t.score, t.checks
FROM text_rows AS t JOIN works AS w USING (work_id) JOIN records AS r USING (record_id);

-- changes: what is new, changed or gone, each with a revision of its own: the change feed, told below
--   revision: a number of its own, higher than all before
--   work_id: the work
--   what: changed (new works too) or gone
--   now_id: the work that it was merged into
CREATE VIEW changes AS
SELECT revision, work_id, 'changed' AS what, NULL AS now_id FROM works
UNION ALL
SELECT revision, old_id, 'gone', work_id FROM redirects;

-- works_bilingual: titles and abstracts of both languages side by side, with their origins
--   work_id: the work
--   doi: bare, lower case; the first where a work has several
--   language: BCP 47: en, zh-Hans, zh-Hant, zh, de, ...
--   title_en: the English title, original or translated
--   title_zh: the Chinese title, original or translated, simplified or traditional as given
--   title_zh_origin: who made title_zh: publisher, author, aggregator, human, machine, unknown
--   abstract_en: the English abstract; sections separated by a newline
--   abstract_zh: the Chinese abstract; sections separated by a newline
--   abstract_zh_origin: who made abstract_zh: the same words
--   authors: JSON array in title-page order of family, given, name, name_zh, orcid
--   container_title: journal, book or series
--   year: the year of `issued`
CREATE VIEW works_bilingual AS
SELECT work_id, doi, language, title_en, title_zh, title_zh_origin, abstract_en, abstract_zh,
       abstract_zh_origin, authors, container_title, year
FROM works;

-- provenance: where every column comes from
--   work_id: the work
--   field: column of `works`, or text with its language
--   record_id: the record that says it, in `records`
--   source: who says it: crossref, pubmed, ..., document, translation, curator
CREATE VIEW provenance AS
SELECT claims.work_id, claims.field, claims.record_id, records.source
FROM claims JOIN records USING (record_id);

-- related_works: relations seen from both works, whichever of them states it; `related_id` NULL where the library does not hold the other
--   work_id: the work
--   kind: what the work is to the other one: has_preprint, is_retracted_by, ...
--   related_id: the other work; NULL where the library does not hold it
--   scheme: doi, pmid, pmcid, arxiv, s2, corpusid, ppr, platform
--   value: the other work's identifier
--   reference: a citation line or an address, where the other has no identifier
--   date: day of the notice
--   label: what the source calls the notice
--   asserted_by: who stands behind the notice: publisher, retraction-watch
--   source: who says it: crossref, pubmed, ..., document, translation, curator
--   day: when the source was asked
--   record_id: the record that says it, in `records`
--   stated_by: the work whose sources say so
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

-- citation_counts: every source's newest count and the day on which it first told it
--   work_id: the work
--   source: who says it: crossref, pubmed, ..., document, translation, curator
--   citation_count: times cited, as this source said last
--   day: the day on which it first told this count
--   record_id: the record that says it, in `records`
CREATE VIEW citation_counts AS
SELECT work_id, source, citation_count, day, record_id FROM (
  SELECT work_id, source, json_extract(body, '$.citation_count') AS citation_count,
         substr(retrieved_at, 1, 10) AS day, record_id,
         row_number() OVER (PARTITION BY work_id, source ORDER BY retrieved_at DESC, record_id DESC) AS place
  FROM records WHERE json_extract(body, '$.citation_count') IS NOT NULL
) WHERE place = 1;

-- open_access: what every source says last
--   work_id: the work
--   source: who says it: crossref, pubmed, ..., document, translation, curator
--   is_open_access: 1, 0
--   url: where it can be read free of charge
--   licence: who may use it, and for what
--   status: gold, diamond, hybrid, bronze, green or closed
--   host: publisher or repository
--   version: publishedVersion, acceptedVersion or submittedVersion
--   day: when the source was asked
--   record_id: the record that says it, in `records`
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

-- journal_ranks: what each table says of a journal
--   journal: the journal, as in `journals`
--   name_en: English name
--   name_zh: Chinese name
--   issns: JSON array of ISSNs
--   table_name: the table, as in `journal_tables`
--   as_of: of which day, month or year the table is
--   licence: who may use it, and for what
--   line: the line of the table, from 1
--   impact_factor: impact factor
--   jcr_quartile: JCR quartile: Q1 ... Q4
--   jcr_category: the category of the quartile
--   cas_zone: CAS zone (中科院分区): 1 ... 4
--   cas_category: the category of the zone
--   cssci: CSSCI: yes, or the part of the list
--   cscd: CSCD: yes, or the part of the list
--   pku_core: Peking University core list (北大核心): yes, or the part of the list
CREATE VIEW journal_ranks AS
SELECT s.journal, j.name_en, j.name_zh, j.issns, l.table_name, t.as_of, t.licence, l.line,
       l.impact_factor, l.jcr_quartile, l.jcr_category, l.cas_zone, l.cas_category, l.cssci, l.cscd, l.pku_core
FROM journal_lines AS l JOIN journal_tables AS t ON t.name = l.table_name
JOIN journal_sayings AS s USING (saying_id) JOIN journals AS j ON j.journal = s.journal;

-- work_journals: by ISSN, or where a work has none by a name that only one journal bears
--   work_id: the work
--   journal: the journal, as in `journals`
CREATE VIEW work_journals AS
SELECT w.work_id, coalesce(
  (SELECT n.journal FROM journal_names AS n WHERE n.kind = 'issn' AND n.value = w.issn),
  (SELECT iif(count(*) = 1, min(n.journal), NULL) FROM journal_names AS n
   WHERE n.kind = 'name' AND n.value = w.container_title AND w.issn IS NULL)) AS journal
FROM works AS w;

-- work_ranks: of every measure what the newest table says
--   work_id: the work
--   journal: the journal, as in `journals`
--   impact_factor: impact factor
--   jcr_quartile: JCR quartile: Q1 ... Q4
--   jcr_category: the category of the quartile
--   cas_zone: CAS zone (中科院分区): 1 ... 4
--   cas_category: the category of the zone
--   cssci: CSSCI: yes, or the part of the list
--   cscd: CSCD: yes, or the part of the list
--   pku_core: Peking University core list (北大核心): yes, or the part of the list
CREATE VIEW work_ranks AS
SELECT j.work_id, j.journal, 
  (SELECT l.impact_factor FROM journal_sayings AS s JOIN journal_lines AS l USING (saying_id)
   JOIN journal_tables AS t ON t.name = l.table_name WHERE s.journal = j.journal AND l.impact_factor IS NOT NULL
   ORDER BY t.as_of DESC, t.name DESC, l.line LIMIT 1) AS impact_factor,
  (SELECT l.jcr_quartile FROM journal_sayings AS s JOIN journal_lines AS l USING (saying_id)
   JOIN journal_tables AS t ON t.name = l.table_name WHERE s.journal = j.journal AND l.jcr_quartile IS NOT NULL
   ORDER BY t.as_of DESC, t.name DESC, l.line LIMIT 1) AS jcr_quartile,
  (SELECT l.jcr_category FROM journal_sayings AS s JOIN journal_lines AS l USING (saying_id)
   JOIN journal_tables AS t ON t.name = l.table_name WHERE s.journal = j.journal AND l.jcr_category IS NOT NULL
   ORDER BY t.as_of DESC, t.name DESC, l.line LIMIT 1) AS jcr_category,
  (SELECT l.cas_zone FROM journal_sayings AS s JOIN journal_lines AS l USING (saying_id)
   JOIN journal_tables AS t ON t.name = l.table_name WHERE s.journal = j.journal AND l.cas_zone IS NOT NULL
   ORDER BY t.as_of DESC, t.name DESC, l.line LIMIT 1) AS cas_zone,
  (SELECT l.cas_category FROM journal_sayings AS s JOIN journal_lines AS l USING (saying_id)
   JOIN journal_tables AS t ON t.name = l.table_name WHERE s.journal = j.journal AND l.cas_category IS NOT NULL
   ORDER BY t.as_of DESC, t.name DESC, l.line LIMIT 1) AS cas_category,
  (SELECT l.cssci FROM journal_sayings AS s JOIN journal_lines AS l USING (saying_id)
   JOIN journal_tables AS t ON t.name = l.table_name WHERE s.journal = j.journal AND l.cssci IS NOT NULL
   ORDER BY t.as_of DESC, t.name DESC, l.line LIMIT 1) AS cssci,
  (SELECT l.cscd FROM journal_sayings AS s JOIN journal_lines AS l USING (saying_id)
   JOIN journal_tables AS t ON t.name = l.table_name WHERE s.journal = j.journal AND l.cscd IS NOT NULL
   ORDER BY t.as_of DESC, t.name DESC, l.line LIMIT 1) AS cscd,
  (SELECT l.pku_core FROM journal_sayings AS s JOIN journal_lines AS l USING (saying_id)
   JOIN journal_tables AS t ON t.name = l.table_name WHERE s.journal = j.journal AND l.pku_core IS NOT NULL
   ORDER BY t.as_of DESC, t.name DESC, l.line LIMIT 1) AS pku_core
FROM work_journals AS j;

-- envelopes: the aggregator's 33 keys by their own names; what it does not know is NULL; PeriodicalIF, JCR, JCRName, RegionNum and RegionCategory from `work_ranks` where a table says so
--   journal: the journal, as in `journals`
CREATE VIEW envelopes AS
SELECT
  coalesce(w.title_en, w.title) AS "title",
  (SELECT group_concat(name, ', ') FROM (SELECT name FROM contributors AS c WHERE c.work_id = w.work_id ORDER BY position)) AS "authors",
  w.doi AS "doi",
  'https://doi.org/' || w.doi AS "DOIUrl",
  json_extract(r.body, '$.url') AS "url",
  w.abstract_en AS "abstract",
  nullif(nullif(json_extract(r.extra, '$.PeriodicalId'), ''), 0) AS "PeriodicalId",
  json_object('name', w.container_title, 'volume', w.volume, 'pages', w.pages) AS "journal",
  coalesce(k.impact_factor, nullif(nullif(json_extract(r.extra, '$.PeriodicalIF'), ''), 0)) AS "PeriodicalIF",
  w.issued AS "publicationDate",
  w.work_type AS "publicationTypes",
  json_extract(r.extra, '$.fieldsOfStudy') AS "fieldsOfStudy",
  w.is_open_access AS "isOpenAccess",
  w.oa_url AS "openAccessPdf",
  w.citation_count AS "citationCount",
  json_object(
    'title', coalesce(w.title, w.title_en, w.title_zh),
    'authors', (SELECT group_concat(name, ', ') FROM (SELECT name FROM contributors AS c
      WHERE c.work_id = w.work_id ORDER BY position)),
    'doi', w.doi, 'DOIUrl', 'https://doi.org/' || w.doi, 'url', json_extract(r.body, '$.url'),
    'abstract', iif(w.language GLOB 'zh*', w.abstract_zh, w.abstract_en),
    'journal', json_object('name', w.container_title, 'volume', w.volume, 'pages', w.pages),
    'publicationDate', w.issued, 'publicationTypes', w.work_type, 'isOpenAccess', w.is_open_access,
    'openAccessPdf', w.oa_url, 'citationCount', w.citation_count, 'PeriodicalName', w.container_title,
    'PMCID', w.pmcid) AS "resultStr",
  nullif(nullif(json_extract(r.extra, '$.platform'), ''), 0) AS "platform",
  nullif(nullif(json_extract(r.extra, '$.paperid'), ''), 0) AS "paperid",
  w.container_title AS "PeriodicalName",
  nullif(nullif(json_extract(r.extra, '$.FirstCategoryId'), ''), 0) AS "FirstCategoryId",
  nullif(nullif(json_extract(r.extra, '$.ListUrlMain'), ''), 0) AS "ListUrlMain",
  coalesce(k.cas_zone, nullif(nullif(json_extract(r.extra, '$.RegionNum'), ''), 0)) AS "RegionNum",
  coalesce(k.cas_category, nullif(nullif(json_extract(r.extra, '$.RegionCategory'), ''), 0)) AS "RegionCategory",
  nullif(nullif(json_extract(r.extra, '$.ArticlePicture'), ''), 0) AS "ArticlePicture",
  w.title_zh AS "TitleCN",
  w.abstract_zh AS "AbstractTextCN",
  w.pmcid AS "PMCID",
  nullif(json_extract(r.extra, '$.EPubDate'), '') AS "EPubDate",
  nullif(nullif(json_extract(r.extra, '$.PubModel'), ''), 0) AS "PubModel",
  coalesce(k.jcr_quartile, nullif(nullif(json_extract(r.extra, '$.JCR'), ''), 0)) AS "JCR",
  coalesce(k.jcr_category, nullif(nullif(json_extract(r.extra, '$.JCRName'), ''), 0)) AS "JCRName",
  nullif(nullif(json_extract(r.extra, '$.Score'), ''), 0) AS "Score",
  nullif(nullif(json_extract(r.extra, '$.Total'), ''), 0) AS "Total"
FROM works AS w JOIN work_ranks AS k USING (work_id) LEFT JOIN (
  SELECT record_id, body, json_extract(body, '$.extra') AS extra FROM records
) AS r ON r.record_id = (
  SELECT max(s.record_id) FROM records AS s WHERE s.work_id = w.work_id AND +s.source = 'aggregator');
