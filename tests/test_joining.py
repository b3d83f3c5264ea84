"""What several searches found is fetched in one request, and every reply is delivered once."""

from urllib.parse import parse_qs

from harvester.joining import Held
from harvester.model import Identifier, Scheme
from harvester.replies import Desk, Place, Reply
from harvester.sources import openalex, pubmed
from harvester.wire import Asker, Page, Request

ASKER = Asker(email="desk@sample.example")


def search(first, count=100, source=pubmed, **more):
    asked = tuple(Identifier(Scheme.DOI, f"10.5555/{number:04}") for number in range(first, first + count))
    (request,) = source.SOURCE.batch("https://sample.example", asked, ASKER)
    desk = Desk(source.SOURCE, "https://sample.example", ASKER)
    return Reply(desk, request, Page(), place=Place(0, first), **more)


def fetch_of(reply):
    numbers = [str(9000 + int(one.value[-4:])) for one in reply.request.asked]
    body = f"db=pubmed&retmode=xml&id={','.join(numbers)}".encode()
    return Request(
        service="pubmed", url="https://sample.example/efetch.fcgi", body=body, asked=reply.request.asked
    )


def released(held, reply, following=None):
    return [
        (one.place.first, [len(request.asked) for request in requests])
        for one, requests in held.released(reply, [fetch_of(reply)] if following is None else following)
    ]


def test_searches_wait_until_no_more_are_expected_and_lead_to_one_fetch():
    held = Held()
    held.expect("pubmed", 0, 3)
    assert released(held, search(200)) == []
    assert released(held, search(0)) == []
    assert released(held, search(100)) == [(0, [300]), (100, []), (200, [])]


def test_500_are_enough():
    held = Held()
    held.expect("pubmed", 0, 7)
    told = [released(held, search(100 * number)) for number in range(7)]
    assert told[:4] == [[]] * 4
    assert told[4] == [(0, [500]), (100, []), (200, []), (300, []), (400, [])]
    assert told[5:] == [[], [(500, [200]), (600, [])]]


def test_a_search_that_fails_or_finds_nothing_keeps_the_others_no_longer():
    held = Held()
    held.expect("pubmed", 0, 2)
    assert released(held, search(0)) == []
    assert released(held, search(100), []) == [(100, []), (0, [100])]


def test_what_is_asked_alone_again_or_elsewhere_does_not_wait():
    held = Held()
    held.expect("pubmed", 0, 9)
    held.expect("openalex", 0, 9)
    assert released(held, search(0, count=1)) == [(0, [1])]
    assert released(held, search(0, is_new=False)) == [(0, [100])]
    assert released(held, search(0, source=openalex), []) == [(0, [])]


def test_the_joined_fetch_asks_for_every_number_once():
    replies = [search(0, count=2), search(1, count=2)]
    joined = pubmed.join([fetch_of(one) for one in replies])
    assert parse_qs(joined.body.decode())["id"] == ["9000,9001,9002"]
    assert joined.asked == replies[0].request.asked + replies[1].request.asked
