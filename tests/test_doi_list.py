import io

import pytest

from harvester.formats.doi_list import FORMAT, LONGEST_LINE
from harvester.model import Identifier, Scheme
from harvester.wire import Context, Skip

CONTEXT = Context("dois.txt", "2026-11-21T03:00:00Z")


def parsed(text):
    return list(FORMAT.parse(io.StringIO(text), CONTEXT))


def doi(value):
    return Identifier(Scheme.DOI, value)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("10.5555/a\n10.5555/B\r\n", [doi("10.5555/a"), doi("10.5555/b")]),
        ("https://doi.org/10.5555/a", [doi("10.5555/a")]),
        ("10.5555/a, 10.5555/b; doi:10.5555/c", [doi("10.5555/a"), doi("10.5555/b"), doi("10.5555/c")]),
        ("see 10.5555/a (again: 10.5555/a).", [doi("10.5555/a")]),
        ("PMID: 12345 PMC77", [Identifier(Scheme.PMID, "12345"), Identifier(Scheme.PMCID, "PMC77")]),
        ("31452104", [Identifier(Scheme.PMID, "31452104")]),
        ("# a comment with 10.5555/z\n\n  \n10.5555/a", [doi("10.5555/a")]),
        ("\ufeff10.5555/a", [doi("10.5555/a")]),
        ("", []),
    ],
)
def test_every_identifier_of_a_line_is_found_in_order(text, expected):
    assert parsed(text) == expected


def test_a_line_without_an_identifier_is_skipped_with_its_place():
    first, skip, last = parsed("10.5555/a\nnothing \x1b[31mhere\n10.5555/b\n")

    assert (first, last) == (doi("10.5555/a"), doi("10.5555/b"))
    assert isinstance(skip, Skip)
    assert (skip.where, skip.why.key, skip.fatal) == ("dois.txt:2", "doi-list-none", True)
    assert "\x1b" not in skip.why.text()


def test_a_long_line_is_cut_between_identifiers_and_not_inside():
    values = [f"10.5555/paste-{number:06d}" for number in range(10_000)]

    assert parsed(" ".join(values)) == [doi(value) for value in values]


def test_a_long_line_without_blanks_ends():
    items = parsed("x" * (3 * LONGEST_LINE) + "\n10.5555/a")

    assert items[-1] == doi("10.5555/a")
    assert {item.where for item in items[:-1]} == {"dois.txt:1"}


@pytest.mark.parametrize(
    "head, expected",
    [
        ("10.5555/a\n10.5555/b", True),
        ("A reference, 2016. https://doi.org/10.5555/a", True),
        ("31452104\n31452105", True),
        ("nothing\nhere", False),
        ("# 2016", False),
        ("", False),
    ],
)
def test_a_list_is_known_by_what_it_holds(head, expected):
    assert FORMAT.sniff(head) is expected
