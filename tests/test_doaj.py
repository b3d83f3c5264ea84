import json
from contextlib import suppress
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import InvalidIdentifier, ParseError, SourceRefused, SourceUnavailable
from harvester.messages import message
from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    OpenAccess,
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
)
from harvester.sources.doaj import SOURCE, parse_work
from harvester.wire import Asker, Payload, Skip

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://doaj.example.org"
NOBODY = Asker()

BIBJSON = {
    "title": "On the drying of library paste",
    "abstract": "<p>How the paste of the library dries.</p>",
    "year": "2016",
    "month": "10",
    "start_page": "275",
    "end_page": "293",
    "author": [
        {
            "name": "Mei Lin",
            "affiliation": "Institute of Paste",
            "orcid_id": "https://orcid.org/0000-0002-1825-0097",
        },
        {"name": "刘伟明"},
        {"affiliation": "Nowhere"},
    ],
    "identifier": [
        {"type": "pissn", "id": "1548-7768"},
        {"type": "doi", "id": "10.5555/PASTE.2016"},
    ],
    "journal": {
        "title": "Journal of Paste",
        "volume": "19",
        "number": "4",
        "country": "CN",
        "language": ["EN"],
        "publisher": "Test &amp; Sons",
        "issns": ["1548-7768"],
    },
    "link": [
        {"type": "homepage", "url": "https://paste.example.org"},
        {"type": "fulltext", "url": "https://paste.example.org/7"},
    ],
    "keywords": ["paste", "glue", "paste"],
    "subject": [{"scheme": "LCC", "term": "Library science", "code": "Z"}],
}


def doi(value):
    return Identifier(Scheme.DOI, value)


def article(value, **said):
    return {"id": f"id-{value}", "bibjson": {"identifier": [{"type": "doi", "id": value}], **said}}


def payload(body, *, status=200, asked=()):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Payload(
        service="doaj",
        url=BASE,
        status=status,
        content_type="application/json",
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(map(doi, asked)),
    )


def hits(*articles, total=None, **kept):
    body = {"total": len(articles) if total is None else total, "page": 1, "results": list(articles)}
    return payload(body, **kept)


# -- one record ------------------------------------------------------------------------------------------


def test_an_article_is_read_whole():
    skips: list[Skip] = []

    record = parse_work({"id": "0123abcd", "bibjson": BIBJSON}, NIGHT, remarks=skips)

    assert skips == []
    assert record == Record(
        source="doaj",
        source_key="0123abcd",
        retrieved_at=NIGHT,
        identifiers=(doi("10.5555/paste.2016"),),
        titles=(Text("On the drying of library paste", "en", Origin.AGGREGATOR),),
        abstracts=(Text("How the paste of the library dries.", "en", Origin.AGGREGATOR),),
        contributors=(
            Contributor("Mei Lin", orcid="0000-0002-1825-0097", affiliations=("Institute of Paste",)),
            Contributor("刘伟明", family="刘", given="伟明"),
        ),
        container=Container("Journal of Paste", issns=("1548-7768",)),
        locus=Locus(volume="19", issue="4", pages="275-293"),
        issued=PartialDate(2016, 10),
        work_type="journal-article",
        publisher="Test & Sons",
        is_open_access=True,
        open_access=OpenAccess("https://paste.example.org/7"),
        subjects=("paste", "glue"),
        extra='{"journal-language":["EN"],"subject":["Library science"]}',
    )


@pytest.mark.parametrize(
    "year, month, issued",
    [
        ("2013", "6", "2013-06"),
        (2013, None, "2013"),
        ("2013", "December", "2013-12"),
        ("2013", "Spring", "2013"),
        ("2013", "13", "2013"),
        ("n.d.", "1", None),
    ],
)
def test_a_month_is_a_number_or_a_name(year, month, issued):
    found = parse_work(article("10.5555/1", year=year, month=month), NIGHT).issued

    assert (None if found is None else str(found)) == issued


@pytest.mark.parametrize(
    "title, languages, language",
    [
        ("浆糊的干燥研究", ["EN"], "zh-Hans"),
        ("浆糊的干燥研究", ["EN", "ZH"], "zh-Hans"),
        ("On the drying of the paste", ["ZH"], "en"),
    ],
)
def test_a_title_is_filed_by_what_it_is(title, languages, language):
    record = parse_work(article("10.5555/1", title=title, journal={"language": languages}), NIGHT)

    assert [each.language for each in record.titles] == [language]


def test_an_article_without_a_title_is_kept():
    record = parse_work(article("10.5555/1"), NIGHT)

    assert (record.source_key, record.titles) == ("id-10.5555/1", ())


# -- answers ---------------------------------------------------------------------------------------------


def test_a_search_that_tells_all_its_hits_tells_what_is_absent():
    page = SOURCE.parse(hits(article("10.5555/B"), article("10.5555/x"), asked=["10.5555/a", "10.5555/b"]))

    assert [record.source_key for record in page.records] == ["id-10.5555/B"]
    assert (page.absent, page.missing) == ((doi("10.5555/a"),), ())
    assert page.skips == (Skip("id-10.5555/x", message("answer-not-asked-for", service="doaj"), fatal=False),)


def test_an_answer_about_other_works_alone_says_nothing_of_what_was_asked():
    both = SOURCE.parse(hits(article("10.5555/x"), asked=["10.5555/a", "10.5555/b"]))
    one = SOURCE.parse(hits(article("10.5555/x"), asked=["10.5555/a"]))

    assert (both.records, both.absent, both.missing) == ((), (), (doi("10.5555/a"), doi("10.5555/b")))
    assert (one.records, one.absent, one.missing) == ((), (), ())


def test_no_hit_is_absent():
    assert SOURCE.parse(hits(asked=["10.5555/a"])).absent == (doi("10.5555/a"),)


@pytest.mark.parametrize(
    "reply",
    [
        hits(article("10.5555/b"), total=101, asked=["10.5555/a", "10.5555/b"]),
        hits(article("10.5555/b"), None, asked=["10.5555/a", "10.5555/b"]),  # may be the one
        payload({"results": [article("10.5555/b")]}, asked=["10.5555/a", "10.5555/b"]),
    ],
)
def test_a_search_that_does_not_tell_all_leaves_the_rest_open(reply):
    page = SOURCE.parse(reply)

    assert (page.absent, page.missing) == ((), (doi("10.5555/a"),))


@pytest.mark.parametrize(
    "body, status, key",
    [
        (b"<html>", 200, "reply-is-markup"),
        (b'{"total":1,"results":[', 200, "reply-is-not-json"),
        (b'{"status":"bad_request","error":"the query is wrong"}', 400, "service-says"),
        (b'{"total":1,"results":[{"id":"1","bibjson":{"pissn":"1548-7768"}}]}', 200, "not-a-work-reply"),
        (b'{"id":"1"}', 200, "not-a-work-reply"),
        (b"7", 200, "not-an-object"),
        (b"<html>", 414, "batch-too-large"),
    ],
)
def test_what_is_no_answer_is_malformed_and_never_absent(body, status, key):
    with pytest.raises(ParseError) as caught:
        SOURCE.parse(payload(body, status=status, asked=["10.5555/1"]))

    assert caught.value.message.key == key


@pytest.mark.parametrize(
    "status, error", [(429, SourceUnavailable), (503, SourceUnavailable), (403, SourceRefused)]
)
def test_overload_and_refusal_are_no_answers(status, error):
    with pytest.raises(error):
        SOURCE.parse(payload(b"<html>", status=status, asked=["10.5555/1"]))


# -- questions -------------------------------------------------------------------------------------------


def test_a_doi_is_searched_for_in_both_cases_as_a_phrase_in_the_path():
    request = SOURCE.single(BASE, doi("10.5555/ab*c"), NOBODY)

    path = request.url.removeprefix(f"{BASE}/api/search/articles/")
    assert "/" not in path
    assert unquote(path) == r'doi:"10.5555\/ab\*c" OR doi:"10.5555\/AB\*C"'
    assert request.params == (("pageSize", "100"),)


def test_a_doi_without_letters_is_searched_for_once():
    request = SOURCE.single(BASE, doi("10.5555/7"), NOBODY)

    assert unquote(request.url).endswith(r'/doi:"10.5555\/7"')


def test_other_identifiers_are_not_asked():
    pmid = Identifier(Scheme.PMID, "7")

    assert list(SOURCE.batch(BASE, [pmid], NOBODY)) == []
    with pytest.raises(InvalidIdentifier):
        SOURCE.single(BASE, pmid, NOBODY)


@given(st.lists(st.text('abc/,()<>;#é中"\\', min_size=1, max_size=80), max_size=100))
def test_every_doi_is_asked_exactly_once_in_a_path_of_bounded_length(suffixes):
    asked = [doi(f"10.5555/{suffix}") for suffix in suffixes]

    requests = list(SOURCE.batch(BASE, asked, NOBODY))

    covered = [each for request in requests for each in request.asked]
    assert sorted(covered) == sorted(set(asked))
    assert all(len(request.asked) == 1 or len(request.url) < 3_100 for request in requests)
    assert all(len(request.asked) <= 20 for request in requests)


# -- laws ------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(BIBJSON)), json_values, max_size=6))
def test_any_value_in_any_key_leaves_a_record(said):
    record = parse_work({"id": "0123abcd", "bibjson": {**BIBJSON, **said}}, NIGHT, remarks=[])

    assert record.source_key == "0123abcd"
    assert len(record.fingerprint()) == 32


@settings(deadline=None)
@given(json_values)
def test_any_json_is_a_page_or_a_parse_error(value):
    with suppress(ParseError):
        assert SOURCE.parse(payload(json.dumps(value).encode())).missing == ()
