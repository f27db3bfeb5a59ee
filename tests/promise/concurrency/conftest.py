"""Every test of concurrency runs twice: requests written together, and each in a transaction of its own."""

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(params=[True, False], ids=["group-commit", "one-by-one"], autouse=True)
def written_together(request: pytest.FixtureRequest, settings: Settings) -> bool:
    """Whether requests for one row are written together."""
    settings.GROUP_COMMIT = request.param
    return bool(request.param)
