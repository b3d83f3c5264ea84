"""The sample service answers for DOIs of repositories as DataCite does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from harvester.identifiers import parse_doi
from harvester.sources.datacite import SOURCE
from harvester.wire import Asker
from tests.service import Scenario, Service, create_app, running
from tests.service.asking import page_of

THESIS = "10.5555.1/theses.2019.0312"
DATA = "10.5555.1/data.2021.77"
COMMA = "10.5555.1/plans.1931,1934"
ERRORS = Path(__file__).parents[2] / "shared/corpus/errors"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running() as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.datacite) as client:
        yield client


@pytest.mark.parametrize("path", ["/dois/10.5555.1/theses.2019.0312", "/dois/10.5555.1%2FTHESES.2019.0312"])
def test_one_work_comes_in_a_frame(client, path):
    data = client.get(path).json()["data"]

    assert (data["id"], data["type"]) == (THESIS, "dois")
    assert data["attributes"]["titles"] == [
        {"title": "方志目录的自动著录：以县志为例", "lang": "zh"},
        {
            "title": "Automatic description of local gazetteers: the case of county records",
            "titleType": "TranslatedTitle",
            "lang": "en",
        },
    ]
    assert data["attributes"]["container"] == {}


def test_no_header_tells_of_limits(client):
    headers = client.get(f"/dois/{THESIS}").headers

    assert headers["content-type"] == "application/json; charset=utf-8"
    assert [name for name in headers if "limit" in name] == []


def test_an_unknown_doi_is_not_found_as_recorded(client):
    recording = ERRORS / "crosscite-content-negotiation__datacite__404__not_found__498c0be4.json"
    if not recording.is_file():
        pytest.skip("../shared/corpus is missing")
    reply = client.get("/dois/10.5555.1/nobody")

    assert (reply.status_code, reply.json()) == (404, json.loads(recording.read_bytes()))


def listed(client: httpx.Client, **params: str) -> dict:
    return client.get(
        "/dois", params={name.replace("size", "page[size]"): params[name] for name in params}
    ).json()


def test_a_list_drops_what_it_does_not_know_and_has_an_order_of_its_own(client):
    there, back = (
        [work["id"] for work in listed(client, ids=ids)["data"]]
        for ids in (f"{THESIS},10.5555/jlai.2021.0301,{DATA.upper()}", f"{DATA},{THESIS},{DATA}")
    )

    assert there == back
    assert sorted(there) == [DATA, THESIS]


def test_a_comma_cuts_the_list_also_inside_a_doi(client):
    assert listed(client, ids=COMMA)["data"] == []
    assert client.get(f"/dois/{COMMA}").json()["data"]["id"] == COMMA


def test_a_page_ends_at_its_size_and_links_to_the_next(client):
    first = listed(client, size="3")
    second = client.get(first["links"]["next"]).json()

    assert (len(first["data"]), first["meta"]["total"], first["meta"]["totalPages"]) == (3, 4, 2)
    assert (len(second["data"]), "next" in second["links"]) == (1, False)
    assert second["data"][0] not in first["data"]


def test_facets_can_be_turned_off(client):
    facets, none = (
        client.get("/dois", params=params).json()["meta"] for params in ({}, {"disable-facets": "true"})
    )

    assert ("states" in facets, "states" in none) == (True, False)


def test_the_harvester_reads_a_batch_and_asks_again_for_what_was_dropped(service):
    asked = [parse_doi(doi) for doi in (THESIS, DATA, "10.5555.1/nobody", COMMA)]
    pages = [
        page_of(SOURCE, request)
        for request in SOURCE.batch(service.datacite, asked, Asker(email="a@sample.example"))
    ]

    assert sorted(record.source_key for page in pages for record in page.records) == [DATA, COMMA, THESIS]
    assert [each.value for page in pages for each in page.missing] == ["10.5555.1/nobody"]


@pytest.mark.parametrize("params, most", [({}, 500), ({"mailto": "someone@sample.example"}, 1000)])
def test_whoever_gives_an_address_may_ask_twice_as_often_in_five_minutes(params, most):
    seconds = iter([number / 10 for number in range(most + 1)] + [300.5])
    with TestClient(create_app(Scenario(limits=0.01), clock=lambda: next(seconds))) as client:
        statuses = [
            client.get("/datacite/dois/10.5555.1/x", params=params).status_code
            for _ in range(most // 100 + 1)
        ]

    assert statuses == [404] * (most // 100) + [429]


@pytest.mark.parametrize(
    "word, status, kind",
    [("502", 502, "text/html"), ("500", 500, "application/json; charset=utf-8"), ("429", 429, "text/html")],
)
def test_what_stands_before_it_answers_in_html(word, status, kind):
    with TestClient(create_app(Scenario(faults={"datacite": [word]}))) as client:
        reply = client.get(f"/datacite/dois/{THESIS}")

    assert (reply.status_code, reply.headers["content-type"]) == (status, kind)
