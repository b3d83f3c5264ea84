"""Tolerant reading of a service's JSON: a wrong type costs that value, never the record.

Every field that the parsers read goes through `Fields`, so the shapes of JSON end here.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from harvester.errors import ParseError, SourceRefused, SourceUnavailable
from harvester.messages import message
from harvester.patterns import pattern
from harvester.wire import Payload, Skip

_UNPRINTABLE = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LARGEST_INTEGER: Final = 2**63 - 1  # what SQLite holds
_NESTING_CAP: Final = 8  # of what is kept aside as JSON
_NOTHING: Final[tuple[object, ...]] = (None, "", [], {})  # how services say nothing: no remark


class Fields:
    """The keys of one JSON object, read by type.

    A value of another type reads as absent and leaves a remark (a Skip that is not fatal) in `remarks`,
    which nested objects share. `where` names the record in remarks.
    """

    __slots__ = ("data", "remarks", "where")

    def __init__(self, data: Mapping[str, object], where: str, remarks: list[Skip]) -> None:
        self.data = data
        self.where = where
        self.remarks = remarks

    def text(self, key: str) -> str | None:
        """A string without blanks around it; numbers as text; None for blank ones."""
        value = self.data.get(key)
        if value is None:
            return None
        found = as_text(value)
        if found is None and not _is_blank(value):
            self.note(key, value)
        return found

    def texts(self, key: str) -> list[str]:
        """The strings of a list that are not blank, or the one string in place of a list."""
        found = []
        for value in self._listed(key):
            text = as_text(value)
            if text is not None:
                found.append(text)
            elif not _is_blank(value):
                self.note(key, value)
        return found

    def inner(self, key: str) -> Fields:
        """The object under `key`; an empty one where there is none."""
        value = self.data.get(key)
        if isinstance(value, dict):
            return Fields(value, self.where, self.remarks)
        if value is not None and value not in _NOTHING:
            self.note(key, value)
        return Fields({}, self.where, self.remarks)

    def objects(self, key: str) -> Iterator[Fields]:
        """The objects of a list, in order, or the one object in place of a list."""
        for value in self._listed(key):
            if isinstance(value, dict):
                yield Fields(value, self.where, self.remarks)
            elif value not in _NOTHING:
                self.note(key, value)

    def count(self, key: str) -> int | None:
        """A whole number from 0 on; digits as text will do."""
        value = self.data.get(key)
        found = as_integer(value)
        if found is not None and found >= 0:
            return found
        if value not in _NOTHING:
            self.note(key, value)
        return None

    def flag(self, key: str) -> bool | None:
        """A JSON true or false, nothing else."""
        value = self.data.get(key)
        if isinstance(value, bool):
            return value
        if value not in _NOTHING:
            self.note(key, value)
        return None

    def note(self, key: str, value: object) -> None:
        """Remark that the value of `key` was left out."""
        remark = Skip(self.where, message("value-left-out", field=key, found=excerpt(value)), fatal=False)
        if remark not in self.remarks:
            self.remarks.append(remark)

    def _listed(self, key: str) -> list[object]:
        value = self.data.get(key)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        return [] if value in _NOTHING else [value]


def as_text(value: object) -> str | None:
    """A string, or a number written out; without unpaired surrogates and control characters."""
    if isinstance(value, str):
        return printable(value).strip() or None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    whole = as_integer(value)
    return str(value if whole is None else whole)


def as_integer(value: object) -> int | None:
    """A whole number that a 64-bit column holds; from 7, 7.0 and "7", not from true."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        value = int(value) if math.isfinite(value) and value == int(value) else None
    elif isinstance(value, str):
        value = int(value) if re.fullmatch(r"\s*-?[0-9]{1,18}\s*", value) else None
    return value if isinstance(value, int) and abs(value) <= _LARGEST_INTEGER else None


def printable(text: str) -> str:
    """`text` with U+FFFD for unpaired surrogates, which no UTF-8 file can hold, and without controls."""
    if text.isprintable():  # most are, and this costs next to nothing
        return text
    return _UNPRINTABLE.sub(lambda found: "\ufffd" if found[0] >= "\ud800" else "", text)


def excerpt(value: object) -> str:
    """The first characters of a JSON value, for a message."""
    shown = printable(value if isinstance(value, str) else repr(value))
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


def compact_json(kept: dict[str, object]) -> str | None:
    """JSON of the values that are something, without blanks, keys sorted; None if nothing is left."""
    said = {key: _plain(value, _NESTING_CAP) for key, value in kept.items() if value not in _NOTHING}
    if not said:
        return None
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def load_json(payload: Payload) -> object:
    """The JSON value of an answer, whatever character set it says it is in; a stray byte reads as U+FFFD.

    NaN stays one: read as null it would be what some services say for "not found". Raises ParseError for HTML
    in its place, for what is cut off or no JSON at all, and for another character set than Unicode's.
    """
    text = _decoded(payload)
    try:
        value: object = json.loads(text, strict=False)
    except (ValueError, RecursionError) as broken:
        key = "reply-is-markup" if text.lstrip().startswith("<") else "reply-is-not-json"
        raise ParseError(
            message(key, service=payload.service, status=payload.status, found=excerpt(text.strip()))
        ) from broken
    return value


def _decoded(payload: Payload) -> str:
    encoding = json.detect_encoding(payload.body)
    text = payload.body.decode(encoding, "replace")
    # Some services pass U+FFFD on as they got it: that is a character of their answer.
    strays = text.count("\ufffd") - payload.body.count("\ufffd".encode(encoding))
    if strays and strays > sum(character > "\x7f" for character in text) - strays:
        raise ParseError(message("reply-is-not-utf8", service=payload.service, status=payload.status))
    return text


def require_object(value: object) -> dict[str, Any]:
    """A JSON value that is an object. Raises ParseError for all others."""
    if not isinstance(value, dict):
        raise ParseError(message("not-an-object", found=excerpt(value)))
    return value


def require_service(payload: Payload) -> None:
    """Pass answers that are the service's own to read; raise for those of an overloaded or closed door.

    Raises SourceRefused for 401 and 403, SourceUnavailable for 408, 425, 429 and 5xx, and ParseError with the key
    "batch-too-large" for 413 and 414: whoever asked should ask again in halves.
    """
    about = {"service": payload.service, "status": payload.status}
    if payload.status in {401, 403}:
        raise SourceRefused(message("service-refuses", **about))
    if payload.status in {408, 425, 429} or payload.status >= 500:
        raise SourceUnavailable(message("service-unavailable", **about))
    if payload.status in {413, 414}:
        raise ParseError(message("batch-too-large", service=payload.service))


def _is_blank(value: object) -> bool:
    return value in _NOTHING or (isinstance(value, str) and not printable(value).strip())


def _plain(value: object, depth: int) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {printable(key): _plain(inner, depth - 1) for key, inner in value.items() if depth}
    if isinstance(value, list):
        return [_plain(inner, depth - 1) for inner in value if depth]
    return value
