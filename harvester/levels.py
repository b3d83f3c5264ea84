"""Levels that every field shares, and the measure by which letters are compared."""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz

UNKNOWN: Final = "unknown"  # one of the two does not say: never agreement
SAME: Final = "same"
DIFFER: Final = "differ"
ratio = (
    fuzz.ratio
)  # of 100: the share of letters that two texts have in common, in order; 0 below `score_cutoff`
