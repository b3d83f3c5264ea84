"""DeepL's API, version 2; keys that end in ":fx" belong to its free plan, which lives at another address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from harvester.engines.shapes import Engine, Job, answer_of, exactly
from harvester.errors import ParseError
from harvester.messages import message
from harvester.wire import Limit, Payload, Request

NAME: Final = "deepl"
_TARGETS: Final = {"zh-Hans": "ZH-HANS", "zh-Hant": "ZH-HANT", "en": "EN-US"}


def ask(base_url: str, segments: Sequence[str], job: Job) -> Request:
    """All segments in one request; terms of the glossary go along as context."""
    primary = job.source.partition("-")[0].upper()
    terms = "; ".join(f"{source} = {target}" for source, target in job.terms_in(segments))
    body = {
        "text": list(segments),
        "source_lang": primary,
        "target_lang": _TARGETS.get(job.target, job.target.upper()),
        "preserve_formatting": True,
    } | ({"context": terms} if terms else {})
    return Request(
        service=NAME,
        url=f"{base_url}/v2/translate",
        method="POST",
        headers=(("Authorization", f"DeepL-Auth-Key {job.key}"), ("Content-Type", "application/json")),
        body=msgspec.json.encode(body),
    )


def read(payload: Payload, count: int) -> tuple[str, ...]:
    """The translations, in the order of the question."""
    told = answer_of(payload).get("translations")
    if not isinstance(told, list):
        raise ParseError(message("engine-no-answer", engine=NAME, found="translations"))
    return exactly([each.get("text") if isinstance(each, dict) else None for each in told], count, NAME)


ENGINE: Final = Engine(
    name=NAME,
    base_url=lambda key: f"https://api{'-free' if (key or '').endswith(':fx') else ''}.deepl.com",
    key_variable="DEEPL_API_KEY",
    ask=ask,
    read=read,
    limit=Limit(5.0, 2),
    most_segments=50,
    most_characters=30_000,  # 128 KiB a request; a Chinese character takes up to twelve bytes in JSON
)
