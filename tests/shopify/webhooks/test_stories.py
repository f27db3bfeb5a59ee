"""Stories of one cart and its order: every order of arrival ends in the same stock.

The shop has 5 units of SKU-1. Some of these events tell a story; beside each story stands what it deserves, as
(on hand, reserved, in flight):

==========  ============================================================================================
cart        carts/update: SKU-1 x 2, held by the webhook
create      orders/create: SKU-1 x 2 from that cart
paid        orders/paid: the same order
cancel      orders/cancelled, with the refund that Shopify makes of it: back on the shelf, or not
refund      refunds/create: one unit, back on the shelf, or not
updated     orders/updated: a tag and nothing else; or how the order stands after an edit or an exchange
edit        orders/edited: one unit is taken out of the order
exchange    one unit comes back, and one of SKU-2 goes out for it; no edit, and no other webhook names its line
expiry      the time of whatever the cart holds is over
==========  ============================================================================================
"""

import os
import random
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest

from reservations import engine
from reservations.models import Reservation, Shop, Shortfall
from tests.factories import make_shop, numbers, outlive, stock_of
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import LINE, cart_payload, edit_payload, order_payload, refund_payload

pytestmark = pytest.mark.django_db(transaction=True)

CANCELLED = refund_payload(quantity=2, restock="cancel", refund_id=91)
CANCELLED_LOST = refund_payload(quantity=2, restock="no_restock", refund_id=91)
RETURNED = refund_payload(quantity=1, restock="return", refund_id=92)
LOST = refund_payload(quantity=1, restock="no_restock", refund_id=93)

EXCHANGED = refund_payload(quantity=1, restock="return", refund_id=95)
LINE_1 = {"id": LINE, "variant_id": 1, "sku": "SKU-1", "quantity": 2, "current_quantity": 1}
LINE_2 = {"id": LINE + 1, "variant_id": 2, "sku": "SKU-2", "quantity": 1, "current_quantity": 1}

EVENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "cart": ("carts/update", cart_payload(quantity=2)),
    "create": ("orders/create", order_payload(quantity=2)),
    "paid": ("orders/paid", order_payload(quantity=2, second=1)),
    "cancel": ("orders/cancelled", order_payload(quantity=2, second=9, cancelled=True, refunds=[CANCELLED])),
    "cancel, nothing back": (
        "orders/cancelled",
        order_payload(quantity=2, second=9, cancelled=True, refunds=[CANCELLED_LOST]),
    ),
    "cancel after the refund": (
        "orders/cancelled",
        order_payload(
            quantity=2,
            second=9,
            cancelled=True,
            refunds=[RETURNED, refund_payload(quantity=1, restock="cancel", refund_id=94)],
        ),
    ),
    "refund": ("refunds/create", RETURNED),
    "refund, nothing back": ("refunds/create", LOST),
    "refund of the cancel": ("refunds/create", CANCELLED),
    "updated": ("orders/updated", order_payload(quantity=2, second=2)),
    "edit": ("orders/edited", edit_payload(7, removed=1, second=5)),
    "updated after the edit": ("orders/updated", order_payload(lines=[LINE_1], second=6)),
    "exchange": ("orders/updated", order_payload(lines=[LINE_1, LINE_2], refunds=[EXCHANGED], second=7)),
    "refund of the exchange": ("refunds/create", EXCHANGED),
}

STORIES: dict[tuple[str, ...], tuple[int, int, int]] = {
    ("cart", "create", "paid"): (5, 0, 2),
    ("cart", "create", "paid", "expiry"): (5, 0, 2),
    ("create", "paid", "refund"): (5, 0, 1),
    ("cart", "create", "refund"): (5, 0, 1),
    ("cart", "create", "refund, nothing back"): (5, 0, 2),
    ("cart", "create", "cancel", "expiry"): (5, 0, 0),
    ("cart", "paid", "cancel", "refund of the cancel"): (5, 0, 0),
    ("create", "paid", "cancel, nothing back"): (5, 0, 2),
    ("create", "refund", "cancel after the refund"): (5, 0, 0),
    ("cart", "create", "paid", "refund", "cancel after the refund", "expiry"): (5, 0, 0),
    ("create", "paid", "updated", "edit"): (5, 0, 1),
    ("create", "updated", "edit", "updated after the edit"): (5, 0, 1),
    # The removal counts once, whether or not we heard of its edit.
    ("cart", "create", "updated", "updated after the edit"): (5, 0, 1),
    ("create", "updated", "exchange", "refund of the exchange"): (5, 0, 1),
    ("cart", "create", "exchange"): (5, 0, 1),
}
# All 720 orders of six events take minutes: by default so many of each story, always the same.
MOST_ORDERS = int(os.environ.get("STORY_ORDERS", "60"))
SEED = int(os.environ.get("STORY_SEED", "1"))


def orders_of_arrival(story: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    orders = list(permutations(story))
    yield from orders if len(orders) <= MOST_ORDERS else random.Random(SEED).sample(orders, MOST_ORDERS)


def tell(shop: Shop, event: str) -> None:
    if event == "expiry":
        living = Reservation.objects.filter(shop=shop, status="active").values_list("pk", flat=True)
        outlive(*[engine.reservation(shop.pk, known) for known in living])
        engine.expire(shop.pk)
        return
    topic, payload = EVENTS[event]
    assert deliver(shop, topic, payload).status in ("applied", "ignored")


@pytest.mark.timeout(120 + 3 * MOST_ORDERS)
@pytest.mark.parametrize("story", STORIES, ids=", ".join)
def test_every_order_of_arrival_ends_in_the_stock_that_the_story_deserves(story: tuple[str, ...]) -> None:
    for told in orders_of_arrival(story):
        shop = make_shop()
        stock_of(shop, 5)
        stock_of(shop, 5, "SKU-2")
        for event in told:
            tell(shop, event)
        assert numbers(shop) == STORIES[story], (SEED, " -> ".join(told))
        assert numbers(shop, "SKU-2") == (5, 0, int("exchange" in story)), (SEED, " -> ".join(told))
        assert engine.audit(shop.pk) == []
        assert not Shortfall.objects.filter(shop=shop, quantity__gt=0).exists()


@pytest.mark.timeout(120 + 3 * MOST_ORDERS)
@pytest.mark.parametrize("story", STORIES, ids=", ".join)
def test_a_story_told_twice_over_is_the_same_story(story: tuple[str, ...]) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    for event in (*story, *reversed(story)):
        tell(shop, event)
    assert numbers(shop) == STORIES[story]
