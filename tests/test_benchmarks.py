"""Every benchmark runs through its real entry point, at a size of seconds, and says what it promises."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import samples
from benchmarks.canon import Content, canonical, compared
from benchmarks.faults import EXPECTED, trials
from benchmarks.harvest import bound_s, fewest
from benchmarks.measure import percentile
from benchmarks.shelves import fill
from benchmarks.sizes import own_bytes
from harvester.ledger import Run
from harvester.load import load_document
from harvester.model import Origin, Record, Text
from harvester.store import Library

ROOT = Path(__file__).parents[1]
NIGHT = "2026-11-21T03:00:00Z"


def bench(module, *arguments):
    """The figures that the benchmark prints."""
    command = [sys.executable, "-m", module, *map(str, arguments), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


# -- the benchmarks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["envelope", "crossref"])
def test_loading_is_measured_beside_five_other_ways(kind):
    figures = bench("benchmarks.load", "--records", 30, "--kind", kind, "--rounds", 1)

    assert {one["measure"] for one in figures} == {
        f"load {kind}: harvester",
        f"load {kind}: harvester on one core",
        f"load {kind}: sqlite3",
        f"load {kind}: sqlite3 + fts5",
        f"load {kind}: sqlite-utils",
        f"load {kind}: sqlite-utils + fts",
    }
    units = [one["unit"] for one in figures if one["measure"] == f"load {kind}: harvester"]
    assert units == ["records a CPU second", "records a second", "MB at most", "bytes a record"]
    assert all(one["value"] > 0 for one in figures)


def test_the_profile_of_loading_leaves_no_cpu_time_out():
    *stages, whole = bench("benchmarks.load", "--profile", "--records", 200, "--kind", "envelope")

    assert whole["measure"] == "load envelope: all"
    assert sum(one["ratio"] for one in stages) == pytest.approx(1)
    assert sum(one["value"] for one in stages) == pytest.approx(whole["value"])
    busy = {one["measure"] for one in stages if one["value"] > 0}
    assert busy >= {"load envelope: reading", "load envelope: checking translations", "load envelope: SQLite"}


def test_what_a_work_takes_is_told_beside_what_it_says(tmp_path):
    with Library(tmp_path / "library.db") as library:
        said = {
            "source_key": "k",
            "retrieved_at": "2026-11-21T03:00:00Z",
            "titles": (Text("浆糊", "zh", Origin.PUBLISHER),),
        }
        library.add([Record(source="a", extra='{"x":["k",7],"y":"{\\"z\\":\\"new\\"}"}', **said)], at="2026")
        of_works, with_fields, with_all = own_bytes(library)
    assert of_works == len("浆糊".encode()) + len("1zh") + len("publisher") + len("2026")
    assert with_fields - of_works == len("a") + len("k") + len("2026-11-21T03:00:00Z")
    assert with_all - with_fields == len("7") + len("new")
    figures = bench("benchmarks.sizes", "--records", 30)
    [whole] = [one["value"] for one in figures if one["measure"] == "sizes envelope: file"]
    assert whole > max(one["value"] for one in figures if one["ratio"] is not None)


def test_searching_finds_what_a_plain_scan_finds():
    figures = bench("benchmarks.search", "--works", 40)

    judged = {
        (one["measure"], one["unit"]): one["ratio"]
        for one in figures
        if one["unit"] in {"recall", "precision"}
    }
    assert judged == {
        ("search one Chinese character", "recall"): 1.0,
        ("search one Chinese character", "precision"): 1.0,
        ("search two Chinese characters", "recall"): 1.0,
        ("search two Chinese characters", "precision"): 1.0,
        ("search four Chinese characters", "recall"): 1.0,
        ("search four Chinese characters", "precision"): 1.0,
        ("search an English word", "recall"): 1.0,
        ("search an English word", "precision"): 1.0,
        ("search an author", "recall"): 1.0,
        ("search an author", "precision"): 1.0,
    }
    assert [one["value"] for one in figures if one["unit"] == "not found"] == [0]
    [chinese] = [one for one in figures if one["measure"] == "search index, Chinese"]
    assert chinese["ratio"] < 1.2


def test_the_works_to_be_searched_have_texts_in_both_languages(tmp_path):
    with Library(tmp_path / "library.db") as library:
        fill(library, 60)
        query = "SELECT count(title_en), count(title_zh), count(abstract_en), count(abstract_zh) FROM works"
        english, chinese, abstracts, chinese_abstracts = next(library.rows(query))
    assert (english, chinese, abstracts) == (60, 60, 60)
    assert 10 < chinese_abstracts < 40


def test_harvesting_asks_as_few_requests_as_can_be():
    figures = bench(
        "benchmarks.harvest", "--dois", 20, "--sources", "crossref,pubmed,openalex,semanticscholar"
    )

    assert figures[0]["to"] == (
        "the bound, 0.7 s (1 crossref list, 1 doi ra, 1 openalex list, 1 pubmed fetch, 1 pubmed search, 1 s2 batch)"
    )
    assert [one["value"] for one in figures if one["unit"] == "answers 429"] == [0]


def test_bad_answers_end_in_the_right_outcome_and_leave_nothing_behind():
    figures = bench("benchmarks.faults", "--kills", 0, "--faults", 12)

    assert [(one["unit"], one["value"]) for one in figures] == [
        ("wrong outcomes", 0),
        ("records of them", 0),
        ("records lost when asked again", 0),
        ("records doubled when asked again", 0),
        ("records wrong when asked again", 0),
        ("works wrong when asked again", 0),
        ("complaints of the checks when asked again", 0),
    ]


def test_a_killed_run_is_finished_by_the_next_one():
    figures = bench("benchmarks.faults", "--kills", 1, "--faults", 0, "--records", 60, "--dois", 30)

    judged = [one for one in figures if one["unit"] != "kills"]
    assert len(judged) == 12
    assert {one["value"] for one in judged} == {0}


# -- the samples -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["envelope", "crossref"])
def test_the_same_number_gives_the_same_record(kind):
    assert list(samples.lines(kind, 5)) == list(samples.lines(kind, 5))


def test_one_record_in_ten_repeats_an_earlier_doi_and_half_of_those_in_upper_case():
    dois = [samples.envelope(number)["doi"] for number in range(1000)]
    repeated = [number for number in range(1000) if samples.work_of(number) != number]

    assert 70 < len(repeated) < 130
    assert len({doi.lower() for doi in dois}) == 1000 - len(repeated)
    assert 20 < sum(dois[number].isupper() for number in repeated) < 80


@pytest.mark.parametrize("kind, least, most", [("envelope", 3000, 3900), ("crossref", 6000, 7300)])
def test_records_are_of_the_size_that_they_have_out_there(kind, least, most):
    sizes = [len(line.encode()) for line in samples.lines(kind, 200)]
    assert least < sum(sizes) / 200 < most


# -- the judges --------------------------------------------------------------------------------------------


def test_a_lost_a_doubled_and_a_wrong_record_are_counted():
    expected = Content()
    expected.records.update(["a", "b", "c"])
    expected.works.update(["A", "B"])
    found = Content(unsound=("row 1 missing",))
    found.records.update(["b", "c", "c", "d"])
    found.works.update(["A", "X"])

    assert compared(found, expected) == {
        "records lost": 1,
        "records doubled": 1,
        "records wrong": 1,
        "works wrong": 2,
        "complaints of the checks": 1,
    }


def test_ids_and_times_make_no_difference_but_texts_do(tmp_path):
    first, second = (list(samples.lines("envelope", 6)) for _ in range(2))
    second.reverse()
    contents = []
    for name, lines, at in (
        ("one", first, NIGHT),
        ("two", second, "2026-11-22T03:00:00Z"),
        ("few", first[:5], NIGHT),
    ):
        document = tmp_path / "records.jsonl"
        document.write_text("\n".join(lines), encoding="utf-8")
        with Library(tmp_path / f"{name}.db") as library:
            load_document(library, str(document), Run(library, "load", at=at))
        contents.append(canonical(tmp_path / f"{name}.db"))

    assert contents[0].works == contents[1].works
    assert contents[0].works != contents[2].works
    assert contents[0].unsound == ()


def test_every_fault_comes_at_every_service_singly_and_in_a_batch_before_any_comes_again():
    drawn = trials(80, seed=3)

    assert {(one.service, one.word, len(one.identifiers)) for one in drawn} == {
        (service, word, size)
        for service in ("crossref", "semanticscholar")
        for word in EXPECTED.keys() - {"ok"}
        for size in (1, 2)
    }


def test_the_bound_is_that_of_the_slowest_service():
    made = {"crossref list": 10, "s2 batch": 2}
    assert (fewest(1000, "crossref"), fewest(1000, "semanticscholar")) == (
        {"crossref list": 10},
        {"s2 batch": 2},
    )
    assert bound_s(made, ("crossref", "semanticscholar")) == pytest.approx(3.3)
    assert bound_s(made | {"s2 batch": 5}, ("crossref", "semanticscholar")) == pytest.approx(4.3)
    assert bound_s(fewest(1000, "pubmed"), ("pubmed",)) == pytest.approx(11 / 10 + 0.6)


def test_percentiles_are_values_that_occurred():
    assert percentile([3.0, 1.0, 2.0, 4.0], 0.5) == 2.0
    assert percentile([3.0, 1.0, 2.0, 4.0], 0.95) == 4.0
