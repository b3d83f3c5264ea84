"""What is said about services and the network: every message in English and in Chinese."""

from __future__ import annotations

from typing import Final

SOURCES: Final[dict[str, tuple[str, str]]] = {
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
}
