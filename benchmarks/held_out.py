"""Duplicates in sets that the weights never saw: python -m benchmarks.held_out [--sets DIR]

Sets of one origin are one family. For each family the weights of evidence are fitted to all others, put in force, and its sets deduplicated and
scored as `benchmarks.dedup` does it. Beside that the weights in use. Rules and levels are the same in both: those are not fitted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks import bibliographies, dedup, weighing
from harvester.features import features_of
from harvester.weights import WEIGHTS

# By the beginning of a set's name; every other set is a family of its own.
_FAMILIES: Final = {"bibdedupe_": "searches", "hair_": "searches", "dblp_": "dblp"}


def family(name: str) -> str:
    """The family of a set."""
    return next((each for start, each in _FAMILIES.items() if name.startswith(start)), name)


@contextmanager
def in_force(weights: weighing.Weights) -> Iterator[None]:
    """Decide by other weights for a while."""
    used = {name: dict(levels) for name, levels in WEIGHTS.items()}
    try:
        for (name, level), weight in weights.items():
            WEIGHTS[name][level] = weight
        yield
    finally:
        for name, levels in used.items():
            WEIGHTS[name].update(levels)


def table(sets: Path) -> None:
    """One line a set: F1, false and missed pairs with the weights in use and with those fitted to other families."""
    folders = {one.name: one for one in sorted(sets.iterdir()) if (one / "records.csv.gz").exists()}
    records = {name: bibliographies.records(folder / "records.csv.gz") for name, folder in folders.items()}
    pairs = {
        name: weighing.labelled(folder, {one: features_of(each) for one, each in records[name].items()})
        for name, folder in folders.items()
    }
    print(weighing.compared_with_use(weighing.fit(pairs)))
    print(f"\n{'set':<30}{'in use: F1':>12}{'FP':>6}{'FN':>6}{'held out: F1':>15}{'FP':>6}{'FN':>6}")
    fitted: dict[str, weighing.Weights] = {}
    for name, folder in folders.items():
        home = family(name)
        if home not in fitted:
            fitted[home] = weighing.fit({one: each for one, each in pairs.items() if family(one) != home})
        used = dedup.score(folder, dedup.ours(records[name]))
        with in_force(fitted[home]):
            unseen = dedup.score(folder, dedup.ours(records[name]))
        print(f"{name:<30}{_figures(used, 12)}{_figures(unseen, 15)}", flush=True)


def _figures(found: Mapping[str, Any], width: int) -> str:
    return f"{found['F1']:>{width}.4f}{found['FP']:>6}{found['FN']:>6}"


def main(arguments: list[str]) -> int:
    """Tell what the weights are worth on sets that they were not made for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.held_out", description=__doc__)
    parser.add_argument("--sets", type=Path, default=dedup.SETS)
    table(parser.parse_args(arguments).sets)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
