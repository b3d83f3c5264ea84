"""Everything the program says to people, in English and Chinese: one catalogue, one line a message.

A message is a key and its values; it becomes text only where it is shown, in the reader's language.
The key is also the name under which skips and outcomes are counted.
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from harvester.messages_checks import CHECKS
from harvester.messages_corrections import CORRECTIONS
from harvester.messages_doctor import DOCTOR
from harvester.messages_documents import DOCUMENTS
from harvester.messages_journals import JOURNALS
from harvester.messages_matches import MATCHES
from harvester.messages_relations import RELATION_MESSAGES
from harvester.messages_search import SEARCH
from harvester.messages_sources import SOURCES
from harvester.messages_translation import TRANSLATION
from harvester.messages_upkeep import UPKEEP

Lang = Literal["en", "zh"]

CATALOGUE: Final[dict[str, tuple[str, str]]] = {
    # -- identifiers ---------------------------------------------------------------------------------------
    "no-doi": (
        "expected one DOI such as 10.5555/12345678, found {raw!r}",
        "应为一个 DOI（如 10.5555/12345678），实为 {raw!r}",
    ),
    "no-identifier": (
        "expected one DOI, PMID, PMCID or arXiv id, found {raw!r}",
        "应为一个 DOI、PMID、PMCID 或 arXiv 编号，实为 {raw!r}",
    ),
    # -- commands ------------------------------------------------------------------------------------------
    "lang-unknown": ("--lang is en or zh, not {lang}", "--lang 只能是 en 或 zh，不能是 {lang}"),
    "format-unknown": (
        "format {name} is unknown; known: {known}",
        "不认识格式 {name}；可用：{known}",
    ),
    "lookup-nothing": (
        "no identifier given; name DOIs, or pipe text that holds them to `harvester lookup -`",
        "没有给出标识符；请写出 DOI，或把含有 DOI 的文本传给 harvester lookup -",
    ),
    "not-an-identifier": ("  {text}: is no identifier", "  {text}：不是标识符"),
    "no-sources": (
        "no source is enabled; nothing can be asked (see [sources] in config.toml)",
        "没有启用任何来源，无法查询（见 config.toml 的 [sources]）",
    ),
    "no-such-work": (
        "{what} is neither a work id nor an identifier; `harvester search` finds works by words",
        "{what} 既不是文献编号也不是标识符；可用 harvester search 按词查找",
    ),
    "not-in-library": (
        "{what} is not in the library; `harvester lookup {what}` asks the sources",
        "文库中没有 {what}；可用 harvester lookup {what} 向各来源查询",
    ),
    "several-works": (
        "{what} is borne by several works: {ids}; name one of them",
        "{what} 属于多篇文献：{ids}；请指定其中一篇",
    ),
    "search-nothing": (
        "{query}: holds no letter, digit or Chinese character to search for",
        "{query}：没有可检索的字母、数字或汉字",
    ),
    "search-years": (
        "--year is 2016, 2010..2020, 2010.. or ..2020, not {years}",
        "--year 可写作 2016、2010..2020、2010.. 或 ..2020，不能是 {years}",
    ),
    "bad-condition": (
        "--where {condition}: {error}; `harvester schema` lists the columns",
        "--where {condition}：{error}；harvester schema 会列出各列",
    ),
    "found-works": ("{count} works", "共 {count} 篇"),
    "remerged": ("{count} works changed", "有 {count} 篇文献发生变化"),
    "would-change": ("{count} works would change", "将有 {count} 篇文献发生变化"),
    "preview": (
        "{count} identifiers; at least {seconds} seconds, since services are asked side by side",
        "共 {count} 个标识符；各服务并行查询，至少需要 {seconds} 秒",
    ),
    "label-requests": ("requests", "请求数"),
    "label-seconds": ("seconds at least", "至少秒数"),
    "label-of-the-day": ("of the day's budget", "占当日预算"),
    "label-left-today": ("left today", "当日余额"),
    "label-before": ("now", "现值"),
    "label-after": ("after", "合并后"),
    "exported": ("{count} works written to {target}", "已将 {count} 篇写入 {target}"),
    "export-unwritable": ("{path}: cannot be written ({error})", "{path}：无法写入（{error}）"),
    "no-such-run": ("there is no run {run}, or it had no items", "没有第 {run} 次运行，或该次运行没有条目"),
    "interrupted": (
        "interrupted; what was stored stays, run again to go on",
        "已中断；已存入的内容保留，再次运行即可继续",
    ),
    "locked": (
        "{path}: another harvest is running; wait for it, or look at `harvester runs`",
        "{path}：另一个采集任务正在运行；请等待，或查看 harvester runs",
    ),
    "input-missing": (
        "{path}: is named in the settings but is not there; nothing is read from it",
        "{path}：设置中有此路径但它不存在；未从中读取内容",
    ),
    "harvest-summary": (
        "run {run}: {counts}; {works} works in the library",
        "第 {run} 次运行：{counts}；文库共有 {works} 篇文献",
    ),
    "more-remarks": ("  … and {count} more remarks", "  ……另有 {count} 条说明"),
    "bad-record": ("is no record of ours: {error}", "不是本程序的记录：{error}"),
    # -- names of fields and outcomes ----------------------------------------------------------------------
    "label-work_id": ("work", "编号"),
    "label-doi": ("DOI", "DOI"),
    "label-identifiers": ("identifiers", "标识符"),
    "label-authors": ("authors", "作者"),
    "label-affiliations": ("affiliations", "机构"),
    "label-published": ("published in", "出处"),
    "label-language": ("language", "语言"),
    "label-work_type": ("type", "类型"),
    "label-publisher": ("publisher", "出版者"),
    "label-oa_url": ("open access", "开放获取"),
    "label-citation_count": ("cited by", "被引次数"),
    "label-retracted": ("retracted", "已撤稿"),
    "label-title_en": ("English title", "英文题名"),
    "label-title_zh": ("Chinese title", "中文题名"),
    "label-abstract": ("abstract", "摘要"),
    "label-abstract_en": ("English abstract", "英文摘要"),
    "label-abstract_zh": ("Chinese abstract", "中文摘要"),
    "label-issued": ("date", "日期"),
    "label-agency": ("agency", "注册机构"),
    "label-nobody-has": ("nobody has", "各来源均无"),
    # What became of every identifier of a look-up.
    "answer-found-at": ("found at {sources}", "收录于 {sources}"),
    "answer-not-at": ("not at {sources}", "未收录于 {sources}"),
    "answer-trouble-at": ("no answer from {sources}", "未答复：{sources}"),
    "answer-and-more": ("{named} and {count} more", "{named} 和另外 {count} 个"),
    "answer-missing": ("no {names}: nobody has one", "各来源均无{names}"),
    "answer-for-people": (
        "no metadata from {agency}; for people: {url}",
        "未从 {agency} 取得元数据；可供人工查阅： {url}",
    ),
    "answer-page": ("its page: {url}", "其网页：{url}"),
    "agency-source-off": (
        "its source {source} is switched off in config.toml (sources.{source}.enabled)",
        "其来源 {source} 已在 config.toml 中关闭（sources.{source}.enabled）",
    ),
    "label-year": ("year", "年份"),
    "label-container_title": ("journal", "刊名"),
    "label-missing": ("not known yet", "暂缺"),
    "label-yes": ("yes", "是"),
    "label-field": ("field", "字段"),
    "label-value": ("value", "值"),
    "label-source": ("source", "来源"),
    "label-when": ("when", "时间"),
    "label-rule": ("rule", "规则"),
    "label-rule-text": ("best origin, then best source", "先比文本出处，再比来源"),
    "label-rule-people": ("best source, full names first", "最可信的来源，全名优先"),
    "label-rule-first": ("best source", "最可信的来源"),
    "label-rule-whole": ("best source, as a whole", "最可信的来源，整体采用"),
    "label-rule-newest": ("newest, then best source", "最新者，再比来源"),
    "label-rule-any": ("one yes is enough", "有一个来源肯定即可"),
    "label-rule-union": ("all of them", "合并全部"),
    "label-read": ("read", "读取"),
    "label-new": ("new", "新增"),
    "label-changed": ("changed", "更新"),
    "label-same": ("same", "相同"),
    "label-skipped": ("skipped", "跳过"),
    "label-loading": ("loading", "载入"),
    "label-resolving": ("resolving", "查询"),
    "label-run_id": ("run", "运行"),
    "label-outcome": ("outcome", "结果"),
    "label-found": ("found", "已找到"),
    "label-unchanged": ("unchanged", "无变化"),
    "label-absent": ("absent", "不存在"),
    "label-no_metadata": ("no metadata", "无元数据"),
    "label-deferred": ("deferred", "暂缓"),
    "label-refused": ("refused", "被拒绝"),
    "label-malformed": ("malformed", "格式错误"),
    "label-invalid": ("invalid", "无效"),
    "label-aggregator": ("aggregator", "聚合平台"),
    "label-author": ("author", "作者"),
    "label-human": ("human", "人工"),
    "label-machine": ("machine translation", "机器翻译"),
    "label-unknown": ("origin unknown", "出处不明"),
    # -- why a value lost ----------------------------------------------------------------------------------
    "why-refused": ("refused by the checks: {reasons}", "未通过检查：{reasons}"),
    "why-impossible": ("cannot be: {reason}", "不可能：{reason}"),
    "why-same": ("says the same", "说法相同"),
    "why-belongs-together": (
        "volume, issue and pages are believed of one source together",
        "卷、期、页作为一个整体采用同一来源",
    ),
    "why-curator": ("a person's correction stands above it", "人工更正优先"),
    "why-origin": ("text by {worse} yields to {better}", "{worse} 的文本让位于 {better}"),
    "why-any": ("one yes is enough", "有一个来源肯定即可"),
    "why-marred": (
        "all capitals or broken off; the same is said better",
        "全大写或不完整；另有更好的同一文本",
    ),
    "why-initials": ("initials only; the same list is there in full", "只有首字母；另有同一名单的全名"),
    "why-joined": (
        "another list is believed; this one completes it: {taken}",
        "采用了另一名单；由此名单补充：{taken}",
    ),
    "why-older": ("an older statement", "较早的说法"),
    "why-source": ("{better} is believed before {worse}", "{better} 比 {worse} 更可信"),
    # -- configuration -------------------------------------------------------------------------------------
    "config-missing": ("{path}: there is no such file", "{path}：没有这个文件"),
    "config-unreadable": ("{path}: cannot be read ({error})", "{path}：无法读取（{error}）"),
    "config-no-toml": ("{path}: is not valid TOML: {error}", "{path}：不是有效的 TOML：{error}"),
    "config-unknown": (
        "{path}: {key} is unknown; `harvester config show` lists all settings",
        "{path}：不认识 {key}；harvester config show 会列出全部设置",
    ),
    "config-unknown-near": (
        "{path}: {key} is unknown; did you mean {near}?",
        "{path}：不认识 {key}；您是否想写 {near}？",
    ),
    "config-wrong-type": ("{path}: {key}: {expected}", "{path}：{key} 的值不合要求：{expected}"),
    # -- the library file ----------------------------------------------------------------------------------
    "store-missing": (
        "{path}: there is no library yet; `harvester load` or `harvester harvest` makes one",
        "{path}：还没有文库；请先运行 harvester load 或 harvester harvest",
    ),
    "store-foreign": (
        "{path}: this is a database of another program, not a library; name another file with --db",
        "{path}：这是其他程序的数据库，不是文库；请用 --db 指定另一个文件",
    ),
    "store-newer": (
        "{path}: written by a newer program (schema {found}, known here {known}); update harvester",
        "{path}：由更新版本的程序写成（架构 {found}，本程序只认识 {known}）；请升级 harvester",
    ),
    "store-no-database": (
        "{path}: is no SQLite database; move it away or name another file with --db",
        "{path}：不是 SQLite 数据库；请移走该文件或用 --db 指定另一个文件",
    ),
    "store-corrupt": (
        "{path}: the database is damaged ({error}); restore a backup, or see `sqlite3 {path} .recover`",
        "{path}：数据库已损坏（{error}）；请恢复备份，或使用 sqlite3 {path} .recover",
    ),
    "store-locked": (
        "{path}: another program keeps the database locked; try again when it has finished",
        "{path}：数据库被另一个程序锁定；请等它结束后再试",
    ),
    "store-full": (
        "{path}: the disk is full; nothing was half-written, free some space and run again",
        "{path}：磁盘已满；没有写入不完整的数据，请腾出空间后重新运行",
    ),
    "store-read-only": (
        "{path}: no right to write here ({error}); check the owner of the file and of its folder",
        "{path}：没有写入权限（{error}）；请检查文件及其文件夹的所有者",
    ),
    "store-unreadable": (
        "{path}: cannot be opened ({error}); check that it is a file in a folder that you may use",
        "{path}：无法打开（{error}）；请确认它是一个文件，且您有权使用所在文件夹",
    ),
    "store-error": ("{path}: {error}", "{path}：{error}"),
    # -- elsewhere, each in a file of its own ----------------------------------------------------------------
    **DOCUMENTS,
    **SOURCES,
    **TRANSLATION,
    **CHECKS,
    **CORRECTIONS,
    **UPKEEP,
    **DOCTOR,
    **JOURNALS,
    **MATCHES,
    **RELATION_MESSAGES,
    **SEARCH,
}


class Message(Struct, frozen=True):
    """A catalogue key with the values that fill its placeholders."""

    key: str
    values: dict[str, str | int | float | tuple[Message, ...]] = {}

    def text(self, lang: Lang = "en") -> str:
        """The message in `lang`; hostile values are shown by `repr`-free plain text, never interpreted."""
        english, chinese = CATALOGUE[self.key]
        return (chinese if lang == "zh" else english).format(
            **{name: _in(value, lang) for name, value in self.values.items()}
        )

    def __str__(self) -> str:
        return self.text()


def _in(value: str | float | tuple[Message, ...], lang: Lang) -> str | float:
    return "; ".join(one.text(lang) for one in value) if isinstance(value, tuple) else value


def message(key: str, /, **values: object) -> Message:
    """A message of the catalogue; values that are no numbers and no messages themselves are kept as text."""
    return Message(key, {name: _kept(value) for name, value in values.items()})


def _kept(value: object) -> str | float | tuple[Message, ...]:
    if isinstance(value, tuple) and value and all(isinstance(one, Message) for one in value):
        return value
    return value if isinstance(value, int | float) else str(value)


def term(name: str, lang: Lang) -> str:
    """The name of a field, an outcome or a kind, where the catalogue has one; else itself."""
    entry = CATALOGUE.get(f"label-{name}")
    return name if entry is None else entry[1 if lang == "zh" else 0]
