"""`python -m bench`: start everything, measure, print, and leave nothing running."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from bench import findings, plot, publish, testbed
from bench.cases import CASES
from bench.plan import Plan, full, only, quick

FULL_SECONDS = 290
QUICK_SECONDS = 55
# Seconds kept after the last round for the count of commits, the proofs and stopping.
AFTER_SECONDS = 25
QUICK_AFTER_SECONDS = 11
# Whatever happens, a run ends after this long.
LAST_SECONDS = 400
ROUNDS = 3


def main() -> int:
    """Run, and return 0, or 1 when the stock does not add up afterwards."""
    started = time.monotonic()
    asked = _arguments()
    _end_when_told()
    budget = QUICK_SECONDS - QUICK_AFTER_SECONDS if asked.quick else FULL_SECONDS - AFTER_SECONDS
    with testbed.services() as services:
        from bench.trial import run  # it imports models, which need Django set up

        found = run(services, _plan(asked), asked.rounds, started + budget)
    print(f"\n{findings.text(found)}")
    if asked.json:
        asked.json.write_text(json.dumps(findings.record(found), indent=1) + "\n")
    if asked.plot:
        plot.draw(found.results, asked.plot)
    if asked.publish:
        publish.publish(found)
    print(f"\n{time.monotonic() - started:.0f} s in all.")
    return 1 if found.problems else 0


def _plan(asked: argparse.Namespace) -> Plan:
    if asked.case:
        servers = asked.servers.split(",") if asked.servers else ()
        return only(asked.case, asked.connections, asked.seconds, servers)
    return quick() if asked.quick else full()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the service against its baselines.")
    parser.add_argument("--quick", action="store_true", help="the goals only, in under a minute")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write every sample to FILE")
    picture = publish.PICTURE
    parser.add_argument("--plot", metavar="FILE", type=Path, nargs="?", const=picture, help=f"draw (to {picture})")
    parser.add_argument("--publish", action="store_true", help="write the figures and the picture into docs/")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each point is measured")
    parser.add_argument("--case", action="append", choices=list(CASES), help="only this (again for another)")
    parser.add_argument("--servers", help="with --case: on these, as in service,a,b,c,single")
    parser.add_argument("--connections", type=int, default=32, help="with --case")
    parser.add_argument("--seconds", type=float, default=3.0, help="with --case: of each sample")
    return parser.parse_args()


def _end_when_told() -> None:
    """Turn every polite way to end a process into one that stops what was started."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, _end)
    signal.alarm(LAST_SECONDS)


def _end(number: int, _: object) -> NoReturn:
    raise SystemExit("Time is up." if number == signal.SIGALRM else "Stopped.")


if __name__ == "__main__":
    sys.exit(main())
