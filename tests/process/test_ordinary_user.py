"""On a fresh machine somebody who is not root runs `bin/dev`, from a long path with spaces."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from basico_stock.environment import REPOSITORY
from tests.process.dev_run import processes_of
from tests.support.free_port import free_port

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(not os.environ.get("CI"), reason="installs every package again (CI=1 runs it)"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else (run as root)"),
]
ACCOUNT = "daemon"
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".basico", "__pycache__", ".*_cache", "node_modules")


def python_for_everybody() -> Path | None:
    """A folder with a Python 3.11 or later, complete with venv, that other accounts may run."""
    enough = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
    for folder in (Path(sys.base_prefix) / "bin", Path("/usr/local/bin"), Path("/usr/bin")):
        attempt: list[str | Path] = [
            "setpriv",
            "--reuid",
            ACCOUNT,
            "--regid",
            ACCOUNT,
            "--clear-groups",
            folder / "python3",
            "-c",
            enough,
        ]
        if subprocess.run(attempt, capture_output=True, check=False).returncode == 0:
            return folder
    return None


@pytest.fixture
def copy() -> Iterator[Path]:
    """A copy of the project that the account owns."""
    root = Path(tempfile.mkdtemp(prefix="bazico ordinary user ", dir="/tmp"))
    project = root / ("a folder with spaces and ção " + "x" * 90)
    shutil.copytree(REPOSITORY, project, ignore=LEFT_OUT, symlinks=True)
    subprocess.run(["chown", "-R", f"{ACCOUNT}:", root], check=True)
    yield project
    for process in processes_of(project):
        process.kill()
    shutil.rmtree(root)


def test_an_ordinary_user_sells_the_last_unit_once_and_leaves_nothing_behind(copy: Path) -> None:
    python = python_for_everybody()
    if python is None:
        pytest.skip("no Python here may be run by other accounts (install python3 for all of them)")
    account = pwd.getpwnam(ACCOUNT)
    done = subprocess.run(
        [copy / "bin/dev", "--once"],
        env={"PATH": f"{python}:/usr/bin:/bin", "HOME": str(copy), "PORT": str(free_port())},
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The last unit was sold once." in done.stdout
    assert processes_of(copy) == []
    assert (copy / ".basico/postgres").stat().st_uid == account.pw_uid
