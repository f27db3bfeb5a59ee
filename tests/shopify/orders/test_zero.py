"""What an order was at the installation is its zero: only what happens to it afterwards moves a unit.

The shop installed the app at second 10, and has 5 units of SKU-1 by a count from then. The order of 2 is older.
"""

from collections.abc import Mapping
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db.models.functions import Now

from reservations import engine
from reservations.models import Reservation, Shop, ShopifyInstallation, Shortfall
from reservations.shopify.orders.older_orders import read_older_orders, shops_to_read
from reservations.shopify.webhooks.headers import moment as parsed
from sandbox.shopify import RunningStandIn
from tests.factories import database_now, make_shop, numbers, stock_of
from tests.shopify.stores import installation, installed_shop, mark_installed, operations
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import LINE, edit_payload, moment, order_payload, refund_payload

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]

INSTALLED_AT = 10


def order(*, quantity: int = 2, current: int | None = None, second: int = 0, **more: Any) -> dict[str, Any]:
    line = {"id": LINE, "variant_id": 1, "sku": "SKU-1", "quantity": quantity}
    line["current_quantity"] = quantity if current is None else current
    return order_payload(lines=[line], second=second, **more) | {"created_at": moment(0)}


def refund(second: int, *, quantity: int = 1, refund_id: int = 91, restock: str = "return") -> dict[str, Any]:
    made = refund_payload(quantity=quantity, restock=restock, refund_id=refund_id)
    return made | {"created_at": moment(second)}


EARLY, LATE, ALL = refund(5), refund(20, refund_id=92), refund(21, quantity=2, refund_id=93, restock="cancel")
PENDING = {"financial_status": "pending", "payment_gateway_names": ["Pix"]}

EVENTS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "old": ("orders/create", order() | {"financial_status": "paid"}),
    "tagged": ("orders/updated", order(second=12) | {"financial_status": "paid"}),
    "early refund": ("refunds/create", EARLY),
    "as it was": ("orders/updated", order(current=1, second=6, refunds=[EARLY])),
    "late refund": ("refunds/create", LATE),
    "edit": ("orders/edited", edit_payload(7, added=1, second=15)),
    "after the edit": ("orders/updated", order(quantity=3, second=16)),
    "cancelled": ("orders/cancelled", order(current=0, second=21, cancelled=True, refunds=[ALL])),
    "pending": ("orders/create", order() | PENDING),
    "paid since": ("orders/paid", order(second=20) | {"financial_status": "paid"}),
}
# What is in flight at the end; fewer than none came back that were sold before.
STORIES: Mapping[tuple[str, ...], int] = {
    ("old", "tagged"): 0,
    ("old", "tagged", "edit", "after the edit"): 1,
    ("edit", "after the edit"): 1,
    ("old", "late refund"): -1,
    ("old", "early refund", "as it was", "late refund"): -1,
    ("old", "tagged", "cancelled"): -2,
    ("old", "edit", "after the edit", "late refund"): 0,
    ("pending", "paid since"): 2,
}


def tell(shop: Shop, event: str) -> None:
    assert deliver(shop, *EVENTS[event]).status in ("applied", "ignored")


@pytest.fixture
def shop() -> Shop:
    return old_shop()


def old_shop() -> Shop:
    shop = make_shop()
    mark_installed(shop)
    ShopifyInstallation.objects.filter(shop=shop).update(installed_at=parsed(moment(INSTALLED_AT)))
    stock_of(shop, 5)
    return shop


@pytest.mark.parametrize("story", STORIES, ids=", ".join)
def test_only_what_happens_after_the_installation_moves_a_unit(story: tuple[str, ...]) -> None:
    for told in permutations(story):
        shop = old_shop()
        for event in (*told, *story):
            tell(shop, event)
        assert numbers(shop) == (5, 0, STORIES[story]), " -> ".join(told)
        assert engine.audit(shop.pk) == []
        assert not Shortfall.objects.filter(shop=shop, quantity__gt=0).exists()


def test_a_unit_that_came_back_and_was_never_sold_here_is_on_sale(shop: Shop) -> None:
    tell(shop, "old")
    tell(shop, "cancelled")
    assert engine.stock(shop.pk, "SKU-1").available == 7
    came_back = Reservation.objects.get(shop=shop, sold_before=True)
    assert (came_back.quantity, came_back.returned, came_back.status) == (2, 2, "confirmed")


def test_an_older_unpaid_order_is_left_out_where_the_merchant_says_so(shop: Shop) -> None:
    Shop.objects.filter(pk=shop.pk).update(counts_pending_orders=False)
    tell(shop, "pending")
    tell(shop, "paid since")
    assert numbers(shop) == (5, 0, 0)


@pytest.fixture
def store(shopify: RunningStandIn) -> Shop:
    """A store with an order of 5 units of SKU-1, which then installs the app and counts 5 more."""
    shop = installed_shop(shopify)
    variants = [{"sku": "SKU-1", "quantity": 10}]
    shopify.control.post("products", shop=shop.domain, products=[{"variants": variants}])
    shopify.control.post("orders", shop=shop.domain, lines=[{"sku": "SKU-1", "quantity": 5}])
    ShopifyInstallation.objects.filter(shop=shop).update(installed_at=Now() + timedelta(seconds=1))
    stock_of(shop, 5)
    return shop


def test_older_orders_are_read_once_and_move_nothing(shopify: RunningStandIn, store: Shop) -> None:
    assert store.pk in shops_to_read()
    while read_older_orders(store.pk, seconds=0):
        pass
    assert numbers(store) == (5, 0, 0)
    assert installation(store).older_orders_read_until == installation(store).installed_at
    assert store.pk not in shops_to_read()
    asked = len(operations(shopify, store))
    assert not read_older_orders(store.pk, seconds=5)
    assert len(operations(shopify, store)) == asked


def test_an_older_order_that_was_read_is_moved_by_the_difference(shopify: RunningStandIn, store: Shop) -> None:
    read_older_orders(store.pk, seconds=5)
    (placed,) = shopify.control.get("orders", shop=store.domain)["orders"]
    shopify.control.post(f"orders/{placed['id']}/edit", shop=store.domain, sku="SKU-1", delta=1)
    (now,) = shopify.control.get("orders", shop=store.domain)["orders"]
    assert deliver(store, "orders/updated", now | {"updated_at": database_now().isoformat()}).status == "applied"
    assert numbers(store) == (5, 0, 1)


def test_nobody_reads_older_orders_beside_somebody_else(shopify: RunningStandIn, store: Shop) -> None:
    rows = ShopifyInstallation.objects.filter(shop=store)
    rows.update(older_orders_lease="3b241101-e2bb-4255-8caf-4136c566a962")
    rows.update(older_orders_lease_until=Now() + timedelta(minutes=1))
    asked = len(operations(shopify, store))
    assert not read_older_orders(store.pk, seconds=5)
    assert len(operations(shopify, store)) == asked
    rows.update(older_orders_lease_until=Now() - timedelta(seconds=1))
    read_older_orders(store.pk, seconds=5)
    assert installation(store).older_orders_read_until is not None
