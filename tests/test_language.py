import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.bilingual import split_bilingual
from harvester.language import count_script, detect, is_chinese, script

TEXTS = [
    ("On the drying of library paste in humid reading rooms", "en"),
    ("Library paste", "en"),
    ("Über das Trocknen von Kleister in feuchten Lesesälen und die Folgen für die Bücher", "de"),
    ("SCHLUSSFOLGERUNGEN UND ERGEBNISSE DER UNTERSUCHUNG", "de"),
    ("Sur le séchage de la colle dans les bibliothèques", "fr"),
    ("O efeito da umidade sobre os livros nas bibliotecas do Brasil", "pt"),
    ("О сушке клея в библиотеках", "ru"),
    ("图书馆糨糊的干燥过程研究", "zh-Hans"),
    ("圖書館漿糊的乾燥過程研究", "zh-Hant"),
    ("后台里的干燥面团", "zh-Hans"),
    ("台灣圖書館之裡程碑", "zh-Hant"),
    ("図書館における糊の乾燥について", "ja"),
    ("図書館糊乾燥実験", "ja"),
    ("도서관 풀의 건조에 관한 연구", "ko"),
    ("투고논문: 도서관의 풀(漿糊)에 대한 연구", "ko"),
    ("图书馆糨糊的干燥过程研究 (On the drying of library paste in humid reading rooms)", "mul"),
    ("On the drying of library paste in humid rooms. 潮湿房间里图书馆糨糊的干燥", "mul"),
    ("基于BERT与CRF的糨糊识别方法", "zh-Hans"),
    ("糨糊(library paste, LP)是一种常见的黏合剂，LP(wheat based library paste)由小麦制成。", "zh-Hans"),
    ("The use of jianghu (糨糊) in the repair of books and of maps in the libraries of the north", "en"),
]


@pytest.mark.parametrize("text, tag", TEXTS)
def test_language_and_script_of_a_text_are_told(text, tag):
    assert detect(text) == tag


@pytest.mark.parametrize(
    "text",
    ["", " \t\n", "12345", "10.5555/12345678", "https://example.org/a/b", "a@example.org", "—…!?", "1 2 C 3"],
)
def test_text_without_words_is_undetermined(text):
    assert detect(text) == "und"


def test_hint_decides_only_where_the_text_does_not():
    assert detect("中文", hint="zh_TW") == "zh-Hant"
    assert detect("圖書館", hint="zh-CN") == "zh-Hant"
    assert detect("On the drying of library paste", hint="de") == "en"


def test_tags_inside_a_text_do_not_count():
    assert detect("<jats:p>图书馆的糨糊</jats:p>") == "zh-Hans"


def test_answer_is_the_same_in_another_process():
    texts = [
        "Lorem ipsum dolor sit amet",
        "Mathematikaufgaben analysieren",
        "中文",
        "Habermas over genealogie en kennis",
    ]
    here = [detect(text) for text in texts]
    code = f"from harvester.language import detect; print([detect(t) for t in {texts!r}])"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        ).stdout.strip()
        for seed in ("0", "1", "2")
    }
    assert outputs == {repr(here)}


def test_chinese_never_reaches_langdetect(monkeypatch):
    import harvester.language as module

    monkeypatch.setattr(module, "likely_language", lambda _: pytest.fail("langdetect was asked"))
    for text, tag in TEXTS:
        if tag[:2] in {"zh", "ja", "ko", "mu"}:
            assert detect(text) == tag


@pytest.mark.parametrize(
    "title", ["Ann Transl Med", "J. Am. Board Fam. Med.", "IL-6 Blockade", "Mini-Rev. Med. Chem."]
)
def test_words_of_other_languages_do_not_count_with_a_capital_inside(title):
    assert detect(title) == "en"


@pytest.mark.parametrize("heading", ["METHODIK", "ZITIERWEISE", "KERNAUSSAGEN"])
def test_a_heading_of_one_word_in_capitals_is_a_word_of_its_language(heading):
    assert detect(heading) == "de"


def test_capital_after_a_full_stop_begins_a_sentence():
    assert detect("Kleister und Leim. Die alten Rezepte der Buchbinder") == "de"


def test_korean_and_private_characters_are_not_han():
    assert count_script("Han", "도서관 \ue000\uf8ff 漿糊 \uf900") == 3


@settings(deadline=None)  # the first call loads dictionaries
@given(st.text(max_size=300))
def test_any_text_has_a_tag(text):
    tag = detect(text)
    assert tag == detect(text)
    assert 2 <= len(tag) <= 7


@pytest.mark.parametrize(
    "tag, answer", [("zh", True), ("zh-Hant", True), ("chi", True), ("yue", True), ("en", False)]
)
def test_chinese_tags_are_known(tag, answer):
    assert is_chinese(tag) is answer


@pytest.mark.parametrize(
    "tag, name",
    [
        ("zh-Hans", "Hans"),
        ("zh_TW", "Hant"),
        ("zh", None),
        ("en", "Latn"),
        ("ja", "Jpan"),
        ("ru", "Cyrl"),
        ("und", None),
    ],
)
def test_script_of_a_tag(tag, name):
    assert script(tag) == name


EN, ZH = "Drying of library paste in damp rooms", "潮湿房间里图书馆糨糊的干燥"


@pytest.mark.parametrize("glue", [" ", " / ", " = ", ". ", "\n", "", ". /", "："])
def test_line_in_both_languages_is_split_whichever_comes_first(glue):
    assert split_bilingual(EN + glue + ZH) == (EN + ("." if "." in glue else ""), ZH)
    assert split_bilingual(ZH + glue + EN) == (EN, ZH)


@pytest.mark.parametrize(
    "line, parts",
    [
        (f"{ZH}({EN})", (EN, ZH)),
        (f"{EN} （{ZH}）", (EN, ZH)),
        (f"{ZH}CRF {EN}", (EN, f"{ZH}CRF")),
        (f"PASTE: A Model of Drying PASTE: {ZH}", ("PASTE: A Model of Drying", f"PASTE: {ZH}")),
        (
            "Librarian Experiences. 图书管理员在洪水后的经历",
            ("Librarian Experiences.", "图书管理员在洪水后的经历"),
        ),
        ("Paste and Glue 《糨糊与胶水》", ("Paste and Glue", "《糨糊与胶水》")),
    ],
)
def test_acronyms_brackets_and_quotes_stay_with_their_part(line, parts):
    assert split_bilingual(line) == parts


@pytest.mark.parametrize(
    "line",
    [
        EN,
        ZH,
        "基于LSTM-CRF与BERT的糨糊识别",
        "糨糊(Library paste)的干燥过程研究",
        "On the meaning of 糨糊 in the songs of the north",
        "糨糊干燥模型 PASTE",
        "",
    ],
)
def test_line_in_one_language_is_not_split(line):
    assert split_bilingual(line) is None


_THREADS = """
import threading
from harvester.language import detect
titles = [f"Användarnas självbetjäning: bibliotekskatalogernas nattöppna läsesalar {n}" for n in range(8)]
said, gate = [], threading.Barrier(8)
def ask(title):
    gate.wait()
    said.append(detect(title))
threads = [threading.Thread(target=ask, args=(one,)) for one in titles]
for one in threads: one.start()
for one in threads: one.join()
print(*said)
"""


def test_threads_that_ask_at_once_get_the_same_answer():
    done = subprocess.run([sys.executable, "-c", _THREADS], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["sv"] * 8


def test_traditional_characters_that_japanese_writes_too_are_chinese():
    assert detect("漿糊在圖書館裏怎樣變乾") == "zh-Hant"
