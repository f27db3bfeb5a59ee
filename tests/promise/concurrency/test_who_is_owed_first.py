"""Buyers rush at the instant at which a unit comes free that a paid order lacks; and the same rush without the rule."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db.models import Sum

from reservations import engine
from reservations.engine import Line, Order, OrderLine
from reservations.engine.book import free_units
from reservations.models import Reservation, Shop, Shortfall, StockMovement
from tests.factories import by_id, hold, make_shop, outlive, settle_one, stock_of
from tests.support.rendezvous import at_once, both, raised

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 8
STRANGERS = 5
MORNING = datetime(2026, 11, 27, 8, tzinfo=UTC)
WAITING = ("first", "second")


def pay(shop: Shop, sku: str, order: str, minute: int) -> tuple[engine.SoldLine, ...]:
    paid_at = MORNING + timedelta(minutes=minute)
    return settle_one(shop.pk, Order(f"{sku}/{order}", [OrderLine(sku, 1, 1)], paid_at=paid_at))


WAYS: dict[str, Callable[[Shop, str, engine.Reservation], object]] = {
    "released": lambda shop, sku, held: engine.release(shop.pk, by_id(held)),
    "dead": lambda shop, sku, held: engine.expire(shop.pk),
    "counted": lambda shop, sku, held: engine.apply_count(shop.pk, sku, 2),
}


def rush(shop: Shop, way: str, number: int) -> str:
    """One unit comes free while two paid orders lack it and strangers ask for it; returns the SKU."""
    sku = stock_of(shop, 1, f"{way}-{number}")
    held = hold(shop, sku)
    for minute, order in reversed(list(enumerate(WAITING))):
        pay(shop, sku, order, minute)
    if way == "dead":
        outlive(held)
    strangers = [partial(engine.reserve, shop.pk, [Line(sku, 1)], cart_token=uuid4()) for _ in range(STRANGERS)]
    calls: list[Callable[[], object]] = [partial(WAYS[way], shop, sku, held), *strangers]
    outcomes = at_once(calls)
    defects = [error for error in raised(outcomes) if not isinstance(error, engine.OutOfStock)]
    assert defects == []
    return sku


def units_of_strangers(shop: Shop, skus: list[str]) -> int:
    """Units that a cart got after the orders had paid: the first hold of each SKU has no cart."""
    rows = Reservation.objects.filter(shop=shop, stock_item__sku__in=skus, cart_token__isnull=False)
    return int(rows.aggregate(units=Sum("quantity"))["units"] or 0)


@pytest.mark.parametrize("way", WAYS)
def test_the_oldest_payment_gets_the_unit_whoever_rushes_for_it(way: str) -> None:
    shop = make_shop()
    skus = [rush(shop, way, number) for number in range(ROUNDS)]
    assert units_of_strangers(shop, skus) == 0
    lacking = Shortfall.objects.filter(shop=shop, quantity__gt=0).values_list("order_id", flat=True)
    assert sorted(lacking) == sorted(f"{sku}/second" for sku in skus)
    assert engine.audit(shop.pk) == []


@pytest.mark.parametrize("way", WAYS)
def test_without_the_rule_strangers_get_units_that_were_paid_for(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_shop()
    monkeypatch.setattr(free_units, "serve", lambda *_, **__: None)
    skus = [rush(shop, way, number) for number in range(ROUNDS)]
    assert units_of_strangers(shop, skus) > 0


def test_two_units_that_come_free_at_once_are_sold_to_two_orders_and_once_each() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku = stock_of(shop, 2, f"SKU-{number}")
        holds = [hold(shop, sku), hold(shop, sku)]
        for minute, order in enumerate(("first", "second", "third")):
            pay(shop, sku, order, minute)
        outcomes = at_once([partial(engine.release, shop.pk, by_id(held)) for held in holds])
        assert raised(outcomes) == []
        rows = StockMovement.objects.filter(shop=shop, stock_item__sku=sku, kind="rescued").order_by("position")
        assert [row.reference for row in rows] == [f"{sku}/first", f"{sku}/second"]
    assert engine.audit(shop.pk) == []


def test_an_order_that_is_cancelled_while_its_unit_comes_free_leaves_it_to_the_next() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku = stock_of(shop, 1, f"SKU-{number}")
        held = hold(shop, sku)
        for minute, order in enumerate(WAITING):
            pay(shop, sku, order, minute)
        cancelled = Order(f"{sku}/first", [OrderLine(sku, 0, 0)])
        outcomes = both(partial(settle_one, shop.pk, cancelled), partial(engine.release, shop.pk, by_id(held)))
        assert raised(outcomes) == []
        assert not Shortfall.objects.filter(shop=shop, stock_item__sku=sku, quantity__gt=0).exists()
        assert engine.stock(shop.pk, sku).in_flight == 1
    assert engine.audit(shop.pk) == []
