"""How the stand-in behaves: faults, clock, and each store's treatment."""

from dataclasses import asdict

from sandbox.shopify import payloads
from sandbox.shopify.control.shopify_panel import order, routes, store_of
from sandbox.shopify.entities import stamp
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.shopify_faults import MISBEHAVIOUR
from sandbox.stand_in.order_fields import no_content, refuse
from sandbox.web import Fault, Request, Response, build, json_response, update


@routes("POST", "faults")
def add_fault(shopify: Shopify, request: Request) -> Response:
    """Misbehave: kind, on (a prefix, or "re:inventorySet"), times, skip, probability, seconds, account (the shop)."""
    fault = build(Fault, order(request))
    if fault.kind not in MISBEHAVIOUR:
        raise refuse(f"unknown kind: {fault.kind}; known: {', '.join(sorted(MISBEHAVIOUR))}")
    shopify.faults.add(fault)
    return json_response(201, asdict(fault))


@routes("GET", "faults")
def faults(shopify: Shopify, request: Request) -> Response:
    """The misbehaviours asked for, with how often each has hit; and the kinds that there are."""
    return json_response(200, {"faults": [asdict(f) for f in shopify.faults.listed()], "kinds": sorted(MISBEHAVIOUR)})


@routes("POST", "faults/clear")
def clear_faults(shopify: Shopify, request: Request) -> Response:
    """Behave again. With `seed`, begin the sequence of chances anew."""
    shopify.faults.clear()
    shopify.faults.seed(order(request).get("seed", 0))
    return no_content()


@routes("POST", "rules")
def set_rules(shopify: Shopify, request: Request) -> Response:
    """Set how a store is treated: charge, bucket_points, restore_points, functions, inventory_webhooks, ..."""
    body = order(request)
    with shopify.lock:
        store = store_of(shopify, body)
        update(store.rules, body)
    return json_response(200, asdict(store.rules))


@routes("POST", "scopes")
def set_scopes(shopify: Shopify, request: Request) -> Response:
    """The merchant grants other `scopes`: app/scopes_update."""
    body = order(request)
    with shopify.lock:
        store = store_of(shopify, body)
        previous, store.rules.scopes = store.rules.scopes, list(body.get("scopes", []))
        shopify.webhooks.send(store, "app/scopes_update", payloads.scopes(store, previous, stamp(store.now()) or ""))
    return no_content()


@routes("POST", "clock")
def skip_time(shopify: Shopify, request: Request) -> Response:
    """Move the clock forward by `seconds`: tokens grow old, points come back."""
    shopify.clock.skip(float(order(request).get("seconds", 0)))
    return json_response(200, {"now": shopify.clock.now()})
