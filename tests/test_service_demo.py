"""The demonstration turns the program to the sample service alone."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import asdict

from harvester.config import load_config
from tests.service import running
from tests.service.demo import settings


def test_the_settings_of_the_demonstration_are_settings_of_the_program(tmp_path: Path):
    with running() as service:
        config = load_config(None, settings(service, tmp_path)).config

    assert config.library.path == str(tmp_path / "harvester.db")
    assert config.library.archive == str(tmp_path / "archive")
    assert config.contact.email == "demo@sample.example"
    assert config.network.allow_private is True
    assert config.sources.crossref.base_url == f"{service}/crossref"
    assert config.sources.semanticscholar.base_url == f"{service}/s2/graph/v1"


def test_no_source_of_the_demonstration_is_asked_elsewhere(tmp_path: Path):
    with running() as service:
        sources = asdict(load_config(None, settings(service, tmp_path)).config.sources)

    elsewhere = {
        name
        for name, chosen in sources.items()
        if chosen.enabled and not (chosen.base_url or "").startswith(service)
    }
    assert elsewhere == set()
