"""Records without a common identifier in the library file: one work by what they say, in any order, whatever comes."""

import json
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from harvester.filing import Filed
from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
)
from harvester.store import Library
from tests.library_model import matching_records, sharing_records, works_of
from tests.strategies import records as any_record
from tests.test_store import content

NIGHT = "2026-11-21T03:00:00Z"
LATER = "2026-11-22T03:00:00Z"
TITLE = "On the drying of library paste in closed stacks"


def record(key, title=TITLE, *, doi=None, people=("Mei Lin", "Ada Topor"), year=2016, locus=("19", "4", "275-293"), at=NIGHT, source="document", **said):  # fmt: skip
    return Record(
        source=source,
        source_key=key,
        retrieved_at=at,
        identifiers=() if doi is None else (Identifier(Scheme.DOI, doi),),
        titles=(Text(title, "en", Origin.UNKNOWN),) if title else (),
        contributors=tuple(map(Contributor, people)),
        container=Container("Journal of Paste"),
        locus=Locus(*locus) if locus else None,
        issued=PartialDate(year) if year else None,
        **said,
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "library.db"


@pytest.fixture
def library(path):
    with Library(path) as opened:
        yield opened


def partition(library):
    ids = [row[0] for row in library.rows("SELECT work_id FROM works")]
    return {frozenset(library.records(one)) for one in ids}


def kept(library):
    return [one for group in partition(library) for one in group]


def count(library, table="works"):
    return next(library.rows(f"SELECT count(*) FROM {table}"))[0]


def possible(library):
    query = "SELECT work_id, other_id, json_extract(evidence, '$.kind') FROM possible_matches"
    return [tuple(row) for row in library.rows(query)]


# -- laws ----------------------------------------------------------------------------------------------------


def added_bit_by_bit(library, some, random):
    waiting = sorted(some, key=lambda one: one.retrieved_at)
    for night in sorted({one.retrieved_at for one in waiting}):
        tonight = [one for one in waiting if one.retrieved_at == night]
        random.shuffle(tonight)
        while tonight:
            cut = random.randint(1, len(tonight))
            library.add(tonight[:cut], at=night)
            tonight = tonight[cut:]


@pytest.mark.parametrize("crowd", [60, 2])
@settings(deadline=None, max_examples=40)
@given(
    some=st.lists(matching_records | matching_records | any_record, min_size=1, max_size=9)
    | st.lists(sharing_records | sharing_records | matching_records, min_size=3, max_size=9),
    random=st.randoms(),
)
def test_one_by_one_at_once_and_remerged_are_one_library(tmp_path_factory, crowd, some, random):
    folder = tmp_path_factory.mktemp("law")
    sorting_often = patch.multiple("harvester.filing", CROWD=crowd, _COUNTED_EVERY=2, _MANY_NEW=10)
    with sorting_often, Library(folder / "a") as one, Library(folder / "b") as other:
        added_bit_by_bit(one, some, random)
        everything = kept(one)
        assert partition(one) == works_of(everything, crowd)
        before = possible(one)
        assert one.remerge(at=LATER) == 0
        assert (partition(one), possible(one)) == (works_of(everything, crowd), before)
        for night in sorted({each.retrieved_at for each in everything}):
            other.add([each for each in everything if each.retrieved_at == night], at=night)
        assert partition(other) == partition(one)
        assert not list(one.rows("PRAGMA foreign_key_check"))


# -- one work ------------------------------------------------------------------------------------------------


def test_records_that_say_the_same_are_one_work_and_the_oldest_id_stays(library):
    library.add([record("a")], at=NIGHT)
    library.add([record("b", "On the drying of library paste in closed stacks.", people=("Lin, M.", "Topor, A."))], at=LATER)  # fmt: skip
    assert [row[0] for row in library.rows("SELECT work_id FROM works")] == [1]


def test_a_record_without_a_doi_joins_the_work_that_has_one(library):
    library.add([record("a", doi="10.5555/a"), record("b")], at=NIGHT)
    assert count(library) == 1


def test_two_dois_stay_two_works_and_are_told_as_linked(library):
    library.add([record("a", doi="10.5555/a"), record("b", doi="10.5555/b")], at=NIGHT)
    assert count(library) == 2
    assert possible(library) == [(1, 2, "link")]


def test_a_record_that_comes_between_two_works_makes_them_one_and_redirects(library):
    library.add([record("a")], at=NIGHT)
    library.add([record("k", None, doi="10.5555/x", people=(), locus=None, year=None)], at=NIGHT)
    assert count(library) == 2
    library.add([record("c", doi="10.5555/x")], at=LATER)
    assert [row[0] for row in library.rows("SELECT work_id FROM works")] == [1]
    assert [tuple(row) for row in library.rows("SELECT old_id, work_id FROM redirects")] == [(2, 1)]


def test_loading_twice_changes_nothing(path):
    some = [record("a"), record("b"), record("c", doi="10.5555/a"), record("d", "Editorial", people=())]
    with Library(path) as library:
        library.add(some, at=NIGHT)
        before = content(path)
        library.add([replace(one, retrieved_at=LATER) for one in some], at=LATER)
    assert content(path) == before


def test_a_translation_follows_its_record_and_is_compared_with_nobody(library):
    about = Record(
        source="translation", source_key="t", retrieved_at=NIGHT, about=("document", "b"),
        titles=(Text("论闭架书库中浆糊的干燥", "zh-Hans", Origin.MACHINE),),
    )  # fmt: skip
    library.add([record("a"), record("b"), about], at=NIGHT)
    assert count(library) == 1
    assert count(library, "match_records") == 2


def test_what_is_possible_waits_for_people_with_its_evidence(library):
    library.add([record("a"), record("b", people=(), locus=None, year=None)], at=NIGHT)
    assert possible(library) == [(1, 2, "possible")]
    row = next(library.rows("SELECT evidence, created_at FROM possible_matches"))
    told = json.loads(row["evidence"])
    assert {"kind", "score", "reasons", "vetoes", "doubts"} == told.keys()
    assert ["title", "same", 3.6] in told["reasons"]


def test_a_library_that_nobody_compared_is_matched_by_remerge(library):
    with patch("harvester.rebuild.file_drafts", lambda _, drafts: Filed([None] * len(drafts), set())):
        library.add([record("a"), record("b")], at=NIGHT)
    assert count(library) == 2
    library.remerge(at=LATER)
    assert [row[0] for row in library.rows("SELECT work_id FROM works")] == [1]


def test_a_library_that_was_compared_by_other_rules_is_due_for_a_remerge_until_it_had_one(library):
    assert not library.is_remerge_due
    with patch("harvester.filing.MATCHING", 1):
        library.add([record("a")], at=NIGHT)
    assert library.is_remerge_due
    library.add([record("b")], at=NIGHT)
    assert library.is_remerge_due
    library.remerge(at=LATER)
    assert not library.is_remerge_due


def test_a_library_compared_before_rules_were_numbered_is_due_for_a_remerge(library):
    library.add([record("a")], at=NIGHT)
    with library.writing() as connection:
        connection.execute("DELETE FROM counters WHERE name = 'matching'")
    assert library.is_remerge_due


def links(library):
    return [tuple(row) for row in library.rows("SELECT one, other, kind FROM match_edges ORDER BY 1, 2")]


@pytest.fixture
def unlinked(library):
    """A library that lost its links: not by this program."""
    library.add([record("a"), record("b", people=(), locus=None, year=None)], at=NIGHT)
    assert links(library) == [(1, 2, "possible"), (2, 1, "possible")]
    with library.writing() as connection:
        connection.execute("DELETE FROM match_edges")
    return library


def test_a_remerge_believes_what_was_compared_by_these_rules(unlinked):
    unlinked.remerge(at=LATER)
    assert links(unlinked) == []


def test_a_remerge_that_is_told_to_compares_all_anew(unlinked):
    unlinked.remerge(at=LATER, compares_all=True)
    assert links(unlinked) == [(1, 2, "possible"), (2, 1, "possible")]


def test_a_remerge_that_is_due_compares_all_anew(unlinked):
    with unlinked.writing() as connection:
        connection.execute("UPDATE counters SET value = 1 WHERE name = 'matching'")
    unlinked.remerge(at=LATER)
    assert links(unlinked) == [(1, 2, "possible"), (2, 1, "possible")]


def test_a_remerge_after_one_that_was_broken_off_compares_all_anew(unlinked):
    with patch("harvester.store.rebuild", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        unlinked.remerge(at=LATER, compares_all=True)
    assert unlinked.is_remerge_due
    with unlinked.writing() as connection:
        connection.execute("DELETE FROM match_edges")
    unlinked.remerge(at=LATER)
    assert links(unlinked) == [(1, 2, "possible"), (2, 1, "possible")]


# -- what libraries really hold ------------------------------------------------------------------------------


class Counted:
    """How many pairs met, and how many of them had to be compared."""

    def __enter__(self):
        from harvester import filing

        self.met = self.made = 0
        meet = filing.are_apart

        def counted(one, other):
            is_apart = meet(one, other)
            self.met += 1
            self.made += not is_apart
            return is_apart

        self.patch = patch("harvester.filing.are_apart", counted)
        self.patch.start()
        return self

    def __exit__(self, *_):
        self.patch.stop()


def test_two_thousand_bare_editorials_cost_no_comparison(library):
    bare = {"people": (), "locus": None, "year": None}
    with Counted() as counted:
        library.add([record(f"e{n}", "Editorial", **bare) for n in range(1000)], at=NIGHT)
        library.add([record(f"f{n}", "Editorial", **bare) for n in range(1000)], at=NIGHT)
    assert (count(library), counted.met, count(library, "match_nodes")) == (2000, 0, 1)
    assert possible(library) == []


def test_editorials_of_many_issues_stay_apart_in_linear_time(library):
    issues = [
        record(
            f"e{n}",
            "Editorial",
            people=(),
            year=1950 + n % 70,
            locus=(str(n // 9 + 1), None, str(n % 40 + 2)),
        )
        for n in range(1000)
    ]
    with Counted() as counted:
        library.add(issues[:500], at=NIGHT)
        library.add(issues[500:], at=NIGHT)
    assert count(library) == len(issues)
    assert counted.met < 30 * len(issues)


def test_one_doi_on_many_unlike_records_costs_no_comparison(library):
    words = (
        "paste",
        "glue",
        "vellum",
        "linen",
        "thread",
        "board",
        "leather",
        "cloth",
        "marble",
        "ribbon",
        "gilding",
    )
    some = [
        record(f"d{n}", f"{words[n % 11]} {words[n // 11 % 11]} {words[n // 121 % 11]} number {n} observed", doi="10.5555/all", people=(), locus=None)
        for n in range(1000)
    ]  # fmt: skip
    with Counted() as counted:
        library.add(some, at=NIGHT)
    assert (count(library), counted.made) == (1, 0)


def test_records_with_only_a_year_stay_apart(library):
    some = [record(f"y{n}", None, people=(), locus=None) for n in range(20)]
    library.add([replace(one, container=None) for one in some], at=NIGHT)
    assert (count(library), possible(library)) == (20, [])
