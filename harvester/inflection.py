"""The forms of an English word: whoever asks for "library" means "libraries" too.

Forms are made, not looked up: one that does not exist costs a search next to nothing. Only endings of number and tense
count ("cataloguing" and "catalogued", not "cataloguer"), so what is found is never far from what was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[a-z]{3,24}")
_VOWEL: Final = re.compile("[aeiouy]")
# One syllable that doubles its last letter before "-ing": "plan", not "rate", "read" or "fix".
_DOUBLES: Final = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")
_DOUBLED: Final = re.compile(r"([bdgklmnprt])\1$")
_HISSES: Final = ("s", "x", "z", "ch", "sh")
_IRREGULAR: Final = tuple(
    frozenset(line.split())
    for line in (
        "child children", "woman women", "man men", "mouse mice", "foot feet", "tooth teeth", "person people",
        "datum data", "criterion criteria", "phenomenon phenomena", "medium media", "bacterium bacteria",
        "curriculum curricula", "index indices indexes indexing indexed", "matrix matrices", "appendix appendices",
        "vertex vertices", "nucleus nuclei", "stimulus stimuli", "fungus fungi", "corpus corpora", "genus genera",
        "life lives", "leaf leaves", "half halves", "shelf shelves", "thesaurus thesauri", "taxon taxa",
        "write writes writing written wrote", "teach teaches teaching taught", "build builds building built",
        "find finds finding findings found", "learn learns learning learned learnt", "choose chooses choosing chose chosen",
        "grow grows growing grew grown", "think thinks thinking thought", "make makes making made", "buy buys buying bought",
    )
)  # fmt: skip
_ALONE: Final = frozenset(
    [
        "news", "species", "series", "always", "perhaps", "evening", "morning", "nothing", "something", "anything", "everything",
        "during", "ceiling", "hundred", "whereas", "lens", "bias", "mars", "alias", "canvas", "atlas", "christmas", "texas", "paris",
    ]
)  # fmt: skip


@lru_cache(maxsize=10_000)
def forms_of(word: str) -> tuple[str, ...]:
    """`word` first, then its other forms, small: "studies" gives "study", "studied", "studying" and a few that are none.

    A word that is no plain English one, or has no other form, is alone.
    """
    small = word.casefold()
    if not _WORD.fullmatch(small) or small in _ALONE:
        return (small,)
    irregular = next((sorted(group) for group in _IRREGULAR if small in group), [])
    bases = tuple(dict.fromkeys(_bases(small)))
    made = [form for base in bases for form in (base, *_inflected(base))] or [*_inflected(small)]
    several = (
        [small + "s"] if bases and small[-1] != "s" else []
    )  # "finding", "speed": nouns that look like verbs
    found = dict.fromkeys((small, *irregular, *made, *several))
    return tuple(one for one in found if one == small or one not in _ALONE)


def _bases(word: str) -> Iterator[str]:
    """What `word` can be a form of."""
    if word.endswith("ses") and len(word) > 6:
        yield word[:-2] + "is"
    if word.endswith("ies") and len(word) > 4:
        yield word[:-3] + "y"
    elif word.endswith("es") and word[:-2].endswith((*_HISSES, "o")) and len(word) > 4:
        yield word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        yield word[:-1]
    if word.endswith("ied") and len(word) > 4:
        yield word[:-3] + "y"
    for ending in ("ed", "ing"):
        if word.endswith(ending):
            yield from _undone(word.removesuffix(ending))


def _undone(rest: str) -> Iterator[str]:
    """The verbs whose "-ing" or "-ed" is `rest` and that ending: "plann" is of "plan", "rat" of "rate"."""
    if not _VOWEL.search(rest):
        return
    if _DOUBLED.search(rest) and len(rest) > 3:
        yield rest[:-1]
    if len(rest) > 2 and not _DOUBLES.fullmatch(rest):
        yield rest
    if rest[-1] not in "aeioy":
        yield rest + "e"


def _inflected(base: str) -> Iterator[str]:
    """Number and tense of a base, whether it is a noun or a verb."""
    if base.endswith("y") and base[-2] not in "aeiou":
        yield from (base[:-1] + "ies", base[:-1] + "ied", base + "ing")
    elif base.endswith("e"):
        yield from (base + "s", base + "d", base[:-1] + "ing")
    elif base.endswith("sis"):
        yield base[:-2] + "es"
    else:
        yield base + ("es" if base.endswith(_HISSES) else "s")
        stem = base + base[-1] if _DOUBLES.fullmatch(base) else base
        yield from (stem + "ed", stem + "ing")
