import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import HarvesterError, InvalidIdentifier, ParseError, SourceRefused, SourceUnavailable
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
from harvester.sources.jalc import SOURCE, parse_work
from harvester.wire import Asker, Payload, Request

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://api.example.org"
NOBODY = Asker()
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

ARTICLE = {
    "siteId": "SI/PASTE",
    "content_type": "JA",
    "doi": "10.5555/Nori.3.1_13",
    "url": "https://doi.org/10.5555/nori.3.1_13",
    "ra": "JaLC",
    "site_name": "Paste Stage",
    "publisher_list": [
        {"publisher_name": "のり学会", "lang": "ja"},
        {"publisher_name": "Paste Society", "lang": "en"},
    ],
    "title_list": [
        {"lang": "en", "title": "On the Drying of Library Paste", "subtitle": "-A Field Study-"},
        {"lang": "ja", "title": "図書館糊乾燥論"},
    ],
    "creator_list": [
        {
            "sequence": "1",
            "type": "person",
            "names": [
                {"lang": "ja", "last_name": "中道", "first_name": "花子"},
                {"lang": "en", "last_name": "Nakamichi", "first_name": "Hanako"},
            ],
            "affiliation_list": [
                {"affiliation_name": "Institute of Paste", "sequence": "1", "lang": "en"},
                {"affiliation_name": "糊研究所", "sequence": "1", "lang": "ja"},
            ],
            "researcher_id_list": [{"type": "ORCID", "id_code": "0000-0002-1825-0097"}],
        },
        {"sequence": "2", "names": [{"lang": "ja", "last_name": "甲斐", "first_name": "穂高"}]},
    ],
    "publication_date": {"publication_year": "2012", "publication_month": "08"},
    "advance_date": "2012-06-01",
    "date": "2013-01-01",
    "content_language": "ja",
    "keyword_list": [{"keyword": "糊", "lang": "ja"}, {"keyword": "Paste", "lang": "en"}],
    "journal_id_list": [
        {"journal_id": "1548-7768", "type": "ISSN", "issn_type": "print"},
        {"journal_id": "nori", "type": "JID"},
    ],
    "journal_title_name_list": [
        {"journal_title_name": "糊研究", "type": "full"},
        {"journal_title_name": "Journal of Paste Studies", "type": "full", "lang": "en"},
        {"journal_title_name": "J. Paste", "type": "abbreviation", "lang": "en"},
    ],
    "volume": "3",
    "issue": "1",
    "first_page": "13",
    "last_page": "20",
    "relation_list": [
        {"content": "https://paste.example.org/_pdf", "type": "URL", "relation": "fullTextPdf"}
    ],
}


def doi(value):
    return Identifier(Scheme.DOI, value)


def payload(body, *, status=200, kind="application/json", asked=()):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Payload(
        service="jalc",
        url=BASE,
        status=status,
        content_type=kind,
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(map(doi, asked)),
    )


def reply(data, **kept):
    return payload({"status": "OK", "apiType": "doi", "message": {"total": 1}, "data": data}, **kept)


def work(**said):
    return parse_work({"doi": "10.5555/1", **said}, NIGHT)


# -- asking ----------------------------------------------------------------------------------------------


def test_every_doi_is_one_question():
    wanted = [doi("10.5555/a<b>;1"), Identifier(Scheme.PMID, "1"), doi("10.5555/a<b>;1")]

    assert list(SOURCE.batch(BASE, wanted, NOBODY)) == [
        Request(
            service="jalc",
            url="https://api.example.org/dois/10.5555/a%3Cb%3E%3B1",
            asked=(doi("10.5555/a<b>;1"),),
            limit="single",
        )
    ]
    assert "single" in SOURCE.limits(NOBODY)
    assert (SOURCE.agencies, SOURCE.only_for) == (("JaLC",), ("JaLC",))


def test_other_identifiers_are_not_asked():
    with pytest.raises(InvalidIdentifier):
        SOURCE.single(BASE, Identifier(Scheme.PMID, "1"), NOBODY)


# -- answers ---------------------------------------------------------------------------------------------


def test_an_article_is_read_whole():
    page = SOURCE.parse(reply(ARTICLE, asked=["10.5555/nori.3.1_13"]))

    assert page.skips == ()
    assert page.records == (
        Record(
            source="jalc",
            source_key="10.5555/nori.3.1_13",
            retrieved_at=NIGHT,
            identifiers=(doi("10.5555/nori.3.1_13"),),
            titles=(
                Text("On the Drying of Library Paste: A Field Study", "en", Origin.PUBLISHER),
                Text("図書館糊乾燥論", "ja", Origin.PUBLISHER),
            ),
            contributors=(
                Contributor(
                    "Hanako Nakamichi",
                    family="Nakamichi",
                    given="Hanako",
                    name_zh="中道花子",
                    orcid="0000-0002-1825-0097",
                    affiliations=("Institute of Paste",),
                ),
                Contributor("甲斐穂高", family="甲斐", given="穂高"),
            ),
            container=Container("Journal of Paste Studies", "J. Paste", issns=("1548-7768",)),
            locus=Locus(volume="3", issue="1", pages="13-20"),
            issued=PartialDate(2012, 8),
            published_online=PartialDate(2012, 6, 1),
            language="ja",
            work_type="journal-article",
            publisher="Paste Society",
            url="https://doi.org/10.5555/nori.3.1_13",
            subjects=("糊", "Paste"),
            extra=(
                '{"content-type":"JA","journal":["糊研究"],"link":["https://paste.example.org/_pdf"],'
                '"site":"Paste Stage"}'
            ),
        ),
    )


def test_csl_json_of_the_agency_is_read_too():
    answer = {"DOI": "10.5555/1", "title": "図書館糊乾燥論", "author": [{"given": "Mei", "family": "Lin"}]}

    [record] = SOURCE.parse(payload(answer, asked=["10.5555/1"])).records

    assert record.source == "jalc"
    assert record.titles == (Text("図書館糊乾燥論", "ja", Origin.PUBLISHER),)


def test_not_found_is_absent():
    page = SOURCE.parse(payload({"status": "NG", "apiType": "doi"}, status=404, asked=["10.5555/1"]))

    assert page.absent == (doi("10.5555/1"),)


def test_an_answer_about_another_work_is_not_used():
    page = SOURCE.parse(reply({"doi": "10.5555/2"}, asked=["10.5555/1"]))

    assert page.records == ()
    assert [(skip.where, skip.why.key) for skip in page.skips] == [("10.5555/1", "answer-is-another")]


@pytest.mark.parametrize(
    "status, body, error, key",
    [
        (404, b"<html>", ParseError, "reply-is-markup"),
        (404, b"{}", ParseError, "service-says"),
        (200, b'{"status": "NG"}', ParseError, "service-says"),
        (400, b'{"status": "NG", "message": {"errors": 1}}', ParseError, "service-says"),
        (200, b"<rdf:RDF>", ParseError, "reply-is-markup"),
        (200, b'{"status": "OK", "da', ParseError, "reply-is-not-json"),
        (200, b'{"status": "OK", "apiType": "prefixes", "data": {"items": []}}', ParseError, "not-a-work-reply"),
        (200, b"[]", ParseError, "not-an-object"),
        (200, b'{"status": "OK", "data": {"doi": null}}', ParseError, "no-key-in-record"),
        (200, b'{"status": "OK", "data": {"doi": "paste"}}', ParseError, "no-doi"),
        (403, b"", SourceRefused, "service-refuses"),
        (500, b'{"status": "NG"}', SourceUnavailable, "service-unavailable"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_never_absent(status, body, error, key):
    with pytest.raises(error) as caught:
        SOURCE.parse(payload(body, status=status, asked=["10.5555/1"]))

    assert caught.value.message.key == key


# -- odd inputs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entries, own, titles",
    [
        ([{"title": "英語教育史研究"}], "ja", [("英語教育史研究", "ja")]),
        ([{"title": "英語教育史研究"}], None, [("英語教育史研究", "ja")]),
        ([{"title": "中国农业研究", "lang": "zh"}], "ja", [("中国农业研究", "zh-Hans")]),
        ([{"title": "臺灣農業研究", "lang": "zh"}], "ja", [("臺灣農業研究", "zh-Hant")]),
        ([{"title": "臺灣農業研究"}], "zh", [("臺灣農業研究", "zh-Hant")]),
        ([{"title": "英語教育史研究", "lang": "en"}], "ja", [("英語教育史研究", "ja")]),
        ([{"title": "のりの研究", "lang": "zh"}], "ja", [("のりの研究", "ja")]),
        (
            [{"title": "糊考古&#10;en: The Archaeology of Paste"}],  # as repositories pack them
            "ja",
            [("糊考古", "ja"), ("The Archaeology of Paste", "en")],
        ),
        ([{"title": "糊\n考古"}], "ja", [("糊 考古", "ja")]),
        (
            [{"title": "戦争直後の雑誌 Come Come Paste について", "lang": "ja"}],
            "ja",
            [("戦争直後の雑誌 Come Come Paste について", "ja")],
        ),
        ([{"title": "The drying of paste"}], "ja", [("The drying of paste", "en")]),
        ([{"title": " "}, {"lang": "ja"}], "ja", []),
    ],
)
def test_titles_in_han_are_japanese_unless_said_to_be_chinese(entries, own, titles):
    read = work(title_list=entries, content_language=own)

    assert [(title.value, title.language) for title in read.titles] == titles


@pytest.mark.parametrize(
    "names, expected",
    [
        ([{"last_name": "Paste Society"}], Contributor("Paste Society")),
        ([{"last_name": "のり学会", "lang": "ja"}], "のり学会"),
        ([{"lang": "en", "last_name": "Kai", "first_name": ""}], Contributor("Kai", family="Kai")),
        ([{"lang": "en", "last_name": ""}], None),
    ],
)
def test_creators_of_one_name(names, expected):
    found = work(creator_list=[{"names": names}]).contributors

    if isinstance(expected, str):
        assert [one.name for one in found] == [expected]
    else:
        assert found == ((expected,) if expected else ())


@pytest.mark.parametrize(
    "said, locus",
    [
        ({"first_page": "5", "last_page": "5"}, Locus(pages="5")),
        ({"first_page": "5"}, Locus(pages="5")),
        ({"article_number": "e7"}, Locus(pages="e7")),
        ({"issue": "0"}, Locus(issue="0")),  # 10.11222/hisetjournal1986.1.0_135: as said; not to be believed
        ({}, None),
    ],
)
def test_where_in_the_journal(said, locus):
    assert work(**said).locus == locus


def test_a_chinese_name_of_the_journal_is_kept_as_such():
    names = [
        {"journal_title_name": "浆糊研究", "type": "full", "lang": "zh"},
        {"journal_title_name": "Paste Studies", "type": "full", "lang": "en"},
    ]

    assert work(journal_title_name_list=names).container == Container("Paste Studies", title_zh="浆糊研究")


# -- laws ------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "title",
                    "lang",
                    "names",
                    "last_name",
                    "first_name",
                    "journal_title_name",
                    "type",
                    "journal_id",
                    "publication_year",
                    "affiliation_name",
                    "keyword",
                    "subtitle",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([key for key in ARTICLE if key != "doi"]), json_values, max_size=6))
def test_any_value_in_any_key_leaves_a_record(said):
    record = parse_work({**ARTICLE, **said}, NIGHT, remarks=[])

    assert record.source_key == "10.5555/nori.3.1_13"
    assert len(record.fingerprint()) == 32


@settings(max_examples=100, deadline=None)
@given(json_values, st.sampled_from([200, 404]))
def test_no_json_raises_anything_but_our_own_errors(answer, status):
    with suppress(HarvesterError):
        SOURCE.parse(reply(answer, status=status, asked=["10.5555/1"]))


# -- the corpus ------------------------------------------------------------------------------------------


def test_every_recorded_work_is_read_and_none_of_them_is_chinese():
    files = sorted((CORPUS / "jalc").glob("*__10.*.json"))
    if not files:
        pytest.skip("../shared/corpus is missing")
    for path in files:
        said = json.loads(path.read_bytes())["data"]
        page = SOURCE.parse(payload(path.read_bytes(), asked=[said["doi"].lower()]))
        [record] = page.records
        assert page.skips == (), path.name
        assert len(record.titles) == len(said["title_list"]), path.name
        assert len(record.contributors) == len(said.get("creator_list", [])), path.name
        assert {title.language for title in record.titles} <= {"en", "ja"}, path.name
        assert record.container, path.name
        assert record.issued, path.name
    assert len(files) > 130
