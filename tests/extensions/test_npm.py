"""What Node checks in each extension: the function's rules, and the theme against Shopify's theme-check."""

import os
import subprocess

import pytest

from .places import GUARD, THEME, absent, program


def npm_test(directory: object) -> subprocess.CompletedProcess[str]:
    npm = program("npm", "REQUIRE_NODE")
    return subprocess.run([npm, "test"], cwd=str(directory), capture_output=True, text=True, timeout=100, check=False)


def test_the_functions_own_tests_pass_under_node() -> None:
    done = npm_test(GUARD)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_themes_own_tests_and_theme_check_pass() -> None:
    npm = program("npm", "REQUIRE_NODE")
    if not (THEME / "node_modules").exists():
        if os.environ.get("REQUIRE_NODE") != "1":
            absent("theme-check is not installed (npm ci in extensions/bazico-theme)", "REQUIRE_NODE")
        subprocess.run([npm, "ci"], cwd=THEME, check=True, timeout=100)
    done = npm_test(THEME)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("extension", [GUARD, THEME], ids=lambda path: path.name)
def test_a_lock_file_names_no_package_server(extension: object) -> None:
    lock = (extension / "package-lock.json").read_text()  # type: ignore[operator]
    assert '"resolved"' not in lock
