"""What a machine may lack: the test is left out there and says what would run it, or fails where it must be there."""

import os
import shutil
from typing import NoReturn

import pytest


def absent(reason: str, required_by: str) -> NoReturn:
    """Skip the test for this reason, or fail where the variable `required_by` is 1."""
    if is_required(required_by):
        pytest.fail(f"{reason}, and {required_by}=1")
    pytest.skip(told(reason, required_by))


def is_required(variable: str) -> bool:
    """Whether the environment says that the thing must be there."""
    return os.environ.get(variable) == "1"


def told(reason: str, required_by: str) -> str:
    """The reason, with the variable that makes it a failure."""
    return f"{reason} ({required_by}=1 makes this a failure)"


def program(name: str, required_by: str) -> str:
    """The path of a program; the test is skipped without it, or fails where `required_by` is 1."""
    found = shutil.which(name)
    if found is None:
        absent(f"{name} is not installed", required_by)
    return found
