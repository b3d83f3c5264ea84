"""What is said of works that may be one: the evidence in words, and what people decide."""

from __future__ import annotations

from typing import Final

_FIELDS: Final = {
    "title": ("title", "题名"), "dated": ("place and year", "出处与年份"), "telling": ("weight of the words", "题名的区分度"), "numbers": ("numbers in the title", "题名中的数字"), "parts": ("part or edition", "部分或版次"),
    "marks": ("kind of notice", "文献性质"), "authors": ("authors", "作者"), "year": ("year", "年份"), "container": ("journal", "期刊"),
    "volume": ("volume", "卷"), "issue": ("issue", "期"), "pages": ("pages", "页码"), "abstract": ("abstract", "摘要"), "doi": ("DOI", "DOI"),
    "other_id": ("other identifiers", "其他标识符"), "prior": ("beforehand", "先验"),
}  # fmt: skip
_LEVELS: Final = {
    "same": ("the same", "相同"), "same-short": ("the same, but short", "相同但很短"), "heading": ("the same heading", "相同的栏目名"),
    "very": ("very high", "很高"), "much": ("high", "较高"),
    "near": ("nearly the same", "几乎相同"), "close": ("alike", "相近"), "main": ("one lacks the subtitle", "一者无副题名"), "part": ("one holds the other", "一者包含另一者"),
    "word": ("a word differs", "有一词不同"), "related": ("some words in common", "有部分相同词语"), "translated": ("the same in two languages", "两种语言表述相同"), "foreign": ("in two languages", "语种不同"),
    "unlike": ("unlike", "不同"), "one": ("only one has it", "仅一方有"), "differ": ("differ", "不一致"), "many": ("all of many", "多位作者全部一致"),
    "all": ("all", "全部一致"), "single": ("the only one", "唯一作者一致"), "subset": ("the first of several", "仅第一作者一致"), "member": ("one of several", "其中一位一致"), "most": ("most", "大多一致"),
    "few": ("few", "少数一致"), "none": ("none in common", "无一致"), "next": ("one apart", "相差一年"), "far": ("far apart", "相差很大"),
    "kin": ("of one kind", "同类"), "number": ("one article number", "同一文章编号"), "version": ("two versions", "同一文献的两个版本"),
    "range": ("first and last", "起止页相同"), "page": ("one page", "同一页"), "first": ("the first", "起始页相同"),
    "within": ("one inside the other", "相互包含"), "disjoint": ("apart", "不重叠"), "like": ("alike", "相近"), "any two records": ("any two records", "任意两条记录"),
}  # fmt: skip
_DOUBTS: Final = {
    "one agreement": ("only one thing agrees", "仅一项一致"), "heading": ("a mere heading", "仅为栏目名"), "title": ("the titles differ", "题名不同"),
    "identifier": ("identifiers differ", "标识符不同"), "kind": ("two kinds of publication", "出版类型不同"), "venue": ("two kinds of venue", "刊载处不同"),
    "doi": ("two DOIs", "两个 DOI"), "parts": ("two parts", "不同部分"), "numbers": ("other numbers", "数字不同"), "marks": ("a notice about the other", "为另一文献的声明"),
    "pages": ("other pages", "页码不同"), "volume": ("other volume", "卷不同"), "version": ("two versions", "两个版本"),
    "reprint": ("printed again on other pages", "另页再次刊载"), "untitled": ("one has no title", "一方无题名"),
    "entry": ("two entries of one name", "同名的两个条目"), "preprint": ("a preprint and what came of it", "预印本与正式发表"),
}  # fmt: skip

MATCHES: Final[dict[str, tuple[str, str]]] = {
    **{f"match-field-{name}": words for name, words in _FIELDS.items()},
    **{f"match-level-{name}": words for name, words in _LEVELS.items()},
    **{f"match-doubt-{name}": words for name, words in _DOUBTS.items()},
    "match-reason": ("{field}: {level} ({weight})", "{field}：{level}（{weight}）"),
    "match-pair": (
        "works {work} and {other} may be one ({score}): {reasons}",
        "文献 {work} 与 {other} 可能为同一篇（{score}）：{reasons}",
    ),
    "match-accepted": (
        "works {work} and {other} are one from now on, work {kept}; said by {by}",
        "文献 {work} 与 {other} 今后为同一篇，编号 {kept}；由 {by} 决定",
    ),
    "match-rejected": (
        "works {work} and {other} stay two; said by {by}",
        "文献 {work} 与 {other} 今后保持为两篇；由 {by} 决定",
    ),
    "match-rule": (
        "so it is with all possible matches within {journal}; said by {by}",
        "期刊 {journal} 内的所有可能重复均照此处理；由 {by} 决定",
    ),
    "match-split": (
        "work {work} was taken apart: {works}; said by {by}",
        "文献 {work} 已拆分为 {works}；由 {by} 决定",
    ),
    "match-moved": ("work {old} is now work {work}", "文献 {old} 现为文献 {work}"),
    "match-one-work": (
        "{work} and {other} are one work already; `harvester split` takes a work apart",
        "{work} 与 {other} 已是同一篇文献；可用 harvester split 拆分",
    ),
    "match-identifiers": (
        "works {work} and {other} have different identifiers ({found}); correct these first",
        "文献 {work} 与 {other} 的标识符不同（{found}）；请先更正标识符",
    ),
    "match-kept-apart": (
        "works {work} and {other} cannot be made one: other records or decisions keep them apart",
        "文献 {work} 与 {other} 无法合并：另有记录或决定使其分开",
    ),
    "match-no-journal": (
        "works {work} and {other} do not name one journal, so there is no rule to make",
        "文献 {work} 与 {other} 没有共同的期刊，无法制定规则",
    ),
    "match-journal-field": (
        "--journal is for possible matches, not for translations",
        "--journal 只用于可能重复，不用于译文",
    ),
    "split-one": (
        "all records of work {work} share identifiers or keys, so they stay one work: {records}",
        "文献 {work} 的所有记录共享标识符或来源编号，只能是同一篇：{records}",
    ),
    "split-unknown": (
        "{found} is no record of work {work}; it has {records}",
        "{found} 不是文献 {work} 的记录；它有 {records}",
    ),
}
