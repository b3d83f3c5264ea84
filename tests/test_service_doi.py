"""The sample service answers for agencies, handles and content negotiation as doi.org does."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from harvester.identifiers import parse_doi
from harvester.model import PartialDate
from harvester.sources import csl, doi_org
from harvester.wire import Asker
from tests.service import Scenario, Service, running
from tests.service.asking import answer_to

ISTIC = "10.5555.2/tsg.2020.03.004"
CSL = {"Accept": "application/vnd.citationstyles.csl+json"}


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running(Scenario(generated=5)) as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.doi) as client:
        yield client


# -- agencies --------------------------------------------------------------------------------------------


def test_a_list_of_prefixes_has_an_entry_for_each_and_complaints_inside_the_200(client):
    reply = client.get("/ra/10.5555,10.5555.3,10.5281/zenodo.9,10.9999,nonsense")

    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json;charset=UTF-8"
    assert reply.json() == [
        {"DOI": "10.5555", "RA": "Crossref"},
        {"DOI": "10.5555.3", "RA": "CNKI"},
        {"DOI": "10.5281/zenodo.9", "RA": "DataCite"},
        {"DOI": "10.9999", "status": "DOI does not exist"},
        {"DOI": "nonsense", "status": "Invalid DOI"},
    ]


@pytest.mark.parametrize(
    "prefix, agency",
    [
        ("10.5555.1", "DataCite"),
        ("10.5555.2", "ISTIC"),
        ("10.5555.4", "JaLC"),
        ("10.5555.5", "mEDRA"),
        ("10.5555.6", "Airiti"),
        ("10.5555.7", "KISTI"),
        ("10.5555.8", "OP"),
    ],
)
def test_every_agency_has_a_registrant_of_the_test_prefix(client, prefix, agency):
    assert client.get(f"/ra/{prefix}/any.suffix").json() == [{"DOI": f"{prefix}/any.suffix", "RA": agency}]


def test_the_harvester_reads_the_agencies(service):
    (request,) = doi_org.ra_requests(service.doi, ["10.5555", "10.5555.2", "10.9999"], Asker())

    assert doi_org.parse_agencies(answer_to(request)) == {
        "10.5555": "Crossref",
        "10.5555.2": "ISTIC",
        "10.9999": None,
    }


# -- handles ---------------------------------------------------------------------------------------------


def test_a_handle_tells_where_a_doi_leads(client):
    body = client.get("/api/handles/10.5555/JLAI.2021.0301").json()

    assert (body["responseCode"], body["handle"]) == (1, "10.5555/JLAI.2021.0301")
    assert [value["type"] for value in body["values"]] == ["URL", "HS_ADMIN"]
    assert body["values"][0]["data"] == {
        "format": "string",
        "value": "https://sample.example/10.5555/jlai.2021.0301",
    }


def test_a_handle_that_does_not_exist_has_code_100_and_status_404(client):
    reply = client.get("/api/handles/10.5555/nobody")

    assert (reply.status_code, reply.json()) == (404, {"responseCode": 100, "handle": "10.5555/nobody"})


def test_a_handle_without_a_value_of_the_type_asked_for_has_code_200(client):
    reply = client.get(f"/api/handles/{ISTIC}", params={"type": "HS_ALIAS"})

    assert (reply.status_code, reply.json()) == (200, {"responseCode": 200, "handle": ISTIC})


@pytest.mark.parametrize(
    "raw, prime",
    [("10/sample", "10.5555/jlai.2021.0301"), ("10.5555/old.reading.2009", "10.5555/jsl.2009.0415")],
)
def test_the_harvester_reads_what_an_alias_stands_for(service, raw, prime):
    found = doi_org.parse_handle(answer_to(doi_org.handle_request(service.doi, parse_doi(raw), Asker())))

    assert (found.exists, found.alias_of) == (True, parse_doi(prime))


@pytest.mark.parametrize("doi", [ISTIC, "10.5555.3/j.ssdq.2021.02.008", "10.5555/generated.0000004"])
def test_what_any_service_knows_has_a_handle(client, doi):
    assert client.get(f"/api/handles/{doi}").json()["responseCode"] == 1


# -- content negotiation ---------------------------------------------------------------------------------


def test_whoever_wants_csl_is_led_to_the_agency_and_everybody_else_to_the_landing_page(service, client):
    machine, person = (client.get(f"/{ISTIC}", headers=headers) for headers in (CSL, {}))

    assert (machine.status_code, machine.headers["location"]) == (
        302,
        f"{service}/doi/-/at/istic/{ISTIC}",
    )
    assert (person.status_code, person.headers["location"]) == (302, f"https://sample.example/{ISTIC}")


@pytest.mark.parametrize(
    "doi, title",
    [
        ("10.5555.4/jsli.21.2_45", "学校図書館における読み聞かせの記録様式"),
        ("10.5555.5/qbc.2018.0105", "Le biblioteche di quartiere e la memoria dei mestieri"),
        ("10.5555.7/kslis.2014.31.2.117", "공공도서관 야간 개관이 이용자 만족도에 미치는 영향"),
        ("10.5555.8/11739", "Reading for all: a survey of lending in twelve regions"),
        ("10.5555/jlai.2024.0402", "Detecting duplicate bibliographic records across scripts with character-level keys"),
        ("10/zhsample", "&#x0201C;以读者为师&#x0201D;&#x02014;&#x02014;县级图书馆口述史征集的实践与思考"),
    ],
)  # fmt: skip
def test_agencies_answer_in_csl_with_the_title_as_a_text(client, doi, title):
    reply = client.get(f"/{doi}", headers=CSL, follow_redirects=True)

    assert reply.headers["content-type"] == "application/vnd.citationstyles.csl+json"
    assert reply.json()["title"] == title


def test_istic_has_whole_names_entities_and_the_year_alone(client):
    item = client.get(f"/{ISTIC}", headers=CSL, follow_redirects=True).json()

    assert item["author"] == [{"given": "龚晓棠"}, {"given": "欧阳明远"}, {"given": "吕薇"}]
    assert item["issued"] == {"date-parts": [[2020]]}
    assert item["abstract"].startswith('<p id="C2">')


@pytest.mark.parametrize("doi", ["10.5555.3/j.ssdq.2021.02.008", "10.5555.6/jsls.202106_9(1).0003"])
def test_cnki_and_airiti_have_a_page_for_people_whatever_is_asked_for(client, doi):
    reply = client.get(f"/{doi}", headers=CSL, follow_redirects=True)

    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html;charset=utf-8")


@pytest.mark.parametrize(
    "path, headers, status",
    [
        ("/10.5555/nobody", CSL, 404),
        ("/10.5555.2/nobody", CSL, 404),
        ("/foo", CSL, 400),
        ("/10.5555.8/2019.0007", CSL, 204),
        (f"/{ISTIC}", {"Accept": "application/x-bibtex"}, 406),
    ],
)
def test_what_is_not_there_or_not_offered(client, path, headers, status):
    assert client.get(path, headers=headers, follow_redirects=True).status_code == status


def test_the_harvester_reads_the_csl_of_an_agency(service):
    request = csl.single(service.doi, parse_doi(ISTIC), Asker(), name="istic")

    (record,) = csl.parse_reply(answer_to(request), name="istic").records
    assert record.titles[0].value == "“以读者为师”——县级图书馆口述史征集的实践与思考"
    assert (record.locus.volume, record.locus.pages, record.issued) == ("40", "31-38", PartialDate(2020))


def test_an_outage_is_a_page_for_people():
    with running(Scenario(faults={"doi": ["503"]})) as service:
        first, second = (httpx.get(f"{service.doi}/ra/10.5555") for _ in range(2))

    assert (first.status_code, first.headers["content-type"]) == (503, "text/html;charset=utf-8")
    assert second.json() == [{"DOI": "10.5555", "RA": "Crossref"}]
    assert service.statuses == {("doi ra", 503): 1, ("doi ra", 200): 1}
