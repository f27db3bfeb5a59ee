"""The sandbox's pages: axe finds no serious fault."""

from collections.abc import Sequence
from importlib.resources import files

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Frame, Page

from reservations.new_shop import create_shop
from sandbox.shopify import DEMO_SHOP

from .visits import Visits

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = {"serious", "critical"}


def faults(page: Page | Frame) -> Sequence[object]:
    """The faults that axe calls serious."""
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run()")["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found if one["impact"] in SERIOUS]


@pytest.mark.parametrize("path", ["/sandbox/", "/sandbox/loja/", "/sandbox/loja/ana/", "/sandbox/bling/"])
def test_a_sandbox_page_has_no_serious_fault(visits: Visits, path: str) -> None:
    create_shop(DEMO_SHOP, api_key=django_settings.DEMO_API_KEY)
    page = visits.page(path, width=390)
    if path == "/sandbox/":
        page.locator("button[data-buyers='2']").click()
        page.locator("#verdict").wait_for()
    assert faults(page) == []
