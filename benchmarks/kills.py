"""SIGKILL at random points of `harvester load` and `harvester harvest`, and what the library says afterwards."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from benchmarks import samples
from benchmarks.canon import Content, canonical, compared, unsound
from benchmarks.measure import PROGRAM, Figure, environment, sample_service, tell
from tests.service import generated_doi

_IN_A_ROW: Final = 3
_TRIES: Final = 4  # runs started for a kill, at most: some end before it comes
_LATENCY_S: Final = 0.05
_RUN_S: Final = 300


class Size(Struct, frozen=True):
    """How much the runs have to do that are killed."""

    kills: int
    records: int = 1100
    dois: int = 400


class Job(Struct, frozen=True):
    """A run of the program that is to be killed: its words, and its environment for a folder."""

    name: str
    words: tuple[str, ...]
    environment: Callable[[Path], dict[str, str]]


def run_whole(job: Job, folder: Path) -> float:
    """The job from start to end in `folder`; seconds. RuntimeError unless it ends well."""
    start = time.perf_counter()
    done = subprocess.run(
        [*PROGRAM, "--quiet", *job.words],
        cwd=folder,
        env=job.environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=_RUN_S,
    )
    if done.returncode:
        raise RuntimeError(f"{job.name} ends with {done.returncode}: {done.stderr[-2000:]}")
    return time.perf_counter() - start


def run_killed(job: Job, folder: Path, chance: random.Random, whole_s: float) -> bool:
    """The job, killed at a random point after the library was opened; False if it was done before."""
    command = [*PROGRAM, "--quiet", *job.words]
    quiet = subprocess.DEVNULL
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=job.environment(folder), stdout=quiet, stderr=quiet)
    log = folder / "harvester.db-wal"
    while not log.exists() and process.poll() is None:
        time.sleep(0.002)
    time.sleep(chance.uniform(0, max(0.05, whole_s - (time.perf_counter() - start))))
    was_running = process.poll() is None
    process.kill()
    process.wait()
    return was_running


def _kept(folder: Path) -> tuple[Counter[str], int]:
    """The records in the library just after a kill, by fingerprint, and complaints about the file."""
    path = folder / "harvester.db"
    if not path.exists():
        return Counter(), 0
    connection = sqlite3.connect(path)
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'works_fts'").fetchone():
            return Counter(), 0
        found = Counter(row[0] for row in connection.execute("SELECT fingerprint FROM records"))
        return found, len(unsound(connection))
    finally:
        connection.close()


def cycle(job: Job, kills: int, chance: random.Random, whole_s: float, expected: Content) -> Counter[str]:
    """A new library, killed so many times while there is work left, then finished; what differs from `expected`."""
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder, before = Path(name), Counter[str]()
        for _ in range(kills):
            if not run_killed(job, folder, chance, whole_s):
                break
            found["kills"] += 1
            after, complaints = _kept(folder)
            found["complaints of the checks"] += complaints
            found["records gone that were there"] += (before - after).total()
            before = after
            found["kills with work half done"] += bool(0 < after.total() < expected.records.total())
        run_whole(job, folder)
        for word, number in compared(canonical(folder / "harvester.db"), expected).items():
            found[word] += number
    return found


def measure(size: Size, seed: int) -> list[Figure]:
    """Half of the kills on a load, half on a harvest."""
    if not size.kills:
        return []
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        samples.write(folder / "records.jsonl", "envelope", size.records)
        (folder / "dois.txt").write_text("".join(f"{generated_doi(one)}\n" for one in range(size.dois)))
        with sample_service(folder, "--generated", size.dois, "--latency", _LATENCY_S, "--limits", 0) as url:
            shares = (size.kills - size.kills // 2, size.kills // 2)
            for job, share in zip(_jobs(url, folder), shares, strict=True):
                figures += _figures(job, _kill(job, share, random.Random(f"{seed} {job.name}")))
    return figures


def _jobs(url: str, folder: Path) -> tuple[Job, Job]:
    listed = json.dumps([str(folder / "dois.txt")])
    return (
        Job("load", ("load", str(folder / "records.jsonl"), "--offline"), lambda at: environment(url, at)),
        Job("harvest", ("harvest",), lambda at: environment(url, at, HARVESTER__HARVEST__DOI_LISTS=listed)),
    )


def _kill(job: Job, kills: int, chance: random.Random) -> Counter[str]:
    """So many kills of one job, in cycles of a few."""
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        whole_s = run_whole(job, Path(name))
        expected = canonical(Path(name) / "harvester.db")
    for _ in range(_TRIES * kills):
        left = kills - found["kills"]
        if left <= 0:
            break
        tell(f"kills: {job.name}, {left} left")
        found.update(cycle(job, min(left, _IN_A_ROW), chance, whole_s, expected))
    return found


_JUDGED: Final = (
    "records lost", "records doubled", "records wrong", "works wrong", "records gone that were there",
    "complaints of the checks",
)  # fmt: skip


def _figures(job: Job, found: Counter[str]) -> list[Figure]:
    label = f"{found['kills']} kills of {job.name}"
    half = f"{found['kills with work half done']} found work half done"
    return [
        Figure(label, found["kills"], "kills", to=half),
        *(Figure(label, found[word], word) for word in _JUDGED),
    ]
