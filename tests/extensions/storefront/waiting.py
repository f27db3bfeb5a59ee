"""Waiting for what the browser does by itself."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page


def until(condition: Callable[[], Any], page: Page | None = None, seconds: float = 60) -> None:
    """Wait until it is so. With a page, the browser's messages are read meanwhile."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        if page is None:
            time.sleep(0.02)
        else:
            page.wait_for_timeout(20)
