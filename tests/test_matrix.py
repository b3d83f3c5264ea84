"""Every service with every mishap: an outage is never "absent", and nothing of a bad answer is kept."""

import asyncio
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import unquote_plus

import pytest

from harvester.fetch import Fetcher
from harvester.harvest import Plan, look_up
from harvester.identifiers import parse
from harvester.ledger import Run
from harvester.outside import FetchPolicy, Outside
from harvester.registration import Resolver
from harvester.sources import SOURCES
from harvester.store import Library
from harvester.wire import Asker
from tests.matrix_tables import CELLS, IN_ASCII, ROWS
from tests.service import Scenario, generated_doi, running

NIGHT = "2026-11-21T03:00:00Z"
NEXT = "2026-11-22T03:00:00Z"
DEADLINE_S = 3600.0


class Clock:
    """Moved by sleeping and by the service; never by itself."""

    def __init__(self):
        self.at = 0.0
        self._lock = threading.Lock()

    def monotonic(self):
        return self.at

    def move(self, seconds):
        with self._lock:
            self.at += seconds


class House:
    """A running sample service that goes wrong as a test says, and the clock of the test."""

    def __init__(self):
        self.clock = Clock()
        self.standing = {}

    async def wait(self, seconds):
        self.clock.move(seconds)
        await asyncio.sleep(0.0005 if seconds else 0)

    @contextmanager
    def going_wrong(self, front, word):
        self.standing[front] = word
        try:
            yield
        finally:
            del self.standing[front]


@pytest.fixture(scope="module")
def running_house():
    house = House()
    scenario = Scenario(limits=0, generated=10_000, standing=house.standing, wait=house.wait)
    with running(scenario) as house.service:
        yield house


@pytest.fixture
def house(running_house):
    running_house.clock = Clock()
    return running_house


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library.db") as opened:
        yield opened


def fetcher_of(house, desks, resolver=None, **policy):
    """The real Fetcher as the program makes it, but for the clock."""
    bases = {desk.source.name: [desk.base_url, *desk.source.leads_to] for desk in desks}
    if resolver is not None:
        bases["doi.org"] = [resolver.base_url]
    explained = {desk.source.name: desk.source.parse for desk in desks if desk.source.explains}
    settings = FetchPolicy(
        **{"allow_private": True, "explained": explained, "run_s": DEADLINE_S, "read_s": 10.0, **policy}
    )
    clock = house.clock
    outside = Outside(
        now=lambda: datetime.now(UTC), monotonic=clock.monotonic, sleep=clock.move, random=lambda: 0.5
    )
    return Fetcher(bases, email="librarian@sample.example", policy=settings, outside=outside)


def asked(library, house, desks, ids, *, at=NIGHT, resolver=None, **policy):
    """What a look-up comes to."""
    with fetcher_of(house, desks, resolver, **policy) as fetcher:
        return looked_up(library, desks, ids, fetcher, at=at, resolver=resolver)


def looked_up(library, desks, ids, fetcher, *, at=NIGHT, resolver=None):
    return look_up(library, ids, Plan(tuple(desks), resolver), fetcher, Run(library, "lookup", at=at))


def outcomes(result):
    return {one.identifier.value: str(one.outcome) for one in result.answers}


def times_asked(questions, doi):
    """How many requests at one endpoint of the server held a DOI, in the address or in the body."""
    said = ((one.endpoint, unquote_plus(f"{one.target} {one.body}")) for one in questions)
    found = Counter(endpoint for endpoint, text in said if doi in text.replace("\\", "").lower())
    return max(found.values(), default=0)


def told(result):
    """What a person is shown of whole services: a line each."""
    return [f"! {name}: {trouble.text()}" for name, trouble in result.troubles.items()]


def generated(number):
    return [parse(generated_doi(each)) for each in range(number)]


def row_of(name):
    [row] = [row for row in ROWS if row.name == name]
    return row


def test_the_matrix_has_every_source():
    assert {row.name for row in ROWS} == {source.name for source in SOURCES}


@pytest.mark.parametrize("row, fault", CELLS, ids=lambda one: one.name)
def test_a_mishap_is_told_as_what_it_is_and_healed_by_the_next_run(house, library, row, fault):
    desk = row.desk(house.service)
    before = len(house.service.asked)
    with house.going_wrong(row.front, fault.word):
        bad = asked(library, house, [desk], row.identifiers, **fault.policy)
    questions = house.service.asked[before:]

    assert outcomes(bad) == dict.fromkeys(row.dois, fault.outcome)
    assert list(library.rows("SELECT * FROM records")) == []
    assert list(library.rows("SELECT * FROM asked")) == []
    assert max(times_asked(questions, doi) for doi in row.dois) in range(1, 7)
    assert house.clock.at < DEADLINE_S
    [line] = told(bad)
    assert line.startswith(f"! {row.name}: ")
    assert len(line) > len(f"! {row.name}: ")

    good = asked(library, house, [desk], row.identifiers, at=NEXT)
    assert outcomes(good) == dict.fromkeys(row.dois, "found")
    assert told(good) == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_an_answer_says_of_its_character_set_is_not_believed(house, library, row):
    desk = row.desk(house.service)
    with house.going_wrong(row.front, "charset"):
        mislabelled = asked(library, house, [desk], row.identifiers)

    assert outcomes(mislabelled) == dict.fromkeys(row.dois, "found")
    titles = [title for (title,) in library.rows("SELECT title FROM works WHERE title IS NOT NULL")]
    assert not any(mark in title for title in titles for mark in "\ufffdÃ¤å")


# -- doi.org -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", IN_ASCII, ids=lambda fault: fault.name)
def test_where_doi_org_goes_wrong_everybody_is_asked_and_no_agency_is_kept(house, library, fault):
    resolver = Resolver(f"{house.service}/doi", Asker())
    row = row_of("crossref")
    desk = row.desk(house.service)
    before = len(house.service.asked)
    with house.going_wrong("doi", fault.word):
        bad = asked(library, house, [desk], row.identifiers, resolver=resolver, **fault.policy)
    questions = [one for one in house.service.asked[before:] if one.endpoint == "doi ra"]

    assert outcomes(bad) == dict.fromkeys(row.dois, "found")
    assert list(library.rows("SELECT * FROM agencies")) == []
    assert len(questions) in range(1, 7)
    [line] = told(bad)
    assert line.startswith("! doi.org: ")
    assert house.clock.at < DEADLINE_S

    asked(library, house, [desk], row.identifiers, resolver=resolver, at=NEXT)
    assert [tuple(each) for each in library.rows("SELECT prefix, agency FROM agencies")] == [
        ("10.5555", "Crossref")
    ]


@pytest.mark.parametrize(
    "fault", [one for one in IN_ASCII if one.word != "another"], ids=lambda fault: fault.name
)
def test_a_short_doi_that_doi_org_cannot_resolve_is_asked_of_nobody(house, library, fault):
    resolver = Resolver(f"{house.service}/doi", Asker())
    desk = row_of("crossref").desk(house.service)
    short = parse("10/sample")
    before = len(house.service.asked)
    with house.going_wrong("doi", fault.word):
        bad = asked(library, house, [desk], [short], resolver=resolver, **fault.policy)
    questions = house.service.asked[before:]

    assert outcomes(bad) == {"10/sample": fault.outcome}
    assert {one.endpoint for one in questions} == {"doi handle"}
    assert len(questions) in range(1, 7)

    good = asked(library, house, [desk], [short], resolver=resolver, at=NEXT)
    assert outcomes(good) == {"10/sample": "found"}


# -- one among many ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["crossref", "openalex", "semanticscholar", "opencitations"])
def test_the_one_doi_that_breaks_a_batch_is_found_and_all_others_too(house, library, name):
    row, ids = row_of(name), generated(100)
    culprit = ids[37].value
    before = len(house.service.asked)
    with house.going_wrong(row.front, f"captcha when={culprit}"):
        result = asked(library, house, [row.desk(house.service)], ids)
    questions = house.service.asked[before:]

    assert outcomes(result) == {one.value: "found" for one in ids} | {culprit: "malformed"}
    assert max(times_asked(questions, one.value) for one in ids) <= 6
    assert [line.split(":")[0] for line in told(result)] == [f"! {name}"]


@pytest.mark.parametrize("name", ["crossref", "semanticscholar", "pubmed"])
def test_a_service_that_answers_nothing_sensible_is_not_asked_for_every_doi_by_itself(house, library, name):
    row, ids = row_of(name), generated(100)
    before = len(house.service.asked)
    with house.going_wrong(row.front, "captcha"):
        result = asked(library, house, [row.desk(house.service)], ids)

    assert outcomes(result) == {one.value: "malformed" for one in ids}
    assert len(house.service.asked) - before <= 21  # once, its four parts, and theirs


@pytest.mark.parametrize("status", ["401", "403"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_refusal_stops_the_service_with_one_line(house, library, row, status):
    desk = row.desk(house.service)
    at_once = max(limit.concurrency for limit in desk.source.limits(desk.asker).values())
    many = [parse(f"10.5555/refused.{number}") for number in range(3000)]
    first = next(desk.source.batch(desk.base_url, many, desk.asker))
    ids = many[: len(first.asked) * (at_once + 3)]
    before = len(house.service.asked)
    with house.going_wrong(row.front, status):
        result = asked(library, house, [desk], ids)

    assert set(outcomes(result).values()) == {"refused"}
    assert len(house.service.asked) - before <= 2 * at_once  # those under way, and once more
    assert len(told(result)) == 1


# -- time --------------------------------------------------------------------------------------------------


def test_a_service_that_fails_is_left_alone_and_asked_again_after_its_rest(house, library):
    desk, ids = row_of("unpaywall").desk(house.service), generated(12)
    before = len(house.service.asked)
    with fetcher_of(house, [desk]) as fetcher:
        with house.going_wrong("unpaywall", "500"):
            bad = looked_up(library, [desk], ids, fetcher)
        tried = {one.target for one in house.service.asked[before:]}
        house.clock.move(61)
        probe = looked_up(library, [desk], ids[:1], fetcher, at=NEXT)
        good = looked_up(library, [desk], ids[1:], fetcher, at=NEXT)

    assert set(outcomes(bad).values()) == {"deferred"}
    assert len(tried) in range(5, 9)  # five in a row, and what was under way then
    assert set(outcomes(probe).values()) == set(outcomes(good).values()) == {"found"}


def test_fifteen_hours_of_one_service_hold_up_no_other_one(house, library):
    desks = [row_of(name).desk(house.service) for name in ("crossref", "openalex")]
    ids = generated(150)
    before = house.service.requests.copy()
    with house.going_wrong("crossref", "429 retry-after=54000"):
        result = asked(library, house, desks, ids)
    questions = house.service.requests - before

    assert outcomes(result) == {one.value: "found" for one in ids}
    assert {str(one.by_source["crossref"]) for one in result.answers} == {"deferred"}
    assert {source for (source,) in library.rows("SELECT source FROM records")} == {"openalex"}
    assert questions["crossref list"] <= 2
    assert house.clock.at < 60
    assert [line.split(":")[0] for line in told(result)] == ["! crossref"]


def test_a_trickle_does_not_carry_a_run_beyond_its_deadline(house, library):
    desks = [row_of(name).desk(house.service) for name in ("crossref", "unpaywall")]
    ids = generated(30)
    with house.going_wrong("unpaywall", "trickle"):
        result = asked(library, house, desks, ids, run_s=600.0)

    assert house.clock.at < 610
    assert outcomes(result) == {one.value: "found" for one in ids}
    assert {str(one.by_source["unpaywall"]) for one in result.answers} == {"deferred"}
