"""The command `search`: hits with the place where they were hit, and what may have been meant where there are none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress

from rich.console import Console
from rich.text import Text as Styled

from harvester.display import HitCell, console, label, safe, show_works
from harvester.errors import UsageError
from harvester.formats.jsonl import dump_line
from harvester.merge import best_text
from harvester.messages import Lang
from harvester.model import Work
from harvester.query import search
from harvester.search_terms import Group, read_query
from harvester.snippets import Snippet, snippet
from harvester.store import Library
from harvester.suggest import did_you_mean
from harvester.talk import library as open_library
from harvester.talk import put_json, talk, tell
from harvester.text import is_han

Found = tuple[int, Work, Snippet | None]


def find_works(
    query: str, *, language: str | None, years: str | None, limit: int, as_json: bool, as_jsonl: bool
) -> None:
    """Search the library and print what is found, a table or JSON."""
    with open_library() as library:
        ids = search(library, query, language=language, years=years, limit=limit)
        groups: Sequence[Group] = ()
        with suppress(UsageError):  # an identifier has been found that is no query
            groups = read_query(query)
        works = [(one, library.work(one)) for one in ids]
        found = [(work_id, work, snippet(work, groups)) for work_id, work in works]
        if as_json or as_jsonl:
            put_json([_line(library, *one) for one in found], lines=as_jsonl)
        elif found:
            show_found(console(), found, talk.lang)
        nearer = None if found else did_you_mean(library, query)
    tell("found-works", count=len(found))
    if nearer:
        tell("search-did-you-mean", query=nearer)


def _line(library: Library, work_id: int, work: Work, hit: Snippet | None) -> dict[str, object]:
    """The work as `export` has it; `snippet` is the place of the hit, `snippet_of` the field and its language."""
    line = json.loads(dump_line(work_id, work, library.records(work_id)))
    where = None if hit is None else {"field": hit.field, "language": hit.language}
    return {**line, "snippet": hit and hit.marked(), "snippet_of": where}


# -- on the screen -----------------------------------------------------------------------------------------


def show_found(out: Console, found: Sequence[Found], lang: Lang) -> None:
    """The table of works, every hit bold on a terminal and between `**` elsewhere, in the column of its language."""
    hits = {work_id: _hit_cell(work, hit, lang, out) for work_id, work, hit in found if hit is not None}
    show_works(out, [(work_id, work) for work_id, work, _ in found], lang, hits=hits)


def _hit_cell(work: Work, hit: Snippet, lang: Lang, out: Console) -> HitCell:
    is_chinese = hit.language.startswith("zh") if hit.language else is_han(hit.text)
    shown = best_text(work.titles, chinese=is_chinese)
    is_title = hit.field == "title" and shown is not None and shown.value == hit.text
    marked = _marked(hit, is_terminal=out.is_terminal)
    if not is_title:
        marked = safe(f"[{label(hit.field, lang)}] ", "dim") + marked
    return HitCell(is_chinese, is_title, marked)


def _marked(hit: Snippet, *, is_terminal: bool) -> Styled:
    marked, at = Styled(), 0
    mark = "" if is_terminal else "**"
    for start, end in hit.spans:
        marked += safe(hit.text[at:start]) + safe(f"{mark}{hit.text[start:end]}{mark}", "bold")
        at = end
    return marked + safe(hit.text[at:])
