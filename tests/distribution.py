"""Which process runs which test when the suite runs side by side (`-n`)."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# They start whole services, kill them or fill every core: run at once, they would disturb each other.
HEAVY = (
    # Takes the database away, also from the browser tests' service if that runs in the same process by then.
    "api/test_database_trouble.py",
    "bench",
    "bling_sync/storm",
    "process",
    "promise/concurrency",
    "promise/faults",
    "promise/history",
    "sandbox/test_bin_dev.py",
    "shopify/guard/test_process.py",
    "shopify/storm",
    "tasks",
)


def group_of(test: str) -> str:
    """The group of a test by its id, as in "tests/api/test_stock.py::test_x": "heavy", or its file."""
    file = test.split("::", 1)[0]
    place = file.removeprefix("tests/")
    return "heavy" if any(place == heavy or place.startswith(f"{heavy}/") for heavy in HEAVY) else file


class OneProcessForTheHeavy(LoadScopeScheduling):
    """Runs the heavy tests one after the other in one process, and keeps a file's tests together.

    Marks of `xdist_group` would do the same by a suffix to each test's id, but pytest-xdist writes that suffix before
    any `conftest.py` runs, so marks that are set there come too late.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneProcessForTheHeavy:
    """Share the tests out this way, whatever `--dist` says."""
    return OneProcessForTheHeavy(config, log)
