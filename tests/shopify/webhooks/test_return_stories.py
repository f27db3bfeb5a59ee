"""Stories of a return: a unit of it counts once, whoever says so first, its return or its refund.

The shop has 5 units of SKU-1 and sold 2 of them to an order; one of those comes back.
"""

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

import pytest

from reservations import engine
from reservations.models import Shop
from reservations.shopify.catalogue.line_skus import ShopifyLine
from reservations.shopify.orders import order_facts
from reservations.shopify.orders.order_news import News, Snapshot
from reservations.shopify.webhooks.headers import moment as parsed
from tests.factories import make_shop, numbers, stock_of
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import LINE, ORDER, moment, order_payload, refund_payload

pytestmark = pytest.mark.django_db(transaction=True)

RETURN = "77"
PAID_BACK = refund_payload(quantity=1, restock="return", refund_id=96) | {"return": {"id": int(RETURN)}}
NOT_BACK = refund_payload(quantity=1, restock="no_restock", refund_id=96) | {"return": {"id": int(RETURN)}}


def asked(second: int, *, processed: int, restocked: Sequence[tuple[int, int]] = (), removed: int = 1) -> News:
    """The order as Shopify answers for it, with its return."""
    line = ShopifyLine(str(LINE), "1", "SKU-1", 2, 2 - removed, None)
    lines = {str(LINE): {"processed": processed, "restocked": [[moment(at), units] for at, units in restocked]}}
    return News(
        str(ORDER),
        snapshot=Snapshot([line], parsed(moment(second)), asked_for=True),
        returns={RETURN: {"refunds": [], "lines": lines}},
    )


EVENTS: Mapping[str, tuple[str, dict[str, Any]] | News] = {
    "create": ("orders/create", order_payload(quantity=2)),
    "opened": asked(2, processed=0, removed=0),
    "processed, and not on the shelf": asked(5, processed=1),
    "on the shelf": asked(6, processed=1, restocked=[(6, 1)]),
    "refund, on the shelf": ("refunds/create", PAID_BACK),
    "refund, not on the shelf": ("refunds/create", NOT_BACK),
}
# What is in flight at the end.
STORIES: Mapping[tuple[str, ...], int] = {
    ("create", "opened"): 2,
    ("create", "opened", "processed, and not on the shelf"): 2,
    ("create", "processed, and not on the shelf", "refund, not on the shelf"): 2,
    ("create", "opened", "processed, and not on the shelf", "on the shelf"): 1,
    ("create", "processed, and not on the shelf", "on the shelf", "refund, on the shelf"): 1,
    ("create", "on the shelf", "refund, not on the shelf"): 1,
    ("create", "opened", "refund, on the shelf"): 1,
}


def tell(shop: Shop, event: str) -> None:
    told = EVENTS[event]
    if isinstance(told, News):
        order_facts.learn(shop, told)
    else:
        assert deliver(shop, *told).status in ("applied", "ignored")


@pytest.mark.parametrize("story", STORIES, ids=", ".join)
def test_a_unit_of_a_return_counts_once_in_every_order_of_arrival(story: tuple[str, ...]) -> None:
    for told in permutations(story):
        shop = make_shop()
        stock_of(shop, 5)
        for event in (*told, *story):
            tell(shop, event)
        assert numbers(shop) == (5, 0, STORIES[story]), " -> ".join(told)
        assert engine.audit(shop.pk) == []
