"""One module a service: what to ask it, how to read its answers, what it allows. No I/O."""

from __future__ import annotations

from typing import Final

from harvester.sources import (
    crossref,
    csl,
    datacite,
    doaj,
    europepmc,
    idconv,
    jalc,
    medra,
    openalex,
    opencitations,
    pubmed,
    semantic_scholar,
    unpaywall,
    wikidata,
)
from harvester.wire import Source

SOURCES: Final[tuple[Source, ...]] = (
    crossref.SOURCE,
    datacite.SOURCE,
    medra.SOURCE,
    jalc.SOURCE,
    *csl.SOURCES,
    pubmed.SOURCE,
    europepmc.SOURCE,
    openalex.SOURCE,
    semantic_scholar.SOURCE,
    unpaywall.SOURCE,
    opencitations.SOURCE,
    doaj.SOURCE,
    wikidata.SOURCE,
    idconv.SOURCE,
)
