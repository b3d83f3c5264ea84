import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester import sentences as module
from harvester.sentences import sentences


@pytest.mark.parametrize(
    "text, cut",
    [
        ("Paste dries. It is slow.", ["Paste dries.", "It is slow."]),
        (
            "Lin et al. Measured it (see Fig. 2). It dried.",
            ["Lin et al. Measured it (see Fig. 2).", "It dried."],
        ),
        ("P was 0.05. E. coli grew, i.e. Not at all.", ["P was 0.05.", "E. coli grew, i.e. Not at all."]),
        ("By J. P. Lin in the U.S. The end.", ["By J. P. Lin in the U.S.", "The end."]),
        ("We used vitamin C. The paste dried.", ["We used vitamin C.", "The paste dried."]),
        ("Is it dry? Yes! It is.", ["Is it dry?", "Yes!", "It is."]),
        ("Two themes: (1) a door? (2) A way out.", ["Two themes: (1) a door? (2) A way out."]),
        ("1. Paste dries. 2. It is slow.", ["1. Paste dries.", "2. It is slow."]),
        ("It dried in 2010. Thirty jars broke.", ["It dried in 2010.", "Thirty jars broke."]),
        ('"It dries." So they say.', ['"It dries."', "So they say."]),
        ("Paste of rice.As it dries it shrinks.", ["Paste of rice.", "As it dries it shrinks."]),
        ("Jar No. 3 broke. Jar 4 held.", ["Jar No. 3 broke.", "Jar 4 held."]),
        ("p = 0. 05 in all jars", ["p = 0. 05 in all jars"]),
        ("Aim: paste; glue\nIt dries", ["Aim: paste; glue", "It dries"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_english_is_cut_where_a_sentence_ends(text, cut):
    assert sentences(text, "en") == cut


@pytest.mark.parametrize(
    "text, cut",
    [
        ("糨糊干了。很慢！对吗？对", ["糨糊干了。", "很慢！", "对吗？", "对"]),
        ("糨糊干了；很慢。", ["糨糊干了；很慢。"]),
        ("他说：“干了。”糨糊很慢。", ["他说：“干了。”", "糨糊很慢。"]),
        ("“干了吗？”的问题没有答案。", ["“干了吗？”的问题没有答案。"]),
        ("糨糊（见图1。另见图2）干了。完", ["糨糊（见图1。另见图2）干了。", "完"]),
        ("主题:(1)门?(2)路。", ["主题:(1)门?(2)路。"]),
        ("糨糊干了. 很慢(P<0.05). 完", ["糨糊干了.", "很慢(P<0.05).", "完"]),
        ("1. 目的：干燥。2. 方法", ["1. 目的：干燥。", "2. 方法"]),
        ("(没有收尾的括号。糨糊干了。", ["(没有收尾的括号。", "糨糊干了。"]),
    ],
)
@pytest.mark.parametrize("language", ["zh", "zh-Hans", "zh-Hant"])
def test_chinese_is_cut_where_a_sentence_ends(text, cut, language):
    assert sentences(text, language) == cut


@given(
    st.text(alphabet=st.one_of(st.sampled_from("。！？.?!”“\"')(（） \n12aAé糨糊的"), st.characters())),
    st.sampled_from(["en", "zh-Hans", "", "de"]),
)
def test_only_blanks_are_lost(text, language):
    cut = sentences(text, language)
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(one == one.strip() and one for one in cut)


MARKED = st.text(alphabet=st.sampled_from("。！？.?!…”\"')(（ \n12aAZé糨"))


@given(MARKED)
def test_looking_for_marks_first_finds_the_same_stops(text):
    for marks, stops in ((module._MARK_EN, module._STOP_EN), (module._MARK_ZH, module._STOP_ZH)):
        quick = [stop.span() for stop in module._stops(text, marks, stops)]
        assert quick == [stop.span() for stop in stops.finditer(text)]


@given(
    st.text(alphabet="aA1 .(_é"),
    st.sampled_from(["", "al", "Figs", "no", "NOS", "ie", "e", "PP", "subsp", "jars", "ſept", "U.S"]),
    st.sampled_from([" The end", " 3 jars", " (2) A way", "\tA"]),
)
def test_a_full_stop_behind_a_word_ends_what_the_expressions_say(before, word, rest):
    before = f"{before}{word}."[-module._LOOK_BACK :]
    assert module._ends_sentence(".", before, rest) == module._ends_with_mark(before, rest)
