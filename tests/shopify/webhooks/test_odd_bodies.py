"""Signed and odd: whatever a body holds, we keep it, park it at worst, and it holds up nothing that comes after it.

WEBHOOK_FUZZ=5000 tries that many.
"""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from django.db.models.functions import Now
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from reservations import engine
from reservations.models import Shop, SkuLink, WebhookDelivery
from reservations.shopify.webhooks.kept_members import SPECS
from tests.factories import item, make_shop, stock_of
from tests.shopify.webhooks.deliveries import deliver, process, send
from tests.shopify.webhooks.payloads import (
    CART,
    ORDER,
    VARIANT,
    cart_payload,
    edit_payload,
    order_payload,
    refund_payload,
)

EXAMPLES = int(os.environ.get("WEBHOOK_FUZZ", "40"))

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600 + 2 * EXAMPLES)]

UNITS = 5
MOST_TRIES = 5
PRODUCT = {
    "id": 1,
    "updated_at": "2026-11-24T10:00:00-03:00",
    "variants": [{"id": VARIANT, "sku": "SKU-1", "inventory_item_id": 3, "inventory_policy": "deny"}],
    "variant_gids": [{"admin_graphql_api_id": f"gid://shopify/ProductVariant/{VARIANT}"}],
}
CANCELLED = order_payload(quantity=2, cancelled=True, refunds=[refund_payload(quantity=2, restock="cancel")])
OF_RETURN = {"id": 11, "order": {"id": ORDER, "admin_graphql_api_id": f"gid://shopify/Order/{ORDER}"}}
WELL_FORMED: Mapping[str, Mapping[str, Any]] = {
    "carts/create": cart_payload(quantity=2, hold="3b241101-e2bb-4255-8caf-4136c566a962"),
    "carts/update": cart_payload(quantity=1),
    "orders/create": order_payload(quantity=2),
    "orders/paid": order_payload(quantity=2, second=1),
    "orders/updated": order_payload(quantity=2, second=2),
    "orders/cancelled": CANCELLED,
    "orders/edited": edit_payload(7, added=1),
    "refunds/create": refund_payload(quantity=1, restock="return"),
    "returns/cancel": OF_RETURN,
    "returns/process": OF_RETURN,
    "returns/update": OF_RETURN,
    "reverse_fulfillment_orders/dispose": OF_RETURN,
    "products/create": PRODUCT,
    "products/update": PRODUCT,
    "products/delete": {"id": 1},
    "inventory_items/update": {"id": 3, "sku": "SKU-1", "tracked": True, "updated_at": "2026-11-24T10:00:00-03:00"},
    "inventory_levels/update": {
        "inventory_item_id": 3,
        "location_id": 4,
        "available": 5,
        "updated_at": "2026-11-24T10:00:00-03:00",
    },
    "app/scopes_update": {"current": ["read_orders"], "updated_at": "2026-11-24T10:00:00-03:00"},
    "customers/data_request": {"shop_id": 1, "orders_requested": [ORDER], "data_request": {"id": 9}},
    "customers/redact": {"shop_id": 1, "orders_to_redact": [ORDER]},
}
# These two end everything of the shop, and have tests of their own.
ENDINGS = {"app/uninstalled", "shop/redact"}

NUMBERS = st.sampled_from([0, -1, 1, 2**31, 2**63 - 1, 2**63, 10**19 - 1, 10**400, 1.5, 1e308, -0.0, 999_999])
TEXTS = st.sampled_from(
    ["", " ", "1", "-1", "1e9", "\0", "😀" * 300, "null", "٣", "9" * 400, "x" * 70_000, "9999-12-31T23:59:59-23:59"]
)
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, st.text(max_size=20), st.just("0001-01-01T00:00:00+23:59"))
ODD = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)


def mutated(chance: st.DataObject, value: Any) -> Any:
    """The value with, somewhere in it, something odd, missing or twice."""
    fate = chance.draw(st.sampled_from(["odd", "inside", "inside", "inside", "drop", "twice"]))
    if isinstance(value, dict) and value and fate != "odd":
        name = chance.draw(st.sampled_from(sorted(value)))
        if fate == "drop":
            return {known: inner for known, inner in value.items() if known != name}
        return value | {name: mutated(chance, value[name])}
    if isinstance(value, list) and value and fate != "odd":
        return [*value, value[0]] if fate == "twice" else [mutated(chance, value[0]), *value[1:]]
    return chance.draw(ODD)


def body_of(chance: st.DataObject, topic: str) -> bytes:
    odd: Any = dict(WELL_FORMED[topic])
    for _ in range(chance.draw(st.integers(1, 3))):
        odd = mutated(chance, odd)
    # Not our own encoder: it refuses what others send.
    return json.dumps(odd).encode()


def busy_shop() -> Shop:
    shop = make_shop()
    stock_of(shop, UNITS)
    SkuLink.objects.create(
        shop=shop, variant_id=VARIANT, product_id=1, inventory_item_id=3, sku="SKU-1", synced_at="2020-01-01T00:00Z"
    )
    return shop


def is_sound(shop: Shop) -> bool:
    """No unit was counted, invented or promised twice."""
    row = item(shop)
    assert engine.audit(shop.pk) == []
    assert row.on_hand == UNITS
    assert row.reserved >= 0
    assert row.in_flight >= 0
    return row.reserved + row.in_flight <= UNITS


def status_of(shop: Shop, topic: str, body: bytes | dict[str, Any]) -> str:
    """How a delivery ends. A busy database may ask for another try, which says nothing about the body."""
    assert send(shop, topic, body).status_code == 200
    row = WebhookDelivery.objects.filter(shop=shop).latest("pk")
    for _ in range(MOST_TRIES):
        process(shop)
        row.refresh_from_db()
        if row.status != "pending":
            break
        WebhookDelivery.objects.filter(shop=shop, pk=row.pk).update(next_attempt_at=Now())
    return row.status


def test_every_topic_is_tried() -> None:
    assert WELL_FORMED.keys() | ENDINGS == SPECS.keys()


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES < 100)
@given(topic=st.sampled_from(sorted(WELL_FORMED)), chance=st.data())
def test_an_odd_body_is_parked_at_worst_and_holds_nothing_up(topic: str, chance: st.DataObject) -> None:
    shop = busy_shop()
    body = body_of(chance, topic)
    note(f"{topic} {body[:2_000]!r}")
    assert status_of(shop, topic, body) in {"applied", "ignored", "parked"}
    assert is_sound(shop)
    # The same cart and the same order, now whole.
    for later, payload in (
        ("carts/update", cart_payload(quantity=1, second=30)),
        ("orders/create", order_payload(quantity=1, second=31)),
        ("orders/paid", order_payload(quantity=1, second=32)),
        ("refunds/create", refund_payload(quantity=1, restock="return", refund_id=555)),
    ):
        assert status_of(shop, later, payload) in {"applied", "ignored"}
    assert is_sound(shop)


LINES: Sequence[tuple[dict[str, Any], int]] = [
    ({"sku": None, "variant_id": None}, 0),
    ({"sku": "", "variant_id": 0}, 0),
    ({"sku": None, "variant_id": VARIANT}, 2),
    ({"sku": "NOT OURS"}, 0),
    ({"quantity": 0, "current_quantity": 0}, 0),
    # Taken out of the order again, though nobody says how.
    ({"current_quantity": 0}, 0),
    ({"current_quantity": None}, 2),
    ({"fulfillable_quantity": 0}, 2),
    ({"fulfillable_quantity": -3}, 2),
    ({"properties": None}, 2),
    ({"properties": [{"name": "_bazico_hold", "value": {"a": 1}}]}, 2),
]


def test_a_line_without_what_others_have_sells_what_it_says_and_no_more() -> None:
    for change, sold in LINES:
        shop = busy_shop()
        line = {"id": 11, "variant_id": 1, "sku": "SKU-1", "quantity": 2, "current_quantity": 2} | change
        assert deliver(shop, "orders/create", order_payload(lines=[line])).status in {"applied", "ignored"}
        assert (change, item(shop).in_flight) == (change, sold)
        assert is_sound(shop)


def test_a_quantity_that_is_none_parks_its_delivery_and_moves_nothing() -> None:
    shop = busy_shop()
    for quantity in (-1, "2", 1.5, 10**9, True, [2]):
        line = {"id": 11, "variant_id": 1, "sku": "SKU-1", "quantity": quantity}
        parked = deliver(shop, "orders/create", order_payload(lines=[line]))
        assert (parked.status, item(shop).in_flight) == ("parked", 0)
        assert "units" in parked.error


def test_a_cart_of_a_strange_token_holds_like_any_other() -> None:
    shop = busy_shop()
    for token in ("x" * 5_000, "ção 😀", CART + "?key=secret"):
        assert deliver(shop, "carts/update", cart_payload(token=token, second=1)).status == "applied"
    assert is_sound(shop)
