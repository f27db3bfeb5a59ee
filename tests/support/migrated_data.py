"""A PostgreSQL data folder that has its tables, to be copied: making them takes ten times as long as most tests.

Side by side (`-n`) the run makes one before its processes start, and the server and the database of each begin with it.
"""

import fcntl
import os
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from basico_stock.dev.local_services.postgres_server import DATABASE

from .stage import Stage

_HANDED_ON = "MIGRATED_DATA"


def hand_on(data: Path) -> None:
    """Tell the processes of this run where such a folder lies."""
    os.environ[_HANDED_ON] = str(data)


def handed_on() -> Path | None:
    """The folder that the run made for its processes, if it did."""
    return Path(os.environ[_HANDED_ON]) if _HANDED_ON in os.environ else None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let the tests' own database begin as a copy of the one whose tables are made; pytest-django asks for this."""
    if handed_on():
        connection.settings_dict["TEST"]["TEMPLATE"] = DATABASE


@pytest.fixture(scope="session")
def migrated_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a stopped server whose tables are made and empty; the processes of a run share it."""
    if made := handed_on():
        return made
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
