"""Searching as a librarian does: words, fields, names in either script, the best first, the hit shown, a hint where nothing is."""

import json
import sqlite3

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from harvester.errors import UsageError
from harvester.inflection import forms_of
from harvester.migrations import migrations
from harvester.model import Container, Contributor, Identifier, Origin, PartialDate, Record, Scheme, Text
from harvester.name_words import name_words
from harvester.query import search
from harvester.search_terms import Group, expression, needles, read_query
from harvester.snippets import snippet
from harvester.store import Library
from harvester.suggest import did_you_mean
from harvester.text import fold_text
from tests.older_libraries import restore

NIGHT = "2026-11-19T03:00:00Z"
MORNING = "2026-11-19T08:00:00Z"
LONG = "The reading room was aired. " * 12


def record(key, titles, *, year=None, abstracts=(), people=(), journal=None, source="crossref", **more):
    return Record(
        source=source,
        source_key=f"10.5555/{key}",
        retrieved_at=NIGHT,
        identifiers=frozenset({Identifier(Scheme.DOI, f"10.5555/{key}")}),
        titles=tuple(Text(*one) if isinstance(one, tuple) else one for one in titles),
        abstracts=tuple(Text(*one) for one in abstracts),
        contributors=tuple(people),
        container=Container(journal) if journal else None,
        issued=PartialDate(year) if year else None,
        **more,
    )


BY = Origin.PUBLISHER
RECORDS = (
    record(
        "paste", [("On the drying of library paste", "en", BY), ("论图书馆浆糊的干燥", "zh-Hans", BY)],
        year=2016, people=[Contributor("刘伟明"), Contributor("Mei Lin")], journal="Journal of Paste", language="en",
    ),
    record(
        "glue", [("Bookbinding with glue", "en", BY), ("用膠水裝訂圖書", "zh-Hant", BY)], year=2020,
        abstracts=[(f"{LONG}Paste is mentioned here, in the libraries of the city. {LONG}", "en", BY)],
        people=[Contributor("Wei-Ming Liu"), Contributor("Mei Lin", name_zh="林梅")], journal="浆糊学报", language="zh",
    ),
    record(
        "room", [("Cataloguing in reading rooms", "en", BY)], year=2022,
        abstracts=[("目的：描述阅览室中的编目工作与管理人员的就业情况。", "zh-Hans", BY)],
        people=[Contributor("吕欣")], source="pubmed", language="zh-Hans",
    ),
    record(
        "machine", [("The aging of catalogues", "en", BY), ("目录的老化", "zh-Hans", Origin.MACHINE)], year=2011, language="en",
    ),
    record("undated", [("Café culture in the 19th century", "fr", BY)]),
)  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    with Library(tmp_path_factory.mktemp("search") / "library.db") as opened:
        for one in RECORDS:
            opened.add([one], at=NIGHT)
        yield opened


def keys(library, query, **more):
    """The works found, by the end of their DOIs, in order."""
    ids = search(library, query, **more)
    return [
        next(library.rows("SELECT doi FROM works WHERE work_id = ?", (one,)))[0].partition("/")[2]
        for one in ids
    ]


# -- fields ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("title:paste", ["paste"]),
        ("paste", ["paste", "glue"]),
        ("TITLE:paste", ["paste"]),
        ("题名：浆糊", ["paste"]),
        ("刊名：浆糊", ["glue"]),
        ('journal:"Journal of Paste"', ["paste"]),
        ("author:lin", ["glue", "paste"]),
        ("作者：林梅", ["glue"]),
        ("year:2016", ["paste"]),
        ("year:2016..2020", ["glue", "paste"]),
        ("年：2020..", ["room", "glue"]),
        ("year:..2011", ["machine"]),
        ("year:2016-2020", ["glue", "paste"]),
        ("lang:zh", ["room", "glue"]),
        ("语言：中文", ["room", "glue"]),
        ("lang:zh-Hans", ["room"]),
        ("origin:machine", ["machine"]),
        ("source:pubmed", ["room"]),
        ("来源：PubMed", ["room"]),
        ("doi:10.5555/GLUE", ["glue"]),
        ("doi:10.5555/p*", ["paste"]),
        ("DOI：https://doi.org/10.5555/paste", ["paste"]),
        ("paste year:2020", ["glue"]),
        ("paste -bookbinding", ["paste"]),
        ("paste -title:library", ["glue"]),
        ("year:2016.. -paste", ["room"]),
        ("year:2016.. -year:2020", ["room", "paste"]),
        ("lang:en -origin:machine", ["paste"]),
        ("paste -lang:zh", ["paste"]),
        ("drying OR aging", ["machine", "paste"]),
        ("year:2011 OR title:glue", ["glue", "machine"]),
        ("chapter:paste", []),
        ("OR", None),
        ("10.5555/room", ["room"]),
    ],
)
def test_a_query_finds_exactly(library, query, found):
    if found is None:
        with pytest.raises(UsageError):
            search(library, query)
    else:
        assert sorted(keys(library, query)) == sorted(found)


@pytest.mark.parametrize(
    ("query", "key", "place"),
    [
        ("paste year:soon", "search-bad-year", 7),
        ("year:2020x", "search-bad-year", 1),
        ("年：明年", "search-bad-year", 1),
        ("lang:?", "search-bad-lang", 1),
        ("origin:nobody", "search-bad-origin", 1),
        ("a source:nowhere", "search-bad-source", 3),
        ("doi:paste", "search-bad-doi", 1),
        ("title: paste", "search-no-value", 1),
        ('author:""', "search-no-value", 1),
        ("title:!!", "search-no-value", 1),
        ('paste "library', "search-quote", 7),
        ("OR paste", "search-or", 1),
        ("paste OR", "search-or", 7),
        ("paste OR OR glue", "search-or", 10),
        ("-paste", "search-only-excluded", None),
        ("?!", "search-nothing", None),
        ("", "search-nothing", None),
    ],
)
def test_a_wrong_query_is_explained_with_its_place(query, key, place):
    with pytest.raises(UsageError) as refusal:
        read_query(query)
    assert refusal.value.message.key == key
    assert refusal.value.message.values.get("at") == place
    assert refusal.value.message.text("zh")


@settings(max_examples=150)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["title:", "作者：", "year:", "doi:", "-", '"', "OR", " ", "*", "paste", "liu", "浆", "10.5555/paste",
             "NEAR(", ")", "2016..", "AND", "NOT", "^", "{a b}", "'", ";", "\x00", "\ud800"]
        ),
        max_size=12,
    ).map(" ".join)
)  # fmt: skip
@example('title:"a" OR -x')
@example("title : ( NOT")
@example("works_fts MATCH 'x'")
@example(" ".join("paste" + chr(97 + at % 26) * (at % 7) for at in range(180)))
def test_any_text_is_answered_or_explained(library, query):
    refusals = []
    try:
        ids = search(library, query)
        did_you_mean(library, query)
    except UsageError as refusal:
        ids, refusals = [], [refusal.message.text(lang) for lang in ("en", "zh")]
    assert all(refusals)
    assert set(ids) <= {1, 2, 3, 4, 5}


# -- words -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("浆", ["paste", "glue"]),
        ("漿糊", ["paste", "glue"]),
        ("图书", ["paste", "glue"]),
        ("裝訂", ["glue"]),
        ("装订", ["glue"]),
        ("情况", ["room"]),
        ("況", ["room"]),
        ("libraries", ["paste", "glue"]),
        ("library", ["paste", "glue"]),
        ("dry", ["paste"]),
        ("catalogue", ["machine", "room"]),
        ("catalogued", ["machine", "room"]),
        ('"catalogue"', []),
        ('"library paste"', ["paste"]),
        ('"paste library"', []),
        ("bookb*", ["glue"]),
        ("catalog*", ["machine", "room"]),
        ("cafe", ["undated"]),
        ("CAFÉ", ["undated"]),
        ("the bookbinding of glue", ["glue"]),
        ('"with glue"', ["glue"]),
        ("with", ["glue"]),
    ],
)
def test_words_are_found_in_every_form_and_script(library, query, found):
    assert sorted(keys(library, query)) == sorted(found)


@pytest.mark.parametrize(
    ("word", "has", "has_not"),
    [
        ("library", {"libraries"}, {"librarian"}),
        ("studies", {"study", "studied", "studying"}, {"student"}),
        ("analyses", {"analysis"}, set()),
        ("hypothesis", {"hypotheses"}, set()),
        ("rating", {"rate", "rates", "rated"}, {"rat", "rats"}),
        ("planned", {"plan", "plans", "planning"}, set()),
        ("using", {"use", "used", "uses"}, {"us"}),
        ("boxes", {"box"}, set()),
        ("thing", {"things"}, {"the", "th"}),
        ("new", set(), {"news"}),
        ("children", {"child"}, set()),
        ("data", {"datum"}, set()),
    ],
)
def test_an_english_word_has_its_forms_and_no_others(word, has, has_not):
    forms = set(forms_of(word))
    assert forms >= has | {word}
    assert not forms & has_not


@pytest.mark.parametrize("word", ["news", "h2o", "浆糊", "an"])
def test_a_word_without_other_forms_is_alone(word):
    assert forms_of(word) == (word,)


@given(st.text(alphabet="abcdeginrstuvy", min_size=1, max_size=12))
def test_the_forms_of_a_word_are_few_and_begin_with_it(word):
    forms = forms_of(word)
    assert forms[0] == word
    assert len(set(forms)) == len(forms) <= 24


# -- authors ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    ["刘伟明", "劉偉明", "liu weiming", "weiming liu", "liu wei ming", "wei ming liu", "liuweiming", "weimingliu",
     "Liu Weiming", "author:weiming", "author:liu author:weiming", 'author:"liu weiming"', 'author:"weiming liu"'],
)  # fmt: skip
def test_an_author_is_found_by_han_or_pinyin_in_any_order(library, query):
    assert "paste" in keys(library, query)


@pytest.mark.parametrize(
    "query", ["liu weiming", "weiming liu", "liu wei ming", "weimingliu", "Wei-Ming Liu"]
)
def test_a_name_with_a_hyphen_is_found_without_it(library, query):
    assert "glue" in keys(library, query)


@pytest.mark.parametrize("query", ["lü xin", "lu xin", "lv xin", "lyu xin", "xin lv", "吕欣"])
def test_every_way_of_typing_the_u_with_dots_finds_it(library, query):
    assert keys(library, query) == ["room"]


def test_a_family_name_does_not_find_another_that_begins_with_it(library):
    assert keys(library, "author:li") == []


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (Contributor("刘伟明"), "liu weiming liu liuweiming weimingliu"),
        (Contributor("Weiming Liu", name_zh="刘伟明"), "liu weiming liu liuweiming weimingliu"),
        (Contributor("欧阳明"), "ouyang ming ouyang ouyangming mingouyang"),
        (Contributor("M. Lin"), ""),
        (Contributor("Anna Topor"), ""),
        (Contributor("Paste Research Group"), ""),
    ],
)
def test_the_words_of_a_name(person, words):
    assert name_words(person) == words


# -- the best first --------------------------------------------------------------------------------------


def test_a_hit_in_the_title_comes_before_one_in_the_abstract_however_old(library):
    assert keys(library, "paste") == ["paste", "glue"]


def test_of_equal_hits_the_newer_comes_first(tmp_path):
    with Library(tmp_path / "library.db") as library:
        for year in (1999, 2021, 2010):
            library.add([record(f"y{year}", [("Paste", "en", BY)], year=year)], at=NIGHT)
        assert keys(library, "paste") == ["y2021", "y2010", "y1999"]


def test_a_word_too_common_to_weigh_gives_the_newest_in_the_title(library, monkeypatch):
    monkeypatch.setattr("harvester.query._MOST_FOUND", 1)
    assert keys(library, "浆", limit=1) == ["paste"]
    assert keys(library, "in", limit=1) == ["room"]
    assert len(keys(library, "the", limit=-1)) == len(keys(library, "the", limit=20)) == 4


# -- the hit shown ---------------------------------------------------------------------------------------


def shown(library, query):
    [work_id, *_] = search(library, query)
    return snippet(library.work(work_id), read_query(query))


@pytest.mark.parametrize(
    ("query", "field", "language", "marked"),
    [
        ("漿糊", "title", "zh-Hans", "论图书馆**浆糊**的干燥"),
        ("装订", "title", "zh-Hant", "用膠水**裝訂**圖書"),
        ("libraries drying", "title", "en", "On the **drying** of **library** paste"),
        ("图书馆浆", "title", "zh-Hans", "论**图书馆浆**糊的干燥"),
        ("就业", "abstract", "zh-Hans", "目的：描述阅览室中的编目工作与管理人员的**就业**情况。"),
        ("劉偉明", "authors", None, "**刘伟明**"),
        ("liuweiming year:2016", "authors", None, "**刘伟明**"),
        ("刊名：浆糊", "container_title", None, "**浆糊**学报"),
        ("cafe", "title", "fr", "**Café** culture in the 19th century"),
        ("bookb*", "title", "en", "**Bookbinding** with glue"),
    ],
)
def test_the_hit_is_marked_in_its_own_language_and_spelling(library, query, field, language, marked):
    hit = shown(library, query)
    assert (hit.field, hit.language, hit.marked()) == (field, language, marked)


def test_a_long_abstract_is_cut_around_the_hit(library):
    hit = shown(library, "mentioned")
    assert hit.text.startswith("…")
    assert hit.text.endswith("…")
    assert "**mentioned** here" in hit.marked()
    assert len(hit.text) <= 210


def test_a_query_of_fields_alone_marks_nothing(library):
    assert shown(library, "year:2016") is None


def test_a_word_inside_another_is_not_marked():
    [(_, pattern)] = needles(read_query("art"))
    assert [found[0] for found in pattern.finditer(fold_text("the Art of cartography 论art艺术"))] == [
        "art",
        "art",
    ]


@given(st.text(max_size=40))
def test_folding_for_marks_keeps_every_place(text):
    assert len(fold_text(text)) == len(text)


@given(st.text(alphabet='paste librydn浆糊图书馆"*-OR', max_size=20))
def test_a_snippet_is_a_piece_of_the_work(library, query):
    try:
        groups = read_query(query)
    except UsageError:
        groups = ()
    for work_id in (1, 2, 3):
        hit = snippet(library.work(work_id), groups)
        assert hit is None or (
            hit.spans and all(0 <= start < end <= len(hit.text) for start, end in hit.spans)
        )


@pytest.mark.parametrize(
    "query",
    [
        "paste year:2016..", "paste year:2020", "浆糊 year:..2016 -year:2011", "title:drying doi:10.5555/p*", "paste doi:10.5555/*",
        "doi:10.5555/*", "doi:10.5555/r* year:2022", "year:2011..2020", "paste lang:en year:2000..", "drying OR aging year:2011",
        "paste lang:zh", "lang:zh", "lang:zh-Hans reading", "in source:pubmed", "source:crossref", "source:crossref -source:pubmed paste", "paste -lang:fr",
        "paste -year:2023..", "paste -year:..2012", "in -year:2012..2020", "-year:2012..2020 lang:en", "in -lang:zh", "in -lang:zh-Hans", "in -source:crossref", "-source:pubmed year:2000..", "in -source:pubmed", "in -source:doaj", "in -lang:ja -year:2011",
    ],
)  # fmt: skip
def test_conditions_are_the_same_whether_works_are_listed_first_or_asked_one_by_one(
    library, monkeypatch, query
):
    listed = [search(library, query), search(library, query, limit=1), search(library, query, limit=-1)]
    monkeypatch.setattr("harvester.narrowing._FEW", 0)
    monkeypatch.setattr("harvester.narrowing._FEW_RECORDS", 0)
    one_by_one = [search(library, query), search(library, query, limit=1), search(library, query, limit=-1)]
    assert listed == one_by_one
    assert listed[0]


@pytest.mark.parametrize(
    "query",
    [
        "paste lang:ko",
        "lang:ko",
        "paste year:1700",
        "source:kisti paste",
        "source:doaj",
        "doi:10.5555/none* paste",
    ],
)
def test_a_condition_that_no_work_meets_finds_nothing(library, query):
    assert search(library, query) == search(library, query, limit=-1) == []


# -- what may have been meant ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "nearer"),
    [
        ("libary", "library"),
        ("lbirary paste", "library paste"),
        ("title:dryign", "title:drying"),
        ("author:weimin", "author:weiming"),
        ("浆湖图书馆", "图书馆"),
        ("drying aging", "aging"),
        ("xyzzyx", None),
        ("paste", None),
        ("year:1800", None),
    ],
)
def test_where_nothing_is_found_something_near_is_named(library, query, nearer):
    said = None if search(library, query) else did_you_mean(library, query)
    assert said == nearer


# -- the program -----------------------------------------------------------------------------------------


@pytest.fixture
def program(harvester, library):
    source = sqlite3.connect(library.path)
    with sqlite3.connect(harvester.db) as copy:
        source.backup(copy)
    source.close()
    return harvester


def test_the_program_prints_the_hit_marked_and_as_json(program):
    assert "**浆糊**" in program("search", "漿糊").out
    first, *_ = json.loads(program("search", "paste", "--json").out)
    assert first["snippet"] == "On the drying of library **paste**"
    assert first["snippet_of"] == {"field": "title", "language": "en"}


def test_the_program_takes_fields_exclusions_and_names_what_was_meant(program):
    assert "1 works" in program("search", "paste", "-bookbinding").err
    assert "did you mean: library" in program("search", "libary").err
    assert "您要找的是否为：library" in program("--lang", "zh", "search", "libary").err


def test_the_program_explains_a_wrong_query_and_an_unknown_option(program):
    done = program("search", "paste year:soon")
    assert (done.code, done.out) == (2, "")
    assert "year at character 7" in done.err
    assert program("search", "paste", "--limt", "3").code == 2


# -- libraries of earlier versions -----------------------------------------------------------------------


def test_an_older_library_finds_authors_by_pinyin_after_a_remerge(tmp_path):
    path = tmp_path / "library.db"
    restore("3", path)
    with Library(path) as library:
        [(work_id,)] = list(library.rows("SELECT work_id FROM contributors WHERE name_zh = '周晓岚'"))
        assert library.is_remerge_due
        assert search(library, "zhouxiaolan") == []
        library.remerge(at=MORNING)
        assert search(library, "zhouxiaolan") == [work_id]
        assert library.remerge(at=MORNING) == 0


def test_an_empty_library_is_not_due_for_a_remerge(tmp_path):
    connection = sqlite3.connect(tmp_path / "library.db")
    migrations.apply(Database(connection))
    assert connection.execute("SELECT count(*) FROM counters WHERE name = 'remerge_due'").fetchone() == (0,)
    connection.close()


def test_the_title_alone_is_asked_for_by_its_column():
    [group] = read_query('paste author:"mei lin" -glue')
    assert isinstance(group, Group)
    assert expression(group, "title") == (
        '(title : ("paste" OR "pastes" OR "pasted" OR "pasting") AND authors : ("mei lin"))'
        ' NOT (("glue" OR "glues" OR "glued" OR "gluing"))'
    )
