"""Waiting for what the browser does by itself."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.support.patience import wait_until


def until(condition: Callable[[], Any], page: Page | None = None) -> None:
    """Wait until it is so. With a page, the browser's messages are read meanwhile."""
    if page is None:
        wait_until(condition)
    else:
        wait_until(condition, sleep=lambda seconds: page.wait_for_timeout(seconds * 1_000))
