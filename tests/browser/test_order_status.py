"""The customer's page about an order asks the real service, from another origin."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from reservations.models import ShopifyOrder
from tests.extensions.order_status.order_page import OrderPage, build
from tests.factories import database_now, make_shop, stock_of
from tests.shopify.customer_account.page import customer_token
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import CONFIRMATION, ORDER, order_payload

from .visits import Visits

pytestmark = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")


def test_the_page_reads_the_services_own_clock_and_then_the_payment(visits: Visits, tmp_path: Path) -> None:
    shop = make_shop()
    stock_of(shop, 1)
    placed = {"created_at": database_now().isoformat(), "payment_gateway_names": ["Pix"]}
    deliver(shop, "orders/create", order_payload(payment="pending") | placed)
    about = {"id": f"gid://shopify/Order/{ORDER}", "name": "#1", "confirmationNumber": CONFIRMATION}
    order = OrderPage(build(tmp_path), token=customer_token(shop.domain), service=visits.service.url, order=about)
    page = opened(visits, order)
    until = ShopifyOrder.objects.get(shop=shop).payment_due_at
    assert until is not None
    # The service's time is written by the browser's clock, so it may be rounded to either side of a minute.
    near = {f"{_local(until + timedelta(seconds=more)):%H:%M}" for more in (-2, 0, 2)}
    expect(page.get_by_role("status")).to_contain_text("Sua unidade está reservada até")
    assert any(time in page.get_by_role("status").inner_text() for time in near)
    deliver(shop, "orders/paid", order_payload(payment="paid", second=1) | placed)
    expect(opened(visits, order).get_by_role("heading", name="Unidades garantidas")).to_be_visible()


def opened(visits: Visits, order: OrderPage) -> Page:
    """The page, of an origin that is "null", as that of Shopify's workers may be."""
    page = visits.visitor(width=390).new_page()
    page.set_content(order.html())
    return page


def _local(time: datetime) -> datetime:
    return time.astimezone(ZoneInfo("America/Sao_Paulo"))
