"""The engine behaves the same with group commit and without it: so each test here runs both ways."""

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True, params=[True, False], ids=["in groups", "one by one"])
def group_commit(request: pytest.FixtureRequest, settings: Settings) -> None:
    """Write requests together, or each by itself."""
    settings.GROUP_COMMIT = request.param
