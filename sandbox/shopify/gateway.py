"""The way of a request into Shopify: the store, the token, the answer. Addresses begin with `/{shop}/`."""

import re

from sandbox.shopify import bulk_run, execution, proxy, token_grants
from sandbox.shopify.answers import Context
from sandbox.shopify.control import panel
from sandbox.shopify.operation_name import first_field
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.shopify_faults import server_error
from sandbox.shopify.store import Store
from sandbox.shopify.storefront import cart_and_checkout as storefront
from sandbox.shopify.webhook_sender import VERSION
from sandbox.stand_in import Reception
from sandbox.web import Entry, Handle, Request, Response, json_response

GRAPHQL = re.compile(r"/admin/api/([^/]+)/graphql\.json")
BULK = re.compile(r"/_bulk/(\d+)\.jsonl")
NOT_FOUND = json_response(404, {"errors": "Not Found"})
UNAUTHORIZED = "[API] Invalid API key or access token (unrecognized login or wrong password)"
NON_EXPIRING = "Non-expiring access tokens are no longer accepted for the Admin API."


class Gateway(Reception[Shopify]):
    """Answers requests as Shopify does."""

    panel = panel
    request_id_header = "X-Request-Id"

    def __call__(self, request: Request) -> Response:
        """Answer one request; that for a bulk operation's file meets neither log nor faults. Raises CutConnection."""
        if match := BULK.fullmatch(request.path):
            return self._bulk_file(int(match[1]))
        return super().__call__(request)

    def serve(self, request: Request, entry: Entry) -> Response:
        """Answer for the store that the address begins with. Raises Refusal, CutConnection."""
        shop, _, rest = request.path.removeprefix("/").partition("/")
        store, path = self.stand_in.stores.get(shop), f"/{rest}"
        if store is None:
            return NOT_FOUND
        entry.account = shop
        entry.operation = first_field(request) if path.endswith("/graphql.json") else ""
        label = " ".join(filter(None, (request.method, path, entry.operation)))
        return self.with_faults(label, entry, self._find(store, path, request))

    def server_error(self) -> Response:
        """Shopify's own 500."""
        return server_error()

    def _find(self, store: Store, path: str, request: Request) -> Handle:
        if path == token_grants.PATH and request.method == "POST":
            return lambda: self._token(store, request)
        if (match := GRAPHQL.fullmatch(path)) and request.method == "POST":
            return lambda: self._graphql(store, match[1], request)
        prefix = self.stand_in.app.path_prefix
        if path.startswith(f"{prefix}/"):
            return lambda: self._proxy(store, path.removeprefix(prefix), request)
        return lambda: storefront.answer(self.stand_in, store, path, request) or NOT_FOUND

    def _token(self, store: Store, request: Request) -> Response:
        with self.stand_in.lock:
            return token_grants.answer(self.stand_in, store, request)

    def _graphql(self, store: Store, version: str, request: Request) -> Response:
        if version != VERSION:
            return json_response(404, {"errors": "Not Found"})
        with self.stand_in.lock:
            token = self.stand_in.tokens.check(store.domain, request.headers.get("x-shopify-access-token", ""))
            if token is None or not store.installed:
                return json_response(401, {"errors": UNAUTHORIZED})
            if token.expires_at is None:
                return json_response(403, {"errors": NON_EXPIRING})
            try:
                body = request.json()
            except ValueError:
                return json_response(400, {"errors": "Bad Request"})
            if not isinstance(body, dict):
                return json_response(400, {"errors": "Bad Request"})
            answer = execution.run(Context(self.stand_in, store), body)
            bulk_run.start_new(self.stand_in, store)
        return json_response(200, answer, {"X-Shopify-API-Version": VERSION})

    def _proxy(self, store: Store, path: str, request: Request) -> Response:
        address = request.headers.get("x-forwarded-for", "203.0.113.7")
        return proxy.forward(
            self.stand_in.app,
            store,
            request.method,
            path,
            query=request.query,
            body=request.body,
            headers=request.headers,
            address=address,
        )

    def _bulk_file(self, number: int) -> Response:
        for store in self.stand_in.stores.values():
            if number in store.bulks:
                text = "".join(f"{line}\n" for line in store.bulks[number].lines)
                return Response(200, text.encode(), {"Content-Type": "application/jsonl"})
        return Response(404)
