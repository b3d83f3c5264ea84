"""Texts that are none, at every door: an answer, never a traceback, never more than linear time; the raw text stays."""

import json
import sqlite3
import time

import pytest

from harvester.alignment import align
from harvester.bilingual import split_bilingual
from harvester.formats.pubmed_layout import layout
from harvester.garble import find_menu
from harvester.language import detect
from harvester.model import Origin
from harvester.numbers import numbers
from harvester.quality import Status, check
from harvester.sentences import sentences
from harvester.text import clean_abstract, clean_title

ENGLISH = "The drying of library paste in damp reading rooms takes 209 days. Starch is better."
CHINESE = "图书馆糨糊在潮湿阅览室的干燥需要209天。淀粉更好。"
SIX = (
    "The drying of paste in libraries. Le séchage de la colle dans les bibliothèques. Das Trocknen von Kleister in"
    " Bibliotheken. El secado del engrudo en las bibliotecas. О сушке клея в библиотеках. 図書館における糊の乾燥について。"
)
MENUS = (
    "Home About Login Register Search Current Archives Announcements",
    "Skip to main content Home Journals Books Log in Register Search Advanced search Contact us Help",
    "首页 期刊介绍 编委会 投稿指南 当期目录 过刊浏览 联系我们 English",
)
BAD = {
    "empty": ("", "und"),
    "blanks": (" \t\n\u3000", "und"),
    "digits": ("1234567890", "und"),
    "punctuation": ("。，；！？…—()[]", "und"),
    "a DOI": ("10.5555/12345678", "und"),
    "emoji": ("😀👩‍🔬🇨🇳", "und"),
    "NUL": ("\0\0\0", "und"),
    "controls": ("\x01\x1b[31m\x7f\x9b", "und"),
    "surrogates": ("\ud800\udfff", "und"),
    "private use": ("\ue000\uf8ff", "und"),
    "NUL in a text": ("The drying\0 of pa\0ste in rooms", "en"),
    "half a pair in a text": ("图书馆\ud83d的糨糊干燥", "zh-Hans"),
    "two encodings": ("图书馆糨糊 å›¾ä¹¦é¦† ÌìÆø", "zh-Hans"),
    "menu": (MENUS[0], "en"),
}


@pytest.mark.parametrize("name", BAD)
def test_any_text_has_a_language(name):
    text, tag = BAD[name]
    assert detect(text) == tag


def test_a_text_of_six_languages_has_one_tag_of_them_always_the_same():
    assert detect(SIX) in {"en", "fr", "de", "es", "ru", "ja", "mul"}
    assert {detect(SIX) for _ in range(5)} == {detect(SIX)}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("field", ["title", "abstract"])
def test_no_bad_text_passes_for_a_translation(name, field):
    for original in (ENGLISH, CHINESE):
        found = check(original, BAD[name][0], field=field, origin=Origin.MACHINE)
        assert found.status is not Status.PASS
        assert all(flag.message().text() for flag in found.flags)
        check(BAD[name][0], original, field=field, origin=Origin.MACHINE)


@pytest.mark.parametrize("name", BAD)
def test_every_passage_of_a_bad_text_is_in_one_link(name):
    en, zh = sentences(BAD[name][0], "en"), sentences(CHINESE, "zh")
    links = align(en, zh)
    assert [at for link in links for at in link.en] == list(range(len(en)))
    assert [at for link in links for at in link.zh] == list(range(len(zh)))


@pytest.mark.parametrize("menu", MENUS)
def test_the_menu_of_a_web_page_is_known(menu):
    assert find_menu(menu)


@pytest.mark.parametrize(
    "text",
    [ENGLISH, CHINESE, "Search engines and the home page of a library: registers, archives and browsing"],
)
def test_a_text_about_web_pages_is_no_menu(text):
    assert find_menu(text) is None


# -- long ones -----------------------------------------------------------------------------------------------

LONG = 200_000  # characters; what grows with the square takes minutes for them
PATIENCE_S = 10.0
UNITS = (
    "a", "糨糊", "图书馆的糨糊干燥，共209间。", "(", "（", "1", "1,", ".", "A. ", "The drying of paste in rooms. ", "<a ", "&amp;amp;", "“",
    "two ", "\n", ", ", "Aa ", "かな", "糨a", "1) ", "\0", "\ud800", "😀", "Methods: ",
)  # fmt: skip
DOORS = {
    "detect": detect,
    "layout": layout,
    "split_bilingual": split_bilingual,
    "clean_abstract": clean_abstract,
    "clean_title": clean_title,
    "numbers": numbers,
    "sentences": lambda text: (sentences(text, "en"), sentences(text, "zh")),
    "check": lambda text: (
        check(ENGLISH, text, field="abstract", origin=Origin.MACHINE),
        check(text, CHINESE, field="abstract", origin=Origin.MACHINE),
        check(text, text, field="title", origin=Origin.MACHINE),
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_one_endless_line_takes_linear_time(door):
    for unit in UNITS:
        text = unit * (LONG // len(unit))
        start = time.process_time()
        DOORS[door](text)
        assert time.process_time() - start < PATIENCE_S, repr(unit)


# -- through the program -------------------------------------------------------------------------------------


def test_bad_texts_are_loaded_kept_and_never_shown_as_what_they_are_not(harvester):
    texts = [text for text, _ in BAD.values()] + [SIX, *MENUS]
    lines = [
        {
            "doi": f"10.5555/bad.{number}",
            "title": ENGLISH[:40] + f" {number}",
            "abstract": text,
            "TitleCN": text,
        }
        for number, text in enumerate(texts)
    ]
    (harvester.folder / "bad.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    done = harvester("load", "--offline", "bad.jsonl")
    assert "Traceback" not in done.err
    with sqlite3.connect(harvester.db) as connection:
        shown = dict(connection.execute("SELECT doi, title_zh FROM works"))
        abstracts = dict(connection.execute("SELECT doi, abstract_en FROM works"))
        kept = [row[0] for row in connection.execute("SELECT body FROM records")]
    assert len(shown) == len(kept) == len(texts)
    assert not set(shown.values()) & {text for text, tag in BAD.values() if tag == "und"}
    menus = [f"10.5555/bad.{texts.index(menu)}" for menu in MENUS]
    assert [abstracts[doi] for doi in menus] == [None] * len(MENUS)
    assert sum("Announcements" in str(record) for record in kept) >= 1


@pytest.mark.parametrize("unit", ["a", "糨糊", "The drying of paste. "])
def test_fifty_megabytes_in_one_line_are_a_skip_with_its_reason(harvester, unit):
    size = 50_000_000 // len(unit.encode())
    (harvester.folder / "endless.txt").write_text(unit * size, encoding="utf-8")
    done = harvester("load", "--offline", "endless.txt", "--json")
    [told] = json.loads(done.out)
    assert (done.code, done.err.count("Traceback")) == (3, 0)
    assert (told["read"], told["skipped"], told["remarks"][0]["key"]) == (0, 1, "document-unknown")
