"""Everything the program says to people, in English and Chinese: one catalogue, one line a message.

A message is a key and its values; it becomes text only where it is shown, in the reader's language.
The key is also the name under which skips and outcomes are counted.
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from harvester.messages_relations import RELATION_MESSAGES

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
    # -- documents and replies ---------------------------------------------------------------------------
    "not-an-object": (
        "expected an object, found {found}",
        "此处应为 JSON 对象，实为 {found}",
    ),
    # -- sources -----------------------------------------------------------------------------------------
    "value-left-out": (
        "{field} is of an unexpected kind and was left out: {found}",
        "字段 {field} 的内容不合约定，已略去：{found}",
    ),
    "reply-is-markup": (
        "{service} answered with markup where JSON is promised (HTTP {status}): {found}",
        "{service} 应返回 JSON，却返回了网页或 XML（HTTP {status}）：{found}",
    ),
    "reply-is-not-json": (
        "{service} answered with broken JSON or none (HTTP {status}): {found}",
        "{service} 返回的不是完整的 JSON（HTTP {status}）：{found}",
    ),
    # what a service's answer is not
    "reply-is-not-utf8": (
        "{service} answered in another character set than UTF-8 (HTTP {status})",
        "{service} 的回答不是 UTF-8 编码（HTTP {status}）",
    ),
    "answer-of-nothing-asked": (
        "{service} answered, but not about what was asked",
        "{service} 有回答，但与所问无关",
    ),
    "service-says": (
        "{service} rejects the question (HTTP {status}): {words}",
        "{service} 拒绝了该请求（HTTP {status}）：{words}",
    ),
    "service-refuses": (
        "{service} will not answer us (HTTP {status}): check the key, or wait until the block is lifted",
        "{service} 拒绝应答（HTTP {status}）：检查密钥，或等待解除封禁",
    ),
    "service-unavailable": (
        "{service} is overloaded or down (HTTP {status}): ask again later",
        "{service} 繁忙或中断（HTTP {status}）：稍后再查",
    ),
    "batch-too-large": (
        "{service} finds the batch too large: ask in halves",
        "{service} 表示本批过大：对半分开再查",
    ),
    "batch-length": (
        "{service} gave {found} answers to {expected} identifiers: none can be matched",
        "{service} 对 {expected} 个标识符返回了 {found} 条结果，无法对应",
    ),
    "not-a-work-reply": ("not a work reply: message-type {found}", "不是文献记录：消息类型 {found}"),
    "not-asked-of-service": (
        "{id} is no identifier that {service} answers to",
        "{service} 不支持标识符 {id}",
    ),
    "answer-not-asked-for": (
        "{service} also sent this work, which nobody asked for",
        "{service} 另附了未查询的这条文献",
    ),
    "answer-is-another": (
        "{service} answers to {asked} with another work, {found}: not used",
        "{service} 对 {asked} 返回了另一文献 {found}，未采用",
    ),
    "no-key-in-record": ("a record without {key}", "记录缺少 {key}"),
    "deleted-doi": (
        "{doi} was deleted: Crossref keeps a tombstone",
        "{doi} 已被删除：Crossref 仅保留占位记录",
    ),
    # -- doi.org, CSL-JSON, JaLC -----------------------------------------------------------------------------
    "not-an-agency-reply": (
        "expected a list of DOIs with their agencies, found {found}",
        "应为 DOI 及其注册机构的列表，实为 {found}",
    ),
    "not-a-handle-reply": (
        "expected an answer of the resolver with a responseCode, found {found}",
        "应为带 responseCode 的解析应答，实为 {found}",
    ),
    "handle-unsettled": (
        "{service} could not look the DOI up (response code {code}): ask again later",
        "{service} 未能查到该 DOI 的状态（应答代码 {code}）：稍后再查",
    ),
    "format-not-offered": (
        "{service} offers no CSL-JSON of this DOI (HTTP {status})",
        "{service} 不提供该 DOI 的 CSL-JSON（HTTP {status}）",
    ),
    "not-csl": ("an object that is no CSL-JSON: {found}", "不是 CSL-JSON 的对象：{found}"),
    "csl-no-id": ("a record with neither DOI nor id nor address", "记录既无 DOI，也无编号或网址"),
    "no-parser-yet": ("no parser for {service} yet", "尚无 {service} 的解析器"),
    # -- OpenAlex, Unpaywall, Wikidata ---------------------------------------------------------------------
    "authors-cut-off": (
        "a list holds the first {cap} authors only: a single look-up has them all",
        "列表只含前 {cap} 位作者，单条查询才有全部作者",
    ),
    "budget-spent": (
        "{service}: the budget of the day is spent, it starts anew at 00:00 UTC",
        "{service}：当日额度已用完，UTC 00:00 后恢复",
    ),
    "plan-needed": (
        "{service} answers this to paid plans only: {words}",
        "{service} 仅对付费用户提供此项：{words}",
    ),
    "email-needed": (
        "{service} answers only to those who give an e-mail address of their own: set contact.email",
        "{service} 要求提供本人的电子邮件地址：请设置 contact.email",
    ),
    # -- sources that answer in XML, PubMed and its neighbours ----------------------------------------------
    "reply-is-not-xml": (
        "{service} answered with broken XML or none (HTTP {status}): {found}",
        "{service} 返回的不是完整的 XML（HTTP {status}）：{found}",
    ),
    "reply-declares-entities": (
        "{service} answered with XML that declares entities (HTTP {status}): not read",
        "{service} 返回的 XML 含有实体声明（HTTP {status}），未读取",
    ),
    "service-fails": (
        "{service} reports a failure of its own: {words}",
        "{service} 报告自身故障：{words}",
    ),
    "search-too-loose": (
        "{service} finds {found} works for {expected} identifiers: none can be told from the others",
        "{service} 对 {expected} 个标识符找到 {found} 条结果，无法区分",
    ),
    "another-copy": (
        "{service} also holds a copy of it from {found}: not used",
        "{service} 另有来自 {found} 的副本，未采用",
    ),
    "deleted-from-pubmed": ("PubMed has deleted these records: {ids}", "PubMed 已删除这些记录：{ids}"),
    # -- the network ---------------------------------------------------------------------------------------
    "fetch-refused": (
        "{service} refuses to answer (status {status}): check its key, or ask the service why it blocks us",
        "{service} 拒绝应答（状态 {status}）：请检查密钥，或向该服务查询封禁原因",
    ),
    "fetch-status": ("{service} answers with status {status}", "{service} 返回状态 {status}"),
    "fetch-timeout": ("{service} did not answer in time", "{service} 未在规定时间内应答"),
    "fetch-no-name": (
        "the address of {service} is not known here; is there a network?",
        "此处无法解析 {service} 的地址；网络是否连通？",
    ),
    "fetch-connection": (
        "no usable connection to {service} ({error})",
        "无法与 {service} 正常连接（{error}）",
    ),
    "fetch-damaged": ("the answer of {service} is damaged or broke off", "{service} 的应答已损坏或中断"),
    "fetch-too-large": ("the answer of {service} is over {cap} bytes", "{service} 的应答超过 {cap} 字节"),
    "fetch-encoding": (
        "{service} packs its answer in a way that was not asked for",
        "{service} 的应答使用了未请求的压缩方式",
    ),
    "fetch-redirects": (
        "{service} redirects more than {redirects} times",
        "{service} 重定向超过 {redirects} 次",
    ),
    "fetch-deferred": (
        "{service} asks to be left alone for {seconds} seconds",
        "{service} 要求 {seconds} 秒内不再请求",
    ),
    "fetch-left-alone": (
        "{service} failed {failures} times in a row and is left alone for {seconds} seconds",
        "{service} 连续失败 {failures} 次，暂停请求 {seconds} 秒",
    ),
    "fetch-probing": ("{service} is being tried again by one request", "正以单个请求试探 {service} 是否恢复"),
    "fetch-run-over": (
        "the run's {minutes} minutes are over; what was not asked is deferred to the next run",
        "本次运行的 {minutes} 分钟时限已到；尚未查询的留待下次运行",
    ),
    "fetch-stopped": ("stopped before the question was asked", "在发出请求之前已停止"),
    "fetch-header": (
        "{service}: the header {header} holds a character that cannot be sent; is there a line break in the key?",
        "{service}：请求头 {header} 含有无法发送的字符；密钥中是否有换行？",
    ),
    "fetch-host": ("{url} is on no server that is configured", "{url} 不在已配置的服务器上"),
    "fetch-address": (
        "{host} leads to {address}, which is no public address: not opened",
        "{host} 指向非公网地址 {address}，未打开",
    ),
    "fetch-base": (
        "expected a base such as https://api.example.org, found {url}",
        "应为 https://api.example.org 这样的服务地址，实为 {url}",
    ),
    "fetch-email": ("expected one e-mail address, found {email}", "应为一个电子邮件地址，实为 {email}"),
    "address-shape": ("{url} is no plain web address: not opened", "{url} 不是规范的网址，未打开"),
    "address-scheme": ("{url} is not https: not opened", "{url} 不是 https 地址，未打开"),
    "address-port": ("{url} names an unusual port: not opened", "{url} 使用了非常规端口，未打开"),
    "address-local": ("{host} is a name of the local network: not opened", "{host} 是本地网络名称，未打开"),
    "address-not-public": (
        "{address} is no public address ({kind}): not opened",
        "{address} 不是公网地址（{kind}），未打开",
    ),
    "archive-write": (
        "{folder}: the reply archive cannot be written ({error})",
        "{folder}：无法写入应答存档（{error}）",
    ),
    "archive-read": (
        "{folder}: the reply archive cannot be read ({error})",
        "{folder}：无法读取应答存档（{error}）",
    ),
    "archive-missing": ("{folder}: holds no reply {sha256}", "{folder}：没有应答 {sha256}"),
    "archive-damaged": ("{folder}: the reply {sha256} is damaged", "{folder}：应答 {sha256} 已损坏"),
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
    # -- works among works, in a file of their own ---------------------------------------------------------------
    **RELATION_MESSAGES,
}


class Message(Struct, frozen=True):
    """A catalogue key with the values that fill its placeholders."""

    key: str
    values: dict[str, str | int | float] = {}

    def text(self, lang: Lang = "en") -> str:
        """The message in `lang`; hostile values are shown by `repr`-free plain text, never interpreted."""
        english, chinese = CATALOGUE[self.key]
        return (chinese if lang == "zh" else english).format(**self.values)

    def __str__(self) -> str:
        return self.text()


def message(key: str, /, **values: object) -> Message:
    """A message of the catalogue; values that are no numbers are kept as text."""
    kept = {name: value if isinstance(value, int | float) else str(value) for name, value in values.items()}
    return Message(key, kept)


def term(name: str, lang: Lang) -> str:
    """The name of a field, an outcome or a kind, where the catalogue has one; else itself."""
    entry = CATALOGUE.get(f"label-{name}")
    return name if entry is None else entry[1 if lang == "zh" else 0]
