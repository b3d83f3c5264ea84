"""How identifiers ended, told to people: who has it, who has not, what nobody has, and where a person can look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from rich.console import Console
from rich.padding import Padding

from harvester.display import label, safe, say
from harvester.harvest import Answer, LookUp
from harvester.messages import Lang
from harvester.model import Outcome

_WANTED = ("title_en", "title_zh", "abstract_en", "abstract_zh", "authors", "issued", "container_title")
_GOT = (Outcome.FOUND, Outcome.UNCHANGED)
_NOT_THERE = (Outcome.ABSENT, Outcome.NO_METADATA)
_EACH: Final = 5  # identifiers that ended in the same words and are told one by one; more are told together
_NAMED: Final = 3  # of those


def show_look_up(out: Console, result: LookUp, lang: Lang, *, rows: Mapping[int, Mapping[str, Any]]) -> None:
    """Which services were in trouble, and how every identifier ended that was not simply found.

    Of works whose columns are in `rows` it is told as well who said what and what nobody has. On a terminal the
    details stand below the identifier, within its width; elsewhere an identifier has one line. Many that ended in the
    same words share them.
    """
    for name, trouble in sorted(result.troubles.items()):
        out.print(safe(f"! {name}: {trouble.text(lang)}"), soft_wrap=True)
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for answer in result.answers:
        row = rows.get(answer.work_id) if answer.work_id is not None else None
        if row is not None or answer.outcome not in _GOT:
            alike[_words(answer, row, lang)].append(answer.identifier.value)
    for words, identifiers in alike.items():
        for given in identifiers if len(identifiers) <= _EACH else [_together(identifiers, lang)]:
            _show(out, f"{given}: {words[0]}", words[1:])


def _show(out: Console, first: str, details: Iterable[str]) -> None:
    if out.is_terminal:
        out.print(Padding(safe(first), (0, 0, 0, 2)))
        for one in details:
            out.print(Padding(safe(one, "dim"), (0, 0, 0, 6)))
    else:
        out.print(safe("  " + "; ".join([first, *details])), soft_wrap=True)


def _together(identifiers: list[str], lang: Lang) -> str:
    between = "、" if lang == "zh" else ", "
    named = between.join(identifiers[:_NAMED])
    return say("answer-and-more", lang, named=named, count=len(identifiers) - _NAMED)


def _words(answer: Answer, row: Mapping[str, Any] | None, lang: Lang) -> tuple[str, ...]:
    """How it ended, and the details."""
    agency = f"; {label('agency', lang)} {answer.agency}" if answer.agency else ""
    return f"{label(answer.outcome, lang)}{agency}", *_details(answer, row, lang)


def _details(answer: Answer, row: Mapping[str, Any] | None, lang: Lang) -> Iterable[str]:
    """Who has it, who has not, what nobody has, and where a person can look."""
    told_below = {answer.agency, answer.reason.values.get("source") if answer.reason else None}
    said = {name: one for name, one in sorted(answer.by_source.items()) if name not in told_below}
    for key, outcomes in (("answer-found-at", _GOT), ("answer-not-at", _NOT_THERE)):
        if names := [name for name, one in said.items() if one in outcomes]:
            yield say(key, lang, sources=", ".join(names))
    others = [name for name, one in said.items() if one not in (*_GOT, *_NOT_THERE)]
    if troubled := [_troubled(name, said[name], answer, lang) for name in others]:
        yield say("answer-trouble-at", lang, sources=", ".join(troubled))
    if names := missing_of(row):
        between = "、" if lang == "zh" else ", no "
        yield say("answer-missing", lang, names=between.join(label(name, lang) for name in names))
    if answer.reason:
        yield answer.reason.text(lang)
    if answer.landing_page:
        key = "answer-page" if answer.reason else "answer-for-people"
        yield say(key, lang, agency=answer.agency, url=answer.landing_page)


def _troubled(name: str, outcome: Outcome, answer: Answer, lang: Lang) -> str:
    """A service that gave no answer; how that ended, where it is not how all of it ended."""
    return name if outcome == answer.outcome else f"{name} ({label(outcome, lang)})"


def missing_of(row: Mapping[str, Any] | None) -> list[str]:
    """The columns of a work that a reader looks for first, and that no source filled."""
    return [] if row is None else [name for name in _WANTED if row[name] is None]


def answer_data(answer: Answer, row: Mapping[str, Any] | None, lang: Lang) -> dict[str, Any]:
    """How one identifier ended, as plain data: `missing` are columns of its work that nobody filled."""
    return {
        "identifier": answer.identifier.value,
        "scheme": str(answer.identifier.scheme),
        "outcome": str(answer.outcome),
        "agency": answer.agency,
        "by_source": {name: str(one) for name, one in sorted(answer.by_source.items())},
        "work_id": answer.work_id,
        "missing": missing_of(row),
        "reason": answer.reason.text(lang) if answer.reason else None,
        "landing_page": answer.landing_page,
    }
