import threading
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester import limiter
from harvester.errors import SourceRefused, SourceUnavailable
from harvester.limiter import Breaker, Pace, Stated, retry_after_s, stated_limit, window
from harvester.messages import message
from harvester.wire import Limit

NIGHT = datetime(2026, 11, 21, 3, 0, 0, tzinfo=UTC)
LANE = ("crossref", "single")
POLITE = Limit(per_second=10, concurrency=3)


class Clock:
    def __init__(self):
        self.at = 100.0
        self.slept = []

    def monotonic(self):
        return self.at

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.at += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    return Pace(clock.monotonic, clock.sleep)


def starts(pace, clock, count, limit=POLITE, lane=LANE):
    found = []
    for _ in range(count):
        with pace.slot(lane, limit, "run"):
            found.append(clock.at)
    return found


# -- rate --------------------------------------------------------------------------------------------------


def test_first_request_does_not_wait(pace, clock):
    starts(pace, clock, 1)

    assert clock.slept == []


def test_what_a_second_allows_goes_at_once_and_the_rest_a_second_and_a_margin_later(pace, clock):
    found = starts(pace, clock, 7, limit=Limit(3.0, 3))

    assert found == pytest.approx([100.0] * 3 + [100 + 1 / 0.95] * 3 + [100 + 2 / 0.95])


def test_one_a_second_is_spaced_evenly(pace, clock):
    gaps = [later - earlier for earlier, later in pairwise(starts(pace, clock, 4, limit=Limit(1.0, 1)))]

    assert gaps == pytest.approx([1 / 0.95] * 3)


@given(
    st.floats(0.1, 50),
    st.lists(st.tuples(st.floats(0, 3), st.floats(0, 0.4)), min_size=2, max_size=60),
)
def test_no_second_holds_more_than_allowed_whatever_the_pauses_and_delays(per_second, requests):
    clock = Clock()
    pace, gone_out = Pace(clock.monotonic, clock.sleep), []
    count, window_s = window(per_second)
    for pause_s, delay_s in requests:
        clock.at += pause_s
        with pace.slot(LANE, Limit(per_second, 9), "run") as sent:
            clock.at += delay_s  # a busy machine
            sent()
            gone_out.append(clock.at)

    spans = [later - earlier for earlier, later in zip(gone_out, gone_out[count:], strict=False)]
    assert all(span >= window_s - 0.006 for span in spans)
    assert count / per_second <= window_s


def test_a_pause_of_ours_saves_up_no_more_than_a_second_allows(pace, clock):
    starts(pace, clock, 1)
    clock.at += 60

    assert starts(pace, clock, 12) == pytest.approx([160.0] * 10 + [160 + 1 / 0.95] * 2)


def test_waking_up_late_by_a_hair_does_not_slow_the_pace(clock):
    def overslept(seconds):
        clock.at += seconds + 0.001

    found = starts(Pace(clock.monotonic, overslept), clock, 101)

    assert found[-1] - found[0] == pytest.approx(10 / 0.95, abs=0.003)


def test_lanes_do_not_wait_for_each_other(pace, clock):
    starts(pace, clock, 1)
    starts(pace, clock, 1, lane=("crossref", "list"))
    starts(pace, clock, 1, lane=("datacite", "single"))

    assert clock.slept == []


def gap_after(pace, clock, stated, *, too_many=False):
    """Seconds a request, of many."""
    pace.learn(LANE, stated, too_many=too_many)
    clock.at += 60
    found = starts(pace, clock, 41)
    return (found[-1] - found[0]) / 40


def test_headers_lower_the_rate_and_bring_it_back_up(pace, clock):
    starts(pace, clock, 1)

    assert gap_after(pace, clock, Stated(per_second=2.0)) == pytest.approx(0.5 / 0.95)
    assert gap_after(pace, clock, Stated()) == pytest.approx(0.5 / 0.95)
    assert gap_after(pace, clock, Stated(per_second=5.0)) == pytest.approx(0.2 / 0.95)


def test_headers_never_raise_the_rate_over_the_callers_limit(pace, clock):
    assert gap_after(pace, clock, Stated(per_second=50.0)) == pytest.approx(0.1 / 0.95)


def test_refusals_for_speed_slow_down_to_an_eighth_and_good_answers_win_it_back(pace, clock):
    gaps = [gap_after(pace, clock, Stated(), too_many=True) for _ in range(5)]
    assert gaps == pytest.approx([0.2 / 0.95, 0.4 / 0.95, 0.8 / 0.95, 0.8 / 0.95, 0.8 / 0.95])

    for _ in range(9):
        pace.learn(LANE, Stated(), too_many=False)
    assert gap_after(pace, clock, Stated()) == pytest.approx(0.1 / 0.95)


def test_held_lane_lets_nobody_through_until_then(pace, clock):
    pace.hold(LANE, 30)

    assert starts(pace, clock, 1) == [130.0]


def test_shorter_hold_does_not_shorten_a_longer_one(pace, clock):
    pace.hold(LANE, 30)
    pace.hold(LANE, 5)

    assert starts(pace, clock, 1) == [130.0]


# -- number at once, and turns -------------------------------------------------------------------------------


class Crowd:
    """Threads that ask for a slot, known to be waiting before the next one asks."""

    def __init__(self, pace, monkeypatch):
        self.pace = pace
        self.order = []
        self.threads = []
        self.joined = threading.Semaphore(0)
        join = limiter._LaneState.join

        def join_and_tell(state, party, ticket):
            join(state, party, ticket)
            self.joined.release()

        monkeypatch.setattr(limiter._LaneState, "join", join_and_tell)

    def ask(self, name, party, limit):
        def run():
            with self.pace.slot(LANE, limit, party):
                self.order.append(name)

        thread = threading.Thread(target=run)
        thread.start()
        self.threads.append(thread)
        assert self.joined.acquire(timeout=60)

    def finish(self):
        for thread in self.threads:
            thread.join(10)
            assert not thread.is_alive()


def test_a_look_up_does_not_wait_behind_a_long_queue(pace, monkeypatch):
    crowd = Crowd(pace, monkeypatch)
    single = Limit(per_second=10, concurrency=1)
    with pace.slot(LANE, single, "run"):
        crowd.joined.acquire(timeout=60)
        for number in range(40):
            crowd.ask(f"run {number}", "run", single)
        crowd.ask("look-up", "look-up", single)
    crowd.finish()

    assert crowd.order.index("look-up") <= 1
    assert [name for name in crowd.order if name != "look-up"] == [f"run {number}" for number in range(40)]


@pytest.mark.parametrize(
    "stated, most", [(Stated(), 3), (Stated(concurrency=2), 2), (Stated(concurrency=9), 3)]
)
def test_no_more_are_under_way_than_allowed(pace, monkeypatch, stated, most):
    crowd = Crowd(pace, monkeypatch)
    lock, count = threading.Lock(), {"now": 0, "most": 0}
    everybody_in = threading.Barrier(most)

    def run():
        with pace.slot(LANE, POLITE, "run"):
            with lock:
                count["now"] += 1
                count["most"] = max(count["most"], count["now"])
            everybody_in.wait(10)  # breaks, and fails the test, unless exactly `most` are let in together
            with lock:
                count["now"] -= 1

    pace.learn(LANE, stated, too_many=False)
    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    crowd.threads = threads
    crowd.finish()

    assert count == {"now": 0, "most": most}


def test_a_slot_is_free_again_after_an_error(pace, clock):
    single = Limit(per_second=10, concurrency=1)
    with pytest.raises(KeyboardInterrupt), pace.slot(LANE, single, "run"):
        raise KeyboardInterrupt

    assert len(starts(pace, clock, 1, limit=single)) == 1


def test_a_place_in_the_queue_is_given_up_when_the_wait_is_interrupted(clock):
    def interrupted(_seconds):
        raise KeyboardInterrupt

    pace = Pace(clock.monotonic, interrupted)
    starts(pace, clock, 10)
    with pytest.raises(KeyboardInterrupt):
        starts(pace, clock, 1)
    clock.at += 2

    assert starts(pace, clock, 1) == [102.0]


# -- headers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers, stated",
    [
        (
            {"x-rate-limit-limit": "3", "x-rate-limit-interval": "1s", "x-concurrency-limit": "3"},
            Stated(per_second=3.0, concurrency=3),
        ),
        ({"x-rate-limit-limit": "50"}, Stated(per_second=50.0)),
        ({"x-rate-limit-limit": "1000", "x-rate-limit-interval": "5m"}, Stated(per_second=1000 / 300)),
        ({"x-rate-limit-limit": "1", "x-rate-limit-interval": "500 ms"}, Stated(per_second=2.0)),
        ({"x-rate-limit-limit": "3", "x-rate-limit-interval": "1"}, Stated(per_second=3.0)),
        ({"x-rate-limit-limit": "1", "x-rate-limit-interval": "9999h"}, Stated(per_second=1 / 60)),
        ({"x-rate-limit-limit": "0"}, Stated()),
        ({"x-rate-limit-limit": "-3"}, Stated()),
        ({"x-rate-limit-limit": "many", "x-concurrency-limit": "0"}, Stated()),
        ({"x-rate-limit-limit": "3", "x-rate-limit-interval": "soon"}, Stated()),
        ({"x-rate-limit-limit": "3", "x-rate-limit-interval": "0s"}, Stated()),
        ({"x-rate-limit-limit": "９"}, Stated()),
        ({"x-concurrency-limit": "1.5"}, Stated(concurrency=1)),
        ({"x-ratelimit-remaining": "9985"}, Stated(left_today=9985.0)),
        ({}, Stated()),
    ],
)
def test_limits_are_read_from_headers(headers, stated):
    assert stated_limit(headers) == stated


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_any_header_leaves_a_sane_limit(count, interval, at_once):
    headers = {"x-rate-limit-limit": count, "x-rate-limit-interval": interval, "x-concurrency-limit": at_once}

    stated = stated_limit(headers)

    assert stated.per_second is None or stated.per_second > 0
    assert stated.concurrency is None or stated.concurrency >= 1


@pytest.mark.parametrize(
    "raw, seconds",
    [
        ("0", 0.0),
        ("2", 2.0),
        (" 120 ", 120.0),
        ("1.5", 1.5),
        ("54000", 54000.0),
        ("9" * 400, 366 * 86400.0),
        ("Sat, 21 Nov 2026 03:00:07 GMT", 7.0),
        ("Saturday, 21-Nov-26 03:00:07 GMT", 7.0),
        ("Sat Nov 21 03:00:07 2026", 7.0),
        ("Sat, 21 Nov 2026 04:00:07 +0100", 7.0),
        ("Sat, 21 Nov 2026 02:59:00 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 366 * 86400.0),
        ("-5", None),
        ("+5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("٣", None),
        ("1e3", None),
        ("nan", None),
        ("Sat, 99 Nov 2026 03:00:07 GMT", None),
        ("Sat, 21 Nov 2026", None),
    ],
)
def test_retry_after_in_every_form(raw, seconds):
    assert retry_after_s(raw, NIGHT) == seconds


@given(
    st.text(max_size=60)
    | st.from_regex(r"[A-Z][a-z]{2},? [0-9]{1,3}[ -][A-Z][a-z]{2}[ -][0-9]+ [0-9:]{0,9}.{0,6}")
)
def test_any_retry_after_is_a_sane_time_or_none(raw):
    seconds = retry_after_s(raw, NIGHT)

    assert seconds is None or 0 <= seconds <= 366 * 86400


# -- whether at all ----------------------------------------------------------------------------------------------


@pytest.fixture
def breaker(clock):
    return Breaker(clock.monotonic, after=3, rest_s=60, longest_rest_s=200)


def fail(breaker, times):
    for _ in range(times):
        breaker.admit("datacite")
        breaker.failed("datacite")


def rest_of(breaker):
    with pytest.raises(SourceUnavailable) as caught:
        breaker.admit("datacite")
    return caught.value.retry_after_s


def test_service_whose_failure_leaves_no_hope_is_left_alone_at_once_and_says_why(breaker):
    why = message("fetch-no-name", service="datacite")
    breaker.admit("datacite")
    breaker.failed("datacite", why)

    with pytest.raises(SourceUnavailable) as caught:
        breaker.admit("datacite")
    assert (caught.value.message, caught.value.retry_after_s) == (why, 60)


def test_service_is_left_alone_after_so_many_failures_in_a_row(breaker):
    fail(breaker, 3)

    with pytest.raises(SourceUnavailable) as caught:
        breaker.admit("datacite")
    assert caught.value.message == message("fetch-left-alone", service="datacite", failures=3, seconds=60)
    assert caught.value.retry_after_s == 60
    assert breaker.admit("crossref") is False


def test_an_answer_in_between_starts_the_count_again(breaker):
    fail(breaker, 2)
    breaker.succeeded("datacite")
    fail(breaker, 2)

    assert breaker.admit("datacite") is False


def test_one_probe_alone_is_let_in_after_the_rest_and_recovers_the_service(breaker, clock):
    fail(breaker, 3)
    clock.at += 60

    assert breaker.admit("datacite") is True
    with pytest.raises(SourceUnavailable) as caught:
        breaker.admit("datacite")
    assert caught.value.message.key == "fetch-probing"
    breaker.succeeded("datacite")
    assert breaker.admit("datacite") is False


def test_rest_grows_with_every_failed_probe_up_to_its_end(breaker, clock):
    fail(breaker, 3)
    rests = [rest_of(breaker)]
    for _ in range(3):
        clock.at += rests[-1]
        fail(breaker, 1)
        rests.append(rest_of(breaker))

    assert rests == [60, 120, 200, 200]


def test_a_probe_that_ends_without_a_verdict_makes_room_for_the_next(breaker, clock):
    fail(breaker, 3)
    clock.at += 60
    breaker.admit("datacite")
    breaker.release("datacite")

    assert breaker.admit("datacite") is True


def test_requests_under_way_when_it_closed_neither_lengthen_nor_open_it(breaker, clock):
    fail(breaker, 3)
    breaker.failed("datacite")
    clock.at += 10
    breaker.succeeded("datacite")

    assert rest_of(breaker) == 50


def test_deferred_service_is_free_again_when_its_time_has_come(breaker, clock):
    breaker.defer("datacite", 54000)
    clock.at += 53990
    assert rest_of(breaker) == pytest.approx(10)
    clock.at += 10

    assert breaker.admit("datacite") is False


def test_refused_service_is_never_asked_again(breaker, clock):
    breaker.refuse("datacite", message("fetch-refused", service="datacite", status=401))
    clock.at += 1_000_000

    with pytest.raises(SourceRefused):
        breaker.admit("datacite")
    with pytest.raises(SourceRefused):
        breaker.recheck("datacite")


def test_refusal_is_told_in_one_line(breaker, caplog):
    for _ in range(3):
        breaker.refuse("datacite", message("fetch-refused", service="datacite", status=401))

    assert [record.getMessage() for record in caplog.records] == [
        (
            "datacite: refused, not asked again: datacite refuses to answer (status 401):"
            " check its key, or ask the service why it blocks us"
        )
    ]
