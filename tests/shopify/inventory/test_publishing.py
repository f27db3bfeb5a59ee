"""Shopify's inventory follows the stock, where the merchant lets this app write it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from reservations import engine
from reservations.models import InventoryMode, PublishedLevel, Reservation, Shop, ShopifyInstallation, SkuLink
from reservations.shopify.catalogue import walk
from reservations.shopify.inventory import levels
from reservations.shopify.inventory.native_channel import note_native_channel
from reservations.shopify.inventory.publication import publish_due_levels
from reservations.shopify.inventory.stale_levels import shops_with_due_levels
from sandbox.shopify import RunningStandIn
from tests.factories import by_id, database_now, hold, stock_of
from tests.shopify.stores import installed_shop, operations
from tests.shopify.webhooks.deliveries import deliver

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def _shop(shopify: RunningStandIn, units: int = 10, *, shown: int = 0, mode: str = InventoryMode.PUBLISH) -> Shop:
    """An installed shop with `units` counted of a SKU of which Shopify shows `shown`."""
    shop = installed_shop(shopify)
    store = shopify.shopify.stores[shop.domain]
    Shop.objects.filter(pk=shop.pk).update(inventory_mode=mode, inventory_location_id=store.location.number)
    products = [{"title": "Camiseta", "variants": [{"sku": "SKU-1", "quantity": shown}]}]
    shopify.control.post("products", shop=shop.domain, products=products)
    walk.to_the_end(shop.pk)
    stock_of(shop, units)
    return shop


def _shown(shopify: RunningStandIn, shop: Shop) -> int:
    """The available units of the SKU that Shopify really shows."""
    row: dict[str, Any] = shopify.control.get("variants", shop=shop.domain)["variants"][0]
    return int(next(iter(row["levels"].values()))["available"])


def _publish(shop: Shop) -> int:
    """Publish, as if every pause were over."""
    PublishedLevel.objects.filter(shop=shop).update(retry_at=None)
    PublishedLevel.objects.filter(shop=shop, seen_at__isnull=False).update(seen_at=Now() - timedelta(minutes=1))
    return publish_due_levels(shop.pk)


def _writes(shopify: RunningStandIn, shop: Shop) -> int:
    return len([row for row in operations(shopify, shop) if "inventorySet" in row["operation"]])


def test_what_was_counted_is_shown_at_shopify_once(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    assert shops_with_due_levels() == [shop.pk]
    assert [_publish(shop), _publish(shop)] == [1, 0]
    assert (_shown(shopify, shop), _writes(shopify, shop)) == (10, 1)
    assert shops_with_due_levels() == []


def test_what_shopify_shows_already_is_not_written(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10, shown=10)
    assert _publish(shop) == 0
    assert (_writes(shopify, shop), PublishedLevel.objects.get(shop=shop).seen) == (0, 10)


def test_a_hold_changes_nothing_at_shopify_and_a_sale_does(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    _publish(shop)
    held = hold(shop, quantity=3)
    assert (_publish(shop), _shown(shopify, shop)) == (0, 10)
    engine.confirm(shop.pk, by_id(held))
    assert (_publish(shop), _shown(shopify, shop)) == (1, 7)


def _ordered(shopify: RunningStandIn, shop: Shop, units: int, payment: str) -> dict[str, Any]:
    """Somebody orders at Shopify, and we hear of it."""
    lines, gateways = [{"sku": "SKU-1", "quantity": units}], ["Pix"]
    made: dict[str, Any] = shopify.control.post(
        "orders", shop=shop.domain, lines=lines, payment=payment, gateways=gateways
    )
    deliver(shop, "orders/create", made)
    return made


def _hear_the_level(shopify: RunningStandIn, shop: Shop) -> None:
    level = PublishedLevel.objects.get(shop=shop)
    at, shown = database_now() + timedelta(seconds=1), _shown(shopify, shop)
    levels.note_shown(shop.pk, level.inventory_item_id, level.location_id, shown, at)


def test_what_an_unpaid_order_keeps_at_shopify_is_not_given_back_to_it(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    _publish(shop)
    _ordered(shopify, shop, 3, "PENDING")
    assert (_shown(shopify, shop), _publish(shop), _shown(shopify, shop)) == (7, 0, 7)
    Reservation.objects.filter(shop=shop).update(expires_at=Now())
    engine.expire(shop.pk)
    # Its time is over here, and Shopify keeps its units until it is cancelled there.
    assert (_publish(shop), _shown(shopify, shop)) == (0, 7)
    stock_of(shop, 12)
    assert (_publish(shop), _shown(shopify, shop)) == (1, 9)


def test_a_payment_or_a_cancellation_of_an_unpaid_order_writes_nothing(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    _publish(shop)
    paid, cancelled = (_ordered(shopify, shop, 1, "PENDING") for _ in range(2))
    shopify.control.post(f"orders/{paid['id']}/pay", shop=shop.domain)
    shopify.control.post(f"orders/{cancelled['id']}/cancel", shop=shop.domain)
    for order in shopify.control.get("orders", shop=shop.domain)["orders"]:
        deliver(shop, "orders/cancelled" if order["cancelled_at"] else "orders/paid", order)
    assert (_shown(shopify, shop), _publish(shop), _shown(shopify, shop)) == (9, 0, 9)


def test_what_a_paid_order_still_lacks_is_not_offered_again(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 3)
    _publish(shop)
    held = hold(shop, quantity=2)
    _ordered(shopify, shop, 3, "PAID")
    _hear_the_level(shopify, shop)
    # One unit was free, and a cart keeps the other two; all three are that order's at Shopify.
    assert (_publish(shop), _shown(shopify, shop)) == (0, 0)
    engine.release(shop.pk, by_id(held))
    engine.rescue(shop.pk)
    assert (_publish(shop), _shown(shopify, shop)) == (0, 0)


def test_what_a_person_keeps_from_an_order_is_on_sale_again(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 2)
    _publish(shop)
    held = hold(shop, quantity=2)
    made = _ordered(shopify, shop, 2, "PAID")
    _hear_the_level(shopify, shop)
    engine.keep_out(shop.pk, str(made["id"]), by="ana")
    engine.release(shop.pk, by_id(held))
    assert (_publish(shop), _shown(shopify, shop)) == (1, 2)


def test_more_promised_at_shopify_than_there_is_stays_as_shopify_shows_it(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 1)
    _publish(shop)
    _ordered(shopify, shop, 2, "PENDING")
    assert (_shown(shopify, shop), _publish(shop), _shown(shopify, shop)) == (-1, 0, -1)


def test_more_sold_than_there_is_shows_nothing_and_no_negative_number(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 5)
    engine.confirm(shop.pk, by_id(hold(shop, quantity=5)))
    engine.apply_count(shop.pk, "SKU-1", 0, read_started_at=database_now() - timedelta(hours=1))
    _publish(shop)
    assert _shown(shopify, shop) == 0


def test_a_shop_that_does_not_let_us_write_is_left_alone(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10, mode=InventoryMode.OFF)
    assert (_publish(shop), shops_with_due_levels(), _shown(shopify, shop)) == (0, [], 0)


def test_the_erps_own_channel_is_never_fought(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    note_native_channel(shop.pk, present=True)
    assert (_publish(shop), shops_with_due_levels(), _shown(shopify, shop)) == (0, [], 0)
    note_native_channel(shop.pk, present=False)
    assert _publish(shop) == 1


def test_a_level_that_somebody_else_moved_is_read_anew_and_then_written(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    _publish(shop)
    shopify.control.post("inventory", shop=shop.domain, sku="SKU-1", available=4)
    engine.apply_count(shop.pk, "SKU-1", 12)
    assert (_publish(shop), _shown(shopify, shop)) == (0, 4)
    level = PublishedLevel.objects.get(shop=shop)
    assert (level.seen, level.pending_key, level.problem) == (4, None, "")
    assert publish_due_levels(shop.pk) == 0  # an order may be on its way
    assert (_publish(shop), _shown(shopify, shop)) == (1, 12)


@pytest.mark.parametrize("kind", ["throttled", "too_many", "unavailable", "error_before", "error_after", "cut_after"])
def test_trouble_that_passes_writes_once_with_one_key(shopify: RunningStandIn, kind: str) -> None:
    shop = _shop(shopify, 10)
    shopify.control.post("faults", kind=kind, on="re:inventorySet", seconds=0.1, times=1)
    assert (_publish(shop), _shown(shopify, shop)) == (1, 10)
    store = shopify.shopify.stores[shop.domain]
    assert next(iter(store.variants.values())).inventory_item.available == 10


@pytest.mark.usefixtures("one_try")
def test_a_write_whose_answer_was_lost_is_sent_again_as_it_was_and_has_one_effect(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    shopify.control.post("faults", kind="cut_after", on="re:inventorySet", times=None)
    assert _publish(shop) == 0
    stored = PublishedLevel.objects.get(shop=shop)
    assert (stored.pending_quantity, stored.pending_from, stored.failures) == (10, 0, 1)
    assert stored.pending_key is not None
    shopify.control.post("faults/clear")
    # Meanwhile a shopper bought one at Shopify: the old write must not undo it.
    shopify.control.post("inventory", shop=shop.domain, sku="SKU-1", available=9)
    assert _publish(shop) == 1
    assert _shown(shopify, shop) == 9
    assert PublishedLevel.objects.get(shop=shop).pending_key is None


def test_an_item_that_is_not_stocked_at_the_location_is_said_so(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    elsewhere = shopify.control.post("locations", shop=shop.domain, name="Outro depósito")["id"]
    Shop.objects.filter(pk=shop.pk).update(inventory_location_id=elsewhere)
    assert publish_due_levels(shop.pk) == 0
    assert "not stocked" in PublishedLevel.objects.get(shop=shop).problem
    assert shops_with_due_levels() == []


def test_a_sku_that_was_never_counted_and_an_item_that_is_not_tracked_are_left_alone(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    SkuLink.objects.filter(shop=shop).update(tracked=False)
    assert shops_with_due_levels() == []
    SkuLink.objects.filter(shop=shop).update(tracked=True, sku="NEVER COUNTED")
    assert shops_with_due_levels() == []


def test_the_webhook_of_our_own_write_is_no_news(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    _publish(shop)
    level = PublishedLevel.objects.get(shop=shop)
    at = database_now()
    assert not levels.note_shown(shop.pk, level.inventory_item_id, level.location_id, 10, at)
    assert levels.note_shown(shop.pk, level.inventory_item_id, level.location_id, 6, at + timedelta(seconds=1))
    assert shops_with_due_levels() == []
    assert (_publish(shop), _shown(shopify, shop)) == (0, 10)


def test_a_shop_that_the_app_has_left_is_not_written(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    ShopifyInstallation.objects.filter(shop=shop).update(state="uninstalled", access_token="", refresh_token="")
    assert (_publish(shop), shops_with_due_levels()) == (0, [])


def test_what_came_in_the_second_of_our_own_write_is_looked_at(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    _publish(shop)
    level = PublishedLevel.objects.get(shop=shop)
    assert level.seen_at
    # By hand, a moment after our write; Shopify's times are whole seconds.
    shopify.control.post("inventory", shop=shop.domain, sku="SKU-1", available=7)
    told_at = level.seen_at - timedelta(milliseconds=900)
    assert levels.note_shown(shop.pk, level.inventory_item_id, level.location_id, 7, told_at)
    assert (_publish(shop), _shown(shopify, shop)) == (1, 10)


def test_a_number_whose_webhook_was_lost_is_found_within_a_day(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    _publish(shop)
    shopify.control.post("inventory", shop=shop.domain, sku="SKU-1", available=7)
    assert shops_with_due_levels() == []
    PublishedLevel.objects.filter(shop=shop).update(seen_at=Now() - timedelta(hours=25))
    assert shops_with_due_levels() == [shop.pk]
    assert (publish_due_levels(shop.pk), _shown(shopify, shop)) == (1, 10)
    assert shops_with_due_levels() == []


def test_an_order_that_only_its_level_has_told_of_is_not_given_back_to_shopify(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    _publish(shop)
    shopify.control.post("orders", shop=shop.domain, lines=[{"sku": "SKU-1", "quantity": 3}])
    _hear_the_level(shopify, shop)
    assert (_publish(shop), _shown(shopify, shop), _writes(shopify, shop)) == (0, 7, 1)
    assert engine.stock(shop.pk, "SKU-1").in_flight == 3


def test_nothing_is_written_while_the_orders_cannot_be_asked_for(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, 10)
    shopify.control.post("faults", kind="error_before", on="re:orders", times=None)
    assert (_publish(shop), _shown(shopify, shop), _writes(shopify, shop)) == (0, 0, 0)
    assert PublishedLevel.objects.get(shop=shop).problem
    shopify.control.post("faults/clear")
    assert (_publish(shop), _shown(shopify, shop)) == (1, 10)
