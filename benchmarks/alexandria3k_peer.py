"""alexandria3k over works of Crossref: python alexandria3k_peer.py WORKS.jsonl DB, with a Python that has it.

All its tables are filled (works, authors, affiliations, references, updates, subjects, licences, links, funders, awards), as its
own command `a3k populate DB crossref DIR` does. It takes its works from folders of compressed files of JSON Lines; what these
are made from is not counted. Prints the works it keeps, CPU and wall seconds (its import counted, as ours is), and MB at most, as JSON.
"""

from __future__ import annotations

import gzip
import json
import resource
import sqlite3
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

_CONTAINER = 5000  # works a file, about as many as Crossref's own dump has


def main(arguments: list[str]) -> int:
    """Fill DB with WORKS.jsonl and tell what it took."""
    works, db = arguments
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(works), Path(folder))
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        from alexandria3k.data_sources.crossref import Crossref

        Crossref(folder).populate(db)
        cpu_s, wall_s = time.process_time() - cpu_s, time.perf_counter() - wall_s
    rows = sqlite3.connect(db).execute("SELECT count(*) FROM works").fetchone()[0]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    size = sum(one.stat().st_size for one in Path(db).parent.glob(f"{Path(db).name}*"))
    print(json.dumps({"rows": rows, "cpu_s": cpu_s, "wall_s": wall_s, "peak_mb": peak_mb, "bytes": size}))
    return 0


def _write(works: Path, folder: Path) -> None:
    with works.open("rb") as lines:
        number = 0
        while piece := list(islice(lines, _CONTAINER)):
            with gzip.open(folder / f"{number}.json.gz", "wb", compresslevel=1) as container:
                container.writelines(piece)
            number += 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
