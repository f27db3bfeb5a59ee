"""Counts, paid orders and buyers meet on one SKU: the engine refuses no count, and sells no order twice."""

from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

import pytest

from reservations import engine
from reservations.engine import Line
from reservations.models import Reservation, StockMovement
from tests.factories import hold, hold_cart, make_shop, numbers, outlive, settle_one, settle_order, stock_of
from tests.support.rendezvous import at_once, both, raised, returned

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 40


def test_a_count_that_falls_while_a_buyer_reserves_is_applied_and_holds_stay_honest() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku = stock_of(shop, 5, f"SKU-{number}")
        bought, counted = both(partial(hold, shop, sku, 5), partial(engine.apply_count, shop.pk, sku, 2))
        assert isinstance(counted, engine.Counted)
        if isinstance(bought, engine.Reservation):
            assert numbers(shop, sku) == (2, 5, 0)
        else:
            assert isinstance(bought, engine.OutOfStock)
            assert numbers(shop, sku) == (2, 0, 0)
        with pytest.raises(engine.OutOfStock):
            hold(shop, sku, 3)
    assert engine.audit(shop.pk) == []


def test_two_first_counts_of_a_new_sku_make_one_stock_item() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku = f"NEW-{number}"
        outcomes = at_once([partial(engine.apply_count, shop.pk, sku, 7)] * 4)
        assert raised(outcomes) == []
        assert numbers(shop, sku) == (7, 0, 0)
    assert engine.audit(shop.pk) == []


def test_a_dead_holds_unit_goes_to_the_buyer_though_the_expiry_job_wants_it_too() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku = stock_of(shop, 1, f"SKU-{number}")
        outlive(hold(shop, sku))
        bought, _ = both(partial(hold, shop, sku), partial(engine.expire, shop.pk))
        assert isinstance(bought, engine.Reservation)
        assert numbers(shop, sku) == (1, 1, 0)
    assert engine.audit(shop.pk) == []


def test_two_tabs_of_one_cart_share_one_hold() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku, cart = stock_of(shop, 3, f"SKU-{number}"), uuid4()
        outcomes = at_once([partial(hold, shop, sku, quantity, cart) for quantity in (1, 2, 3)])
        assert raised(outcomes) == []
        assert len({held.reservation_id for held in returned(outcomes)}) == 1
        (left,) = Reservation.objects.filter(shop=shop, cart_token=cart)
        assert numbers(shop, sku) == (3, left.quantity, 0)
    assert engine.audit(shop.pk) == []


def test_a_paid_order_that_is_reported_twice_at_once_is_sold_once() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku = stock_of(shop, 5, f"SKU-{number}")
        outcomes = at_once([partial(settle_order, shop, f"order-{number}", 2, sku)] * 3)
        assert raised(outcomes) == []
        assert {sold for (sold,) in returned(outcomes)} == {engine.SoldLine(sku, 2, 0)}
        assert numbers(shop, sku) == (5, 0, 2)
    assert engine.audit(shop.pk) == []


def test_an_order_that_is_confirmed_and_reported_paid_at_once_is_sold_once() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku, cart, order = stock_of(shop, 5, f"SKU-{number}"), uuid4(), f"order-{number}"
        hold(shop, sku, 2, cart)
        outcomes = both(
            partial(settle_order, shop, order, 2, sku, cart=cart),
            partial(engine.confirm, shop.pk, engine.ByCart(cart), order_id=order),
        )
        assert raised(outcomes) == []
        assert numbers(shop, sku) == (5, 0, 2)
    assert engine.audit(shop.pk) == []


def test_a_paid_order_and_a_shopper_share_the_last_unit_out_once() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku = stock_of(shop, 1, f"SKU-{number}")
        sold, held = both(partial(settle_order, shop, f"order-{number}", 1, sku), partial(hold, shop, sku))
        if isinstance(held, engine.Reservation):
            assert sold == (engine.SoldLine(sku, 0, 1),)
            assert numbers(shop, sku) == (1, 1, 0)
        else:
            assert isinstance(held, engine.OutOfStock)
            assert sold == (engine.SoldLine(sku, 1, 0),)
            assert numbers(shop, sku) == (1, 0, 1)
    assert engine.audit(shop.pk) == []


def test_a_refund_that_is_reported_by_four_at_once_comes_back_once() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku, order = stock_of(shop, 5, f"SKU-{number}"), f"order-{number}"
        settle_order(shop, order, 3, sku)
        outcomes = at_once([partial(settle_order, shop, order, 1, sku)] * 4)
        assert raised(outcomes) == []
        assert {sold for (sold,) in returned(outcomes)} == {engine.SoldLine(sku, 1, 0)}
        assert StockMovement.objects.filter(shop=shop, stock_item__sku=sku, kind="taken_back").count() == 1
        assert numbers(shop, sku) == (5, 0, 1)
    assert engine.audit(shop.pk) == []


def test_an_order_that_is_told_by_three_webhooks_at_once_is_settled_once() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku, cart = stock_of(shop, 5, f"SKU-{number}"), uuid4()
        hold(shop, sku, 2, cart)
        order = engine.Order(f"order-{number}", [engine.OrderLine(sku, 2, 2)], carts=[cart])
        outcomes = at_once([partial(settle_one, shop.pk, order)] * 3)
        assert raised(outcomes) == []
        assert {sold for (sold,) in returned(outcomes)} == {engine.SoldLine(sku, 2, 0)}
        assert numbers(shop, sku) == (5, 0, 2)
    assert engine.audit(shop.pk) == []


def test_an_order_and_its_cancellation_at_once_leave_all_sold_or_all_back() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku, cart = stock_of(shop, 5, f"SKU-{number}"), uuid4()
        hold(shop, sku, 2, cart)
        placed, cancelled = (
            engine.Order(f"order-{number}", [engine.OrderLine(sku, units, units)], carts=[cart]) for units in (2, 0)
        )
        outcomes = at_once([partial(settle_one, shop.pk, told) for told in (placed, cancelled)])
        assert raised(outcomes) == []
        assert numbers(shop, sku) in ((5, 0, 2), (5, 0, 0))
    assert engine.audit(shop.pk) == []


def test_a_cart_that_its_shopper_and_a_webhook_change_at_once_has_one_hold_of_a_sku() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku, cart = stock_of(shop, 3, f"SKU-{number}"), uuid4()
        by_shopper, by_webhook = both(
            partial(hold, shop, sku, 3, cart), partial(hold_cart, shop.pk, cart, [Line(sku, 2)])
        )
        assert isinstance(by_shopper, engine.Reservation)
        assert not isinstance(by_webhook, Exception)
        (left,) = Reservation.objects.filter(shop=shop, cart_token=cart)
        assert numbers(shop, sku) == (3, left.quantity, 0)
    assert engine.audit(shop.pk) == []


def test_carts_that_webhooks_change_and_orders_close_in_crossed_order_meet_no_deadlock() -> None:
    shop = make_shop()
    for sku in "AB":
        stock_of(shop, 10_000, sku)
    for number in range(ROUNDS):
        carts = [uuid4(), uuid4()]
        calls: list[Callable[[], object]] = [
            partial(hold_cart, shop.pk, carts[0], [Line("A", 1), Line("B", 1)]),
            partial(hold_cart, shop.pk, carts[1], [Line("B", 1), Line("A", 1)]),
            partial(settle_one, shop.pk, _order(number, "AB", carts[0])),
            partial(settle_one, shop.pk, _order(-number - 1, "BA", carts[1])),
        ]
        assert raised(at_once(calls)) == []
    assert engine.audit(shop.pk) == []


def test_a_shop_that_leaves_while_its_shoppers_reserve_keeps_its_books() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku = stock_of(shop, 3, f"SKU-{number}")
        hold(shop, sku)
        assert raised(both(partial(engine.release_all, shop.pk), partial(hold, shop, sku))) == []
    assert engine.audit(shop.pk) == []


def _order(number: int, skus: str, cart: UUID) -> engine.Order:
    return engine.Order(f"order-{number}", [engine.OrderLine(sku, 1, 1) for sku in skus], carts=[cart])
