"""The shapes that everything else is made of: identifiers, texts, records, works.

All of them are immutable values that compare by content. Absent is None or an empty tuple, never "";
0 and False are values. Nothing here knows a service, a format or a store.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct, field


class Scheme(StrEnum):
    """Identifier schemes, the most trusted first: the order in which records are brought together."""

    DOI = "doi"
    PMID = "pmid"
    PMCID = "pmcid"
    ARXIV = "arxiv"
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
    oa_url: str | None = None
    citation_count: int | None = None
    retracted: bool | None = None
    subjects: tuple[str, ...] = ()


class Record(Description, frozen=True, kw_only=True, omit_defaults=True):
    """What one source said of one work at one time. Immutable.

    `source` is a source's name ("crossref", "semanticscholar", "aggregator", "document", "curator"),
    `source_key` its own key of the work. `retrieved_at` is ISO 8601 UTC ("2026-11-21T03:00:00Z").
    `identifiers` are sorted. `extra` is the JSON text of what has no field here (an envelope: the whole
    object as it came), so that nothing is lost. `document` says where it was read ("seed.txt:1").
    Values stay as the source said them, impossible ones too: whether to believe is the merge's affair.
    """

    source: str
    source_key: str
    retrieved_at: str
    identifiers: tuple[Identifier, ...] = ()
    extra: str | None = None
    document: str | None = None

    def fingerprint(self) -> str:
        """32 hex digits of the content: equal whenever the source says the same again."""
        said = msgspec.structs.replace(self, retrieved_at="", document=None)
        return hashlib.blake2b(msgspec.json.encode(said), digest_size=16).hexdigest()


class Claim(Struct, frozen=True):
    """The record that a field of a work comes from, and the rule that chose it.

    Texts are named with their language ("title_zh-Hans"), the parts of a locus singly ("volume").
    """

    column: str
    record: str  # fingerprint
    rule: str


class Work(Description, frozen=True, kw_only=True, omit_defaults=True):
    """One work as merged from its records."""

    identifiers: tuple[Identifier, ...] = ()
    provenance: tuple[Claim, ...] = field(default=())


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
    Column("citation_count", "INTEGER", "times cited, as the newest service says"),
    Column("retracted", "INTEGER", "1, 0, or NULL where nobody says"),
    Column(
        "title_zh_origin", "TEXT", "who made title_zh: publisher, author, aggregator, human, machine, unknown"
    ),
    Column("abstract_zh_origin", "TEXT", "who made abstract_zh: the same words"),
    Column("revision", "INTEGER NOT NULL", "grows by one with every change of any work: the change feed"),
    Column("created_at", "TEXT NOT NULL", "ISO 8601 UTC"),
    Column("updated_at", "TEXT NOT NULL", "ISO 8601 UTC"),
)
