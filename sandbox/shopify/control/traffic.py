"""What travels: any webhook, session tokens, and shoppers' requests through the app proxy."""

from sandbox.shopify import proxy
from sandbox.shopify.admin_sessions import sign
from sandbox.shopify.control.shopify_panel import panel, store_of
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.webhook_sender import Sending
from sandbox.stand_in.order_fields import build, order, refuse
from sandbox.web import Request, Response, json_response


@panel("POST", "webhooks/send")
def send(shopify: Shopify, request: Request) -> Response:
    """Send any webhook: topic, payload, family (classic, events), webhook_id, triggered_at, delay, secret, headers."""
    body = order(request)
    store, topic, payload = store_of(shopify, body), str(body.pop("topic", "")), body.pop("payload", {})
    delivery = shopify.webhooks.send(store, topic, payload, build(Sending, body))
    if delivery is None:
        raise refuse(f"not subscribed: {topic}")
    return json_response(201, {"headers": dict(delivery.headers), "body": delivery.body.decode()})


@panel("POST", "session-token")
def session_token(shopify: Shopify, request: Request) -> Response:
    """A session token of `shop` and `user`; `claims` replace its own, a null one is left out."""
    body = order(request)
    store = store_of(shopify, body)
    token = sign(shopify.app, store.domain, user=body.get("user", 1), now=shopify.clock.now(), **body.get("claims", {}))
    return json_response(200, {"token": token})


@panel("POST", "proxy")
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


@panel("POST", "proxy/sign")
def signed(shopify: Shopify, request: Request) -> Response:
    """The signed query string of a proxied request: query {name: [values]}, and `more` to replace what is added."""
    body = order(request)
    store = store_of(shopify, body)
    query = proxy.signed(shopify.app, store.domain, body.get("query", {}), **body.get("more", {}))
    return json_response(200, {"query": query})
