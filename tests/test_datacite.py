import gzip
import json
import re
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
    OpenAccess,
    Origin,
    PartialDate,
    Record,
    Relation,
    RelationKind,
    Scheme,
    Text,
)
from harvester.sources.datacite import SOURCE, is_work, parse_work
from harvester.wire import Asker, Limit, Payload, Skip

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://api.example.org"
NOBODY = Asker()
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

THESIS = {
    "doi": "10.5555/PASTE.2016",
    "identifiers": [{"identifier": "oai:paste.example.org:7", "identifierType": "oai"}],
    "alternateIdentifiers": [],
    "creators": [
        {
            "name": "Lin, Mei",
            "nameType": "Personal",
            "givenName": "Mei",
            "familyName": "Lin",
            "affiliation": ["Institute of Paste", None],
            "nameIdentifiers": [
                {"nameIdentifier": "0000 0001 2103 2683", "nameIdentifierScheme": "ISNI"},
                {"nameIdentifier": "https://orcid.org/0000-0002-1825-0097", "nameIdentifierScheme": "ORCID"},
            ],
        },
        {"name": "The Glue Consortium", "nameType": "Organizational", "affiliation": [{"name": "Rome"}]},
        None,
    ],
    "contributors": [
        {"name": "Rossi, Anna", "givenName": "Anna", "familyName": "Rossi", "contributorType": "Editor"},
        {"name": "The Glue Fund", "contributorType": "Funder"},
    ],
    "titles": [
        {"title": "图书馆浆糊的干燥研究", "titleType": "TranslatedTitle", "lang": "zh-CN"},
        {"title": "On the drying of library paste", "lang": "en"},
        {"title": "A study of the shelves", "titleType": "Subtitle"},
        {"title": "The paste book of the library", "titleType": "AlternativeTitle"},
    ],
    "publisher": {"name": "Test University"},
    "container": {
        "type": "Series",
        "title": "Studies in Paste",
        "identifier": "1548-7768",
        "identifierType": "ISSN",
        "volume": "5",
        "firstPage": "1",
        "lastPage": "90",
    },
    "publicationYear": 2016,
    "subjects": [{"subject": "Paste", "lang": "en"}, {"subject": None}, {"subject": "Glue &amp; paper"}],
    "dates": [
        {"date": "2016-10-01", "dateType": "Issued"},
        {"date": "2016-11", "dateType": "Available"},
        {"date": "2009/2015", "dateType": "Collected"},
    ],
    "language": "eng",
    "types": {"resourceTypeGeneral": "Text", "resourceType": "Doctoral thesis", "ris": "RPRT"},
    "relatedIdentifiers": [
        {"relationType": "IsVersionOf", "relatedIdentifier": "10.5555/9", "relatedIdentifierType": "DOI"},
        {"relationType": "References", "relatedIdentifier": "10.5555/8", "relatedIdentifierType": "DOI"},
    ],
    "version": "2",
    "rightsList": [{"rights": "CC BY", "rightsUri": "https://creativecommons.org/licenses/by/4.0/legalcode"}],
    "descriptions": [
        {"description": "We glued all of it.", "descriptionType": "Methods"},
        {"description": "<p>How the paste of the library dries.</p>", "descriptionType": "Abstract"},
        {
            "description": "本文研究图书馆浆糊在书库中的干燥过程。",
            "descriptionType": "Abstract",
            "lang": "zh",
        },
    ],
    "url": "https://paste.example.org/7",
    "contentUrl": ["https://paste.example.org/7.pdf"],
    "citationCount": 0,
    "state": "findable",
}


def doi(value):
    return Identifier(Scheme.DOI, value)


def work(**said):
    return parse_work({"doi": "10.5555/1", **said}, NIGHT)


def payload(body, *, status=200, kind="application/json", asked=()):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Payload(
        service="datacite",
        url=BASE,
        status=status,
        content_type=kind,
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(map(doi, asked)),
    )


def item(value, **said):
    return {"id": value, "type": "dois", "attributes": {"doi": value, "titles": [], **said}}


# -- one record ------------------------------------------------------------------------------------------


def test_a_thesis_is_read_whole():
    skips: list[Skip] = []

    record = parse_work({"id": "10.5555/paste.2016", "attributes": THESIS}, NIGHT, remarks=skips)

    assert skips == []
    assert record == Record(
        source="datacite",
        source_key="10.5555/paste.2016",
        retrieved_at=NIGHT,
        identifiers=(doi("10.5555/paste.2016"),),
        titles=(
            Text("On the drying of library paste: A study of the shelves", "en", Origin.PUBLISHER),
            Text("图书馆浆糊的干燥研究", "zh-Hans", Origin.PUBLISHER),
        ),
        abstracts=(
            Text("How the paste of the library dries.", "en", Origin.PUBLISHER),
            Text("本文研究图书馆浆糊在书库中的干燥过程。", "zh-Hans", Origin.PUBLISHER),
        ),
        contributors=(
            Contributor(
                "Mei Lin",
                family="Lin",
                given="Mei",
                orcid="0000-0002-1825-0097",
                affiliations=("Institute of Paste",),
            ),
            Contributor("The Glue Consortium", affiliations=("Rome",)),
            Contributor("Anna Rossi", family="Rossi", given="Anna", role="editor"),
        ),
        container=Container("Studies in Paste", issns=("1548-7768",)),
        locus=Locus(volume="5", pages="1-90"),
        issued=PartialDate(2016, 10, 1),
        published_online=PartialDate(2016, 11),
        language="en",
        work_type="dissertation",
        publisher="Test University",
        url="https://paste.example.org/7",
        is_open_access=True,
        open_access=OpenAccess("https://paste.example.org/7.pdf", licence="cc-by"),
        citation_count=0,
        subjects=("Paste", "Glue & paper"),
        relations=(Relation(RelationKind.IS_VERSION_OF, doi("10.5555/9")),),
        extra='{"alternate":["oai:oai:paste.example.org:7"],'
        '"license":["https://creativecommons.org/licenses/by/4.0/legalcode"],'
        '"subtype":"Doctoral thesis","type":"Text","version":"2"}',
    )


@pytest.mark.parametrize(
    "titles, expected",
    [
        ([{"title": "B", "titleType": "TranslatedTitle"}, {"title": "A"}], ["A", "B"]),
        ([{"title": "B", "titleType": "TranslatedTitle"}], ["B"]),  # some mark every title so
        ([{"title": None}, {}, None, {"title": "A"}], ["A"]),
        ([{"title": "(:unav)"}], []),  # 10.7916/d86x0cg1
        ([{"title": "Heat &amp; <i>cold</i>"}], ["Heat & cold"]),
        ([{"title": "A"}, {"title": ""}, {"title": "A"}], ["A"]),
        ([{"title": "Only a subtitle", "titleType": "Subtitle"}], ["Only a subtitle"]),
        # 10.4232/1.2745: a subtitle in each language
        (
            [{"title": "Paste", "lang": "de"}, {"title": "Glue", "titleType": "Subtitle", "lang": "en"}],
            ["Paste"],
        ),
    ],
)
def test_the_main_title_is_the_first_without_a_type(titles, expected):
    assert [title.value for title in work(titles=titles).titles] == expected


@pytest.mark.parametrize(
    "title, tag, language",
    [
        ("浆糊的干燥研究", "cn", "zh-Hans"),
        ("漿糊的乾燥研究", "zh-TW", "zh-Hant"),
        ("浆糊的干燥研究", "en", "zh-Hans"),
        ("糊の乾燥の研究", "zh", "ja"),
        ("일본 풀의 건조", "zh", "ko"),
        ("圖書館研究", "ja", "ja"),
        ("On the drying of paste", "zh", "en"),
    ],
)
def test_a_title_is_filed_by_what_it_is(title, tag, language):
    [found] = work(titles=[{"title": title, "lang": tag}]).titles

    assert found.language == language


@pytest.mark.parametrize(
    "creator, expected",
    [
        ({"name": "Lin, Mei"}, [Contributor("Mei Lin", family="Lin", given="Mei")]),
        ({"name": "刘伟明"}, [Contributor("刘伟明", family="刘", given="伟明")]),
        ({"name": "DataCite Working Group"}, [Contributor("DataCite Working Group")]),
        ({"name": "(:Unav)"}, []),  # 10.7916/d86x0cg1
        ({"name": ":(unav)", "nameType": "Organizational"}, []),  # 10.1371/journal.pmed.0030420.g002
        ({"name": "Unknown"}, []),
        ({"name": None}, []),
        ({"name": ", Ashley", "givenName": "Ashley", "familyName": ""}, [Contributor("Ashley")]),
        (  # 10.14288/1.0038253
            {"name": "Taylor, Frederick Bourchier, 1906-1987", "nameType": "Personal"},
            [Contributor("Frederick Bourchier Taylor", family="Taylor", given="Frederick Bourchier")],
        ),
        (  # 10.7910/dvn/eqtqyo
            {"name": "Enos, Ryan (Harvard University); Vavreck, Lynn (UCLA)"},
            [
                Contributor("Ryan Enos", family="Enos", given="Ryan", affiliations=("Harvard University",)),
                Contributor("Lynn Vavreck", family="Vavreck", given="Lynn", affiliations=("UCLA",)),
            ],
        ),
    ],
)
def test_creators_are_people_bodies_or_nobody(creator, expected):
    assert list(work(creators=[creator]).contributors) == expected


@pytest.mark.parametrize(
    "dates, year, issued",
    [
        ([("2016-10-01", "Issued")], 2016, "2016-10-01"),
        ([("2020-01-01/2020-05-01", "Issued")], 2020, "2020"),
        ([("2020-01-01/2020-01-05", "Issued")], 2020, "2020-01"),
        ([("2018/10/10", "Issued")], 2018, "2018-10-10"),
        ([("2009-03-23", "Issued"), ("2000", "Issued")], 2000, "2000"),  # 10.20381/ruor-7567
        ([("2017-05-08", "Issued")], 2018, "2017-05-08"),  # 10.15454/cdfthw
        ([("19 September 2016", "Issued")], 2016, "2016"),  # 10.7289/v5/dr-pifsc-16-039
        ([("0000", "Issued")], 0, None),  # 10.16902/ethz-a-000046023
        ([("2011", "Created")], "2016", "2016"),
        ([], None, None),
    ],
)
def test_a_date_is_as_precise_as_it_was_said(dates, year, issued):
    said = [{"date": date, "dateType": kind} for date, kind in dates]

    found = work(dates=said, publicationYear=year).issued

    assert (None if found is None else str(found)) == issued


@pytest.mark.parametrize(
    "types, expected",
    [
        ({"resourceTypeGeneral": "JournalArticle"}, "journal-article"),
        ({"resourceTypeGeneral": "Dataset", "resourceType": "Text"}, "dataset"),
        ({"resourceTypeGeneral": "PhysicalObject"}, "physical-object"),
        (
            {"resourceTypeGeneral": "Text", "resourceType": "Journal Article", "ris": "JOUR"},
            "journal-article",
        ),
        ({"resourceTypeGeneral": "Text", "ris": "RPRT", "citeproc": "article-journal"}, None),
        ({"resourceTypeGeneral": None, "citeproc": "article"}, None),
        ({}, None),
    ],
)
def test_types_are_told_in_crossrefs_words_where_it_has_one(types, expected):
    assert work(types=types).work_type == expected


def test_an_arxiv_doi_is_a_preprint_and_an_arxiv_id():
    record = parse_work({"doi": "10.48550/arXiv.2311.16162", "titles": []}, NIGHT)

    assert record.identifiers == (Identifier(Scheme.ARXIV, "2311.16162"), doi("10.48550/arxiv.2311.16162"))
    assert record.work_type == "posted-content"


@pytest.mark.parametrize(
    "rights, is_open",
    [
        ([{"rightsUri": "info:eu-repo/semantics/openAccess"}], True),
        ([{"rightsIdentifier": "cc-by-nc-4.0"}], True),
        ([{"rights": "info:eu-repo/semantics/openAccess"}], True),
        (
            [
                {"rightsUri": "https://creativecommons.org/licenses/by/4.0"},
                {"rightsUri": "info:eu-repo/semantics/embargoedAccess"},
            ],
            False,
        ),
        ([{"rightsUri": "http://www.springer.com/tdm"}], None),
        ([{"rights": "All rights reserved"}, None], None),
        ([], None),
    ],
)
def test_only_plain_words_open_or_shut_a_work(rights, is_open):
    assert work(rightsList=rights).is_open_access is is_open


def test_a_repository_is_no_container():
    said = {"type": "DataRepository", "title": "Climate Models", "firstPage": "3"}

    assert work(container=said).container is None
    assert work(container=said).locus is None


def test_the_journal_of_a_related_item_is_the_container():
    host = {
        "relationType": "IsPublishedIn",
        "relatedItemType": "Journal",
        "titles": [{"title": "Journal of Paste"}],
        "volume": "3",
        "firstPage": "7",
    }

    record = work(container={}, relatedItems=[{"relationType": "IsVersionOf"}, host])

    assert record.container == Container("Journal of Paste")
    assert record.locus == Locus(volume="3", pages="7")


@pytest.mark.parametrize("publisher", ["(:unav)", "Unpublished", "[s.n.]", "", None])
def test_the_codes_for_nothing_are_no_publisher(publisher):
    assert work(publisher=publisher).publisher is None


def test_a_withdrawn_work_is_retracted():
    assert work(dates=[{"date": "2020", "dateType": "Withdrawn"}]).retracted is True
    assert work(dates=[{"date": "2020", "dateType": "Updated"}]).retracted is None


def test_the_first_api_is_still_read():
    record = parse_work(
        {
            "type": "works",
            "attributes": {
                "doi": "10.5555/1",
                "title": "On the drying of paste",
                "author": [{"given": "Mei", "family": "Lin"}, {"literal": "The Glue Consortium"}],
                "container-title": "Test University",
                "data-center-id": "test.glue",
                "resource-type-id": "dataset",
                "published": "2019",
                "citation-count": 3,
            },
        },
        NIGHT,
    )

    assert record.titles == (Text("On the drying of paste", "en", Origin.PUBLISHER),)
    assert [each.name for each in record.contributors] == ["Mei Lin", "The Glue Consortium"]
    assert (record.publisher, str(record.issued), record.work_type) == ("Test University", "2019", "dataset")
    assert record.citation_count == 3


# -- answers ---------------------------------------------------------------------------------------------


def test_a_list_is_matched_by_doi_and_what_it_drops_is_missing():
    body = {"data": [item("10.5555/C"), item("10.5555/x")], "meta": {"total": 2}}

    page = SOURCE.parse(payload(body, asked=["10.5555/a", "10.5555/b", "10.5555/c"]))

    assert [record.source_key for record in page.records] == ["10.5555/c"]
    assert page.missing == (doi("10.5555/a"), doi("10.5555/b"))
    assert page.absent == ()
    assert page.skips == (
        Skip("10.5555/x", message("answer-not-asked-for", service="datacite"), fatal=False),
    )


def test_an_empty_list_leaves_all_to_be_asked_singly():
    page = SOURCE.parse(payload({"data": []}, asked=["10.5555/a", "10.5555/b"]))

    assert page.missing == (doi("10.5555/a"), doi("10.5555/b"))


def test_a_single_answer_about_another_work_is_not_used():
    page = SOURCE.parse(payload({"data": item("10.5555/other")}, asked=["10.5555/a"]))

    assert (page.records, page.missing, page.absent) == ((), (), ())
    assert [skip.why.key for skip in page.skips] == ["answer-is-another", "answer-not-asked-for"]


def test_the_documented_not_found_is_absent():
    body = {"errors": [{"status": "404", "title": "The resource you are looking for doesn't exist."}]}

    assert SOURCE.parse(payload(body, status=404, asked=["10.5555/1"])).absent == (doi("10.5555/1"),)


@pytest.mark.parametrize(
    "body, status, key",
    [
        (b"<html>Not found</html>", 404, "reply-is-markup"),
        (b'{"errors":[{"status":"404","title":"No such route"}]}', 404, "service-says"),
        (b'{"errors":[{"status":"400","title":"The ids are wrong"}]}', 400, "service-says"),
        (b'{"data":[{"id":"a","type":"events","attributes":{}}]}', 200, "not-a-work-reply"),
        (b'{"data":{"id":"a","type":"users","attributes":{"name":"Lin"}}}', 200, "not-a-work-reply"),
        (b'{"data":[', 200, "reply-is-not-json"),
        (b"[" * 100_000, 200, "reply-is-not-json"),
        (b"7", 200, "not-an-object"),
        (b"<html>414</html>", 414, "batch-too-large"),
    ],
)
def test_what_is_no_answer_is_malformed_and_never_absent(body, status, key):
    with pytest.raises(ParseError) as caught:
        SOURCE.parse(payload(body, status=status, asked=["10.5555/1"]))

    assert caught.value.message.key == key


@pytest.mark.parametrize(
    "status, error",
    [(429, SourceUnavailable), (502, SourceUnavailable), (403, SourceRefused), (401, SourceRefused)],
)
def test_overload_and_refusal_are_no_answers(status, error):
    with pytest.raises(error):
        SOURCE.parse(payload(b"<html>", status=status, asked=["10.5555/1"]))


@pytest.mark.parametrize(
    "broken, key",
    [({"attributes": {"titles": []}}, "no-key-in-record"), (None, "not-an-object")],
)
def test_what_is_no_work_is_skipped_with_its_reason(broken, key):
    page = SOURCE.parse(payload([broken, item("10.5555/2")]))

    assert [record.source_key for record in page.records] == ["10.5555/2"]
    assert [(skip.why.key, skip.fatal) for skip in page.skips] == [(key, True)]


XML = """<?xml version="1.0" encoding="UTF-8"?>
<d:resource xmlns:d="http://datacite.org/schema/kernel-4">
  <d:identifier identifierType="DOI">10.5555/PASTE.2016</d:identifier>
  <d:creators><!-- two -->
    <d:creator>
      <d:creatorName nameType="Personal">Lin, Mei</d:creatorName>
      <d:givenName>Mei</d:givenName><d:familyName>Lin</d:familyName>
      <d:nameIdentifier nameIdentifierScheme="ORCID">0000-0002-1825-0097</d:nameIdentifier>
      <d:affiliation>Institute of Paste</d:affiliation>
    </d:creator>
    <d:creator><d:creatorName>(:unkn)</d:creatorName></d:creator>
  </d:creators>
  <d:titles>
    <d:title xml:lang="en">On the drying of library paste</d:title>
    <d:title xml:lang="zh" titleType="TranslatedTitle">图书馆浆糊的干燥研究</d:title>
  </d:titles>
  <d:publisher>Test University</d:publisher>
  <d:publicationYear>2016</d:publicationYear>
  <d:resourceType resourceTypeGeneral="JournalArticle">Article</d:resourceType>
  <d:dates><d:date dateType="Issued">2016-10</d:date></d:dates>
  <d:relatedIdentifiers>
    <d:relatedIdentifier relatedIdentifierType="ISSN" relationType="IsPartOf">15487768</d:relatedIdentifier>
  </d:relatedIdentifiers>
  <d:relatedItems>
    <d:relatedItem relationType="IsPublishedIn" relatedItemType="Journal">
      <d:titles><d:title>Journal of Paste</d:title></d:titles><d:volume>19</d:volume>
    </d:relatedItem>
  </d:relatedItems>
  <d:rightsList><d:rights rightsURI="https://creativecommons.org/licenses/by/4.0/"/></d:rightsList>
  <d:descriptions>
    <d:description descriptionType="Abstract">The paste of the library dries.<d:br/>It is slow.</d:description>
  </d:descriptions>
</d:resource>"""


def test_the_xml_of_a_work_says_what_its_json_does():
    [record] = SOURCE.parse(payload(XML.encode(), kind="application/xml")).records

    assert record == Record(
        source="datacite",
        source_key="10.5555/paste.2016",
        retrieved_at=NIGHT,
        identifiers=(doi("10.5555/paste.2016"),),
        titles=(
            Text("On the drying of library paste", "en", Origin.PUBLISHER),
            Text("图书馆浆糊的干燥研究", "zh-Hans", Origin.PUBLISHER),
        ),
        abstracts=(Text("The paste of the library dries.\nIt is slow.", "en", Origin.PUBLISHER),),
        contributors=(
            Contributor(
                "Mei Lin",
                family="Lin",
                given="Mei",
                orcid="0000-0002-1825-0097",
                affiliations=("Institute of Paste",),
            ),
        ),
        container=Container("Journal of Paste", issns=("1548-7768",)),
        locus=Locus(volume="19"),
        issued=PartialDate(2016, 10),
        work_type="journal-article",
        publisher="Test University",
        is_open_access=True,
        open_access=OpenAccess(licence="cc-by"),
        extra='{"license":["https://creativecommons.org/licenses/by/4.0/"],'
        '"subtype":"Article","type":"JournalArticle"}',
    )


@pytest.mark.parametrize(
    "body, key",
    [
        (XML[:-30].encode(), "reply-is-not-xml"),
        (XML.replace("?>", '?><!DOCTYPE d [<!ENTITY a "aaaa">]>', 1).encode(), "reply-declares-entities"),
        (XML.replace("d:resource", "d:oai").encode(), "not-a-work-reply"),
        (XML.replace('"DOI"', '"swMATH"').encode(), "not-a-work-reply"),  # oai:swmath.org:2901
    ],
)
def test_xml_that_is_broken_dangerous_or_of_something_else_is_refused(body, key):
    with pytest.raises(ParseError) as caught:
        SOURCE.parse(payload(body, kind="application/xml"))

    assert caught.value.message.key == key


@settings(deadline=None)
@given(
    st.text(st.characters(codec="utf-8"), max_size=60), st.sampled_from(["19", "2016-10", "Lin, Mei", "zh"])
)
def test_any_text_in_any_element_is_a_page_or_a_parse_error(said, place):
    body = XML.replace(place, said.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;"), 1)

    with suppress(ParseError):
        assert [record.source for record in SOURCE.parse(payload(body.encode())).records] == ["datacite"]


# -- questions -------------------------------------------------------------------------------------------


def test_a_batch_asks_for_a_hundred_dois_and_as_large_a_page():
    requests = list(
        SOURCE.batch(BASE, [doi(f"10.5555/{n}") for n in range(150)], Asker(email="lin@example.org"))
    )

    first = dict(requests[0].params)
    assert [len(request.asked) for request in requests] == [100, 50]
    assert requests[0].url == "https://api.example.org/dois"
    assert first["ids"].startswith("10.5555/0,10.5555/1,")
    assert (first["page[size]"], first["disable-facets"], first["mailto"]) == (
        "100",
        "true",
        "lin@example.org",
    )


def test_a_doi_with_a_comma_is_asked_singly_and_encoded_once():
    [request] = SOURCE.batch(BASE, [doi("10.5555/a.251,2509")], NOBODY)

    assert request.url == "https://api.example.org/dois/10.5555%2Fa.251%2C2509"


def test_other_identifiers_are_not_asked():
    pmid = Identifier(Scheme.PMID, "7")

    assert list(SOURCE.batch(BASE, [pmid], NOBODY)) == []
    with pytest.raises(InvalidIdentifier):
        SOURCE.single(BASE, pmid, NOBODY)


def test_an_address_doubles_the_limit():
    assert SOURCE.limits(NOBODY) == {"all": Limit(1.6, 4)}
    assert SOURCE.limits(Asker(email="a@b.org")) == {"all": Limit(3.2, 4)}


@given(st.lists(st.text("abc/,()<>;#é中", min_size=1, max_size=80), max_size=300))
def test_every_doi_is_asked_exactly_once(suffixes):
    asked = [doi(f"10.5555/{suffix}") for suffix in suffixes]

    requests = list(SOURCE.batch(BASE, asked, NOBODY))

    covered = [each for request in requests for each in request.asked]
    assert sorted(covered) == sorted(set(asked))
    assert all(dict(request.params).get("ids", "").count(",") < 100 for request in requests)


# -- laws ------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NESTED = sorted({key for value in THESIS.values() for each in (value if isinstance(value, list) else [value])
                 if isinstance(each, dict) for key in each})  # fmt: skip
odd_objects = st.dictionaries(st.sampled_from(NESTED), json_values, max_size=4)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted({*THESIS, "relatedItems"})),
        json_values | odd_objects | st.lists(odd_objects, max_size=2),
        max_size=6,
    )
)
def test_any_value_in_any_key_leaves_a_record(said):
    record = parse_work({**THESIS, **said, "doi": "10.5555/1"}, NIGHT, remarks=[])

    assert record.source_key == "10.5555/1"
    assert len(record.fingerprint()) == 32


@settings(deadline=None)
@given(json_values)
def test_any_json_is_a_page_or_a_parse_error(value):
    with suppress(ParseError):
        assert SOURCE.parse(payload(json.dumps(value).encode())).missing == ()


# -- the corpus ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpus_records():
    path = CORPUS / "bulk" / "datacite.jsonl.gz"
    if not path.exists():
        pytest.skip("../shared/corpus is missing")
    bodies = [line for line in gzip.decompress(path.read_bytes()).split(b"\n") if line][::5]
    bodies += [name.read_bytes() for name in sorted((CORPUS / "datacite").glob("*.json"))[::2]]
    found = []
    for body in bodies:
        raw = json.loads(body)
        inner = raw.get("data", raw) if isinstance(raw, dict) else raw
        works = [one for one in (inner if isinstance(inner, list) else [inner]) if is_work(one)]
        records = SOURCE.parse(payload(body)).records if works else ()
        assert len(records) == len(works)
        found.extend(zip(works, records, strict=True))
    return found


def test_every_real_work_keeps_its_title_and_its_named_creators(corpus_records):
    assert len(corpus_records) > 500
    for raw, record in corpus_records:
        attributes = raw.get("attributes", raw)
        titles = [each.get("title") for each in attributes.get("titles", ()) if isinstance(each, dict)]
        if any(title and re.search(r"\w", title) and ":un" not in title for title in titles):
            assert record.titles, record.source_key
        named = [one for one in attributes.get("creators", ()) if one.get("familyName")]
        authors = [one for one in record.contributors if one.role == "author"]
        assert len(authors) >= len(named), record.source_key


def test_no_tag_and_no_code_for_nothing_stands_in_a_real_record(corpus_records):
    shown = [title.value for _, record in corpus_records for title in record.titles]
    shown += [person.name for _, record in corpus_records for person in record.contributors]
    shown += [record.publisher for _, record in corpus_records if record.publisher]

    odd = [
        each
        for each in shown
        if re.search(r"</?(?:i|b|em|sub|sup|p)>|&(?:amp|lt|gt);|[\n\t]|\(?:un\w\w\)", each)
    ]
    assert odd == []


def test_real_dates_are_plausible_or_none(corpus_records):
    years = {record.issued.year for _, record in corpus_records if record.issued}

    assert years
    assert all(1400 <= year <= 2030 for year in years)


def test_real_xml_gives_records_of_its_dois():
    paths = sorted((CORPUS / "datacite_xml").glob("*__10.*.xml"))
    if not paths:
        pytest.skip("../shared/corpus is missing")
    records = [one for path in paths for one in SOURCE.parse(payload(path.read_bytes())).records]

    assert len(records) == len(paths)
    assert all(one.issued for one in records)
