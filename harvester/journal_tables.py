"""A librarian's table of journals (impact factors, quartiles, zones, core lists) as lines. Pure.

Columns are known by their header, English or Chinese; anything that cannot be right refuses the whole table.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from harvester.errors import UsageError
from harvester.identifiers import parse_issn
from harvester.journals import TABLE, Saying
from harvester.messages import message
from harvester.text import clean_title, compare_key, is_han

MEASURES: Final = (
    "impact_factor", "jcr_quartile", "jcr_category", "cas_zone", "cas_category", "cssci", "cscd", "pku_core",
)  # fmt: skip
_HEADERS: Final = {
    "issn": "issn pissn printissn issnprint issn号 国际刊号 刊号 印刷版issn 国际标准刊号",
    "eissn": "eissn issne onlineissn electronicissn eissn号 电子issn 电子刊号 网络版issn",
    "title": "journal journaltitle journalname title fullname sourcetitle publicationtitle 期刊 期刊名 期刊名称 刊名"
    " 英文刊名 名称",
    "title_zh": "chinesetitle titlezh 中文刊名 中文名称 中文名",
    "abbreviation": "abbreviation abbreviatedjournal journalabbreviation jcrabbreviation isoabbreviation"
    " abbreviatedtitle 缩写 刊名缩写 期刊缩写 简称",
    "impact_factor": "impactfactor journalimpactfactor if jif 影响因子",
    "jcr_quartile": "jcr jcrquartile jifquartile quartile jcr分区",
    "jcr_category": "jcrcategory jcrname category 学科 jcr学科",
    "cas_zone": "caszone cas caspartition zone regionnum 中科院分区 大类分区 中科院大类分区",
    "cas_category": "cascategory regioncategory 大类 中科院大类",
    "cssci": "cssci c刊 南大核心",
    "cscd": "cscd 中国科学引文数据库",
    "pku_core": "pkucore 北大核心 北大中文核心 中文核心",
}
_COLUMN_OF: Final = {name: column for column, names in _HEADERS.items() for name in names.split()}
_NOTHING: Final = frozenset({"", "-", "--", "—", "/", "n/a", "na", "none", "null", "无", "****-****"})
_YES: Final = frozenset({"1", "yes", "y", "true", "是", "√", "✓"})
_NO: Final = frozenset({"0", "no", "n", "false", "否", "×"})
_HEADER_WITHIN: Final = 10  # lines: exports begin with a title or a filter
_NAMED: Final = 5  # faults that are named in the one sentence


class Line(NamedTuple):
    """One journal of a table: its line number, what it says of the journal, and the measures."""

    number: int
    saying: Saying
    measures: Mapping[str, str | float | int | None]


class Table(NamedTuple):
    """A whole table, and the headers that nobody here knows."""

    lines: tuple[Line, ...]
    unknown: tuple[str, ...]


def parse_table(text: str, name: str) -> Table:
    """The lines of the table that a librarian calls `name`.

    Raises UsageError, one sentence with line numbers, for wrong columns, a value that cannot be, an ISSN or a
    name on two lines, and a table without lines.
    """
    rows = _rows(text)
    place, columns = _header(rows)
    head = rows[place][1]
    faults: list[str] = []
    lines = [
        line
        for number, cells in rows[place + 1 :]
        if any(cell.strip() for cell in cells)
        and (line := _line(number, dict(zip(columns, cells, strict=False)), name, faults))
    ]
    faults += _doubles(lines)
    if faults:
        more = f" (+{len(faults) - _NAMED})" if len(faults) > _NAMED else ""
        raise UsageError(message("journals-faults", faults="; ".join(faults[:_NAMED]) + more))
    if not lines:
        raise UsageError(message("journals-empty"))
    unknown = tuple(
        cell.strip() for cell, column in zip(head, columns, strict=True) if not column and cell.strip()
    )
    return Table(tuple(lines), unknown)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """(line number, cells); the separator is the one that the first lines have most of."""
    head = "\n".join(text.splitlines()[:_HEADER_WITHIN])
    separator = max(",\t;|", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise UsageError(message("journals-faults", faults=f"line {reader.line_num}: {error}")) from error


def _header(rows: Sequence[tuple[int, list[str]]]) -> tuple[int, list[str]]:
    """Where the header is, and the column that each cell names ("" for none)."""
    for place, (number, cells) in enumerate(rows[:_HEADER_WITHIN]):
        columns = [_column(cell) for cell in cells]
        if {"issn", "eissn", "title", "title_zh"} & set(columns) and set(MEASURES) & set(columns):
            twice = {one for one in columns if one and columns.count(one) > 1}
            if twice:
                headers = [cell.strip() for cell, one in zip(cells, columns, strict=True) if one in twice]
                raise UsageError(message("journals-twice", line=number, headers=", ".join(headers)))
            return place, columns
    first = next(((number, cells) for number, cells in rows if any(map(str.strip, cells))), (1, []))
    found = ", ".join(cell.strip() for cell in first[1][:8]) or "-"
    raise UsageError(message("journals-columns", line=first[0], found=found))


def _column(header: str) -> str:
    """The column of a header; a year in it says nothing ("2024 JIF", "影响因子(2024)")."""
    key = compare_key(header)
    return _COLUMN_OF.get(key) or _COLUMN_OF.get(re.sub(r"(?<!\d)(?:19|20)\d\d(?!\d)年?版?", "", key), "")


def _line(number: int, cells: Mapping[str, str], name: str, faults: list[str]) -> Line | None:
    told = {key: _told(cell) for key, cell in cells.items() if key}
    issns, wrong = _issns(told)
    faults += (f"line {number}: {raw!r} is no ISSN" for raw in wrong)
    measures: dict[str, Any] = {}
    for column in MEASURES:
        raw = told.get(column, "")
        try:
            measures[column] = _READERS[column](raw) if raw else None
        except ValueError:
            faults.append(f"line {number}: {column} cannot be {raw!r}")
    titles = [told.get("title", ""), told.get("title_zh", "")]
    if not (issns or wrong or any(map(compare_key, titles))):
        faults.append(f"line {number}: neither ISSN nor name")
        return None
    latin = next((one for one in titles if one and not is_han(one)), "")
    chinese = next((one for one in titles if is_han(one)), "")
    saying = Saying(
        TABLE + name, issns, latin or chinese, told.get("abbreviation", ""), chinese if latin else ""
    )
    return Line(number, saying, measures)


def _told(cell: str) -> str:
    cleaned = clean_title(cell) or ""
    return "" if cleaned.casefold() in _NOTHING else cleaned


def _issns(told: Mapping[str, str]) -> tuple[tuple[str, ...], list[str]]:
    """The valid ISSNs of a line, and what is none."""
    raws = [
        part
        for key in ("issn", "eissn")
        for part in re.split(r"[,;/；，、\s]+", told.get(key, ""))
        if _told(part)
    ]
    found = {raw: parse_issn(raw) for raw in raws}
    return (
        tuple(sorted({issn for issn in found.values() if issn})),
        [raw for raw, issn in found.items() if not issn],
    )


def _doubles(lines: Sequence[Line]) -> list[str]:
    """What stands on two lines: an ISSN; a name, where a line has no ISSN."""
    seen: dict[str, int] = {}
    faults = []
    for line in lines:
        names = () if line.saying.issns else (line.saying.title,)
        for key, shown in [(one, one) for one in line.saying.issns] + [
            (compare_key(one), one) for one in names
        ]:
            if key in seen:
                faults.append(f"lines {seen[key]} and {line.number}: {shown}")
            seen.setdefault(key, line.number)
    return faults


# -- values ------------------------------------------------------------------------------------------------


def _number(raw: str) -> float | None:
    if re.fullmatch(r"[<＜]\s*\d+(?:\.\d+)?", raw):
        return None  # "<0.1": less than a number is no number
    value = float(raw)
    if not 0 <= value < 2000:
        raise ValueError(raw)
    return value


def _quartile(raw: str) -> str:
    found = re.fullmatch(r"(?i)q?\s*([1-4])\s*区?", raw)
    if found is None:
        raise ValueError(raw)
    return f"Q{found[1]}"


def _zone(raw: str) -> int:
    found = re.fullmatch(r"(?i)(?:b|q)?\s*([1-4一二三四])\s*区?\s*(?:\(?top\)?)?", raw)
    if found is None:
        raise ValueError(raw)
    return "一二三四".index(found[1]) + 1 if found[1] in "一二三四" else int(found[1])


def _listed(raw: str) -> str | None:
    """Whether a list has the journal: "yes", None, or in which part ("扩展版")."""
    word = raw.casefold()
    return "yes" if word in _YES else None if word in _NO else raw


_READERS: Final[dict[str, Callable[[str], str | float | int | None]]] = {
    "impact_factor": _number,
    "jcr_quartile": _quartile,
    "jcr_category": str,
    "cas_zone": _zone,
    "cas_category": str,
    **dict.fromkeys(("cssci", "cscd", "pku_core"), _listed),
}
