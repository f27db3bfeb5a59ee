"""Processing: each delivery has its effect once, whatever dies, repeats, arrives late or makes no sense."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from reservations import engine
from reservations.models import (
    PrivacyRequest,
    PrivacyRequestKind,
    Shop,
    ShopifyCart,
    StockMovement,
    WebhookDelivery,
)
from reservations.shopify import inbox_retention, tasks
from reservations.shopify.webhooks import processor, topics
from reservations.shopify.webhooks.handler import Event, Handler
from tests.factories import make_shop, numbers, stock_of
from tests.shopify.webhooks.deliveries import deliver, process, send, statuses
from tests.shopify.webhooks.payloads import cart_payload, order_payload, refund_payload

pytestmark = pytest.mark.django_db(transaction=True)


class Broken(Exception):
    """A defect of our own."""


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handler of orders/create with a defect."""

    def fail(event: Event, fetched: object) -> bool:
        engine.apply_count(event.shop.pk, "SKU-1", 99)
        raise Broken("a defect")

    monkeypatch.setattr(topics, "HANDLERS", topics.HANDLERS)
    monkeypatch.setitem(topics.HANDLERS, "orders/create", Handler(fail))


def due_again(shop: Shop) -> None:
    """End the waits before the next tries."""
    WebhookDelivery.objects.filter(shop=shop).update(next_attempt_at=Now())


def test_many_workers_at_once_apply_each_delivery_once() -> None:
    shop = make_shop()
    stock_of(shop, 100)
    for order in range(1, 31):
        send(shop, "orders/create", order_payload(order=order, cart=None))
    barrier = threading.Barrier(4)

    def work(_: int) -> None:
        barrier.wait()
        try:
            process(shop)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    process(shop)
    assert numbers(shop) == (100, 0, 30)
    assert set(statuses(shop)) == {"applied"}


def test_the_sweeper_finds_what_no_message_speaks_of() -> None:
    shops = [make_shop() for _ in range(3)]
    for shop in shops:
        stock_of(shop, 5)
        send(shop, "orders/create", order_payload())
    tasks.sweep_webhooks()
    assert [numbers(shop) for shop in shops] == [(5, 0, 1)] * 3


def test_a_defect_leaves_no_half_of_an_effect_behind_and_is_tried_again(broken: None) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    row = deliver(shop, "orders/create", order_payload())
    assert (row.status, row.attempts) == ("pending", 1)
    assert "a defect" in row.error
    assert numbers(shop) == (5, 0, 0)


def test_what_fails_too_often_is_parked_with_its_error_while_others_flow(broken: None) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    send(shop, "orders/create", order_payload(order=1))
    for _ in range(len(processor.BACKOFF_SECONDS) + 1):
        due_again(shop)
        process(shop)
    deliver(shop, "orders/paid", order_payload(order=2, cart=None))
    row = WebhookDelivery.objects.get(shop=shop, topic="orders/create")
    assert (row.status, "a defect" in row.error) == ("parked", True)
    assert numbers(shop) == (5, 0, 1)


def test_a_failure_waits_longer_each_time(broken: None) -> None:
    shop = make_shop()
    waits = []
    send(shop, "orders/create", order_payload())
    for _ in range(3):
        due_again(shop)
        process(shop)
        row = WebhookDelivery.objects.annotate(now=Now()).get(shop=shop)
        waits.append((row.next_attempt_at - row.now).total_seconds())
    assert waits == sorted(waits)
    assert waits[0] > 0


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("orders/create", {}),
        ("orders/create", {"id": "x"}),
        ("orders/create", {"id": 1, "line_items": 5}),
        ("orders/create", {"id": 1, "line_items": [{"id": 1, "sku": "A", "quantity": -1}]}),
        ("orders/create", {"id": 1, "line_items": [{"id": 1, "sku": "A", "quantity": "two"}]}),
        ("orders/create", {"id": 1, "updated_at": "yesterday", "line_items": []}),
        ("orders/edited", {}),
        ("refunds/create", {"id": 1}),
        ("carts/update", {"line_items": []}),
        ("products/update", {"id": None}),
        ("app/scopes_update", {"current": "all"}),
        ("customers/data_request", {"data_request": {}}),
        ("inventory_levels/update", {"inventory_item_id": 1, "location_id": 2, "available": "many"}),
    ],
)
def test_a_payload_that_makes_no_sense_is_parked_at_once(topic: str, payload: dict[str, object]) -> None:
    shop = make_shop()
    row = deliver(shop, topic, payload)
    assert (row.status, row.attempts) == ("parked", 1)
    assert row.error


def test_a_parked_delivery_is_applied_when_a_person_replays_it(broken: None, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    row = deliver(shop, "orders/create", order_payload())
    WebhookDelivery.objects.filter(pk=row.pk).update(status="parked", ended_at=Now())
    monkeypatch.undo()
    assert processor.replay_deliveries([row]) == 1
    process(shop)
    assert numbers(shop) == (5, 0, 1)
    assert processor.replay_deliveries([row]) == 0


def test_a_topic_that_nobody_handles_is_ignored() -> None:
    assert deliver(make_shop(), "themes/publish", {"id": 1}).status == "ignored"


def test_the_same_news_under_another_name_change_nothing() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "orders/create", order_payload())
    rows = StockMovement.objects.filter(shop=shop).count()
    assert deliver(shop, "orders/create", order_payload()).status == "ignored"
    assert StockMovement.objects.filter(shop=shop).count() == rows


def test_thousands_of_deliveries_shuffled_and_doubled_end_like_the_orderly_ones() -> None:
    import random

    stories = []
    for order in range(1, 41):
        cart = f"cart-{order}"
        told = [
            ("carts/create", cart_payload(token=cart, quantity=1)),
            ("carts/update", cart_payload(token=cart, quantity=2, second=1)),
            ("orders/create", order_payload(order=order, cart=cart, quantity=2, second=2)),
            ("orders/paid", order_payload(order=order, cart=cart, quantity=2, second=3)),
        ]
        if order % 4 == 0:
            told.append(("refunds/create", refund_payload(quantity=1, restock="return", refund_id=order, order=order)))
        stories += told
    seed = random.randrange(1_000_000)
    shuffled = random.Random(seed).sample(stories + stories[::20], len(stories) + len(stories[::20]))
    ends = []
    for told in (stories, shuffled):
        shop = make_shop()
        stock_of(shop, 500)
        for topic, payload in told:
            send(shop, topic, payload)
        process(shop)
        assert "parked" not in statuses(shop)
        assert "pending" not in statuses(shop)
        ends.append(numbers(shop))
    assert ends == [(500, 0, 70)] * 2, seed


def test_old_deliveries_and_carts_are_deleted_and_parked_ones_are_not() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "carts/create", cart_payload())
    deliver(shop, "orders/create", {})
    deliver(shop, "carts/create", cart_payload(token="other"))
    old = Now() - timedelta(days=31)
    WebhookDelivery.objects.filter(shop=shop).exclude(payload__token="other").update(received_at=old)
    ShopifyCart.objects.filter(shop=shop).exclude(token="other").update(seen_at=old)
    assert inbox_retention.prune_inbox() == 2
    assert statuses(shop) == ["parked", "applied"]
    assert ShopifyCart.objects.get(shop=shop).token == "other"


def test_an_export_of_a_customers_data_goes_after_the_time_to_hand_it_on() -> None:
    shop = make_shop()
    for age, reference in ((89, "young"), (91, "old")):
        PrivacyRequest.objects.create(
            shop=shop,
            kind=PrivacyRequestKind.EXPORT,
            reference=reference,
            export=[],
            fulfilled_at=Now() - timedelta(days=age),
        )
    assert inbox_retention.prune_inbox() == 1
    exports = PrivacyRequest.objects.filter(shop=shop).order_by("reference").values_list("reference", "export")
    assert list(exports) == [("old", None), ("young", [])]
