"""A PostgreSQL data folder that has its tables, to be copied: making them takes ten times as long as most tests.

Whoever needs it first makes it; it stays for later runs, as long as migrations and packages are the same.
"""

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest

from basico_stock.dev import schema_stamp
from basico_stock.dev.local_services import Services
from tests import scratch_folder

from .stage import Stage


def made() -> Path | None:
    """The data folder with this code's tables, if it is there."""
    data = _folder() / schema_stamp.fingerprint() / "postgres"
    return data if data.is_dir() else None


def make() -> Path:
    """The data folder with this code's tables; makes it where it is not there, while others who need it wait."""
    folder = _folder()
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = made()
        if found is None:
            # It gets its name when it is whole.
            found = _made_in(folder / "unfinished").rename(folder / schema_stamp.fingerprint()) / "postgres"
            _forget_all_but_two(folder)
    return found


@pytest.fixture(scope="session")
def migrated_data() -> Path:
    """The data folder of a stopped server whose tables are made and empty."""
    return make()


def home_with(data: Path, home: Path) -> Path:
    """Let services in `home` begin with a copy of `data`; returns `home`."""
    home.mkdir(exist_ok=True)
    # With its owner, who need not be the one who runs the tests.
    subprocess.run(["cp", "-pR", str(data), str(home / data.name)], check=True)
    return home


def _folder() -> Path:
    return scratch_folder.directory() / "migrated"


def _made_in(home: Path) -> Path:
    # What a killed run left.
    Services(home).erase()
    stage = Stage(home)
    try:
        stage.migrate()
    finally:
        stage.stop()
    return home


def _forget_all_but_two(folder: Path) -> None:
    """Keep the newest, and the one that a run may still copy that began before the code changed."""
    homes = sorted((data.parent for data in folder.glob("*/postgres")), key=lambda home: home.stat().st_mtime)
    for home in homes[:-2]:
        shutil.rmtree(home, ignore_errors=True)
