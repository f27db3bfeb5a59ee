"""Browsers before the real service: one Chromium for each test file, one service for all."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from tests.support.requirement import absent

from .service import Service, running_service
from .visits import Visits


@pytest.fixture(scope="session")
def service(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Service]:
    """The running service, on the tests' database."""
    with django_db_blocker.unblock(), running_service() as service:
        yield service


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or any on the PATH; without one the test is skipped, or fails if REQUIRE_CHROMIUM is 1."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        absent("chromium is not installed", "REQUIRE_CHROMIUM")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django's ORM would take for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visits(transactional_db: None, browser: Browser, service: Service) -> Iterator[Visits]:
    """Opens pages of the service, and empties the database afterwards. Fails a test in which a page threw."""
    visits = Visits(browser, service)
    yield visits
    visits.close()
    assert visits.errors == []
