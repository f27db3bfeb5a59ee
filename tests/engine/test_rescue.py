"""Rescue: units that become free go to the paid orders that lack them, the oldest payment first."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from reservations import engine, rescue_sweep
from reservations.engine import Order, OrderLine
from reservations.engine.book.transaction import Parameters, Row, Statements
from reservations.models import Reservation, Shop, Shortfall, StockMovement
from tests.factories import (
    by_id,
    hold,
    hold_cart,
    item,
    make_shop,
    numbers,
    outlive,
    settle_one,
    settle_order,
    stock_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = datetime(2026, 11, 27, 8, tzinfo=UTC)


def pay(shop: Shop, order: str, units: int = 1, *, minute: int = 0, sku: str = "SKU-1") -> tuple[engine.SoldLine, ...]:
    """Tell of an order that was paid `minute` minutes into the morning."""
    paid_at = MORNING + timedelta(minutes=minute)
    return settle_one(shop.pk, Order(order, [OrderLine(sku, units, units)], paid_at=paid_at))


def lacking(shop: Shop) -> dict[str, int]:
    """What each order still lacks, in units."""
    rows = Shortfall.objects.filter(shop=shop, quantity__gt=0).order_by("paid_at", "order_id")
    return {row.order_id: row.quantity for row in rows}


def sold(shop: Shop, order: str) -> int:
    rows = Reservation.objects.filter(shop=shop, order_id=order, status="confirmed")
    return sum(row.quantity - row.returned for row in rows)


def rescued(shop: Shop) -> list[str]:
    """The orders that got a unit later, as the ledger lists them."""
    rows = StockMovement.objects.filter(shop=shop, kind="rescued").order_by("id")
    return list(rows.values_list("reference", flat=True))


def shop_in_want(*orders: str, units: int = 1, **settings: object) -> tuple[Shop, engine.Reservation]:
    """A shop whose only units are held, and whose paid orders lack one each, the first of them paid first."""
    shop = make_shop(**settings)
    stock_of(shop, units)
    held = hold(shop, quantity=units)
    for minute, order in enumerate(orders):
        pay(shop, order, minute=minute)
    return shop, held


def expire(shop: Shop, held: engine.Reservation) -> None:
    outlive(held)
    engine.expire(shop.pk)


def found_dead(shop: Shop, held: engine.Reservation) -> None:
    outlive(held)
    refused(shop)


def refused(shop: Shop) -> None:
    with pytest.raises(engine.OutOfStock):
        hold(shop)


WAYS: dict[str, Callable[[Shop, engine.Reservation], object]] = {
    "its hold expires": expire,
    "its hold is released": lambda shop, held: engine.release(shop.pk, by_id(held)),
    "every hold is released": lambda shop, held: engine.release_all(shop.pk),
    "a count rises": lambda shop, held: stock_of(shop, 2),
    "a buyer's reserve finds it dead": found_dead,
}


@pytest.mark.parametrize("way", WAYS)
def test_a_unit_that_comes_free_goes_to_the_oldest_payment(way: str) -> None:
    shop, held = shop_in_want("1001", "1002")
    WAYS[way](shop, held)
    assert lacking(shop) == {"1002": 1}
    assert (sold(shop, "1001"), rescued(shop)) == (1, ["1001"])
    assert engine.audit(shop.pk) == []


@pytest.mark.parametrize("way", WAYS)
def test_no_stranger_is_offered_what_a_paid_order_waits_for(way: str) -> None:
    shop, held = shop_in_want("1001", "1002")
    WAYS[way](shop, held)
    refused(shop)
    assert engine.stock(shop.pk, "SKU-1").available == 0


def test_a_returned_unit_goes_to_the_order_that_lacks_one() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    pay(shop, "1001")
    pay(shop, "1002", minute=1)
    settle_order(shop, "1001", 0)
    assert (lacking(shop), sold(shop, "1001"), sold(shop, "1002")) == ({}, 0, 1)
    assert numbers(shop) == (1, 0, 1)


def test_an_undone_count_that_brings_units_back_serves_who_waits() -> None:
    shop = make_shop()
    stock_of(shop, 2)
    engine.apply_count(shop.pk, "SKU-1", 0, reference="typing mistake")
    pay(shop, "1001")
    engine.undo_count(shop.pk, "SKU-1", "typing mistake", as_reference="undone")
    assert (lacking(shop), engine.stock(shop.pk, "SKU-1").available) == ({}, 1)


def test_the_oldest_payment_is_first_whatever_was_heard_first() -> None:
    shop = make_shop()
    stock_of(shop, 0)
    for minute in (3, 1, 2):
        pay(shop, f"paid-{minute}", minute=minute)
    for units in (1, 2, 3):
        stock_of(shop, units)
    assert rescued(shop) == ["paid-1", "paid-2", "paid-3"]


def test_one_order_may_get_its_units_one_by_one() -> None:
    shop = make_shop()
    stock_of(shop, 0)
    pay(shop, "1001", 3)
    stock_of(shop, 2)
    assert (lacking(shop), item(shop).owed) == ({"1001": 1}, 1)
    # Whoever made this count had not heard of the two sales.
    stock_of(shop, 5)
    assert (lacking(shop), item(shop).owed, rescued(shop)) == ({}, 0, ["1001", "1001"])


def test_what_the_paid_orders_leave_is_for_everybody() -> None:
    shop, held = shop_in_want("1001", units=3)
    engine.release(shop.pk, by_id(held))
    assert numbers(shop) == (3, 0, 1)
    assert hold(shop, quantity=2).quantity == 2


def test_a_dead_holds_unit_is_not_shown_as_free_while_a_paid_order_waits_for_it() -> None:
    shop, held = shop_in_want("1001", units=2)
    outlive(held)
    known = engine.stock(shop.pk, "SKU-1")
    assert (known.available, known.due) == (1, 1)
    (line,) = engine.cart_lines(shop.pk, uuid4(), [engine.Line("SKU-1", 2)])
    assert line.free == 1


def test_each_sku_of_an_order_is_served_by_itself() -> None:
    shop = make_shop()
    stock_of(shop, 0)
    stock_of(shop, 0, "SKU-2")
    settle_one(shop.pk, Order("1001", [OrderLine("SKU-1", 1, 1), OrderLine("SKU-2", 1, 1)]))
    stock_of(shop, 1, "SKU-2")
    assert list(Shortfall.objects.filter(shop=shop, quantity__gt=0).values_list("stock_item__sku", flat=True)) == [
        "SKU-1"
    ]


def test_a_cancelled_or_refunded_order_waits_no_longer() -> None:
    shop = make_shop()
    stock_of(shop, 0)
    pay(shop, "cancelled")
    pay(shop, "refunded", minute=1)
    pay(shop, "waiting", minute=2)
    settle_one(shop.pk, Order("cancelled", [OrderLine("SKU-1", 1, 0)]))
    settle_one(shop.pk, Order("refunded", [OrderLine("SKU-1", 0, 0)]))
    stock_of(shop, 1)
    assert (rescued(shop), lacking(shop)) == (["waiting"], {})


def test_a_resolved_shortfall_gets_none_and_the_next_in_turn_does() -> None:
    shop, held = shop_in_want("1001", "1002")
    engine.resolve_shortfall(shop.pk, "1001", "SKU-1", by="ana", reason="paid back")
    engine.release(shop.pk, by_id(held))
    assert rescued(shop) == ["1002"]


def test_an_order_that_a_person_keeps_out_gets_none_not_even_at_news_of_it() -> None:
    shop, held = shop_in_want("1001", "1002")
    assert engine.keep_out(shop.pk, "1001", by="ana")
    engine.release(shop.pk, by_id(held))
    assert rescued(shop) == ["1002"]
    stock_of(shop, 5)
    pay(shop, "1001")
    assert lacking(shop) == {"1001": 1}
    assert not engine.keep_out(shop.pk, "1001", by="beto")


def test_an_order_that_is_let_in_again_gets_what_is_free_at_once() -> None:
    shop, held = shop_in_want("1001")
    engine.keep_out(shop.pk, "1001", by="ana")
    engine.release(shop.pk, by_id(held))
    assert engine.let_in(shop.pk, "1001")
    assert (rescued(shop), lacking(shop)) == (["1001"], {})
    assert not engine.let_in(shop.pk, "1001")


@pytest.mark.parametrize("named", [["SKU-1", "SKU-2"], ["SKU-2"]], ids=["all its SKUs are named", "one is named"])
def test_what_a_kept_out_order_lacks_later_is_kept_out_too(named: list[str]) -> None:
    shop, _ = shop_in_want("1001")
    stock_of(shop, 0, "SKU-2")
    engine.keep_out(shop.pk, "1001", by="ana")
    settle_one(shop.pk, Order("1001", [OrderLine(sku, 1, 1) for sku in named]))
    stock_of(shop, 1, "SKU-2")
    assert rescued(shop) == []


def test_a_person_gives_units_to_one_order_whosever_turn_it_is() -> None:
    shop, held = shop_in_want("1001", "1002", rescue_paid_orders=False)
    engine.release(shop.pk, by_id(held))
    assert engine.rescue_by_hand(shop.pk, "1002", "SKU-1", by="shopify:42") == 1
    assert (rescued(shop), lacking(shop)) == (["1002: shopify:42"], {"1001": 1})
    assert engine.rescue_by_hand(shop.pk, "1002", "SKU-1", by="shopify:42") == 0
    assert engine.rescue_by_hand(shop.pk, "1001", "SKU-1", by="shopify:42") == 0
    assert engine.audit(shop.pk) == []


def test_a_shop_that_switched_it_off_sells_free_units_to_whoever_comes() -> None:
    shop, held = shop_in_want("1001", rescue_paid_orders=False)
    engine.release(shop.pk, by_id(held))
    assert (lacking(shop), item(shop).owed) == ({"1001": 1}, 0)
    assert hold(shop).quantity == 1


def test_switched_on_again_free_units_go_to_who_waits() -> None:
    shop, held = shop_in_want("1001", rescue_paid_orders=False)
    engine.release(shop.pk, by_id(held))
    Shop.objects.filter(pk=shop.pk).update(rescue_paid_orders=True)
    assert rescue_sweep.rescue_paid_orders() == 1
    assert (rescued(shop), lacking(shop)) == (["1001"], {})
    assert rescue_sweep.rescue_paid_orders() == 0


def test_switched_off_nothing_is_owed_at_once_and_the_sweep_says_so_in_the_row() -> None:
    shop, held = shop_in_want("1001")
    Shop.objects.filter(pk=shop.pk).update(rescue_paid_orders=False)
    engine.release(shop.pk, by_id(held))
    assert lacking(shop) == {"1001": 1}
    rescue_sweep.rescue_paid_orders()
    assert item(shop).owed == 0
    assert engine.audit(shop.pk) == []


def test_a_shortfall_that_an_older_release_wrote_is_served_by_the_sweep() -> None:
    shop, held = shop_in_want("1001")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reservations_stockitem SET owed = 0 WHERE shop_id = %s", [shop.pk])
    assert [finding.problem for finding in engine.audit(shop.pk)] == ["owed differs from the open shortfalls"]
    engine.release(shop.pk, by_id(held))
    rescue_sweep.rescue_paid_orders()
    assert (rescued(shop), engine.audit(shop.pk)) == (["1001"], [])


def test_a_cart_that_turns_out_to_be_another_keeps_its_units() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    derived, own = uuid4(), uuid4()
    hold(shop, cart=derived)
    pay(shop, "1001")
    (line,) = hold_cart(shop.pk, own, [engine.Line("SKU-1", 1)], absorbs=[derived])
    assert (line.held, lacking(shop)) == (1, {"1001": 1})


def test_a_cart_that_shrinks_gives_its_unit_to_who_waits_and_not_to_the_next_of_its_batch() -> None:
    shop = make_shop()
    stock_of(shop, 3)
    cart = uuid4()
    hold(shop, quantity=3, cart=cart)
    pay(shop, "1001")
    engine.reserve(shop.pk, [engine.Line("SKU-1", 2)], cart_token=cart)
    assert (lacking(shop), numbers(shop)) == ({}, (3, 2, 1))


def test_a_count_that_falls_gives_away_no_unit_of_the_count_before() -> None:
    shop, held = shop_in_want("1001")
    outlive(held)
    stock_of(shop, 0)
    assert (lacking(shop), engine.stock(shop.pk, "SKU-1").available) == ({"1001": 1}, 0)


@pytest.mark.parametrize("look", ["under the lock", "without the lock"])
def test_who_is_refused_hears_when_a_unit_comes_free_that_nobody_has_paid_for(look: str) -> None:
    shop = make_shop(max_units_per_line=None)
    stock_of(shop, 3)
    first, second = hold(shop), hold(shop)
    third = hold(shop)
    pay(shop, "1001", 2)
    if look == "without the lock":
        refused(shop)
    with pytest.raises(engine.OutOfStock) as refusal:
        hold(shop)
    assert first.expires_at < second.expires_at < third.expires_at
    assert refusal.value.lines[0].retry_at == third.expires_at


def test_no_time_is_named_when_every_held_unit_would_go_to_paid_orders() -> None:
    shop, _ = shop_in_want("1001", "1002")
    for _ in range(2):
        with pytest.raises(engine.OutOfStock) as refusal:
            hold(shop)
        assert refusal.value.lines[0].retry_at is None


def test_a_sku_that_owes_nothing_costs_its_buyer_no_further_statement() -> None:
    shop, other = make_shop(), make_shop()
    stock_of(shop, 50)
    stock_of(other, 50)
    stock_of(other, 0, "SKU-2")
    pay(other, "1001", sku="SKU-2")
    sent = [statements(partial(hold, of)) for of in (shop, other)]
    assert sent[0] == sent[1]


def statements(call: Callable[[], object]) -> list[str]:
    """The statements that the engine sends to the database during `call`."""
    sent: list[str] = []
    queue = Statements.queue

    def noted(self: Statements, sql: str, parameters: Parameters = ()) -> psycopg.Cursor[Row]:
        sent.append(sql)
        return queue(self, sql, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Statements, "queue", noted)
        call()
    return sent
