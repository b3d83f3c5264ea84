"""docs/sources.md says of every source what the code does."""

import re

import pytest

from harvester.sources import (
    SOURCES,
    crossref,
    datacite,
    doaj,
    europepmc,
    idconv,
    openalex,
    opencitations,
    pubmed,
    semantic_scholar,
    wikidata,
)
from harvester.wire import Asker
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
ROWS = {cells[1].strip("` "): [cell.strip() for cell in cells] for line in PAGE.splitlines()
        if line.startswith("| `") and (cells := line.split("|"))}  # fmt: skip
BATCHES = {
    "crossref": crossref.BATCH_SIZE, "datacite": datacite.BATCH_SIZE, "pubmed": pubmed.SEARCH_SIZE, "doaj": doaj.BATCH_SIZE,
    "europepmc": europepmc.BATCH_SIZE, "openalex": openalex.BATCH_SIZE, "semanticscholar": semantic_scholar.BATCH_SIZE,
    "opencitations": opencitations.BATCH_SIZE, "wikidata": wikidata.BATCH_SIZE, "ncbi_idconv": idconv.BATCH_SIZE,
}  # fmt: skip


def numbers(cell):
    return {float(one.replace(",", "")) for one in re.findall(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?", cell)}


def of(limits):
    return {
        float(one) for limit in limits for one in (limit.per_second, limit.concurrency, limit.a_day) if one
    }


def test_every_source_has_its_row():
    assert list(ROWS) == [source.name for source in SOURCES]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_its_row_says_what_the_code_does(source):
    _, _, address, key, batch, limit, with_key, licence, _ = ROWS[source.name]
    named = Asker(email="desk@sample.example")

    assert address == source.base_url
    assert key.strip("`") == (source.key_variable or ("– (e-mail needed)" if source.needs_email else "–"))
    assert min(numbers(batch)) == BATCHES.get(source.name, 1)
    assert numbers(limit) == of(source.limits(named).values())
    if source.key_variable:
        keyed = source.limits(Asker(email="desk@sample.example", key="k"))
        assert numbers(with_key) == of(each for name, each in keyed.items() if name != "anonymous")
    assert licence == source.licence
