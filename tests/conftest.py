"""What many tests need: the program at its real entry point, a sample service, the shared material."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from harvester.sources import SOURCES
from tests.nursery import Nursery

# A busy machine is slow now and then: that is no failure of a law. HYPOTHESIS_PROFILE=deep looks closer.
settings.register_profile(
    "patient", deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("deep", settings.get_profile("patient"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "patient"))

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@dataclass
class Done:
    """A finished command."""

    code: int
    out: str
    err: str


@dataclass
class Program:
    """`harvester`, run as a person runs it, in a folder of its own."""

    folder: Path
    env: dict[str, str]
    nursery: Nursery

    @property
    def db(self):
        return self.folder / "library.db"

    def __call__(self, *args, stdin="", **env):
        with (
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            given.write(stdin.encode() if isinstance(stdin, str) else stdin)
            given.seek(0)
            code = self.nursery.run([*map(str, args)], (given, out, err), self.folder, {**self.env, **env})
            out.seek(0)
            err.seek(0)
            return Done(code, out.read().decode(), err.read().decode())

    def turned_to(self, service):
        """The same program, asking the sample service."""
        self.env |= {
            "HARVESTER__NETWORK__ALLOW_PRIVATE": "true",
            "HARVESTER__NETWORK__ATTEMPTS": "1",
            "HARVESTER__SOURCES__CROSSREF__BASE_URL": f"{service}/crossref",
            "HARVESTER__SOURCES__SEMANTICSCHOLAR__BASE_URL": f"{service}/s2/graph/v1",
            "SEMANTIC_SCHOLAR_API_KEY": "sample-key",
        }
        return self


@pytest.fixture(scope="session")
def nursery():
    started = Nursery()
    yield started
    started.close()


@pytest.fixture
def harvester(tmp_path, nursery):
    env = {
        name: value
        for name, value in os.environ.items()
        # Compiled modules are kept between the hundreds of starts of a test run.
        if not name.startswith(("HARVESTER", "LC_", "LANG", "PYTHONDONTWRITEBYTECODE"))
    }
    env |= {"HARVESTER_DB": str(tmp_path / "library.db"), "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    env |= {"HARVESTER__LIBRARY__ARCHIVE": "", "HARVESTER__SOURCES__CROSSREF__BASE_URL": "http://127.0.0.1:9"}
    env |= {
        "HARVESTER__SOURCES__SEMANTICSCHOLAR__BASE_URL": "http://127.0.0.1:9",
        "HARVESTER__NETWORK__ATTEMPTS": "1",
    }
    # Two sources are enough for most tests; nobody is asked beyond this machine.
    asked = {"crossref", "semanticscholar"}
    others = (source.name for source in SOURCES if source.name not in asked)
    env |= {f"HARVESTER__SOURCES__{name.upper()}__ENABLED": "false" for name in (*others, "doi_org")}
    env |= {"XDG_STATE_HOME": str(tmp_path / "state")}
    return Program(tmp_path, env, nursery)


def seed(name):
    """A seed document, or a loud skip."""
    path = SHARED / "seeds" / name
    if not path.exists():
        pytest.skip(f"{path} is missing: the seed documents are not part of the project")
    return path


@pytest.fixture
def seed_000():
    return seed("000_ebe4adc8d274e295.txt")


@pytest.fixture
def seed_003():
    return seed("003_6fc2eb948c2bc7d7.txt")
