import json
from pathlib import Path

import pytest

from harvester.agencies import (
    AGENCIES,
    agency_name,
    has_metadata,
    is_settled,
    landing_page,
    prefix_of,
    shipped_agency,
)

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.mark.parametrize(
    "doi, prefix",
    [
        ("10.5555/12345678", "10.5555"),
        ("10.5555.1/a/b", "10.5555.1"),
        ("10.5555//a", "10.5555"),  # 10.1026//1616-1041.3.2.86
        ("10/abc", "10"),
        ("10.5555", "10.5555"),
    ],
)
def test_the_prefix_stands_before_the_first_slash(doi, prefix):
    assert prefix_of(doi) == prefix


@pytest.mark.parametrize(
    "raw, name",
    [
        ("Crossref", "Crossref"),
        ("CrossRef", "Crossref"),  # doi.org in 2013
        ("Data Cite", "DataCite"),
        ("medra", "mEDRA"),  # Crossref's /agency
        ("op", "OP"),
        ("Unknown", None),  # 10.1234
        (" ", None),
        ("Paste Office", "Paste Office"),
    ],
)
def test_agencies_have_one_name(raw, name):
    assert agency_name(raw) == name


@pytest.mark.parametrize(
    "prefix, agency",
    [
        ("10.1038", "Crossref"),
        ("10.5281", "DataCite"),
        ("10.11467", "JaLC"),
        ("10.5012", "KISTI"),
        ("10.7666", "ISTIC"),
        ("10.16418", "CNKI"),
        ("10.6220", "Airiti"),
        ("10.1430", "mEDRA"),
        ("10.2777", "OP"),
        ("10.5240", "EIDR"),
        ("10.3969", None),  # Crossref's and ISTIC's
        ("10.3724", None),
        ("10.3866", None),
        ("10.5555", None),
        ("10", None),
    ],
)
def test_well_known_prefixes_are_shipped_and_shared_ones_are_not(prefix, agency):
    assert shipped_agency(prefix) == agency


def test_only_what_an_agency_or_the_resolver_said_is_settled():
    assert is_settled("10.1038")
    assert not is_settled("10.16418")
    assert not is_settled("10.5555")


@pytest.mark.parametrize(
    "agency, answers, page",
    [
        ("CNKI", False, "https://link.cnki.net/doi/10.5555/paste.(1)%3C2%3E"),
        ("Airiti", False, "https://doi.org/10.5555/paste.(1)%3C2%3E"),
        ("EIDR", False, "https://doi.org/10.5555/paste.(1)%3C2%3E"),
        ("Public", False, "https://doi.org/10.5555/paste.(1)%3C2%3E"),
        ("Crossref", True, None),
        ("ISTIC", True, None),
        ("Paste Office", True, None),
    ],
)
def test_an_agency_without_metadata_has_a_page_for_people(agency, answers, page):
    assert has_metadata(agency) is answers
    assert landing_page(agency, "10.5555/paste.(1)<2>") == page


def test_settled_prefixes_are_what_the_agencies_said():
    if not (CORPUS / "doi_ra").exists():
        pytest.skip("../shared/corpus is missing")
    said = {}
    for path in (CORPUS / "doi_ra").glob("*.json"):
        for entry in json.loads(path.read_bytes()):
            said.setdefault(prefix_of(entry["DOI"].lower()), agency_name(entry.get("RA", "")))
    for path in (CORPUS / "jalc").glob("*prefixes*.json"):
        said |= {item["prefix"]: item["ra"] for item in json.loads(path.read_bytes())["data"]["items"]}
    checked = {prefix: agency for prefix, agency in said.items() if shipped_agency(prefix)}

    assert len(checked) > 60
    assert {prefix: shipped_agency(prefix) for prefix in checked} == checked
    assert {agency for agency in checked.values() if agency not in AGENCIES} == set()
    from harvester import agencies

    assert agencies._SETTLED_BY_PREFIX.keys() - said.keys() == set()
