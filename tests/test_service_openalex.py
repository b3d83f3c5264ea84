"""The sample service answers for works, and asks for money, as OpenAlex does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from harvester.errors import SourceRefused, SourceUnavailable
from harvester.identifiers import parse_doi
from harvester.sources.openalex import SOURCE
from harvester.wire import Asker
from tests.service import Scenario, Service, create_app, generated_doi, running
from tests.service.asking import answer_to, page_of

ARTICLE = "10.5555/jlai.2021.0301"
TWICE = "10.5555/jlai.2024.0402"
ISTIC = "10.5555.2/tsg.2020.03.004"
ERRORS = Path(__file__).parents[2] / "shared/corpus/errors"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running(Scenario(limits=0, generated=5)) as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.openalex) as client:
        yield client


# -- single works ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/works/doi:10.5555/jlai.2021.0301",
        "/works/doi:10.5555%2FJLAI.2021.0301",
        "/works/https://doi.org/10.5555%2Fjlai.2021.0301",
        "/works/pmid:99000001",
        "/works/W9900000001",
    ],
)
def test_a_work_is_found_by_every_identifier_and_its_doi_is_a_link(client, path):
    assert client.get(path).json()["doi"] == "https://doi.org/10.5555/jlai.2021.0301"


@pytest.mark.parametrize(
    "doi, day",
    [
        ("10.5555/tsgl.2020.05.007", "2020-05-01"),
        ("10.5555/report.cataloguing.2015", "2015-01-01"),
        ("10.5555/ras.2016.0059", "2016-01-01"),
        (ARTICLE, "2021-07-12"),
    ],
)
def test_dates_are_always_whole(client, doi, day):
    assert client.get(f"/works/doi:{doi}").json()["publication_date"] == day


def test_an_abstract_is_the_places_of_its_words_and_a_chinese_clause_is_one_word(client):
    index = client.get(f"/works/doi:{ISTIC}").json()["abstract_inverted_index"]

    assert list(index)[:2] == [
        "口述史征集是县级图书馆保存地方记忆的途径之一。",
        "本文记录三所县级图书馆在两年间征集168份口述史料的过程，",
    ]
    assert [*index.values()] == [[0], [1], [2]]


def test_one_work_differs_from_crossrefs(client):
    work = client.get("/works/doi:10.5555/tsgl.2020.05.007").json()

    assert work["title"] == "NAME AUTHORITY CONTROL FOR CHINESE PERSONAL NAMES IN PINYIN CATALOGUES"
    assert (work["biblio"], work["language"]) == (
        {"volume": "40", "issue": "5", "first_page": "56", "last_page": "63"},
        "en",
    )


def test_a_merged_work_answers_under_another_doi(client):
    assert client.get("/works/doi:10.5555/preprint.2024.0117").json()["doi"] == f"https://doi.org/{TWICE}"


def test_an_unknown_work_is_a_page_as_recorded(client):
    recording = (
        ERRORS
        / "Future-House-paper-qa__openalex__404__test_does_openalex_work_not-in-openalex__d767b3cb.html"
    )
    if not recording.is_file():
        pytest.skip("../shared/corpus is missing")
    reply = client.get("/works/doi:10.5555/nobody")

    assert (reply.status_code, reply.content) == (404, recording.read_bytes())


# -- lists -----------------------------------------------------------------------------------------------


def listed(client: httpx.Client, **params: str) -> dict:
    reply = client.get("/works", params=params)
    assert reply.status_code == 200
    return reply.json()


def test_a_list_drops_the_unknown_and_may_give_two_works_for_a_doi(client):
    asked = [TWICE, "10.5555/nobody", f"https://doi.org/{ISTIC}", generated_doi(4), generated_doi(5)]

    answer = listed(client, filter="doi:" + "|".join(asked), select="doi", per_page="100")

    assert sorted(work["doi"] for work in answer["results"]) == [
        f"https://doi.org/{doi}" for doi in (ISTIC, generated_doi(4), TWICE, TWICE)
    ]
    assert answer["meta"]["count"] == 4


def test_a_list_has_an_order_of_its_own_and_25_rows_unless_told_otherwise(client):
    asked = [generated_doi(number) for number in range(5)]
    there, back = (
        [work["id"] for work in listed(client, filter="doi:" + "|".join(dois))["results"]]
        for dois in (asked, asked[::-1])
    )

    assert there == back
    assert there not in (sorted(there), sorted(there, reverse=True))
    assert listed(client)["meta"]["per_page"] == 25


def test_a_comma_inside_a_doi_breaks_the_filter(client):
    reply = client.get("/works", params={"filter": "doi:10.5555/jsl.251.19.2504,2509"})

    assert (reply.status_code, reply.json()["error"]) == (400, "Invalid query parameters error.")


def test_a_list_shortens_long_lists_of_authors(client):
    doi = "10.5555/ras.2020.0500"
    whole, short = client.get(f"/works/doi:{doi}").json(), listed(client, filter=f"doi:{doi}")["results"][0]

    assert (len(whole["authorships"]), len(short["authorships"])) == (320, 100)


@pytest.mark.parametrize(
    "params, said",
    [
        ({"select": "DOESNTEXIST"}, "DOESNTEXIST is not a valid select field."),
        ({"filter": "DOESNTEXIST:1"}, "DOESNTEXIST is not a valid field."),
        ({"per_page": "201"}, "per-page parameter must be between 1 and 200"),
        ({"filter": "doi:" + "|".join(["10.5555/x"] * 101)}, "Maximum number of values exceeded for doi."),
    ],
)
def test_bad_parameters_are_complained_of(client, params, said):
    reply = client.get("/works", params=params)

    assert reply.status_code == 400
    assert reply.json()["message"].startswith(said)


def test_a_cursor_needs_a_key_and_leads_to_the_end(client):
    keyed = {"api_key": "sample-key", "per_page": "10"}
    first = listed(client, cursor="*", **keyed)
    second = listed(client, cursor=first["meta"]["next_cursor"], **keyed)

    assert (len(first["results"]), len(second["results"]), second["meta"]["next_cursor"]) == (10, 7, None)
    assert client.get("/works", params={"cursor": "*"}).status_code == 401


# -- the harvester ---------------------------------------------------------------------------------------


def test_the_harvester_reads_a_batch_and_asks_singly_for_what_a_filter_cannot_hold(service):
    asked = [parse_doi(doi) for doi in (ARTICLE, ISTIC, "10.5555/jsl.251.19.2504,2509", "10.5555/nobody")]
    pages = [page_of(SOURCE, request) for request in SOURCE.batch(service.openalex, asked, Asker())]

    titles = {record.titles[0].value for page in pages for record in page.records}
    assert titles == {
        "Evening opening hours and student well-being in a university library: a mixed-methods study",
        "“以读者为师”——县级图书馆口述史征集的实践与思考",
        "Paste, glue and the care of maps",
    }
    assert [each.value for page in pages for each in page.missing] == ["10.5555/nobody"]


@pytest.mark.parametrize(
    "word, error, wait_s",
    [
        ("429", SourceUnavailable, None),
        ("429 budget", SourceUnavailable, 75600.0),  # from 03:00 to midnight
        ("429 plan", SourceRefused, None),
        ("401", SourceRefused, None),
    ],
)
def test_the_harvester_tells_the_refusals_apart(word, error, wait_s):
    with running(Scenario(faults={"openalex": [word]})) as service:
        payload = answer_to(SOURCE.single(service.openalex, parse_doi(ARTICLE), Asker()))

    with pytest.raises(error) as caught:
        SOURCE.parse(payload)
    assert getattr(caught.value, "retry_after_s", None) == wait_s


def still() -> float:
    """A clock at which all requests come at once."""
    return 0.0


# -- money -----------------------------------------------------------------------------------------------


def test_headers_tell_of_the_budget():
    with TestClient(create_app()) as client:
        keyless = client.get("/openalex/works", params={"per_page": "1"}).headers
        single = client.get(f"/openalex/works/doi:{ARTICLE}", params={"api_key": "sample-key"}).headers

    names = (
        "x-ratelimit-limit-usd",
        "x-ratelimit-cost-usd",
        "x-ratelimit-credits-used",
        "x-ratelimit-remaining",
    )
    assert [keyless[name] for name in names] == ["0.1", "0.0001", "1", "999"]
    assert [single[name] for name in names] == ["1", "0", "0", "10000"]
    assert 0 < int(keyless["x-ratelimit-reset"]) <= 86400


def test_when_the_budget_is_spent_nothing_more_is_answered():
    with TestClient(create_app(Scenario(limits=0.002), clock=still)) as client:
        replies = [client.get("/openalex/works", params={"per_page": "1"}) for _ in range(3)]

    assert [reply.status_code for reply in replies] == [200, 429, 429]
    assert replies[1].json()["error"] == "Rate limit exceeded"
    assert replies[2].json()["error"] == "Insufficient budget"


def test_a_wrong_key_is_refused_as_recorded():
    with TestClient(create_app()) as client:
        reply = client.get("/openalex/works", headers={"Authorization": "Bearer no"})

    assert (reply.status_code, reply.json()) == (
        401,
        {"error": "Invalid or missing API key", "message": "API key not found"},
    )


def test_filters_by_date_of_update_are_for_payers():
    with TestClient(create_app()) as client:
        reply = client.get("/openalex/works", params={"filter": "from_updated_date:2026-11-01"})

    assert (reply.status_code, reply.json()["error"]) == (429, "Plan upgrade required")
