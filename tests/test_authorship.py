"""Author lists completed from other lists, and whether two names can be one person's."""

from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.authorship import Gift, complete, counterparts
from harvester.display import console, show_work
from harvester.explain import explain
from harvester.merge import merge
from harvester.model import Contributor, Identifier, Record, Scheme, Work
from harvester.names import parse_name
from harvester.namesakes import compare, han_of, handles
from harvester.pinyin import Agreement, pinyin_of

pinyin_of("林", "梅")  # its dictionaries are loaded before any test is timed
NIGHT = "2026-11-21T03:00:00Z"
ONE, TWO, THREE = "0000-0000-0000-0001", "0000-0000-0000-0002", "0000-0000-0000-0003"


def person(name, orcid=None, role="author", affiliations=()):
    read = parse_name(name)
    return Contributor(
        read.name, read.family, read.given, read.name_zh, orcid=orcid, role=role, affiliations=affiliations
    )


def people(*names):
    return [person(*(name if isinstance(name, tuple) else (name,))) for name in names]


def shown(chosen, *others):
    return [(one.name, one.name_zh, one.orcid) for one in complete(chosen, others).contributors]


# -- two names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "one, other",
    [
        ("Liv Grethe Kinn", "Kinn, Liv Grethe"),
        ("Liv Grethe Kinn", "L. G. Kinn"),
        ("Liv Grethe Kinn", "Kinn LG"),
        ("Liv Grethe Kinn", "Liv Kinn"),
        ("Jean-Paul Müller", "J.-P. Mueller"),
        ("Jean-Paul Müller", "Jean Paul Muller"),
        ("Søren Bjørk", "Soren Bjork"),
        ("Anna van der Berg", "Berg, A."),
        ("Wei-Jia Zhang", "Zhang Weijia"),
        ("Weijia Zhang", "Zhang, Wei Jia"),
        ("刘伟明", "劉偉明"),
        ("刘伟明", "Weiming Liu"),
        ("WHO Paste Group", "WHO Paste Group."),
    ],
)
def test_forms_of_one_name_agree(one, other):
    assert compare(person(one), person(other)).agreement is Agreement.AGREE
    assert compare(person(other), person(one)).agreement is Agreement.AGREE


@pytest.mark.parametrize(
    "one, other",
    [
        ("Aleksandr Petrov", "Alexander Petroff"),
        ("Ana García López", "Ana García"),
        ("Bill Smith", "Benjamin Smith"),
        ("黄家明", "Ka Ming Wong"),
        ("阿卜杜拉·买买提", "Abdulla Memet"),
        ("Madonna", "Liv Kinn"),
    ],
)
def test_what_may_be_one_name_is_unknown(one, other):
    assert compare(person(one), person(other)).agreement is Agreement.UNKNOWN


@pytest.mark.parametrize(
    "one, other",
    [
        ("Liv Kinn", "Larry Davidson"),
        ("Liv Kinn", "Bo Kinn"),
        ("J. Smith", "K. Smith"),
        ("刘伟明", "刘建国"),
        ("刘伟明", "Jianguo Liu"),
        ("WHO Paste Group", "Liv Kinn"),
        ("糨糊研究课题组", "刘伟明"),
    ],
)
def test_names_of_two_persons_conflict(one, other):
    assert compare(person(one), person(other)).agreement is Agreement.CONFLICT


@pytest.mark.parametrize(
    "written, han",
    [
        ("刘伟明", "刘伟明"),
        ("刘, 伟明", "刘伟明"),
        ("刘 伟明", "刘伟明"),
        ("Weiming Liu", None),
        ("刘 W", None),
        ("刘", None),
    ],
)
def test_a_han_name_is_whole_and_has_neither_comma_nor_blank(written, han):
    assert han_of(Contributor(written)) == han
    assert han_of(Contributor("Weiming Liu", name_zh=written)) == han


NAMES = (
    "Liv Grethe Kinn", "L. G. Kinn", "Wei Wang", "W. Wang", "Wang Wei", "Weiming Liu", "Na Li", "Ka Ming Wong", "Huang Jiaming",
    "王伟", "王维", "刘伟明", "李娜", "黄家明", "Ana García López", "WHO Paste Group", "Madonna", "阿卜杜拉·买买提",
)  # fmt: skip
persons = st.builds(
    person,
    st.sampled_from(NAMES),
    st.none() | st.sampled_from([ONE, TWO, THREE]),
    st.sampled_from(["author", "author", "editor"]),
    st.sampled_from([(), ("Institute of Paste",)]),
)
lists = st.lists(persons, max_size=5)


@settings(deadline=None)
@given(persons, persons)
def test_comparing_is_blind_to_who_comes_first_and_agreeing_names_share_a_handle(one, other):
    assert compare(one, other).agreement is compare(other, one).agreement
    is_body = "Group" in one.name + other.name
    if compare(one, other).agreement is Agreement.AGREE and not is_body:
        assert handles(one) & handles(other)


# -- lists -------------------------------------------------------------------------------------------------


def test_a_latin_list_is_given_han_names_and_orcids():
    found = shown(people("Weiming Liu", "Na Li"), people("刘伟明", ("李娜", ONE)))
    assert found == [("Weiming Liu", "刘伟明", None), ("Na Li", "李娜", ONE)]


def test_a_list_in_han_only_is_given_the_latin_names():
    joined = complete(people("刘伟明", "欧阳娜娜"), [people("Weiming Liu", "Nana Ouyang")])
    assert joined.contributors == (
        Contributor("Weiming Liu", family="Liu", given="Weiming", name_zh="刘伟明"),
        Contributor("Nana Ouyang", family="Ouyang", given="Nana", name_zh="欧阳娜娜"),
    )
    assert joined.gifts == (Gift(0, 0, "name"), Gift(0, 1, "name"))


def test_initials_are_filled_by_the_full_given_names():
    joined = complete(people("L. G. Kinn", "A. Topor"), [people("Alain Topor", "Liv Grethe Kinn")])
    assert [(one.name, one.given) for one in joined.contributors] == [
        ("Liv Grethe Kinn", "Liv Grethe"),
        ("Alain Topor", "Alain"),
    ]


@pytest.mark.parametrize("theirs", ["Liv Kinn", "Grethe Liv Kinn"])
def test_no_initial_is_lost_to_a_full_name(theirs):
    assert complete(people("L. G. Kinn"), [people(theirs)]).contributors == tuple(people("L. G. Kinn"))


def test_a_place_in_equal_lists_joins_other_spellings():
    found = shown(people("Ka Ming Wong", "Na Li"), people(("黄家明", ONE), ("李娜", TWO)))
    assert found == [("Ka Ming Wong", "黄家明", ONE), ("Na Li", "李娜", TWO)]


def test_a_place_in_lists_of_different_length_joins_nothing_by_itself():
    found = shown(people("Ka Ming Wong", "Na Li"), people(("黄家明", ONE), ("李娜", TWO), ("王伟", THREE)))
    assert found == [("Ka Ming Wong", None, None), ("Na Li", "李娜", TWO)]


def test_a_conflict_anywhere_takes_the_places_their_meaning():
    found = shown(
        people("Ka Ming Wong", "Na Li", "Wei Wang"), people(("黄家明", ONE), ("李娜", TWO), ("刘建国", THREE))
    )
    assert found == [("Ka Ming Wong", None, None), ("Na Li", "李娜", TWO), ("Wei Wang", None, None)]


@pytest.mark.parametrize(
    "theirs",
    [
        [("王伟", ONE), ("王维", TWO)],
        [("王伟", ONE)],
        [("W. Wang", ONE), ("Wei Wang", TWO)],
    ],
)
def test_two_of_one_name_are_not_told_apart(theirs):
    assert shown(people("Wei Wang", "Wei Wang"), people(*theirs)) == [("Wei Wang", None, None)] * 2


def test_a_full_name_leaves_the_initials_to_the_other():
    found = shown(people("W. Wang", "Wei Wang"), people(("Wen Wang", ONE), ("Wei Wang", TWO)))
    assert found == [("Wen Wang", None, ONE), ("Wei Wang", None, TWO)]


def test_authors_are_not_editors_and_bodies_are_nobody():
    chosen = [person("Na Li"), person("WHO Paste Group"), person("Wei Wang", role="editor")]
    other = [person("Na Li", ONE, "editor"), person("WHO Paste Group", TWO), person("Wei Wang", THREE)]
    assert complete(chosen, [other]).contributors == tuple(chosen)


def test_of_two_orcids_the_lists_own_stays_and_else_the_more_believed_one():
    assert shown(people(("Na Li", ONE)), people(("Na Li", TWO))) == [("Na Li", None, ONE)]
    assert shown(people("Na Li"), people(("Na Li", TWO)), people(("Na Li", THREE))) == [("Na Li", None, TWO)]


def test_no_orcid_is_given_to_two_persons():
    found = shown(people("Na Li", ("Wei Wang", ONE)), people(("Na Li", ONE)))
    assert found == [("Na Li", None, None), ("Wei Wang", None, ONE)]


def test_a_crowd_of_one_name_is_left_alone():
    chosen = people(*["Wei Wang"] * 50, "Liv Grethe Kinn")
    found = shown(chosen, people(*[("Wei Wang", ONE)] * 50, ("Liv Grethe Kinn", TWO)))
    assert found[0] == ("Wei Wang", None, None)
    assert found[-1] == ("Liv Grethe Kinn", None, TWO)


@settings(deadline=None)
@given(lists, st.lists(lists, max_size=3))
def test_nobody_is_added_lost_or_moved_and_nothing_said_is_overruled(chosen, others):
    completed = complete(chosen, others).contributors
    assert len(completed) == len(chosen)
    for before, after in zip(chosen, completed, strict=True):
        assert after.role == before.role
        assert before.orcid in {None, after.orcid}
        assert before.affiliations in {(), after.affiliations}
        assert han_of(before) in {None, han_of(after)}
        assert compare(before, after).agreement is not Agreement.CONFLICT or not before.given


@settings(deadline=None)
@given(lists, st.lists(lists, max_size=3))
def test_completing_once_more_changes_nothing(chosen, others):
    once = complete(chosen, others).contributors
    assert complete(once, others) == (once, ())


@settings(deadline=None)
@given(lists, st.lists(lists, max_size=3))
def test_every_gift_was_in_the_list_it_is_said_to_be_from(chosen, others):
    joined = complete(chosen, others)
    for giver, position, field in joined.gifts:
        value = getattr(joined.contributors[position], field)
        said = {getattr(one, field) for one in others[giver]} | {han_of(one) for one in others[giver]}
        assert value in said or field in {"name", "given"}


@given(lists)
def test_nothing_is_filled_from_an_empty_list(chosen):
    assert complete(chosen, [[]]) == (tuple(chosen), ())
    assert counterparts(chosen, []) == {}


# -- in a work ---------------------------------------------------------------------------------------------


def said(source, *contributors):
    doi = (Identifier(Scheme.DOI, "10.5555/paste"),)
    return Record(
        source=source,
        source_key="10.5555/paste",
        retrieved_at=NIGHT,
        identifiers=doi,
        contributors=contributors,
    )


def test_a_chinese_original_shows_both_names_and_tells_where_they_come_from():
    agency = said("istic", *people("刘伟明", "李娜"))
    service = said("openalex", *people(("Weiming Liu", ONE), "Na Li"))
    work = merge([service, agency])
    assert [(one.name, one.name_zh, one.orcid) for one in work.contributors] == [
        ("Weiming Liu", "刘伟明", ONE),
        ("Na Li", "李娜", None),
    ]
    claims = {claim.column: claim.record for claim in work.provenance}
    assert claims["contributors"] == agency.fingerprint()
    assert claims["contributors_name"] == claims["contributors_orcid"] == service.fingerprint()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_column_shows_the_names_in_its_script(lang):
    out = StringIO()
    work = Work(contributors=tuple(people("王伟 Wei Wang", "Liv Kinn", "欧阳娜娜")))
    show_work(console(out), 1, work, lang)
    line = next(line for line in out.getvalue().split("\n") if "Wei Wang" in line)
    assert line.strip().split("  ")[0] == "Wei Wang, Liv Kinn, 欧阳娜娜"
    assert line.rstrip().endswith("王伟，Liv Kinn，欧阳娜娜")


def test_names_in_one_script_stand_among_the_facts():
    out = StringIO()
    show_work(console(out), 1, Work(contributors=tuple(people("Wei Wang", "Liv Kinn"))), "en")
    assert [line.split("  ")[-1].strip() for line in out.getvalue().split("\n") if "Wei Wang" in line] == [
        "Wei Wang, Liv Kinn"
    ]


def test_explain_tells_what_was_taken_from_a_list_that_was_not_believed():
    records = [
        said("crossref", *people("Weiming Liu", "Na Li")),
        said("openalex", *people("刘伟明", ("李娜", ONE))),
    ]
    told = next(one for one in explain(records) if one.field == "contributors")
    assert told.value == "Weiming Liu (刘伟明); Na Li (李娜)"
    assert told.winner.record.source == "crossref"
    assert told.losers[0].why_not.text("en") == (
        "another list is believed; this one completes it: name_zh (Weiming Liu), name_zh (Na Li), orcid (Na Li)"
    )


def test_a_persons_correction_stays_as_she_wrote_it():
    corrected = said("curator", *people("刘伟明"))
    assert (
        merge([corrected, said("crossref", *people(("Weiming Liu", ONE)))]).contributors
        == corrected.contributors
    )
