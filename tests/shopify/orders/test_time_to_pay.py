"""A person gives an unpaid order more time, or none any more: all its holds and its due time move together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection, connections

from reservations import engine
from reservations.engine import Order, OrderLine
from reservations.models import Reservation, Shop, ShopifyOrder
from reservations.shopify.orders import time_to_pay
from tests.factories import database_now, make_shop, settle_one, stock_of
from tests.support.blocker import holding_row
from tests.support.duel import answer
from tests.support.patience import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)
ORDER = "1001"


def shop_with_an_unpaid_order() -> tuple[Shop, dict[str, UUID]]:
    """A shop, and by SKU the holds of its unpaid order."""
    shop, due = make_shop(), database_now() + 30 * MINUTE
    skus = [stock_of(shop, 100, sku) for sku in ("SKU-1", "SKU-2")]
    ShopifyOrder.objects.create(shop=shop, order_id=ORDER, payment="pending", payment_due_at=due, heard_at=due)
    settle_one(shop.pk, Order(ORDER, [OrderLine(sku, 1, 1) for sku in skus], held_until=due))
    held = Reservation.objects.filter(shop=shop, order_id=ORDER)
    return shop, dict(held.values_list("stock_item__sku", "pk"))


def ends(shop: Shop) -> set[object]:
    """The ends of the order's holds, and when it is due."""
    held = Reservation.objects.filter(shop=shop, order_id=ORDER, status="active")
    due = ShopifyOrder.objects.filter(shop=shop).values_list("payment_due_at", flat=True)
    return {*held.values_list("expires_at", flat=True), *due}


def in_a_thread(call: Callable[[], object]) -> str:
    try:
        return answer(call)
    finally:
        connections.close_all()


def somebody_waits_for_a_row() -> bool:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return bool(cursor.fetchone() != (0,))


def test_more_time_for_one_hold_is_more_time_for_the_order() -> None:
    shop, holds = shop_with_an_unpaid_order()
    (before,) = ends(shop)
    time_to_pay.extend(shop.pk, holds["SKU-2"], by="shopify:42", more=MINUTE)
    assert ends(shop) == {before + MINUTE}  # type: ignore[operator]


def test_no_more_time_for_one_hold_puts_all_the_orders_units_back_on_sale() -> None:
    shop, holds = shop_with_an_unpaid_order()
    time_to_pay.release(shop.pk, holds["SKU-1"], reason="ana")
    assert not Reservation.objects.filter(shop=shop, status="active").exists()
    assert ShopifyOrder.objects.get(shop=shop).payment_due_at <= database_now()  # type: ignore[operator]


def test_the_orders_stock_rows_are_locked_in_one_order_whichever_hold_was_pressed() -> None:
    shop, holds = shop_with_an_unpaid_order()
    favour = partial(time_to_pay.extend, shop.pk, holds["SKU-2"], by="shopify:42", more=MINUTE)
    with ThreadPoolExecutor(1) as pool:
        with holding_row(shop, "SKU-1"):
            pressed = pool.submit(in_a_thread, favour)
            wait_until(somebody_waits_for_a_row)
            # It waits for the first row and has not got the second: nobody can wait for it in a circle.
            with holding_row(shop, "SKU-2"):
                pass
        assert pressed.result(PATIENCE_SECONDS) == "ok"
    assert engine.audit(shop.pk) == []
