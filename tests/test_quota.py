"""One quota for all processes on the machine."""

import json
import subprocess
import sys
import threading
import time

import pytest
from msgspec.structs import replace

from harvester.errors import SourceUnavailable
from harvester.fetch import Fetcher
from harvester.limiter import DaySpent, Pace, Stated
from harvester.quota import SharedPace
from harvester.wire import Limit, Request
from tests.conftest import ROOT

LANE = ("crossref", "list")
FOUR = Limit(4.0, 3)


class Clock:
    """Moved by sleeping; never by itself."""

    def __init__(self):
        self.at = 1000.0

    def now(self):
        return self.at

    def sleep(self, seconds):
        self.at += seconds


def shared(folder, clock, scope="a@example.org"):
    own = Pace(lambda: clock.at, clock.sleep)
    return SharedPace(own, folder, {"crossref": scope}, now=clock.now, sleep=clock.sleep)


def starts(limiter, clock, count, limit=FOUR, party="run"):
    times = []
    for _ in range(count):
        with limiter.slot(LANE, limit, party):
            times.append(clock.at)
    return times


def test_two_processes_stay_inside_one_rate(tmp_path):
    clock = Clock()
    one, two = shared(tmp_path, clock), shared(tmp_path, clock)
    times = sorted(starts(one, clock, 6) + starts(two, clock, 6))
    spans = [later - earlier for earlier, later in zip(times, times[4:], strict=False)]
    assert min(spans) == pytest.approx(1 / 0.95, abs=0.003)
    assert times[-1] - times[0] == pytest.approx(2 / 0.95, abs=0.01)


def test_a_request_that_goes_out_late_is_counted_from_then_in_every_process(tmp_path):
    clock = Clock()
    one, two = shared(tmp_path, clock), shared(tmp_path, clock)
    single = Limit(1.0, 3)
    with one.slot(LANE, single, "run") as sent:
        clock.at += 0.4  # a busy machine
        sent()
        went_at = clock.at
    assert starts(two, clock, 1, limit=single, party="desk")[0] - went_at == pytest.approx(
        1 / 0.95, abs=0.003
    )


def test_another_identity_has_a_quota_of_its_own(tmp_path):
    clock = Clock()
    starts(shared(tmp_path, clock, "a@example.org"), clock, 1)
    before = clock.at
    starts(shared(tmp_path, clock, "b@example.org"), clock, 1)
    assert clock.at == before


def test_concurrency_is_counted_over_all_processes(tmp_path):
    clock = Clock()
    one, two = shared(tmp_path, clock), shared(tmp_path, clock)
    limit = Limit(1000.0, 1)
    with one.slot(LANE, limit, "run"):
        clock.sleep = lambda seconds: (_ for _ in ()).throw(InterruptedError)
        two._sleep = clock.sleep
        with pytest.raises(InterruptedError), two.slot(LANE, limit, "desk"):
            pass
    with two.slot(LANE, limit, "desk"):
        pass


def test_what_a_dead_process_left_is_forgotten(tmp_path):
    clock = Clock()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    limiter = shared(tmp_path, clock)
    starts(limiter, clock, 1)
    path = tmp_path / "limits.json"
    state = json.loads(path.read_text(encoding="utf-8"))
    (lane,) = state.values()
    lane["under_way"] = {str(n): [dead.pid, clock.at, "run"] for n in range(3)}
    lane["waiting"] = {"w": [dead.pid, clock.at, "desk"]}
    path.write_text(json.dumps(state), encoding="utf-8")
    assert len(starts(limiter, clock, 1)) == 1


def test_a_look_up_gets_the_next_turn_of_a_busy_lane(tmp_path):
    order = []
    limit = Limit(1.9, 1)
    pace = {
        party: SharedPace(Pace(time.monotonic, time.sleep), tmp_path, {"crossref": ""})
        for party in ("run", "desk")
    }
    gate = threading.Event()

    def run():
        for number in range(4):
            with pace["run"].slot(LANE, limit, "run"):
                order.append("run")
                if number == 0:
                    gate.set()

    def desk():
        gate.wait()
        with pace["desk"].slot(LANE, limit, "desk"):
            order.append("desk")

    threads = [threading.Thread(target=one) for one in (run, desk)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert order.index("desk") <= 2


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"x": '])
def test_a_damaged_file_is_begun_anew(tmp_path, damage):
    (tmp_path / "limits.json").write_text(damage, encoding="utf-8")
    assert len(starts(shared(tmp_path, Clock()), Clock(), 1)) == 1


def test_a_clock_that_jumped_back_holds_nobody_for_long(tmp_path):
    clock = Clock()
    starts(shared(tmp_path, clock), clock, 1)
    clock.at -= 1e6
    before = clock.at
    starts(shared(tmp_path, clock), clock, 1)
    assert clock.at - before <= 60


def test_where_the_file_cannot_be_used_the_process_is_polite_by_itself(tmp_path, caplog):
    (tmp_path / "limits.json").mkdir()
    clock = Clock()
    times = starts(shared(tmp_path, clock), clock, 5)
    assert times[4] - times[3] == pytest.approx(1 / 0.95)
    assert "limits are not shared" in caplog.text


def test_services_at_one_address_share_what_it_allows(tmp_path):
    clock = Clock()
    bases = {"kisti": ["https://doi.example"], "op": ["https://doi.example/"]}
    lanes = []

    class Spy(SharedPace):
        def slot(self, lane, limit, party):
            lanes.append(lane)
            raise DaySpent(1.0)

    own = Pace(lambda: clock.at, clock.sleep)
    with Fetcher(bases, limiter=Spy(own, tmp_path, {}, now=clock.now, sleep=clock.sleep)) as fetcher:
        for service in bases:
            with pytest.raises(SourceUnavailable):
                fetcher.fetch(Request(service=service, url="https://doi.example/10.5555/a"), FOUR)
    assert lanes == [("https://doi.example", "single")] * 2


# -- budgets of a day ------------------------------------------------------------------------------------------

NOON = 1_795_262_400.0  # 2026-11-21T12:00:00Z
SOLD = Limit(40.0, 8, price=1.0, a_day=10.0)


def at_noon():
    clock = Clock()
    clock.at = NOON
    return clock


def test_the_budget_of_a_day_is_one_for_all_processes_and_runs(tmp_path):
    clock = at_noon()
    starts(shared(tmp_path, clock), clock, 6, SOLD)
    starts(shared(tmp_path, clock), clock, 4, SOLD)
    with pytest.raises(DaySpent) as caught:
        starts(shared(tmp_path, clock), clock, 1, SOLD)
    assert caught.value.seconds == pytest.approx(43_200, abs=2)


def test_the_budget_starts_anew_at_midnight_utc(tmp_path):
    clock = at_noon()
    limiter = shared(tmp_path, clock)
    starts(limiter, clock, 10, SOLD)
    clock.at = NOON + 43_200
    assert limiter.left_today("crossref", SOLD) == 10
    assert len(starts(limiter, clock, 1, SOLD)) == 1


def test_what_the_service_says_is_left_goes_before_our_own_count(tmp_path):
    clock = at_noon()
    limiter = shared(tmp_path, clock)
    starts(limiter, clock, 1, SOLD)
    limiter.learn(LANE, Stated(left_today=2.0), too_many=False)
    assert shared(tmp_path, clock).left_today("crossref", SOLD) == 2
    starts(limiter, clock, 2, SOLD)
    with pytest.raises(DaySpent):
        starts(limiter, clock, 1, SOLD)


def test_a_person_may_allow_less_of_it(tmp_path):
    clock = at_noon()
    limiter = shared(tmp_path, clock)
    capped = replace(SOLD, cap_a_day=3.0)
    starts(limiter, clock, 3, capped)
    with pytest.raises(DaySpent):
        starts(limiter, clock, 1, capped)
    assert limiter.left_today("crossref", SOLD) == 7


def test_the_remaining_count_of_a_service_without_a_budget_is_of_its_pace(tmp_path):
    clock = at_noon()
    limiter = shared(tmp_path, clock)
    starts(limiter, clock, 1)
    limiter.learn(LANE, Stated(left_today=0.0), too_many=False)
    assert limiter.left_today("crossref", FOUR) is None
    assert len(starts(limiter, clock, 1)) == 1


def test_where_the_file_cannot_be_read_no_budget_stops_anybody(tmp_path):
    (tmp_path / "limits.json").mkdir()
    assert len(starts(shared(tmp_path, at_noon()), Clock(), 11, SOLD)) == 11


def test_a_hold_holds_other_processes_too(tmp_path):
    clock = at_noon()
    shared(tmp_path, clock).hold(LANE, 30)
    assert starts(shared(tmp_path, clock), clock, 1)[0] == pytest.approx(NOON + 30, abs=0.01)


_WORKER = """
import sys, time
from pathlib import Path
from harvester.limiter import Pace
from harvester.quota import SharedPace
from harvester.wire import Limit
limiter = SharedPace(Pace(time.monotonic, time.sleep), Path(sys.argv[1]), {"crossref": ""})
for _ in range(10):
    with limiter.slot(("crossref", "list"), Limit(15.0, 3), "run"):
        print(time.time(), flush=True)
"""


def test_real_processes_share_the_quota(tmp_path):
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        for _ in range(3)
    ]
    times = sorted(float(line) for one in workers for line in one.communicate(timeout=60)[0].split())
    assert len(times) == 30
    assert times[15] - times[0] >= 1
    assert times[29] - times[14] >= 1
