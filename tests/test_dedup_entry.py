"""The benchmark that deduplicates a file, and what it must reach on labelled bibliographies."""

import gzip
import shutil

import pytest

from benchmarks import bibliographies, dedup, held_out, weighing
from harvester.evidence import decide
from harvester.features import features_of
from harvester.linkage import works_of
from harvester.similarity import compare
from harvester.weights import WEIGHTS
from tests.conftest import SHARED

WEIGHTS_BEFORE = {name: dict(levels) for name, levels in WEIGHTS.items()}
HEAD = "id,title,author,year,container_title,volume,number,pages,doi,colour"
ROWS = (
    '1,Starch ageing in closed stacks,"Zuber, J and Feld, J",1999,Paper and Ink,4,1,3-9,NA,red',
    "2,STARCH AGEING IN CLOSED STACKS.,Zuber J.Feld J.,1999,Paper Ink,4,,3-9,,blue",
    '3,Erratum: Starch ageing in closed stacks,"Zuber, J and Feld, J",1999,Paper and Ink,4,2,77,,',
)  # fmt: skip


@pytest.fixture
def bibliography(tmp_path):
    folder = tmp_path / "sets" / "tiny"
    folder.mkdir(parents=True)
    with gzip.open(folder / "records.csv.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join((HEAD, *ROWS)))
    with gzip.open(folder / "truth.csv.gz", "wt", encoding="utf-8") as file:
        file.write("id,cluster\n1,a\n2,a\n3,b\n")
    return folder


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_a_file_of_records_is_deduplicated_for_any_seed(bibliography, tmp_path, seed):
    out = tmp_path / "out.csv"
    assert dedup.main([str(bibliography / "records.csv.gz"), str(out), "--seed", seed]) == 0
    assert out.read_text() == "id,cluster\n1,0\n2,0\n3,1\n"


def test_without_a_file_the_call_is_refused(capsys):
    with pytest.raises(SystemExit):
        dedup.main([])
    assert "--table" in capsys.readouterr().err


def test_shuffles_are_told_set_by_set(bibliography, capsys):
    assert dedup.main(["--table", "--sets", str(bibliography.parent), "--shuffles", "4"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["tiny", "3", "4", "of", "4", "same"]


def test_copies_under_two_dois_are_one_text_and_two_works(bibliography):
    said = "A rare essay on paste,Quint M,1979,Glue,33,,97-101"
    rows = [
        bibliographies.record_of(
            dict(zip(HEAD.split(","), f"{n},{said},10.5555/{n},".split(","), strict=True))
        )
        for n in (1, 2)
    ]
    assert dedup.ours({"1": rows[0], "2": rows[1]}).clusters == {"1": 0, "2": 0}
    assert len(works_of({one: features_of(row) for one, row in enumerate(rows)})) == 2


@pytest.mark.parametrize("pages, texts", [("97-101", 1), ("31-36", 2)])
def test_one_volume_and_its_pages_under_two_names_of_a_journal_is_one_text(pages, texts):
    said = "1,A rare essay on paste,Quint M,1979,{},33,,{},10.5555/{},"
    lines = (said.format("Glue", "97-101", 1), said.format("Annals of another trade", pages, 2))
    rows = {
        str(n): bibliographies.record_of(dict(zip(HEAD.split(","), line.split(","), strict=True)))
        for n, line in enumerate(lines)
    }
    assert len(set(dedup.ours(rows).clusters.values())) == texts


def test_the_usual_rule_joins_one_title_of_one_year(bibliography):
    found = dedup.plain(bibliographies.records(bibliography / "records.csv.gz")).clusters
    assert found["1"] == found["2"] != found["3"]


def test_a_peer_that_cannot_be_run_is_none(bibliography):
    assert dedup.peer(bibliography, "/bin/false") is None


def test_labelled_pairs_weigh_the_evidence_also_as_citations_would_tell_them(bibliography):
    features = {
        one: features_of(each)
        for one, each in bibliographies.records(bibliography / "records.csv.gz").items()
    }
    whole, *lesser = weighing.labelled(bibliography, features)
    assert [(levels.title, levels.pages, is_same) for levels, is_same in whole] == [("same", "range", True)]
    assert {(levels.year, levels.pages) for pairs in lesser for levels, _ in pairs} == {("unknown", "unknown"), ("same", "unknown")}  # fmt: skip
    fitted = weighing.fit({"tiny": (whole, *lesser)})
    assert fitted["title", "same"] > weighing.fit({})["title", "same"] == 3
    assert fitted["title", "unlike"] == weighing.fit({})["title", "unlike"] == -4


def test_no_weight_of_evidence_against_is_lost_by_a_fit(bibliography):
    """Every pair of the set is one work, its titles unlike: the fit would like such titles."""
    records = bibliographies.records(bibliography / "records.csv.gz")
    one, other = features_of(records["1"]), features_of(records["3"])
    pairs = weighing.Pairs({(compare(one, other), True): 90})
    assert weighing.fit({"tiny": (pairs,)})["marks", "differ"] == -3


def test_other_weights_are_in_force_only_for_a_while():
    paste = features_of(bibliographies.record_of({"id": "1", "title": "Starch ageing in closed stacks", "author": "Zuber, J and Feld, J"}))  # fmt: skip
    before = decide(paste, paste)
    with held_out.in_force({("title", "same"): 0.0}):
        assert decide(paste, paste).score == pytest.approx(before.score - WEIGHTS_BEFORE["title"]["same"])
    assert decide(paste, paste) == before


def test_sets_are_held_out_by_family(bibliography, capsys):
    assert [held_out.family(name) for name in ("bibdedupe_a", "hair_b", "dblp_c", "cora")] == ["searches", "searches", "dblp", "cora"]  # fmt: skip
    scorer = SHARED / "dedup" / "score.py"
    if not scorer.exists():
        pytest.skip(f"{scorer} is missing: the scorer of the labelled sets is not part of the project")
    shutil.copy(scorer, bibliography.parent)
    assert held_out.main(["--sets", str(bibliography.parent)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == [
        "tiny",
        "1.0000",
        "0",
        "0",
        "1.0000",
        "0",
        "0",
    ]


@pytest.mark.parametrize("raw, names", [
    ("Tan A.Schulze A.O'Donnell C. P.", ["Tan A.", "Schulze A.", "O'Donnell C. P."]), ("Joshi VHBhuta T", ["Joshi VH", "Bhuta T"]), ("UNKNOWN", ["UNKNOWN"]),
    ("BergnerC.L.SmolinskyA.N.", ["Bergner C.L.", "Smolinsky A.N."]), ("m. kearns, r. schapire, and y. freund", ["m. kearns", "r. schapire", "y. freund"]),
    ("Zuna, R E and Wang, S S", ["Zuna, R E", "Wang, S S"]), ("kearns, m. j.", ["kearns, m. j."]), ("Duke RB, Keeler MH", ["Duke RB", "Keeler MH"]),
])  # fmt: skip
def test_a_column_of_authors_is_read_however_it_is_written(raw, names):
    record = bibliographies.record_of({"id": "1", "author": raw})
    assert [one.name for one in record.contributors] == names


# Pairwise F1 at least, and pairs wrongly merged at most; measured, with room for nothing.
FLOORS = {
    "bibdedupe_stroke": (0.997, 0), "bibdedupe_haematology": (0.898, 0), "bibdedupe_cytology_screening": (1.0, 0), "bibdedupe_diabetes": (1.0, 0),
    "bibdedupe_cases": (1.0, 0), "mckeown_hard": (0.95, 0), "s2apler_test": (0.82, 0), "zh_en_crosslingual": (0.95, 0), "dblp_acm": (0.978, 18), "dblp_scholar": (0.855, 30),
}  # fmt: skip


@pytest.mark.parametrize("name", FLOORS)
def test_a_labelled_bibliography_is_deduplicated_as_well_as_measured(name):
    folder = SHARED / "dedup" / name
    if not folder.exists():
        pytest.skip(f"{folder} is missing: the labelled sets are not part of the project")
    found = dedup.score(folder, dedup.ours(bibliographies.records(folder / "records.csv.gz")))
    least, most_wrong = FLOORS[name]
    assert found["F1"] >= least
    assert found["FP"] <= most_wrong


@pytest.mark.parametrize("name, least", [("fuzzycat_verify", 0.9), ("hair_hard_pairs", 0.89)])
def test_no_pair_that_is_labelled_different_is_merged(name, least):
    folder = SHARED / "dedup" / name
    if not folder.exists():
        pytest.skip(f"{folder} is missing: the labelled sets are not part of the project")
    found = dedup.score(folder, dedup.ours(bibliographies.records(folder / "records.csv.gz")))
    assert found["FP"] == 0
    assert found["F1"] >= least
