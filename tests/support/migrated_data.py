"""A PostgreSQL data folder that has its tables, to be copied: a server that has none needs longer than most tests."""

import subprocess
from pathlib import Path

import pytest

from .stage import Stage


@pytest.fixture(scope="session")
def migrated_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a stopped server whose tables are made and empty."""
    home = tmp_path_factory.mktemp("migrated")
    stage = Stage(home)
    try:
        stage.migrate()
    finally:
        stage.stop()
    return stage.postgres.data


def home_with(data: Path, home: Path) -> Path:
    """Let services in `home` begin with a copy of `data`; returns `home`."""
    home.mkdir(exist_ok=True)
    # With its owner, who need not be the one who runs the tests.
    subprocess.run(["cp", "-pR", str(data), str(home / data.name)], check=True)
    return home
