"""The fields that a query can name, in English and Chinese, and what may stand behind each."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from harvester.errors import InvalidIdentifier, UsageError
from harvester.identifiers import parse_doi
from harvester.messages import message, term
from harvester.model import Origin
from harvester.policy import SOURCES


class Field(Struct, frozen=True):
    """A field of the query: how it is called inside, and a value that it may have."""

    name: str
    example: str


class Condition(Struct, frozen=True):
    """What the field `name` of a work must be, or must not be.

    `value`: (first, last) year as text, each may be empty; else one value; of a DOI the beginning where it ends in "*".
    """

    name: str
    value: tuple[str, ...]
    is_excluded: bool = False


_NAMES: Final = (
    (Field("title", "library"), "title 题名 題名 标题 標題 篇名"),
    (Field("author", '"liu weiming"'), "author authors 作者 著者"),
    (Field("journal", '"J Paste"'), "journal 刊名 期刊 来源期刊"),
    (Field("year", "2010..2020"), "year 年 年份 出版年"),
    (Field("lang", "zh"), "lang 语言 語言 语种 語種"),
    (Field("origin", "machine"), "origin 译文出处 文本出处"),
    (Field("source", "crossref"), "source 来源 來源"),
    (Field("doi", "10.5555/12345678"), "doi"),
)
FIELDS: Final[dict[str, Field]] = {name: field for field, names in _NAMES for name in names.split()}
TEXT_FIELDS: Final = {"title": "title", "author": "authors", "journal": "container"}
_YEARS: Final = re.compile(r"(\d{4})?(\.\.|…|-|—|–|～|~)?(\d{4})?")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_LANGUAGES: Final = {
    "中文": "zh", "汉语": "zh", "简体": "zh-Hans", "繁体": "zh-Hant", "繁體": "zh-Hant", "英文": "en", "英语": "en", "英語": "en",
    "日文": "ja", "日语": "ja", "韩文": "ko", "德文": "de", "法文": "fr", "俄文": "ru", "西班牙文": "es",
    "chinese": "zh", "english": "en",
}  # fmt: skip
_ORIGINS: Final = {str(one): str(one) for one in Origin} | {term(str(one), "zh"): str(one) for one in Origin}


def condition(field: Field, value: str, *, shown: str, at: int, is_excluded: bool) -> Condition:
    """The condition that `shown` (as the person wrote the field, at the place `at`) puts.

    Raises UsageError with what was expected where the field cannot have the value.
    """
    read = {"year": _years, "lang": _language, "origin": _origin, "source": _source, "doi": _doi}[field.name]
    found = read(value)
    if found is None:
        key = f"search-bad-{field.name}"
        told = {"origin": ", ".join(Origin), "source": ", ".join(SOURCES)}.get(field.name, "")
        raise UsageError(message(key, field=shown, at=at, value=value, known=told))
    return Condition(field.name, found, is_excluded)


def year_range(text: str) -> tuple[str, str] | None:
    """First and last year of "2016", "2010..2020", "2010.." or "..2020"; "" where it is open, None where it is none."""
    found = _YEARS.fullmatch(text.strip())
    if found is None or not (found[1] or found[3]) or (found[1] and found[3] and not found[2]):
        return None
    first, between, last = found.groups()
    return first or "", (last or "") if between else first or last


_years = year_range


def _language(value: str) -> tuple[str] | None:
    named = _LANGUAGES.get(value.casefold(), value)
    return (named,) if _LANGUAGE.fullmatch(named) else None


def _origin(value: str) -> tuple[str] | None:
    named = _ORIGINS.get(value.casefold())
    return (named,) if named else None


def _source(value: str) -> tuple[str] | None:
    return (value.casefold(),) if value.casefold() in SOURCES else None


def _doi(value: str) -> tuple[str] | None:
    if value.endswith("*"):
        beginning = value.rstrip("*").casefold()
        return (f"{beginning}*",) if re.match(r"10\.\d", beginning) else None
    try:
        return (parse_doi(value).value,)
    except InvalidIdentifier:
        return None
