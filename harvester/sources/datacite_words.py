"""DataCite's words for types, languages, access and nothing, and what they are called here."""

from __future__ import annotations

import re
from typing import Final

from harvester import text
from harvester.patterns import pattern

# Crossref's words for the general types that it has a word for.
TYPES: Final = {
    "Book": "book",
    "BookChapter": "book-chapter",
    "ConferencePaper": "proceedings-article",
    "ConferenceProceeding": "proceedings",
    "DataPaper": "journal-article",
    "Dataset": "dataset",
    "Dissertation": "dissertation",
    "Journal": "journal",
    "JournalArticle": "journal-article",
    "PeerReview": "peer-review",
    "Preprint": "posted-content",
    "Report": "report",
    "Standard": "standard",
}

# What a Text is: the depositor's own word, letters and digits only, or RIS's. RIS's RPRT is the service's
# default for any text and "article" a preprint as often as not, so neither decides.
TEXT_TYPES: Final = {
    "book": "book",
    "bookchapter": "book-chapter",
    "bookpart": "book-chapter",
    "chap": "book-chapter",
    "chapter": "book-chapter",
    "conf": "proceedings-article",
    "conferencepaper": "proceedings-article",
    "cpaper": "proceedings-article",
    "dissertation": "dissertation",
    "doctoraldissertation": "dissertation",
    "doctoralthesis": "dissertation",
    "jour": "journal-article",
    "journalarticle": "journal-article",
    "masterthesis": "dissertation",
    "mastersthesis": "dissertation",
    "monograph": "monograph",
    "peerreview": "peer-review",
    "phdthesis": "dissertation",
    "preprint": "posted-content",
    "proceedingsarticle": "proceedings-article",
    "report": "report",
    "technicalreport": "report",
    "thes": "dissertation",
    "thesis": "dissertation",
    "workingpaper": "report",
}

# ISO 639-2 and English names, as depositors write them, to the primary subtag.
LANGUAGES: Final = {
    "ara": "ar",
    "chi": "zh",
    "chinese": "zh",
    "cn": "zh",
    "dut": "nl",
    "eng": "en",
    "english": "en",
    "fra": "fr",
    "fre": "fr",
    "french": "fr",
    "deu": "de",
    "ger": "de",
    "german": "de",
    "ita": "it",
    "japanese": "ja",
    "jpn": "ja",
    "kor": "ko",
    "nld": "nl",
    "pol": "pl",
    "por": "pt",
    "rus": "ru",
    "spa": "es",
    "spanish": "es",
    "swe": "sv",
    "zho": "zh",
}

SHUT: Final = frozenset(
    f"info:eu-repo/semantics/{kind}access" for kind in ("closed", "restricted", "embargoed")
)

# The register's codes for what is not there ("(:unav)", ":unkn", "(:Null)"), and librarians' own.
_NOTHING_SAID: Final = pattern(
    r"(?i)\(?:\(?(?:un(?:ac|al|ap|as|av|kn)|none|null|tba|etal|at)\)?|\[?s\.\s?n\.\]?|unpublished"
)


def said(raw: str | None) -> str | None:
    """The text of one line; None for the codes that say that there is none."""
    return None if raw is None or _NOTHING_SAID.fullmatch(raw) else text.clean_title(raw)


def language_tag(raw: str | None) -> str | None:
    """A tag with the primary subtag that a depositor's word means: "ger", "English", "cn" and "en-US" are met."""
    if raw is None:
        return None
    first, *rest = re.split("[-_]", raw.casefold())
    return "-".join([LANGUAGES.get(first, first), *rest])
