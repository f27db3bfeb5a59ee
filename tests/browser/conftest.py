"""Browsers before the real service: one Chromium for each test file, one service for all."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from tests.support.chromium import running_browser

from .service import Service, running_service
from .visits import Visits


@pytest.fixture(scope="session")
def service(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Service]:
    """The running service, on the tests' database."""
    with django_db_blocker.unblock(), running_service() as service:
        yield service


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium; without one the test is skipped, or fails if REQUIRE_CHROMIUM is 1."""
    with pytest.MonkeyPatch.context() as patch, running_browser() as browser:
        # Playwright keeps an event loop in this thread, which Django's ORM would take for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield browser


@pytest.fixture
def visits(transactional_db: None, browser: Browser, service: Service) -> Iterator[Visits]:
    """Opens pages of the service, and empties the database afterwards. Fails a test in which a page threw."""
    visits = Visits(browser, service)
    yield visits
    visits.close()
    assert visits.errors == []
