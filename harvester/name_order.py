"""The order of a Western, Pinyin, Korean or Japanese name: what speaks for which, and how to cut by it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from harvester import name_lists
from harvester.patterns import pattern

PARTICLES: Final = name_lists.words(
    "van von de der den del della di da do dos das du la le les el al bin ibn ben ter ten te zu zum zur af av y san st st."
    " santa saint abu abd o' d' l' della degli dal mac vander vande op 't in"
)
# Capitalised they are as often whole names: Ben, San, Al, Du, Le, Van, Da.
_WEAK_PARTICLES: Final = name_lists.words("ben san al le du van da do el in la mac te ten den y")
_TWO_LETTERS: Final = frozenset(
    name
    for names in (name_lists.CHINESE_TOP, name_lists.CHINESE_COMMON, name_lists.KOREAN)
    for name in names
    if len(name) == 2
)
SUFFIX: Final = pattern(r"(?:jr|sr|ii|iii|2nd|3rd)\.?", re.IGNORECASE)
_INITIALS: Final = pattern(r"(?:[^\W\d_a-z]\.?-?){1,4}")
_DOTTED: Final = pattern(r"(?:[^\W\d_]{1,2}\.-?)+")
_PINYIN: Final = pattern(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|üan|üe|ue|ua|uo|ui|un|ün|ai|an|ao"
    r"|ei|en|er|ia|ie|in|iu|ou|a|e|i|o|u|ü|v))"
)
_ASIAN_SYLLABLE: Final = pattern(
    r"(?:kk|tt|pp|ss|jj|ch|sh|th|ph|tr|kh|nh|gi|qu|ts|hs|zh|[gkdtlrmbpsjhnwyvxcqzf])?"
    r"(?:yeo|yae|yoo|you|uye|ieu|uo|ie|eo|eu|ae|oe|oi|ai|ia|wa|wo|wi|we|ya|ye|yo|yu|oo|ee|oh|ui|ou|a|e|i|o|u|y)"
    r"(?:ng|nh|ch|ck|[nmlkptbgrhs])?"
)


class Reading(NamedTuple):
    """One name, cut: `given` is None where there is but one part."""

    family: str
    given: str | None

    @staticmethod
    def of(text: str) -> FamilyShape:
        """How the words of a possible family name look."""
        return FamilyShape(_softened(tokens_of(text)))

    @staticmethod
    def is_pubmed(words: list[str]) -> bool:
        """Whether a name is one family name (particles aside) and initials: "Kinn LG", "de Hoon M J L"."""
        while len(words) > 2 and words[0].casefold() in PARTICLES:
            words = words[1:]
        return len(words) >= 2 and not is_initials(words[0]) and all(map(is_initials, words[1:]))


class FamilyShape(NamedTuple):
    """The words of what may be a family name by itself."""

    words: list[str]

    @property
    def is_family_alone(self) -> bool:
        """One word, or particles and one word, or a known family name of two; no initials."""
        if not self.words or any(map(is_initials, self.words)):
            return False
        if all(word.casefold() in PARTICLES for word in self.words[:-1]):
            return True
        return len(self.words) == 2 and all(map(_is_iberian, self.words))


def tokens_of(text: str) -> list[str]:
    """The words of a name, without "Jr." and its like; initials written together ("J.A.") stay one word."""
    words = text.replace(",", " ").split()
    while len(words) > 2 and SUFFIX.fullmatch(words[-1]):
        words.pop()
    return words


def _softened(words: list[str]) -> list[str]:
    """A name all in capitals as it would be written otherwise, so that KIM is no more than a name."""
    if any(letter.islower() for word in words for letter in word):
        return words
    return [
        word.title() if "." not in word and (len(word) > 2 or word.casefold() in _TWO_LETTERS) else word
        for word in words
    ]


@lru_cache(maxsize=50_000)
def is_initials(word: str) -> bool:
    """Whether a word is nothing but initials, four at most: "J", "J.", "LG", "J.-P."."""
    if word.casefold() == "st.":
        return False
    return bool(_DOTTED.fullmatch(word)) or (
        bool(_INITIALS.fullmatch(word)) and len(re.sub(r"[.-]", "", word)) <= 4
    )


@lru_cache(maxsize=20_000)
def leaning(word: str) -> float:
    """How much a word is a family name (above 0) or a given name (below 0), -2 to 2."""
    name = word.casefold().strip(".'’").replace("\u2010", "-")
    given, family = name in name_lists.GIVEN_NAMES, name in name_lists.FAMILY_NAMES
    if given != family:
        return 2.0 if family else -2.0
    if given:
        return 0.0
    asian = _asian(name)
    if asian is not None:
        return asian
    if re.match(r"(?:mc|mac|o['’]|fitz)[a-z]{3}", name):
        return 2.0
    if "-" in name:
        return _hyphened(name.split("-"))
    return _by_sound(name)


def _by_sound(name: str) -> float:
    """What the beginning and the ending of an unknown name say."""
    ends = (name[-n:] for n in (4, 3, 2, 1) if len(name) > n)
    begins = (name[:n] for n in (3, 2) if len(name) > n)
    end = next((name_lists.ENDINGS[part] for part in ends if part in name_lists.ENDINGS), 0.0)
    begin = next((name_lists.BEGINNINGS[part] for part in begins if part in name_lists.BEGINNINGS), 0.0)
    return max(-1.8, min(1.8, 0.75 * end + 0.45 * begin))


def _hyphened(parts: list[str]) -> float:
    """Jean-Claude is given, Roldán-Olarte is family, Sheh-Yi is given, and a second half that is short too."""
    if all(_ASIAN_SYLLABLE.fullmatch(part) or _syllables(part) == 1 for part in parts):
        return -1.8
    return 0.6 + 0.7 * sum(leaning(part) for part in parts) / len(parts)


def _asian(name: str) -> float | None:
    parts = _syllables(name)
    chinese = (
        1.6 * (name in name_lists.CHINESE_TOP)
        or 1.0 * (name in name_lists.CHINESE_COMMON)
        or 0.4 * (name in name_lists.CHINESE_RARE)
    )
    if name in name_lists.KOREAN or name in name_lists.VIETNAMESE:
        chinese = max(chinese, 1.4)
    if chinese:
        return chinese - 0.7 * (name in name_lists.CHINESE_GIVEN or name in name_lists.KOREAN_SYLLABLES)
    if parts == 2 and len(name) >= 4:
        return -1.5
    if name in name_lists.CHINESE_GIVEN or name in name_lists.KOREAN_SYLLABLES:
        return -0.8
    return None


@lru_cache(maxsize=20_000)
def _syllables(name: str) -> int:
    """In how few Pinyin syllables a word can be cut, 0 if it cannot."""
    best = {0: 0}
    for end in range(1, len(name) + 1):
        counts = [
            best[start] + 1
            for start in range(max(0, end - 6), end)
            if start in best and _PINYIN.fullmatch(name[start:end])
        ]
        if counts:
            best[end] = min(counts)
    return best.get(len(name), 0)


def order_vote(words: list[str]) -> float:
    """Whether a name speaks for family-first (above 0) or given-first (below 0), and how loudly; -4 to 4."""
    if len(words) < 2:
        return 0.0
    words = _softened(words)
    first, last = words[0], words[-1]
    starts, ends = is_initials(first), is_initials(last)
    if starts != ends:
        return 0.0 if starts and _is_short_surname(first) else -3.0 if starts else 3.0
    if starts:
        return 0.0
    vote = _by_particles(words) + _by_capitals(words) + leaning(first) - leaning(last)
    middle = [is_initials(word) for word in words[1:-1]]
    if any(middle):
        vote -= 2.0 if middle[-1] else 0.5
    return max(-4.0, min(4.0, vote))


def _is_short_surname(word: str) -> bool:
    """LI, XU, MA, where families are in capitals: the line must tell them from initials."""
    return word.isupper() and word.casefold() in _TWO_LETTERS


def _by_particles(words: list[str]) -> float:
    vote = 0.0
    if _is_particle(words[0]):
        vote += 2.5 if words[0].islower() else 0.5
    if any(_is_particle(word) and word.islower() for word in words[1:-1]):
        vote -= 2.5
    elif any(word.casefold() in PARTICLES - _WEAK_PARTICLES for word in words[1:-1]):
        vote -= 1.0
    if words[-1].casefold() in PARTICLES - _WEAK_PARTICLES:
        vote += 1.5
    return vote


def _by_capitals(words: list[str]) -> float:
    """What "ZHANG Wei" and "Wei ZHANG" say: the capitals are the family name."""
    loud = [word.isupper() and len(word) > 2 for word in (words[0], words[-1])]
    return 0.0 if loud[0] == loud[1] else 2.5 if loud[0] else -2.5


def _is_particle(word: str) -> bool:
    return word.casefold() in PARTICLES and (word.islower() or word.casefold() not in _WEAK_PARTICLES)


def read_name(words: list[str], *, is_family_first: bool, is_compact: bool) -> Reading:
    """A name cut in the order given; `is_compact` says that the line writes families and initials (PubMed)."""
    if len(words) < 2:
        return Reading(" ".join(words), None)
    written, words = words, _softened(words)
    if is_initials(words[0]) != is_initials(words[-1]) and not _is_short_surname(words[0]):
        # Initials are louder than the line.
        is_family_first = is_initials(words[-1])
    cut = _family_end(words, is_compact=is_compact) if is_family_first else _family_start(words)
    before, after = " ".join(written[:cut]), " ".join(written[cut:])
    return Reading(before, after) if is_family_first else Reading(after, before)


def _family_end(words: list[str], *, is_compact: bool) -> int:
    """Where the family name ends in a name that starts with it."""
    initials = len(words)
    while initials > 1 and is_initials(words[initials - 1]):
        initials -= 1
    start = _after_particles(words, 0)
    if initials < len(words):
        dotted = any("." in word for word in words[initials:])
        many = any(len(word) > 1 and "." not in word for word in words[initials:])
        if many or (is_compact and not dotted):
            return initials
    end = min(start + 1, len(words) - 1)
    return end if initials < len(words) and "." in words[-1] else _compound_end(words, end, initials)


def _compound_end(words: list[str], end: int, initials: int) -> int:
    """The end of a family name of several words: "Sánchez López", "Pérez de la Cruz", "García Viveros"."""
    last = min(initials, len(words) - 1)
    if words[end].islower() and _is_particle(words[end]):
        after = _after_particles(words, end) + 1
        return after if after < len(words) else end
    while end < last and leaning(words[end]) >= 1.5 and not _pinyin_like(words):
        end += 1
    given = next((at for at in range(end, len(words)) if leaning(words[at]) <= -1.5), None)
    if (
        given is not None
        and given > end
        and _is_iberian(words[0])
        and all(leaning(w) >= 0 for w in words[end:given])
    ):
        return given
    return end


def _family_start(words: list[str]) -> int:
    """Where the family name starts in a name that ends with it."""
    at = len(words) - 1
    while at > 1 and _leads_on(words[at - 1]):
        at -= 1
    if at < len(words) - 1 or at < 2:
        return at
    known = next((n for n, word in enumerate(words) if leaning(word) > -1.5), len(words))
    is_double = _is_iberian(words[at - 1]) and _is_iberian(words[at])
    return at - 1 if is_double or (known == at - 1 >= 2 and not is_initials(words[at - 1])) else at


def _leads_on(word: str) -> bool:
    """Whether the family name goes on behind a word: "van", "Del", "Ortega-Del"; not the initial Y."""
    end = word.rsplit("-", maxsplit=1)[-1]
    return end.casefold() in PARTICLES and (end.islower() or len(end) > 1)


def _after_particles(words: list[str], at: int) -> int:
    while at < len(words) - 2 and words[at].casefold() in PARTICLES:
        at += 1
    return at


def _pinyin_like(words: list[str]) -> bool:
    return _asian(words[0].casefold()) is not None


def _is_iberian(word: str) -> bool:
    """Family names that come in pairs: Sánchez López."""
    return leaning(word) > 0 and bool(
        re.search(r"(?:ez|[áéíóú].*|ñ.*|os|as|es|ano|ero|illo|ado)$", word.casefold())
    )
