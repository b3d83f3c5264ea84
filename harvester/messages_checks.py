"""What the checks of translations say, in English and Chinese; part of the catalogue in `messages`."""

from __future__ import annotations

from typing import Final

CHECKS: Final[dict[str, tuple[str, str]]] = {
    "check-empty": ("the translation is empty", "译文为空"),
    "check-no-original": ("there is no original to compare with", "没有可供对照的原文"),
    "check-no-dictionary": (
        "no dictionary is installed (extra `dictionary`): whether it is of another record was not checked",
        "未安装词典（可选组件 dictionary）：未检查译文是否属于另一篇文献",
    ),
    "check-mojibake": (
        "the translation was decoded wrongly: {tokens}",
        "译文有乱码：{tokens}",
    ),
    "check-loop": ("the translation says the same over and over: {tokens}", "译文不断重复：{tokens}"),
    "check-chatter": (
        "beside the translation a language model speaks: {tokens}",
        "译文中混有语言模型的话：{tokens}",
    ),
    "check-untranslated": ("the text is not translated", "文本未翻译"),
    "check-half-untranslated": (
        "{tokens} of the translation is still in the language of the original",
        "译文有 {tokens} 仍是原文语言",
    ),
    "check-shuffled": (
        "the Chinese characters form hardly any words",
        "译文的汉字几乎不成词语",
    ),
    "check-other-record": (
        "the words of original and translation have little in common: it may be of another record",
        "原文与译文的词语很少对应：可能属于另一篇文献",
    ),
    "check-cut-off": (
        "the translation is too short and breaks off before the end of the original",
        "译文过短，未译完即中断",
    ),
    "check-too-much": (
        "the translation is too long and says what the original does not: it may hold a second record",
        "译文过长，含有原文没有的内容：可能混入了另一篇文献",
    ),
    "check-numbers-lost": (
        "numbers of the original that the translation has not: {tokens}",
        "原文有而译文没有的数字：{tokens}",
    ),
    "check-numbers-added": (
        "numbers of the translation that the original has not: {tokens}",
        "译文有而原文没有的数字：{tokens}",
    ),
    "check-acronyms-lost": (
        "acronyms and names of the original that the translation has not: {tokens}",
        "原文有而译文没有的缩写或名称：{tokens}",
    ),
    "check-sentences-lost": (
        "sentences of the original that nothing in the translation answers: {tokens}",
        "译文中找不到对应的原文句子：{tokens}",
    ),
}
