"""The citation line of a PubMed-like text: "J Occup Rehabil. 2025 Jun;35(2):356-365. doi: ... Epub 2024 May 23."."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from harvester.identifiers import find
from harvester.model import Identifier, Locus, PartialDate, Scheme
from harvester.patterns import pattern

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            *(
                "jan january",
                "feb february",
                "mar march",
                "apr april",
                "may",
                "jun june",
                "jul july",
                "aug august",
            ),
            *("sep sept september", "oct october", "nov november", "dec december"),
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH: Final = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_SEASON: Final = r"(?:spring|summer|fall|autumn|winter)"
_DATE: Final = (
    rf"(?:{_SEASON}\s(?=\d{{4}}))?(?P<year>1[5-9]\d\d|20\d\d)"
    rf"(?:[\s/-](?:{_SEASON}\b|(?P<month>{_MONTH}|0[1-9]|1[0-2])(?:[-/]{_MONTH})?)"
    r"(?:[\s/-](?P<day>[0-3]?\d)(?P<range>-\d\d?)?)?)?(?![\d])"
)
_YEAR: Final = pattern(r"(?:1[5-9]|20)\d\d")
_CITATION: Final = pattern(
    rf"^(?:\d{{1,4}}[.:]\s+)?(?P<journal>[^\W\d_].{{0,240}}?)(?:\.\s+|\.(?=\s?\d{{4}}[;:])|(?<=[\u4e00-\u9fff])[.,]?\s*){_DATE}\s*年?"
    r"(?P<rest>[;:,.].*|\s*$)",
    re.IGNORECASE,
)
_LOCUS: Final = pattern(
    r"^[;,]?\s*(?P<volume>[^():;.\s][^():;]{0,30}?)?\s*(?:\((?P<issue>[^()]{1,40})\))?\s*(?::\s*(?P<pages>[^\s;]+(?:,\s?\d[^\s;]*)*))?\s*(?:[.;]|$)"
)
_PII: Final = pattern(r"\bpii:\s*(?P<pages>[^\s;]+)", re.IGNORECASE)
_ONLINE: Final = pattern(
    rf"\b(?:epub|published\s+online|online\s+ahead\s+of\s+print|first\s+published)(?:\s+online)?:?\s+{_DATE}",
    re.IGNORECASE,
)
_AHEAD: Final = pattern(r"ahead of (?:print|publication)|\bin press\b|online ahead", re.IGNORECASE)
_SPEAKS: Final = pattern(r"[;:]\s*[\w(]|\bdoi\b|10\.\d{4,}/|\bpii:|\bepub\b|\bpmid\b", re.IGNORECASE)
_WIDE: Final = str.maketrans("；：（）．。，－–—", ";:()..,---")


class Citation(Struct, frozen=True):
    """What a citation line says. `raw` is the line as written."""

    raw: str
    journal: str
    issued: PartialDate
    locus: Locus | None
    published_online: PartialDate | None
    identifiers: tuple[Identifier, ...]

    @property
    def doi(self) -> str | None:
        """The first DOI of the line."""
        return next((one.value for one in self.identifiers if one.scheme is Scheme.DOI), None)


def parse_citation(line: str) -> Citation | None:
    """The citation that a line is, None if it is none.

    It needs a journal, a date behind it, and at least one of volume, pages, DOI, "Epub", "ahead of print".
    """
    if len(line) > 800 or not _YEAR.search(line):
        return None
    raw = " ".join(line.split())
    folded = raw.translate(_WIDE)
    match = _CITATION.match(folded)
    if match is None or not _is_journal(match["journal"]) or not _says_where(match["rest"]):
        return None
    journal = raw[match.start("journal") : match.end("journal")]
    return Citation(
        raw=raw,
        journal=journal.strip(" .。") if not re.search(r"\b\w{1,5}\.$", journal) else journal.strip(),
        issued=_date(match),
        locus=_locus(match["rest"]),
        published_online=_online(folded, match),
        identifiers=tuple(find(raw)),
    )


def _is_journal(text: str) -> bool:
    """Not a sentence, and not the authors and the title of a reference in a list of references."""
    sentences = len(re.findall(r"[a-z]{4,}\.\s+[A-Z]", text))
    authors = re.match(r"[^\W\d_][\w'-]+\s[A-Z]{1,3}([,.])\s", text)
    if (authors and (authors[1] == "," or sentences)) or re.match(r"[A-Z][A-Z\d]{1,3}\s*-\s", text):
        return False
    return len(text.split()) <= 24 and not re.search("[!?;]", text) and (not sentences or len(text) <= 60)


def _says_where(rest: str) -> bool:
    return bool(_SPEAKS.search(rest) or _AHEAD.search(rest))


def _date(match: re.Match[str]) -> PartialDate:
    month = (match["month"] or "").rstrip(".").casefold()
    number = int(month) if month.isdigit() else _MONTHS.get(month, 0)
    day = int(match["day"]) if match["day"] and number and not match["range"] else 0
    return PartialDate(int(match["year"]), number, day if day <= 31 else 0)


def _online(folded: str, match: re.Match[str]) -> PartialDate | None:
    online = _ONLINE.search(folded, match.start("rest"))
    if online is not None:
        return _date(online)
    ahead = _AHEAD.search(match["rest"])
    return _date(match) if ahead and match["day"] else None


def _locus(rest: str) -> Locus | None:
    match = _LOCUS.match(
        re.split(r"\.\s*(?:doi\b|https?:)|\bdoi\s*:", rest, maxsplit=1, flags=re.IGNORECASE)[0]
    )
    if match is None:
        return _pii(rest, None, None)
    volume, issue = match["volume"], match["issue"]
    supplement = re.fullmatch(r"(\d+)\s+(Suppl.*|Pt.*|Spec.*)", volume or "", re.IGNORECASE)
    if supplement and issue is None:
        volume, issue = supplement.groups()
    pages = match["pages"]
    if pages is None or re.match(r"S\d{4}-\d{3}[\dX]\(", pages):  # a publisher's item number, no page
        return _pii(rest, volume, issue)
    return Locus(_value(volume), _value(issue), complete_pages(pages))


def _pii(rest: str, volume: str | None, issue: str | None) -> Locus | None:
    match = _PII.search(rest)
    pages = match["pages"].rstrip(".,") if match else None
    if pages and not re.fullmatch(r"[A-Za-z]{0,3}\d{1,8}", pages):
        pages = None
    return Locus(_value(volume), _value(issue), pages) if volume or issue or pages else None


def _value(raw: str | None) -> str | None:
    return (raw or "").strip(" .,") or None


def complete_pages(raw: str) -> str | None:
    """A page range with its short end completed: "356-65" is "356-365", "S12-9" is "S12-S19"; no blanks."""
    pages = re.sub(r"\s", "", raw).rstrip(".,;")
    match = re.fullmatch(r"([A-Za-z]*)(\d+)-([A-Za-z]*)(\d+)", pages)
    if match is None:
        return pages or None
    prefix, first, prefix_of_last, last = match.groups()
    if len(last) < len(first) and prefix_of_last in {"", prefix}:
        last = first[: len(first) - len(last)] + last
    return f"{prefix}{first}-{prefix_of_last or prefix}{last}"
