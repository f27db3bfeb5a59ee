"""`python -m bench`: start everything, measure, print, and leave nothing running."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from basico_stock.environment import REPOSITORY
from bench import machine
from bench.plan import Point, full, only, quick

FULL_SECONDS = 290
QUICK_SECONDS = 55
# What a run needs after its last round: proofs, the count of commits, the picture.
AFTER_SECONDS = 25
QUICK_AFTER_SECONDS = 8
ROUNDS = 3


def main() -> int:
    """Run, and return 0, or 1 when what was served does not add up."""
    started = time.monotonic()
    asked = _arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    budget = QUICK_SECONDS - QUICK_AFTER_SECONDS if asked.quick else FULL_SECONDS - AFTER_SECONDS
    signal.signal(signal.SIGALRM, _end)
    signal.alarm(2 * FULL_SECONDS)
    with machine.services() as services:
        from bench.run import run  # it imports models, which need Django set up

        plot_to = Path(asked.plot) if asked.plot else None
        record, problems = run(services, _points(asked), asked.rounds, started + budget, plot_to)
    if asked.json:
        Path(asked.json).write_text(json.dumps(record, indent=1) + "\n")
    print(f"\n{time.monotonic() - started:.0f} s in all.")
    return 1 if problems else 0


def _points(asked: argparse.Namespace) -> list[Point]:
    if asked.case:
        servers = asked.servers.split(",") if asked.servers else ()
        return only(asked.case, asked.connections, asked.seconds, servers)
    return quick() if asked.quick else full()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the service against its baselines.")
    parser.add_argument("--quick", action="store_true", help="the goals only, in under a minute")
    parser.add_argument("--json", metavar="FILE", help="write every sample to FILE")
    picture = REPOSITORY / "docs" / "throughput.png"
    parser.add_argument("--plot", metavar="FILE", nargs="?", const=str(picture), help=f"draw (default {picture})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each point is measured")
    parser.add_argument("--case", action="append", help="only this case (again for another), with its baselines")
    parser.add_argument("--servers", help="with --case: only these, as in service,a,b,c,single")
    parser.add_argument("--connections", type=int, default=32, help="with --case")
    parser.add_argument("--seconds", type=float, default=3.0, help="with --case: of each sample")
    return parser.parse_args()


def _end(*_: object) -> NoReturn:
    raise SystemExit("Stopped.")


if __name__ == "__main__":
    sys.exit(main())
