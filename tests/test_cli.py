"""The command line at its real entry point: what is printed where, and with which exit code."""

import io
import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys

import pytest
from rich.console import Console

from harvester.display import show_works
from harvester.merge import merge
from harvester.model import Container, Identifier, Origin, Record, Scheme, Text
from tests.conftest import ROOT
from tests.service import Scenario, running

PASTE = {
    "title": "论图书馆浆糊的干燥",
    "authors": "M. Lin",
    "doi": "10.5555/paste",
    "journal": {"name": "Journal of Paste", "volume": "3", "pages": "1 - 9"},
    "publicationDate": "2016-10-01",
    "resultStr": json.dumps(
        {"title": "On the drying of library paste", "doi": "10.5555/paste", "TitleCN": None}
    ),
    "platform": "Semanticscholar",
    "TitleCN": None,
}


@pytest.fixture
def stocked(harvester):
    (harvester.folder / "paste.json").write_text(json.dumps(PASTE), encoding="utf-8")
    assert harvester("load", "paste.json").code == 0
    return harvester


# -- documents -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.json", b"", "is empty: nothing to load"),
        ("blank.txt", b" \n\n", "is empty: nothing to load"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00", "is no text"),
        ("cut.json", b'{"title": "On paste", "doi": "10.5555/cut", "resultStr": "{\\"ti', "cut.json:1"),
        ("recipe.txt", b"Take some flour.\nAdd water.\nStir.\n", "is of no known format"),
        ("other.json", b'{"flour": 1, "water": 2}', "other.json:1"),
    ],
)
def test_a_document_that_cannot_be_used_is_named_with_a_reason_and_the_others_go_on(
    harvester, name, content, told
):
    (harvester.folder / name).write_bytes(content)
    (harvester.folder / "paste.json").write_text(json.dumps(PASTE), encoding="utf-8")
    done = harvester("load", name, "paste.json")
    assert done.code == 3
    assert told in done.out
    assert "paste.json (json, utf-8): read 1, new 1" in done.out
    assert "Traceback" not in done.err


def test_a_missing_document_is_named(harvester):
    done = harvester("load", "nowhere.json")
    assert (done.code, "nowhere.json" in done.out, "No such file" in done.out) == (3, True, True)


def test_a_folder_gives_all_documents_in_it_hidden_ones_excepted(harvester):
    inbox = harvester.folder / "inbox"
    inbox.mkdir()
    for name in ("b.json", "a.json", ".hidden.json"):
        (inbox / name).write_text(json.dumps(PASTE), encoding="utf-8")
    done = harvester("load", "inbox", "--json")
    assert [one["document"] for one in json.loads(done.out)] == ["inbox/a.json", "inbox/b.json"]
    assert [one["same"] for one in json.loads(done.out)] == [0, 1]


def test_an_empty_folder_is_told(harvester):
    (harvester.folder / "inbox").mkdir()
    done = harvester("load", "inbox")
    assert (done.code, done.err.strip()) == (3, "inbox: the folder holds no documents")


def test_a_document_can_come_from_standard_input(harvester):
    assert harvester("load", "-", stdin=json.dumps(PASTE)).code == 0
    assert json.loads(harvester("show", "10.5555/paste", "--json").out)["title_zh"] == "论图书馆浆糊的干燥"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_documents_of_the_usual_encodings_give_the_same_work(harvester, encoding):
    text = json.dumps(PASTE, ensure_ascii=False, indent=1).replace("\n", "\r\n")
    (harvester.folder / "paste.json").write_bytes(text.encode(encoding))
    assert harvester("load", "paste.json").code == 0
    row = json.loads(harvester("show", "10.5555/paste", "--json").out)
    assert (row["title_zh"], row["title_en"]) == ("论图书馆浆糊的干燥", "On the drying of library paste")


# -- look-ups --------------------------------------------------------------------------------------------


def test_a_look_up_prints_both_languages_and_stores(harvester):
    with running(Scenario(limits=0)) as service:
        done = harvester.turned_to(service)(
            "lookup", "https://doi.org/10.5555/RAS.2015.0811", "--format", "json"
        )
    assert done.code == 0
    (work,) = json.loads(done.out)
    assert (work["doi"], work["volume"], work["issue"]) == ("10.5555/ras.2015.0811", "8", "1")
    assert (
        json.loads(harvester("show", "10.5555/ras.2015.0811", "--json").out)["title_en"] == work["title_en"]
    )


def test_every_input_ends_in_one_outcome_and_the_worst_gives_the_code(harvester):
    with running(Scenario(limits=0)) as service:
        program = harvester.turned_to(service)
        done = program("lookup", "10.5555/ras.2015.0811", "10.5555/nobody.knows.this", "no identifier")
    assert done.code == 3
    assert "10.5555/nobody.knows.this: absent" in done.err
    assert "no identifier: is no identifier" in done.err
    items = json.loads(program("runs", "1", "--json").out)
    assert {one["input"]: one["outcome"] for one in items} == {
        "10.5555/ras.2015.0811": "found",
        "10.5555/nobody.knows.this": "absent",
        "no identifier": "invalid",
    }


def test_text_with_dois_in_it_can_be_pasted(harvester):
    with running(Scenario(limits=0)) as service:
        text = "见 10.5555/ras.2015.0811，以及 doi:10.5555/jlai.2021.0301。\n"
        done = harvester.turned_to(service)("lookup", "-", "--format", "jsonl", stdin=text)
    assert [json.loads(line)["doi"] for line in done.out.splitlines()] == [
        "10.5555/ras.2015.0811",
        "10.5555/jlai.2021.0301",
    ]


def test_where_no_source_answers_the_dois_are_deferred_and_the_code_is_4(harvester):
    done = harvester("lookup", "10.5555/a")
    assert done.code == 4
    assert "10.5555/a: deferred" in done.err
    assert "crossref" in done.err
    assert "semanticscholar" in done.err
    assert "absent" not in done.err


def test_what_is_no_identifier_is_wrong_usage(harvester):
    done = harvester("lookup", "hello")
    assert (done.code, done.out) == (2, "")
    assert "hello: is no identifier" in done.err


def test_offline_asks_nobody(stocked):
    done = stocked("lookup", "10.5555/paste", "10.5555/new", "--offline", "--format", "json")
    assert done.code == 3
    assert [one["doi"] for one in json.loads(done.out)] == ["10.5555/paste"]
    assert "10.5555/new: deferred" in done.err


def test_an_outage_of_one_source_does_not_hide_what_the_other_knows(harvester):
    faults = {"semanticscholar": ["503"] * 9}
    with running(Scenario(limits=0, faults=faults)) as service:
        done = harvester.turned_to(service)("lookup", "10.5555/ras.2015.0811", "--format", "json")
    assert done.code == 0
    assert json.loads(done.out)[0]["volume"] == "8"
    assert "semanticscholar" in done.err


# -- the nightly job -------------------------------------------------------------------------------------


@pytest.fixture
def library_house(harvester):
    """The repository's own settings and sample data, with a library elsewhere."""
    return lambda *args, **env: harvester("--config", ROOT / "config.toml", *args, **env)


def test_without_a_network_the_documents_are_loaded_and_every_silent_service_is_named(library_house):
    done = library_house("harvest")
    assert done.code == 3
    assert "! crossref:" in done.err
    assert "! semanticscholar:" in done.err
    assert done.err.count("\n") == 3  # a line a service, and one for all that ended alike
    assert " and 12 more: deferred; no answer from crossref, semanticscholar\n" in done.err
    assert re.search(r"run 1: deferred 15, found 7; \d+ works", done.out)


def test_the_nightly_job_takes_documents_and_dois_and_the_second_night_asks_only_for_what_was_malformed(
    harvester, library_house
):
    with running(Scenario(limits=0)) as service:
        harvester.turned_to(service)
        first = library_house("harvest")
        before = service.requests.copy()
        second = library_house("harvest")
        # Semantic Scholar has another paper under one of the DOIs: that is asked again.
        assert service.requests - before == {"s2 batch": 1}
    assert (first.code, second.code) == (3, 3)  # one DOI is known to nobody
    assert "absent 1, found 21" in first.out
    assert "absent 1, unchanged 21" in second.out


def test_a_dry_run_tells_the_cost_and_does_nothing(harvester, library_house):
    done = library_house("harvest", "--dry-run")
    assert done.code == 0
    rows = {
        line.split()[0]: line.split()[1:]
        for line in done.out.splitlines()
        if line.strip()[:5] in {"cross", "seman"}
    }
    assert rows["crossref"][:2] == ["15", "2"]  # one list, and the DOI with a comma by itself
    assert rows["semanticscholar"][:2] == ["15", "1"]
    assert not harvester.db.exists()


def test_a_run_past_its_deadline_stores_what_it_has_and_defers_the_rest(harvester, library_house):
    with running(Scenario(limits=0)) as service:
        harvester.turned_to(service)
        done = library_house("harvest", HARVESTER__HARVEST__DEADLINE_MINUTES="0.000001")
    assert done.code == 3
    assert "found 7" in done.out
    assert " and 12 more: deferred; no answer from crossref, semanticscholar\n" in done.err


def test_a_second_nightly_job_finds_the_first_one_running(harvester, library_house):
    from filelock import FileLock

    with FileLock(f"{harvester.db}.lock"):
        done = library_house("harvest")
    assert done.code == 5
    assert "another harvest is running" in done.err


def heard_in_the_foreground():
    """As on a terminal: what a shell starts in the background is deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_job_keeps_what_it_has_and_says_how_to_go_on(harvester, sign, code):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        program = harvester.turned_to(f"http://127.0.0.1:{silent.getsockname()[1]}")
        with subprocess.Popen(
            [sys.executable, "-m", "harvester", "lookup", "10.5555/ras.2015.0811"],
            env=program.env, cwd=program.folder, stderr=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=heard_in_the_foreground,  # noqa: PLW1509  a child of one thread
        ) as process:  # fmt: skip
            silent.settimeout(60)
            connection, _ = silent.accept()
            with connection:
                process.send_signal(sign)
                try:
                    _, err = process.communicate(timeout=60)
                finally:
                    process.kill()
    assert process.returncode == code
    assert b"run again to go on" in err


# -- works out -------------------------------------------------------------------------------------------


def test_show_puts_both_languages_side_by_side_with_their_origins(stocked):
    out = stocked("show", "10.5555/paste").out
    assert "[en, aggregator]" in out
    assert "[zh-Hans, aggregator]" in out
    title = next(line for line in out.splitlines() if "浆糊" in line)
    assert "On the drying of library paste" in title


def test_works_are_named_by_number_too_and_unknown_ones_say_what_to_do(stocked):
    assert "论图书馆浆糊的干燥" in stocked("show", "1").out
    done = stocked("show", "10.5555/nowhere")
    assert (done.code, done.out) == (2, "")
    assert "harvester lookup 10.5555/nowhere" in done.err


def test_columns_stay_in_line_with_chinese_in_them(stocked):
    from rich.cells import cell_len

    lines = [line.rstrip() for line in stocked("search", "浆糊").out.splitlines() if "2016" in line]
    assert lines
    positions = {cell_len(line[: line.index("2016")]) for line in lines}
    header = next(line for line in stocked("search", "浆糊").out.splitlines() if "year" in line)
    assert positions == {cell_len(header[: header.index("year")])}


@pytest.mark.parametrize(("columns", "has_journal"), [(60, False), (80, False), (120, True)])
def test_a_doi_is_whole_on_a_terminal_of_any_width(tmp_path, columns, has_journal):
    doi = "10.5555/(sici)1099-9999(199806)11:2<107::aid-lib292>3.0.co;2-y"
    title = Text("On the drying of library paste in damp rooms " * 3, "en", Origin.PUBLISHER)
    record = Record(
        source="crossref", source_key=doi, retrieved_at="2026-11-21T03:00:00Z", identifiers=(Identifier(Scheme.DOI, doi),),
        titles=(title,), container=Container("Journal of Paste"),
    )  # fmt: skip
    printed = io.StringIO()
    show_works(Console(file=printed, width=columns, markup=False), [(1, merge([record]))], "en")

    lines = printed.getvalue().splitlines()
    assert max(map(len, lines)) <= columns
    assert doi in "".join(line[-25:].strip() for line in lines)
    assert ("Journal of Paste" in printed.getvalue()) is has_journal


def test_a_title_in_a_third_language_is_shown_with_its_tag_where_there_is_no_other():
    def shown(*titles):
        record = Record(source="crossref", source_key="1", retrieved_at="2026-11-21T03:00:00Z", titles=titles)
        printed = io.StringIO()
        show_works(Console(file=printed, width=120, markup=False), [(1, merge([record]))], "en")
        return printed.getvalue()

    japanese = Text("図書館の糊", "ja", Origin.PUBLISHER)
    assert "図書館の糊 [ja]" in shown(japanese)
    assert "図書館の糊" not in shown(japanese, Text("Library paste", "en", Origin.PUBLISHER))


@pytest.mark.parametrize(
    "query", ['"', "*", "AND OR NOT NEAR(", "title:浆糊 OR", "浆糊)", "'; DROP TABLE works; --"]
)
def test_a_strange_query_is_no_traceback(stocked, query):
    done = stocked("search", "--", query)
    assert done.code in {0, 2}
    assert "Traceback" not in done.err


def test_nothing_to_search_for_is_wrong_usage(stocked):
    assert stocked("search", "--", "?!").code == 2


def test_searches_are_narrowed_by_language_and_year(stocked):
    assert json.loads(stocked("search", "paste", "--lang", "en", "--year", "2010..2020", "--json").out)
    assert json.loads(stocked("search", "paste", "--year", "..2015", "--json").out) == []
    assert stocked("search", "paste", "--year", "soon").code == 2


@pytest.mark.parametrize("form", ["jsonl", "json", "envelope", "csl", "text"])
def test_every_format_holds_the_chinese_title(stocked, form):
    done = stocked("export", "-o", "-", "--format", form)
    assert done.code == 0
    assert "论图书馆浆糊的干燥" in done.out


def test_an_export_of_ours_rebuilds_an_equal_library(stocked):
    assert stocked("export", "-o", "all.jsonl").code == 0
    assert stocked("--db", "again.db", "load", "all.jsonl").code == 0
    query = "SELECT * FROM works"
    with sqlite3.connect(stocked.db) as here, sqlite3.connect(stocked.folder / "again.db") as there:
        strip = lambda rows: [row[:-7] + row[-4:] for row in rows]  # noqa: E731  revision and times
        assert strip(here.execute(query)) == strip(there.execute(query))


def test_an_export_that_cannot_be_written_leaves_the_old_file(stocked):
    done = stocked("export", "-o", "no/such/folder/all.jsonl")
    assert done.code == 6
    assert "cannot be written" in done.err


def test_a_condition_is_sql_and_can_only_read(stocked):
    assert stocked("export", "-o", "-", "--where", "year = 2016").out.count("\n") == 1
    wrong = stocked("export", "-o", "-", "--where", "colour = 'red'")
    assert (wrong.code, "no such column" in wrong.err) == (2, True)
    assert stocked("export", "-o", "-", "--where", "1); DELETE FROM works; --").code == 2
    assert stocked("show", "1").code == 0


def test_an_unknown_format_names_the_known_ones(stocked):
    done = stocked("export", "-o", "-", "--format", "papyrus")
    assert (done.code, done.err.strip()) == (
        2,
        "harvester: format papyrus is unknown; known: jsonl, json, envelope, csl, text, tmx",
    )


# -- language, hostility, the house ----------------------------------------------------------------------


@pytest.mark.parametrize("how", [{"args": ("--lang", "zh")}, {"env": {"LANG": "zh_CN.UTF-8"}}])
def test_messages_are_chinese_where_asked_or_where_the_locale_is(stocked, how):
    done = stocked(*how.get("args", ()), "explain", "10.5555/paste", **how.get("env", {}))
    assert "最可信的来源" in done.out


def test_an_unknown_language_of_messages_is_refused(stocked):
    assert stocked("--lang", "fr", "show", "1").code == 2


def test_nothing_harvested_acts_on_the_terminal(harvester):
    hostile = "\x1b]52;c;aGk=\x07\x1b[2J\x9b31m[red]bold[/red] \u202egnp.exe\r浆糊"
    envelope = PASTE | {
        "title": hostile,
        "authors": hostile,
        "resultStr": json.dumps({"title": f"On paste {hostile}"}),
    }
    (harvester.folder / "h\x1b[2J.json").write_text(json.dumps(envelope), encoding="utf-8")
    shown = [harvester("load", "h\x1b[2J.json")]
    shown += [
        harvester(*args) for args in (["show", "1"], ["explain", "1"], ["search", "浆糊"], ["runs", "1"])
    ]
    for done in shown:
        for forbidden in ("\x1b", "\x07", "\x9b", "\u202e", "\r"):
            assert forbidden not in done.out + done.err
    assert "[red]" in shown[1].out


def test_off_a_terminal_there_is_no_colour_and_no_bar(stocked):
    done = stocked("load", "paste.json")
    assert "\x1b" not in done.out + done.err


def test_data_goes_to_stdout_and_talk_to_stderr(stocked):
    done = stocked("search", "浆糊", "--jsonl")
    assert [json.loads(line)["doi"] for line in done.out.splitlines()] == ["10.5555/paste"]
    assert done.err.strip() == "1 works"
    assert stocked("-q", "search", "浆糊", "--jsonl").err == ""


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        (lambda path: path.write_bytes(b"no database at all" * 300), "is no SQLite database"),
        (lambda path: sqlite3.connect(path).executescript("CREATE TABLE recipes (x)"), "another program"),
        (lambda path: sqlite3.connect(path).executescript("PRAGMA application_id = 1213355604; PRAGMA user_version = 99"), "newer program"),
    ],
)  # fmt: skip
def test_a_library_that_is_none_gives_exit_6_and_one_sentence(harvester, prepare, told):
    prepare(harvester.db)
    done = harvester("search", "x")
    assert done.code == 6
    assert told in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_without_a_library_the_reader_is_told_how_to_make_one(harvester):
    done = harvester("search", "x")
    assert done.code == 6
    assert "`harvester load`" in done.err


def test_wrong_words_are_exit_2(harvester):
    assert harvester("lokup").code == 2
    assert harvester("load").code == 2
    assert harvester("search", "x", "--limit", "0").code == 2


def test_the_settings_are_shown_with_their_origin_and_keys_are_never_shown(harvester):
    done = harvester("config", "show", "--json", CROSSREF_PLUS_TOKEN="secret-token")
    rows = {one["setting"]: one for one in json.loads(done.out)}
    assert rows["sources.crossref.key"]["value"] == "set"
    assert rows["library.path"]["origin"] == "environment HARVESTER_DB"
    assert "secret-token" not in done.out + done.err


def test_the_version_tells_the_schema(harvester):
    assert re.fullmatch(r"harvester \d+\.\d+\.\d+ \(schema \d+\)\n", harvester("--version").out)


def test_the_schema_is_printed_as_data_too(harvester):
    told = json.loads(harvester("schema", "--json").out)
    assert [one["name"] for one in told["works"]][:4] == ["work_id", "doi", "title", "title_en"]


def test_a_reader_that_goes_away_is_no_error(stocked):
    command = f"set -o pipefail; {sys.executable} -m harvester export -o - --format json | head -c 1"
    done = subprocess.run(["bash", "-c", command], env=stocked.env, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"1 works written to -\n")


@pytest.mark.parametrize("form", ["jsonl", "json", "envelope"])
def test_a_reader_that_goes_away_in_the_midst_of_it_is_no_error(stocked, form):
    # More than the 64 kB that wait in a pipe, so that the writer is still at it.
    many = [
        {
            "title": f"Paste {one}",
            "doi": f"10.5555/many{one}",
            "abstract": f"Paste {one} dries in a library. " * 60,
        }
        for one in range(60)
    ]
    (stocked.folder / "many.json").write_text(json.dumps(many))
    assert stocked("load", "many.json").code == 0
    command = f"set -o pipefail; {sys.executable} -m harvester export -o - --format {form} | head -c 1"
    done = subprocess.run(["bash", "-c", command], env=stocked.env, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
