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
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from filelock import FileLock

from harvester.limiter import Lane, Limiter, Stated
from harvester.wire import Limit

_log = logging.getLogger("harvester.fetch")

_Told = TypeVar("_Told")

_MARGIN: Final = 0.95  # as the limiter of one process: our clock is not the service's
_POLL_S: Final = 0.02
_LONGEST_S: Final = 300.0  # a request that is under way for longer is over, whatever its process says
_FARTHEST_S: Final = 60.0  # a lane that is free only later than this was written by a clock that jumped


class SharedPace:
    """A limiter that also asks the other processes on this machine.

    `own` keeps the order among the threads of this process. `scopes` names for every service whose quota
    it is (address and identity, no secret): processes with the same scope share it. Where the file cannot
    be used, this process is polite by itself, and says so once.
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
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(f"{self._path}.lock", timeout=10)
        except OSError as error:
            self._give_up(error)

    @contextmanager
    def slot(self, lane: Lane, limit: Limit, party: str) -> Iterator[None]:
        """Waits until `lane` has room here and on the whole machine."""
        with self._own.slot(lane, limit, party):
            key = f"{self._scopes.get(lane[0], '')}/{lane[0]}/{lane[1]}"
            ticket = uuid.uuid4().hex
            self._enter(key, limit, party, ticket)
            try:
                yield
            finally:
                self._leave(key, ticket)

    def learn(self, lane: Lane, stated: Stated, *, too_many: bool) -> None:
        """What an answer says of the limits is for the limiter of this process."""
        self._own.learn(lane, stated, too_many=too_many)

    def hold(self, lane: Lane, seconds: float) -> None:
        """Nobody is let through for so long, in no process."""
        self._own.hold(lane, seconds)

    def _enter(self, key: str, limit: Limit, party: str, ticket: str) -> None:
        while self._is_usable:
            wait_s = self._change(partial(self._take_turn, key, limit, party, ticket))
            if wait_s is not None:
                if wait_s > 0:
                    self._sleep(wait_s)
                return
            self._sleep(_POLL_S)

    def _take_turn(
        self, key: str, limit: Limit, party: str, ticket: str, state: dict[str, Any]
    ) -> float | None:
        """Seconds until the request may go, its turn being taken; None while it must wait for one."""
        lane = state.setdefault(key, {"free_at": 0.0, "under_way": {}, "waiting": {}, "last": ""})
        now = self._now()
        _forget_the_dead(lane, now)
        lane["waiting"][ticket] = [os.getpid(), now, party]
        if not _may_go(lane, limit, party):
            return None
        del lane["waiting"][ticket]
        starts_at = max(now, min(lane["free_at"], now + _FARTHEST_S))
        lane["free_at"] = starts_at + 1 / (limit.per_second * _MARGIN)
        lane["under_way"][ticket] = [os.getpid(), starts_at, party]
        lane["last"] = party
        return float(starts_at - now)

    def _leave(self, key: str, ticket: str) -> None:
        if self._is_usable:
            self._change(lambda state: state.get(key, {}).get("under_way", {}).pop(ticket, None))

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
