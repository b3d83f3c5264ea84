"""The shapes that everything else is made of: identifiers, texts, records, works.

All of them are immutable values that compare by content. Absent is None or an empty tuple, never "";
0 and False are values. Nothing here knows a service, a format or a store.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct, field


class Scheme(StrEnum):
    """Identifier schemes, the most trusted first: the order in which records are brought together."""

    DOI = "doi"
    PMID = "pmid"
    PMCID = "pmcid"
    ARXIV = "arxiv"
    PPR = "ppr"  # Europe PMC's number of a preprint, with the letters
    S2 = "s2"  # Semantic Scholar's 40-hex paperId
    CORPUS = "corpusid"  # Semantic Scholar's number
    PLATFORM = "platform"  # an aggregator's own "platform:paperid"


class Identifier(Struct, frozen=True, order=True):
    """One identifier, normalised (a DOI is bare and ASCII lower case)."""

    scheme: Scheme
    value: str


class Origin(StrEnum):
    """Who made a text."""

    PUBLISHER = "publisher"
    AUTHOR = "author"
    HUMAN = "human"
    AGGREGATOR = "aggregator"
    UNKNOWN = "unknown"
    MACHINE = "machine"


class Text(Struct, frozen=True, omit_defaults=True):
    r"""One title or abstract in one language.

    `value` is NFC plain text without tags; the sections (paragraphs) of an abstract are separated by
    "\n", a section's label stays in front of it ("METHODS: ..."). `language` is BCP 47: en, zh-Hans,
    zh-Hant, zh, ja, ko, de, ... und. `engine` and `model` are set for machine translations, and
    `translates` is the hash of what was translated.
    """

    value: str
    language: str
    origin: Origin
    engine: str | None = None
    model: str | None = None
    translates: str | None = None

    @property
    def sections(self) -> tuple[str, ...]:
        """The paragraphs, in order."""
        return tuple(self.value.split("\n"))


class Contributor(Struct, frozen=True, omit_defaults=True):
    """A person or a body, as on the title page.

    `name` is always there, in display order ("Liv Grethe Kinn", "刘伟明"); `family` and `given` only
    where the source or the evidence tells them apart. `name_zh` is the Han form beside a Latin `name`.
    """

    name: str
    family: str | None = None
    given: str | None = None
    name_zh: str | None = None
    orcid: str | None = None
    affiliations: tuple[str, ...] = ()
    role: str = "author"


class Container(Struct, frozen=True, omit_defaults=True):
    """The journal, book or series that a work appeared in."""

    title: str
    abbreviation: str | None = None
    title_zh: str | None = None
    issns: tuple[str, ...] = ()  # "1548-7768", upper-case X


class Locus(Struct, frozen=True, omit_defaults=True):
    """Where in its container: what one source says of volume, issue and pages together.

    `pages` is "275-293", "e1003" or an article number; no blanks, ASCII hyphen.
    """

    volume: str | None = None
    issue: str | None = None
    pages: str | None = None


class PartialDate(Struct, frozen=True, order=True, omit_defaults=True):
    """A date of known precision: "2016", "2016-10" or "2016-10-01"; never an invented month or day."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        parts = [f"{self.year:04d}", f"{self.month:02d}", f"{self.day:02d}"]
        return "-".join(parts[: 1 + bool(self.month) + bool(self.month and self.day)])


class RelationKind(StrEnum):
    """What a work is to another one, in the field's terms; each kind has its `inverse`.

    A retraction, a correction and an expression of concern are different things. Withdrawals and removals
    are retractions under another label; `has_notice` is any other notice (addendum, publisher's note).
    """

    IS_RETRACTED_BY = "is_retracted_by"
    RETRACTS = "retracts"
    IS_PARTIALLY_RETRACTED_BY = "is_partially_retracted_by"
    PARTIALLY_RETRACTS = "partially_retracts"
    HAS_EXPRESSION_OF_CONCERN = "has_expression_of_concern"
    EXPRESSES_CONCERN_ABOUT = "expresses_concern_about"
    IS_CORRECTED_BY = "is_corrected_by"
    CORRECTS = "corrects"
    HAS_NOTICE = "has_notice"
    IS_NOTICE_ABOUT = "is_notice_about"
    IS_PREPRINT_OF = "is_preprint_of"
    HAS_PREPRINT = "has_preprint"
    IS_MANUSCRIPT_OF = "is_manuscript_of"
    HAS_MANUSCRIPT = "has_manuscript"
    IS_VERSION_OF = "is_version_of"
    HAS_VERSION = "has_version"
    IS_NEW_VERSION_OF = "is_new_version_of"
    IS_PREVIOUS_VERSION_OF = "is_previous_version_of"
    IS_VARIANT_FORM_OF = "is_variant_form_of"
    IS_ORIGINAL_FORM_OF = "is_original_form_of"
    IS_IDENTICAL_TO = "is_identical_to"
    REPUBLISHES = "republishes"
    IS_REPUBLISHED_IN = "is_republished_in"
    IS_TRANSLATION_OF = "is_translation_of"
    HAS_TRANSLATION = "has_translation"
    IS_PART_OF = "is_part_of"
    HAS_PART = "has_part"
    CONTINUES = "continues"
    IS_CONTINUED_BY = "is_continued_by"
    IS_SUPPLEMENT_TO = "is_supplement_to"
    IS_SUPPLEMENTED_BY = "is_supplemented_by"
    IS_DERIVED_FROM = "is_derived_from"
    IS_SOURCE_OF = "is_source_of"
    IS_SUMMARY_OF = "is_summary_of"
    HAS_SUMMARY = "has_summary"
    COMMENTS_ON = "comments_on"
    IS_COMMENTED_ON_BY = "is_commented_on_by"
    IS_REPLY_TO = "is_reply_to"
    HAS_REPLY = "has_reply"
    REVIEWS = "reviews"
    IS_REVIEWED_BY = "is_reviewed_by"

    @property
    def inverse(self) -> RelationKind:
        """What the other work is to this one."""
        if self is RelationKind.IS_IDENTICAL_TO:
            return self
        kinds = [kind for kind in RelationKind if kind is not RelationKind.IS_IDENTICAL_TO]
        return kinds[kinds.index(self) ^ 1]  # they stand in pairs


class Relation(Struct, frozen=True, omit_defaults=True):
    """How a work hangs together with another one, as one source says it.

    `to` identifies the other work; where it has no identifier of ours, `reference` alone says what it is
    (a citation line, an address). Of a notice, `date` is its day, `label` its name in the source's words
    ("Retraction", "Corrigendum") and `asserted_by` who stands behind it: publisher, retraction-watch.
    """

    kind: RelationKind
    to: Identifier | None = None
    reference: str | None = None
    date: PartialDate | None = None
    label: str | None = None
    asserted_by: str | None = None


class OpenAccess(Struct, frozen=True, omit_defaults=True):
    """Where and by what licence a work can be read free of charge: what one source says of it together.

    `licence` is "cc-by", "cc0" or the source's words; `status` gold, diamond, hybrid, bronze, green or closed; `host`
    publisher or repository; `version` publishedVersion, acceptedVersion or submittedVersion.
    """

    url: str | None = None
    licence: str | None = None
    status: str | None = None
    host: str | None = None
    version: str | None = None


class Description(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What can be said of a work: records and works share it."""

    titles: tuple[Text, ...] = ()
    abstracts: tuple[Text, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    affiliations: tuple[str, ...] = ()  # of the work as a whole, where no author can be named for them
    container: Container | None = None
    locus: Locus | None = None
    issued: PartialDate | None = None
    published_online: PartialDate | None = None
    language: str | None = None  # of the work itself, primary subtag: en, zh, de
    work_type: str | None = None  # Crossref's words: journal-article, book-chapter, ...
    publisher: str | None = None
    url: str | None = None  # landing page
    is_open_access: bool | None = None
    open_access: OpenAccess | None = None
    citation_count: int | None = None
    retracted: bool | None = None  # a correction or a concern does not
    subjects: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()

    @property
    def oa_url(self) -> str | None:
        """Where it can be read free of charge."""
        return self.open_access.url if self.open_access else None


class Record(Description, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """What one source said of one work at one time. Immutable.

    `source` is a source's name ("crossref", "semanticscholar", "aggregator", "document", "curator"),
    `source_key` its own key of the work. `retrieved_at` is ISO 8601 UTC ("2026-11-21T03:00:00Z").
    `identifiers` are sorted. `extra` is the JSON text of what has no field here (an envelope: the whole
    object as it came), so that nothing is lost. `document` says where it was read ("seed.txt:1").
    `about` is the (source, source_key) of the record that this one speaks of: a translation or a correction
    belongs wherever that record belongs, and identifies nothing. `about_record` is the fingerprint of the very record, as two
    works can have records with one key (line 3 of a list was another work last week). `refuses` are hashes of texts that a person
    does not want to see. A person's correction of one field names it in `corrects`; `withdraws` are the keys of
    her earlier decisions that no longer hold.
    Values stay as the source said them, impossible ones too: whether to believe is the merge's affair.
    """

    source: str
    source_key: str
    retrieved_at: str
    identifiers: tuple[Identifier, ...] = ()
    extra: str | None = None
    document: str | None = None
    about: tuple[str, str] | None = None
    about_record: str | None = None
    refuses: tuple[str, ...] = ()
    corrects: str | None = None
    withdraws: tuple[str, ...] = ()

    def fingerprint(self) -> str:
        """32 hex digits of the content: equal whenever the source says the same again."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        said = msgspec.structs.replace(self, retrieved_at="", document=None)
        return hashlib.blake2b(msgspec.json.encode(said), digest_size=16).hexdigest()


class Claim(Struct, frozen=True):
    """The record that a field of a work comes from, and the rule that chose it.

    Texts are named with their language ("title_zh-Hans"), the parts of a locus singly ("volume").
    """

    column: str
    record: str  # fingerprint
    rule: str


class TextCheck(Struct, frozen=True):
    """What the checks say of a translation: status pass, review or reject; score from 0 to 1.

    `flags` are reasons, each the key of a message and what it points to. Only what `is_shown` stands among the
    texts of the work; `record` is the fingerprint of the record that says it.
    """

    field: str
    language: str
    record: str
    status: str
    score: float
    flags: tuple[tuple[str, tuple[str, ...]], ...]
    text: str
    origin: Origin
    is_shown: bool


class Override(Struct, frozen=True, omit_defaults=True):
    """A person's correction that holds: the column, its value as text, by whom, when and why.

    `record` is the fingerprint of the record that says it.
    """

    field: str
    value: str
    by: str
    at: str
    record: str
    why: str | None = None


class Work(Description, frozen=True, kw_only=True, omit_defaults=True):
    """One work as merged from its records."""

    identifiers: tuple[Identifier, ...] = ()
    provenance: tuple[Claim, ...] = field(default=())
    checks: tuple[TextCheck, ...] = ()
    overrides: tuple[Override, ...] = ()


class Outcome(StrEnum):
    """How one item ended; the same words in tables, reports and logs."""

    FOUND = "found"
    UNCHANGED = "unchanged"
    ABSENT = "absent"
    NO_METADATA = "no_metadata"
    DEFERRED = "deferred"
    REFUSED = "refused"
    MALFORMED = "malformed"
    INVALID = "invalid"


class Column(NamedTuple):
    """One column of `works`: the one place that describes it."""

    name: str
    sql: str
    says: str


COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "work_id", "INTEGER PRIMARY KEY AUTOINCREMENT", "minted once, never reused; merged works redirect"
    ),
    Column("doi", "TEXT UNIQUE", "bare, lower case; the first where a work has several"),
    Column("title", "TEXT", "the title in the work's own language"),
    Column("title_en", "TEXT", "the English title, original or translated"),
    Column(
        "title_zh", "TEXT", "the Chinese title, original or translated, simplified or traditional as given"
    ),
    Column("abstract_en", "TEXT", "the English abstract; sections separated by a newline"),
    Column("abstract_zh", "TEXT", "the Chinese abstract; sections separated by a newline"),
    Column("language", "TEXT", "language of the work itself, BCP 47"),
    Column("work_type", "TEXT", "journal-article, book-chapter, ... (Crossref's words)"),
    Column("issued", "TEXT", "YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source"),
    Column("year", "INTEGER", "the year of `issued`"),
    Column("container_title", "TEXT", "journal, book or series"),
    Column("volume", "TEXT", "volume; of one source together with issue and pages"),
    Column("issue", "TEXT", "issue"),
    Column("pages", "TEXT", "first-last, or an article number"),
    Column("issn", "TEXT", "the first ISSN of the container"),
    Column("publisher", "TEXT", "publisher"),
    Column("authors", "TEXT", "JSON array in title-page order of family, given, name, name_zh, orcid"),
    Column("pmid", "TEXT", "PubMed id"),
    Column("pmcid", "TEXT", "PubMed Central id, with the prefix PMC"),
    Column("is_open_access", "INTEGER", "1, 0, or NULL where nobody says"),
    Column("oa_url", "TEXT", "where it can be read free of charge"),
    Column("citation_count", "INTEGER", "times cited, as the newest service says; see `citation_counts`"),
    Column("retracted", "INTEGER", "1 (no mere correction or concern), 0, or NULL where nobody says"),
    Column(
        "title_zh_origin", "TEXT", "who made title_zh: publisher, author, aggregator, human, machine, unknown"
    ),
    Column("abstract_zh_origin", "TEXT", "who made abstract_zh: the same words"),
    Column("revision", "INTEGER NOT NULL", "grows by one with every change of any work: the change feed"),
    Column("created_at", "TEXT NOT NULL", "ISO 8601 UTC"),
    Column("updated_at", "TEXT NOT NULL", "ISO 8601 UTC"),
    Column("oa_licence", "TEXT", "cc-by, cc0, ...; of the same source as `oa_url`, as are the next three"),
    Column("oa_status", "TEXT", "gold, diamond, hybrid, bronze, green or closed"),
    Column("oa_host", "TEXT", "publisher or repository"),
    Column("oa_version", "TEXT", "publishedVersion, acceptedVersion or submittedVersion"),
)
