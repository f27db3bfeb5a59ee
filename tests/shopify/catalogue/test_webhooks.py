"""Links follow what Shopify tells of products and inventory items, the newest word first."""

from typing import Any

import pytest

from reservations.models import Shop, SkuLink
from tests.factories import make_shop
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import moment

pytestmark = pytest.mark.django_db(transaction=True)

PRODUCT, SHIRT, HAT = 788032119674292922, 642667041472713922, 757650484644203962


def product(skus: dict[int, str], *, second: int = 0, **others: Any) -> dict[str, Any]:
    """A product whose variants carry these SKUs."""
    variants = [
        {"id": variant, "sku": sku, "inventory_item_id": variant + 1, "inventory_policy": "deny"}
        for variant, sku in skus.items()
    ]
    return {"id": PRODUCT, "updated_at": moment(second), "variants": variants, **others}


def linked(shop: Shop) -> dict[int, str]:
    return dict(SkuLink.objects.filter(shop=shop).values_list("variant_id", "sku"))


def test_a_products_variants_are_linked_by_their_skus() -> None:
    shop = make_shop()
    deliver(shop, "products/update", product({SHIRT: "A", HAT: "B"}))
    assert linked(shop) == {SHIRT: "A", HAT: "B"}
    deliver(shop, "products/update", product({SHIRT: "A2"}, second=5))
    assert linked(shop) == {SHIRT: "A2"}


def test_an_older_word_of_a_product_never_wins() -> None:
    shop = make_shop()
    deliver(shop, "products/update", product({SHIRT: "NEW"}, second=5))
    assert deliver(shop, "products/update", product({SHIRT: "OLD"}, second=1)).status == "ignored"
    assert linked(shop) == {SHIRT: "NEW"}


@pytest.mark.parametrize("variants", [None, []])
def test_a_product_of_whose_variants_nothing_is_said_keeps_its_links(variants: list[Any] | None) -> None:
    shop = make_shop()
    deliver(shop, "products/update", product({SHIRT: "A"}))
    told = product({}, second=5) | {"variants": variants}
    assert deliver(shop, "products/update", told).status == "ignored"
    silent = {name: value for name, value in told.items() if name != "variants"}
    assert deliver(shop, "products/update", silent).status == "ignored"
    assert linked(shop) == {SHIRT: "A"}


def test_a_product_too_large_for_its_webhook_is_let_alone_where_the_app_is_not_installed() -> None:
    shop = make_shop()
    deliver(shop, "products/update", product({SHIRT: "A", HAT: "B"}))
    gids = [{"admin_graphql_api_id": f"gid://shopify/ProductVariant/{variant}"} for variant in (SHIRT, HAT)]
    cut_short = product({SHIRT: "A"}, second=5, variant_gids=gids)
    assert deliver(shop, "products/update", cut_short).status == "ignored"
    assert linked(shop) == {SHIRT: "A", HAT: "B"}


def test_a_variant_that_is_told_twice_is_linked_once() -> None:
    shop = make_shop()
    told = product({SHIRT: "A"})
    twice = told | {"variants": [*told["variants"], told["variants"][0] | {"sku": "B"}]}
    assert deliver(shop, "products/update", twice).status == "applied"
    assert linked(shop) == {SHIRT: "B"}


def test_an_inventory_item_gives_its_variant_a_new_sku() -> None:
    shop = make_shop()
    deliver(shop, "products/update", product({SHIRT: "A"}))
    item = {"id": SHIRT + 1, "sku": "A2", "tracked": True}
    deliver(shop, "inventory_items/update", item | {"updated_at": moment(5)})
    assert linked(shop) == {SHIRT: "A2"}
    assert deliver(shop, "inventory_items/update", item | {"sku": "A", "updated_at": moment(1)}).status == "ignored"
    assert linked(shop) == {SHIRT: "A2"}


def test_a_product_that_is_new_is_linked_and_one_that_is_gone_is_not() -> None:
    shop = make_shop()
    deliver(shop, "products/create", product({SHIRT: "A", HAT: "B"}))
    assert linked(shop) == {SHIRT: "A", HAT: "B"}
    assert deliver(shop, "products/delete", {"id": PRODUCT + 1}).status == "ignored"
    assert deliver(shop, "products/delete", {"id": PRODUCT}).status == "applied"
    assert linked(shop) == {}


def test_late_word_of_a_deletion_forgets_nothing_that_was_seen_since() -> None:
    shop = make_shop()
    deliver(shop, "products/create", product({SHIRT: "A"}, second=5))
    SkuLink.objects.update(synced_at="2099-01-01T00:00:00Z")
    assert deliver(shop, "products/delete", {"id": PRODUCT}).status == "ignored"
    assert linked(shop) == {SHIRT: "A"}
