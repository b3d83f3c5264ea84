"""What is said about the library file itself: every message in English and in Chinese."""

from __future__ import annotations

from typing import Final

UPKEEP: Final[dict[str, tuple[str, str]]] = {
    "store-upgraded": (
        "the library was of schema {found} and has been brought up to date; as it was before it is kept as {backup}, which you may delete",
        "文库原为架构 {found}，现已升级；升级前的副本保存为 {backup}，确认无误后可删除",
    ),
    "schema-form": (
        "the schema has no form {form!r}; known: {known}",
        "架构没有 {form!r} 这种形式；可用：{known}",
    ),
    "label-revision": ("revision", "修订号"),
    "label-what": ("what", "变化"),
    "label-now_id": ("is now work", "现为文献"),
    "changes-all": (
        "{count} changes; you know all up to revision {revision}",
        "{count} 处变化；已知至修订号 {revision}，没有更多",
    ),
    "changes-more": (
        "{count} changes, and there are more: go on with --since {revision}",
        "{count} 处变化，还有更多：请用 --since {revision} 继续",
    ),
}
