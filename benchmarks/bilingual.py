"""Predictions for labelled bilingual cases, by the code that users run.

usage: python -m benchmarks.bilingual TASK CASES.jsonl.gz OUT.jsonl

TASK: language, layout, alignment, checks, names
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from harvester import dictionary, language, quality
from harvester.alignment import align
from harvester.formats.pubmed_layout import layout
from harvester.model import Origin
from harvester.pinyin import pinyin_of

Case = dict[str, Any]


def predict_language(case: Case) -> Case:
    """Which language a text is in; the cases say "mixed" for `mul`."""
    tag = language.detect(case["text"])
    return {"lang": "mixed" if tag == "mul" else tag}


def predict_layout(case: Case) -> Case:
    """A document cut into its fields."""
    found = layout(case["text"])
    authors = [marked.author for marked in found.authors]
    return {
        "authors": [{"family": one.family or one.name, "given": one.given} for one in authors],
        "affiliations": list(found.affiliations),
        "citation": found.citation.raw if found.citation else None,
        "doi": found.doi,
        "title_en": found.title_en,
        "title_zh": found.title_zh,
        "en": [section.text for section in found.en],
        "zh": [section.text for section in found.zh],
    }


def predict_names(case: Case) -> Case:
    """A Chinese name, "family|given", in Pinyin."""
    family, _, given = case["han"].partition("|")
    in_pinyin = pinyin_of(family, given)
    return {"family": in_pinyin[0], "given": in_pinyin[1]}


def predict_alignment(case: Case) -> Case:
    """Which passages belong together, by index."""
    links = align(case["en"], case["zh"], dictionary.installed())
    return {"links": [[en, zh] for link in links for en in link.en for zh in link.zh]}


def predict_checks(case: Case) -> Case:
    """The verdict on a pair, its score, and the flags with what they point to.

    Who made the translation is `origin`, or follows from `src`: "human" a translator, "mt..." a machine, anything
    else the authors themselves. `original` is "zh" where the English text is the translation.
    """
    original, translation = (
        (case["zh"], case["en"]) if case.get("original") == "zh" else (case["en"], case["zh"])
    )
    verdict = quality.check(
        original, translation, field=case["kind"], origin=_origin(case), lexicon=dictionary.installed()
    )
    flags = [{"key": flag.key, "tokens": list(flag.tokens)} for flag in verdict.flags]
    return {"verdict": str(verdict.status), "score": verdict.score, "flags": flags}


def _origin(case: Case) -> Origin:
    if case.get("origin"):
        return Origin(case["origin"])
    source = str(case.get("src", "author"))
    if source in {"human", "machine", "aggregator"}:
        return Origin(source)
    return Origin.MACHINE if source.startswith("mt") else Origin.AUTHOR


TASKS: Final[dict[str, Callable[[Case], Case]]] = {
    "language": predict_language,
    "layout": predict_layout,
    "names": predict_names,
    "alignment": predict_alignment,
    "checks": predict_checks,
}


def main(arguments: list[str]) -> int:
    """Writes one prediction a case; 2 on wrong usage."""
    if len(arguments) != 3 or arguments[0] not in TASKS:
        print(__doc__, file=sys.stderr)
        return 2
    task, cases, out = arguments
    opener = gzip.open if cases.endswith(".gz") else open
    with (
        opener(cases, "rt", encoding="utf-8", newline="\n") as lines,
        Path(out).open("w", encoding="utf-8") as to,
    ):
        for line in filter(str.strip, lines):
            case = json.loads(line)
            to.write(json.dumps({"id": case["id"], **TASKS[task](case)}, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
