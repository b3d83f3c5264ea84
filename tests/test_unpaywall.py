import gzip
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import InvalidIdentifier, ParseError, SourceRefused, SourceUnavailable
from harvester.model import (
    Container,
    Contributor,
    Identifier,
    OpenAccess,
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
)
from harvester.sources.unpaywall import SOURCE, parse_work
from harvester.wire import Asker, Payload, Skip

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://api.example.org/v2"
READER = Asker(email="librarian@library.test")
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

WHOLE = {
    "doi": "10.5555/PASTE.2016",
    "doi_url": "https://doi.org/10.5555/paste.2016",
    "title": "On the drying of library paste",
    "genre": "journal-article",
    "is_oa": True,
    "is_paratext": False,
    "oa_status": "green",
    "journal_name": "Journal of Paste",
    "journal_issns": "1548-7768,1548-7776",
    "journal_issn_l": "1548-7768",
    "publisher": "Glue Press",
    "published_date": "2016-10-01",
    "year": 2016,
    "best_oa_location": {
        "url": "https://repo.example.org/7",
        "url_for_pdf": None,
        "url_for_landing_page": "https://repo.example.org/7/about",
        "evidence": "open (via page says license)",
        "host_type": "repository",
        "license": "cc-by",
        "oa_date": "2016-11-01",
        "version": "acceptedVersion",
    },
    "z_authors": [
        {
            "given": "Mei",
            "family": "Lin",
            "sequence": "first",
            "ORCID": "http://orcid.org/0000-0002-1825-0097",
        },
        {"given": "Ola", "family": "Berg", "affiliation": [{"name": "Berg College"}]},
        {"raw_author_name": "Anna B. Holm", "raw_affiliation_strings": ["Holm House"]},
        {"name": "Paste Council"},
    ],
}


def doi(value):
    return Identifier(Scheme.DOI, value)


def payload(body, *, status=200, asked=()):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Payload(
        service="unpaywall",
        url=BASE,
        status=status,
        content_type="application/json",
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(asked),
    )


# -- one record ------------------------------------------------------------------------------------------


def test_a_work_is_read_whole():
    skips: list[Skip] = []

    record = parse_work(WHOLE, NIGHT, document="seed.txt:1", remarks=skips)

    assert skips == []
    assert record == Record(
        source="unpaywall",
        source_key="10.5555/paste.2016",
        retrieved_at=NIGHT,
        document="seed.txt:1",
        identifiers=(doi("10.5555/paste.2016"),),
        titles=(Text("On the drying of library paste", "en", Origin.AGGREGATOR),),
        contributors=(
            Contributor("Mei Lin", family="Lin", given="Mei", orcid="0000-0002-1825-0097"),
            Contributor("Ola Berg", family="Berg", given="Ola", affiliations=("Berg College",)),
            Contributor("Anna B. Holm", family="Holm", given="Anna B.", affiliations=("Holm House",)),
            Contributor("Paste Council"),
        ),
        container=Container("Journal of Paste", issns=("1548-7768", "1548-7776")),
        issued=PartialDate(2016, 10, 1),
        work_type="journal-article",
        publisher="Glue Press",
        url="https://doi.org/10.5555/paste.2016",
        is_open_access=True,
        open_access=OpenAccess(
            "https://repo.example.org/7", "cc-by", "green", "repository", "acceptedVersion"
        ),
        extra='{"oaDate":"2016-11-01","oaEvidence":"open (via page says license)"}',
    )


def test_a_closed_work_has_no_address_of_a_free_copy():
    record = parse_work({"doi": "10.5555/1", "is_oa": False, "best_oa_location": None}, NIGHT)

    assert (record.is_open_access, record.oa_url) == (False, None)


@pytest.mark.parametrize(
    "date, year, issued",
    [
        ("1981-01-01", 1981, PartialDate(1981)),  # 10.1002/cc.36819813306
        ("1885-07-25", 1885, PartialDate(1885, 7, 25)),
        (None, "1989", PartialDate(1989)),
        (None, None, None),
    ],
)
def test_the_first_of_january_is_only_a_year(date, year, issued):
    assert parse_work({"doi": "10.5555/1", "published_date": date, "year": year}, NIGHT).issued == issued


@pytest.mark.parametrize("raw", ["10.1021/acs.bioconjchem.8b00058.  s001", "10.1038/221 1089b0", None, 7])
def test_a_record_without_a_usable_doi_is_refused(raw):
    with pytest.raises(ParseError):
        parse_work({"doi": raw, "title": "Paste"}, NIGHT)


# -- answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {"HTTP_status_code": 404, "error": True, "message": "'10.5555/1' isn't in Unpaywall. See the page"},
        b"<!doctype html><h1>Not Found</h1><p>The requested URL was not found on the server.</p>",
    ],
)
def test_the_services_own_404_is_absent(body):
    assert SOURCE.parse(payload(body, status=404, asked=[doi("10.5555/1")])).absent == (doi("10.5555/1"),)


@pytest.mark.parametrize(
    "body, status, key",
    [
        (b"<html>404 nginx</html>", 404, "reply-is-markup"),
        ({"HTTP_status_code": 410, "error": True, "message": "gone"}, 410, "service-says"),
        ({"HTTP_status_code": 422, "error": True, "message": "'x' is an invalid doi"}, 422, "service-says"),
        ({"elapsed_seconds": 0.1}, 200, "not-a-work-reply"),
        (b'{"doi": "10.5', 200, "reply-is-not-json"),
        (b"[]", 200, "not-an-object"),
    ],
)
def test_what_is_no_answer_is_malformed_and_never_absent(body, status, key):
    with pytest.raises(ParseError) as caught:
        SOURCE.parse(payload(body, status=status, asked=[doi("10.5555/1")]))

    assert caught.value.message.key == key


@pytest.mark.parametrize(
    "body, status, error, key",
    [
        (
            {
                "HTTP_status_code": 422,
                "error": True,
                "message": "Please use your own email address in API calls",
            },
            422,
            SourceRefused,
            "email-needed",
        ),
        (b"", 429, SourceUnavailable, "service-unavailable"),
        (b"", 502, SourceUnavailable, "service-unavailable"),
        (b"", 403, SourceRefused, "service-refuses"),
    ],
)
def test_overload_and_refusal_are_no_answers(body, status, error, key):
    with pytest.raises(error) as caught:
        SOURCE.parse(payload(body, status=status, asked=[doi("10.5555/1")]))

    assert caught.value.message.key == key


def test_the_works_of_a_search_are_unwrapped():
    body = {"results": [{"response": {"doi": "10.5555/1"}, "score": 0.1}, {"response": {"doi": None}}]}

    page = SOURCE.parse(payload(body))

    assert [record.source_key for record in page.records] == ["10.5555/1"]
    assert [(skip.where, skip.why.key) for skip in page.skips] == [("item 2", "no-key-in-record")]


def test_another_work_in_place_of_the_asked_one_is_left_out():
    page = SOURCE.parse(payload({"doi": "10.5555/2"}, asked=[doi("10.5555/1")]))

    assert (page.records, page.absent) == ((), ())
    assert [(skip.where, skip.why.key, skip.fatal) for skip in page.skips] == [
        ("10.5555/1", "answer-is-another", True)
    ]


# -- questions -------------------------------------------------------------------------------------------


def test_every_doi_is_a_call_of_its_own_with_the_address_of_who_asks():
    asked = [doi("10.5555/a<1>"), doi("10.5555/b"), doi("10.5555/b"), Identifier(Scheme.PMID, "7")]

    requests = list(SOURCE.batch(BASE, asked, READER))

    assert [(request.url, request.params) for request in requests] == [
        (f"{BASE}/10.5555%2Fa%3C1%3E", (("email", "librarian@library.test"),)),
        (f"{BASE}/10.5555%2Fb", (("email", "librarian@library.test"),)),
    ]


def test_without_an_email_address_nothing_is_asked():
    assert list(SOURCE.batch(BASE, [doi("10.5555/1")], Asker())) == []
    with pytest.raises(SourceRefused):
        SOURCE.single(BASE, doi("10.5555/1"), Asker())


def test_an_unknown_scheme_is_not_asked():
    with pytest.raises(InvalidIdentifier):
        SOURCE.single(BASE, Identifier(Scheme.PMID, "7"), READER)


# -- laws ------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.sampled_from(sorted({*WHOLE} - {"doi"})), json_values)
def test_any_json_in_any_key_costs_no_record(key, value):
    record = parse_work({**WHOLE, key: value}, NIGHT)

    assert record.source_key == "10.5555/paste.2016"
    assert record.fingerprint()


@settings(deadline=None)
@given(json_values)
def test_any_json_is_a_page_or_a_parse_error(value):
    with suppress(ParseError):
        assert SOURCE.parse(payload(json.dumps(value).encode(), asked=[doi("10.5555/1")])).absent == ()


# -- the recorded replies --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpus_works():
    path = CORPUS / "bulk" / "unpaywall.jsonl.gz"
    if not path.exists():
        pytest.skip("../shared/corpus is missing")
    lines = [line for line in gzip.decompress(path.read_bytes()).split(b"\n") if line]
    return [json.loads(line) for line in lines]


def test_every_real_work_is_read_or_has_no_sound_doi(corpus_works):
    assert len(corpus_works) > 2_000
    refused = []
    for raw in corpus_works:
        inner = raw.get("response", raw)
        try:
            record = parse_work(raw, NIGHT)
        except ParseError as error:
            refused.append((inner["doi"], error.message.key))
            continue
        assert record.source_key == inner["doi"].lower()
        assert record.is_open_access is inner["is_oa"]
        assert bool(record.oa_url) == bool(inner["best_oa_location"])
        assert bool(record.titles) == bool(inner["title"])
    assert len(refused) < 15
    assert {key for _, key in refused} == {"no-doi"}


def test_every_recorded_reply_is_read_or_refused_with_a_reason():
    if not CORPUS.exists():
        pytest.skip("../shared/corpus is missing")
    told = {}
    for path in [*(CORPUS / "unpaywall").iterdir(), *(CORPUS / "errors").glob("*__unpaywall__*")]:
        status = int(path.name.split("__")[2]) if path.parent.name == "errors" else 200
        page = SOURCE.parse(payload(path.read_bytes(), status=status))
        told[path.name] = len(page.records)
        assert all(skip.why.key == "no-key-in-record" for skip in page.skips)

    assert len(told) > 15
    assert sum(told.values()) > 200
