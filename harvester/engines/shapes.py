"""What a translation engine is: what to send it, how to read its answer, what it allows. No I/O."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from harvester.errors import ParseError, SourceRefused, SourceUnavailable
from harvester.language import is_chinese
from harvester.messages import message
from harvester.wire import Limit, Payload, Request

_LANGUAGES: Final = {"zh-Hans": "Simplified Chinese", "zh-Hant": "Traditional Chinese", "en": "English"}
_SHOWN: Final = 160


class Job(Struct, frozen=True, kw_only=True):
    """What all segments of one request have in common: from which language into which, by whom, how.

    `key` is the engine's, never shown; `glossary` holds (source term, target term).
    """

    source: str
    target: str
    model: str
    key: str | None = None
    glossary: tuple[tuple[str, str], ...] = ()

    def terms_in(self, segments: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """The lines of the glossary whose source term occurs in the segments."""
        text = "\n".join(segments).casefold()
        return tuple(pair for pair in self.glossary if pair[0].casefold() in text)


class Engine(Struct, frozen=True, kw_only=True):
    """One kind of translation service.

    `ask(base_url, segments, job)` is the one request for up to `most_segments` segments of together
    `most_characters`; `read(payload, count)` gives exactly `count` texts in the same order, or raises ParseError
    (no translation: what was sent may be sent again in smaller parts), SourceRefused or SourceUnavailable.
    One that `is_local` is a model in a folder, which its `base_url` is: no key, no request over a network.
    `wording` is part of what makes two translations of one text comparable: a new one asks anew.
    """

    name: str
    base_url: Callable[[str | None], str]
    key_variable: str
    ask: Callable[[str, Sequence[str], Job], Request]
    read: Callable[[Payload, int], tuple[str, ...]]
    limit: Limit
    most_segments: int
    most_characters: int
    needs_model: bool = False
    is_local: bool = False
    wording: str = ""


def settings_hash(engine: Engine, job: Job) -> str:
    """16 hex digits of what else decides a translation beside text, engine and model."""
    said = repr((engine.wording, sorted(job.glossary)))
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def language_name(tag: str) -> str:
    """How a person calls a language, for a prompt."""
    return _LANGUAGES.get(tag, "Chinese" if is_chinese(tag) else tag)


def answer_of(payload: Payload) -> dict[str, Any]:
    """The JSON object of an answer with a good status.

    Raises SourceRefused for 401 and 403, SourceUnavailable for 402 (nothing left to pay with), 429 and 5xx,
    ParseError for all else that is no answer.
    """
    status, engine = payload.status, payload.service
    if status in {401, 403}:
        raise SourceRefused(message("engine-refused", engine=engine, status=status))
    if status in {402, 408, 429, 456} or status >= 500:
        raise SourceUnavailable(message("engine-unavailable", engine=engine, status=status))
    said = _decoded(payload)
    if status >= 400:
        raise ParseError(message("engine-says", engine=engine, status=status, words=_words(said, payload)))
    if not isinstance(said, dict):
        raise ParseError(message("engine-no-answer", engine=engine, found=_words(said, payload)))
    return said


def exactly(texts: Sequence[object], count: int, engine: str) -> tuple[str, ...]:
    """The texts, if they are as many as were sent and none is empty. Raises ParseError."""
    if len(texts) != count:
        raise ParseError(message("engine-wrong-count", engine=engine, expected=count, found=len(texts)))
    found = tuple(text.strip() for text in texts if isinstance(text, str) and text.strip())
    if len(found) != count:
        raise ParseError(message("engine-empty", engine=engine))
    return found


def _decoded(payload: Payload) -> object:
    try:
        return msgspec.json.decode(payload.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _words(said: object, payload: Payload) -> str:
    """What a service says in an error, in one short line."""
    told: object = said
    if isinstance(said, dict):
        told = said.get("error") or said.get("message") or said
        told = told.get("message", told) if isinstance(told, dict) else told
    text = str(told) if told is not None else payload.body[:_SHOWN].decode("utf-8", "replace")
    return " ".join(text.split())[:_SHOWN]
