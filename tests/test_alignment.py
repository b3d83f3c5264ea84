from collections import Counter
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.alignment import Finder, align
from harvester.bead_scores import Scores
from harvester.beads import Bead, Features
from harvester.dictionary import installed
from harvester.formats.pubmed_layout import layout
from harvester.lexicon import parse_cedict
from harvester.model import Origin, Text
from harvester.sections import by_section, by_sentence, rows_of_sections
from harvester.sentences import sentences

LEXICON = parse_cedict(
    "糨糊 糨糊 [x] /paste/\n乾燥 干燥 [x] /to dry/\n圖書館 图书馆 [x] /library/\n濕度 湿度 [x] /humidity/\n罐 罐 [x] /jar/\n"
    "書 书 [x] /book/\n膠 胶 [x] /glue/\n温度 温度 [x] /temperature/\n"
)
EN = (
    "We asked why library paste dries so slowly in the reading rooms of our city.",
    (
        "In 1931 we filled 48 jars and measured their humidity with the WET3 gauge every day. Each jar stood 3.5 metres from the"
        " window of the library, was weighed at 6, 12 and 18 o'clock, and was opened by nobody but the readers for 91 days."
    ),
    "The temperature of the glue had no effect on books at all (P = 0.43).",
    "Readers should wait.",
)
ZH = (
    "我们想知道，本市阅览室里图书馆的糨糊为什么干燥得这样慢。",
    "1931年，我们装了48罐，每天用WET3测量其湿度。每罐距图书馆的窗户3.5米，在6点、12点和18点称重，91天内除读者外无人打开。",
    "胶的温度对书没有任何影响（P=0.43）。",
    "读者应当等待。",
)


def indices(links):
    return [(link.en, link.zh) for link in links]


@pytest.mark.parametrize("lexicon", [None, LEXICON], ids=["alone", "dictionary"])
class TestAlign:
    def test_equally_many_are_paired_by_index(self, lexicon):
        assert indices(align(EN, ZH, lexicon)) == [((at,), (at,)) for at in range(4)]

    def test_passages_that_the_other_side_merged_stay_together(self, lexicon):
        merged = (ZH[0] + ZH[1], *ZH[2:])
        assert indices(align(EN, merged, lexicon)) == [((0, 1), (0,)), ((2,), (1,)), ((3,), (2,))]

    def test_a_passage_that_the_other_side_lacks_is_linked_to_nothing(self, lexicon):
        assert indices(align(EN, (ZH[0], *ZH[2:]), lexicon)) == [
            ((0,), (0,)),
            ((1,), ()),
            ((2,), (1,)),
            ((3,), (2,)),
        ]
        assert indices(align((EN[0], *EN[2:]), ZH, lexicon)) == [
            ((0,), (0,)),
            ((), (1,)),
            ((1,), (2,)),
            ((2,), (3,)),
        ]

    def test_one_paragraph_stands_for_all(self, lexicon):
        assert indices(align(EN, ("".join(ZH),), lexicon)) == [((0, 1, 2, 3), (0,))]

    def test_one_side_alone_is_linked_to_nothing(self, lexicon):
        assert [tuple(link) for link in align(EN[:2], (), lexicon)] == [((0,), (), 0.0), ((1,), (), 0.0)]
        assert [tuple(link) for link in align((), ZH[:1], lexicon)] == [((), (0,), 0.0)]
        assert align((), (), lexicon) == ()

    def test_a_good_pair_scores_high(self, lexicon):
        assert all(link.score > 0.95 for link in align(EN[:3], ZH[:3], lexicon))


def test_labels_decide_where_words_are_silent():
    en = ["AIM: a b", "METHODS: c d", "RESULTS: e f"]
    assert indices(align(en, ["目的：甲乙", "结果：丙丁"])) == [((0,), (0,)), ((1,), ()), ((2,), (1,))]


# -- laws --------------------------------------------------------------------------------------------------

one_passage = st.one_of(st.sampled_from([*EN, *ZH, "", "。", "METHODS: 3", "方法：3"]), st.text(max_size=20))
passages = st.lists(one_passage, max_size=7)
lexicons = st.sampled_from([None, LEXICON])


@given(passages, passages, lexicons)
def test_every_passage_of_both_sides_is_in_one_link_in_order(en, zh, lexicon):
    links = align(en, zh, lexicon)
    assert list(chain.from_iterable(link.en for link in links)) == list(range(len(en)))
    assert list(chain.from_iterable(link.zh for link in links)) == list(range(len(zh)))
    assert all(link.en or link.zh for link in links)
    assert all(0 <= link.score <= 1 for link in links)
    assert links == align(en, zh, lexicon)


@given(st.lists(st.tuples(one_passage, one_passage), min_size=1, max_size=12), lexicons)
def test_straight_links_need_no_tables_and_are_the_same_as_with_them(pairs, lexicon):
    finder = Finder([en for en, _ in pairs], [zh for _, zh in pairs], lexicon)
    assert finder.straight() == tuple(finder.link(Bead(at, 1, at, 1)) for at in range(len(pairs)))


WIDE = str.maketrans({",": "，", ":": "：", "(": "（", ")": "）", ";": "；", "?": "？", "!": "！"})


@given(passages, passages, lexicons)
def test_the_width_of_punctuation_does_not_matter(en, zh, lexicon):
    wide = [text.translate(WIDE) for text in zh]
    assert align(en, wide, lexicon) == align(en, zh, lexicon)


def test_ten_thousand_sentences_are_searched_along_the_diagonal_only():
    finder = Finder(["Paste dries."] * 10_000, ["糨糊干了。"] * 9_990, None)
    assert max(map(len, finder.bands)) < 100
    assert sum(map(len, finder.bands)) < 800_000


def test_a_long_text_keeps_step_after_a_dropped_sentence():
    en = [f"In jar {number} the paste dried at {number * 7} degrees." for number in range(400)]
    zh = [f"{number}号罐里的糨糊在{number * 7}度时干燥。" for number in range(400) if number != 123]
    links = align(en, zh, LEXICON)
    expected = {((at,), (at - (at > 123),)) for at in range(400) if at != 123} | {((123,), ())}
    assert set(indices(links)) == expected


# -- sections ----------------------------------------------------------------------------------------------


def text(language, *sections):
    return Text("\n".join(sections), language, Origin.UNKNOWN)


def test_sections_stay_paired_when_one_language_lacks_one():
    rows = rows_of_sections([text("en", *EN), text("zh-Hans", ZH[0], *ZH[2:])])
    assert rows == [(EN[0], ZH[0]), (EN[1], None), (EN[2], ZH[2]), (EN[3], ZH[3])]


def test_sections_that_one_language_merged_are_one_row():
    rows = rows_of_sections([text("en", *EN), text("zh-Hans", ZH[0] + ZH[1], *ZH[2:])])
    assert rows == [(f"{EN[0]}\n{EN[1]}", ZH[0] + ZH[1]), (EN[2], ZH[2]), (EN[3], ZH[3])]


def test_one_paragraph_each_has_no_rows():
    assert rows_of_sections([text("en", "a"), text("zh-Hans", "甲")]) == []
    assert rows_of_sections([text("en", *EN), text("zh-Hans", "".join(ZH))]) == []
    assert rows_of_sections([]) == []


def test_one_language_is_numbered_by_itself():
    assert rows_of_sections([text("en", "a", "b")]) == [("a",), ("b",)]


def test_a_third_language_goes_with_the_one_that_has_as_many_sections():
    rows = rows_of_sections(
        [text("de", "A", "B", "C", "D"), text("en", *EN), text("zh-Hant", ZH[0], *ZH[2:])]
    )
    assert [row[0] for row in rows] == ["A", "B", "C", "D"]
    assert [row[2] for row in rows] == [ZH[0], None, ZH[2], ZH[3]]


def test_a_text_of_one_language_stands_beside_nothing():
    assert by_section(text("en", "a", "b"), None) == [("a", None), ("b", None)]
    assert by_section(None, text("zh", "甲")) == [(None, "甲")]
    assert by_section(None, None) == []


def test_texts_are_shown_sentence_by_sentence_inside_their_sections():
    pairs = by_sentence(LEXICON)(text("en", f"{EN[0]} {EN[3]}", EN[2]), text("zh-Hans", ZH[0] + ZH[3], ZH[2]))
    assert pairs == [(EN[0], ZH[0]), (EN[3], ZH[3]), (EN[2], ZH[2])]


# -- the seed ------------------------------------------------------------------------------------------------


def test_every_sentence_of_seed_003_has_its_chinese_partner(seed_003):
    lexicon = installed()
    if lexicon is None:
        pytest.skip("the extra `dictionary` is not installed: sentences are aligned without its words")
    found = layout(seed_003.read_text(encoding="utf-8"))
    by_part = [
        indices(align(sentences(one.text, "en"), sentences(other.text, "zh"), lexicon))
        for one, other in zip(found.en, found.zh, strict=True)
    ]
    assert by_part == [
        [((0,), (0,)), ((1,), (1,))],
        [((0,), (0,)), ((1,), (1,))],
        [((0,), (0,))],
        [((0,), (0,)), ((1,), (1,)), ((2,), (2,)), ((3,), (3,))],
    ]


def test_the_sentences_of_seed_003_are_paired_across_section_borders_too(seed_003):
    found = layout(seed_003.read_text(encoding="utf-8"))
    en = sentences(" ".join(one.text for one in found.en), "en")
    zh = sentences("".join(one.text for one in found.zh), "zh")
    assert indices(align(en, zh)) == [((at,), (at,)) for at in range(9)]
    dropped = [one for at, one in enumerate(zh) if at != 3]
    assert Counter(len(link.zh) for link in align(en, dropped, installed())) == Counter({1: 8, 0: 1})


# -- scores ---------------------------------------------------------------------------------------------------


def tables(en, zh):
    finder = Finder(en, zh, None)
    longest = max(map(max, finder.shapes))
    units = [Features(*(float(at == one) for at in range(10))) for one in range(10)]
    return finder, [Scores(finder.evidence, unit, finder.bands, longest) for unit in units]


def test_a_score_is_the_weighted_sum_of_the_features():
    finder, features = tables(
        ["It took 12 days.", "Of 7 jars, 3 broke in 12 days."], ["历时12天。", "7罐", "破3罐。"]
    )
    for en, band in enumerate(finder.bands):
        for (en_size, zh_size), starts in finder.steps(en):
            for zh in starts:
                told = [one.row(en, (en_size, zh_size), range(zh, zh + 1))[0] for one in features]
                weighed = sum(weight * one for weight, one in zip(finder.weights, told, strict=True))
                assert finder.score(Bead(en, en_size, zh, zh_size)) == pytest.approx(weighed)
        assert band


def test_a_number_that_two_merged_passages_both_have_counts_once():
    _, features = tables(["It took 12 days."], ["用了12天。", "共12天。"])
    anchors = features[Features._fields.index("anchors")]

    # English: one number of weight 1/2 in two passages, root of 1 + 1/2. Chinese: two of weight 1, root of 1 + 2.
    assert anchors.row(0, (1, 2), range(1)) == [pytest.approx(0.5 / 1.5**0.5 + 2 / 3**0.5)]
