"""Patterns that are compiled when they are first used behave as compiled ones."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from harvester import patterns
from harvester.patterns import pattern


def test_nothing_is_compiled_before_the_first_use(monkeypatch):
    compiled = []
    monkeypatch.setattr(patterns.re, "compile", lambda *given: compiled.append(given))
    pattern("a+")
    assert compiled == []


def test_it_is_compiled_once(monkeypatch):
    compiled, compile_it = [], re.compile
    monkeypatch.setattr(patterns.re, "compile", lambda *given: compiled.append(given) or compile_it(*given))
    late = pattern("a+", re.IGNORECASE)
    assert [late.sub("-", "bAab"), late.findall("aab A"), bool(late.match("b"))] == [
        "b-b",
        ["aa", "A"],
        False,
    ]
    assert compiled == [("a+", re.IGNORECASE)]


@pytest.mark.parametrize("name", ["search", "match", "fullmatch", "findall", "split"])
def test_every_method_answers_as_the_pattern_does_at_its_first_call(name):
    def plain(found):
        return found.span() if isinstance(found, re.Match) else found

    expected = plain(getattr(re.compile(r"\d"), name)("a1"))
    assert plain(getattr(pattern(r"\d"), name)("a1")) == expected


def test_bytes_are_taken_as_well():
    assert pattern(rb"\d").findall(b"a1b2") == [b"1", b"2"]


def test_an_error_comes_up_at_the_first_use():
    broken = pattern("(")
    with pytest.raises(re.error):
        broken.search("x")


def test_threads_that_meet_it_first_together_all_get_answers():
    late = pattern("b")
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(late.sub, ["-"] * 40, ["abc"] * 40)) == ["a-c"] * 40
