"""A Chinese dictionary as a bridge to English: Han words, and the stems of what they mean.

Pure: `harvester.dictionary` reads the file, and whoever has none works without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from harvester.language import HAN

_HAN_RUN: Final = re.compile(f"[{HAN}]+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_LONGEST_KEPT: Final = 60  # characters of a run that is remembered; between two marks there are rarely more
_LONGEST: Final = 6  # Han characters of a headword; longer ones are proverbs and names of bodies
_MOST_WORDS: Final = 50_000  # English ones that are remembered
_LONGER: Final = tuple(range(_LONGEST, 2, -1))
# In a gloss these tell of the word, not of its meaning: "CL:個|个[ge4]", "(Tw)", "variant of ...", "[zhong1]".
_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\bCL:[^/]*|[^\s/|]*\|[^\s/]*")
_ASIDE_SIGNS: Final = ("(", "[", "CL:", "|")
_SAY_NOTHING: Final = """
    a about above after all also an and any are as at be been between both but by can could did do does done
    during each either etc for from had has have he her him his how if in into is it its itself may might
    more most much must no nor not of on one ones oneself only or other our out over own sb she should so
    some sth such than that the their them then there these they this those through thus to too under until
    up upon us used using very via was we were what when where whether which while who whom whose will with
    within without would you your variant old abbr surname see erhua classifier particle
"""
_STOP: Final = frozenset(_SAY_NOTHING.split())


def stem(word: str) -> str:
    """What forms of one English word share: "studies", "studied", "study" are "studi"; lower case."""
    folded = word.casefold()
    for ending in ("ization", "isation", "ational", "ically", "fulness", "ousness", "iveness"):
        if folded.endswith(ending) and len(folded) - len(ending) >= 3:
            return folded[: -len(ending)]
    for _ in range(2):
        folded = _shorter(folded)
    return folded[:-1] + "i" if folded.endswith("y") and len(folded) > 2 else folded


_ENDINGS: Final = (
    "ments", "ment", "ations", "ation", "ating", "ated", "ates", "ate", "ities", "ity", "ings", "ing", "ions", "ion", "ness",
    "ally", "ical", "ives", "ive", "able", "ible", "ence", "ance", "ent", "ant", "ized", "ised", "izes", "ize", "ise", "ics", "ic",
    "als", "al", "ers", "er", "ors", "or", "ed", "ly", "es", "s", "e",
)  # fmt: skip


_BY_LAST_LETTER: Final = {
    last: tuple(ending for ending in _ENDINGS if ending[-1] == last) for last in {one[-1] for one in _ENDINGS}
}


def _shorter(word: str) -> str:
    for ending in _BY_LAST_LETTER.get(word[-1:], ()):
        if word.endswith(ending) and len(word) - len(ending) >= 4 - (len(ending) < 3):
            return word[: -len(ending)]
    return word


def english_stems(text: str) -> list[str]:
    """The stems of the words that mean something, in the order of the text."""
    return list(filter(None, map(TELLING_STEMS.__getitem__, _WORD.findall(text))))


class _TellingStems(dict[str, str]):
    """By English word its stem, if the word means something, nothing of others."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_WORDS:
            self.clear()
        self[word] = found = stem(word) if len(word) > 1 and word.casefold() not in _STOP else ""
        return found


TELLING_STEMS: Final = _TellingStems()  # for `map`: most words of a text were met before


class Lexicon:
    """Headwords, simplified and traditional, each with its glosses; read as far as they are asked for."""

    def __init__(self, glosses: Mapping[str, str]) -> None:
        """`glosses`: "cat/(coll.) modem/CL:隻|只[zhi1]" by headword."""
        self._glosses = glosses
        self._stems: dict[str, frozenset[str]] = {}
        self._heads: frozenset[str] | None = None

    def __len__(self) -> int:
        """How many headwords there are."""
        return len(self._glosses)

    def words(self, text: str) -> list[str]:
        """The headwords that the Han of `text` is made of, the longest from the left; others are left out."""
        return [
            word
            for run in _HAN_RUN.findall(text)
            for word in (_cut(self, run) if len(run) <= _LONGEST_KEPT else self.cut(run))
        ]

    def cut(self, run: str) -> tuple[str, ...]:
        """The headwords of one run of Han; `words` remembers them."""
        found: list[str] = []
        glosses, heads = self._glosses, self._heads_of_longer()
        start, end = 0, len(run)
        while start < end:
            # Most words are of two characters, and three of a run seldom begin a longer one.
            if run[start : start + 3] in heads:
                for size in _LONGER:
                    word = run[start : start + size]
                    if word in glosses:
                        break
                else:
                    word = run[start : start + 2]
            else:
                word = run[start : start + 2]
            if word in glosses or (word := run[start]) in glosses:
                found.append(word)
                start += len(word)
            else:
                start += 1
        return tuple(found)

    def _heads_of_longer(self) -> frozenset[str]:
        """The first three characters of headwords that are longer than two."""
        if self._heads is None:
            self._heads = frozenset([word[:3] for word in self._glosses if 2 < len(word) <= _LONGEST])
        return self._heads

    def stems(self, word: str) -> frozenset[str]:
        """The stems of everything that a Han word may mean; empty for one that is no headword."""
        known = self._stems.get(word)
        if known is None:
            gloss = self._glosses.get(word, "")
            if any(map(gloss.__contains__, _ASIDE_SIGNS)):
                gloss = _ASIDE.sub(" ", gloss)
            known = self._stems[word] = frozenset(english_stems(gloss))
        return known


@lru_cache(1_000)  # sentences are cut again with the text that they are of
def _cut(lexicon: Lexicon, run: str) -> tuple[str, ...]:
    return lexicon.cut(run)


def parse_cedict(text: str) -> Lexicon:
    """The dictionary in a file of CC-CEDICT: "貓 猫 [mao1] /cat/(coll.) modem/" a line, "#" before remarks."""
    glosses: dict[str, str] = {}
    for line in text.split("\n"):
        head, _, gloss = line.partition("] /")
        traditional, _, rest = head.partition(" ")
        simplified, blank, _ = rest.partition(" ")
        if blank and line[0] != "#":
            glosses[traditional] = f"{glosses[traditional]}/{gloss}" if traditional in glosses else gloss
            if simplified != traditional:
                glosses[simplified] = f"{glosses[simplified]}/{gloss}" if simplified in glosses else gloss
    return Lexicon(glosses)
