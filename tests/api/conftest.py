"""The web program as it is deployed, for tests that need the real thing."""

from collections.abc import Iterator

import pytest

from tests.api.server import WebServer, web_server


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[WebServer]:
    """One running server for a module's tests, each of which must be marked ``django_db(transaction=True)``."""
    with web_server() as running:
        yield running
