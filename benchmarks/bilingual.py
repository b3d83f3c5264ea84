"""Predictions for labelled bilingual cases, by the code that users run.

usage: python -m benchmarks.bilingual TASK CASES.jsonl.gz OUT.jsonl      TASK: language, layout, names
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from harvester import language
from harvester.formats.pubmed_layout import layout
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


TASKS: Final[dict[str, Callable[[Case], Case]]] = {
    "language": predict_language,
    "layout": predict_layout,
    "names": predict_names,
}
LATER: Final = ("alignment", "checks")


def main(arguments: list[str]) -> int:
    """Writes one prediction a case; 2 on wrong usage."""
    if len(arguments) != 3 or arguments[0] not in (*TASKS, *LATER):
        print(__doc__, file=sys.stderr)
        return 2
    task, cases, out = arguments
    if task not in TASKS:
        print(f"task {task} is not built yet; there are {', '.join(TASKS)}", file=sys.stderr)
        return 2
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
