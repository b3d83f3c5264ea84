"""What is said about documents: every message in English and in Chinese."""

from __future__ import annotations

from typing import Final

DOCUMENTS: Final[dict[str, tuple[str, str]]] = {
    # -- JSON documents, envelopes, lists of identifiers ------------------------------------------------
    "json-broken": (
        "no valid JSON, character {offset} of the value: {what}",
        "JSON 无效，值的第 {offset} 个字符处：{what}",
    ),
    "json-too-large": (
        "one value or line is longer than {limit} characters: passed over",
        "单个值或单行超过 {limit} 个字符：已跳过",
    ),
    "json-too-deep": ("nested deeper than {limit} levels", "嵌套超过 {limit} 层"),
    "json-open-array": ("the array is not closed: is the file cut off?", "数组没有结束：文件是否被截断？"),
    "json-unknown-object": (
        "an object of no known kind; an envelope has keys such as {expected}, found {found}",
        "未知类型的对象；聚合信封应有 {expected} 等键，实有 {found}",
    ),
    "envelope-odd-value": (
        "{field}: expected {expected}, found {found}; kept as it came, not used",
        "{field}：应为 {expected}，实为 {found}；原样保留，未采用",
    ),
    "envelope-bad-doi": ("{field}: {found} holds no DOI", "{field}：{found} 不含 DOI"),
    "envelope-two-dois": (
        "{field}: {found} is another DOI than {used}; the first is used",
        "{field}：{found} 与 {used} 不是同一 DOI；采用前者",
    ),
    "envelope-inner-broken": (
        "resultStr is no JSON object ({found}); kept as it came, the rest is used",
        "resultStr 不是 JSON 对象（{found}）；原样保留，其余内容照常使用",
    ),
    "envelope-inner-deep": (
        "resultStr is nested deeper than {limit} levels; the outer levels are used",
        "resultStr 嵌套超过 {limit} 层；只使用外层",
    ),
    "envelope-empty": (
        "an envelope with no title, no abstract and no identifier",
        "信封中没有标题、摘要和标识符",
    ),
    "envelope-line-differs": (
        "this line says something else than {what} of the record: not used: {found}",
        "此行与记录的{what}不一致，未采用：{found}",
    ),
    "envelope-line-unused": (
        "this line belongs to no field: not used: {found}",
        "此行不属于任何字段，未采用：{found}",
    ),
    "doi-list-none": ("no identifier in this line: {found}", "此行没有标识符：{found}"),
    # -- documents as a whole ------------------------------------------------------------------------------
    "document-unreadable": ("cannot be read ({error})", "无法读取（{error}）"),
    "document-unchanged": (
        "unchanged since it was read on {day} ({count} records); not read again",
        "自 {day} 读取以来未变（{count} 条记录），未再读取",
    ),
    "document-reader-died": (
        "the process that read it was ended by {signal} (too little memory?); what was read is stored, load it again for the rest",
        "读取它的进程被 {signal} 终止（内存不足？）；已读部分已保存，请重新载入其余部分",
    ),
    "folder-empty": ("{path}: the folder holds no documents", "{path}：文件夹中没有文档"),
    "document-empty": ("is empty: nothing to load", "文件是空的：没有可载入的内容"),
    "document-binary": (
        "is no text (binary, or an encoding other than UTF-8, UTF-16, GB18030 and Big5); export it as UTF-8",
        "不是文本（二进制文件，或编码不是 UTF-8、UTF-16、GB18030、Big5）；请另存为 UTF-8",
    ),
    "document-unknown": (
        "is of no known format (JSON envelopes, PubMed-like text, a list of identifiers)",
        "格式无法识别（可用：JSON 信封、PubMed 式文本、标识符列表）",
    ),
    # -- tagged files of reference managers --------------------------------------------------------------
    "tagged-no-title": (
        "a {format} entry without title and without identifier",
        "{format} 条目既无题名也无标识符",
    ),
    "table-broken": ("the table cannot be read on: {error}", "表格自此无法读取：{error}"),
    "table-cells": (
        "a row of {found} cells under {expected} headings",
        "该行有 {found} 格，表头只有 {expected} 列",
    ),
    "odd-shared-doi": (
        "DOI {found} stands on unlike titles: only the first keeps it",
        "DOI {found} 出现在不同题名上：仅第一条保留",
    ),
    "odd-many-titles": (
        "DOI {found} is on many unlike titles in the library: not taken as evidence",
        "DOI {found} 在库中出现在多个不同题名上：不作为依据",
    ),
    "odd-pages": ("pages {found!r} say nothing", "页码 {found!r} 无意义"),
    "odd-title": ("the title {found!r} is a DOI", "题名 {found!r} 是 DOI"),
    "odd-crowd": ("{count} authors: only the first are compared", "作者 {count} 人：仅比较前面若干人"),
    "odd-nobody": ("the author {found!r} is nobody", "作者 {found!r} 不是人名"),
    "tagged-issn": ("ISSN {found} is none: its check digit is wrong", "ISSN {found} 无效：校验位不对"),
    "tagged-date": ("date {found!r} cannot be read", "日期 {found!r} 无法识别"),
    "tagged-doi": ("DOI {found!r} is none", "DOI {found!r} 无效"),
    "tagged-junk": ("line between records, not used: {found}", "记录之间的行，未使用：{found}"),
    # -- documents and replies ---------------------------------------------------------------------------
    "not-an-object": (
        "expected an object, found {found}",
        "此处应为 JSON 对象，实为 {found}",
    ),
    # -- PubMed-like text ------------------------------------------------------------------------------------
    "text-too-large": (
        "larger than {limit}: not read; cut it into several files",
        "超过 {limit}，未读取；请拆成几个文件",
    ),
    "text-no-citation": (
        "found no citation line such as 'J Foo. 2025 Jun;35(2):356-365.' and no DOI",
        "没有找到引文行（如 J Foo. 2025 Jun;35(2):356-365.），也没有 DOI",
    ),
    "text-line-unused": ("line belongs to no field: {start!r}", "此行不属于任何字段：{start!r}"),
}
