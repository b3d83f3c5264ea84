"""LibreTranslate, at its own address or on a library's own machine; its key travels in the body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from harvester.engines.shapes import Engine, Job, answer_of, exactly
from harvester.language import is_chinese
from harvester.wire import Limit, Payload, Request

NAME: Final = "libretranslate"


def ask(base_url: str, segments: Sequence[str], job: Job) -> Request:
    """All segments in one request; LibreTranslate knows no glossary."""
    body = {
        "q": list(segments),
        "source": _code(job.source),
        "target": _code(job.target),
        "format": "text",
    } | ({"api_key": job.key} if job.key else {})
    return Request(
        service=NAME,
        url=f"{base_url}/translate",
        method="POST",
        headers=(("Content-Type", "application/json"),),
        body=msgspec.json.encode(body),
        secrets=(job.key,) if job.key else (),
    )


def read(payload: Payload, count: int) -> tuple[str, ...]:
    """The translations, in the order of the question; one alone may come as a bare string."""
    told = answer_of(payload).get("translatedText")
    return exactly(told if isinstance(told, list) else [told], count, NAME)


def _code(tag: str) -> str:
    if is_chinese(tag):
        return "zt" if tag == "zh-Hant" else "zh"
    return tag.partition("-")[0]


ENGINE: Final = Engine(
    name=NAME,
    base_url=lambda _: "https://libretranslate.com",
    key_variable="LIBRETRANSLATE_API_KEY",
    ask=ask,
    read=read,
    limit=Limit(1.0, 1),
    most_segments=20,
    most_characters=5_000,
)
