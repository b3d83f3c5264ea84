"""The weights of evidence: natural logarithms of odds, agreement never against, rounded by hand.

`python -m benchmarks.dedup --fit` shows beside them what a logistic regression over labelled pairs of several
bibliographies makes of them, and how both do on sets that the regression never saw.
"""

from __future__ import annotations

from typing import Final

BIAS: Final = -3.0
MATCH: Final = 2.0  # and more, with no veto and no doubt
POSSIBLE: Final = -0.5  # and more: for a person to look at
WEIGHTS: Final[dict[str, dict[str, float]]] = {
    "title": {"same": 3.3, "near": 2.9, "close": 2.1, "main": 2.2, "part": 1.6, "word": 0.3, "same-short": 2.2, "heading": 1.2, "related": -1.3, "translated": 2.2, "foreign": 0.6, "unlike": -4.2, "unknown": 0.0},
    "dated": {"one": 1.1, "unknown": 0.0},
    "telling": {"very": 1.8, "much": 1.2, "unknown": 0.0},
    "numbers": {"same": 0.0, "one": -0.3, "differ": -3.0, "unknown": 0.0},
    "parts": {"same": 0.0, "one": -1.4, "differ": -3.0, "unknown": 0.0},
    "marks": {"same": 0.0, "differ": -3.0},
    "authors": {"many": 2.6, "all": 2.1, "single": 1.6, "subset": 0.8, "member": -0.4, "most": 1.9, "few": -1.0, "none": -2.8, "unknown": 0.0},
    "year": {"same": 0.9, "next": -1.8, "near": -1.9, "far": -2.0, "unknown": 0.0},
    "container": {"same": 1.1, "near": 0.6, "kin": 0.4, "unlike": -0.9, "unknown": 0.0},
    "volume": {"same": 0.5, "differ": -1.4, "unknown": 0.0},
    "issue": {"same": 0.7, "differ": -0.4, "unknown": 0.0},
    "pages": {"range": 3.0, "number": 3.0, "page": 2.3, "first": 0.5, "within": -0.4, "disjoint": -1.8, "unknown": 0.0},
    "abstract": {"same": 1.8, "like": 0.5, "unlike": -1.8, "unknown": 0.0},
    "doi": {"same": 6.0, "version": 2.0, "differ": 0.0, "unknown": 0.0},
    "other_id": {"same": 6.0, "differ": -5.0, "unknown": 0.0},
}  # fmt: skip
