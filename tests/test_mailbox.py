"""Replies wait for those about the same identifiers, but not for long, and no service runs too far ahead."""

import threading

import pytest

from harvester.mailbox import Shelf, Unread
from harvester.model import Identifier, Outcome, Record, Scheme
from harvester.replies import Aside, Desk, Place, Reply
from harvester.sources import crossref, openalex
from harvester.wire import Asker, Page, Request

NIGHT = "2026-11-21T03:00:00Z"
ONE = Identifier(Scheme.DOI, "10.5555/one")


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def shelf(clock):
    return Shelf(clock)


def reply(source, first=0, records=1, asked=100):
    desk = Desk(source.SOURCE, "https://sample.example", Asker())
    said = Record(source=desk.source.name, source_key="one", retrieved_at=NIGHT, identifiers=(ONE,))
    return Reply(
        desk,
        Request(service=desk.source.name, url="", asked=(ONE,) * asked),
        Page(),
        place=Place(0, first),
        records=(said,) * records,
        settled={ONE: Outcome.FOUND} if records else {},
    )


def handed_in(shelf, *firsts):
    for first in firsts:
        shelf.expect(Place(0, first), 100)


def come(shelf, one):
    shelf.put(one)
    shelf.met(one.place, 100)
    return one


def test_what_two_services_say_of_the_same_is_taken_together(shelf):
    handed_in(shelf, 0, 0, 100)
    mine = come(shelf, reply(openalex))
    later = come(shelf, reply(openalex, first=100))
    assert shelf.take() == [later]  # nobody else is asked about these

    theirs = come(shelf, reply(crossref))
    assert shelf.take() == [mine, theirs]


def test_nobody_is_waited_for_longer_than_five_seconds(shelf, clock):
    handed_in(shelf, 0, 0)
    mine = come(shelf, reply(openalex))
    clock.now = 5.0
    assert shelf.take() == [mine]


def test_an_answer_about_many_keeps_all_of_its_portions_waiting(shelf, clock):
    shelf.expect(Place(0, 0), 500)
    handed_in(shelf, 400)
    mine = come(shelf, reply(crossref, first=400))
    taken = []
    taker = threading.Thread(target=lambda: taken.append(shelf.take()), daemon=True)
    taker.start()
    theirs = reply(openalex, first=400)
    shelf.put(theirs)
    shelf.met(Place(0, 0), 500)
    taker.join(30)
    assert taken == [[mine, theirs]]


def test_who_registers_the_dois_is_waited_for(shelf, clock):
    handed_in(shelf, 0)
    shelf.expect_aside(0)
    mine = come(shelf, reply(openalex))
    told = Aside(Place(0), "Crossref")
    shelf.put(told)
    assert shelf.take() == [told]
    assert shelf.take() == [mine]


def test_what_need_not_be_stored_is_taken_at_once(shelf):
    handed_in(shelf, 0, 0)
    search = come(shelf, reply(openalex, records=0))
    assert shelf.take() == [search]


def test_a_service_far_ahead_waits_until_something_of_it_is_stored(shelf):
    for number in range(15):
        handed_in(shelf, 100 * number)
        come(shelf, reply(openalex, first=100 * number))
    may_ask = threading.Event()
    asking = threading.Thread(target=lambda: (shelf.wait_for_room("openalex"), may_ask.set()), daemon=True)
    asking.start()
    shelf.wait_for_room("crossref")
    assert not may_ask.is_set()
    assert len(shelf.take()) == 1
    assert may_ask.wait(30)


def test_a_service_of_small_answers_may_answer_a_whole_block_before_it_waits(shelf):
    for number in range(100):
        shelf.expect(Place(0, number), 1)
    for number in range(100):
        shelf.wait_for_room("openalex")
        one = reply(openalex, first=number, asked=1)
        shelf.put(one)
        shelf.met(one.place, 1)
    assert len(shelf.take()) == 100


def test_a_defect_is_raised_where_replies_are_taken(shelf):
    shelf.put(reply(openalex))
    shelf.fail(RuntimeError("a defect"))
    with pytest.raises(RuntimeError, match="a defect"):
        shelf.take()


def test_a_closed_shelf_keeps_nobody_waiting(shelf):
    shelf.close()
    assert shelf.take() == []


def test_the_first_in_place_is_read_first():
    unread = Unread()
    second, first = reply(openalex, first=100), reply(crossref)
    unread.put(second)
    unread.put(first)
    assert [unread.take(), unread.take()] == [first, second]
    unread.close()
    assert unread.take() is None
