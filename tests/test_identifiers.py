"""DOIs and other identifiers, in the forms that people and machines write them in."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.errors import InvalidIdentifier
from harvester.identifiers import (
    _scanned,
    _simple,
    find,
    find_dois,
    parse,
    parse_doi,
    parse_issn,
    parse_orcid,
)
from harvester.model import Identifier, Scheme

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "no identifier",
        "10.5555/a,10.5555/b",
        "10.5555/a 10.5555/b",
        "10.1038/221 1089b0",  # registered with a blank: half of it is another work
        "10.1234/" + "a" * 5000,
    ],
)
def test_what_is_not_one_doi_is_refused_with_the_input_in_the_message(raw):
    with pytest.raises(InvalidIdentifier) as refused:
        parse_doi(raw)
    assert repr(raw[:80]) in refused.value.text("en")
    assert repr(raw[:80]) in refused.value.text("zh")


SUFFIXES = st.text(
    st.sampled_from("aZ09._-;()/<>:[]{}%#&?+,=$*'\"|~中é，。（）／ＡｂⅨ–—\u200b\\ lgtamp2F"), max_size=30
)


@given(
    SUFFIXES,
    st.sampled_from(["", "doi:", "https://doi.org/", "http://x.org/?a=1&doi=", "（", "https://x.org/"]),
)
def test_normalising_twice_changes_nothing(suffix, head):
    for doi in find_dois(f"{head}10.5555/{suffix}"):
        assert parse_doi(doi.value) == doi


PIECES = (
    "pmid", "pmcid12", "pmc", "id", "epub", ".epub", "v1", "abstract", "full", "meta", "10.", "1101", "arxiv.", "2020.01.02.123456",
    "doi", "http", "www", "kg", "a", "Z", "0", "7", "-", "_", ".", "issn", "\n",
)  # fmt: skip


@given(
    st.sampled_from(["", "https://doi.org/", "http://dx.doi.org/"]),
    st.sampled_from(["10.5555", "10.1101", "10.48550"]),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=6),
)
def test_a_simple_doi_is_what_a_search_for_dois_finds(address, prefix, pieces):
    raw = f"{address}{prefix}/{''.join(pieces)}"
    simple = _simple(raw)

    if simple is not None:
        assert _scanned(raw) == Identifier(Scheme.DOI, simple)


@given(st.text(max_size=200))
def test_any_text_is_read_and_every_find_is_lower_case(text):
    for identifier in find(text):
        if identifier.scheme is Scheme.DOI:
            assert identifier.value.startswith("10")
            assert not any("A" <= character <= "Z" for character in identifier.value)


@given(
    st.text(st.sampled_from("abcxyz0123456789._-/"), min_size=1, max_size=20).filter(
        lambda s: s.strip("._-/")
    )
)
def test_dois_of_a_list_are_found_whatever_separates_them(middle):
    values = [f"10.5555/a{middle}z9", "10.5555/b.7"]
    for separator in (", ", "; ", ",", ";", "，", "；", "、", " ", "\t", "\n", "|", " and ", "和"):
        assert [doi.value for doi in find_dois(separator.join(values))] == values


@pytest.mark.parametrize(
    "unit",
    [
        "10.1234/(((((",
        "10.1234/a<",
        "10.1234/a( ",
        "10.1234/",
        "10.1111.1111",
        "http:/10.1234/a?",
        "&amp;",
        "10.1234/a'",
        "doi: 10. ",
        "doi.org/ab ",
        "PMID:",
        "arxiv",
        "（",
        "{\\text",
    ],
)
def test_hostile_text_is_read_to_its_end(unit):
    # Quadratic work on this much would not come back for minutes.
    assert find(unit * (500_000 // len(unit)) + " doi:10.5555/last")[-1].value == "10.5555/last"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("PMID: 026017442", "pmid 26017442"),
        ("PMID：31978945", "pmid 31978945"),
        ("https://pubmed.ncbi.nlm.nih.gov/12345678/", "pmid 12345678"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/12345678", "pmid 12345678"),
        ("PMCID: PMC7654321", "pmcid PMC7654321"),
        ("PMCID: 7654321", "pmcid PMC7654321"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/pmc0099999/", "pmcid PMC99999"),
        ("arXiv:1706.03762v5", "arxiv 1706.03762"),
        ("https://arxiv.org/pdf/1706.03762v2.pdf", "arxiv 1706.03762"),
        ("https://arxiv.org/abs/math.GT/0309136", "arxiv math/0309136"),
        ("arXiv:hep-th/9901001v3", "arxiv hep-th/9901001"),
        ("https://doi.org/10.48550/arXiv.1706.03762", "doi 10.48550/arxiv.1706.03762"),
        ("doi:10.5555/a PMID: 123; PMC456", "doi 10.5555/a|pmid 123|pmcid PMC456"),
        ("10.5555/aPMID:123", "doi 10.5555/a|pmid 123"),
        ("PMID: 123456789", ""),
        ("arXiv:1713.03762", ""),
        ("RPMID 12 and XPMC345", ""),
        ("page 1706.03762", ""),
    ],
)
def test_labelled_identifiers_of_other_schemes_are_found(text, expected):
    assert "|".join(f"{found.scheme} {found.value}" for found in find(text)) == expected


@pytest.mark.parametrize(
    "raw, scheme, value",
    [
        ("31978945", Scheme.PMID, "31978945"),
        ("1706.03762v1", Scheme.ARXIV, "1706.03762"),
        ("math.GT/0309136", Scheme.ARXIV, "math/0309136"),
        ("pmc123", Scheme.PMCID, "PMC123"),
        ("649DEF34F8BE52C8B66281AF98AE884C09AEF38B", Scheme.S2, "649def34f8be52c8b66281af98ae884c09aef38b"),
        ("CorpusID: 37220927", Scheme.CORPUS, "37220927"),
        ("ppr9", Scheme.PPR, "PPR9"),
        ("https://doi.org/10.5555/A", Scheme.DOI, "10.5555/a"),
        ("10/gf7hjz", Scheme.DOI, "10/gf7hjz"),
    ],
)
def test_one_identifier_of_any_scheme_is_parsed(raw, scheme, value):
    assert parse(raw) == Identifier(scheme, value)


@pytest.mark.parametrize("raw", ["", "12", "title", "PMID: 1 PMID: 2", "10.5555/a PMID: 2", "1713.03762"])
def test_what_is_not_one_identifier_is_refused(raw):
    with pytest.raises(InvalidIdentifier):
        parse(raw)


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("1548-7768", "1548-7768"),
        ("15487768", "1548-7768"),
        ("ISSN: 1548 7768", "1548-7768"),
        ("eISSN 2434-561x", "2434-561X"),
        ("１５４８－７７６８", "1548-7768"),
        ("1548–7768", "1548-7768"),
        ("1548-7769", None),
        ("1548-776", None),
        ("", None),
        ("1548-77680", None),
    ],
)
def test_issns_are_checked(raw, expected):
    assert parse_issn(raw) == expected


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("http://www.orcid.org/0000000218250097/", "0000-0002-1825-0097"),
        ("ORCID: 0000-0002-9079-593x", "0000-0002-9079-593X"),
        ("0000-0002-1825-0098", None),
        ("0000-0002-1825", None),
        ("", None),
    ],
)
def test_orcids_are_checked(raw, expected):
    assert parse_orcid(raw) == expected


def registered_dois() -> list[str]:
    path = CORPUS / "bulk" / "crossref.jsonl.gz"
    if not path.exists():
        pytest.skip("../shared/corpus is missing")
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        return sorted({doi for line in lines if (doi := json.loads(line).get("DOI"))})


def test_registered_dois_survive_every_surrounding():
    dois = registered_dois()
    assert len(dois) > 10_000
    changed = set()
    for doi in dois:
        if doi[-1] in "./":  # two journals are registered so; in a sentence it is punctuation
            continue
        expected = "".join(character.lower() if character.isascii() else character for character in doi)
        forms = (
            doi,
            f"doi:{doi}.",
            f"({doi})",
            f"https://doi.org/{quote(doi)}",
            f"{doi}，后文",
            f"{{{doi}}},",
        )
        changed |= {doi for form in forms if [found.value for found in find_dois(form)] != [expected]}
        if parse_doi(doi).value != expected:
            changed.add(doi)
    assert changed == set()


@pytest.mark.parametrize(
    "raw",
    [
        "10.5555.1/plans,sections.1931",
        "doi:10.5555.1/plans,sections.1931.",
        "https://doi.org/10.5555.1/plans,sections.1931",
    ],
)
def test_a_comma_before_letters_is_part_of_a_doi_that_is_given_by_itself(raw):
    assert parse_doi(raw).value == "10.5555.1/plans,sections.1931"
    assert [one.value for one in find_dois(f"see {raw.removesuffix('.')} and")] == ["10.5555.1/plans"]
