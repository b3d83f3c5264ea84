"""`python -m benchmarks.dois`: one line out for every line in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]


def run(data: bytes) -> bytes:
    command = [sys.executable, "-m", "benchmarks.dois"]
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True, cwd=REPO).stdout


def test_every_line_gets_one_line_of_tab_separated_dois():
    lines = "见 doi:10.5555/A，和 10.5555/B。\r\nnothing here\n\n10.5555/c"
    assert run(lines.encode()) == b"10.5555/a\t10.5555/b\n\n\n10.5555/c\n"


def test_only_line_feeds_end_a_line():
    lines = "10.5555/a\u2028 10.5555/b\x0b 10.5555/c\x85 10.5555/d\n"
    assert run(lines.encode()) == b"10.5555/a\t10.5555/b\t10.5555/c\t10.5555/d\n"


def test_bytes_that_are_no_utf8_do_not_hide_the_doi_beside_them():
    assert run(b"\xce\xc4\xd5\xc2 10.5555/a\xd6\xd0\n\xff\n") == b"10.5555/a\n\n"


def test_dois_in_other_scripts_are_written_as_utf8():
    assert run("10.15673/атбп2312-3125.17\n".encode()).decode() == "10.15673/атбп2312-3125.17\n"


def test_no_input_is_no_output():
    assert run(b"") == b""
