"""What the services say of the same works, merged: python -m benchmarks.merges DIR [--json]

DIR is a folder of recorded replies with a SAME_DOI.tsv (DOIs that several services were asked for). Prints which
source won how often for every field, why the others lost, and every title or abstract with markup left in it.
Exits 1 if there is any.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import replies
from harvester.errors import HarvesterError
from harvester.explain import explain
from harvester.match import clusters
from harvester.merge import merge
from harvester.model import Record, Scheme, Work

_LEFT_OVER: Final = re.compile(
    r"</?(?:jats:)?(?:p|i|b|em|sub|sup|sec|title|mml:\w+|span|strong)\b[^<>]*>|&(?:amp|lt|gt|nbsp|#\d+);"
    r"|^(?:abstract|summary|title)\s*:",
    re.IGNORECASE,
)


def main(arguments: list[str]) -> int:
    """Print the tables; 1 where a merged text holds a tag, an entity or a label."""
    folders = [one for one in arguments if not one.startswith("-")]
    if len(folders) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(folders[0])
    wins, losses, marred = compared(list(merged(folder)))
    if "--json" in arguments:
        told = {f"{field}/{source}": count for (field, source), count in sorted(wins.items())}
        print(json.dumps({"wins": told, "losses": losses, "marred": marred}, ensure_ascii=False))
    else:
        _show(wins, losses, marred)
    return 1 if marred else 0


def merged(folder: Path) -> Iterator[tuple[frozenset[Record], Work]]:
    """The works that two sources or more speak of, with their records."""
    rows = (folder / "SAME_DOI.tsv").read_text(encoding="utf-8").split("\n")[1:]
    dois = {row.split("\t")[0].lower() for row in rows if row.strip()}
    records = [one for one in _records(folder, dois) if not dois.isdisjoint(_dois(one))]
    for group in clusters(records):
        if len({one.source for one in group}) > 1:
            yield group, merge(group)


def _records(folder: Path, dois: set[str]) -> Iterator[Record]:
    named = re.compile("|".join(re.escape(one) for one in sorted(dois)).encode())
    for _, found in replies.walk(folder):
        for reply in found:
            if named.search(reply.body.lower().replace(b"\\/", b"/")) is None:
                continue  # most replies speak of other works: not worth parsing
            try:
                yield from replies.records_of(reply)
            except HarvesterError:
                continue  # `benchmarks.replies` tells of those


def _dois(record: Record) -> set[str]:
    return {one.value for one in record.identifiers if one.scheme is Scheme.DOI}


def compared(
    works: list[tuple[frozenset[Record], Work]],
) -> tuple[Counter[tuple[str, str]], Counter[str], list[str]]:
    """(field, source) -> wins; reason -> losses; texts with something left in them that is no text."""
    wins: Counter[tuple[str, str]] = Counter()
    losses: Counter[str] = Counter()
    marred = []
    for records, work in works:
        for one in explain(records):
            if one.winner is not None:
                wins[one.field, one.winner.record.source] += 1
            losses.update(loser.why_not.key for loser in one.losers if loser.why_not is not None)
        texts = (*work.titles, *work.abstracts)
        marred += [text.value[:120] for text in texts if _LEFT_OVER.search(text.value)]
    return wins, losses, marred


def _show(wins: Counter[tuple[str, str]], losses: Counter[str], marred: list[str]) -> None:
    sources = sorted({source for _, source in wins})
    print("field".ljust(20), *(source[:15].rjust(15) for source in sources))
    for field in sorted({field for field, _ in wins}):
        print(field.ljust(20), *(str(wins[field, source]).rjust(15) for source in sources))
    print()
    for reason, count in losses.most_common():
        print(reason.ljust(24), str(count).rjust(6))
    print(f"\ntexts with a tag, an entity or a label left in them: {len(marred)}", *marred, sep="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
