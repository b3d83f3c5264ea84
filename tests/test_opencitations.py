import json
from contextlib import suppress
from pathlib import Path

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
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
)
from harvester.sources.opencitations import SOURCE, parse_work
from harvester.wire import Asker, Payload, Request, Skip

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://api.example.org"
META = f"{BASE}/meta/v1/metadata/doi:10.5555/1"
NOBODY = Asker()
CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "opencitations"

ARTICLE = {
    "id": "doi:10.5555/PASTE.2016 pmid:27899999 openalex:W1 omid:br/0612",
    "title": "On The Drying Of Library Paste",
    "author": "Lin, Mei [orcid:0000-0002-1825-0097 omid:ra/061]; The Glue Consortium [omid:ra/062]",
    "pub_date": "2016-10",
    "page": "275-293",
    "issue": "4",
    "volume": "19",
    "venue": "Journal Of Paste [issn:1548-7768 omid:br/0613]",
    "type": "journal article",
    "publisher": "Test And Sons [crossref:281 omid:ra/063]",
    "editor": "Rossi, Anna [omid:ra/064]",
}


def doi(value):
    return Identifier(Scheme.DOI, value)


def payload(body, *, status=200, asked=(), url=META):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Payload(
        service="opencitations",
        url=url,
        status=status,
        content_type="application/json",
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(map(doi, asked)),
    )


def described(*ids):
    return [{**ARTICLE, "id": one} for one in ids]


# -- one record ------------------------------------------------------------------------------------------


def test_an_article_is_read_whole():
    skips: list[Skip] = []

    record = parse_work(ARTICLE, NIGHT, remarks=skips)

    assert skips == []
    assert record == Record(
        source="opencitations",
        source_key="10.5555/paste.2016",
        retrieved_at=NIGHT,
        identifiers=(doi("10.5555/paste.2016"), Identifier(Scheme.PMID, "27899999")),
        titles=(Text("On The Drying Of Library Paste", "en", Origin.AGGREGATOR),),
        contributors=(
            Contributor("Mei Lin", family="Lin", given="Mei", orcid="0000-0002-1825-0097"),
            Contributor("The Glue Consortium"),
            Contributor("Anna Rossi", family="Rossi", given="Anna", role="editor"),
        ),
        container=Container("Journal Of Paste", issns=("1548-7768",)),
        locus=Locus(volume="19", issue="4", pages="275-293"),
        issued=PartialDate(2016, 10),
        work_type="journal-article",
        publisher="Test And Sons",
        extra='{"id":["openalex:W1","omid:br/0612"]}',
    )


def test_the_older_index_is_read_with_its_count_and_link():
    record = parse_work(
        {
            "doi": "10.5555/1",
            "title": "On The Drying Of Paste",
            "author": "Lin, Mei",
            "year": "2016",
            "source_title": "Journal Of Paste",
            "source_id": "issn:1548-7768",
            "citation_count": "0",
            "oa_link": "https://paste.example.org/1.pdf",
        },
        NIGHT,
    )

    assert record.citation_count == 0
    assert record.issued == PartialDate(2016)
    assert record.container == Container("Journal Of Paste", issns=("1548-7768",))
    assert (record.is_open_access, record.oa_url) == (True, "https://paste.example.org/1.pdf")


# -- answers ---------------------------------------------------------------------------------------------


def test_what_meta_knows_is_counted_next_and_what_it_drops_is_missing():
    page = SOURCE.parse(
        payload(described("doi:10.5555/B omid:br/1", "doi:10.5555/x"), asked=["10.5555/a", "10.5555/b"])
    )

    assert [record.source_key for record in page.records] == ["10.5555/b"]
    assert page.missing == (doi("10.5555/a"),)
    assert page.follow == (
        Request(
            service="opencitations",
            url="https://api.example.org/index/v2/citation-count/doi:10.5555/b",
            asked=(doi("10.5555/b"),),
            limit="all",
        ),
    )
    assert page.skips == (
        Skip("10.5555/x", message("answer-not-asked-for", service="opencitations"), fatal=False),
    )


def test_two_dois_of_one_entry_are_not_brought_together():
    page = SOURCE.parse(payload(described("doi:10.5555/preprint doi:10.5555/a pmid:7"), asked=["10.5555/a"]))

    assert [(record.source_key, record.identifiers) for record in page.records] == [
        ("10.5555/a", (doi("10.5555/a"),))
    ]


def test_a_count_is_a_record_of_its_own_and_0_is_a_count():
    page = SOURCE.parse(payload([{"count": "0"}], asked=["10.5555/1"]))

    assert page.records == (
        Record(
            source="opencitations",
            source_key="citation-count:10.5555/1",
            retrieved_at=NIGHT,
            identifiers=(doi("10.5555/1"),),
            citation_count=0,
        ),
    )


def test_an_empty_list_is_absent_for_one_and_open_for_many():
    assert SOURCE.parse(payload([], asked=["10.5555/1"])).absent == (doi("10.5555/1"),)
    both = SOURCE.parse(payload([], asked=["10.5555/1", "10.5555/2"]))
    assert (both.absent, both.missing) == ((), (doi("10.5555/1"), doi("10.5555/2")))


@pytest.mark.parametrize(
    "body, status, key",
    [
        (b"<html>", 200, "reply-is-markup"),
        (b'[{"count":', 200, "reply-is-not-json"),
        (b'[{"count":"many"}]', 200, "value-left-out"),
        (b'[{"oci":"1-2","citing":"10.5555/1","cited":"10.5555/2"}]', 200, "not-a-work-reply"),
        (b'{"head":{},"results":{"bindings":[]}}', 200, "not-a-work-reply"),
        (b'{"error":400,"message":"the id is wrong"}', 400, "service-says"),
        (b"7", 200, "not-a-work-reply"),
    ],
)
def test_what_is_no_answer_is_malformed_and_never_absent(body, status, key):
    with pytest.raises(ParseError) as caught:
        SOURCE.parse(payload(body, status=status, asked=["10.5555/1"]))

    assert caught.value.message.key == key


@pytest.mark.parametrize(
    "status, error", [(429, SourceUnavailable), (500, SourceUnavailable), (403, SourceRefused)]
)
def test_overload_and_refusal_are_no_answers(status, error):
    with pytest.raises(error):
        SOURCE.parse(payload(b"<html>", status=status, asked=["10.5555/1"]))


# -- questions -------------------------------------------------------------------------------------------


def test_ten_works_are_asked_for_at_a_time():
    pmid = Identifier(Scheme.PMID, "7")

    first, second = SOURCE.batch(BASE, [pmid, *(doi(f"10.5555/{n}") for n in range(10))], NOBODY)

    assert first.url.startswith(f"{BASE}/meta/v1/metadata/pmid:7__doi:10.5555/0__doi:10.5555/1__")
    assert (len(first.asked), len(second.asked)) == (10, 1)


def test_a_doi_is_encoded_but_for_its_slashes():
    [request] = SOURCE.batch(BASE, [doi("10.5555/(sici)a#b?<1::2>")], NOBODY)

    assert request.url == f"{BASE}/meta/v1/metadata/doi:10.5555/%28sici%29a%23b%3F%3C1::2%3E"


def test_a_doi_that_holds_the_separator_is_asked_alone():
    requests = list(SOURCE.batch(BASE, [doi("10.5555/a"), doi("10.5555/b__c")], NOBODY))

    assert sorted(request.asked for request in requests) == [(doi("10.5555/a"),), (doi("10.5555/b__c"),)]


def test_other_identifiers_are_not_asked():
    arxiv = Identifier(Scheme.ARXIV, "2311.16162")

    assert list(SOURCE.batch(BASE, [arxiv], NOBODY)) == []
    with pytest.raises(InvalidIdentifier):
        SOURCE.single(BASE, arxiv, NOBODY)


# -- laws and the corpus ---------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted({*ARTICLE} - {"id"})), json_values, max_size=6))
def test_any_value_in_any_key_leaves_a_record(said):
    record = parse_work({**ARTICLE, **said}, NIGHT, remarks=[])

    assert record.source_key == "10.5555/paste.2016"
    assert len(record.fingerprint()) == 32


@settings(deadline=None)
@given(json_values)
def test_any_json_is_a_page_or_a_parse_error(value):
    with suppress(ParseError):
        assert SOURCE.parse(payload(json.dumps(value).encode())).missing == ()


@pytest.mark.parametrize(
    "name", ["oc_coci_citation_", "oc_coci_refs_many_dois", "oc_doi2ids", "oc_pmcid2ids", "oc_pmid2ids"]
)
def test_real_replies_about_something_else_say_so(name):
    if not CORPUS.exists():
        pytest.skip("../shared/corpus is missing")
    for path in CORPUS.glob(f"*{name}*.json"):
        with pytest.raises(ParseError, match="not a work reply"):
            SOURCE.parse(payload(path.read_bytes(), url=""))


def test_real_works_are_whole():
    if not CORPUS.exists():
        pytest.skip("../shared/corpus is missing")
    paths = [*CORPUS.glob("*oc_coci_meta*.json"), *CORPUS.glob("*__10.*.json")]
    records = [one for path in paths for one in SOURCE.parse(payload(path.read_bytes(), url="")).records]

    assert records
    assert all(one.titles and one.contributors and one.issued and one.container for one in records)
    assert all(one.citation_count is not None for one in records)
