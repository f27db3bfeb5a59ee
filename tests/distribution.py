"""Which process runs which test when the suite runs side by side (`-n`)."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# They start whole services, kill them or fill every core. The tests of a group run one after the other; beside them run
# the other group and, in further processes, the rest.
HEAVY = {
    "programs": ("bench", "process", "sandbox/test_bin_dev.py", "shopify/guard/test_process.py", "tasks"),
    "crowds": ("bling_sync/storm", "promise", "shopify/storm"),
}


def group_of(test: str) -> str:
    """The group of a test by its id, as in "tests/api/test_stock.py::test_x": a heavy one's name, or its file."""
    file = test.split("::", 1)[0]
    place = f"{file.removeprefix('tests/')}/"
    return next((group for group, places in HEAVY.items() if place.startswith(tuple(f"{at}/" for at in places))), file)


class OneProcessForAGroup(LoadScopeScheduling):
    """Runs each heavy group's tests one after the other in one process, and keeps a file's tests together.

    Marks of `xdist_group` would do the same by a suffix to each test's id, but pytest-xdist writes that suffix before
    any `conftest.py` runs, so marks that are set there come too late.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneProcessForAGroup:
    """Share the tests out this way, whatever `--dist` says."""
    return OneProcessForAGroup(config, log)
