"""Whether two records speak of one work: evidence that adds up, and vetoes that nothing outweighs."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct

from harvester.features import Features
from harvester.similarity import DIFFER, SAME, UNKNOWN, Comparison, compare, is_hopeless
from harvester.weights import BIAS, MATCH, POSSIBLE, WEIGHTS


class Verdict(StrEnum):
    """What becomes of two records."""

    MATCH = "match"  # one work: merged without asking
    LINK = "link"  # one text published twice (preprint, conference, version): related, not merged
    POSSIBLE = "possible"  # for a person to decide
    DIFFERENT = "different"


class Reason(Struct, frozen=True):
    """One piece of evidence: what was compared, how it came out, what it weighs."""

    name: str
    level: str
    weight: float


class Decision(Struct, frozen=True):
    """The verdict on two records, with everything that led to it.

    `score` is the sum of the weights of `reasons`. `vetoes` name what forbids a merge, whatever the score:
    with one of them the verdict is never MATCH, and no chain of other records may bring the two together.
    `doubts` name what keeps the two from being merged on their own.
    """

    verdict: Verdict
    score: float
    levels: Comparison | None = None  # None: so plainly different that nothing but the titles was compared
    vetoes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The evidence, the heaviest first; what is unknown weighs nothing and is left out."""
        levels = {"title": "unlike"} if self.levels is None else self.levels._asdict()
        found = [
            Reason(name, level, WEIGHTS[name][level]) for name, level in levels.items() if level != UNKNOWN
        ]
        found.append(Reason("prior", "any two records", BIAS))
        return tuple(sorted(found, key=lambda one: (-abs(one.weight), one.name)))


_PLAINLY_DIFFERENT: Final = Decision(Verdict.DIFFERENT, BIAS + WEIGHTS["title"]["unlike"])


def decide(one: Features, other: Features) -> Decision:
    """What `one` and `other` are to each other; the same whichever comes first."""
    if is_hopeless(one, other):
        return _PLAINLY_DIFFERENT
    levels = compare(one, other)
    score = round(_score(levels), 3)
    vetoes = forbidden(one, other, levels)
    doubts = _doubts(levels)
    return Decision(_verdict(score, vetoes, doubts), score, levels, vetoes, doubts)


def are_apart(one: Features, other: Features) -> bool:
    """Whether two records must not meet in one work, whoever else is in it: by a veto, or because more speaks against it than for it."""
    levels = compare(one, other)
    return bool(forbidden(one, other, levels)) or _score(levels) - BIAS < 0


def _score(levels: Comparison) -> float:
    return BIAS + sum(table[level] for table, level in zip(_TABLES, levels, strict=True))


_TABLES: Final = tuple(WEIGHTS[name] for name in Comparison._fields)


def _verdict(score: float, vetoes: tuple[str, ...], doubts: tuple[str, ...]) -> Verdict:
    if score < POSSIBLE:
        return Verdict.DIFFERENT
    if not vetoes:
        return Verdict.MATCH if score >= MATCH and not doubts else Verdict.POSSIBLE
    if set(vetoes) <= _VERSIONS:
        return Verdict.LINK if score >= MATCH else Verdict.POSSIBLE
    return Verdict.DIFFERENT


# Vetoes of which one alone, everything else agreeing, says that one text was published twice.
_VERSIONS: Final = frozenset({"doi", "kind", "venue", "marks", "volume"})


def forbidden(one: Features, other: Features, levels: Comparison) -> tuple[str, ...]:
    """Why these two must never be one work; empty where nothing speaks against it."""
    is_identified = SAME in {levels.doi, levels.other_id}
    found = [
        name
        for name, holds in (
            ("doi", levels.doi == DIFFER),
            ("identifier", levels.other_id == DIFFER),
            ("parts", levels.parts in {DIFFER, "one"} and not _is_same_place(levels) and not is_identified),
            ("numbers", levels.numbers == DIFFER and not _is_same_place(levels)),
            ("marks", levels.marks == DIFFER and not is_identified),
            ("pages", levels.pages == "disjoint" and _is_one_volume(levels) and not is_identified),
            ("heading", levels.title == "heading" and _is_elsewhere(levels) and not is_identified),
            ("volume", _is_other_volume(levels) and not is_identified),
            ("kind", not is_identified and None not in {one.kind, other.kind} and one.kind != other.kind),
            (
                "venue",
                not is_identified
                and None not in {one.venue, other.venue}
                and one.venue != other.venue
                and not _is_same_place(levels),
            ),
            ("title", levels.title == "unlike" and is_identified and not _is_same_place(levels)),
        )
        if holds
    ]
    return tuple(found)


def _is_same_place(levels: Comparison) -> bool:
    """Whether both stand on the same pages of the same volume, issue or journal, as far as they say."""
    where = {levels.volume, levels.issue, levels.container}
    is_there = levels.pages in {"range", "page"} and SAME in where and where.isdisjoint({DIFFER, "unlike"})
    return is_there and levels.authors not in {"few", "none"}


def _is_elsewhere(levels: Comparison) -> bool:
    """Whether anything at all places two notes with one heading in different issues or on different pages."""
    said = (levels.volume, levels.issue, levels.year, levels.container, levels.pages, levels.authors)
    return not {DIFFER, "next", "near", "far", "unlike", "disjoint", "none"}.isdisjoint(said)


def _is_one_volume(levels: Comparison) -> bool:
    """Whether pages can be told apart: one journal, and nothing says two volumes."""
    return levels.container == SAME and levels.volume != DIFFER


def _is_other_volume(levels: Comparison) -> bool:
    """Another volume of another journal, or other pages of another volume: published twice at best."""
    if levels.volume != DIFFER or levels.pages in {"range", "page"}:
        return False
    return levels.container in {"unlike", "kin", "near"} or (
        levels.container == SAME and levels.pages == "disjoint"
    )


def _doubts(levels: Comparison) -> tuple[str, ...]:
    """Where the sum alone would merge too lightly."""
    found = []
    is_identified = SAME in {levels.doi, levels.other_id}
    if _agreements(levels) < 2 and not (is_identified and levels.title not in {"unlike", "related"}):
        found.append("one agreement")
    if levels.title == "heading" and not is_identified and not _is_same_place(levels):
        found.append("heading")
    if levels.title in {"unlike", "related"} and levels.pages != "range":
        found.append("title")  # several notes and abstracts of the same people may stand on one page
    return tuple(found)


def _agreements(levels: Comparison) -> int:
    """How many independent things agree: title, people, place, abstract, identifier, and year with container."""
    return sum((
        levels.title in {SAME, "near", "close", "part", "same-short", "heading"},
        levels.authors in {"many", "all", "single", "subset", "most"},
        levels.pages in {"range", "page", "first"} and SAME in {levels.volume, levels.year, levels.issue},
        levels.abstract == SAME,
        levels.doi == SAME,
        levels.other_id == SAME,
        levels.year == SAME and levels.container == SAME,
    ))  # fmt: skip
