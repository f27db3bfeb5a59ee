"""A browser, a shop, and shoppers in it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.chromium import running_browser

from .shop import ThemeShop

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, running_browser() as browser:
        # Playwright keeps an event loop in this thread, which Django's ORM would take for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield browser


@pytest.fixture
def shop() -> Iterator[ThemeShop]:
    shop = ThemeShop()
    yield shop
    shop.close()


@pytest.fixture
def shopper(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """Makes shoppers, each with their own cookies. Fails a test in which anything but the theme threw."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def come() -> BrowserContext:
        context = browser.new_context(locale="pt-BR")
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield come
    for context in contexts:
        context.close()
    assert [error for error in errors if "the theme's" not in error] == []


@pytest.fixture
def visit(shopper: Callable[[], BrowserContext], shop: ThemeShop) -> Visit:
    """Open pages of one shopper."""
    context = shopper()

    def visit(path: str = "/") -> Page:
        page = context.new_page()
        page.goto(shop.url + path)
        return page

    return visit
