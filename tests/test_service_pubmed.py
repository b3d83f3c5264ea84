"""The sample service answers for articles as PubMed does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from lxml import etree
from starlette.testclient import TestClient

from harvester.errors import SourceRefused, SourceUnavailable
from harvester.identifiers import parse
from harvester.sources.pubmed import SOURCE
from harvester.wire import Asker
from tests.service import Scenario, Service, create_app, running
from tests.service.asking import answer_to, page_of

ARTICLE = "10.5555/jlai.2021.0301"
SICI = "10.5555/(sici)1099-9999(199806)11:2<107::aid-lib292>3.0.co;2-y"
CORPUS = Path(__file__).parents[2] / "shared/corpus/pubmed"


def still() -> float:
    """A clock at which all requests come at once."""
    return 0.0


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running(Scenario(limits=0)) as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.pubmed) as client:
        yield client


def found(client: httpx.Client, term: str) -> dict:
    return client.post("/esearch.fcgi", data={"db": "pubmed", "retmode": "json", "term": term}).json()[
        "esearchresult"
    ]


# -- search ----------------------------------------------------------------------------------------------


def test_numbers_are_texts_and_what_is_unknown_is_gone_without_a_word(client):
    result = found(client, f'"{ARTICLE.upper()}"[DOI] OR "10.5555/nobody"[DOI] OR PMC9900005[PMCID]')

    assert (result["count"], result["retmax"], result["retstart"]) == ("2", "2", "0")
    assert result["idlist"] == ["99000005", "99000001"]
    assert "warninglist" not in result


def test_when_nothing_is_found_the_phrases_are_named(client):
    result = found(client, '"10.5555/nobody"[DOI]')

    assert (result["count"], result["idlist"]) == ("0", [])
    assert result["warninglist"]["quotedphrasesnotfound"] == ['"10.5555/nobody"[DOI]']


def test_a_doi_with_brackets_is_not_found_though_the_article_is_there(client):
    assert found(client, f'"{SICI}"[DOI]')["count"] == "0"
    assert (
        SICI.replace("<", "&lt;").replace(">", "&gt;")
        in client.get("/efetch.fcgi", params={"id": "99000013"}).text
    )


def test_a_complaint_comes_inside_the_200(client):
    assert found(client, "") == {"ERROR": "Empty term and query_key - nothing todo"}


def test_a_search_is_in_xml_unless_told_otherwise(client):
    reply = client.get("/esearch.fcgi", params={"db": "pubmed", "term": "99000001[UID]"})

    assert reply.headers["content-type"] == "text/xml; charset=UTF-8"
    assert etree.fromstring(reply.content).findtext("IdList/Id") == "99000001"


# -- fetch -----------------------------------------------------------------------------------------------


def test_articles_come_in_the_order_asked_and_unknown_numbers_are_left_out(client):
    reply = client.post("/efetch.fcgi", data={"db": "pubmed", "id": "99000006,1,99000001", "retmode": "xml"})
    root = etree.fromstring(reply.content)

    assert [one.text for one in root.iterfind("PubmedArticle/MedlineCitation/PMID")] == [
        "99000006",
        "99000001",
    ]


def test_no_known_number_gives_an_empty_set(client):
    root = etree.fromstring(client.get("/efetch.fcgi", params={"id": "1"}).content)

    assert (root.tag, len(root)) == ("PubmedArticleSet", 0)


def test_no_number_at_all_is_complained_of_as_recorded(client):
    recording = CORPUS / "sul-dlss-sul_pub__constructs_a_URL_based_on_the_DOI__91de8f18.xml"
    if not recording.is_file():
        pytest.skip("../shared/corpus is missing")

    assert client.get("/efetch.fcgi").content.strip() == recording.read_bytes().strip()


def test_a_translated_title_is_in_brackets_and_the_vernacular_one_beside_it(client):
    article = etree.fromstring(client.get("/efetch.fcgi", params={"id": "99000012"}).content).find(
        ".//Article"
    )

    assert article.findtext("ArticleTitle").startswith("[Effect of community supported employment")
    assert article.findtext("VernacularTitle") == "社区支持性就业对精神障碍康复者工作持续时间的影响"
    assert article.findtext("Language") == "chi"


def test_articles_have_no_element_or_attribute_that_recorded_ones_have_not(client):
    if not CORPUS.is_dir():
        pytest.skip("../shared/corpus is missing")
    ours = shape(etree.parse(Path(__file__).parent / "service/pubmed.xml").getroot())
    real: set[str] = set()
    for path in sorted(CORPUS.glob("*.xml")):
        root = etree.fromstring(
            path.read_bytes(), etree.XMLParser(recover=True, load_dtd=False, resolve_entities=False)
        )
        if root is not None and root.tag == "PubmedArticleSet":
            real |= shape(root)
        if not ours - real:
            break

    assert ours - real == set()


def shape(root) -> set[str]:
    """Every path of elements and attributes below."""
    paths = set()
    for element in root.iter(etree.Element):
        path = "/".join([*(one.tag for one in reversed([*element.iterancestors()])), element.tag])
        paths |= {path, *(f"{path}@{name}" for name in element.attrib)}
    return paths


# -- the harvester ---------------------------------------------------------------------------------------


def test_the_harvester_reads_a_chinese_abstract_that_only_pubmed_has(service):
    asked = [parse("10.5555/ras.2015.0811"), parse("10.5555/nobody")]
    (page,) = [page_of(SOURCE, request) for request in SOURCE.batch(service.pubmed, asked, Asker())]

    (record,) = page.records
    assert [(text.language, text.value[:11]) for text in record.abstracts] == [
        ("en", "OBJECTIVE: "),
        ("zh-Hans", "目的：描述就业专员如何"),
    ]
    assert [each.value for each in page.missing] == ["10.5555/nobody"]


@pytest.mark.parametrize(
    "word, error", [("complaint", SourceUnavailable), ("429", SourceUnavailable), ("401", SourceRefused)]
)
def test_the_harvester_tells_failures_from_answers(word, error):
    with running(Scenario(faults={"pubmed": [word, word]})) as service:
        payloads = [
            answer_to(SOURCE.single(service.pubmed, parse(raw), Asker()))
            for raw in (ARTICLE, "PMID:99000001")
        ]

    for payload in payloads:
        with pytest.raises(error):
            SOURCE.parse(payload)


# -- limits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key, most", [(None, 3), ("sample-key", 10)])
def test_rates_are_told_in_headers_and_the_key_may_be_in_the_form(key, most):
    form = {"term": "1[UID]", **({"api_key": key} if key else {})}
    with TestClient(create_app(clock=still)) as client:
        replies = [client.post("/eutils/esearch.fcgi", data=form) for _ in range(most + 1)]

    assert [reply.status_code for reply in replies] == [200] * most + [429]
    assert [reply.headers["x-ratelimit-remaining"] for reply in replies[:2]] == [str(most - 1), str(most - 2)]
    assert replies[-1].json()["limit"] == replies[-1].headers["x-ratelimit-limit"] == str(most)


def test_a_wrong_key_is_a_bad_request():
    with TestClient(create_app()) as client:
        reply = client.get("/eutils/esearch.fcgi", params={"api_key": "no", "term": "x"})

    assert (reply.status_code, reply.json()["error"]) == (400, "API key invalid")
