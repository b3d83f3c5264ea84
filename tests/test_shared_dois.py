"""A DOI that many unlike titles share is no evidence, in whatever files, services and order the records come."""

import json
from itertools import permutations
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.curation import set_field
from harvester.deciding import accept_match, split
from harvester.ledger import Run
from harvester.load import load_document
from harvester.match import clusters
from harvester.model import Contributor, Identifier, Origin, PartialDate, Record, Scheme, Text
from harvester.shared_dois import shared_among
from harvester.store import Library
from tests.library_model import sharing_records, works_of
from tests.test_store import content

NIGHT = "2026-11-21T03:00:00Z"
LATER = "2026-11-22T03:00:00Z"
DOI = "10.5555/supplement"
ABSTRACTS = (
    "Glycaemic variability after bariatric surgery in adolescents",
    "Retinal screening by telephone in remote mountain valleys",
    "Sleep apnoea and nocturnal enuresis among shepherds",
    "Exercise, ketone bodies and the ageing heart",
    "Pancreatic islets on a chip: oxygen, flow and failure",
    "A school garden lowers sugar intake",
    "Foot ulcers healed with honey dressings",
    "Which insulin pump do pilots choose?",
    "Microbiota transfer between siblings with coeliac disease",
    "Cost of dialysis in island hospitals",
)


def record(title, *, key=DOI, source="document", language="en", people=("Mei Lin", "Ada Topor"), at=NIGHT, pmid=None, doi=DOI, **said):  # fmt: skip
    told = [Identifier(Scheme.DOI, doi)] if doi else []
    return Record(
        source=source,
        source_key=key,
        retrieved_at=at,
        identifiers=tuple(told + ([Identifier(Scheme.PMID, pmid)] if pmid else [])),
        titles=(Text(title, language, Origin.UNKNOWN),) if title else (),
        contributors=tuple(map(Contributor, people)),
        issued=PartialDate(2017),
        **said,
    )


def abstracts(count=10, **said):
    return [
        record(title, people=(f"Ada Number{place}", f"Mei Other{place}"), document=f"{place}.ris:1", **said)
        for place, title in enumerate(ABSTRACTS[:count])
    ]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "library.db"


@pytest.fixture
def library(path):
    with Library(path) as opened:
        yield opened


def works(library):
    rows = library.rows("SELECT title, doi FROM works ORDER BY title")
    return [(row[0], row[1]) for row in rows]


EACH_BY_ITSELF = sorted((title, None) for title in ABSTRACTS)
EACH_BY_ITSELF_OF_FOUR = sorted((title, None) for title in ABSTRACTS[:4])


# -- many titles ---------------------------------------------------------------------------------------------


def test_ten_abstracts_with_the_doi_of_their_supplement_are_ten_works_at_once(library):
    library.add(abstracts(), at=NIGHT)
    assert works(library) == EACH_BY_ITSELF


def test_ten_abstracts_in_ten_files_are_ten_works(library):
    for one in abstracts():
        library.add([one], at=NIGHT)
    assert works(library) == EACH_BY_ITSELF


def test_ten_abstracts_in_two_loads_are_ten_works_and_loading_again_changes_nothing(path):
    with Library(path) as library:
        library.add(abstracts()[:2], at=NIGHT)
        library.add(abstracts(at=LATER)[2:], at=LATER)
        assert works(library) == EACH_BY_ITSELF
        before = content(path)
        library.add(abstracts(at="2026-11-23T03:00:00Z"), at="2026-11-23T03:00:00Z")
    assert content(path) == before


def test_each_abstract_is_answered_with_its_own_work(library):
    stored = library.add(abstracts(), at=NIGHT)
    titles = [
        next(library.rows("SELECT title FROM works WHERE work_id = ?", (one.work_id,)))[0] for one in stored
    ]
    assert titles == list(ABSTRACTS)


def test_a_remerge_finds_the_same_works(library):
    for one in abstracts():
        library.add([one], at=NIGHT)
    assert library.remerge(at=LATER) == 0
    assert works(library) == EACH_BY_ITSELF
    assert not list(library.differences())


def test_the_doi_stays_with_what_the_agency_says_of_it_whenever_it_comes(tmp_path):
    book = record("Abstracts of the fifty-third annual meeting", source="crossref", people=())
    line = record("Abstracts of the fifty-third annual meeting", people=(), document="list.csv:2")
    some = [*abstracts(4), book, line]
    for number, order in enumerate(
        [some, some[::-1], [book, *some[:4], line], [*some[:2], book, line, *some[2:4]]]
    ):
        with Library(tmp_path / str(number)) as library:
            for one in order:
                library.add([one], at=NIGHT)
            found = works(library)
            assert [title for title, doi in found if doi == DOI] == [
                "Abstracts of the fifty-third annual meeting"
            ]
            assert len(found) == 5
            assert library.work(library.work_ids(Identifier(Scheme.DOI, DOI))[0]).identifiers


def test_one_abstract_in_two_files_is_one_work_by_what_it_says(library):
    again = [
        record(
            one.titles[0].value + ".", people=[each.name for each in one.contributors], document="other.ris:7"
        )
        for one in abstracts()[:4]
    ]
    for one in [*abstracts(), *again]:
        library.add([one], at=NIGHT)
    assert len(works(library)) == 10


def test_pubmed_ids_tell_abstracts_apart_that_share_a_doi(library):
    some = [
        record(title, source="pubmed", key=str(number), pmid=str(number))
        for number, title in enumerate(ABSTRACTS, 1)
    ]
    for one in some:
        library.add([one], at=NIGHT)
    rows = library.rows("SELECT pmid, doi FROM works ORDER BY CAST(pmid AS INTEGER)")
    assert [tuple(row) for row in rows] == [(str(number), None) for number in range(1, 11)]


def test_many_records_of_one_article_keep_its_doi_though_three_strangers_bear_it(library):
    title = "On the drying of library paste in closed stacks"
    services = [record(title, source="crossref"), record(title, source="openalex", key="W1")]
    library.add([*services, *abstracts(3)], at=NIGHT)
    assert [doi for _, doi in works(library) if doi] == [DOI]
    assert len(library.records(library.work_ids(Identifier(Scheme.DOI, DOI))[0])) == 2


def test_a_record_without_a_title_speaks_of_the_doi_itself(library):
    library.add([*abstracts(3), record(None, source="opencitations", key="count", people=())], at=NIGHT)
    assert works(library)[0] == (None, DOI)
    assert len(works(library)) == 4


def test_each_record_is_answered_with_the_doi_that_is_no_evidence(library):
    assert [one.disbelieved for one in library.add(abstracts(3), at=NIGHT)] == [(DOI,)] * 3
    agency = record("Abstracts of a meeting of islanders", source="crossref", people=())
    stored = library.add([*abstracts(4, at=LATER), agency], at=LATER)
    assert [one.disbelieved for one in stored] == [(DOI,)] * 4 + [()]


def test_a_load_names_the_doi_that_is_no_evidence(harvester):
    for number, title in enumerate(ABSTRACTS[:4]):
        (harvester.folder / f"{number}.csv").write_text(
            f'Title,Authors,Year,DOI\n"{title}",Lin M{number},2017,{DOI}\n', encoding="utf-8"
        )
    told = json.loads(harvester("load", "--offline", *(f"{number}.csv" for number in range(4)), "--json").out)
    assert [[(one["key"], one["times"]) for one in each["remarks"]] for each in told] == [
        [],
        [],
        [("odd-many-titles", 1)],
        [("odd-many-titles", 1)],
    ]
    assert len({work for each in told for work in each["works"]}) >= 3
    [again] = json.loads(harvester("load", "--offline", "0.csv", "--json").out)
    assert [one["key"] for one in again["remarks"]] == ["odd-many-titles"]


def test_a_remerge_takes_apart_what_an_earlier_version_made_one_work(library):
    with patch("harvester.shared_dois._LEAST", 99):
        library.add(abstracts(), at=NIGHT)
    assert len(works(library)) == 1
    library.remerge(at=LATER)
    assert works(library) == EACH_BY_ITSELF


# -- people -----------------------------------------------------------------------------------------------------


def test_a_correction_lands_on_one_of_the_abstracts_and_stays_there(library):
    stored = library.add(abstracts(4), at=NIGHT)
    for place, one in enumerate(stored):
        set_field(library, one.work_id, "title_en", f"Corrected by hand, number {place}", by="Mei", at=LATER)
    assert library.remerge(at=LATER) == 0
    assert [library.work(one.work_id).titles[0].value for one in stored] == [
        f"Corrected by hand, number {place}" for place in range(4)
    ]


def test_two_records_of_one_abstract_are_split_and_made_one_again(library):
    some = abstracts(4)
    again = record(
        some[0].titles[0].value + ".",
        people=[one.name for one in some[0].contributors],
        document="other.ris:7",
    )
    library.add(some, at=NIGHT)
    [stored] = library.add([again], at=NIGHT)
    assert not stored.is_new_work
    [one, other] = split(library, stored.work_id, [], by="Mei", at=LATER)
    library.remerge(at=LATER)
    assert len(works(library)) == 5
    accept_match(library, one, other, by="Mei", at=LATER)
    library.remerge(at=LATER)
    assert works(library) == EACH_BY_ITSELF_OF_FOUR


def test_two_abstracts_are_made_one_by_a_person_and_the_others_stay(library):
    stored = library.add(abstracts(4), at=NIGHT)
    accept_match(library, stored[0].work_id, stored[1].work_id, by="Mei", at=LATER)
    assert library.remerge(at=LATER) == 0
    assert len(works(library)) == 3


# -- one work --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "titles",
    [
        ABSTRACTS[:2],  # the mistake of one source
        (
            "On the drying of paste",
            "On the drying of paste: a trial in twelve closed stacks",
            "On the driing of paste.",
        ),
        (ABSTRACTS[0], ABSTRACTS[0].upper(), f"[{ABSTRACTS[0]}]", None),
        (ABSTRACTS[0], "Editorial", "Preface", ABSTRACTS[0]),  # a heading says too little
    ],
)
def test_records_with_one_doi_stay_one_work(titles):
    assert (
        len(clusters([record(title, document=f"{place}.ris:1") for place, title in enumerate(titles)])) == 1
    )


def test_titles_in_several_languages_are_never_unlike():
    told = [("Glycaemic variability after surgery", "en"), ("Blutzuckerschwankungen nach Operationen am Magen", "de"),
            ("Variabilité de la glycémie après chirurgie", "fr"), ("减重手术后的血糖波动", "zh-Hans"), ("Warten auf etwas anderes", "und")]  # fmt: skip
    assert len(clusters([record(title, language=language) for title, language in told])) == 1


def test_a_service_that_puts_its_title_right_twice_has_one_work():
    told = [
        record(title, source="crossref", at=f"2026-11-0{day}T03:00:00Z")
        for day, title in enumerate(ABSTRACTS[:3], 1)
    ]
    assert len(clusters(told)) == 1


# -- laws --------------------------------------------------------------------------------------------------------


@settings(max_examples=100)
@given(st.lists(sharing_records, min_size=3, max_size=8), st.randoms())
def test_what_is_no_evidence_depends_on_no_order_and_stays_so(some, random):
    shuffled = list(some)
    random.shuffle(shuffled)
    assert shared_among(shuffled) == shared_among(some)
    assert shared_among(some[:-1]).owners.keys() <= shared_among(some).owners.keys()


def test_every_order_gives_the_same_works(tmp_path):
    some = [
        *abstracts(3),
        record("Abstracts of a meeting of islanders", source="crossref"),
        record(None, key="k"),
    ]
    expected = works_of(some)
    assert len(expected) == 4
    for number, order in enumerate(list(permutations(some))[::7]):
        with Library(tmp_path / str(number)) as library:
            for one in order:
                library.add([one], at=NIGHT)
            ids = [row[0] for row in library.rows("SELECT work_id FROM works")]
            assert {frozenset(library.records(one)) for one in ids} == expected


# -- many of them ------------------------------------------------------------------------------------------------


def table(count, title):
    rows = (f"{title},Lin M,{2000 + number % 20},{DOI},Note {number}" for number in range(count))
    return "\n".join(["Title,Authors,Year,DOI,Keywords", *rows])


class Watched(Library):
    """A library that notes how many records each addition had to look at, its own among them."""

    sizes: list[int]

    def add(self, records, **said):
        stored = super().add(records, **said)
        self.sizes.append(self.breadth)
        return stored


def test_a_file_of_many_records_with_one_doi_is_not_merged_again_for_every_batch(path, tmp_path):
    (tmp_path / "many.csv").write_text(table(400, "On the drying of library paste"), encoding="utf-8")
    with patch("harvester.reader.BATCH", 10), Watched(path) as library:
        library.sizes = []
        load_document(library, str(tmp_path / "many.csv"), Run(library, "load", at=NIGHT).begin())
        assert (count_of(library, "works"), count_of(library, "records")) == (1, 400)
        assert library.sizes[-1] == 400
        assert sum(library.sizes) <= 4 * 400


def test_unlike_titles_on_one_doi_meet_nobody_once_that_is_evident(path):
    heads = ("paste", "glue", "vellum", "linen", "thread", "board", "leather", "cloth", "marble", "ribbon")
    words = [one + other for one in heads for other in heads if one != other]
    titles = [" ".join(words[(31 * number + 17 * place) % 90] for place in range(6)) for number in range(90)]
    with Watched(path) as library:
        library.sizes = []
        for title in titles:
            library.add([record(title, people=(), document=f"{title}.ris:1")], at=NIGHT)
        assert count_of(library, "works") == len(titles)
        assert max(library.sizes) < 20


def count_of(library, table):
    return next(library.rows(f"SELECT count(*) FROM {table}"))[0]


def test_what_only_follows_a_record_makes_no_doi_doubtful(library):
    library.add([record(ABSTRACTS[0], doi=None, key="k1")], at=NIGHT)
    follows = record(None, source="translation", key="t1", people=(), about=("document", "k1"))
    library.add([follows], at=NIGHT)  # as earlier versions wrote it, with identifiers
    assert works(library) == [(ABSTRACTS[0], None)]
    library.add([record(ABSTRACTS[0], key="k1", at=LATER)], at=LATER)
    assert works(library) == [(ABSTRACTS[0], DOI)]
