"""People decide on duplicates: merged, kept apart, taken apart, and nothing comes back."""

import json

import pytest
from msgspec.structs import replace

from harvester.deciding import accept_match, candidates, reject_match, rule_for_journal, split
from harvester.errors import UsageError
from harvester.model import Container
from harvester.store import Library
from tests.test_duplicates import LATER, NIGHT, content, count, possible, record


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library.db") as opened:
        yield opened


DOUBTFUL = {"people": (), "locus": None, "year": None}


def works(library):
    return [row[0] for row in library.rows("SELECT work_id FROM works ORDER BY 1")]


def reloaded(library, *records):
    library.add(records, at=LATER)
    library.remerge(at=LATER)
    return works(library)


PAIR = (record("a"), record("b", **DOUBTFUL))
TWINS = (record("a"), record("b", "On the drying of library paste in closed stacks."))


def test_a_possible_match_is_told_in_words_of_both_languages(library):
    library.add(PAIR, at=NIGHT)
    [found] = candidates(library)
    assert (found.work_id, found.other_id, found.kind) == (1, 2, "possible")
    assert "title: the same (+3.6)" in [one.text("en") for one in found.reasons]
    assert "题名：相同（+3.6）" in [one.text("zh") for one in found.reasons]


def test_an_accepted_match_is_one_work_for_good_and_redirects(library):
    library.add(PAIR, at=NIGHT)
    assert accept_match(library, 1, 2, by="lin", at=LATER) == 1
    assert (works(library), library.current_id(2), possible(library)) == ([1], 1, [])
    assert reloaded(library, *PAIR) == [1]


def test_a_rejected_match_stays_two_works_and_is_not_told_again(library):
    library.add(PAIR, at=NIGHT)
    reject_match(library, 1, 2, by="lin", at=LATER)
    assert reloaded(library, *PAIR) == [1, 2]
    assert possible(library) == []


def test_a_later_word_of_a_person_replaces_an_earlier_one(library):
    library.add(PAIR, at=NIGHT)
    reject_match(library, 1, 2, by="lin", at=LATER)
    accept_match(library, 1, 2, by="topor", at=LATER)
    assert reloaded(library, *PAIR) == [1]


def test_a_work_that_is_taken_apart_stays_apart_until_it_is_accepted_again(library):
    library.add(TWINS, at=NIGHT)
    assert works(library) == [1]
    assert split(library, 1, [2], by="lin", at=LATER) == [1, 2]
    assert reloaded(library, *TWINS) == [1, 2]
    assert possible(library) == []
    assert accept_match(library, 1, 2, by="lin", at=LATER) == 1
    assert reloaded(library, *TWINS) == [1]


def test_a_work_that_was_merged_away_gets_its_id_back_when_it_is_taken_apart(library):
    library.add(PAIR, at=NIGHT)
    accept_match(library, 1, 2, by="lin", at=NIGHT)
    third = record(
        "x", "The other paper about glue and its uses", doi="10.5555/x", people=("Ada Topor",), locus=None
    )
    library.add([third], at=NIGHT)
    assert split(library, 1, [], by="lin", at=LATER) == [1, 2]
    assert (works(library), library.current_id(2)) == ([1, 2, 3], 2)
    assert not list(library.rows("SELECT 1 FROM redirects"))


def test_records_that_share_an_identifier_cannot_be_taken_apart(library):
    library.add([record("a", doi="10.5555/a"), record("b", doi="10.5555/a")], at=NIGHT)
    with pytest.raises(UsageError, match="share identifiers"):
        split(library, 1, [], by="lin", at=LATER)
    with pytest.raises(UsageError, match="no record of work 1"):
        split(library, 1, [9], by="lin", at=LATER)


def test_two_dois_are_never_made_one_work(library):
    library.add([record("a", doi="10.5555/a"), record("b", doi="10.5555/b")], at=NIGHT)
    before = content(library.path)
    with pytest.raises(UsageError, match="different identifiers"):
        accept_match(library, 1, 2, by="lin", at=LATER)
    assert content(library.path) == before


def test_a_decision_follows_the_records_into_a_larger_work(library):
    library.add(PAIR, at=NIGHT)
    reject_match(library, 1, 2, by="lin", at=LATER)
    library.add([record("c", doi="10.5555/a")], at=LATER)
    assert works(library) == [1, 2]
    assert possible(library) == []


def test_a_rule_for_a_journal_decides_all_its_possible_matches_now_and_later(library):
    library.add(PAIR, at=NIGHT)
    assert rule_for_journal(library, 1, 2, "apart", by="lin", at=LATER) == "Journal of Paste"
    assert possible(library) == []
    other = "Gilding of leather bindings in humid reading rooms"
    library.add([record("c", other), record("d", other, **DOUBTFUL)], at=LATER)
    assert (count(library), possible(library)) == (4, [])
    library.remerge(at=LATER)
    assert possible(library) == []


def test_a_rule_needs_one_journal(library):
    library.add([PAIR[0], replace(PAIR[1], container=Container("Glue Letters"))], at=NIGHT)
    with pytest.raises(UsageError, match="do not name one journal"):
        rule_for_journal(library, 1, 2, "apart", by="lin", at=LATER)


# -- at the command line -------------------------------------------------------------------------------------

RIS = """TY  - JOUR
TI  - On the drying of library paste in closed stacks
AU  - Lin, Mei
AU  - Topor, Ada
JO  - Journal of Paste
PY  - 2016
VL  - 19
IS  - 4
SP  - 275
EP  - 293
DO  - 10.5555/paste
ER  -

TY  - JOUR
TI  - Gilding of leather bindings in humid reading rooms
AU  - Feld, Jan
JO  - Journal of Paste
PY  - 2014
VL  - 17
IS  - 1
SP  - 3
EP  - 9
ER  -

TY  - JOUR
TI  - Reading rooms of the north and their visitors
JO  - Journal of Paste
ER  -
"""
NBIB = """PMID- 90000001
OWN - NLM
STAT- MEDLINE
DP  - 2016 Oct
TI  - On the drying of library paste in closed stacks.
PG  - 275-93
VI  - 19
IP  - 4
FAU - Lin, Mei
AU  - Lin M
FAU - Topor, Ada
AU  - Topor A
LA  - eng
PT  - Journal Article
JT  - Journal of Paste

PMID- 90000002
OWN - NLM
STAT- MEDLINE
DP  - 2012
TI  - Reading rooms of the north and their visitors.
PG  - 55-60
VI  - 15
FAU - Zuber, Olga
AU  - Zuber O
LA  - eng
PT  - Journal Article
JT  - Journal of Paste
"""
NOTEEXPRESS = """{Reference Type}: Journal Article
{Title}: Gilding of leather bindings in humid reading rooms
{Translated Title}: 潮湿阅览室中皮革装帧的烫金
{Author}: Feld, Jan
{Journal}: Journal of Paste
{Year}: 2014
{Volume}: 17
{Issue}: 1
{Pages}: 3-9
"""


@pytest.fixture
def searched(harvester):
    """A library of two databases' exports of one search."""
    for name, text in (("a.ris", RIS), ("b.nbib", NBIB), ("c.net", NOTEEXPRESS)):
        (harvester.folder / name).write_text(text, encoding="utf-8")
    harvester.files = [harvester.folder / name for name in ("a.ris", "b.nbib", "c.net")]
    done = harvester("load", *harvester.files, "--offline")
    assert done.code == 0, done.err
    return harvester


def test_overlapping_exports_of_one_search_are_one_row_a_work(searched):
    with Library(searched.db) as library:
        rows = [
            tuple(row) for row in library.rows("SELECT title_en, doi, pmid, title_zh FROM works ORDER BY 1")
        ]
    assert rows[:2] == [
        ("Gilding of leather bindings in humid reading rooms", None, None, "潮湿阅览室中皮革装帧的烫金"),
        ("On the drying of library paste in closed stacks", "10.5555/paste", "90000001", None),
    ]
    assert [row[2] for row in rows[2:]] == [None, "90000002"]


def test_review_shows_the_doubtful_side_by_side_and_people_decide(searched):
    listed = searched("review")
    assert "1 to review" in listed.err
    assert "title: the same" in " ".join(listed.out.split())
    assert "题名：相同" in "".join(searched("--lang", "zh", "review").out.split())
    [told] = json.loads(searched("review", "--json").out)
    pair = str(told["work_id"]), str(told["other_id"])
    assert (told["kind"], told["other"]["pmid"] or told["work"]["pmid"]) == ("possible", "90000002")
    done = searched("review", "accept", *pair, "--by", "lin")
    assert (done.code, "are one from now on" in done.err) == (0, True)
    assert "nothing to review" in searched("review").err
    again = searched("review", "reject", *pair, "--by", "lin")
    assert (again.code, "one work already" in again.err) == (2, True)
    assert f"work {max(map(int, pair))} is now work {min(map(int, pair))}" in again.err


def test_split_outlives_a_reload_and_is_undone_by_accept(searched):
    with Library(searched.db) as library:
        [work] = [
            str(row[0]) for row in library.rows("SELECT work_id FROM works WHERE doi = '10.5555/paste'")
        ]
    apart = searched("split", work, "--by", "lin")
    assert (apart.code, f"work {work} was taken apart" in apart.err) == (0, True)
    searched("load", *searched.files, "--offline")
    searched("remerge")
    with Library(searched.db) as library:
        assert count(library) == 5
        [other] = [str(row[0]) for row in library.rows("SELECT work_id FROM works WHERE pmid = '90000001'")]
    assert searched("review", "accept", work, other, "--by", "lin").code == 0
    with Library(searched.db) as library:
        assert count(library) == 4


def test_a_rule_for_the_journal_empties_the_list(searched):
    [told] = json.loads(searched("review", "--json").out)
    done = searched("review", "reject", told["work_id"], told["other_id"], "--journal", "--by", "lin")
    assert (done.code, "all possible matches within Journal of Paste" in done.err) == (0, True)
    assert "nothing to review" in searched("review").err
    refused = searched("review", "reject", told["work_id"], "title", "--journal", "--by", "lin")
    assert refused.code == 2


# -- two works with one key ----------------------------------------------------------------------------------

# Line 3 of a list was another work last week: two works have records with one key.
LINE_3 = (
    record("line 3", doi="10.5555/a"),
    record("line 3", "Gilding of leather", doi="10.5555/b"),
    record("c", "Marbling of endpapers", **DOUBTFUL),
    record("d", "Sewing of quires", **DOUBTFUL),
)


def keep(library, *records):
    """Add the records one after the other, so that their works are numbered in this order."""
    for one in records:
        library.add([one], at=NIGHT)


def titles(library):
    """The works as the first words of the titles that their records have."""
    return [
        sorted({one.titles[0].value.split()[0] for one in library.records(work)}) for work in works(library)
    ]


@pytest.mark.parametrize("mine", [1, 2])
def test_a_match_is_accepted_with_either_of_two_works_that_share_a_key(library, mine):
    keep(library, *LINE_3)
    assert accept_match(library, mine, 3, by="lin", at=LATER) == mine
    assert accept_match(library, 3 - mine, 4, by="lin", at=LATER) == 3 - mine
    expected = (
        [["Marbling", "On"], ["Gilding", "Sewing"]]
        if mine == 1
        else [["On", "Sewing"], ["Gilding", "Marbling"]]
    )
    assert titles(library) == expected
    reloaded(library, *LINE_3)
    assert titles(library) == expected


def test_what_is_said_of_one_of_two_works_that_share_a_key_is_not_said_of_the_other(library):
    keep(library, *LINE_3)
    reject_match(library, 1, 3, by="lin", at=LATER)
    assert accept_match(library, 2, 3, by="lin", at=LATER) == 2
    assert titles(library) == [["On"], ["Gilding", "Marbling"], ["Sewing"]]
    split(library, 2, [], by="lin", at=LATER)
    assert accept_match(library, 1, 3, by="lin", at=LATER) == 1
    assert titles(library) == [["Marbling", "On"], ["Gilding"], ["Sewing"]]


def test_what_is_said_of_a_work_is_not_said_of_another_one_that_gets_its_key_later(library):
    keep(library, LINE_3[0], LINE_3[2])
    accept_match(library, 1, 2, by="lin", at=LATER)
    library.add(
        [replace(LINE_3[1], retrieved_at=LATER), record("e", "Marbling of endpapers", **DOUBTFUL)], at=LATER
    )
    assert ["Marbling", "On"] in titles(library)
    assert ["Gilding"] in titles(library)


def test_what_an_earlier_version_says_of_a_key_still_holds(library):
    library.add(PAIR, at=NIGHT)
    with library.writing() as connection:
        connection.execute(
            "INSERT INTO match_verdicts VALUES ('document', 'a', 'document', 'b', 'same', 'lin', ?)", (NIGHT,)
        )
    library.reconsider({1, 2}, at=LATER)
    assert works(library) == [1]
    split(library, 1, [], by="lin", at=LATER)
    assert reloaded(library, *PAIR) == [1, 2]


def test_new_records_match_by_what_they_say_where_people_decided_on_others(library):
    library.add(PAIR, at=NIGHT)
    reject_match(library, 1, 2, by="lin", at=LATER)
    new = (
        record("x", "Gilding of leather bindings by hand"),
        record("y", "Gilding of leather bindings by hand."),
    )
    works_now = {one.work_id for one in library.add(new, at=LATER)}
    assert len(works_now) == 1
