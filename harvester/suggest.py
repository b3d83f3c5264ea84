"""What may have been meant where a query finds nothing; a few hundred look-ups at most."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from harvester.query import search
from harvester.search_terms import Group, Term, expression, read_query
from harvester.store import Library
from harvester.text import HAN, search_term

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_MOST_TERMS: Final = 6  # of a query that is thought about
_SHORTEST, _LONGEST = 4, 16  # letters of a word that is corrected
_COUNTED: Final = 200  # hits that are counted to tell which of two words is the likelier
_MOST_HAN: Final = 12


def did_you_mean(library: Library, query: str) -> str | None:
    """A query near to `query` that finds something, or None.

    A Latin word that no work holds becomes the commonest word one letter away; of Chinese that no work holds, the
    longest piece is kept that one does. Where each word is known and no work holds all, the rarest is left out.
    """
    groups = read_query(query)
    if len(groups) > 1 or not 0 < len(groups[0].wanted) <= _MOST_TERMS:
        return None
    group = groups[0]
    nearer = tuple(term if term.is_excluded else _nearer(library, term) for term in group.terms)
    candidates = [nearer] if nearer != group.terms else list(_shorter(library, group.terms))
    for terms in candidates:
        written = _written(query, group.terms, terms)
        if written and written != query and search(library, written, limit=1):
            return written
    return None


def _count(library: Library, term: Term) -> int:
    """How many works hold a term, `_COUNTED` at most."""
    query = "SELECT count(*) FROM (SELECT 1 FROM works_fts WHERE works_fts MATCH ? LIMIT ?)"
    return int(next(library.rows(query, (expression(Group((term,))), _COUNTED)))[0])


def _nearer(library: Library, term: Term) -> Term:
    if _count(library, term):
        return term
    if re.fullmatch("[A-Za-z]+", term.words) and _SHORTEST <= len(term.words) <= _LONGEST:
        known = _commonest(library, term, _one_letter_away(term.words.casefold()))
    elif re.fullmatch(f"[{HAN}]+", term.words):
        pieces = (piece for piece in _pieces(term.words[:_MOST_HAN]))
        known = next((one for one in pieces if _count(library, replace(term, words=one))), None)
    else:
        known = None
    return replace(term, words=known) if known else term


def _commonest(library: Library, term: Term, words: Iterable[str]) -> str | None:
    """The word that most works hold, in the field of `term`; the first of several."""
    where = f"{term.column} : " if term.column else ""
    query = "SELECT count(*) FROM (SELECT 1 FROM works_fts WHERE works_fts MATCH ? LIMIT ?)"
    best, most = None, 0
    for word in words:
        count = int(next(library.rows(query, (where + search_term(word), _COUNTED)))[0])
        if count > most:
            best, most = word, count
    return best


def _one_letter_away(word: str) -> Iterator[str]:
    """Every string that one slip of the fingers makes of `word`: two letters changed about, one left out, put in or taken for another."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    made = [
        *(head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1),
        *(head + tail[1:] for head, tail in cuts if tail),
        *(head + letter + tail for head, tail in cuts for letter in _LETTERS),
        *(head + letter + tail[1:] for head, tail in cuts if tail for letter in _LETTERS),
    ]
    return iter(dict.fromkeys(made))


def _pieces(han: str) -> Iterator[str]:
    """The pieces of a Han run, the longest first, two characters at least."""
    for length in range(len(han) - 1, 1, -1):
        yield from (han[start : start + length] for start in range(len(han) - length + 1))


def _shorter(library: Library, terms: Sequence[Term]) -> Iterator[tuple[Term, ...]]:
    """The terms without one of them, the rarest left out first."""
    wanted = [one for one in terms if not one.is_excluded]
    if len(wanted) > 1:
        for rare in sorted(wanted, key=lambda one: _count(library, one)):
            yield tuple(one for one in terms if one != rare)


def _written(query: str, old: Sequence[Term], new: Sequence[Term]) -> str:
    """`query` with the words of `old` replaced by those of `new`, or taken out with what names their field."""
    if len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            query = query.replace(one.words, other.words, 1) if one != other else query
        return query
    for gone in set(old) - set(new):
        query = re.sub(rf'(?:[^\W\d_]+[:：])?["“]?{re.escape(gone.words)}["”]?', "", query, count=1)
    return " ".join(query.split())
