"""A shop whose variants are known to Shopify and to us, and what its checkout would read."""

from datetime import timedelta
from typing import Any

import orjson
from django.db.models.functions import Now

from reservations.models import Shop, ShopifyInstallation, VariantGuard
from reservations.shopify.catalogue import walk
from reservations.shopify.guard.metafield_write import write_due_guards
from sandbox.shopify import RunningStandIn
from tests.factories import stock_of
from tests.shopify.stores import installed_shop


def shop_with(shopify: RunningStandIn, *skus: str, **settings: object) -> Shop:
    """An installed shop with one linked variant for each SKU; none is in stock yet."""
    shop = installed_shop(shopify, **settings)
    variants = [{"sku": sku, "quantity": 0} for sku in skus]
    shopify.control.post("products", shop=shop.domain, products=[{"title": "Camiseta", "variants": variants}])
    walk.to_the_end(shop.pk)
    return shop


def scarce_shop(shopify: RunningStandIn, units: int = 1, sku: str = "SKU-1", **settings: object) -> Shop:
    """An installed shop with one linked SKU of which there are so many units."""
    shop = shop_with(shopify, sku, **settings)
    stock_of(shop, units, sku)
    return shop


def guards(shopify: RunningStandIn, shop: Shop) -> dict[str, Any]:
    """The guards that the checkout reads, by SKU, of those that have one."""
    skus = {
        f"gid://shopify/ProductVariant/{row['variant_id']}": row["sku"]
        for row in shopify.control.get(f"variants?shop={shop.domain}")["variants"]
    }
    rows = shopify.control.get(f"metafields?shop={shop.domain}")["metafields"]
    assert all(row["key"] == "stock_guard" and row["type"] == "json" for row in rows)
    return {skus[row["owner"]]: orjson.loads(row["value"]) for row in rows}


def write(shop: Shop) -> int:
    """Write the guards, as if the second between two writes of a variant were over."""
    long_ago = Now() - timedelta(hours=1)
    ShopifyInstallation.objects.filter(shop=shop).update(installed_at=long_ago - timedelta(days=1))
    VariantGuard.objects.filter(shop=shop, written_at__isnull=False).update(written_at=long_ago)
    VariantGuard.objects.filter(shop=shop).update(retry_at=None)
    return write_due_guards(shop.pk)
