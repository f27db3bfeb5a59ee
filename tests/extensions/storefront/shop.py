"""A shop on a port of its own: its pages, Shopify's cart under its addresses, and the app proxy.

The cookie `cart` tells shoppers apart, as at Shopify. `service` stands behind the proxy.
"""

import json
import secrets
import threading
import time
from base64 import urlsafe_b64decode
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from tests.extensions.places import ROOT, THEME

from . import storefront_api
from .cart import Cart
from .forms import parsed
from .page import Theme, checkout, page
from .stock import Stock

PROXY = "/apps/bazico-stock"
# The sandbox's own store has them too.
ACTIONS = ROOT / "sandbox" / "pages" / "static" / "standard-actions.js"


class Service(Protocol):
    """The service behind the app proxy."""

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        """The status and the JSON of a POST; None when the line breaks before the answer."""

    def hear(self, cart: Cart) -> None:
        """Shopify's webhook: the cart has other lines than before."""


class ThemeShop:
    """The running shop. `refuses` makes Shopify itself refuse to add; `add_seconds` is how long adding takes."""

    def __init__(self, service: Service | None = None) -> None:
        self.stock = Stock(free={"SKU-A": 1, "SKU-B": 5})
        self.service = service or self.stock
        self.theme = Theme()
        self.carts: dict[str, Cart] = {}
        self.refuses = False
        self.add_seconds = 0.0
        self.lock = threading.RLock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("ShopHandler", (Handler,), {"shop": self}))
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        """The shop's address; localhost is a secure context, as every real shop is."""
        return f"http://localhost:{self.server.server_port}"

    @property
    def cart(self) -> Cart:
        """The cart of the only shopper."""
        (cart,) = self.carts.values() or [Cart()]
        return cart

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def change_cart(self, cart: Cart, action: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if action == "add":
            time.sleep(self.add_seconds)
        if action == "add" and self.refuses:
            return 422, {"status": 422, "message": "Cart Error", "description": "Esgotado"}
        with self.lock:
            cart.unrest(cart)
            before = cart.told()
            answer: tuple[int, dict[str, Any]] = getattr(cart, action)(body)
            if cart.told() != before:
                self.service.hear(cart)
            return answer


class Handler(BaseHTTPRequestHandler):
    """Shopify's cart addresses, the proxy's, and the theme's pages."""

    shop: ThemeShop
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Keep the test's output quiet."""

    def do_GET(self) -> None:
        cart, path = self.cart(), urlsplit(self.path).path.removeprefix("/en")
        if path == "/cart.js":
            with self.shop.lock:
                cart.unrest(cart)
                known = json.dumps(cart.as_json())
            self.send(200, "application/json", known)
        elif path == "/standard-actions.js":
            self.send(200, "text/javascript", ACTIONS.read_text())
        elif path in ("/bazico-hold.js", "/bazico-keeper.js"):
            self.send(200, "text/javascript", (THEME / "assets" / path[1:]).read_text())
        elif path.startswith(("/cart/", "/buy/")) and ":" in path:
            self.permalink(path.rpartition("/")[2])
        elif path == "/checkout":
            self.send(200, "text/html", checkout(cart.items))
        else:
            self.send(200, "text/html", page(path or "/", self.shop.theme, cart.items))

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path
        if path.startswith(PROXY):
            if answered := self.shop.service.answer(path.removeprefix(PROXY), json.loads(raw)):
                self.send_json(*answered)
            else:
                self.close_connection = True
            return
        if path.startswith("/api/"):
            with self.shop.lock:
                self.send_json(200, storefront_api.answer(self.cart(), path, json.loads(raw)))
                self.shop.service.hear(self.cart())
            return
        action, ajax, _ = path.rpartition("/cart/")[2].partition(".js")
        body = parsed(raw, self.headers.get("Content-Type", ""))
        status, answer = self.shop.change_cart(self.cart(), action, body)
        if ajax or status != 200 or "javascript" in self.headers.get("Accept", ""):
            self.send_json(status, answer)
        else:
            self.redirect(body.get("return_to") or "/cart")

    def permalink(self, what: str) -> None:
        """`/cart/101:2` and `/buy/101:2` are a new cart with these lines, on its way to the checkout or elsewhere.

        The link may bring attributes of the cart, and properties of its lines in base64.
        """
        query = parse_qs(urlsplit(self.path).query)
        named = {name[11:-1]: values[0] for name, values in query.items() if name.startswith("attributes[")}
        properties = json.loads(urlsafe_b64decode(query["properties"][0])) if "properties" in query else {}
        cart = Cart(attributes=named)
        for pair in what.partition("?")[0].split(","):
            variant, _, quantity = pair.partition(":")
            cart.add({"id": variant, "quantity": quantity, "properties": properties})
        self.shop.carts[self.shopper()] = cart
        self.shop.service.hear(cart)
        self.redirect(query.get("continue_to", ["/cart" if "storefront" in query else "/checkout"])[0])

    def shopper(self) -> str:
        known = SimpleCookie(self.headers.get("Cookie", "")).get("cart")
        if known is None and not hasattr(self, "made"):
            self.made = secrets.token_hex(8)
        return known.value if known else self.made

    def cart(self) -> Cart:
        with self.shop.lock:
            return self.shop.carts.setdefault(self.shopper(), Cart())

    def redirect(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.send_cookie()
        self.end_headers()

    def send_json(self, status: int, answer: dict[str, Any]) -> None:
        self.send(status, "application/json", json.dumps(answer))

    def send(self, status: int, kind: str, text: str) -> None:
        raw = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.send_cookie()
        self.end_headers()
        self.wfile.write(raw)

    def send_cookie(self) -> None:
        if made := getattr(self, "made", None):
            self.send_header("Set-Cookie", f"cart={made}; Path=/")
            del self.made
