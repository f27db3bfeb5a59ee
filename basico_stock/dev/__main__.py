"""`python -m basico_stock.dev`: the command behind bin/dev."""

import argparse
import sys

from basico_stock.dev.console import say
from basico_stock.dev.errors import CannotStart
from basico_stock.dev.local_services import LocalServiceError
from basico_stock.dev.supervisor import Machine


def main() -> int:
    """Parse the arguments, run, and return the exit status."""
    parser = argparse.ArgumentParser(prog="bin/dev", description="Run the whole service on this machine until Ctrl-C.")
    parser.add_argument("--once", action="store_true", help="sell the last unit to one of 50 buyers, then stop")
    parser.add_argument("--reset", action="store_true", help="start with an empty database")
    options = parser.parse_args()
    try:
        return Machine(once=options.once, reset=options.reset).run()
    except (CannotStart, LocalServiceError) as problem:
        say(str(problem))
        return 1


if __name__ == "__main__":
    sys.exit(main())
