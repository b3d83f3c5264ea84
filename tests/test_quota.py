"""One quota for all processes on the machine."""

import json
import subprocess
import sys
import threading
import time
from itertools import pairwise

import pytest

from harvester.limiter import Pace
from harvester.quota import SharedPace
from harvester.wire import Limit
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
    times = sorted(starts(one, clock, 4) + starts(two, clock, 4))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) == pytest.approx(1 / (4 * 0.95))


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
    limit = Limit(50.0, 1)
    pace = {
        party: SharedPace(Pace(time.monotonic, time.sleep), tmp_path, {"crossref": ""})
        for party in ("run", "desk")
    }
    gate = threading.Event()

    def run():
        for number in range(6):
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
    assert order.index("desk") <= 3


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
    times = starts(shared(tmp_path, clock), clock, 3)
    assert times[2] - times[1] == pytest.approx(1 / (4 * 0.95))
    assert "limits are not shared" in caplog.text


_WORKER = """
import sys, time
from pathlib import Path
from harvester.limiter import Pace
from harvester.quota import SharedPace
from harvester.wire import Limit
limiter = SharedPace(Pace(time.monotonic, time.sleep), Path(sys.argv[1]), {"crossref": ""})
for _ in range(10):
    with limiter.slot(("crossref", "list"), Limit(40.0, 3), "run"):
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
    assert times[-1] - times[0] >= 29 / 40 * 0.9
