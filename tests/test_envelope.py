import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.formats.envelope import KEYS, dump_envelope, is_envelope, parse_envelope
from harvester.formats.json_documents import FORMAT
from harvester.formats.json_stream import Plain
from harvester.model import (
    Container,
    Contributor,
    Description,
    Identifier,
    Locus,
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
    Work,
)
from harvester.wire import Context, Skip

SEEDS = Path(__file__).parents[1] / "../shared/seeds"
NIGHT = "2026-11-21T03:00:00Z"
CONTEXT = Context("paste.txt", NIGHT)
ENGLISH = "On the drying of library paste in unheated reading rooms"
CHINESE = "论无暖气阅览室中图书馆浆糊的干燥"
OTHER_CHINESE = "图书馆浆糊在冷阅览室里的变干过程"
ABSTRACT_EN = (
    "Paste was left open in twelve reading rooms of the old library. It dried within nineteen days in all of them. "
    "The temperature of the room explained most of the difference, and the age of the librarian explained the rest."
)
ABSTRACT_ZH = "我们把浆糊放在旧图书馆的十二个阅览室里。所有浆糊在十九天内变干。室温解释了大部分差异，馆员的年龄解释了其余部分。"


def envelope(**values):
    return dict.fromkeys(KEYS) | {"doi": "10.5555/paste"} | values


def read(data, *lines):
    plain = [Plain(number, text) for number, text in enumerate(lines, 2)]
    return parse_envelope(data, "paste.txt:1", CONTEXT, plain)


def record_of(*lines, **values):
    record, skips = read(envelope(**values), *lines)
    assert record is not None
    assert not any(skip.fatal for skip in skips)
    return record


def keys_of(skips):
    return [skip.why.key for skip in skips]


def said(texts):
    return [(text.language, text.value) for text in texts]


# -- the seed --------------------------------------------------------------------------------------------


@pytest.fixture
def seed():
    if not SEEDS.is_dir():
        pytest.skip("../shared/seeds is missing")
    with (SEEDS / "000_ebe4adc8d274e295.txt").open(encoding="utf-8") as stream:
        return list(FORMAT.parse(stream, Context("seed.txt", NIGHT)))


def test_the_seed_is_one_record_and_its_plain_lines_are_witnesses(seed):
    assert [type(item) for item in seed] == [Record]


def test_the_seed_comes_out_as_the_contract_says(seed):
    [record] = seed

    assert record.identifiers == (Identifier(Scheme.DOI, "10.1080/15487768.2016.1255276"),)
    assert record.source_key == "10.1080/15487768.2016.1255276"
    assert [(text.language, text.value[:12], text.origin) for text in record.titles] == [
        ("en", "“Everything ", Origin.AGGREGATOR),
        ("zh-Hans", "“一切都是那么轻松和个性", Origin.AGGREGATOR),
    ]
    assert [(text.language, text.value[:30]) for text in record.abstracts] == [
        ("en", "The relationship with professi")
    ]
    assert record.language == "en"
    assert [author.name for author in record.contributors] == ["A. Topor", "A. Ljungberg"]
    assert record.container == Container("American journal of psychiatric rehabilitation")
    assert record.locus == Locus(volume="8 1", pages="275-293")
    assert record.issued == PartialDate(2016, 10, 1)
    assert (record.citation_count, record.is_open_access, record.oa_url) == (19, False, None)
    assert record.work_type == "journal-article"
    assert record.document == "seed.txt:1"
    assert list(json.loads(record.extra)) == list(KEYS)


def test_the_seed_survives_a_round_trip(seed):
    [record] = seed
    work = work_of(record)

    again, skips = read(dump_envelope(work, record.extra))

    assert skips == []
    assert work_of(again) == work


def test_a_dumped_seed_looks_like_the_seed(seed):
    [record] = seed
    dumped = dump_envelope(work_of(record), record.extra)

    assert list(dumped) == list(KEYS)
    assert dumped["title"].startswith("“Everything is so relaxed")
    assert dumped["TitleCN"].startswith("“一切都是那么轻松")
    assert dumped["AbstractTextCN"] is None
    assert dumped["citationCount"] == "19"
    assert dumped["isOpenAccess"] is False
    assert dumped["journal"] == {
        "name": "American journal of psychiatric rehabilitation",
        "volume": "8 1",
        "pages": "275-293",
    }
    assert dumped["DOIUrl"] == "https://doi.org/10.1080/15487768.2016.1255276"
    assert (dumped["PeriodicalId"], dumped["FirstCategoryId"], dumped["platform"]) == (
        72174,
        "1085",
        "Semanticscholar",
    )
    inner = json.loads(dumped["resultStr"])
    assert list(inner) == list(KEYS)
    assert inner["title"] == dumped["title"]
    assert (inner["resultStr"], inner["TitleCN"], inner["AbstractTextCN"]) == (None, None, None)
    assert "一" not in dumped["resultStr"]


# -- which objects ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data, expected",
    [
        (dict.fromkeys(KEYS), True),
        ({"resultStr": "{}"}, True),
        ({"title": "x", "doi": "10.5555/a"}, True),
        ({"title": "x", "paperId": "abc", "externalIds": {}}, False),  # Semantic Scholar's own
        ({"title": "x", "work_id": 3}, False),
        ({"message": {}, "status": "ok"}, False),
        ({"Score": 1}, False),
        ({}, False),
    ],
)
def test_an_envelope_is_known_by_its_keys(data, expected):
    assert is_envelope(data) is expected


# -- titles and abstracts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "outer, inner, title_cn",
    [
        (CHINESE, ENGLISH, None),
        (ENGLISH, CHINESE, None),
        (ENGLISH, ENGLISH, CHINESE),
        (ENGLISH, None, CHINESE),
        (None, ENGLISH, CHINESE),
        (f"{ENGLISH}. {CHINESE}", None, None),
        (CHINESE, ENGLISH, CHINESE),
    ],
)
def test_a_title_is_filed_by_what_it_is(outer, inner, title_cn):
    record = record_of(
        title=outer, resultStr=json.dumps({"title": inner}) if inner else None, TitleCN=title_cn
    )

    assert said(record.titles) == [("en", ENGLISH), ("zh-Hans", CHINESE)]
    assert record.language == "en"


def test_a_chinese_title_key_that_repeats_the_english_title_is_no_chinese_title():
    record = record_of(title=ENGLISH, TitleCN=ENGLISH.upper() + ".")

    assert said(record.titles) == [("en", ENGLISH)]


def test_two_chinese_titles_are_both_kept_the_outer_one_first():
    record = record_of(title=CHINESE, TitleCN=OTHER_CHINESE, resultStr=json.dumps({"title": ENGLISH}))

    assert said(record.titles) == [("en", ENGLISH), ("zh-Hans", CHINESE), ("zh-Hans", OTHER_CHINESE)]


def test_the_only_title_tells_the_language():
    assert record_of(title=CHINESE).language == "zh"
    assert record_of(title=ENGLISH).language == "en"
    assert record_of(title=None).language is None


@pytest.mark.parametrize(
    "abstract, inner, chinese, language",
    [
        (ABSTRACT_EN, None, ABSTRACT_ZH, "en"),
        (ABSTRACT_ZH, ABSTRACT_EN, None, "en"),
        (ABSTRACT_EN, ABSTRACT_ZH, None, "zh"),
        (ABSTRACT_ZH, None, None, "zh"),
    ],
)
def test_the_innermost_abstract_tells_the_language(abstract, inner, chinese, language):
    result = json.dumps({"abstract": inner}) if inner else ""
    record = record_of(title=CHINESE, abstract=abstract, AbstractTextCN=chinese, resultStr=result)

    assert record.language == language
    assert {text.language for text in record.abstracts} == {
        one
        for one, text in (("en", ABSTRACT_EN), ("zh-Hans", ABSTRACT_ZH))
        if text in (abstract, inner, chinese)
    }


@pytest.mark.parametrize(
    "raw",
    [
        f"ABSTRACT {ABSTRACT_EN}",
        f"Abstract: {ABSTRACT_EN}",
        f"<p><p>{ABSTRACT_EN}</p>",
        f"  {ABSTRACT_EN}\n",
    ],
)
def test_labels_and_markup_around_an_abstract_are_taken_off(raw):
    assert said(record_of(abstract=raw).abstracts) == [("en", ABSTRACT_EN)]


def test_a_chinese_label_is_taken_off():
    assert said(record_of(AbstractTextCN=f"【摘要】{ABSTRACT_ZH}").abstracts) == [("zh-Hans", ABSTRACT_ZH)]


def test_an_abstract_with_sections_in_both_languages_is_two():
    record = record_of(abstract=f"{ABSTRACT_EN}\n{ABSTRACT_ZH}")

    assert sorted(said(record.abstracts)) == [("en", ABSTRACT_EN), ("zh-Hans", ABSTRACT_ZH)]


@pytest.mark.parametrize("brackets", ["[{}].", "[{}]", "[{}.]"])
def test_a_title_in_brackets_is_a_translation(brackets):
    record = record_of(title=brackets.format(ENGLISH), TitleCN=CHINESE, abstract=ABSTRACT_EN)

    assert sorted(said(record.titles)) == [("en", ENGLISH), ("zh-Hans", CHINESE)]
    assert record.language == "zh"
    assert {text.origin for text in record.titles} == {Origin.AGGREGATOR}


def test_a_translated_title_without_chinese_leaves_the_language_open():
    assert record_of(title=f"[{ENGLISH}].", abstract=ABSTRACT_EN).language is None


def test_latex_that_lost_its_backslashes_is_kept_as_it_came():
    title = "Measuring paste at $1.7 text{pA}/sqrt{text{Hz}}$ in the reading room"

    assert said(record_of(title=title).titles) == [("en", title)]


def test_a_text_that_we_marked_as_machine_made_stays_marked():
    record = record_of(title=ENGLISH, TitleCN=CHINESE, TitleCNOrigin="machine", TitleOrigin="publisher")

    assert [(text.value, text.origin) for text in record.titles] == [
        (ENGLISH, Origin.PUBLISHER),
        (CHINESE, Origin.MACHINE),
    ]


# -- the inner record ------------------------------------------------------------------------------------


def wrapped(times, data):
    text = json.dumps(data)
    for _ in range(times):
        text = json.dumps(text)
    return text


@pytest.mark.parametrize(
    "raw", [{"title": ENGLISH}, *(wrapped(times, {"title": ENGLISH}) for times in range(4))], ids=range(5)
)
def test_the_inner_record_is_an_object_or_json_in_strings(raw):
    assert ("en", ENGLISH) in said(record_of(title=CHINESE, resultStr=raw).titles)


@pytest.mark.parametrize("raw", ['{"title": "cut o', "no json", "[1, 2]", "17", 17, [1]])
def test_a_broken_inner_record_is_named_kept_and_costs_nothing(raw):
    record, skips = read(envelope(title=ENGLISH, resultStr=raw))

    assert said(record.titles) == [("en", ENGLISH)]
    assert keys_of(skips) == ["envelope-inner-broken"]
    assert json.loads(record.extra)["resultStr"] == raw


def test_inner_records_in_inner_records_are_read_to_a_limit():
    data = {"title": "The innermost title of them all"}
    for _ in range(30):
        data = {"resultStr": data}
    record, skips = read(envelope(title=ENGLISH, **data))

    assert said(record.titles) == [("en", ENGLISH)]
    assert keys_of(skips) == ["envelope-inner-deep"]


def test_the_inner_record_fills_what_the_outer_one_lacks():
    inner = {"authors": "A. Topor, M. Lin", "doi": "10.5555/inner", "citationCount": 0}
    record = record_of(doi=None, title=CHINESE, citationCount=None, resultStr=json.dumps(inner))

    assert [author.name for author in record.contributors] == ["A. Topor", "M. Lin"]
    assert record.source_key == "10.5555/inner"
    assert record.citation_count == 0


# -- scalars ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key, raw, column, value",
    [
        ("citationCount", "19", "citation_count", 19),
        ("citationCount", 19, "citation_count", 19),
        ("citationCount", 19.0, "citation_count", 19),
        ("citationCount", "1,219", "citation_count", 1219),
        ("citationCount", 0, "citation_count", 0),
        ("citationCount", "0", "citation_count", 0),
        ("citationCount", "", "citation_count", None),
        ("isOpenAccess", False, "is_open_access", False),
        ("isOpenAccess", "false", "is_open_access", False),
        ("isOpenAccess", 0, "is_open_access", False),
        ("isOpenAccess", "1", "is_open_access", True),
        ("isOpenAccess", True, "is_open_access", True),
        ("isOpenAccess", "", "is_open_access", None),
        ("publicationDate", "2016-10-01", "issued", PartialDate(2016, 10, 1)),
        ("publicationDate", "2016-10", "issued", PartialDate(2016, 10)),
        ("publicationDate", "2016", "issued", PartialDate(2016)),
        ("publicationDate", 2016, "issued", PartialDate(2016)),
        ("publicationDate", "2026-02-09T00:00:00", "issued", PartialDate(2026, 2, 9)),
        ("publicationDate", "2026-02-09 08:00:00", "issued", PartialDate(2026, 2, 9)),
        ("publicationDate", "2016年10月1日", "issued", PartialDate(2016, 10, 1)),
        ("publicationDate", "2016年10月", "issued", PartialDate(2016, 10)),
        ("publicationDate", "2016-00-00", "issued", PartialDate(2016)),
        ("publicationDate", "0000-00-00", "issued", None),
        ("publicationDate", "", "issued", None),
        ("EPubDate", "2024-05-23", "published_online", PartialDate(2024, 5, 23)),
        ("openAccessPdf", "https://example.org/a.pdf", "oa_url", "https://example.org/a.pdf"),
        ("openAccessPdf", {"url": "https://example.org/a.pdf"}, "oa_url", "https://example.org/a.pdf"),
        ("openAccessPdf", {"url": "", "status": None}, "oa_url", None),
        ("openAccessPdf", "", "oa_url", None),
        ("url", "https://example.org/paste", "url", "https://example.org/paste"),
        ("publicationTypes", "Journal Article", "work_type", "journal-article"),
        ("publicationTypes", "JournalArticle", "work_type", "journal-article"),
        ("publicationTypes", ["Research Support", "Review"], "work_type", "journal-article"),
        ("publicationTypes", "Conference", "work_type", "proceedings-article"),
        ("publicationTypes", "Paste", "work_type", None),
        ("fieldsOfStudy", "Medicine, Psychology", "subjects", ("Medicine", "Psychology")),
        ("fieldsOfStudy", ["Medicine", "Medicine"], "subjects", ("Medicine",)),
        ("fieldsOfStudy", [{"category": "Medicine"}], "subjects", ("Medicine",)),
        ("fieldsOfStudy", None, "subjects", ()),
        ("journal", "Journal of Paste", "container", Container("Journal of Paste")),
        ("journal", {"name": "Journal of Paste"}, "container", Container("Journal of Paste")),
        ("journal", {"volume": "8 1", "pages": "275 - 293"}, "locus", Locus("8 1", None, "275-293")),
        ("journal", {"volume": "PP ", "pages": ""}, "locus", Locus("PP")),
        ("journal", {"volume": 19, "pages": "\n 1-6\n "}, "locus", Locus("19", None, "1-6")),
        ("journal", {"pages": "275–93"}, "locus", Locus(None, None, "275-93")),
        ("journal", {"name": "", "volume": None}, "locus", None),
        ("journal", None, "container", None),
        ("PeriodicalName", "Journal of Paste", "container", Container("Journal of Paste")),
    ],
)
def test_a_scalar_is_read_in_whatever_type_it_comes(key, raw, column, value):
    record, skips = read(envelope(title=ENGLISH, **{key: raw}))

    assert getattr(record, column) == value
    assert skips == []


@pytest.mark.parametrize(
    "key, raw",
    [
        ("citationCount", -1),
        ("citationCount", "many"),
        ("citationCount", True),
        ("citationCount", 10**30),
        ("isOpenAccess", "perhaps"),
        ("isOpenAccess", 2),
        ("publicationDate", "yesterday"),
        ("publicationDate", "2016-13-01"),
        ("publicationDate", "2015-02-29"),
        ("publicationDate", [2016, 10, 1]),
        ("openAccessPdf", "javascript:alert(1)"),
        ("openAccessPdf", "file:///etc/passwd"),
        ("url", "https://"),
        ("journal", ["Journal of Paste"]),
        ("title", ["a"]),
        ("abstract", {"a": 1}),
        ("authors", 17),
        ("doi", {"a": 1}),
        ("PMCID", "PMC-X"),
        ("publicationTypes", [1]),
        ("fieldsOfStudy", {"a": 1}),
    ],
)
def test_an_odd_value_is_named_kept_and_not_used(key, raw):
    record, skips = read(envelope(title=ENGLISH) | {key: raw, "TitleCN": CHINESE})

    assert [(skip.why.key, skip.why.values["field"]) for skip in skips] == [("envelope-odd-value", key)]
    assert not any(skip.fatal for skip in skips)
    assert json.loads(record.extra)[key] == raw


@pytest.mark.parametrize("raw", [0, "0", "0.0000", 0.0, "", None])
def test_an_unknown_rank_or_id_is_neither_used_nor_remarked_upon(raw):
    ranks = dict.fromkeys(("PeriodicalIF", "paperid", "PMCID", "RegionNum", "JCR", "Total"), raw)
    record, skips = read(envelope(title=ENGLISH, platform="Semanticscholar", **ranks))

    assert record.identifiers == (Identifier(Scheme.DOI, "10.5555/paste"),)
    assert skips == []
    assert json.loads(record.extra)["PeriodicalIF"] == raw


def test_a_chinese_journal_name_stands_beside_the_english_one():
    record = record_of(journal={"name": "Journal of Paste"}, PeriodicalName="浆糊学报")

    assert record.container == Container("Journal of Paste", title_zh="浆糊学报")


@pytest.mark.parametrize(
    "raw, names",
    [
        ("A. Topor, A. Ljungberg", ["A. Topor", "A. Ljungberg"]),
        ("Z M Yu, Q Zhou, X W Liu", ["Z M Yu", "Q Zhou", "X W Liu"]),
        ("刘伟明, 林梅", ["刘伟明", "林梅"]),
        (["Mei Lin", "A. Topor"], ["Mei Lin", "A. Topor"]),
        (
            [{"authorId": "1", "name": "Mei Lin"}, {"authorId": None, "name": "A. Topor"}],
            ["Mei Lin", "A. Topor"],
        ),
        ('["Mei Lin", "A. Topor"]', ["Mei Lin", "A. Topor"]),
        ([{"family": "Lin", "given": "Mei"}], ["Mei Lin"]),
        ([{"name": ""}, {}], []),
        ("", []),
        (None, []),
    ],
)
def test_authors_come_in_many_shapes(raw, names):
    assert [author.name for author in record_of(title=ENGLISH, authors=raw).contributors] == names


# -- identifiers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values, identifiers, key",
    [
        ({"doi": "10.5555/A"}, [(Scheme.DOI, "10.5555/a")], "10.5555/a"),
        ({"DOIUrl": "https://doi.org/10.5555/A"}, [(Scheme.DOI, "10.5555/a")], "10.5555/a"),
        ({"ListUrlMain": "https://doi.org/10.5555/a"}, [(Scheme.DOI, "10.5555/a")], "10.5555/a"),
        ({"platform": "PubMed", "paperid": 12345}, [(Scheme.PMID, "12345")], "pubmed:12345"),
        (
            {"platform": "Semanticscholar", "paperid": "AB" * 20},
            [(Scheme.S2, "ab" * 20)],
            "semanticscholar:" + "AB" * 20,
        ),
        (
            {"platform": "Semanticscholar", "paperid": "144546653"},
            [(Scheme.PLATFORM, "semanticscholar:144546653")],
            "semanticscholar:144546653",
        ),
        (
            {"doi": "10.5555/a", "PMCID": "PMC77"},
            [(Scheme.DOI, "10.5555/a"), (Scheme.PMCID, "PMC77")],
            "10.5555/a",
        ),
        (
            {"doi": "10.5555/a", "PMCID": 77},
            [(Scheme.DOI, "10.5555/a"), (Scheme.PMCID, "PMC77")],
            "10.5555/a",
        ),
    ],
)
def test_identifiers_come_from_their_keys(values, identifiers, key):
    record = record_of(**({"doi": None, "title": ENGLISH} | values))

    assert record.identifiers == tuple(Identifier(scheme, value) for scheme, value in identifiers)
    assert record.source_key == key


def test_an_invalid_doi_is_remarked_upon():
    record, skips = read(envelope(title=ENGLISH, doi="unknown yet"))

    assert record.identifiers == ()
    assert keys_of(skips) == ["envelope-bad-doi"]


def test_of_two_dois_the_first_is_used_and_the_other_named():
    record, skips = read(envelope(title=ENGLISH, DOIUrl="https://doi.org/10.5555/other"))

    assert record.identifiers == (Identifier(Scheme.DOI, "10.5555/paste"),)
    assert keys_of(skips) == ["envelope-two-dois"]


def test_without_an_identifier_the_key_is_made_of_the_content():
    one = record_of(doi=None, title=ENGLISH, authors="Mei Lin", citationCount=1)
    same = record_of(doi=None, title=ENGLISH, authors="Mei Lin", citationCount=2)
    other = record_of(doi=None, title=ENGLISH, authors="A. Topor")

    assert one.source_key == same.source_key
    assert one.source_key.startswith("content:")
    assert one.source_key != other.source_key


def test_an_envelope_that_says_nothing_is_skipped():
    record, skips = read(dict.fromkeys(KEYS))

    assert record is None
    assert [(skip.why.key, skip.fatal) for skip in skips] == [("envelope-empty", True)]


def test_the_whole_object_is_kept_unknown_keys_too():
    data = {"Zzz": [1, {"a": None}], **envelope(title=ENGLISH)}
    record, _ = read(data)

    assert list(json.loads(record.extra).items()) == list(data.items())
    assert '": ' not in record.extra


# -- the lines beside the object -------------------------------------------------------------------------


def test_lines_that_repeat_the_record_are_witnesses():
    values = {"title": CHINESE, "abstract": ABSTRACT_EN, "authors": "Mei Lin, A. Topor"}
    _, skips = read(
        envelope(resultStr=json.dumps({"title": ENGLISH}), **values),
        ENGLISH + ".",
        f"ABSTRACT {ABSTRACT_EN}",
        f"{ENGLISH}. {CHINESE}",
        "Mei Lin, A. Topor",
        "",
    )

    assert skips == []


def test_lines_give_what_the_record_has_not():
    record = record_of(ENGLISH, CHINESE, ABSTRACT_EN, ABSTRACT_ZH, title=None)

    assert sorted(said(record.titles)) == [("en", ENGLISH), ("zh-Hans", CHINESE)]
    assert sorted(said(record.abstracts)) == [("en", ABSTRACT_EN), ("zh-Hans", ABSTRACT_ZH)]


def test_a_line_in_both_languages_gives_both_titles():
    record = record_of(f"{ENGLISH}. {CHINESE}", title=None)

    assert {text.language for text in record.titles} == {"en", "zh-Hans"}


def test_abstract_lines_after_each_other_are_sections():
    second = "A second experiment was made in the basement, where nothing dried. " * 4
    record = record_of(ABSTRACT_EN, second, title=ENGLISH)

    assert said(record.abstracts) == [("en", f"{ABSTRACT_EN}\n{second.strip()}")]


def test_a_line_that_disagrees_is_reported_with_its_place():
    other = "Another title that has nothing to do with it"
    record, skips = read(envelope(title=ENGLISH), ENGLISH, other)

    assert said(record.titles) == [("en", ENGLISH)]
    assert [(skip.where, skip.why.key, skip.fatal) for skip in skips] == [
        ("paste.txt:3", "envelope-line-differs", False)
    ]


@pytest.mark.parametrize(
    "line",
    ["Keywords: paste; glue", "https://example.org/next", "2 / 17", "doi: 10.5555/else", "Mei Lin; A. Topor"],
)
def test_a_line_that_is_neither_title_nor_abstract_is_reported(line):
    record, skips = read(envelope(TitleCN=CHINESE), line)

    assert said(record.titles) == [("zh-Hans", CHINESE)]
    assert keys_of(skips) == ["envelope-line-unused"]


def test_the_header_line_of_a_page_gives_doi_and_date():
    header = "IF 2.5 3区 医学 Q1 REHABILITATION Pub Date : 2026-02-09 DOI: 10.5555/header"
    record = record_of(header, doi=None, title=ENGLISH)

    assert record.source_key == "10.5555/header"
    assert record.issued == PartialDate(2026, 2, 9)


def test_a_header_line_with_another_doi_is_reported():
    record, skips = read(envelope(title=ENGLISH), "IF 2.5 Q1 Pub Date : 2026-02-09 DOI: 10.5555/header")

    assert record.source_key == "10.5555/paste"
    assert [(skip.where, skip.why.key) for skip in skips] == [("paste.txt:2", "envelope-two-dois")]


# -- whole documents -------------------------------------------------------------------------------------


def test_a_document_of_several_envelopes_gives_each_its_own_lines():
    first = json.dumps(envelope(doi="10.5555/1", title=CHINESE))
    second = json.dumps(envelope(doi="10.5555/2", title=OTHER_CHINESE))
    items = parsed(f"{first}\n{ENGLISH}\n\n{second}\nThe second title, which is about glue\n")

    assert [said(item.titles)[0][1] for item in items] == [ENGLISH, "The second title, which is about glue"]


def test_lines_before_the_first_object_belong_to_it():
    items = parsed(f"{ENGLISH}\n{json.dumps(envelope(title=CHINESE))}\n")

    assert [said(item.titles) for item in items] == [[("en", ENGLISH), ("zh-Hans", CHINESE)]]


def test_an_unknown_object_is_skipped_with_what_was_expected():
    [skip] = parsed('{"colour": "green", "size": 3}')

    assert (skip.where, skip.fatal) == ("paste.txt:1", True)
    assert "resultStr" in skip.why.text()
    assert "colour, size" in skip.why.text()


def test_a_broken_object_costs_only_itself():
    good = json.dumps(envelope(title=ENGLISH))
    items = parsed('{"title": "cut\n' + good)

    assert [type(item) for item in items] == [Skip, Record]
    assert items[0].where == "paste.txt:1"


def test_identifiers_in_an_array_are_to_be_resolved():
    assert parsed('["10.5555/A", "PMID: 12345"]') == [
        Identifier(Scheme.DOI, "10.5555/a"),
        Identifier(Scheme.PMID, "12345"),
    ]


@pytest.mark.parametrize(
    "head, expected",
    [
        ('{"title": "x"}', True),
        ('\ufeff  [\n {"title": "x"}]', True),
        (f'{ENGLISH}\n{{"title": "x"}}', True),
        ("[Article in Chinese]\nMei Lin", False),
        ("TY  - JOUR", False),
        ("", False),
    ],
)
def test_json_documents_are_recognised(head, expected):
    assert FORMAT.sniff(head) is expected


def parsed(text):
    return list(FORMAT.parse(io.StringIO(text), CONTEXT))


# -- out and in again ------------------------------------------------------------------------------------


def work_of(record):
    fields = {name: getattr(record, name) for name in Description.__struct_fields__}
    return Work(**fields, identifiers=record.identifiers)


def test_a_dumped_work_without_a_stored_envelope_has_nulls_for_what_only_an_aggregator_knows():
    dumped = dump_envelope(Work(titles=(Text(ENGLISH, "en", Origin.PUBLISHER),), language="en"), None)

    assert list(dumped) == [*KEYS, "TitleOrigin"]
    assert dumped["title"] == ENGLISH
    assert {key for key in KEYS if dumped[key] is not None} == {"title", "resultStr"}


def test_a_chinese_work_keeps_its_english_title():
    titles = (Text(CHINESE, "zh-Hans", Origin.PUBLISHER), Text(ENGLISH, "en", Origin.MACHINE))
    dumped = dump_envelope(Work(titles=titles, language="zh"), None)
    record, _ = read(dumped)

    assert (dumped["title"], dumped["TitleCN"], dumped["TitleEN"]) == (CHINESE, CHINESE, ENGLISH)
    assert json.loads(dumped["resultStr"])["title"] == CHINESE
    assert record.titles == titles
    assert record.language == "zh"


def test_unknown_keys_of_the_stored_envelope_come_back():
    dumped = dump_envelope(Work(), '{"RegionNum":3,"Zzz":[1],"TitleCNOrigin":"machine","title":"old"}')

    assert dumped["RegionNum"] == 3
    assert dumped["Zzz"] == [1]
    assert dumped["title"] is None
    assert "TitleCNOrigin" not in dumped


def test_author_ids_of_the_stored_envelope_come_back():
    raw = json.dumps({"authors": [{"authorId": "7", "name": "Mei Lin"}]})
    work = Work(contributors=(Contributor("Mei Lin"), Contributor("A. Topor")))

    assert dump_envelope(work, raw)["authors"] == [
        {"authorId": "7", "name": "Mei Lin"},
        {"authorId": None, "name": "A. Topor"},
    ]


def test_an_unreadable_stored_envelope_is_as_none():
    assert dump_envelope(Work(), "no json") == dump_envelope(Work(), None)


english_texts = st.sampled_from(["paste", "library", "reading", "room", "glue"]).map(
    lambda word: f"On the study of {word} and of its effects"
)
chinese_texts = st.sampled_from(["浆糊", "图书馆", "阅览室"]).map(lambda word: f"关于{word}及其影响的研究")
origins = st.sampled_from(list(Origin))


def texts_in_both(english, chinese):
    one = st.none() | st.builds(Text, value=english, language=st.just("en"), origin=origins)
    other = st.none() | st.builds(Text, value=chinese, language=st.just("zh-Hans"), origin=origins)
    return st.tuples(one, other).map(lambda pair: tuple(text for text in pair if text))


def sections(texts):
    return st.lists(texts, min_size=1, max_size=3).map("\n".join)


parts = st.none() | st.sampled_from(["1", "19", "8 1", "S2"])
works = st.builds(
    Work,
    titles=texts_in_both(english_texts, chinese_texts),
    abstracts=texts_in_both(sections(english_texts), sections(chinese_texts)),
    contributors=st.lists(
        st.sampled_from(
            ["Mei Lin", "A. Topor", "刘伟明", "Paste Study Group", "Kinn, Liv", "Smith, Jr.", "Plato"]
        ),
        max_size=3,
    ).map(lambda names: tuple(map(Contributor, names))),
    identifiers=st.sampled_from(
        [(), (Identifier(Scheme.DOI, "10.5555/(sici)1097-461x(1998)66:4<261::aid-qua1>3.0.co;2-t"),)]
    ),
    container=st.none()
    | st.sampled_from([Container("Journal of Paste"), Container("Paste", title_zh="浆糊学报")]),
    locus=st.none() | st.builds(Locus, volume=parts, pages=st.sampled_from(["1-9", "e103", "S1-S9"])),
    issued=st.none() | st.sampled_from([PartialDate(2016), PartialDate(2016, 10), PartialDate(2016, 10, 1)]),
    published_online=st.none() | st.just(PartialDate(2024, 5, 23)),
    citation_count=st.none() | st.integers(0, 999_999),
    is_open_access=st.none() | st.booleans(),
    language=st.sampled_from([None, "en", "zh"]),
    work_type=st.sampled_from([None, "journal-article", "book", "component"]),
    subjects=st.sampled_from([(), ("Medicine",)]),
)


@settings(deadline=None)
@given(
    works, st.sampled_from([None, json.dumps(dict.fromkeys(KEYS) | {"citationCount": 3, "PeriodicalId": 5})])
)
def test_what_is_dumped_is_read_again(work, raw):
    record, skips = read(dump_envelope(work, raw))
    if record is None:
        assert (work.titles, work.abstracts, work.identifiers) == ((), (), ())
        return
    names = [person.name for person in work.contributors]

    assert skips == []
    assert sorted(said(record.titles)) == sorted(said(work.titles))
    assert sorted(said(record.abstracts)) == sorted(said(work.abstracts))
    assert {text.value: text.origin for text in (*record.titles, *record.abstracts)} == {
        text.value: text.origin for text in (*work.titles, *work.abstracts)
    }
    assert [person.name for person in record.contributors] == names
    assert record.identifiers == work.identifiers
    assert (record.container, record.locus) == (work.container, work.locus)
    assert (record.issued, record.published_online) == (work.issued, work.published_online)
    assert (record.citation_count, record.is_open_access) == (work.citation_count, work.is_open_access)
    assert record.subjects == work.subjects


def test_a_bracketed_line_that_is_not_used_says_nothing_of_the_language():
    record, skips = read(envelope(title=ENGLISH), "[Another title altogether, in brackets].")

    assert record.language == "en"
    assert keys_of(skips) == ["envelope-line-differs"]


def test_a_bracketed_line_vouches_for_the_title_without_brackets():
    _, skips = read(envelope(title=ENGLISH), f"[{ENGLISH}].")

    assert skips == []
