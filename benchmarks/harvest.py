"""Resolving DOIs: python -m benchmarks.harvest --dois N [--sources A,B ...] [--beside] [--peers] [--json]

N DOIs against the sample service with the documented limits and 0.3 seconds of latency, by `harvester harvest` as a
process, start-up, merging and storing included: from each batched source alone, then from all that are switched on
by default together, the agencies asked of doi.org first. The lower bound is (requests - 1) / allowed rate + one
latency, of the slowest service; it is told for the fewest requests that the documentation allows.

--beside asks for single DOIs, as a person would, while such a run is under way: both in one quota. --peers adds
habanero, semanticscholar and pyalex as their documentation shows them, on 100 DOIs each because they are slow, and
compares the time per DOI (--peers-in-full: on all DOIs).
"""

from __future__ import annotations

import argparse
import json
import math
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from benchmarks.measure import (
    PROGRAM,
    Cost,
    Figure,
    environment,
    in_child,
    refused_at,
    requests_at,
    run_program,
    sample_service,
    show,
    tell,
    times_at,
)
from tests.service import generated_doi

_LATENCY_S: Final = 0.3
_MAIL: Final = "bench@sample.example"
_KEY: Final = "sample-key"
_FEW: Final = 100  # DOIs that peers get
_LOOK_UPS: Final = 5
_UNDER_WAY: Final = 3  # requests after which a run is under way


class Pool(Struct, frozen=True):
    """What a service allows: identifiers a request, by endpoint, and requests a second over all of these.

    An answer of the first endpoint leads to the next one.
    """

    most: dict[str, int]
    per_second: float


POOLS: Final = {
    "crossref": Pool({"crossref list": 100}, 3.0),
    "datacite": Pool({"datacite list": 100}, 1000 / 300),
    "pubmed": Pool({"pubmed search": 100, "pubmed fetch": 500}, 10.0),
    "europepmc": Pool({"europepmc search": 50}, 5.0),
    "openalex": Pool({"openalex list": 100}, 40.0),
    "semanticscholar": Pool({"s2 batch": 500}, 1.0),
}
USUAL: Final = ("crossref", "pubmed", "openalex", "semanticscholar")  # asked for Crossref's DOIs by default


class Trip(Struct):
    """One way to resolve so many DOIs; `asked_at` and `answered_at` are seconds after its start."""

    dois: int
    cost: Cost
    requests: dict[str, int]
    refused: int = 0
    asked_at: float = 0.0
    answered_at: float = 0.0

    @property
    def each_s(self) -> float:
        """Seconds a thousand DOIs."""
        return 1000 * self.cost.wall_s / self.dois


def fewest(dois: int, source: str) -> dict[str, int]:
    """The requests that a source cannot do without."""
    return {endpoint: math.ceil(dois / most) for endpoint, most in POOLS[source].most.items()}


def bound_s(requests: dict[str, int], sources: Sequence[str]) -> float:
    """The least time that these requests can take, services side by side."""
    return max(_bound_of(POOLS[source], requests) for source in sources)


def _bound_of(pool: Pool, requests: dict[str, int]) -> float:
    made = [requests.get(endpoint, 0) for endpoint in pool.most]
    return max(sum(made) - 1, 0) / pool.per_second + _LATENCY_S * sum(map(bool, made))


# -- harvester ---------------------------------------------------------------------------------------------


def travel(dois: int, sources: Sequence[str]) -> Trip:
    """`harvester harvest` of a list of DOIs, into a new library; RuntimeError unless every one is found."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with sample_service(folder, "--generated", dois, "--latency", _LATENCY_S) as url:
            env = _settings(url, folder, dois, sources)
            cost = run_program("--quiet", "harvest", folder=folder, env=env)
            times = times_at(url).values()
            trip = Trip(
                dois,
                cost,
                requests_at(url),
                refused_at(url),
                min(first for first, _ in times) - cost.started_at,
                max(last for _, last in times) - cost.started_at,
            )
        _check(folder, dois, len(sources))
    return trip


def _settings(url: str, folder: Path, dois: int, sources: Sequence[str]) -> dict[str, str]:
    listed = folder / "dois.txt"
    listed.write_text("".join(f"{generated_doi(number)}\n" for number in range(dois)))
    switched = {one: one in sources for one in POOLS} | {"doi_org": len(sources) > 1}
    env = environment(url, folder, HARVESTER__HARVEST__DOI_LISTS=json.dumps([str(listed)]))
    return env | {
        f"HARVESTER__SOURCES__{one.upper()}__ENABLED": str(is_on).lower() for one, is_on in switched.items()
    }


def _check(folder: Path, dois: int, sources: int) -> None:
    connection = sqlite3.connect(folder / "harvester.db")
    counts = [
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("works", "records")
    ]
    connection.close()
    if counts != [dois, dois * sources]:
        raise RuntimeError(f"{dois} DOIs from {sources} services gave {counts} works and records")


# -- beside ------------------------------------------------------------------------------------------------


class Company(Struct):
    """Look-ups while a run was under way: the seconds of each, and of one when nothing else ran."""

    dois: int
    look_ups_s: list[float]
    alone_s: float
    requests: dict[str, int]
    refused: int


def beside(dois: int, sources: Sequence[str]) -> Company:
    """Look up single DOIs, one after another, while a `harvest` of many runs on the same library."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        known = dois + _LOOK_UPS + 1
        with sample_service(folder, "--generated", known, "--latency", _LATENCY_S) as url:
            env = _settings(url, folder, dois, sources)
            alone_s = _look_up(dois + _LOOK_UPS, folder, env)
            before = sum(requests_at(url).values())
            run = subprocess.Popen(
                [*PROGRAM, "-q", "harvest"], cwd=folder, env=env, stdout=subprocess.DEVNULL
            )
            try:
                while sum(requests_at(url).values()) < before + _UNDER_WAY and run.poll() is None:
                    time.sleep(0.02)
                numbers = iter(range(dois, dois + _LOOK_UPS))
                taken = [_look_up(number, folder, env) for number in numbers if run.poll() is None]
                if run.wait(timeout=3600):
                    raise RuntimeError(f"the run beside look-ups ends with {run.returncode}")
            finally:
                run.kill()
                run.wait()
            return Company(dois, taken, alone_s, requests_at(url), refused_at(url))


def _look_up(number: int, folder: Path, env: dict[str, str]) -> float:
    return run_program("--quiet", "lookup", generated_doi(number), folder=folder, env=env).wall_s


def _figures_beside(company: Company) -> Iterator[Figure]:
    label = f"lookup beside a harvest of {company.dois} DOIs"
    count = f"{len(company.look_ups_s)} look-ups, start included"
    yield Figure(f"{label}: median", statistics.median(company.look_ups_s), "s", None, count)
    yield Figure(f"{label}: slowest", max(company.look_ups_s), "s", None, count)
    yield Figure("lookup alone", company.alone_s, "s")
    yield Figure(f"{label}: refused", company.refused, "answers 429", None, _shown(company.requests))


# -- peers -------------------------------------------------------------------------------------------------


def habanero_works(url: str, dois: list[str]) -> int:
    """habanero: `works(ids=[...])`, a request a DOI."""
    from habanero import Crossref

    found = Crossref(base_url=f"{url}/crossref", mailto=_MAIL).works(ids=dois)
    return sum(one is not None for one in (found if isinstance(found, list) else [found]))


def semanticscholar_papers(url: str, dois: list[str]) -> int:
    """semanticscholar: `get_papers`, 500 ids a request."""
    from semanticscholar import SemanticScholar

    client = SemanticScholar(api_key=_KEY, api_url=f"{url}/s2")
    parts = (dois[start : start + 500] for start in range(0, len(dois), 500))
    return sum(len(client.get_papers([f"DOI:{doi}" for doi in part])) for part in parts)


def pyalex_works(url: str, dois: list[str]) -> int:
    """pyalex: `Works().filter_or(doi=[...])`, 100 DOIs a request; its address is written into it, so we turn that."""
    import pyalex
    from pyalex.api import BaseOpenAlex

    own = BaseOpenAlex.url.fget
    there = property(lambda query: own(query).replace("https://api.openalex.org", f"{url}/openalex"))
    BaseOpenAlex.url = there
    pyalex.config.api_key = _KEY
    parts = (dois[start : start + 100] for start in range(0, len(dois), 100))
    return sum(len(pyalex.Works().filter_or(doi=part).get(per_page=100)) for part in parts)


PEERS: Final[dict[str, tuple[Callable[[str, list[str]], int], str]]] = {
    "habanero": (habanero_works, "crossref"),
    "semanticscholar": (semanticscholar_papers, "semanticscholar"),
    "pyalex": (pyalex_works, "openalex"),
}  # the function and the service


def peer_worker(peer: str, url: str, dois: int) -> dict[str, Any]:
    """One peer in this process; its own imports counted, as ours are."""
    start, cpu = time.perf_counter(), time.process_time()
    found = PEERS[peer][0](url, [generated_doi(number) for number in range(dois)])
    return {"found": found, "wall_s": time.perf_counter() - start, "cpu_s": time.process_time() - cpu}


def travel_with(peer: str, dois: int) -> Trip:
    """A peer on so many DOIs; RuntimeError unless every one is found."""
    with (
        tempfile.TemporaryDirectory() as name,
        sample_service(Path(name), "--generated", dois, "--latency", _LATENCY_S) as url,
    ):
        told = in_child("benchmarks.harvest", "--worker", peer, "--url", url, "--dois", dois)
        trip = Trip(dois, Cost(told["wall_s"], told["cpu_s"], 0.0), requests_at(url), refused_at(url))
    if told["found"] != dois:
        raise RuntimeError(f"{peer}: {told['found']} of {dois} found")
    return trip


def _figures_of_peer(peer: str, dois: int, ours: Trip) -> Iterator[Figure]:
    source = PEERS[peer][1]
    tell(f"harvest: {dois} DOIs from {source} by {peer}")
    theirs = travel_with(peer, dois)
    label = f"harvest {dois} DOIs, {peer}"
    yield from _figures(label, theirs, (source,))
    scaled = f"harvester against {peer}" + (
        f", each by its own {ours.dois} and {dois}" if dois < ours.dois else ""
    )
    yield Figure(label, theirs.each_s, "s a 1000 DOIs", ours.each_s / theirs.each_s, scaled)


# -- telling -----------------------------------------------------------------------------------------------


def _shown(requests: dict[str, int]) -> str:
    return ", ".join(f"{number} {endpoint}" for endpoint, number in sorted(requests.items()) if number)


def _figures(label: str, trip: Trip, sources: Sequence[str]) -> Iterator[Figure]:
    least = {name: number for one in sources for name, number in fewest(trip.dois, one).items()}
    made = _shown(trip.requests)
    bound = bound_s(least, sources)
    yield Figure(label, trip.cost.wall_s, "s", trip.cost.wall_s / bound, f"the bound, {bound:.1f} s ({made})")
    most = max(sum(trip.requests.get(name, 0) for name in POOLS[one].most) for one in sources)
    yield Figure(label, 1000 * most / trip.dois, "requests a 1000 DOIs", None, "of the source with most")
    yield Figure(label, trip.refused, "answers 429")
    yield Figure(label, trip.cost.cpu_s, "CPU s", None, "of both processes, where answers are read elsewhere")
    if trip.cost.peak_mb:
        yield Figure(label, trip.cost.peak_mb, "MB at most")
    if trip.cost.started_at:
        wrote_s = trip.cost.wrote_at - trip.cost.started_at
        steps = f"last answer at {trip.answered_at:.2f}, last commit at {wrote_s:.2f}, end at {trip.cost.wall_s:.2f}"
        yield Figure(label, trip.asked_at, "s to first request", None, steps)


def measure(
    dois: int,
    *,
    sources: Sequence[Sequence[str]] = (("crossref",), USUAL),
    peers: int | bool = 0,
) -> list[Figure]:
    """harvester with each of these sets of sources; with `peers` each of their clients on so many DOIs."""
    figures: list[Figure] = []
    trips: dict[str, Trip] = {}
    few = min(dois, _FEW) if peers is True else int(peers)
    wanted = [*sources, *((source,) for _, source in PEERS.values() if few and (source,) not in sources)]
    for chosen in wanted:
        tell(f"harvest: {dois} DOIs from {', '.join(chosen)}")
        trip = travel(dois, chosen)
        trips |= {chosen[0]: trip} if len(chosen) == 1 else {}
        figures += _figures(f"harvest {dois} DOIs, {' + '.join(chosen)}", trip, chosen)
    for peer, (_, source) in PEERS.items() if few else ():
        figures += _figures_of_peer(peer, few, trips[source])
    return figures


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.harvest", description=__doc__)
    parser.add_argument("--dois", type=int, default=1000)
    parser.add_argument("--sources", action="append", help="these alone: names with commas; may be repeated")
    parser.add_argument(
        "--beside", action="store_true", help="look-ups while a harvest runs, and nothing else"
    )
    parser.add_argument("--peers", action="store_true", help="habanero, semanticscholar and pyalex as well")
    parser.add_argument("--peers-in-full", action="store_true", help="peers on all DOIs: slow")
    parser.add_argument("--json", action="store_true", help="JSON Lines in place of the table")
    parser.add_argument("--worker", choices=list(PEERS), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.worker:
        print(json.dumps(peer_worker(asked.worker, asked.url, asked.dois)))
        return 0
    every = [tuple(one.split(",")) for one in asked.sources or ()] or [*((one,) for one in POOLS), USUAL]
    peers = asked.dois if asked.peers_in_full else min(asked.dois, _FEW) if asked.peers else 0
    if asked.beside:
        tell(f"harvest: {asked.dois} DOIs, and look-ups beside")
        figures = list(_figures_beside(beside(asked.dois, USUAL)))
    else:
        figures = measure(asked.dois, sources=every, peers=peers)
    show(figures, as_json=asked.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
