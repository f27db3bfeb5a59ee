"""A shop as a theme sees it: Shopify's cart under its own addresses, and the app proxy in front of a small stock.

It keeps one cart, answers with Shopify's status codes, and records what the script asked.
"""

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from .places import THEME
from .theme_page import page

SKUS = {"101": "SKU-A", "102": "SKU-B"}


@dataclass
class Cart:
    """Shopify's cart: lines that merge when variant and properties are equal."""

    items: list[dict[str, Any]] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def add(self, variant: str, quantity: int, properties: dict[str, str]) -> None:
        for item in self.items:
            if item["variant_id"] == int(variant) and item["properties"] == properties:
                item["quantity"] += quantity
                return
        line = {"id": int(variant), "variant_id": int(variant), "sku": SKUS[variant], "quantity": quantity}
        self.items.append({**line, "key": f"{variant}:{uuid4().hex}", "properties": properties})

    def change(self, key: str, quantity: int) -> None:
        for item in self.items:
            if key in (item["key"], str(item["id"])):
                item["quantity"] = quantity
        self.items = [item for item in self.items if item["quantity"]]

    def units(self, sku: str) -> int:
        return sum(item["quantity"] for item in self.items if item["sku"] == sku)


@dataclass
class Stock:
    """The service behind the proxy. `delay_seconds` and `down` make it slow and dead."""

    free: dict[str, int]
    hold_seconds: float = 600
    delay_seconds: float = 0
    down: bool = False
    holds: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def held(self, sku: str) -> int:
        return sum(hold["quantity"] for hold in self.holds.values() if hold["sku"] == sku)

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.calls.append(path)
        time.sleep(self.delay_seconds)
        if self.down:
            return 503, {"code": "unavailable"}
        if path == "/stock/reserve":
            return self._reserve(body)
        if path == "/stock/release":
            hold = self.holds.pop(body["reservation_id"], None)
            if hold is None:
                return 404, {"code": "unknown_reservation"}
            self.free[hold["sku"]] += hold["quantity"]
            return 200, {"status": "released"}
        if path == "/stock/extend":
            for hold in self.holds.values():
                hold["expires_at"] = _in(self.hold_seconds + 600)
            return 200, {"status": "extended", "reservations": list(self.holds.values())}
        return 200, {"ok": True, "lines": [{**line, "ok": True, "reason": None} for line in body["lines"]]}

    def _reserve(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        answers = []
        for line in body["lines"]:
            sku, wanted = line["sku"], line["quantity"]
            if sku not in self.free:
                return 404, {"code": "unknown_sku"}
            old = next((hold for hold in self.holds.values() if hold["sku"] == sku), None)
            more = wanted - (old["quantity"] if old else 0)
            if more > self.free[sku]:
                return 409, {"code": "out_of_stock", "available": self.free[sku], "retry_at": _in(300)}
            self.free[sku] -= more
            hold = old or {"reservation_id": str(uuid4()), "sku": sku, "created_at": _in(0)}
            hold |= {"quantity": wanted, "expires_at": hold.get("expires_at", _in(self.hold_seconds))}
            self.holds[hold["reservation_id"]] = hold
            answers.append(hold)
        return 200, {"reservations": answers}


def _in(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


class ThemeShop:
    """The running shop; `settings` overrides what the embed's settings say."""

    def __init__(self) -> None:
        self.cart = Cart()
        self.stock = Stock(free={"SKU-A": 1, "SKU-B": 5})
        self.settings: dict[str, Any] = {}
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("ShopHandler", (Handler,), {"shop": self}))
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        """The shop's address; localhost is a secure context, as every real shop is."""
        return f"http://localhost:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def page(self, path: str) -> str:
        return page(path, self.settings, self.cart.items)

    def change_cart(self, action: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self.lock:
            if action == "add":
                for item in body.get("items", [body]):
                    if str(item.get("id")) not in SKUS:
                        return 404, {"status": 404, "message": "Cart Error", "description": "Cannot find variant"}
                    self.cart.add(str(item["id"]), int(item.get("quantity") or 1), item.get("properties") or {})
            if action == "change":
                self.cart.change(str(body["id"]), int(body["quantity"]))
            self.cart.attributes |= body.get("attributes", {})
            return 200, self.as_json()

    def as_json(self) -> dict[str, Any]:
        count = sum(item["quantity"] for item in self.cart.items)
        return {"token": "t", "items": self.cart.items, "attributes": self.cart.attributes, "item_count": count}


def _form(text: str) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for name, value in parse_qsl(text):
        if name.startswith("properties["):
            body.setdefault("properties", {})[name[11:-1]] = value
        else:
            body[name] = value
    return body


def _multipart(raw: bytes, content_type: str) -> dict[str, Any]:
    boundary = content_type.partition("boundary=")[2]
    pairs = []
    for part in raw.decode().split(f"--{boundary}")[1:-1]:
        head, _, value = part.strip("\r\n").partition("\r\n\r\n")
        name = head.partition('name="')[2].partition('"')[0]
        pairs.append((name, value))
    body: dict[str, Any] = {"properties": {n[11:-1]: v for n, v in pairs if n.startswith("properties[")}}
    return {**body, **{n: v for n, v in pairs if not n.startswith("properties[")}}


class Handler(BaseHTTPRequestHandler):
    """Shopify's cart addresses, the proxy's, and the theme's pages."""

    shop: ThemeShop

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Keep the test's output quiet."""

    def do_GET(self) -> None:
        if self.path == "/cart.js":
            self.send(200, "application/json", json.dumps(self.shop.as_json()))
        elif self.path == "/bazico-hold.js":
            self.send(200, "text/javascript", (THEME / "assets" / "bazico-hold.js").read_text())
        else:
            self.send(200, "text/html", self.shop.page(self.path))

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/apps/bazico-stock/"):
            status, answer = self.shop.stock.answer(self.path.removeprefix("/apps/bazico-stock"), json.loads(raw))
            self.send(status, "application/json", json.dumps(answer))
            return
        action = self.path.removeprefix("/cart/").removesuffix(".js")
        status, answer = self.shop.change_cart(action, self.body(raw))
        if self.path.endswith(".js") or status != 200:
            self.send(status, "application/json", json.dumps(answer))
            return
        self.send_response(302)
        self.send_header("Location", "/cart")
        self.end_headers()

    def body(self, raw: bytes) -> dict[str, Any]:
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("application/json"):
            return dict(json.loads(raw))
        return _multipart(raw, kind) if kind.startswith("multipart/") else _form(raw.decode())

    def send(self, status: int, kind: str, text: str) -> None:
        raw = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)
