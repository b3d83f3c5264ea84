import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from harvester.errors import InvalidIdentifier, ParseError, SourceRefused, SourceUnavailable
from harvester.messages import message
from harvester.model import (
    Identifier,
    Locus,
    Scheme,
)
from harvester.sources import SOURCES
from harvester.sources.crossref import SOURCE
from harvester.wire import Asker, Limit, Payload, Skip

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://api.example.org"
NOBODY = Asker()

# What the service itself listed as valid when it was asked for a wrong one.
SELECTABLE = (
    "abstract URL resource member posted score created degree update-policy short-title license ISSN container-title"
    " issued update-to issue prefix approved indexed article-number clinical-trial-number accepted author group-title"
    " DOI is-referenced-by-count updated-by event chair standards-body original-title funder translator published"
    " archive published-print alternative-id subject subtitle published-online publisher-location content-domain"
    " reference title link type publisher volume references-count ISBN issn-type assertion deposited page"
    " contributor content-created short-container-title relation editor"
)


def doi(value):
    return Identifier(Scheme.DOI, value)


def payload(body, *, status=200, kind="application/json", asked=()):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Payload(
        service="crossref",
        url=BASE,
        status=status,
        content_type=kind,
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(map(doi, asked)),
    )


def single_reply(work, **kept):
    return payload({"status": "ok", "message-type": "work", "message": work}, **kept)


def list_reply(*works, **kept):
    body = {
        "status": "ok",
        "message-type": "work-list",
        "message": {"total-results": 1, "items": list(works)},
    }
    return payload(body, **kept)


def test_unpaired_surrogates_and_line_separators_survive_reading():
    body = b'{"DOI":"10.5555/1","title":["The paste\\ud800 and\xe2\x80\xa8the glue"],"volume":"\\udfff1","score":NaN}'

    [record] = SOURCE.parse(payload(body)).records

    assert record.titles[0].value.startswith("The paste")
    assert record.locus == Locus(volume="\ufffd1")
    assert len(record.fingerprint()) == 32


@pytest.mark.parametrize(
    "item, key",
    [
        ({"DOI": ""}, "no-key-in-record"),  # rest-api-doc#144
        ({"title": ["A"]}, "no-key-in-record"),
        ({"DOI": "10.5555/1", "title": ["CrossRef Listing of Deleted DOIs"]}, "deleted-doi"),
        ({"DOI": "10.5555/1", "container-title": ["CrossRef Listing of Deleted DOIs"]}, "deleted-doi"),
        (None, "not-an-object"),
    ],
)
def test_what_is_no_work_is_skipped_with_its_reason(item, key):
    page = SOURCE.parse(list_reply(item, {"DOI": "10.5555/2"}))

    assert [record.source_key for record in page.records] == ["10.5555/2"]
    assert [(skip.why.key, skip.fatal) for skip in page.skips] == [(key, True)]


# -- answers ---------------------------------------------------------------------------------------------


def test_a_list_is_matched_by_doi_and_what_it_drops_is_missing():
    page = SOURCE.parse(
        list_reply({"DOI": "10.5555/C"}, {"DOI": "10.5555/X"}, asked=["10.5555/a", "10.5555/b", "10.5555/c"])
    )

    assert [record.source_key for record in page.records] == ["10.5555/c"]
    assert page.missing == (doi("10.5555/a"), doi("10.5555/b"))
    assert page.absent == ()
    assert page.skips == (
        Skip("10.5555/x", message("answer-not-asked-for", service="crossref"), fatal=False),
    )


def test_a_tombstone_in_a_list_is_not_missing():
    page = SOURCE.parse(
        list_reply({"DOI": "10.5555/A", "title": ["CrossRef Listing of Deleted DOIs"]}, asked=["10.5555/a"])
    )

    assert (page.records, page.missing, page.absent) == ((), (), ())
    assert [skip.where for skip in page.skips] == ["10.5555/a"]


def test_an_alias_is_kept_beside_the_prime_doi():
    reply = single_reply({"DOI": "10.5555/prime"}, asked=["10.5555/alias"])
    page = SOURCE.parse(replace(reply, url=f"{BASE}/works/10.5555%2FPrime"))

    [record] = page.records
    assert record.source_key == "10.5555/prime"
    assert record.identifiers == (doi("10.5555/alias"), doi("10.5555/prime"))


def test_another_work_that_the_service_did_not_lead_to_is_no_alias():
    page = SOURCE.parse(single_reply({"DOI": "10.5555/other"}, asked=["10.5555/asked"]))

    assert (page.records, page.absent, page.missing) == ((), (), ())
    assert [(skip.where, skip.why.key) for skip in page.skips] == [("10.5555/asked", "answer-is-another")]


def test_the_documented_not_found_is_absent():
    page = SOURCE.parse(
        payload(b"Resource not found.", status=404, kind="text/plain;charset=utf-8", asked=["10.5555/1"])
    )

    assert page.absent == (doi("10.5555/1"),)


@pytest.mark.parametrize(
    "body, status, kind, key",
    [
        (b"<html>Not found</html>", 404, "text/html", "reply-is-markup"),
        (b"Not here", 404, "text/plain", "reply-is-not-json"),
        (b"Resource not found.", 404, "text/html", "reply-is-not-json"),
        (b"", 404, "text/plain", "reply-is-not-json"),
        (b"<!doctype html>", 200, "application/json", "reply-is-markup"),
        (b'{"status":"ok","message":{"DOI":"10.5555/1"', 200, "application/json", "reply-is-not-json"),
        (b"[" * 100_000, 200, "application/json", "reply-is-not-json"),
        (b'{"status":"ok","message-type":"member-list","message":{"items":[]}}', 200, "", "not-a-work-reply"),
        (b'{"status":"ok","message-type":"work","message":null}', 200, "", "not-a-work-reply"),
        (b'{"status":"error","message-type":"exception","message":{"message":"x"}}', 200, "", "service-says"),
        (b"7", 200, "", "not-an-object"),
        (b"<html>414 Request-URI Too Large</html>", 414, "text/html", "batch-too-large"),
    ],
)
def test_what_is_no_answer_is_malformed_and_never_absent(body, status, kind, key):
    with pytest.raises(ParseError) as caught:
        SOURCE.parse(payload(body, status=status, kind=kind, asked=["10.5555/1"]))

    assert caught.value.message.key == key


def test_a_complaint_is_told_in_the_services_own_words():
    body = {
        "status": "failed",
        "message-type": "validation-failure",
        "message": [
            {"type": "select-not-available", "value": "updated", "message": "Select 'updated' is not for you"}
        ],
    }

    with pytest.raises(ParseError, match="Select 'updated' is not for you"):
        SOURCE.parse(payload(body, status=400))


@pytest.mark.parametrize(
    "status, error",
    [
        (429, SourceUnavailable),
        (503, SourceUnavailable),
        (500, SourceUnavailable),
        (403, SourceRefused),
        (401, SourceRefused),
    ],
)
def test_overload_and_refusal_are_no_answers(status, error):
    with pytest.raises(error):
        SOURCE.parse(payload(b"<html>", status=status, kind="text/html", asked=["10.5555/1"]))


# -- questions -------------------------------------------------------------------------------------------


def test_a_batch_asks_for_a_hundred_dois_at_once_and_for_as_many_rows():
    first, second = SOURCE.batch(
        BASE, [doi(f"10.5555/{n}") for n in range(150)], Asker(email="lin@example.org")
    )

    params = dict(first.params)
    assert first.url == "https://api.example.org/works"
    assert params["filter"].startswith("doi:10.5555/0,doi:10.5555/1,")
    assert (params["rows"], params["mailto"]) == ("100", "lin@example.org")
    assert (len(first.asked), len(second.asked), first.limit) == (100, 50, "list")


def test_a_batch_selects_only_what_the_service_lets_be_selected():
    [request] = SOURCE.batch(BASE, [doi("10.5555/1"), doi("10.5555/2")], NOBODY)

    assert set(dict(request.params)["select"].split(",")) <= set(SELECTABLE.split())


def test_long_dois_make_smaller_batches():
    requests = list(SOURCE.batch(BASE, [doi(f"10.5555/{n:04}{'x' * 196}") for n in range(100)], NOBODY))

    assert sum(len(request.asked) for request in requests) == 100
    assert all(len(dict(request.params)["filter"]) <= 5_200 for request in requests)
    assert len(requests) == 5


def test_a_doi_with_a_comma_is_asked_singly_and_encoded_once():
    requests = list(SOURCE.batch(BASE, [doi("10.5555/jama.251.19.2504,2509")], NOBODY))

    assert [(request.url, request.limit) for request in requests] == [
        ("https://api.example.org/works/10.5555%2Fjama.251.19.2504%2C2509", "single")
    ]


def test_other_identifiers_are_not_asked():
    pmid = Identifier(Scheme.PMID, "7")

    assert list(SOURCE.batch(BASE, [pmid], NOBODY)) == []
    with pytest.raises(InvalidIdentifier):
        SOURCE.single(BASE, pmid, NOBODY)


def test_the_token_goes_into_a_header_only():
    request = SOURCE.single(BASE, doi("10.5555/1"), Asker(key="secret"))

    assert request.headers == (("Crossref-Plus-API-Token", "Bearer secret"),)
    assert "secret" not in request.url + repr(request.params)


def test_the_limits_are_those_of_the_askers_pool():
    assert SOURCE.limits(NOBODY) == {"single": Limit(5, 1), "list": Limit(1, 1)}
    assert SOURCE.limits(Asker(email="a@b.org")) == {"single": Limit(10, 3), "list": Limit(3, 3)}
    assert SOURCE.limits(Asker(key="k"))["list"].per_second == 150


@given(st.lists(st.text("abc/,()<>;#é中", min_size=1, max_size=80), max_size=300))
def test_every_doi_is_asked_exactly_once(suffixes):
    asked = [doi(f"10.5555/{suffix}") for suffix in suffixes]

    requests = list(SOURCE.batch(BASE, asked, NOBODY))

    covered = [each for request in requests for each in request.asked]
    assert sorted(covered) == sorted(set(asked))
    assert all(
        "," not in each.value for request in requests if request.limit == "list" for each in request.asked
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


# -- laws ------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(json_values)
def test_any_json_is_a_page_or_a_parse_error(value):
    with suppress(ParseError):
        assert SOURCE.parse(payload(json.dumps(value).encode())).missing == ()


def test_names_of_the_sources_are_unique():
    assert len({source.name for source in SOURCES}) == len(SOURCES)


def test_a_replacement_character_that_the_service_passes_on_is_part_of_its_answer():
    work = {"DOI": "10.5555/lost", "title": ["Lost \ufffd accents"], "type": "journal-article"}
    body = json.dumps({"status": "ok", "message-type": "work", "message": work}, ensure_ascii=False).encode()

    page = SOURCE.parse(payload(body, asked=["10.5555/lost"]))

    assert [one.titles[0].value for one in page.records] == ["Lost \ufffd accents"]
