import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import InvalidIdentifier, ParseError, SourceRefused, SourceUnavailable
from harvester.model import (
    Identifier,
    Scheme,
)
from harvester.sources.semantic_scholar import SOURCE
from harvester.wire import Asker, Limit, Payload

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://api.example.org/graph/v1"
NOBODY = Asker()
SHA = "0123456789abcdef0123456789abcdef01234567"
OTHER_SHA = "f" * 40

PAPER = {"paperId": SHA, "externalIds": {"DOI": "10.5555/PASTE.2016"}}


def doi(value):
    return Identifier(Scheme.DOI, value)


def payload(body, *, status=200, kind="application/json", asked=()):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Payload(
        service="semanticscholar",
        url=BASE,
        status=status,
        content_type=kind,
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(asked),
    )


# -- answers ---------------------------------------------------------------------------------------------


def test_a_batch_is_matched_by_position_and_null_is_absent():
    asked = [doi("10.5555/none"), doi("10.5555/paste.2016")]

    page = SOURCE.parse(payload([None, PAPER], asked=asked))

    assert page.absent == (doi("10.5555/none"),)
    assert [record.source_key for record in page.records] == [SHA]


def test_a_batch_of_another_length_cannot_be_matched():
    with pytest.raises(ParseError) as caught:
        SOURCE.parse(payload([PAPER], asked=[doi("10.5555/1"), doi("10.5555/2")]))

    assert caught.value.message.key == "batch-length"


def test_another_papers_doi_is_left_out_and_not_made_an_alias():
    page = SOURCE.parse(payload([PAPER], asked=[doi("10.5555/preprint")]))

    assert (page.records, page.absent) == ((), ())
    assert [(skip.where, skip.why.key, skip.fatal) for skip in page.skips] == [
        ("10.5555/preprint", "answer-is-another", True)
    ]


def test_a_paper_without_a_doi_gets_the_one_that_was_asked_for():
    [record] = SOURCE.parse(payload([{"paperId": SHA}], asked=[doi("10.5555/1")])).records

    assert record.identifiers == (doi("10.5555/1"), Identifier(Scheme.S2, SHA))


def test_a_forwarded_paper_id_is_kept():
    [record] = SOURCE.parse(payload([PAPER], asked=[Identifier(Scheme.S2, OTHER_SHA)])).records

    assert Identifier(Scheme.S2, OTHER_SHA) in record.identifiers


def test_a_batch_with_no_known_id_is_absent_as_a_whole():
    asked = [doi("10.5555/1"), doi("10.5555/2")]

    page = SOURCE.parse(payload({"error": "No valid paper ids given"}, status=400, asked=asked))

    assert page.absent == tuple(asked)


def test_a_batch_that_an_odd_id_may_have_spoilt_is_not_absent():
    asked = [doi("10.5555/1"), doi("10.5555/a|b")]

    with pytest.raises(ParseError):
        SOURCE.parse(payload({"error": "No valid paper ids given"}, status=400, asked=asked))
    assert SOURCE.parse(
        payload({"error": "No valid paper ids given"}, status=400, asked=asked[1:])
    ).absent == tuple(asked[1:])


def test_a_single_not_found_is_absent():
    page = SOURCE.parse(
        payload({"error": "Paper with id DOI:10.5555/1 not found"}, status=404, asked=[doi("10.5555/1")])
    )

    assert page.absent == (doi("10.5555/1"),)


@pytest.mark.parametrize(
    "body, status, key",
    [
        ({"error": "Internal trouble"}, 200, "service-says"),
        ({"error": "Paper with id DOI:10.5555/1 not found"}, 200, "service-says"),
        ({"error": "Unrecognized or unsupported fields: [unknown]"}, 400, "service-says"),
        ({"error": "Response would exceed maximum size"}, 400, "batch-too-large"),
        ({"message": "Missing Authentication Token"}, 404, "service-says"),
        (b"<html>nothing here</html>", 404, "reply-is-markup"),
        (b'[{"paperId": "01', 200, "reply-is-not-json"),
        (b"", 200, "reply-is-not-json"),
        ({"total": 1, "offset": 0, "data": [{"authorId": "1", "name": "A. Rossi"}]}, 200, "not-a-work-reply"),
        ({"release_id": "2026-01-01", "datasets": []}, 200, "not-a-work-reply"),
        (b'"paper"', 200, "not-an-object"),
    ],
)
def test_what_is_no_answer_is_malformed_and_never_absent(body, status, key):
    with pytest.raises(ParseError) as caught:
        SOURCE.parse(payload(body, status=status, asked=[doi("10.5555/1")]))

    assert caught.value.message.key == key


@pytest.mark.parametrize(
    "body, status, error",
    [
        ({"message": "Too Many Requests.", "code": "429"}, 429, SourceUnavailable),
        ({"message": "Endpoint request timed out"}, 504, SourceUnavailable),
        ({"message": "Forbidden"}, 403, SourceRefused),
    ],
)
def test_overload_and_refusal_are_no_answers(body, status, error):
    with pytest.raises(error):
        SOURCE.parse(payload(body, status=status, asked=[doi("10.5555/1")]))


@pytest.mark.parametrize(
    "body, keys",
    [
        ({"total": 1, "offset": 0, "data": [PAPER]}, [SHA]),
        (
            {"offset": 0, "data": [{"citingPaper": PAPER}, {"citedPaper": {"paperId": OTHER_SHA}}]},
            [SHA, OTHER_SHA],
        ),
        ({"recommendedPapers": [PAPER]}, [SHA]),
        ({"total": 0, "offset": 0}, []),
        ([PAPER, None], [SHA]),
        (PAPER, [SHA]),
    ],
)
def test_with_nothing_asked_every_paper_is_read(body, keys):
    assert [record.source_key for record in SOURCE.parse(payload(body)).records] == keys


# -- questions -------------------------------------------------------------------------------------------


def test_a_batch_spells_every_scheme_and_sends_the_fields_as_a_parameter():
    asked = [
        doi("10.5555/1"),
        Identifier(Scheme.PMID, "7"),
        Identifier(Scheme.PMCID, "PMC8"),
        Identifier(Scheme.ARXIV, "2304.01333"),
        Identifier(Scheme.PLATFORM, "x:1"),
    ]

    [request] = SOURCE.batch(BASE, asked, Asker(key="secret"))

    assert request.method == "POST"
    assert request.url == f"{BASE}/paper/batch"
    assert json.loads(request.body) == {"ids": ["DOI:10.5555/1", "PMID:7", "PMCID:8", "ARXIV:2304.01333"]}
    assert [name for name, _ in request.params] == ["fields"]
    assert ("x-api-key", "secret") in request.headers
    assert request.asked == tuple(asked[:4])


def test_a_batch_holds_five_hundred_papers():
    requests = list(SOURCE.batch(BASE, [doi(f"10.5555/{n}") for n in range(1001)], NOBODY))

    assert [len(request.asked) for request in requests] == [500, 500, 1]


def test_of_a_failed_batch_the_odd_ids_are_asked_apart():
    plain, odd = [doi("10.5555/a"), doi("10.5555/b(1)<2>")], [doi("10.5555/c[d]"), doi("10.5555/e,f")]

    assert SOURCE.kinds([plain[0], odd[0], plain[1], odd[1]]) == (plain, odd)
    assert SOURCE.kinds(plain) == (plain,)


def test_a_single_look_up_encodes_the_doi_once():
    request = SOURCE.single(BASE, doi("10.5555/a(1)2<3>"), NOBODY)

    assert request.url == f"{BASE}/paper/DOI:10.5555%2Fa%281%292%3C3%3E"
    assert request.headers == ()


def test_an_unknown_scheme_is_not_asked():
    with pytest.raises(InvalidIdentifier):
        SOURCE.single(BASE, Identifier(Scheme.PLATFORM, "x:1"), NOBODY)


def test_all_endpoints_share_one_request_a_second():
    assert SOURCE.limits(Asker(key="k")) == {"all": Limit(1, 1)}
    assert SOURCE.single(BASE, doi("10.5555/1"), NOBODY).limit == "all"


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
        assert SOURCE.parse(payload(json.dumps(value).encode(), asked=[doi("10.5555/1")])).missing == ()
