"""Resolving DOIs: python -m benchmarks.harvest --dois N [--peers] [--json]

N DOIs against the sample service with the documented limits and 0.3 seconds of latency, by `harvester harvest` as a
process, start-up, merging and storing included. The lower bound is (requests - 1) / allowed rate + latency of the
slower service. With --peers also Crossref alone beside habanero and Semantic Scholar alone beside semanticscholar,
each as its documentation shows it; they are slow, so they get fewer DOIs and their time is scaled up.
pyalex is not measured yet: the sample service does not speak OpenAlex, and pyalex takes no other address.
"""

from __future__ import annotations

import argparse
import json
import math
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from benchmarks.measure import PROGRAM, Figure, environment, in_child, requests_at, sample_service, show, tell
from tests.service import generated_doi

_LATENCY_S: Final = 0.3
_MAIL: Final = "bench@sample.example"
_KEY: Final = "sample-key"


class Pool(Struct, frozen=True):
    """Where a service takes many identifiers in one request, and how many."""

    endpoint: str
    most: int


POOLS: Final = {
    "crossref": Pool("crossref list", 100),
    "semanticscholar": Pool("s2 batch", 500),
}
RATES: Final = {"crossref list": 3.0, "crossref single": 10.0, "s2 batch": 1.0, "s2 single": 1.0}


class Trip(Struct):
    """One way to resolve so many DOIs."""

    dois: int
    wall_s: float
    requests: dict[str, int]

    @property
    def each_s(self) -> float:
        """Seconds a thousand DOIs."""
        return 1000 * self.wall_s / self.dois


def bound_s(requests: dict[str, int]) -> float:
    """The least time that these requests can take, services side by side."""
    return max((number - 1) / RATES[endpoint] + _LATENCY_S for endpoint, number in requests.items() if number)


def fewest(dois: int, sources: tuple[str, ...]) -> dict[str, int]:
    """The requests that cannot be done without."""
    return {POOLS[one].endpoint: math.ceil(dois / POOLS[one].most) for one in sources}


# -- harvester ---------------------------------------------------------------------------------------------


def travel(dois: int, sources: tuple[str, ...]) -> Trip:
    """`harvester harvest` of a list of DOIs, into a new library; RuntimeError unless every one is found."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with sample_service(folder, "--generated", dois, "--latency", _LATENCY_S) as url:
            start = time.perf_counter()
            subprocess.run(
                [*PROGRAM, "--quiet", "harvest"],
                cwd=folder,
                env=_settings(url, folder, dois, sources),
                stdout=subprocess.DEVNULL,
                check=True,
                timeout=3600,
            )
            trip = Trip(dois, time.perf_counter() - start, requests_at(url))
        _check(folder, dois, len(sources))
    return trip


def _settings(url: str, folder: Path, dois: int, sources: tuple[str, ...]) -> dict[str, str]:
    listed = folder / "dois.txt"
    listed.write_text("".join(f"{generated_doi(number)}\n" for number in range(dois)))
    off = {f"HARVESTER__SOURCES__{one.upper()}__ENABLED": "false" for one in POOLS if one not in sources}
    return environment(url, folder, HARVESTER__HARVEST__DOI_LISTS=json.dumps([str(listed)]), **off)


def _check(folder: Path, dois: int, sources: int) -> None:
    connection = sqlite3.connect(folder / "harvester.db")
    counts = [
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("works", "records")
    ]
    connection.close()
    if counts != [dois, dois * sources]:
        raise RuntimeError(f"{dois} DOIs from {sources} services gave {counts} works and records")


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
    size = POOLS["semanticscholar"].most
    parts = (dois[start : start + size] for start in range(0, len(dois), size))
    return sum(len(client.get_papers([f"DOI:{doi}" for doi in part])) for part in parts)


PEERS: Final = {
    "habanero": (habanero_works, "crossref", 30),
    "semanticscholar": (semanticscholar_papers, "semanticscholar", 1500),
}  # the function, the service, the most DOIs it gets


def peer_worker(peer: str, url: str, dois: int) -> dict[str, Any]:
    """One peer in this process; its own imports counted, as ours are."""
    start = time.perf_counter()
    found = PEERS[peer][0](url, [generated_doi(number) for number in range(dois)])
    return {"found": found, "wall_s": time.perf_counter() - start}


def travel_with(peer: str, dois: int) -> Trip:
    """A peer on as many of the DOIs as it is given; RuntimeError unless every one is found."""
    few = min(dois, PEERS[peer][2])
    with (
        tempfile.TemporaryDirectory() as name,
        sample_service(Path(name), "--generated", few, "--latency", _LATENCY_S) as url,
    ):
        told = in_child("benchmarks.harvest", "--worker", peer, "--url", url, "--dois", few)
        trip = Trip(few, told["wall_s"], requests_at(url))
    if told["found"] != few:
        raise RuntimeError(f"{peer}: {told['found']} of {few} found")
    return trip


# -- telling -----------------------------------------------------------------------------------------------


def _figures(label: str, trip: Trip, sources: tuple[str, ...]) -> Iterator[Figure]:
    made = {endpoint: number for endpoint, number in trip.requests.items() if number}
    shown = ", ".join(f"{number} {endpoint}" for endpoint, number in sorted(made.items()))
    least = bound_s(fewest(trip.dois, sources))
    yield Figure(label, trip.wall_s, "s", trip.wall_s / bound_s(made), f"the bound of its requests ({shown})")
    yield Figure(label, trip.wall_s, "s", trip.wall_s / least, "the bound of the fewest requests")


def measure(dois: int, *, peers: bool) -> list[Figure]:
    """harvester with both services; with `peers` each service alone, beside its own client."""
    both = tuple(POOLS)
    tell(f"harvest: {dois} DOIs from {' and '.join(both)}")
    figures = list(_figures(f"harvest {dois} DOIs", travel(dois, both), both))
    for peer, (_, source, _) in PEERS.items() if peers else ():
        tell(f"harvest: {dois} DOIs from {source}, then by {peer}")
        ours, theirs = travel(dois, (source,)), travel_with(peer, dois)
        figures += _figures(f"harvest {dois} DOIs, {source} alone", ours, (source,))
        label = f"harvest {theirs.dois} DOIs, {peer}"
        figures += _figures(label, theirs, (source,))
        ratio = ours.each_s / theirs.each_s
        scaled = f"harvester against {peer}" + (", scaled" if theirs.dois < dois else "")
        figures.append(Figure(label, theirs.each_s, "s a 1000 DOIs", ratio, scaled))
    return figures


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.harvest", description=__doc__)
    parser.add_argument("--dois", type=int, default=1000)
    parser.add_argument("--peers", action="store_true", help="habanero and semanticscholar as well")
    parser.add_argument("--json", action="store_true", help="JSON Lines in place of the table")
    parser.add_argument("--worker", choices=list(PEERS), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.worker:
        print(json.dumps(peer_worker(asked.worker, asked.url, asked.dois)))
    else:
        if asked.peers:
            tell("harvest: pyalex is left out: the sample service does not speak OpenAlex yet")
        show(measure(asked.dois, peers=asked.peers), as_json=asked.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
