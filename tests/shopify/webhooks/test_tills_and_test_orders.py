"""An order of a till whose unit a cart holds, and an order that is only a test."""

from typing import Any
from uuid import uuid4

import pytest

from reservations import engine
from reservations.models import Shop, Shortfall, StockMovement
from tests.factories import hold, make_shop, numbers, stock_of
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import ORDER, order_payload, refund_payload

pytestmark = pytest.mark.django_db(transaction=True)


def sell_at_the_till(shop: Shop, quantity: int = 1, **members: Any) -> None:
    """A sale at the till, as Shopify tells of it: no cart, no attributes, paid at once."""
    deliver(shop, "orders/paid", order_payload(quantity=quantity, cart=None) | {"source_name": "pos"} | members)


def test_a_cart_keeps_the_unit_that_was_sold_at_the_till() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    held = hold(shop, cart=uuid4())
    sell_at_the_till(shop)
    assert (numbers(shop), Shortfall.objects.get(shop=shop).quantity) == ((1, 1, 0), 1)
    assert engine.reservation(shop.pk, held.reservation_id).status == "active"


def test_a_till_that_takes_the_unit_ends_the_newest_hold_and_says_why() -> None:
    shop = make_shop(till_takes_holds=True)
    stock_of(shop, 2)
    older, newer = hold(shop, cart=uuid4()), hold(shop, cart=uuid4())
    sell_at_the_till(shop)
    assert (numbers(shop), Shortfall.objects.filter(shop=shop).exists()) == ((2, 1, 1), False)
    assert engine.reservation(shop.pk, older.reservation_id).status == "active"
    assert engine.reservation(shop.pk, newer.reservation_id).status == "released"
    said = StockMovement.objects.get(shop=shop, reservation_id=newer.reservation_id, kind="released")
    assert said.reference == f"till:{ORDER}"
    assert engine.audit(shop.pk) == []


def test_a_larger_hold_loses_no_more_than_the_till_lacks() -> None:
    shop = make_shop(till_takes_holds=True)
    stock_of(shop, 4)
    held = hold(shop, quantity=3, cart=uuid4())
    sell_at_the_till(shop, 2)
    assert (numbers(shop), engine.reservation(shop.pk, held.reservation_id).quantity) == ((4, 2, 2), 2)


def test_a_till_takes_nothing_from_a_cart_while_a_unit_is_free() -> None:
    shop = make_shop(till_takes_holds=True)
    stock_of(shop, 2)
    held = hold(shop, cart=uuid4())
    sell_at_the_till(shop)
    assert (numbers(shop), engine.reservation(shop.pk, held.reservation_id).status) == ((2, 1, 1), "active")


def test_a_till_takes_nothing_from_an_order_that_awaits_its_payment() -> None:
    shop = make_shop(till_takes_holds=True)
    stock_of(shop, 1)
    unpaid = order_payload(order=77, cart=None) | {"financial_status": "pending"}
    deliver(shop, "orders/create", unpaid | {"payment_gateway_names": ["Pix"], "created_at": "2099-01-01T10:00:00Z"})
    assert numbers(shop) == (1, 1, 0)
    sell_at_the_till(shop)
    assert (numbers(shop), Shortfall.objects.get(shop=shop).quantity) == ((1, 1, 0), 1)


def test_an_order_of_the_web_takes_no_other_carts_hold() -> None:
    shop = make_shop(till_takes_holds=True)
    stock_of(shop, 1)
    hold(shop, cart=uuid4())
    deliver(shop, "orders/paid", order_payload(cart=None) | {"source_name": "web"})
    assert (numbers(shop), Shortfall.objects.get(shop=shop).quantity) == ((1, 1, 0), 1)


def test_a_till_before_a_shopper_who_asks_at_the_same_moment_has_its_unit() -> None:
    shop = make_shop(till_takes_holds=True)
    stock_of(shop, 1)
    hold(shop, cart=uuid4())
    sell_at_the_till(shop)
    with pytest.raises(engine.OutOfStock):
        hold(shop, cart=uuid4())


def test_a_test_order_takes_its_units_as_it_does_at_shopify() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "orders/paid", order_payload(quantity=2) | {"test": True})
    assert numbers(shop) == (5, 0, 2)
    deliver(shop, "refunds/create", refund_payload(quantity=2, restock="cancel"))
    assert numbers(shop) == (5, 0, 0)


def test_a_test_order_lacks_nothing() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    deliver(shop, "orders/paid", order_payload(quantity=3) | {"test": True})
    assert (numbers(shop), Shortfall.objects.filter(shop=shop).exists()) == ((1, 0, 1), False)
