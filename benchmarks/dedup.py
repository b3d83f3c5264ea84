"""Duplicates in labelled bibliographies: python -m benchmarks.dedup RECORDS.csv.gz OUT.csv [--seed N]

Writes `id,cluster` for any file of records; unknown columns are passed over, the order of input is shuffled by
the seed. A cluster is one text: a work, and beside it the works that hold the same words by the evidence's own word, because
the labels of these sets mean that (a copy or a revision under another DOI, a review brought up to date under its article
number, a preprint). The library keeps such works as two rows and links them; what is published in two journals stays two here too. `--table [--sets DIR] [--peer PYTHON]` runs every labelled set of DIR through its own score.py, beside the
rule "same DOI, or same title and year" and, where PYTHON has bib-dedupe 0.11, beside bib-dedupe. With `--shuffles N` it tells instead
whether N shuffles of every set, and one record at a time, give the same clusters.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from benchmarks import bibliographies
from harvester.evidence import Verdict, are_two_texts, is_one_text
from harvester.features import Features, features_of, signature
from harvester.linkage import Linkage
from harvester.model import Record, Scheme
from harvester.title_keys import read_title

ROOT: Final = Path(__file__).parents[1]
SETS: Final = ROOT.parent / "shared" / "dedup"
_PEER: Final = Path(__file__).with_name("bib_dedupe_peer.py")


class Run(Struct, frozen=True):
    """What one way of deduplicating made of one set."""

    name: str
    clusters: dict[str, int]
    cpu_s: float


def ours(records: Mapping[str, Record], seed: int = 0) -> Run:
    """Works by the evidence of their records, in an order of input shuffled by `seed`."""
    order = list(records)
    random.Random(seed).shuffle(order)
    start = time.process_time()
    linkage: Linkage[str] = Linkage()
    features = {one: features_of(records[one]) for one in order}
    linkage.add_all(features)
    works = _texts(linkage, features)
    return Run("harvester", _numbered(works), time.process_time() - start)


def _texts(linkage: Linkage[str], features: Mapping[str, Features]) -> list[set[str]]:
    """Works, and of these one set where they hold one text: a copy or a revision under another DOI, a preprint."""
    home = {one: work for work in map(set, linkage.works()) for one in work}
    links = [
        (-decision.score, sorted((signature(features[one]), signature(features[other]))), one, other)
        for one, other, decision in linkage.decisions()
        if decision.verdict is Verdict.LINK and is_one_text(decision)
    ]
    for _, _, one, other in sorted(links):
        if home[one] is not home[other] and not any(
            are_two_texts(features[a], features[b]) for a in home[one] for b in home[other]
        ):
            home[one] |= home[other]
            home.update(dict.fromkeys(home[other], home[one]))
    return list({id(text): text for text in home.values()}.values())


def shuffled(records: Mapping[str, Record], shuffles: int) -> tuple[int, bool]:
    """How many of so many shuffles give the clusters of the file's own order, and whether one record after another does."""
    features = {one: features_of(record) for one, record in records.items()}
    expected = _clusters(features, list(features))
    orders = [random.Random(seed).sample(list(features), len(features)) for seed in range(1, shuffles + 1)]
    same = sum(_clusters(features, order) == expected for order in orders)
    single: Linkage[str] = Linkage()
    for one in orders[-1] if orders else features:
        single.add(one, features[one])
    return same, _numbered(_texts(single, features)) == expected


def _clusters(features: Mapping[str, Features], order: Sequence[str]) -> dict[str, int]:
    linkage: Linkage[str] = Linkage()
    linkage.add_all({one: features[one] for one in order})
    return _numbered(_texts(linkage, features))


def plain(records: Mapping[str, Record]) -> Run:
    """Works by the usual rule: one DOI, or one title in one year."""
    start = time.process_time()
    home = {one: one for one in records}
    first: dict[object, str] = {}
    for one, record in records.items():
        dois = [each.value for each in record.identifiers if each.scheme is Scheme.DOI]
        titles = [title.key for text in record.titles if (title := read_title(text.value))]
        year = record.issued.year if record.issued else None
        for key in (*dois, *((title, year) for title in titles if year)):
            _join(home, one, first.setdefault(key, one))
    works = defaultdict(list)
    for one in home:
        works[_top(home, one)].append(one)
    return Run("doi or title+year", _numbered(works.values()), time.process_time() - start)


def _top(home: dict[str, str], one: str) -> str:
    while home[one] != one:
        one = home[one]
    return one


def _join(home: dict[str, str], one: str, other: str) -> None:
    home[_top(home, one)] = _top(home, other)


def _numbered(works: Iterable[Iterable[str]]) -> dict[str, int]:
    ordered = sorted(sorted(work) for work in works)
    return {one: number for number, work in enumerate(ordered) for one in work}


def peer(folder: Path, python: str) -> Run | None:
    """Works as bib-dedupe finds them; None where it cannot be run."""
    with tempfile.TemporaryDirectory() as room:
        out = Path(room) / "out.csv"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [python, str(_PEER), str(folder / "records.csv.gz"), str(out)]
        done = subprocess.run(command, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode or not out.exists():
            return None
        rows = bibliographies.read_rows(out)
    homes = {name: number for number, name in enumerate(dict.fromkeys(row["cluster"] for row in rows))}
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run("bib-dedupe 0.11", {row["id"]: homes[row["cluster"]] for row in rows}, spent)


def score(folder: Path, run: Run) -> dict[str, Any]:
    """The figures of the set's own scorer for one run."""
    with tempfile.TemporaryDirectory() as room:
        predicted, figures = Path(room) / "out.csv", Path(room) / "score.json"
        write(predicted, run.clusters)
        truth = next(one for name in ("truth", "pairs") if (one := folder / f"{name}.csv.gz").exists())
        command = [
            sys.executable,
            str(folder.parent / "score.py"),
            "--truth",
            str(truth),
            "--pred",
            str(predicted),
        ]
        linked = re.search(r"dblp_acm$", folder.name) is not None
        cross = ["--cross-source", str(folder / "records.csv.gz")] if linked else []
        subprocess.run([*command, "--json", str(figures), *cross], check=True, capture_output=True)
        found: dict[str, Any] = json.loads(figures.read_text())
    if linked:  # within one source duplicates are not labelled
        found |= {name: found[f"cross_{name}"] for name in ("TP", "FP", "FN", "precision", "recall", "F1")}
    return found


def write(path: Path, clusters: Mapping[str, int]) -> None:
    """`id,cluster`, sorted by id."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "cluster"])
        rows.writerows(sorted(clusters.items()))


def table(sets: Path, python: str | None) -> None:
    """One line a set and a way: pairwise figures, records wrongly taken away per 10,000, records a CPU second."""
    print(
        f"{'set':<30}{'way':<19}{'TP':>6}{'FP':>6}{'FN':>6}{'precision':>11}{'recall':>8}{'F1':>8}{'false/10k':>11}{'rec/s':>8}"
    )
    for folder in sorted(one for one in sets.iterdir() if (one / "records.csv.gz").exists()):
        records = bibliographies.records(folder / "records.csv.gz")
        runs = [ours(records), plain(records), peer(folder, python) if python else None]
        for run in filter(None, runs):
            _tell(folder, run, len(records))
        if python and runs[-1] is None:
            print(f"{folder.name:<30}bib-dedupe: skipped, {python} cannot run it")
    if not python:
        print("bib-dedupe: skipped, name a Python that has it with --peer")
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def shuffle_table(sets: Path, shuffles: int) -> bool:
    """One line a set: whether its clusters are a matter of its records alone; True where it is so everywhere."""
    print(f"{'set':<30}{'records':>8}  shuffles with the same clusters  one record at a time")
    whole = True
    for folder in sorted(one for one in sets.iterdir() if (one / "records.csv.gz").exists()):
        records = bibliographies.records(folder / "records.csv.gz")
        same, is_same_singly = shuffled(records, shuffles)
        whole &= same == shuffles and is_same_singly
        print(
            f"{folder.name:<30}{len(records):>8}  {same:>4} of {shuffles:<23}  {'same' if is_same_singly else 'OTHER'}",
            flush=True,
        )
    return whole


def _tell(folder: Path, run: Run, records: int) -> None:
    found = score(folder, run)
    wrong = found.get("false_merges_per_10k")
    pace = records / run.cpu_s if run.cpu_s else 0
    print(
        f"{folder.name:<30}{run.name:<19}{found['TP']:>6}{found['FP']:>6}{found['FN']:>6}{found['precision']:>11.4f}"
        f"{found['recall']:>8.4f}{found['F1']:>8.4f}{'' if wrong is None else f'{wrong:.1f}':>11}{pace:>8.0f}",
        flush=True,
    )


def main(arguments: list[str]) -> int:
    """Deduplicate one file, or measure all labelled sets."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dedup", description=__doc__)
    parser.add_argument("records", nargs="?", type=Path)
    parser.add_argument("out", nargs="?", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--table", action="store_true")
    parser.add_argument(
        "--shuffles", type=int, help="with --table: whether the clusters are the same in so many orders"
    )
    parser.add_argument("--sets", type=Path, default=SETS)
    parser.add_argument("--peer", help="a Python that has bib-dedupe 0.11")
    asked = parser.parse_args(arguments)
    if asked.table and asked.shuffles is not None:
        return 0 if shuffle_table(asked.sets, asked.shuffles) else 1
    if asked.table:
        table(asked.sets, asked.peer)
    elif asked.records and asked.out:
        write(asked.out, ours(bibliographies.records(asked.records), asked.seed).clusters)
    else:
        parser.error("name RECORDS and OUT, or say --table")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
