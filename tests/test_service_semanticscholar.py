"""The sample service answers for papers as Semantic Scholar does."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.service import Scenario, Service, running


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running(Scenario(limits=0, generated=5)) as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=str(service)) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/s2/graph/v1/paper/DOI:10.5555/ras.2017.0088",
        "/graph/v1/paper/DOI:10.5555/RAS.2017.0088",
        "/graph/v1/paper/10.5555%2Fras.2017.0088",
        "/graph/v1/paper/PMID:99000005",
        "/graph/v1/paper/PMCID:9900005",
        "/graph/v1/paper/PMCID:PMC9900005",
        "/graph/v1/paper/CorpusId:990000005",
    ],
)
def test_a_paper_is_found_by_every_identifier(client, path):
    assert client.get(path).json()["title"] == "Daily hand exercises and return to work after wrist fracture"


def test_without_fields_a_paper_is_its_key_and_title(client):
    assert list(client.get("/graph/v1/paper/PMID:99000005").json()) == ["paperId", "title"]


def test_fields_come_in_the_services_own_order_and_may_be_null(client):
    path = "/graph/v1/paper/DOI:10.5555/dashu.2018.6(2).01"
    paper = client.get(path, params={"fields": "journal,abstract,externalIds,authors.name"}).json()

    assert list(paper) == ["paperId", "externalIds", "abstract", "journal", "authors"]
    assert (paper["abstract"], paper["journal"]) == (None, None)


def test_an_unknown_field_is_a_bad_request(client):
    reply = client.get("/graph/v1/paper/PMID:99000005", params={"fields": "title,unknown"})

    assert (reply.status_code, reply.json()) == (
        400,
        {"error": "Unrecognized or unsupported fields: [unknown]"},
    )


def batch(client: httpx.Client, ids: list[str], **params: str) -> httpx.Response:
    return client.post("/graph/v1/paper/batch", params=params, json={"ids": ids, "fields": "abstract"})


def test_a_batch_keeps_the_order_and_has_null_for_the_unknown(client):
    reply = batch(client, ["PMID:1", "DOI:10.5555/WORKSHOP.2022.5", "ARXIV:2205.99999"], fields="year")

    assert [paper and paper["year"] for paper in reply.json()] == [None, 2022, 2022]


def test_fields_in_the_body_of_a_batch_do_not_count(client):
    assert list(batch(client, ["PMID:99000005"]).json()[0]) == ["paperId", "title"]


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param(["DOI:10.5555/nobody"], id="none known"),
        pytest.param(["PMID:99000005", ""], id="one empty"),
        pytest.param(["PMID:99000005", "https://doi.org/10.5555/ras.2017.0088"], id="one a link"),
        pytest.param([], id="none at all"),
    ],
)
def test_a_batch_fails_whole_when_no_id_is_known_or_one_is_malformed(client, ids):
    reply = batch(client, ids)

    assert (reply.status_code, reply.json()) == (400, {"error": "No valid paper ids given"})


def test_a_batch_takes_five_hundred_ids(client):
    assert batch(client, ["PMID:99000005"] * 500).status_code == 200
    assert batch(client, ["PMID:99000005"] * 501).status_code == 400


def test_a_paper_that_holds_two_works_is_found_by_either_doi(client):
    papers = [
        client.get(f"/graph/v1/paper/DOI:{doi}", params={"fields": "externalIds"}).json()
        for doi in ("10.5555/preprint.2024.0117", "10.5555/jlai.2024.0402")
    ]

    assert papers[0] == papers[1]
    assert papers[0]["externalIds"]["DOI"] == "10.5555/JLAI.2024.0402"


def test_no_match_of_a_title_is_not_found(client):
    reply = client.get("/graph/v1/paper/search/match", params={"query": "zymurgy for beginners"})

    assert (reply.status_code, reply.json()) == (404, {"error": "Title match not found"})
