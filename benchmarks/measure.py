"""What all benchmarks share: a figure, the table of figures, a child process and its memory, the sample service."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, structs

from harvester.sources import SOURCES
from tests.service import Service
from tests.service.demo import settings

ROOT: Final = Path(__file__).parents[1]
PROGRAM: Final = (sys.executable, "-m", "harvester")
_START_S: Final = 20.0


class Figure(Struct, frozen=True):
    """One measured value; `ratio` is this value, or what is said in `to`, against something else."""

    measure: str
    value: float | str
    unit: str
    ratio: float | None = None
    to: str = ""


def show(figures: Iterable[Figure], *, as_json: bool) -> None:
    """The figures on stdout: a table for people, or JSON Lines."""
    rows = list(figures)
    if as_json:
        for one in rows:
            print(json.dumps(structs.asdict(one), ensure_ascii=False))
        return
    width = max((len(one.measure) for one in rows), default=0)
    print(f"{'measure':<{width}}  {'value':>12}  {'unit':<22}{'ratio':>8}")
    for one in rows:
        ratio = "" if one.ratio is None else f"{one.ratio:.3g}"
        to = f"  {one.to}" if one.to else ""
        print(f"{one.measure:<{width}}  {_shown(one.value):>12}  {one.unit:<22}{ratio:>8}{to}")


def _shown(value: float | str) -> str:
    if isinstance(value, str):
        return value
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.2f}"


def tell(text: str) -> None:
    """What is being done just now, on stderr."""
    print(text, file=sys.stderr, flush=True)


def peak_mb() -> float:
    """The most memory that this process held at once, in MB.

    Linux lets `ru_maxrss` of a child start from its parent's, so there the process's own mark is read.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1000
    divisor = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / divisor


def in_child(module: str, *arguments: object) -> dict[str, Any]:
    """What `python -m module arguments` says on stdout as JSON: measured in a process of its own."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=3600)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * share // 1).__int__() - 1))]


# -- the program and the sample service as processes -------------------------------------------------------


def environment(url: str, folder: Path, **more: str) -> dict[str, str]:
    """The environment that turns the program to the service at `url`, with everything it makes in `folder`."""
    usual = {name: value for name, value in os.environ.items() if not name.startswith("HARVESTER")}
    own = {"HARVESTER__HARVEST__INBOX": "[]", "HARVESTER__HARVEST__DOI_LISTS": "[]", "PYTHONPATH": str(ROOT)}
    usual.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled already
    own |= {"XDG_STATE_HOME": str(folder / "state")}
    others = {source.name for source in SOURCES} - {"crossref", "semanticscholar"} | {"doi_org"}
    own |= {f"HARVESTER__SOURCES__{name.upper()}__ENABLED": "false" for name in others}
    return usual | settings(Service(url), folder) | own | more


@contextmanager
def sample_service(folder: Path, *arguments: object) -> Iterator[str]:
    """`python -m tests.service ARGUMENTS` for as long as the `with` block lasts; gives its URL."""
    port_file = folder / "port"
    command = [sys.executable, "-m", "tests.service", "--port-file", port_file, *arguments]
    process = subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{_port(port_file, process)}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        port_file.unlink(missing_ok=True)


def _port(port_file: Path, process: subprocess.Popen[bytes]) -> int:
    give_up_at = time.monotonic() + _START_S
    while not port_file.exists():
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise RuntimeError("the sample service does not start")
        time.sleep(0.01)
    return int(port_file.read_text())


def requests_at(url: str) -> dict[str, int]:
    """How many requests each endpoint of the sample service got so far."""
    with urllib.request.urlopen(f"{url}/-/requests") as answer:
        counts: dict[str, int] = json.load(answer)
    return counts


def refused_at(url: str) -> int:
    """How many requests the sample service has answered with 429 so far."""
    with urllib.request.urlopen(f"{url}/-/statuses") as answer:
        return sum(number for _, status, number in json.load(answer) if status == 429)


def times_at(url: str) -> dict[str, tuple[float, float]]:
    """When each endpoint of the sample service got its first request and gave its last answer; epoch seconds."""
    with urllib.request.urlopen(f"{url}/-/times") as answer:
        return {name: (first, last) for name, (first, last) in json.load(answer).items()}


class Cost(Struct):
    """What a process took: seconds by the clock, seconds of the processor, MB at most.

    `started_at` is in seconds of the epoch; `wrote_at`, too, is when its library was last written to while it ran.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    started_at: float = 0.0
    wrote_at: float = 0.0


def run_program(*words: str, folder: Path, env: dict[str, str]) -> Cost:
    """`harvester WORDS` from start to end. Raises CalledProcessError unless it ends well."""
    start, started_at = time.perf_counter(), time.time()
    log, wrote_at = folder / "harvester.db-wal", 0.0
    command = [*PROGRAM, *words]
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL)
    peak = 0.0
    while (found := _peak_of(process.pid)) is not None:  # the mark of a zombie is gone
        peak = max(peak, found + sum(_peak_of(one) or 0.0 for one in _children_of(process.pid)))
        wrote_at = _changed_at(log) or wrote_at
        time.sleep(0.02)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - start
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    cpu_s = used.ru_utime + used.ru_stime
    return Cost(wall_s, cpu_s, peak or used.ru_maxrss / 1000, started_at, wrote_at)


def _changed_at(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def _children_of(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _peak_of(pid: int) -> float | None:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM:")), None)
