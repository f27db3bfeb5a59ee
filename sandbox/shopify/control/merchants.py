"""What merchants do: install, change products, count stock, uninstall, ask for data."""

from typing import Any

from sandbox.shopify import payloads, trade
from sandbox.shopify.control.shopify_panel import panel, store_of, store_order, variant_of
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.store import Store
from sandbox.stand_in.order_fields import no_content, order, refuse, update
from sandbox.web import Request, Response, json_response

COMPLIANCE = ("customers/data_request", "customers/redact", "shop/redact")


@panel("POST", "stores")
def add_store(shopify: Shopify, request: Request) -> Response:
    """Add a store: shop. A store that exists is installed again."""
    domain = str(order(request).get("shop", ""))
    if not domain.endswith(".myshopify.com"):
        raise refuse("shop must be a myshopify.com domain")
    with shopify.lock:
        store = shopify.stores.get(domain) or shopify.add_store(domain)
        store.installed = True
    return json_response(201, {"shop": domain, "id": store.number, "location_id": store.location.number})


@panel("POST", "uninstall")
def uninstall(shopify: Shopify, request: Request) -> Response:
    """The merchant uninstalls the app: its tokens die first, app/uninstalled comes after."""
    with shopify.lock:
        store = store_of(shopify, order(request))
        store.installed = False
        shopify.tokens.revoke(store.domain)
        shopify.webhooks.send(store, "app/uninstalled", payloads.shop(store))
    return no_content()


@panel("POST", "products")
def add_products(shopify: Shopify, request: Request) -> Response:
    """Add products: {products: [{title, variants: [{sku, quantity, tracked, price, ...}]}]}; their ids back.

    products/create for each, unless `quietly`: a webhook may get lost.
    """
    with store_order(shopify, request) as (body, store):
        try:
            made = [
                store.add_product(str(row.get("title", "Produto")), row.get("variants", [{}]))
                for row in body.get("products", [])
            ]
        except TypeError as error:
            raise refuse(str(error)) from None
        for product in made if not body.get("quietly") else ():
            shopify.webhooks.send(store, "products/create", payloads.product(product))
    variants = [[variant.number for variant in product.items] for product in made]
    return json_response(201, {"ids": [product.number for product in made], "variant_ids": variants})


@panel("POST", "variants/change")
def change_variant(shopify: Shopify, request: Request) -> Response:
    """Change a variant (variant_id or sku): new_sku, tracked, price, inventory_policy; products/update and more."""
    with store_order(shopify, request) as (body, store):
        variant = variant_of(store, body)
        item = variant.inventory_item
        body.pop("variant_id", None), body.pop("sku", None)
        item.sku = body.pop("new_sku", item.sku)
        item.tracked = body.pop("tracked", item.tracked)
        update(variant, body)
        store.touch(item, variant, variant.product)
        shopify.webhooks.send(store, "inventory_items/update", payloads.item(item))
        shopify.webhooks.send(store, "products/update", payloads.product(variant.product))
    return no_content()


@panel("POST", "variants/share")
def share_item(shopify: Shopify, request: Request) -> Response:
    """Let the variant `variant_id` share the inventory item of the variant `with_id`."""
    with store_order(shopify, request) as (body, store):
        variant, other = variant_of(store, body), variant_of(store, {"variant_id": body.get("with_id")})
        variant.inventory_item.owners.remove(variant)
        variant.inventory_item = other.inventory_item
        other.inventory_item.owners.append(variant)
    return no_content()


@panel("POST", "inventory")
def count_stock(shopify: Shopify, request: Request) -> Response:
    """The merchant sets `available` of a variant (sku or variant_id) in Shopify's admin: inventory_levels/update."""
    with store_order(shopify, request) as (body, store):
        level = store.activate(variant_of(store, body).inventory_item, store.location)
        trade.correct(shopify, store, level, int(body.get("available", 0)))
    return no_content()


@panel("POST", "locations")
def add_location(shopify: Shopify, request: Request) -> Response:
    """Add a location: name."""
    body = order(request)
    with shopify.lock:
        location = store_of(shopify, body).add_location(str(body.get("name", "Depósito")))
    return json_response(201, {"id": location.number, "gid": location.id})


@panel("POST", "compliance")
def compliance(shopify: Shopify, request: Request) -> Response:
    """A compliance webhook: topic, customer, orders."""
    body = order(request)
    store, topic = store_of(shopify, body), body.get("topic")
    if topic not in COMPLIANCE:
        raise refuse(f"topic is one of {', '.join(COMPLIANCE)}")
    shopify.webhooks.send(store, topic, _compliance(store, topic, body))
    return no_content()


def _compliance(store: Store, topic: str, body: dict[str, Any]) -> dict[str, Any]:
    shop = {"shop_id": store.number, "shop_domain": store.domain}
    customer = body.get("customer", {"id": 1, "email": "ana@exemplo.com.br", "phone": ""})
    orders = body.get("orders", [])
    return {
        "customers/data_request": shop
        | {"customer": customer, "orders_requested": orders, "data_request": {"id": next(store.ids)}},
        "customers/redact": shop | {"customer": customer, "orders_to_redact": orders},
        "shop/redact": shop,
    }[topic]
