import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import HarvesterError, InvalidIdentifier, ParseError, SourceRefused, SourceUnavailable
from harvester.model import Identifier, Scheme
from harvester.sources.doi_org import (
    Handle,
    handle_request,
    is_short,
    limits,
    parse_agencies,
    parse_handle,
    ra_requests,
)
from harvester.wire import Asker, Limit, Payload, Request

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://doi.example.org"
NOBODY = Asker()
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
NOT_FOUND = b"<!DOCTYPE html>\n<html><head>\n<title>Error: DOI Not Found</title>"


def doi(value):
    return Identifier(Scheme.DOI, value)


def payload(body, *, status=200, kind="application/json", asked=()):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Payload(
        service="doi.org",
        url=BASE,
        status=status,
        content_type=kind,
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(map(doi, asked)),
    )


def test_one_request_a_second_is_asked_for():
    assert limits(NOBODY) == {"single": Limit(1.0, 1)}


# -- agencies --------------------------------------------------------------------------------------------


def test_prefixes_are_asked_in_one_list():
    [request] = ra_requests(BASE, ["10.5555", "10.5556.1", "10.5555"], NOBODY)

    assert request == Request(
        service="doi.org",
        url="https://doi.example.org/ra/10.5555,10.5556.1",
        headers=(("Accept", "application/json"),),
        asked=(doi("10.5555"), doi("10.5556.1")),
    )


def test_no_list_is_longer_than_fifty():
    requests = list(ra_requests(BASE, [f"10.{number}" for number in range(5000, 5101)], NOBODY))

    assert [len(request.asked) for request in requests] == [50, 50, 1]


def test_what_is_no_prefix_is_not_asked():
    assert list(ra_requests(BASE, ["10", "10.5555/1", "10.12,34", "11.5555", ""], NOBODY)) == []


@pytest.mark.parametrize(
    "answer, agencies",
    [
        ([{"DOI": "10.5555", "RA": "Crossref"}], {"10.5555": "Crossref"}),
        ([{"DOI": "10.5555/ABC", "RA": "Data Cite"}], {"10.5555": "DataCite"}),
        ([{"DOI": "10.5555", "RA": "CrossRef"}], {"10.5555": "Crossref"}),
        ([{"DOI": "10.5555", "status": "DOI does not exist"}], {"10.5555": None}),  # 10.99999
        ([{"DOI": "10.5555", "status": "Invalid DOI"}], {"10.5555": None}),
        ([{"DOI": "10.5555", "RA": "Unknown"}], {"10.5555": None}),  # 10.1234
        ([{"DOI": "10.5555", "RA": "Paste Office"}], {"10.5555": "Paste Office"}),
        (
            [{"DOI": "10.5556", "RA": "ISTIC"}, {"DOI": "10.5555", "RA": "mEDRA"}],
            {"10.5555": "mEDRA", "10.5556": "ISTIC"},
        ),
        ({"DOI": "10.5555", "RA": "JaLC"}, {"10.5555": "JaLC"}),
        (
            [{"DOI": "10.5555/1", "RA": "Crossref"}, {"DOI": "10.5555/2", "status": "DOI does not exist"}],
            {"10.5555": "Crossref"},
        ),
    ],
)
def test_agencies_are_read_by_prefix(answer, agencies):
    assert parse_agencies(payload(answer, asked=["10.5555", "10.5556"])) == agencies


@pytest.mark.parametrize(
    "body, status", [(b"[]", 200), (b"[]", 404), (b"", 404), (b"  \n", 404), (NOT_FOUND, 404)]
)
def test_a_prefix_asked_alone_that_gets_nothing_is_unknown(body, status):
    assert parse_agencies(payload(body, status=status, asked=["10.5555"])) == {"10.5555": None}


def test_an_empty_answer_to_several_says_nothing_of_any():
    assert parse_agencies(payload([], asked=["10.5555", "10.5556"])) == {}


@pytest.mark.parametrize(
    "body, status, error, key",
    [
        (b"<html>down for maintenance</html>", 200, ParseError, "reply-is-markup"),
        (b"<html>404</html>", 404, ParseError, "reply-is-markup"),
        (NOT_FOUND, 404, ParseError, "reply-is-markup"),
        (b"", 200, ParseError, "reply-is-not-json"),
        (b'[{"DOI": "10.5555"', 200, ParseError, "reply-is-not-json"),
        (b'[{"DOI": "10.5555"}]', 200, ParseError, "not-an-agency-reply"),
        (b'{"message": "hello"}', 200, ParseError, "not-an-agency-reply"),
        (b"3", 200, ParseError, "not-an-agency-reply"),
        (b"<html>", 503, SourceUnavailable, "service-unavailable"),
        (b"[]", 429, SourceUnavailable, "service-unavailable"),
        (b"", 403, SourceRefused, "service-refuses"),
    ],
)
def test_an_outage_is_not_an_unknown_prefix(body, status, error, key):
    with pytest.raises(error) as caught:
        parse_agencies(payload(body, status=status, asked=["10.5555", "10.5556"]))

    assert caught.value.message.key == key


# -- handles ---------------------------------------------------------------------------------------------


def test_a_doi_is_looked_up_with_all_its_values():
    assert handle_request(BASE, doi("10.5555/a<b>;c"), NOBODY) == Request(
        service="doi.org",
        url="https://doi.example.org/api/handles/10.5555/a%3Cb%3E%3Bc",
        headers=(("Accept", "application/json"),),
        asked=(doi("10.5555/a<b>;c"),),
    )


def test_a_short_doi_is_asked_for_what_it_stands_for():
    request = handle_request(BASE, doi("10/abc"), NOBODY)

    assert is_short(doi("10/abc"))
    assert not is_short(doi("10.5555/abc"))
    assert (request.url, request.params) == (
        "https://doi.example.org/api/handles/10/abc",
        (("type", "HS_ALIAS"),),
    )


def test_other_identifiers_are_no_handles():
    with pytest.raises(InvalidIdentifier):
        handle_request(BASE, Identifier(Scheme.PMID, "123"), NOBODY)


def value(kind, said):
    return {"index": 1, "type": kind, "data": {"format": "string", "value": said}, "ttl": 86400}


@pytest.mark.parametrize(
    "status, answer, handle",
    [
        (404, {"responseCode": 100, "handle": "10.5555/1"}, Handle(exists=False)),
        (200, {"responseCode": 100}, Handle(exists=False)),
        (404, {"responseCode": 200}, Handle(exists=True)),
        (
            200,
            {
                "responseCode": 1,
                "handle": "10.5555/1",
                "values": [
                    {"type": "HS_ADMIN", "data": {"format": "admin", "value": {"handle": "0.na/10.5555"}}},
                    value("URL", "https://paste.example.org/1"),
                    value("700050", "20081231"),
                ],
            },
            Handle(exists=True, url="https://paste.example.org/1"),
        ),
        (
            200,
            {"responseCode": 1, "handle": "10/abc", "values": [value("HS_ALIAS", "10.5555/ABC")]},
            Handle(exists=True, alias_of=doi("10.5555/abc")),
        ),
        (200, {"responseCode": 1}, Handle(exists=True)),
        (
            200,
            {"responseCode": 1, "values": [value("URL", "ftp://paste.example.org/1")]},
            Handle(exists=True),
        ),
    ],
)
def test_the_resolver_tells_what_exists(status, answer, handle):
    assert parse_handle(payload(answer, status=status)) == handle


@pytest.mark.parametrize(
    "body, status, error, key",
    [
        ({"responseCode": 2}, 200, SourceUnavailable, "handle-unsettled"),
        ({"responseCode": 301}, 400, SourceUnavailable, "handle-unsettled"),
        ({"responseCode": 100}, 500, SourceUnavailable, "service-unavailable"),
        (NOT_FOUND, 404, ParseError, "reply-is-markup"),
        (b"<html>", 200, ParseError, "reply-is-markup"),
        ([], 200, ParseError, "not-a-handle-reply"),
        ({"responseCode": None}, 404, ParseError, "not-a-handle-reply"),
        ({"responseCode": 1, "values": [value("HS_ALIAS", "nothing")]}, 200, ParseError, "no-doi"),
    ],
)
def test_nothing_but_code_100_says_that_a_doi_does_not_exist(body, status, error, key):
    with pytest.raises(error) as caught:
        parse_handle(payload(body, status=status))

    assert caught.value.message.key == key


def test_the_handle_of_another_doi_is_no_answer():
    with pytest.raises(ParseError) as caught:
        parse_handle(payload({"responseCode": 100, "handle": "10.5555/other"}, asked=["10.5555/asked"]))

    assert caught.value.message.key == "not-a-handle-reply"


def test_the_agency_of_a_prefix_that_was_not_asked_about_is_not_believed():
    told = [{"DOI": "10.55559", "RA": "DataCite"}, {"DOI": "10.5555", "RA": "Crossref"}]

    assert parse_agencies(payload(told, asked=["10.5555", "10.55551"])) == {"10.5555": "Crossref"}
    with pytest.raises(ParseError):
        parse_agencies(payload(told[:1], asked=["10.5555"]))


# -- laws ------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["DOI", "RA", "status", "responseCode", "values", "type", "data", "value"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150)
@given(json_values, st.sampled_from([200, 404]))
def test_no_json_raises_anything_but_our_own_errors(answer, status):
    asked = payload(json.dumps(answer).encode(), status=status, asked=["10.5555"])
    with suppress(HarvesterError):
        parse_agencies(asked)
    with suppress(HarvesterError):
        parse_handle(asked)


def test_every_recorded_answer_names_an_agency_or_none():
    files = sorted((CORPUS / "doi_ra").glob("*.json"))
    if not files:
        pytest.skip("../shared/corpus is missing")
    found = {}
    for path in files:
        found |= parse_agencies(payload(path.read_bytes()))

    assert len(found) > 75
    assert found["10.3980"] == "ISTIC"
    assert found["10.99999"] is None
    assert {agency for agency in found.values() if agency} == {
        "Crossref", "DataCite", "mEDRA", "JaLC", "KISTI", "ISTIC", "OP",
    }  # fmt: skip
