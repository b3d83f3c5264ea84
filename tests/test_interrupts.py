"""Signals end a program whatever its main thread is at."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

_LOST_IN_A_FINALISER = """
import os, threading
from harvester.interrupts import Terminated, heard

class Dying:
    def __del__(self):
        os.kill(os.getpid(), {sign})
        for _ in range(1000):
            pass

try:
    with heard():
        Dying()
        print("still here", flush=True)
        threading.Event().wait()
except Terminated:
    os._exit(143)
except KeyboardInterrupt:
    os._exit(130)
"""

_QUIET = """
from harvester.interrupts import heard
with heard():
    print("done")
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        # As on a terminal: what a shell starts in the background is deaf to Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_that_a_finaliser_swallowed_comes_again(sign, code):
    done = run(_LOST_IN_A_FINALISER.format(sign=int(sign)))
    assert "still here" in done.stdout
    assert done.returncode == code


def test_without_a_signal_nothing_is_left_behind():
    done = run(_QUIET)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
