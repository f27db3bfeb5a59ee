"""The control addresses below /_control/: orders to the stand-in, and its books. `GET /_control/` lists them all.

An order that concerns a company takes `account` (its companyId); without, the demo company is meant. Errors are 400
with `detail`. Nothing here counts as a request to Bling.
"""

from sandbox.bling.bling import Bling
from sandbox.bling.control import account_books, behaviour, sales, traffic, warehouse
from sandbox.bling.control.bling_panel import PREFIX, routes
from sandbox.web import Request, Response, json_response

__all__ = ["PREFIX", "account_books", "answer", "behaviour", "sales", "traffic", "warehouse"]


def answer(bling: Bling, request: Request) -> Response:
    """Carry out one order. Raises Refusal."""
    path = request.path.removeprefix(PREFIX)
    if path == "" and request.method == "GET":
        return json_response(200, routes.summaries)
    found = routes.find(request.method, path)
    if found is None:
        return json_response(404, {"detail": f"no such order: {request.method} {path}; GET {PREFIX} lists them"})
    return found(bling, request)
