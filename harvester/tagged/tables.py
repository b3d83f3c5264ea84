"""Tables: exports as CSV or with tabulators, one work a row, under headings in English or Chinese."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import Final, TextIO

from harvester.messages import message
from harvester.model import Identifier, Record
from harvester.patterns import pattern
from harvester.sources.describing import is_han
from harvester.tagged.lines import Dialect, Entry, joined
from harvester.tagged.records import to_record
from harvester.tagged.shared import told_apart
from harvester.wire import Context, Format, Skip

NAME: Final = "csv"
_DELIMITERS: Final = ",\t;"
_LONGEST_CELL: Final = 4_000_000  # characters
_LINES_OF_HEAD: Final = 20
_SEVERAL: Final = frozenset(
    {"translated", "issn", "keyword", "container_other"}
)  # roles that several columns may have
_EXCEL: Final = pattern(r"\s*\"?sep=(.)\"?\s*$")
_MARKS: Final = pattern(r"[\s_/().:：（）/-]+")
_HAN_NAME: Final = pattern(r"^[A-Za-z]+[-:：](?=[\u4e00-\u9fff])")  # CNKI: "Title-题名"
_AGAIN: Final = pattern(r"\s#[0-9]+$")
_AND: Final = pattern(r",?\s+(?:and|&)\s+")
_NUMBERED: Final = pattern(r"\s*\([0-9]{6,}\)")  # Scopus writes its number of a person behind the name
# Headings as databases and reference managers write them, marks and blanks left out; the first heading of a role counts.
_HEADINGS: Final = {
    "title": "title articletitle documenttitle itemtitle papertitle titleen 题名 标题 篇名 题目 论文题目 文献标题 文章标题 中文题名 中文标题 中文篇名 文题",
    "translated": "translatedtitle englishtitle titlezh titlecn foreigntitle originaltitle 英文题名 英文标题 英文篇名 外文题名 译名 并列题名",
    "author": "author authors authorfullnames authorfullname authornames au creator creators 作者 著者 全部作者 责任者 中文作者 作者姓名",
    "author_other": "englishauthors authorsen authorszh translatedauthors 英文作者 作者英文 作者英文名",
    "year": "year publicationyear pubyear py publishedyear yearofpublication 年 年份 年代 出版年 出版年份 发表年份 年度",
    "date": "date publicationdate publisheddate pubdate published coverdate 日期 出版日期 发表时间 发表日期 出版时间",
    "container": "journal journaltitle sourcetitle publicationtitle publicationname containertitle periodical journalbook journalname secondarytitle"
    " booktitle 刊名 期刊 期刊名 期刊名称 来源 文献来源 出处 刊物名称 中文刊名 来源期刊 来源名称",
    "container_other": "source journalen 英文刊名 刊名英文",
    "abbreviation": "journalabbreviation isoabbreviation journalisoabbreviation abbreviatedsourcetitle 刊名缩写",
    "volume": "volume vol volumes 卷 卷号 卷次",
    "issue": "issue issueno number no 期 期号 期次 刊期",
    "pages": "pages page pagerange pagination pageno 页码 页 起止页 起止页码 页码范围 页次",
    "first_page": "pagestart startpage firstpage beginningpage spage 起始页 起始页码 开始页",
    "last_page": "pageend endpage lastpage endingpage epage 结束页 终止页 结束页码 终止页码",
    "article": "artno articlenumber articleno 文章编号",
    "issn": "issn eissn issns printissn onlineissn issnisbn isbnissn 国际刊号",
    "doi": "doi doidoi dois doinumber doi号",
    "pmid": "pmid pubmedid",
    "pmcid": "pmcid",
    "abstract": "abstract abstracts abstractnote summary abstracttext 摘要 中文摘要 文摘 内容摘要",
    "abstract_other": "englishabstract abstracten translatedabstract 英文摘要 外文摘要",
    "keyword": "keyword keywords authorkeywords manualtags 关键词 关键字 主题词 中文关键词",
    "language": "language languageoforiginaldocument 语种 语言 文种",
    "publisher": "publisher 出版社 出版者 出版单位",
    "type": "type documenttype itemtype publicationtype referencetype 文献类型 类型 资料类型",
    "affiliation": "affiliation affiliations authoraddress institution 机构 单位 作者单位 第一机构",
    "url": "url urls link fulltexturl 链接 网址 原文链接",
    "accession": "eid accessionnumber ut key recordid 记录号 馆藏号",
    "database": "database databasename sourcedatabase 数据库 来源库 来源数据库",
}  # fmt: skip
_ROLES: Final = {heading: role for role, headings in _HEADINGS.items() for heading in headings.split()}


def _role(heading: str) -> str | None:
    """What a column holds, by its heading; None for a heading that is not known."""
    bare = _HAN_NAME.sub("", _AGAIN.sub("", heading.strip().lstrip("\ufeff")))
    return _ROLES.get(_MARKS.sub("", bare).casefold())


def sniff(head: str) -> bool:
    """Whether a text begins with a row of known headings, among them a title or a DOI."""
    return _delimiter(head) is not None


def _delimiter(head: str) -> str | None:
    lines = head.lstrip("\ufeff").lstrip().splitlines()
    if lines and (told := _EXCEL.match(lines[0])):
        return told[1] if _are_headings(_cells(lines[1:], told[1])) else None
    return next((one for one in _DELIMITERS if _are_headings(_cells(lines, one))), None)


def _cells(lines: Sequence[str], delimiter: str) -> list[str]:
    try:
        return next(csv.reader(lines[:_LINES_OF_HEAD], delimiter=delimiter), [])
    except csv.Error:
        return []


def _are_headings(cells: Sequence[str]) -> bool:
    """A title or DOI and another known one; among two or three headings all are known, among more any three."""
    roles = [role for cell in cells if (role := _role(cell))]
    least = min(3, len(cells))
    return len(set(roles)) >= max(2, least) and not {"title", "doi"}.isdisjoint(roles)


def parse(stream: TextIO, context: Context) -> Iterator[Record | Identifier | Skip]:
    """The works of a table, row by row; a row that names none is skipped, a broken quote ends the reading."""
    return told_apart(_items(stream, context))


def _items(stream: TextIO, context: Context) -> Iterator[Record | Skip]:
    csv.field_size_limit(_LONGEST_CELL)
    head = list(islice(stream, _LINES_OF_HEAD))
    delimiter = _delimiter("".join(head)) or ","
    told = 1 if head and _EXCEL.match(head[0]) else 0
    rows = csv.reader(chain(head[told:], stream), delimiter=delimiter)
    columns: list[str] = []
    try:
        for row in rows:
            if not columns:
                columns = _columns(row)
            elif any(cell.strip() for cell in row):
                yield from _read(row, columns, rows.line_num + told, context)
    except csv.Error as error:
        yield Skip(f"{context.document}:{rows.line_num + told}", message("table-broken", error=error))


def _columns(headings: Sequence[str]) -> list[str]:
    """A name for each column, under which a heading that stands twice is not read twice."""
    found: list[str] = []
    for place, heading in enumerate(headings, 1):
        name = heading.strip().lstrip("\ufeff")
        found.append(name if name and name not in found else f"{name} #{place}")
    return found


@cache
def _dialect(columns: tuple[str, ...]) -> Dialect:
    """What each column holds: of several for one thing the first, further titles as translations."""
    roles: dict[str, str] = {}
    for column in columns:
        role = _role(column)
        if role == "title" and role in roles.values():
            role = "translated"
        if role is not None and (role in _SEVERAL or role not in roles.values()):
            roles[column] = role
    return Dialect(name=NAME, line=_EXCEL, begins=frozenset(), roles=roles)


def _read(row: Sequence[str], columns: Sequence[str], line: int, context: Context) -> Iterator[Record | Skip]:
    dialect = _dialect(tuple(columns))
    if len(row) > len(columns):
        where = f"{context.document}:{line}"
        yield Skip(where, message("table-cells", found=len(row), expected=len(columns)), fatal=False)
    values = [
        (column, _value(cell, dialect.roles.get(column))) for column, cell in zip(columns, row, strict=False)
    ]
    record, skips = to_record(Entry(line, tuple(values)), dialect, context)
    if record is not None:
        yield record
    yield from skips


def _value(cell: str, role: str | None) -> str:
    text = joined([line.strip() for line in cell.splitlines()])
    return _by_semicolons(text) if role in {"author", "author_other"} else text


def _by_semicolons(authors: str) -> str:
    """A cell of authors with semicolons between them, as "Smith J., Jones B." and "J. Smith and B. Jones" have none."""
    text = _NUMBERED.sub("", authors.replace("|", ";"))
    if ";" in text or "；" in text or is_han(text):
        return text
    parts = [part.strip() for part in _AND.sub(",", text).split(",") if part.strip()]
    if len(parts) < 2 or (
        len(parts) == 2 and not all(" " in part for part in parts) and not _AND.search(text)
    ):
        return text
    if all(" " in part for part in parts) or any(" " in part for part in parts[::2]) or len(parts) % 2:
        return "; ".join(parts)
    return "; ".join(f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True))


FORMAT: Final = Format(name=NAME, sniff=sniff, parse=parse)
