"""Han names in Pinyin, and whether a Latin name can be the same one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.pinyin import Agreement, Why, compare_pinyin, name_keys, pinyin_of, syllables_of
from harvester.surnames import COMPOUND, READINGS

pinyin_of("林", "梅")  # its dictionaries are loaded before any test is timed


@pytest.mark.parametrize(
    "han, latin",
    [
        (("刘", "伟明"), ("Liu", "Weiming")),
        (("欧阳", "娜娜"), ("Ouyang", "Nana")),
        (("歐陽", "脩"), ("Ouyang", "Xiu")),
        (("吕", "绿"), ("Lü", "Lü")),
        (("李", "西安"), ("Li", "Xi'an")),
        (("许", "长伟"), ("Xu", "Changwei")),
        (("于", "重重"), ("Yu", "Chongchong")),
        (("", "阿卜杜拉·买买提"), ("", "Abudula Maimaiti")),
        (("王", ""), ("Wang", "")),
        (("", ""), ("", "")),
    ],
)
def test_a_han_name_is_read(han, latin):
    assert pinyin_of(*han) == latin


@pytest.mark.parametrize(
    "family, latin",
    [
        ("单", "Shan"), ("單", "Shan"), ("仇", "Qiu"), ("曾", "Zeng"), ("解", "Xie"), ("区", "Ou"), ("區", "Ou"), ("查", "Zha"),
        ("朴", "Piao"), ("盖", "Ge"), ("蓋", "Ge"), ("任", "Ren"), ("翟", "Zhai"), ("覃", "Qin"), ("缪", "Miao"), ("繆", "Miao"),
        ("种", "Chong"), ("员", "Yun"), ("乐", "Yue"), ("冼", "Xian"), ("那", "Na"), ("逄", "Pang"), ("尉迟", "Yuchi"),
        ("尉遲", "Yuchi"), ("万俟", "Moqi"), ("萬俟", "Moqi"), ("单于", "Chanyu"), ("長孫", "Zhangsun"), ("令狐", "Linghu"),
        ("澹台", "Tantai"), ("宓", "Mi"), ("尹", "Yin"), ("葛", "Ge"), ("沈", "Shen"), ("车", "Che"), ("卜", "Bu"), ("牟", "Mou"),
    ],
)  # fmt: skip
def test_a_family_name_is_read_as_a_family_name(family, latin):
    assert pinyin_of(family, "伟")[0] == latin


def test_every_reading_in_the_table_is_pinyin():
    assert {one for readings in READINGS.values() for one in readings if not syllables_of(one)} == set()
    assert {len(name) for name in COMPOUND} <= {2, 4}


@pytest.mark.parametrize(
    "latin",
    [
        "Weiming Liu", "Liu Weiming", "LIU Wei-Ming", "Wei Ming Liu", "Wěi-míng Liú", "W. M. Liu", "Liu WM", "W.-M. Liu", "Liu W",
    ],
)  # fmt: skip
def test_pinyin_in_any_order_and_form_agrees(latin):
    assert compare_pinyin(("刘", "伟明"), latin).agreement is Agreement.AGREE
    assert compare_pinyin(("劉", "偉明"), latin).agreement is Agreement.AGREE


@pytest.mark.parametrize("latin", ["Lü Nü", "Lv Nv", "Lyu Nyu", "Lu Nu", "Nv Lyu"])
def test_the_four_spellings_of_one_vowel_agree(latin):
    assert compare_pinyin(("吕", "女"), latin).agreement is Agreement.AGREE


@pytest.mark.parametrize(
    "han, latin",
    [
        (("覃", "俊"), "Jun Qin"),
        (("覃", "俊"), "Jun Tan"),
        (("乐", "毅"), "Le Yi"),
        (("单", "长伟"), "Shan Zhangwei"),
        (("欧阳", "娜"), "Ou Yang Na"),
        (("", "阿卜杜拉·买买提"), "Maimaiti Abudula"),
    ],
)
def test_every_living_reading_agrees(han, latin):
    assert compare_pinyin(han, latin).agreement is Agreement.AGREE


@pytest.mark.parametrize(
    "han, latin, why",
    [
        (("黄", "家明"), "Wong Ka Ming", Why.OTHER_SPELLING),
        (("黄", "家明"), "Hwang, Ka Ming", Why.OTHER_SPELLING),
        (("陳", "嘉敏"), "Chan Ka Man", Why.OTHER_SPELLING),
        (("黄", "家明"), "Huang Chia-Ming", Why.WADE_GILES),
        (("陳", "正偉"), "Cheng-Wei Chen", Why.WADE_GILES),
        (("謝", "志偉"), "Hsieh Chih-Wei", Why.OTHER_SPELLING),
        (("刘", "伟明"), "David Liu", Why.FAMILY),
        (("馬", "嘉敏"), "Ma Ka Man", Why.FAMILY),
        (("韩", "瑞昉"), "Han Rui", Why.FAMILY),
        (("山田", "太郎"), "Taro Yamada", Why.NOT_PINYIN),
        (("刘", "伟明"), "John Smith", Why.NOT_PINYIN),
        (("刘", "伟明"), "Weiming", Why.ONE_PART),
    ],
)
def test_what_is_spelled_otherwise_is_unknown(han, latin, why):
    assert compare_pinyin(han, latin) == (Agreement.UNKNOWN, why)


@pytest.mark.parametrize(
    "han, latin, why",
    [
        (("刘", "伟明"), "Liu Jianguo", Why.OTHER_GIVEN),
        (("刘", "伟明"), "J. Liu", Why.OTHER_GIVEN),
        (("刘", "伟明"), "Weiming Zhang", Why.OTHER_FAMILY),
        (("王", "芳"), "Q. Xu", Why.OTHER_FAMILY),
    ],
)
def test_other_pinyin_is_a_conflict(han, latin, why):
    assert compare_pinyin(han, latin) == (Agreement.CONFLICT, why)


def test_keys_hold_every_reading_in_full_and_with_initials():
    keys = name_keys("乐", "长")
    assert keys.families == {"yue", "le"}
    assert keys.full == {"yue chang", "yue zhang", "le chang", "le zhang"}
    assert keys.initials == {f"{family} {one}" for family in ("yue", "le") for one in ("c", "ch", "z", "zh")}


_CHARACTERS = st.sampled_from("王李张刘陈杨黄吕曾单覃长重乐伟明芳娜敏静强磊洋勇艳杰绿女行西安阿欧")
_GIVEN = st.text(_CHARACTERS, min_size=1, max_size=3)


@settings(deadline=None)
@given(_CHARACTERS, _GIVEN, st.booleans())
def test_a_han_name_agrees_with_its_own_pinyin_in_either_order(family, given_name, is_turned):
    latin = pinyin_of(family, given_name)
    shown = " ".join(latin[::-1] if is_turned else latin)
    assert compare_pinyin((family, given_name), shown).agreement is Agreement.AGREE


@settings(deadline=None)
@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=30))
def test_any_text_is_compared_without_an_error(family, given_name, latin):
    assert compare_pinyin((family, given_name), latin).agreement in set(Agreement)
    assert len(pinyin_of(family, given_name)) == 2
