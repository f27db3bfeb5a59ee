"""A shop whose variants are known to Shopify and to us, and what its checkout would read."""

from datetime import timedelta
from typing import Any

import orjson
from django.db.models.functions import Now

from reservations.models import Shop, ShopifyInstallation, VariantGuard
from reservations.shopify.catalogue import walk
from reservations.shopify.guard.metafield_write import write_due_guards
from reservations.shopify.guard.validation import ensure_validation
from sandbox.shopify import RunningStandIn
from tests.factories import stock_of
from tests.shopify.stores import installed_shop


def shop_with(shopify: RunningStandIn, *skus: str, **settings: object) -> Shop:
    """An installed shop with its validation and one linked variant for each SKU; none is in stock yet."""
    shop = installed_shop(shopify, **settings)
    variants = [{"sku": sku, "quantity": 0} for sku in skus]
    shopify.control.post("products", shop=shop.domain, products=[{"title": "Camiseta", "variants": variants}])
    walk.to_the_end(shop.pk)
    ensure_validation(shop.pk)
    return shop


def scarce_shop(shopify: RunningStandIn, units: int = 1, sku: str = "SKU-1", **settings: object) -> Shop:
    """An installed shop with one linked SKU of which there are so many units."""
    shop = shop_with(shopify, sku, **settings)
    stock_of(shop, units, sku)
    return shop


def guards(shopify: RunningStandIn, shop: Shop) -> dict[str, Any]:
    """What the checkout reads of each SKU that has a guard: free units, and those of each hold by its id's end."""
    skus = {
        f"gid://shopify/ProductVariant/{row['variant_id']}": row["sku"]
        for row in shopify.control.get(f"variants?shop={shop.domain}")["variants"]
    }
    rows = shopify.control.get(f"metafields?shop={shop.domain}")["metafields"]
    assert all(row["type"] == "json" for row in rows)
    table = [orjson.loads(row["value"]) for row in rows if row["key"].startswith("living_holds_")]
    told = {skus[row["owner"]]: orjson.loads(row["value"]) for row in rows if row["key"] == "stock_guard"}
    return {
        sku: read(value, "".join(records for page in table for records in page.values())) for sku, value in told.items()
    }


def read(value: str, table: str = "") -> dict[str, Any]:
    """A variant's value and the table's records, read once more in Python."""
    facts, _, _ = value.partition("~")
    key, free, held = facts[:5], facts[5], facts[6]
    hold_id = facts[7:19] if number(held) > 0 else ""
    if held == "+":
        living = [table[at : at + 18] for at in range(0, len(table), 18)]
        holds = {one[:12]: number(one[17]) for one in living if one[12:17] == key}
    else:
        holds = {hold_id: number(held)} if hold_id else {}
        assert bool(holds) == (number(held) > 0)
    return {"free": number(free), "holds": holds}


def number(character: str) -> int:
    """The number that a character stands for."""
    return ord(character) - ord("0")


def short(reservation_id: object) -> str:
    """As much of a hold's id as the checkout is told."""
    return str(reservation_id)[-12:]


def write(shop: Shop) -> int:
    """Write the guards, as if the second between two writes of a variant were over."""
    long_ago = Now() - timedelta(hours=1)
    ShopifyInstallation.objects.filter(shop=shop).update(installed_at=long_ago - timedelta(days=1))
    VariantGuard.objects.filter(shop=shop, written_at__isnull=False).update(written_at=long_ago)
    VariantGuard.objects.filter(shop=shop).update(retry_at=None)
    return write_due_guards(shop.pk)
