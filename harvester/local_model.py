"""Runs a translation model from a folder, by CTranslate2; the tokens are SentencePiece's."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import msgspec

from harvester.engines.local import NAME, Marks, Question, marks
from harvester.errors import ConfigError, ParseError
from harvester.language import is_chinese
from harvester.messages import message
from harvester.sentences import sentences
from harvester.wire import Limit, Payload, Request

_VOCABULARIES: Final = ("shared_vocabulary", "source_vocabulary", "target_vocabulary")
_SOURCE_PIECES: Final = ("source.spm", "spm.source", "src.spm")
_TARGET_PIECES: Final = ("target.spm", "spm.target", "tgt.spm")
_BEAMS: Final = 4
_SENTENCES_AT_ONCE: Final = 16
_LONGEST: Final = 512  # tokens of a translated sentence
_ENDS_LOOKED_AT: Final = 1 << 20  # bytes


def model_name(folder: Path) -> str:
    """The folder's name and 8 hex digits of what is in it: another model in the same folder is another model.

    Raises ConfigError where the folder holds no model.
    """
    model = folder / "model.bin"
    if not model.is_file():
        raise ConfigError(message("engine-no-folder", path=folder, missing="model.bin"))
    digest = hashlib.blake2b(str(model.stat().st_size).encode(), digest_size=4)
    with model.open("rb") as file:
        digest.update(file.read(_ENDS_LOOKED_AT))
        file.seek(max(0, model.stat().st_size - _ENDS_LOOKED_AT))
        digest.update(file.read())
    return f"{folder.name}@{digest.hexdigest()}"


class LocalModel:
    """Answers the questions of `engines.local`, a sentence at a time; in place of a Fetcher.

    Raises ConfigError where the extra `ctranslate2` is not installed, or the folder holds no model.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import ctranslate2  # noqa: PLC0415  an extra
            import sentencepiece  # noqa: PLC0415
        except ImportError as error:
            raise ConfigError(message("engine-no-extra", engine=NAME)) from error
        model_name(folder)
        source, target = _pieces(folder)
        self._source = sentencepiece.SentencePieceProcessor(model_file=str(source))
        self._target = sentencepiece.SentencePieceProcessor(model_file=str(target))
        self._vocabulary = _vocabulary(folder)
        self._needs_end = _needs_end(folder)
        try:
            self._model: Any = ctranslate2.Translator(str(folder), device="cpu")
        except (RuntimeError, ValueError) as error:
            raise ConfigError(message("engine-no-folder", path=folder, missing=error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._model.unload_model()

    def fetch(self, request: Request, limit: Limit) -> Payload:  # noqa: ARG002  one at a time is all that is asked
        """The answer to a question of `engines.local`; raises ParseError for languages that the model has not."""
        question = msgspec.json.decode(request.body or b"", type=Question)
        told = marks(self._vocabulary, question.source, question.target, needs_end=self._needs_end)
        body = msgspec.json.encode({"translations": self._translated(question, told)})
        return Payload(
            service=request.service, url=request.url, status=200, content_type="application/json",
            body=body, retrieved_at="",
        )  # fmt: skip

    def _translated(self, question: Question, told: Marks) -> list[str]:
        parts = [sentences(text, question.source) for text in question.texts]
        tokens = [
            [*told.before, *self._source.encode(sentence, out_type=str), *told.behind]
            for text in parts
            for sentence in text
        ]
        said = iter(self._run(tokens, told))
        glue = "" if is_chinese(question.target) else " "
        return [glue.join(next(said) for _ in text) for text in parts]

    def _run(self, tokens: Sequence[Sequence[str]], told: Marks) -> list[str]:
        try:
            found = self._model.translate_batch(
                tokens,
                target_prefix=[list(told.begins)] * len(tokens) if told.begins else None,
                beam_size=_BEAMS,
                max_batch_size=_SENTENCES_AT_ONCE,
                max_input_length=0,  # nothing is cut off behind our back
                max_decoding_length=_LONGEST,
            )
        except (RuntimeError, ValueError) as error:
            raise ParseError(message("engine-no-answer", engine=NAME, found=str(error)[:160])) from error
        own = {*told.begins, "</s>", "<pad>"}
        hypotheses = ([token for token in one.hypotheses[0] if token not in own] for one in found)
        return [self._target.decode(pieces).strip() for pieces in hypotheses]


def _pieces(folder: Path) -> tuple[Path, Path]:
    """The SentencePiece models of both sides, in the folder or beside it; often one for both."""
    for place in (folder, folder.parent):
        source, target = (
            next((place / name for name in names if (place / name).is_file()), None)
            for names in (_SOURCE_PIECES, _TARGET_PIECES)
        )
        if source and target:
            return source, target
        shared = sorted([*place.glob("*.spm"), *place.glob("*.model")])
        if len(shared) == 1:
            return shared[0], shared[0]
    raise ConfigError(message("engine-no-folder", path=folder, missing="source.spm, target.spm"))


def _vocabulary(folder: Path) -> frozenset[str]:
    found: set[str] = set()
    for name in _VOCABULARIES:
        listed, plain = folder / f"{name}.json", folder / f"{name}.txt"
        if listed.is_file():
            found.update(msgspec.json.decode(listed.read_bytes(), type=list[str]))
        elif plain.is_file():
            found.update(plain.read_text(encoding="utf-8").split("\n"))
    return frozenset(found)


def _needs_end(folder: Path) -> bool:
    """Whether "</s>" must be sent: neither the model adds it, nor was it trained without, as OpenNMT's are."""
    path = folder / "config.json"
    told = msgspec.json.decode(path.read_bytes()) if path.is_file() else {}
    adds = bool(told.get("add_source_eos")) if isinstance(told, dict) else False
    start = told.get("decoder_start_token", "<s>") if isinstance(told, dict) else "<s>"
    return not adds and start != "<s>"
