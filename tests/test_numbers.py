"""Numbers are the same in every spelling, and what two texts differ in is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.numbers import Differences, Figure, differences, numbers


@pytest.mark.parametrize(
    "text, value",
    [
        ("15 million jars", "15000000"),
        ("1500万瓶", "15000000"),
        ("1500多万瓶", "15000000"),
        ("一千五百万瓶", "15000000"),
        ("1,234 jars", "1234"),
        ("1 234 jars", "1234"),
        ("１２３４瓶", "1234"),
        ("3.2亿", "320000000"),
        ("0.32 billion", "320000000"),
        ("P<.05", "0.05"),
        ("P＜0．05", "0.05"),
        ("P = 0. 05", "0.05"),
        ("5.00%", "5"),
        ("thirty-two readers", "32"),
        ("三十二名读者", "32"),
        ("three hundred and five", "305"),
        ("三百零五", "305"),
        ("two thousand sixteen", "2016"),
        ("二十世纪90年代", "1990"),
        ("20世纪90年代", "1990"),
        ("上世纪九十年代", "1990"),
        ("the 1990s", "1990"),
        ("百分之五十六", "56"),
        ("the 21st volume", "21"),
        ("HER2-positive", "2"),
    ],
)
def test_a_number_is_its_value_in_any_spelling(text, value):
    assert value in {figure.value for figure in numbers(text).sure}


@pytest.mark.parametrize(
    "text, value",
    [
        ("first, the glue", "1"),
        ("第一，糨糊", "1"),
        ("both rooms", "2"),
        ("两间阅览室", "2"),
        ("twice", "2"),
        ("phase III", "3"),
        ("in May", "5"),
        ("十二名读者", "12"),
        ("ten readers", "10"),
        ("(3) The paste", "3"),
        ("90年代", "1990"),
    ],
)
def test_words_and_signs_may_stand_for_a_number_but_need_not(text, value):
    found = numbers(text)
    assert value in found.possible
    assert value not in {figure.value for figure in found.sure}


@pytest.mark.parametrize("text", ["", "糨糊", "no figures here", "一百多瓶", "十分", "9" * 40])
def test_what_is_no_number_is_none(text):
    assert numbers(text).sure == ()


def test_a_figure_keeps_the_letters_that_it_belongs_to():
    assert numbers("HER2 and 7").sure == (Figure("2", "her"), Figure("7"))


@pytest.mark.parametrize(
    "english, chinese",
    [
        ("Ten of 1,234 jars dried in 2 days (P<0.05).", "1234瓶中有10瓶在两天内干燥（P＜0.05）。"),
        ("Thirty-two libraries bought 15 million jars.", "32家图书馆购买了1500万瓶。"),
        ("In the 1990s, one third of them", "20世纪90年代，其中三分之一"),
        ("From 1 August 2019 to May 2020", "2019年8月1日至2020年5月"),
        ("CO2 was measured", "测定了二氧化碳"),
        ("25 m2 of paper", "25平方米的纸"),
        ("type II paste", "2型糨糊"),
        ("First, (1) the glue; second, (2) the paste", "首先是胶；其次是糨糊"),
    ],
)
def test_the_same_said_in_both_languages_differs_in_nothing(english, chinese):
    assert differences((english,), (chinese,)) == Differences((), ())
    assert differences((chinese,), (english,)) == Differences((), ())


def test_a_changed_number_is_lost_on_one_side_and_added_on_the_other():
    assert differences(("209 jars of 216",), ("216瓶中的219瓶",)) == Differences(("209",), ("219",))


def test_a_digit_of_a_name_counts_where_the_name_is_kept():
    assert differences(("PD-L2 and HER2",), ("HER7与PD-L2",)) == Differences((), ("7",))


TEXTS = st.text(
    st.characters()
    | st.sampled_from("0123456789.,，．万亿千百十一二三两第年代世纪 %()（）²\ud800\x00eonthuadrmilf-"),
    max_size=80,
)


@given(TEXTS)
def test_no_text_raises_and_each_agrees_with_itself(text):
    assert differences((text,), (text,)) == Differences((), ())


@given(TEXTS, TEXTS)
def test_differences_are_symmetric(one, other):
    there, back = differences((one,), (other,)), differences((other,), (one,))
    assert (there.lost, there.added) == (back.added, back.lost)


@given(st.integers(13, 10**9))
def test_thousands_commas_and_full_width_digits_do_not_count(value):
    wide = str(value).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    assert differences(f"n = {value:,} jars", f"共 {wide} 瓶") == Differences((), ())
