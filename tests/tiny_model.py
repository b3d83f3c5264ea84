"""A translation model of one's own for the tests: a small Transformer with weights by chance, in CTranslate2's own form.

It is run as any other, and what it says is rubbish of real Chinese pieces.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerSpec

from tests.service.phrases import sample, translated

SIZE, INNER = 16, 32


def build(folder: Path, *, seed: int = 1, extra: tuple[str, ...] = ()) -> Path:
    """A model of our sample's words in `folder`; `extra` are tokens for languages."""
    texts = [line for number in range(60) for text in sample(number) for line in text.split("\n")]
    pieces = train([*texts, *map(translated, texts)])
    processor = sentencepiece.SentencePieceProcessor(model_proto=pieces)
    vocabulary = [processor.id_to_piece(at) for at in range(processor.get_piece_size())] + list(extra)
    spec = TransformerSpec.from_config(num_layers=1, num_heads=2)
    fill(spec, len(vocabulary), np.random.default_rng(seed))
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.validate()
    folder.mkdir()
    spec.save(str(folder))
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(pieces)
    return folder


def train(texts: list[str]) -> bytes:
    """A SentencePiece model of the texts."""
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_writer=written, vocab_size=240, hard_vocab_limit=False,
        character_coverage=1.0, minloglevel=2,
    )  # fmt: skip
    return written.getvalue()


def fill(spec: TransformerSpec, words: int, chance: np.random.Generator) -> None:
    """Weights for every layer that has none."""

    def some(*shape: int) -> np.ndarray:
        return chance.normal(scale=0.4, size=shape).astype(np.float32)

    def linear(layer: object, rows: int, columns: int) -> None:
        layer.weight, layer.bias = some(rows, columns), some(rows)

    def norm(layer: object) -> None:
        layer.gamma, layer.beta = np.ones(SIZE, np.float32), np.zeros(SIZE, np.float32)

    spec.encoder.embeddings[0].weight = some(words, SIZE)
    spec.decoder.embeddings.weight = some(words, SIZE)
    linear(spec.decoder.projection, words, SIZE)
    norm(spec.encoder.layer_norm)
    norm(spec.decoder.layer_norm)
    for side in (spec.encoder, spec.decoder):
        layer = side.layer[0]
        norm(layer.self_attention.layer_norm)
        linear(layer.self_attention.linear[0], 3 * SIZE, SIZE)
        linear(layer.self_attention.linear[1], SIZE, SIZE)
        norm(layer.ffn.layer_norm)
        linear(layer.ffn.linear_0, INNER, SIZE)
        linear(layer.ffn.linear_1, SIZE, INNER)
    attention = spec.decoder.layer[0].attention
    norm(attention.layer_norm)
    for place, rows in enumerate((SIZE, 2 * SIZE, SIZE)):
        linear(attention.linear[place], rows, SIZE)
