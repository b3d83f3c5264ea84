"""The sample service answers as Unpaywall, Europe PMC, OpenCitations, mEDRA and JaLC do."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from starlette.testclient import TestClient

from harvester.errors import SourceUnavailable
from harvester.identifiers import parse
from harvester.sources import europepmc, jalc, medra, opencitations, unpaywall
from harvester.wire import Asker
from tests.service import Scenario, Service, create_app, running
from tests.service.asking import answer_to, page_of

ARTICLE = "10.5555/jlai.2021.0301"
PREPRINT = "10.5555/preprint.2024.0117"
SOMEONE = Asker(email="someone@sample.example")


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running(Scenario(limits=0)) as service:
        yield service


# -- Unpaywall -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["", "nobody", "you@example.com"])
def test_unpaywall_wants_an_address_of_ones_own(service, address):
    reply = httpx.get(f"{service.unpaywall}/{ARTICLE}", params={"email": address})

    assert (reply.status_code, reply.json()["HTTP_status_code"]) == (422, 422)


@pytest.mark.parametrize(
    "doi, status, is_oa",
    [
        (ARTICLE, "gold", True),
        ("10.5555/jlai.2024.0402", "green", True),
        ("10.5555/ras.2015.0811", "closed", False),
    ],
)
def test_unpaywall_tells_where_a_work_is_free(service, doi, status, is_oa):
    body = httpx.get(f"{service.unpaywall}/{doi}", params={"email": "a@sample.example"}).json()

    assert (body["oa_status"], body["is_oa"], body["best_oa_location"] is not None) == (status, is_oa, is_oa)


def test_the_harvester_reads_unpaywall(service):
    found, unknown = (
        page_of(unpaywall.SOURCE, unpaywall.SOURCE.single(service.unpaywall, parse(doi), SOMEONE))
        for doi in (ARTICLE, "10.5555/nobody")
    )

    assert found.records[0].oa_url == "https://sample.example/pdf/jlai.2021.0301.pdf"
    assert unknown.absent == (parse("10.5555/nobody"),)


# -- Europe PMC ------------------------------------------------------------------------------------------


def test_europe_pmc_finds_by_doi_number_and_pmcid_and_leaves_out_the_unknown(service):
    query = f'DOI:"{ARTICLE}" OR DOI:"10.5555/nobody" OR (EXT_ID:99000006 AND SRC:MED) OR PMCID:PMC9900005'
    answers = [
        httpx.post(f"{service.europepmc}/searchPOST", data={"query": query}).json(),
        httpx.get(f"{service.europepmc}/search", params={"query": query}).json(),
    ]

    assert answers[0] == answers[1]
    assert answers[0]["hitCount"] == 3
    assert [one["pmid"] for one in answers[0]["resultList"]["result"]] == ["99000001", "99000006", "99000005"]


def test_the_harvester_reads_europe_pmc(service):
    asked = [parse(raw) for raw in ("10.5555/ras.2015.0811", PREPRINT, "10.5555/nobody")]
    (page,) = [
        page_of(europepmc.SOURCE, request)
        for request in europepmc.SOURCE.batch(service.europepmc, asked, SOMEONE)
    ]

    assert [record.source_key for record in page.records] == ["MED:99000008", "PPR:PPR990117"]
    assert page.records[0].abstracts[0].value.startswith("Objective: To describe")
    assert page.missing == (parse("10.5555/nobody"),)


def test_a_failure_of_europe_pmc_comes_inside_a_200():
    with running(Scenario(faults={"europepmc": ["complaint"]})) as service:
        payload = answer_to(europepmc.SOURCE.single(service.europepmc, parse(ARTICLE), SOMEONE))

    assert payload.status == 200
    with pytest.raises(SourceUnavailable):
        europepmc.SOURCE.parse(payload)


# -- OpenCitations ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("doi, count", [(ARTICLE, "17"), ("10.5555/nobody", "0")])
def test_a_count_is_a_text_and_zero_for_the_unknown(service, doi, count):
    reply = httpx.get(f"{service.opencitations}/index/v2/citation-count/doi:{doi}")

    assert reply.json() == [{"count": count}]


def test_meta_breaks_down_at_fifteen(service):
    statuses = [
        httpx.get(
            f"{service.opencitations}/meta/v1/metadata/" + "__".join(["doi:10.5555/x"] * size)
        ).status_code
        for size in (14, 15)
    ]

    assert statuses == [200, 500]


def test_the_harvester_reads_what_meta_knows_and_then_its_count(service):
    request = opencitations.SOURCE.single(service.opencitations, parse(ARTICLE), SOMEONE)
    described = opencitations.SOURCE.parse(answer_to(request))
    counted = page_of(opencitations.SOURCE, request)

    assert described.records[0].container.issns == ("9999-0016", "9999-0024")
    assert [record.citation_count for record in counted.records] == [17]


def test_opencitations_allows_180_requests_a_minute():
    seconds = iter([0.0] * 3 + [61.0])
    with TestClient(create_app(Scenario(limits=0.01), clock=lambda: next(seconds))) as client:
        path = "/opencitations/index/v2/citation-count/doi:10.5555/x"
        statuses = [client.get(path).status_code for _ in range(4)]

    assert statuses == [200, 200, 429, 200]


# -- agencies with an interface of their own -------------------------------------------------------------


@pytest.mark.parametrize(
    "source, doi, title, pages",
    [
        (
            medra.SOURCE,
            "10.5555.5/qbc.2018.0105",
            "Le biblioteche di quartiere e la memoria dei mestieri",
            "105-121",
        ),
        (jalc.SOURCE, "10.5555.4/jsli.21.2_45", "学校図書館における読み聞かせの記録様式", "45-58"),
    ],
)
def test_the_harvester_reads_medra_and_jalc(service, source, doi, title, pages):
    base_url = getattr(service, source.name)
    (record,) = page_of(source, source.single(base_url, parse(doi), SOMEONE)).records
    unknown = page_of(source, source.single(base_url, parse(f"{doi}.no"), SOMEONE))

    assert [text.value for text in record.titles] == [title]
    assert (record.locus.pages, len(record.contributors)) == (pages, 2)
    assert unknown.absent == (parse(f"{doi}.no"),)
