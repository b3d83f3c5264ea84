"""Pairs of invented records on which deduplication fails elsewhere, judged one by one."""

import hashlib
from collections import Counter

import pytest

from harvester.blocking import keys
from harvester.descriptions import MATCHING
from harvester.evidence import Verdict, decide
from harvester.features import features_of
from harvester.linkage import works_of
from tests.hard_pairs import APART, LINKED, PAIRS, SAME, of_every_work


def judged(pair):
    return decide(features_of(pair.one), features_of(pair.other))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.kind}, {pair.expected}")
def test_a_hard_pair_is_judged_rightly(pair):
    verdict = judged(pair).verdict
    if pair.expected == APART:
        assert verdict is not Verdict.MATCH, judged(pair)
    else:
        assert verdict is {SAME: Verdict.MATCH, LINKED: Verdict.LINK}[pair.expected], judged(pair)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.kind}, {pair.expected}")
def test_keys_bring_a_pair_together_that_is_one_work(pair):
    works = works_of({1: features_of(pair.one), 2: features_of(pair.other)})
    assert len(works) == (1 if pair.expected == SAME else 2)


NOT_EVEN_LINKED = ("two entries", "a name of every issue", "two reviews")


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.kind.startswith(NOT_EVEN_LINKED)])
def test_two_texts_of_one_name_are_not_even_linked(pair):
    assert judged(pair).verdict is Verdict.DIFFERENT


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.kind == "no title on one side"])
def test_a_record_without_a_title_is_for_a_person_to_decide_on(pair):
    assert judged(pair).verdict is Verdict.POSSIBLE


def test_the_table_holds_two_hundred_pairs_of_both_kinds():
    kinds = Counter(pair.expected for pair in PAIRS)
    assert len(PAIRS) >= 200
    assert min(kinds[SAME], kinds[APART]) >= 80


def test_what_tells_duplicates_otherwise_has_a_number_of_its_own():
    """Libraries keep the number: where this fails, raise MATCHING, write down the new mark, and tell of `remerge` in the changelog."""
    told = []
    for _, _, one, other in of_every_work():
        ours, theirs = features_of(one), features_of(other)
        decision = decide(ours, theirs)
        told.append((keys(ours), keys(theirs), decision.verdict.value, decision.score, decision.vetoes, decision.doubts))  # fmt: skip
    mark = hashlib.blake2b(repr(told).encode(), digest_size=8).hexdigest()
    assert (MATCHING, mark) == (2, "c517c74251c117ae")
