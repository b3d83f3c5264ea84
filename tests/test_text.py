"""Titles and abstracts made clean, compared, searched and shown."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.text import (
    HAN,
    clean_abstract,
    clean_title,
    compare_key,
    fold_han,
    nfkc,
    search_term,
    search_text,
    strip_label,
    visible,
)

TWICE = (
    r"<inline-formula><alternatives><tex-math>\begin{document}$z$\end{document}</tex-math>"
    "<mml:math><mml:mi>z</mml:mi></mml:math></alternatives></inline-formula> falls"
)
JATS = (
    "<jats:title>Abstract</jats:title><jats:sec><jats:title>Methods</jats:title><jats:p>We\n  dried it.</jats:p>"
    "</jats:sec><jats:sec><jats:title>Results:</jats:title><jats:p>Dry.</jats:p><jats:p>Very.</jats:p></jats:sec>"
)
CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("", None),
        (" \n\t\u3000 ", None),
        ("<p></p>", None),
        ("&nbsp;", None),
        ("  On   the\ndrying\tof paste ", "On the drying of paste"),
        ("H<sub>2</sub>O", "H2O"),
        ("Ti <sub>3</sub> AlC <sub>2</sub>", "Ti 3 AlC 2"),
        ("Co/\n   <scp>\n  TiO\n   <sub>2</sub>\n  </scp>\n  catalyst", "Co/ TiO2 catalyst"),
        ("The <i>E. coli</i> strain", "The E. coli strain"),
        ("<i>Title</i>\n      . Rest", "Title. Rest"),
        ("One<br>two<br/>three", "One two three"),
        ("&lt;title&gt;High-field paste&lt;/title&gt;", "High-field paste"),
        ("&amp;lt;i&amp;gt;Paste&amp;lt;/i&amp;gt;", "Paste"),
        ("Why Don&Apos;T They, CAF&EACUTE; &Nbsp;(&NA;) R&D", "Why Don'T They, CAFÉ (&NA;) R&D"),
        ("Fish &amp;amp; Chips &amp; AT&T; &copy now", "Fish & Chips & AT&T; &copy now"),
        ("&#x0201C;纸&#8221;", "“纸”"),
        ("p < 0.05 and a<b, x>y", "p < 0.05 and a<b, x>y"),
        ("p &lt; 0.05", "p < 0.05"),
        ("Focused on <The Captive> (1946)", "Focused on <The Captive> (1946)"),
        ("1<2:ABC>2.0", "1<2:ABC>2.0"),
        ('<jats:title xml:lang="en">Paste</jats:title>', "Paste"),
        ("<SUP>13</SUP>C", "13C"),
        ("<!-- note -->Paste<!-- open", "Paste<!-- open"),
        ("<![CDATA[Paste]]>", "Paste"),
        ("<script>alert(1)</script>Paste", "Paste"),
        ("e\u0301tude", "étude"),
        ("ＡＢＣ　１２３，纸", "ABC 123，纸"),
        ("a\x00b\x1b[31mc\x85d\x9fe\ud800f\ufeffg\u200bh\u202ei", "ab[31mc defghi"),
        ("G\ufffdbel", "G\ufffdbel"),
        ("$1.7 text{pA}/sqrt{text{Hz}}$", "$1.7 text{pA}/sqrt{text{Hz}}$"),
        (r"$\alpha$-decay", r"$\alpha$-decay"),
    ],
)
def test_titles_are_one_line_of_plain_text(raw, expected):
    assert clean_title(raw) == expected


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("<math><mi>x</mi><mo>+</mo><mn>1</mn></math> rises", "x+1 rises"),
        ("<mml:math>\n <mml:mi>x</mml:mi>\n <mml:mn>2</mml:mn>\n</mml:math> rises", "x2 rises"),
        ('<math alttext="x^2"><mi>x</mi><mn>2</mn></math>', "x2"),
        ('<math alttext="x^2"></math> rises', "x^2 rises"),
        ("<math><semantics><mi>y</mi><annotation>\\psi</annotation></semantics></math>!", "y!"),
        ("<math><mfrac><mn>1</mn><mfrac><mn>2</mn><mi>y</mi></mfrac></mfrac></math>", "1/2/y"),
        ("<math><msqrt><mn>2</mn></msqrt></math>", "√2"),
        ("<math><mi>a</mi><mtext> if </mtext><mi>b</mi></math>", "a if b"),
        (
            TWICE,
            "z falls",
        ),
        (r"<tex-math>\documentclass{x}\begin{document}$z$\end{document}</tex-math> falls", "$z$ falls"),
        ("<math><mi>x", "x"),
    ],
)
def test_formulas_become_their_characters_once(raw, expected):
    assert clean_title(raw) == expected


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("", None),
        ("<jats:title>Abstract</jats:title>", None),
        ("Abstract", None),
        (
            JATS,
            "Methods: We dried it.\nResults: Dry.\nVery.",
        ),
        ("<title>Methods</title><sec><title>Design</title><p>One</p></sec>", "Methods: Design: One"),
        ("<h2>摘要</h2><h3>目的</h3><p>探讨</p><h3>【方法】</h3><p>干燥</p>", "目的：探讨\n【方法】干燥"),
        ("<p>METHODS: dried</p>", "METHODS: dried"),
        ("<title>METHODS</title><p>METHODS: dried</p>", "METHODS: dried"),
        ('<AbstractText Label="AIM">Drying</AbstractText>', "AIM: Drying"),
        ("&lt;p&gt;One&lt;/p&gt;\n&lt;p&gt;Two&lt;/p&gt;", "One\nTwo"),
        ("<p>One<br/>two</p>", "One\ntwo"),
        ("One\nTwo\n", "One\nTwo"),
        ("One\nline\n\nTwo\r\n \r\nThree", "One line\nTwo\nThree"),
        ("<jats:p>ABSTRACT. The paste</jats:p>", "The paste"),
        ("【摘要】目的 探讨", "目的 探讨"),
        ("<p>中文</p><title>Abstract</title><p>English</p>", "中文\nEnglish"),
    ],
)
def test_abstracts_keep_their_sections_and_lose_their_heading(raw, expected):
    assert clean_abstract(raw) == expected


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("ABSTRACT The relationship", "The relationship"),
        ("Abstract: We", "We"),
        ("Abstract. We", "We"),
        ("Abstract—We", "We"),
        ("[Abstract] We", "We"),
        ("AbstractBackground", "Background"),
        ("Abstract The paste", "The paste"),
        ("Abstract: Abstract: We", "We"),
        ("摘要：本文", "本文"),
        ("【摘要】本文", "本文"),
        ("摘 要：本文", "本文"),
        ("摘要 本文", "本文"),
        ("摘要本文", "本文"),
        ("中文摘要：本文", "本文"),
        ("〔提要〕本文", "本文"),
        ("Abstract art is old", "Abstract art is old"),
        ("Abstract Expressionism in print", "Abstract Expressionism in print"),
        ("Abstract-based methods", "Abstract-based methods"),
        ("Summary of results", "Summary of results"),
        ("摘要的写法", "摘要的写法"),
        ("Abstract", "Abstract"),
    ],
)
def test_labels_go_and_words_stay(raw, expected):
    assert strip_label(raw) == expected


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("donâ\x80\x99t â\x80\x93", "don’t –"),
        ("donâ€™t", "don’t"),
        ("JosÃ©", "José"),
        ("ä¸\xadå\x9b½å\x9b¾ä¹¦", "中国图书"),
        ("ÖÐ¹úÍ¼Êé¹Ý", "中国图书馆"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
    ],
)
def test_mojibake_is_repaired_where_that_is_provable(raw, expected):
    assert clean_title(raw) == expected


@pytest.mark.parametrize(
    "text",
    ["中国 Ã©", "naïve café", "ÄÖÜ äöü", "“IRMÃ”", "TNF-Î± é", "CAFÉ® §±²", "浣犲ソ", "G\ufffdbel Ã©\ufffd"],
)
def test_what_is_not_provably_mojibake_stays(text):
    assert clean_title(text) == text


SIGNS = [
    *"aZ &;<>/='\n\r\x00\x85\x9fÃ©Â€â”中國，ＡＢ\u3000\u00a0\u200b\ufffd\ud800#1.)：",
    '"',
    "e\u0301",
    " \n ",
]
TAGS = re.findall(
    r"\S+", "<p> </p> <title> </title> <br/> <math> </math> <mfrac> <mi>x</mi> <sub>2</sub> <!-- -->"
)
WORDS = ["<annotation>", "</annotation>", "&lt;", "&gt;", "&amp;", "Abstract", "ABSTRACT ", "摘要", ": "]
PIECES = st.lists(st.sampled_from(SIGNS + TAGS + WORDS), max_size=30).map("".join)


@given(PIECES | st.text())
def test_cleaning_twice_changes_nothing(raw):
    for clean in (clean_title, clean_abstract):
        once = clean(raw)
        assert once is None or clean(once) == once


@given(PIECES | st.text())
def test_keys_and_visible_text_are_stable_too(raw):
    assert compare_key(compare_key(raw)) == compare_key(raw)
    assert visible(visible(raw)) == visible(raw)
    assert fold_han(fold_han(raw)) == fold_han(raw)
    assert strip_label(strip_label(raw)) == strip_label(raw)
    assert len(fold_han(raw)) == len(raw)


@given(PIECES | st.text())
def test_cleaned_text_is_nfc_without_controls_and_surrogates(raw):
    text = clean_abstract(raw) or ""
    assert unicodedata.is_normalized("NFC", text)
    assert not [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cs"}]
    assert text.encode("utf-8").decode("utf-8") == text


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("<b>" * 100_000 + "x" + "</b>" * 100_000, "x"),
        ("<p>" * 100_000 + "x", "x"),
        ("</p>" * 100_000 + "x", "x"),
        ("<math>" + "<mfrac>" * 100_000 + "x", "x"),
        ("&" + "amp;" * 300_000 + "lt;x", "<x"),
        ("\x00" * 500_000 + "x", "x"),
        (" \n" * 500_000 + "x", "x"),
        ("Abstract: " * 100_000 + "x", "x"),
        ("<i>x</i>" + " " * 500_000 + "y", "x y"),
        ("<!--" * 100_000 + "-->x", "x"),
    ],
)
def test_hostile_markup_is_read_to_its_end(raw, expected):
    # Quadratic work on these would not come back for minutes.
    assert clean_abstract(raw) == expected


def test_opencc_is_loaded_when_it_is_needed_and_not_before():
    code = "import sys, harvester.text as t; a = 'opencc' in sys.modules; t.fold_han('書'); print(a, 'opencc' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True, text=True)
    assert done.stdout == "False True\n"


@pytest.mark.parametrize(
    "one, other",
    [
        ("Deep  Learning: a Survey", "deep learning — A survey."),
        ("圖書館學", "图书馆学"),
        ("ＣＮＫＩ（２０２０）", "cnki 2020"),
        ("Straße", "STRASSE"),
        ("x² and µ", "X2 AND μ"),
    ],
)
def test_keys_are_blind_to_width_case_script_and_marks(one, other):
    assert compare_key(one) == compare_key(other) != ""


def test_a_key_keeps_what_tells_titles_apart():
    assert compare_key("图书馆 2.0：元数据 & you") == "图书馆20元数据you"


def test_han_is_folded_one_for_one():
    assert fold_han("後臺資料庫 and 𠀀") == "后台资料库 and 𠀀"


def test_runs_of_han_are_indexed_as_pairs_and_their_last_character():
    assert search_text("使用Python的圖書館").split() == ["使用", "用", "Python", "的图", "图书", "书馆", "馆"]


@pytest.mark.parametrize(
    "words, expected",
    [
        ("图书馆", '"图书 书馆"'),
        ("圖書", '"图书"'),
        ("图", '"图" *'),
        ("deep learning", '"deep learning"'),
        ("neur*", '"neur" *'),
        ("编目Python", '"编目 目 Python"'),
        ("深度学习", '"深度 度学 学习"'),
        ("ＣＮＫＩ", '"CNKI"'),
        ('a"b', '"a b"'),
        ("", ""),
        ("*", ""),
        ("()-^:{}+😀。", ""),
    ],
)
def test_what_a_person_types_becomes_a_phrase(words, expected):
    assert search_term(words) == expected


SENTENCES = (
    "基於深度學習的圖書館資源元數據自動標引研究",
    "基于深度学习的图书馆资源元数据自动标引研究",
    "𠀀𠁁𫝀是罕用字𰀀",
    "使用Python与SQLite编写采集程序",
    "Deep learning for library metadata: a survey, NOT a title:x",
    "图、书、馆",
    "中国",
    "中",
    "机器 学习",
    "〇五年々",
    "ＣＮＫＩ数据库（２０２０）",
    "の研究における図書館",
    "H2O 的测定 café COVID-19",
)


@pytest.fixture(scope="module")
def index():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE library USING fts5(text, tokenize='unicode61')")
    rows = [(number, search_text(sentence)) for number, sentence in enumerate(SENTENCES)]
    connection.executemany("INSERT INTO library(rowid, text) VALUES (?, ?)", rows)
    yield connection
    connection.close()


def matches(index: sqlite3.Connection, query: str) -> set[int]:
    pieces = [query.strip('"')] if query.startswith('"') else query.split()
    expression = " AND ".join(filter(None, map(search_term, pieces)))
    if not expression:
        return set()
    return {row[0] for row in index.execute("SELECT rowid FROM library WHERE library MATCH ?", (expression,))}


def test_every_piece_of_a_han_run_is_found_and_nothing_else(index):
    plain = [fold_han(unicodedata.normalize("NFKC", sentence)) for sentence in SENTENCES]
    runs = [run for sentence in SENTENCES for run in re.findall(f"[{HAN}]+", sentence)]
    pieces = {run[i : i + n] for run in runs for n in (1, 2, 3, 4) for i in range(len(run) - n + 1)}
    assert len(pieces) > 150
    for piece in pieces:
        expected = {number for number, text in enumerate(plain) if fold_han(piece) in text}
        assert matches(index, piece) == expected, piece


@pytest.mark.parametrize(
    "query, expected",
    [
        ("python", {3}),
        ("pyth*", {3}),
        ("Python与SQLite", {3}),
        ("SQLite编", {3}),
        ("learning metadata", {4}),
        ('"learning metadata"', set()),
        ('"library metadata"', {4}),
        ("CAFE", {12}),
        ("covid-19", {12}),
        ("CNKI数据库", {10}),
        ("title:x", {4}),
        ("NOT title", {4}),
        ("图书馆", {0, 1}),
    ],
)
def test_words_of_both_languages_are_found(index, query, expected):
    assert matches(index, query) == expected


@pytest.mark.parametrize(
    "query",
    [
        *(
            '"',
            "*",
            '"abc',
            "AND OR NOT NEAR(",
            "near(图 书)",
            "{a b}: c",
            "-a",
            "^a",
            "a + b",
            "(((",
            "col:图",
            "'; --",
        ),
        *(
            "\x00",
            "\ud800",
            "😀",
            "a*b",
            '"""',
            "*" * 5000,
            '"' * 5000,
            "图 " * 5000,
            "a " * 5000,
            "图" * 50_000,
        ),
    ],
)
def test_no_query_is_an_error(index, query):
    assert matches(index, query) <= set(range(len(SENTENCES)))


@given(st.text())
def test_no_text_is_an_error_as_a_query(index_free_query):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE library USING fts5(text)")
    assert matches(connection, index_free_query) == set()
    connection.close()


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("plain\ttext\nstays", "plain\ttext\nstays"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;owned\x07title", "title"),
        ("\x1b\x1b[31m[2J", "[2J"),
        ("a\rb\x9b31mc", "ab31mc"),
        ("\u202egnp.exe\u2069", "gnp.exe"),
        ("lone \ud800", "lone \ufffd"),
        ("图书 é 😀", "图书 é 😀"),
    ],
)
def test_visible_text_cannot_steer_a_terminal(raw, expected):
    assert visible(raw) == expected


def test_titles_and_abstracts_of_the_corpus_come_out_clean():
    path = CORPUS / "bulk" / "crossref.jsonl.gz"
    if not path.exists():
        pytest.skip("../shared/corpus is missing")
    tag = re.compile(
        r"</|<(?:jats|mml):|<(?:p|i|b|sub|sup|title|scp|math)[ >/]|&(?:amp|lt|gt|#\d+);|[\x00-\x09\x0b-\x1f]"
    )
    read = 0
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            message = json.loads(line)
            titles = [title for title in message.get("title") or [] if title]
            cleaned = [clean_title(title) for title in titles]
            if abstract := message.get("abstract"):
                cleaned.append(clean_abstract(abstract))
            read += len(cleaned)
            assert not [text for text in cleaned if text and tag.search(text)]
    assert read > 10_000


@given(st.text(st.sampled_from("aé e\u0301²①Ⅱ℃，。（％　～“”—·×αΑ糨㐀가ㄱ゙か!?\ud800豈") | st.characters()))
def test_one_width_is_what_unicode_says(text):
    assert nfkc(text) == unicodedata.normalize("NFKC", text)
