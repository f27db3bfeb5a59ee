"""Many levels go to Shopify in few calls, and a level at fault keeps none of the others waiting."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from reservations import engine
from reservations.models import InventoryMode, PublishedLevel, Shop
from reservations.shopify.catalogue import walk
from reservations.shopify.errors import UserErrors
from reservations.shopify.inventory import level_leases, objections
from reservations.shopify.inventory.publication import BATCH, publish_due_levels
from sandbox.shopify import RunningStandIn
from tests.factories import stock_of
from tests.shopify.stores import installed_shop, operations

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def shop_of(shopify: RunningStandIn, number: int, *, units: int = 7) -> Shop:
    """A shop that publishes `number` SKUs, of each of which it has `units` and Shopify shows none."""
    shop = installed_shop(shopify)
    location = shopify.shopify.stores[shop.domain].location.number
    Shop.objects.filter(pk=shop.pk).update(inventory_mode=InventoryMode.PUBLISH, inventory_location_id=location)
    skus = [f"SKU-{place}" for place in range(number)]
    products = [{"title": sku, "variants": [{"sku": sku, "quantity": 0}]} for sku in skus]
    shopify.control.post("products", shop=shop.domain, products=products)
    walk.to_the_end(shop.pk)
    for sku in skus:
        stock_of(shop, units, sku)
    return shop


def shown(shopify: RunningStandIn, shop: Shop) -> dict[str, int]:
    """What Shopify shows as available, by SKU."""
    rows: list[dict[str, Any]] = shopify.control.get("variants", shop=shop.domain)["variants"]
    return {row["sku"]: int(next(iter(row["levels"].values()))["available"]) for row in rows}


def later(shop: Shop) -> None:
    """End every pause."""
    PublishedLevel.objects.filter(shop=shop).update(retry_at=None)
    PublishedLevel.objects.filter(shop=shop, seen_at__isnull=False).update(seen_at=Now() - timedelta(minutes=1))


def calls(shopify: RunningStandIn, shop: Shop) -> Counter[str]:
    """How often each operation was asked for."""
    return Counter(row["operation"] for row in operations(shopify, shop))


def test_a_first_publication_takes_a_reading_and_a_writing_for_each_hundred_levels(shopify: RunningStandIn) -> None:
    number = BATCH + 20
    shop = shop_of(shopify, number)
    before = calls(shopify, shop)
    assert publish_due_levels(shop.pk, seconds=60) == number
    assert set(shown(shopify, shop).values()) == {7}
    made = calls(shopify, shop) - before
    assert (made["nodes"], made["inventorySetQuantities"]) == (2, 2)
    assert publish_due_levels(shop.pk) == 0


def test_a_level_that_somebody_moved_is_compared_anew_and_the_others_are_written(shopify: RunningStandIn) -> None:
    shop = shop_of(shopify, 4)
    publish_due_levels(shop.pk)
    later(shop)
    shopify.control.post("inventory", shop=shop.domain, sku="SKU-2", available=3)
    for place in range(4):
        engine.apply_count(shop.pk, f"SKU-{place}", 9)
    assert publish_due_levels(shop.pk) == 3
    assert shown(shopify, shop) == {"SKU-0": 9, "SKU-1": 9, "SKU-2": 3, "SKU-3": 9}
    later(shop)
    assert (publish_due_levels(shop.pk), shown(shopify, shop)["SKU-2"]) == (1, 9)


@pytest.mark.parametrize("names_them", [True, False])
def test_a_level_that_shopify_refuses_keeps_its_reason_and_no_other_waits(
    shopify: RunningStandIn, names_them: bool
) -> None:
    shop = shop_of(shopify, 5)
    publish_due_levels(shop.pk)
    later(shop)
    store = shopify.shopify.stores[shop.domain]
    bad = next(known for known in store.variants.values() if known.sku == "SKU-3").inventory_item
    bad.levels.clear()
    shopify.control.post("rules", shop=shop.domain, names_rows=names_them)
    for place in range(5):
        engine.apply_count(shop.pk, f"SKU-{place}", 2)
    assert publish_due_levels(shop.pk) == 4
    (row,) = PublishedLevel.objects.filter(shop=shop).exclude(problem="")
    assert (row.inventory_item_id, row.pending_key, row.failures) == (bad.number, None, 1)
    assert "INVALID_LOCATION" in row.problem


@pytest.mark.usefixtures("one_try")
def test_a_call_whose_answer_was_lost_goes_again_whole_with_its_key_and_one_effect(shopify: RunningStandIn) -> None:
    shop = shop_of(shopify, 3)
    shopify.control.post("faults", kind="cut_after", on="re:inventorySet", times=None)
    assert publish_due_levels(shop.pk) == 0
    (key,) = set(PublishedLevel.objects.filter(shop=shop).values_list("pending_key", flat=True))
    assert key is not None
    shopify.control.post("faults/clear")
    # Since then a shopper bought one at Shopify, and only one of the three is due again.
    shopify.control.post("inventory", shop=shop.domain, sku="SKU-1", available=6)
    PublishedLevel.objects.filter(shop=shop).update(retry_at=Now() + timedelta(hours=1))
    one = PublishedLevel.objects.filter(shop=shop).order_by("pk")[0]
    PublishedLevel.objects.filter(pk=one.pk).update(retry_at=None)
    assert publish_due_levels(shop.pk) == 3
    assert shown(shopify, shop) == {"SKU-0": 7, "SKU-1": 6, "SKU-2": 7}
    assert not PublishedLevel.objects.filter(shop=shop).exclude(pending_key=None).exists()


def test_a_call_of_which_another_worker_has_a_part_is_left_to_it(shopify: RunningStandIn) -> None:
    shop = shop_of(shopify, 3)
    known = shop.sku_links.values_list("inventory_item_id", flat=True)
    items = sorted(item for item in known if item is not None)
    location = Shop.objects.get(pk=shop.pk).inventory_location_id
    assert location is not None
    held = level_leases.take_lease(shop.pk, location, items)
    assert held is not None
    level_leases.store_call(held, dict.fromkeys(items, (7, 0)))
    level_leases.give_back(held, items[:2], keeps_write=True)  # the third is still claimed
    assert publish_due_levels(shop.pk) == 0
    assert set(shown(shopify, shop).values()) == {0}
    level_leases.give_back(held, items[2:], keeps_write=True)
    later(shop)
    assert publish_due_levels(shop.pk) == 3
    assert calls(shopify, shop)["inventorySetQuantities"] == 1


def test_two_workers_never_claim_the_same_level(shopify: RunningStandIn) -> None:
    shop = shop_of(shopify, 3)
    first = level_leases.take_lease(shop.pk, 1, [1, 2])
    second = level_leases.take_lease(shop.pk, 1, [1, 2, 3])
    assert first is not None
    assert second is not None
    assert [level.inventory_item_id for level in second.levels] == [3]
    assert level_leases.take_lease(shop.pk, 1, [1, 2, 3]) is None


@pytest.mark.parametrize("field", [None, [], ["input"], ["input", "quantities"], ["input", "quantities", "x"], "input"])
def test_an_error_that_names_no_row_blames_none_of_several(field: object) -> None:
    error = UserErrors([{"code": "NON_MUTABLE_INVENTORY_ITEM", "message": "no", "field": field}])
    assert objections.objections_by_item(error, [11, 12]) == {}
    assert list(objections.objections_by_item(error, [11])) == [11]


def test_errors_of_several_rows_are_told_apart() -> None:
    stale = {"code": "CHANGE_FROM_QUANTITY_STALE", "field": ["input", "quantities", "1", "changeFromQuantity"]}
    bundle = {"code": "NON_MUTABLE_INVENTORY_ITEM", "message": "no", "field": ["input", "quantities", "0"]}
    beyond = {"code": "INVALID_LOCATION", "field": ["input", "quantities", "7"]}
    found = objections.objections_by_item(UserErrors([stale, bundle, beyond]), [11, 12])
    assert {item: one.is_stale for item, one in found.items()} == {11: False, 12: True}
    assert "NON_MUTABLE_INVENTORY_ITEM" in found[11].problem
