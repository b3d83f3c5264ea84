"""Whether two records speak of one work: evidence that adds up, and vetoes that nothing outweighs."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct

from harvester.features import Features, is_bare
from harvester.levels import DIFFER, SAME, UNKNOWN
from harvester.model import Scheme
from harvester.similarity import Comparison, compare, compare_identifiers, compare_places, is_hopeless
from harvester.title_likeness import AGREEING, compare_titles, telling
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
    return Decision(_verdict(levels, score, vetoes, doubts), score, levels, vetoes, doubts)


def is_out_of_reach(one: Features, other: Features) -> bool:
    """Whether `decide` finds them different whatever else agrees, by what titles, years and places weigh.

    Most pairs that a library compares are; it takes half the time of comparing all.
    """
    title, numbers, parts, marks = compare_titles(one, other)
    doi, other_id = compare_identifiers(one, other)
    year, volume, issue, pages = compare_places(one, other)
    told = (title, numbers, parts, marks, year, volume, issue, pages, doi, other_id)
    # Versions of a text are linked, whatever the sum.
    if (
        title in {SAME, "same-short"}
        or pages == "number"
        or doi == "version"
        or is_bare(one) != is_bare(other)
    ):
        return False
    besides = _MOST_OF_ONE_TITLE if title in AGREEING else _MOST
    return BIAS + sum(map(_weight_of, _TABLES_TOLD, told)) + besides < POSSIBLE


def is_one_text(decision: Decision) -> bool:
    """Whether two records speak of one text: of one work, or of two that hold the same words (a copy, a revision, a preprint)."""
    if decision.verdict is Verdict.MATCH:
        return True
    is_copy = decision.verdict is Verdict.LINK and set(decision.vetoes) <= _ONE_TEXT
    return is_copy and not (decision.levels is not None and _is_in_two_journals(decision.levels))


def _is_in_two_journals(levels: Comparison) -> bool:
    """Whether the names of two journals are unlike; on the same pages of one volume they are two names of one journal."""
    return levels.container == "unlike" and not (levels.volume == SAME and levels.pages == "range")


def are_apart(one: Features, other: Features) -> bool:
    """Whether two records must not meet in one work, whoever else is in it: by a veto, or because more speaks against it than for it."""
    levels = compare(one, other)
    return bool(forbidden(one, other, levels)) or _score(levels) - BIAS < 0


def are_two_texts(one: Features, other: Features) -> bool:
    """Whether two records must not be taken for one text, whatever else is: as `are_apart`, but for copies and versions."""
    levels = compare(one, other)
    return not set(forbidden(one, other, levels)) <= _ONE_TEXT


def _score(levels: Comparison) -> float:
    return BIAS + sum(map(_weight_of, _TABLES, levels))


_weight_of: Final = dict.__getitem__
_TABLES: Final = tuple(WEIGHTS[name] for name in Comparison._fields)


_TOLD: Final = ("title", "numbers", "parts", "marks", "year", "volume", "issue", "pages", "doi", "other_id")
_TABLES_TOLD: Final = tuple(WEIGHTS[name] for name in _TOLD)
_MOST: Final = sum(max(WEIGHTS[name].values()) for name in ("authors", "container", "abstract"))
_MOST_OF_ONE_TITLE: Final = _MOST + max(WEIGHTS["telling"].values())


def _verdict(levels: Comparison, score: float, vetoes: tuple[str, ...], doubts: tuple[str, ...]) -> Verdict:
    if (
        "version" in vetoes
        and set(vetoes) <= _ONE_TEXT
        and levels.title not in {"unlike", "heading", UNKNOWN}
    ):
        return Verdict.LINK
    if score < POSSIBLE:
        return Verdict.DIFFERENT
    if not vetoes:
        return Verdict.MATCH if score >= MATCH and not doubts else Verdict.POSSIBLE
    if vetoes == ("column",):
        return Verdict.POSSIBLE
    if set(vetoes) <= _VERSIONS:
        return Verdict.LINK if score >= MATCH else Verdict.POSSIBLE
    return Verdict.DIFFERENT


# Vetoes of which one alone, everything else agreeing, says that one text was published twice.
_VERSIONS: Final = frozenset({"doi", "version", "preprint", "kind", "venue", "marks", "volume", "reprint"})
# Of these the ones under which the words stay the same: a copy elsewhere, a revision, a preprint.
_ENTRIES: Final = frozenset({"data", "component", "image", "standard", "review"})
_ONE_TEXT: Final = frozenset({"doi", "version", "preprint", "reprint"})


def forbidden(one: Features, other: Features, levels: Comparison) -> tuple[str, ...]:
    """Why these two must never be one work; empty where nothing speaks against it."""
    is_identified = SAME in {levels.doi, levels.other_id}
    is_elsewhere = (
        levels.pages == "disjoint"
        and _is_one_volume(levels)
        and not is_identified
        and not _is_misprint(levels)
    )
    is_reprint = is_elsewhere and _is_printed_again(one, other, levels)
    found = [
        name
        for name, holds in (
            ("doi", levels.doi == DIFFER),
            (
                "entry",
                levels.doi == DIFFER
                and not _is_later_version(levels)
                and _are_two_entries(one, other, levels),
            ),
            ("version", levels.doi == "version" or _is_later_version(levels)),
            ("identifier", levels.other_id == DIFFER),
            ("parts", levels.parts in {DIFFER, "one"} and not _is_same_place(levels) and not is_identified),
            ("numbers", levels.numbers == DIFFER and not _is_same_place(levels)),
            ("marks", levels.marks == DIFFER and not is_identified),
            ("pages", is_elsewhere and not is_reprint),
            ("reprint", is_reprint),
            ("heading", levels.title == "heading" and _is_elsewhere(levels) and not is_identified),
            ("volume", _is_other_volume(levels) and not is_identified),
            ("column", _is_column(levels) and not is_identified),
            ("preprint", not is_identified and _is_preprint_of_another(one, other)),
            ("kind", not is_identified and _are_two_kinds(one, other)),
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


def _are_two_entries(one: Features, other: Features, levels: Comparison) -> bool:
    """Whether two DOIs stand for two things of one name: data, reviews, the entries of a register; not for copies of one text."""
    if not _ENTRIES.isdisjoint({one.kind, other.kind}) or levels.authors in {
        "subset",
        "member",
        "few",
        "none",
    }:
        return True
    if levels.pages in {"range", "number", "page"} or levels.abstract == SAME:
        return False
    if levels.authors == UNKNOWN:
        return True
    is_at_one_registrant = not _registrants(one).isdisjoint(_registrants(other))
    return is_at_one_registrant and (levels.container == SAME or levels.telling == UNKNOWN)


def _registrants(one: Features) -> set[str]:
    return {each.value.partition("/")[0] for each in one.identifiers if each.scheme is Scheme.DOI}


def _is_later_version(levels: Comparison) -> bool:
    """Whether a review of one journal was brought up to date: its article number stands under two years or issues, or its title
    and abstract under years apart, in a journal that counts its volumes by the year or not at all.
    """
    if levels.container != SAME or levels.doi == SAME:
        return False
    is_later = levels.year in {"near", "far"}
    if levels.pages == "number":
        return is_later or (levels.year != UNKNOWN and levels.issue == DIFFER)
    is_text = levels.title in {SAME, "same-short"} and levels.abstract == SAME
    return is_text and is_later and levels.volume == UNKNOWN and levels.pages != "disjoint"


def _is_printed_again(one: Features, other: Features, levels: Comparison) -> bool:
    """Whether all that is known of two places is that the pages differ: an abstract printed twice, a misprint; no column or quiz.

    A person alone may write a column of one name for every issue, so there the issue must be the same.
    """
    is_theirs = levels.authors in {"many", "all"} or (levels.authors == "single" and levels.issue == SAME)
    is_title = levels.title == SAME and telling(one, other) != UNKNOWN
    return is_title and is_theirs and levels.year == SAME and levels.abstract != "unlike"


def _is_preprint_of_another(one: Features, other: Features) -> bool:
    return None not in {one.kind, other.kind} and (one.kind == "preprint") != (other.kind == "preprint")


def _are_two_kinds(one: Features, other: Features) -> bool:
    return (
        None not in {one.kind, other.kind}
        and one.kind != other.kind
        and "preprint" not in {one.kind, other.kind}
    )


def _is_same_place(levels: Comparison) -> bool:
    """Whether both stand on the same pages of the same volume, issue or journal, as far as they say."""
    where = {levels.volume, levels.issue, levels.container}
    is_there = (
        levels.pages in {"range", "number", "page"} and SAME in where and where.isdisjoint({DIFFER, "unlike"})
    )
    return is_there and levels.authors not in {"few", "none"}


def _is_elsewhere(levels: Comparison) -> bool:
    """Whether anything at all places two notes with one heading in different issues or on different pages."""
    said = (levels.volume, levels.issue, levels.year, levels.container, levels.pages, levels.authors)
    return not {DIFFER, "next", "near", "far", "unlike", "disjoint", "none"}.isdisjoint(said)


def _is_one_volume(levels: Comparison) -> bool:
    """Whether pages can be told apart: one journal, and nothing says two volumes."""
    return levels.container == SAME and levels.volume != DIFFER


def _is_misprint(levels: Comparison) -> bool:
    """Whether all else, the abstract among it, says that one of two page numbers is wrong."""
    is_text = levels.title in {SAME, "near"} and levels.abstract == SAME and levels.numbers in {SAME, UNKNOWN}
    is_there = levels.year == SAME and DIFFER not in {levels.volume, levels.issue}
    return is_text and is_there and levels.authors in {"many", "all", "single", "most"}


def _is_other_volume(levels: Comparison) -> bool:
    """Another volume of another journal, or other pages of another volume: published twice at best."""
    if levels.volume != DIFFER or levels.pages in {"range", "number", "page"}:
        return False
    is_other_year = levels.pages == UNKNOWN and levels.year in {"next", "near", "far"}
    return levels.container in {"unlike", "kin", "near"} or (
        levels.container == SAME and (levels.pages == "disjoint" or is_other_year)
    )


def _is_column(levels: Comparison) -> bool:
    """Whether one name of few words stands in several years of one journal over one person, or over others each time."""
    is_name = levels.title in {SAME, "near", "same-short"} and levels.telling == UNKNOWN
    is_again = levels.container == SAME and levels.year in {"next", "near", "far"} and not _is_found(levels)
    is_others = levels.authors not in {"many", "all", "most", UNKNOWN}
    return is_name and is_again and is_others and levels.doi != "version"


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
    if levels.title == UNKNOWN and not is_identified:
        found.append("untitled")
    if not (is_identified or _is_found(levels)):
        found += _doubts_without_a_place(levels)
    return tuple(found)


def _doubts_without_a_place(levels: Comparison) -> list[str]:
    """What makes doubtful a pair of which no pages and no abstract tell that it is one text."""
    found = []
    is_later = levels.year in {"next", "near", "far"}
    is_sure = levels.telling == "very" and levels.authors == "many"
    if is_later and levels.container != SAME and not is_sure:
        found.append("year")  # told at a meeting and printed later; a thesis and what was made of it
    if levels.container == "unlike" and levels.year != UNKNOWN and levels.title != SAME:
        found.append("container")
    if levels.title == "word" and levels.dated == UNKNOWN:
        found.append("title")  # two papers of one study: in men and in women, in adults and in the young
    is_by_one_name = levels.authors == "single" and {levels.dated, levels.year, levels.container} == {UNKNOWN}
    if levels.telling == UNKNOWN and (levels.authors in {"member", "none"} or is_by_one_name):
        found.append("authors")  # of one name and one title of few words there may be two
    return found


def _is_found(levels: Comparison) -> bool:
    """Whether pages or abstracts agree."""
    return levels.pages in {"range", "number", "page"} or levels.abstract == SAME


def _agreements(levels: Comparison) -> int:
    """How many independent things agree: title, people, place, abstract, identifier, and year with container."""
    is_cited = levels.dated == "one"
    return sum((
        levels.title == "word" and is_cited,  # who cites by heart puts one word for another
        levels.title in {SAME, "near", "close", "main", "part", "translated", "same-short", "heading"},
        levels.title == SAME and levels.telling != UNKNOWN and levels.year == SAME,
        levels.authors in {"many", "all", "single", "subset", "most"} or (is_cited and levels.authors == "member"),
        levels.pages in {"range", "page", "first"} and SAME in {levels.volume, levels.year, levels.issue},
        levels.pages == "number" and levels.container == SAME,
        levels.abstract == SAME,
        levels.doi == SAME,
        levels.other_id == SAME,
        levels.year == SAME and levels.container == SAME,
    ))  # fmt: skip
