"""One module a service: what to ask it, how to read its answers, what it allows. No I/O."""

from __future__ import annotations

from typing import Final

from harvester.sources import crossref, semantic_scholar
from harvester.wire import Source

SOURCES: Final[tuple[Source, ...]] = (crossref.SOURCE, semantic_scholar.SOURCE)
