"""A SKU sells without stock where all of its variants at Shopify do: nobody waits, and nobody is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest

from reservations import engine
from reservations.models import Shop, Shortfall, SkuLink, StockMovement
from tests.factories import (
    by_id,
    database_now,
    hold,
    hold_cart,
    item,
    link,
    make_shop,
    numbers,
    settle_one,
    settle_order,
    stock_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def without_stock(units: int = 0) -> Shop:
    """A shop with so many units of a SKU that sells without stock."""
    shop = make_shop()
    stock_of(shop, units)
    link(shop, 1, continues=True)
    return shop


@pytest.mark.parametrize(
    ("continues", "tracked", "sells_without"),
    [(False, True, False), (True, True, True), (False, False, True), (True, False, True)],
)
def test_a_variant_sells_without_stock_where_it_continues_or_is_not_tracked(
    continues: bool,
    tracked: bool,
    sells_without: bool,
) -> None:
    shop = make_shop()
    stock_of(shop, 0)
    link(shop, 1, continues=continues, tracked=tracked)
    assert item(shop).sells_without_stock is sells_without


def test_the_strictest_of_its_variants_speaks_for_a_sku() -> None:
    shop = without_stock()
    link(shop, 2)
    assert not item(shop).sells_without_stock
    link(shop, 2, tracked=False)
    assert item(shop).sells_without_stock
    SkuLink.objects.all().delete()
    assert engine.follow_links(shop.pk) == 1
    assert not item(shop).sells_without_stock


def test_a_sku_that_is_counted_for_the_first_time_does_as_its_links_say() -> None:
    shop = make_shop()
    link(shop, 1, continues=True)
    stock_of(shop, 0)
    assert item(shop).sells_without_stock
    stock_of(shop, 0, "SKU-2")
    assert not item(shop, "SKU-2").sells_without_stock


def test_another_shops_links_say_nothing() -> None:
    shop = make_shop()
    stock_of(shop, 0)
    link(make_shop(), 1, continues=True)
    assert engine.follow_links(shop.pk) == 0
    assert not item(shop).sells_without_stock


def test_nothing_is_held_and_nothing_refused_also_beyond_the_limit_of_a_cart() -> None:
    shop = make_shop(max_units_per_line=2)
    stock_of(shop, 1)
    stock_of(shop, 1, "SKU-2")
    link(shop, 1, continues=True)
    lines = [engine.Line("SKU-1", 50), engine.Line("SKU-2", 1)]
    assert [held.sku for held in engine.reserve(shop.pk, lines, cart_token=uuid4())] == ["SKU-2"]
    assert (numbers(shop), numbers(shop, "SKU-2")) == ((1, 0, 0), (1, 1, 0))


def test_a_sku_that_was_sold_out_a_moment_ago_is_not_refused_once_it_continues() -> None:
    shop = make_shop()
    stock_of(shop, 0)
    for _ in range(2):
        with pytest.raises(engine.OutOfStock):
            hold(shop)
    link(shop, 1, continues=True)
    assert engine.reserve(shop.pk, [engine.Line("SKU-1", 1)]) == ()


def test_a_sku_that_the_stock_does_not_have_is_known_where_its_variant_sells_without_stock() -> None:
    shop = make_shop()
    link(shop, 1, tracked=False)
    assert engine.reserve(shop.pk, [engine.Line("SKU-1", 1)]) == ()
    with pytest.raises(engine.UnknownSku):
        engine.reserve(shop.pk, [engine.Line("SKU-2", 1)])
    assert [line.sells_without_stock for line in engine.cart_lines(shop.pk, uuid4(), [engine.Line("SKU-1", 1)])] == [
        True
    ]


def test_an_order_beyond_the_stock_is_sold_in_full_and_is_no_shortfall() -> None:
    shop = without_stock(1)
    assert settle_order(shop, "1001", 3) == (engine.SoldLine("SKU-1", 3, 0),)
    assert (numbers(shop), engine.stock(shop.pk, "SKU-1").available) == ((1, 0, 3), -2)
    assert not Shortfall.objects.filter(shop=shop).exists()
    settle_order(shop, "1001", 0)
    assert numbers(shop) == (1, 0, 0)
    assert engine.audit(shop.pk) == []


def test_what_orders_lack_is_sold_to_them_as_soon_as_the_sku_continues() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    settle_order(shop, "1001", 3)
    assert engine.audit(shop.pk) == []
    link(shop, 1, continues=True)
    assert (numbers(shop), item(shop).owed) == ((1, 0, 3), 0)
    assert Shortfall.objects.get(shop=shop).quantity == 0
    assert StockMovement.objects.filter(shop=shop, kind="rescued").count() == 1
    assert engine.audit(shop.pk) == []


def test_an_unpaid_order_holds_nothing_of_it_and_buys_it_when_it_is_paid() -> None:
    shop = without_stock()
    lines, until = [engine.OrderLine("SKU-1", 2, 2)], database_now() + timedelta(minutes=30)
    sold = settle_one(shop.pk, engine.Order("1001", lines, held_until=until))
    assert (sold, numbers(shop)) == ((engine.SoldLine("SKU-1", 0, 0),), (0, 0, 0))
    settle_one(shop.pk, engine.Order("1001", lines))
    assert numbers(shop) == (0, 0, 2)


def test_a_hold_from_before_lives_until_its_order_or_the_next_word_of_its_cart() -> None:
    shop, ana, beto = make_shop(), uuid4(), uuid4()
    stock_of(shop, 2)
    of_ana, of_beto = hold(shop, cart=ana), hold(shop, cart=beto)
    link(shop, 1, continues=True)
    assert numbers(shop) == (2, 2, 0)
    settle_order(shop, "1001", 1, cart=ana)
    assert engine.reservation(shop.pk, of_ana.reservation_id).status == "confirmed"
    assert hold_cart(shop.pk, beto, [engine.Line("SKU-1", 1)]) == ()
    assert engine.reservation(shop.pk, of_beto.reservation_id).status == "released"
    assert numbers(shop) == (2, 0, 1)


def test_a_cart_that_asks_again_gives_back_what_it_held_from_before() -> None:
    shop, ana = make_shop(), uuid4()
    stock_of(shop, 2)
    hold(shop, cart=ana)
    link(shop, 1, continues=True)
    assert engine.reserve(shop.pk, [engine.Line("SKU-1", 2)], cart_token=ana) == ()
    assert numbers(shop) == (2, 0, 0)


def test_a_sku_that_sells_from_stock_again_refuses_at_once_and_owes_nothing() -> None:
    shop = without_stock(1)
    settle_order(shop, "1001", 3)
    link(shop, 1)
    with pytest.raises(engine.OutOfStock):
        hold(shop)
    assert (numbers(shop), item(shop).owed) == ((1, 0, 3), 0)
    settle_order(shop, "1001", 3)
    assert not Shortfall.objects.filter(shop=shop, quantity__gt=0).exists()
    stock_of(shop, 4)
    assert engine.confirm(shop.pk, by_id(hold(shop)), order_id="1002")
