"""We ask Shopify for members that exist, we keep what we ask for, and a member that is absent is no value."""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from reservations.models import Shop, SkuLink
from reservations.shopify.webhooks.kept_members import SPECS
from sandbox.shopify import RunningStandIn, payloads
from tests.factories import link, make_shop, numbers, stock_of
from tests.shopify.stores import installed_shop
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import LINE, VARIANT, moment

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
TOML = tomllib.loads((Path(__file__).parents[3] / "shopify.app.toml").read_text("utf-8"))
ASKED = {
    topic: set(one["include_fields"])
    for one in TOML["webhooks"]["subscriptions"]
    if "include_fields" in one
    for topic in one["topics"]
}
# So that payloads that say the same otherwise are not dropped as repetitions; nothing reads them.
TELLS_APART = {"refund_line_items.id"}
# The cart's name has come under either member; `return` came with returns.
EITHER = {"id", "token", "return.id"}


def paths(spec: Any, before: str = "") -> Iterator[str]:
    """The members of a kept payload by their dotted paths, lists left out."""
    inner = spec[0] if isinstance(spec, list) else spec
    if not isinstance(inner, dict):
        yield before
        return
    for name, below in inner.items():
        yield from paths(below, f"{before}.{name}" if before else name)


def covers(asked: str, path: str) -> bool:
    """Whether a field that is asked for brings this member."""
    return path == asked or path.startswith(f"{asked}.")


def has(payload: Any, path: str) -> bool:
    """Whether a payload has the member; an empty list or null has whatever might be in it."""
    name, _, rest = path.partition(".")
    if isinstance(payload, list):
        return all(has(row, path) for row in payload)
    if payload is None or not name:
        return True
    return name in payload and (not rest or has(payload[name], rest))


@pytest.mark.parametrize("topic", ASKED)
def test_what_a_handler_reads_is_asked_for_and_nothing_else(topic: str) -> None:
    kept = set(paths(SPECS[topic]))
    assert {path for path in kept if not any(covers(asked, path) for asked in ASKED[topic])} == set()
    assert {asked for asked in ASKED[topic] - TELLS_APART if not any(covers(asked, path) for path in kept)} == set()


@pytest.mark.parametrize(
    "topic", ["products/create", "products/update", "orders/create", "orders/paid", "carts/update"]
)
def test_what_is_asked_for_exists_in_the_payloads_of_the_pinned_version(shopify: RunningStandIn, topic: str) -> None:
    shop = installed_shop(shopify)
    store = shopify.shopify.stores[shop.domain]
    made = {"title": "Camiseta", "variants": [{"sku": "SKU-1", "quantity": 5}]}
    shopify.control.post("products", shop=shop.domain, products=[made])
    (product,) = store.products.values()
    shopify.control.post("orders", shop=shop.domain, lines=[{"sku": "SKU-1", "quantity": 2}])
    (order,) = store.orders.values()
    lines = [{"variant": product.items[0], "quantity": 1, "properties": {"a": "b"}}]
    told = {
        "products": payloads.product(product),
        "orders": payloads.order(order),
        "carts": payloads.cart(store, "token", lines, moment(0), moment(1)),
    }[topic.partition("/")[0]]
    assert {path for path in ASKED[topic] - EITHER if not has(told, path)} == set()


ORDER_BODY: dict[str, Any] = {
    "id": 1,
    "name": "#1",
    "financial_status": "paid",
    "created_at": moment(0),
    "processed_at": moment(0),
    "updated_at": moment(1),
    "line_items": [
        {"id": LINE, "variant_id": VARIANT, "sku": "SKU-1", "quantity": 3, "current_quantity": 3, "price": "9.90"}
    ],
    "refunds": [],
}
PRODUCT_BODY: dict[str, Any] = {
    "id": 7,
    "updated_at": moment(1),
    "variants": [{"id": VARIANT, "sku": "SKU-1", "inventory_item_id": 9, "inventory_policy": "continue"}],
}
ITEM_BODY: dict[str, Any] = {"id": 9, "sku": "SKU-1", "tracked": False, "updated_at": moment(1)}


def without(body: dict[str, Any], path: str) -> dict[str, Any]:
    """The body a moment later, without one member."""
    told = deepcopy(body) | {"updated_at": moment(9)}
    place, _, name = path.rpartition(".")
    (told[place][0] if place else told).pop(name)
    return told


def members(body: dict[str, Any], of_list: str = "") -> list[str]:
    """Every member of a body, and of the first element of its list."""
    own = list(body)
    return [*own, *(f"{of_list}.{name}" for name in body[of_list][0])] if of_list else own


def known(shop: Shop) -> list[tuple[object, ...]]:
    """What is known of the variants."""
    names = ("sku", "inventory_item_id", "tracked", "continues_selling")
    return list(SkuLink.objects.filter(shop=shop).values_list(*names))


@pytest.mark.parametrize("path", members(ORDER_BODY, "line_items"))
def test_an_order_that_leaves_a_member_out_moves_nothing_by_that(path: str) -> None:
    shop = make_shop()
    stock_of(shop, 10)
    link(shop, VARIANT)
    deliver(shop, "orders/paid", ORDER_BODY)
    deliver(shop, "orders/create", without(ORDER_BODY, path))
    assert numbers(shop) == (10, 0, 3)


@pytest.mark.parametrize(
    ("topic", "path"),
    [
        *(("products/update", path) for path in members(PRODUCT_BODY, "variants")),
        *(("inventory_items/update", path) for path in members(ITEM_BODY)),
    ],
)
def test_a_product_or_an_item_that_leaves_a_member_out_changes_nothing_of_it(topic: str, path: str) -> None:
    shop = make_shop()
    deliver(shop, "products/create", PRODUCT_BODY)
    deliver(shop, "inventory_items/update", ITEM_BODY)
    before = known(shop)
    deliver(shop, topic, without(PRODUCT_BODY if topic.startswith("products") else ITEM_BODY, path))
    assert known(shop) == before == [("SKU-1", 9, False, True)]
