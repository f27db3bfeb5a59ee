"""Orders that await their payment: what webhooks tell of it, in any order, and what it means for the stock."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from reservations import engine
from reservations.models import Payment, Reservation, SellWhen, Shop, ShopifyOrder, Shortfall
from reservations.shopify.orders.bank_days import BRASILIA
from tests.factories import database_now, hold, make_shop, numbers, outlive, stock_of
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import LINE, order_payload, refund_payload

pytestmark = pytest.mark.django_db(transaction=True)

RESTOCKED = refund_payload(quantity=1, restock="cancel")
GONE = refund_payload(quantity=1, restock="no_restock")


def shop_with(units: int, **settings: object) -> Shop:
    shop = make_shop(**settings)
    stock_of(shop, units)
    return shop


def order(payment: str | None, *gateways: str, minutes_ago: float = 0, **others: Any) -> dict[str, Any]:
    """The payload of an order that was placed so long ago."""
    members = {name: others.pop(name) for name in ("payment_terms", "fulfillment_status") if name in others}
    placed = database_now() - timedelta(minutes=minutes_ago)
    told = order_payload(payment=payment, **others)
    return told | {"created_at": placed.isoformat(), "payment_gateway_names": list(gateways or ("Pix",))} | members


def known(shop: Shop) -> ShopifyOrder:
    return ShopifyOrder.objects.get(shop=shop)


def the_hold(shop: Shop) -> Reservation:
    return Reservation.objects.get(shop=shop, status="active")


def outlive_the_hold(shop: Shop) -> None:
    outlive(engine.reservation(shop.pk, the_hold(shop).pk))


def test_an_order_that_awaits_its_pix_holds_for_half_an_hour() -> None:
    shop, told = shop_with(3), order("pending", quantity=2)
    deliver(shop, "orders/create", told)
    assert numbers(shop) == (3, 2, 0)
    due = datetime.fromisoformat(told["created_at"]) + timedelta(minutes=30)
    assert (the_hold(shop).expires_at, known(shop).payment_due_at) == (due, due)
    assert (known(shop).payment, known(shop).committed) == (Payment.PENDING, {"SKU-1": 2})


def test_the_hold_of_its_cart_becomes_the_orders() -> None:
    shop, cart = shop_with(1), uuid4()
    held = hold(shop, cart=cart)
    deliver(shop, "orders/create", order("pending", cart_token=cart))
    assert the_hold(shop).pk == held.reservation_id
    assert numbers(shop) == (1, 1, 0)


def test_its_payment_sells_it() -> None:
    shop = shop_with(1)
    deliver(shop, "orders/create", order("pending"))
    deliver(shop, "orders/paid", order("paid", second=1))
    assert numbers(shop) == (1, 0, 1)
    assert known(shop).committed == {}


def test_an_authorized_card_is_a_sale() -> None:
    shop = shop_with(1)
    deliver(shop, "orders/create", order("authorized", "Cartão"))
    assert numbers(shop) == (1, 0, 1)


def test_the_topic_of_a_paid_order_says_so_by_itself() -> None:
    shop = shop_with(1)
    deliver(shop, "orders/paid", order(None))
    assert (numbers(shop), known(shop).payment) == ((1, 0, 1), Payment.PAID)


def test_an_order_of_which_nothing_is_told_and_nobody_may_be_asked_is_a_sale() -> None:
    shop = shop_with(1)
    deliver(shop, "orders/create", order(None))
    assert (numbers(shop), known(shop).payment) == ((1, 0, 1), Payment.UNKNOWN)


def test_past_its_time_the_unit_is_anybodys_and_shopify_still_keeps_one() -> None:
    shop = shop_with(1)
    deliver(shop, "orders/create", order("pending"))
    outlive_the_hold(shop)
    assert hold(shop).status == "active"
    assert known(shop).committed == {"SKU-1": 1}


def test_an_order_that_is_heard_of_after_its_time_holds_nothing() -> None:
    shop = shop_with(1)
    deliver(shop, "orders/create", order("pending", minutes_ago=31))
    assert numbers(shop) == (1, 0, 0)


def test_paid_too_late_it_gets_a_free_unit_or_is_a_shortfall() -> None:
    for taken, expected in ((False, 0), (True, 1)):
        shop = shop_with(1)
        deliver(shop, "orders/create", order("pending"))
        outlive_the_hold(shop)
        if taken:
            hold(shop)
        deliver(shop, "orders/paid", order("paid", second=1))
        assert sum(Shortfall.objects.filter(shop=shop).values_list("quantity", flat=True)) == expected


def test_paid_too_late_it_waits_behind_those_who_paid_before_it() -> None:
    shop = shop_with(0)
    deliver(shop, "orders/create", order("pending", order=1, second=0))
    deliver(shop, "orders/paid", order("paid", order=2, second=1) | {"processed_at": "2026-11-24T10:00:01-03:00"})
    deliver(shop, "orders/paid", order("paid", order=1, second=2) | {"processed_at": "2026-11-24T10:00:00-03:00"})
    stock_of(shop, 1)
    assert Shortfall.objects.get(shop=shop, quantity=1).order_id == "1"


def test_an_unpaid_order_without_a_unit_is_no_shortfall() -> None:
    shop = shop_with(0)
    deliver(shop, "orders/create", order("pending"))
    assert not Shortfall.objects.filter(shop=shop).exists()
    assert known(shop).tag == ""


@pytest.mark.parametrize("ended", ["voided", "expired"])
def test_a_payment_that_ended_frees_the_units_at_once(ended: str) -> None:
    shop = shop_with(1)
    deliver(shop, "orders/create", order("pending"))
    deliver(shop, "orders/updated", order(ended, second=1))
    deliver(shop, "orders/create", order(ended, second=1))
    assert numbers(shop) == (1, 0, 0)
    assert known(shop).committed == {"SKU-1": 1}


def test_an_authorized_card_that_is_voided_gives_back_what_was_sold() -> None:
    shop = shop_with(1)
    deliver(shop, "orders/create", order("authorized", "Cartão"))
    deliver(shop, "orders/create", order("voided", "Cartão", second=1))
    assert numbers(shop) == (1, 0, 0)


def test_cancelled_with_restock_its_units_are_free_and_without_they_have_left() -> None:
    for refund, expected in ((RESTOCKED, (1, 0, 0)), (GONE, (1, 0, 1))):
        shop = shop_with(1)
        deliver(shop, "orders/create", order("pending"))
        deliver(shop, "orders/cancelled", order("pending", second=9, cancelled=True, refunds=[refund]))
        assert numbers(shop) == expected
        assert known(shop).committed == {}


def test_paid_after_a_cancellation_it_awaits_nothing() -> None:
    shop = shop_with(1)
    deliver(shop, "orders/create", order("pending"))
    deliver(shop, "orders/cancelled", order("pending", second=5, cancelled=True, refunds=[RESTOCKED]))
    deliver(shop, "orders/paid", order("paid", second=9, cancelled=True, refunds=[RESTOCKED]))
    assert numbers(shop) == (1, 0, 0)
    assert not Shortfall.objects.filter(shop=shop).exists()


def test_cash_on_delivery_is_a_sale_at_once() -> None:
    shop = shop_with(1)
    deliver(shop, "orders/create", order("pending", "Cash on Delivery (COD)"))
    assert numbers(shop) == (1, 0, 1)
    assert (known(shop).payment_due_at, known(shop).committed) == (None, {})


def test_an_unpaid_order_whose_units_have_left_is_a_sale() -> None:
    shop = shop_with(1)
    deliver(shop, "orders/create", order("pending"))
    deliver(shop, "orders/create", order("pending", second=1, fulfillment_status="fulfilled"))
    assert numbers(shop) == (1, 0, 1)
    assert known(shop).committed == {}


def test_payment_terms_count_until_the_end_of_their_day() -> None:
    shop = shop_with(1)
    due = (database_now() + timedelta(days=30)).astimezone(BRASILIA).replace(hour=9)
    terms = {"payment_schedules": [{"due_at": due.isoformat(), "completed_at": None}]}
    deliver(shop, "orders/create", order("pending", payment_terms=terms))
    midnight = due.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert the_hold(shop).expires_at == midnight


def test_payment_terms_that_are_due_as_the_goods_leave_are_a_sale_at_once() -> None:
    shop = shop_with(1)
    terms = {"payment_schedules": [{"due_at": None, "completed_at": None}]}
    deliver(shop, "orders/create", order("pending", payment_terms=terms))
    assert numbers(shop) == (1, 0, 1)


def test_payment_terms_that_are_due_on_receipt_wait_as_long_as_a_transfer() -> None:
    shop = shop_with(1)
    terms = {"payment_schedules": [{"due_at": database_now().isoformat(), "completed_at": None}]}
    deliver(shop, "orders/create", order("pending", payment_terms=terms))
    assert the_hold(shop).expires_at > database_now() + timedelta(days=2)


def test_a_shop_may_sell_as_soon_as_an_order_is_placed() -> None:
    shop = shop_with(1, sell_when=SellWhen.PLACED)
    deliver(shop, "orders/create", order("pending", "Boleto"))
    assert numbers(shop) == (1, 0, 1)
    deliver(shop, "orders/create", order("expired", "Boleto", second=1))
    assert numbers(shop) == (1, 0, 0)


def test_a_new_figure_counts_for_the_orders_to_come() -> None:
    shop = shop_with(1)
    deliver(shop, "orders/create", order("pending"))
    before = the_hold(shop).expires_at
    Shop.objects.filter(pk=shop.pk).update(pix_minutes=5)
    line = {"id": LINE, "sku": "SKU-1", "quantity": 1, "current_quantity": 1, "price": "9.00"}
    deliver(shop, "orders/create", order("pending", second=1, lines=[line]))
    assert the_hold(shop).expires_at == before


def test_another_gateway_is_another_time_to_pay() -> None:
    shop = shop_with(1)
    deliver(shop, "orders/create", order("pending", "Pix"))
    deliver(shop, "orders/create", order("pending", "Boleto", second=1))
    assert the_hold(shop).expires_at > database_now() + timedelta(days=2)


LIFE: dict[str, tuple[str, dict[str, Any]]] = {
    "create": ("orders/create", {"payment": "pending"}),
    "expired": ("orders/create", {"payment": "expired", "second": 1}),
    "paid": ("orders/paid", {"payment": "paid", "second": 2}),
    "cancel": ("orders/cancelled", {"payment": "paid", "second": 3, "cancelled": True, "refunds": [RESTOCKED]}),
}
STORIES = {
    ("create", "paid"): (2, 0, 1),
    ("create", "expired"): (2, 0, 0),
    ("create", "expired", "paid"): (2, 0, 1),
    ("create", "expired", "paid", "cancel"): (2, 0, 0),
}


@pytest.mark.parametrize(("story", "expected"), STORIES.items(), ids=map(", ".join, STORIES))
def test_the_same_words_of_a_payment_mean_the_same_stock_in_any_order(
    story: tuple[str, ...], expected: tuple[int, int, int]
) -> None:
    for arrival in permutations(story):
        shop = shop_with(2)
        for event in (*arrival, *arrival):
            topic, told = LIFE[event]
            told = dict(told)
            deliver(shop, topic, order(told.pop("payment"), **told))
        assert numbers(shop) == expected, arrival
        assert not Shortfall.objects.filter(shop=shop, quantity__gt=0).exists(), arrival
