"""What is asked first of a text that may be none never hides what the slower questions would find."""

from hypothesis import given
from hypothesis import strategies as st

from harvester import garble

PIECES = (
    "As an AI,", "as a large language model,", "I'm just an AI", "ı am a language model", "Sorry, I cannot", "ſorry, I can't", " translate",
    "could you please provide the full text", "作为一个AI助手，", "作為人工智慧助手，", "我是智能助手。", "抱歉，我无法", "翻译", "我不能处理", "请提供原文",
    "Let me know", "Hope this helps", "If you need any", "İf you need any", "希望这对您有帮助", "如果您需要更多", "请", "如有任何", "欢迎随时提问",
    "以上是译文", "\n译者注：", "Translator’s note:", "\nTranslation notes：", "```", "<think>", "<|end|>", "[/INST]", "## ", "**x**", "\n注：", "\nP.S.:", " ", ".",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_no_expression_for_talk_finds_anything_without_a_sign_of_it(text):
    for expression, signs in garble._SIGNS.items():
        if expression.search(text):
            assert any(sign in garble._small(text) for sign in signs)


@given(st.text("糨糊燊囧�?？Ã©a é", max_size=20))
def test_characters_that_show_mojibake_are_told_in_order_where_they_are_many(text):
    found = garble.find_mojibake(text)
    letters = sum(one.isalpha() and not one.isascii() for one in text)
    shown = sum(one in "燊囧�" for one in text)
    if found is None:
        assert shown < max(2, 0.15 * letters)
    else:
        rare = [one for one in dict.fromkeys(text) if one in "燊囧"]
        assert [one for one in found if one in "燊囧"] == rare
