"""What a machine may lack: a test that needs it is skipped and says what would run it, or fails if it is required."""

import os
import shutil
from typing import NoReturn

import pytest


def absent(reason: str, required_by: str) -> NoReturn:
    """Skip the test with this reason, or fail if the environment's variable `required_by` is 1."""
    if is_required(required_by):
        pytest.fail(f"{reason}, and {required_by}=1")
    pytest.skip(told(reason, required_by))


def is_required(variable: str) -> bool:
    """Whether the environment requires the thing."""
    return os.environ.get(variable) == "1"


def told(reason: str, required_by: str) -> str:
    """The reason, and the variable that makes a failure of it."""
    return f"{reason} ({required_by}=1 makes this a failure)"


def program(name: str, required_by: str) -> str:
    """The path of a program; without it the test is skipped, or fails if `required_by` is 1."""
    found = shutil.which(name)
    if found is None:
        absent(f"{name} is not installed", required_by)
    return found
