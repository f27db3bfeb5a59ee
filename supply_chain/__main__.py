"""`python -m supply_chain FILE...`: fails where a known hole should be closed by now, and where nobody could say."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from supply_chain.advisory_source import OSV, SourceAway, advisories
from supply_chain.lock_file import packages
from supply_chain.overdue import PATIENCE, findings

OVERDUE, NOBODY_SAID = 1, 2


def main() -> int:
    """Print what is known, and return 0, 1 for a fix that is overdue, or 2 when the source was not reached."""
    parser = argparse.ArgumentParser(prog="python -m supply_chain", description="What is known against our packages.")
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="a lock file, such as requirements.txt")
    parser.add_argument("--source", default=OSV, help=f"an address that speaks OSV's API (default {OSV})")
    asked = parser.parse_args()
    pinned = packages(*asked.files)
    try:
        found = list(findings(advisories(pinned, asked.source), datetime.now(UTC)))
    except SourceAway as error:
        print(f"Nobody could say whether the packages are sound: {error}", file=sys.stderr)
        return NOBODY_SAID
    for finding in found:
        print(finding.sentence())
    overdue = sum(finding.is_overdue for finding in found)
    print(f"{len(pinned)} packages, {len(found)} advisories, {overdue} older than {PATIENCE.days} days with a fix.")
    return OVERDUE if overdue else 0


if __name__ == "__main__":
    sys.exit(main())
