"""A person's correction of one field, as a record: what may be corrected, what the value must be.

Pure: a value is checked and normalised here, in the same terms in which a source's value is judged.
"""

from __future__ import annotations

import difflib
import json
import re
from calendar import monthrange
from collections.abc import Callable
from typing import Any, Final

from harvester.errors import UsageError
from harvester.identifiers import parse_orcid
from harvester.language import detect, is_chinese
from harvester.merge import merge, rank
from harvester.messages import message
from harvester.model import Container, Contributor, Locus, Origin, PartialDate, Record, Text, Work
from harvester.names import parse_author_line, parse_name
from harvester.policy import CURATOR
from harvester.rows import work_row
from harvester.text import HAN, clean_abstract, clean_title

_HAN: Final = re.compile(f"[{HAN}]")
_TRUE: Final = frozenset({"1", "true", "yes", "y", "是", "真"})
_FALSE: Final = frozenset({"0", "false", "no", "n", "否", "假"})
WORK_TYPES: Final = (
    "journal-article", "book", "book-chapter", "book-part", "book-section", "book-series", "book-set", "component",
    "database", "dataset", "dissertation", "edited-book", "grant", "journal", "journal-issue", "journal-volume",
    "monograph", "other", "patent", "peer-review", "posted-content", "proceedings", "proceedings-article",
    "proceedings-series", "reference-book", "reference-entry", "report", "report-component", "report-series",
    "software", "standard",
)  # fmt: skip
# Why a column is not corrected by hand: the key of a message.
_REFUSED: Final = {
    **dict.fromkeys(("doi", "pmid", "pmcid", "identifiers"), "set-identifier"),
    **dict.fromkeys(("citation_count", "issn"), "set-told-by-services"),
    **dict.fromkeys(("oa_url", "oa_licence", "oa_status", "oa_host", "oa_version"), "set-told-by-services"),
    **dict.fromkeys(("work_id", "revision", "created_at", "updated_at"), "set-by-the-program"),
    **dict.fromkeys(("title_zh_origin", "abstract_zh_origin"), "set-by-the-program"),
    "year": "set-year",
}


def field_of(name: str, work: Work) -> str:
    """The field that a person means by `name`, for this work: "title" is `title_en` where the work is English.

    Raises UsageError for what is no field or cannot be corrected, with the nearest field.
    """
    asked = name.strip().casefold().replace("-", "_")
    if asked in _REFUSED:
        raise UsageError(message(_REFUSED[asked], field=asked))
    if asked not in FIELDS:
        near = difflib.get_close_matches(asked, FIELDS, n=1, cutoff=0.5)
        known = ", ".join(FIELDS)
        key = "set-unknown-near" if near else "set-unknown"
        raise UsageError(message(key, field=name, near=near[0] if near else "", known=known))
    if asked in {"title", "abstract"}:
        own = {"en": "en", "zh": "zh"}.get(work.language or "")
        return f"{asked}_{own}" if own else asked
    return asked


def value_of(work: Work, field: str) -> str | None:
    """What a work says in a field, as text: 1 and 0 for yes and no, JSON for authors, None for nothing."""
    if field == "url":
        return work.url
    if field == "abstract":
        own = [one for one in work.abstracts if one.language.split("-")[0] == work.language]
        return next((one.value for one in (own or work.abstracts)), None)
    value = work_row(work)[field]
    return str(int(value)) if isinstance(value, bool) else None if value is None else str(value)


def said_of(field: str, raw: str, *, language: str | None, at: str) -> dict[str, Any]:
    """The fields of a record that corrects `field` to `raw`; `language` is that of the work.

    Raises UsageError where the value is none, or cannot be true.
    """
    if not raw.strip():
        raise UsageError(message("set-empty", field=field))
    said = FIELDS[field](field, raw.strip(), language)
    plain = Record(source=CURATOR, source_key="", retrieved_at=at, **said)
    for thing in rank([plain]):
        for one in thing.candidates:
            if one.impossible is not None:
                raise UsageError(message("set-impossible", field=field, value=raw, reason=one.impossible))
    return said


def normalised(field: str, said: dict[str, Any], at: str) -> str:
    """The value that the record's fields give the column."""
    alone = merge([Record(source=CURATOR, source_key="", retrieved_at=at, **said)])
    return value_of(alone, field) or ""


def _wrong(field: str, value: str, expected: str) -> UsageError:
    return UsageError(message("set-wrong", field=field, value=value[:80], expected=expected))


# -- one reader a kind of field: (field, value, language of the work) -> fields of the record ------------------


def _text(field: str, value: str, language: str | None) -> dict[str, Any]:
    kind, _, target = field.partition("_")
    cleaned = (clean_title if kind == "title" else clean_abstract)(value)
    if not cleaned:
        raise _wrong(field, value, "a text")
    return {f"{kind}s": (Text(cleaned, _tag(field, cleaned, target, language), Origin.HUMAN),)}


def _tag(field: str, text: str, target: str, language: str | None) -> str:
    """The language tag of a text that a person calls English, Chinese or the work's own."""
    has_han = _HAN.search(text) is not None
    if target == "en":
        if has_han and not re.search(r"[A-Za-z]{2}", text):
            raise _wrong(field, text, "English (title_zh and abstract_zh take Chinese)")
        return "en"
    if target == "zh":
        if not has_han:
            raise _wrong(field, text, "Chinese (title_en and abstract_en take English)")
        found = detect(text, "zh")
        return found if is_chinese(found) else "zh"
    return language or detect(text)


def _language(field: str, value: str, _language: str | None) -> dict[str, Any]:
    tag = value.casefold()
    if not re.fullmatch(r"[a-z]{2,3}", tag):
        raise _wrong(field, value, "a primary language tag such as en, zh or de")
    return {"language": tag}


def _date(field: str, value: str, _language: str | None) -> dict[str, Any]:
    found = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", value, re.ASCII)
    year, month, day = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    is_month = found is not None and (found[2] is None or 1 <= month <= 12)
    is_day = (
        is_month and found is not None and (found[3] is None or 1 <= day <= monthrange(year or 1, month)[1])
    )
    if not is_day:
        raise _wrong(field, value, "YYYY, YYYY-MM or YYYY-MM-DD")
    return {"issued": PartialDate(year, month, day)}


def _container(field: str, value: str, _language: str | None) -> dict[str, Any]:
    title = _line(field, value)
    return {"container": Container(title, title_zh=title if _HAN.search(title) else None)}


def _locus(field: str, value: str, _language: str | None) -> dict[str, Any]:
    part = _line(field, value)
    if field == "pages":
        part = re.sub(r"\s+", "", re.sub(r"[\u2010-\u2015\u2212~～]", "-", part))
    return {"locus": Locus(**{field: part})}


def _words(field: str, value: str, _language: str | None) -> dict[str, Any]:
    return {field: _line(field, value)}


def _work_type(field: str, value: str, _language: str | None) -> dict[str, Any]:
    kind = re.sub(r"[\s_]+", "-", value.casefold())
    if kind not in WORK_TYPES:
        near = difflib.get_close_matches(kind, WORK_TYPES, n=3, cutoff=0.4) or WORK_TYPES[:3]
        raise _wrong(field, value, ", ".join(near))
    return {"work_type": kind}


def _url(field: str, value: str, _language: str | None) -> dict[str, Any]:
    if not re.fullmatch(r"(?i)https?://[^\s/?#]+\.[^\s/?#]+(?:[/?#]\S*)?", value):
        raise _wrong(field, value, "an address that begins with https:// or http://")
    return {"url": value}


def _yes_or_no(field: str, value: str, _language: str | None) -> dict[str, Any]:
    word = value.casefold()
    if word not in _TRUE | _FALSE:
        raise _wrong(field, value, "yes or no")
    return {field: word in _TRUE}


def _line(field: str, value: str) -> str:
    cleaned = clean_title(value)
    if not cleaned or not any(letter.isalnum() for letter in cleaned):
        raise _wrong(field, value, "a text")
    return cleaned


# -- authors -----------------------------------------------------------------------------------------------


def _authors(field: str, value: str, _language: str | None) -> dict[str, Any]:
    people = _from_json(field, value) if value.startswith("[") else _from_line(_line(field, value))
    if not people or not all(any(letter.isalpha() for letter in one.name) for one in people):
        raise _wrong(field, value, 'JSON, or "Family, Given; Family, Given"')
    return {"contributors": people}


def _from_line(value: str) -> tuple[Contributor, ...]:
    """The people of "Family, Given; Family, Given"; without semicolons as any author line."""
    if not re.search("[;；]", value):
        single = re.fullmatch(r"[^,，]+[,，]\s*[^,，]+", value)
        return (_person(value),) if single and not _HAN.search(value) else parse_author_line(value)
    return tuple(_person(part) for part in re.split("[;；]", value) if part.strip())


def _person(raw: str) -> Contributor:
    family, comma, given = (part.strip() for part in raw.replace("，", ",").partition(","))
    if not comma or not (family and given):
        return parse_name(raw.strip())
    has_han = _HAN.search(family + given) is not None
    return Contributor(f"{family}{given}" if has_han else f"{given} {family}", family=family, given=given)


def _from_json(field: str, value: str) -> tuple[Contributor, ...]:
    try:
        data = json.loads(value)
        return tuple(_from_object(field, one) for one in data)
    except (ValueError, RecursionError) as error:
        raise _wrong(field, value, f"JSON ({error})") from error


def _from_object(field: str, one: Any) -> Contributor:
    if isinstance(one, str):
        return _person(one)
    known = {"family", "given", "name", "name_zh", "orcid"}
    is_plain = isinstance(one, dict) and all(isinstance(each, str | None) for each in one.values())
    if not is_plain or not one.keys() <= known:
        raise _wrong(field, json.dumps(one, ensure_ascii=False), "an object of " + ", ".join(sorted(known)))
    told = {key: cleaned for key, each in one.items() if each and (cleaned := clean_title(each))}
    if "name" not in told and "family" not in told:
        raise _wrong(field, json.dumps(one, ensure_ascii=False), "a name")
    if "orcid" in told and (orcid := parse_orcid(told["orcid"])) is None:
        raise _wrong(field, told["orcid"], "an ORCID")
    if "orcid" in told:
        told["orcid"] = orcid or ""
    family, given = told.get("family"), told.get("given")
    name = told.get("name") or _person(", ".join(filter(None, (family, given)))).name
    return Contributor(name, family, given, told.get("name_zh"), told.get("orcid"))


Reader = Callable[[str, str, str | None], dict[str, Any]]
FIELDS: Final[dict[str, Reader]] = {
    **dict.fromkeys(("title", "title_en", "title_zh", "abstract", "abstract_en", "abstract_zh"), _text),
    "language": _language,
    "issued": _date,
    "container_title": _container,
    **dict.fromkeys(("volume", "issue", "pages"), _locus),
    "publisher": _words,
    "work_type": _work_type,
    "url": _url,
    "authors": _authors,
    **dict.fromkeys(("retracted", "is_open_access"), _yes_or_no),
}
