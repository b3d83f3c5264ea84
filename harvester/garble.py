"""Texts that are none, whatever they should say: loops, mojibake, talk of a language model, the menu of a web page."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Final

from harvester.language import HAN
from harvester.patterns import pattern
from harvester.text import fold_han

LONGEST: Final = 20_000  # characters that are looked at

# -- loops ---------------------------------------------------------------------------------------------------

_SHORT: Final = 60  # characters; below, repetition is looked for at once
_LONG: Final = 640  # characters
_GRAM: Final = 8
_DISTINCT: Final = 0.8  # share of different runs of 8 characters: real abstracts stay above
_LOOP_SHARE: Final = 0.25  # of the text
_LOOP_LEAST: Final = 6  # characters
_LONGEST_UNIT: Final = 40
_UNIT: Final = pattern(rf"(.{{1,{_LONGEST_UNIT}}}?)\1{{2,}}", re.DOTALL)
_SENTENCE: Final = pattern(r"[^。.!?！？;；\n]{10,}")


def find_loop(text: str) -> str | None:
    """What a text says over and over, for a quarter of its length or more; None if it does not."""
    text = text[:LONGEST]
    least = max(_LOOP_LEAST, math.ceil(_LOOP_SHARE * len(text)))
    # Long texts are looked into at few places; in short ones it is the runs that are few.
    is_long = len(text) >= _LONG
    if not is_long and not _repeats(text):
        return None
    found = _looped(text, least) or _said_often(text, least)
    return found if found is None or not is_long or _repeats(text) else None


def _said_often(text: str, least: int) -> str | None:
    """The sentence that is there three times or oftener, and is so much of the text."""
    sentences = Counter([match.strip() for match in _SENTENCE.findall(text)])
    sentence, times = sentences.most_common(1)[0] if sentences else ("", 0)
    return sentence if times >= 3 and times * len(sentence) >= least else None


def _repeats(text: str) -> bool:
    """Whether so few runs of characters are different that there may be a loop."""
    size, end = len(text), len(text) - _GRAM
    if size > _SHORT:
        return len({text[start : start + _GRAM] for start in range(end)}) <= _DISTINCT * end
    # Six characters of a loop, of a unit that comes three times, have three pairs that were there before.
    return len({text[start : start + 2] for start in range(size - 1)}) <= size - 4


def _looped(text: str, least: int) -> str | None:
    """The unit of a run of `least` characters or more that is one unit three times or oftener."""
    # Whoever looks in at so many places meets every such run while there is enough of it left.
    step = max(1, min(least // 4, least - 3 * _LONGEST_UNIT))
    for place in range(0, len(text), step):
        found = _UNIT.match(text, place)
        if found is None:
            continue
        start, size = place, len(found[1])
        while start and text[start - 1] == text[start - 1 + size]:
            start -= 1
        if found.end() - start >= least and any(map(str.isalpha, found[1])):
            return text[start : start + size].strip()
    return None


# -- characters ----------------------------------------------------------------------------------------------

_HAN: Final = pattern(f"[{HAN}]")
_HAN_RUN: Final = pattern(f"[{HAN}]+")
_NO_TEXT: Final = "\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff"
_LEADING: Final = "ÂÃÄÅåäæçèéã"  # what the first byte of a Han character in UTF-8 is in Latin-1
_BROKEN: Final = pattern(f"[{_NO_TEXT}]|[{_LEADING}][\xa0-\xbf€-™ŒœŠšŽžƒˆ˜]+")
_SUSPECT: Final = pattern(f"[{_NO_TEXT}{_LEADING}?？]")
_QUESTIONS: Final = pattern(r"[?？]{3,}")
_BROKEN_SHARE: Final = 0.15  # of the letters beyond ASCII: real texts reach 0.01, mojibake 0.2 and more
_ASCII: Final = dict.fromkeys(range(0x80))


@cache
def _common_han() -> frozenset[str]:
    """The 6763 characters of GB 2312, which simplified (or folded) Chinese is written with."""
    pairs = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode("gb2312", "ignore") for pair in pairs))


def find_mojibake(text: str) -> tuple[str, ...] | None:
    """The characters that show a text to be decoded wrongly: rare Han, private use, U+FFFD; None if it reads well."""
    text = text[:LONGEST]
    if text.isascii() and "?" not in text and text.isprintable():
        return None
    characters = set(text)
    if characters <= _HARMLESS:
        return None
    suspects = [one for one in characters if _SUSPECTS[one]]
    if not suspects:
        _HARMLESS.update(characters)
        return None
    rare = list(filter(_HAN.match, suspects))
    broken = _BROKEN.findall(text) + _QUESTIONS.findall(text) if len(rare) < len(suspects) else []
    count = sum(map(len, broken)) + sum(map(text.count, rare))
    # Han alone are letters enough for most texts: the rest is counted slowly.
    if count < 2 or count < _BROKEN_SHARE * len("".join(_HAN_RUN.findall(text))):
        return None
    letters = sum(map(str.isalpha, text.translate(_ASCII))) or 1
    if count < _BROKEN_SHARE * letters:
        return None
    return tuple(dict.fromkeys(broken + sorted(rare, key=text.index)))[:8]


class _Suspects(dict[str, bool]):
    """Whether a character may be one that shows it."""

    def __missing__(self, character: str) -> bool:
        is_rare = bool(_HAN.match(character)) and not {character, fold_han(character)} & _common_han()
        self[character] = found = is_rare or bool(_SUSPECT.match(character))
        return found


_SUSPECTS: Final = _Suspects()
_HARMLESS: Final = set[str]()  # characters that were met, and show nothing


# -- talk ----------------------------------------------------------------------------------------------------

_EDGE: Final = 400  # characters at either end where a model talks
_LANGUAGES: Final = "(?:simplified |traditional |mandarin )?(?:chinese|english)"
_MODEL: Final = pattern(
    r"(?i)\bas an? (?:\w+ )?(?:AI|artificial intelligence|(?:large )?language model)(?: \w+){0,3}?,"
    r"|\bI(?: a|')m (?:just |only )?an? (?:AI|(?:large )?language model)\b"
    r"|(?:作[为為]|我是)(?:一[个個名种種款])?(?:(?:AI|人工智[能慧])(?:大?型?(?:[语語]言)?模型|助手|助理|程序)|大?型?[语語]言模型|智能助手)[^。\n]{0,12}?[，,。]"
    r"|(?:由|您好，?)我是[^。\n]{0,12}(?:模型|助手)"
)
_REFUSAL: Final = pattern(
    r"(?i)\b(?:sorry|apologi[sz]e|unfortunately)\b[^.\n]{0,40}\bI\b[^.\n]{0,12}(?:can(?:no|')t|can not|could not|unable|not able)"
    r"|\bI(?: a|')?m?\s?(?:can(?:no|')t|can not|unable to|not able to) (?:translate|assist|help|provide|fulfil|complete|process)"
    r"|\b(?:please|could you)(?: please)? (?:provide|share|paste|send|give)(?: me)?(?: with)? (?:the|your) [^.\n]{0,30}"
    r"(?:text|title|abstract|content|passage)"
    r"|(?:抱歉|对不起|對不起|不好意思)[，,！!。\s]{0,2}(?:但|我|作[为為]|本|由于|目前|这|這|该|您|無法|无法)"
    r"|我(?:目前|暂时|暫時)?(?:无法|無法|不能|没法|没有办法)(?:为您|為您|直接|继续|帮您)?(?:翻[译譯]|提供|完成|协助|協助|回答|处理|處理|理解)"
    r"|[请請](?:您)?(?:提供|给出|給出|输入|輸入|粘贴|发送)(?:一下)?(?:需要|要|您|想|完整)[^。\n]{0,16}(?:文本|内容|內容|原文|标题|標題|摘要|文字)"
)
_OPENING: Final = pattern(
    r"(?i)\s*[\"“*#>\[【(（]*(?:"
    r"(?:sure|certainly|of course|okay|ok|absolutely|great|no problem)\s?[,.!，！。](?:[^.:：\n]{0,80}(?:[:：]|[.!]\s|\n))?"
    rf"|(?:here(?:'s|’s| is| are)|below is|the following is|this is)[^.\n]{{0,60}}(?:translat|\bversion\b|\b{_LANGUAGES}\b)[^.\n]{{0,60}}?[:：]"
    rf"|(?:the )?(?:{_LANGUAGES} )?(?:translation|translated (?:text|title|abstract|version)|rendering)"
    rf"(?: (?:of|in|into|to) [^:\n]{{1,40}}| is| reads)?(?: as follows)?[*\"”\]】)]*\s?[:：]"
    rf"|(?:title |abstract )?(?:in )?{_LANGUAGES}(?: (?:title|abstract|version|text))?[*\]】)]*\s?[:：]"
    r"|(?:title|[标標][题題]|[题題]目|篇名)[*\]】)]*\s?[:：]"
    r"|(?:assistant|model|output|answer|response|target)\s?[:：]"
    r"|(?:好的?|好吧|当然|當然|没问题|沒問題|可以|明白了?|收到|您好|你好)[，,。！!：:\s][^。\n]{0,40}(?:翻[译譯]|[译譯]文|[：:])"
    r"|(?:以下|下面|下列|如下|[这這](?:里|裡)?|[这這]段|[该該])[^。，,\n]{0,20}(?:翻[译譯]|[译譯]文|[译譯]本|中文版|英文版)[^。\n]{0,20}?[：:。\n]"
    r"|(?:[标標][题題]|摘要|全文|原文|文本|上述|中文|英文|[简簡繁][体體]中文)?(?:的)?(?:中文|英文|[简簡繁][体體]中文)?(?:翻[译譯]|[译譯]文|[译譯]本|中[译譯]|英[译譯])"
    r"(?:文本|结果|結果|内容|內容|版本|后|為|为|成|中文|英文|如下|是|的)*[*\]】)）”]*\s?(?:[：:]|如下)"
    r"|(?:中文|英文)(?:版本?|标题|標題|摘要|翻[译譯])?[*\]】)）]*\s?[：:]"
    r"|根据您(?:的|提供)|根據您(?:的|提供)|按照您的"
    r")"
)
_CLOSING: Final = pattern(
    r"(?i)\b(?:let me know|feel free to|(?:I )?hope (?:this|that|it) helps|if you (?:need|have|would like) (?:any|further|more|me|another|a)\b[^.\n]{0,60})"
    r"|希望(?:[这這]|以上|上述|我的|[对對]您)[^。\n]{0,20}(?:[帮幫]助|有用)"
    r"|如(?:果)?(?:您|你)?(?:有|需要?|还有|還有)(?:任何|其他|其它|进一步|進一步|更多|别的)[^。\n]{0,30}(?:[请請]|[欢歡]迎|告[诉訴]|提出|[联聯][系繫])"
    r"|(?:[请請]|欢迎)(?:随时|隨時)(?:告[诉訴]|提[问問出]|[联聯][系繫])"
    r"|(?:以上|上述)(?:就)?(?:是|为|為)[^。\n]{0,24}(?:翻[译譯]|[译譯]文)"
    r"|(?:^|\n)\s*[*（(【\[]*(?:translator['’]?s? notes?|translation notes?|翻[译譯](?:说明|說明)|[译譯](?:者)?[注註])[*）)】\]]*\s?[:：]"
)
_MARKS: Final = pattern(
    r"```|</?(?:think|translation|answer|output|response|assistant|target|source|s)>|<\|[^|\n]{1,30}\|>|\[/?INST\]"
    r"|\A\s*#{1,6}\s|\*\*[^*\n]{1,80}\*\*"
)
_NOTE: Final = pattern(
    r"(?i)\n\s*[*（(【\[]*(?:notes?|p\.?s\.?|remarks?|[注註]|[备備][注註]|[说說]明|提示)[*）)】\]]*\s?[:：]"
)


# One of these, small, is in every text that an expression finds; asking for all of them is many times as fast.
_SIGNS: Final[dict[re.Pattern[str], tuple[str, ...]]] = {
    _MODEL: ("language model", "artificial intelligence", " ai ", " ai,", "i am", "i'm", "作为", "作為", "我是"),
    _REFUSAL: (
        "sorry", "apologi", "unfortunately", "cannot", "can't", "can not", "unable to", "not able to", "please", "could you",
        "抱歉", "对不起", "對不起", "不好意思", "我无法", "我無法", "我不能", "我没", "我目前", "我暂时", "我暫時", "请", "請",
    ),
    _CLOSING: (
        "let me know", "feel free to", "hope th", "hope it", "if you ", "translat", "希望", "如有", "如需", "如您", "如你", "如还", "如還",
        "如果有", "如果需", "如果您", "如果你", "如果还", "如果還", "随时", "隨時", "译", "譯",
    ),
    _MARKS: ("```", "<", "inst]", "#", "**"),
    _NOTE: ("\n",),
}  # fmt: skip
# What `re.IGNORECASE` takes for an ASCII letter, and `str.lower` does not.
_ODD_LETTERS: Final = (("ſ", "s"), ("ı", "i"), ("İ", "i"))


def find_chatter(text: str) -> str | None:
    """What a language model says beside its translation ("Sure, here is ...", "以下是翻译："); None if nothing."""
    head, tail = text[:_EDGE], text[-_EDGE:]
    if found := _OPENING.match(head):
        return found[0].strip()[:_SHORT]
    at_start, at_end = (_MODEL, _REFUSAL), (_MODEL, _REFUSAL, _CLOSING, _MARKS, _NOTE)
    if len(text) <= _EDGE:
        return _talk(head, (*at_start, *at_end[2:]))
    return _talk(head, at_start) or _talk(tail, at_end) or _talk(head, (_MARKS,))


def _talk(part: str, expressions: Sequence[re.Pattern[str]]) -> str | None:
    """What the first of the expressions finds that finds anything."""
    small = _small(part)
    for expression in expressions:
        if any(map(small.__contains__, _SIGNS[expression])) and (found := expression.search(part)):
            return found[0].strip()[:_SHORT]
    return None


def _small(text: str) -> str:
    if not text.isascii():
        for odd, letter in _ODD_LETTERS:
            text = text.replace(odd, letter)
    return text.lower()


# -- menus ---------------------------------------------------------------------------------------------------

_MENU: Final = pattern(
    r"(?i)\b(?:home ?page|home|about(?: us| the journal)?|log ?in|log ?out|sign (?:in|up|out)|register|(?:advanced )?search|contact(?: us)?"
    r"|current(?: issue)?|archives?|announcements?|help|faqs?|site ?map|privacy(?: policy)?|terms (?:of use|and conditions|of service)"
    r"|cookies?(?: policy| settings)?|subscribe|subscriptions?|my account|(?:shopping )?cart|(?:main )?menu|skip to (?:main )?content|browse"
    r"|journals?|books?|news|download(?:s| pdf)?|pdf|full text|share|tweet|facebook|twitter|print|e-?mail|english|chinese|copyright"
    r"|all rights reserved|editorial (?:board|team)|submit(?: (?:a |your )?(?:manuscript|paper))?|submissions?|(?:information )?for (?:authors|readers|reviewers"
    r"|librarians)|user ?name|password|remember me|font size|accessibility|careers|feedback|next|previous|back to top)\b"
    r"|(?:网站|網站)?(?:首页|首頁)|主页|登[录錄入]|注册|註冊|(?:高级|高級)?(?:检索|檢索|搜索|查询|查詢)|(?:联系|聯繫|关于|關於)我们?們?|(?:在线|線上)?投稿(?:指南|须知|須知)?"
    r"|编委会|編委會|(?:期刊|本刊)(?:介绍|簡介|简介)|过刊(?:浏览|目录)|(?:当期|最新)(?:目录|录用)|下载(?:中心)?|下載|留言板?|网站地图|帮助|幫助|返回(?:顶部|首页)?"
    r"|(?:加入)?收藏|分享|打印|全文|作者登录|审稿登录|编辑登录|版权所有|版權所有|设为首页|导航|菜单|选单|友情链接|English|中文版?"
)
# Most texts have hardly any of these, and every menu some.
_MENU_SIGNS: Final = (
    "home", "login", "log in", "sign in", " search", "contact us", "register", "archives", "menu", "privacy", "cookie", "username", "browse", "首页", "首頁", "登录", "登錄", "登入", "联系", "聯繫",
    "投稿", "检索", "搜索", "編委", "编委", "下载", "版权", "注册",
)  # fmt: skip
_MENU_SIGNS_LEAST: Final = 3
_MENU_LOOKED_AT: Final = 1_000  # characters
_MENU_ENTRIES: Final = 5
_MENU_SHARE: Final = 0.5  # of the letters; abstracts stay below a fifth


def find_menu(text: str) -> tuple[str, ...] | None:
    """The entries of a web page's menu that a text is for the most part; None for any other text."""
    head = text[:_MENU_LOOKED_AT].lower()
    if sum(map(f" {head}".__contains__, _MENU_SIGNS)) < _MENU_SIGNS_LEAST:
        return None
    found = [match[0] for match in _MENU.finditer(head)]
    entries = tuple(dict.fromkeys(found))
    if len(entries) < _MENU_ENTRIES:
        return None
    letters = sum(map(str.isalpha, head))
    return entries if sum(map(len, found)) >= _MENU_SHARE * letters else None
