"""The real services, one DOI each: only where HARVESTER_LIVE=1 asks for it, for it needs a network and other people's machines."""

import os

import pytest

from harvester.agencies import prefix_of
from harvester.fetch import Fetcher
from harvester.identifiers import parse_doi
from harvester.sources import SOURCES, doi_org
from harvester.wire import Asker

IS_ASKED_FOR = os.environ.get("HARVESTER_LIVE") == "1"
EMAIL = os.environ.get("HARVESTER_EMAIL")
# A work that each of them has had for years.
KNOWN = {
    "crossref": "10.1038/nature14539",
    "datacite": "10.48550/arxiv.1706.03762",
    "medra": "10.3305/nh.2015.31.3.8434",
    "jalc": "10.11467/isss2003.7.1_11",
    "pubmed": "10.1016/s0140-6736(97)11096-0",
    "openalex": "10.1016/s0140-6736(97)11096-0",
}
pytestmark = [
    pytest.mark.skipif(not IS_ASKED_FOR, reason="asks real services: HARVESTER_LIVE=1 switches it on"),
    pytest.mark.skipif(not EMAIL, reason="services want to know who asks: set HARVESTER_EMAIL"),
    pytest.mark.enable_socket,
]
BY_NAME = {one.name: one for one in SOURCES}


@pytest.fixture(scope="module")
def fetcher():
    bases = {name: [BY_NAME[name].base_url, *BY_NAME[name].leads_to] for name in KNOWN}
    with Fetcher(bases | {doi_org.NAME: [doi_org.BASE_URL]}, email=EMAIL) as fetcher:
        yield fetcher


@pytest.mark.parametrize("name", list(KNOWN))
def test_a_known_work_is_read(fetcher, name):
    source, asker, doi = BY_NAME[name], Asker(email=EMAIL), parse_doi(KNOWN[name])
    waiting, records = [source.single(source.base_url, doi, asker)], []
    while waiting:
        request = waiting.pop()
        page = source.parse(fetcher.fetch(request, source.limits(asker)[request.limit]))
        records += page.records
        waiting += page.follow

    assert any(doi in one.identifiers and one.titles for one in records)


def test_doi_org_tells_who_registers_a_prefix(fetcher):
    asker, prefix = Asker(email=EMAIL), prefix_of(KNOWN["crossref"])
    (request,) = doi_org.ra_requests(doi_org.BASE_URL, [prefix], asker)
    told = doi_org.parse_agencies(fetcher.fetch(request, doi_org.limits(asker)["single"]))
    assert told == {prefix: "Crossref"}
