"""The sample service answers as the real ones do: their own clients say so."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import habanero
import httpx
import httpx2
import pytest
from semanticscholar import SemanticScholar
from semanticscholar.SemanticScholarException import (
    BadQueryParametersException,
    ObjectNotFoundException,
)

from tests.service import SAMPLE_WORKS, Scenario, Service, generated_doi, running

ARTICLE = "10.5555/jlai.2021.0301"
SICI = "10.5555/(sici)1099-9999(199806)11:2<107::aid-lib292>3.0.co;2-y"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running(Scenario(limits=0, generated=5)) as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=str(service)) as client:
        yield client


# -- the services' own clients ---------------------------------------------------------------------------


@pytest.fixture
def crossref(service: Service) -> habanero.Crossref:
    return habanero.Crossref(base_url=service.crossref, mailto="someone@sample.example")


def test_habanero_reads_one_work(crossref):
    message = crossref.works(ids=ARTICLE)["message"]

    assert message["DOI"] == ARTICLE
    assert message["title"][1] == "高校图书馆延长夜间开放时间与学生身心健康：一项混合方法研究"
    assert (message["volume"], message["issue"], message["page"]) == ("12", "3", "201-219")


def test_habanero_reads_several_works_in_the_order_asked(crossref):
    replies = crossref.works(ids=["10.5555/ras.2017.0088", SICI])

    assert [reply["message"]["DOI"] for reply in replies] == ["10.5555/ras.2017.0088", SICI]


def test_habanero_searches(crossref):
    message = crossref.works(query="travelling libraries", limit=2)["message"]

    assert message["items"][0]["DOI"] == SICI
    assert message["items-per-page"] == 2


def test_habanero_filters_and_selects(crossref):
    message = crossref.works(filter={"type": "posted-content"}, select=["DOI", "title"])["message"]

    assert message["items"] == [
        {
            "DOI": "10.5555/preprint.2024.0117",
            "title": ["Finding duplicate records across scripts with character keys"],
        }
    ]


def test_habanero_pages_by_cursor_to_the_end(crossref):
    pages = crossref.works(query="a", cursor="*", cursor_max=100, limit=3)

    dois = [item["DOI"] for page in pages for item in page["message"]["items"]]
    assert len(dois) == len(set(dois)) == pages[0]["message"]["total-results"] > 3


@pytest.mark.parametrize(
    "doi, agency",
    [(ARTICLE, "Crossref"), ("10.5281/zenodo.1", "DataCite"), ("10.5012/bkcs.2013.34.10.2889", "KISTI")],
)
def test_habanero_reads_the_agency(crossref, doi, agency):
    assert crossref.registration_agency(doi) == [agency]


def test_habanero_gets_the_plain_not_found(crossref):
    with pytest.raises(httpx2.HTTPStatusError) as caught:
        crossref.works(ids="10.5555/nobody.knows.this")

    assert caught.value.response.status_code == 404
    assert caught.value.response.text == "Resource not found."
    assert caught.value.response.headers["content-type"] == "text/plain;charset=utf-8"


def test_habanero_reads_a_complaint(crossref):
    with pytest.raises(habanero.RequestError, match="must be a positive integer less than or equal to 1000"):
        crossref.works(query="libraries", limit=1001)


@pytest.fixture
def s2(service: Service) -> Iterator[SemanticScholar]:
    # The client makes an event loop of its own and never closes it.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield SemanticScholar(api_url=service.semanticscholar, retry=False)
    asyncio.set_event_loop(None)
    loop.close()


def test_semanticscholar_reads_one_paper(s2):
    paper = s2.get_paper("DOI:10.5555/ras.2015.0811")

    assert paper.externalIds["DOI"] == "10.5555/ras.2015.0811"
    assert (paper.journal.volume, paper.journal.pages) == ("8 1", "616 - 624")
    assert [author.name for author in paper.authors] == ["H. Strand", "K. Mensah"]


def test_semanticscholar_reads_a_batch_and_names_what_is_missing(s2):
    asked = [f"DOI:{ARTICLE}", "DOI:10.5555/nobody.knows.this", "PMID:99000006"]

    papers, missing = s2.get_papers(asked, return_not_found=True)

    assert [paper.externalIds["DOI"] for paper in papers] == [ARTICLE, "10.5555/ras.2016.0059"]
    assert missing == ["DOI:10.5555/nobody.knows.this"]


def test_semanticscholar_is_told_of_an_unknown_paper(s2):
    with pytest.raises(ObjectNotFoundException, match=r"Paper with id DOI:10[.]5555/nobody not found"):
        s2.get_paper("DOI:10.5555/nobody")


def test_semanticscholar_is_told_of_a_batch_of_unknown_papers(s2):
    with pytest.raises(BadQueryParametersException, match="No valid paper ids given"):
        s2.get_papers(["DOI:10.5555/nobody", "DOI:10.5555/noone"])


def test_semanticscholar_finds_a_paper_by_title(s2):
    paper = s2.search_paper("Vocational counselling after stroke", match_title=True)

    assert paper.externalIds["DOI"] == "10.5555/ras.2016.0059"


# -- Crossref: single works ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/crossref/works/10.5555/jlai.2021.0301",
        "/crossref/works/10.5555%2Fjlai.2021.0301",
        "/crossref/works/10.5555%2FJLAI.2021.0301",
        "/crossref/v1/works/10.5555/jlai.2021.0301",
        "/works/10.5555/jlai.2021.0301",
        "/v1/works/10.5555%2fjlai.2021.0301",
    ],
)
def test_a_work_is_found_under_every_base_and_spelling(client, path):
    assert client.get(path).json()["message"]["DOI"] == ARTICLE


def test_a_doi_that_was_encoded_twice_is_not_found(client):
    assert client.get("/works/10.5555%252Fjlai.2021.0301").status_code == 404


def test_a_head_request_gets_the_status_and_no_body(client):
    assert [client.head(f"/works/{doi}").status_code for doi in (ARTICLE, "10.5555/no")] == [200, 404]
    assert client.head(f"/works/{ARTICLE}").content == b""


@pytest.mark.parametrize("base", ["", "/crossref", "/v1"])
def test_an_alias_redirects_to_its_prime_doi_under_the_same_base(service, client, base):
    reply = client.get(f"{base}/works/10.5555/OLD.reading.2009")

    assert reply.status_code == 301
    assert reply.headers["location"] == f"{service}{base}/works/10.5555%2Fjsl.2009.0415"
    assert client.get(reply.headers["location"]).json()["message"]["DOI"] == "10.5555/jsl.2009.0415"


def test_the_agency_of_an_unknown_prefix_is_not_found(client):
    assert client.get("/works/10.9999/x/agency").text == "Resource not found."


def test_long_bodies_are_packed_for_those_who_accept_it(client):
    packed = client.get(f"/works/{ARTICLE}", headers={"accept-encoding": "gzip"})
    plain = client.get(f"/works/{ARTICLE}", headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content


# -- Crossref: lists -------------------------------------------------------------------------------------


def listed(client: httpx.Client, **params: str) -> dict[str, Any]:
    reply = client.get("/works", params=params)
    assert reply.status_code == 200
    return reply.json()["message"]


def test_a_list_gives_each_known_work_once_and_drops_the_rest_without_a_word(client):
    asked = [ARTICLE.upper(), "10.5555/nobody", SICI, ARTICLE, generated_doi(4), generated_doi(5)]

    message = listed(client, filter=",".join(f"doi:{doi}" for doi in asked), rows="100")

    assert {item["DOI"] for item in message["items"]} == {ARTICLE, SICI, generated_doi(4)}
    assert (len(message["items"]), message["total-results"]) == (3, 3)


def test_a_list_comes_in_an_order_of_its_own(client):
    asked = [work["DOI"] for work in SAMPLE_WORKS if "," not in work["DOI"]]
    there, back = (
        [
            item["DOI"]
            for item in listed(client, filter=",".join(f"doi:{doi}" for doi in dois), rows="99")["items"]
        ]
        for dois in (asked, asked[::-1])
    )

    assert there == back
    assert sorted(there) == sorted(asked)
    assert there not in (asked, asked[::-1])


def test_a_list_has_twenty_rows_unless_told_otherwise(client):
    message = listed(client)

    assert len(message["items"]) == 20 < message["total-results"] == len(SAMPLE_WORKS)


def test_offset_goes_on_where_rows_ended(client):
    whole = [item["DOI"] for item in listed(client, rows="10")["items"]]
    parts = [item["DOI"] for start in ("0", "5") for item in listed(client, rows="5", offset=start)["items"]]

    assert parts == whole


def test_select_gives_nothing_but_what_was_named(client):
    items = listed(client, select="DOI,volume", filter=f"doi:{ARTICLE},doi:10.5555/maproom.inventory")[
        "items"
    ]

    assert sorted(items, key=len) == [
        {"DOI": "10.5555/maproom.inventory"},
        {"DOI": ARTICLE, "volume": "12"},
    ]


@pytest.mark.parametrize(
    "params, kind, value, said",
    [
        (
            {"rows": "1001"},
            "integer-not-valid",
            "1001",
            "Integer specified as 1001 but must be a positive integer",
        ),
        ({"rows": "many"}, "integer-not-valid", "many", "Integer specified as many but must be"),
        ({"offset": "10001"}, "integer-not-valid", "10001", "less than or equal to 10000"),
        (
            {"select": "DOI,language"},
            "select-not-available",
            "language",
            "Valid selects for this route are: abstract",
        ),
        (
            {"filter": "colour:red"},
            "filter-not-available",
            "colour",
            "Filter 'colour' specified but there is no",
        ),
        # A comma ends a filter, also inside a DOI.
        ({"filter": "doi:10.5555/jsl.251.19.2504,2509"}, "filter-not-available", "2509", "Filter '2509'"),
    ],
)
def test_a_bad_parameter_is_a_validation_failure_with_a_list_of_complaints(client, params, kind, value, said):
    reply = client.get("/works", params=params)
    body = reply.json()

    assert reply.status_code == 400
    assert (body["status"], body["message-type"]) == ("failed", "validation-failure")
    assert [(one["type"], one["value"]) for one in body["message"]] == [(kind, value)]
    assert said in body["message"][0]["message"]


def test_a_cursor_that_is_none_is_a_resource_failure(client):
    reply = client.get("/works", params={"cursor": "thing"})

    assert reply.status_code == 404
    assert reply.json()["message"] == [
        {"type": "cursor-invalid", "value": "thing", "message": "Cursor specified but it is invalid"}
    ]


def test_an_address_of_more_than_eight_kilobytes_is_too_long(client):
    dois = ",".join(f"doi:{generated_doi(number)}" for number in range(400))
    reply = client.get("/works", params={"filter": dois})

    assert (reply.status_code, reply.headers["content-type"]) == (414, "text/html")


@pytest.mark.parametrize(
    "filters, dois",
    [
        ("updates:10.5555/RAS.2017.0088", ["10.5555/ras.2019.0012"]),
        ("update-type:correction", ["10.5555/ras.2016.0103"]),
        ("type:report,type:book", ["10.5555/9780000000002", "10.5555/report.cataloguing.2015"]),
        ("from-pub-date:2024-06,type:journal-article", ["10.5555/jlai.2024.0402"]),
        ("until-pub-date:1984", ["10.5555/jsl.251.19.2504,2509"]),
    ],
)
def test_one_name_of_filter_twice_means_or_and_two_names_mean_and(client, filters, dois):
    assert sorted(item["DOI"] for item in listed(client, filter=filters)["items"]) == dois
