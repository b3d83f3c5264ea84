"""Texts a second on one core: languages, layout documents, alignments and checks, beside language detectors.

usage: python -m benchmarks.throughput [--size X] [--json] [--texts DIR]

The texts are real ones of others, read from ../shared (or DIR), each measured once, so nothing is remembered of it;
words of the dictionary are, as in any long run. What is missing is skipped and said. Seconds are the processor's.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import ROOT, Figure, peak_mb, show, tell
from harvester import dictionary, quality
from harvester.alignment import align
from harvester.formats.pubmed_layout import layout
from harvester.language import detect
from harvester.model import Origin
from harvester.sentences import sentences

TITLES: Final = 3000  # at size 1
PAIRS: Final = 150
PEER_TITLES: Final = 150  # the detectors are slow
_LONGEST: Final = 400  # characters of a title

Pair = tuple[str, str]


def measure(size: float, texts: Path) -> list[Figure]:
    """All rows that there are texts and packages for."""
    found = titles(texts / "corpus" / "bulk")
    some = _spread(found, round(TITLES * size))
    figures = [
        *layouts(cases(texts, "layout"), size),
        *pairs(cases(texts, "parallel"), size),
        *languages(some),
    ]
    memory = Figure("peak memory, with the texts and before the peers", peak_mb(), "MB")
    return [*figures, memory, *(peers(some, figures[-1].value) if some else [])]


def rate(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    """Items a CPU second."""
    start = time.process_time()
    for item in items:
        work(item)
    return len(items) / max(1e-9, time.process_time() - start)


# -- texts ---------------------------------------------------------------------------------------------------


def cases(texts: Path, name: str) -> list[dict[str, Any]]:
    """The cases of one name; none, said aloud, where they are missing."""
    path = texts / "bilingual" / f"{name}.jsonl.gz"
    if not path.is_file():
        tell(f"skipped: {path} is missing")
        return []
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def titles(folder: Path) -> list[str]:
    """Every title in the records of a folder, of works, journals and references alike, once."""
    paths = sorted(folder.glob("*.jsonl.gz"))
    if not paths:
        tell(f"skipped: {folder} has no records with titles")
    found: dict[str, None] = {}
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                found.update(dict.fromkeys(_titles(json.loads(line), is_title=False)))
    return list(found)


def _titles(value: object, *, is_title: bool) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _titles(inner, is_title="title" in key.casefold())
    elif isinstance(value, list):
        for inner in value:
            yield from _titles(inner, is_title=is_title)
    elif is_title and isinstance(value, str) and 3 < len(value) < _LONGEST:
        yield value


# -- rows ----------------------------------------------------------------------------------------------------


def languages(some: Sequence[str]) -> Iterator[Figure]:
    """Titles a second whose language is told."""
    for title in ("Über den Leim", "论糨糊"):  # what is loaded once
        detect(title)
    if some:
        yield Figure(f"language of {len(some)} titles", rate(detect, some), "titles/CPU s")


def peers(some: Sequence[str], ours: float | str) -> Iterator[Figure]:
    """How many times the rate of each other detector ours is."""
    few = _spread(some, PEER_TITLES)
    for name, peer in (("langdetect", _langdetect), ("lingua", _lingua)):
        if find_spec(name) is None:
            tell(f"skipped: {name} is not installed")
            continue
        theirs = rate(peer(), few)
        yield Figure(
            f"{name}, {len(few)} of them",
            theirs,
            "titles/CPU s",
            float(ours) / theirs,
            "our rate by its rate",
        )


def _langdetect() -> Callable[[str], object]:
    from langdetect import LangDetectException, detect_langs

    def ask(title: str) -> object:
        try:
            return detect_langs(title)
        except LangDetectException:
            return None

    ask("some words of English")
    return ask


def _lingua() -> Callable[[str], object]:
    from lingua import LanguageDetectorBuilder  # type: ignore[import-not-found,unused-ignore]

    detector = LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models().build()
    ask: Callable[[str], object] = detector.detect_language_of
    return ask


def layouts(documents: Sequence[dict[str, Any]], size: float) -> Iterator[Figure]:
    """Documents a second, cut into their fields."""
    some = [case["text"] for case in documents][: max(1, round(PAIRS * size))]
    if some:
        layout(some[-1])
        yield Figure(f"layout of {len(some)} documents", rate(layout, some), "documents/CPU s")


def pairs(records: Sequence[dict[str, Any]], size: float) -> Iterator[Figure]:
    """Abstracts aligned by sentences, checked, and both; titles checked."""
    lexicon = dictionary.installed()
    if lexicon is None:
        tell("the extra `dictionary` is not installed: without its words")
    number = round(PAIRS * size)
    abstracts = [(one["en"], one["zh"]) for one in records if one["en"] and one["zh"]]
    names = [(one["en_title"], one["zh_title"]) for one in records if one["en_title"] and one["zh_title"]]
    if not abstracts:
        return

    def aligned(pair: Pair) -> None:
        align(sentences(pair[0], "en"), sentences(pair[1], "zh"), lexicon)

    def checked(pair: Pair, field: quality.Field = "abstract") -> None:
        quality.check(*pair, field=field, origin=Origin.MACHINE, lexicon=lexicon)

    def both(pair: Pair) -> None:
        checked(pair)
        aligned(pair)

    # Three parts that have no text in common, and before them the words that most texts share.
    number = min(number, len(abstracts) // 4)
    parts = [abstracts[at * number : (at + 1) * number] for at in range(4)]
    rate(both, parts[3])
    yield Figure(f"alignment of {number} abstracts", rate(aligned, parts[0]), "abstracts/CPU s")
    yield Figure(f"check of {number} abstracts", rate(checked, parts[1]), "abstracts/CPU s")
    yield Figure("check and alignment", rate(both, parts[2]), "abstracts/CPU s")
    few = names[: max(1, 2 * number)]
    yield Figure(
        f"check of {len(few)} titles", rate(lambda pair: checked(pair, "title"), few), "titles/CPU s"
    )


def _spread(items: Sequence[str], number: int) -> Sequence[str]:
    """So many of them, from all over."""
    return items[:: max(1, len(items) // max(1, number))][:number]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--size", type=float, default=1.0, help="how many times as many texts as usual")
    parser.add_argument("--json", action="store_true", help="JSON Lines in place of the table")
    parser.add_argument("--texts", type=Path, default=ROOT.parent / "shared", help="the folder of the texts")
    asked = parser.parse_args(arguments)
    show(measure(asked.size, asked.texts), as_json=asked.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
