import codecs
import gzip
import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harvester.charset import detect_encoding

BILINGUAL = Path(__file__).parents[1] / "../shared/bilingual"
HANS = "关于图书馆浆糊干燥过程的初步研究，以及阅览室温度的影响。"
HANT = "關於圖書館漿糊乾燥過程的初步研究，以及閱覽室溫度的影響。"
ENGLISH = "On the drying of library paste"


@pytest.mark.parametrize(
    "text, codec, expected",
    [
        (ENGLISH, "ascii", "utf-8"),
        ("", "ascii", "utf-8"),
        (HANS, "utf-8", "utf-8"),
        (HANS, "utf-8-sig", "utf-8-sig"),
        (HANS, "utf-16", "utf-16"),
        (HANS, "utf-16-le", "utf-16-le"),
        (HANS, "utf-16-be", "utf-16-be"),
        (ENGLISH, "utf-16-le", "utf-16-le"),
        (ENGLISH, "utf-16-be", "utf-16-be"),
        (HANS, "utf-32", "utf-32"),
        (HANS, "utf-32-le", "utf-32-le"),
        (HANS, "gbk", "gb18030"),
        (HANT, "gbk", "gb18030"),
        ("㐀" + HANS, "gb18030", "gb18030"),
        (HANT, "big5", "big5"),
        ("Über den Kleister im Lesesaal", "cp1252", "cp1252"),
        ("La colle de la bibliothèque séchée l'été", "utf-8", "utf-8"),
        ("Клей в библиотеке", "utf-8", "utf-8"),
        ("联通", "gbk", "gb18030"),
    ],
)
def test_an_encoding_is_told_from_the_bytes(text, codec, expected):
    assert detect_encoding(text.encode(codec), is_whole=True) == expected


@pytest.mark.parametrize(
    "raw",
    [
        b"PK\x03\x04\x14\x00\x00\x00\x08\x00",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(1, 256)) * 4,
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff",
        b"SQLite format 3\x00\x10\x00\x01\x01\x00",
        bytes(range(256)) * 8,
        b"\x00" * 100,
    ],
)
def test_bytes_that_are_no_text_have_no_encoding(raw):
    assert detect_encoding(raw, is_whole=True) is None


def test_escape_sequences_do_not_make_a_text_binary():
    assert detect_encoding(b"\x1b[31mred\x1b[0m\x07 paste", is_whole=True) == "utf-8"


def test_damaged_utf8_is_still_utf8():
    assert detect_encoding(HANS.encode() + b"\xff" + HANS.encode(), is_whole=True) == "utf-8"


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5", "utf-16-le"])
@pytest.mark.parametrize("lost", range(5))
def test_a_character_cut_at_the_end_of_a_head_is_no_fault(codec, lost):
    text = (HANT if codec == "big5" else HANS) * 20
    head = text.encode(codec)

    assert detect_encoding(head[: len(head) - lost], is_whole=False) == codec


@given(st.binary(max_size=300), st.booleans())
@example(b"\xff", False)
@example(b"\xff\xfe", True)
def test_whatever_the_bytes_the_answer_is_a_codec_or_none(raw, is_whole):
    codec = detect_encoding(raw, is_whole)

    assert codec is None or codecs.lookup(codec)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_utf8_that_holds_more_than_pairs_of_high_bytes_is_never_taken_for_another(text):
    raw = (text + HANS).encode()

    assert detect_encoding(raw, is_whole=True) in {"utf-8", "utf-8-sig"}


# -- real titles and abstracts ---------------------------------------------------------------------------


def _lines(name):
    if not BILINGUAL.is_dir():
        pytest.skip("../shared/bilingual is missing")
    with gzip.open(BILINGUAL / name, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def _share_right(texts, codec):
    right = total = 0
    for text in texts:
        try:
            raw = text.encode(codec)
        except UnicodeEncodeError:
            continue
        found = detect_encoding(raw, is_whole=True)
        total += 1
        right += found is not None and raw.decode(found, "replace") == text
    assert total >= 200
    return right / total


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_real_chinese_titles_are_read_right(codec):
    titles = [case["zh"] for case in _lines("titles.jsonl.gz")]
    titles += [case["zh_title"] for case in _lines("parallel.jsonl.gz")]

    assert _share_right(titles, codec) >= 0.99


def test_real_traditional_titles_are_read_right_in_big5():
    titles = [case["zh"] for case in _lines("titles.jsonl.gz") if case["script"] == "Hant"]

    assert _share_right(titles, "big5") >= 0.99


@pytest.mark.parametrize("codec", ["utf-8", "gbk", "gb18030", "utf-16-le"])
def test_real_chinese_abstracts_are_read_right(codec):
    assert _share_right([case["zh"] for case in _lines("parallel.jsonl.gz")], codec) >= 0.99


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-be", "cp1252"])
def test_real_english_titles_are_read_right(codec):
    assert _share_right([case["en"] for case in _lines("titles.jsonl.gz")], codec) >= 0.99
