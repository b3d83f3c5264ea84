"""The program, loaded once and forked for every call of a test: a start takes hundredths of a second, not half of one.

`python -m tests.nursery FD` answers at an inherited socket: it gets arguments, folder and environment with the three standard
streams, runs `harvester` in a child of its own, and gives back the exit code. Each call is a process with its own signals,
streams, environment and memory, as if started anew; what is loaded when is tested where real processes are started.
"""

from __future__ import annotations

import gc
import importlib
import json
import locale
import os
import pkgutil
import random
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, NoReturn

_MOST: int = 1 << 20  # bytes of a call


class Nursery:
    """The far end: a process that forks. Used by one test at a time."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        environment = {**os.environ, "LANG": "C.UTF-8"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=Path(__file__).parents[1],
            env=environment,
        )
        theirs.close()

    def run(
        self, arguments: Sequence[str], streams: Sequence[IO[bytes]], folder: Path, env: Mapping[str, str]
    ) -> int:
        """The exit code of `harvester ARGUMENTS`, which reads and writes `streams`."""
        call = json.dumps([list(arguments), str(folder), dict(env)]).encode()
        socket.send_fds(self._socket, [len(call).to_bytes(4)], [one.fileno() for one in streams])
        self._socket.sendall(call)
        return int.from_bytes(_received(self._socket, 4), signed=True)

    def close(self) -> None:
        self._socket.close()
        self._process.wait()


def _received(from_: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        piece = from_.recv(size - len(got))
        if not piece:
            raise EOFError
        got += piece
    return got


def _load() -> None:
    import harvester
    from harvester.dictionary import installed

    for module in pkgutil.walk_packages(harvester.__path__, "harvester."):
        if module.name != "harvester.__main__":
            importlib.import_module(module.name)
    if (lexicon := installed()) is not None:
        lexicon.words("中文")
    gc.collect()
    gc.freeze()


def _serve(at: socket.socket) -> None:
    while True:
        try:
            size, descriptors, *_ = socket.recv_fds(at, 4, 3)
            call = _received(at, int.from_bytes(size)) if size else b""
        except (EOFError, ConnectionError):
            return
        if not call:
            return
        child = os.fork()
        if not child:
            _become(json.loads(call), descriptors, at)
        for one in descriptors:
            os.close(one)
        _, status = os.waitpid(child, 0)
        at.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, signed=True))


def _become(
    call: tuple[list[str], str, dict[str, str]], descriptors: Sequence[int], at: socket.socket
) -> NoReturn:
    """Be the program; never comes back."""
    arguments, folder, env = call
    try:
        at.close()
        for place, one in enumerate(descriptors):
            os.dup2(one, place)
            os.close(one)
        os.environ.clear()
        os.environ.update(env)
        os.chdir(folder)
        with suppress(locale.Error):  # as at any start
            locale.setlocale(locale.LC_CTYPE, "")
        random.seed()
        sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115
        sys.argv = ["harvester", *arguments]
        from harvester.cli import main

        main()
    except BaseException:  # noqa: BLE001  what the interpreter would do
        traceback.print_exc()
        sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    _load()
    _serve(socket.socket(fileno=int(sys.argv[1])))
