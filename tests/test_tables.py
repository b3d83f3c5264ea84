"""Exports as tables: headings of databases and reference managers in two languages, and what rows go wrong."""

import io
import json

import pytest

from harvester.model import Contributor, Identifier, Locus, PartialDate, Record, Scheme
from harvester.tagged import TABLE
from harvester.wire import Context, Skip

ENGLISH = (
    "\ufeffAuthors,Title,Year,Source title,Volume,Issue,Art. No.,Page start,Page end,DOI,Abstract,ISSN,Language of Original Document,EID\r\n"
    '"Lin M., Feld J.","Drying rates of ""wheat"" paste, unheated",2014,Journal of Paste,21,3,,145,58,10.5555/PASTE.1,"Aim: to dry.",1548-7768,English,2-s2.0-1\r\n'
)
CHINESE = (
    "Title-题名,Author-作者,Source-文献来源,Year-年,Volume-卷,Period-期,PageCount-页码,Keyword-关键词,Summary-摘要,英文题名,DOI-DOI\n"
    '阅览室浆糊的干燥速率,王小明;李娜,浆糊学报,2014,21,3,145-158,浆糊;阅览室,"目的：研究\n浆糊。",Drying rates of paste,10.5555/paste.2\n'
)  # fmt: skip


def read(text):
    assert TABLE.sniff(text)
    return list(TABLE.parse(io.StringIO(text, newline=""), Context("works.csv", "2026-11-21T03:00:00Z")))


def test_a_table_in_english_is_read_whole():
    [one] = read(ENGLISH)
    assert one.identifiers == (Identifier(Scheme.DOI, "10.5555/paste.1"),)
    assert [text.value for text in one.titles] == ['Drying rates of "wheat" paste, unheated']
    assert [(each.family, each.given) for each in one.contributors] == [("Lin", "M."), ("Feld", "J.")]
    assert (one.container.title, one.container.issns, one.locus) == ("Journal of Paste", ("1548-7768",), Locus("21", "3", "145-158"))  # fmt: skip
    assert (one.issued, one.language, one.abstracts[0].value) == (PartialDate(2014), "en", "Aim: to dry.")
    assert json.loads(one.extra)["tags"]["EID"] == ["2-s2.0-1"]
    assert one.document == "works.csv:2"


def test_a_table_in_chinese_is_read_whole():
    [one] = read(CHINESE)
    assert [(text.value, text.language) for text in one.titles] == [("阅览室浆糊的干燥速率", "zh-Hans"), ("Drying rates of paste", "en")]  # fmt: skip
    assert [each.name for each in one.contributors] == ["王小明", "李娜"]
    assert (one.container.title, one.locus, one.subjects) == ("浆糊学报", Locus("21", "3", "145-158"), ("浆糊", "阅览室"))  # fmt: skip
    assert one.abstracts[0].value == "目的：研究浆糊。"


@pytest.mark.parametrize("cell, names", [
    ("Smith J., Jones B.", ["J. Smith", "B. Jones"]), ("Smith, John", ["John Smith"]), ("Smith, J., Jones, B.", ["J. Smith", "B. Jones"]),
    ("J. Smith and B. Jones", ["J. Smith", "B. Jones"]), ("Smith, John; Jones, Bob", ["John Smith", "Bob Jones"]), ("Plato", ["Plato"]),
    ("Smith, J., Jones, B., & Brown, C.", ["J. Smith", "B. Jones", "C. Brown"]), ("王小明,李娜", ["王小明", "李娜"]), ("et al.", []), ("佚名", []),
    ("Smith, John (57200011111); Doe, Jane (57300000000)", ["John Smith", "Jane Doe"]), ("Smith J|Doe A", ["J Smith", "A Doe"]),
])  # fmt: skip
def test_a_cell_of_authors_is_read_however_it_is_written(cell, names):
    one, *_ = read(f'Title,Authors,Year\nOn paste,"{cell}",2014\n')
    assert [each.name for each in one.contributors if isinstance(each, Contributor)] == names


@pytest.mark.parametrize("head", [
    "sep=;\nTitle;Authors;Year\nOn paste;Lin M;2014\n", "title\tauthors\tyear\nOn paste\tLin M\t2014\n", "题名;作者;年份\nOn paste;Lin M;2014\n",
    '"Key","Item Type","Publication Year","Author","Title","Publication Title"\n"AB12","journalArticle","2014","Lin, M","On paste",""\n',
    "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,DOI\n12345678,On paste,Lin M,x,Lin M,Paste,2014,10.5555/p\n",
])  # fmt: skip
def test_tables_of_any_usual_make_are_recognised(head):
    [one] = read(head)
    assert (one.titles[0].value, one.issued) == ("On paste", PartialDate(2014))


@pytest.mark.parametrize("text", [
    "Take some flour, add water.\nStir.\n", "10.5555/a\n10.5555/b\n", "flour,water,salt\n1,2,3\n", "Title: a work, Authors: two, Year: 3\n", "title\nOn paste\n",
    "{Reference Type}: Journal Article\n{Title}: x\n", '"unclosed', "year,volume,issue\n1,2,3\n",
])  # fmt: skip
def test_other_texts_are_no_table(text):
    assert not TABLE.sniff(text)


def test_rows_that_name_no_work_and_cells_too_many_are_told():
    first, second, third = read("Title,Year,DOI\n,2014,\n,,\nOn paste,2014,,,red\n")
    assert (first.where, first.why.key, first.fatal) == ("works.csv:2", "tagged-no-title", True)
    assert (second.where, second.why.key, second.fatal) == ("works.csv:4", "table-cells", False)
    assert isinstance(third, Record)


def test_a_heading_that_stands_twice_counts_once():
    [one] = read("Title,Authors,Year,Title,Authors\nOn paste,Lin M,2014,论浆糊,林\n")
    assert [text.value for text in one.titles] == ["On paste", "论浆糊"]
    assert [each.name for each in one.contributors] == ["M Lin"]


def test_a_cell_without_end_ends_the_reading_with_a_word():
    *_, last = read('Title,Year\nOn paste,2014\n"' + "x" * 4_000_100)
    assert isinstance(last, Skip)
    assert (last.why.key, last.fatal) == ("table-broken", True)


# -- two exports of one search, through the program ------------------------------------------------------------

RIS = """TY  - JOUR
AU  - Lin, Mei
AU  - Feld, Jonas
TI  - Drying rates of wheat paste in unheated reading rooms
JO  - Journal of Paste
PY  - 2014
VL  - 21
IS  - 3
SP  - 145
EP  - 158
ER  -
TY  - JOUR
AU  - Wang, Xiaoming
AU  - Li, Na
TI  - Strength of old newspapers after deacidification
PY  - 2021
VL  - 12
IS  - 4
SP  - 46
EP  - 52
ER  -
TY  - JOUR
TI  - Spectral imaging of erased marginal notes in psalters
ER  -
"""
CSV = (
    "题名,作者,刊名,年,卷,期,页码\n"
    "旧报纸脱酸处理后的强度变化,王小明;李娜,纸张保护,2021,12,4,46-52\n"
    'Drying Rates of Wheat Paste in Unheated Reading Rooms.,"Lin M, Feld J",J Paste,2014,21,3,145-58\n'
    'Spectral imaging of erased marginal notes in psalters,"Quint M, Haddad S",Manuscript Imaging Bulletin,2015,19,2,64-80\n'
)  # fmt: skip
NBIB = """PMID- 11112222
OWN - NLM
STAT- MEDLINE
TI  - Drying rates of wheat paste in unheated reading rooms.
FAU - Lin, Mei
AU  - Lin M
JT  - Journal of paste
DP  - 2014
VI  - 21
IP  - 3
PG  - 145-58
"""


def works(harvester):
    listed = json.loads(harvester("export", "-o", "-", "--format", "json").out)
    return sorted((one["work_id"], one["title_en"], one["title_zh"]) for one in listed)


def test_overlapping_exports_are_one_row_a_work_and_what_people_split_stays_split(harvester):
    files = {"search.ris": RIS.encode(), "导出.csv": CSV.encode("gb18030"), "pubmed.nbib": NBIB.encode()}
    for name, content in files.items():
        (harvester.folder / name).write_bytes(content)
    assert harvester("load", *files).code == 0
    rows = works(harvester)
    assert {(english, chinese) for _, english, chinese in rows if "pectral" not in english} == {
        ("Drying rates of wheat paste in unheated reading rooms", None),
        ("Strength of old newspapers after deacidification", "旧报纸脱酸处理后的强度变化"),
    }
    assert len(rows) == 4  # the psalters twice: people decide
    [doubt] = [one for one in json.loads(harvester("review", "--json").out) if "work_id" in one]
    pair = (str(doubt["work_id"]), str(doubt["other_id"]))
    assert harvester("review", "accept", *pair, "--by", "lin").code == 0
    assert len(works(harvester)) == 3
    newspapers = next(str(number) for number, _, chinese in rows if chinese)
    assert harvester("split", newspapers, "--by", "lin").code == 0
    split = works(harvester)
    assert len(split) == 4
    assert harvester("load", *files).code == 0
    assert harvester("remerge").code == 0
    assert works(harvester) == split
    assert "nothing to review" in harvester("review").err
