"""`python -m tests.service`: the sample service as a process, until SIGTERM or Ctrl-C.

With `--scenario FILE.toml` the file says how it behaves, and the other options but the port are not taken.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

import uvicorn

from tests.service.app import create_app
from tests.service.scenario import Scenario
from tests.service.scenario_file import read_scenario
from tests.service.server import config, listening


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.service", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--port-file", type=Path, help="gets the port, once connections are taken")
    parser.add_argument(
        "--scenario", type=Path, help="a TOML file that says how the service behaves: see scenario_file.py"
    )
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--limits", type=float, default=1.0, help="1 as documented, 10 ten times as fast, 0 none"
    )
    parser.add_argument("--keyless", choices=["open", "busy", "mixed"], default="open")
    parser.add_argument("--fault-rate", type=float, default=0.0, help="share of answers that go wrong")
    parser.add_argument(
        "--generated", type=int, default=0, help="so many generated works beside the written ones"
    )
    parser.add_argument("--corpus", type=Path, help="a folder of recorded replies to serve as well")
    return parser.parse_args()


def scenario_of(args: argparse.Namespace) -> Scenario:
    return Scenario(
        latency_s=args.latency,
        seed=args.seed,
        limits=args.limits,
        keyless=args.keyless,
        fault_rate=args.fault_rate,
        generated=args.generated,
        corpus=args.corpus,
    )


def main() -> None:
    # uvicorn raises the signal again when it is done: then this ends the process, with success.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    args = arguments()
    app = create_app(read_scenario(args.scenario) if args.scenario else scenario_of(args))
    with listening(args.port) as listener:
        port = listener.getsockname()[1]
        sys.stdout.write(f"http://127.0.0.1:{port}\n")
        sys.stdout.flush()
        if args.port_file:
            written = args.port_file.with_name(args.port_file.name + ".new")
            written.write_text(f"{port}\n")
            written.replace(args.port_file)
        uvicorn.Server(config(app)).run([listener])


if __name__ == "__main__":
    main()
