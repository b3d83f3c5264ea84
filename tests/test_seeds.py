"""The two documents that the program was made for, asked for from outside."""

import json
import sqlite3

import pytest

from tests.service import Scenario, running
from tests.service.seeds import work_of_seed_000
from tests.test_store import content, works


@pytest.fixture
def loaded(harvester, seed_000, seed_003):
    assert harvester("load", seed_000, seed_003).code == 0
    return harvester


def ask(program, query, *values):
    with sqlite3.connect(program.db) as reader:
        return reader.execute(query, values).fetchall()


def work(program, doi):
    with sqlite3.connect(program.db) as reader:
        reader.row_factory = sqlite3.Row
        return dict(reader.execute("SELECT * FROM works WHERE doi = ?", (doi,)).fetchone())


def test_seed_000_comes_out_as_the_contract_says(loaded):
    row = work(loaded, "10.1080/15487768.2016.1255276")
    assert row["title_en"] == (
        "“Everything is so relaxed and personal” – The construction of helpful relationships in "
        "individual placement and support"
    )
    assert row["title"] == row["title_en"]
    assert row["title_zh"] == "“一切都是那么轻松和个性化”-在个人安置和支持中建立有益的关系"
    assert row["title_zh_origin"] == "aggregator"
    assert row["language"] == "en"
    assert row["abstract_en"].startswith("The relationship with professionals")
    assert row["abstract_zh"] is None
    assert row["abstract_zh_origin"] is None
    assert [one["name"] for one in json.loads(row["authors"])] == ["A. Topor", "A. Ljungberg"]
    assert row["container_title"] == "American journal of psychiatric rehabilitation"
    assert (row["volume"], row["issue"], row["pages"]) == (None, None, "275-293")
    assert (row["issued"], row["year"]) == ("2016-10-01", 2016)
    assert (row["citation_count"], row["is_open_access"]) == (19, 0)
    assert (row["oa_url"], row["retracted"], row["pmcid"]) == (None, None, None)


def test_what_seed_000_does_not_know_is_unknown_and_what_cannot_be_stays_in_the_record(loaded):
    ((factor, jcr, region, total),) = ask(
        loaded, "SELECT PeriodicalIF, JCR, RegionNum, Total FROM envelopes WHERE doi LIKE '10.1080%'"
    )
    assert (factor, jcr, region, total) == (None, None, None, None)
    ((body,),) = ask(loaded, "SELECT body FROM records WHERE source = 'aggregator'")
    assert json.loads(body)["locus"]["volume"] == "8 1"
    assert json.loads(json.loads(body)["extra"])["PeriodicalIF"] == 0.0


def test_seed_003_comes_out_as_the_contract_says(loaded):
    row = work(loaded, "10.1007/s10926-024-10206-x")
    assert [(one["family"], one["given"]) for one in json.loads(row["authors"])] == [
        ("Kinn", "Liv Grethe"),
        ("Davidson", "Larry"),
        ("Oedegaard", "Ketil Joachim"),
        ("Langeland", "Eva"),
    ]
    assert row["container_title"] == "J Occup Rehabil"
    assert (row["volume"], row["issue"], row["pages"], row["issued"]) == ("35", "2", "356-365", "2025-06")
    assert (row["title"], row["title_en"], row["title_zh"], row["title_zh_origin"]) == (None,) * 4
    assert row["abstract_zh_origin"] == "unknown"
    affiliations = ask(
        loaded, "SELECT name FROM affiliations WHERE work_id = ? ORDER BY position", row["work_id"]
    )
    assert [one[0].split(",")[0] for one in affiliations] == [
        "Department of Welfare and Participation",
        "School of Medicine",
    ]
    ((body,),) = ask(loaded, "SELECT body FROM records WHERE work_id = ?", row["work_id"])
    assert json.loads(body)["published_online"] == {"year": 2024, "month": 5, "day": 23}


def test_the_four_sections_of_seed_003_stand_side_by_side(loaded):
    pairs = ask(
        loaded,
        "SELECT en.section, substr(en.text, 1, 10), substr(zh.text, 1, 4) FROM texts en JOIN texts zh"
        " USING (work_id, field, section) WHERE en.language = 'en' AND zh.language = 'zh-Hans' ORDER BY 1",
    )
    assert pairs == [
        (0, "To explore", "探讨挪威"),
        (1, "Using a he", "本研究采"),
        (2, "Three them", "出现了三"),
        (3, "This study", "本研究强"),
    ]


def test_seed_003_is_shown_sentence_by_sentence(loaded):
    shown = loaded("show", "10.1007/s10926-024-10206-x", "--sentences").out.splitlines()
    assert any("Data analysis was" in line and "数据分析" in line for line in shown)


def test_loading_both_twice_changes_no_row_no_revision_no_timestamp(loaded, seed_000, seed_003):
    library = content(
        loaded.db, "works", "records", "texts", "identifiers", "claims", "contributors", "redirects"
    )
    again = loaded("load", seed_003, seed_000)
    assert again.code == 0
    assert again.out.count("same 1") == 2
    assert content(loaded.db, *library) == library


@pytest.mark.parametrize(
    "query",
    [
        "就业",
        "安置",
        "employment",
        "就",
        "IPS 安置",
        '"individual placement"',
        "employ*",
        "支援就業"[2:],
        "10.1007/S10926-024-10206-x",
    ],
)
def test_words_of_either_language_find_the_seeds(loaded, query):
    found = loaded("search", query, "--json")
    assert found.code == 0
    dois = {one["doi"] for one in json.loads(found.out)}
    assert dois
    assert dois <= {"10.1080/15487768.2016.1255276", "10.1007/s10926-024-10206-x"}


def test_the_agency_is_believed_for_volume_and_the_aggregator_for_the_chinese_title(harvester, seed_000):
    doi = "10.1080/15487768.2016.1255276"
    steps = [("load", seed_000), ("lookup", doi, "--format", "json")]
    libraries = [harvester.folder / "document-first.db", harvester.folder / "agency-first.db"]
    with running(
        Scenario(limits=0), extra_works=[work_of_seed_000(seed_000.read_text(encoding="utf-8"))]
    ) as service:
        program = harvester.turned_to(service)
        for library, order in zip(libraries, (steps, steps[::-1]), strict=True):
            for step in order:
                assert program("--db", library, *step).code == 0
    assert works(libraries[0]) == works(libraries[1])
    told = {
        one["field"]: one for one in json.loads(program("--db", libraries[0], "explain", doi, "--json").out)
    }
    assert [told[field]["value"] for field in ("volume", "issue", "pages")] == ["19", "4", "275-293"]
    assert told["title_zh-Hans"]["value"].startswith("“一切都是那么轻松")
    winners = {field: next(s["source"] for s in one["said"] if s["believed"]) for field, one in told.items()}
    assert {winners[field] for field in ("volume", "issue", "pages", "container", "title_en")} == {"crossref"}
    assert winners["title_zh-Hans"] == "aggregator"
    losers = [one["why_not"] for one in told["volume"]["said"] if not one["believed"]]
    assert losers == ["cannot be: two numbers in one field"]


def test_an_exported_envelope_has_the_33_keys_and_gives_equal_works_elsewhere(loaded, seed_000):
    target = loaded.folder / "all.jsonl"
    done = loaded("export", "-o", target, "--format", "envelope", "--where", "doi LIKE '10.1080%'")
    assert done.code == 0
    original = json.loads(seed_000.read_text(encoding="utf-8").partition("\n")[0])
    envelope = json.loads(target.read_text(encoding="utf-8"))
    assert list(envelope) == list(original)
    assert envelope["TitleCN"] == original["title"]
    inner = json.loads(envelope["resultStr"])
    assert list(inner) == list(original)
    assert inner["title"] == json.loads(original["resultStr"])["title"]
    assert (envelope["PeriodicalId"], envelope["PeriodicalIF"]) == (72174, 0.0)
    elsewhere = loaded.folder / "elsewhere.db"
    assert loaded("--db", elsewhere, "load", target).code == 0
    here = [row for row in works(loaded.db) if row[0].startswith("10.1080")]
    assert works(elsewhere) == here
