"""Homes for `bin/dev` as an earlier run leaves them, with the tables made."""

from pathlib import Path

import pytest

from tests.support.migrated_data import home_with


@pytest.fixture
def home(tmp_path: Path, migrated_data: Path) -> Path:
    """A home of the test's own."""
    return home_with(migrated_data, tmp_path / "home")


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory, migrated_data: Path) -> Path:
    """A home for a run that several tests of a file look at."""
    return home_with(migrated_data, tmp_path_factory.mktemp("shared") / "home")
