"""Recorded replies through the parsers: python -m benchmarks.replies DIR OUT.jsonl

DIR holds a folder a service, `errors/` (names: source__service__status__what) and `bulk/<service>.jsonl.gz`
(a record a line). OUT gets one line a file: service, status, records read, skips with their reasons, and an error
where the reply is none. A defect of a parser is an error too, under the key "defect"; the exit code is 1 then.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from harvester.errors import HarvesterError, ParseError
from harvester.messages import Message, message
from harvester.model import Record
from harvester.sources import SOURCES, crossref, csl, datacite, doi_org
from harvester.wire import Page, Payload, Source

_READ_AT: Final = "2026-11-21T03:00:00Z"
_NOT_A_WORK: Final = "not-a-work-reply"
_BY_NAME: Final[dict[str, Source]] = {source.name: source for source in SOURCES}
_BY_NAME["datacite_xml"] = datacite.SOURCE
_BY_NAME["crossref_xml"] = crossref.SOURCE
_BY_NAME["csl"] = _BY_NAME["csl_harvested"] = csl.source("csl", "any")


def _read_agencies(payload: Payload) -> Page:
    doi_org.parse_agencies(payload)
    return Page()


_BY_NAME["doi_ra"] = replace(csl.source(doi_org.NAME, "any"), parse=_read_agencies)
_CONTENT_TYPES: Final = {
    ".json": "application/json",
    ".gz": "application/json",
    ".html": "text/html",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".rdf": "application/rdf+xml",
}


class Reply(Struct, frozen=True):
    """One recorded reply, or one line of a bulk file."""

    file: str
    service: str
    status: int
    content_type: str
    body: bytes


class Verdict(Struct):
    """What came of one file."""

    file: str
    service: str
    status: int
    records: int = 0
    absent: int = 0
    skips: list[dict[str, Any]] = []
    error: dict[str, str] | None = None


def verdict(file: str, replies: list[Reply]) -> Verdict:
    """The sum over the replies of one file; the first error stands for all."""
    first = replies[0]
    told = Verdict(file=file, service=first.service, status=first.status)
    source = _BY_NAME.get(first.service)
    if source is None:
        told.skips.append(_skip("", message("no-parser-yet", service=first.service), fatal=True))
        return told
    for number, reply in enumerate(replies, start=1):
        line = f"line {number}: " if len(replies) > 1 else ""
        _add(told, source, reply, line)
    return told


def records_of(reply: Reply) -> tuple[Record, ...]:
    """The records of one reply; none where its service has no parser. Raises what the parser raises."""
    source = _BY_NAME.get(reply.service)
    return () if source is None else _parsed(source, reply).records


def walk(folder: Path) -> Iterator[tuple[str, list[Reply]]]:
    """Every file under the service folders, `errors/` and `bulk/`, with its replies."""
    recorded = _recorded(folder)
    for path in sorted(folder.glob("*/*")):
        if not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        if path.parent.name == "bulk":
            if path.name.endswith(".jsonl.gz"):
                yield name, _bulk(name, path)
        else:
            status, content_type = recorded.get(name, (_status(path), _CONTENT_TYPES.get(path.suffix, "")))
            yield name, [Reply(name, _service(path), status, content_type, path.read_bytes())]


def main(arguments: list[str]) -> int:
    """Write the verdicts, show the counts; 1 where a parser has a defect."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder, out = Path(arguments[0]), Path(arguments[1])
    counts: dict[str, Counter[str]] = {}
    with out.open("w", encoding="utf-8") as lines:
        for file, replies in walk(folder):
            told = verdict(file, replies)
            lines.write(json.dumps(_as_dict(told), ensure_ascii=False) + "\n")
            _count(counts.setdefault(told.service, Counter()), told)
    _show(counts)
    return 1 if any(counter["defects"] for counter in counts.values()) else 0


# -- reading the folder ----------------------------------------------------------------------------------


def _recorded(folder: Path) -> dict[str, tuple[int, str]]:
    """Status and content type of the files that came from a recording with headers."""
    found = {}
    path = folder / "RECORDED.jsonl"
    for line in path.read_bytes().split(b"\n") if path.exists() else []:
        if line.strip():
            entry = json.loads(line)
            headers = {name.lower(): value for name, value in (entry.get("headers") or {}).items()}
            kind = headers.get("content-type") or _CONTENT_TYPES.get(Path(entry["file"]).suffix, "")
            found[entry["file"]] = (int(entry.get("status") or 200), str(kind))
    return found


def _service(path: Path) -> str:
    parts = path.name.split("__")
    return parts[1] if path.parent.name == "errors" and len(parts) > 2 else path.parent.name


def _status(path: Path) -> int:
    parts = path.name.split("__")
    is_error = path.parent.name == "errors" and len(parts) > 2 and parts[2].isdigit()
    return int(parts[2]) if is_error else 200


def _bulk(name: str, path: Path) -> list[Reply]:
    service = path.name.removesuffix(".jsonl.gz")
    lines = gzip.decompress(path.read_bytes()).split(b"\n")  # records hold U+2028: never splitlines
    return [Reply(name, service, 200, "application/json", line) for line in lines if line.strip()]


# -- one reply -------------------------------------------------------------------------------------------


def _add(told: Verdict, source: Source, reply: Reply, line: str) -> None:
    try:
        page = _parsed(source, reply)
    except ParseError as unread:
        if unread.message.key == _NOT_A_WORK:
            told.skips.append(_skip(line, unread.message, fatal=True))
        else:
            told.error = told.error or _error(type(unread).__name__, unread.message.key, f"{line}{unread}")
    except HarvesterError as unread:
        told.error = told.error or _error(type(unread).__name__, unread.message.key, f"{line}{unread}")
    except Exception as defect:  # noqa: BLE001  a defect is a finding here, not the end of the walk
        told.error = _error(type(defect).__name__, "defect", f"{line}{defect}")
    else:
        told.records += len(page.records)
        told.absent += len(page.absent)
        told.skips.extend(_skip(line + skip.where, skip.why, fatal=skip.fatal) for skip in page.skips)


def _parsed(source: Source, reply: Reply) -> Page:
    payload = Payload(
        service=source.name,
        url=source.base_url,
        status=reply.status,
        content_type=reply.content_type,
        body=reply.body,
        retrieved_at=_READ_AT,
    )
    return source.parse(payload)


def _skip(where: str, why: Message, *, fatal: bool) -> dict[str, Any]:
    return {"where": where.strip(": "), "key": why.key, "why": why.text(), "fatal": fatal}


def _error(kind: str, key: str, words: str) -> dict[str, str]:
    return {"class": kind, "key": key, "message": words}


# -- telling ---------------------------------------------------------------------------------------------


def _as_dict(told: Verdict) -> dict[str, Any]:
    return {field: getattr(told, field) for field in told.__struct_fields__}


def _count(counter: Counter[str], told: Verdict) -> None:
    counter["files"] += 1
    counter["records"] += told.records
    counter["skips"] += sum(1 for skip in told.skips if skip["fatal"])
    counter["remarks"] += sum(1 for skip in told.skips if not skip["fatal"])
    counter["errors"] += told.error is not None
    counter["defects"] += told.error is not None and told.error["key"] == "defect"


def _show(counts: dict[str, Counter[str]]) -> None:
    columns = ("files", "records", "skips", "remarks", "errors", "defects")
    print(f"{'service':<18}" + "".join(f"{column:>10}" for column in columns))
    for service, counter in sorted(counts.items()):
        print(f"{service:<18}" + "".join(f"{counter[column]:>10}" for column in columns))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
