"""Unpaid orders are cancelled at Shopify when their time is over: only where chosen, and never a paid one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from reservations.models import Payment, Shop, ShopifyOrder
from reservations.shopify.orders.unpaid_cancellation import cancel_due_orders
from sandbox.shopify import RunningStandIn
from tests.factories import numbers, stock_of
from tests.shopify.stores import installed_shop, operations
from tests.shopify.webhooks.deliveries import deliver

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def overdue(shopify: RunningStandIn, *, chosen: bool = True) -> tuple[Shop, int]:
    """A shop, and an order of it that was not paid in time."""
    shop = installed_shop(shopify)
    Shop.objects.filter(pk=shop.pk).update(cancel_unpaid_orders=chosen)
    products = [{"variants": [{"sku": "SKU-1", "quantity": 5}]}]
    shopify.control.post("products", shop=shop.domain, products=products)
    stock_of(shop, 5)
    lines = [{"sku": "SKU-1", "quantity": 1}]
    made = shopify.control.post("orders", shop=shop.domain, lines=lines, payment="PENDING", gateways=["Pix"])
    deliver(shop, "orders/create", made)
    ShopifyOrder.objects.filter(shop=shop).update(payment_due_at=Now() - timedelta(minutes=3))
    return shop, int(made["id"])


def at_shopify(shopify: RunningStandIn, shop: Shop) -> dict[str, Any]:
    found: dict[str, Any] = shopify.control.get("orders", shop=shop.domain)["orders"][0]
    return found


def test_an_order_that_was_not_paid_in_time_is_cancelled_for_that_and_restocked(shopify: RunningStandIn) -> None:
    shop, _ = overdue(shopify)
    assert (cancel_due_orders(seconds=20), cancel_due_orders(seconds=20)) == (1, 0)
    found = at_shopify(shopify, shop)
    assert (bool(found["cancelled_at"]), found["cancel_reason"]) == (True, "declined")
    deliver(shop, "orders/cancelled", found)
    assert numbers(shop) == (5, 0, 0)
    assert ShopifyOrder.objects.get(shop=shop).committed == {}


def test_an_order_that_is_paid_by_now_is_learned_and_not_cancelled(shopify: RunningStandIn) -> None:
    shop, number = overdue(shopify)
    shopify.control.post(f"orders/{number}/pay", shop=shop.domain)
    assert cancel_due_orders(seconds=20) == 0
    assert at_shopify(shopify, shop)["cancelled_at"] is None
    assert (ShopifyOrder.objects.get(shop=shop).payment, numbers(shop)) == (Payment.PAID, (5, 0, 1))


def test_an_order_from_before_the_installation_is_left_to_the_merchant(shopify: RunningStandIn) -> None:
    shop, _ = overdue(shopify)
    ShopifyOrder.objects.filter(shop=shop).update(zero={"lines": {}, "at": None, "awaited": True})
    assert cancel_due_orders(seconds=20) == 0
    assert at_shopify(shopify, shop)["cancelled_at"] is None


@pytest.mark.parametrize("chosen", [False, True])
def test_nothing_is_cancelled_before_its_time_or_where_the_merchant_did_not_choose_it(
    shopify: RunningStandIn, *, chosen: bool
) -> None:
    shop, _ = overdue(shopify, chosen=chosen)
    if chosen:
        ShopifyOrder.objects.filter(shop=shop).update(payment_due_at=Now() - timedelta(minutes=1))
    before = len(operations(shopify, shop))
    assert cancel_due_orders(seconds=20) == 0
    assert len(operations(shopify, shop)) == before
