"""Another process reads the answers of services as this one would; where it cannot, this one does."""

import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from harvester.elsewhere import Elsewhere, reading_elsewhere
from harvester.identifiers import parse_doi
from harvester.prepared import Prepared
from harvester.sources import crossref, openalex, semantic_scholar
from harvester.wire import Asker, Payload
from tests.service import Scenario, create_app, generated_doi

DOIS = [parse_doi(generated_doi(number)) for number in range(7)]
SERVICES = {
    "crossref": (crossref.SOURCE, "/crossref"),
    "openalex": (openalex.SOURCE, "/openalex"),
    "semanticscholar": (semantic_scholar.SOURCE, "/s2/graph/v1"),
}


@pytest.fixture(scope="module")
def client():
    app = create_app(Scenario(generated=5, limits=0))
    return TestClient(app, headers={"User-Agent": "harvester (mailto:desk@sample.example)"})


@pytest.fixture(scope="module")
def other():
    with reading_elsewhere(10_000, is_alone=True) as started:
        if started is None:
            pytest.skip("this machine has one core: nothing is read elsewhere")
        yield started


def answer_of(client, name):
    source, base = SERVICES[name]
    (request,) = source.batch(base, DOIS, Asker(email="desk@sample.example"))
    got = client.request(
        request.method,
        request.url,
        params=request.params,
        content=request.body,
        headers=dict(request.headers),
    )
    return Payload(
        service=name,
        url=request.url,
        status=got.status_code,
        content_type=got.headers["content-type"],
        body=got.content,
        retrieved_at="2026-11-21T03:00:00Z",
        asked=request.asked,
    )


@pytest.mark.parametrize("name", list(SERVICES))
def test_an_answer_says_the_same_elsewhere(client, other, name):
    payload = answer_of(client, name)
    read = other.read(SERVICES[name][0], payload)

    assert read.page == SERVICES[name][0].parse(payload)
    assert len(read.page.records) == 5
    assert [one.record for one in read.records] == list(read.page.records)
    assert all(isinstance(one, Prepared) and one.alone is not None for one in read.records)


def test_an_answer_that_is_none_is_left_to_us_and_the_next_one_is_read_again(client, other):
    payload = answer_of(client, "crossref")
    assert other.read(crossref.SOURCE, replace(payload, body=b"<html>")) is None
    assert other.read(crossref.SOURCE, payload) is not None


def test_a_source_that_is_not_ours_is_left_to_us(client, other):
    payload = answer_of(client, "crossref")
    assert other.read(replace(crossref.SOURCE, name="another"), payload) is None


def test_where_the_other_process_dies_everything_is_read_here(client):
    other = Elsewhere(is_alone=False)
    other.process.kill()
    assert other.read(crossref.SOURCE, answer_of(client, "crossref")) is None
    assert other.process is None
    other.close()


def test_a_few_are_not_worth_another_process():
    with reading_elsewhere(999, is_alone=True) as started:
        assert started is None
