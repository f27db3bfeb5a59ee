"""The set-up that bin/dev and bin/test share: a Python, `.venv`, and the pinned packages, once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from basico_stock.environment import REPOSITORY
from tests.support.patience import PATIENCE_SECONDS

LISTS = ("requirements.txt", "requirements-dev.txt")
TOOLS = ("sh", "cat", "cksum", "date", "dirname", "rm", "echo")


def project_in(folder: Path) -> Path:
    project = folder / "a project with spaces"
    (project / "bin").mkdir(parents=True)
    shutil.copy(REPOSITORY / "bin/_setup", project / "bin/_setup")
    script = '#!/bin/sh\nset -eu\ncd "$(dirname "$0")/.."\n. bin/_setup\nexec .venv/bin/python -c "print(42)"\n'
    (project / "bin/run").write_text(script)
    (project / "bin/run").chmod(0o755)
    for each in LISTS:
        (project / each).write_text("# nothing\n")
    return project


def tools_in(folder: Path) -> Path:
    tools = folder / "tools"
    tools.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tools / tool).symlink_to(found)
    return tools


def with_old_python(only_tools: Path) -> Path:
    old = only_tools / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    return only_tools


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a path with spaces that needs no packages, with the real set-up."""
    return project_in(tmp_path)


@pytest.fixture
def only_tools(tmp_path: Path) -> Path:
    """A PATH with the tools that every system has, and no Python."""
    return tools_in(tmp_path)


@pytest.fixture(scope="module")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was set up where `python3` is too old: making a `.venv` takes longer than using it."""
    folder = tmp_path_factory.mktemp("once")
    project, path = project_in(folder), with_old_python(tools_in(folder))
    (path / "python3.13").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    assert set_up(project, path).returncode == 0
    return project


@pytest.fixture
def prepared(project: Path, set_up_once: Path) -> Path:
    """The project with its `.venv` made, and nothing installed yet."""
    shutil.copytree(set_up_once / ".venv", project / ".venv", symlinks=True)
    (project / ".venv/made-in").write_text(f"{project}\n")
    (project / ".venv/installed").unlink()
    return project


def set_up(project: Path, path: Path | str, **others: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [project / "bin/run"],
        env={"PATH": str(path), **others},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def with_python(only_tools: Path) -> Path:
    (only_tools / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    return only_tools


def test_no_python_at_all_is_one_sentence_that_says_what_to_do(project: Path, only_tools: Path) -> None:
    done = set_up(project, only_tools)
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 or later with its venv module is needed")
    assert done.stderr.count("\n") == 1
    assert not (project / ".venv").exists()


def test_a_python_that_is_too_old_is_the_same_sentence(project: Path, only_tools: Path) -> None:
    done = set_up(project, with_old_python(only_tools))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_a_newer_python_is_found_under_its_own_name(set_up_once: Path) -> None:
    found = (set_up_once / ".venv/bin/python3.13").readlink()
    assert found.parent == set_up_once.parent / "tools"
    assert set_up(set_up_once, found.parent).stdout == "42\n"


def test_packages_are_installed_once_and_again_when_a_list_changes(prepared: Path, only_tools: Path) -> None:
    path = with_python(only_tools)
    assert "Installing the pinned packages" in set_up(prepared, path).stdout
    for each in LISTS:
        assert set_up(prepared, path).stdout == "42\n"
        (prepared / each).write_text(f"# something else in {each}\n")
        assert "Installing the pinned packages" in set_up(prepared, path).stdout


def test_what_python_compiles_is_kept_whatever_the_environment_says(prepared: Path, only_tools: Path) -> None:
    script = prepared / "bin/run"
    script.write_text(script.read_text().replace("print(42)", "import sys; print(sys.dont_write_bytecode)"))
    path = with_python(only_tools)
    assert set_up(prepared, path, PYTHONDONTWRITEBYTECODE="1").stdout.endswith("False\n")


@pytest.mark.parametrize("each", LISTS)
def test_a_package_without_its_hash_is_refused(prepared: Path, only_tools: Path, each: str) -> None:
    (prepared / each).write_text("django\n")
    done = set_up(prepared, with_python(only_tools))
    assert done.returncode == 1
    assert "The packages could not be installed" in done.stderr
    assert not (prepared / ".venv/installed").exists()


def test_a_project_that_was_moved_gets_a_new_environment(prepared: Path, only_tools: Path) -> None:
    path = with_python(only_tools)
    assert "Making .venv" not in set_up(prepared, path).stdout
    moved = prepared.rename(prepared.with_name("moved"))
    assert "Making .venv" in set_up(moved, path).stdout


@pytest.mark.parametrize("each", LISTS)
def test_every_pinned_package_carries_its_hash(each: str) -> None:
    lines = (REPOSITORY / each).read_text().splitlines()
    pinned = [number for number, line in enumerate(lines) if line and line[0] not in " #"]
    assert len(pinned) > 50
    assert all("==" in lines[number] and "--hash=sha256:" in lines[number + 1] for number in pinned)


def test_every_direct_dependency_states_its_reason() -> None:
    lines = [line for each in LISTS for line in (REPOSITORY / each).with_suffix(".in").read_text().splitlines()]
    dependencies = [line for line in lines if line and not line.startswith(("#", "-c "))]
    assert len(dependencies) > 20
    assert all(len(line.partition("  # ")[2]) > 10 or len(line.partition(" # ")[2]) > 10 for line in dependencies)


@pytest.mark.parametrize("each", LISTS)
def test_no_registry_address_is_written_into_a_lock_file(each: str) -> None:
    text = (REPOSITORY / each).read_text()
    assert not any(word in text for word in ("http://", "https://", "file://", "--index-url", "--find-links"))


def test_the_scripts_are_executable_and_plain_sh() -> None:
    for name in ("bin/dev", "bin/test"):
        script = REPOSITORY / name
        assert os.access(script, os.X_OK)
        assert script.read_text().startswith("#!/bin/sh\n")
        subprocess.run(["sh", "-n", script], check=True)
