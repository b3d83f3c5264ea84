"""What searching says, in English and Chinese; part of the catalogue in `messages`."""

from __future__ import annotations

from typing import Final

SEARCH: Final[dict[str, tuple[str, str]]] = {
    "search-quote": (
        "the quotation mark at character {at} of the query is never closed; a phrase stands between two",
        "检索式第 {at} 个字符处的引号没有配对；短语应放在一对引号之间",
    ),
    "search-or": (
        'OR at character {at} of the query: expected something to look for on either side (the word is written "OR")',
        '检索式第 {at} 个字符处的 OR：两边都应有检索内容（若要检索 OR 这个词，请写作 "OR"）',
    ),
    "search-only-excluded": (
        "{query}: only tells what to leave out; expected a word or a field to look for beside it",
        "{query}：只说明了要排除的内容；还应给出要检索的词或字段",
    ),
    "search-no-value": (
        "field {field} at character {at} of the query: expected a value right behind the colon, such as {example}",
        "检索式第 {at} 个字符处的字段 {field}：冒号后应紧跟取值，如 {example}",
    ),
    "search-bad-year": (
        "field {field} at character {at} of the query: expected 2016, 2010..2020, 2010.. or ..2020, found {value}",
        "检索式第 {at} 个字符处的字段 {field}：应为 2016、2010..2020、2010.. 或 ..2020，实为 {value}",
    ),
    "search-bad-lang": (
        "field {field} at character {at} of the query: expected a language such as zh, zh-Hant, en or ja, found {value}",
        "检索式第 {at} 个字符处的字段 {field}：应为语言代码，如 zh、zh-Hant、en 或 ja，实为 {value}",
    ),
    "search-bad-origin": (
        "field {field} at character {at} of the query: expected one of {known}, found {value}",
        "检索式第 {at} 个字符处的字段 {field}：应为 {known} 之一，实为 {value}",
    ),
    "search-bad-source": (
        "field {field} at character {at} of the query: expected one of {known}, found {value}",
        "检索式第 {at} 个字符处的字段 {field}：应为 {known} 之一，实为 {value}",
    ),
    "search-bad-doi": (
        "field {field} at character {at} of the query: expected a DOI such as 10.5555/12345678 or 10.5555/*, found {value}",
        "检索式第 {at} 个字符处的字段 {field}：应为 DOI，如 10.5555/12345678 或 10.5555/*，实为 {value}",
    ),
    "search-did-you-mean": ("did you mean: {query}", "您要找的是否为：{query}"),
}
