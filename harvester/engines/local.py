"""A CTranslate2 model in a folder of one's own machine: what it is given and what it says, without running it.

`harvester.local_model` runs it. Such models know sentences, not texts, and mark languages by tokens of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from harvester.engines.shapes import Engine, Job, answer_of, exactly
from harvester.errors import ParseError
from harvester.language import is_chinese
from harvester.messages import message
from harvester.wire import Limit, Payload, Request

NAME: Final = "ctranslate2"

# How the families of models call our languages: NLLB, M2M-100, OPUS-MT (several names, the first that is known).
_NLLB: Final = {"zh-Hans": "zho_Hans", "zh-Hant": "zho_Hant", "en": "eng_Latn"}
_OPUS: Final = {
    "zh-Hans": (">>cmn_Hans<<", ">>zho_Hans<<", ">>cmn<<", ">>zho<<", ">>zh<<"),
    "zh-Hant": (">>cmn_Hant<<", ">>zho_Hant<<", ">>cmn<<", ">>zho<<", ">>zh<<"),
    "en": (">>eng<<", ">>en<<"),
}


class Question(Struct, frozen=True):
    """What the model is to translate; languages are BCP 47."""

    source: str
    target: str
    texts: tuple[str, ...]


class Marks(NamedTuple):
    """Tokens that stand before and behind every source sentence, and those that its translation begins with."""

    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()


def marks(vocabulary: Collection[str], source: str, target: str, *, needs_end: bool) -> Marks:
    """How a model with this vocabulary is told the languages; `needs_end` where it does not add "</s>" itself.

    A model of one pair of languages has no tokens for them. Raises ParseError for a model of many languages that
    does not know one of these.
    """
    behind = ("</s>",) if needs_end else ()
    if "eng_Latn" in vocabulary:
        codes = [_NLLB.get(tag, "") for tag in (_with_script(source), target)]
        return Marks((_known(codes[0], vocabulary, source),), behind, (_known(codes[1], vocabulary, target),))
    if "__en__" in vocabulary:
        codes = [f"__{tag.partition('-')[0]}__" for tag in (source, target)]
        return Marks((_known(codes[0], vocabulary, source),), behind, (_known(codes[1], vocabulary, target),))
    opus = next((one for one in _OPUS.get(target, ()) if one in vocabulary), None)
    return Marks((opus,) if opus else (), behind)


def _with_script(tag: str) -> str:
    return "zh-Hans" if is_chinese(tag) and tag not in _NLLB else tag


def _known(token: str, vocabulary: Collection[str], language: str) -> str:
    if token not in vocabulary:
        raise ParseError(message("engine-language", engine=NAME, language=language))
    return token


def ask(base_url: str, segments: Sequence[str], job: Job) -> Request:
    """All segments in one question; `base_url` is the folder. A glossary is nothing that such models know."""
    question = Question(job.source, job.target, tuple(segments))
    return Request(service=NAME, url=base_url, method="POST", body=msgspec.json.encode(question))


def read(payload: Payload, count: int) -> tuple[str, ...]:
    """The translations, in the order of the question."""
    told = answer_of(payload).get("translations")
    return exactly(told if isinstance(told, list) else [], count, NAME)


ENGINE: Final = Engine(
    name=NAME,
    base_url=lambda _: "",
    key_variable="",
    ask=ask,
    read=read,
    limit=Limit(1_000.0, 1),
    most_segments=32,
    most_characters=20_000,
    needs_model=True,
    is_local=True,
)
