"""The merge and its laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from harvester.explain import explain
from harvester.merge import best_text, merge, own_title, union
from harvester.model import (
    Contributor,
    Identifier,
    Locus,
    OpenAccess,
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
)
from harvester.pinyin import pinyin_of
from harvester.policy import RULES, How, impossible_locus_part
from tests.strategies import record_sets, records, some_records

pinyin_of("林", "梅")  # its dictionaries are loaded before any test is timed
NIGHT = "2026-11-21T03:00:00Z"
LATER = "2026-11-22T03:00:00Z"
DOI = (Identifier(Scheme.DOI, "10.5555/paste"),)
PLAIN_FIELDS = tuple(rule.field for rule in RULES if rule.how is How.FIRST)


def said(source, /, **fields):
    return Record(source=source, source_key="10.5555/paste", retrieved_at=NIGHT, identifiers=DOI, **fields)


def title(value, language="en", origin=Origin.PUBLISHER):
    return (Text(value, language, origin),)


# -- laws ------------------------------------------------------------------------------------------------


@given(record_sets, record_sets, record_sets)
def test_union_does_not_care_how_it_is_bracketed(a, b, c):
    assert union(union(a, b), c) == union(a, union(b, c))


@given(record_sets, record_sets)
def test_union_does_not_care_who_comes_first_or_twice(a, b):
    assert union(a, b) == union(b, a) == union(a, b, b, a)


@given(some_records, st.randoms())
def test_merge_is_blind_to_order_and_repetition(some, random):
    shuffled = [*some, *some]
    random.shuffle(shuffled)
    assert merge(shuffled) == merge(sorted(some, key=Record.fingerprint))


@given(some_records, records)
def test_one_more_record_takes_no_value_away(some, more):
    before, after = merge(some), merge({*some, more})
    for rule in RULES:
        if rule.how is How.TEXT:
            kept = {text.language for text in getattr(after, rule.field)}
            # Beside the original that it should translate, a text may turn out to be no translation of it.
            kept |= {
                one.language
                for one in after.checks
                if one.field == rule.field[:-1] and one.status == "reject"
            }
            assert {text.language for text in getattr(before, rule.field)} <= kept
        elif rule.field != "language" and getattr(before, rule.field) not in (None, ()):
            assert getattr(after, rule.field) not in (None, ())


@given(some_records)
def test_every_plain_survivor_was_said_by_a_record(some):
    work = merge(some)
    for field in PLAIN_FIELDS:
        value = getattr(work, field)
        if value not in (None, ()) and field != "language":
            assert value in [getattr(record, field) for record in some]


@given(some_records)
def test_every_value_that_survives_has_a_claim_to_a_record_that_said_it(some):
    work = merge(some)
    by_key = {record.fingerprint(): record for record in some}
    claims = {claim.column: by_key[claim.record] for claim in work.provenance}
    for text in work.titles:
        assert text in claims[f"title_{text.language}"].titles
    for field in ("container", "issued", "citation_count"):
        if getattr(work, field) not in (None, ()):
            assert getattr(claims[field], field) == getattr(work, field)


@given(some_records)
def test_author_lists_are_completed_but_nobody_is_added_lost_or_moved(some):
    work = merge(some)
    by_key = {record.fingerprint(): record for record in some}
    claims = {claim.column: by_key[claim.record] for claim in work.provenance}
    listed = claims["contributors"].contributors if work.contributors else ()
    assert len(listed) == len(work.contributors)
    for before, after in zip(listed, work.contributors, strict=True):
        assert before.name in {after.name, after.name_zh}
    if listed != work.contributors:
        assert any(column.startswith("contributors_") for column in claims)


@given(some_records, st.sampled_from(["title", "abstract"]))
def test_a_curators_text_always_survives(some, field):
    correction = said("curator", **{f"{field}s": title("corrected", origin=Origin.HUMAN)})
    machine = [one for one in some if one.source != "curator"]
    work = merge([*machine, correction])
    assert best_text(getattr(work, f"{field}s"), chinese=False).value == "corrected"


@given(some_records)
def test_what_is_explained_is_what_was_merged(some):
    work = merge(some)
    told = {one.field: one.value for one in explain(some)}
    assert told.get("title_en") == next((t.value for t in work.titles if t.language == "en"), None)
    assert told.get("volume") == (work.locus.volume if work.locus else None)
    assert told.get("citation_count") == (None if work.citation_count is None else str(work.citation_count))


@given(some_records)
def test_everything_that_was_said_is_told_by_explain(some):
    told = sum(len(one.said) for one in explain(some) if one.field.startswith("title_"))
    assert told == sum(len(record.titles) for record in some)


@given(some_records)
def test_the_impossible_is_never_believed(some):
    work = merge(some)
    assert all(text.value not in {"Internal Server Error", "..."} for text in work.titles)
    assert work.locus is None or work.locus.volume != "8 1"
    assert work.issued is None or work.issued.year in {1999, 2016}
    assert work.citation_count != -1


# -- the policy ------------------------------------------------------------------------------------------


def test_a_registration_agency_beats_semantic_scholar_beats_an_aggregator():
    crossref = said("crossref", publisher="Paste Press")
    s2 = said("semanticscholar", publisher="Glue Press", url="https://example.org/s2")
    aggregator = said(
        "aggregator",
        publisher="Gum Press",
        url="https://example.org/a",
        open_access=OpenAccess("https://example.org/pdf"),
    )
    work = merge([aggregator, s2, crossref])
    assert (work.publisher, work.url) == ("Paste Press", "https://example.org/s2")
    assert work.oa_url == "https://example.org/pdf"


def test_a_correction_beats_the_agency():
    work = merge([said("crossref", publisher="Paste Press"), said("curator", publisher="Paste Pr.")])
    assert work.publisher == "Paste Pr."


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (Origin.PUBLISHER, Origin.HUMAN),
        (Origin.AUTHOR, Origin.HUMAN),
        (Origin.HUMAN, Origin.AGGREGATOR),
        (Origin.AGGREGATOR, Origin.UNKNOWN),
        (Origin.UNKNOWN, Origin.MACHINE),
        (Origin.AGGREGATOR, Origin.MACHINE),
    ],
)
def test_chinese_text_is_judged_by_who_made_it(better, worse):
    # The worse text comes through the better source: the origin decides, not the messenger.
    trusted = said("crossref", titles=title("机器译的题名", "zh-Hans", worse))
    aggregator = said("aggregator", titles=title("更好的题名", "zh-Hans", better))
    assert best_text(merge([trusted, aggregator]).titles, chinese=True).value == "更好的题名"


def test_the_original_is_not_overwritten_by_a_translation():
    original = said("aggregator", titles=title("浆糊的干燥", "zh-Hans", Origin.AGGREGATOR), language="zh")
    translation = said("crossref", titles=title("On paste", "en"))
    work = merge([original, translation])
    assert own_title(work).value == "浆糊的干燥"
    assert best_text(work.titles, chinese=False).value == "On paste"


def test_simplified_and_traditional_titles_stand_side_by_side_and_the_better_one_is_first():
    work = merge(
        [
            said("aggregator", titles=title("浆糊的干燥", "zh-Hans", Origin.AGGREGATOR)),
            said("crossref", titles=title("漿糊的乾燥", "zh-Hant")),
        ]
    )
    assert [text.value for text in work.titles] == ["漿糊的乾燥", "浆糊的干燥"]


def test_volume_issue_and_pages_come_from_one_source():
    crossref = said("crossref", locus=Locus("19", "4", "275-293"))
    aggregator = said("aggregator", locus=Locus("8 1", None, "275 - 293"))
    assert merge([aggregator, crossref]).locus == Locus("19", "4", "275-293")


def test_a_gap_in_the_locus_is_filled_only_by_a_source_that_agrees():
    crossref = said("crossref", locus=Locus("19", "4", None))
    agrees = said("semanticscholar", locus=Locus("19", None, "275-293"))
    contradicts = said("semanticscholar", locus=Locus("20", None, "1-9"))
    assert merge([crossref, agrees]).locus == Locus("19", "4", "275-293")
    assert merge([crossref, contradicts]).locus == Locus("19", "4", None)


def test_a_glued_volume_stays_in_the_record_and_is_explained_as_impossible():
    aggregator = said("aggregator", locus=Locus("8 1", None, "275-293"))
    volume = next(one for one in explain([aggregator]) if one.field == "volume")
    assert merge([aggregator]).locus == Locus(None, None, "275-293")
    assert volume.value is None
    assert volume.losers[0].value == "8 1"
    assert volume.losers[0].why_not.text() == "cannot be: two numbers in one field"


@pytest.mark.parametrize(
    ("part", "value", "is_possible"),
    [
        ("volume", "19", True),
        ("volume", "LIX", True),
        ("volume", "2022", True),
        ("volume", "15 Suppl 1", True),
        ("volume", "第3卷", True),
        ("volume", "8 1", False),
        ("volume", "PP ", False),
        ("volume", "abs/1706.03762", False),
        ("volume", "0", False),
        ("issue", "3 Pt 2", True),
        ("issue", "4-5", True),
        ("pages", "S1-S5", True),
        ("pages", "e1003", True),
        ("pages", "n/a", False),
        ("pages", "-", False),
    ],
)
def test_what_can_be_a_volume_an_issue_or_a_page_range(part, value, is_possible):
    assert (impossible_locus_part(part, value) is None) == is_possible


@pytest.mark.parametrize(
    "page",
    [
        "Internal Server Error",
        "404 Not Found",
        "Just a moment...",
        "[Not Available].",
        "无标题",
        "???",
        "Our website uses cookies to help",
    ],
)
def test_an_error_page_is_no_title(page):
    work = merge([said("crossref", titles=title(page)), said("aggregator", titles=title("On paste"))])
    assert [text.value for text in work.titles] == ["On paste"]


@pytest.mark.parametrize("year", [0, 1000, 2029, 9999])
def test_an_impossible_year_yields_to_a_possible_one(year):
    work = merge(
        [said("crossref", issued=PartialDate(year)), said("aggregator", issued=PartialDate(2016, 10, 1))]
    )
    assert work.issued == PartialDate(2016, 10, 1)


def test_zero_citations_and_not_open_are_values():
    work = merge([said("crossref", citation_count=0, is_open_access=False)])
    assert (work.citation_count, work.is_open_access) == (0, False)


def test_the_count_of_the_newest_day_counts_and_a_documents_day_is_not_known():
    old = said("crossref", citation_count=19)
    new = replace(said("semanticscholar", citation_count=21), retrieved_at=LATER)
    document = replace(said("aggregator", citation_count=99), retrieved_at="2026-11-30T00:00:00Z")
    assert merge([old, new, document]).citation_count == 21
    assert merge([old, document]).citation_count == 19


def test_a_service_that_says_something_new_is_believed_from_then_on():
    then = said("crossref", publisher="Paste Press")
    now = replace(said("crossref", publisher="Glue Press"), retrieved_at=LATER)
    assert merge([now, then]).publisher == "Glue Press"


def test_one_retraction_is_enough():
    assert merge([said("crossref", retracted=False), said("aggregator", retracted=True)]).retracted is True


def test_authors_are_one_list_of_one_source():
    crossref = said("crossref", contributors=(Contributor("Alain Topor"),))
    aggregator = said("aggregator", contributors=(Contributor("A. Topor"), Contributor("A. Ljungberg")))
    assert merge([aggregator, crossref]).contributors == (Contributor("Alain Topor"),)


def test_the_language_of_a_work_with_titles_in_one_language_is_that_language():
    assert merge([said("crossref", titles=title("浆糊的干燥", "zh-Hans"))]).language == "zh"


def test_a_work_of_no_records_is_refused():
    with pytest.raises(ValueError, match="at least one record"):
        merge([])


def test_a_document_or_a_day_does_not_change_what_was_said():
    one = said("aggregator", titles=title("On paste"))
    assert replace(one, retrieved_at=LATER, document="b.json:7").fingerprint() == one.fingerprint()
    assert replace(one, titles=title("On glue")).fingerprint() != one.fingerprint()


def test_a_work_with_an_alias_is_filed_under_its_prime_doi():
    alias = Identifier(Scheme.DOI, "10.5555/alias")
    work = merge([replace(said("crossref"), identifiers=(alias, *DOI))])
    assert [one.value for one in work.identifiers] == ["10.5555/paste", "10.5555/alias"]


def test_a_title_in_capitals_yields_to_the_same_title_in_ordinary_letters():
    shouted = said("crossref", titles=title("ON THE DRYING OF LIBRARY PASTE"))
    calm = said("aggregator", titles=title("On the drying of library paste", origin=Origin.AGGREGATOR))
    other = said("semanticscholar", titles=title("On glue", origin=Origin.AGGREGATOR))
    assert own_title(merge([shouted, calm, other])).value == "On the drying of library paste"
    assert own_title(merge([shouted, other])).value == "ON THE DRYING OF LIBRARY PASTE"
    losers = next(one for one in explain([shouted, calm]) if one.field == "title_en").losers
    assert losers[0].why_not.key == "why-marred"


def test_an_abstract_that_breaks_off_yields_to_the_whole_one_but_not_to_a_translation():
    cut = said("crossref", abstracts=title("浆糊的干燥需要很长时间…", "zh-Hans"))
    whole = said(
        "aggregator", abstracts=title("浆糊的干燥需要很长时间，而且很无聊。", "zh-Hans", Origin.AGGREGATOR)
    )
    free = said("document", abstracts=title("糨糊干得慢。", "zh-Hans", Origin.HUMAN))
    machine = said(
        "semanticscholar", abstracts=title("浆糊的干燥需要很长时间，机器说。", "zh-Hans", Origin.MACHINE)
    )
    assert best_text(merge([cut, whole, free]).abstracts, chinese=True).value.endswith("无聊。")
    assert best_text(merge([cut, free, machine]).abstracts, chinese=True).value.endswith("…")


def test_full_names_are_better_than_initials_of_the_same_people():
    initials = (
        Contributor("A. Topor", family="Topor", given="A."),
        Contributor("B. Lin", family="Lin", given="B."),
    )
    full = (
        Contributor("Alain Topor", family="Topor", given="Alain"),
        Contributor("Bo Mei Lin", family="Lin", given="Bo Mei"),
    )
    agency, other = said("crossref", contributors=initials), said("aggregator", contributors=full)
    assert merge([agency, other]).contributors == full
    shorter = said("aggregator", contributors=full[:1])
    assert merge([agency, shorter]).contributors == (full[0], initials[1])
