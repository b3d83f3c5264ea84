"""What a person types to search, read: words, phrases, fields, what is left out, and the match expression for it.

A word that looks like an operator is a word, "OR" alone excepted; so no text is dangerous, and a wrong query is told
with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from harvester.errors import UsageError
from harvester.inflection import forms_of
from harvester.messages import message
from harvester.search_fields import FIELDS, TEXT_FIELDS, Condition, condition
from harvester.text import HAN, fold_text, search_term

LONGEST: Final = 1000  # characters of a query; more is a pasted page
_MOST_EXPANDED: Final = 16  # words of a query for which other forms are looked for too
_MOST_JOINED: Final = 4  # words that may be one name written apart: "ou yang wei ming"
_LONGEST_NAME: Final = 24
_MARKS: Final = dict(zip(map(ord, "“”„«»「」『』＂：－−＊　"), '"""""""""":--* ', strict=True))
_PIECE: Final = re.compile(
    r'(?P<minus>-)?(?:(?P<field>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<word>[^\s"]+))?'
)
# In every other work: they tell nothing, and cost the most.
_LITTLE_WORDS: Final = frozenset(
    (
        "a", "an", "and", "are", "as", "at", "be", "been", "by", "did", "does", "for", "from", "had", "has", "have",
        "in", "into", "is", "it", "its", "of", "on", "that", "the", "their", "these", "this", "those", "to", "was", "were", "which", "with",
    )
)  # fmt: skip
_WORD: Final = re.compile(r"[^\W_]+")
_PLAIN: Final = re.compile(r"[A-Za-z]+")


class Term(Struct, frozen=True):
    """Words of which a work must hold all as they stand, in one field of the index or in any."""

    words: str
    column: str | None = None
    is_phrase: bool = False
    is_excluded: bool = False


class Group(Struct, frozen=True):
    """What one work must be, all of it: the words and the conditions between two "OR"."""

    terms: tuple[Term, ...]
    conditions: tuple[Condition, ...] = ()

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that a work must hold; "the", "of" and their like only where nothing else is asked for."""
        wanted = tuple(one for one in self.terms if not one.is_excluded)
        return tuple(one for one in wanted if not _says_nothing(one)) or wanted


def _says_nothing(term: Term) -> bool:
    return term.column is None and not term.is_phrase and term.words.casefold() in _LITTLE_WORDS


# -- reading -----------------------------------------------------------------------------------------------


def read_query(query: str) -> tuple[Group, ...]:
    """The groups of a query, one of which a work must satisfy.

    Raises UsageError, with the place (from 1) and what was expected there, where there is nothing to look for, a
    quotation mark stays open, a field has no value or one that it cannot have, or "OR" stands alone.
    """
    text = query[:LONGEST].translate(_MARKS)
    groups: list[list[Term | Condition]] = [[]]
    last_or = 0
    for found in _pieces(text):
        if found[0] == "OR":
            last_or = found.start() + 1
            if not groups[-1]:
                raise UsageError(message("search-or", at=last_or))
            groups.append([])
        elif (one := _read(found)) is not None:
            groups[-1].append(one)
    if len(groups) > 1 and not groups[-1]:
        raise UsageError(message("search-or", at=last_or))
    return tuple(_group(parts, query) for parts in groups)


def _pieces(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(text):
        found = _PIECE.match(text, at)
        if text[at].isspace() or found is None or not found[0]:
            at += 1
            continue
        if found["phrase"] is not None and not found["end"]:
            raise UsageError(message("search-quote", at=found.start("phrase")))
        yield found
        at = found.end()


def _read(found: re.Match[str]) -> Term | Condition | None:
    """A piece as what it asks for; None where it holds no letter and no digit."""
    name, minus = found["field"], found["minus"] is not None
    field = FIELDS.get(name.casefold()) if name else None
    value = found["phrase"] if found["phrase"] is not None else found["word"] or ""
    if field is None:
        words = f"{name}:{value}" if name else value
        is_quoted = found["phrase"] is not None
        return Term(words, None, is_quoted, minus) if search_term(words) else None
    at = found.start("field") + 1
    if not value.strip():
        raise UsageError(message("search-no-value", field=name, at=at, example=f"{name}:{field.example}"))
    if field.name not in TEXT_FIELDS:
        return condition(field, value.strip(), shown=name or "", at=at, is_excluded=minus)
    if not search_term(value):
        raise UsageError(message("search-no-value", field=name, at=at, example=f"{name}:{field.example}"))
    return Term(value, TEXT_FIELDS[field.name], found["phrase"] is not None, minus)


def _group(parts: Sequence[Term | Condition], query: str) -> Group:
    terms = tuple(dict.fromkeys(one for one in parts if isinstance(one, Term)))
    conditions = tuple(one for one in parts if isinstance(one, Condition))
    if not any(not one.is_excluded for one in parts):
        raise UsageError(message("search-only-excluded" if parts else "search-nothing", query=query))
    return Group(terms, conditions)


# -- matching ----------------------------------------------------------------------------------------------


def expression(group: Group, column: str | None = None) -> str | None:
    """The FTS5 expression for the terms of a group; None where it asks for no word.

    Words that name no field are looked for in `column` only, where one is given.
    """
    wanted = group.wanted
    if not wanted:
        return None
    joined = _joined_names(wanted) if column is None else {}
    clauses = [
        _clause(one, column, joined.get(at, ()), is_expanded=at < _MOST_EXPANDED)
        for at, one in enumerate(wanted)
    ]
    positive = " AND ".join(dict.fromkeys(clauses))
    negative = excluded(group)
    return f"({positive}) NOT ({negative})" if negative else positive


def excluded(group: Group) -> str | None:
    """The FTS5 expression for what a work must not hold."""
    left_out = [one for one in group.terms if one.is_excluded]
    return " OR ".join(_clause(one, None, (), is_expanded=True) for one in left_out) or None


def clause_of(term: Term) -> str:
    """The FTS5 expression for one term, wherever a work may have it."""
    return _clause(term, None, (), is_expanded=True)


def clauses_of_words(term: Term) -> list[str]:
    """The FTS5 expressions for each of the words that the index is read for, wherever a work may have it."""
    ways = phrases(term)
    words = _WORD.findall(" ".join(ways))
    return [" OR ".join(ways)] if len(words) == len(ways) else [f'"{word}"' for word in words]


def _clause(term: Term, column: str | None, joined: Sequence[str], *, is_expanded: bool) -> str:
    ways = " OR ".join(phrases(term, is_expanded=is_expanded))
    where = term.column or column
    clause = f"{where} : ({ways})" if where else f"({ways})"
    names = " OR ".join(f'"{one}"' for one in joined)
    return f"({clause} OR authors : ({names}))" if names else clause


def phrases(term: Term, *, is_expanded: bool = True) -> list[str]:
    """The phrases of FTS5 that stand for a term: itself, and the other forms of an English word."""
    is_word = not term.is_phrase and _PLAIN.fullmatch(term.words)
    if is_word and is_expanded and term.column != "authors":
        return [f'"{form}"' for form in forms_of(term.words)]
    return [search_term(term.words)]


def _joined_names(terms: Sequence[Term]) -> dict[int, list[str]]:
    """By the place of a term: it and its neighbours as one word, as the index has the names of Chinese authors."""
    found: dict[int, list[str]] = {}
    for start in range(min(len(terms), _MOST_EXPANDED)):
        for end in range(start + 2, min(start + _MOST_JOINED, len(terms)) + 1):
            run = terms[start:end]
            word = "".join(one.words for one in run).casefold()
            if all(map(_may_be_name, run)) and len(word) <= _LONGEST_NAME:
                for at in range(start, end):
                    found.setdefault(at, []).append(word)
    return found


def _may_be_name(term: Term) -> bool:
    is_free = term.column in {None, "authors"} and not term.is_phrase
    return is_free and _PLAIN.fullmatch(term.words) is not None


# -- marking -----------------------------------------------------------------------------------------------


def needles(groups: Iterable[Group]) -> tuple[tuple[str | None, re.Pattern[str]], ...]:
    """What to mark in a text folded by `snippets`: the field that each term names, and a pattern for it."""
    terms = dict.fromkeys(one for group in groups for one in group.wanted)
    return tuple((one.column, re.compile(_pattern(one))) for one in terms)


def _pattern(term: Term) -> str:
    ways = phrases(term)
    return "|".join(_words_pattern(term.words if len(ways) == 1 else way.strip('"')) for way in ways)


def _words_pattern(words: str) -> str:
    """Han runs as they stand, Latin words whole, anything but letters and digits between them."""
    parts = re.findall(rf"[{HAN}]+|[^\W_{HAN}]+", fold_text(words))
    shown = [
        re.escape(part) if re.match(f"[{HAN}]", part) else rf"(?<![^\W_{HAN}]){re.escape(part)}"
        for part in parts
    ]
    is_open = words.rstrip().endswith("*") or not parts or re.match(f"[{HAN}]", parts[-1])
    end = (rf"[^\W_{HAN}]*" if words.rstrip().endswith("*") else "") if is_open else rf"(?![^\W_{HAN}])"
    return r"[\W_]*".join(shown) + end
