"""Any endpoint that speaks OpenAI's chat completions: the clouds, vLLM, Ollama, llama.cpp."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from harvester.engines.shapes import Engine, Job, answer_of, exactly, language_name
from harvester.errors import ParseError
from harvester.messages import message
from harvester.patterns import pattern
from harvester.wire import Limit, Payload, Request

NAME: Final = "openai"
_PROMPT: Final = (
    "You translate titles and abstracts of scholarly works from {source} into {target}. Translate all of it, leave"
    " nothing out, add nothing. Keep numbers, units, abbreviations, formulas and section labels. Write the terms of"
    " the field. Answer with the translation alone: no notes, no quotation marks, no introduction."
)
_SEVERAL: Final = (
    " You get a JSON object with numbered texts. Answer with one JSON object that has the same keys and each"
    " text's translation as its value."
)
_TERMS: Final = " Use these terms: {terms}."
_FENCE: Final = pattern(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)


def ask(base_url: str, segments: Sequence[str], job: Job) -> Request:
    """One segment as plain text, several as a numbered JSON object."""
    prompt = _PROMPT.format(source=language_name(job.source), target=language_name(job.target))
    prompt += _SEVERAL if len(segments) > 1 else ""
    if terms := job.terms_in(segments):
        prompt += _TERMS.format(terms="; ".join(f"{source} = {target}" for source, target in terms))
    numbered = {str(number): text for number, text in enumerate(segments, start=1)}
    said = segments[0] if len(segments) == 1 else msgspec.json.encode(numbered).decode()
    body = {
        "model": job.model,
        "temperature": 0,
        "messages": [{"role": "system", "content": prompt}, {"role": "user", "content": said}],
    }
    key = (("Authorization", f"Bearer {job.key}"),) if job.key else ()
    return Request(
        service=NAME,
        url=f"{base_url}/chat/completions",
        method="POST",
        headers=(*key, ("Content-Type", "application/json")),
        body=msgspec.json.encode(body),
    )


def read(payload: Payload, count: int) -> tuple[str, ...]:
    """The translations; raises ParseError for a refusal, an answer cut short, or another number of texts."""
    content = _content(answer_of(payload))
    if count == 1:
        return exactly([content], 1, NAME)
    fenced = _FENCE.match(content)
    try:
        said = msgspec.json.decode((fenced[1] if fenced else content).encode("utf-8", "replace"))
    except msgspec.DecodeError:
        said = None
    if isinstance(said, dict):
        wanted = [str(number) for number in range(1, count + 1)]
        said = [said[key] for key in wanted] if set(said) == set(wanted) else list(said)[:0]
    if not isinstance(said, list):
        raise ParseError(message("engine-no-answer", engine=NAME, found=content[:80]))
    return exactly(said, count, NAME)


def _content(answer: dict[str, Any]) -> str:
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    told = choice.get("message")
    told = told if isinstance(told, dict) else {}
    if choice.get("finish_reason") == "length":
        raise ParseError(message("engine-cut-short", engine=NAME))
    if told.get("refusal") or choice.get("finish_reason") == "content_filter":
        raise ParseError(message("engine-declined", engine=NAME))
    content = told.get("content")
    if not isinstance(content, str):
        raise ParseError(message("engine-no-answer", engine=NAME, found=", ".join(sorted(answer))[:80]))
    return content


ENGINE: Final = Engine(
    name=NAME,
    base_url=lambda _: "https://api.openai.com/v1",
    key_variable="OPENAI_API_KEY",
    ask=ask,
    read=read,
    limit=Limit(5.0, 4),
    most_segments=8,
    most_characters=6_000,
    needs_model=True,
    wording=_PROMPT + _SEVERAL + _TERMS,
)
