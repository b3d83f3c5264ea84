import gzip
import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

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
from harvester.sources.csl import SOURCES, is_csl, parse_reply, parse_work
from harvester.wire import Asker, Payload, Request

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://doi.example.org"
NOBODY = Asker()
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
NOT_FOUND = b"<!DOCTYPE html>\n<html><head>\n<title>Error: DOI Not Found</title>"
BY_NAME = {source.name: source for source in SOURCES}

# As ISTIC answers: 10.11821/dlxb202001001.
ISTIC_WORK = {
    "DOI": "10.5555/JH.2020.01",
    "type": "journal-article",
    "title": "&#x0201C;图书馆&#x0201D;浆糊的干燥过程研究",
    "author": [{"given": "刘伟明"}, {"given": "欧阳海燕"}],
    "container-title": "浆糊学报",
    "abstract": '<p id="C2">在大型图书馆的书库中，浆糊的干燥需要很长时间。</p>',
    "issued": {"date-parts": [["2020"]]},
    "volume": "75",
    "issue": "1",
    "page": "3-15",
    "URL": "http://paste.example.org/CN/10.5555/jh.2020.01",
}

SAVED = {
    "id": "https://paste.example.org/article:2014",
    "type": "article-journal",
    "title": "图书馆浆糊的干燥",
    "container-title": "Journal of Paste Studies",
    "ISSN": ["1548-7768"],
    "volume": "53",
    "issue": "3",
    "page": "318-321",
    "author": [{"literal": "刘伟明"}, {"literal": "Glue Consortium"}],
    "issued": {"date-parts": [[2014]]},
    "HANDLE": "5555/1",
    "URL": "https://paste.example.org/article:2014",
    "multi": {"_key": {"title": {"zh": "图书馆浆糊的干燥", "en": "On the Drying of Library Paste"}}},
}


def doi(value):
    return Identifier(Scheme.DOI, value)


def payload(body, *, status=200, kind="application/vnd.citationstyles.csl+json", asked=()):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Payload(
        service="istic",
        url=BASE,
        status=status,
        content_type=kind,
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(map(doi, asked)),
    )


def work(source="istic", **said):
    return parse_work({"DOI": "10.5555/1", **said}, NIGHT, source=source)


# -- asking ----------------------------------------------------------------------------------------------


def test_three_agencies_are_asked_through_the_resolver_for_their_own_dois_only():
    assert [(source.name, source.agencies, source.only_for) for source in SOURCES] == [
        ("kisti", ("KISTI",), ("KISTI",)),
        ("op", ("OP",), ("OP",)),
        ("istic", ("ISTIC",), ("ISTIC",)),
    ]
    assert {source.base_url for source in SOURCES} == {"https://doi.org"}
    assert all(source.licence for source in SOURCES)


def test_every_doi_is_one_question_with_an_accept_header():
    wanted = [doi("10.5555/a/b;1"), doi("10/abc"), Identifier(Scheme.PMID, "1"), doi("10.5555/a/b;1")]

    assert list(BY_NAME["kisti"].batch(BASE, wanted, NOBODY)) == [
        Request(
            service="kisti",
            url="https://doi.example.org/10.5555/a/b%3B1",  # the slash as it is, for ISTIC
            headers=(("Accept", "application/vnd.citationstyles.csl+json"),),
            asked=(doi("10.5555/a/b;1"),),
            limit="single",
        )
    ]
    assert "single" in BY_NAME["kisti"].limits(NOBODY)


@pytest.mark.parametrize("identifier", [Identifier(Scheme.PMID, "1"), doi("10/abc")])
def test_other_identifiers_and_short_dois_are_not_asked(identifier):
    with pytest.raises(InvalidIdentifier):
        BY_NAME["op"].single(BASE, identifier, NOBODY)


# -- answers ---------------------------------------------------------------------------------------------


def test_an_answer_of_istic_is_read_whole():
    page = BY_NAME["istic"].parse(payload(ISTIC_WORK, asked=["10.5555/jh.2020.01"]))

    assert page.skips == ()
    assert page.records == (
        Record(
            source="istic",
            source_key="10.5555/jh.2020.01",
            retrieved_at=NIGHT,
            identifiers=(doi("10.5555/jh.2020.01"),),
            titles=(Text("“图书馆”浆糊的干燥过程研究", "zh-Hans", Origin.PUBLISHER),),
            abstracts=(Text("在大型图书馆的书库中，浆糊的干燥需要很长时间。", "zh-Hans", Origin.PUBLISHER),),
            contributors=(
                Contributor("刘伟明", family="刘", given="伟明"),
                Contributor("欧阳海燕", family="欧阳", given="海燕"),
            ),
            container=Container("浆糊学报"),
            locus=Locus(volume="75", issue="1", pages="3-15"),
            issued=PartialDate(2020),
            work_type="journal-article",
            url="http://paste.example.org/CN/10.5555/jh.2020.01",
        ),
    )


def test_an_answer_without_a_doi_is_about_the_one_asked_for():
    page = BY_NAME["kisti"].parse(payload({"title": "Paste", "author": []}, asked=["10.5555/1"]))

    assert [record.identifiers for record in page.records] == [(doi("10.5555/1"),)]


def test_another_work_that_the_resolver_did_not_lead_to_is_no_alias():
    page = BY_NAME["op"].parse(payload({"DOI": "10.5555/other", "title": "Paste"}, asked=["10.5555/asked"]))

    assert page.records == ()
    assert [(skip.where, skip.why.key) for skip in page.skips] == [("10.5555/other", "answer-is-another")]


@pytest.mark.parametrize("said", [{"title": None}, {"title": ""}, {"DOI": None, "author": []}])
def test_an_answer_with_neither_a_doi_nor_a_title_is_about_nothing(said):
    page = BY_NAME["kisti"].parse(payload({"author": [], **said}, asked=["10.5555/1"]))

    assert page.records == ()
    assert [skip.why.key for skip in page.skips] == ["no-key-in-record"]


def test_an_alias_is_kept_beside_the_prime_doi():
    reply = payload({"DOI": "10.5555/PRIME", "title": "Paste"}, asked=["10.5555/alias"])
    page = BY_NAME["op"].parse(replace(reply, url="https://agency.example/10.5555/PRIME"))

    assert [record.source_key for record in page.records] == ["10.5555/prime"]
    assert page.records[0].identifiers == (doi("10.5555/alias"), doi("10.5555/prime"))


@pytest.mark.parametrize(
    "status, body, kind",
    [
        (204, b"", ""),
        (404, b"", ""),
        (404, b"The resource you are looking for doesn't exist.", "text/plain"),
        (404, b'{"errors": "not found"}', "application/json"),
        (404, NOT_FOUND, "text/html"),
    ],
)
def test_not_found_is_absent(status, body, kind):
    page = BY_NAME["op"].parse(payload(body, status=status, kind=kind, asked=["10.5555/1"]))

    assert page.absent == (doi("10.5555/1"),)
    assert page.records == ()


@pytest.mark.parametrize(
    "status, body, error, key",
    [
        (200, b"<html><title>\xe9\x80\x89\xe6\x8b\xa9</title>", ParseError, "reply-is-markup"),  # CNKI
        (404, b"<html>captive portal</html>", ParseError, "reply-is-markup"),
        (400, b"<html><title>Error: Not a DOI</title>", ParseError, "reply-is-markup"),
        (301, b"<html>", ParseError, "reply-is-markup"),
        (200, b"@article{paste, title = {Paste}}", ParseError, "reply-is-not-json"),
        (200, b"", ParseError, "reply-is-not-json"),
        (200, b'{"DOI": "10.5555/1"', ParseError, "reply-is-not-json"),
        (406, b"", ParseError, "format-not-offered"),
        (400, b'{"error": "no"}', ParseError, "service-says"),
        (200, b'{"status": "ok"}', ParseError, "not-csl"),
        (403, b"", SourceRefused, "service-refuses"),
        (502, b"<html>", SourceUnavailable, "service-unavailable"),
        (429, b"", SourceUnavailable, "service-unavailable"),
    ],
)
def test_what_is_no_answer_is_never_absent(status, body, error, key):
    with pytest.raises(error) as caught:
        BY_NAME["istic"].parse(payload(body, status=status, asked=["10.5555/1"]))

    assert caught.value.message.key == key


@pytest.mark.parametrize(
    "item, key",
    [
        ({"title": "Paste"}, "csl-no-id"),
        ({"DOI": "paste", "title": "Paste"}, "no-doi"),
        ({"page": "1"}, "not-csl"),
        (3, "not-an-object"),
    ],
)
def test_what_is_no_work_is_skipped_with_its_reason(item, key):
    page = parse_reply(payload([item, {"DOI": "10.5555/2"}]))

    assert [record.source_key for record in page.records] == ["10.5555/2"]
    assert [(skip.why.key, skip.fatal) for skip in page.skips] == [(key, True)]


# -- saved documents -------------------------------------------------------------------------------------


def test_a_saved_work_without_a_doi_is_read_whole_and_vouched_for_by_nobody():
    assert parse_work(SAVED, NIGHT, document="paste.json:1") == Record(
        source="document",
        source_key="https://paste.example.org/article:2014",
        retrieved_at=NIGHT,
        document="paste.json:1",
        titles=(
            Text("图书馆浆糊的干燥", "zh-Hans", Origin.UNKNOWN),
            Text("On the Drying of Library Paste", "en", Origin.UNKNOWN),
        ),
        contributors=(Contributor("刘伟明", family="刘", given="伟明"), Contributor("Glue Consortium")),
        container=Container("Journal of Paste Studies", issns=("1548-7768",)),
        locus=Locus(volume="53", issue="3", pages="318-321"),
        issued=PartialDate(2014),
        work_type="journal-article",
        url="https://paste.example.org/article:2014",
        extra='{"handle":"5555/1","type":"article-journal"}',
    )


@pytest.mark.parametrize(
    "data, expected",
    [
        (SAVED, True),
        (ISTIC_WORK, True),
        ({"id": "1", "title": "Paste", "issued": {"raw": "2014"}}, True),
        ({"DOI": "10.5555/1", "title": "Paste", "author": [{"given": "刘伟明"}]}, True),
        ({"DOI": "10.5555/1", "title": "Paste"}, False),
        ({"title": "Paste", "authors": "A. Rossi", "doi": "10.5555/1", "resultStr": ""}, False),
        ({"itemType": "journalArticle", "title": "Paste", "DOI": "10.5555/1", "creators": []}, False),
        (
            {
                "DOI": "10.5555/1",
                "title": ["Paste"],
                "container-title": [],
                "member": "7",
                "prefix": "10.5555",
            },
            False,
        ),
        ({}, False),
    ],
)
def test_csl_is_told_from_other_objects(data, expected):
    assert is_csl(data) is expected


# -- odd inputs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source, said, titles",
    [
        ("medra", {"title": ["Paste", "浆糊"]}, [("Paste", "en"), ("浆糊", "zh-Hans")]),
        ("medra", {"title": "Paste", "subtitle": "A study"}, [("Paste: A study", "en")]),
        ("kisti", {"title": "浆糊研究的现状与未来"}, [("浆糊研究的现状与未来", "zh-Hans")]),
        ("kisti", {"title": "韓國圖書館學"}, [("韓國圖書館學", "ko")]),
        ("kisti", {"title": "도서관의 풀"}, [("도서관의 풀", "ko")]),
        ("kisti", {"title": "The drying of library paste"}, [("The drying of library paste", "en")]),
        ("jalc", {"title": "英語教育史研究"}, [("英語教育史研究", "ja")]),
        ("document", {"title": "英語教育史研究", "container-title": "のりの研究"}, [("英語教育史研究", "ja")]),
        ("document", {"title": "英語教育史研究", "language": "ja"}, [("英語教育史研究", "ja")]),
        ("istic", {"title": "数字图书馆", "language": "en"}, [("数字图书馆", "zh-Hans")]),
        (
            "document",
            {"title": "Stein流形上的Koppelman-Leray-Norguet公式", "multi": {"_key": {"title": {"zh": "Stein流形上的Koppelman-Leray-Norguet公式"}}}},
            [("Stein流形上的Koppelman-Leray-Norguet公式", "zh-Hans")],
        ),
        (
            "document",
            {"title": "On Paste", "multi": {"_key": {"title": {"en": "On Paste", "ja": "図書館学 Library Paste の研究"}}}},
            [("On Paste", "en"), ("図書館学 Library Paste の研究", "ja")],
        ),
        ("medra", {"title": {"x": 1}, "multi": [1]}, []),
    ],
)  # fmt: skip
def test_titles_are_filed_by_what_they_are(source, said, titles):
    assert [(title.value, title.language) for title in work(source, **said).titles] == titles


@pytest.mark.parametrize(
    "person, expected",
    [
        ({"given": "刘伟明"}, Contributor("刘伟明", family="刘", given="伟明")),  # 10.11821/dlxb202001001
        ({"literal": "刘 伟明"}, Contributor("刘伟明", family="刘", given="伟明")),
        ({"literal": "中国科学院地理科学研究所"}, Contributor("中国科学院地理科学研究所")),
        ({"family": "Lin", "given": "Mei"}, Contributor("Mei Lin", family="Lin", given="Mei")),
        ({"literal": "European Commission"}, Contributor("European Commission")),
        (
            {"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"},
            Contributor("Vincent van Gogh", family="van Gogh", given="Vincent"),
        ),
        (
            {"family": "Lin", "given": "Mei", "affiliation": [{"name": "Institute of Paste"}]},
            Contributor("Mei Lin", family="Lin", given="Mei", affiliations=("Institute of Paste",)),
        ),
        (
            {"family": "Lin", "given": "Mei", "affiliation": ["Institute of Paste"]},
            Contributor("Mei Lin", family="Lin", given="Mei", affiliations=("Institute of Paste",)),
        ),
    ],
)
def test_names_are_shown_as_on_a_title_page(person, expected):
    assert work(author=[person]).contributors == (expected,)


def test_a_whole_name_in_han_of_a_japanese_work_is_not_cut_at_a_chinese_surname():
    read = work("document", title="のりの研究", author=[{"literal": "小出良幸"}])

    assert read.contributors == (Contributor("小出良幸"),)


@pytest.mark.parametrize(
    "issued, expected",
    [
        ({"date-parts": [[2019, 2, 28]]}, "2019-02-28"),
        ({"date-parts": [["2019", "2"]]}, "2019-02"),
        ({"date-parts": [[2019]]}, "2019"),
        ({"date-parts": [[]], "raw": "2019-02"}, "2019-02"),
        ({"literal": "2019"}, "2019"),
        ("2019-02-28", "2019-02-28"),
        (2019, "2019"),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": "x"}, None),
        (None, None),
    ],
)
def test_dates_keep_their_precision(issued, expected):
    found = work(issued=issued).issued

    assert (str(found) if found else None) == expected


@pytest.mark.parametrize(
    "said, work_type",
    [
        ("article-journal", "journal-article"),
        ("journal-article", "journal-article"),
        ("thesis", "dissertation"),
        ("article", None),
        ("book", "book"),
        (None, None),
    ],
)
def test_types_are_crossrefs_words(said, work_type):
    assert work(type=said).work_type == work_type


def test_the_small_fields_are_read_in_all_their_shapes():
    read = work(
        "jalc",
        ISSN=["13467565", "1548-7768,1548-7769", "nonsense"],
        **{"container-title": ["Journal of Paste", "浆糊学报"], "container-title-short": "J. Paste"},
        volume="70",
        number="1",
        **{"page-first": "19", "page-last": "28"},
        publisher={"name": "Test &amp; Sons"},
        keyword="paste, glue；浆糊",
        categories=["Adhesives"],
        PMID="123",
        PMCID="456",
        language="ja",
    )

    assert read.container == Container("Journal of Paste", "J. Paste", "浆糊学报", ("1346-7565", "1548-7768"))
    assert read.locus == Locus(volume="70", issue="1", pages="19-28")
    assert read.publisher == "Test & Sons"
    assert read.subjects == ("Adhesives", "paste", "glue", "浆糊")
    assert read.language is None  # no text of it is Japanese
    assert read.identifiers == (
        doi("10.5555/1"),
        Identifier(Scheme.PMCID, "PMC456"),
        Identifier(Scheme.PMID, "123"),
    )


# -- laws ------------------------------------------------------------------------------------------------

KEYS = sorted(
    {
        "DOI",
        "subtitle",
        "original-title",
        "editor",
        "keyword",
        "categories",
        "language",
        "number",
        "publisher",
    }
    | {*ISTIC_WORK, *SAVED}
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "literal",
                    "given",
                    "family",
                    "date-parts",
                    "name",
                    "_key",
                    "title",
                    "zh",
                    "URL",
                    "affiliation",
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([key for key in KEYS if key != "DOI"]), json_values, max_size=6))
def test_any_value_in_any_key_leaves_a_record(said):
    record = parse_work({**ISTIC_WORK, **said, "DOI": "10.5555/1"}, NIGHT, remarks=[])

    assert record.source_key == "10.5555/1"
    assert len(record.fingerprint()) == 32


@settings(max_examples=150, deadline=None)
@given(
    json_values | st.dictionaries(st.sampled_from(KEYS), json_values, max_size=6),
    st.sampled_from([200, 204, 404, 406]),
)
def test_no_json_raises_anything_but_our_own_errors(answer, status):
    with suppress(HarvesterError):
        parse_reply(payload(answer, status=status, asked=["10.5555/1"]))


# -- the corpus ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def saved_works():
    path = CORPUS / "bulk" / "csl_harvested.jsonl.gz"
    if not path.exists():
        pytest.skip("../shared/corpus is missing")
    lines = [line for line in gzip.decompress(path.read_bytes()).split(b"\n") if line.strip()]
    works = [json.loads(line) for line in lines[::3]]
    return [(raw, parse_work(raw, NIGHT)) for raw in works]


def test_every_saved_work_is_recognised_and_keeps_title_authors_and_date(saved_works):
    assert len(saved_works) > 1_000
    for raw, record in saved_works:
        assert is_csl(raw), raw["id"]
        assert record.titles, raw["id"]
        assert len(record.contributors) == len(raw.get("author", [])), raw["id"]
        assert bool(record.issued) == bool(raw.get("issued")), raw["id"]


def test_both_titles_of_a_saved_work_are_filed_in_their_languages(saved_works):
    wrong = []
    for raw, record in saved_works:
        said = raw.get("multi", {}).get("_key", {}).get("title", {})
        if set(said) == {"zh", "en"} and len(re.findall("[\u4e00-\u9fff]", said["zh"])) >= 4:
            tags = [title.language.split("-")[0] for title in record.titles]
            wrong += [] if tags in (["zh", "en"], ["zh", "fr"]) else [(raw["id"], tags)]

    assert wrong == []


def test_every_recorded_negotiation_is_read_or_refused_with_a_reason():
    files = [*sorted((CORPUS / "csl").glob("*")), *sorted((CORPUS / "errors").glob("*__csl__*"))]
    if not files:
        pytest.skip("../shared/corpus is missing")
    read, absent, refused = 0, 0, []
    for path in files:
        status = int(path.name.split("__")[2]) if path.parent.name == "errors" else 200
        kind = "text/html" if path.suffix == ".html" else ""
        try:
            body = path.read_bytes()
            own = re.search(rb'"DOI":\s*"([^"]+)"', body)
            asked = own[1].decode().replace("\\/", "/").lower() if own else "10.5555/1"
            page = parse_reply(payload(body, status=status, kind=kind, asked=[asked]))
        except ParseError as unread:
            refused.append(unread.message.key)
            continue
        read += len(page.records)
        absent += len(page.absent)

    assert (read, absent) == (22, 4)
    assert sorted(refused) == ["reply-is-markup"] * 2 + ["reply-is-not-json"] * 4
