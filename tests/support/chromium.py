"""A browser for tests: Debian's headless shell of Chromium, or a whole Chromium where that is what a machine has."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect, sync_playwright

from .patience import PATIENCE_SECONDS
from .requirement import absent

# The shell is the same engine without a desktop browser's windows around it: a page costs a third of the processor
# time, and one that only stands there a tenth.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Playwright's own five seconds are not long enough for a busy machine.
PATIENCE_MS = PATIENCE_SECONDS * 1_000
expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Without one the test is skipped, or fails if REQUIRE_CHROMIUM is 1."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        absent("chromium is not installed", "REQUIRE_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
