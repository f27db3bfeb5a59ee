"""Each test of concurrency runs twice: with group commit, and with a transaction for each request."""

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(params=[True, False], ids=["group-commit", "one-by-one"], autouse=True)
def written_together(request: pytest.FixtureRequest, settings: Settings) -> bool:
    """Whether the engine writes requests for one row together."""
    settings.GROUP_COMMIT = request.param
    return bool(request.param)
