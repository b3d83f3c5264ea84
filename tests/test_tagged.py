"""Files of reference managers and databases: one table of samples, the same work in seven dialects."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.model import Origin, PartialDate, Record
from harvester.tagged import FORMATS
from harvester.tagged.sections import sectioned
from harvester.wire import Context, Skip

RIS = """1.
TY  - JOUR
AU  - 王小明
AU  - 李娜
TI  - 论图书馆浆糊的干燥
TT  - On the drying of library paste
JO  - 浆糊学报
JF  - 中国图书馆浆糊学报
PY  - 2016/10/01/
VL  - 19
IS  - 4
SP  - 275
EP  - 93
SN  - 1548-7768
DO  - 10.5555/paste
AB  - 目的：研究浆糊的干
燥。方法：等待。
KW  - 浆糊; 图书馆
LA  - chi
DB  - CNKI
ER  -

a line of nobody's
TY  - CONF
A1  - Doe, Jane
A1  - de la Cruz, Maria
A1  - et al.
T1  - Paste and its uses
Y1  - 2001
ER  -
"""
NOTEEXPRESS = """{Reference Type}: Journal Article
{Title}: 论图书馆浆糊的干燥
{Translated Title}: On the drying of library paste
{Author}: 王小明;李娜
{Translated Author}: Wang Xiaoming;Li Na
{Author Address}: 浆糊大学;
{Journal}: 图书馆杂志
{Year}: 2016
{Issue}: 04
{Pages}: 275-293
{Keywords}: 浆糊;图书馆
{Abstract}: 目的：研究浆糊。
{ISBN/ISSN}: 1548-7768
{Database Provider}: CNKI
{Language}: 中文;
"""
MEDLINE = """
PMID- 12345678
OWN - NLM
DP  - 2016 Oct
TI  - [On the drying of library paste].
PG  - 275-93
LID - 10.5555/paste [doi]
AB  - OBJECTIVE: To dry
      paste. METHODS: Waiting.
OAB - Publisher: Abstract available from the publisher.
OABL- chi
OAB - 目的：研究浆糊。
OABL- chi
FAU - Wang, Xiaoming
AU  - Wang X
AUID- ORCID: 0000-0002-1825-0097
AD  - Paste University, Beijing.
FAU - Li, Na
AU  - Li N
CN  - Paste Study Group
LA  - chi
PT  - Journal Article
TT  - 论图书馆浆糊的干燥.
TA  - J Paste
JT  - Journal of paste
IS  - 1548-7768 (Print)
VI  - 19
IP  - 4
"""
ENDNOTE = """%0 Journal Article
%A 王小明
%A 李娜
%+ 浆糊大学;
%T 论图书馆浆糊的干燥
%J 图书馆杂志
%D 2016
%V 19
%N 04
%P 275-293
%@ 1548-7768
%X 目的：研究浆糊。
%W CNKI

%0 Thesis
%A 赵六
%T 浆糊的历史
%D 2010
"""
E_STUDY = """SrcDatabase-来源库: 期刊
Title-题名: 论图书馆浆糊的干燥
Author-作者: 王小明;李娜;
Organ-单位: 浆糊大学;
Source-文献来源: 图书馆杂志
Summary-摘要: 目的：研究浆糊。
Result: dry paste.
PubTime-发表时间: 2016-10-01
Year-年: 2016
Volume-卷: v.19
Period-期: 04
PageCount-页码: 275-293

SrcDatabase-来源库: 硕士
Title-题名: 浆糊的历史
Author-作者: 赵六
"""
REFWORKS = """RT Journal Article
SR 1
A1 王小明;李娜;
AD 浆糊大学
T1 论图书馆浆糊的干燥
JF 图书馆杂志
YR 2016
IS 04
OP 275-293
AB 目的：研究浆糊。
WE write prose here.
SN 1548-7768
LA 中文;
DS CNKI
"""
WEB_OF_SCIENCE = """FN Paste Citation Index
VR 1.0
PT J
AU Wang, XM
   Li, N
AF Wang, Xiaoming
   Li, Na
TI On the drying of
   library paste
SO JOURNAL OF PASTE
LA English
DT Article
PD OCT
PY 2016
VL 19
IS 4
BP 275
EP 293
DI 10.5555/paste
UT WOS:000123456700001
ER

EF
"""
SAMPLES = {
    "ris": RIS,
    "noteexpress": NOTEEXPRESS,
    "medline": MEDLINE,
    "endnote": ENDNOTE,
    "e-study": E_STUDY,
    "refworks": REFWORKS,
    "web-of-science": WEB_OF_SCIENCE,
}
BY_NAME = {one.name: one for one in FORMATS}


def read(text, name):
    items = list(BY_NAME[name].parse(io.StringIO(text), Context("f.txt", "2026-01-01T00:00:00Z")))
    return [one for one in items if isinstance(one, Record)], [one for one in items if isinstance(one, Skip)]


def first(name):
    return read(SAMPLES[name], name)[0][0]


def titles(record):
    return {one.language: (one.value, one.origin) for one in record.titles}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_text_is_recognised_by_its_own_dialect_alone(name):
    assert [one.name for one in FORMATS if one.sniff(SAMPLES[name])] == [name]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_dialect_tells_the_same_work(name):
    record = first(name)
    assert record.issued.year == 2016
    assert record.locus.pages == "275-293"
    assert record.work_type == "journal-article" or name == "e-study"
    assert len([one for one in record.contributors if one.family]) == 2


@pytest.mark.parametrize("name", ["ris", "noteexpress", "medline"])
def test_titles_stand_in_both_languages(name):
    told = titles(first(name))
    assert told["zh-Hans"] == ("论图书馆浆糊的干燥", Origin.PUBLISHER)
    assert told["en"][0] == "On the drying of library paste"


def test_who_translated_a_title_is_not_guessed():
    assert titles(first("ris"))["en"][1] is Origin.AGGREGATOR
    assert titles(first("medline"))["en"][1] is Origin.HUMAN
    no_database = RIS.replace("DB  - CNKI\n", "")
    assert titles(read(no_database, "ris")[0][0])["zh-Hans"][1] is Origin.UNKNOWN


def test_names_in_two_scripts_become_one_person():
    names = [(one.name, one.family, one.name_zh) for one in first("noteexpress").contributors]
    assert names == [("Xiaoming Wang", "Wang", "王小明"), ("Na Li", "Li", "李娜")]


def test_lists_of_two_lengths_are_not_joined():
    shorter = NOTEEXPRESS.replace("Wang Xiaoming;Li Na", "Wang Xiaoming")
    assert [one.name for one in read(shorter, "noteexpress")[0][0].contributors] == ["王小明", "李娜"]


def test_what_stands_behind_a_name_in_medline_belongs_to_it():
    wang, li, group = first("medline").contributors
    assert (wang.orcid, wang.affiliations) == ("0000-0002-1825-0097", ("Paste University, Beijing.",))
    assert (li.orcid, li.affiliations, group.name) == (None, (), "Paste Study Group")


def test_abstracts_are_cut_at_their_labels_and_filed_by_language():
    told = {one.language: one.value for one in first("medline").abstracts}
    assert told == {"en": "OBJECTIVE: To dry paste.\nMETHODS: Waiting.", "zh-Hans": "目的：研究浆糊。"}


def test_han_text_goes_on_without_a_blank():
    assert first("ris").abstracts[0].value == "目的：研究浆糊的干燥。\n方法：等待。"


def test_prose_that_looks_like_a_tag_stays_prose():
    assert "WE write prose here." in first("refworks").abstracts[0].value
    assert "Result: dry paste." in first("e-study").abstracts[0].value


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ris", PartialDate(2016, 10, 1)),
        ("e-study", PartialDate(2016, 10, 1)),
        ("medline", PartialDate(2016, 10)),
        ("web-of-science", PartialDate(2016, 10)),
        ("endnote", PartialDate(2016)),
    ],
)
def test_dates_are_as_precise_as_said(name, expected):
    assert first(name).issued == expected


def test_records_follow_one_another_and_nobody_is_called_et_al():
    records, skips = read(RIS, "ris")
    assert [one.work_type for one in records] == ["journal-article", "proceedings-article"]
    assert [one.name for one in records[1].contributors] == ["Jane Doe", "Maria de la Cruz"]
    assert [(one.where, one.why.key, one.fatal) for one in skips] == [
        ("f.txt:23", "tagged-junk", False),
        ("f.txt:24", "odd-nobody", False),
    ]


def test_a_missing_end_is_no_harm():
    assert len(read(RIS.replace("ER  -\n", ""), "ris")[0]) == 2


def test_an_entry_that_names_no_work_is_skipped_with_its_line():
    records, skips = read("TY  - JOUR\nPY  - 2016\nER  -\n", "ris")
    assert (records, [(one.where, one.fatal) for one in skips]) == ([], [("f.txt:1", True)])


@pytest.mark.parametrize(
    ("line", "key"),
    [("SN  - 1548-7769", "tagged-issn"), ("PY  - someday", "tagged-date"), ("DO  - 10.1", "tagged-doi")],
)
def test_an_odd_value_is_told_and_the_rest_used(line, key):
    records, skips = read(f"TY  - JOUR\nTI  - Paste\nJO  - Glue\n{line}\nER  -\n", "ris")
    assert records[0].titles[0].value == "Paste"
    assert [one.why.key for one in skips] == [key]


def test_a_record_has_the_same_key_wherever_it_stands():
    records, _ = read(f"{ENDNOTE}\n{ENDNOTE}", "endnote")
    assert records[0].source_key == records[2].source_key != records[1].source_key
    assert records[0].fingerprint() == records[2].fingerprint()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OBJECTIVE: A. METHODS: B.", "OBJECTIVE: A.\nMETHODS: B."),
        ("目的：甲。方法：乙。结果：丙。", "目的：甲。\n方法：乙。\n结果：丙。"),
        ("【目的】甲。【方法】乙。", "【目的】甲。\n【方法】乙。"),
        ("DNA: a molecule. RNA: another.", "DNA: a molecule. RNA: another."),
        ("One METHODS: label.", "One METHODS: label."),
        ("本文的目的：甲", "本文的目的：甲"),
    ],
)
def test_sections_begin_at_known_labels(text, expected):
    assert sectioned(text) == expected


@given(st.sampled_from(sorted(SAMPLES)), st.lists(st.text(max_size=30), max_size=8), st.integers(0, 40))
def test_any_text_between_the_lines_is_read_without_a_traceback(name, lines, place):
    own = SAMPLES[name].splitlines()
    text = "\n".join(own[:place] + lines + own[place:])
    for record in read(text, name)[0]:
        assert record.titles or record.identifiers


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["AU", "VL", "PY", "DO", "SN", "XX", "N1"]),
            st.from_regex(r"\w{1,9}", fullmatch=True),
        ),
        max_size=12,
    )
)
def test_what_has_no_field_is_kept_as_it_was_written(values):
    lines = [f"{tag}  - {value}" for tag, value in values]
    record = read("\n".join(["TY  - JOUR", "TI  - Paste", *lines, "ER  -"]), "ris")[0][0]
    kept = json.loads(record.extra)["tags"]
    assert sorted((tag, value) for tag in kept for value in kept[tag] if tag != "TY") == sorted(values)
