"""The likeliest language of Latin prose by langdetect's profiles, every run of letters weighed once.

langdetect itself draws runs by chance until it is sure: two milliseconds a title, and another answer with another seed.
Here all runs count, so an answer takes a tenth of that, needs no seed and is the same everywhere.
"""

from __future__ import annotations

import math
import threading
from array import array
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from operator import add, itemgetter
from typing import Final

from harvester.collecting import never_collecting
from harvester.patterns import pattern

# Languages of Latin script that there are profiles of.
LANGUAGES: Final = (
    "af", "ca", "cs", "cy", "da", "de", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "lt", "lv", "nl", "no", "pl", "pt", "ro",
    "sk", "sl", "so", "sq", "sv", "sw", "tl", "tr", "vi",
)  # fmt: skip
_WORD: Final = pattern(r"[^\W\d_]+")
_SMOOTH: Final = 0.5 / 10_000  # langdetect's: what a run is worth where it never occurs
_LETTER_IN: Final = 3.0  # runs of one, two and three letters: each letter counts so many times
_LETTERS: Final = 3
_LOADING: Final = threading.Lock()
_NOTHING: Final = (0.0,) * len(LANGUAGES)


def likely_language(prose: str) -> tuple[str, float]:
    """The language of LANGUAGES that a text is likeliest in, and how likely against all others; "und", 0.0 without words.

    Words in capitals are taken for names and abbreviations where there are others.
    """
    words = _WORD.findall(prose)
    if not words:
        return "und", 0.0
    telling = [word for word in words if not word.isupper()] or list(map(str.lower, words))
    total = list(_evidence(telling[0]))
    for word in telling[1:]:
        total = list(map(add, total, _evidence(word)))
    best = max(total)
    chance = 1 / sum(math.exp((one - best) / _LETTER_IN) for one in total)
    return LANGUAGES[total.index(best)], chance


@lru_cache(5_000)
def _evidence(word: str) -> Sequence[float]:
    """The sum over a word's runs of letters of the log of their shares, by language."""
    padded = f" {word} "
    runs = {
        padded[start : start + size]
        for size in range(1, _LETTERS + 1)
        for start in range(len(padded) - size + 1)
    }
    logs = _logs()
    return array("d", map(sum, zip(*(logs.get(run, _NOTHING) for run in sorted(runs)), strict=True)))


@cache
def _logs() -> Mapping[str, Sequence[float]]:
    """The log of each run's share, by language; what occurs in none of them tells nothing and is left out."""
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory  # noqa: PLC0415  half a second

    with _LOADING, never_collecting():
        factory = DetectorFactory()
        factory.load_profile(PROFILES_DIRECTORY)
        places = itemgetter(*map(factory.langlist.index, LANGUAGES))
        told = ((run, places(shares)) for run, shares in factory.word_lang_prob_map.items())
        return {
            run: array("d", [math.log(one + _SMOOTH) for one in shares])
            for run, shares in told
            if any(shares)
        }
