"""bib-dedupe 0.11 over a record file: python -m benchmarks.bib_dedupe_peer RECORDS.csv.gz OUT.csv, in an environment that has it."""

from __future__ import annotations

import sys


def main(arguments: list[str]) -> int:
    """Write `id,cluster` as bib-dedupe's own pipeline finds them, with its defaults."""
    import pandas as pd
    from bib_dedupe.bib_dedupe import block, cluster, match, prep

    records, out = arguments
    frame = pd.read_csv(records, dtype=str, keep_default_na=False).rename(
        columns={"id": "ID", "entrytype": "ENTRYTYPE", "container_title": "journal"}
    )
    groups = cluster(match(block(prep(frame))))
    home = {one: number for number, group in enumerate(groups) for one in group}
    with open(out, "w", encoding="utf-8") as file:  # noqa: PTH123  a stand-alone script
        file.write("id,cluster\n")
        file.writelines(f"{one},{home.get(one, f's{one}')}\n" for one in frame["ID"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
