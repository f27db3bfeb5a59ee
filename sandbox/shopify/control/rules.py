"""How Shopify treats a store: its rules and the scopes that the merchant grants."""

from dataclasses import asdict

from sandbox.shopify import payloads
from sandbox.shopify.control.shopify_panel import panel, store_order
from sandbox.shopify.entities import stamp
from sandbox.shopify.shopify import Shopify
from sandbox.stand_in.order_fields import no_content, update
from sandbox.web import Request, Response, json_response


@panel("POST", "rules")
def set_rules(shopify: Shopify, request: Request) -> Response:
    """Set how Shopify treats a store: charge, bucket_points, restore_points, functions, inventory_webhooks, ..."""
    with store_order(shopify, request) as (body, store):
        update(store.rules, body)
    return json_response(200, asdict(store.rules))


@panel("POST", "scopes")
def set_scopes(shopify: Shopify, request: Request) -> Response:
    """The merchant grants other `scopes`: app/scopes_update."""
    with store_order(shopify, request) as (body, store):
        previous, store.rules.scopes = store.rules.scopes, list(body.get("scopes", []))
        shopify.webhooks.send(store, "app/scopes_update", payloads.scopes(store, previous, stamp(store.now()) or ""))
    return no_content()
