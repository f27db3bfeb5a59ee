"""A variant that continues selling, or is not tracked, is never held, refused, short, or written to Shopify's shelf."""

from datetime import UTC, datetime
from typing import Any

import pytest

from reservations import engine
from reservations.models import (
    InventoryMode,
    PublishedLevel,
    Reservation,
    Shop,
    ShopifyCart,
    ShopifyOrder,
    Shortfall,
    SkuLink,
)
from reservations.shopify.catalogue import walk
from reservations.shopify.catalogue.catalogue_sweep import shops_to_link
from reservations.shopify.inventory.publication import publish_due_levels
from sandbox.shopify import RunningStandIn, payloads
from tests.factories import item, link, make_shop, numbers, settle_order, stock_of
from tests.shopify.guard.checkout import guards, scarce_shop, write
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import VARIANT, cart_payload, moment, order_payload

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def product(variant: dict[str, Any], *, second: int = 0) -> dict[str, Any]:
    """A product of one variant, with these members of it."""
    own = {"id": VARIANT, "sku": "SKU-1", "inventory_item_id": 9} | variant
    return {"id": 1, "updated_at": moment(second), "variants": [own]}


def tracking(tracked: bool | None, *, second: int) -> dict[str, Any]:
    """The inventory item's webhook; None leaves tracking out."""
    told = {} if tracked is None else {"tracked": tracked}
    return {"id": 9, "sku": "SKU-1", "updated_at": moment(second)} | told


def told(shop: Shop) -> tuple[bool, bool]:
    """Whether the link says that its variant is tracked, and that it continues."""
    known = SkuLink.objects.get(shop=shop)
    return known.tracked, known.continues_selling


@pytest.mark.parametrize("change", [{"inventory_policy": "CONTINUE"}, {"tracked": False}])
def test_a_merchants_change_reaches_the_stock_and_the_checkout_at_once(
    shopify: RunningStandIn, change: dict[str, Any]
) -> None:
    shop = scarce_shop(shopify, 0)
    write(shop)
    assert guards(shopify, shop) == {"SKU-1": {"free": 0, "holds": {}}}
    before = {"inventory_policy": "DENY", "tracked": True}
    for asked, sells_without in ((change, True), ({name: before[name] for name in change}, False)):
        shopify.control.post("variants/change", shop=shop.domain, sku="SKU-1", **asked)
        products = shopify.shopify.stores[shop.domain].products.values()
        (variant,) = [one for made in products for one in made.items]
        deliver(shop, "inventory_items/update", payloads.item(variant.inventory_item))
        deliver(shop, "products/update", payloads.product(variant.product))
        assert item(shop).sells_without_stock is sells_without
        write(shop)
        assert guards(shopify, shop) == ({} if sells_without else {"SKU-1": {"free": 0, "holds": {}}})


def test_a_walk_reads_policy_and_tracking_of_each_variant(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 0)
    assert told(shop) == (True, False)
    shopify.control.post("variants/change", shop=shop.domain, sku="SKU-1", inventory_policy="CONTINUE", tracked=False)
    walk.to_the_end(shop.pk)
    assert told(shop) == (False, True)
    assert item(shop).sells_without_stock


def test_a_product_says_nothing_of_tracking_and_changes_nothing_of_it() -> None:
    shop = make_shop()
    deliver(shop, "products/create", product({"inventory_policy": "deny"}))
    deliver(shop, "inventory_items/update", tracking(False, second=1))
    deliver(shop, "products/update", product({"inventory_policy": "continue"}, second=2))
    assert told(shop) == (False, True)


def test_a_member_that_is_absent_is_no_value() -> None:
    shop = make_shop()
    deliver(shop, "products/create", product({"inventory_policy": "continue"}))
    deliver(shop, "inventory_items/update", tracking(False, second=1))
    assert deliver(shop, "products/update", product({}, second=2)).status == "ignored"
    assert deliver(shop, "inventory_items/update", tracking(None, second=3)).status == "ignored"
    silent = {"id": 1, "updated_at": moment(4), "variants": [{"id": VARIANT}]}
    assert deliver(shop, "products/update", silent).status == "ignored"
    assert deliver(shop, "inventory_items/update", {"id": 9, "updated_at": moment(5)}).status == "ignored"
    known = SkuLink.objects.get(shop=shop)
    assert (known.sku, known.inventory_item_id, told(shop)) == ("SKU-1", 9, (False, True))


@pytest.mark.parametrize("product_first", [True, False])
def test_policy_and_tracking_of_one_change_come_in_any_order(product_first: bool) -> None:
    shop = make_shop()
    deliver(shop, "products/create", product({"inventory_policy": "deny"}))
    deliveries = [
        ("products/update", product({"inventory_policy": "continue", "sku": "NEW"}, second=6)),
        ("inventory_items/update", tracking(False, second=5) | {"sku": "NEW"}),
    ]
    for topic, payload in deliveries if product_first else reversed(deliveries):
        deliver(shop, topic, payload)
    assert told(shop) == (False, True)
    deliver(shop, "inventory_items/update", tracking(True, second=4))
    deliver(shop, "products/update", product({"inventory_policy": "deny"}, second=4))
    assert told(shop) == (False, True)


def test_a_variant_of_which_tracking_was_never_told_is_asked_for(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1)
    assert shops_to_link() == []
    deliver(shop, "products/create", product({"inventory_policy": "deny"}) | {"id": 77})
    assert shops_to_link() == [shop.pk]


def test_a_cart_holds_nothing_of_it_and_is_refused_nothing() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    link(shop, VARIANT, continues=True)
    deliver(shop, "carts/create", cart_payload(quantity=5))
    assert not Reservation.objects.filter(shop=shop).exists()
    assert ShopifyCart.objects.get(shop=shop).refused == {}


def test_an_order_of_a_variant_that_continues_is_sold_below_zero_without_shortfall_or_tag() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    link(shop, VARIANT, continues=True)
    deliver(shop, "orders/paid", order_payload(quantity=3))
    assert numbers(shop) == (1, 0, 3)
    order = ShopifyOrder.objects.get(shop=shop)
    assert (order.shortfall_units, order.tag) == (0, "")
    assert not Shortfall.objects.filter(shop=shop).exists()
    assert engine.audit(shop.pk) == []


def test_what_continues_is_published_while_there_are_units_and_what_is_not_tracked_never(
    shopify: RunningStandIn,
) -> None:
    shop = scarce_shop(shopify, 1)
    store = shopify.shopify.stores[shop.domain]
    where = {"inventory_mode": InventoryMode.PUBLISH, "inventory_location_id": store.location.number}
    Shop.objects.filter(pk=shop.pk).update(**where)
    shopify.control.post("variants/change", shop=shop.domain, sku="SKU-1", inventory_policy="CONTINUE")
    walk.to_the_end(shop.pk)
    settle_order(shop, "1001", 3)
    assert publish_due_levels(shop.pk) == 0
    stock_of(shop, 7)
    assert publish_due_levels(shop.pk) == 1
    (known,) = [one for made in store.products.values() for one in made.items]
    assert known.inventory_quantity == item(shop).on_hand - item(shop).in_flight > 0
    shopify.control.post("variants/change", shop=shop.domain, sku="SKU-1", tracked=False)
    walk.to_the_end(shop.pk)
    stock_of(shop, 50)
    PublishedLevel.objects.update(seen_at=LONG_AGO)
    assert publish_due_levels(shop.pk) == 0
    SkuLink.objects.update(tracked=True, tracked_at=None)
    assert publish_due_levels(shop.pk) == 0
    SkuLink.objects.update(tracked_at=LONG_AGO)
    assert publish_due_levels(shop.pk) == 1
