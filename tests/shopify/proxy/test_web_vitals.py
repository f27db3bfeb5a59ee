"""How fast pages are for visitors: counted by shop, and nothing else is kept."""

from typing import Any

import pytest
from prometheus_client import REGISTRY

from tests.api.client import outcome
from tests.factories import make_shop
from tests.shopify.proxy.shopper import Shopper

pytestmark = pytest.mark.django_db

MEASURED = {"lcp_ms": 1800, "inp_ms": 90, "cls_ten_thousandths": 20}


def _figure(shop: Any, name: str) -> float | None:
    return REGISTRY.get_sample_value(f"bazico_web_vitals_{name}", {"shop": shop.domain})


def test_a_pages_numbers_are_counted_for_its_shop_alone() -> None:
    ana, other = Shopper(make_shop()), make_shop()
    assert ana.post("/web-vitals", MEASURED).status_code == 204
    assert ana.post("/web-vitals", {"lcp_ms": 200}).status_code == 204
    assert (_figure(ana.shop, "lcp_seconds_count"), _figure(ana.shop, "lcp_seconds_sum")) == (2, 2.0)
    assert (_figure(ana.shop, "inp_seconds_count"), _figure(ana.shop, "inp_seconds_sum")) == (1, 0.09)
    assert _figure(ana.shop, "cls_sum") == 0.002
    assert _figure(other, "lcp_seconds_count") is None


def test_a_number_beyond_reason_counts_as_a_minute_at_most() -> None:
    ana = Shopper(make_shop())
    assert ana.post("/web-vitals", {"lcp_ms": 10**15, "inp_ms": -5}).status_code == 204
    assert (_figure(ana.shop, "lcp_seconds_sum"), _figure(ana.shop, "inp_seconds_sum")) == (60, 0)


@pytest.mark.parametrize("body", [{"lcp_ms": "1"}, {"lcp_ms": 1.5}, {"page": "/"}, {"url": "https://x"}, [], "x"])
def test_nothing_but_the_three_numbers_is_taken(body: object) -> None:
    ana = Shopper(make_shop())
    assert outcome(ana.post("/web-vitals", body))[0] == 400
    assert _figure(ana.shop, "lcp_seconds_count") is None


def test_it_is_throttled_by_address_and_needs_shopifys_signature() -> None:
    ana = Shopper(make_shop(requests_per_address=1))
    assert [ana.post("/web-vitals", MEASURED).status_code for _ in range(2)] == [204, 429]
    assert ana.ask("POST", "/web-vitals", b"{}", query="shop=x").status_code == 401
