"""What the tables, views and columns of the library file mean, in words; their names and types are read from the file itself."""

from __future__ import annotations

from typing import Final

from harvester.model import COLUMNS

TABLES: Final[dict[str, str]] = {
    "works": "one row a work",
    "text_rows": "what the view `texts` is made of: read that; `text` is NULL where it stands in `works`",
    "check_rows": "what the view `text_checks` is made of: read that; `text` is NULL where it stands in `texts`, or in the record: its title or abstract of the number `place`",
    "check_sentences": "what the reasons of checks say, with {tokens} where something is named",
    "merged": "what the view `claims` is made of: read that; one row a work",
    "claim_forms": "by which rules works believe which of their `records` in `merged`: one form for all works that do so alike",
    "identifiers": "doi, pmid, pmcid, arxiv, s2, corpusid, ppr, platform; two works may bear one value only where a stronger identifier keeps them apart",
    "contributors": "in title-page order from 0; `affiliations` a JSON array",
    "relations": "how works hang together: a row for every source that says so, its newest word; `kind` is what the work is to the other one (has_preprint, is_retracted_by, ...), `inverse` what the other is to it; `reference` a citation line or an address; of a notice `date`, `label` and `asserted_by` (publisher, retraction-watch); `day` when the source was asked",
    "affiliations": "of the work as a whole, where no author can be named for them",
    "records": "what each source said, immutable; `body` is JSON, its `extra` what has no field of its own: all of it, or what is short, and then `extra` holds it whole",
    "record_identifiers": "the identifiers that each record states",
    "redirects": "works that turned out to be another one; `record_id` is the oldest record that the old work had; `revision` as in `works`, of the same numbers",
    "possible_matches": "works that may be one, for people to decide; `evidence` JSON: kind (possible; link: one text published twice), score, reasons (field, level, weight), vetoes, doubts",
    "match_verdicts": "what people decide: the works of these two records are the `same`, or stay `apart`",
    "match_rules": "what people decide of all possible matches within a journal, by its folded name",
    "match_nodes": "what records say, made comparable, once for all who say the same; `score` how surely two of them are one work",
    "match_records": "which of these a record says",
    "match_keys_new": "the keys of the last descriptions; from time to time they are moved to match_keys",
    "match_keys": "under which keys it is filed, to find whom to compare",
    "match_edges": "what two of them are to each other: match, link, possible, rejected",
    "overrides": "people's corrections that hold, the last word on every field; those that were replaced or taken back stay in `records`",
    "journals": "the journals that sources and tables name; `journal` is the lowest ISSN, or name: and the folded name; `issns` and `abbreviations` JSON arrays",
    "journal_names": "by which ISSN (issn) and which name as given (name) a journal is found",
    "journal_tables": "librarians' tables of journals, with their date and licence",
    "journal_lines": "the lines of those tables; `cssci`, `cscd` and `pku_core` yes, or the part of the list",
    "runs": "the run ledger; `counts` JSON by outcome",
    "run_items": "every item of a run and how it ended",
    "read_documents": "large documents that were read to their end; `mark` a hash of content, day and program",
    "agencies": "which registration agency doi.org names for a DOI prefix",
    "asked": "what services answered last, so as not to ask again too soon",
    "translations": "the translation memory: what engines made of which text",
    "spending": "what was sent to paid engines, month by month",
}  # fmt: skip

VIEWS: Final[dict[str, str]] = {
    "claims": "which record each column comes from, by which rule",
    "text_checks": "the verdicts of the checks on every translation, shown or refused",
    "texts": "every title and abstract in every language; `section` NULL is the whole field, 0, 1, 2 ... its parts, one number for one part in every language (none where a language lacks it, several paragraphs where it divides it); `engine` and `model` for machine translations",
    "changes": "what is new, changed or gone, each with a revision of its own: the change feed, told below",
    "works_bilingual": "titles and abstracts of both languages side by side, with their origins",
    "provenance": "where every column comes from",
    "related_works": "relations seen from both works, whichever of them states it; `related_id` NULL where the library does not hold the other",
    "citation_counts": "every source's newest count and the day on which it first told it",
    "open_access": "what every source says last",
    "journal_ranks": "what each table says of a journal",
    "work_journals": "by ISSN, or where a work has none by a name that only one journal bears",
    "work_ranks": "of every measure what the newest table says",
    "envelopes": "the aggregator's 33 keys by their own names; what it does not know is NULL; PeriodicalIF, JCR, JCRName, RegionNum and RegionCategory from `work_ranks` where a table says so",
}  # fmt: skip

# Of no concern to anybody outside: they may change with any version.
INTERNAL: Final = frozenset(
    {
        "counters",
        "journal_sayings",
        "journal_links",
        "works_fts",
        "search_rows",
        "search_texts",
        "_sqlite_migrations",
        "sqlite_sequence",
    }
)

_SAID: Final = """
work_id: the work
record_id: the record that says it, in `records`
source: who says it: crossref, pubmed, ..., document, translation, curator
created_at: when it was written
scheme: doi, pmid, pmcid, arxiv, s2, corpusid, ppr, platform
day: when the source was asked
by_whom: who decided
language: BCP 47: en, zh-Hans, zh-Hant, zh, de, ...
origin: who made the text: publisher, author, aggregator, human, machine, unknown
engine: which engine translated, for machine translations
model: which model of the engine
score: of the checks, 0 to 1, on the row of a whole translation
journal: the journal, as in `journals`
impact_factor: impact factor
jcr_quartile: JCR quartile: Q1 ... Q4
jcr_category: the category of the quartile
cas_zone: CAS zone (中科院分区): 1 ... 4
cas_category: the category of the zone
cssci: CSSCI: yes, or the part of the list
cscd: CSCD: yes, or the part of the list
pku_core: Peking University core list (北大核心): yes, or the part of the list
as_of: of which day, month or year the table is
licence: who may use it, and for what
outcome: found, unchanged, absent, no_metadata, deferred, refused, malformed or invalid
name_en: English name
name_zh: Chinese name
issns: JSON array of ISSNs
kind: what the work is to the other one: has_preprint, is_retracted_by, ...
inverse: what the other work is to it
reference: a citation line or an address, where the other has no identifier
label: what the source calls the notice
asserted_by: who stands behind the notice: publisher, retraction-watch
table_name: the table, as in `journal_tables`
line: the line of the table, from 1

texts.field: title or abstract
texts.section: NULL: the whole; 0, 1, 2 ...: its parts, one number for one part in every language
texts.script: Hans, Hant, Latn, ...
texts.text: the text; paragraphs separated by a newline
texts.checks: JSON: status and reasons of the checks, for a translation
text_checks.field: title or abstract
text_checks.status: pass, review or reject
text_checks.reasons: JSON: key, tokens, and the reason in English and Chinese
text_checks.text: the translation
text_checks.place: which title or abstract of the record it is, from 0
check_rows.reasons: JSON: [key, token, ...] for every reason
text_checks.is_shown: 1 where it stands among the texts of the work
text_checks.score: 0 to 1
identifiers.value: normalised: a DOI is bare and lower case
contributors.position: place on the title page, from 0
contributors.role: author, editor, translator, ...
contributors.name: in display order
contributors.family: family name, where it is known which that is
contributors.given: given names
contributors.name_zh: the name in Chinese characters, beside a Latin one
contributors.orcid: 0000-0002-1825-0097
contributors.affiliations: JSON array
relations.value: the other work's identifier
relations.scheme: scheme of the other work's identifier
relations.date: day of the notice
affiliations.position: from 0
affiliations.name: name of the institution
records.record_id: minted once
records.work_id: the work that it belongs to now
records.source_key: the source's own key of the work
records.fingerprint: 32 hex digits of what it says
records.retrieved_at: when the source said so
records.document: where it was read: file and line
records.body: the record as JSON
records.extra: what has no field of its own, whole: raw DEFLATE, told below; NULL where `body` has it all
record_identifiers.value: normalised
record_identifiers.record_id: the record that states it
claims.field: column of `works`, or text with its language
provenance.field: column of `works`, or text with its language
claims.rule: why this record was believed
claims.fingerprint: hash of the work as it was written
claims.form_id: the form, in `claim_forms`
claims.records: JSON array: the records that are believed, by their ids, in the order of the form
claim_forms.form_id: 64 bits of its hash
claim_forms.claims: JSON: [place among `records`, from 0, rule, [columns]] for every rule by which a record was believed
check_sentences.key: key of the reason
check_sentences.en: in English
check_sentences.zh: in Chinese
redirects.old_id: the work that is no more
redirects.work_id: the work that it is now
redirects.record_id: the oldest record that it had
redirects.revision: as in `works`, out of the same numbers
possible_matches.other_id: the other work, of the higher number
possible_matches.evidence: JSON: kind, score, reasons, vetoes, doubts
match_verdicts.source: `record`; in verdicts of earlier versions the source of the one record
match_verdicts.source_key: record_id of the one record; in verdicts of earlier versions its key
match_verdicts.other_source: the same for the other record
match_verdicts.other_key: the same for the other record
match_verdicts.verdict: same or apart
match_rules.journal: folded name of the journal
match_rules.verdict: same or apart
match_nodes.node_id: number of the description
match_nodes.mark: hash of the description
match_nodes.score: how surely two that say this are one work; NULL: not at all
match_nodes.body: the description, packed
match_records.node_id: the description
match_records.record_id: the record
match_keys.key: hash of a key
match_keys.node_id: the description
match_keys_new.key: hash of a key
match_keys_new.node_id: the description
match_edges.one: a description
match_edges.other: another one
match_edges.kind: match, link, possible, rejected
match_edges.score: how alike
overrides.field: the column
overrides.value: what is right, as text
overrides.why: the reason, in her words
overrides.record_id: the record of the correction
journals.journal: the lowest ISSN, or name: and the folded name
journals.name_pinyin: the Chinese name in Pinyin
journals.abbreviations: JSON array
journal_names.kind: issn or name
journal_names.value: the ISSN, or the name as given
journal_tables.name: what it is called
journal_tables.lines: how many lines it has
journal_tables.loaded_at: when it was loaded
journal_lines.saying_id: what the line says of the journal's names
runs.run_id: number of the run
runs.command: harvest, load, lookup, ...
runs.version: of the program
runs.started_at: when
runs.finished_at: when; NULL while it runs, or where it was killed
runs.exit_code: as in the README
runs.counts: JSON: items by outcome
run_items.run_id: the run
run_items.position: from 0
run_items.input: what was given
run_items.work_id: the work, where there is one
run_items.source: who answered
run_items.detail: more about it
read_documents.mark: hash of content, day and program
read_documents.name: the file
read_documents.counts: JSON: read, new, changed, same, skipped
read_documents.read_at: when
agencies.prefix: of DOIs: 10.5555
agencies.agency: Crossref, DataCite, mEDRA, ...
agencies.asked_at: when doi.org said so
asked.source: the service
asked.value: the identifier
asked.asked_at: when
translations.hash: of what was translated
translations.target: into which language
translations.settings: glossary and prompt, hashed
translations.source_language: from which language
translations.source_text: what was translated
translations.text: what became of it
spending.month: YYYY-MM
spending.characters: sent
spending.cost: in the currency of the settings
changes.revision: a number of its own, higher than all before
changes.what: changed (new works too) or gone
changes.now_id: the work that it was merged into
related_works.related_id: the other work; NULL where the library does not hold it
related_works.value: the other work's identifier
related_works.stated_by: the work whose sources say so
related_works.date: day of the notice
citation_counts.citation_count: times cited, as this source said last
citation_counts.day: the day on which it first told this count
open_access.is_open_access: 1, 0
open_access.url: where it can be read free of charge
open_access.status: gold, diamond, hybrid, bronze, green or closed
open_access.host: publisher or repository
open_access.version: publishedVersion, acceptedVersion or submittedVersion
"""
_MEANINGS: Final = dict(line.split(": ", 1) for line in _SAID.split("\n") if line)
_MADE_OF: Final = {"text_rows": "texts", "check_rows": "text_checks", "merged": "claims"}
_OF_WORKS: Final = {column.name: column.says for column in COLUMNS}


def meaning(table: str, column: str) -> str:
    """What a column says, "" where its name says all (the aggregator's own names)."""
    if table == "works":
        return _OF_WORKS[column]
    own, table = _MEANINGS.get(f"{table}.{column}"), _MADE_OF.get(table, table)
    said = own or _MEANINGS.get(f"{table}.{column}") or _MEANINGS.get(column)
    return said or ("" if table == "envelopes" else _OF_WORKS.get(column, ""))
