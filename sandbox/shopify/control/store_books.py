"""The books: what really is, whatever the answers said."""

from dataclasses import asdict
from typing import Any

from sandbox.shopify.control.shopify_panel import panel, store_asked
from sandbox.shopify.entities import Variant
from sandbox.shopify.shopify import Shopify
from sandbox.web import Request, Response, json_response


@panel("GET", "stores")
def stores(shopify: Shopify, request: Request) -> Response:
    """The stores and whether the app is installed."""
    found = [{"shop": s.domain, "installed": s.installed, "id": s.number} for s in shopify.stores.values()]
    return json_response(200, {"stores": found})


@panel("GET", "variants")
def variants(shopify: Shopify, request: Request) -> Response:
    """Every variant with its ids and its units by location and state."""
    with shopify.lock:
        found = [_variant(known) for known in store_asked(shopify, request).variants.values()]
    return json_response(200, {"variants": found})


@panel("GET", "writes")
def writes(shopify: Shopify, request: Request) -> Response:
    """Every number of available units that an app wrote, beside what the store's own trade left at that moment."""
    with shopify.lock:
        found = [asdict(known) for known in store_asked(shopify, request).writes]
    return json_response(200, {"writes": found})


@panel("GET", "metafields")
def metafields(shopify: Shopify, request: Request) -> Response:
    """Every metafield."""
    with shopify.lock:
        found = [
            {"owner": m.owner, "namespace": m.namespace, "key": m.key, "type": m.type, "value": m.value}
            for m in store_asked(shopify, request).metafields.values()
        ]
    return json_response(200, {"metafields": found})


@panel("GET", "validations")
def validations(shopify: Shopify, request: Request) -> Response:
    """Every validation."""
    with shopify.lock:
        found = [
            {"id": v.id, "title": v.title, "enabled": v.enabled, "function": v.shopify_function.handle}
            for v in store_asked(shopify, request).validations.values()
        ]
    return json_response(200, {"validations": found})


@panel("GET", "tokens")
def tokens(shopify: Shopify, request: Request) -> Response:
    """Every token given out, in order."""
    return json_response(200, {"tokens": [asdict(issue) for issue in shopify.tokens.issued]})


def _variant(found: Variant) -> dict[str, Any]:
    item = found.inventory_item
    return {
        "variant_id": found.number,
        "sku": found.sku,
        "title": found.product.title,
        "price": found.price,
        "product_id": found.product.number,
        "inventory_item_id": item.number,
        "levels": {str(number): level.units for number, level in item.levels.items()},
    }
