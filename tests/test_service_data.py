"""What the sample service serves and what lies in the inbox: as real as recorded replies."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from tests.service import SAMPLE_WORKS, Scenario, Service, create_app, datacite, generated_doi, running
from tests.service.holdings import SAMPLE_CSL, Holdings
from tests.service.library import SAMPLE_PAPERS, Library
from tests.service.seeds import work_of_seed_000

SHARED = Path(__file__).parents[2] / "shared"
ARTICLE = "10.5555/jlai.2021.0301"
POLITE = {"User-Agent": "tests/1 (https://sample.example; mailto:someone@sample.example)"}


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running(Scenario(limits=0, generated=5)) as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=str(service)) as client:
        yield client


@pytest.fixture
def corpus() -> Path:
    if not (SHARED / "corpus").is_dir():
        pytest.skip("../shared/corpus is missing")
    return SHARED / "corpus"


# -- the data --------------------------------------------------------------------------------------------


def test_the_sample_works_hold_what_the_demonstration_needs(client):
    titles = {work["DOI"]: (work.get("title"), work["original-title"]) for work in SAMPLE_WORKS}

    assert titles["10.5555/tsgl.2020.05.007"][1] == ["拼音目录中中文人名的规范控制"]
    assert titles["10.5555/jsli.2019.14.1.23"][0][0] == ""
    assert titles["10.5555/jsl.1999.0300"][0] is None
    assert len(client.get("/works/10.5555/ras.2020.0500").json()["message"]["author"]) == 320
    assert all(doi.startswith("10.5555/") for doi in titles)


def test_check_digits_of_the_sample_works_are_right():
    for work in SAMPLE_WORKS:
        assert all(issn_is_right(issn) for issn in work.get("ISSN", ()))
        orcids = [author["ORCID"] for author in work.get("author", ()) if "ORCID" in author]
        assert all(orcid_is_right(orcid.removeprefix("https://orcid.org/")) for orcid in orcids)


def issn_is_right(issn: str) -> bool:
    digits = [10 if digit == "X" else int(digit) for digit in issn.replace("-", "")]
    return sum(digit * weight for digit, weight in zip(digits, range(8, 0, -1), strict=True)) % 11 == 0


def orcid_is_right(orcid: str) -> bool:
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == orcid[-1]


def test_generated_works_are_known_up_to_their_number(client):
    found = [client.get(f"/works/{generated_doi(number)}").status_code for number in (0, 4, 5)]
    paper = client.get(f"/graph/v1/paper/DOI:{generated_doi(4)}", params={"fields": "externalIds"}).json()

    assert found == [200, 200, 404]
    assert paper["externalIds"]["DOI"] == "10.5555/GENERATED.0000004"


Kind = tuple[str, str]


def kinds(value: object, path: str = "") -> set[Kind]:
    """Every path in a JSON value with the type found there; lists have one path for all their members."""
    match value:
        case dict():
            below = (kinds(member, f"{path}.{name}") for name, member in value.items())
            return {(path, "object")}.union(*below)
        case list():
            return {(path, "array")}.union(*(kinds(member, f"{path}[]") for member in value))
        case bool():
            return {(path, "boolean")}
        case int() | float():
            return {(path, "number")}
        case None:
            return {(path, "null")}
    return {(path, "string")}


def recorded(corpus: Path, service: str) -> Iterator[Any]:
    with gzip.open(corpus / f"bulk/{service}.jsonl.gz") as lines:
        yield from map(json.loads, lines)


def recorded_replies(corpus: Path, pattern: str) -> Iterator[Any]:
    for path in sorted(corpus.glob(pattern)):
        try:
            yield json.loads(path.read_bytes())
        except ValueError:
            continue  # not every recording is JSON


def unheard_of(ours: Iterable[object], real: Iterable[object]) -> set[Kind]:
    """What is in ours and in none of the real ones."""
    left = set().union(*map(kinds, ours))
    for value in real:
        if not left:
            break
        left -= kinds(value)
    return left


def test_sample_works_have_no_field_or_type_that_recorded_ones_have_not(corpus):
    replies = recorded_replies(corpus, "crossref/*.json")
    singles = (reply.get("message") for reply in replies if isinstance(reply, dict))

    assert unheard_of(SAMPLE_WORKS, chain(singles, recorded(corpus, "crossref"))) == set()


def test_sample_papers_have_no_field_or_type_that_recorded_ones_have_not(corpus):
    singles = (
        paper
        for reply in recorded_replies(corpus, "semanticscholar/*.json")
        for paper in (reply if isinstance(reply, list) else [reply, *(reply.get("data") or [])])
    )
    ours = [{name: value for name, value in paper.items() if name != "also"} for paper in SAMPLE_PAPERS]

    assert unheard_of(ours, chain(singles, recorded(corpus, "semanticscholar"))) == set()


def test_sample_works_of_datacite_have_no_field_or_type_that_recorded_ones_have_not(corpus):
    ours = [datacite.full_work(work) for work in Holdings(library()).datacite.values()]
    replies = (
        reply.get("data") for reply in recorded_replies(corpus, "datacite/*.json") if isinstance(reply, dict)
    )
    singles = (work for data in replies for work in (data if isinstance(data, list) else [data]))

    assert unheard_of(ours, chain(singles, recorded(corpus, "datacite"))) == set()


def test_sample_works_of_openalex_have_no_field_or_type_that_recorded_ones_have_not(corpus):
    # The words of an abstract are names of fields there: no two works share them.
    ours = [{**work, "abstract_inverted_index": None} for work in Holdings(library()).openalex]
    singles = (
        work
        for reply in recorded_replies(corpus, "openalex/*.json")
        for work in (reply.get("results") or [reply])
    )

    assert unheard_of(ours, chain(singles, recorded(corpus, "openalex"))) == set()


def test_sample_csl_has_no_field_or_type_that_recorded_csl_has_not(corpus):
    real = chain(
        recorded_replies(corpus, "csl/*.json"),
        recorded(corpus, "csl_harvested"),
        recorded(corpus, "crossref"),
    )

    assert unheard_of(SAMPLE_CSL, real) == set()


def library() -> Library:
    return Library((), (), generated=0, corpus=None)


def recorded_headers(corpus: Path, name: str) -> dict[str, str]:
    with (corpus / "RECORDED.jsonl").open() as lines:
        one = next(entry for line in lines if (entry := json.loads(line))["file"] == name)
    return {key.lower(): value for key, value in one["headers"].items()}


def test_headers_and_envelope_are_those_of_a_recorded_reply(client, corpus):
    name = "crossref/front-matter-commonmeta-py__10.1045_january2017-burton__4820c586.json"
    real, real_body = recorded_headers(corpus, name), json.loads((corpus / name).read_bytes())
    reply = TestClient(create_app()).get(f"/works/{ARTICLE}", headers=POLITE)
    body = reply.json()
    same = (
        "content-type",
        "x-api-pool",
        "x-concurrency-limit",
        "x-rate-limit-interval",
        "x-rate-limit-limit",
        "vary",
    )

    assert {name: reply.headers[name] for name in same} == {name: real[name] for name in same}
    assert {name: body[name] for name in list(body)[:3]} == {name: real_body[name] for name in list(body)[:3]}


@pytest.mark.parametrize(
    "recording, path",
    [
        ("errors/Future-House-paper-qa__crossref__404__test_author_matching__6f076ba6.txt", "/works/10.5555/nobody"),
        ("errors/sckott-habanero__crossref__404__test_cursor_fails_cursor_value__c1dc8a09.json", "/works?cursor=thing"),
        ("errors/Future-House-paper-qa__semanticscholar__404__test_bad_dois__53dbd4cb.json",
         "/graph/v1/paper/search/match?query=abs12032jsdafn"),
        ("errors/danielnsilva-semanticscholar__semanticscholar__400__test_bad_query_parameters__7e2b091b.json",
         "/graph/v1/paper/PMID:99000005?fields=unknown"),
    ],
)  # fmt: skip
def test_errors_are_worded_as_recorded(client, corpus, recording, path):
    reply = client.get(path)

    assert reply.content.strip() == (corpus / recording).read_bytes().strip()
    assert reply.headers["content-type"] == recorded_headers(corpus, recording)["content-type"]


def test_too_many_requests_is_worded_as_recorded(corpus):
    recording = "errors/datacite-levriero__crossref__429__sends_item_to_the_events_queue__4ddcf984.html"
    with TestClient(create_app(Scenario(faults={"crossref": ["429"]}))) as client:
        said = client.get(f"/works/{ARTICLE}").content

    assert said == (corpus / recording).read_bytes()


def test_recorded_replies_are_served_where_they_are(corpus):
    work = next(recorded(corpus, "crossref"))
    paper = next(
        one for one in recorded(corpus, "semanticscholar") if (one.get("externalIds") or {}).get("DOI")
    )
    with TestClient(create_app(Scenario(corpus=corpus))) as client:
        got = client.get(f"/works/{work['DOI']}").json()["message"]
        read = client.get(
            f"/graph/v1/paper/DOI:{paper['externalIds']['DOI']}", params={"fields": "title,year"}
        )

    assert got == work
    assert read.json() == {name: paper[name] for name in ("paperId", "title", "year")}


def test_the_record_of_the_first_seed_can_be_served():
    seed = SHARED / "seeds/000_ebe4adc8d274e295.txt"
    if not seed.is_file():
        pytest.skip("../shared/seeds is missing")
    extra = [work_of_seed_000(seed.read_text())]

    with TestClient(create_app(extra_works=extra)) as client:
        message = client.get("/works/10.1080/15487768.2016.1255276").json()["message"]

    assert (message["volume"], message["issue"], message["page"]) == ("19", "4", "275-293")
    assert message["title"][0].startswith("“Everything is so relaxed")


# -- the sample documents --------------------------------------------------------------------------------

DATA = Path(__file__).parents[1] / "data"


def test_the_envelopes_of_the_inbox_have_the_33_keys():
    documents = {
        "aggregator-one.txt": "utf-8",
        "aggregator-three.jsonl": "utf-8",
        "aggregator-gb18030.txt": "gb18030",
    }
    lines = [
        line
        for name, encoding in documents.items()
        for line in (DATA / "inbox" / name).read_text(encoding).splitlines()
        if line.startswith("{")
    ]

    envelopes = [json.loads(line) for line in lines]
    assert [len(envelope) for envelope in envelopes] == [33] * 5
    inner = [json.loads(one["resultStr"]) for one in envelopes if one["resultStr"]]
    assert [list(one) == list(envelopes[0]) for one in inner] == [True] * 4


@pytest.mark.parametrize("name", ["pubmed-bilingual.txt", "traditional-bilingual.txt"])
def test_the_bilingual_documents_have_four_sections_in_each_language(name):
    lines = (DATA / "inbox" / name).read_text().splitlines()

    is_chinese = [bool(re.search("[\u4e00-\u9fff]", line)) for line in lines]
    assert is_chinese[-8:] == [False] * 4 + [True] * 4
    assert "doi: 10.5555/" in lines[-9]


def test_the_gb18030_document_is_no_utf8():
    with pytest.raises(UnicodeDecodeError):
        (DATA / "inbox/aggregator-gb18030.txt").read_text("utf-8")


def test_comments_of_the_doi_list_hold_no_doi():
    lines = (DATA / "dois.txt").read_text().splitlines()

    assert [line for line in lines if line.startswith("#") and "10." in line] == []
    assert len([line for line in lines if line and not line.startswith("#")]) == 15
