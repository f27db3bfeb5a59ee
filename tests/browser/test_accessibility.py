"""Every page inside Shopify's admin, at a desk and on a phone: axe finds no serious fault, nothing scrolls sideways."""

from importlib.resources import files

import pytest

from reservations.models import Shop
from tests.factories import hold, make_shop, settle_order, stock_of

from .visits import Visits

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = {"serious", "critical"}
PAGES = ["/app/", "/app/stock/", "/app/reservations/", "/app/bling/", "/app/settings/", "/app/shortfalls/"]


def busy_shop() -> Shop:
    """A shop with something to see on each page."""
    shop = make_shop()
    for number in range(12):
        stock_of(shop, 3, f"CAMISETA-BAZICA-DE-NOME-COMPRIDO-PRETA-{number}")
        hold(shop, f"CAMISETA-BAZICA-DE-NOME-COMPRIDO-PRETA-{number}")
    settle_order(shop, "1001", 4, "CAMISETA-BAZICA-DE-NOME-COMPRIDO-PRETA-0")
    return shop


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_serious_fault_and_never_scrolls_sideways(visits: Visits, path: str, width: int) -> None:
    app = visits.admin(busy_shop(), path, width=width)
    app.frame.evaluate(AXE)
    found = app.frame.evaluate("() => axe.run()")["violations"]
    serious = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found if one["impact"] in SERIOUS]
    assert serious == []
    assert app.side_scroll() <= 0
