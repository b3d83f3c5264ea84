"""One JSON value from its text: decoded quickly where that is the same, and without what cannot be stored."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

import msgspec

from harvester.errors import ParseError
from harvester.messages import message

MAX_VALUE_CHARS: Final = 5_000_000
MAX_DEPTH: Final = 100

_MAX_DIGITS: Final = 4000  # int() refuses 4301 digits and more
_BLANK: Final = re.compile(r"[\s\ufeff]*")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_ENDLESS: Final = re.compile(rf"[0-9]{{{_MAX_DIGITS}}}")


def decode(text: str) -> Any:
    """The one JSON value that `text` is; harmless, as described at `harmless`.

    Raises ParseError if it is none, is longer than `MAX_VALUE_CHARS` or deeper than `MAX_DEPTH`.
    """
    if len(text) > MAX_VALUE_CHARS:
        raise ParseError(message("json-too-large", limit=MAX_VALUE_CHARS))
    start = end_of(_BLANK, text)
    try:
        data, end = quickly_decoded(text) or raw_decode(text, start)
    except RecursionError:
        raise ParseError(message("json-too-deep", limit=MAX_DEPTH)) from None
    except json.JSONDecodeError as error:
        raise ParseError(message("json-broken", what=error.msg, offset=error.pos)) from error
    if end_of(_BLANK, text, end) != len(text):
        raise ParseError(message("json-broken", what="Extra data", offset=end))
    return checked(data, text)


def harmless(data: Any) -> Any:
    """The same value without what cannot be stored: lone surrogates become U+FFFD, endless numbers None,
    integers of thousands of digits text. Raises ParseError where it is deeper than `MAX_DEPTH`.
    """
    return _harmless(data, MAX_DEPTH)


def _harmless(data: Any, depth: int) -> Any:
    if depth < 0:
        raise ParseError(message("json-too-deep", limit=MAX_DEPTH))
    if isinstance(data, str):
        return without_surrogates(data)
    if isinstance(data, dict):
        return {without_surrogates(str(key)): _harmless(value, depth - 1) for key, value in data.items()}
    if isinstance(data, list):
        return [_harmless(value, depth - 1) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return None
    if isinstance(data, int) and abs(data) >= 10**_MAX_DIGITS:
        return hex(data)
    return data


def without_surrogates(text: str) -> str:
    """`text` with U+FFFD for lone surrogates."""
    return _SURROGATE.sub("\ufffd", text) if _has_surrogates(text) else text


def _has_surrogates(text: str) -> bool:
    try:
        text.encode()  # many times as fast as a search
    except UnicodeEncodeError:
        return True
    return False


def checked(data: Any, text: str) -> Any:
    """What was decoded from `text`, walked only where the text gives a reason to."""
    if _is_suspicious(text):
        return harmless(data)
    if text.count("[") + text.count("{") > MAX_DEPTH:
        _check_depth(data)
    return data


def _is_suspicious(text: str) -> bool:
    """Whether a value may hold what cannot be stored; endless numbers the decoder has left out."""
    is_escaped = "\\u" in text and _ESCAPED_SURROGATE.search(text) is not None
    # A number as long as that stands at one of these places.
    digits = (text[place] in "0123456789" for place in range(_MAX_DIGITS - 1, len(text), _MAX_DIGITS))
    return is_escaped or _has_surrogates(text) or (any(digits) and _ENDLESS.search(text) is not None)


def _check_depth(data: Any) -> None:
    level = [data]
    for _ in range(MAX_DEPTH + 1):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise ParseError(message("json-too-deep", limit=MAX_DEPTH))


def _read_int(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


def _read_float(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


_DECODER: Final = json.JSONDecoder(strict=False, parse_constant=lambda _: None, parse_float=_read_float)
_CAREFUL: Final = json.JSONDecoder(
    strict=False, parse_constant=lambda _: None, parse_float=_read_float, parse_int=_read_int
)


def quickly_decoded(text: str) -> tuple[Any, int] | None:
    """The value that `text` is, and its length, in a third of the time; None where the other decoder must look.

    msgspec knows no NaN, no raw controls, no lone surrogates and no numbers out of range. What it reads, the other one reads alike.
    """
    try:
        return msgspec.json.decode(text), len(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None


def raw_decode(text: str, start: int) -> tuple[Any, int]:
    """The value that begins at `start`, and where it ends. Raises JSONDecodeError, RecursionError."""
    try:
        return _DECODER.raw_decode(text, start)
    except json.JSONDecodeError:
        raise
    except ValueError:  # an integer of too many digits; the careful decoder is several times slower
        return _CAREFUL.raw_decode(text, start)


def end_of(pattern: re.Pattern[str], text: str, start: int = 0) -> int:
    """Where what matches `pattern` at `start` ends; `start` where nothing does."""
    match = pattern.match(text, start)
    return match.end() if match else start
