"""Homes for `bin/dev` as an earlier run leaves them, with the tables made, and one run of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.dev_run import ANNOUNCED, DevRun, dev_run
from tests.support.migrated_data import home_with


@pytest.fixture
def home(tmp_path: Path, migrated_data: Path) -> Path:
    """A home of the test's own."""
    return home_with(migrated_data, tmp_path / "home")


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory, migrated_data: Path) -> Iterator[DevRun]:
    """A run of `bin/dev` that many tests look at, and whose parts they kill: it heals by itself."""
    with dev_run(home_with(migrated_data, tmp_path_factory.mktemp("shared") / "home")) as run:
        run.wait_for(ANNOUNCED)
        yield run
