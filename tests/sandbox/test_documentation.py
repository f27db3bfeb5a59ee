"""docs/sandbox.md names every order, book and misbehaviour, and only real ones."""

import re

import pytest

from basico_stock.environment import REPOSITORY
from sandbox.bling.bling_faults import MISBEHAVIOUR as BLING_KINDS
from sandbox.bling.control.bling_panel import panel as bling_panel
from sandbox.shopify.control.shopify_panel import panel as shopify_panel
from sandbox.shopify.shopify_faults import MISBEHAVIOUR as SHOPIFY_KINDS

PAGE = (REPOSITORY / "docs" / "sandbox.md").read_text()
COMMON, _, REST = PAGE.partition("\n## Bling\n")
ABOUT_BLING, _, ABOUT_SHOPIFY = REST.partition("\n## Shopify\n")
ORDER = re.compile(r"`((?:GET|POST) [a-z][^`]*)`")


@pytest.mark.parametrize(
    ("routes", "section"),
    [
        pytest.param(bling_panel.summaries, ABOUT_BLING, id="bling"),
        pytest.param(shopify_panel.summaries, ABOUT_SHOPIFY, id="shopify"),
    ],
)
def test_every_order_and_book_stands_on_the_page_and_no_other(routes: dict[str, str], section: str) -> None:
    known = {route.replace(":int", "") for route in routes}
    shared = {route for route in known if route.split()[1].split("/")[0] in ("faults", "webhooks")} - {
        "POST webhooks/send"
    }
    written = set(ORDER.findall(section))
    assert known - shared == written
    assert set(ORDER.findall(COMMON)) <= shared


def test_every_misbehaviour_stands_on_the_page_and_no_other() -> None:
    table = COMMON.partition("| kind |")[2].partition("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {kind for row in rows for kind in re.findall(r"`(\w+)`", row)} == {*BLING_KINDS, *SHOPIFY_KINDS}
