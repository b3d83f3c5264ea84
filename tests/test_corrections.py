"""People's corrections: they hold whatever comes after, they are listed, and they can be taken back."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from harvester.corrections import FIELDS, WORK_TYPES, field_of, normalised, said_of, value_of
from harvester.curation import accept_text, history, outdated, set_field, unset_field
from harvester.deciding import accept_match
from harvester.errors import UsageError
from harvester.explain import explain
from harvester.merge import merge
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
    Work,
)
from harvester.overrides import in_force, overrides_of
from harvester.store import Library
from tests.strategies import records as any_record

AT = "2026-11-21T03:00:00Z"
LATER = "2026-11-22T03:00:00Z"
NEXT = "2026-11-23T03:00:00Z"
DOI = Identifier(Scheme.DOI, "10.5555/paste")
PMID = Identifier(Scheme.PMID, "77")
CROSSREF = Record(
    source="crossref",
    source_key="10.5555/paste",
    retrieved_at=AT,
    identifiers=(DOI,),
    titles=(Text("On the drying of library paste", "en", Origin.PUBLISHER),),
    contributors=(
        Contributor("Mei Lin", family="Lin", given="Mei", orcid="0000-0002-1825-0097"),
        Contributor("Ida Berg", family="Berg", given="Ida", role="editor"),
    ),
    container=Container("J Paste", abbreviation="JP", issns=("9999-9994",)),
    locus=Locus("8", "4", "275-293"),
    issued=PartialDate(2016, 10),
    language="en",
    is_open_access=False,
    retracted=True,
)
UNLIKE = {
    "titles": (Text("A short history of dust on high shelves", "en", Origin.PUBLISHER),),
    "contributors": (Contributor("Ada Brandt", family="Brandt", given="Ada"),),
    "container": Container("Dust Quarterly"),
    "locus": Locus("1", "2", "3-9"),
    "issued": PartialDate(1999),
}
CHINESE = Record(
    source="aggregator",
    source_key="semanticscholar:1",
    retrieved_at=AT,
    identifiers=(DOI,),
    titles=(Text("论图书馆浆糊的干燥", "zh-Hans", Origin.AGGREGATOR),),
)
ENGLISH_WORK = Work(language="en")


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library.db") as opened:
        opened.add([CROSSREF, CHINESE], at=AT)
        yield opened


def row(library, work_id=1):
    return dict(next(library.rows("SELECT * FROM works WHERE work_id = ?", (work_id,))))


def overrides(library):
    return [
        tuple(one)[:5]
        for one in library.rows(
            "SELECT work_id, field, value, by_whom, why FROM overrides ORDER BY work_id, field"
        )
    ]


# -- values ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        ("title_en", "  On the  drying\nof paste ", "On the drying of paste"),
        ("title_zh", "論漿糊的乾燥", "論漿糊的乾燥"),
        ("abstract_zh", "目的：浆糊。\n结果：干燥。", "目的：浆糊。\n结果：干燥。"),
        ("language", "ZH", "zh"),
        ("issued", "2016", "2016"),
        ("issued", "2016-02-29", "2016-02-29"),
        ("container_title", "Journal of Paste", "Journal of Paste"),
        ("volume", "19", "19"),
        ("issue", "Suppl 1", "Suppl 1"),
        ("pages", "275 – 293", "275-293"),
        ("publisher", "Paste Press", "Paste Press"),
        ("work_type", "Book Chapter", "book-chapter"),
        ("url", "https://paste.example.org/1?a=b", "https://paste.example.org/1?a=b"),
        ("retracted", "no", "0"),
        ("is_open_access", "是", "1"),
    ],
)
def test_a_value_is_normalised(field, raw, value):
    assert normalised(field, said_of(field, raw, language="en", at=AT), AT) == value


@pytest.mark.parametrize(
    ("field", "raw", "told"),
    [
        ("volume", "8 1", "two numbers in one field"),
        ("volume", "0", "is no volume"),
        ("pages", "n/a", "is no page or article number"),
        ("issued", "2016-13", "expected YYYY, YYYY-MM or YYYY-MM-DD"),
        ("issued", "2015-02-29", "expected YYYY"),
        ("issued", "2016-00", "expected YYYY"),
        ("issued", "0000-02-01", "year 0 cannot be"),
        ("issued", "2099", "year 2099 cannot be"),
        ("issued", "October 2016", "expected YYYY"),
        ("title_en", "Internal Server Error", "is a placeholder or an error page"),
        ("title_en", "浆糊的干燥", "title_zh and abstract_zh take Chinese"),
        ("title_zh", "On paste", "title_en and abstract_en take English"),
        ("language", "english", "a primary language tag"),
        ("work_type", "journal-artcle", "journal-article"),
        ("url", "paste.example.org", "https://"),
        ("url", "javascript:alert(1)", "https://"),
        ("retracted", "perhaps", "expected yes or no"),
        ("authors", "…; 7", "Family, Given"),
        ("authors", '[{"family": "Lin", "surname": "Lin"}]', "an object of"),
        ("authors", '[{"name": "Mei Lin", "orcid": "0000-0002-1825-0098"}]', "an ORCID"),
        ("authors", '[{"name": "Mei', "JSON"),
        ("authors", '[{"given": "Mei"}]', "a name"),
        ("publisher", "<>", "a text"),
        ("volume", "  ", "unset"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_the_reason(field, raw, told):
    with pytest.raises(UsageError) as error:
        said_of(field, raw, language="en", at=AT)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("Lin, Mei; Topor, A.", [("Lin", "Mei", "Mei Lin"), ("Topor", "A.", "A. Topor")]),
        ("Lin, Mei", [("Lin", "Mei", "Mei Lin")]),
        ("林, 梅；欧阳，文", [("林", "梅", "林梅"), ("欧阳", "文", "欧阳文")]),
        ("林梅; 欧阳文", [("林", "梅", "林梅"), ("欧阳", "文", "欧阳文")]),
        ('["Lin, Mei"]', [("Lin", "Mei", "Mei Lin")]),
        ('[{"family": "Lin", "given": "Mei"}]', [("Lin", "Mei", "Mei Lin")]),
        ('[{"name": "World Paste Association"}]', [(None, None, "World Paste Association")]),
    ],
)
def test_authors_are_read_from_a_line_or_from_json(raw, names):
    people = said_of("authors", raw, language="en", at=AT)["contributors"]
    assert [(one.family, one.given, one.name) for one in people] == names


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("titel_en", "did you mean title_en"),
        ("author", "did you mean authors"),
        ("zzzz", "known: title"),
        ("doi", "identifiers decide"),
        ("citation_count", "what a service told on a day"),
        ("year", "set issued"),
        ("revision", "the program writes it"),
    ],
)
def test_what_is_no_field_or_cannot_be_corrected_is_refused(name, told):
    with pytest.raises(UsageError) as error:
        field_of(name, ENGLISH_WORK)
    assert told in str(error.value)


@pytest.mark.parametrize(("language", "field"), [("en", "title_en"), ("zh", "title_zh"), ("de", "title")])
def test_the_title_is_that_of_the_works_own_language(language, field):
    assert field_of("title", Work(language=language)) == field


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_can_be_read_of_a_work(field):
    assert value_of(Work(), field) is None


def test_a_german_title_is_kept_as_german():
    said = said_of("title", "Vom Trocknen des Kleisters", language="de", at=AT)
    assert said["titles"] == (Text("Vom Trocknen des Kleisters", "de", Origin.HUMAN),)


@given(st.sampled_from(["volume", "issue", "pages", "publisher", "title_en", "issued", "authors"]), st.text())
def test_a_value_is_refused_in_words_or_stands_as_it_is_normalised(field, raw):
    try:
        said = said_of(field, raw, language="en", at=AT)
    except UsageError:
        return
    value = normalised(field, said, AT)
    assert value
    again = said_of(field, value, language="en", at=AT)
    assert normalised(field, again, AT) == value


# -- the law: a person's correction always survives -----------------------------------------------------------

VALUES = {
    "title_en": "A title that nobody else gives",
    "title_zh": "无人给出的题名",
    "abstract_en": "An abstract.",
    "language": "fr",
    "issued": "2001-02",
    "container_title": "Annals of Glue",
    "volume": "77",
    "issue": "7",
    "pages": "7-17",
    "publisher": "Glue House",
    "work_type": "book",
    "url": "https://glue.example.org/7",
    "authors": "Glue, Gunda",
    "retracted": "no",
    "is_open_access": "yes",
}


def correction(field, raw, at=AT, about=CROSSREF):
    said = said_of(field, raw, language="en", at=at)
    extra = json.dumps({"by": "lin", "decision": "set", "field": field, "value": normalised(field, said, at)})
    return Record(
        source="curator", source_key=f"set:{field}:{at}", retrieved_at=at, extra=extra, corrects=field,
        about=(about.source, about.source_key), **said,
    )  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.lists(any_record, max_size=4), st.sampled_from(sorted(VALUES)))
def test_a_correction_beats_whatever_any_record_says(some, field):
    said = correction(field, VALUES[field])
    told = value_of(merge([*some, said]), field)
    alone = value_of(merge([said]), field)
    if field != "authors":
        assert told == alone
    else:
        assert json.loads(told)[0]["name"] == "Gunda Glue"
    assert [one.field for one in merge([*some, said]).overrides] == [field]


@settings(deadline=None, max_examples=40)
@given(st.lists(any_record, min_size=1, max_size=3), st.sampled_from(["volume", "issue", "pages"]))
def test_a_corrected_part_of_the_locus_leaves_the_other_parts_alone(some, field):
    before, after = merge(some).locus or Locus(), merge([*some, correction(field, VALUES[field])]).locus
    assert after == replace(before, **{field: VALUES[field]})


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations([CROSSREF, CHINESE, correction("volume", "1"), correction("volume", "2", at=LATER)]))
def test_of_two_corrections_the_later_one_holds_in_any_order(some):
    assert merge(some).locus == Locus("2", "4", "275-293")
    assert [(one.field, one.value) for one in overrides_of(some)] == [("volume", "2")]


def test_of_two_corrections_of_one_second_the_table_lists_the_one_that_is_shown():
    some = [correction("publisher", name) for name in ("Glue House", "Paste Press", "Kleister")]
    some = [replace(one, source_key=f"{one.source_key}:{number}") for number, one in enumerate(some)]
    work = merge([CROSSREF, *some])
    assert [one.value for one in work.overrides] == [work.publisher]


def test_what_is_withdrawn_says_nothing_and_withdrawing_twice_is_the_same():
    said = correction("volume", "1")
    back = Record(source="curator", source_key="unset", retrieved_at=LATER, withdraws=(said.source_key,))
    assert in_force([CROSSREF, said, back, back]) == [CROSSREF, back, back]
    assert merge([CROSSREF, said, back]).locus == CROSSREF.locus


def test_only_a_curator_withdraws():
    said = correction("volume", "1")
    other = Record(source="crossref", source_key="x", retrieved_at=LATER, withdraws=(said.source_key,))
    assert in_force([said, other]) == [said, other]


# -- in the library ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", sorted(VALUES))
def test_a_correction_survives_refresh_remerge_and_the_merging_of_works(library, field):
    set_field(library, 1, field, VALUES[field], by="lin", at=LATER)
    told = value_of(library.work(1), field)
    fresh = replace(
        CROSSREF,
        retrieved_at=NEXT,
        titles=(Text("Another title", "en", Origin.PUBLISHER),),
        locus=Locus("9", "5", "1-2"),
        contributors=(Contributor("A. Topor", family="Topor", given="A."),),
        container=Container("Paste Letters", issns=("9999-9994",)),
        issued=PartialDate(2020),
        publisher="Another",
        language="de",
    )
    library.add([fresh], at=NEXT)
    assert value_of(library.work(1), field) == told
    elsewhere = replace(fresh, source="pubmed", source_key="77", identifiers=(PMID,))
    other = library.add([elsewhere], at=NEXT)[0].work_id
    assert other == 2
    library.add(
        [Record(source="openalex", source_key="W", retrieved_at=NEXT, identifiers=(DOI, PMID))], at=NEXT
    )
    assert library.current_id(2) == 1
    library.remerge(at=NEXT)
    assert value_of(library.work(1), field) == told
    assert [one[:2] for one in overrides(library)] == [(1, field)]
    if field in row(library):
        shown = row(library)[field]
        assert (None if shown is None else str(shown)) == told


def test_a_correction_of_the_younger_work_moves_with_it_into_the_older_one(library):
    other = replace(CROSSREF, source="pubmed", source_key="77", identifiers=(PMID,), **UNLIKE)
    assert library.add([other], at=AT)[0].work_id == 2
    set_field(library, 2, "volume", "19", by="lin", why="title page", at=LATER)
    library.add(
        [Record(source="openalex", source_key="W", retrieved_at=NEXT, identifiers=(DOI, PMID))], at=NEXT
    )
    assert overrides(library) == [(1, "volume", "19", "lin", "title page")]
    assert row(library)["volume"] == "19"
    assert not list(library.rows("PRAGMA foreign_key_check"))


def test_two_works_that_are_corrected_alike_stay_two(library):
    other = replace(CROSSREF, source_key="other", identifiers=(), **UNLIKE)
    assert library.add([other], at=AT)[0].work_id == 2
    for work_id in (1, 2):
        set_field(library, work_id, "publisher", "Paste Press", by="lin", at=LATER)
    assert [one[0] for one in overrides(library)] == [1, 2]


def test_two_works_whose_doubtful_texts_are_accepted_alike_stay_two(tmp_path):
    chatter = "好的，以下是翻译：图书馆浆糊的干燥。希望对您有帮助！"
    with Library(tmp_path / "library.db") as library:
        for key, unlike in (("a", {}), ("b", {"locus": Locus("1", "2", "3-9"), "issued": PartialDate(1999)})):
            ids = (Identifier(Scheme.DOI, f"10.5555/{key}"),)
            english = replace(CROSSREF, source_key=key, identifiers=ids, **unlike)
            said = replace(
                english, source="aggregator", titles=(Text(chatter, "zh-Hans", Origin.AGGREGATOR),)
            )
            library.add([english, said], at=AT)
        for work_id in (1, 2):
            accept_text(library, work_id, "title", by="lin", at=LATER)
        assert [one[0] for one in library.rows("SELECT work_id FROM works ORDER BY 1")] == [1, 2]


@pytest.mark.parametrize("corrected", [0, 1])
def test_a_correction_reaches_the_work_that_was_named_though_two_works_have_one_key(tmp_path, corrected):
    line = Record(source="document", source_key="list.txt:3", retrieved_at=AT, identifiers=(DOI,))
    dois = ("10.5555/dust", "10.5555/soot")
    with Library(tmp_path / "lines.db") as library:
        library.add(
            [replace(line, **UNLIKE, identifiers=(Identifier(Scheme.DOI, one),)) for one in dois], at=AT
        )
        by_doi = dict(tuple(one) for one in library.rows("SELECT doi, work_id FROM works"))
        work_id = by_doi[dois[corrected]]
        set_field(library, work_id, "volume", "77", by="lin", at=LATER)
        said = {one["doi"]: one["volume"] for one in library.rows("SELECT doi, volume FROM works")}
        assert said == {dois[corrected]: "77", dois[1 - corrected]: "1"}
        unset_field(library, work_id, "volume", by="lin", at=NEXT)
        assert row(library, work_id)["volume"] == "1"


def test_what_was_said_before_another_persons_last_word_can_be_said_again(library):
    other = replace(CROSSREF, source="document", source_key="x", **UNLIKE, identifiers=(), retracted=None)
    library.add([other], at=AT)
    [second] = [one[0] for one in library.rows("SELECT work_id FROM works WHERE work_id > 1")]
    set_field(library, 1, "volume", "77", by="topor", at=AT)
    set_field(library, second, "volume", "78", by="lin", at=LATER)
    accept_match(library, 1, second, by="lin", at=LATER)
    assert row(library)["volume"] == "78"
    for_topor = {"by": "topor", "why": None}
    change = set_field(library, 1, "volume", "77", at=NEXT, **for_topor)
    assert (change.is_new, row(library)["volume"]) == (True, "77")
    assert not set_field(library, 1, "volume", "77", at=NEXT, **for_topor).is_new


def test_a_correction_of_the_container_keeps_issns_and_abbreviation(library):
    set_field(library, 1, "container_title", "Journal of Paste", by="lin", at=LATER)
    assert library.work(1).container == Container("Journal of Paste", abbreviation="JP", issns=("9999-9994",))


def test_a_correction_of_the_authors_keeps_the_editors(library):
    set_field(library, 1, "authors", "Lin, M.; Wu, F.", by="lin", at=LATER)
    assert [(one.name, one.role) for one in library.work(1).contributors] == [
        ("M. Lin", "author"),
        ("F. Wu", "author"),
        ("Ida Berg", "editor"),
    ]


def test_no_stands_against_services_that_say_yes(library):
    set_field(library, 1, "retracted", "no", by="lin", at=LATER)
    assert row(library)["retracted"] == 0


def test_a_traditional_title_stands_before_a_simplified_one(library):
    set_field(library, 1, "title_zh", "論圖書館漿糊的乾燥", by="lin", at=LATER)
    assert (row(library)["title_zh"], row(library)["title_zh_origin"]) == ("論圖書館漿糊的乾燥", "human")
    set_field(library, 1, "title_zh", "论浆糊", by="lin", at=NEXT)
    assert row(library)["title_zh"] == "论浆糊"


def test_setting_the_same_twice_writes_nothing(library):
    assert set_field(library, 1, "volume", "19", by="lin", at=LATER).is_new
    before = [tuple(one) for one in library.rows("SELECT * FROM works")]
    assert not set_field(library, 1, "volume", "19", by="lin", at=NEXT).is_new
    assert [tuple(one) for one in library.rows("SELECT * FROM works")] == before


def test_unset_gives_the_field_back_to_the_sources_and_the_history_keeps_both(library):
    set_field(library, 1, "title", "On paste", by="lin", why="the title page", at=LATER)
    set_field(library, 1, "title_en", "On glue", by="wu", at=LATER)
    assert row(library)["title"] == "On glue"
    change = unset_field(library, 1, "title", by="wu", at=NEXT)
    assert (change.before, change.after) == ("On glue", "On the drying of library paste")
    assert row(library)["title_en"] == "On the drying of library paste"
    assert overrides(library) == []
    told = [(one.by, one.decision, one.before, one.after, one.why, one.holds) for one in history(library, 1)]
    assert told == [
        ("lin", "set", "On the drying of library paste", "On paste", "the title page", False),
        ("wu", "set", "On paste", "On glue", None, False),
        ("wu", "unset", "On glue", "On the drying of library paste", None, False),
    ]


def test_what_was_unset_can_be_set_again_in_the_same_second(library):
    for _ in range(3):
        set_field(library, 1, "volume", "19", by="lin", at=LATER)
        assert row(library)["volume"] == "19"
        unset_field(library, 1, "volume", by="lin", at=LATER)
        assert row(library)["volume"] == "8"
    assert len(history(library, 1)) == 6


def test_unset_of_what_nobody_corrected_is_wrong_usage(library):
    with pytest.raises(UsageError, match="was not corrected by anybody"):
        unset_field(library, 1, "volume", by="lin", at=LATER)


def test_nobody_corrects_anonymously(library):
    with pytest.raises(UsageError, match="--by is empty"):
        set_field(library, 1, "volume", "19", by=" ", at=LATER)


def test_a_correction_is_claimed_as_one_and_explained(library):
    set_field(library, 1, "volume", "19", by="lin", at=LATER)
    rules = dict(map(tuple, library.rows("SELECT field, rule FROM claims WHERE work_id = 1")))
    assert (rules["volume"], rules["issue"]) == (
        "a person's correction",
        "best source, completed only by a source that agrees with it",
    )
    told = next(one for one in explain(library.records(1), library.policy) if one.field == "volume")
    assert (told.value, told.winner.record.source) == ("19", "curator")
    assert [(one.value, str(one.why_not)) for one in told.losers] == [
        ("8", "a person's correction stands above it")
    ]


# -- the sources changed under it -------------------------------------------------------------------------------


def test_a_correction_is_listed_when_its_sources_say_something_else_and_until_it_is_confirmed(library):
    set_field(library, 1, "volume", "19", by="lin", at=LATER)
    assert list(outdated(library)) == []
    library.add([replace(CROSSREF, retrieved_at=NEXT, publisher="Paste Press")], at=NEXT)
    assert list(outdated(library)) == []
    library.add([replace(CROSSREF, retrieved_at="2026-11-24", locus=Locus("20", "4", "275-293"))], at=NEXT)
    assert [(one.field, one.value, one.sources_said, one.sources_say) for one in outdated(library)] == [
        ("volume", "19", "8", "20")
    ]
    assert set_field(library, 1, "volume", "19", by="lin", at=NEXT).is_new
    assert list(outdated(library)) == []
    assert row(library)["volume"] == "19"


# -- at the command line ----------------------------------------------------------------------------------------


@pytest.fixture
def stocked(harvester):
    with Library(harvester.db) as library:
        library.add([CROSSREF, CHINESE], at=AT)
    return harvester


def test_set_history_review_and_unset_at_the_command_line(stocked):
    done = stocked("set", DOI.value, "volume", "19", "--by", "lin", "--why", "title page")
    assert (done.code, done.out) == (0, "")
    assert "work 1, volume: 8 -> 19 (by lin)" in done.err
    assert "nothing written" in stocked("set", "1", "volume", "19", "--by", "lin", "--why", "title page").err
    told = json.loads(stocked("history", "1", "--json").out)
    assert [(one["by"], one["before"], one["after"], one["why"]) for one in told] == [
        ("lin", "8", "19", "title page")
    ]
    with Library(stocked.db) as library:
        library.add([replace(CROSSREF, retrieved_at="2099-01-01T00:00:00Z", locus=Locus("20"))], at=NEXT)
    assert "1 corrections under which the sources changed" in stocked("review").err
    listed = json.loads(stocked("review", "--kind", "overrides", "--json").out)
    assert [(one["sources_said"], one["sources_say"]) for one in listed] == [("8", "20")]
    assert "the sources say" in stocked("review", "--kind", "overrides").out
    undone = stocked("--lang", "zh", "unset", "1", "volume", "--by", "lin")
    assert (undone.code, "19 -> 20" in undone.err) == (0, True)
    assert "unset" in stocked("history", "1").out


def test_a_value_can_be_piped_in(stocked):
    done = stocked("set", "1", "abstract_en", "-", "--by", "lin", stdin="AIM: paste.\nRESULT: dry.\n")
    assert done.code == 0
    with Library(stocked.db) as library:
        assert row(library)["abstract_en"] == "AIM: paste.\nRESULT: dry."


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("set", "1", "volum", "19", "--by", "lin"), "did you mean volume"),
        (("set", "1", "volume", "", "--by", "lin"), "harvester unset"),
        (("set", "1", "volume", "8 1", "--by", "lin"), "two numbers in one field"),
        (("set", "9", "volume", "19", "--by", "lin"), "9"),
        (("set", "1", "volume", "19"), "--by"),
        (("unset", "1", "volume", "--by", "lin"), "was not corrected by anybody"),
        (("review", "--kind", "zzz"), "--kind is"),
    ],
)
def test_wrong_words_are_exit_2_and_one_sentence(stocked, args, told):
    done = stocked(*args)
    assert (done.code, told in done.err, "Traceback" in done.err) == (2, True, False)


def test_work_types_are_told_apart_once():
    assert len(set(WORK_TYPES)) == len(WORK_TYPES)


# -- where it hangs ------------------------------------------------------------------------------------------


def said(key, *identifiers, night=1):
    return Record(
        source="crossref", source_key=key, retrieved_at=f"2026-11-{night:02d}T03:00:00Z",
        identifiers=tuple(Identifier(Scheme(scheme), value) for scheme, _, value in (one.partition(":") for one in identifiers)),
        titles=(Text(f"On {key}, night {night}", "en", Origin.PUBLISHER),),
    )  # fmt: skip


def keep(library, *records):
    """The works of the records, each added for itself."""
    return [library.add([one], at=one.retrieved_at)[0].work_id for one in records]


def parts(library):
    """The works as sets of what sources say, and the publisher of each, which people correct here."""
    works = [library.work(row[0]) for row in list(library.rows("SELECT work_id FROM works ORDER BY work_id"))]
    return [({claim.column for claim in work.provenance} & {"doi", "pmid"}, work.publisher) for work in works]


def correct(library, work, value, night=20):
    return set_field(library, work, "publisher", value, by="lin", at=f"2026-11-{night:02d}T03:00:00Z").after


@pytest.fixture
def two(tmp_path):
    with Library(tmp_path / "two.db") as library:
        yield library


def test_each_of_two_works_with_one_key_is_corrected_in_one_second_and_keeps_it(two):
    one, other = keep(two, said("line 3", "doi:10.5555/a"), said("line 3", "doi:10.5555/b", night=2))
    assert one != other
    assert (correct(two, one, "Paste House"), correct(two, other, "Glue House")) == (
        "Paste House",
        "Glue House",
    )
    keep(two, said("line 3", "doi:10.5555/a", night=21), said("line 3", "doi:10.5555/b", night=22))
    two.remerge(at="2026-11-23T03:00:00Z")
    assert parts(two) == [({"doi"}, "Paste House"), ({"doi"}, "Glue House")]
    unset_field(two, other, "publisher", by="lin", at="2026-11-24T03:00:00Z")
    assert parts(two) == [({"doi"}, "Paste House"), ({"doi"}, None)]


def test_a_correction_stays_with_its_record_when_what_comes_later_has_the_same_key(two):
    [work] = keep(two, said("line 3"))
    correct(two, work, "Paste House")
    keep(two, *(said("line 3", f"doi:10.5555/{letter}", night=21) for letter in "abcd"))
    [told] = [each for each in map(two.records, range(1, 5)) if any(one.source == "curator" for one in each)]
    assert said("line 3") in told


def test_a_correction_moves_no_record_to_another_work(two):
    # PMID 1 alone could be either work: which one, no correction of the other one decides.
    keep(two, said("c", "pmid:1"), said("a", "doi:10.5555/a", "pmid:1"), said("b", "doi:10.5555/b", "pmid:1"))
    before = [[one for one in two.records(work) if one.source == "crossref"] for work in (1, 2)]
    for number in range(12):
        for work in (1, 2):
            value = f"House {number} of {work}"
            assert correct(two, work, value, night=number + 3) == value
    assert [[one for one in two.records(work) if one.source == "crossref"] for work in (1, 2)] == before


def test_a_correction_vouches_for_no_identifier(two):
    keep(two, said("a", "doi:10.5555/a", "s2:1"), said("p", "pmid:1", "s2:1"))
    correct(two, 1, "Paste House")
    keep(two, said("b", "doi:10.5555/b", "pmid:1", night=21))
    assert [one.identifiers[0].value for one in map(two.work, (1, 2))] == ["10.5555/a", "10.5555/b"]
    assert parts(two) == [({"doi"}, "Paste House"), ({"doi", "pmid"}, None)]
