"""The weights of evidence: natural logarithms of odds, agreement never against, contradiction never for.

They are what a logistic regression near plain beliefs makes of labelled pairs, rounded, with the fewer people never heavier than the
more. `python -m benchmarks.held_out` shows both, and how weights fitted to the other families of sets do on those that they never saw.
"""

from __future__ import annotations

from typing import Final

BIAS: Final = -3.0
MATCH: Final = 2.0  # and more, with no veto and no doubt
POSSIBLE: Final = -0.5  # and more: for a person to look at
WEIGHTS: Final[dict[str, dict[str, float]]] = {
    "title": {"same": 3.6, "near": 3.3, "close": 2.2, "main": 2.1, "part": 1.7, "word": 0.8, "same-short": 2.3, "heading": 1.3, "related": -1.3, "translated": 2.0, "foreign": 0.5, "unlike": -4.0, "unknown": 0.0},
    "dated": {"one": 1.2, "unknown": 0.0},
    "telling": {"very": 1.0, "much": 0.7, "unknown": 0.0},
    "numbers": {"same": 0.0, "one": -0.5, "differ": -3.0, "unknown": 0.0},
    "parts": {"same": 0.0, "one": -1.4, "differ": -3.0, "unknown": 0.0},
    "marks": {"same": 0.0, "differ": -3.0},
    "authors": {"many": 2.8, "all": 2.3, "single": 2.3, "subset": 1.2, "member": -0.5, "most": 2.0, "few": -1.0, "none": -3.0, "unknown": 0.0},
    "year": {"same": 1.2, "next": -2.0, "near": -2.0, "far": -2.0, "unknown": 0.0},
    "container": {"same": 1.5, "near": 0.7, "kin": 0.7, "unlike": -1.0, "unknown": 0.0},
    "volume": {"same": 0.2, "differ": -1.4, "unknown": 0.0},
    "issue": {"same": 0.5, "differ": -0.5, "unknown": 0.0},
    "pages": {"range": 3.0, "number": 3.0, "page": 1.9, "first": 0.5, "within": -0.5, "disjoint": -2.0, "unknown": 0.0},
    "abstract": {"same": 1.9, "like": 0.4, "unlike": -2.0, "unknown": 0.0},
    "doi": {"same": 6.0, "version": 2.0, "differ": 0.0, "unknown": 0.0},
    "other_id": {"same": 6.0, "differ": -5.0, "unknown": 0.0},
}  # fmt: skip
