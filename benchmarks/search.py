"""Searching a library of N works: python -m benchmarks.search --works N [--db FILE] [--json]

Words are taken from the texts of the library itself, common, middling and rare ones, and asked for through
`harvester.query.search`, as `harvester search` does. Recall is judged against a plain scan that knows nothing of the
index: every work whose title, abstract, author or journal holds the characters (Chinese) or a form of the word (English).
`--db` keeps the library, and takes one of so many works that is there.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from msgspec import Struct

from benchmarks import samples
from benchmarks.measure import Figure, percentile, show, tell
from benchmarks.shelves import fill
from harvester.inflection import forms_of
from harvester.query import search
from harvester.store import Library
from harvester.text import search_text

_WORDS_A_KIND: Final = 60
_ROUNDS: Final = 3
_SCANNED: Final = 3  # words that the slow way is timed with
_SAMPLED: Final = 20_000  # works that the words are taken from
_INDEXED: Final = 50_000  # works whose Chinese texts are indexed in two ways
_HITS: Final = 20  # what a person sees
_TEXT: Final = " || char(10) || ".join(
    f"coalesce({name}, '')" for name in ("title_en", "title_zh", "abstract_en", "abstract_zh")
)
_HAN_RUN: Final = re.compile("[\u4e00-\u9fff]+")
_LATIN_WORD: Final = re.compile("[a-z0-9]+")


class Book(Struct):
    """What a plain scan knows of one work."""

    han: tuple[str, ...] = ()  # its runs of Chinese characters
    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


class Kind(Struct, frozen=True):
    """A kind of word: the words of that kind in a work, how one is asked for, and what stands for it in a text."""

    words: Callable[[Book], Iterable[str]]
    query: Callable[[str], str] = str
    stands: Callable[[str], Iterable[str]] = lambda word: (word,)


def _pieces(size: int) -> Callable[[Book], Iterable[str]]:
    return lambda book: {run[at : at + size] for run in book.han for at in range(len(run) - size + 1)}


KINDS: Final = {
    "one Chinese character": Kind(_pieces(1)),
    "two Chinese characters": Kind(_pieces(2)),
    "four Chinese characters": Kind(_pieces(4)),
    "an English word": Kind(lambda book: book.words, stands=forms_of),
    "an author": Kind(lambda book: book.names, query=lambda name: f'author:"{name}"'),
}


def books(library: Library, step: int = 1) -> Iterator[tuple[int, Book]]:
    """Every `step`-th work as a plain scan reads it."""
    said = (
        f"SELECT 0 AS is_name, work_id, {_TEXT} AS text FROM works"
        " UNION ALL SELECT 1, work_id, name FROM contributors"
        " UNION ALL SELECT 1, work_id, name_zh FROM contributors WHERE name_zh IS NOT NULL"
        " UNION ALL SELECT 0, work_id, container_title FROM works WHERE container_title IS NOT NULL"
    )
    query = (
        "SELECT work_id, group_concat(text, char(10)), group_concat(iif(is_name, text, NULL), char(10))"
        f" FROM ({said}) WHERE work_id % ? = 0 AND work_id BETWEEN ? AND ? GROUP BY work_id"
    )
    last = int(next(library.rows("SELECT coalesce(max(work_id), 0) FROM works"))[0])
    for first in range(0, last + 1, _SAMPLED):
        for work_id, text, names in library.rows(query, (step, first, first + _SAMPLED - 1)):
            words = frozenset(_LATIN_WORD.findall(text.lower()))
            yield (
                int(work_id),
                Book(tuple(_HAN_RUN.findall(text)), words, frozenset((names or "").split("\n")) - {""}),
            )


def vocabulary(library: Library, works: int) -> dict[str, list[str]]:
    """The words of each kind to ask for, out of works all over the library."""
    counts: dict[str, Counter[str]] = {label: Counter() for label in KINDS}
    for _, book in books(library, max(1, works // _SAMPLED)):
        for label, kind in KINDS.items():
            counts[label].update(kind.words(book))
    english = counts["an English word"]
    for word in [one for one in english if len(one) < 3 or one.isdigit()]:
        del english[word]
    return {label: _ranked(counted) for label, counted in counts.items()}


def _ranked(counts: Counter[str]) -> list[str]:
    return [word for word, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]


def chosen(ranked: Sequence[str], number: int) -> list[str]:
    """A third each of the commonest, of the middling and of the rare words, by chance of a fixed seed."""
    chance = random.Random(7)
    third = max(1, number // 3)
    common, middle, rare = (
        ranked[: 2 * third],
        ranked[len(ranked) // 4 : -len(ranked) // 2],
        ranked[-len(ranked) // 2 :],
    )
    picked = [chance.sample(part, min(third, len(part))) for part in (common, middle, rare)]
    return list(dict.fromkeys(word for part in picked for word in part))


def truth(library: Library, asked: Mapping[str, Sequence[str]]) -> dict[str, dict[str, set[int]]]:
    """For every word of each kind the works that hold it, by looking at every work once."""
    found: dict[str, dict[str, set[int]]] = {
        label: {word: set() for word in words} for label, words in asked.items()
    }
    meant: dict[str, dict[str, list[str]]] = {label: defaultdict(list) for label in asked}
    for label, words in asked.items():
        for word in words:
            for form in KINDS[label].stands(word):
                meant[label][form].append(word)
    for work_id, book in books(library):
        for label, forms in meant.items():
            for form in forms.keys() & set(KINDS[label].words(book)):
                for word in forms[form]:
                    found[label][word].add(work_id)
    return found


def _latencies_ms(library: Library, queries: Sequence[str]) -> tuple[list[float], list[float]]:
    """By the clock and of the processor, the best of a few rounds for each query: what the search takes, not what else runs."""
    wall, cpu = [], []
    for query in queries:
        took = [_once(library, query) for _ in range(_ROUNDS)]
        wall.append(1000 * min(one for one, _ in took))
        cpu.append(1000 * min(one for _, one in took))
    return wall, cpu


def _once(library: Library, query: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    search(library, query, limit=_HITS)
    return time.perf_counter() - wall, time.process_time() - cpu


def _timed(
    library: Library, name: str, queries: Sequence[str], scan_ms: float | None = None
) -> Iterator[Figure]:
    wall, cpu = _latencies_ms(library, queries)
    for label, share in (("median", 0.5), ("95 of 100", 0.95)):
        value = percentile(wall, share)
        ratio, to = (value / scan_ms, "a scan by LIKE") if scan_ms else (None, "")
        yield Figure(name, value, f"ms, {label}", ratio, to)
        yield Figure(name, percentile(cpu, share), f"CPU ms, {label}")


def _scan_ms(library: Library, words: Sequence[str]) -> float:
    """What SQL without an index takes for one of the words: `LIKE` over all texts."""
    start = time.perf_counter()
    for word in words[:_SCANNED]:
        list(library.rows(f"SELECT work_id FROM works WHERE {_TEXT} LIKE ?", (f"%{word}%",)))
    return 1000 * (time.perf_counter() - start) / len(words[:_SCANNED])


def _kind_figures(library: Library, label: str, true: Mapping[str, set[int]]) -> Iterator[Figure]:
    kind, name = KINDS[label], f"search {label}"
    yield from _timed(library, name, [kind.query(word) for word in true], _scan_ms(library, list(true)))
    right = there = given = 0
    for word, works in true.items():
        hits = set(search(library, kind.query(word), limit=-1))
        right, there, given = right + len(hits & works), there + len(works), given + len(hits)
    yield Figure(name, f"{there} hits", "recall", right / there if there else 1.0, "a plain scan")
    yield Figure(name, f"{given} hits", "precision", right / given if given else 1.0, "a plain scan")


def _together_figures(library: Library, ranked: Mapping[str, Sequence[str]]) -> Iterator[Figure]:
    """What common words cost together, in a field and within years: the slowest first pages that people ask for."""
    chance = random.Random(7)
    many = 4 * _WORDS_A_KIND
    english, chinese = ranked["an English word"][:many], ranked["two Chinese characters"][:many]

    def some(words: Sequence[str], number: int) -> list[str]:
        return [" ".join(chance.sample(words, number)) for _ in range(_WORDS_A_KIND)]

    asked = {
        "two common English words": some(english, 2),
        "three common English words": some(english, 3),
        "four common English words": some(english, 4),
        "two common Chinese words": some(chinese, 2),
        "three common Chinese words": some(chinese, 3),
        "a common English and a common Chinese word": [
            f"{chance.choice(english)} {chance.choice(chinese)}" for _ in range(_WORDS_A_KIND)
        ],
        "a common English word in the title and another": [f"title:{one}" for one in some(english, 2)],
        "two common English words side by side": [f'"{one}"' for one in some(english, 2)],
        "two of the sixty commonest English words side by side": [
            f'"{one}"' for one in some(english[:_WORDS_A_KIND], 2)
        ],
        "the beginning of a common English word": [f"{one[:3]}*" for one in english[:_WORDS_A_KIND]],
        "the forty commonest Chinese characters": ranked["one Chinese character"][:40],
        "a common English word in a year": [
            f"{chance.choice(english)} year:{chance.randint(1990, 2025)}" for _ in range(_WORDS_A_KIND)
        ],
        "a common Chinese word in ten years": [
            f"{chance.choice(chinese)} year:{first}..{first + 9}"
            for first in (chance.randint(1990, 2016) for _ in range(_WORDS_A_KIND))
        ],
        "a common English word in a language": [
            f"{chance.choice(english)} lang:{chance.choice(('zh', 'en', 'de'))}" for _ in range(_WORDS_A_KIND)
        ],
    }
    asked |= _narrowed(library, english, chance)
    for label, queries in asked.items():
        tell(f"search: {label}")
        yield from _timed(library, f"search {label}", queries)


def _narrowed(library: Library, english: Sequence[str], chance: random.Random) -> dict[str, list[str]]:
    """A common word beside what narrows it to many works, to few and to none."""
    names = sorted(
        {row[0] for row in library.rows("SELECT container_title FROM works LIMIT ?", (_WORDS_A_KIND,))}
    )

    def beside(field: str, values: Sequence[str]) -> list[str]:
        return [f"{chance.choice(english)} {field}{chance.choice(values)}" for _ in range(_WORDS_A_KIND)]

    return {
        "a common English word but not another": beside("-", english),
        "a common English word but not within years": beside(
            "-year:", ("1990..2030", "1990..2024", "..2010")
        ),
        "a common English word but not in a language": beside("-lang:", ("zh", "en", "de")),
        "a common English word in a journal": beside("journal:", [f'"{one}"' for one in names]),
        "a common English word of a source": beside("source:", ("crossref", "openalex", "pubmed", "doaj")),
        "a common English word but not of a source": beside("-source:", ("crossref", "openalex", "pubmed")),
        "a common English word of an origin": beside("origin:", ("publisher", "machine", "human", "author")),
        "a common English word but not of an origin": beside("-origin:", ("publisher", "machine", "human")),
    }


def index_bytes(library: Library) -> int:
    """What full-text search takes on disk."""
    try:
        query = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'works_fts%' OR name = 'search_rows'"
        return int(library.connection.execute(query).fetchone()[0])
    except sqlite3.OperationalError:  # SQLite built without dbstat
        query = (
            "SELECT (SELECT sum(length(block)) FROM works_fts_data)"
            " + (SELECT sum(length(title || abstract || authors || container)) FROM search_rows)"
        )
        return int(library.connection.execute(query).fetchone()[0])


def chinese_index_bytes(library: Library, *, tokenize: str, prepared: Callable[[str], str]) -> int:
    """What an index of the Chinese titles and abstracts alone takes, without the texts themselves."""
    query = "SELECT title_zh || char(10) || coalesce(abstract_zh, '') FROM works WHERE title_zh IS NOT NULL LIMIT ?"
    made = sqlite3.connect(":memory:")
    made.execute(f"CREATE VIRTUAL TABLE i USING fts5 (t, content = '', tokenize = '{tokenize}')")
    rows = ((prepared(row[0]),) for row in library.rows(query, (_INDEXED,)))
    while page := list(islice(rows, 1000)):
        made.executemany("INSERT INTO i (t) VALUES (?)", page)
    made.execute("INSERT INTO i (i) VALUES ('optimize')")
    size = int(made.execute("SELECT sum(length(block)) FROM i_data").fetchone()[0])
    made.close()
    return size


def measure(works: int, db: Path | None = None) -> list[Figure]:
    """A library of so many works, searched."""
    with tempfile.TemporaryDirectory() as name:
        path = db or Path(name) / "library.db"
        is_new = not path.exists()
        with Library(path) as library:
            if is_new:
                tell(f"search: making {works} works")
                fill(library, works)
            return list(_figures(library, path, works))


def _figures(library: Library, db: Path, works: int) -> Iterator[Figure]:
    tell("search: choosing words")
    ranked = vocabulary(library, works)
    asked = {label: chosen(words, _WORDS_A_KIND) for label, words in ranked.items()}
    tell("search: a plain scan for them")
    for label, true in truth(library, asked).items():
        tell(f"search: {label}")
        yield from _kind_figures(library, label, true)
    yield from _together_figures(library, ranked)
    chance = random.Random(7)
    dois = [samples.doi_of(chance.randrange(works)) for _ in range(_WORDS_A_KIND)]
    yield from _timed(library, "search a DOI", dois)
    wrong = sum(len(search(library, doi)) != 1 for doi in dois)
    yield Figure("search a DOI", wrong, "not found")
    index, whole = index_bytes(library), db.stat().st_size
    yield Figure("search index", index / works, "bytes a work", index / whole, "the whole library")
    tell("search: the Chinese part in two ways")
    ours = chinese_index_bytes(library, tokenize="unicode61 remove_diacritics 2", prepared=search_text)
    trigram = chinese_index_bytes(library, tokenize="trigram", prepared=str)
    yield Figure(
        "search index, Chinese", ours / min(works, _INDEXED), "bytes a work", ours / trigram, "trigram"
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--works", type=int, default=2000)
    parser.add_argument(
        "--db", type=Path, help="keep the library there; one of so many works is taken as it is"
    )
    parser.add_argument("--json", action="store_true", help="JSON Lines in place of the table")
    asked = parser.parse_args(arguments)
    show(measure(asked.works, asked.db), as_json=asked.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
