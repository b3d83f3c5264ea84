"""What is said about people's corrections: every message in English and in Chinese."""

from __future__ import annotations

from typing import Final

CORRECTIONS: Final[dict[str, tuple[str, str]]] = {
    "set-unknown": (
        "{field!r} is no field that can be corrected; known: {known}",
        "{field!r} 不是可更正的字段；可用：{known}",
    ),
    "set-unknown-near": (
        "{field!r} is no field that can be corrected; did you mean {near}? known: {known}",
        "{field!r} 不是可更正的字段；是否指 {near}？可用：{known}",
    ),
    "set-identifier": (
        "{field} cannot be set: identifiers decide which records make one work; correct them at the source or load a record that has the right one",
        "{field} 不能更正：标识符决定哪些记录属于同一文献；请在来源处更正，或载入带有正确标识符的记录",
    ),
    "set-told-by-services": (
        "{field} cannot be set: it is what a service told on a day, and goes with its source",
        "{field} 不能更正：它是某服务在某日给出的值，随来源而定",
    ),
    "set-by-the-program": (
        "{field} cannot be set: the program writes it itself",
        "{field} 不能更正：由程序自动填写",
    ),
    "set-year": (
        "year cannot be set: set issued, it gives the year",
        "year 不能更正：请更正 issued，年份随之而定",
    ),
    "set-empty": (
        "a correction of {field} to nothing is refused; `harvester unset WORK {field} --by WHO` takes a correction back",
        "不接受把 {field} 更正为空；如需撤销更正，请用 harvester unset WORK {field} --by WHO",
    ),
    "set-nobody": ("--by is empty: who decides?", "--by 为空：由谁决定？"),
    "set-wrong": (
        "{field}: expected {expected}, found {value!r}",
        "{field}：应为 {expected}，实为 {value!r}",
    ),
    "set-impossible": ("{field} {value!r} cannot be: {reason}", "{field} {value!r} 不可能：{reason}"),
    "set-done": (
        "work {work}, {field}: {before} -> {after} (by {by})",
        "作品 {work}，{field}：{before} -> {after}（{by}）",
    ),
    "set-same": (
        "work {work}, {field}: is corrected to this already, nothing written",
        "作品 {work}，{field}：已有同样的更正，未写入",
    ),
    "unset-nothing": (
        "the {field} of work {work} was not corrected by anybody; `harvester history {work}` lists what was",
        "作品 {work} 的 {field} 没有人工更正；harvester history {work} 列出已有的更正",
    ),
    "history-none": (
        "nobody corrected or decided anything about work {work}",
        "作品 {work} 没有人工更正或决定",
    ),
    "review-kind": (
        "--kind is translations or overrides, not {kind}",
        "--kind 只能是 translations 或 overrides，不能是 {kind}",
    ),
    "review-outdated": (
        "{count} corrections under which the sources changed: `harvester review --kind overrides`",
        "有 {count} 项更正之后来源已变：harvester review --kind overrides",
    ),
    "review-outdated-how": (
        "{count} corrections under which the sources changed; `set` the field again to confirm it, `unset` it to believe the sources",
        "有 {count} 项更正之后来源已变；再次 set 以确认，或 unset 以采信来源",
    ),
    "label-by": ("by", "由谁"),
    "label-why": ("why", "原因"),
    "label-decision": ("decision", "决定"),
    "label-old-value": ("old", "旧值"),
    "label-new-value": ("new", "新值"),
    "label-holds": ("holds", "有效"),
    "label-correction": ("correction", "更正"),
    "label-sources-said": ("the sources said", "来源当时"),
    "label-sources-say": ("the sources say", "来源现在"),
    "label-no": ("no", "否"),
    "label-nothing": ("nothing", "无"),
}
