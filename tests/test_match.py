"""Clusters by identifiers, and the veto."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from harvester.match import UNIQUE, clusters
from harvester.model import Identifier, Record, Scheme
from harvester.shared_dois import NONE_SHARED
from tests.strategies import record_sets

NIGHT = "2026-11-21T03:00:00Z"


def record(key, *identifiers, source="crossref"):
    ids = tuple(sorted(Identifier(Scheme(scheme), value) for scheme, value in identifiers))
    return Record(source=source, source_key=key, retrieved_at=NIGHT, identifiers=ids)


@given(record_sets)
def test_clusters_are_a_partition(some):
    found = clusters(some)
    assert sorted((record for one in found for record in one), key=repr) == sorted(some, key=repr)


@given(record_sets, st.randoms())
def test_clusters_do_not_depend_on_order(some, random):
    shuffled = list(some)
    random.shuffle(shuffled)
    assert set(clusters(shuffled)) == set(clusters(some))


@given(record_sets)
def test_records_with_a_common_doi_are_one_work(some):
    home = {one: number for number, cluster in enumerate(clusters(some, NONE_SHARED)) for one in cluster}
    for one in some:
        for other in some:
            dois = [{i for i in each.identifiers if i.scheme is Scheme.DOI} for each in (one, other)]
            if dois[0] & dois[1]:
                assert home[one] == home[other]


@given(record_sets)
def test_two_dois_meet_only_where_one_record_states_both_or_links_them(some):
    for cluster in clusters(some):
        dois = [{i.value for i in one.identifiers if i.scheme is Scheme.DOI} for one in cluster]
        groups = []
        for values in filter(None, dois):
            near = [group for group in groups if group & values]
            groups = [group for group in groups if not group & values] + [values.union(*near)]
        assert len(groups) <= 1


def test_one_pmid_does_not_bring_two_dois_together():
    one = record("a", ("doi", "10.5555/a"), ("pmid", "1"))
    two = record("b", ("doi", "10.5555/b"), ("pmid", "1"))
    assert len(clusters([one, two])) == 2


def test_a_record_with_a_pmid_joins_the_work_that_has_it():
    one = record("a", ("doi", "10.5555/a"), ("pmid", "1"))
    two = record("p", ("pmid", "1"), source="pubmed")
    assert clusters([one, two]) == (frozenset({one, two}),)


def test_records_of_one_source_with_one_key_are_one_work():
    assert len(clusters([record("same"), record("same", ("s2", "x"))])) == 1


def test_records_with_nothing_in_common_are_two_works():
    assert len(clusters([record("a"), record("b")])) == 2


def test_the_unique_schemes_are_doi_pmid_and_pmcid():
    assert UNIQUE == (Scheme.DOI, Scheme.PMID, Scheme.PMCID)


# -- what follows a record -----------------------------------------------------------------------------------


def about(one, key="c", *identifiers, names_it=True):
    return Record(
        source="curator", source_key=key, retrieved_at=NIGHT, about=(one.source, one.source_key),
        about_record=one.fingerprint() if names_it else None,
        identifiers=tuple(Identifier(Scheme(scheme), value) for scheme, value in identifiers),
    )  # fmt: skip


ONE, OTHER = record("line 3", ("doi", "10.5555/a")), record("line 3", ("doi", "10.5555/b"), ("pmid", "1"))


def with_whom(follower, *records):
    [group] = [each for each in clusters([*records, follower]) if follower in each]
    return group - {follower}


@pytest.mark.parametrize("meant", [ONE, OTHER])
def test_what_names_a_record_is_with_that_one_of_two_works_with_its_key(meant):
    assert with_whom(about(meant), ONE, OTHER) == {meant}
    assert with_whom(about(meant, "c", ("doi", "10.5555/c"), ("pmid", "1")), ONE, OTHER) == {meant}


@pytest.mark.parametrize("meant", [ONE, OTHER])
def test_what_an_earlier_version_wrote_is_with_the_work_of_its_identifiers(meant):
    old = about(meant, "c", *((str(one.scheme), one.value) for one in meant.identifiers), names_it=False)
    assert with_whom(old, ONE, OTHER) == {meant}
    assert with_whom(old, ONE, OTHER, record("line 3", ("pmid", "2"))) >= {meant}


def test_what_follows_a_record_brings_nothing_together():
    both = about(ONE, "c", ("doi", "10.5555/a"), ("pmid", "7"))
    assert with_whom(both, ONE, record("7", ("pmid", "7"), source="pubmed")) == {ONE}


def test_a_translation_of_a_correction_is_with_what_was_corrected():
    correction = about(OTHER)
    assert with_whom(about(correction, "t"), ONE, OTHER, correction) == {OTHER, correction}


def test_what_is_about_nothing_or_about_itself_stands_for_itself():
    one = about(record("line 3"), "c", names_it=False)
    assert clusters([one]) == (frozenset([one]),)
    ring = [
        replace(one, source_key="c", about=("curator", "d")),
        replace(one, source_key="d", about=("curator", "c")),
    ]
    assert sorted(map(len, clusters([*ring, ONE]))) == [1, 1, 1]
