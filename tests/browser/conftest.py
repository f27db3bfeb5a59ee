"""Browsers before the real service. One Chromium for each file of tests, one service for all of them."""

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
    """Debian's Chromium, or any on the PATH; the test is skipped where there is none, unless REQUIRE_CHROMIUM is 1."""
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
    """Pages of the service, on a database that is emptied afterwards. A test during which a page threw fails."""
    visits = Visits(browser, service)
    yield visits
    visits.close()
    assert visits.errors == []
