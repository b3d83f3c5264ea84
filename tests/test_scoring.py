"""What is found is weighed as a librarian would: the title first, either language alike, the newer of equals; a large library piecemeal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.model import Identifier, Origin, PartialDate, Record, Scheme, Text
from harvester.query import search
from harvester.scoring import asked, is_in, rarity, score
from harvester.search_terms import Term
from harvester.store import Library
from harvester.text import search_text

NIGHT = "2026-11-19T03:00:00Z"
LONG = "The reading room was aired and closed. " * 9


def weighed(words, title="", abstract="", authors="", container="", column=None):
    texts = [search_text(one) for one in (title, abstract, authors, container)]
    return score([asked(Term(one), column, 1.0) for one in words.split()], texts)


# -- one work ----------------------------------------------------------------------------------------------


def test_the_title_counts_most_then_names_then_journals_then_abstracts():
    places = [weighed("paste", **{place: "Paste"}) for place in ("title", "authors", "container", "abstract")]
    assert places == sorted(places, reverse=True)
    assert places[0] > places[-1] > 0


def test_a_title_that_is_the_query_is_better_than_one_that_holds_it():
    longer = "On the drying of library paste in the reading rooms of small towns"
    assert weighed("library paste", "Library paste") > weighed("library paste", longer)


def test_a_title_in_two_languages_is_no_longer_than_one():
    alone, beside = (
        "Library paste",
        "Library paste\n论图书馆浆糊的干燥与阅览室的编目工作及其管理人员的就业情况",
    )
    assert weighed("paste", alone) == weighed("paste", beside) > 0
    assert weighed("浆糊", "论浆糊") == weighed(
        "浆糊", "On the drying of paste in the reading rooms of libraries\n论浆糊"
    )


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("cafe", "Le Café"), ("CAFÉ", "le cafe"), ("library", "Two libraries"), ("漿糊", "论浆糊"), ("浆", "论漿糊"), ("糊", "浆糊"),
        ("pas*", "Library paste"), ("h2o", "H2O-based paste"), ("图书馆", "論圖書館學"), ("“naïve”", "naive paste"),
    ],
)  # fmt: skip
def test_a_term_is_seen_where_the_index_has_it(word, text):
    assert is_in(asked(Term(word), None, 1.0), search_text(text))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("paste", "Pasteboard"),
        ("past", "Paste"),
        ("浆糊", "糊浆"),
        ("图馆", "图书馆"),
        ("aste*", "Paste"),
        ("é", "Paste"),
        ("paste", "Typaste"),
        ("a b", "ca b"),
    ],
)
def test_a_term_is_not_seen_inside_another_word(word, text):
    assert is_in(asked(Term(word), None, 1.0), search_text(text)) is False


def test_a_rare_word_in_the_title_counts_for_more_than_a_common_one():
    rare, common = rarity(1_000_000, 50), rarity(1_000_000, 20_000)
    terms = [asked(Term("paste"), None, rare), asked(Term("library"), None, common)]
    abstract = search_text("Of paste in a library.")
    assert score(terms, ["paste", abstract, "", ""]) > score(terms, ["library", abstract, "", ""])


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_word_never_tells_less_than_nothing(works, holding):
    assert rarity(works, holding) > 0


@given(*[st.text(alphabet='paste 浆糊图书馆é\n-"*', max_size=30)] * 4)
def test_every_text_has_a_place_between_none_and_twenty(title, abstract, authors, container):
    assert 0 <= weighed("paste 浆糊", title, abstract, authors, container) <= 20


# -- a library, piecemeal ----------------------------------------------------------------------------------


def record(number, title, *, year=2000, abstract=None):
    doi = f"10.5555/{number}"
    return Record(
        source="crossref",
        source_key=doi,
        retrieved_at=NIGHT,
        identifiers=(Identifier(Scheme.DOI, doi),),
        titles=(Text(title, "en", Origin.PUBLISHER),),
        abstracts=(Text(abstract, "en", Origin.PUBLISHER),) if abstract else (),
        issued=PartialDate(year),
    )


@pytest.fixture
def shelf(tmp_path):
    """Twelve works, one after another: 1, 5 and 9 have both words in the title, the others one there and one in the abstract."""
    with Library(tmp_path / "library.db") as library:
        for number in range(1, 13):
            title = f"Paste {number} and vellum" if number % 4 == 1 else f"Paste {number} and thread"
            library.add([record(number, title, year=2000 + number, abstract="Of vellum.")], at=NIGHT)
        yield library


@pytest.mark.parametrize("slices", [(), (1, 1), (3, 4), (50, 50)])
def test_an_old_work_with_all_words_in_its_title_stands_on_a_page_that_newer_ones_do_not_fill(
    shelf, monkeypatch, slices
):
    monkeypatch.setattr("harvester.query._SLICES", slices)
    assert search(shelf, "paste vellum", limit=3) == [9, 5, 1]
    assert search(shelf, "paste vellum", limit=20) == [9, 5, 1, 12, 11, 10, 8, 7, 6, 4, 3, 2]


@pytest.mark.parametrize("most", [1, 2, 3, 5, 2000])
def test_titles_come_first_however_many_works_are_gathered_and_weighed(shelf, monkeypatch, most):
    monkeypatch.setattr("harvester.query._MOST_FOUND", most)
    monkeypatch.setattr("harvester.query._MOST_WEIGHED", most)
    assert search(shelf, "paste vellum", limit=3) == [9, 5, 1]
    assert search(shelf, "paste", limit=2) == [12, 11]
    assert search(shelf, "title:paste vellum", limit=4) == [9, 5, 1, 12]


@pytest.mark.parametrize(("most_read", "page"), [(8, [9, 12, 11]), (16, [9, 5, 12]), (1_000_000, [9, 5, 1])])
def test_titles_with_common_words_are_told_among_as_many_works_as_a_page_can_wait_for(
    shelf, monkeypatch, most_read, page
):
    monkeypatch.setattr("harvester.query._MOST_FOUND", 3)
    monkeypatch.setattr("harvester.query._LAST_WORKS", 4)
    monkeypatch.setattr("harvester.query._MOST_READ", most_read)  # two words in each of the last four works
    assert search(shelf, "paste vellum", limit=3) == page


def test_titles_that_fill_a_page_among_the_last_works_need_no_other_look(shelf, monkeypatch):
    monkeypatch.setattr("harvester.query._MOST_FOUND", 3)
    monkeypatch.setattr("harvester.query._MOST_READ", 0)
    assert search(shelf, "paste thread", limit=2) == [12, 11]


def test_how_common_a_word_in_a_field_is_the_last_works_tell(shelf, monkeypatch):
    told = []
    monkeypatch.setattr("harvester.query.rarity", lambda works, holding: told.append(holding) or 1.0)
    search(shelf, "title:thread vellum")
    monkeypatch.setattr("harvester.query._MOST_SAMPLED", 2)  # both are of thread
    search(shelf, "title:thread vellum")
    assert told == [9, 12, 12, 12]


@pytest.mark.parametrize(
    "query", ["paste vellum", "vellum", "vel*", "paste -thread", "title:vellum OR thread", "pas* thread"]
)
def test_a_page_without_end_has_every_work_and_a_shorter_one_no_others(shelf, monkeypatch, query):
    whole = search(shelf, query, limit=-1)
    monkeypatch.setattr("harvester.query._SLICES", (2, 3))
    monkeypatch.setattr("harvester.query._MOST_WEIGHED", 2)
    assert sorted(search(shelf, query, limit=-1)) == sorted(whole)
    for limit in range(1, 14):
        page = search(shelf, query, limit=limit)
        assert len(page) == len(set(page)) == min(limit, len(whole))
        assert set(page) <= set(whole)


@pytest.mark.parametrize("query", ["thr*", "pas*", "title:thread", "title:thr*", "vel*"])
def test_a_beginning_in_the_last_works_is_found_without_the_index(shelf, monkeypatch, query):
    before = search(shelf, query, limit=3)
    monkeypatch.setattr("harvester.query._LAST_WORKS", 4)  # the last works looked at
    assert search(shelf, query, limit=3) == before


def test_a_known_title_comes_first_though_newer_works_have_its_words(tmp_path):
    with Library(tmp_path / "library.db") as library:
        library.add([record(1, "Library paste", year=1990)], at=NIGHT)
        library.add([record(2, f"The drying of paste in a library of {LONG}", year=2020)], at=NIGHT)
        assert search(library, "library paste") == [1, 2]
