"""Journals out of what is said of them: sayings that share an ISSN are about one journal. Pure, blind to order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from harvester.identifiers import parse_issn
from harvester.model import Record
from harvester.pinyin import char_readings
from harvester.policy import SOURCES
from harvester.text import compare_key, is_han

TABLE: Final = "table:"  # the source of what a librarian's table says: "table:JCR 2025"


class Saying(NamedTuple):
    """What one source says of one journal; "" where it says nothing."""

    source: str
    issns: tuple[str, ...]
    title: str = ""
    abbreviation: str = ""
    title_zh: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Its names as given."""
        return tuple(dict.fromkeys(filter(None, (self.title, self.title_zh, self.abbreviation))))


class Journal(NamedTuple):
    """One journal: `key` is its lowest ISSN, or "name:" and its folded name where nobody tells an ISSN."""

    key: str
    issns: tuple[str, ...]
    name_en: str | None
    name_zh: str | None
    name_pinyin: str | None
    abbreviations: tuple[str, ...]
    names: tuple[str, ...]  # every name as given
    sayings: tuple[Saying, ...]


def saying_of(record: Record) -> Saying | None:
    """What a record says of the journal it names; None where it names none. ISSNs with a wrong digit are left out."""
    container = record.container
    if container is None or not links(Saying("", (), container.title)):
        return None
    valid = {issn for raw in container.issns if (issn := parse_issn(raw))}
    return Saying(
        record.source,
        tuple(sorted(valid)),
        container.title,
        container.abbreviation or "",
        container.title_zh or "",
    )


def links(saying: Saying) -> set[str]:
    """By what a saying hangs together with others: its ISSNs, and its names folded."""
    return {*saying.issns, *_folded(saying)}


def _folded(saying: Saying) -> set[str]:
    return {f"name:{key}" for name in saying.names if (key := compare_key(name))}


def journals(sayings: Iterable[Saying]) -> tuple[Journal, ...]:
    """The journals that `sayings` are about.

    A saying without ISSN belongs to the journal of its name, if only one with an ISSN bears it.
    """
    said = sorted(set(sayings))
    groups = _by_issn([one for one in said if one.issns])
    bearers: dict[str, set[str]] = defaultdict(set)
    for key, group in groups.items():
        for name in {name for one in group for name in _folded(one)}:
            bearers[name].add(key)
    for one in (each for each in said if not each.issns and _folded(each)):
        home = {key for name in _folded(one) for key in bearers.get(name, ())}
        own = f"name:{compare_key(one.title or one.title_zh or one.abbreviation)}"
        groups.setdefault(home.pop() if len(home) == 1 else own, []).append(one)
    return tuple(_journal(key, group) for key, group in sorted(groups.items()))


def _by_issn(said: Sequence[Saying]) -> dict[str, list[Saying]]:
    """The sayings by the lowest ISSN of all that hang together by ISSNs."""
    lowest: dict[str, str] = {}

    def root(issn: str) -> str:
        while lowest.setdefault(issn, issn) != issn:
            issn = lowest[issn]
        return issn

    for one in said:
        roots = {root(issn) for issn in one.issns}
        for each in roots:
            lowest[each] = min(roots)
    groups: dict[str, list[Saying]] = defaultdict(list)
    for one in said:
        groups[root(one.issns[0])].append(one)
    return groups


def _journal(key: str, group: Sequence[Saying]) -> Journal:
    ranked = sorted(group, key=lambda one: (_rank(one.source), one))
    titles = list(dict.fromkeys(one for each in ranked for one in (each.title, each.title_zh) if one))
    chinese = [one for one in titles if is_han(one)]
    latin = [one for one in titles if not is_han(one)]
    pinyin = [one for one in latin if any(is_pinyin_of(one, each) for each in chinese)]
    english = [one for one in latin if one not in pinyin]
    return Journal(
        key=key,
        issns=tuple(sorted({issn for one in group for issn in one.issns})),
        name_en=next(iter(english), None),
        name_zh=next(iter(chinese), None),
        name_pinyin=next(iter(pinyin), None),
        abbreviations=tuple(dict.fromkeys(one.abbreviation for one in ranked if one.abbreviation)),
        names=tuple(sorted({name for one in group for name in one.names})),
        sayings=tuple(group),
    )


def _rank(source: str) -> int:
    return SOURCES.index(source) if source in SOURCES else len(SOURCES)


def is_pinyin_of(latin: str, han: str) -> bool:
    """Whether a Latin name only spells a Chinese one: "Tushuguan Xuebao" for 图书馆学报."""
    plain = re.sub(r"[^a-z]", "", latin.casefold().replace("ü", "v"))
    readings = [char_readings(character) for character in han if is_han(character)]
    if not plain or not readings or not all(readings):
        return False
    return re.fullmatch("".join(f"(?:{'|'.join(one)})" for one in readings), plain) is not None
