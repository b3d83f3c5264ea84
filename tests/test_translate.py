"""Machine translation end to end: engines at loopback that behave and that do not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter

import pytest

from harvester.engines import ENGINES, chat, deepl, libretranslate
from harvester.engines.shapes import Job
from harvester.fetch import Fetcher
from harvester.ledger import Run
from harvester.limiter import Pace
from harvester.memory import entries
from harvester.model import Identifier, Origin, Record, Scheme, Text
from harvester.outside import FetchPolicy, Outside
from harvester.store import Library
from harvester.translation import Desk, pieces, preview, translate, wanted
from tests.service.phrases import sample, translated
from tests.service.translators import running

AT = "2026-11-21T03:00:00Z"
BY_NAME = {one.name: one for one in ENGINES if not one.is_local}


def record(number):
    title, abstract = sample(number)
    return Record(
        source="crossref", source_key=f"10.5555/translate.{number}", retrieved_at=AT, language="en",
        titles=(Text(title, "en", Origin.PUBLISHER),), abstracts=(Text(abstract, "en", Origin.PUBLISHER),),
    )  # fmt: skip


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library.db") as opened:
        yield opened


def desk(url, engine="openai", **values):
    chosen = BY_NAME[engine]
    told = {"target": "zh-Hans", "model": "sample-model", "month": "2026-11", "key": "sample-key"} | values
    return Desk(engine=chosen, base_url=f"{url}/v1" if engine == "openai" else url, **told)


def run_once(library, chosen, *, attempts=3):
    outside = Outside(sleep=lambda _: None)
    policy = FetchPolicy(allow_private=True, attempts=attempts, breaker_after=10_000)
    pace = Pace(_clock, lambda _: None)
    with Fetcher(
        {chosen.engine.name: [chosen.base_url]}, policy=policy, outside=outside, limiter=pace
    ) as fetcher:
        texts = list(wanted(library, chosen.target))
        return translate(library, chosen, texts, fetcher, Run(library, "translate", at=AT))


_ticks = iter(range(10**9))


def _clock():
    return float(next(_ticks))


def shown(library):
    rows = library.rows("SELECT title_en, title_zh, title_zh_origin, abstract_en, abstract_zh FROM works")
    return [tuple(row) for row in rows]


# -- what every engine does --------------------------------------------------------------------------------


def test_two_works_whose_records_have_one_key_get_a_translation_each(library):
    texts = [sample(number)[0] for number in (1, 2)]
    library.add(
        [
            Record(source="document", source_key="list.txt:3", retrieved_at=AT, language="en", titles=(Text(title, "en", Origin.PUBLISHER),),
                   identifiers=(Identifier(Scheme.DOI, f"10.5555/line.{title[:1]}{len(title)}"),))
            for title in texts
        ], at=AT,
    )  # fmt: skip
    with running() as server:
        run_once(library, desk(server.url))
    assert {(row[0], row[1]) for row in shown(library)} == {(one, translated(one)) for one in texts}


@pytest.mark.parametrize("engine", sorted(BY_NAME))
def test_what_is_missing_is_filled_and_marked_as_a_machines(library, engine):
    library.add([record(number) for number in range(30)], at=AT)
    with running() as server:
        report = run_once(library, desk(server.url, engine))
    assert report.counts == Counter(wanted=60, found=60)
    for title_en, title_zh, origin, abstract_en, abstract_zh in shown(library):
        assert (title_zh, origin) == (translated(title_en), "machine")
        assert abstract_zh.split("\n") == [translated(one) for one in abstract_en.split("\n")]
    told = library.rows("SELECT DISTINCT origin, engine, model FROM texts WHERE language = 'zh-Hans'")
    assert [tuple(row) for row in told] == [("machine", engine, "sample-model")]


@pytest.mark.parametrize("engine", sorted(BY_NAME))
def test_the_second_run_sends_nothing_and_changes_nothing(library, engine):
    library.add([record(number) for number in range(5)], at=AT)
    with running() as server:
        run_once(library, desk(server.url, engine))
        before = (server.requests, shown(library), last_revision(library))
        report = run_once(library, desk(server.url, engine))
        assert (server.requests, shown(library), last_revision(library)) == before
    assert report.counts["wanted"] == 0


def last_revision(library):
    return next(library.rows("SELECT max(revision) FROM works"))[0]


def test_the_key_travels_but_is_shown_nowhere(library, tmp_path):
    library.add([record(1)], at=AT)
    with running() as server:
        for engine in BY_NAME:
            run_once(library, desk(server.url, engine, key="s3cret-sample-key"))
            break
        assert any("s3cret-sample-key" in key for key in server.keys)
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"s3cret-sample-key" not in (tmp_path / "library.db").read_bytes()


def test_a_text_that_two_works_share_is_paid_for_once(library):
    dois = (
        Identifier(Scheme.DOI, "10.5555/one"),
        Identifier(Scheme.DOI, "10.5555/other"),
    )  # so they stay two works
    library.add(
        [Record(**{**_fields(record(1)), "source_key": one.value, "identifiers": (one,)}) for one in dois],
        at=AT,
    )
    with running() as server:
        report = run_once(library, desk(server.url))
        assert report.counts["found"] == 4
        assert max(server.segments.values()) == 1


def _fields(one):
    return {name: getattr(one, name) for name in one.__struct_fields__}


def test_a_persons_or_publishers_text_beats_the_machines_whenever_it_comes(library):
    library.add([record(1)], at=AT)
    with running() as server:
        run_once(library, desk(server.url))
    own = Text("出版者自己的题名：小型图书馆第1号报告", "zh-Hans", Origin.PUBLISHER)
    later = Record(
        **{**_fields(record(1)), "titles": (*record(1).titles, own), "retrieved_at": "2026-12-01T00:00:00Z"}
    )
    library.add([later], at=AT)
    assert shown(library)[0][1:3] == (own.value, "publisher")


def test_a_changed_original_makes_its_translation_stale(library):
    library.add([record(1)], at=AT)
    with running() as server:
        run_once(library, desk(server.url))
        other = sample(2)[0]
        changed = Record(
            **{
                **_fields(record(1)),
                "titles": (Text(other, "en", Origin.PUBLISHER),),
                "retrieved_at": "2026-12-01T00:00:00Z",
            }
        )
        library.add([changed], at=AT)
        assert shown(library)[0][:2] == (other, None)
        run_once(library, desk(server.url))
    assert shown(library)[0][:2] == (other, translated(other))


# -- misbehaviour ------------------------------------------------------------------------------------------


FAULTS = {
    "openai": ("429", "500", "html", "cut", "truncated", "declined", "short", "long", "empty"),
    "deepl": ("429", "500", "456", "html", "cut", "short", "long", "empty"),
    "libretranslate": ("429", "500", "html", "cut", "short", "long", "empty"),
}


@pytest.mark.parametrize("engine", sorted(BY_NAME))
def test_500_works_come_through_an_engine_that_misbehaves(library, engine):
    library.add([record(number) for number in range(500)], at=AT)
    with running(FAULTS[engine], every=3) as server:
        chosen = desk(server.url, engine)
        for _ in range(12):
            run_once(library, chosen)
            if not list(wanted(library, "zh-Hans")):
                break
    assert library_is_right(library, works=500)
    assert not list(wanted(library, "zh-Hans"))


def library_is_right(library, *, works):
    """No text lost, doubled, or with another work."""
    rows = shown(library)
    assert len(rows) == works
    for title_en, title_zh, _, abstract_en, abstract_zh in rows:
        assert title_zh in {None, translated(title_en)}
        right = "\n".join(translated(one) for one in abstract_en.split("\n"))
        assert abstract_zh in {None, right}
    doubled = "SELECT count(*) FROM (SELECT 1 FROM texts GROUP BY work_id, field, language, section HAVING count(*) > 1)"
    assert next(library.rows(doubled))[0] == 0
    return True


@pytest.mark.parametrize("fault", ["untranslated", "chatter", "numbers", "swapped"])
def test_what_the_checks_refuse_is_kept_and_not_shown(library, fault):
    library.add([record(number) for number in range(6)], at=AT)
    with running([fault]) as server:
        report = run_once(library, desk(server.url))
        requests = server.requests
        assert run_once(library, desk(server.url)).requests == 0
        assert server.requests == requests
    rejected = [row for row in shown(library) if row[1] is None or row[4] is None]
    if fault in {"untranslated", "chatter"}:
        assert len(rejected) == 6
        assert report.counts["malformed"] == 12
    kept = next(library.rows("SELECT count(*) FROM records WHERE source = 'translation'"))[0]
    assert kept == 12


def test_a_refused_key_stops_with_one_line(library):
    library.add([record(number) for number in range(40)], at=AT)
    with running(["401"]) as server:
        report = run_once(library, desk(server.url))
        assert server.requests <= 1 + BY_NAME["openai"].limit.concurrency
    assert report.counts["refused"] == 80
    assert len(report.troubles) == 1


def test_the_months_budget_is_kept_over_runs(library):
    library.add([record(number) for number in range(60)], at=AT)
    with running() as server:
        chosen = desk(server.url, price=1_000_000.0, budget=2_000.0)
        first = run_once(library, chosen)
        sent = sum(len(one) * times for one, times in server.segments.items())
        assert 0 < sent <= 2_000
        assert first.counts["deferred"] > 0
        run_once(library, chosen)
        assert sum(len(one) * times for one, times in server.segments.items()) <= 2_000
        run_once(library, desk(server.url, price=1_000_000.0, budget=2_000.0, month="2026-12"))
        assert sum(len(one) * times for one, times in server.segments.items()) > 2_000
    assert library_is_right(library, works=60)


def test_the_preview_counts_what_a_run_would_send(library):
    library.add([record(number) for number in range(10)], at=AT)
    with running() as server:
        chosen = desk(server.url, price=20.0, budget=5.0)
        told = preview(library, chosen, wanted(library, "zh-Hans"))
        assert server.requests == 0
        report = run_once(library, chosen)
    assert (told.texts, told.characters) == (20, report.characters)
    assert told.cost == pytest.approx(report.cost)
    assert told.left == 5.0


# -- requests and answers ----------------------------------------------------------------------------------


def test_a_glossary_goes_along_with_the_texts_that_need_it():
    job = Job(source="en", target="zh-Hans", model="m", glossary=(("paste", "浆糊"), ("glue", "胶水")))
    body = json.loads(chat.ask("http://e", ["On library paste"], job).body)
    assert "paste = 浆糊" in body["messages"][0]["content"]
    assert "胶水" not in body["messages"][0]["content"]
    assert json.loads(deepl.ask("http://e", ["On library paste"], job).body)["context"] == "paste = 浆糊"


@pytest.mark.parametrize(
    ("engine", "target", "expected"),
    [
        (deepl, "zh-Hans", {"source_lang": "EN", "target_lang": "ZH-HANS"}),
        (deepl, "zh-Hant", {"source_lang": "EN", "target_lang": "ZH-HANT"}),
        (libretranslate, "zh-Hans", {"source": "en", "target": "zh"}),
        (libretranslate, "zh-Hant", {"source": "en", "target": "zt"}),
    ],
)
def test_engines_are_asked_in_their_own_words(engine, target, expected):
    body = json.loads(engine.ask("http://e", ["a"], Job(source="en", target=target, model="", key="k")).body)
    assert expected.items() <= body.items()


def test_deepls_free_keys_have_their_own_address():
    assert deepl.ENGINE.base_url("abc:fx") == "https://api-free.deepl.com"
    assert deepl.ENGINE.base_url("abc") == "https://api.deepl.com"


@pytest.mark.parametrize(
    ("section", "most", "expected"),
    [
        ("One. Two. Three.", 100, ["One. Two. Three."]),
        ("One. Two. Three.", 10, ["One. Two.", "Three."]),
        ("甲。乙。丙。", 4, ["甲。", "乙。", "丙。"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
    ],
)
def test_long_sections_are_cut_between_sentences(section, most, expected):
    assert pieces(section, most) == expected


# -- the program -------------------------------------------------------------------------------------------


@pytest.fixture
def stocked(harvester):
    with Library(harvester.db) as library:
        library.add([record(number) for number in range(3)], at=AT)
    return harvester


def settings(url, engine="openai", **values):
    told = {"engine": engine, "base_url": f"{url}/v1", "model": "sample-model"} | values
    return {f"HARVESTER__TRANSLATE__{name.upper()}": str(value) for name, value in told.items()}


def test_the_command_translates_and_tells_how_it_went(stocked):
    with running() as server:
        done = stocked("translate", **settings(server.url), OPENAI_API_KEY="sample-key")
    assert (done.code, "6 translated" in done.err) == (0, True)
    assert "machine" in stocked("show", "1").out
    runs = json.loads(stocked("runs", "--json").out)
    assert (runs[0]["command"], runs[0]["exit_code"]) == ("translate", 0)


def test_the_nightly_job_translates_at_its_end_where_the_settings_want_it(stocked):
    (stocked.folder / "config.toml").write_text("[harvest]\ninbox = []\ndoi_lists = []\n", encoding="utf-8")
    with running() as server:
        wanted_in = settings(server.url) | {"HARVESTER__TRANSLATE__IN_HARVEST": "true"}
        missing = stocked("harvest", **(wanted_in | {"HARVESTER__TRANSLATE__MODEL": ""}))
        done = stocked("harvest", **wanted_in, OPENAI_API_KEY="sample-key")
    assert (missing.code, "translate.model" in missing.err) == (2, True)
    assert (done.code, "6 translated" in done.err) == (0, True)
    assert "found 6" in done.out


def test_a_dry_run_sends_nothing_and_needs_no_key(stocked):
    with running() as server:
        done = stocked("translate", "--dry-run", "--json", **settings(server.url, price_per_million=20))
        assert server.requests == 0
    assert json.loads(done.out)["texts"] == 6


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({}, "translate.engine"),
        ({"HARVESTER__TRANSLATE__ENGINE": "deepl"}, "DEEPL_API_KEY"),
        ({"HARVESTER__TRANSLATE__ENGINE": "babel"}, "openai, deepl, libretranslate"),
        ({"HARVESTER__TRANSLATE__ENGINE": "openai", "OPENAI_API_KEY": "k"}, "translate.model"),
    ],
)
def test_what_is_missing_is_named_before_the_first_request(stocked, env, words):
    clean = dict.fromkeys(("OPENAI_API_KEY", "DEEPL_API_KEY", "LIBRETRANSLATE_API_KEY"), "")
    done = stocked("translate", **(clean | env))
    assert done.code == 2
    assert words in done.err


def test_the_memory_goes_out_as_tmx_with_the_mark_of_the_machine(stocked, tmp_path):
    with running() as server:
        stocked("translate", **settings(server.url), OPENAI_API_KEY="sample-key")
    done = stocked("export", "--format", "tmx", "-o", tmp_path / "memory.tmx")
    text = (tmp_path / "memory.tmx").read_text(encoding="utf-8")
    assert done.code == 0
    assert 'xml:lang="zh-Hans-t-en-t0-und"' in text
    assert translated(sample(1)[0]) in text


def test_kill_9_loses_and_doubles_nothing(stocked):
    with Library(stocked.db) as library:
        library.add([record(number) for number in range(200)], at=AT)
    with running() as server:
        env = stocked.env | settings(server.url, price_per_million=1) | {"OPENAI_API_KEY": "sample-key"}
        for kill_at in (5, 15, 25):
            with subprocess.Popen(
                [sys.executable, "-m", "harvester", "translate"], env=env, cwd=stocked.folder,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            ) as process:  # fmt: skip
                while server.requests < kill_at and process.poll() is None:
                    os.sched_yield()
                process.send_signal(signal.SIGKILL)
        done = stocked("translate", **settings(server.url, price_per_million=1), OPENAI_API_KEY="sample-key")
        assert done.code == 0
        assert stocked("translate", **settings(server.url), OPENAI_API_KEY="sample-key").code == 0
    with Library(stocked.db) as library:
        assert library_is_right(library, works=200)
        assert not list(wanted(library, "zh-Hans"))
        sent = sum(len(one) * times for one, times in server.segments.items())
        assert next(library.rows("SELECT characters FROM spending"))[0] >= sent
        assert len(list(entries(library))) == len(server.segments)
