"""Abstracts that come in one paragraph, cut before the labels of their sections."""

from __future__ import annotations

import re
from typing import Final

from harvester.formats.pubmed_lines import is_certain_label, is_known_label
from harvester.patterns import pattern

# At the start or behind a sentence: a label in capitals with its colon, one in brackets, a Chinese one.
_LABEL: Final = pattern(
    r"(?:^|(?<=[.;:!?)。；！？）])\s*)"
    r"(?=(?P<capitals>[A-Z][A-Z &/,-]{2,60}[A-Z]):\s|[【\[［](?P<bracketed>[^】\]］]{2,20})[】\]］]|(?P<han>[\u4e00-\u9fff]{2,6})[:：])"
)
_FEWEST: Final = 2  # one label alone is a phrase of the text


def sectioned(text: str) -> str:
    """The text with a newline before every section's label, where it has at least two of them."""
    cuts = [found.end() for found in _LABEL.finditer(text) if _is_label(found)]
    if len(cuts) < _FEWEST:
        return text
    starts = [0, *(cut for cut in cuts if cut)]
    pieces = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    return "\n".join(piece.strip() for piece in pieces if piece.strip())


def _is_label(found: re.Match[str]) -> bool:
    if found["capitals"]:
        return is_certain_label(found["capitals"])
    return is_known_label(found["bracketed"] or found["han"] or "")
