"""The works and papers that the sample service knows, and how they are found.

What was written for the project lies in `crossref.json` and `semanticscholar.json`, in the services' own
shapes but without the fields that are the same for all: `full_work` and `full_paper` add those.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import string
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from tests.service.generated import generated_paper, generated_work, number_of

Work = dict[str, Any]
Paper = dict[str, Any]

HERE = Path(__file__).parent
INDEXED = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
_SAMPLES: Final[dict[str, Any]] = msgspec.json.decode((HERE / "crossref.json").read_bytes())
_PAPERS: Final[list[Paper]] = msgspec.json.decode((HERE / "semanticscholar.json").read_bytes())


_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def lowered(doi: str) -> str:
    """ASCII letters in lower case, nothing else touched."""
    return doi.translate(_LOWER)


def _stamp(moment: datetime) -> dict[str, Any]:
    return {
        "date-parts": [[moment.year, moment.month, moment.day]],
        "date-time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "timestamp": int(moment.timestamp()) * 1000,
    }


def full_work(work: Work) -> Work:
    """A work with all the fields that Crossref gives to every one."""
    doi, year = work["DOI"], _year(work)
    deposited = _stamp(datetime(year, 12, 1, 8, 30, tzinfo=UTC))
    usual: Work = {
        "indexed": {**_stamp(INDEXED), "version": "3.50.1"},
        "reference-count": 0,
        "content-domain": {"domain": [], "crossmark-restriction": False},
        "short-container-title": [],
        "created": deposited,
        "source": "Crossref",
        "is-referenced-by-count": 0,
        "prefix": doi.split("/")[0],
        "member": "7822",
        "container-title": [],
        "original-title": [],
        "deposited": deposited,
        "score": 1,
        "resource": {"primary": {"URL": f"https://sample.example/{doi}"}},
        "subtitle": [],
        "short-title": [],
        "references-count": 0,
        "URL": f"https://doi.org/{doi}",
        "relation": {},
        "subject": [],
    }
    return {**usual, **work}


def _year(work: Work) -> int:
    parts = work.get("issued", {}).get("date-parts", [[None]])[0]
    return max(2002, parts[0]) if parts and parts[0] else 2002


def full_paper(paper: Paper) -> Paper:
    """A paper with all the fields that Semantic Scholar has; null where it knows nothing."""
    identifiers = paper["externalIds"]
    key = hashlib.sha1(repr(identifiers).encode()).hexdigest()
    usual: Paper = {
        "paperId": key,
        "corpusId": identifiers["CorpusId"],
        "publicationVenue": None,
        "url": f"https://www.semanticscholar.org/paper/{key}",
        "abstract": None,
        "venue": (paper.get("journal") or {}).get("name", ""),
        "referenceCount": 0,
        "citationCount": 0,
        "influentialCitationCount": 0,
        "isOpenAccess": False,
        "openAccessPdf": {"url": "", "status": None, "license": None},
        "fieldsOfStudy": None,
        "s2FieldsOfStudy": [],
        "publicationTypes": ["JournalArticle"],
        "publicationDate": None,
        "journal": None,
    }
    return {**usual, **paper}


def _consortium(size: int) -> list[Work]:
    """An author list of the size that breaks tables."""
    authors: list[Work] = [
        {
            "given": f"Sample {number}",
            "family": f"Contributor{number}",
            "sequence": "additional",
            "affiliation": [],
        }
        for number in range(1, size + 1)
    ]
    authors[0]["sequence"] = "first"
    return authors


def _written() -> Iterator[Work]:
    for work in _SAMPLES["works"]:
        size = work.get("author")
        yield full_work({**work, "author": _consortium(size)} if isinstance(size, int) else work)


SAMPLE_WORKS: Final[tuple[Work, ...]] = tuple(_written())
SAMPLE_PAPERS: Final[tuple[Paper, ...]] = tuple(full_paper(paper) for paper in _PAPERS)
ALIASES: Final[dict[str, str]] = _SAMPLES["aliases"]


def paper_key(raw: str) -> str | None:
    """One spelling for every way to name a paper ("doi:10.5555/x", "sha:...", "corpusid:7"); None if it is none."""
    if re.fullmatch(r"10\.\d{4,9}/\S+", raw):
        return f"doi:{lowered(raw)}"
    if re.fullmatch(r"[0-9a-f]{40}", raw):
        return f"sha:{raw}"
    if found := re.search(r"^URL:https://www\.semanticscholar\.org/(?:.*/)?([0-9a-f]{40})$", raw):
        return f"sha:{found[1]}"
    scheme, colon, value = raw.partition(":")
    if not colon or not value.strip() or scheme.lower() not in SCHEMES:
        return None
    return f"{scheme.lower()}:{lowered(value.strip()).removeprefix('pmc')}"


SCHEMES = ("doi", "corpusid", "arxiv", "mag", "acl", "pmid", "pmcid", "dblp", "url")
_EXTERNAL = {"PubMed": "pmid", "PubMedCentral": "pmcid"}


def paper_keys(paper: Paper) -> Iterator[str]:
    """All keys under which a paper is found."""
    yield f"sha:{paper['paperId']}"
    if paper.get("corpusId") is not None:
        yield f"corpusid:{paper['corpusId']}"
    for scheme, value in (paper.get("externalIds") or {}).items():
        yield f"{_EXTERNAL.get(scheme, scheme.lower())}:{lowered(str(value))}"
    for doi in paper.get("also", ()):
        yield f"doi:{doi}"


class Corpus:
    """Recorded replies of a folder, unpacked at the first need and decoded one at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._works: dict[str, bytes] | None = None
        self._papers: dict[str, Paper] | None = None

    def work(self, doi: str) -> Work | None:
        if self._works is None:
            self._works = dict(self._lines())
        line = self._works.get(doi)
        return None if line is None else msgspec.json.decode(line)

    def paper(self, key: str) -> Paper | None:
        if self._papers is None:
            with gzip.open(self._folder / "bulk/semanticscholar.jsonl.gz") as lines:
                papers: list[Paper] = [
                    paper for line in lines if "paperId" in (paper := msgspec.json.decode(line))
                ]
            self._papers = {key: paper for paper in reversed(papers) for key in paper_keys(paper)}
        return self._papers.get(key)

    def _lines(self) -> Iterator[tuple[str, bytes]]:
        name = msgspec.json.Decoder(_Named)
        with gzip.open(self._folder / "bulk/crossref.jsonl.gz") as lines:
            for line in lines:
                if doi := name.decode(line).doi:
                    yield lowered(doi), line


class _Named(msgspec.Struct):
    doi: str | None = msgspec.field(name="DOI", default=None)


class Library:
    """All that one service knows."""

    def __init__(
        self, works: Iterable[Work], papers: Iterable[Paper], *, generated: int, corpus: Path | None
    ) -> None:
        self.works = {lowered(work["DOI"]): work for work in (*SAMPLE_WORKS, *map(full_work, works))}
        self.papers = (*SAMPLE_PAPERS, *map(full_paper, papers))
        self._by_key = {key: paper for paper in self.papers for key in paper_keys(paper)}
        self.generated = generated
        self._corpus = Corpus(corpus) if corpus is not None else None

    def work(self, doi: str) -> Work | None:
        """The work of a DOI (in lower case), or None."""
        if (written := self.works.get(doi)) is not None:
            return written
        if (number := number_of(doi, self.generated)) is not None:
            return full_work(generated_work(number))
        return self._corpus.work(doi) if self._corpus is not None else None

    def paper(self, key: str) -> Paper | None:
        """The paper of a key as `paper_key` spells it, or None."""
        if (written := self._by_key.get(key)) is not None:
            return written
        if (number := number_of(key.removeprefix("doi:"), self.generated)) is not None:
            return full_paper(generated_paper(number))
        return self._corpus.paper(key) if self._corpus is not None else None
