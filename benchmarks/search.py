"""Searching a library of N works: python -m benchmarks.search --works N [--json]

Words are taken from the texts of the library itself, common, middling and rare ones, and asked for through
`harvester.query.search`, as `harvester search` does. Recall is judged against a plain scan that knows nothing of the
index: every work whose title, abstract, author or journal holds the characters (Chinese) or a form of the word (English).
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from benchmarks import samples
from benchmarks.load import load_with_harvester
from benchmarks.measure import Figure, percentile, show, tell
from harvester.inflection import forms_of
from harvester.query import search
from harvester.store import Library

_WORDS_A_KIND: Final = 60
_ROUNDS: Final = 3
_SCANNED: Final = 10  # words that the slow way is timed with
_HITS: Final = 20  # what a person sees
_HAN_RUN: Final = re.compile("[\u4e00-\u9fff]+")
_LATIN_WORD: Final = re.compile("[a-z0-9]+")


class Book(Struct):
    """What a plain scan knows of one work."""

    han: tuple[str, ...] = ()  # its runs of Chinese characters
    words: frozenset[str] = frozenset()


class Vocabulary(Struct):
    """In how many works each word of a kind is."""

    single: Counter[str] = field(default_factory=Counter)
    pair: Counter[str] = field(default_factory=Counter)
    word: Counter[str] = field(default_factory=Counter)


def books(library: Library) -> Iterator[tuple[int, Book]]:
    """Every work as a plain scan reads it."""
    said = (
        "SELECT work_id, text FROM texts UNION ALL SELECT work_id, name FROM contributors"
        " UNION ALL SELECT work_id, container_title FROM works WHERE container_title IS NOT NULL"
    )
    query = f"SELECT work_id, group_concat(text, char(10)) FROM ({said}) GROUP BY work_id"
    for work_id, text in library.rows(query):
        yield int(work_id), Book(tuple(_HAN_RUN.findall(text)), frozenset(_LATIN_WORD.findall(text.lower())))


def vocabulary(found: Mapping[int, Book]) -> Vocabulary:
    """The words of all works, with the number of works that hold each."""
    counted = Vocabulary()
    for book in found.values():
        counted.single.update({sign for run in book.han for sign in run})
        counted.pair.update({run[at : at + 2] for run in book.han for at in range(len(run) - 1)})
        counted.word.update(one for one in book.words if len(one) > 2 and not one.isdigit())
    return counted


def chosen(counts: Counter[str], number: int) -> list[str]:
    """A third each of the commonest, of the middling and of the rare words, by chance of a fixed seed."""
    ranked = [word for word, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]
    chance = random.Random(7)
    third = max(1, number // 3)
    common, middle, rare = (
        ranked[: 2 * third],
        ranked[len(ranked) // 4 : -len(ranked) // 2],
        ranked[-len(ranked) // 2 :],
    )
    picked = [chance.sample(part, min(third, len(part))) for part in (common, middle, rare)]
    return list(dict.fromkeys(word for part in picked for word in part))


def truth(word: str, found: Mapping[int, Book]) -> set[int]:
    """The works that hold `word`, by looking at every one."""
    if _HAN_RUN.fullmatch(word):
        return {work_id for work_id, book in found.items() if any(word in run for run in book.han)}
    forms = frozenset(forms_of(word))
    return {work_id for work_id, book in found.items() if forms & book.words}


def _latencies_ms(library: Library, words: Sequence[str]) -> list[float]:
    """The best of a few rounds for each word: what the search takes, not what else the machine does."""
    best = []
    for word in words:
        took = []
        for _ in range(_ROUNDS):
            start = time.perf_counter()
            search(library, word, limit=_HITS)
            took.append(1000 * (time.perf_counter() - start))
        best.append(min(took))
    return best


def _scan_ms(library: Library, words: Sequence[str]) -> float:
    """What SQL without an index takes for one of the words: `LIKE` over all texts."""
    start = time.perf_counter()
    for word in words[:_SCANNED]:
        list(library.rows("SELECT DISTINCT work_id FROM texts WHERE text LIKE ?", (f"%{word}%",)))
    return 1000 * (time.perf_counter() - start) / len(words[:_SCANNED])


def _kind_figures(
    library: Library, label: str, words: Sequence[str], found: Mapping[int, Book]
) -> Iterator[Figure]:
    true = {word: truth(word, found) for word in words}
    scan_ms = _scan_ms(library, words)
    took = _latencies_ms(library, words)
    hits = {word: set(search(library, word, limit=-1)) for word in words}
    right = sum(len(hits[word] & true[word]) for word in words)
    there, given = sum(map(len, true.values())), sum(map(len, hits.values()))
    name = f"search {label}"
    yield Figure(name, percentile(took, 0.5), "ms, median", percentile(took, 0.5) / scan_ms, "a scan by LIKE")
    yield Figure(
        name, percentile(took, 0.95), "ms, 95 of 100", percentile(took, 0.95) / scan_ms, "a scan by LIKE"
    )
    yield Figure(name, f"{there} hits", "recall", right / there if there else 1.0, "a plain scan")
    yield Figure(name, f"{given} hits", "precision", right / given if given else 1.0, "a plain scan")


def _narrowed_figures(library: Library, counted: Vocabulary) -> Iterator[Figure]:
    """What common words cost together and within one year: the slowest first pages that people ask for."""
    chance = random.Random(7)
    common = {"English": counted.word, "Chinese": counted.pair}
    for language, counts in common.items():
        words = [word for word, _ in counts.most_common(4 * _WORDS_A_KIND)]
        pairs = [" ".join(chance.sample(words, 2)) for _ in range(_WORDS_A_KIND)]
        years = [f"{chance.choice(words)} year:{chance.randint(1990, 2025)}" for _ in range(_WORDS_A_KIND)]
        for label, queries in (
            (f"two common {language} words", pairs),
            (f"a common {language} word in a year", years),
        ):
            tell(f"search: {label}")
            took = _latencies_ms(library, queries)
            yield Figure(f"search {label}", percentile(took, 0.5), "ms, median")
            yield Figure(f"search {label}", percentile(took, 0.95), "ms, 95 of 100")


def index_bytes(library: Library) -> int:
    """What full-text search takes on disk."""
    try:
        query = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'works_fts%'"
        return int(library.connection.execute(query).fetchone()[0])
    except sqlite3.OperationalError:  # SQLite built without dbstat
        query = (
            "SELECT (SELECT sum(length(block)) FROM works_fts_data)"
            " + (SELECT sum(length(c0 || c1 || c2 || c3)) FROM works_fts_content)"
        )
        return int(library.connection.execute(query).fetchone()[0])


def measure(works: int) -> list[Figure]:
    """A new library of so many works, searched."""
    with tempfile.TemporaryDirectory() as name:
        file, db = Path(name) / "records.jsonl", Path(name) / "library.db"
        samples.write(file, "envelope", works, repeats=False)
        tell(f"search: loading {works} works")
        load_with_harvester(file, db, "envelope")
        with Library(db) as library:
            return list(_figures(library, db, works))


def _figures(library: Library, db: Path, works: int) -> Iterator[Figure]:
    found = dict(books(library))
    counted = vocabulary(found)
    kinds = {
        "one Chinese character": counted.single,
        "two Chinese characters": counted.pair,
        "an English word": counted.word,
    }
    for label, counts in kinds.items():
        tell(f"search: {label}")
        yield from _kind_figures(library, label, chosen(counts, _WORDS_A_KIND), found)
    yield from _narrowed_figures(library, counted)
    chance = random.Random(7)
    dois = [samples.doi_of(chance.randrange(works)) for _ in range(_WORDS_A_KIND)]
    took = _latencies_ms(library, dois)
    wrong = sum(len(search(library, doi)) != 1 for doi in dois)
    yield Figure("search a DOI", percentile(took, 0.5), "ms, median")
    yield Figure("search a DOI", percentile(took, 0.95), "ms, 95 of 100")
    yield Figure("search a DOI", wrong, "not found")
    index, whole = index_bytes(library), db.stat().st_size
    yield Figure("search index", index / works, "bytes a work", index / whole, "the whole library")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--works", type=int, default=2000)
    parser.add_argument("--json", action="store_true", help="JSON Lines in place of the table")
    asked = parser.parse_args(arguments)
    show(measure(asked.works), as_json=asked.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
