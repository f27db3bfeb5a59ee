"""Orders: who paid gets the unit, or a recorded shortfall with a tag; nobody gets a silent negative."""

from typing import Any
from uuid import uuid4

import pytest

from reservations import engine
from reservations.models import Reservation, Shop, ShopifyOrder, Shortfall
from reservations.shopify.orders import shortfall_tag
from sandbox.shopify import RunningStandIn
from tests.factories import hold, make_shop, numbers, outlive, stock_of
from tests.shopify.stores import installed_shop
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import (
    LINE,
    ORDER,
    cart_payload,
    edit_payload,
    moment,
    order_payload,
    refund_payload,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


@pytest.mark.parametrize("topic", ["orders/create", "orders/paid"])
def test_an_order_confirms_the_hold_of_the_cart_that_its_attribute_names(topic: str) -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 1)
    held = hold(shop, cart=cart)
    assert deliver(shop, topic, order_payload(cart_token=cart, cart=None)).status == "applied"
    sold = engine.reservation(shop.pk, held.reservation_id)
    assert (sold.status, sold.order_id) == ("confirmed", str(ORDER))
    assert numbers(shop) == (1, 0, 1)


def test_an_order_confirms_the_hold_of_shopifys_cart_where_the_attribute_was_lost() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    deliver(shop, "carts/create", cart_payload())
    deliver(shop, "orders/create", order_payload())
    assert numbers(shop) == (1, 0, 1)
    assert Reservation.objects.get(shop=shop).status == "confirmed"


def test_an_order_confirms_the_hold_that_only_its_line_names() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    held = hold(shop)
    deliver(shop, "orders/create", order_payload(cart=None, hold=held.reservation_id))
    assert engine.reservation(shop.pk, held.reservation_id).status == "confirmed"


@pytest.mark.parametrize("attribute", ["", "not a uuid", "00000000-0000-0000-0000-000000000000"])
def test_what_buyers_make_of_our_attributes_does_no_harm(attribute: str) -> None:
    shop = make_shop()
    stock_of(shop, 1)
    payload = order_payload(cart=None) | {"note_attributes": [{"name": "_bazico_cart", "value": attribute}]}
    assert deliver(shop, "orders/create", payload).status == "applied"
    assert numbers(shop) == (1, 0, 1)


def test_an_order_paid_a_second_after_its_hold_died_gets_a_free_unit() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 1)
    outlive(hold(shop, cart=cart))
    deliver(shop, "orders/paid", order_payload(cart_token=cart))
    assert numbers(shop) == (1, 0, 1)
    assert not Shortfall.objects.filter(shop=shop).exists()


def test_an_order_paid_after_its_unit_went_to_another_is_a_recorded_shortfall_with_a_tag(
    shopify: RunningStandIn,
) -> None:
    shop, cart = installed_shop(shopify), uuid4()
    shopify.control.post("products", shop=shop.domain, products=[{"variants": [{"sku": "SKU-1", "quantity": 1}]}])
    placed = shopify.control.post("orders", shop=shop.domain, lines=[{"sku": "SKU-1"}])
    stock_of(shop, 1)
    outlive(hold(shop, cart=cart))
    hold(shop, cart=uuid4())
    deliver(shop, "orders/paid", order_payload(order=placed["id"], cart_token=cart))
    assert Shortfall.objects.get(shop=shop).quantity == 1
    assert numbers(shop) == (1, 1, 0)
    assert shortfall_tag.tag_due_orders(seconds=10) == 1
    orders = shopify.control.get("orders", shop=shop.domain)["orders"]
    assert [order["tags"] for order in orders] == ["bazico-shortfall"]
    assert shortfall_tag.tag_due_orders(seconds=10) == 0


def test_the_tag_comes_off_when_nothing_is_missing_any_more(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    placed = order_at_shopify(shopify, shop)
    stock_of(shop, 0)
    deliver(shop, "orders/paid", order_payload(order=placed))
    assert shortfall_tag.tag_due_orders(seconds=10) == 1
    stock_of(shop, 1)
    assert shortfall_tag.tag_due_orders(seconds=10) == 1
    assert tags(shopify, shop) == [""]
    row = ShopifyOrder.objects.get(shop=shop)
    assert (row.tag, row.shortfall_units) == ("", 0)
    assert shortfall_tag.tag_due_orders(seconds=10) == 0


def test_the_tag_comes_off_when_a_person_has_resolved_what_was_missing(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    placed = order_at_shopify(shopify, shop)
    stock_of(shop, 0)
    deliver(shop, "orders/paid", order_payload(order=placed))
    shortfall_tag.tag_due_orders(seconds=10)
    engine.resolve_shortfall(shop.pk, str(placed), "SKU-1", by="ana", reason="paid back")
    shortfall_tag.tag_due_orders(seconds=10)
    assert tags(shopify, shop) == [""]


def test_a_tag_that_must_come_off_goes_on_again_when_the_order_falls_short_anew(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    placed = order_at_shopify(shopify, shop)
    stock_of(shop, 0)
    deliver(shop, "orders/paid", order_payload(order=placed))
    shortfall_tag.tag_due_orders(seconds=10)
    stock_of(shop, 1)
    shortfall_tag.follow_shortfalls(shop.pk)
    assert ShopifyOrder.objects.get(shop=shop).tag == "unwanted"
    deliver(shop, "orders/paid", order_payload(order=placed, second=9, quantity=3))
    shortfall_tag.tag_due_orders(seconds=10)
    assert tags(shopify, shop) == ["bazico-shortfall"]
    assert ShopifyOrder.objects.get(shop=shop).shortfall_units == 2


def test_the_order_that_was_paid_first_gets_the_unit_though_its_webhook_came_last() -> None:
    shop = make_shop()
    stock_of(shop, 0)
    for order, second in ((1002, 20), (1001, 10)):
        paid = {"processed_at": moment(second), "currency": "BRL"}
        deliver(shop, "orders/paid", order_payload(order=order, cart=None) | paid)
    stock_of(shop, 1)
    left = Shortfall.objects.get(shop=shop, quantity__gt=0)
    assert left.order_id == "1002"
    assert ShopifyOrder.objects.get(shop=shop, order_id="1001").currency == "BRL"


def test_an_order_with_an_odd_time_or_price_is_still_an_order() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    payload = order_payload(cart=None) | {"processed_at": "yesterday", "currency": 7}
    payload["line_items"][0]["price"] = {"amount": "1"}
    assert deliver(shop, "orders/paid", payload).status == "applied"
    assert numbers(shop) == (1, 0, 1)


def order_at_shopify(shopify: RunningStandIn, shop: Shop) -> int:
    """The id of an order of one unit."""
    shopify.control.post("products", shop=shop.domain, products=[{"variants": [{"sku": "SKU-1", "quantity": 1}]}])
    return int(shopify.control.post("orders", shop=shop.domain, lines=[{"sku": "SKU-1"}])["id"])


def tags(shopify: RunningStandIn, shop: Shop) -> list[str]:
    """The tags of the shop's orders at Shopify."""
    return [str(order["tags"]) for order in shopify.control.get("orders", shop=shop.domain)["orders"]]


def test_a_tag_that_could_not_be_written_is_tried_again(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    deliver(shop, "orders/create", order_payload())
    stock_of(shop, 0)
    deliver(shop, "orders/paid", order_payload(second=1, quantity=2))
    assert ShopifyOrder.objects.get(shop=shop).tag == "wanted"
    assert shortfall_tag.tag_due_orders(seconds=10) == 0
    row = ShopifyOrder.objects.get(shop=shop)
    assert (row.tag, row.tag_failures) == ("wanted", 1)


def test_two_late_orders_and_one_unit_are_one_sale_and_one_shortfall() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    deliver(shop, "orders/create", order_payload(order=1001, cart=None))
    deliver(shop, "orders/create", order_payload(order=1002, cart=None))
    assert numbers(shop) == (1, 0, 1)
    assert list(Shortfall.objects.filter(shop=shop).values_list("order_id", "quantity")) == [("1002", 1)]


def test_an_order_for_more_than_is_free_takes_what_is_free() -> None:
    shop = make_shop()
    stock_of(shop, 2)
    deliver(shop, "orders/create", order_payload(quantity=5))
    assert numbers(shop) == (2, 0, 2)
    assert ShopifyOrder.objects.get(shop=shop).shortfall_units == 3


def test_a_purchase_confirmed_by_the_merchants_server_is_not_sold_again() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5)
    hold(shop, cart=cart)
    engine.confirm(shop.pk, engine.ByCart(cart), order_id=f"gid://shopify/Order/{ORDER}")
    deliver(shop, "orders/create", order_payload(cart_token=cart))
    assert numbers(shop) == (5, 0, 1)


def test_lines_without_a_sku_and_skus_that_are_not_stocked_stop_nothing() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    lines: list[dict[str, Any]] = [
        {"id": 1, "variant_id": None, "sku": None, "quantity": 1},
        {"id": 2, "variant_id": 9, "sku": "GIFT-CARD", "quantity": 1},
        {"id": 3, "variant_id": 8, "sku": "SKU-1", "quantity": 2},
    ]
    assert deliver(shop, "orders/create", order_payload(lines=lines)).status == "applied"
    assert numbers(shop) == (5, 0, 2)


def test_a_refund_before_its_order_is_kept_until_the_order_comes() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "refunds/create", refund_payload(quantity=1, restock="return"))
    assert numbers(shop) == (5, 0, 0)
    deliver(shop, "orders/create", order_payload(quantity=2))
    assert numbers(shop) == (5, 0, 1)


@pytest.mark.parametrize(
    ("restock", "in_flight"), [("no_restock", 1), ("cancel", 0), ("return", 0), ("legacy_restock", 0)]
)
def test_units_come_back_only_where_shopify_says_restock(restock: str, in_flight: int) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "orders/create", order_payload())
    deliver(shop, "refunds/create", refund_payload(quantity=1, restock=restock))
    assert numbers(shop) == (5, 0, in_flight)


def test_a_refund_for_more_than_was_bought_gives_back_what_was_bought() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "orders/create", order_payload(quantity=2))
    for refund in (1, 2, 3):
        deliver(shop, "refunds/create", refund_payload(quantity=2, restock="return", refund_id=refund))
    assert numbers(shop) == (5, 0, 0)


def test_a_cancelled_order_is_owed_nothing_any_more() -> None:
    shop = make_shop()
    stock_of(shop, 0)
    deliver(shop, "orders/create", order_payload())
    assert Shortfall.objects.get(shop=shop).quantity == 1
    deliver(shop, "orders/cancelled", order_payload(second=5, cancelled=True))
    assert Shortfall.objects.get(shop=shop).quantity == 0


def test_an_edit_that_adds_units_sells_them() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "orders/create", order_payload(quantity=1))
    deliver(shop, "orders/edited", edit_payload(7, added=2))
    assert numbers(shop) == (5, 0, 3)


def test_an_edit_before_its_order_counts_when_the_order_comes() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "orders/edited", edit_payload(7, removed=1))
    deliver(shop, "orders/create", order_payload(quantity=3))
    assert numbers(shop) == (5, 0, 2)


def test_an_edit_that_a_newer_state_of_the_order_shows_is_not_counted_twice() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "orders/create", order_payload(quantity=1))
    deliver(shop, "orders/paid", order_payload(quantity=3, second=9))
    deliver(shop, "orders/edited", edit_payload(7, added=2, second=5))
    assert numbers(shop) == (5, 0, 3)


def test_what_an_edit_took_out_is_not_given_back_again_by_its_refund() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "orders/create", order_payload(quantity=3))
    deliver(shop, "orders/edited", edit_payload(7, removed=1))
    deliver(shop, "refunds/create", refund_payload(quantity=1, restock="cancel"))
    assert numbers(shop) == (5, 0, 2)
    deliver(shop, "refunds/create", refund_payload(quantity=1, restock="no_restock", refund_id=5))
    assert numbers(shop) == (5, 0, 2)


def test_a_line_that_an_edit_added_is_asked_for_at_shopify(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    variants = [{"sku": "SKU-1", "quantity": 5}, {"sku": "SKU-2", "quantity": 5}]
    shopify.control.post("products", shop=shop.domain, products=[{"variants": variants}])
    placed = shopify.control.post("orders", shop=shop.domain, lines=[{"sku": "SKU-1", "quantity": 2}])
    stock_of(shop, 5)
    stock_of(shop, 5, "SKU-2")
    deliver(shop, "orders/create", placed)
    order = placed["id"]
    added = shopify.control.post(f"orders/{order}/edit", shop=shop.domain, sku="SKU-2", add=True, delta=1)
    edit = edit_payload(7, added=1, line=added["line_item_id"])
    edit["order_edit"]["order_id"] = order
    deliver(shop, "orders/edited", edit)
    shopify.control.post(f"orders/{order}/edit", shop=shop.domain, sku="SKU-1", delta=-1)
    less = edit_payload(8, removed=1, line=placed["line_items"][0]["id"])
    less["order_edit"]["order_id"] = order
    deliver(shop, "orders/edited", less)
    assert (numbers(shop), numbers(shop, "SKU-2")) == ((5, 0, 1), (5, 0, 1))


def test_a_refund_that_was_asked_for_in_part_is_completed_by_its_webhook() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    stock_of(shop, 5, "SKU-2")
    lines = [
        {"id": LINE + place, "sku": sku, "quantity": 1, "current_quantity": 1}
        for place, sku in enumerate(("SKU-1", "SKU-2"))
    ]
    whole = refund_payload(quantity=1, restock="return")
    more = whole["refund_line_items"][0] | {"line_item_id": LINE + 1}
    deliver(shop, "orders/create", order_payload(lines=lines))
    # As a long refund looks in an answer of Shopify: its first lines only.
    deliver(shop, "orders/paid", order_payload(lines=lines, second=1, refunds=[whole]))
    assert (numbers(shop), numbers(shop, "SKU-2")) == ((5, 0, 0), (5, 0, 1))
    deliver(shop, "refunds/create", whole | {"refund_line_items": [*whole["refund_line_items"], more]})
    assert (numbers(shop), numbers(shop, "SKU-2")) == ((5, 0, 0), (5, 0, 0))


def test_an_old_orders_news_leave_the_shoppers_next_cart_alone() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5)
    hold(shop, cart=cart)
    deliver(shop, "orders/create", order_payload(cart_token=cart))
    hold(shop, cart=cart)
    deliver(shop, "orders/paid", order_payload(cart_token=cart, second=5))
    deliver(shop, "refunds/create", refund_payload(quantity=1, restock="return"))
    assert numbers(shop) == (5, 1, 0)


def test_one_shops_order_never_touches_another_shops_stock() -> None:
    ana, beto, cart = make_shop(), make_shop(), uuid4()
    for shop in (ana, beto):
        stock_of(shop, 5)
    held = hold(beto, cart=cart)
    deliver(ana, "orders/create", order_payload(cart_token=cart, hold=held.reservation_id))
    deliver(beto, "refunds/create", refund_payload(quantity=1, restock="return"))
    assert (numbers(ana), numbers(beto)) == ((5, 0, 1), (5, 1, 0))
