"""A loopback stand-in for the services that are asked, for demonstrations, tests and benchmarks.

It answers as they do, quirks and limits included, from works that were written for this project
(DOIs of the test prefix 10.5555) and, where a folder of recorded replies is named, from those.

    with running(Scenario(latency_s=0.05)) as service:
        httpx.get(f"{service}/crossref/works/10.5555/jlai.2021.0301")
        httpx.get(f"{service}/s2/graph/v1/paper/DOI:10.5555/jlai.2021.0301")
        assert service.requests["crossref single"] == 1

Crossref is at /crossref/works and at /works, Semantic Scholar at /s2/graph/v1/paper and at /graph/v1/paper,
the DOI resolver at /doi, DataCite at /datacite, mEDRA at /medra, JaLC at /jalc, PubMed at /eutils, OpenAlex at
/openalex, Unpaywall at /unpaywall/v2, Europe PMC at /europepmc, OpenCitations at /opencitations,
DOAJ at /doaj, Wikidata at /wikidata/sparql, the ID converter of PubMed Central at /idconv.

DOIs of 10.5555 are Crossref's; 10.5555.1 to 10.5555.8 are registrants of DataCite, ISTIC, CNKI, JaLC, mEDRA,
Airiti, KISTI and OP.
"""

from __future__ import annotations

from tests.service.app import create_app
from tests.service.generated import generated_doi
from tests.service.library import SAMPLE_WORKS
from tests.service.scenario import Asked, Ledger, Scenario
from tests.service.server import Service, running

__all__ = ["SAMPLE_WORKS", "Asked", "Ledger", "Scenario", "Service", "create_app", "generated_doi", "running"]
