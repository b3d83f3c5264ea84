"""What became of documents, as people and programs read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.console import Console

from harvester.display import label, safe, say
from harvester.messages import Lang

if TYPE_CHECKING:
    from harvester.load import FileReport


def show_file_reports(out: Console, reports: Iterable[FileReport], lang: Lang) -> None:
    """Per document: read, new, changed, same, skipped and why."""
    for report in reports:
        counts = ", ".join(
            f"{label(name, lang)} {report.counts[name]}"
            for name in ("read", "new", "changed", "same", "skipped")
        )
        if report.identifiers:
            counts += f", {label('identifiers', lang)} {len(report.identifiers)}"
        kind = f" ({report.format}, {report.encoding})" if report.format else ""
        out.print(safe(f"{report.name}{kind}: {counts}"), soft_wrap=True)
        if day := report.unchanged_since:
            out.print(f"  · {say('document-unchanged', lang, day=day[:10], count=report.counts['read'])}")
        for skip in report.skips[:20]:
            sign = "✗" if skip.fatal else "·"
            times = report.times[skip.why.text()]
            often = f" (×{times})" if times > 1 else ""
            out.print(safe(f"  {sign} {skip.where}: {skip.why.text(lang)}{often}"), soft_wrap=True)
        if len(report.skips) > 20:
            out.print(say("more-remarks", lang, count=len(report.skips) - 20))


def file_report_data(report: FileReport, lang: Lang) -> dict[str, Any]:
    """A document's report as plain data."""
    return {
        "document": report.name,
        "format": report.format,
        "encoding": report.encoding,
        **{name: report.counts[name] for name in ("read", "new", "changed", "same", "skipped")},
        "unchanged_since": report.unchanged_since,
        "works": sorted(set(report.works)),
        "identifiers": [f"{one.scheme}:{one.value}" for one in report.identifiers],
        "remarks": [
            {
                "where": one.where,
                "key": one.why.key,
                "why": one.why.text(lang),
                "fatal": one.fatal,
                "times": max(1, report.times[one.why.text()]),
            }
            for one in report.skips
        ],
    }
