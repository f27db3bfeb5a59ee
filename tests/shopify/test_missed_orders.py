"""Orders whose webhook never came: we compare Shopify's list of orders with what we heard."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from reservations.models import Shop, ShopifyInstallation, ShopifyOrder, WebhookDelivery
from reservations.shopify.orders.missed_orders.order_sweep import (
    OVERLAP,
    PATIENCE,
    ask_for_missed_orders,
    hear_of_all_orders,
    installed_shops,
)
from reservations.shopify.tasks import catch_up_on_orders_of
from sandbox.shopify import RunningStandIn
from tests.factories import database_now, make_shop, numbers, stock_of
from tests.shopify.stores import installation, installed_shop, mark_installed, operations
from tests.shopify.webhooks.deliveries import deliver

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


@pytest.fixture
def shop(shopify: RunningStandIn) -> Shop:
    """A shop with five units of SKU-1, installed an hour ago; its webhooks go nowhere."""
    shop = installed_shop(shopify)
    variants = [{"sku": "SKU-1", "quantity": 5}]
    shopify.control.post("products", shop=shop.domain, products=[{"variants": variants}])
    stock_of(shop, 5)
    ShopifyInstallation.objects.filter(shop=shop).update(installed_at=Now() - timedelta(hours=1))
    return shop


def bought(shopify: RunningStandIn, shop: Shop, units: int = 2, **more: Any) -> dict[str, Any]:
    """Make an order at Shopify; returns the webhook that would report it."""
    lines = [{"sku": "SKU-1", "quantity": units}]
    placed: dict[str, Any] = shopify.control.post("orders", shop=shop.domain, lines=lines, **more)
    return placed


def look(shop: Shop) -> int:
    """Look for missed orders, so late that every webhook had its time."""
    return ask_for_missed_orders(shop.pk, seconds=30, until=database_now() + timedelta(seconds=5))


def test_an_order_of_which_no_webhook_came_is_a_sale(shopify: RunningStandIn, shop: Shop) -> None:
    placed = bought(shopify, shop)
    assert look(shop) == 1
    assert numbers(shop) == (5, 0, 2)
    assert deliver(shop, "orders/create", placed).status in ("applied", "ignored")
    assert numbers(shop) == (5, 0, 2)


def test_whoever_must_know_of_every_order_reads_the_list_on_from_where_all_were_known(
    shopify: RunningStandIn, shop: Shop
) -> None:
    began = database_now()
    assert hear_of_all_orders(shop.pk, seconds=30)
    heard_until = installation(shop).orders_heard_until
    assert heard_until and began - OVERLAP <= heard_until <= database_now() - OVERLAP
    bought(shopify, shop)
    assert hear_of_all_orders(shop.pk, seconds=30)
    assert numbers(shop) == (5, 0, 2)
    bought(shopify, shop)
    # Known up to after the second order: so it is the sweep's, which has a place of its own in the list.
    ShopifyInstallation.objects.filter(shop=shop).update(orders_heard_until=Now() + timedelta(minutes=1))
    assert hear_of_all_orders(shop.pk, seconds=30)
    assert numbers(shop) == (5, 0, 2)
    assert look(shop) == 1
    assert numbers(shop) == (5, 0, 4)


def test_a_webhook_has_its_time_to_come_by_itself(shopify: RunningStandIn, shop: Shop) -> None:
    bought(shopify, shop)
    assert ask_for_missed_orders(shop.pk, seconds=30) == 0
    assert numbers(shop) == (5, 0, 0)
    checked = installation(shop).orders_checked_until
    assert checked
    assert checked <= database_now() - PATIENCE


def test_an_order_that_was_heard_of_is_not_asked_for(shopify: RunningStandIn, shop: Shop) -> None:
    deliver(shop, "orders/create", bought(shopify, shop))
    before = len(operations(shopify, shop))
    assert look(shop) == 0
    assert [row["operation"] for row in operations(shopify, shop)[before:]] == ["orders"]


@pytest.mark.parametrize(("restock", "left"), [(True, 0), (False, 2)])
def test_a_cancellation_that_was_not_heard_of_is_learned(
    shopify: RunningStandIn, shop: Shop, restock: bool, left: int
) -> None:
    placed = bought(shopify, shop)
    deliver(shop, "orders/create", placed)
    shopify.control.post(f"orders/{placed['id']}/cancel", shop=shop.domain, restock=restock)
    assert look(shop) == 1
    assert numbers(shop) == (5, 0, left)
    assert look(shop) == 0


def test_a_refund_that_was_not_heard_of_is_learned(shopify: RunningStandIn, shop: Shop) -> None:
    placed = bought(shopify, shop)
    deliver(shop, "orders/create", placed)
    shopify.control.post(f"orders/{placed['id']}/refund", shop=shop.domain, lines=[{"sku": "SKU-1"}], kind="return")
    assert look(shop) == 1
    assert numbers(shop) == (5, 0, 1)


def test_an_edit_that_was_not_heard_of_is_learned(shopify: RunningStandIn, shop: Shop) -> None:
    placed = bought(shopify, shop)
    deliver(shop, "orders/create", placed)
    ShopifyOrder.objects.filter(shop=shop).update(lines_at=Now() - timedelta(minutes=1))
    shopify.control.post(f"orders/{placed['id']}/edit", shop=shop.domain, sku="SKU-1", delta=1)
    assert look(shop) == 1
    assert numbers(shop) == (5, 0, 3)
    assert look(shop) == 0


def test_an_order_from_before_the_installation_is_not_sold_again(shopify: RunningStandIn, shop: Shop) -> None:
    bought(shopify, shop)
    ShopifyInstallation.objects.filter(shop=shop).update(installed_at=Now() + timedelta(seconds=2))
    assert look(shop) == 0
    assert numbers(shop) == (5, 0, 0)


def test_more_orders_than_a_page_are_all_looked_at_once(shopify: RunningStandIn, shop: Shop) -> None:
    stock_of(shop, 100, "SKU-2")
    # As Shopify treats a store of its plan Plus: so many orders cost more than the smallest plan gives in a minute.
    shopify.control.post("rules", shop=shop.domain, bucket_points=20_000, restore_points=1_000)
    shopify.control.post("products", shop=shop.domain, products=[{"variants": [{"sku": "SKU-2", "quantity": 100}]}])
    for _ in range(52):
        shopify.control.post("orders", shop=shop.domain, lines=[{"sku": "SKU-2"}])
    # A round that runs out of time leaves the rest to the next one.
    assert sum(look(shop) for _ in range(3)) == 52
    assert numbers(shop, "SKU-2") == (100, 0, 52)


def test_orders_that_could_not_be_asked_for_are_looked_at_again(shop: Shop) -> None:
    ShopifyInstallation.objects.filter(shop=shop).update(access_expires_at=Now(), refresh_expires_at=Now())
    catch_up_on_orders_of(shop_id=shop.pk)
    assert installation(shop).orders_checked_until is None


def test_only_shops_that_have_the_app_are_looked_at(shop: Shop) -> None:
    mark_installed(make_shop(), state="uninstalled")
    assert installed_shops() == [shop.pk]
    assert ask_for_missed_orders(mark_installed(make_shop(), state="needs_reopen").shop_id, seconds=1) == 0
    assert not WebhookDelivery.objects.exists()


def test_a_removal_of_which_the_edit_was_not_heard_of_is_learned(shopify: RunningStandIn, shop: Shop) -> None:
    placed = bought(shopify, shop, units=3)
    deliver(shop, "orders/create", placed)
    shopify.control.post(f"orders/{placed['id']}/edit", shop=shop.domain, sku="SKU-1", delta=-1)
    assert look(shop) == 1
    assert numbers(shop) == (5, 0, 2)


def test_an_exchange_that_was_not_heard_of_is_learned(shopify: RunningStandIn, shop: Shop) -> None:
    shopify.control.post("products", shop=shop.domain, products=[{"variants": [{"sku": "SKU-2", "quantity": 1}]}])
    stock_of(shop, 1, "SKU-2")
    placed = bought(shopify, shop, units=1)
    deliver(shop, "orders/create", placed)
    lines, exchanges = [{"sku": "SKU-1", "quantity": 1}], [{"sku": "SKU-2", "quantity": 1}]
    till = {"shop": shop.domain, "lines": lines, "exchanges": exchanges, "at_till": True}
    shopify.control.post(f"orders/{placed['id']}/fulfil", shop=shop.domain, lines=lines)
    shopify.control.post(f"orders/{placed['id']}/return", **till)
    assert look(shop) == 1
    assert (numbers(shop), numbers(shop, "SKU-2")) == ((5, 0, 0), (1, 0, 1))
    assert look(shop) == 0


def test_an_order_that_left_before_it_was_paid_is_learned(shopify: RunningStandIn, shop: Shop) -> None:
    placed = bought(shopify, shop, payment="PENDING", gateways=["Pix"])
    deliver(shop, "orders/create", placed)
    assert numbers(shop) == (5, 2, 0)
    shopify.control.post(f"orders/{placed['id']}/fulfil", shop=shop.domain)
    assert look(shop) == 1
    assert numbers(shop) == (5, 0, 2)
