"""Look-ups: one outcome an identifier, and an outage is never "absent"."""

import json
import threading

import pytest
from msgspec.structs import replace

from harvester import harvest
from harvester.errors import ParseError, SourceRefused, SourceUnavailable
from harvester.harvest import Plan, look_up
from harvester.ledger import Run
from harvester.messages import message
from harvester.model import Identifier, Outcome, Record, Scheme
from harvester.registration import Resolver
from harvester.replies import Desk
from harvester.store import Library
from harvester.wire import Asker, Limit, Page, Payload, Request, Source

NIGHT = "2026-11-21T03:00:00Z"
NEXT = "2026-11-22T03:00:00Z"
NEXT_MONTH = "2026-12-23T03:00:00Z"


def doi(name):
    return Identifier(Scheme.DOI, f"10.5555/{name}")


class World:
    """A service of dictionaries: what it knows, what it drops, what it breaks on; and what it was asked."""

    agency = None

    def __init__(self, name="crossref", knows=(), drops=(), breaks=(), error=None):
        self.name, self.knows, self.drops, self.breaks, self.error = (
            name,
            set(knows),
            set(drops),
            set(breaks),
            error,
        )
        self.asked = []

    def desk(self):
        source = Source(
            name=self.name,
            base_url="https://sample.example",
            key_variable=None,
            batch=self.batch,
            single=lambda base, one, asker: self.request((one,)),
            parse=self.parse,
            limits=lambda asker: {"single": Limit(1000, 2)},
            agencies=(self.agency,) if self.agency else (),
            only_for=(self.agency,) if self.agency else (),
        )
        return Desk(source, source.base_url, Asker())

    def request(self, ids):
        return Request(service=self.name, url="https://sample.example", asked=tuple(ids))

    def batch(self, base, ids, asker):
        for start in range(0, len(ids), 4):
            yield self.request(ids[start : start + 4])

    def fetch(self, request, limit):
        self.asked.append(request.asked)
        if self.error is not None:
            raise self.error
        return Payload(
            service=self.name,
            url="",
            status=200,
            content_type="",
            body=b"",
            retrieved_at=NIGHT,
            asked=request.asked,
        )

    def parse(self, payload):
        if self.breaks & set(payload.asked):
            raise ParseError(message("not-an-object", found="<html>"))
        single = len(payload.asked) == 1
        hidden = set() if single else self.drops
        records = [self.record(one) for one in payload.asked if one in self.knows - hidden]
        left = [one for one in payload.asked if one not in self.knows or one in hidden]
        return Page(
            records=tuple(records),
            absent=tuple(left if single else ()),
            missing=tuple(() if single else left),
        )

    def record(self, one):
        return Record(
            source=self.name, source_key=one.value, retrieved_at=NIGHT, identifiers=(one,), publisher="Paste"
        )


class Crowd:
    """Several worlds behind one fetcher."""

    def __init__(self, *worlds):
        self.worlds = {one.name: one for one in worlds}

    def fetch(self, request, limit):
        return self.worlds[request.service].fetch(request, limit)


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library.db") as opened:
        yield opened


def asked(library, ids, *worlds, at=NIGHT, resolver=None, **options):
    plan = Plan(tuple(one.desk() for one in worlds), resolver)
    run = Run(library, "lookup", at=at)
    result = look_up(library, ids, plan, Crowd(*worlds), run, **options)
    return {one.identifier.value.split("/")[1]: one.outcome for one in result.answers}


def test_a_dropped_doi_is_asked_singly_before_it_is_believed_absent(library):
    world = World(knows=[doi("a"), doi("b")], drops=[doi("b")])
    assert asked(library, [doi("a"), doi("b"), doi("c")], world) == {
        "a": "found",
        "b": "found",
        "c": "absent",
    }
    assert sorted(world.asked) == sorted([(doi("a"), doi("b"), doi("c")), (doi("b"),), (doi("c"),)])


def test_what_another_source_found_is_not_asked_for_singly(library):
    ids = [doi("a"), doi("b")]
    general = World("openalex", knows=[doi("b")])
    answers = asked(library, ids, World(knows=[doi("a")]), general)
    assert answers == {"a": "found", "b": "found"}
    assert general.asked == [tuple(ids)]
    (detail,) = library.rows("SELECT detail FROM run_items WHERE input = '10.5555/a'")
    assert detail[0] == "crossref: found, openalex: no_metadata"
    asked(library, ids, World(knows=[doi("a")]), general, at=NEXT)
    assert general.asked == [tuple(ids)]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (SourceUnavailable(message("not-an-object", found="503")), Outcome.DEFERRED),
        (SourceRefused(message("not-an-object", found="403")), Outcome.REFUSED),
    ],
)
def test_a_source_in_trouble_makes_nothing_absent(library, error, outcome):
    assert asked(library, [doi("a")], World(error=error)) == {"a": outcome}


def test_absent_at_one_source_and_no_answer_from_the_other_is_asked_again(library):
    down = World("semanticscholar", error=SourceUnavailable(message("not-an-object", found="503")))
    assert asked(library, [doi("a")], World(), down) == {"a": "deferred"}


def test_what_one_source_knows_is_found_whatever_the_others_say(library):
    down = World("semanticscholar", error=SourceUnavailable(message("not-an-object", found="503")))
    assert asked(library, [doi("a")], World(knows=[doi("a")]), down) == {"a": "found"}


def test_a_batch_that_cannot_be_read_is_halved_down_to_the_one_to_blame(library):
    ids = [doi(name) for name in "abcd"]
    world = World(knows=ids, breaks=[doi("c")])
    assert asked(library, ids, world) == {"a": "found", "b": "found", "c": "malformed", "d": "found"}


def test_a_batch_whose_answer_is_too_large_is_asked_in_parts(library):
    ids = [doi(name) for name in "abcd"]
    world = World(knows=ids)
    fetch = world.fetch

    def fetch_little(request, limit):
        payload = fetch(request, limit)
        if len(request.asked) > 1:
            raise SourceUnavailable(message("fetch-too-large", service="crossref", cap=20))
        return payload

    world.fetch = fetch_little
    assert asked(library, ids, world) == dict.fromkeys("abcd", "found")
    assert sorted(map(len, world.asked)) == [1, 1, 1, 1, 4]


def test_answers_that_are_young_are_not_asked_for_again(library):
    world = World(knows=[doi("a")])
    first = asked(library, [doi("a"), doi("b")], world)
    requests = len(world.asked)
    second = asked(library, [doi("a"), doi("b")], world, at=NEXT)
    assert first == {"a": "found", "b": "absent"}
    assert second == {"a": "unchanged", "b": "absent"}
    assert len(world.asked) == requests


def test_old_answers_and_refreshed_ones_are_asked_for_again(library):
    world = World(knows=[doi("a")])
    asked(library, [doi("a")], world)
    asked(library, [doi("a")], world, at=NEXT, refresh=True)
    asked(library, [doi("a")], world, at=NEXT_MONTH)
    assert world.asked == [(doi("a"),)] * 3


def test_an_outage_is_not_remembered_as_an_answer(library):
    world = World(knows=[doi("a")], error=SourceUnavailable(message("not-an-object", found="503")))
    assert asked(library, [doi("a")], world) == {"a": "deferred"}
    world.error = None
    assert asked(library, [doi("a")], world, at=NEXT) == {"a": "found"}


def test_every_input_is_in_the_ledger_exactly_once(library):
    asked(library, [doi("a"), doi("b"), doi("a")], World(knows=[doi("a")]))
    rows = [tuple(row) for row in library.rows("SELECT input, outcome, work_id, detail FROM run_items")]
    assert rows == [
        ("10.5555/a", "found", 1, "crossref: found"),
        ("10.5555/b", "absent", None, "crossref: absent"),
    ]


def test_a_defect_in_a_source_is_raised_and_not_swallowed(library):
    world = World(knows=[doi("a")])
    world.parse = None
    with pytest.raises(TypeError):
        asked(library, [doi("a")], world)


def test_two_services_speak_of_one_work(library):
    one, two = World(knows=[doi("a")]), World("semanticscholar", knows=[doi("a")])
    asked(library, [doi("a")], one, two)
    assert [row[0] for row in library.rows("SELECT source FROM records ORDER BY 1")] == [
        "crossref",
        "semanticscholar",
    ]
    assert next(library.rows("SELECT count(*) FROM works"))[0] == 1


def test_what_an_answer_leads_to_is_asked_before_anything_is_settled(library):
    world = World("pubmed", knows=[doi("a")])

    def parse(payload):
        if payload.url == "search":
            leads = Request(service="pubmed", url="fetch", asked=payload.asked)
            return Page(follow=(leads,))
        found = tuple(world.record(one) for one in payload.asked if one in world.knows)
        return Page(records=found, absent=tuple(one for one in payload.asked if one not in world.knows))

    world.request = lambda ids: Request(service="pubmed", url="search", asked=tuple(ids))
    world.fetch = lambda request, limit: Payload(
        service="pubmed",
        url=request.url,
        status=200,
        content_type="",
        body=b"",
        retrieved_at=NIGHT,
        asked=request.asked,
    )
    world.parse = parse
    assert asked(library, [doi("a"), doi("b")], world) == {"a": "found", "b": "absent"}


def test_a_service_is_asked_only_by_identifiers_that_it_knows(library):
    world = World(knows=[doi("a")])
    pmid = Identifier(Scheme.PMID, "1")
    plan = Plan((world.desk(),))
    result = look_up(library, [pmid], plan, Crowd(world), Run(library, "lookup", at=NIGHT))
    assert world.asked == []
    assert [one.outcome for one in result.answers] == ["deferred"]


# -- many at once ----------------------------------------------------------------------------------------


def test_many_are_taken_a_slice_at_a_time_and_each_slice_is_in_the_ledger_when_it_is_settled(
    library, monkeypatch
):
    monkeypatch.setattr(harvest, "_SLICE", 8)
    ids = [doi(f"{number:02}") for number in range(20)]
    world, noted = World(knows=ids[:-1]), []
    run = Run(library, "harvest", at=NIGHT)
    note = run.note
    run.note = lambda items: noted.append([*items]) or note(noted[-1])
    result = look_up(library, ids, Plan((world.desk(),)), Crowd(world), run)
    assert [len(each) for each in noted] == [8, 8, 4]
    assert [one.identifier for one in result.answers] == ids
    assert result.answers[-1].outcome == "absent"
    assert [row[0] for row in library.rows("SELECT input FROM run_items ORDER BY position")] == [
        one.value for one in ids
    ]


def test_a_desk_goes_on_with_the_next_slice_while_another_one_is_slow(library, monkeypatch):
    monkeypatch.setattr(harvest, "_SLICE", 4)
    ids = [doi(f"{number:02}") for number in range(8)]
    slow, quick = World("crossref", knows=ids), World("openalex", knows=ids)
    is_ahead = threading.Event()
    answer, ask = slow.fetch, quick.fetch

    def wait(request, limit):
        assert is_ahead.wait(30)
        return answer(request, limit)

    def tell(request, limit):
        if ids[4] in request.asked:
            is_ahead.set()
        return ask(request, limit)

    slow.fetch, quick.fetch = wait, tell
    assert set(asked(library, ids, slow, quick).values()) == {"found"}


def test_an_answer_about_many_is_stored_in_portions_and_counts_as_one_request(library, monkeypatch):
    ids = [doi(f"{number:03}") for number in range(250)]
    world, sizes, add = World(knows=ids[:-1]), [], Library.add
    world.batch = lambda base, ids, asker: iter([world.request(ids)])
    monkeypatch.setattr(
        Library, "add", lambda self, records, **more: sizes.append(len(records)) or add(self, records, **more)
    )
    run = Run(library, "harvest", at=NIGHT)
    result = look_up(library, ids, Plan((world.desk(),)), Crowd(world), run)

    assert sizes == [100, 100, 49, 0]  # the last one is asked for singly
    assert result.requests == len(world.asked) == 2
    assert [one.outcome for one in result.answers] == ["found"] * 249 + ["absent"]


def test_a_few_are_stored_in_one_transaction_when_all_answers_are_in(library):
    ids = [doi("a"), doi("b")]
    register = Register({"10.5555": "Crossref"})
    crossref, openalex = world_of("Crossref", "crossref", knows=ids), World("openalex", knows=ids[:1])
    said = []
    run = Run(
        library, "lookup", at=NIGHT, on_settled=lambda run, outcomes: run.finish(len(outcomes), at=NEXT)
    )
    plan = Plan((crossref.desk(), openalex.desk()), RESOLVER)
    library.connection.set_trace_callback(said.append)
    result = look_up(library, ids, plan, Crowd(register, crossref, openalex), run)
    library.connection.set_trace_callback(None)

    assert {one.outcome for one in result.answers} == {"found"}
    assert [tuple(one) for one in library.rows("SELECT finished_at, exit_code FROM runs")] == [(NEXT, 2)]
    assert [one for one in said if one in {"BEGIN IMMEDIATE", "COMMIT"}] == ["BEGIN IMMEDIATE", "COMMIT"]


def test_reading_and_storing_keep_no_desk_from_its_next_request(library):
    ids = [doi(f"{number:02}") for number in range(12)]
    world = World(knows=ids)
    all_asked = threading.Event()
    fetch, parse = world.fetch, world.parse

    def count(request, limit):
        payload = fetch(request, limit)
        if len(world.asked) == 3:
            all_asked.set()
        return payload

    def read(payload):
        assert all_asked.wait(30)  # not one answer is read before the last request has gone
        return parse(payload)

    world.fetch, world.parse = count, read
    assert set(asked(library, ids, world).values()) == {"found"}


def test_progress_begins_with_nothing_settled_before_the_first_answer_is_read(library):
    ids = [doi(f"{number:02}") for number in range(4)]
    world, told, has_begun = World(knows=ids), [], threading.Event()
    parse = world.parse

    def read(payload):
        assert has_begun.wait(30)
        return parse(payload)

    def tell(done):
        told.append(done)
        has_begun.set()

    world.parse = read
    asked(library, ids, world, on_progress=tell)
    assert told == [0, 4]


def test_general_sources_are_asked_while_doi_org_still_thinks(library):
    one = registered("10.55551")
    register, general = Register({"10.55551": "Crossref"}), World("openalex", knows=[one])
    crossref = world_of("Crossref", "crossref", knows=[one])
    is_asked = threading.Event()
    answer, ask = register.fetch, general.fetch

    def think(request, limit):
        assert is_asked.wait(30)
        return answer(request, limit)

    def tell(request, limit):
        is_asked.set()
        return ask(request, limit)

    register.fetch, general.fetch = think, tell
    assert with_register(library, [one], register, crossref, general)[one.value].outcome == "found"


def test_odd_ids_that_may_have_spoilt_a_batch_are_asked_apart(library):
    ids = [doi(name) for name in "abc"] + [doi("d[1]")]
    world = World("semanticscholar", breaks=[ids[-1]])
    desk = world.desk()
    desk = replace(desk, source=replace(desk.source, kinds=lambda them: (them[:-1], them[-1:])))
    look_up(library, ids, Plan((desk,)), Crowd(world), Run(library, "lookup", at=NIGHT))
    assert world.asked[:1] == [tuple(ids)]
    assert {*world.asked[1:3]} == {tuple(ids[:-1]), (ids[-1],)}


def test_a_persons_budget_caps_the_services_or_counts_requests():
    desk = World().desk()
    sold = {"list": Limit(1, 1, price=2.0, a_day=9.0), "single": Limit(1, 1, a_day=9.0)}
    of_credits = replace(desk, source=replace(desk.source, limits=lambda _: sold), daily_budget=5.0)
    assert of_credits.limits() == {
        "list": Limit(1, 1, 2.0, 9.0, 5.0),
        "single": Limit(1, 1, 0.0, 9.0, 5.0),
    }
    assert replace(desk, daily_budget=5.0).limits() == {"single": Limit(1000, 2, 1.0, None, 5.0)}


# -- who registers it ------------------------------------------------------------------------------------


class Register:
    """doi.org: the agency of every prefix, and what short DOIs stand for."""

    name = "doi.org"

    def __init__(self, agencies, short=None, error=None):
        self.agencies, self.short, self.error = agencies, short or {}, error
        self.urls = []

    def fetch(self, request, limit):
        self.urls.append(request.url)
        if self.error is not None:
            raise self.error
        path = request.url.removeprefix("https://doi.example/")
        if path.startswith("ra/"):
            answer = [
                {"DOI": one, "RA": self.agencies[one]}
                if one in self.agencies
                else {"DOI": one, "status": "DOI does not exist"}
                for one in path.removeprefix("ra/").split(",")
            ]
        else:
            alias = self.short[path.removeprefix("api/handles/")]
            answer = {
                "responseCode": 1,
                "handle": path.removeprefix("api/handles/"),
                "values": [{"type": "HS_ALIAS", "data": {"format": "string", "value": alias}}],
            }
        return Payload(
            service=self.name, url=request.url, status=200, content_type="application/json",
            body=json.dumps(answer).encode(), retrieved_at=NIGHT, asked=request.asked,
        )  # fmt: skip


RESOLVER = Resolver("https://doi.example", Asker())


def registered(prefix):
    return Identifier(Scheme.DOI, f"{prefix}/x")


def world_of(agency, name, **options):
    world = World(name, **options)
    world.agency = agency
    return world


def with_register(library, ids, register, *worlds, at=NIGHT):
    plan = Plan(tuple(one.desk() for one in worlds), RESOLVER)
    result = look_up(library, ids, plan, Crowd(register, *worlds), Run(library, "lookup", at=at))
    return {one.identifier.value: one for one in result.answers}


def test_an_agency_is_asked_for_its_own_dois_only(library):
    one, two = registered("10.55551"), registered("10.55552")
    register = Register({"10.55551": "Crossref", "10.55552": "DataCite"})
    crossref, datacite = (
        world_of("Crossref", "crossref", knows=[one]),
        world_of("DataCite", "datacite", knows=[two]),
    )
    answers = with_register(library, [one, two], register, crossref, datacite)
    assert {one.outcome for one in answers.values()} == {"found"}
    assert (crossref.asked, datacite.asked) == ([(one,)], [(two,)])
    assert register.urls == ["https://doi.example/ra/10.55551,10.55552"]


def test_a_prefix_is_asked_for_once_and_kept_for_months(library):
    register = Register({"10.55551": "Crossref"})
    crossref = world_of("Crossref", "crossref", knows=[registered("10.55551")])
    with_register(library, [registered("10.55551")], register, crossref)
    with_register(library, [Identifier(Scheme.DOI, "10.55551/y")], register, crossref, at=NEXT_MONTH)
    assert len(register.urls) == 1


def test_an_agency_without_an_interface_gives_no_metadata_with_its_name_and_address(library):
    doi = Identifier(Scheme.DOI, "10.55553/j.1000-3045.2019.09.003")
    others = World("semanticscholar")
    answer = with_register(library, [doi], Register({"10.55553": "CNKI"}), others)[doi.value]
    assert (answer.outcome, answer.agency) == ("no_metadata", "CNKI")
    assert answer.landing_page == "https://link.cnki.net/doi/10.55553/j.1000-3045.2019.09.003"
    (item,) = library.rows("SELECT outcome, detail FROM run_items")
    assert tuple(item) == (
        "no_metadata",
        "CNKI: no_metadata, semanticscholar: absent, https://link.cnki.net/doi/10.55553/j.1000-3045.2019.09.003",
    )


def test_an_agency_whose_source_is_switched_off_gives_no_metadata_but_is_named(library):
    one = registered("10.55554")
    crossref = world_of("Crossref", "crossref")
    answer = with_register(library, [one], Register({"10.55554": "ISTIC"}), crossref)[one.value]
    assert (answer.outcome, answer.agency, answer.landing_page) == (
        "no_metadata",
        "ISTIC",
        "https://doi.org/10.55554/x",
    )
    assert crossref.asked == []


def test_what_another_source_knows_of_such_a_doi_is_found(library):
    one = registered("10.55553")
    answer = with_register(library, [one], Register({"10.55553": "CNKI"}), World("openalex", knows=[one]))[
        one.value
    ]
    assert answer.outcome == "found"


def test_the_not_found_of_the_agency_is_final_whatever_others_could_not_say(library):
    one = registered("10.55551")
    silent = World("semanticscholar", error=SourceUnavailable(message("not-an-object", found="429")))
    crossref = world_of("Crossref", "crossref")
    answers = with_register(library, [one], Register({"10.55551": "Crossref"}), crossref, silent)
    assert answers[one.value].outcome == "absent"


def test_an_outage_of_doi_org_makes_everybody_be_asked_and_nothing_absent(library):
    one = registered("10.55551")
    register = Register({}, error=SourceUnavailable(message("not-an-object", found="503")))
    crossref, datacite = world_of("Crossref", "crossref"), world_of("DataCite", "datacite", knows=[one])
    answers = with_register(library, [one], register, crossref, datacite)
    assert answers[one.value].outcome == "found"
    assert list(library.rows("SELECT * FROM agencies")) == []


def test_a_short_doi_is_looked_up_as_what_it_stands_for_and_told_as_it_was_given(library):
    one, short = registered("10.55551"), Identifier(Scheme.DOI, "10/abc")
    register = Register({"10.55551": "Crossref"}, short={"10/abc": one.value})
    crossref = world_of("Crossref", "crossref", knows=[one])
    answers = with_register(library, [short], register, crossref)
    assert (answers["10/abc"].outcome, answers["10/abc"].work_id) == ("found", 1)
    assert [row[0] for row in library.rows("SELECT input FROM run_items")] == ["10/abc"]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (SourceUnavailable(message("not-an-object", found="503")), "deferred"),
        (SourceRefused(message("not-an-object", found="403")), "refused"),
    ],
)
def test_a_short_doi_that_cannot_be_resolved_is_asked_of_nobody_and_never_absent(library, error, outcome):
    short = Identifier(Scheme.DOI, "10/abc")
    crossref, openalex = world_of("Crossref", "crossref"), World("openalex")
    answers = with_register(library, [short], Register({}, error=error), crossref, openalex)
    assert answers["10/abc"].outcome == outcome
    assert crossref.asked == openalex.asked == []
