"""What people see: works, lists and reports on a terminal, in English or Chinese.

Harvested text is hostile: whatever is printed goes through `safe`, which leaves nothing that a terminal
or the markup of the table library would act on.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from harvester.identifiers import doi_url
from harvester.merge import best_text, identifier_of, own_title
from harvester.messages import Lang, message, term
from harvester.model import Contributor, Record, Scheme, Text, Work
from harvester.namesakes import han_of, latin_of
from harvester.sections import Pairs, by_section
from harvester.standing import standing
from harvester.text import visible

if TYPE_CHECKING:  # what is shown is made elsewhere; showing it needs none of that
    from harvester.explain import Explanation, Said

_WIDTH_OFF_TERMINAL = 120
_WIDE = 100  # columns
_SHORTENED = 160  # characters of a value in `explain`


def console(stream: IO[str] | None = None) -> Console:
    """A console for `stream` (stdout): no markup, no emoji, no colour off a terminal or with NO_COLOR."""
    chosen = stream or sys.stdout
    width = None if chosen.isatty() else _WIDTH_OFF_TERMINAL
    return Console(file=chosen, markup=False, emoji=False, highlight=False, width=width)


def safe(value: object, style: str = "") -> Styled:
    """`value` as text that cannot act on the terminal."""
    return Styled(visible(str(value)), style=style)


def say(key: str, lang: Lang, /, **values: object) -> str:
    """A message of the catalogue in `lang`, safe to print."""
    return visible(message(key, **values).text(lang))


def label(name: str, lang: Lang) -> str:
    """The name of a field or an outcome, where the catalogue has one; else itself."""
    return term(name, lang)


# -- one work ----------------------------------------------------------------------------------------------


def show_work(
    out: Console,
    work_id: int,
    work: Work,
    lang: Lang,
    *,
    records: Sequence[Record] = (),
    pairs: Pairs = by_section,
) -> None:
    """One work with both languages side by side, every text marked with its origin.

    Where its `records` are given it is told as well who says how often it is cited, where it is free, and
    how it hangs together with other works. Abstracts go section by section, or as `pairs` cuts them.
    """
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for name, value in _facts(work_id, work, records, lang):
        grid.add_row(safe(label(name, lang)), safe(value))
    out.print(grid)
    out.print(_side_by_side(work, lang, pairs))


def _facts(work_id: int, work: Work, records: Sequence[Record], lang: Lang) -> Iterable[tuple[str, str]]:
    doi = identifier_of(work, Scheme.DOI)
    yield "work_id", str(work_id)
    if doi:
        yield "doi", doi_url(doi)
    others = [f"{one.scheme}:{one.value}" for one in work.identifiers if one.scheme is not Scheme.DOI]
    if others:
        yield "identifiers", "  ".join(others)
    if work.contributors and not any(map(han_of, work.contributors)):
        yield "authors", _people([one.name for one in work.contributors], "en")
    if work.affiliations:
        yield "affiliations", "\n".join(work.affiliations)
    if citation := _citation(work):
        yield "published", citation
    for name in ("language", "work_type", "publisher"):
        if (value := getattr(work, name)) is not None:
            yield name, str(value)
    yield from standing(work, records, lang)


def _people(names: Sequence[str], written: Lang) -> str:
    """The first twenty names, in the punctuation of the language they are written in."""
    more = len(names) - 20
    if written == "en":
        return ", ".join(names[:20]) + (f" … (+{more})" if more > 0 else "")
    return "，".join(names[:20]) + (f" 等 {len(names)} 人" if more > 0 else "")


def _add_people(table: Table, contributors: Sequence[Contributor]) -> None:
    """Everybody in both columns, each name in the script of the column where it is known in it."""
    if any(map(han_of, contributors)):
        latin = _people([latin_of(one) or one.name for one in contributors], "en")
        table.add_row(safe(latin), safe(_people([han_of(one) or one.name for one in contributors], "zh")))
        table.add_section()


def _citation(work: Work) -> str:
    """Container, year, volume(issue), pages: "Am J Rehabil. 2016-10-01; 19(4): 275-293"."""
    container, locus = work.container, work.locus
    where = container.title if container else ""
    place = ""
    if locus:
        place = (locus.volume or "") + (f"({locus.issue})" if locus.issue else "")
        place += f": {locus.pages}" if locus.pages and place else locus.pages or ""
    date = str(work.issued) if work.issued else ""
    return ". ".join(part for part in (where, "; ".join(one for one in (date, place) if one)) if part)


def _side_by_side(work: Work, lang: Lang, pairs: Pairs) -> Table:
    table = Table(box=SIMPLE_HEAD, show_lines=False, expand=True, padding=(0, 1))
    table.add_column(ratio=1, overflow="fold", header="English")
    table.add_column(ratio=1, overflow="fold", header="中文")
    for texts in (work.titles, work.abstracts):
        english, chinese = best_text(texts, chinese=False), best_text(texts, chinese=True)
        _add_texts(table, english, chinese, lang, pairs, "bold" if texts is work.titles else "")
        if texts is work.titles:
            _add_people(table, work.contributors)
    for text in (*work.titles, *work.abstracts):
        if text.language != "en" and not text.language.startswith("zh"):
            table.add_row(_mark(text, lang), "")
            table.add_row(safe(text.value), "")
    return table


def _add_texts(
    table: Table, english: Text | None, chinese: Text | None, lang: Lang, pairs: Pairs, style: str
) -> None:
    if english is None and chinese is None:
        return
    table.add_row(_mark(english, lang), _mark(chinese, lang))
    for pair in pairs(english, chinese):
        table.add_row(*(safe(part or "", style) for part in pair))
    table.add_section()


def _mark(text: Text | None, lang: Lang) -> Styled:
    """Who made a text; a missing one is said to be missing."""
    if text is None:
        return Styled(f"— {label('missing', lang)}", style="dim italic")
    engine = f", {text.engine}" if text.engine else ""
    style = "yellow" if text.origin in {"machine", "unknown"} else "dim"
    return safe(f"[{text.language}, {label(text.origin, lang)}{engine}]", style)


# -- lists and reports -------------------------------------------------------------------------------------


class HitCell(NamedTuple):
    """Where a search hit a work: the title shown in a column, marked, or what stands below it."""

    is_chinese: bool
    is_title: bool
    marked: Styled


def show_works(
    out: Console,
    works: Iterable[tuple[int, Work]],
    lang: Lang,
    *,
    hits: Mapping[int, HitCell] = MappingProxyType({}),
) -> None:
    """A table of works: id, both titles, year, container, DOI; in it the `hits` of a search, by work.

    On a narrow terminal the container is left out: a DOI that is cut off is none.
    """
    is_wide = out.width >= _WIDE
    between = ("container_title",) if is_wide else ()
    table = _table(lang, "work_id", "title_en", "title_zh", "year", *between, "doi")
    for work_id, work in works:
        container = safe(work.container.title if work.container else "—")
        table.add_row(
            str(work_id),
            *(_title_cell(work, lang, hits.get(work_id), chinese=one) for one in (False, True)),
            str(work.issued.year) if work.issued else "—",
            *((container,) if is_wide else ()),
            safe(identifier_of(work, Scheme.DOI) or "—"),
        )
    out.print(table)


def _title_cell(work: Work, lang: Lang, hit: HitCell | None, *, chinese: bool) -> Styled:
    """The title in one language, who made it behind a Chinese one, and the hit where it is of that language."""
    title = best_text(work.titles, chinese=chinese)
    is_hit = hit is not None and hit.is_chinese == chinese
    cell = safe(title.value if title else _beginning(work, lang, chinese=chinese))
    if hit is not None and is_hit and hit.is_title:
        cell = hit.marked
    if title and chinese:
        cell = cell + safe(f" [{label(title.origin, lang)}]")
    return cell + Styled("\n") + hit.marked if hit is not None and is_hit and not hit.is_title else cell


def _beginning(work: Work, lang: Lang, *, chinese: bool) -> str:
    """What stands for a title: one in a third language, tagged, or the first words of the abstract."""
    if (
        not chinese
        and (own := own_title(work))
        and not any(best_text(work.titles, chinese=one) for one in (False, True))
    ):
        return f"{own.value} [{own.language}]"
    abstract = best_text(work.abstracts, chinese=chinese)
    if work.titles or abstract is None:
        return "—"
    return f"[{label('abstract', lang)}] {abstract.value[: 30 if chinese else 60]}…"


def _table(lang: Lang, *columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for name in columns:
        narrow = name in {"work_id", "year", "outcome", "run_id"}
        # Fixed: of a mere least width the end would be cut off where room is short, and half a DOI is none.
        width = 24 if name == "doi" else None
        table.add_column(label(name, lang), overflow="fold", no_wrap=narrow, width=width)
    return table


def show_rows(out: Console, rows: Sequence[dict[str, Any]], lang: Lang) -> None:
    """Any list of equal rows as a table."""
    if rows:
        table = _table(lang, *rows[0])
        for row in rows:
            table.add_row(*(safe("—" if value is None else value) for value in row.values()))
        out.print(table)


def show_explanations(out: Console, explanations: Iterable[Explanation], lang: Lang) -> None:
    """For every field: the value, its source, when, the rule, and below it who lost and why."""
    table = _table(lang, "field", "value", "source", "when", "rule")
    for one in explanations:
        winner = one.winner
        is_relation = one.columns == ("relations",)
        columns = label(one.field, lang) if is_relation else ", ".join(one.columns)
        sources = dict.fromkeys(said.record.source for said in one.said if said.why_not is None)
        value = one.value if one.value is not None else "—"
        table.add_row(
            safe(columns, "bold"),
            safe(_short(value)),
            safe(", ".join(sources) if is_relation else winner.record.source if winner else "—"),
            safe(_when(winner) if winner else "—"),
            safe(label(f"rule-{one.rule.name.lower()}", lang)),
        )
        for loser in one.losers:
            why = loser.why_not.text(lang) if loser.why_not else ""
            table.add_row(
                "",
                safe(f"✗ {_short(loser.value)}", "dim"),
                safe(loser.record.source, "dim"),
                safe(_when(loser), "dim"),
                safe(why, "dim"),
            )
    out.print(table)


def _when(said: Said) -> str:
    document = f"\n{said.record.document}" if said.record.document else ""
    return said.record.retrieved_at[:10] + document


def _short(value: str) -> str:
    return value if len(value) <= _SHORTENED else value[: _SHORTENED - 1] + "…"


def explanation_data(one: Explanation, lang: Lang) -> dict[str, Any]:
    """An explanation as plain data."""
    return {
        "field": one.field,
        "columns": list(one.columns),
        "value": one.value,
        "rule": str(one.rule),
        "said": [
            {
                "value": said.value,
                "source": said.record.source,
                "source_key": said.record.source_key,
                "retrieved_at": said.record.retrieved_at,
                "document": said.record.document,
                "believed": said.why_not is None,
                "why_not": said.why_not.text(lang) if said.why_not else None,
            }
            for said in one.said
        ],
    }
