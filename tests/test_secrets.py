"""Keys and passwords of the environment end nowhere but on the wire to the service that they are for."""

import sqlite3
import subprocess
import sys

import pytest

from harvester.archive import Archive
from harvester.sources import SOURCES
from tests.conftest import Done
from tests.service import Scenario, running
from tests.service.demo import addresses

DOIS = ("10.5555/jlai.2021.0301", "10.5555.1/theses.2019.0312")
MARK = "PLANTED"
KEYS = {
    "CROSSREF_PLUS_TOKEN": "PLANTED-crossref-7391",
    "SEMANTIC_SCHOLAR_API_KEY": "PLANTED-s2-4711",
    "OPENALEX_API_KEY": "PLANTED-openalex+/=8",
    "NCBI_API_KEY": "PLANTED ncbi&key",
}
OTHERS = {
    "DEEPL_API_KEY": "PLANTED-deepl",
    "HARVESTER_DEEPL_KEY": "PLANTED-deepl-2",
    "http_proxy": "http://librarian:PLANTED-proxy@127.0.0.1:9",
    "https_proxy": "http://librarian:PLANTED-proxy@127.0.0.1:9",
    "ALL_PROXY": "socks5://librarian:PLANTED-proxy@127.0.0.1:9",
}
EMAIL = "head.librarian@sample.example"
CONTACT = "head.librarian"  # the sign behind it is spelt otherwise in an address
CALLS = (("-v", "-v"), ("--verbose",), ())


def test_every_variable_that_a_key_is_read_from_is_planted():
    assert {source.key_variable for source in SOURCES} - {None} == set(KEYS)


@pytest.fixture(scope="module")
def service():
    standing = {}
    scenario = Scenario(
        limits=0,
        standing=standing,
        keys=frozenset(KEYS.values()),
        plus_tokens=frozenset({f"Bearer {KEYS['CROSSREF_PLUS_TOKEN']}", KEYS["CROSSREF_PLUS_TOKEN"]}),
    )
    with running(scenario) as service:
        yield service, standing


@pytest.fixture
def planted(harvester, service):
    """The program with every secret in its environment, asking the sample service."""
    at, standing = service
    standing.clear()
    asked = ("CROSSREF", "DATACITE", "PUBMED", "OPENALEX", "SEMANTICSCHOLAR", "UNPAYWALL", "DOI_ORG")
    harvester.env |= {f"HARVESTER__SOURCES__{name}__ENABLED": "true" for name in asked}
    harvester.env |= {
        f"HARVESTER__SOURCES__{name.upper()}__BASE_URL": url for name, url in addresses(at).items()
    }
    harvester.env |= {
        "HARVESTER__NETWORK__ALLOW_PRIVATE": "true",
        "HARVESTER__LIBRARY__ARCHIVE": str(harvester.folder / "archive"),
        "HARVESTER_EMAIL": EMAIL,
        **KEYS,
        **OTHERS,
    }
    harvester.standing = standing
    return harvester


def files_with(folder, mark):
    """The files that hold `mark`, packed answers unpacked."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            held = path.read_bytes()
            if path.name == "replies.db":
                kept = Archive(path.parent)
                held += b"".join(kept.read(one.sha256) for one in kept.entries())
                kept.close()
            found += [str(path.relative_to(folder))] if mark.encode() in held else []
    return found


def assert_nothing_told(harvester, *done):
    for one in done:
        assert MARK not in one.out
        assert MARK not in one.err
    assert files_with(harvester.folder, MARK) == []


# -- what is said and kept ---------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["ok", "echo", "echo 401", "echo 400", "echo 500", "private", "reset"])
def test_a_look_up_tells_no_key_however_it_ends(planted, word):
    fronts = ("crossref", "datacite", "pubmed", "openalex", "semanticscholar", "unpaywall")
    planted.standing.update(dict.fromkeys(fronts, word))
    done = planted("-v", "-v", "lookup", *DOIS)

    assert done.code == (0 if word in {"ok", "echo"} else 3 if word == "echo 400" else 4), done.err
    assert "harvester.fetch" in done.err
    assert_nothing_told(planted, done)
    if word == "ok":
        assert {"library.db", "archive/replies.db", "state/harvester/limits.json"} <= {
            str(path.relative_to(planted.folder)) for path in planted.folder.rglob("*")
        }


def test_the_keys_were_sent(planted, service):
    before = len(service[0].asked)
    planted("lookup", *DOIS)

    asked = {one.endpoint for one in service[0].asked[before:] if one.status == 200}
    assert {"crossref single", "openalex list", "s2 batch", "pubmed search"} <= asked


def test_the_nightly_job_tells_no_key_and_neither_does_what_comes_out_of_the_library(planted):
    (planted.folder / "data").mkdir()
    (planted.folder / "data/dois.txt").write_text("\n".join(DOIS))
    planted.standing.update({"crossref": "echo", "openalex": "echo", "semanticscholar": "echo 401"})
    done = [planted(*flags, "harvest", "--refresh", "--show") for flags in CALLS]
    done += [planted("runs", "1", "--json"), planted("harvest", "--dry-run")]
    done += [planted("export", "-o", "out.jsonl"), planted("explain", DOIS[0])]
    done += [planted("lookup", DOIS[0], "--offline", "--format", form) for form in ("envelope", "csl")]

    assert (planted.folder / "out.jsonl").stat().st_size > 0
    assert_nothing_told(planted, *done)


def test_the_write_ahead_log_holds_no_key(planted):
    planted.standing.update({"crossref": "echo", "openalex": "echo"})
    planted("lookup", DOIS[0])
    reader = sqlite3.connect(planted.db, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM works").fetchall()
    try:
        planted("lookup", *DOIS, "--refresh")
        log = (planted.folder / "library.db-wal").read_bytes()
    finally:
        reader.close()

    assert DOIS[1].encode() in log
    assert MARK.encode() not in log


# -- settings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_the_settings_are_shown_without_a_key(planted, form):
    done = planted("config", "show", *form)

    assert done.code == 0
    assert_nothing_told(planted, done)


def test_a_base_address_with_a_password_is_refused_and_shown_without_it(planted, service):
    address = f"http://librarian:PLANTED-base@{service[0].removeprefix('http://')}/crossref"
    planted.env["HARVESTER__SOURCES__CROSSREF__BASE_URL"] = address
    asked, shown = planted("-v", "-v", "lookup", DOIS[0]), planted("config", "show", "--json")

    assert (asked.code, shown.code) == (2, 0)
    assert "/crossref" in shown.out
    assert_nothing_told(planted, asked, shown)


def test_a_key_with_a_line_break_is_refused_without_being_shown(planted):
    planted.env["SEMANTIC_SCHOLAR_API_KEY"] = "PLANTED-two\nlines"
    done = planted("-v", "-v", "lookup", DOIS[0])

    assert "semanticscholar" in done.err
    assert_nothing_told(planted, done)


@pytest.mark.parametrize(
    "given",
    [
        "https://librarian:PLANTED-given@doi.org/10.5555/jlai.2021.0301",
        "https://librarian:PLANTED-given@sample.example/no/identifier",
        "https://sample.example/nothing?api_key=PLANTED-given",
    ],
)
def test_an_address_that_a_person_gives_is_kept_and_told_without_its_password(planted, given):
    done = planted("-v", "-v", "lookup", given)

    assert_nothing_told(planted, done)


# -- defects -----------------------------------------------------------------------------------------------

DEFECT = """
import harvester.fetch
from harvester.cli import main
def broken(*_, **__):
    raise RuntimeError("a defect")
harvester.fetch.{place} = broken
main()
"""


@pytest.mark.parametrize("place", ["_read", "inflate", "first_hop"])
def test_a_traceback_shows_no_key(planted, place):
    run = subprocess.run(
        [sys.executable, "-c", DEFECT.format(place=place), "-v", "-v", "lookup", *DOIS],
        capture_output=True, check=False, cwd=planted.folder, env=planted.env, text=True,
    )  # fmt: skip

    assert run.returncode == 1
    assert "RuntimeError: a defect" in run.stderr
    assert_nothing_told(planted, Done(run.returncode, run.stdout, run.stderr))


def test_the_contact_is_no_secret_but_stays_out_of_the_library(planted):
    planted.standing["openalex"] = "500"
    told = planted("-v", "lookup", *DOIS)
    planted("export", "-o", "out.jsonl")

    assert CONTACT not in told.out
    assert files_with(planted.folder, CONTACT) == ["archive/replies.db"]
