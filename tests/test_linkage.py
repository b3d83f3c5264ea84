"""Works out of all records, or one record after another: the same for any order, and never in quadratic time."""

import itertools
import json
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.bibliographies import records as read_records
from benchmarks.samples import crossref
from harvester.blocking import CROWD, keys
from harvester.descriptions import Description, encode, outline
from harvester.evidence import Verdict, are_apart, decide, is_out_of_reach
from harvester.features import features_of
from harvester.linkage import Linkage, works_of
from harvester.similarity import is_hopeless
from harvester.sources.crossref import SOURCE
from harvester.title_likeness import are_unlike, title_level
from harvester.wire import Payload
from tests.conftest import SHARED
from tests.hard_pairs import PAIRS, record
from tests.strategies import record_sets

EVERY = {
    f"{number}{side}": features_of(one)
    for number, pair in enumerate(PAIRS)
    for side, one in (("a", pair.one), ("b", pair.other))
}
SETS = ("bibdedupe_stroke", "bibdedupe_haematology", "dblp_acm", "dblp_scholar", "cora", "s2apler_test", "mckeown_hard", "zh_en_crosslingual")  # fmt: skip


def one_by_one(features, order):
    linkage = Linkage()
    for one in order:
        linkage.add(one, features[one])
    return set(linkage.works())


def shuffled(features, seed):
    order = list(features)
    random.Random(seed).shuffle(order)
    return order


@pytest.mark.parametrize("seed", range(5))
def test_works_do_not_depend_on_the_order_of_records(seed):
    order = shuffled(EVERY, seed)
    assert set(works_of({one: EVERY[one] for one in order})) == set(works_of(EVERY))


@pytest.mark.parametrize("seed", range(3))
def test_one_record_after_another_gives_the_works_of_all_at_once(seed):
    assert one_by_one(EVERY, shuffled(EVERY, seed)) == set(works_of(EVERY))


def test_batches_give_the_works_of_all_at_once():
    linkage = Linkage()
    order = shuffled(EVERY, 7)
    for start in range(0, len(order), 50):
        linkage.add_all({one: EVERY[one] for one in order[start : start + 50]})
    assert set(linkage.works()) == set(works_of(EVERY))


@given(record_sets, st.randoms())
@settings(max_examples=40)
def test_generated_records_give_the_same_works_in_any_order_and_way(some, chance):
    features = {number: features_of(one) for number, one in enumerate(sorted(some, key=repr))}
    order = list(features)
    chance.shuffle(order)
    assert one_by_one(features, order) == set(works_of(features))


@given(st.sampled_from(list(EVERY.values())), st.sampled_from(list(EVERY.values())))
@settings(max_examples=400)
def test_a_decision_is_the_same_whichever_record_comes_first(one, other):
    assert decide(one, other) == decide(other, one)


def test_what_is_told_by_a_part_of_two_records_is_what_all_of_them_says():
    told = Counter()
    for one, other in some_pairs(20_000):
        ours, theirs = EVERY[one], EVERY[other]
        level = [title_level(a, b) for a in ours.titles for b in theirs.titles if a.is_han == b.is_han]
        assert are_unlike(ours.titles, theirs.titles) == (bool(level) and set(level) == {"unlike"})
        assert is_hopeless(glimpse(ours), glimpse(theirs)) == is_hopeless(ours, theirs)
        if is_out_of_reach(ours, theirs):
            assert decide(ours, theirs).verdict is Verdict.DIFFERENT
            told["by titles" if is_hopeless(ours, theirs) else "by places"] += 1
    assert min(told["by titles"], told["by places"]) > 100


@given(record_sets)
@settings(max_examples=100)
def test_generated_records_that_are_out_of_reach_are_different(some):
    features = [features_of(one) for one in some]
    for one, other in itertools.combinations(features, 2):
        assert is_hopeless(glimpse(one), glimpse(other)) == is_hopeless(one, other)
        assert not is_out_of_reach(one, other) or decide(one, other).verdict is Verdict.DIFFERENT


def glimpse(features):
    return outline(encode(Description(features, is_stated=True))).features


def some_pairs(count):
    """Pairs of the hard ones, those of one subject as often as strangers."""
    chance, names = random.Random(5), list(EVERY)
    for _ in range(count // 2):
        yield chance.sample(names, 2)
        at = chance.randrange(len(names) - 12)
        yield chance.sample(names[at : at + 12], 2)


def test_no_work_holds_two_records_that_must_stay_apart():
    for work in works_of(EVERY):
        members = sorted(work)
        assert not [(a, b) for a in members for b in members if a < b and are_apart(EVERY[a], EVERY[b])]


def test_works_are_a_partition():
    assert sorted(one for work in works_of(EVERY) for one in work) == sorted(EVERY)


def test_a_record_between_two_dois_joins_one_of_them():
    said = ("Starch ageing in closed stacks", "Zuber J, Feld J", 1999, "Paper", "4", "1", "3-9")
    features = {
        "a": record(*said, doi="10.5555/a"),
        "b": record(*said, doi="10.5555/b"),
        "between": record(*said),
    }
    works = works_of({one: features_of(each) for one, each in features.items()})
    assert sorted(map(len, works)) == [1, 2]


def test_a_link_is_kept_for_people_to_see():
    linkage = Linkage()
    said = ("Starch ageing in closed stacks", "Zuber J, Feld J", 1999, "Paper", "4", "1", "3-9")
    linkage.add(1, features_of(record(*said, doi="10.5555/a")))
    linkage.add(2, features_of(record(*said, doi="10.5555/b")))
    [(one, other, decision)] = linkage.decisions()
    assert (one, other, decision.verdict, decision.vetoes) == (1, 2, Verdict.LINK, ("doi",))
    assert {reason.name for reason in decision.reasons} >= {"title", "authors", "year", "prior"}


# -- what libraries really hold ------------------------------------------------------------------------------


def linked(records):
    linkage = Linkage()
    linkage.add_all({number: features_of(one) for number, one in enumerate(records)})
    return linkage


def test_fifty_thousand_bare_editorials_stay_apart_at_no_cost():
    editorial = features_of(record("Editorial"))
    linkage = Linkage()
    linkage.add_all(dict.fromkeys(range(50_000), editorial))
    assert (len(linkage.works()), linkage.decided) == (50_000, 0)


def test_editorials_of_many_issues_stay_apart_in_linear_time():
    journals = ("Paste", "Glue", "Vellum", "Linen", "Thread", "Board", "Leather", "Cloth", "Marble")
    issues = [
        record(
            "Editorial",
            year=1950 + n % 70,
            journal=f"Journal of {journals[n % 9]}",
            volume=str(n // 9 + 1),
            pages=str(n % 40 + 2),
        )
        for n in range(3000)
    ]
    linkage = linked(issues)
    assert len(linkage.works()) == len(issues)
    assert linkage.decided < 5 * CROWD * len(issues)


def test_one_doi_on_thousands_of_unlike_titles_brings_nobody_together():
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
    titles = [
        f"{words[n % 11]} {words[n // 11 % 11]} {words[n // 121 % 11]} number {n} observed"
        for n in range(4000)
    ]
    linkage = linked([record(title, doi="10.5555/supplement") for title in titles])
    assert len(linkage.works()) == len(titles)
    assert linkage.decided < 3 * CROWD * len(titles)


def test_works_of_many_journals_are_hardly_compared_at_all():
    works = ",".join(json.dumps(crossref(n)) for n in range(2000))
    page = SOURCE.parse(
        Payload(
            service="crossref",
            url="https://api.crossref.org/works",
            status=200,
            content_type="application/json",
            body=f"[{works}]".encode(),
            retrieved_at="2026-11-21T03:00:00Z",
        )
    )
    linkage = linked(page.records)
    assert len(linkage.works()) < len(page.records)
    assert linkage.decided < len(page.records)


def test_two_dois_meet_only_where_titles_are_alike():
    said = {
        "authors": "Zuber J, Feld J",
        "year": 1999,
        "journal": "Paper",
        "volume": "4",
        "issue": "1",
        "pages": "3-9",
    }
    one, other = (
        features_of(record(title, doi=doi, **said))
        for title, doi in [("Starch ageing in stacks", "10.5555/a"), ("Gilding of bindings", "10.5555/b")]
    )
    assert decide(one, other).levels is None
    assert decide(one, features_of(record("Gilding of bindings", **said))).levels is not None


def test_all_versions_of_a_doi_meet_whatever_they_are_called():
    linkage = Linkage()
    linkage.add(
        "2007", features_of(record("Paste for old maps and plans", year=2007, doi="10.5555/cd1.pub2"))
    )
    linkage.add("2012", features_of(record("What holds a plan together", year=2012, doi="10.5555/cd1.pub5")))
    assert linkage.decided == 1


def test_thousands_of_copies_are_one_work_without_a_comparison():
    copy = features_of(record("Starch ageing in closed stacks", "Zuber J, Feld J", 1999, doi="10.5555/a"))
    linkage = Linkage()
    linkage.add_all(dict.fromkeys(range(20_000), copy))
    assert (len(linkage.works()), linkage.decided) == (1, 0)


@pytest.mark.parametrize(
    "bare", [record("Reading rooms of the north"), record(year=2014), record(), record("10.5555")]
)
def test_copies_of_a_record_that_says_next_to_nothing_stay_apart(bare):
    assert len(linked([bare] * 3).works()) == 3


def test_of_a_consortium_only_the_first_people_are_looked_at():
    crowd = tuple(f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}berg Anna" for n in range(3000))
    features = features_of(record("Results of the great paste trial", crowd, 2014))
    assert (len(features.people), features.how_many) == (30, 3000)
    assert len(keys(features)) < 15


def test_a_key_dies_with_its_crowd_as_if_all_had_come_at_once():
    records = [record(f"Starch ageing in closed stacks {n % 3}", f"Zuber{chr(97 + n % 26)}{chr(97 + n // 26)} J", 1999, doi="10.5555/a") for n in range(CROWD + 5)]  # fmt: skip
    features = {number: features_of(one) for number, one in enumerate(records)}
    assert one_by_one(features, features) == set(works_of(features))


@pytest.mark.parametrize("name", SETS)
def test_real_bibliographies_give_the_same_works_one_by_one(name):
    path = SHARED / "dedup" / name / "records.csv.gz"
    if not path.exists():
        pytest.skip(f"{path} is missing: the labelled sets are not part of the project")
    features = {one: features_of(each) for one, each in list(read_records(path).items())[:700]}
    assert one_by_one(features, shuffled(features, 1)) == set(works_of(features))
