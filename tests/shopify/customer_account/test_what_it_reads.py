"""The page reads the same clock as the stock: held until a time, bought, short, or over."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from reservations import engine
from reservations.models import Reservation, Shop, ShopifyOrder
from reservations.shopify import privacy
from tests.factories import database_now, link, make_shop, outlive, stock_of
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import ORDER, order_payload

from .page import told

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def shop_with(units: int, **settings: object) -> Shop:
    shop = make_shop(**settings)
    stock_of(shop, units)
    return shop


def place(shop: Shop, payment: str = "pending", *, minutes_ago: float = 0, **others: Any) -> None:
    """An order by Pix."""
    placed = (database_now() - timedelta(minutes=minutes_ago)).isoformat()
    topic = "orders/paid" if payment == "paid" else "orders/create"
    told = order_payload(payment=payment, **others) | {"created_at": placed, "payment_gateway_names": ["Pix"]}
    deliver(shop, topic, told)


def test_an_unpaid_order_holds_until_the_second_at_which_its_units_are_anybodys() -> None:
    shop = shop_with(3)
    place(shop, quantity=2)
    read = told(shop)
    assert (read["standing"], read["held"]) == ("held", 2)
    due = ShopifyOrder.objects.get(shop=shop).payment_due_at
    hold = Reservation.objects.get(shop=shop)
    assert datetime.fromisoformat(read["until"]) == due == hold.expires_at
    assert abs(datetime.fromisoformat(read["now"]) - database_now()) < timedelta(minutes=1)


def test_it_is_over_as_soon_as_the_hold_is_dead_whether_or_not_a_job_ran() -> None:
    shop = shop_with(1)
    place(shop, minutes_ago=29)
    held = engine.reservation(shop.pk, Reservation.objects.get(shop=shop).pk)
    outlive(held)
    ShopifyOrder.objects.filter(shop=shop).update(payment_due_at=database_now() - timedelta(seconds=1))
    read = told(shop)
    assert (read["standing"], read["until"], read["held"]) == ("over", None, 0)
    assert Reservation.objects.get(shop=shop).status == "active"


def test_its_payment_buys_it() -> None:
    shop = shop_with(1)
    place(shop)
    place(shop, "paid", second=1)
    assert told(shop)["standing"] == "bought"


def test_a_payment_that_comes_too_late_for_the_last_unit_is_short() -> None:
    shop = shop_with(1)
    place(shop)
    outlive(engine.reservation(shop.pk, Reservation.objects.get(shop=shop).pk))
    engine.reserve(shop.pk, [engine.Line("SKU-1", 1)])
    place(shop, "paid", second=1)
    assert told(shop)["standing"] == "short"


@pytest.mark.parametrize("payment", ["voided", "expired"])
def test_a_payment_that_ended_unpaid_is_over(payment: str) -> None:
    shop = shop_with(1)
    place(shop)
    place(shop, payment, second=1)
    assert told(shop)["standing"] == "over"


def test_a_cancelled_order_and_one_that_needs_no_hold_say_nothing() -> None:
    shop = shop_with(1)
    place(shop)
    deliver(shop, "orders/cancelled", order_payload(payment="pending", cancelled=True, second=2))
    assert told(shop)["standing"] == "none"
    endless = shop_with(0)
    link(endless, continues=True)
    place(endless)
    assert told(endless)["standing"] == "none"


def test_an_order_that_found_no_unit_does_not_say_that_its_time_ran_out() -> None:
    shop = shop_with(0)
    place(shop, minutes_ago=31)
    assert told(shop)["standing"] == "none"


def test_an_order_that_we_have_not_heard_of_is_unknown() -> None:
    assert told(shop_with(1))["standing"] == "unknown"


def test_more_time_from_the_merchant_is_read_at_once() -> None:
    shop = shop_with(1)
    place(shop)
    before = datetime.fromisoformat(told(shop)["until"])
    row = Reservation.objects.get(shop=shop)
    engine.extend_by_hand(shop.pk, row.pk, by="ana", more=timedelta(minutes=10))
    assert datetime.fromisoformat(told(shop)["until"]) == before + timedelta(minutes=10)


def test_an_erased_customers_order_answers_nobody() -> None:
    shop = shop_with(1)
    place(shop)
    privacy.erase_customer(shop.pk, database_now(), [str(ORDER)])
    assert told(shop)["standing"] == "unknown"
