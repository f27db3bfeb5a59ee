"""Resolve a shortfall: a person and the buyer agree on it, and the stock owes those units no more."""

import pytest

from reservations import engine
from reservations.engine import Order, OrderLine, SoldLine
from reservations.models import Reservation, Shop, Shortfall, StockMovement
from tests.factories import make_shop, numbers, settle_one, settle_order, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def short_shop(*, sold: int = 3, units: int = 1) -> Shop:
    """A shop whose order 1001 has bought `sold` units where there are only `units`."""
    shop = make_shop()
    stock_of(shop, units)
    settle_order(shop, "1001", sold)
    return shop


def resolve(shop: Shop, order_id: str = "1001", sku: str = "SKU-1", reason: str = "paid back") -> bool:
    return engine.resolve_shortfall(shop.pk, order_id, sku, by="admin: ana", reason=reason)


def shortfall(shop: Shop) -> Shortfall:
    return Shortfall.objects.get(shop=shop, order_id="1001")


def settle(shop: Shop, kept: int, awaited: int) -> tuple[SoldLine, ...]:
    return settle_one(shop.pk, Order("1001", [OrderLine("SKU-1", kept, awaited)]))


def test_a_resolved_shortfall_names_who_and_why_and_moves_no_number() -> None:
    shop = short_shop()
    before = numbers(shop)
    assert resolve(shop)
    row, last = shortfall(shop), StockMovement.objects.latest("id")
    assert (row.quantity, row.resolved_by, row.resolution) == (2, "admin: ana", "paid back")
    assert (last.kind, last.reference, last.at) == ("settled", "1001: admin: ana: paid back", row.resolved_at)
    assert (last.on_hand_delta, last.reserved_delta, last.in_flight_delta) == (0, 0, 0)
    assert numbers(shop) == before
    assert engine.audit(shop.pk) == []


def test_a_shortfall_is_resolved_once() -> None:
    shop = short_shop()
    assert resolve(shop)
    rows = StockMovement.objects.count()
    assert not resolve(shop, reason="sent from elsewhere")
    assert shortfall(shop).resolution == "paid back"
    assert StockMovement.objects.count() == rows


def test_an_order_that_misses_nothing_has_nothing_to_resolve() -> None:
    shop = short_shop(sold=1)
    assert not resolve(shop)
    assert not resolve(shop, order_id="1002")
    assert StockMovement.objects.filter(kind="settled").count() == 0


def test_a_sku_that_the_shop_does_not_have_is_refused() -> None:
    with pytest.raises(engine.UnknownSku):
        resolve(short_shop(), sku="SKU-2")


def test_another_shop_cannot_resolve_it() -> None:
    shop, other = short_shop(), make_shop()
    stock_of(other, 1)
    assert not resolve(other)
    assert shortfall(shop).resolved_at is None


def test_the_longest_order_name_and_reason_are_kept_and_fit_the_ledger() -> None:
    shop = make_shop()
    stock_of(shop, 0)
    settle_order(shop, "o" * 255, 1)
    assert engine.resolve_shortfall(shop.pk, "o" * 255, "SKU-1", by="b" * 200, reason="r" * 255)
    assert StockMovement.objects.latest("id").reference == "o" * 255


def test_units_that_come_free_later_do_not_go_to_a_resolved_shortfall() -> None:
    shop = short_shop()
    resolve(shop)
    stock_of(shop, 9)
    free = engine.stock(shop.pk, "SKU-1").available
    assert settle(shop, 3, 3) == (SoldLine("SKU-1", 1, 2),)
    assert engine.stock(shop.pk, "SKU-1").available == free
    assert shortfall(shop).resolved_at is not None


def test_an_order_that_grows_gets_the_new_unit_and_stays_resolved() -> None:
    shop = short_shop()
    resolve(shop)
    stock_of(shop, 9)
    settle(shop, 4, 4)
    row = shortfall(shop)
    assert (row.quantity, row.resolution) == (2, "paid back")
    sold = Reservation.objects.filter(shop=shop, order_id="1001", status="confirmed")
    assert sum(sold.values_list("quantity", flat=True)) == 2
    assert engine.audit(shop.pk) == []


def test_an_order_that_is_short_of_more_is_open_again() -> None:
    shop = short_shop()
    resolve(shop)
    settle(shop, 5, 5)
    row = shortfall(shop)
    assert (row.quantity, row.resolved_at, row.resolved_by, row.resolution) == (4, None, "", "")
    # A part of it was resolved: a person says what the buyer still gets.
    stock_of(shop, 9)
    assert (shortfall(shop).quantity, row.kept_out_by) == (4, "reopened")


def test_a_refund_of_missing_units_keeps_the_rest_resolved() -> None:
    shop = short_shop()
    resolve(shop)
    assert settle(shop, 3, 2) == (SoldLine("SKU-1", 1, 1),)
    row = shortfall(shop)
    assert (row.quantity, row.resolution) == (1, "paid back")
