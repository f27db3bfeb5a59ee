"""Node's checks of each extension: the function's rules, the theme's build, and theme-check."""

import json
import re
import subprocess

import pytest

from tests.support.requirement import absent, is_required, program

from .places import GUARD, THEME


def npm_test(directory: object) -> subprocess.CompletedProcess[str]:
    npm = program("npm", "REQUIRE_NODE")
    return subprocess.run([npm, "test"], cwd=str(directory), capture_output=True, text=True, timeout=100, check=False)


def test_the_functions_own_tests_pass_under_node() -> None:
    done = npm_test(GUARD)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_themes_script_is_what_its_source_builds_and_theme_check_passes() -> None:
    npm = program("npm", "REQUIRE_NODE")
    # Installs anew where node_modules is from an older package.json.
    if subprocess.run([npm, "ls"], cwd=THEME, capture_output=True, timeout=60, check=False).returncode != 0:
        if not is_required("REQUIRE_NODE"):
            absent("esbuild and theme-check are not installed (npm ci in extensions/bazico-theme)", "REQUIRE_NODE")
        subprocess.run([npm, "ci"], cwd=THEME, check=True, timeout=100)
    done = npm_test(THEME)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("extension", [GUARD, THEME], ids=lambda path: path.name)
def test_a_lock_file_names_no_package_server(extension: object) -> None:
    lock = (extension / "package-lock.json").read_text()  # type: ignore[operator]
    assert '"resolved"' not in lock


def test_the_theme_pins_each_of_its_tools_exactly() -> None:
    package = json.loads((THEME / "package.json").read_text())
    assert {"esbuild", "@shopify/theme-check-node"} == set(package["devDependencies"])
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["devDependencies"].values())
