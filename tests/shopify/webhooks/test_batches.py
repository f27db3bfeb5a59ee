"""Batches: many deliveries in one transaction leave the books that they leave one by one."""

import os
import random
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations import engine
from reservations.models import Shop, ShopifyCart, ShopifyOrder, Shortfall, StockMovement, WebhookDelivery
from reservations.shopify.orders import order_news
from reservations.shopify.webhooks import delivery_batch, due_deliveries, processor
from reservations.shopify.webhooks.delivery_batch import Size
from reservations.shopify.webhooks.due_deliveries import Kind
from reservations.shopify.webhooks.topics import HANDLERS
from tests.factories import make_shop, numbers, stock_of
from tests.shopify.webhooks.deliveries import process, send, statuses
from tests.shopify.webhooks.payloads import cart_payload, moment, order_payload, refund_payload

pytestmark = pytest.mark.django_db(transaction=True)

STORIES = int(os.environ.get("BATCH_STORIES", "2"))
A_DAY = 86_400
SKUS = ("A", "B")
CARTS = 6

Told = tuple[str, dict[str, Any]]


def shop_with_little_stock(seed: int) -> tuple[Shop, list[UUID]]:
    """A shop whose units do not suffice for all, and the holds of its carts that lines may name."""
    chance, shop = random.Random(seed), make_shop(hold_seconds=A_DAY, hold_ceiling_seconds=A_DAY)
    for sku in SKUS:
        stock_of(shop, chance.randint(4, 9), sku)
    carts_of = [UUID(int=chance.getrandbits(128), version=4) for _ in range(3)]
    held = [engine.reserve(shop.pk, [engine.Line(chance.choice(SKUS), 1)], cart_token=cart) for cart in carts_of]
    return shop, [reservations[0].reservation_id for reservations in held]


def story(seed: int, holds: Sequence[UUID]) -> list[Told]:
    """What becomes of some carts, in disorder; lines of several carts may name one hold."""
    chance, told = random.Random(seed), []
    for number in range(1, CARTS + 1):
        token, sku = f"cart-{number}", chance.choice(SKUS)
        hold = chance.choice([None, *holds])
        for second in range(chance.randint(1, 2)):
            units = chance.randint(0, 3)
            told.append(("carts/update", cart_payload(token=token, quantity=units, sku=sku, second=second, hold=hold)))
        if chance.random() < 0.8:
            told += _order(number, token, sku, hold, chance)
    return chance.sample(told, len(told)) + told[::7]


def _order(number: int, token: str, sku: str, hold: UUID | None, chance: random.Random) -> list[Told]:
    units = chance.randint(1, 3)

    def order(second: int, payment: str, **others: Any) -> dict[str, Any]:
        return order_payload(
            order=number, cart=token, sku=sku, quantity=units, hold=hold, second=second, payment=payment, **others
        )

    told = [("orders/create", order(10, chance.choice(["paid", "pending"]))), ("orders/paid", order(11, "paid"))]
    fate = chance.random()
    if fate < 0.3:
        told.append(("refunds/create", refund_payload(quantity=1, restock="return", refund_id=number, order=number)))
    elif fate < 0.6:
        back = refund_payload(quantity=units, restock="cancel", refund_id=number, order=number)
        told.append(("orders/cancelled", order(12, "paid", cancelled=True, refunds=[back])))
    return told


def deliver_all(shop: Shop, told: Sequence[Told]) -> list[int]:
    for topic, payload in told:
        assert send(shop, topic, payload).status_code == 200
    return list(WebhookDelivery.objects.filter(shop=shop).order_by("pk").values_list("pk", flat=True))


def apply_in_batches(shop: Shop, ids: Sequence[int], chance: random.Random) -> list[int]:
    """Apply deliveries in groups by chance; returns the places in `ids` in the order in which they had their turn."""
    waiting, turns = list(ids), []
    while waiting:
        topic = WebhookDelivery.objects.get(pk=chance.choice(waiting)).topic
        together = HANDLERS[topic].together
        assert together
        alike = [each for each in waiting if HANDLERS[WebhookDelivery.objects.get(pk=each).topic].together is together]
        chance.shuffle(alike)
        done = delivery_batch.apply_together(shop, together, alike, Size(chance.randint(1, 12)))
        assert not done.alone, "the whole batch failed, or asked for Shopify"
        ended = set(WebhookDelivery.objects.filter(pk__in=alike).exclude(status="pending").values_list("pk", flat=True))
        turns += [each for each in alike if each in ended]
        waiting = [each for each in waiting if each not in ended]
    return [ids.index(each) for each in turns]


def books(shop: Shop) -> dict[str, list[Any]]:
    """All that the deliveries left, without ids and times."""
    ledger = StockMovement.objects.filter(shop=shop).order_by("stock_item__sku", "position")
    moved = ("kind", "on_hand_delta", "reserved_delta", "in_flight_delta", "on_hand", "reserved", "in_flight")
    told = ("lines", "refunds", "payment", "cancelled", "committed", "shortfall_units", "tag")
    return {
        "ledger": list(ledger.values_list("stock_item__sku", "position", *moved, "reference")),
        "shortfalls": sorted(
            Shortfall.objects.filter(shop=shop).values_list("order_id", "stock_item__sku", "quantity", "cause")
        ),
        "orders": list(ShopifyOrder.objects.filter(shop=shop).order_by("order_id").values_list("order_id", *told)),
        "carts": list(
            ShopifyCart.objects.filter(shop=shop)
            .order_by("token")
            .values_list("token", "closed_by", "lines", "refused")
        ),
        "statuses": sorted(statuses(shop)),
    }


def assert_batches_are_like_one_by_one(seed: int) -> None:
    grouped, holds = shop_with_little_stock(seed)
    ids = deliver_all(grouped, story(seed, holds))
    turns = apply_in_batches(grouped, ids, random.Random(seed))
    alone, holds = shop_with_little_stock(seed)
    ids = deliver_all(alone, story(seed, holds))
    for place in turns:
        assert processor.attempt_delivery(alone, ids[place])
    assert books(grouped) == books(alone)
    assert engine.audit(grouped.pk) == engine.audit(alone.pk) == []


@pytest.mark.parametrize("seed", range(STORIES))
def test_any_grouping_of_deliveries_leaves_the_books_of_one_by_one(seed: int) -> None:
    assert_batches_are_like_one_by_one(seed)


@pytest.mark.parametrize("place", ["settle", "hold_carts_in_turn"])
def test_a_batch_that_gives_the_last_units_to_another_is_noticed(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right: Callable[[int, Sequence[Any]], list[Any]] = getattr(engine, place)
    monkeypatch.setattr(engine, place, lambda shop_id, told: right(shop_id, told[::-1])[::-1])
    with pytest.raises(AssertionError):
        _tell_stories()


def _tell_stories() -> None:
    for seed in range(10):
        assert_batches_are_like_one_by_one(seed)


def test_a_poisoned_delivery_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_shop()
    stock_of(shop, 50)
    merge = order_news.merge

    def break_at_one(row: ShopifyOrder, news: order_news.News) -> bool:
        if news.order_id == "7":
            raise ZeroDivisionError
        return merge(row, news)

    monkeypatch.setattr(order_news, "merge", break_at_one)
    deliver_all(shop, [("orders/paid", order_payload(order=number, cart=None)) for number in range(1, 21)])
    process(shop)
    assert numbers(shop) == (50, 0, 19)
    [poisoned] = WebhookDelivery.objects.filter(shop=shop, status="pending")
    assert (poisoned.payload["id"], poisoned.attempts) == (7, 1)  # type: ignore[index]


def test_what_the_database_refuses_is_parked_and_the_rest_of_its_batch_is_applied() -> None:
    shop = make_shop()
    stock_of(shop, 50)
    told = [("orders/paid", order_payload(order=number, cart=None)) for number in range(1, 6)]
    too_many = order_payload(order=6, cart=None, quantity=1_000_001)
    deliver_all(shop, [*told, ("orders/paid", too_many)])
    process(shop)
    assert statuses(shop) == ["applied"] * 5 + ["parked"]
    assert numbers(shop) == (50, 0, 5)


def test_forty_orders_cost_a_few_statements_and_not_some_for_each() -> None:
    shop = make_shop()
    stock_of(shop, 50)
    ids = deliver_all(shop, [("orders/paid", order_payload(order=n, cart=f"cart-{n}")) for n in range(1, 41)])
    together = HANDLERS["orders/paid"].together
    assert together
    with CaptureQueriesContext(connection) as sent:
        done = delivery_batch.apply_together(shop, together, ids, Size(40))
    assert done.deliveries == 40
    assert len(sent) < 25, [query["sql"][:80] for query in sent]
    assert numbers(shop) == (50, 0, 40)


def test_forty_carts_cost_a_few_statements_and_not_some_for_each() -> None:
    shop = make_shop()
    stock_of(shop, 50)
    ids = deliver_all(shop, [("carts/create", cart_payload(token=f"cart-{n}")) for n in range(40)])
    together = HANDLERS["carts/create"].together
    assert together
    with CaptureQueriesContext(connection) as sent:
        done = delivery_batch.apply_together(shop, together, ids, Size(40))
    assert done.deliveries == 40
    assert len(sent) < 20, [query["sql"][:80] for query in sent]
    assert numbers(shop) == (50, 40, 0)


def test_a_cart_that_another_of_the_batch_touches_is_for_the_next() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    cart = UUID(int=7)
    hold = engine.reserve(shop.pk, [engine.Line("SKU-1", 1)], cart_token=cart)[0].reservation_id
    told = [cart_payload(token=token, hold=hold, second=second) for second, token in enumerate(["first", "copy"])]
    ids = deliver_all(shop, [("carts/update", payload) for payload in told])
    together = HANDLERS["carts/update"].together
    assert together
    assert delivery_batch.apply_together(shop, together, ids, Size(10)).deliveries == 1
    assert statuses(shop) == ["applied", "pending"]
    process(shop)
    assert numbers(shop) == (5, 2, 0)


def test_an_imports_products_hold_up_no_order() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    product = {"updated_at": moment(0), "variants": [{"id": 2, "sku": "A", "inventory_item_id": 3}]}
    imported: list[Told] = [("products/update", {"id": number, **product}) for number in range(1, 9)]
    deliver_all(shop, [*imported, ("orders/paid", order_payload(cart=None))])
    assert sum(len(ids) for ids in due_deliveries.due_ids(shop.pk, Kind.STOCK).values()) == 1
    process(shop)
    first = WebhookDelivery.objects.filter(shop=shop).order_by("ended_at").values_list("topic", flat=True).first()
    assert (first, "pending" in statuses(shop)) == ("orders/paid", False)


def test_the_stocks_lane_reads_along_an_index_of_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("EXPLAIN " + due_deliveries.statement(Kind.STOCK), [1, [], 10])
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert "delivery_due_stock" in plan
