"""`lookup` of DOIs of every agency, through the real command: who registers each, who has it, what nobody has."""

import json
import re

import pytest

from tests.service import Scenario, running
from tests.service.demo import settings

EVERYBODY = {"openalex": "absent", "pubmed": "absent", "semanticscholar": "absent"}
NOT_NEEDED = {"openalex": "no_metadata", "pubmed": "no_metadata", "semanticscholar": "absent"}
ALL_FOUND = dict.fromkeys(("crossref", "openalex", "pubmed", "semanticscholar"), "found")

# DOI, agency, outcome, by source, and what nobody has (None: no work to have it).
TABLE = [
    ("10.5555/jlai.2021.0301", "Crossref", "found", ALL_FOUND, []),
    (
        "10.5555/kfjy.2022.11.002",
        "Crossref",
        "found",
        {"crossref": "found", "openalex": "found", "pubmed": "found", "semanticscholar": "absent"},
        [],
    ),
    (
        "10.5555/(SICI)1099-9999(199806)11:2<107::AID-LIB292>3.0.CO;2-Y",
        "Crossref",
        "found",
        {"crossref": "found", "openalex": "found", "pubmed": "no_metadata", "semanticscholar": "absent"},
        ["title_zh", "abstract_en", "abstract_zh"],
    ),
    ("10.5555/nobody.knows.this", "Crossref", "absent", {"crossref": "absent", **EVERYBODY}, None),
    (
        "10.5555.1/theses.2019.0312",
        "DataCite",
        "found",
        {"datacite": "found", **NOT_NEEDED},
        ["container_title"],
    ),
    (
        "10.5555.1/data.2021.77",
        "DataCite",
        "found",
        {"datacite": "found", **NOT_NEEDED},
        ["abstract_zh", "container_title"],
    ),
    ("10.5555.1/nobody.7", "DataCite", "absent", {"datacite": "absent", **EVERYBODY}, None),
    (
        "10.5555.2/d.y0000351",
        "ISTIC",
        "no_metadata",
        {"ISTIC": "no_metadata", **EVERYBODY},
        None,
    ),
    (
        "10.5555.2/tsg.2020.03.004",
        "ISTIC",
        "found",
        {"ISTIC": "no_metadata", "openalex": "found", "pubmed": "no_metadata", "semanticscholar": "absent"},
        ["title_en", "abstract_en", "container_title"],
    ),
    (
        "10.5555.3/j.ssdq.2021.02.008",
        "CNKI",
        "found",
        {"CNKI": "no_metadata", "openalex": "found", "pubmed": "no_metadata", "semanticscholar": "absent"},
        ["title_zh", "abstract_en", "abstract_zh"],
    ),
    ("10.5555.3/nobody.7", "CNKI", "no_metadata", {"CNKI": "no_metadata", **EVERYBODY}, None),
    (
        "10.5555.4/jsli.21.2_45",
        "JaLC",
        "found",
        {"jalc": "found", **NOT_NEEDED},
        ["title_en", "title_zh", "abstract_en", "abstract_zh"],
    ),
    ("10.5555.4/nobody.7", "JaLC", "absent", {"jalc": "absent", **EVERYBODY}, None),
    (
        "10.5555.5/qbc.2018.0105",
        "mEDRA",
        "found",
        {"medra": "found", **NOT_NEEDED},
        ["title_en", "title_zh", "abstract_en", "abstract_zh"],
    ),
    ("10.5555.5/nobody.7", "mEDRA", "absent", {"medra": "absent", **EVERYBODY}, None),
    (
        "10.5555.6/jsls.202106_9(1).0003",
        "Airiti",
        "no_metadata",
        {"Airiti": "no_metadata", **EVERYBODY},
        None,
    ),
    (
        "10.5555.7/kslis.2014.31.2.117",
        "KISTI",
        "found",
        {"kisti": "found", **NOT_NEEDED},
        ["title_en", "title_zh", "abstract_en", "abstract_zh"],
    ),
    (
        "10.5555.8/11739",
        "OP",
        "found",
        {"op": "found", **NOT_NEEDED},
        ["title_zh", "abstract_en", "abstract_zh", "container_title"],
    ),
    ("10.5555.8/2019.0007", "OP", "absent", {"op": "absent", **EVERYBODY}, None),
    (
        "10.55559/unknown.7",
        None,
        "absent",
        dict.fromkeys(("crossref", "datacite", "jalc", "kisti", "medra", "op"), "absent") | EVERYBODY,
        None,
    ),
]
PAGES = {
    "10.5555.2/d.y0000351": "https://doi.org/10.5555.2/d.y0000351",
    "10.5555.3/nobody.7": "https://link.cnki.net/doi/10.5555.3/nobody.7",
    "10.5555.6/jsls.202106_9(1).0003": "https://doi.org/10.5555.6/jsls.202106_9(1).0003",
}
OFF_BY_THEMSELVES = ("ISTIC", "EUROPEPMC", "UNPAYWALL", "OPENCITATIONS", "DOAJ", "WIKIDATA", "NCBI_IDCONV")
DOIS = [row[0] for row in TABLE]
# Of every outcome one; agencies that let one ask once a second are asked in the first test only.
SOME = [
    "10.5555/jlai.2021.0301",
    "10.5555/nobody.knows.this",
    "10.5555.1/data.2021.77",
    "10.5555.3/nobody.7",
    "10.5555.4/nobody.7",
]


@pytest.fixture(scope="module")
def service():
    with running(Scenario(limits=0)) as running_service:
        yield running_service


@pytest.fixture
def everywhere(harvester, service):
    """The program with every source on or off as it comes, all of them turned to the sample service."""
    for name in [name for name in harvester.env if name.startswith("HARVESTER__SOURCES__")]:
        del harvester.env[name]
    harvester.env |= settings(service, harvester.folder)
    harvester.env |= {f"HARVESTER__SOURCES__{name}__ENABLED": "false" for name in OFF_BY_THEMSELVES}
    return harvester


def told(line: str) -> tuple[str, str]:
    """(what stands before the colon, the rest) of a line about an identifier."""
    doi, _, rest = line.strip().partition(": ")
    return doi, rest


def test_twenty_dois_of_nine_agencies_end_as_the_table_says(everywhere):
    done = everywhere("lookup", "--format", "answers", *DOIS)
    answers = json.loads(done.out)
    assert done.code == 3
    assert [(one["agency"], one["outcome"], one["by_source"]) for one in answers] == [
        row[1:4] for row in TABLE
    ]
    assert [one["missing"] if one["work_id"] else None for one in answers] == [row[4] for row in TABLE]
    assert {
        one["identifier"]: one["landing_page"] for one in answers if one["outcome"] == "no_metadata"
    } == PAGES
    assert len({row[1] for row in TABLE if row[1]}) == 9


def test_the_same_is_told_in_words_a_line_an_identifier_off_a_terminal(everywhere):
    done = everywhere("lookup", *SOME)
    lines = dict(told(line) for line in done.err.splitlines() if line.startswith("  10."))
    assert list(lines) == SOME
    assert lines["10.5555/jlai.2021.0301"] == (
        "found; agency Crossref; found at crossref, openalex, pubmed, semanticscholar"
    )
    assert lines["10.5555.1/data.2021.77"] == (
        "found; agency DataCite; found at datacite; not at openalex, pubmed, semanticscholar; "
        "no Chinese abstract, no journal: nobody has one"
    )
    assert lines["10.5555.3/nobody.7"] == (
        "no metadata; agency CNKI; not at openalex, pubmed, semanticscholar; "
        "no metadata from CNKI; for people: https://link.cnki.net/doi/10.5555.3/nobody.7"
    )
    assert (
        lines["10.5555.4/nobody.7"] == "absent; agency JaLC; not at jalc, openalex, pubmed, semanticscholar"
    )


def test_the_same_is_told_in_chinese(everywhere):
    done = everywhere("--lang", "zh", "lookup", "10.5555.3/nobody.7", "10.5555.1/data.2021.77")
    assert (
        "10.5555.3/nobody.7: 无元数据; 注册机构 CNKI; 未收录于 openalex, pubmed, semanticscholar" in done.err
    )
    assert "未从 CNKI 取得元数据；可供人工查阅： https://link.cnki.net/doi/10.5555.3/nobody.7" in done.err
    assert "各来源均无中文摘要、刊名" in done.err


def test_works_in_json_come_with_the_same_words_beside_them(everywhere):
    done = everywhere("lookup", "--format", "json", *SOME)
    assert [one["doi"] for one in json.loads(done.out)] == [SOME[0], SOME[2]]
    assert re.findall(r"^  (10\.[^ ]+):", done.err, re.MULTILINE) == SOME


# -- a source that is switched off -----------------------------------------------------------------------

OFF = {"HARVESTER__SOURCES__JALC__ENABLED": "false"}


def test_a_doi_whose_agency_a_person_switched_off_is_deferred_with_that_reason(everywhere):
    done = everywhere(
        "lookup", "--format", "answers", "10.5555.4/jsli.21.2_45", "10.5555/jlai.2021.0301", **OFF
    )
    (first, _) = json.loads(done.out)
    assert (first["agency"], first["outcome"], first["by_source"]["jalc"]) == ("JaLC", "deferred", "deferred")
    assert first["reason"] == "its source jalc is switched off in config.toml (sources.jalc.enabled)"
    assert first["landing_page"] == "https://doi.org/10.5555.4/jsli.21.2_45"
    assert (
        "10.5555.4/jsli.21.2_45: deferred; agency JaLC; not at openalex, pubmed, semanticscholar; "
        "its source jalc is switched off in config.toml (sources.jalc.enabled); its page: "
        "https://doi.org/10.5555.4/jsli.21.2_45"
    ) in done.err


def test_switching_it_on_again_answers_at_once(everywhere):
    everywhere("lookup", "10.5555.4/jsli.21.2_45", **OFF)
    done = everywhere("lookup", "--format", "answers", "10.5555.4/jsli.21.2_45")
    assert [one["outcome"] for one in json.loads(done.out)] == ["found"]


def test_what_another_source_knows_of_it_is_found_and_the_reason_still_told(everywhere):
    off = {"HARVESTER__SOURCES__CROSSREF__ENABLED": "false"}
    done = everywhere("lookup", "--format", "answers", "10.5555/jlai.2021.0301", **off)
    (answer,) = json.loads(done.out)
    assert (answer["outcome"], answer["by_source"]["crossref"]) == ("found", "deferred")
    assert answer["reason"] == "its source crossref is switched off in config.toml (sources.crossref.enabled)"


def test_a_source_that_is_off_by_itself_gives_no_metadata_and_a_page(everywhere):
    done = everywhere("lookup", "--format", "answers", "10.5555.2/d.y0000351")
    (answer,) = json.loads(done.out)
    assert (answer["outcome"], answer["reason"]) == ("no_metadata", None)
    assert answer["landing_page"] == "https://doi.org/10.5555.2/d.y0000351"
