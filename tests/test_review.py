"""Doubtful translations: never shown unchecked, listed for people, decided by them, decided for good."""

from __future__ import annotations

import json

import pytest

from harvester.curation import accept_text, doubts, reject_text
from harvester.errors import UsageError
from harvester.model import Identifier, Origin, Record, Scheme, Text
from harvester.store import Library

AT = "2026-11-21T03:00:00Z"
LATER = "2026-11-22T03:00:00Z"
DOI = Identifier(Scheme.DOI, "10.5555/review")
TITLE = "A survey of name authority files in small towns: report 7"
GOOD = "小城镇人名规范文档调查：第7号报告"
CHATTER = "好的，以下是翻译：小城镇人名规范文档调查：第7号报告。希望对您有帮助！"
NUMBER = "小城镇人名规范文档调查：第9号报告"


def record(source, *texts, at=AT):
    return Record(
        source=source, source_key=DOI.value, retrieved_at=at, identifiers=(DOI,), titles=texts,
        language="en" if source == "crossref" else None,
    )  # fmt: skip


ENGLISH = record("crossref", Text(TITLE, "en", Origin.PUBLISHER))


def chinese(value, source="aggregator", origin=Origin.AGGREGATOR):
    return record(source, Text(value, "zh-Hans", origin))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "library.db"


@pytest.fixture
def library(path):
    with Library(path) as opened:
        yield opened


def title_zh(library):
    return next(library.rows("SELECT title_zh, title_zh_origin FROM works"))


def test_a_good_translation_is_shown_with_its_verdict(library):
    library.add([ENGLISH, chinese(GOOD)], at=AT)
    assert tuple(title_zh(library)) == (GOOD, "aggregator")
    row = next(library.rows("SELECT score, checks FROM texts WHERE language = 'zh-Hans'"))
    assert row["score"] >= 0.5
    assert json.loads(row["checks"])["status"] in {"pass", "review"}
    assert not list(library.rows("SELECT 1 FROM text_checks WHERE NOT is_shown"))


@pytest.mark.parametrize("order", [(ENGLISH, chinese(CHATTER)), (chinese(CHATTER), ENGLISH)])
def test_a_rejected_translation_is_kept_and_not_shown_whichever_came_first(library, order):
    for one in order:
        library.add([one], at=AT)
    assert title_zh(library)["title_zh"] is None
    found = next(doubts(library))
    assert (found.status, found.text, found.original, found.is_shown) == ("reject", CHATTER, TITLE, False)
    assert {"en", "zh"} <= found.reasons[0].keys()


def test_the_next_best_translation_is_shown_in_place_of_a_rejected_one(library):
    library.add([ENGLISH, chinese(CHATTER), chinese(GOOD, "document", Origin.UNKNOWN)], at=AT)
    assert tuple(title_zh(library)) == (GOOD, "unknown")


@pytest.mark.parametrize("origin", [Origin.PUBLISHER, Origin.AUTHOR, Origin.HUMAN])
def test_what_publishers_and_people_wrote_is_never_hidden(library, origin):
    library.add([ENGLISH, chinese(CHATTER, "document", origin)], at=AT)
    assert title_zh(library)["title_zh"] == CHATTER
    assert next(doubts(library)).is_shown


def test_a_number_that_differs_asks_for_review(library):
    library.add([ENGLISH, chinese(NUMBER)], at=AT)
    assert title_zh(library)["title_zh"] == NUMBER
    found = next(doubts(library))
    assert found.status == "review"
    assert any("9" in str(reason["tokens"]) for reason in found.reasons)


def test_an_accepted_translation_is_shown_and_not_listed_again(path):
    with Library(path) as library:
        library.add([ENGLISH, chinese(CHATTER)], at=AT)
        accept_text(library, 1, "title", by="lin", at=LATER)
        assert tuple(title_zh(library)) == (CHATTER, "aggregator")
        assert not list(doubts(library))
    with Library(path) as library:
        library.remerge(at=LATER)
        assert title_zh(library)["title_zh"] == CHATTER


def test_a_rejected_one_is_gone_for_good_and_the_same_text_from_elsewhere_too(library):
    library.add([ENGLISH, chinese(NUMBER)], at=AT)
    reject_text(library, 1, "title", by="lin", at=LATER)
    assert title_zh(library)["title_zh"] is None
    library.add([chinese(NUMBER, "document", Origin.HUMAN)], at=LATER)
    assert title_zh(library)["title_zh"] is None
    library.add([chinese(GOOD, "document", Origin.HUMAN)], at="2026-11-23T03:00:00Z")
    assert title_zh(library)["title_zh"] == GOOD


def test_loading_again_after_a_decision_changes_nothing(library):
    library.add([ENGLISH, chinese(CHATTER)], at=AT)
    accept_text(library, 1, "title", by="lin", at=LATER)
    before = next(library.rows("SELECT max(revision) FROM works"))[0]
    library.add([ENGLISH, chinese(CHATTER)], at=LATER)
    assert next(library.rows("SELECT max(revision) FROM works"))[0] == before


def test_where_nothing_is_doubtful_a_decision_says_so(library):
    library.add([ENGLISH, chinese(GOOD)], at=AT)
    with pytest.raises(UsageError, match="nothing is doubtful"):
        accept_text(library, 1, "abstract", by="lin", at=LATER)
    with pytest.raises(UsageError, match="no field to review"):
        accept_text(library, 1, "volume", by="lin", at=LATER)


def test_review_lists_accepts_and_rejects_at_the_command_line(harvester):
    with Library(harvester.db) as library:
        library.add([ENGLISH, chinese(CHATTER)], at=AT)
    listed = harvester("review")
    assert listed.code == 0
    assert "1 to review" in listed.err
    assert json.loads(harvester("review", "--json").out)[0]["status"] == "reject"
    assert "未通过" not in harvester("review", "accept", DOI.value, "title", "--by", "lin").err
    assert CHATTER[:9] in harvester("show", DOI.value).out
    assert "nothing to review" in harvester("review").err
    refused = harvester("review", "reject", DOI.value, "title", "--by", "lin")
    assert (refused.code, "nothing is doubtful" in refused.err) == (2, True)


def test_explain_says_why_a_translation_was_refused_in_either_language(harvester):
    with Library(harvester.db) as library:
        library.add([ENGLISH, chinese(CHATTER)], at=AT)
    assert "refused by the checks" in " ".join(harvester("explain", DOI.value).out.split())
    assert "未通过检查" in harvester("--lang", "zh", "explain", DOI.value).out
