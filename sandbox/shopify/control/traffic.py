"""The registration of the app, webhooks, session tokens, and shoppers' requests through the app proxy."""

from dataclasses import asdict
from typing import Any

from sandbox.shopify import proxy
from sandbox.shopify.admin_sessions import sign
from sandbox.shopify.control.shopify_panel import order, routes, store_of
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.webhook_sender import Sending
from sandbox.stand_in.order_fields import no_content, refuse
from sandbox.web import Request, Response, build, json_response, update


@routes("POST", "app")
def set_app(shopify: Shopify, request: Request) -> Response:
    """Set the registration: client_id, client_secret, webhook_secret, webhooks_url, proxy_url, path_prefix, topics."""
    update(shopify.app, order(request))
    return json_response(200, asdict(shopify.app) | {"client_secret": "***", "webhook_secret": "***"})


@routes("POST", "webhooks")
def set_manners(shopify: Shopify, request: Request) -> Response:
    """Set how webhooks travel: lag_min, lag_max, duplicated, shuffled, shuffle_seconds, lost, paused, retries."""
    update(shopify.deliveries.manners, order(request))
    shopify.deliveries.wake()
    return json_response(200, asdict(shopify.deliveries.manners))


@routes("POST", "webhooks/send")
def send(shopify: Shopify, request: Request) -> Response:
    """Send any webhook: topic, payload, family (classic, events), webhook_id, triggered_at, delay, secret, headers."""
    body = order(request)
    store, topic, payload = store_of(shopify, body), str(body.pop("topic", "")), body.pop("payload", {})
    delivery = shopify.webhooks.send(store, topic, payload, build(Sending, body))
    if delivery is None:
        raise refuse(f"not subscribed: {topic}")
    return json_response(201, {"headers": dict(delivery.headers), "body": delivery.body.decode()})


@routes("POST", "webhooks/wait")
def wait(shopify: Shopify, request: Request) -> Response:
    """Wait up to `seconds` (default 10) until no webhook is under way; says whether that came true."""
    return json_response(200, {"idle": shopify.deliveries.wait_idle(float(order(request).get("seconds", 10)))})


@routes("GET", "webhooks")
def webhooks(shopify: Shopify, request: Request) -> Response:
    """The webhooks made so far: headers, bodies, and what each try was answered (0: nothing)."""
    sent: list[dict[str, Any]] = [
        {
            "topic": known.topic,
            "shop": known.account,
            "headers": dict(known.headers),
            "body": known.body.decode(),
            "statuses": known.statuses,
            "given_up": known.given_up,
        }
        for known in list(shopify.deliveries.sent)
    ]
    return json_response(200, {"webhooks": sent, "under_way": shopify.deliveries.under_way()})


@routes("POST", "webhooks/forget")
def forget(shopify: Shopify, request: Request) -> Response:
    """Clear the list of webhooks made so far."""
    shopify.deliveries.sent.clear()
    return no_content()


@routes("POST", "session-token")
def session_token(shopify: Shopify, request: Request) -> Response:
    """A session token of `shop` and `user`; `claims` replace its own, a null one is left out."""
    body = order(request)
    store = store_of(shopify, body)
    token = sign(shopify.app, store.domain, user=body.get("user", 1), now=shopify.clock.now(), **body.get("claims", {}))
    return json_response(200, {"token": token})


@routes("POST", "proxy")
def proxied(shopify: Shopify, request: Request) -> Response:
    """A shopper's request through the app proxy: method, path, query {name: [values]}, body (text), address."""
    body = order(request)
    answer = proxy.forward(
        shopify.app,
        store_of(shopify, body),
        body.get("method", "POST"),
        str(body.get("path", "")),
        query=body.get("query", {}),
        body=str(body.get("body", "")).encode(),
        headers={"Content-Type": "application/json"},
        address=str(body.get("address", "203.0.113.7")),
    )
    text = answer.body.decode(errors="replace")
    return json_response(200, {"status": answer.status, "headers": dict(answer.headers), "body": text})


@routes("POST", "proxy/sign")
def signed(shopify: Shopify, request: Request) -> Response:
    """The signed query string of a proxied request: query {name: [values]}, and `more` to replace what is added."""
    body = order(request)
    store = store_of(shopify, body)
    query = proxy.signed(shopify.app, store.domain, body.get("query", {}), **body.get("more", {}))
    return json_response(200, {"query": query})
