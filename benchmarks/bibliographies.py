"""Record files of deduplication benchmarks (CSV, columns vary) as records; what no column says stays unsaid."""

from __future__ import annotations

import csv
import gzip
import html
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from harvester.identifiers import find, parse_issn
from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
)

csv.field_size_limit(1 << 30)
_TYPES: Final = {
    "article-journal": "journal-article", "inproceedings": "proceedings-article", "paper-conference": "proceedings-article",
    "conference": "proceedings-article", "chapter": "book-chapter", "incollection": "book-chapter", "inbook": "book-chapter",
    "book": "book", "thesis": "dissertation", "phdthesis": "dissertation", "mastersthesis": "dissertation", "dataset": "dataset",
    "component": "component", "report": "report", "techreport": "report", "entry": "reference-entry", "graphic": "image", "standard": "standard",
    "post": "posted-content", "preprint": "preprint",
}  # fmt: skip
_YEAR: Final = re.compile(r"(?<![0-9])(1[4-9][0-9]{2}|20[0-9]{2})(?![0-9])")
_ISSN: Final = re.compile(r"[0-9]{4}-[0-9]{3}[0-9Xx]")
_STATED: Final = re.compile(r"\b(pmid|pmcid|arxiv|jstor):([^;\s]+)")
_DOTLESS: Final = re.compile(
    r"^10([0-9]{4,5})/"
)  # a tool that drops all marks wrote "10.5555/x" as "105555/x"
_GLUED: Final = (
    (
        re.compile(
            r"(?<=[a-z.])(?=[A-Z][a-z'’]{2,}|[A-Z]['’][A-Z]|Mc[A-Z]|De[A-Z ]|Van |Le[A-Z])(?<![ -][A-Z]\.)(?<!Mc)(?<!Mac)(?<!^De)(?<!^Le)"
        ),
        "; ",
    ),
    (re.compile(r"(?<=[A-Z]\.)(?=[A-Z](?:[a-z]|['’][A-Z]))"), "; "),
    (re.compile(r"( [A-Z]{1,3})(?=[A-Z][a-z])"), r"\1; "),
)
_INITIALS: Final = re.compile(r"(?<![A-Z])([a-z'’])((?:[A-Z]\.)+)")


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, gzipped or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def records(path: Path) -> dict[str, Record]:
    """id -> record, in the order of the file."""
    return {row["id"]: record_of(row) for row in read_rows(path)}


def record_of(row: dict[str, str]) -> Record:
    """One row as a record; unknown columns are passed over."""
    said = {name: html.unescape(value).strip() for name, value in row.items() if isinstance(value, str)}
    said = {name: value for name, value in said.items() if value not in {"NA", "nan", "None"}}
    return Record(
        source="file",
        source_key=said.get("id", ""),
        retrieved_at="2026-11-21T00:00:00Z",
        identifiers=tuple(sorted(set(_identifiers(said)))),
        titles=tuple(Text(value, "und", Origin.UNKNOWN) for value in _titles(said)),
        abstracts=tuple(Text(value, "und", Origin.UNKNOWN) for value in [said.get("abstract")] if value),
        contributors=tuple(_people(said.get("author", ""))),
        container=_container(said),
        locus=Locus(
            said.get("volume") or None,
            said.get("number") or said.get("issue") or None,
            said.get("pages") or None,
        ),
        issued=_date(said.get("year", "")),
        work_type=_TYPES.get(said.get("entrytype", "").lower()),
    )


def _titles(said: dict[str, str]) -> Iterator[str]:
    if title := said.get("title"):
        yield f"{title}: {said['subtitle']}" if said.get("subtitle") else title
    if original := said.get("original_title"):
        yield original


def _identifiers(said: dict[str, str]) -> Iterator[Identifier]:
    stated = _DOTLESS.sub(r"10.\1/", said.get("doi", "")[:300])
    yield from (one for one in find(stated) if one.scheme is Scheme.DOI)
    for scheme, value in _STATED.findall(said.get("source", "")):
        if scheme == "jstor":
            yield Identifier(Scheme.PLATFORM, f"jstor:{value}")
        else:
            yield Identifier(
                Scheme(scheme), re.sub(r"v[0-9]+$", "", value.lower()) if scheme == "arxiv" else value
            )


def _container(said: dict[str, str]) -> Container | None:
    issns = tuple(
        dict.fromkeys(issn for one in _ISSN.findall(said.get("isbn_issn", "")) if (issn := parse_issn(one)))
    )
    title = said.get("container_title", "")
    if stated := said.get("container_id"):  # as good as an ISSN: one is the same journal, another may be, too
        issns = (*issns, stated)
    return Container(title, issns=issns) if title or issns else None


def _date(raw: str) -> PartialDate | None:
    found = _YEAR.search(raw)
    return PartialDate(int(found[1])) if found else None


def _people(raw: str) -> Iterator[Contributor]:
    """The authors of a column that writes them in any of six ways, some of them glued together."""
    for one in _names(raw):
        family, comma, given = (part.strip() for part in one.partition(","))
        if any(map(str.isalpha, one)):
            yield Contributor(
                " ".join(one.replace("||", " ").split()),
                family=family if comma and given else None,
                given=given if comma and given else None,
            )


def _names(raw: str) -> list[str]:
    text = raw.strip()
    if " and " in text or ";" in text:
        parts = re.split(r"\s+and\s+|\s*;\s*", text)
        return [name for part in parts for name in _by_commas(part)]
    if re.search(r"[a-z.][A-Z]|[A-Z]{2}[a-z]", text) and "," not in text:
        return re.split(r"\s*;\s*", _unglued(text))
    return _by_commas(text)


def _by_commas(text: str) -> list[str]:
    """ "m. kearns, r. schapire" are two people, "kearns, m." is one."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    is_one = len(parts) <= 2 and not all(len(re.findall(r"\w+", part)) > 1 for part in parts)
    return [text] if is_one else _paired(parts)


def _paired(parts: list[str]) -> list[str]:
    names: list[str] = []
    for part in parts:
        if names and not re.search(r"\w{2,}", part) and "," not in names[-1]:
            names[-1] += f", {part}"
        else:
            names.append(part)
    return names


def _unglued(text: str) -> str:
    text = _INITIALS.sub(r"\1 \2", text)
    for pattern, better in _GLUED:
        text = pattern.sub(better, text)
    return text
