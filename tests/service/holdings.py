"""What the services beside Crossref and Semantic Scholar know; all of it written for this project."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec
from lxml import etree

from tests.service.generated import (
    PATTERN,
    generated_article,
    generated_deposit,
    generated_pmid,
    number_of,
)
from tests.service.library import ALIASES, Library, Work, lowered
from tests.service.openalex_works import OpenWork, open_work

HERE = Path(__file__).parent
_AGENCIES: Final[dict[str, Any]] = msgspec.json.decode((HERE / "agencies.json").read_bytes())
_DATACITE: Final[list[Work]] = msgspec.json.decode((HERE / "datacite.json").read_bytes())
_OPENALEX: Final[list[Work]] = msgspec.json.decode((HERE / "openalex.json").read_bytes())
_PUBMED: Final = etree.parse(HERE / "pubmed.xml")

SAMPLE_CSL: Final[tuple[Work, ...]] = tuple(_AGENCIES["csl"])
SHORT_DOIS: Final[dict[str, str]] = _AGENCIES["short"]
PAGES: Final[dict[str, str]] = _AGENCIES["pages"]  # titles, shown in HTML alone
WITHOUT_METADATA: Final[frozenset[str]] = frozenset(_AGENCIES["without_metadata"])


class Holdings:
    """What is known of a DOI, by service; all are asked in lower case."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.csl = {lowered(item["DOI"]): item for item in SAMPLE_CSL}
        self.datacite = {lowered(work["doi"]): work for work in _DATACITE}
        self.openalex = tuple(open_work(self._basis(entry), entry) for entry in _OPENALEX)
        self._open_works: dict[tuple[str, str], list[OpenWork]] = {}
        for entry, work in zip(_OPENALEX, self.openalex, strict=True):
            names = [("doi", lowered(self._basis(entry)["DOI"])), ("openalex", entry["id"])]
            for name in [*names, ("pmid", entry.get("pmid", ""))]:
                self._open_works.setdefault(name, []).append(work)
        self.oa_statuses = {entry["of"]: entry["oa"] for entry in _OPENALEX if "oa" in entry}
        self.articles: dict[str, str] = {}  # PubMed's, in XML, by number
        self.pmids: dict[str, str] = {}  # by DOI and PMCID
        for article in _PUBMED.iterfind("PubmedArticle"):
            number = str(article.findtext("MedlineCitation/PMID"))
            self.articles[number] = etree.tostring(article, encoding="unicode", with_tail=False)
            # Those of the article itself: its references have lists of the same name.
            for one in article.iterfind("PubmedData/ArticleIdList/ArticleId"):
                self.pmids[lowered(str(one.text))] = number

    def deposit(self, doi: str) -> Work | None:
        """DataCite's work of a DOI."""
        number = number_of(doi, self.library.generated)
        return self.datacite.get(doi) if number is None else generated_deposit(number)

    def pmid(self, name: str) -> str | None:
        """PubMed's number of a DOI or PMCID."""
        number = number_of(name, self.library.generated)
        return self.pmids.get(name) if number is None else generated_pmid(number)

    def article(self, pmid: str) -> str | None:
        """PubMed's article of a number, in XML."""
        if pmid.startswith("98") and pmid[2:].isdecimal() and int(pmid[2:]) < self.library.generated:
            return generated_article(int(pmid[2:]))
        return self.articles.get(pmid)

    def open_works(self, scheme: str, value: str) -> list[OpenWork]:
        """OpenAlex's works of a name: schemes doi, pmid and openalex."""
        if (written := self._open_works.get((scheme, value))) is not None:
            return written
        if scheme == "doi" and PATTERN.fullmatch(value) and (work := self.library.work(value)):
            return [open_work(work, {"id": f"W98{value[-7:]}"})]
        return []

    def _basis(self, entry: Work) -> Work:
        """The work in Crossref's shape that an entry is made of."""
        return entry["work"] if "work" in entry else self.library.works[entry["of"]]

    def is_registered(self, doi: str) -> bool:
        """Whether the resolver knows where a DOI leads."""
        others = (self.csl, self.datacite, PAGES, WITHOUT_METADATA, ALIASES)
        return any(doi in one for one in others) or self.library.work(doi) is not None
