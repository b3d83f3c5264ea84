"""Crossref's parser over all recorded works."""

import gzip
import json
import re
from pathlib import Path

import pytest

from harvester.sources.crossref import parse_work

NIGHT = "2026-11-21T03:00:00Z"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.fixture(scope="module")
def corpus_works():
    path = CORPUS / "bulk" / "crossref.jsonl.gz"
    if not path.exists():
        pytest.skip("../shared/corpus is missing")
    lines = [line for line in gzip.decompress(path.read_bytes()).split(b"\n") if line]
    works = [json.loads(line) for line in lines[::12]]
    for name in sorted((CORPUS / "crossref").glob("*.json")):
        try:
            reply = json.loads(name.read_bytes())
        except ValueError:
            continue
        works.extend(
            [reply["message"]] if isinstance(reply, dict) and reply.get("message-type") == "work" else []
        )
    return [(raw, parse_work(raw.get("message", raw), NIGHT)) for raw in works]


def test_every_real_work_has_its_doi_and_a_fingerprint(corpus_works):
    assert len(corpus_works) > 1_000
    assert all(record.source_key.startswith("10.") and record.fingerprint() for _, record in corpus_works)


def test_no_tag_and_no_line_break_stands_in_a_real_title(corpus_works):
    odd = [
        title.value
        for _, record in corpus_works
        for title in record.titles
        if re.search(
            r"</?(?:i|b|em|sub|sup|p|title|jats:\w+|mml:\w+)\b[^<>]*>|&(?:amp|lt|gt|quot);|[\n\t]",
            title.value,
        )
    ]

    assert odd == []


def test_real_dates_are_plausible_or_none(corpus_works):
    dates = [record.issued for _, record in corpus_works if record.issued]

    assert len(dates) > 1_000
    assert all(1400 <= date.year <= 2030 for date in dates)


def test_real_titles_in_han_without_kana_or_hangul_are_chinese_or_known_japanese(corpus_works):
    for raw, record in corpus_works:
        for title in record.titles:
            has_han = len(re.findall("[\u3400-\u9fff]", title.value)) >= 2
            if has_han and not re.search("[\u3040-\u30ff\uac00-\ud7af]", title.value):
                is_japanese = "ja" in {raw.get("language"), *(each.language for each in record.titles)}
                assert title.language.startswith("zh") or is_japanese


def test_real_works_with_a_title_and_authors_keep_them(corpus_works):
    for raw, record in corpus_works:
        inner = raw.get("message", raw)
        titles = inner.get("title")
        if titles and re.search(r"\w", "".join([titles] if isinstance(titles, str) else titles)):
            assert record.titles, record.source_key
        if inner.get("author"):
            named = [
                one for one in inner["author"] if one.get("family") or one.get("given") or one.get("name")
            ]
            authors = [one for one in record.contributors if one.role == "author"]
            assert len(authors) == len(named), record.source_key
