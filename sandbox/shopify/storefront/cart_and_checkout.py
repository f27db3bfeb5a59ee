"""The addresses of the storefront: the cart's, below any locale's root, and the checkout."""

import json
import re
from http.cookies import SimpleCookie
from typing import Any

from sandbox.shopify import payloads, proxy, trade
from sandbox.shopify.entities import stamp
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.shopper_carts import Cart, cart_error
from sandbox.shopify.store import Store
from sandbox.shopify.storefront import cart_api
from sandbox.shopify.storefront.ajax import ACTIONS
from sandbox.shopify.storefront.cart_forms import body_of
from sandbox.web import Request, Response, json_response

CART = re.compile(r"(?P<root>/(?:[a-z]{2}(?:-[a-z]{2})?/)?)cart(?:/(?P<action>\w+))?(?P<script>\.js)?", re.IGNORECASE)
# The old permalinks, and those of the UCP.
PERMALINK = re.compile(r"/(?:cart|buy)/(?P<items>\d+:\d+(?:,\d+:\d+)*)")
CHECKOUT = "/checkout"
COOKIE = "cart"


def answer(shopify: Shopify, store: Store, path: str, request: Request) -> Response | None:
    """The storefront's answer, with the cart's name in a cookie; None when it has no such address. Raises Refusal."""
    if path == CHECKOUT and request.method == "POST":
        return _check_out(shopify, store, request)
    if request.method == "GET" and (items := PERMALINK.fullmatch(path)):
        return _open_permalink(shopify, store, request, items["items"])
    if request.method == "POST" and cart_api.ADDRESS.fullmatch(path):
        return _ask_cart_api(shopify, store, request)
    match = CART.fullmatch(path)
    if match is None:
        return None
    action = match["action"]
    if action is None and request.method == "GET" and match["script"]:
        with shopify.lock:
            cart = _cart(store, request)
            return _told(cart, json_response(200, cart.as_json()))
    if request.method == "POST" and action in ACTIONS:
        return _change(shopify, store, request, action, back="" if match["script"] else f"{match['root']}cart")
    return None


def _change(shopify: Shopify, store: Store, request: Request, action: str, *, back: str) -> Response:
    with shopify.lock:
        cart = _cart(store, request)
        before = _lines(cart)
        body = ACTIONS[action](store, cart, body_of(request))
        if cart.created_at is None or _lines(cart) != before:
            _tell(shopify, store, cart)
    return _told(cart, Response(302, b"", {"Location": back}) if back else json_response(200, body))


def _ask_cart_api(shopify: Shopify, store: Store, request: Request) -> Response:
    with shopify.lock:
        cart = _cart(store, request)
        before = _lines(cart)
        body = cart_api.answer(store, cart, request)
        if _lines(cart) != before:
            _tell(shopify, store, cart)
    return _told(cart, json_response(200, body))


def _open_permalink(shopify: Shopify, store: Store, request: Request, items: str) -> Response:
    """A new cart in the place of the shopper's, on its way to the checkout or where the link says. Raises Refusal."""
    with shopify.lock:
        cart = store.carts.of("")
        for item in items.split(","):
            variant, _, quantity = item.partition(":")
            ACTIONS["add"](store, cart, {"id": variant, "quantity": quantity})
        _tell(shopify, store, cart)
    default = "/cart" if "storefront" in request.query else CHECKOUT
    return _told(cart, Response(302, b"", {"Location": request.query.get("continue_to", [default])[0]}))


def _tell(shopify: Shopify, store: Store, cart: Cart) -> None:
    """Send the cart's webhook. Since October 2026 an update that leaves the lines as they are sends none."""
    topic = "carts/create" if cart.created_at is None else "carts/update"
    now = stamp(store.now()) or ""
    cart.created_at = cart.created_at or now
    shopify.webhooks.send(store, topic, payloads.cart(store, cart.token, _lines(cart), cart.created_at, now))


def _lines(cart: Cart) -> list[dict[str, Any]]:
    return [
        {"variant": item.variant, "quantity": item.quantity, "properties": dict(item.properties)} for item in cart.items
    ]


def _check_out(shopify: Shopify, store: Store, request: Request) -> Response:
    """Pay for the cart. Shopify would run the validation function here; the stand-in asks the app instead."""
    with shopify.lock:
        cart = _cart(store, request)
        lines = [{"sku": item.variant.sku, "quantity": item.quantity} for item in cart.items if item.variant.sku]
    if not cart.items:
        raise cart_error(422, "The cart is empty.")
    for reason in _refusals(shopify, store, cart, lines):
        raise cart_error(422, reason)
    with shopify.lock:
        wanted = [trade.Wanted(item.variant, item.quantity, item.properties) for item in cart.items]
        how = trade.Circumstances(attributes=cart.attributes, cart_token=cart.token)
        order = trade.buy(shopify, store, wanted, how)
        store.carts.forget(cart)
    return json_response(201, payloads.order(order))


def _refusals(shopify: Shopify, store: Store, cart: Cart, lines: list[dict[str, object]]) -> list[str]:
    name = cart.attributes.get("_bazico_cart")
    body = json.dumps({"cart_token": name, "lines": lines}).encode()
    if not name or not lines:
        return []
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    told = proxy.forward(shopify.app, store, "POST", "cart/validate", body=body, headers=headers)
    if told.status != 200:
        return []
    return [line["reason"] for line in json.loads(told.body)["lines"] if not line["ok"]]


def _cart(store: Store, request: Request) -> Cart:
    cookie = SimpleCookie(request.headers.get("cookie", "")).get(COOKIE)
    return store.carts.of(cookie.value if cookie else "")


def _told(cart: Cart, response: Response) -> Response:
    cookie = f"{COOKIE}={cart.key}; Path=/; HttpOnly; SameSite=Lax"
    return Response(response.status, response.body, {**response.headers, "Set-Cookie": cookie})
