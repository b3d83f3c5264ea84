"""A scenario file drives the sample service: latency, faults by service, path or DOI, quotas."""

import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.conftest import ROOT
from tests.service import running
from tests.service.demo import SCENARIO
from tests.service.scenario import Rule
from tests.service.scenario_file import read_scenario

WORK = "10.5555/jlai.2021.0301"
OTHER = "10.5555/kfjy.2022.11.002"
FILE = """
limits = 0
seed = 7

[latencies]
openalex = 2.5

[quotas]
datacite = 1

[faults]
semanticscholar = ["ok", "500"]

[[rule]]
service = "crossref"
when = "10.5555/kfjy"
word = "503 retry-after=1"
times = 1

[[rule]]
service = "crossref"
when = "/agency"
word = "captcha"
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "scenario.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.headers.get_content_type()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers.get_content_type()


def test_a_file_says_all_that_a_scenario_can(file):
    scenario = read_scenario(file)
    assert (scenario.limits, scenario.seed, scenario.latencies, scenario.quotas) == (
        0,
        7,
        {"openalex": 2.5},
        {"datacite": 1},
    )
    assert scenario.faults == {"semanticscholar": ["ok", "500"]}
    assert scenario.rules == (
        Rule("crossref", "503 retry-after=1", "10.5555/kfjy", 1),
        Rule("crossref", "captcha", "/agency"),
    )


def test_a_rule_meets_one_doi_so_often_and_a_path_always(file):
    with running(read_scenario(file)) as service:
        works = f"{service.crossref}/works"
        told = [status(f"{works}/{doi}")[0] for doi in (WORK, OTHER, OTHER)]
        pages = [status(f"{works}/{WORK}/agency") for _ in range(2)]
    assert told == [200, 503, 200]
    assert pages == [(200, "text/html")] * 2


def test_a_quota_is_answered_and_then_refused(file):
    with running(read_scenario(file)) as service:
        url = f"{service.datacite}/dois/10.5555.1/data.2021.77"
        assert [status(url)[0] for _ in range(3)] == [200, 429, 429]


def test_faults_come_in_turn(file):
    with running(read_scenario(file)) as service:
        url = f"{service.semanticscholar}/graph/v1/paper/DOI:{WORK}"
        assert [status(url)[0] for _ in range(3)] == [200, 500, 200]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("latency = 1", "latency"),
        ("[latencies]\ncrosref = 1", "crosref"),
        ('[faults]\ncrossref = ["sleepy"]', "'sleepy' is no fault"),
        ('[[rule]]\nservice = "crossref"\nword = "complaint"', "complaint"),
        ("limits = ", "Invalid value"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path, content, told):
    path = tmp_path / "wrong.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=told) as refused:
        read_scenario(path)
    assert str(path) in str(refused.value)


def test_a_corpus_lies_beside_the_file(tmp_path):
    path = tmp_path / "scenario.toml"
    path.write_text('corpus = "recorded"', encoding="utf-8")
    assert read_scenario(path).corpus == tmp_path / "recorded"


def test_the_service_as_a_process_obeys_the_file(file):
    command = [sys.executable, "-m", "tests.service", "--scenario", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip() + f"/crossref/works/{OTHER}"
        told = [status(url)[0], status(url)[0]]
        process.terminate()
    assert told == [503, 200]


def test_the_demonstration_is_such_a_file():
    scenario = read_scenario(SCENARIO)
    assert scenario.latency_s == 0.05
    assert [rule.word for rule in scenario.rules] == ["503 retry-after=1"]
