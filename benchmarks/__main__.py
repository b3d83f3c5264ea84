"""All benchmarks at a small size, one table of ratios: python -m benchmarks [--size X] [--peers] [--json]

`--size 2` doubles every size. What each row means is told by the single benchmarks and in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import logging
import sys

from benchmarks import faults, harvest, kills, load, search
from benchmarks.measure import Figure, show


def scaled(number: int, size: float) -> int:
    """A usual number, so many times as large."""
    return max(1, round(number * size))


def measure(size: float, *, peers: bool) -> list[Figure]:
    """How fast everything is, one benchmark after another."""
    return [
        *load.measure(scaled(1500, size), "envelope"),
        *load.measure(scaled(1000, size), "crossref"),
        *search.measure(scaled(1500, size)),
        *harvest.measure(scaled(600, size), peers=peers),
    ]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", type=float, default=1.0, help="how many times as large as usual")
    parser.add_argument("--peers", action="store_true", help="other clients as well, which are slow")
    parser.add_argument("--json", action="store_true", help="JSON Lines in place of the table")
    asked = parser.parse_args(arguments)
    logging.getLogger("harvester").setLevel(logging.CRITICAL)
    figures = measure(asked.size, peers=asked.peers)
    judged = faults.measure(kills.Size(scaled(6, asked.size)), scaled(84, asked.size), seed=1)
    show([*figures, *judged], as_json=asked.json)
    return 0 if faults.is_sound(judged) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
