"""The sample service refuses, fails and counts as it was told to."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import httpx2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.service import Scenario, create_app, running

ARTICLE = "10.5555/jlai.2021.0301"
POLITE = {"User-Agent": "tests/1 (https://sample.example; mailto:someone@sample.example)"}


def still() -> float:
    """A clock at which all requests come at once."""
    return 0.0


def batch(client: httpx.Client, ids: list[str], **params: str) -> httpx.Response:
    return client.post("/graph/v1/paper/batch", params=params, json={"ids": ids, "fields": "abstract"})


# -- Crossref: pools and limits --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers, params, path, pool, rate, concurrency",
    [
        ({}, {}, f"/works/{ARTICLE}", "public-single", "5", "1"),
        ({}, {}, "/works", "public-array", "1", "1"),
        (POLITE, {}, f"/works/{ARTICLE}", "polite-single", "10", "3"),
        ({}, {"mailto": "someone@sample.example"}, "/works", "polite-array", "3", "3"),
        ({}, {"mailto": "nobody"}, "/works", "public-array", "1", "1"),
        ({"Crossref-Plus-API-Token": "Bearer sample-token"}, {}, "/works", "plus", "150", None),
    ],
)
def test_headers_name_the_pool_and_its_limits(headers, params, path, pool, rate, concurrency):
    with TestClient(create_app()) as client:
        reply = client.get(path, params=params, headers=headers)

    assert reply.status_code == 200
    assert reply.headers["x-api-pool"] == pool
    assert reply.headers["x-rate-limit-limit"] == rate
    assert reply.headers["x-rate-limit-interval"] == "1s"
    assert reply.headers.get("x-concurrency-limit") == concurrency


def test_a_wrong_token_is_refused():
    with TestClient(create_app()) as client:
        assert client.get("/works", headers={"Crossref-Plus-API-Token": "Bearer no"}).status_code == 401


def test_the_fourth_list_in_a_second_is_too_many():
    with TestClient(create_app(clock=still), headers=POLITE) as client:
        replies = [client.get("/works", params={"rows": "0"}) for _ in range(4)]

    assert [reply.status_code for reply in replies] == [200, 200, 200, 429]
    assert replies[3].headers["content-type"] == "text/html"
    assert "retry-after" not in replies[3].headers


def test_single_works_and_lists_and_callers_are_counted_apart():
    app = create_app(clock=still)
    with TestClient(app) as client:
        statuses = [client.get(path).status_code for path in ("/works", "/works", f"/works/{ARTICLE}")]
        other = client.get("/works", params={"mailto": "other@sample.example"}).status_code

    assert [*statuses, other] == [200, 429, 200, 200]
    assert app.state.ledger.statuses["crossref list", 429] == 1


def test_limits_can_be_scaled():
    with TestClient(create_app(Scenario(limits=10), clock=still), headers=POLITE) as client:
        replies = [client.get("/works", params={"rows": "0"}) for _ in range(31)]

    assert [reply.status_code for reply in replies] == [200] * 30 + [429]
    assert replies[0].headers["x-rate-limit-limit"] == "30"


def test_after_a_second_the_gate_is_open_again():
    seconds = iter([0.0, 0.0, 0.5, 1.0, 1.0])
    with TestClient(create_app(clock=lambda: next(seconds))) as client:
        statuses = [client.get("/works", params={"rows": "0"}).status_code for _ in range(5)]

    assert statuses == [200, 429, 429, 200, 429]


async def together(app: Starlette, times: int) -> list[int]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sample", headers=POLITE) as client:
        replies = await asyncio.gather(*(client.get(f"/works/{ARTICLE}") for _ in range(times)))
    return [reply.status_code for reply in replies]


def test_more_at_once_than_allowed_is_too_many():
    app = create_app(Scenario(latency_s=0.2))

    assert sorted(asyncio.run(together(app, 5))) == [200, 200, 200, 429, 429]
    assert asyncio.run(together(app, 1)) == [200]


# -- Semantic Scholar: keys -----------------------------------------------------------------------------


def test_callers_without_a_key_can_be_turned_away():
    with TestClient(create_app(Scenario(keyless="busy"))) as client:
        reply = client.get("/graph/v1/paper/PMID:99000005")

    assert (reply.status_code, reply.json()["code"]) == (429, "429")
    assert "retry-after" not in reply.headers


def test_callers_without_a_key_can_be_served_by_chance():
    with TestClient(create_app(Scenario(keyless="mixed", seed=1))) as client:
        statuses = {client.get("/graph/v1/paper/PMID:99000005").status_code for _ in range(20)}

    assert statuses == {200, 429}


def test_a_key_is_good_for_one_request_a_second_over_all_endpoints():
    with TestClient(create_app(clock=still), headers={"x-api-key": "sample-key"}) as client:
        statuses = [client.get("/graph/v1/paper/PMID:99000005").status_code, batch(client, []).status_code]

    assert statuses == [200, 429]


def test_a_bad_key_is_forbidden():
    with TestClient(create_app()) as client:
        reply = client.get("/graph/v1/paper/PMID:99000005", headers={"x-api-key": "no"})

    assert (reply.status_code, reply.json()) == (403, {"message": "Forbidden"})


# -- faults ----------------------------------------------------------------------------------------------


def faulty(*words: str) -> Scenario:
    return Scenario(limits=0, faults={"crossref": words, "semanticscholar": words})


@pytest.mark.parametrize(
    "word, status, kind",
    [
        ("429", 429, "text/html"),
        ("500", 500, "application/json"),
        ("504", 504, "text/html"),
        ("captcha", 200, "text/html; charset=UTF-8"),
        ("ok", 200, "application/json"),
    ],
)
def test_a_fault_is_answered_once_and_then_all_is_well(word, status, kind):
    with TestClient(create_app(faulty(word))) as client:
        first, second = (client.get(f"/works/{ARTICLE}") for _ in range(2))

    assert (first.status_code, first.headers["content-type"]) == (status, kind)
    assert second.json()["message"]["DOI"] == ARTICLE


@pytest.mark.parametrize(
    "word, said",
    [("500", {"message": "Internal server error"}), ("504", {"message": "Endpoint request timed out"})],
)
def test_semantic_scholar_says_faults_in_its_own_words(word, said):
    with TestClient(create_app(faulty(word))) as client:
        assert client.get("/graph/v1/paper/PMID:99000005").json() == said


def test_retry_after_is_seconds_or_a_date():
    with TestClient(create_app(faulty("503 retry-after=7", "503 retry-after=date+60"))) as client:
        seconds, date = (client.get(f"/works/{ARTICLE}").headers for _ in range(2))

    assert seconds["retry-after"] == "7"
    wait = parsedate_to_datetime(date["retry-after"]) - parsedate_to_datetime(date["date"])
    assert 59 <= wait.total_seconds() <= 61


def test_a_truncated_answer_is_no_json_and_the_http_around_it_is_in_order():
    with TestClient(create_app(faulty("truncated", "empty", "null"))) as client:
        truncated, empty, null = (client.get(f"/works/{ARTICLE}") for _ in range(3))

    assert int(truncated.headers["content-length"]) < 2000
    with pytest.raises(json.JSONDecodeError):
        truncated.json()
    assert (empty.content, null.json()) == (b"", None)


def test_a_packed_answer_may_come_unasked_and_may_be_broken():
    with TestClient(create_app(faulty("gzip", "badgzip")), headers={"accept-encoding": "identity"}) as client:
        assert client.get(f"/works/{ARTICLE}").json()["message"]["DOI"] == ARTICLE
        with pytest.raises(httpx2.DecodingError):
            client.get(f"/works/{ARTICLE}")


def test_connections_break_at_once_or_halfway_and_the_service_goes_on():
    with running(faulty("reset", "cut")) as service, httpx.Client(base_url=str(service)) as client:
        with pytest.raises(httpx.ReadError, match="reset"):
            client.get(f"/works/{ARTICLE}")
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
            client.get(f"/works/{ARTICLE}")
        assert client.get(f"/works/{ARTICLE}").status_code == 200

    assert service.statuses == {("crossref single", 0): 2, ("crossref single", 200): 1}


def test_faults_by_chance_are_the_same_for_the_same_seed():
    def statuses(seed: int) -> list[int]:
        scenario = Scenario(limits=0, fault_rate=0.5, seed=seed)
        with TestClient(create_app(scenario), raise_server_exceptions=False) as client:
            return [client.get("/works/10.5555/no").status_code for _ in range(30)]

    assert statuses(1) == statuses(1)
    assert statuses(1) != statuses(2)


def test_a_word_that_is_no_fault_is_an_error():
    with pytest.raises(ValueError, match="'captchas' is no fault"):
        create_app(faulty("captchas"))


@pytest.mark.parametrize("service, word", [("crossref", "complaint"), ("datacite", "429 budget")])
def test_a_fault_of_another_service_is_an_error(service, word):
    with pytest.raises(ValueError, match=f"'{word}' is no fault of {service}"):
        create_app(Scenario(faults={service: [word]}))


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize(
    "service, path",
    [
        ("doi", "/doi/ra/10.5555"),
        ("datacite", "/datacite/dois/10.5555.1/data.2021.77"),
        ("openalex", f"/openalex/works/doi:{ARTICLE}"),
        ("pubmed", "/eutils/efetch.fcgi?id=99000001"),
        ("unpaywall", f"/unpaywall/v2/{ARTICLE}?email=a@sample.example"),
        ("europepmc", f"/europepmc/search?query=DOI:{ARTICLE}"),
        ("opencitations", f"/opencitations/index/v2/citation-count/doi:{ARTICLE}"),
    ],
)
def test_every_service_fails_by_itself_and_recovers(service, path, status):
    with TestClient(create_app(Scenario(faults={service: [str(status)]}))) as client:
        statuses = [client.get(asked).status_code for asked in (path, f"/works/{ARTICLE}", path)]

    assert statuses == [status, 200, 200]


# -- what it was asked; running it -----------------------------------------------------------------------


def test_requests_are_counted_by_endpoint_and_kept_in_order():
    with running() as service, httpx.Client(base_url=str(service), headers=POLITE) as client:
        client.get("/works", params={"rows": "0"})
        client.get("/works/10.5555/x/agency")
        batch(client, ["PMID:99000005"])
        counts = client.get("/-/requests").json()

    assert service.requests == counts == {"crossref list": 1, "crossref agency": 1, "s2 batch": 1}
    assert [(one.method, one.target, one.status) for one in service.asked] == [
        ("GET", "/works?rows=0", 200),
        ("GET", "/works/10.5555/x/agency", 200),
        ("POST", "/graph/v1/paper/batch", 200),
    ]
    assert service.asked[0].user_agent == POLITE["User-Agent"]


def test_two_services_share_nothing():
    with running() as one, running() as other:
        httpx.get(f"{one}/works/{ARTICLE}")
        assert (one.requests.total(), other.requests.total()) == (1, 0)
        assert one != other


def test_a_stopped_service_takes_no_more_connections():
    with running() as service:
        httpx.get(f"{service}/works/{ARTICLE}")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{service}/works/{ARTICLE}")


def test_as_a_process_it_says_where_it_is_and_stops_on_sigterm(tmp_path):
    command = [sys.executable, "-m", "tests.service", "--port-file", str(tmp_path / "port"), "--limits", "0"]
    root = Path(__file__).parents[1]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root
    ) as process:
        url = process.stdout.readline().strip()
        reply = httpx.get(f"{url}/works/{ARTICLE}")
        port = (tmp_path / "port").read_text()
        os.kill(process.pid, signal.SIGTERM)
        _, errors = process.communicate(timeout=60)

    assert reply.status_code == 200
    assert url == f"http://127.0.0.1:{port.strip()}"
    assert (process.returncode, errors) == (0, "")
