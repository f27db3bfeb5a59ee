"""What a line of an order means: whose units it takes, if any, whatever the catalogue says later."""

from typing import Any

import pytest

from reservations import engine
from reservations.models import Reservation, Shop, SkuLink, StockMovement
from tests.factories import link, make_shop, numbers, stock_of
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import LINE, VARIANT, order_payload, refund_payload

pytestmark = pytest.mark.django_db(transaction=True)


def shop_with(units: int = 10) -> Shop:
    """A shop with so many units of SKU-1."""
    shop = make_shop()
    stock_of(shop, units)
    return shop


def line(**members: Any) -> dict[str, Any]:
    """A line of three units of SKU-1, with other members."""
    own = {"id": LINE, "variant_id": VARIANT, "sku": "SKU-1", "quantity": 3, "current_quantity": 3, "properties": []}
    return own | members


def paid(shop: Shop, *lines: dict[str, Any], second: int = 0, **more: Any) -> None:
    """An order of these lines."""
    deliver(shop, "orders/paid", order_payload(cart=None, lines=lines, second=second, **more))


def test_a_custom_item_moves_nothing_though_it_has_a_sku() -> None:
    shop = shop_with()
    paid(shop, line(variant_id=None), line(id=LINE + 1, quantity=1, current_quantity=1))
    assert numbers(shop) == (10, 0, 1)
    refund = refund_payload(quantity=3, restock="return")
    deliver(shop, "refunds/create", refund)
    assert numbers(shop) == (10, 0, 1)


def test_a_line_that_does_not_say_its_variant_is_no_custom_item() -> None:
    shop = shop_with()
    silent = {name: value for name, value in line().items() if name != "variant_id"}
    paid(shop, silent)
    assert numbers(shop) == (10, 0, 3)


def test_a_line_whose_variant_was_deleted_since_stays_sold_and_can_come_back() -> None:
    shop = shop_with()
    paid(shop, line())
    paid(shop, line(variant_id=None), second=5)
    assert numbers(shop) == (10, 0, 3)
    deliver(shop, "refunds/create", refund_payload(quantity=2, restock="return"))
    assert numbers(shop) == (10, 0, 1)


def test_a_sku_that_the_stock_does_not_know_means_what_its_variant_sells() -> None:
    shop = shop_with()
    link(shop, VARIANT)
    paid(shop, line(sku="OLD NAME"))
    assert numbers(shop) == (10, 0, 3)


def test_a_sku_that_the_stock_knows_is_taken_at_its_word_whatever_its_variant_sells_now() -> None:
    shop = shop_with()
    stock_of(shop, 10, "SKU-2")
    link(shop, VARIANT, sku="SKU-2")
    paid(shop, line())
    assert (numbers(shop), numbers(shop, "SKU-2")) == ((10, 0, 3), (10, 0, 0))


def test_a_line_keeps_the_sku_that_it_was_sold_as_when_its_variant_gets_another() -> None:
    shop = shop_with()
    stock_of(shop, 10, "SKU-2")
    link(shop, VARIANT)
    paid(shop, line(sku=None))
    link(shop, VARIANT, sku="SKU-2")
    paid(shop, line(sku=None), second=5)
    assert (numbers(shop), numbers(shop, "SKU-2")) == ((10, 0, 3), (10, 0, 0))


def test_a_line_whose_sku_comes_into_the_stock_later_is_sold_then() -> None:
    shop = shop_with()
    paid(shop, line(sku="NEW"))
    stock_of(shop, 10, "NEW")
    paid(shop, line(sku="NEW", quantity=4, current_quantity=4), second=5)
    assert numbers(shop, "NEW") == (10, 0, 4)


def test_an_untracked_line_moves_nothing_also_after_its_variant_is_tracked() -> None:
    shop = shop_with()
    link(shop, VARIANT, tracked=False)
    paid(shop, line())
    assert not Reservation.objects.filter(shop=shop).exists()
    link(shop, VARIANT)
    paid(shop, line(current_quantity=2), second=5, refunds=[refund_payload(quantity=1, restock="return")])
    assert numbers(shop) == (10, 0, 0)
    assert StockMovement.objects.filter(shop=shop).exclude(kind="count").count() == 0


def test_a_tracked_line_comes_back_also_after_its_variant_is_tracked_no_more() -> None:
    shop = shop_with()
    link(shop, VARIANT)
    paid(shop, line())
    link(shop, VARIANT, tracked=False)
    deliver(
        shop,
        "orders/cancelled",
        order_payload(
            cart=None,
            lines=[line(current_quantity=0)],
            second=5,
            cancelled=True,
            refunds=[refund_payload(quantity=3, restock="cancel")],
        ),
    )
    assert numbers(shop) == (10, 0, 0)
    assert engine.audit(shop.pk) == []


def test_a_sku_that_one_variant_tracks_moves_for_all_of_them() -> None:
    shop = shop_with()
    link(shop, VARIANT, tracked=False)
    link(shop, VARIANT + 1)
    paid(shop, line())
    assert numbers(shop) == (10, 0, 3)
    assert SkuLink.objects.filter(shop=shop).count() == 2


@pytest.mark.parametrize(("made_at", "in_flight"), [(77, 0), (5, 3), (None, 3)])
def test_what_another_locations_till_sells_is_not_from_our_shelf(made_at: int | None, in_flight: int) -> None:
    shop = shop_with()
    Shop.objects.filter(pk=shop.pk).update(inventory_mode="publish", inventory_location_id=5)
    payload = order_payload(cart=None, lines=[line()]) | {"location_id": made_at}
    deliver(shop, "orders/paid", payload)
    assert numbers(shop) == (10, 0, in_flight)


def test_every_location_sells_from_the_one_stock_where_no_inventory_is_written() -> None:
    shop = shop_with()
    deliver(shop, "orders/paid", order_payload(cart=None, lines=[line()]) | {"location_id": 77})
    assert numbers(shop) == (10, 0, 3)


def test_an_order_keeps_its_shelf_when_the_merchant_chooses_another_location() -> None:
    shop = shop_with()
    Shop.objects.filter(pk=shop.pk).update(inventory_mode="publish", inventory_location_id=5)
    payload = order_payload(cart=None, lines=[line()]) | {"location_id": 5}
    deliver(shop, "orders/paid", payload)
    Shop.objects.filter(pk=shop.pk).update(inventory_location_id=77)
    deliver(shop, "orders/paid", payload | {"updated_at": "2026-11-24T10:00:09-03:00"})
    assert numbers(shop) == (10, 0, 3)
