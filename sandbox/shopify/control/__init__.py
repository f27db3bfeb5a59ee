"""The control addresses below /_control/: orders to the stand-in, and its books. `GET /_control/` lists them all.

An order that concerns a store takes `shop` (its myshopify.com domain); without, the demo store is meant. Errors are
400 with `detail`. Nothing here counts as a request to Shopify.
"""

from sandbox.shopify.control import merchants, purchases, rules, store_books, traffic
from sandbox.shopify.control.shopify_panel import PREFIX, routes
from sandbox.shopify.shopify import Shopify
from sandbox.web import Request, Response, json_response

__all__ = ["PREFIX", "answer", "merchants", "purchases", "rules", "store_books", "traffic"]


def answer(shopify: Shopify, request: Request) -> Response:
    """Carry out one order. Raises Refusal."""
    path = request.path.removeprefix(PREFIX)
    if path == "" and request.method == "GET":
        return json_response(200, routes.summaries)
    found = routes.find(request.method, path)
    if found is None:
        return json_response(404, {"detail": f"no such order: {request.method} {path}; GET {PREFIX} lists them"})
    return found(shopify, request)
