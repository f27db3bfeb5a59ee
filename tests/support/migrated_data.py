"""A PostgreSQL data folder that has its tables, to be copied: a server that has none needs longer than most tests."""

import fcntl
import os
import subprocess
from pathlib import Path

import pytest

from .stage import Stage


@pytest.fixture(scope="session")
def migrated_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a stopped server whose tables are made and empty; the processes of a run share it."""
    own = tmp_path_factory.getbasetemp()
    home = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "migrated"
    home.mkdir(exist_ok=True)
    with (home / "lock").open("w") as lock:
        # The first makes it, and others wait meanwhile.
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = home / "done"
        if not done.exists():
            done.write_text(str(_made_in(home)))
        return Path(done.read_text())


def _made_in(home: Path) -> Path:
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
