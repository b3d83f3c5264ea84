import gzip
import io
import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.formats.pubmed_citation import complete_pages, parse_citation
from harvester.formats.pubmed_layout import layout, layouts
from harvester.formats.pubmed_text import FORMAT, MAX_BYTES
from harvester.model import Container, Contributor, Identifier, Locus, Origin, PartialDate, Scheme
from harvester.wire import Context, Skip

SHARED = Path(__file__).parents[1].parent / "shared"
NIGHT = Context("paste.txt", "2026-11-21T03:00:00Z")

PASTE = """\
Lin Mei, Okafor Benjamin, van der Berg Anna
Department of Paste, University of Somewhere, Bergen, Norway.
Institute of Glue, Oslo, Norway.
J Libr Paste. 2025 Jun;35(2):356-65. doi: 10.5555/12345678. Epub 2024 May 23.
To explore how library paste dries in humid rooms. Paste is made of wheat.
Twenty jars were opened and left alone for ten days.
探讨潮湿房间里图书馆糨糊的干燥过程。糨糊由小麦制成。
打开二十个罐子,静置十天。
"""


def read(text):
    found = list(FORMAT.parse(io.StringIO(text, newline=""), NIGHT))
    return [one for one in found if not isinstance(one, Skip)], [
        one for one in found if isinstance(one, Skip)
    ]


def record(text):
    (only,), skips = read(text)
    assert skips == []
    return only


def with_body(body, head="Lin Mei\nJ Libr Paste. 2025;35(2):1-2.\n"):
    return layout(head + body)


# -- a whole record --------------------------------------------------------------------------------------


def test_text_is_read_whole():
    paste = record(PASTE)

    assert paste.source == "document"
    assert paste.source_key == "10.5555/12345678"
    assert paste.identifiers == (Identifier(Scheme.DOI, "10.5555/12345678"),)
    assert paste.document == "paste.txt:1"
    assert paste.titles == ()
    assert [(text.language, text.origin, len(text.sections)) for text in paste.abstracts] == [
        ("en", Origin.UNKNOWN, 2),
        ("zh-Hans", Origin.UNKNOWN, 2),
    ]
    assert (
        paste.abstracts[1].value
        == "探讨潮湿房间里图书馆糨糊的干燥过程。糨糊由小麦制成。\n打开二十个罐子,静置十天。"
    )
    assert paste.contributors == (
        Contributor("Mei Lin", family="Lin", given="Mei"),
        Contributor("Benjamin Okafor", family="Okafor", given="Benjamin"),
        Contributor("Anna van der Berg", family="van der Berg", given="Anna"),
    )
    assert paste.affiliations == (
        "Department of Paste, University of Somewhere, Bergen, Norway.",
        "Institute of Glue, Oslo, Norway.",
    )
    assert paste.container == Container("J Libr Paste")
    assert paste.locus == Locus("35", "2", "356-365")
    assert paste.issued == PartialDate(2025, 6)
    assert paste.published_online == PartialDate(2024, 5, 23)
    assert paste.language == "en"


def test_line_ends_and_blank_lines_change_nothing():
    assert record(PASTE.replace("\n", "\r\n")) == record(PASTE)
    assert record(PASTE.replace("\n", "\n\n")) == record(PASTE)
    assert record("\ufeff" + PASTE) == record(PASTE)


def test_key_without_a_doi_is_of_the_content():
    text = PASTE.replace(" doi: 10.5555/12345678.", "")
    key = record(text).source_key
    assert re.fullmatch("text:[0-9a-f]{20}", key)
    assert record(text.replace(", ", ",  ")).source_key == key
    assert record(text.replace("Lin Mei", "Lin Fang")).source_key != key


# -- the citation line -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line, journal, issued, locus, online",
    [
        ("Paste Res. 2018 Jan/Feb;24(1):24-29.", "Paste Res", "2018-01", Locus("24", "1", "24-29"), None),
        ("Paste Res. 2003 Nov 22;19(17):2308-10.", "Paste Res", "2003-11-22", Locus("19", "17", "2308-2310"), None),
        ("IEEE Trans. Paste Sci.. 1987;15(4):394-410.", "IEEE Trans. Paste Sci.", "1987", Locus("15", "4", "394-410"), None),
        ("PastE One. 2016 Aug 4;11(8):e1003. eCollection 2016.", "PastE One", "2016-08-04", Locus("11", "8", "e1003"), None),
        ("Paste Res. 2017 Mar 22;18(3). pii: E682.", "Paste Res", "2017-03-22", Locus("18", "3", "E682"), None),
        ("Paste Res. 2021 Jan 6:S1535-6108(21)00040-4. doi: 10.5555/1.", "Paste Res", "2021-01-06", None, None),
        ("Paste Res. 2018 Feb 17. doi: 10.5555/ab. [Epub ahead of print]", "Paste Res", "2018-02-17", None, "2018-02-17"),
        ("Paste Res. 2018 Spring;4:S12-9.", "Paste Res", "2018", Locus("4", None, "S12-S19"), None),
        ("Paste Res. Spring 2020;4(1):2.", "Paste Res", "2020", Locus("4", "1", "2"), None),
        ("Paste Res. 2012 Dec.;12 Suppl 3:S5-S8.", "Paste Res", "2012-12", Locus("12", "Suppl 3", "S5-S8"), None),
        ("Paste Res. 2016 May-Jun;68(4):5. Epub 2016 May 4.", "Paste Res", "2016-05", Locus("68", "4", "5"), "2016-05-04"),
        ("Revue du papier: arts et métiers. 2011;137(05-06):14.", "Revue du papier: arts et métiers", "2011", Locus("137", "05-06", "14"), None),
        ("糨糊学报，2019，99(3)：200-205．", "糨糊学报", "2019", Locus("99", "3", "200-205"), None),
        ("糨糊学报. 2019;99(3):200-205.", "糨糊学报", "2019", Locus("99", "3", "200-205"), None),
    ],
)  # fmt: skip
def test_citation_line_is_read(line, journal, issued, locus, online):
    found = parse_citation(line)
    assert (found.journal, str(found.issued), found.locus) == (journal, issued, locus)
    assert (str(found.published_online) if found.published_online else None) == online


@pytest.mark.parametrize(
    "line",
    [
        "Twenty jars were opened in 2015; ten were left alone.",
        "Paste was dried. 2015 was a wet year.",
        "Department of Paste, University of Somewhere, Bergen, Norway.",
        "Lin M, Okafor B. On the drying of paste. J Libr Paste. 2018;12(3):4-5.",
        "SO  - J Libr Paste. 2018 Jan;12(3):4-5.",
        "10.5555/12345678",
        "",
    ],
)
def test_other_lines_are_no_citation(line):
    assert parse_citation(line) is None


def test_ids_of_a_citation_line_are_found():
    found = parse_citation("Paste Res. 2012;7(3):e1. doi: 10.5555/AB(1)2. PMID: 22345678; PMCID: PMC3456789.")
    assert found.doi == "10.5555/ab(1)2"
    assert Identifier(Scheme.PMID, "22345678") in found.identifiers
    assert Identifier(Scheme.PMCID, "PMC3456789") in found.identifiers


@pytest.mark.parametrize(
    "raw, pages",
    [
        ("356-65", "356-365"),
        ("5795-813", "5795-5813"),
        ("S12-9", "S12-S19"),
        ("e1003", "e1003"),
        ("1-10", "1-10"),
        ("x", "x"),
    ],
)
def test_short_ends_of_page_ranges_are_completed(raw, pages):
    assert complete_pages(raw) == pages
    assert complete_pages(pages) == pages


# -- titles ----------------------------------------------------------------------------------------------

BODY = "Paste dries slowly. We watched it.\n糨糊干得很慢。我们观察了它。"


@pytest.mark.parametrize(
    "text, english, chinese",
    [
        ("On the Drying of Paste\nLin Mei\nJ Libr Paste. 2025;35(2):1-2.\n" + BODY, "On the Drying of Paste", None),
        ("Paste Room Chatbot\nLin Mei\nJ Libr Paste. 2025;35(2):1-2.\n" + BODY, "Paste Room Chatbot", None),
        ("Lin Mei\nJ Libr Paste. 2025;35(2):1-2.\n糨糊的干燥研究\n" + BODY, None, "糨糊的干燥研究"),
        ("Lin Mei\nJ Libr Paste. 2025;35(2):1-2.\nPaste in damp rooms\n糨糊的干燥研究\n" + BODY, "Paste in damp rooms", "糨糊的干燥研究"),
        ("Lin Mei\nJ Libr Paste. 2025;35(2):1-2.\nPaste in damp rooms 潮湿房间里的糨糊\n" + BODY, "Paste in damp rooms", "潮湿房间里的糨糊"),
        ("Paste in damp rooms / 潮湿房间里的糨糊\nLin Mei\nJ Libr Paste. 2025;35(2):1-2.\n" + BODY, "Paste in damp rooms", "潮湿房间里的糨糊"),
        ("Lin Mei\nJ Libr Paste. 2025;35(2):1-2.\n" + BODY, None, None),
        ("Lin Mei\nJ Libr Paste. 2025;35(2):1-2.\nPaste dried in twenty jars (p\n" + BODY, None, None),
        ("Lin Mei\nJ Libr Paste. 2025;35(2):1-2.\nPaste in damp rooms.\nAIM: We watched.\nRESULTS: It dried.", "Paste in damp rooms.", None),
        ("Lin Mei\nJ Libr Paste. 2025;35(2):1-2.\nFAST: Free Assistant of Paste\n" + BODY, "FAST: Free Assistant of Paste", None),
    ],
)  # fmt: skip
def test_titles_are_found_in_front_of_authors_or_abstracts(text, english, chinese):
    found = layout(text)
    assert (found.title_en, found.title_zh) == (english, chinese)
    assert [marked.author.family for marked in found.authors] == ["Lin"]


def test_each_title_has_its_own_language():
    titles = record(
        "On the Drying of Paste\nLin Mei\nJ Libr Paste. 2025;35(2):1-2.\nPaste dries.\n圖書館漿糊的乾燥\n糨糊干得很慢。"
    ).titles
    assert [(title.value, title.language) for title in titles] == [
        ("On the Drying of Paste", "en"),
        ("圖書館漿糊的乾燥", "zh-Hant"),
    ]


# -- sections --------------------------------------------------------------------------------------------

SECTIONS = [("Paste dries.", "Jars were opened.", "All dried."), ("糨糊会干。", "打开罐子。", "全都干了。")]


@pytest.mark.parametrize(
    "body",
    [
        "Paste dries.\nJars were opened.\nAll dried.\n糨糊会干。\n打开罐子。\n全都干了。",
        "糨糊会干。\n打开罐子。\n全都干了。\nPaste dries.\nJars were opened.\nAll dried.",
        "Paste dries.\n糨糊会干。\nJars were opened.\n打开罐子。\nAll dried.\n全都干了。",
        "AIM: Paste dries.\nMETHODS: Jars were opened.\nRESULTS: All dried.\n目的：糨糊会干。\n方法：打开罐子。\n结果：全都干了。",
        "AIM\nPaste dries.\nMETHODS\nJars were opened.\nRESULTS\nAll dried.\n目的\n糨糊会干。\n方法\n打开罐子。\n结果\n全都干了。",
        "[Aim] Paste dries.\n[Methods] Jars were opened.\n[Results] All dried.\n【目的】糨糊会干。\n【方法】打开罐子。\n【结果】全都干了。",
        "Paste dries.\nJars were opened.\nAll dried.\n目的:糨糊会干。\n方法:打开罐子。\n结果:全都干了。",
        "Aim: Paste dries.\nMethods: Jars were opened.\nResults: All dried.\n糨糊会干。\n打开罐子。\n全都干了。",
    ],
)
def test_sections_come_out_alike_however_they_are_set(body):
    found = with_body(body)
    assert [tuple(section.text for section in side) for side in (found.en, found.zh)] == SECTIONS
    assert found.left == ()


def test_label_in_one_paragraph_among_many_is_its_text():
    found = with_body(
        "Paste dries.\nMethods: Jars were opened.\nAll dried.\n糨糊会干。\n方法：打开罐子。\n全都干了。"
    )
    assert [section.label for section in (*found.en, *found.zh)] == [None] * 6
    assert found.en[1].text == "Methods: Jars were opened."


def test_labels_stay_in_front_of_the_sections_of_an_abstract():
    english, chinese = record(
        "Lin Mei\nJ Libr Paste. 2025;35(2):1-2.\nAIM: Paste dries.\nRESULTS: All dried.\n【目的】糨糊会干。\n【结果】全都干了。"
    ).abstracts
    assert english.value == "AIM: Paste dries.\nRESULTS: All dried."
    assert chinese.value == "目的：糨糊会干。\n结果：全都干了。"


def test_paragraph_of_both_languages_is_cut_in_two():
    english = "Library paste dries slowly in humid rooms, and we watched it for ten days with great patience."
    chinese = "图书馆的糨糊在潮湿的房间里干得很慢，我们非常耐心地观察了十天，直到全部干透为止。"
    found = with_body(f"{english} {chinese}")
    assert [section.text for section in found.en] == [english]
    assert [section.text for section in found.zh] == [chinese]


def test_one_language_may_be_missing():
    assert [
        text.language for text in record("Lin Mei\nJ Paste. 2025;3:1.\nPaste dries. It is slow.").abstracts
    ] == ["en"]
    only = record("Lin Mei\nJ Paste. 2025;3:1.\n糨糊会干。很慢。")
    assert [text.language for text in only.abstracts] == ["zh-Hans"]
    assert only.language == "zh"


# -- authors and affiliations ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["Lin Mei, Fischer Anna", "Mei Lin, Anna Fischer", "Lin, Mei; Fischer, Anna"]
)
def test_three_styles_of_author_lines_come_out_alike(line):
    found = with_body(BODY, head=f"{line}\nInstitute of Glue, Oslo, Norway.\nJ Libr Paste. 2025;35(2):1-2.\n")
    assert [(one.author.family, one.author.given) for one in found.authors] == [
        ("Lin", "Mei"),
        ("Fischer", "Anna"),
    ]
    assert found.affiliations == ("Institute of Glue, Oslo, Norway.",)


def test_numbered_affiliations_go_to_the_authors_that_name_them():
    found = record(
        "Lin M¹, Okafor B1,2\n1. Department of Paste, Bergen, Norway.\n2 Institute of Glue, Oslo, Norway.\n"
        "Library of Jars, Kyoto, Japan.\nJ Libr Paste. 2025;35(2):1-2.\nPaste dries. It is slow."
    )
    assert [one.affiliations for one in found.contributors] == [
        ("Department of Paste, Bergen, Norway.",),
        ("Department of Paste, Bergen, Norway.", "Institute of Glue, Oslo, Norway."),
    ]
    assert found.affiliations == ("Library of Jars, Kyoto, Japan.",)


def test_numbers_that_nobody_names_are_cut_off():
    found = record(
        "Lin M\n1. Department of Paste, Bergen, Norway.\nJ Paste. 2025;3:1.\nPaste dries. It is slow."
    )
    assert found.affiliations == ("Department of Paste, Bergen, Norway.",)


# -- several records, PubMed's own export ----------------------------------------------------------------

EXPORT = """\
1. J Libr Paste. 2019 Jan;12(3):45-9. doi: 10.5555/12345678. Epub 2018 Nov 2.

A study of the drying of library paste in humid rooms and what may be done about
it in winter.

Lin M(1)(2), Okafor B(1).

Author information:
(1)Department of Paste, University of Somewhere, Bergen, Norway.
(2)Institute of Glue, Oslo, Norway.

BACKGROUND: Paste dries. We looked at how it dries in rooms that are humid and in
rooms that are not.
RESULTS: All dried.

Copyright 2019 Somebody.

DOI: 10.5555/12345678
PMCID: PMC1234567
PMID: 30123456 [Indexed for MEDLINE]


2. Zhonghua Jianghu Za Zhi. 2018 Jan/Feb;4(2):S12-9.

[Clinical observation of paste in winter].

[Article in Chinese]

Wang W(1), Li N.

Author information:
(1)Department of Jars, Test Hospital, Beijing 100000, China.

We watched the jars.

PMID: 30123457
"""


def test_export_of_pubmed_is_read():
    (first, second), skips = read(EXPORT)
    assert first.titles[0].value == (
        "A study of the drying of library paste in humid rooms and what may be done about it in winter"
    )
    assert first.contributors[0].affiliations == (
        "Department of Paste, University of Somewhere, Bergen, Norway.",
        "Institute of Glue, Oslo, Norway.",
    )
    assert {one.scheme for one in first.identifiers} == {Scheme.DOI, Scheme.PMCID, Scheme.PMID}
    assert first.abstracts[0].sections[0].endswith("in rooms that are humid and in rooms that are not.")
    assert second.titles[0].value == "Clinical observation of paste in winter"
    assert [one.name for one in second.contributors] == ["W Wang", "N Li"]
    assert (first.language, second.language) == ("en", "zh")
    assert [skip.where for skip in skips] == ["paste.txt:8", "paste.txt:16", "paste.txt:31"]


def test_records_one_after_another_are_told_apart():
    other = PASTE.replace("10.5555/12345678", "10.5555/87654321").replace("Lin Mei", "Lin Fang")
    records, skips = read(PASTE + other + "On the Drying of Paste\n" + PASTE.replace("12345678", "2"))
    assert [one.source_key for one in records] == ["10.5555/12345678", "10.5555/87654321", "10.5555/2"]
    assert [one.contributors[0].given for one in records] == ["Mei", "Fang", "Mei"]
    assert [len(one.titles) for one in records] == [0, 0, 1]
    assert [one.document for one in records] == ["paste.txt:1", "paste.txt:9", "paste.txt:17"]
    assert skips == []


# -- what is left, what is refused -----------------------------------------------------------------------


def test_lines_that_belong_nowhere_are_named():
    (found,), skips = read(PASTE + "Copyright 2025 Somebody.\nKeywords: paste; glue\n摘要\n")
    assert found.subjects == ("paste", "glue")
    assert [(skip.where, skip.fatal, skip.why.key) for skip in skips] == [
        ("paste.txt:9", False, "text-line-unused"),
        ("paste.txt:11", False, "text-line-unused"),
    ]


def test_text_without_a_citation_is_skipped():
    records, (skip,) = read("Paste dries.\nIt is slow.\n")
    assert records == []
    assert (skip.where, skip.fatal, skip.why.key) == ("paste.txt:1", True, "text-no-citation")


def test_text_of_more_than_five_megabytes_is_refused():
    records, (skip,) = read(PASTE + "糨" * (MAX_BYTES // 3))
    assert records == []
    assert (skip.fatal, skip.why.key) == (True, "text-too-large")


@pytest.mark.parametrize(
    "head, answer",
    [
        (PASTE, True),
        (EXPORT, True),
        ("Lin Mei, Fischer Anna\ndoi: 10.5555/12345678\n" + "Paste dries, and it is slow. " * 9, True),
        ('{"title": "J Paste. 2025;3:1."}', False),
        ('[{"a": 1}]\nJ Paste. 2025;3:1.', False),
        ("<xml>\nJ Paste. 2025;3:1.\n</xml>", False),
        ("TY  - JOUR\nAU  - Lin, Mei\nJO  - J Paste. 2025;3:1.\n", False),
        ("@article{a,\n title = {J Paste. 2025;3:1.}}\n@book{b,\n}", False),
        ("10.5555/12345678\n10.5555/87654321\n", False),
        ("Paste dries.\nIt is slow, as everybody knows.\n", False),
        ("J Paste. 2025;3:1.", False),
        ("", False),
    ],
)
def test_format_claims_its_own_texts_only(head, answer):
    assert FORMAT.sniff(head) is answer


def fold(text):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))


def said(found):
    """Everything that a layout holds, in one string."""
    parts = [one.author.name for one in found.authors] + [*found.affiliations, found.title_en, found.title_zh]
    parts += [*found.keywords, found.article_in]
    parts += [part for one in (*found.en, *found.zh) for part in (one.label, one.text)]
    return "".join(map(fold, [*parts, found.citation.raw if found.citation else ""]))


LINES = st.sampled_from(
    [
        *PASTE.splitlines(),
        *EXPORT.splitlines(),
        "目的",
        "AIM:",
        "【方法】x",
        "",
        "10.5555/1",
        "Lin M",
        "(",
        "（",
        "Abstract",
        "2. x",
    ]
)


DROPPED = {"doi", "pmid", "pmcid", "indexed", "for", "medline", "article", "in", "keywords", "and"}


def words(line):
    return [fold(word) for word in re.findall(r"[^\W\d_]{2,}", line) if word.casefold() not in DROPPED]


@settings(deadline=None)  # the first call loads dictionaries
@given(st.lists(LINES, max_size=25).map("\n".join))
def test_no_word_of_a_text_is_lost(text):
    found = layouts(text)
    held = "".join(map(said, found)) + "".join(fold(line.text) for one in found for line in one.left)
    held += "".join(fold(one.value) for each in found for one in each.identifiers)
    for line in text.split("\n") if found else ():
        assert all(word in held or word.casefold() in held for word in words(line)), line


@settings(deadline=None)  # the first call loads dictionaries
@given(st.lists(LINES | st.text(max_size=40), max_size=25).map("\n".join))
def test_any_text_is_read_without_an_error(text):
    assert all(one is not None for one in FORMAT.parse(io.StringIO(text), NIGHT))
    assert FORMAT.sniff(text) in {True, False}


# -- the shared material ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cases():
    path = SHARED / "bilingual" / "layout.jsonl.gz"
    if not path.exists():
        pytest.skip("../shared/bilingual is missing")
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines]


def test_every_line_of_every_case_is_accounted_for(cases):
    for case in cases:
        (found,) = layouts(case["text"])
        held = said(found)
        left = {line.number for line in found.left}
        for number, line in enumerate(case["text"].replace("\r\n", "\n").split("\n"), start=1):
            assert number in left or all(word in held for word in words(line)), (case["id"], number)


def test_cases_come_out_right(cases):
    right = 0
    for case in cases:
        found, truth = layout(case["text"]), case["truth"]
        names = [fold((one.author.family or "") + "|" + (one.author.given or "")) for one in found.authors]
        right += (
            names == [fold(f"{one['family']}|{one['given']}") for one in truth["authors"]]
            and list(map(fold, found.affiliations)) == list(map(fold, truth["affiliations"]))
            and [fold(found.title_en), fold(found.title_zh)]
            == [fold(truth["title_en"]), fold(truth["title_zh"])]
            and [fold(one.text) for one in found.en] == [fold(one["text"]) for one in truth["en_sections"]]
            and [fold(one.text) for one in found.zh] == [fold(one["text"]) for one in truth["zh_sections"]]
        )
    assert right / len(cases) >= 0.97


def test_seed_comes_out_as_the_contract_says(seed_003):
    records, skips = read(seed_003.read_text(encoding="utf-8"))
    (found,) = records
    assert skips == []
    assert found.source_key == "10.1007/s10926-024-10206-x"
    assert [(one.family, one.given) for one in found.contributors] == [
        ("Kinn", "Liv Grethe"),
        ("Davidson", "Larry"),
        ("Oedegaard", "Ketil Joachim"),
        ("Langeland", "Eva"),
    ]
    assert found.contributors[0].name == "Liv Grethe Kinn"
    assert len(found.affiliations) == 2
    assert found.container == Container("J Occup Rehabil")
    assert found.locus == Locus("35", "2", "356-365")
    assert (str(found.issued), str(found.published_online)) == ("2025-06", "2024-05-23")
    assert [(one.language, len(one.sections), one.origin) for one in found.abstracts] == [
        ("en", 4, Origin.UNKNOWN),
        ("zh-Hans", 4, Origin.UNKNOWN),
    ]
    assert found.titles == ()


@pytest.mark.parametrize("brackets", ["【】", "[]", "［］", "〔〕", "〖〗", "<>", "＜＞", "〈〉"])
def test_labels_in_brackets_of_any_kind_are_labels(brackets):
    text = "Lin Mei\nJ Paste. 2025;3(1):1-2. doi: 10.5555/12345678\n{0}目的{1}探讨糨糊。\n{0}方法{1} 打开罐子。".format(
        *brackets
    )
    assert [(one.label, one.text) for one in layout(text).zh] == [
        ("目的", "探讨糨糊。"),
        ("方法", "打开罐子。"),
    ]


@pytest.mark.parametrize("marks", [("1. ", "2. "), ("(1) ", "(2) "), ("¹", "²"), ("¹ ", "² "), ("1 ", "2 ")])
def test_authors_get_the_affiliations_that_their_marks_name(marks):
    places = [
        f"{mark}Institute of {name}, Oslo, Norway." for mark, name in zip(marks, ("Glue", "Ink"), strict=True)
    ]
    text = "\n".join(["Lin Mei1, Okafor Benjamin2", *places, "J Paste. 2025;3(1):1-2. doi: 10.5555/12345678"])
    (record,) = FORMAT.parse(io.StringIO(text), NIGHT)
    assert [one.affiliations for one in record.contributors] == [
        ("Institute of Glue, Oslo, Norway.",),
        ("Institute of Ink, Oslo, Norway.",),
    ]


def test_a_second_article_in_line_is_left_over():
    text = "J Paste. 2025;3(1):1-2. doi: 10.5555/12345678\n[Article in Norwegian]\n[Article in Danish]"
    found = layout(text)
    assert found.article_in == "Norwegian"
    assert "[Article in Danish]" in [
        found.title_en,
        *(line.text for line in found.left),
        *(one.text for one in found.en),
    ]


def test_a_street_number_is_no_mark_of_an_affiliation():
    text = "Lin Mei\n12 Paste Street, University of Glue, Oslo, Norway.\nJ Paste. 2025;3(1):1-2. doi: 10.5555/12345678"
    assert layout(text).affiliations == ("12 Paste Street, University of Glue, Oslo, Norway.",)
