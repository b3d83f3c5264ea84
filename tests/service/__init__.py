"""A loopback stand-in for Crossref and Semantic Scholar, for demonstrations, tests and benchmarks.

It answers as the services do, quirks and limits included, from works that were written for this project
(DOIs of the test prefix 10.5555) and, where a folder of recorded replies is named, from those.

    with running(Scenario(latency_s=0.05)) as service:
        httpx.get(f"{service}/crossref/works/10.5555/jlai.2021.0301")
        httpx.get(f"{service}/s2/graph/v1/paper/DOI:10.5555/jlai.2021.0301")
        assert service.requests["crossref single"] == 1

Crossref is at /crossref/works and at /works, Semantic Scholar at /s2/graph/v1/paper and at /graph/v1/paper.
"""

from __future__ import annotations

from tests.service.app import create_app
from tests.service.generated import generated_doi
from tests.service.library import SAMPLE_WORKS
from tests.service.scenario import Asked, Ledger, Scenario
from tests.service.server import Service, running

__all__ = ["SAMPLE_WORKS", "Asked", "Ledger", "Scenario", "Service", "create_app", "generated_doi", "running"]
