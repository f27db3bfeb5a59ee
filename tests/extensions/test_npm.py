"""Node's checks of each extension: the function's rules, the theme's build, and theme-check."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.patience import PATIENCE_SECONDS
from tests.support.requirement import program

from .installed import installed
from .places import GUARD, ORDER_STATUS, THEME


def npm_test(directory: object) -> subprocess.CompletedProcess[str]:
    npm = program("npm", "REQUIRE_NODE")
    return subprocess.run(
        [npm, "test"], cwd=str(directory), capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )


def test_the_functions_own_tests_pass_under_node() -> None:
    done = npm_test(GUARD)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_themes_script_is_what_its_source_builds_and_theme_check_passes() -> None:
    done = npm_test(installed(THEME))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_block_is_typed_against_shopifys_own_package_and_builds_small() -> None:
    done = npm_test(installed(ORDER_STATUS))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("extension", [GUARD, THEME, ORDER_STATUS], ids=lambda path: path.name)
def test_a_lock_file_names_no_package_server(extension: object) -> None:
    lock = (extension / "package-lock.json").read_text()  # type: ignore[operator]
    assert '"resolved"' not in lock


@pytest.mark.parametrize(
    ("extension", "names"),
    [
        (THEME, {"esbuild", "@shopify/theme-check-node"}),
        (ORDER_STATUS, {"esbuild", "typescript", "preact", "@preact/signals", "@shopify/ui-extensions"}),
    ],
    ids=["theme", "block"],
)
def test_an_extension_pins_each_of_its_packages_exactly(extension: Path, names: set[str]) -> None:
    package = json.loads((extension / "package.json").read_text())
    pinned = package["devDependencies"] | package.get("dependencies", {})
    assert set(pinned) == names
    assert all(re.fullmatch(r"\d+\.\d+\.\d+(-rc\.\d+)?", version) for version in pinned.values())
