"""Where the extensions are, and the programs that their tests need."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUARD = ROOT / "extensions" / "bazico-guard"
THEME = ROOT / "extensions" / "bazico-theme"


def program(name: str, required_by: str) -> str:
    """The path of a program; the test is skipped without it, or fails where `required_by` is 1."""
    found = shutil.which(name)
    if found is None:
        absent(f"there is no {name} on this machine", required_by)
    return str(found)


def absent(reason: str, required_by: str) -> None:
    """Skip the test for this reason, or fail where the environment says that the thing must be there."""
    if os.environ.get(required_by) == "1":
        pytest.fail(f"{reason}, and {required_by}=1")
    pytest.skip(f"{reason} ({required_by}=1 makes this a failure)")
