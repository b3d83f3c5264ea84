"""Fits the weights of `harvester.quality` on labelled pairs, and prints what they reach on records held out.

usage: python -m benchmarks.fit_checks CHECKS.jsonl.gz PARALLEL.jsonl.gz

Logistic sums by Newton's method with an L2 penalty, five folds split by record (machine translations of one
original stay together). Wrong records of authors' pairs are the neighbours in length within the set.
"""

from __future__ import annotations

import gzip
import json
import math
import sys
import zlib
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from harvester.dictionary import installed
from harvester.lexicon import Lexicon
from harvester.likeness import Likeness, compare
from harvester.quality import CUT_OFF, OTHER_RECORD, SHUFFLED, TOO_MUCH, Weights

PENALTY: Final = 0.5
FOLDS: Final = 5
ROUNDS: Final = 25


class Pair(NamedTuple):
    """One labelled pair; `group` is the record that it belongs to, `source` whose pair it is."""

    group: str
    source: str
    likeness: Likeness
    is_bad: bool


def read(path: str) -> list[dict[str, Any]]:
    """The cases of a file of JSON Lines, compressed."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def labelled(cases: list[dict[str, Any]], field: str, bad: str, lexicon: Lexicon) -> list[Pair]:
    """Good pairs of a field, and those with one kind of damage."""
    return [
        Pair(
            case["id"].split("#")[0].removesuffix("-mt6").removesuffix("-mt24"),
            "translated",
            compare(case["en"], case["zh"], lexicon),
            case["type"] == bad,
        )
        for case in cases
        if case["kind"] == field and case["type"] in {"good", bad}
    ]


def authors(records: list[dict[str, Any]], english: str, chinese: str, lexicon: Lexicon) -> list[Pair]:
    """Authors' own pairs, and each English text with the Chinese one of its neighbour in length."""
    full = sorted(
        (one for one in records if one[english] and one[chinese]), key=lambda one: len(one[chinese])
    )
    pairs = []
    for one, other in pairwise(full):
        pairs.append(Pair(one["id"], "author", compare(one[english], one[chinese], lexicon), False))
        pairs.append(Pair(one["id"], "author", compare(one[english], other[chinese], lexicon), True))
    return pairs


# -- logistic sums -------------------------------------------------------------------------------------------


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a small system of linear equations."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for column in range(len(rows)):
        pivot = max(range(column, len(rows)), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(len(rows)):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[-1] / row[place] for place, row in enumerate(rows)]


def fit(points: Sequence[Sequence[float]], labels: Sequence[bool]) -> list[float]:
    """Bias and weights."""
    inputs = [[1.0, *point] for point in points]
    size = len(inputs[0])
    weights = [0.0] * size
    for _ in range(ROUNDS):
        slope = [-PENALTY * weight if place else 0.0 for place, weight in enumerate(weights)]
        curve = [
            [(PENALTY if row else 1e-9) if row == column else 0.0 for column in range(size)]
            for row in range(size)
        ]
        for point, label in zip(inputs, labels, strict=True):
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, dot(weights, point)))))
            spread = max(chance * (1 - chance), 1e-6)
            for row in range(size):
                slope[row] += (label - chance) * point[row]
                for column in range(size):
                    curve[row][column] += spread * point[row] * point[column]
        weights = [weight + step for weight, step in zip(weights, solve(curve, slope), strict=True)]
    return weights


def dot(weights: Sequence[float], point: Sequence[float]) -> float:
    """The sum of weighted inputs."""
    return sum(weight * value for weight, value in zip(weights, point, strict=True))


# -- held out ------------------------------------------------------------------------------------------------


def held_out(pairs: list[Pair], point: Callable[[Likeness], list[float]]) -> list[tuple[Pair, float]]:
    """Every pair with its sum by weights that were fitted without its record."""
    scored = []
    for fold in range(FOLDS):
        inside = [pair for pair in pairs if zlib.crc32(pair.group.encode()) % FOLDS != fold]
        weights = fit([point(pair.likeness) for pair in inside], [pair.is_bad for pair in inside])
        scored += [
            (pair, dot(weights, [1.0, *point(pair.likeness)]))
            for pair in pairs
            if zlib.crc32(pair.group.encode()) % FOLDS == fold
        ]
    return scored


def report(name: str, pairs: list[Pair], present: Weights) -> None:
    """Prints fresh weights, and caught / false alarms on held-out records at the present threshold."""
    names = [term for term, _ in present.terms]

    def point(likeness: Likeness) -> list[float]:
        return [float(getattr(likeness, term) or 0) for term in names]

    weights = fit([point(pair.likeness) for pair in pairs], [pair.is_bad for pair in pairs])
    print(
        f"\n{name}: bias {weights[0]:.2f} "
        + " ".join(f"{n} {w:.2f}" for n, w in zip(names, weights[1:], strict=True))
    )
    scored = held_out(pairs, point)
    for source in sorted({pair.source for pair, _ in scored}):
        bad = [value for pair, value in scored if pair.is_bad and pair.source == source]
        good = sorted(value for pair, value in scored if not pair.is_bad and pair.source == source)
        for threshold in (
            present.strict,
            present.free,
            *(good[int(len(good) * (1 - alarm))] for alarm in (0.01, 0.03, 0.05)),
        ):
            caught = sum(value > threshold for value in bad) / len(bad)
            alarms = sum(value > threshold for value in good) / len(good)
            print(f"  {source:10} threshold {threshold:6.2f}: caught {caught:.4f}, false alarms {alarms:.4f}")


def main(arguments: list[str]) -> int:
    """Prints; 2 on wrong usage, 1 without the dictionary."""
    if len(arguments) != 2 or not all(Path(name).exists() for name in arguments):
        print(__doc__, file=sys.stderr)
        return 2
    lexicon = installed()
    if lexicon is None:
        print("the dictionary is not installed", file=sys.stderr)
        return 1
    cases, records = map(read, arguments)
    for field, english, chinese in (("abstract", "en", "zh"), ("title", "en_title", "zh_title")):
        pairs = labelled(cases, field, "wrong_record", lexicon) + authors(records, english, chinese, lexicon)
        report(f"other record, {field}", pairs, OTHER_RECORD[field])  # type: ignore[index]
    report("shuffled", labelled(cases, "title", "garbage_shuffle", lexicon), SHUFFLED)
    report("cut off", labelled(cases, "abstract", "truncated", lexicon), CUT_OFF)
    report("too much", labelled(cases, "abstract", "two_records", lexicon), TOO_MUCH)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
