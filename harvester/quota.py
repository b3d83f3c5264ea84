"""One quota for all processes on a machine: a nightly run and a librarian's look-up share what is allowed.

A small file says when each lane is free again, what is under way and who waits; a lock beside it is held
for moments only, and the kernel frees it when its holder dies. What died is forgotten.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from filelock import FileLock

from harvester.limiter import DaySpent, Lane, Limiter, Sent, Stated, window
from harvester.wire import Limit

_log = logging.getLogger("harvester.fetch")

_Told = TypeVar("_Told")

_DAYS: Final = "days"
_DAY_S: Final = 86_400.0
_HAIR_S: Final = 0.002
_POLL_S: Final = 0.02
_LONGEST_S: Final = 300.0  # a request that is under way for longer is over, whatever its process says
_FARTHEST_S: Final = 60.0  # a lane that is free only later than this was written by a clock that jumped


class SharedPace:
    """A limiter that also asks the other processes on this machine.

    `own` keeps the order among the threads of this process. `scopes` names for every address whose quota
    it is (the identity; only a digest of it is written): processes with the same scope share it. Budgets of
    a day live in the same file, so they hold from one run to the next. Where the file cannot be used, this
    process is polite by itself, and says so once.
    """

    def __init__(
        self,
        own: Limiter,
        folder: Path,
        scopes: Mapping[str, str],
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._own = own
        self._path = folder / "limits.json"
        self._scopes = {service: _digest(scope) for service, scope in scopes.items()}
        self._now = now
        self._sleep = sleep
        self._is_usable = True
        self._sold: set[Lane] = set()  # whose requests cost something of a day's budget
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(f"{self._path}.lock", timeout=10)
        except OSError as error:
            self._give_up(error)

    @contextmanager
    def slot(self, lane: Lane, limit: Limit, party: str) -> Iterator[Sent]:
        """Waits until `lane` has room here and on the whole machine.

        Raises DaySpent, without waiting, where the day's budget holds no such request any more.
        """
        ticket = uuid.uuid4().hex
        self._require_budget(lane, limit)
        with self._own.slot(lane, limit, party) as sent:
            try:
                self._enter(lane, limit, party, ticket)

                def gone() -> None:
                    sent()
                    self._note_sent(self._key(lane), ticket)

                yield gone
            finally:
                self._leave(self._key(lane), ticket)

    def learn(self, lane: Lane, stated: Stated, *, too_many: bool) -> None:
        """What an answer says of the pace is for the limiter of this process, of the day's budget for all."""
        self._own.learn(lane, stated, too_many=too_many)
        left = stated.left_today
        if left is not None and lane in self._sold and self._is_usable:
            self._change(lambda state: self._day(state, lane[0]).update(left=left))

    def hold(self, lane: Lane, seconds: float) -> None:
        """Nobody is let through for so long, in no process."""
        self._own.hold(lane, seconds)
        until = self._now() + min(seconds, _LONGEST_S)
        if self._is_usable:
            self._change(lambda state: _lane_of(state, self._key(lane)).update(held_until=until))

    def left_today(self, address: str, limit: Limit) -> float | None:
        """What is left of the budget of the day at an address, in the service's units; None where there is none."""
        try:
            return _left(self._day(self._read(), address), limit)
        except OSError as error:
            self._give_up(error)
            return None

    def _require_budget(self, lane: Lane, limit: Limit) -> None:
        if not limit.price or not self._is_usable:
            return
        self._sold.add(lane)
        left = self.left_today(lane[0], limit)
        if left is not None and left < limit.price:
            raise DaySpent(_until_midnight_s(self._now()))

    def _key(self, lane: Lane) -> str:
        return f"{self._scopes.get(lane[0], '')}/{lane[0]}/{lane[1]}"

    def _day(self, state: dict[str, Any], address: str) -> dict[str, Any]:
        """What was taken of today's budget at an address, and what the service says is left of it."""
        today = datetime.fromtimestamp(self._now(), UTC).date().isoformat()
        days = state.setdefault(_DAYS, {})
        key = f"{self._scopes.get(address, '')}/{address}"
        day: dict[str, Any] = days.get(key) or {}
        if day.get("day") != today:
            day = {"day": today, "spent": 0.0, "left": None}
        days[key] = day
        return day

    def _enter(self, lane: Lane, limit: Limit, party: str, ticket: str) -> None:
        while self._is_usable:
            wait_s = self._change(partial(self._take_turn, lane, limit, party, ticket))
            if not wait_s:
                return
            self._sleep(wait_s)
            self._require_budget(lane, limit)

    def _take_turn(self, named: Lane, limit: Limit, party: str, ticket: str, state: dict[str, Any]) -> float:
        """0 where the request may go now, its turn being taken; else seconds after which to ask again.

        No turn is taken ahead of its time: whoever comes meanwhile, and has not had the last one, goes first.
        """
        lane, now = _lane_of(state, self._key(named)), self._now()
        _forget_the_dead(lane, now)
        lane["waiting"][ticket] = [os.getpid(), now, party]
        if not _may_go(lane, limit, party):
            return _POLL_S
        wait_s = _due(lane, limit, now) - now
        if wait_s > _HAIR_S:
            return wait_s
        del lane["waiting"][ticket]
        count, _ = window(limit.per_second)
        lane["starts"] = [*lane["starts"], now][-count:]
        lane["under_way"][ticket] = [os.getpid(), now, party]
        lane["last"] = party
        if limit.price:
            day = self._day(state, named[0])
            day["spent"] += limit.price
            day["left"] = None if day["left"] is None else day["left"] - limit.price
        return 0.0

    def _note_sent(self, key: str, ticket: str) -> None:
        """The request went out just now: on a busy machine that is later than its turn, and its service counts from now."""

        def note(state: dict[str, Any]) -> None:
            lane = _lane_of(state, key)
            entry = lane["under_way"].get(ticket)
            if entry is not None and now - entry[1] > _HAIR_S and entry[1] in lane["starts"]:
                lane["starts"].remove(entry[1])
                lane["starts"].append(now)  # still in order: now is the latest
                lane["under_way"][ticket] = [entry[0], now, entry[2]]

        now = self._now()
        if self._is_usable:
            self._change(note)

    def _leave(self, key: str, ticket: str) -> None:
        def leave(state: dict[str, Any]) -> None:
            for place in ("under_way", "waiting"):
                state.get(key, {}).get(place, {}).pop(ticket, None)

        if self._is_usable:
            self._change(leave)

    def _change(self, change: Callable[[dict[str, Any]], _Told]) -> _Told | None:
        """What `change` tells of the file's state, which is written back as it leaves it."""
        try:
            with self._lock:
                state = self._read()
                told = change(state)
                beside = self._path.with_suffix(f".{os.getpid()}.part")
                beside.write_text(json.dumps(state), encoding="utf-8")
                beside.replace(self._path)
                return told
        except OSError as error:  # filelock's Timeout is one
            self._give_up(error)
            return None

    def _read(self) -> dict[str, Any]:
        with contextlib.suppress(FileNotFoundError, ValueError):
            state = json.loads(self._path.read_text(encoding="utf-8"))
            if isinstance(state, dict):
                return state
        return {}

    def _give_up(self, error: OSError) -> None:
        self._is_usable = False
        _log.warning("limits are not shared with other processes: %s: %s", self._path, error)


def _lane_of(state: dict[str, Any], key: str) -> dict[str, Any]:
    """The lane as the file has it: when the last requests went, what is under way, who waits."""
    empty = {"starts": [], "held_until": 0.0, "under_way": {}, "waiting": {}, "last": ""}
    state[key] = empty | state.get(key, {})
    lane: dict[str, Any] = state[key]
    return lane


def _due(lane: Mapping[str, Any], limit: Limit, now: float) -> float:
    """When the next request may go; never far ahead, whatever a clock that jumped has written."""
    count, window_s = window(limit.per_second)
    starts = lane["starts"]
    due = starts[-count] + window_s if len(starts) >= count else now
    held_until = lane["held_until"] if lane["held_until"] - now < _LONGEST_S else now
    return float(max(min(due, now + max(window_s, _FARTHEST_S)), held_until))


def _left(day: Mapping[str, Any], limit: Limit) -> float | None:
    own = day["left"] if day["left"] is not None or limit.a_day is None else limit.a_day - day["spent"]
    of_cap = None if limit.cap_a_day is None else limit.cap_a_day - day["spent"]
    return min((one for one in (own, of_cap) if one is not None), default=None)


def _until_midnight_s(now: float) -> float:
    """Seconds until 00:00 UTC, when budgets start anew."""
    return _DAY_S - now % _DAY_S


def _digest(scope: str) -> str:
    return hashlib.blake2b(scope.encode(), digest_size=8).hexdigest()


def _forget_the_dead(lane: dict[str, Any], now: float) -> None:
    for place in ("under_way", "waiting"):
        lane[place] = {
            ticket: one
            for ticket, one in lane[place].items()
            if _is_alive(one[0]) and -_FARTHEST_S < now - one[1] < _LONGEST_S
        }


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, and alive
        return True
    return True


def _may_go(lane: dict[str, Any], limit: Limit, party: str) -> bool:
    """Room is there, and nobody of another party waits for the turn that follows ours."""
    others = any(one[2] != party for one in lane["waiting"].values())
    return len(lane["under_way"]) < limit.concurrency and not (others and lane["last"] == party)
