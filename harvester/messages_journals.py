"""What is said about tables of journals: every message in English and in Chinese."""

from __future__ import annotations

from typing import Final

JOURNALS: Final[dict[str, tuple[str, str]]] = {
    "journals-columns": (
        "line {line}: expected a header with ISSN or journal name and at least one of impact factor, JCR quartile, CAS zone, CSSCI, CSCD, PKU core; found {found}",
        "第 {line} 行：表头应有 ISSN 或刊名，以及影响因子、JCR分区、中科院分区、CSSCI、CSCD、北大核心中至少一项；实为 {found}",
    ),
    "journals-twice": (
        "line {line}: two columns say one thing: {headers}",
        "第 {line} 行：有两列含义相同：{headers}",
    ),
    "journals-faults": ("nothing loaded, mend the table first: {faults}", "未载入，请先改正表格：{faults}"),
    "journals-empty": ("the table has a header and no line", "表格只有表头，没有数据行"),
    "journals-binary": ("{path}: is no text; save the table as CSV", "{path}：不是文本；请另存为 CSV"),
    "journals-unreadable": ("{path}: cannot be read: {error}", "{path}：无法读取：{error}"),
    "journals-as-of": (
        "--as-of is a date such as 2026, 2026-06 or 2026-06-30, not {found!r}",
        "--as-of 应为日期，如 2026、2026-06 或 2026-06-30，而不是 {found!r}",
    ),
    "journals-name": ("--name is empty: what is this table called?", "--name 为空：此表叫什么？"),
    "journals-loaded": (
        "{name} ({as_of}): {lines} journals, {known} of them hold works of the library",
        "{name}（{as_of}）：{lines} 种期刊，其中 {known} 种在文库中有文献",
    ),
    "journals-unknown": ("columns that are not used: {headers}", "未使用的列：{headers}"),
    "journals-removed": ("{name} is removed", "已移除 {name}"),
    "journals-no-table": ("there is no table {name}; known: {known}", "没有名为 {name} 的表；已有：{known}"),
    "journals-none": (
        "no table is loaded: `harvester journals load FILE.csv`",
        "尚未载入任何表：harvester journals load FILE.csv",
    ),
    "label-journal_ranks": ("journal ranks", "期刊等级"),
    "label-impact_factor": ("IF", "影响因子"),
    "label-jcr_quartile": ("JCR", "JCR分区"),
    "label-cas_zone": ("CAS zone", "中科院分区"),
    "label-cssci": ("CSSCI", "CSSCI"),
    "label-cscd": ("CSCD", "CSCD"),
    "label-pku_core": ("PKU core", "北大核心"),
    "label-as_of": ("as of", "截至"),
    "label-licence": ("licence", "许可"),
    "label-lines": ("lines", "行数"),
    "label-loaded_at": ("loaded", "载入时间"),
    "label-name": ("name", "名称"),
}
