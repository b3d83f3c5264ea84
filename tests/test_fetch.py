"""The Fetcher against mocked answers (shapes, retries, secrets). Its sockets: test_fetch_wire.py."""

import logging
import random
import traceback
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import httpx
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import harvester
from harvester.archive import Archive
from harvester.errors import ConfigError, SourceRefused, SourceUnavailable, StoreError
from harvester.fetch import Fetcher
from harvester.limiter import DaySpent, Pace
from harvester.model import Identifier, Scheme
from harvester.outside import FetchPolicy, Outside
from harvester.wire import Limit, Payload, Request

NIGHT = datetime(2026, 11, 21, 3, 0, 0, tzinfo=UTC)
FAST = Limit(per_second=1000, concurrency=4)
BASES = {
    "crossref": ("https://api.example.org",),
    "semanticscholar": ("https://s2.example.org/graph/v1",),
    "doi": ("https://doi.example.org",),
}
KEY = "PLANTED-key-4711"
WORK = Request(
    service="crossref",
    url="https://api.example.org/works/10.5555%2F12345678",
    params=(("mailto", "librarian@example.org"),),
    asked=(Identifier(Scheme.DOI, "10.5555/12345678"),),
)


class World:
    """A clock that sleeping advances, chance that is fixed, and names that all lead to one address."""

    def __init__(self, chance=0.5):
        self.passed = 0.0
        self.slept = []
        self.chance = chance

    def outside(self):
        return Outside(
            now=lambda: NIGHT + timedelta(seconds=self.passed),
            monotonic=lambda: self.passed,
            sleep=self.sleep,
            random=lambda: self.chance,
            resolve=lambda _host, _port: ["93.184.215.14"],
        )

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.passed += seconds


@pytest.fixture
def world():
    return World()


@pytest.fixture
def fetcher(world):
    with Fetcher(BASES, email="librarian@example.org", outside=world.outside()) as fetcher:
        yield fetcher


@pytest.fixture
def web():
    with respx.mock(assert_all_called=False) as router:
        yield router


def waits(world):
    """The back-off waits, without the limiter's few milliseconds."""
    return [seconds for seconds in world.slept if seconds > 0.01]


# -- the question and the answer ---------------------------------------------------------------------------


def test_question_is_sent_politely_and_the_answer_comes_back_whole(fetcher, web):
    route = web.get("https://api.example.org/works/10.5555%2F12345678").respond(
        200, content=b'{"status":"ok"}', headers={"content-type": "application/json"}
    )

    payload = fetcher.fetch(WORK, FAST)

    sent = route.calls.last.request
    assert sent.url.raw_path == b"/works/10.5555%2F12345678?mailto=librarian%40example.org"
    assert sent.headers["user-agent"] == f"harvester/{harvester.__version__} (+mailto:librarian@example.org)"
    assert sent.headers["accept-encoding"] == "gzip, deflate"
    assert payload == Payload(
        service="crossref",
        url="https://api.example.org/works/10.5555%2F12345678?mailto=librarian%40example.org",
        status=200,
        content_type="application/json",
        body=b'{"status":"ok"}',
        retrieved_at="2026-11-21T03:00:00Z",
        asked=(Identifier(Scheme.DOI, "10.5555/12345678"),),
    )


def test_post_carries_its_body_its_type_and_its_key(fetcher, web):
    route = web.post("https://s2.example.org/graph/v1/paper/batch").respond(200, json=[])
    fetcher.fetch(
        Request(
            service="semanticscholar",
            url="https://s2.example.org/graph/v1/paper/batch?fields=title",
            headers=(("x-api-key", KEY), ("Content-Type", "application/json")),
            method="POST",
            body=b'{"ids":["DOI:10.5555/12345678"]}',
        ),
        FAST,
    )

    sent = route.calls.last.request
    assert sent.content == b'{"ids":["DOI:10.5555/12345678"]}'
    assert sent.headers["x-api-key"] == KEY
    assert sent.headers["content-type"] == "application/json"
    assert sent.url.query == b"fields=title"


@pytest.mark.parametrize(
    "params, query",
    [
        (
            (("filter", "doi:10.5555/a,doi:10.5555/b&c"), ("rows", "2")),
            b"filter=doi:10.5555/a,doi:10.5555/b%26c&rows=2",
        ),
        ((("q", "糨糊 +x%41"),), b"q=%E7%B3%A8%E7%B3%8A%20%2Bx%2541"),
        ((("doi", "10.1002/(sici)1097<261::aid#1>3.0.co;2-t"),), None),
    ],
)
def test_parameters_are_encoded_once(fetcher, web, params, query):
    route = web.get(host="api.example.org").respond(200)
    fetcher.fetch(Request(service="crossref", url="https://api.example.org/works", params=params), FAST)

    sent = route.calls.last.request
    assert list(sent.url.params.multi_items()) == list(params)
    assert query is None or sent.url.query == query


@pytest.mark.parametrize("status", [200, 204, 206, 300, 304, 400, 404, 406, 410, 414, 422])
def test_answer_of_any_status_that_is_one_comes_back_at_once(fetcher, web, world, status):
    route = web.get(host="api.example.org").respond(status)

    assert fetcher.fetch(WORK, FAST).status == status
    assert route.call_count == 1
    assert waits(world) == []


def test_without_an_address_the_identity_is_the_name_alone(web, world):
    route = web.get(host="api.example.org").respond(200)
    with Fetcher(BASES, outside=world.outside()) as fetcher:
        fetcher.fetch(WORK, FAST)

    assert route.calls.last.request.headers["user-agent"] == f"harvester/{harvester.__version__}"


@pytest.mark.parametrize("email", ["nobody", "a@b.org\r\nX-Evil: 1", "a@b.org) (", "", "刘@b.org"])
def test_contact_that_is_no_address_is_a_configuration_error(email):
    with pytest.raises(ConfigError):
        Fetcher(BASES, email=email)


@pytest.mark.parametrize("base", ["api.example.org", "ftp://api.example.org", "https://u:p@api.example.org"])
def test_base_that_is_no_address_is_a_configuration_error(base):
    with pytest.raises(ConfigError):
        Fetcher({"crossref": (base,)})


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example.org/", "https://s2.example.org/graph/v1/paper/x", "https://127.0.0.1/"]
)
def test_service_is_asked_at_its_own_base_alone(fetcher, web, url):
    route = web.route().respond(200)

    with pytest.raises(SourceUnavailable):
        fetcher.fetch(Request(service="crossref", url=url), FAST)
    assert route.call_count == 0


# -- attempts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 529])
def test_what_can_pass_is_tried_again(fetcher, web, world, status):
    route = web.get(host="api.example.org").mock(side_effect=[httpx.Response(status), httpx.Response(200)])

    assert fetcher.fetch(WORK, FAST).status == 200
    assert route.call_count == 2
    assert waits(world)[0] >= 0.5


@pytest.mark.parametrize(
    "error", [httpx.ConnectTimeout, httpx.ReadTimeout, httpx.ConnectError, httpx.ReadError]
)
def test_broken_connection_is_tried_again(fetcher, web, error):
    route = web.get(host="api.example.org").mock(side_effect=[error("gone"), httpx.Response(200)])

    assert fetcher.fetch(WORK, FAST).status == 200
    assert route.call_count == 2


def test_after_six_attempts_the_service_is_unavailable(fetcher, web, world):
    route = web.get(host="api.example.org").respond(503)

    with pytest.raises(SourceUnavailable) as caught:
        fetcher.fetch(WORK, FAST)

    assert route.call_count == 6
    assert caught.value.message.key == "fetch-status"
    assert caught.value.message.values == {"service": "crossref", "status": 503}
    assert waits(world) == [1.0, 2.0, 4.0, 8.0, 16.0]


def test_jitter_is_full_but_never_next_to_nothing(web):
    web.get(host="api.example.org").respond(500)
    least, most = World(chance=0.0), World(chance=0.999999)
    for world in (least, most):
        with Fetcher(BASES, outside=world.outside()) as fetcher, pytest.raises(SourceUnavailable):
            fetcher.fetch(WORK, FAST)

    assert waits(least) == [0.5] * 5
    assert waits(most) == pytest.approx([2, 4, 8, 16, 32], rel=0.001)


def test_no_attempt_starts_after_the_longest_wait(web, world):
    route = web.get(host="api.example.org").respond(500)
    policy = FetchPolicy(max_wait_s=6)
    with Fetcher(BASES, policy=policy, outside=world.outside()) as fetcher, pytest.raises(SourceUnavailable):
        fetcher.fetch(WORK, FAST)

    assert route.call_count == 3
    assert world.passed < 6


STATUSES = st.lists(st.sampled_from([200, 301, 404, 408, 429, 429, 500, 503, "timeout", "reset"]), min_size=1)
RETRY_AFTER = st.sampled_from([None, "0", "-1", "x", "1", "Sat, 21 Nov 2026 02:00:00 GMT", "119"])


@given(STATUSES, RETRY_AFTER, st.floats(0, 1, exclude_max=True), st.integers(0, 99))
def test_never_more_than_six_attempts_and_never_a_tight_loop(statuses, retry_after, chance, attempts):
    world, answers, asked_at = World(chance), iter(statuses * 20), []

    def answer(_request):
        asked_at.append(world.passed)
        status = next(answers)
        if status == "timeout":
            raise httpx.ReadTimeout("late")
        if status == "reset":
            raise httpx.ReadError("gone")
        return httpx.Response(status, headers={"retry-after": retry_after} if retry_after else {})

    policy = FetchPolicy(attempts=attempts)
    with respx.mock as web, Fetcher(BASES, policy=policy, outside=world.outside()) as fetcher:
        web.get(host="api.example.org").mock(side_effect=answer)
        with suppress(SourceUnavailable):
            fetcher.fetch(WORK, FAST)

    assert len(asked_at) <= 6
    assert all(later - earlier >= 0.5 for earlier, later in pairwise(asked_at))
    assert world.passed <= 240


# -- Retry-After -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "retry_after, wait_s",
    [
        ("7", 7.0),
        ("120", 120.0),
        ("Sat, 21 Nov 2026 03:00:09 GMT", 9.0),
        ("Saturday, 21-Nov-26 03:00:09 GMT", 9.0),
        ("Sat Nov 21 03:00:09 2026", 9.0),
        ("0", 1.0),
        ("Sat, 21 Nov 2026 02:00:00 GMT", 1.0),
        ("next week", 1.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(fetcher, web, world, status, retry_after, wait_s):
    web.get(host="api.example.org").mock(
        side_effect=[httpx.Response(status, headers={"Retry-After": retry_after}), httpx.Response(200)]
    )
    fetcher.fetch(WORK, FAST)

    assert waits(world) == [wait_s]


@pytest.mark.parametrize("retry_after", ["54000", "Sat, 21 Nov 2026 18:00:00 GMT"])
def test_longer_than_we_wait_defers_the_service_without_sleeping(fetcher, web, world, retry_after):
    route = web.get(host="api.example.org").respond(429, headers={"Retry-After": retry_after})
    caught = []
    for _ in range(3):
        with pytest.raises(SourceUnavailable) as error:
            fetcher.fetch(WORK, FAST)
        caught.append((error.value.message.key, error.value.retry_after_s))

    assert caught == [("fetch-deferred", 54000.0)] * 3
    assert route.call_count == 1
    assert world.slept == []


def test_deferred_service_is_asked_again_when_its_time_has_come(fetcher, web, world):
    web.get(host="api.example.org").mock(
        side_effect=[httpx.Response(429, headers={"Retry-After": "54000"}), httpx.Response(200)]
    )
    with pytest.raises(SourceUnavailable):
        fetcher.fetch(WORK, FAST)
    world.passed += 54000

    assert fetcher.fetch(WORK, FAST).status == 200


def test_other_services_go_on_while_one_is_deferred(fetcher, web):
    web.get(host="api.example.org").respond(429, headers={"Retry-After": "54000"})
    web.get(host="doi.example.org").respond(200)
    with pytest.raises(SourceUnavailable):
        fetcher.fetch(WORK, FAST)

    assert fetcher.fetch(Request(service="doi", url="https://doi.example.org/ra/10.5555"), FAST).status == 200


# -- refusal, and leaving alone ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403])
def test_refusal_stops_the_service_with_one_line(fetcher, web, caplog, status):
    route = web.get(host="api.example.org").respond(status)
    caplog.set_level(logging.INFO)
    for _ in range(4):
        with pytest.raises(SourceRefused) as caught:
            fetcher.fetch(WORK, FAST)
        assert caught.value.message.values == {"service": "crossref", "status": status}

    assert route.call_count == 1
    assert len(caplog.records) == 1


def test_failing_service_is_left_alone_and_one_probe_recovers_it(fetcher, web, world):
    route = web.get(host="api.example.org").respond(500)
    for _ in range(5):
        with pytest.raises(SourceUnavailable):
            fetcher.fetch(WORK, FAST)
    assert route.call_count == 30
    with pytest.raises(SourceUnavailable) as caught:
        fetcher.fetch(WORK, FAST)
    assert (caught.value.message.key, caught.value.retry_after_s) == ("fetch-left-alone", 60.0)
    assert route.call_count == 30

    world.passed += 60
    with pytest.raises(SourceUnavailable):
        fetcher.fetch(WORK, FAST)
    assert route.call_count == 31

    world.passed += 120
    route.respond(404)
    assert [fetcher.fetch(WORK, FAST).status for _ in range(3)] == [404, 404, 404]


def test_fetch_ends_at_once_when_stopped(web):
    with Fetcher(BASES) as fetcher:

        def stop(_request):
            fetcher.stop()
            return httpx.Response(503, headers={"Retry-After": "100"})

        route = web.get(host="api.example.org").mock(side_effect=stop)
        with pytest.raises(SourceUnavailable) as caught:
            fetcher.fetch(WORK, FAST)

    assert caught.value.message.key == "fetch-stopped"
    assert route.call_count == 1


def test_request_that_waits_learns_that_its_service_has_refused_another(web, world):
    route = web.get(host="api.example.org").mock(side_effect=[httpx.Response(503), httpx.Response(403)])
    outside = world.outside()

    def meanwhile(seconds):
        world.sleep(seconds)
        if route.call_count == 1:
            with pytest.raises(SourceRefused):
                fetcher.fetch(WORK, FAST)

    with Fetcher(BASES, outside=replace(outside, sleep=meanwhile)) as fetcher, pytest.raises(SourceRefused):
        fetcher.fetch(WORK, FAST)
    assert route.call_count == 2


def test_retry_after_holds_back_the_other_requests_too(web, world):
    route = web.get(host="api.example.org").mock(
        side_effect=[
            httpx.Response(429, headers={"Retry-After": "30"}),
            httpx.Response(200),
            httpx.Response(200),
        ]
    )
    times = []

    def meanwhile(seconds):
        if route.call_count == 1 and not times:
            times.append("asking")
            fetcher.fetch(WORK, FAST)
            times.append(world.passed)
        else:
            world.sleep(seconds)

    with Fetcher(BASES, outside=replace(world.outside(), sleep=meanwhile)) as fetcher:
        fetcher.fetch(WORK, FAST)
    assert times == ["asking", pytest.approx(30.0)]


def test_time_in_the_queue_is_no_part_of_the_longest_wait(web, world):
    web.get(host="api.example.org").mock(
        side_effect=[httpx.Response(200), httpx.Response(503), httpx.Response(200)]
    )
    slow = Limit(per_second=1 / 50, concurrency=1)
    with Fetcher(BASES, policy=FetchPolicy(max_wait_s=10), outside=world.outside()) as fetcher:
        assert [fetcher.fetch(WORK, slow).status for _ in range(2)] == [200, 200]


# -- pace --------------------------------------------------------------------------------------------------


def test_pace_follows_the_headers_down_and_up(fetcher, web, world):
    stated = {"x-rate-limit-interval": "1s", "x-concurrency-limit": "1"}
    web.get(host="api.example.org").mock(
        side_effect=[
            httpx.Response(200, headers={"x-rate-limit-limit": rate, **stated})
            for rate in ("1", "0.5", "50", "50")
        ]
    )
    times = []
    for _ in range(4):
        fetcher.fetch(WORK, Limit(per_second=1.5, concurrency=3))
        times.append(world.passed)

    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps == pytest.approx([1 / 0.95, 2 / 0.95, 1 / 1.5 / 0.95])


def test_a_spent_budget_of_the_day_defers_the_service_without_a_request(web, world):
    class Spent(Pace):
        def slot(self, lane, limit, party):
            raise DaySpent(43_200)

    outside = world.outside()
    route = web.get(host="api.example.org").respond(200)
    with Fetcher(BASES, outside=outside, limiter=Spent(outside.monotonic, outside.sleep)) as fetcher:
        for _ in range(2):
            with pytest.raises(SourceUnavailable) as caught:
                fetcher.fetch(WORK, FAST)
            assert caught.value.message.key == "budget-spent"
    assert not route.called


# -- redirects ---------------------------------------------------------------------------------------------


def test_alias_is_followed_and_the_payload_names_where_it_led(fetcher, web):
    web.get("https://api.example.org/works/a").respond(301, headers={"Location": "/works/b?x=1"})
    web.get("https://api.example.org/works/b").respond(200, content=b"prime")

    payload = fetcher.fetch(Request(service="crossref", url="https://api.example.org/works/a"), FAST)

    assert (payload.url, payload.body) == ("https://api.example.org/works/b?x=1", b"prime")


def test_keys_stay_behind_when_the_server_changes(fetcher, web):
    web.get("https://doi.example.org/10.5555/a").respond(
        302, headers={"Location": "https://api.example.org/w"}
    )
    route = web.get("https://api.example.org/w").respond(200)
    keys = (
        ("Authorization", "Bearer abc12345"),
        ("x-api-key", KEY),
        ("Crossref-Plus-API-Token", "Bearer xyz12345"),
    )
    fetcher.fetch(
        Request(
            service="doi", url="https://doi.example.org/10.5555/a", headers=(*keys, ("Accept", "text/x"))
        ),
        FAST,
    )

    sent = route.calls.last.request.headers
    assert not {"authorization", "x-api-key", "crossref-plus-api-token"} & set(sent)
    assert sent["accept"] == "text/x"
    assert "user-agent" in sent


def test_keys_go_along_on_the_same_server(fetcher, web):
    web.get("https://api.example.org/a").respond(302, headers={"Location": "https://api.example.org/b"})
    route = web.get("https://api.example.org/b").respond(200)
    fetcher.fetch(
        Request(service="crossref", url="https://api.example.org/a", headers=(("x-api-key", KEY),)), FAST
    )

    assert route.calls.last.request.headers["x-api-key"] == KEY


@pytest.mark.parametrize(
    "status, method, body", [(307, "POST", b"q"), (308, "POST", b"q"), (303, "GET", b"")]
)
def test_query_by_post_stays_one_unless_told_otherwise(fetcher, web, status, method, body):
    web.post("https://api.example.org/a").respond(status, headers={"Location": "/b"})
    route = web.route(url="https://api.example.org/b").respond(200)
    fetcher.fetch(
        Request(service="crossref", url="https://api.example.org/a", method="POST", body=b"q"), FAST
    )

    sent = route.calls.last.request
    assert (sent.method, sent.content) == (method, body)


@pytest.mark.parametrize("hops, status", [(1, 200), (5, 200), (6, None)])
def test_five_redirects_and_no_more(fetcher, web, hops, status):
    for number in range(hops):
        web.get(f"https://api.example.org/{number}").respond(302, headers={"Location": f"/{number + 1}"})
    web.get(f"https://api.example.org/{hops}").respond(200)
    request = Request(service="crossref", url="https://api.example.org/0")
    if status is not None:
        assert fetcher.fetch(request, FAST).status == status
        return

    with pytest.raises(SourceUnavailable) as caught:
        fetcher.fetch(request, FAST)
    assert caught.value.message.key == "fetch-redirects"


def test_redirect_in_a_circle_ends(fetcher, web):
    route = web.get(host="api.example.org").respond(302, headers={"Location": WORK.url})

    with pytest.raises(SourceUnavailable):
        fetcher.fetch(WORK, FAST)
    assert route.call_count == 6


@pytest.mark.parametrize(
    "location, reason",
    [
        ("http://api.example.org/works", "address-scheme"),
        ("https://elsewhere.example.org/", "fetch-host"),
        ("//elsewhere.example.org/", "fetch-host"),
        ("https://api.example.org:8443/", "address-port"),
        ("https://user@api.example.org/", "address-shape"),
        ("file:///etc/passwd", "address-shape"),
        ("https://169.254.169.254/", "address-not-public"),
        ("https://api.example.org/" + "x" * 70_000, "address-shape"),
    ],
)
def test_redirect_to_another_place_is_not_followed(fetcher, web, location, reason):
    route = web.route().respond(302, headers={"Location": location})

    with pytest.raises(SourceUnavailable) as caught:
        fetcher.fetch(WORK, FAST)
    assert caught.value.message.key == reason
    assert route.call_count == 1


# -- secrets -------------------------------------------------------------------------------------------------

ASKED_WITH_KEYS = Request(
    service="crossref",
    url="https://api.example.org/works",
    params=(("api_key", KEY), ("rows", "2")),
    headers=(("Crossref-Plus-API-Token", f"Bearer {KEY}"),),
)
ECHO = {
    "Location": f"https://elsewhere.example.org/{KEY}?api_key={KEY}",
    "content-type": f"text/{KEY}",
    "x-echo": KEY,
}
WAYS_TO_END = [
    httpx.Response(200, content=f"your key {KEY} is fine".encode(), headers=ECHO),
    httpx.Response(302, headers=ECHO),
    httpx.Response(401, content=KEY.encode()),
    httpx.Response(400, content=KEY.encode()),
    httpx.Response(500, content=KEY.encode()),
    httpx.Response(429, headers={"retry-after": "54000"}),
    httpx.Response(200, headers={"content-encoding": KEY}, content=b"x"),
    httpx.LocalProtocolError(f"Illegal header value b'{KEY}'"),
    httpx.ReadTimeout(KEY),
]


@pytest.mark.parametrize("end", WAYS_TO_END)
def test_a_key_is_in_no_log_no_error_no_archive_and_no_payload(end, web, world, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    route = web.get(host="api.example.org")
    route.side_effect = end if isinstance(end, Exception) else lambda _request: end
    told = ""
    with Fetcher(BASES, archive=Archive(tmp_path / "archive"), outside=world.outside()) as fetcher:
        try:
            payload = fetcher.fetch(ASKED_WITH_KEYS, FAST)
            told += repr(payload)
        except SourceUnavailable as error:
            told += "".join(traceback.format_exception(error)) + repr(error) + error.text("zh")
            told += repr(error.__context__)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    kept += b"".join(
        Archive(tmp_path / "archive").read(it.sha256) for it in Archive(tmp_path / "archive").entries()
    )

    assert KEY not in told
    assert KEY not in caplog.text
    assert KEY.encode() not in kept
    assert caplog.records


def test_payload_keeps_its_url_but_for_the_key(fetcher, web):
    web.get(host="api.example.org").respond(200)

    assert fetcher.fetch(ASKED_WITH_KEYS, FAST).url == "https://api.example.org/works?api_key=***&rows=2"


@pytest.mark.parametrize("value", [f"{KEY}\n", f"{KEY}\r\nX-Evil: 1", f" {KEY}", "", "钥匙"])
def test_key_that_cannot_be_sent_is_refused_without_being_shown(fetcher, web, value):
    route = web.route().respond(200)
    request = Request(service="crossref", url="https://api.example.org/", headers=(("x-api-key", value),))

    with pytest.raises(SourceRefused) as caught:
        fetcher.fetch(request, FAST)
    assert caught.value.message.values == {"service": "crossref", "header": "x-api-key"}
    assert route.call_count == 0


def test_log_lines_are_one_an_event_with_the_identifier_in_full(fetcher, web, caplog):
    caplog.set_level(logging.DEBUG, logger="harvester.fetch")
    web.get(host="api.example.org").mock(
        side_effect=[httpx.Response(503), httpx.Response(200, content=b"{}")]
    )
    fetcher.fetch(WORK, FAST)

    url = "https://api.example.org/works/10.5555%2F12345678"
    assert [record.getMessage() for record in caplog.records] == [
        f"crossref: GET {url}?mailto=librarian%40example.org: status 503, 0 bytes, 0.00 s",
        (
            "crossref: crossref answers with status 503: attempt 1 of 6, next in 1.0 s: "
            f"GET {url} doi:10.5555/12345678"
        ),
        f"crossref: GET {url}?mailto=librarian%40example.org: status 200, 2 bytes, 0.00 s",
    ]


# -- archive -----------------------------------------------------------------------------------------------


def test_every_final_answer_is_archived_and_no_attempt(web, world, tmp_path):
    web.get(host="api.example.org").mock(
        side_effect=[
            httpx.Response(503, content=b"sorry"),
            httpx.Response(404, content=b"Resource not found."),
        ]
    )
    archive = Archive(tmp_path)
    with Fetcher(BASES, archive=archive, outside=world.outside()) as fetcher:
        payload = fetcher.fetch(WORK, FAST)

    assert [archive.payload(entry) for entry in archive.entries()] == [payload]
    assert payload.body == b"Resource not found."


def test_failing_archive_ends_the_fetch_as_a_disk_error(web, world, tmp_path):
    web.get(host="api.example.org").respond(200)
    (tmp_path / "archive").write_text("in the way")
    with (
        Fetcher(BASES, archive=Archive(tmp_path / "archive"), outside=world.outside()) as fetcher,
        pytest.raises(StoreError),
    ):
        fetcher.fetch(WORK, FAST)


# -- faults ------------------------------------------------------------------------------------------------


def test_every_request_ends_in_one_way_under_random_faults(web, world):
    chance = random.Random(20261121)
    faults = [500, 502, 503, 429, 404, 200, 200, httpx.ReadTimeout("late"), httpx.ConnectError("no"), 418]

    def answer(_request):
        end = chance.choice(faults)
        if isinstance(end, Exception):
            raise end
        return httpx.Response(end)

    web.get(host="api.example.org").mock(side_effect=answer)
    ends = Counter()
    with Fetcher(BASES, outside=world.outside()) as fetcher:
        for _ in range(300):
            try:
                ends[fetcher.fetch(WORK, FAST).status] += 1
            except SourceUnavailable:
                ends["unavailable"] += 1

    assert set(ends) <= {200, 404, 418, "unavailable"}
    assert sum(ends.values()) == 300
    assert ends["unavailable"] < 30


def test_nothing_is_sent_after_the_runs_time_is_over(world, web):
    web.get(host="api.example.org").mock(return_value=httpx.Response(200, json={}))
    with Fetcher(BASES, policy=FetchPolicy(run_s=90.0), outside=world.outside()) as fetcher:
        fetcher.fetch(WORK, FAST)
        world.sleep(90.0)
        with pytest.raises(SourceUnavailable) as caught:
            fetcher.fetch(WORK, FAST)
    assert caught.value.message.key == "fetch-run-over"
    assert web.calls.call_count == 1
