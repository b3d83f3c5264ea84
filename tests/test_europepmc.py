import gzip
import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import (
    HarvesterError,
    InvalidIdentifier,
    ParseError,
    SourceRefused,
    SourceUnavailable,
)
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
    Relation,
    RelationKind,
    Scheme,
    Text,
)
from harvester.sources.europepmc import SOURCE, parse_work
from harvester.wire import Asker, Payload, Skip

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://epmc.example.org/rest"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

CORE = {
    "id": "99000001",
    "source": "MED",
    "pmid": "99000001",
    "pmcid": "PMC9900001",
    "doi": "10.5555/Paste.2008",
    "title": "[How <i>library</i> paste dries].",
    "authorString": "Lin M, Glue Consortium.",
    "authorList": {
        "author": [
            {
                "fullName": "Lin M",
                "firstName": "Mei",
                "lastName": "Lin",
                "initials": "M",
                "authorId": {"type": "ORCID", "value": "0000-0002-1825-0097"},
                "authorAffiliationDetailsList": {
                    "authorAffiliation": [{"affiliation": "Institute of Paste."}]
                },
            },
            {"collectiveName": "Glue Consortium"},
        ]
    },
    "journalInfo": {
        "issue": "4",
        "volume": "39",
        "dateOfPublication": "2008 Aug",
        "yearOfPublication": 2008,
        "printPublicationDate": "2008-08-01",
        "journal": {
            "title": "Journal of paste",
            "medlineAbbreviation": "J Paste",
            "isoabbreviation": "J Paste",
            "issn": "1548-7768",
            "essn": "0095-3814",
            "nlmid": "9900001",
        },
    },
    "pubYear": "2008",
    "pageInfo": "391-5",
    "abstractText": "<h4>Methods</h4>We dried paste in two libraries of one town.<h4>Results</h4>It dried, and the readers were pleased (p < 0.05).",
    "language": "chi",
    "pubModel": "Print",
    "pubTypeList": {"pubType": ["Journal Article", "Retracted Publication"]},
    "keywordList": {"keyword": ["paste", "Adhesives"]},
    "meshHeadingList": {"meshHeading": [{"majorTopic_YN": "N", "descriptorName": "Adhesives"}]},
    "fullTextUrlList": {
        "fullTextUrl": [
            {"availabilityCode": "S", "documentStyle": "doi", "url": "https://doi.org/10.5555/Paste.2008"},
            {"availabilityCode": "F", "documentStyle": "pdf", "url": "https://paste.example.org/free.pdf"},
            {"availabilityCode": "OA", "documentStyle": "html", "url": "https://paste.example.org/open"},
        ]
    },
    "commentCorrectionList": {
        "commentCorrection": [{"id": "99000002", "source": "MED", "type": "Retraction in", "orderIn": 1}]
    },
    "isOpenAccess": "Y",
    "citedByCount": 0,
    "license": "cc by",
    "electronicPublicationDate": "2008-07-02",
    "firstPublicationDate": "2008-07-02",
}
LITE = {
    "id": "PPR9",
    "source": "PPR",
    "doi": "10.5555/preprint",
    "title": "On paste",
    "authorString": "Lin M, Rossi AB.",
    "pubYear": "2008",
    "pubType": "preprint",
    "journalIssn": "1548-7768; ; x",
    "isOpenAccess": "N",
    "citedByCount": 3,
    "firstPublicationDate": "2008-05-06",
}


def doi(value):
    return Identifier(Scheme.DOI, value)


def payload(body, *, asked=(), status=200):
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    return Payload(
        service="europepmc",
        url=BASE,
        status=status,
        content_type="application/json",
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(asked),
    )


def search(*results, asked=(), hits=None):
    body = {"hitCount": len(results) if hits is None else hits, "resultList": {"result": list(results)}}
    return payload(body, asked=asked)


# -- reading one result ----------------------------------------------------------------------------------


def test_a_full_result_is_read_whole():
    assert parse_work(CORE, NIGHT, document="night.json") == Record(
        source="europepmc",
        source_key="MED:99000001",
        retrieved_at=NIGHT,
        document="night.json",
        identifiers=(
            doi("10.5555/paste.2008"),
            Identifier(Scheme.PMCID, "PMC9900001"),
            Identifier(Scheme.PMID, "99000001"),
        ),
        titles=(Text("How library paste dries", "en", Origin.HUMAN),),
        abstracts=(
            Text(
                "Methods: We dried paste in two libraries of one town.\n"
                "Results: It dried, and the readers were pleased (p < 0.05).",
                "en",
                Origin.AGGREGATOR,
            ),
        ),
        contributors=(
            Contributor(
                "Mei Lin",
                family="Lin",
                given="Mei",
                orcid="0000-0002-1825-0097",
                affiliations=("Institute of Paste.",),
            ),
            Contributor("Glue Consortium"),
        ),
        container=Container("Journal of paste", abbreviation="J Paste", issns=("1548-7768", "0095-3814")),
        locus=Locus("39", "4", "391-395"),
        issued=PartialDate(2008, 8),
        published_online=PartialDate(2008, 7, 2),
        language="zh",
        work_type="journal-article",
        url="https://europepmc.org/article/MED/99000001",
        is_open_access=True,
        open_access=OpenAccess("https://paste.example.org/open", licence="cc-by"),
        citation_count=0,
        retracted=True,
        subjects=("Adhesives", "paste"),
        relations=(Relation(RelationKind.IS_RETRACTED_BY, Identifier(Scheme.PMID, "99000002")),),
        extra='{"nlmUniqueId":"9900001","pubModel":"Print",'
        '"publicationTypes":["Journal Article","Retracted Publication"]}',
    )


def test_a_preprint_of_a_short_result_is_read_whole():
    assert parse_work(LITE, NIGHT) == Record(
        source="europepmc",
        source_key="PPR:PPR9",
        retrieved_at=NIGHT,
        identifiers=(doi("10.5555/preprint"), Identifier(Scheme.PPR, "PPR9")),
        titles=(Text("On paste", "en", Origin.AGGREGATOR),),
        contributors=(
            Contributor("M Lin", family="Lin", given="M"),
            Contributor("AB Rossi", family="Rossi", given="AB"),
        ),
        issued=PartialDate(2008, 5, 6),
        work_type="posted-content",
        url="https://europepmc.org/article/PPR/PPR9",
        citation_count=3,
        extra='{"publicationTypes":["preprint"]}',
    )


def test_a_short_result_of_a_journal_tells_no_more_than_the_year():
    # MED 39709209: firstPublicationDate 2025-12-01 stands for an issue of December, and for a year alone.
    assert parse_work({**LITE, "source": "MED", "id": "5"}, NIGHT).issued == PartialDate(2008)


def test_what_is_not_open_access_there_is_not_called_closed():
    assert parse_work({**CORE, "isOpenAccess": "N"}, NIGHT).is_open_access is None


def test_a_year_0_is_none():
    info = {"yearOfPublication": 0, "dateOfPublication": " "}

    assert parse_work({**LITE, "source": "MED", "journalInfo": info}, NIGHT).issued == PartialDate(2008)


@pytest.mark.parametrize(
    "data, key",
    [([], "not-an-object"), ({"id": "1"}, "no-key-in-record"), ({"source": "MED"}, "no-key-in-record")],
)
def test_what_is_no_result_is_refused(data, key):
    with pytest.raises(ParseError) as refusal:
        parse_work(data, NIGHT)
    assert refusal.value.message.key == key


# -- asking ----------------------------------------------------------------------------------------------


def test_a_search_goes_by_post_with_every_identifier_in_its_own_form():
    asked = [doi("10.5555/a"), Identifier(Scheme.PMID, "21"), Identifier(Scheme.PMCID, "PMC7")]

    [request] = SOURCE.batch(BASE, [*asked, Identifier(Scheme.ARXIV, "1706.03762")], Asker("a@example.org"))

    assert (request.method, request.url, request.params) == ("POST", f"{BASE}/searchPOST", ())
    assert request.headers == (("Content-Type", "application/x-www-form-urlencoded"),)
    assert request.asked == tuple(asked)
    assert dict(parse_qsl(request.body.decode())) == {
        "query": 'DOI:"10.5555/a" OR (EXT_ID:21 AND SRC:MED) OR PMCID:PMC7',
        "resultType": "core",
        "format": "json",
        "pageSize": "1000",
        "cursorMark": "*",
        "synonym": "FALSE",
        "email": "a@example.org",
    }
    assert SOURCE.limits(Asker()).keys() == {request.limit}


def test_a_thousand_dois_take_twenty_searches():
    dois = [doi(f"10.5555/{number}") for number in range(1000)]

    assert [len(each.asked) for each in SOURCE.batch(BASE, dois + dois, Asker())] == [50] * 20


def test_a_quotation_mark_in_a_doi_stays_inside_its_phrase():
    query = dict(parse_qsl(SOURCE.single(BASE, doi('10.5555/a"b'), Asker()).body.decode()))["query"]

    assert query == r'DOI:"10.5555/a\"b"'


def test_other_schemes_are_not_asked_singly():
    with pytest.raises(InvalidIdentifier):
        SOURCE.single(BASE, Identifier(Scheme.ARXIV, "1706.03762"), Asker())


# -- reading answers -------------------------------------------------------------------------------------


def test_of_several_copies_the_one_of_the_best_register_is_used():
    asked = [doi("10.5555/paste.2008"), doi("10.5555/gone")]
    copies = [
        {**LITE, "doi": "10.5555/PASTE.2008", "source": source, "id": source} for source in ("PPR", "PMC")
    ]

    page = SOURCE.parse(search(*copies, CORE, LITE, asked=asked))

    assert [each.source_key for each in page.records] == ["MED:99000001"]
    assert (page.missing, page.absent) == ((doi("10.5555/gone"),), ())
    assert page.skips == (
        Skip("PMC:PMC", message("another-copy", service="europepmc", found="PMC"), fatal=False),
        Skip("PPR:PPR", message("another-copy", service="europepmc", found="PPR"), fatal=False),
        Skip("PPR:PPR9", message("answer-not-asked-for", service="europepmc"), fatal=False),
    )


def test_asked_alone_no_hit_says_absent_and_in_a_batch_missing():
    asked = [doi("10.5555/a"), doi("10.5555/b")]

    assert SOURCE.parse(search(asked=asked[:1])).absent == (asked[0],)
    assert SOURCE.parse(search(asked=asked)).missing == tuple(asked)


def test_hits_without_results_are_no_absence():
    with pytest.raises(SourceUnavailable):
        SOURCE.parse(search(asked=[doi("10.5555/a")], hits=3))


def test_asked_alone_another_work_settles_nothing_as_absent():
    page = SOURCE.parse(search(LITE, asked=[doi("10.5555/a")]))

    assert (page.records, page.absent, page.missing) == ((), (), ())
    assert [(skip.why.key, skip.fatal) for skip in page.skips] == [
        ("answer-not-asked-for", False),
        ("answer-is-another", True),
    ]


def test_an_answer_in_xml_says_the_same():
    body = (
        "<responseWrapper><hitCount>1</hitCount><resultList><result><id>PPR9</id><source>PPR</source>"
        "<DOI>10.5555/Preprint</DOI><title>On paste</title><authorString>Lin M, Rossi AB.</authorString>"
        "<pubYear>2008</pubYear><pubType>preprint</pubType><citedByCount>3</citedByCount>"
        "<firstPublicationDate>2008-05-06</firstPublicationDate></result></resultList></responseWrapper>"
    )

    assert SOURCE.parse(payload(body)).records == (parse_work(LITE, NIGHT),)


@pytest.mark.parametrize(
    "body, status, kind",
    [
        ({"errCode": 404, "errMsg": "The URL you are looking for cannot be found"}, 200, ParseError),
        ({"errCode": 500, "errMsg": "Internal error"}, 200, SourceUnavailable),
        ({"errMsg": "Something"}, 200, SourceUnavailable),
        ({"citationList": {"citation": []}, "hitCount": 0}, 200, ParseError),
        ({"resultList": {"result": "none"}}, 200, ParseError),
        ("Europe PMC is under maintenance", 503, SourceUnavailable),
        ("slow", 504, SourceUnavailable),
        ("no", 403, SourceRefused),
        ("<html><body>busy</body></html>", 200, ParseError),
        ('<!DOCTYPE a [<!ENTITY a "ha">]><responseWrapper>&a;</responseWrapper>', 200, ParseError),
        ('{"hitCount": 1, "resultList"', 200, ParseError),
        ("<html/>", 414, ParseError),
        ("7", 200, ParseError),
    ],
)
def test_what_is_no_answer_raises(body, status, kind):
    with pytest.raises(HarvesterError) as refusal:
        SOURCE.parse(payload(body, status=status, asked=[doi("10.5555/a")]))
    assert type(refusal.value) is kind


# -- laws and recorded replies ---------------------------------------------------------------------------

anything = st.text(max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(CORE)), json_values)
def test_any_json_in_any_key_never_raises(key, value):
    try:
        record = parse_work({**CORE, key: value}, NIGHT)
    except ParseError:
        assert key in {"id", "source"}
        return
    assert len(record.fingerprint()) == 32


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["hitCount", "resultList", "errCode"]), json_values, st.integers(1, 2))
def test_any_json_in_an_answer_settles_or_raises_ours(key, value, size):
    asked = [doi("10.5555/paste.2008"), doi("10.5555/b")][:size]
    body = {"hitCount": 1, "resultList": {"result": [CORE]}, key: value}
    try:
        page = SOURCE.parse(payload(json.dumps(body).encode(), asked=asked))
    except HarvesterError:
        return
    told = {each for record in page.records for each in record.identifiers}
    assert set(asked) <= told | {*page.absent, *page.missing} or page.skips


@pytest.fixture(scope="module")
def recorded():
    if not CORPUS.exists():
        pytest.skip("../shared/corpus is missing")
    bodies = [path.read_bytes() for path in sorted((CORPUS / "europepmc").iterdir())]
    lines = gzip.decompress((CORPUS / "bulk" / "europepmc.jsonl.gz").read_bytes()).split(b"\n")
    pages, refused = [], set()
    for body in [*bodies, *(line for line in lines[::2] if line)]:
        try:
            pages.append(SOURCE.parse(payload(body)))
        except HarvesterError as told:
            refused.add(told.message.key)
    assert refused == {"not-a-work-reply"}
    return pages


def test_every_recorded_result_is_read(recorded):
    assert sum(len(page.records) for page in recorded) > 900
    assert [skip for page in recorded for skip in page.skips if skip.fatal] == []


def test_real_texts_hold_no_markup(recorded):
    records = [record for page in recorded for record in page.records]
    texts = [one.value for record in records for one in (*record.titles, *record.abstracts)]

    assert len(texts) > 900
    assert not [one for one in texts if "<h4>" in one or "</" in one]


def test_nearly_all_real_journal_articles_have_authors_and_a_date(recorded):
    records = [each for page in recorded for each in page.records if each.titles and each.container]

    assert len(records) > 700
    assert sum(bool(each.contributors) for each in records) >= 0.97 * len(records)
    assert sum(bool(each.issued) for each in records) >= 0.97 * len(records)
