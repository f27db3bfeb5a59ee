"""How the suite shares out its tests: heavy ones go to one process, and it says in a line each what it leaves out."""

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from basico_stock.environment import REPOSITORY
from tests.distribution import HEAVY, group_of

TEST = """
import os, pathlib, time, pytest
from tests.support.requirement import absent

@pytest.mark.parametrize("number", range(5))
def test_says_where_it_ran(number):
    with pathlib.Path(os.environ["RAN"]).open("a") as file:
        file.write(f"{os.environ['PYTEST_XDIST_WORKER']} {__file__}\\n")
    time.sleep(0.02)

def test_is_left_out():
    absent("quux is not installed", "REQUIRE_QUUX")
"""
PLACES = [place for places in HEAVY.values() for place in places]
LIGHT = [f"light/test_{number}.py" for number in range(6)]


def a_suite(root: Path) -> None:
    """Tests at every heavy place and at some others, with this suite's own way of sharing them out."""
    (root / "conftest.py").write_text(
        "from tests.distribution import pytest_xdist_make_scheduler  # noqa: F401\n"
        "from tests.skipped import pytest_terminal_summary  # noqa: F401\n"
    )
    for place in (*(place if place.endswith(".py") else f"{place}/test_some.py" for place in PLACES), *LIGHT):
        file = root / "tests" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(TEST)


def test_a_heavy_group_runs_in_one_process_and_the_other_tests_beside_it(tmp_path: Path) -> None:
    a_suite(tmp_path)
    ran = tmp_path / "ran"
    command = [sys.executable, "-m", "pytest", "-p", "xdist", "-n", "3", "--import-mode", "importlib"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(REPOSITORY), "RAN": str(ran)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    processes = defaultdict(set)
    for worker, place in (line.split() for line in ran.read_text().splitlines()):
        name = Path(place).relative_to(tmp_path / "tests").as_posix()
        processes[group_of(f"tests/{name}")].add(worker)
    assert all(len(each) == 1 for each in processes.values())
    heavy = set[str]().union(*(processes[group] for group in HEAVY))
    assert len(heavy) == len(HEAVY)
    assert any(processes[f"tests/{name}"].isdisjoint(heavy) for name in LIGHT)
    left_out, closing = done.stdout.splitlines()[-2:]
    number = len(PLACES) + len(LIGHT)
    assert left_out == f"{number} tests: quux is not installed (REQUIRE_QUUX=1 makes this a failure)"
    assert f"{5 * number} passed, {number} skipped" in closing


def test_every_heavy_place_is_there() -> None:
    assert [place for place in PLACES if not (REPOSITORY / "tests" / place).exists()] == []
