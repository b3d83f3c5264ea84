import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.model import Contributor
from harvester.names import parse_author_line, parse_marked_authors, parse_name


def cut(line, family_first=None):
    return [(one.family, one.given) for one in parse_author_line(line, family_first)]


@pytest.mark.parametrize(
    "line, names",
    [
        (
            "Kinn Liv Grethe, Davidson Larry, Langeland Eva",
            [("Kinn", "Liv Grethe"), ("Davidson", "Larry"), ("Langeland", "Eva")],
        ),
        (
            "Liv Grethe Kinn, Larry Davidson, Eva Langeland",
            [("Kinn", "Liv Grethe"), ("Davidson", "Larry"), ("Langeland", "Eva")],
        ),
        ("A. Topor, A. Ljungberg", [("Topor", "A."), ("Ljungberg", "A.")]),
        ("Z M Yu, Q Zhou", [("Yu", "Z M"), ("Zhou", "Q")]),
        ("Kinn LG, de Hoon MJL, van der Berg A", [("Kinn", "LG"), ("de Hoon", "MJL"), ("van der Berg", "A")]),
        ("Baena Ruiz R, Salinas Hernández P", [("Baena Ruiz", "R"), ("Salinas Hernández", "P")]),
        ("Zhang Weijia, Li Na, Ouyang Yongmei", [("Zhang", "Weijia"), ("Li", "Na"), ("Ouyang", "Yongmei")]),
        ("Weijia Zhang, Na Li, Yongmei Ouyang", [("Zhang", "Weijia"), ("Li", "Na"), ("Ouyang", "Yongmei")]),
        ("Maria van der Berg, Paul Du Gay", [("van der Berg", "Maria"), ("Du Gay", "Paul")]),
        ("ZHANG Wei, LI Na", [("ZHANG", "Wei"), ("LI", "Na")]),
        ("Wei ZHANG, Fang HUANG", [("ZHANG", "Wei"), ("HUANG", "Fang")]),
        ("Nguyen Van An, Tran Thi Binh", [("Nguyen", "Van An"), ("Tran", "Thi Binh")]),
        ("Soo-Jin Kim, Min Ho Park", [("Kim", "Soo-Jin"), ("Park", "Min Ho")]),
    ],
)
def test_the_names_of_a_line_vote_on_their_order(line, names):
    assert cut(line) == names


@pytest.mark.parametrize(
    "line, names",
    [
        ("Kinn, Liv Grethe; Davidson, Larry.", [("Kinn", "Liv Grethe"), ("Davidson", "Larry")]),
        ("Kinn, Liv Grethe and van der Berg, Anna", [("Kinn", "Liv Grethe"), ("van der Berg", "Anna")]),
        ("Boylan, Richard T.", [("Boylan", "Richard T.")]),
        ("Al Dhubaib, Bandar E", [("Al Dhubaib", "Bandar E")]),
        ("Smith, J. A., Jones, B. C., & Lee, K.", [("Smith", "J. A."), ("Jones", "B. C."), ("Lee", "K.")]),
        ("Jane Doe and John Smith", [("Doe", "Jane"), ("Smith", "John")]),
        ("Jane Doe, John Smith & Anna Fischer", [("Doe", "Jane"), ("Smith", "John"), ("Fischer", "Anna")]),
        ("Jane Doe, PhD, John Smith, MD", [("Doe", "Jane"), ("Smith", "John")]),
        ("Jane Doe, John Smith, et al.", [("Doe", "Jane"), ("Smith", "John")]),
        ("Authors: Jane Doe; John Smith", [("Doe", "Jane"), ("Smith", "John")]),
    ],
)
def test_separators_are_told_from_commas_inside_names(line, names):
    assert cut(line) == names


@pytest.mark.parametrize(
    "line, names",
    [
        ("刘伟明，王芳，欧阳娜娜", [("刘", "伟明"), ("王", "芳"), ("欧阳", "娜娜")]),
        ("劉偉明、司馬遷", [("劉", "偉明"), ("司馬", "遷")]),
        ("张 伟 王小明 李四", [("张", "伟"), ("王", "小明"), ("李", "四")]),
        ("作者：刘伟明；王芳等", [("刘", "伟明"), ("王", "芳")]),
        ("刘伟明, 王芳, 等.", [("刘", "伟明"), ("王", "芳")]),
        ("张三¹，李四²*，王五1,2", [("张", "三"), ("李", "四"), ("王", "五")]),
        ("阿卜杜拉·买买提, 王伟", [(None, None), ("王", "伟")]),
    ],
)
def test_han_names_are_read(line, names):
    assert cut(line) == names


def test_names_are_shown_in_display_order():
    shown = [one.name for one in parse_author_line("Kinn Liv Grethe, Davidson Larry; 张 伟; 阿卜杜拉·买买提")]
    assert shown[-2:] == ["张伟", "阿卜杜拉·买买提"]
    assert [one.name for one in parse_author_line("Kinn LG, Davidson L")] == ["LG Kinn", "L Davidson"]


@pytest.mark.parametrize("raw", ["王伟(Wei Wang)", "王伟（Wei Wang）", "王 伟 Wei Wang"])
def test_latin_name_beside_a_han_name_is_kept_with_it(raw):
    assert parse_name(raw) == Contributor("Wei Wang", family="Wang", given="Wei", name_zh="王伟")


def test_one_latin_word_beside_a_han_name_is_cut_off():
    assert parse_name("王伟(Wang)") == Contributor("王伟", family="王", given="伟")


def test_suffix_stays_in_the_name_only():
    assert parse_name("Martin Luther King Jr.") == Contributor(
        "Martin Luther King Jr.", family="King", given="Martin Luther"
    )


@pytest.mark.parametrize(
    "name",
    [
        "WHO Collaborative Group",
        "糨糊研究协作组",
        "Madonna",
        "Council of Libraries",
        "Paste Research Service",
        "Stiftung Leim und Kleister",
        "Ministerio de Bibliotecas, Bogotá",
        "Friends of Paste",
        "The Paste Staff",
        "Leim & Kleister",
        "《浆糊》编辑部",
        "图书馆课题组",
        "浆糊大学",
    ],
)
def test_bodies_and_single_words_have_no_family_name(name):
    assert parse_name(name) == Contributor(name)


def test_marks_point_to_affiliations():
    marked = parse_marked_authors("Lin M(1)(2), Okafor B1,2*, Berg A†, Ito K³")
    assert [(one.author.family, one.marks) for one in marked] == [
        ("Lin", ("1", "2")),
        ("Okafor", ("1", "2", "*")),
        ("Berg", ("†",)),
        ("Ito", ("3",)),
    ]


def test_a_name_by_itself_is_turned_round_on_strong_evidence_only():
    assert parse_name("Toru Abbas") == Contributor("Toru Abbas", family="Abbas", given="Toru")
    assert parse_name("Zhang Weijia") == Contributor("Weijia Zhang", family="Zhang", given="Weijia")


def test_prior_decides_where_nobody_votes():
    assert cut("Qwert Zuiop", family_first=True) == [("Qwert", "Zuiop")]
    assert cut("Qwert Zuiop", family_first=False) == [("Zuiop", "Qwert")]


def test_full_stop_of_the_line_is_not_of_the_last_initial():
    assert cut("Imoto S, Miyano S.") == [("Imoto", "S"), ("Miyano", "S")]
    assert cut("Schlag E. W., Lin S. H.") == [("Schlag", "E. W."), ("Lin", "S. H.")]


@settings(deadline=None)  # the first call loads dictionaries
@given(st.text(max_size=200))
def test_any_line_is_read_without_an_error(line):
    for one in parse_author_line(line):
        assert one.name
        assert one.family != ""


@settings(deadline=None)  # the first call loads dictionaries
@given(st.lists(st.sampled_from(["Berg A", "Kinn LG", "Ito K", "Lin M", "Okafor B"]), min_size=1, max_size=8))
def test_as_many_names_come_out_as_went_in(names):
    assert [f"{one.family} {one.given}" for one in parse_author_line(", ".join(names))] == names


@pytest.mark.parametrize("mark", ["1", "¹", "(1)", "*"])
def test_a_mark_behind_a_last_initial_leaves_its_full_stop_single(mark):
    (marked,) = parse_marked_authors(f"Okafor Benjamin T.{mark}", family_first=True)
    assert (marked.author.family, marked.author.given) == ("Okafor", "Benjamin T.")


def test_a_family_name_with_nothing_behind_its_comma_has_no_given_name():
    assert parse_name("Brandt,").given is None
