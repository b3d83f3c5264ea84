"""Loading records from a file: python -m benchmarks.load --records N [--kind envelope|crossref] [--rounds R] [--peer PYTHON] [--profile] [--json]

N generated records (one in ten says more of an earlier DOI) go into a new database, each way in a process of its own: harvester
as its users run it (`load_document`: merge, provenance, run ledger, search in both languages), with two cores and with one; the bare `sqlite3` module, the same with an FTS5 table that is
filled at the end; sqlite-utils, the same with its FTS table and triggers; and of Crossref's works alexandria3k with all its
tables, where `--peer` names a Python that has it. The ways take turns for R rounds, there and back again; figures are medians.
The others keep the newest record of a DOI and its JSON (alexandria3k every record, in ten tables): as many records a
transaction, the same pragmas, no merge, no search in Chinese. `--profile` tells instead where our CPU time goes, a record.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks import samples
from benchmarks.load_ways import WAYS, load_on_one_core
from benchmarks.measure import Figure, in_child, peak_mb, show, tell
from benchmarks.stages import STAGES, sampled

_PEER: Final = Path(__file__).with_name("alexandria3k_peer.py")
_PEER_WAY: Final = "alexandria3k"
Runs = dict[str, list[dict[str, float]]]


def worker(way: str, file: Path, db: Path, kind: str) -> dict[str, float]:
    """One way, measured in this process and its children: CPU and wall seconds, memory of both together, bytes."""
    wall_s, cpu_s = time.perf_counter(), _cpu_s()
    rows = WAYS[way](file, db, kind)
    cpu_s, wall_s = _cpu_s() - cpu_s, time.perf_counter() - wall_s
    size = sum(one.stat().st_size for one in db.parent.glob(f"{db.name}*"))
    return {"rows": rows, "cpu_s": cpu_s, "wall_s": wall_s, "peak_mb": peak_mb() + _child_mb(), "bytes": size}


def _cpu_s() -> float:
    """CPU seconds of this process and of those that it waited for."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def _child_mb() -> float:
    """The most memory of a child, or ours when it began, whichever is more."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def measure(records: int, kind: str, *, rounds: int = 1, peer: str | None = None) -> list[Figure]:
    """All ways on the same file, in turn. Raises RuntimeError where they do not agree on the number of works."""
    ways = [*WAYS, _PEER_WAY] if peer and kind == "crossref" else [*WAYS]
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "records.jsonl"
        size = samples.write(file, kind, records)
        tell(f"load: {records} {kind} records of {size // records} bytes, {rounds} rounds")
        found = _in_turn(ways, file, kind, rounds, peer)
    if len({one["rows"] for way in WAYS for one in found[way]}) != 1:
        raise RuntimeError(f"the ways do not agree on the number of works: {found}")
    return [figure for way in ways for figure in _figures(way, kind, records, found)]


def _in_turn(ways: Sequence[str], file: Path, kind: str, rounds: int, peer: str | None) -> Runs:
    """What each way took, round by round: there, and back again, so that what slows a machine slows all."""
    found: Runs = defaultdict(list)
    for number in range(rounds):
        for way in ways if number % 2 == 0 else reversed(ways):
            tell(f"load: round {number + 1}, {way}")
            with tempfile.TemporaryDirectory(dir=file.parent) as folder:
                found[way].append(_run(way, file, Path(folder) / "library.db", kind, peer))
    return found


def _run(way: str, file: Path, db: Path, kind: str, peer: str | None) -> dict[str, float]:
    if way != _PEER_WAY or peer is None:
        return in_child("benchmarks.load", "--worker", way, "--kind", kind, "--file", file, "--db", db)
    command = [peer, str(_PEER), str(file), str(db)]
    told: dict[str, float] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return told


def _figures(way: str, kind: str, records: int, found: Runs) -> Iterator[Figure]:
    def rated(unit: str, value: Callable[[Any], float]) -> Figure:
        ours, own = (median(value(one) for one in found[name]) for name in ("harvester", way))
        if way == "harvester":
            return Figure(f"load {kind}: harvester", own, unit)
        return Figure(f"load {kind}: {way}", own, unit, ours / own, f"harvester against {way}")

    yield rated("records a CPU second", lambda one: records / one["cpu_s"])
    yield rated("records a second", lambda one: records / one["wall_s"])
    yield rated("MB at most", lambda one: one["peak_mb"])
    yield rated("bytes a record", lambda one: one["bytes"] / records)


# -- where the time goes ----------------------------------------------------------------------------------


def profile(records: int, kind: str) -> list[Figure]:
    """CPU milliseconds a record of harvester on one core, stage by stage."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "records.jsonl"
        samples.write(file, kind, records)
        tell(f"load: {records} {kind} records, where the time goes")
        spent: dict[str, float] = in_child(
            "benchmarks.load", "--stages", "--kind", kind, "--file", file, "--db", Path(name) / "library.db"
        )
    whole = sum(spent.values())
    return [
        Figure(
            f"load {kind}: {stage}",
            1000 * spent[stage] / records,
            "CPU ms a record",
            spent[stage] / whole,
            "all",
        )
        for stage in STAGES
    ] + [Figure(f"load {kind}: all", 1000 * whole / records, "CPU ms a record")]


def stages(file: Path, db: Path, kind: str) -> dict[str, float]:
    """CPU seconds of one load by stage, measured in this process."""
    with sampled() as found:
        load_on_one_core(file, db, kind)
    return {stage: found.seconds[stage] for stage in STAGES}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--kind", choices=sorted(samples.KINDS), help="one kind only")
    parser.add_argument("--rounds", type=int, default=3, help="how often each way has its turn")
    parser.add_argument("--peer", metavar="PYTHON", help="a Python that has alexandria3k")
    parser.add_argument("--profile", action="store_true", help="where our CPU time goes, and nothing else")
    parser.add_argument("--json", action="store_true", help="JSON Lines in place of the table")
    parser.add_argument("--worker", choices=list(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--stages", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--db", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.worker:
        print(json.dumps(worker(asked.worker, asked.file, asked.db, asked.kind)))
        return 0
    if asked.stages:
        print(json.dumps(stages(asked.file, asked.db, asked.kind)))
        return 0
    measured = (
        profile(asked.records, kind)
        if asked.profile
        else measure(asked.records, kind, rounds=asked.rounds, peer=asked.peer)
        for kind in ([asked.kind] if asked.kind else samples.KINDS)
    )
    show([figure for figures in measured for figure in figures], as_json=asked.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
