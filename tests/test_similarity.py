"""Titles, names, journals, pages and sounds made comparable, value by value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.author_keys import read_people
from harvester.blocking import keys
from harvester.container_keys import Venue, container_key, container_likeness, venue_of
from harvester.evidence import Verdict, decide
from harvester.features import features_of, signature
from harvester.locus_keys import Meeting, Pages, meet, read_pages, read_place
from harvester.model import Contributor, Locus
from harvester.similarity import compare
from harvester.sounds import Reading, reads_as
from harvester.title_keys import read_title
from tests.hard_pairs import record


@pytest.mark.parametrize("raw, pages", [
    ("221-8", Pages("", 221, 228)), ("1234-41", Pages("", 1234, 1241)), ("S72", Pages("s", 72, None)), ("e43268", Pages("e", 43268, None)),
    ("9848--9853", Pages("", 9848, 9853)), ("pp. 322-331.", Pages("", 322, 331)), ("ii-iv", Pages("r", 2, 4)), ("505-NA", Pages("", 505, None)),
    ("15–22", Pages("", 15, 22)), ("35-4149-50", Pages("", 35, None)), ("XV-XVII", Pages("r", 15, 17)),
])  # fmt: skip
def test_pages_are_read_as_numbers(raw, pages):
    assert read_pages(raw) == pages


@pytest.mark.parametrize("raw", ["", "1-", "n/a", "NA", "0", "-", "No-Specified", "01-Jun", "Jun-13", "no pagination", "t-8", "215 p", "62 pp.", "2297-2108"])  # fmt: skip
def test_odd_pages_are_unknown(raw):
    assert read_pages(raw) is None


@pytest.mark.parametrize("one, other, meeting", [
    ("9-15", "9-15", Meeting.RANGE), ("9-15", "9", Meeting.PAGE), ("9", "9", Meeting.PAGE), ("9-15", "9-12", Meeting.FIRST), ("9-15", "12", Meeting.WITHIN),
    ("51", "52", Meeting.WITHIN), ("9-15", "20-25", Meeting.DISJOINT), ("e12724", "1-6", Meeting.UNKNOWN), ("1-17", "566-582", Meeting.UNKNOWN),
    ("9-15", "n/a", Meeting.UNKNOWN), ("969-972", "a1754", Meeting.UNKNOWN), ("60-71", "72-83", Meeting.DISJOINT), ("x-xii", "10-12", Meeting.DISJOINT),
])  # fmt: skip
def test_pages_meet_or_do_not(one, other, meeting):
    assert meet(read_pages(one), read_pages(other)) is meeting
    assert meet(read_pages(other), read_pages(one)) is meeting


@pytest.mark.parametrize("volume, issue, found", [
    ("55 (10 SUPPL 1)", None, ("55", "10")), ("14(1)", None, ("14", "1")), ("XII", "Pt 3", ("12", "3")), ("49", "11, Part 1", ("49", "11")), ("8", "NOV", ("8", None)),
    ("s7-I", "25", ("s7", "25")), ("53", "SUPPL. 1", ("53", "s1")), ("Vol. 7", "05", ("7", "5")), ("NA", "&NA;", (None, None)), ("9", "105484", ("9", None)),
])  # fmt: skip
def test_volume_and_issue_are_read_as_numbers(volume, issue, found):
    place = read_place(Locus(volume, issue, None))
    assert (place.volume, place.issue) == found


@pytest.mark.parametrize("one, other", [
    ("Curr Opin Lipidol", "Current Opinion in Lipidology"), ("VLDB", "Very Large Data Bases"), ("Dtsch. Med. Wschr", "Dtsch Med Wochenschr"), ("圖書館學刊", "图书馆学刊"),
    ("VLGB", "Proc. of the 22nd Int. Conf. on Very Large Gluebases, Delft, May"), ("Acm TOGS", "ACM Transactions on Glue Systems"), ("VLGB", "Proceedings of the international conference on very large &hellip ; ,"),
    ("SIGPOG", "Conference on Paste of Guilds"), ("Glue J.", "The Glue Journal The International Journal on Gluing"),
    ("Archives of Physical Medicine & Rehabilitation", "Arch Phys Med Rehabil"), ("Z Arztl Fortbild (Jena)", "Z. ARZTL. FORTBILD"), ("Paste.Conference: 3rd Paste Days", "Paste"),
])  # fmt: skip
def test_names_of_one_journal_are_alike(one, other):
    assert container_likeness(container_key(one), container_key(other)) == 1.0


@pytest.mark.parametrize("one, other", [
    ("Diabetes", "Diabetes Care"), ("Stroke", "Circulation"), ("J Am Paper Assoc", "J Am Glue Soc"), ("Vision Research", "Brain Research"), ("图书馆学刊", "档案研究"),
])  # fmt: skip
def test_names_of_two_journals_are_not_the_same(one, other):
    assert container_likeness(container_key(one), container_key(other)) < 0.8


NAMES = st.lists(
    st.sampled_from(["very", "large", "glue", "bases", "vlgb", "sigpog", "j"]), min_size=1, max_size=4
)


@given(NAMES, NAMES, st.sampled_from(["", " …"]), st.sampled_from(["", " …"]))
def test_names_are_as_alike_in_one_order_as_in_the_other(one, other, end, other_end):
    ours, theirs = " ".join(one) + end, " ".join(other) + other_end
    assert container_likeness(ours, theirs) == container_likeness(theirs, ours)


def test_a_title_that_lost_its_blanks_is_as_telling_as_with_them():
    whole, glued = record("Glue in warm damp rooms", "Zuber J"), record("Glueinwarm damprooms", "Zuber J")
    assert compare(features_of(whole), features_of(glued)).title == "same"
    assert compare(features_of(glued), features_of(whole)).title == "same"


def test_a_han_name_says_nothing_of_a_latin_one():
    assert container_likeness(container_key("图书馆学刊"), container_key("Library Journal")) is None


def test_what_all_proceedings_are_called_is_no_name():
    assert container_key("Proceedings of the 23rd International Conference") is None


@pytest.mark.parametrize("raw, venue", [("Proc. of the Paste Workshop", Venue.CONFERENCE), ("Journal of Paste", Venue.JOURNAL), ("浆糊学报", Venue.JOURNAL), ("Paste", None), ("Journal of Paste.Conference: 3rd Paste Days", None), ("Proceedings of the National Academy of Sciences", None)])  # fmt: skip
def test_a_venue_is_told_by_its_name(raw, venue):
    assert venue_of(raw) is venue


@pytest.mark.parametrize("han, latin, reading", [
    ("陈园园", "Chen Yuanyuan", Reading.AGREE), ("陈园园", "Yuan-yuan Chen", Reading.AGREE), ("單雄信", "Shan, X. X.", Reading.AGREE), ("曾国藩", "Zeng Guofan", Reading.AGREE),
    ("李宗諭", "Li Tsung-Yu", Reading.AGREE), ("邱皓政", "Chiou Haw-Jeng", Reading.AGREE), ("王明", "John Smith", Reading.CONFLICT), ("嚴家建", "Yam Kah-kean", Reading.UNKNOWN),
    ("王", "Wang", Reading.UNKNOWN), ("陈园园", "", Reading.UNKNOWN),
])  # fmt: skip
def test_a_han_name_is_read_aloud(han, latin, reading):
    assert reads_as(han, latin) is reading


@pytest.mark.parametrize("raw, key", [
    ("The <i>β</i>-Catenin Way", "thebetacateninway"), ("Étude de cas", "etudedecas"), ("ＲＦＩＤ系統", "rfid系统"), ("Part II", "part2"), ("Paste. [German]", "paste"),
    ("Paste.[Erratum appears in J Paste. 1985]", "paste"), ("[Paste on linen]", "pasteonlinen"), ("Two pastes", "2pastes"), ("Paste (panel session)", "paste"),
])  # fmt: skip
def test_a_title_becomes_a_key(raw, key):
    assert read_title(raw).key == key


@pytest.mark.parametrize("raw", ["", " - ", "Unknown", "[No title available]", "n/a"])
def test_no_title_is_unknown(raw):
    assert read_title(raw) is None


@pytest.mark.parametrize("raw, marks", [
    ("Erratum: Paste", ("erratum",)), ("Paste (vol 360, pg 542, 2009)", ("erratum",)), ("Reply to Feld", ("reply",)), ("RETRACTED: Paste", ("retraction",)), ("对浆糊一文的商榷", ("comment",)),
    ("Paste in practice", ()), ("Paste.[Erratum appears in J Paste]", ()),
])  # fmt: skip
def test_a_title_about_another_work_is_marked(raw, marks):
    assert read_title(raw).marks == marks


@pytest.mark.parametrize("raw, parts", [("Paste, part iv", ("4",)), ("浆糊（三）", ("3",)), ("浆糊学 第十二版", ("12",)), ("浆糊（上）", ("上",)), ("Second edition of paste", ("2",)), ("Paste 2013", ())])  # fmt: skip
def test_parts_and_editions_are_numbers(raw, parts):
    assert read_title(raw).parts == parts


@pytest.mark.parametrize(
    "name", ["Anonymous", "et al.", "佚名", "n/a", "&NA;", "-", "本刊编辑部", "[No authors listed]"]
)
def test_nobody_is_no_author(name):
    assert read_people((Contributor(name),)) == ()


def test_a_missing_value_never_agrees():
    levels = compare(features_of(record()), features_of(record()))
    assert set(levels) - {"same"} == {"unknown"}
    assert [name for name, level in levels._asdict().items() if level == "same"] == ["marks"]


def test_a_doi_in_the_title_field_is_the_records_own_and_one_spoken_of_is_not():
    assert [one.value for one in features_of(record("doi:10.5555/glue.7")).identifiers] == ["10.5555/glue.7"]
    assert features_of(record("Comment on 10.5555/glue.7 and its readers")).identifiers == ()


def test_a_decision_says_why():
    said = ("Starch ageing in closed stacks", "Zuber J, Feld J", 1999, "Paper", "4", "1", "3-9")
    decision = decide(features_of(record(*said)), features_of(record(*said)))
    assert decision.verdict is Verdict.MATCH
    assert round(sum(reason.weight for reason in decision.reasons), 3) == decision.score
    assert [(one.name, one.level) for one in decision.reasons[:2]] == [("title", "same"), ("pages", "range")]


titles = st.text(alphabet="abc 图书ⅣIV.:([)]第二版12-", max_size=40)


@given(titles)
def test_a_title_made_comparable_stays_what_it_is(raw):
    title = read_title(raw)
    if title is not None and not title.is_translated:
        again = read_title(" ".join(title.words))
        assert again is None or set(again.key) <= set(title.key)


@given(titles, titles)
def test_signatures_are_equal_exactly_where_features_are(one, other):
    ours, theirs = features_of(record(one)), features_of(record(other))
    assert (signature(ours) == signature(theirs)) == (ours == theirs)
    assert keys(ours) == tuple(sorted(set(keys(ours))))


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_text_breaks_a_reader(one, two, three):
    features = features_of(record(one, (two,) if two else None, 2000, three, one, two, three))
    assert decide(features, features).verdict in set(Verdict)


def test_an_error_page_in_place_of_a_title_is_no_title():
    features = features_of(
        record(title="Internal Server Error", authors="Lin, Mei", journal="Journal of Paste")
    )
    assert features.titles == ()
    assert not any(key.startswith(("t|", "e|", "h|", "w|")) for key in keys(features))
