"""A translation is checked against its original: what is wrong is found, named, and no good text is thrown away."""

import collections
import gzip
import json
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.dictionary import installed
from harvester.garble import find_chatter, find_loop, find_mojibake
from harvester.lexicon import Lexicon
from harvester.messages_checks import CHECKS
from harvester.model import Origin
from harvester.quality import Flag, Status, check
from tests.conftest import SHARED

WORDS = Lexicon(
    {
        "图书馆": "library", "糨糊": "paste", "干燥": "to dry/drying", "过程": "process/course", "研究": "study/research", "阅览室": "reading room",
        "湿度": "humidity", "影响": "influence/effect", "我们": "we", "测量": "to measure", "装订": "to bind (books)", "书籍": "books", "强度": "strength",
        "温度": "temperature", "增加": "to increase", "降低": "to reduce/to lower", "时间": "time", "延长": "to prolong/to extend", "结果": "result",
        "表明": "to show/to indicate", "纸张": "paper", "老化": "to age/aging", "淀粉": "starch", "胶": "glue", "粘合": "to glue/to bond", "鱼类": "fish",
        "洄游": "migration (of fish)", "河流": "river", "水坝": "dam", "种群": "population", "数量": "quantity/number", "下降": "to decline", "幼鱼": "young fish",
        "存活率": "survival rate", "上游": "upper reaches/upstream", "潮湿": "damp/moist", "瓶": "bottle/jar", "比较": "to compare", "保存": "to preserve",
        "方法": "method", "适合": "suitable",
    }
)  # fmt: skip
ENGLISH = (
    "We studied the drying of library paste in damp reading rooms. Humidity and temperature were measured in 209 rooms with"
    " the ZQW meter, and again with the ZQW meter after a year. The results show that humidity prolongs the drying time. Starch"
    " glue bonds paper and books with greater strength. Temperature reduces the aging of paper. This method is suitable to"
    " preserve books."
)
CHINESE = (
    "我们研究了图书馆糨糊在潮湿阅览室中的干燥过程。用ZQW仪测量了209间阅览室的湿度和温度，一年后再用ZQW仪测量。结果表明湿度延长干燥时间。"
    "淀粉胶粘合纸张和书籍的强度增加。温度降低纸张老化。这一方法适合保存书籍。"
)
FISH = (
    "水坝影响鱼类在河流中的洄游。比较了上游幼鱼的种群数量，结果表明幼鱼的存活率下降。水坝以上的河流中鱼类数量下降，幼鱼向上游洄游的时间延长。"
    "河流中鱼类种群的数量继续下降，幼鱼的存活率也下降。鱼类洄游受水坝影响。"
)
TITLE, TITLE_ZH = "The drying of library paste in damp reading rooms", "潮湿阅览室中图书馆糨糊的干燥过程"


def verdict(original, translation, field="abstract", origin=Origin.MACHINE, lexicon=WORDS):
    return check(original, translation, field=field, origin=origin, lexicon=lexicon)


def keys(found):
    return [flag.key for flag in found.flags]


# -- good ones -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", list(Origin))
@pytest.mark.parametrize(
    "original, translation, field",
    [
        (ENGLISH, CHINESE, "abstract"),
        (CHINESE, ENGLISH, "abstract"),
        (TITLE, TITLE_ZH, "title"),
        (TITLE_ZH, TITLE, "title"),
    ],
)
def test_a_good_translation_passes_with_nothing_to_say(original, translation, field, origin):
    found = verdict(original, translation, field, origin)
    assert found.status is Status.PASS
    assert found.flags == ()
    assert found.score == 1.0


@pytest.mark.parametrize("name", ["ChatGPT", "COVID-19", "HowNet"])
def test_a_title_that_is_a_name_stays_as_it_is(name):
    assert verdict(name, name, "title").status is not Status.REJECT


# -- what is rejected ----------------------------------------------------------------------------------------

HALF = CHINESE[: len(CHINESE) // 2] + ENGLISH[len(ENGLISH) // 2 :]


@pytest.mark.parametrize(
    "original, translation, field, key",
    [
        (ENGLISH, "", "abstract", "check-empty"),
        (ENGLISH, ENGLISH, "abstract", "check-untranslated"),
        (CHINESE, CHINESE, "abstract", "check-untranslated"),
        (TITLE, TITLE, "title", "check-untranslated"),
        (TITLE_ZH, TITLE_ZH, "title", "check-untranslated"),
        (TITLE, "Das Trocknen von Kleister in feuchten Lesesälen", "title", "check-untranslated"),
        (ENGLISH, HALF, "abstract", "check-half-untranslated"),
        (CHINESE, HALF, "abstract", "check-half-untranslated"),
        (ENGLISH, FISH, "abstract", "check-other-record"),
        (FISH, ENGLISH, "abstract", "check-other-record"),
        (TITLE, "水坝影响鱼类在河流中的洄游", "title", "check-other-record"),
        (ENGLISH, CHINESE[:60], "abstract", "check-cut-off"),
        (CHINESE, ENGLISH[:130], "abstract", "check-cut-off"),
        (ENGLISH, CHINESE + FISH, "abstract", "check-too-much"),
        (ENGLISH, CHINESE[::-1], "abstract", "check-shuffled"),
        (ENGLISH, CHINESE[:40] + "糨糊干燥" * 30, "abstract", "check-loop"),
        (ENGLISH, CHINESE.encode().decode("gbk", "replace"), "abstract", "check-mojibake"),
        (ENGLISH, CHINESE.encode().decode("latin-1"), "abstract", "check-mojibake"),
        (ENGLISH, "以下是翻译：" + CHINESE, "abstract", "check-chatter"),
    ],
)  # fmt: skip
def test_a_damaged_translation_is_rejected_for_its_reason(original, translation, field, key):
    found = verdict(original, translation, field)
    assert found.status is Status.REJECT
    assert found.score < 0.5
    assert key in keys(found)


# -- talk of a language model --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before, after",
    [
        ("Sure! Here is the translation:\n", ""),
        ("Certainly, here's the Chinese version of the abstract:\n\n", ""),
        ("Here is the translated abstract in Simplified Chinese:\n", ""),
        ("Translation: ", ""),
        ("**Translation:** ", ""),
        ("Chinese: ", ""),
        ("Title: ", ""),
        ("As an AI language model, ", ""),
        ("I'm sorry, but I cannot translate this text. ", ""),
        ("Please provide the text you would like translated. ", ""),
        ("```\n", "\n```"),
        ("<think>paste is glue</think>", ""),
        ("", "<|im_end|>"),
        ("", "\n\nLet me know if you need anything else!"),
        ("", "\n\nNote: paste was rendered as 糨糊."),
        ("", "\n（注：ZQW为仪器名）"),
        ("当然，以下是这段文字的中文翻译：\n", ""),
        ("以下為翻譯：", ""),
        ("译文：", ""),
        ("【译文】：", ""),
        ("中文翻译如下：", ""),
        ("标题：", ""),
        ("这是您要的译文：\n", ""),
        ("作为人工智能助手，", ""),
        ("作為一個語言模型，", ""),
        ("很抱歉，我无法完成该请求。", ""),
        ("请提供需要翻译的文本。", ""),
        ("", "\n希望这个翻译对您有帮助！"),
        ("", "\n如果您有其他需要，请随时告诉我。"),
        ("", "\n以上是全文的翻译。"),
    ],
)
def test_what_a_model_says_beside_its_translation_is_found(before, after):
    assert find_chatter(before + CHINESE + after) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Sure independence screening: a study of library paste",
        "Here and there: paste in reading rooms",
        "Translation of library paste manuals into Chinese",
        "A note on paste",
        "Okay Formation: geology of paste",
        "好的糨糊：图书馆研究",
        "作为图书馆材料的糨糊",
        "翻译研究中的糨糊",
        "以糨糊为例",
        "这一方法适合保存书籍",
        "人工智能与图书馆",
        "可以保存的书籍：研究",
    ],
)
def test_a_text_that_only_sounds_like_it_is_not_taken_for_talk(text):
    assert find_chatter(text) is None


def test_an_original_that_talks_so_is_translated_rightly():
    found = verdict("As an AI language model, paste dries", "作为AI语言模型，糨糊干燥", "title")
    assert "check-chatter" not in keys(found)


# -- loops and mojibake --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, unit",
    [("图书馆糨糊糨糊糨糊糨糊", "糨糊"), (CHINESE + "干" * 90, "干"), ("Paste dries. " * 9, "Paste dries.")],
)
def test_a_loop_is_named_by_what_it_repeats(text, unit):
    assert find_loop(text) == unit


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, FISH, TITLE_ZH, "", "-" * 80, "1" * 80, "哈哈"])
def test_real_texts_and_rules_are_no_loops(text):
    assert find_loop(text) is None


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        CHINESE,
        "長短期記憶模型之臺灣圖書館漿糊",
        "Müller & Søn: naïve façade – 5 µm",
        "辻蒾的研究一种新的糨糊与图书馆书籍保存",
    ],
)
def test_real_characters_of_any_kind_are_no_mojibake(text):
    assert find_mojibake(text) is None


# -- what a person should look at ----------------------------------------------------------------------------


def test_a_changed_number_is_named_and_for_review():
    found = verdict(ENGLISH, CHINESE.replace("209", "219"))
    assert found.status is Status.REVIEW
    assert found.flags == (Flag("check-numbers-lost", ("209",)), Flag("check-numbers-added", ("219",)))


def test_a_number_that_is_lost_in_one_sentence_and_stands_in_another_is_named():
    original = ENGLISH.replace("after a year", "after 209 days")
    translation = CHINESE.replace("一年后再", "若干天后再")
    assert keys(verdict(original, CHINESE.replace("一年后再", "209天后再"))) == []
    assert verdict(original, translation).flags == (Flag("check-numbers-lost", ("209",)),)


def test_the_number_of_a_name_may_be_said_less_often():
    original = ENGLISH.replace("ZQW meter", "ZQW-20 meter")
    assert (
        keys(verdict(original, CHINESE.replace("再用ZQW仪", "再用此仪").replace("ZQW仪", "ZQW-20仪"))) == []
    )


def test_a_machine_keeps_every_acronym_people_spell_one_out():
    original = ENGLISH.replace("Starch glue", "Starch glue (SGL)")
    asked = verdict(original, CHINESE)
    assert (asked.status, asked.flags) == (Status.REVIEW, (Flag("check-acronyms-lost", ("SGL",)),))
    assert keys(verdict(original, CHINESE, origin=Origin.HUMAN)) == []


def test_a_letter_with_a_number_is_a_name():
    original = ENGLISH.replace("humidity prolongs", "humidity on D28 prolongs")
    assert Flag("check-acronyms-lost", ("D28",)) in verdict(original, CHINESE).flags


def test_a_lost_acronym_is_named_and_for_review():
    found = verdict(ENGLISH, CHINESE.replace("ZQW", ""))
    assert found.status is Status.REVIEW
    assert found.flags == (Flag("check-acronyms-lost", ("ZQW",)),)


def test_a_missing_sentence_is_shown_and_for_review():
    found = verdict(ENGLISH, CHINESE.replace("结果表明湿度延长干燥时间。", ""))
    assert found.status is Status.REVIEW
    assert found.flags == (
        Flag("check-sentences-lost", ("The results show that humidity prolongs the drying time.",)),
    )


@pytest.mark.parametrize("origin", [Origin.AUTHOR, Origin.PUBLISHER, Origin.UNKNOWN])
@pytest.mark.parametrize(
    "translation, status",
    [
        (CHINESE.replace("209", "219").replace("ZQW", ""), Status.PASS),
        (CHINESE[:60], Status.REVIEW),
        (CHINESE + FISH, Status.REVIEW),
        (FISH, Status.REJECT),
    ],
)
def test_authors_are_free_in_their_own_texts_but_not_of_the_record(translation, status, origin):
    found = verdict(ENGLISH, translation, origin=origin)
    assert found.status is status
    assert found.flags


@pytest.mark.parametrize("original", ["", "12345", "10.5555/12345678"[:7]])
def test_without_words_in_the_original_a_person_decides(original):
    assert verdict(original, CHINESE).flags == (Flag("check-no-original"),)


# -- without the dictionary ----------------------------------------------------------------------------------


def test_without_a_dictionary_a_good_text_passes_and_the_flags_say_what_was_not_checked():
    found = verdict(ENGLISH, CHINESE, lexicon=None)
    assert found.status is Status.PASS
    assert found.flags == (Flag("check-no-dictionary"),)


@pytest.mark.parametrize(
    "translation", [ENGLISH, HALF, CHINESE[:60], CHINESE + FISH + FISH, "译文：" + CHINESE]
)
def test_without_a_dictionary_the_other_detectors_work(translation):
    assert verdict(ENGLISH, translation, lexicon=None).status is Status.REJECT


def test_without_a_dictionary_a_wrong_record_is_not_rejected_on_a_guess():
    assert "check-other-record" not in keys(verdict(ENGLISH, FISH, lexicon=None))


# -- laws ----------------------------------------------------------------------------------------------------

ODD = st.text(
    st.characters()
    | st.sampled_from("糨糊图书馆 paste library 0123，。,.()（）\x00\ud800\udfff\ue000\ufffd😀"),
    max_size=120,
)


@given(
    ODD,
    ODD,
    st.sampled_from(["title", "abstract"]),
    st.sampled_from(list(Origin)),
    st.sampled_from([WORDS, None]),
)
@settings(deadline=None)
def test_no_text_raises_and_status_and_score_agree(original, translation, field, origin, lexicon):
    found = check(original, translation, field=field, origin=origin, lexicon=lexicon)
    assert 0 <= found.score <= 1
    assert (found.score < 0.5) == (found.status is Status.REJECT)
    assert found.flags or found.status is Status.PASS
    for flag in found.flags:
        assert flag.message().text("en")
        assert flag.message().text("zh")


WIDE = str.maketrans(",;:()", "，；：（）")
NARROW = {wide: narrow for narrow, wide in WIDE.items()}


@given(st.sampled_from([CHINESE, FISH, CHINESE[:60], CHINESE + FISH]), st.sampled_from(list(Origin)))
@settings(deadline=None)
def test_the_width_of_punctuation_does_not_count(translation, origin):
    narrow = "".join(
        chr(NARROW.get(ord(one), ord(one))) if ord(one) in NARROW.values() else one for one in translation
    )
    wide, thin = translation.translate(WIDE), narrow.translate({value: key for key, value in WIDE.items()})
    assert verdict(ENGLISH, wide, origin=origin) == verdict(ENGLISH, thin, origin=origin)


def test_traditional_characters_do_not_count():
    traditional = "我們研究了圖書館糨糊在潮濕閱覽室中的乾燥過程。" + CHINESE.split("。", 1)[1]
    assert verdict(ENGLISH, traditional) == verdict(ENGLISH, CHINESE)


@given(st.text(st.characters(codec="utf-8", categories=["Lu", "Ll", "Zs"]), min_size=1).filter(str.strip))
@settings(deadline=None)
def test_an_identical_abstract_is_untranslated(words):
    text = f"The paste dries slowly in damp rooms {words}"
    assert verdict(text, text).status is Status.REJECT


@pytest.mark.parametrize(
    "line", ["a", "a ", "糨", "糨糊，", "1", "1,", "(", "A-", "\ud800", "。", "A1b", "Note: "]
)
def test_a_line_of_a_million_characters_takes_no_longer_than_its_beginning(line):
    text = line * (1_000_000 // len(line))
    began = time.process_time()
    check(ENGLISH, text, field="abstract", origin=Origin.MACHINE, lexicon=WORDS)
    check(text, CHINESE, field="abstract", origin=Origin.MACHINE, lexicon=WORDS)
    assert time.process_time() - began < 2


def test_every_reason_is_in_the_catalogue():
    import harvester.quality as module

    source = Path(module.__file__).read_text(encoding="utf-8")
    assert set(re.findall('"(check-[a-z-]+)"', source)) == CHECKS.keys()


# -- labelled cases ------------------------------------------------------------------------------------------


def cases(name):
    path = SHARED / "bilingual" / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is missing: the labelled cases are not part of the project")
    if installed() is None:
        pytest.skip("the dictionary is missing: install the extra `dictionary`")
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def rejected(pairs):
    """Share of rejected pairs by group; pairs are (group, original, translation, field, origin)."""
    seen, hit = collections.Counter(), collections.Counter()
    for group, original, translation, field, origin in pairs:
        found = check(original, translation, field=field, origin=origin, lexicon=installed())
        seen[group] += 1
        hit[group] += found.status is Status.REJECT
        seen[group, "numbers"] += 1
        hit[group, "numbers"] += any(flag.key.startswith("check-numbers") for flag in found.flags)
    return {group: hit[group] / seen[group] for group in seen}


LEAST = {
    "abstract": {
        "untranslated": 1, "mojibake": 1, "garbage_loop": 1, "garbage_shuffle": 1, "llm_chatter": 1, "half_untranslated": 0.99, "wrong_record": 0.99,
        "truncated": 0.94, "two_records": 0.98,
    },
    "title": {
        "untranslated": 1, "mojibake": 1, "garbage_loop": 1, "garbage_shuffle": 0.985, "llm_chatter": 1, "wrong_record": 0.95,
    },
}  # fmt: skip


@pytest.mark.parametrize("field", ["abstract", "title"])
def test_labelled_damage_is_rejected_and_good_pairs_are_not(field):
    some = [
        case
        for number, case in enumerate(cases("checks"))
        if case["kind"] == field and number % (2 if case["good"] else 7) == 0
    ]
    shares = rejected(
        (
            case["type"],
            case["en"],
            case["zh"],
            field,
            Origin.HUMAN if case["src"] == "human" else Origin.MACHINE,
        )
        for case in some
    )
    assert {kind: shares[kind] for kind, least in LEAST[field].items() if shares[kind] < least} == {}
    assert shares["good"] <= (0.02 if field == "abstract" else 0.045)
    if field == "abstract":
        assert shares["number_changed", "numbers"] >= 0.92
        assert shares["good", "numbers"] <= 0.12


@pytest.mark.parametrize(
    "field, english, chinese", [("abstract", "en", "zh"), ("title", "en_title", "zh_title")]
)
def test_authors_pairs_are_kept_and_neighbours_in_length_are_told_apart(field, english, chinese):
    full = sorted(
        (one for one in cases("parallel") if one[english] and one[chinese]), key=lambda one: len(one[chinese])
    )
    pairs = list(pairwise(full))[::9]
    shares = rejected(
        (group, one[english], which[chinese], field, Origin.AUTHOR)
        for one, other in pairs
        for group, which in (("true", one), ("wrong", other))
    )
    assert shares["wrong"] >= 0.975
    assert shares["true"] <= 0.035
