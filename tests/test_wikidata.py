import json
from contextlib import suppress
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import InvalidIdentifier, ParseError, SourceRefused, SourceUnavailable
from harvester.model import Identifier, Origin, Record, Scheme, Text
from harvester.sources.wikidata import SOURCE, parse_work
from harvester.wire import Asker, Payload

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://query.example.org/sparql"
NOBODY = Asker()


def doi(value):
    return Identifier(Scheme.DOI, value)


def row(item="Q7", of="10.5555/PASTE.2016", zh="浆糊在图书馆里怎样变干", tag="zh"):
    found = {
        "i": {"type": "uri", "value": f"http://www.wikidata.org/entity/{item}"},
        "doi": {"type": "literal", "value": of},
    }
    return found | ({"zh": {"type": "literal", "xml:lang": tag, "value": zh}} if zh else {})


def answer(*rows):
    return {"head": {"vars": ["i", "doi", "zh"]}, "results": {"bindings": list(rows)}}


def payload(body, *, status=200, asked=()):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Payload(
        service="wikidata",
        url=BASE,
        status=status,
        content_type="application/sparql-results+json",
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(asked),
    )


# -- answers ---------------------------------------------------------------------------------------------


def test_a_chinese_title_is_read_and_the_others_are_absent():
    asked = [doi("10.5555/none"), doi("10.5555/paste.2016")]

    page = SOURCE.parse(payload(answer(row()), asked=asked))

    assert page.absent == (doi("10.5555/none"),)
    assert page.records == (
        Record(
            source="wikidata",
            source_key="Q7",
            retrieved_at=NIGHT,
            identifiers=(doi("10.5555/paste.2016"),),
            titles=(Text("浆糊在图书馆里怎样变干", "zh-Hans", Origin.AGGREGATOR),),
        ),
    )


def test_an_answer_to_another_question_says_nothing_of_what_it_leaves_out():
    alone = SOURCE.parse(payload(answer(row()), asked=[doi("10.5555/a")]))
    both = SOURCE.parse(payload(answer(row()), asked=[doi("10.5555/a"), doi("10.5555/b")]))

    assert (alone.records, alone.absent, alone.missing) == ((), (), ())
    assert (both.records, both.absent, both.missing) == ((), (), (doi("10.5555/a"), doi("10.5555/b")))


@pytest.mark.parametrize("zh", ["On the drying of library paste", None, " ", "のりの乾き方", "…"])
def test_a_label_without_han_is_no_chinese_title(zh):
    page = SOURCE.parse(payload(answer(row(zh=zh)), asked=[doi("10.5555/paste.2016")]))

    assert (page.records, page.absent) == ((), (doi("10.5555/paste.2016"),))


def test_there_is_one_title_a_script_whatever_the_order_of_the_rows():
    rows = [
        row(zh="漿糊在圖書館裏怎樣變乾", tag="zh-hant"),
        row(zh="浆糊在图书馆里怎样变干", tag="zh-cn"),
        row(zh="图书馆里浆糊的干燥", tag="zh"),
    ]

    titles = parse_work(rows, NIGHT).titles

    assert [(title.value, title.language) for title in titles] == [
        ("浆糊在图书馆里怎样变干", "zh-Hans"),
        ("漿糊在圖書館裏怎樣變乾", "zh-Hant"),
    ]
    assert parse_work(rows[::-1], NIGHT) == parse_work(rows, NIGHT)


def test_two_items_of_one_doi_are_two_records():
    page = SOURCE.parse(payload(answer(row("Q7"), row("Q8")), asked=[doi("10.5555/paste.2016")]))

    assert [record.source_key for record in page.records] == ["Q7", "Q8"]


def test_a_row_without_an_item_is_skipped_with_the_reason():
    page = SOURCE.parse(payload(answer(row("P7"), row())))

    assert [record.source_key for record in page.records] == ["Q7"]
    assert [(skip.where, skip.why.key, skip.fatal) for skip in page.skips] == [
        ("row 1", "no-key-in-record", True)
    ]


@pytest.mark.parametrize(
    "body, status, key",
    [
        (
            b'{"head": {}, "results": {"bindings": [ {\njava.util.concurrent.TimeoutException',
            200,
            "reply-is-not-json",
        ),
        (b"SPARQL-QUERY: queryStr=SELECT java.lang.Exception", 400, "reply-is-not-json"),
        ({"boolean": True}, 200, "not-a-work-reply"),
        (answer(), 404, "not-a-work-reply"),
        (b"[]", 200, "not-an-object"),
        (b"<html>busy</html>", 200, "reply-is-markup"),
    ],
)
def test_what_is_no_answer_is_malformed_and_never_absent(body, status, key):
    with pytest.raises(ParseError) as caught:
        SOURCE.parse(payload(body, status=status, asked=[doi("10.5555/1")]))

    assert caught.value.message.key == key


@pytest.mark.parametrize(
    "status, error", [(429, SourceUnavailable), (500, SourceUnavailable), (403, SourceRefused)]
)
def test_overload_and_refusal_are_no_answers(status, error):
    with pytest.raises(error):
        SOURCE.parse(payload(b"", status=status, asked=[doi("10.5555/1")]))


# -- questions -------------------------------------------------------------------------------------------


def query(request):
    return parse_qs(request.body.decode())["query"][0]


def test_dois_are_asked_in_upper_case_by_post():
    request = SOURCE.single(BASE, doi("10.5555/paste.2016é"), NOBODY)

    assert (request.method, request.url) == ("POST", BASE)
    assert 'VALUES ?doi { "10.5555/PASTE.2016é" }' in query(request)
    assert ("Accept", "application/sparql-results+json") in request.headers


def test_two_hundred_dois_are_one_query():
    asked = [doi(f"10.5555/{number}") for number in range(401)]

    requests = list(SOURCE.batch(BASE, [*asked, Identifier(Scheme.PMID, "7")], NOBODY))

    assert [len(request.asked) for request in requests] == [200, 200, 1]


def test_a_doi_cannot_end_the_string_that_it_stands_in():
    text = query(SOURCE.single(BASE, doi('10.5555/a" } ?x ?y ?z \\'), NOBODY))

    assert '{ "10.5555/A\\" } ?X ?Y ?Z \\\\" }' in text


def test_an_unknown_scheme_is_not_asked():
    with pytest.raises(InvalidIdentifier):
        SOURCE.single(BASE, Identifier(Scheme.PMID, "7"), NOBODY)


# -- laws ------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.sampled_from(["i", "doi", "zh"]), json_values, json_values)
def test_any_json_in_any_key_is_a_page(key, value, inner):
    for odd in (row() | {key: value}, row() | {key: {"value": inner, "xml:lang": inner}}):
        page = SOURCE.parse(payload(answer(odd, row("Q8")), asked=[doi("10.5555/paste.2016")]))
        assert "Q8" in {record.source_key for record in page.records}


@settings(deadline=None)
@given(json_values)
def test_any_json_is_a_page_or_a_parse_error(value):
    with suppress(ParseError):
        assert SOURCE.parse(payload(json.dumps(value).encode(), asked=[doi("10.5555/1")])).records == ()
