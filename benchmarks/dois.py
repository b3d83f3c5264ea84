"""`python -m benchmarks.dois < LINES`: for every line the DOIs found in it, tab-separated, in order."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from harvester.identifiers import find_dois


def answers(lines: Iterable[bytes]) -> Iterator[bytes]:
    """One line of normalised DOIs for every line of UTF-8; an empty one where there is none."""
    for line in lines:
        text = line.decode("utf-8", errors="replace").rstrip("\r\n")
        yield "\t".join(doi.value for doi in find_dois(text)).encode("utf-8", errors="replace") + b"\n"


if __name__ == "__main__":
    sys.stdout.buffer.writelines(answers(sys.stdin.buffer))
