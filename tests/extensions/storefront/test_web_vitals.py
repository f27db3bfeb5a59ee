"""A page's numbers leave it once, when its visitor does, and only with the script that the merchant switched on."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.extensions.places import THEME
from tests.support.patience import wait_until

from .cart import Cart
from .shop import ThemeShop


class Told:
    """Stands behind the proxy and keeps what it is told."""

    def __init__(self) -> None:
        self.measured: list[dict[str, Any]] = []

    def hear(self, cart: Cart) -> None:
        """Carts are no matter here."""

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if path == "/web-vitals":
            self.measured.append(body)
        return 200, {}


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def measuring_shop(told: Told) -> Iterator[ThemeShop]:
    shop = ThemeShop(told)
    yield shop
    shop.close()


def test_a_page_tells_its_three_numbers_when_it_is_left(
    browser: Browser, measuring_shop: ThemeShop, told: Told
) -> None:
    page = browser.new_page()
    page.goto(measuring_shop.url)
    page.evaluate(
        """(text) => {
            const script = document.createElement("script");
            script.dataset.proxy = "/apps/bazico-stock";
            script.text = text;
            document.head.append(script);
            document.querySelector("h1").style.marginTop = "300px";
        }""",
        (THEME / "assets" / "bazico-vitals.js").read_text(),
    )
    page.click("h1")
    page.wait_for_timeout(300)
    assert told.measured == []
    page.goto("about:blank")
    wait_until(lambda: len(told.measured) == 1)
    assert told.measured[0].keys() <= {"lcp_ms", "inp_ms", "cls_ten_thousandths"}
    assert told.measured[0]["cls_ten_thousandths"] > 0
    assert all(type(number) is int for number in told.measured[0].values())
    page.close()


def test_the_block_loads_it_only_where_the_merchant_wants_it() -> None:
    block = (THEME / "blocks" / "bazico-hold.liquid").read_text()
    condition, _, rest = block.partition("{%- if block.settings.web_vitals -%}")
    assert "bazico-vitals.js" not in condition
    assert "bazico-vitals.js" in rest.partition("{%- endif -%}")[0]
    assert (
        '"id": "web_vitals", "label": "t:embed.web_vitals", "info": "t:embed.web_vitals_info", "default": false'
        in block
    )
