"""`python -m tests.service.demo`: the main job on the sample data, against the sample service, with no network.

What it makes lies in data/demo/ and is made anew every time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.service.scenario_file import read_scenario
from tests.service.server import Service, running

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data/demo"
SCENARIO = Path(__file__).with_name("demo.toml")
NOT_SERVED = ("DOAJ", "WIKIDATA", "NCBI_IDCONV")
PARTLY_DONE = 3  # one of the sample DOIs is known to nobody, on purpose


def settings(service: Service, folder: Path) -> dict[str, str]:
    """The environment that turns the program to the sample service and to a library of its own."""
    return {
        "HARVESTER_DB": str(folder / "harvester.db"),
        "HARVESTER_EMAIL": "demo@sample.example",
        "HARVESTER__LIBRARY__ARCHIVE": str(folder / "archive"),
        "HARVESTER__NETWORK__ALLOW_PRIVATE": "true",
        **{f"HARVESTER__SOURCES__{name.upper()}__BASE_URL": url for name, url in addresses(service).items()},
        **{f"HARVESTER__SOURCES__{name}__ENABLED": "false" for name in NOT_SERVED},
        "SEMANTIC_SCHOLAR_API_KEY": "sample-key",
        "OPENALEX_API_KEY": "sample-key",
        "NCBI_API_KEY": "sample-key",
    }


def addresses(service: Service) -> dict[str, str]:
    """Where the sample service stands in for each source of the program."""
    return {
        "doi_org": service.doi,
        "crossref": service.crossref,
        "datacite": service.datacite,
        "medra": service.medra,
        "jalc": service.jalc,
        "kisti": service.doi,
        "op": service.doi,
        "istic": service.doi,
        "pubmed": service.pubmed,
        "openalex": service.openalex,
        "semanticscholar": f"{service.semanticscholar}/graph/v1",
        "europepmc": service.europepmc,
        "unpaywall": service.unpaywall,
        "opencitations": service.opencitations,
    }


def main() -> int:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    program = Path(sys.executable).with_name("harvester")
    with running(read_scenario(SCENARIO)) as service:
        environment = {**os.environ, **settings(service, FOLDER)}
        done = subprocess.run([program, "harvest", "--show"], cwd=ROOT, env=environment, check=False)
    return 0 if done.returncode == PARTLY_DONE else done.returncode


if __name__ == "__main__":
    sys.exit(main())
