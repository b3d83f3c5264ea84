"""What is said about translation engines and their work: every message in English and in Chinese."""

from __future__ import annotations

from typing import Final

TRANSLATION: Final[dict[str, tuple[str, str]]] = {
    # -- translation engines -----------------------------------------------------------------------------
    "engine-unknown": (
        "no translation engine is called {name}; known are {known}",
        "没有名为 {name} 的翻译引擎；可用：{known}",
    ),
    "engine-none": (
        "no translation engine is chosen: set translate.engine in config.toml to one of {known}",
        "未选择翻译引擎：请在 config.toml 中将 translate.engine 设为 {known} 之一",
    ),
    "engine-no-key": (
        "{engine} needs a key: set {variable} in the environment",
        "{engine} 需要密钥：请设置环境变量 {variable}",
    ),
    "engine-no-model": (
        "{engine} needs the name of a model: set translate.model in config.toml",
        "{engine} 需要模型名称：请在 config.toml 中设置 translate.model",
    ),
    "engine-no-extra": (
        "{engine} is not installed: pip install 'harvester[ctranslate2]'",
        "未安装 {engine}：请运行 pip install 'harvester[ctranslate2]'",
    ),
    "engine-no-folder": (
        "{path} is no folder of a CTranslate2 model: {missing}",
        "{path} 不是 CTranslate2 模型文件夹：{missing}",
    ),
    "engine-language": (
        "the model of {engine} does not know the language {language}",
        "{engine} 的模型不支持语言 {language}",
    ),
    "engine-refused": (
        "{engine} refuses us (status {status}): check the key",
        "{engine} 拒绝访问（状态 {status}）：请检查密钥",
    ),
    "engine-unavailable": (
        "{engine} does not translate now (status {status}), deferred",
        "{engine} 暂不可用（状态 {status}），推迟",
    ),
    "engine-says": ("{engine} answers with status {status}: {words}", "{engine} 返回状态 {status}：{words}"),
    "engine-no-answer": (
        "{engine} answered with no translation: {found}",
        "{engine} 的应答不是译文：{found}",
    ),
    "engine-wrong-count": (
        "{engine} gave {found} texts for {expected}",
        "{engine} 对 {expected} 段文字返回了 {found} 段",
    ),
    "engine-empty": ("{engine} gave an empty translation", "{engine} 返回了空译文"),
    "engine-cut-short": ("{engine} cut its translation short", "{engine} 的译文被截断"),
    "engine-declined": ("{engine} declined to translate", "{engine} 拒绝翻译"),
    "engine-budget": (
        "the month's budget of {budget} is spent, the rest is deferred",
        "本月预算 {budget} 已用完，其余推迟",
    ),
    "translate-field": (
        "{field!r} is no field to translate; title and abstract are",
        "{field!r} 不是可翻译的字段；可用 title 与 abstract",
    ),
    "translate-target": (
        "{target!r} is no language to translate into; zh-Hans, zh-Hant and en are",
        "{target!r} 不是可用的目标语言；可用 zh-Hans、zh-Hant 与 en",
    ),
    "translate-done": (
        "{wanted} texts wanted: {found} translated, {malformed} refused by the checks, {deferred} deferred, {refused} refused; {characters} characters sent, cost {cost}",
        "需翻译 {wanted} 段：已译 {found}，未通过检查 {malformed}，推迟 {deferred}，被拒 {refused}；发送 {characters} 字符，费用 {cost}",
    ),
    "translate-preview": (
        "{texts} texts in {segments} segments, {remembered} of them in memory; {characters} characters to send, cost {cost}, budget left {left}",
        "{texts} 段文字，{segments} 个片段，其中 {remembered} 个已在记忆库；将发送 {characters} 字符，费用 {cost}，剩余预算 {left}",
    ),
    "glossary-missing": ("{path}: this glossary cannot be read: {error}", "{path}：无法读取术语表：{error}"),
    "tmx-unreadable": ("no TMX file: {error}", "不是 TMX 文件：{error}"),
    "glossary-line": (
        "{path}:{line}: a glossary line has two columns, source term and target term",
        "{path}:{line}：术语表每行应有两列：原文术语与译文术语",
    ),
    # -- review ----------------------------------------------------------------------------------------------
    "review-field": (
        "{field!r} is no field to review; title and abstract are",
        "{field!r} 不是可审核的字段；可用 title 与 abstract",
    ),
    "review-nothing": (
        "nothing is doubtful about the {field} of work {work}",
        "作品 {work} 的 {field} 没有待审核的译文",
    ),
    "review-done": (
        "work {work}, {field}: {word}ed by {by}",
        "作品 {work} 的 {field}：已由 {by} 处理（{word}）",
    ),
    "review-none": ("nothing to review", "没有待审核的内容"),
    "review-count": ("{count} to review", "待审核 {count} 项"),
}
