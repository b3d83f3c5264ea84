"""Look-ups: one outcome an identifier, and an outage is never "absent"."""

import pytest

from harvester.errors import ParseError, SourceRefused, SourceUnavailable
from harvester.harvest import Desk, Plan, look_up
from harvester.ledger import Run
from harvester.messages import message
from harvester.model import Identifier, Outcome, Record, Scheme
from harvester.store import Library
from harvester.wire import Asker, Limit, Page, Payload, Request, Source

NIGHT = "2026-11-21T03:00:00Z"
NEXT = "2026-11-22T03:00:00Z"
NEXT_MONTH = "2026-12-23T03:00:00Z"


def doi(name):
    return Identifier(Scheme.DOI, f"10.5555/{name}")


class World:
    """A service of dictionaries: what it knows, what it drops, what it breaks on; and what it was asked."""

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


def asked(library, ids, *worlds, at=NIGHT, **options):
    plan = Plan(tuple(one.desk() for one in worlds))
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
