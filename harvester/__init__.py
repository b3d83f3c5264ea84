"""Bilingual bibliographic metadata: resolved, merged, deduplicated, every value with its origin."""

__version__ = "0.1.0"
