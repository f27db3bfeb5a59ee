"""The way of a request through the stand-in: the log, the token, misbehaviour, the answer."""

import re
import secrets
import sys
import traceback

from sandbox.shopify import control, execution, proxy, token_grants
from sandbox.shopify.answers import Context
from sandbox.shopify.operation_name import first_field
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.shopify_faults import MISBEHAVIOUR, server_error
from sandbox.shopify.store import Store
from sandbox.shopify.storefront import cart_and_checkout as storefront
from sandbox.shopify.webhook_sender import VERSION
from sandbox.web import CutConnection, Entry, Refusal, Request, Response, json_response
from sandbox.web.faults import Handle

GRAPHQL = re.compile(r"/admin/api/([^/]+)/graphql\.json")
BULK = re.compile(r"/_bulk/(\d+)\.jsonl")
NOT_FOUND = json_response(404, {"errors": "Not Found"})
UNAUTHORIZED = "[API] Invalid API key or access token (unrecognized login or wrong password)"
NON_EXPIRING = "Non-expiring access tokens are no longer accepted for the Admin API."


class Application:
    """Answers requests with a Shopify. Addresses begin with the store: `/{shop}/admin/...`."""

    def __init__(self, shopify: Shopify) -> None:
        """Answer for this Shopify."""
        self.shopify = shopify

    def __call__(self, request: Request) -> Response:
        """Answer one request. Raises CutConnection."""
        if request.path.startswith(control.PREFIX):
            return self._safely(lambda: control.answer(self.shopify, request))
        if match := BULK.fullmatch(request.path):
            return self._bulk_file(int(match[1]))
        entry = self.shopify.journal.open(request)
        try:
            response = self._safely(lambda: self._serve(request, entry))
        except CutConnection:
            self.shopify.journal.close(entry, 0)
            raise
        self.shopify.journal.close(entry, response.status)
        return Response(response.status, response.body, {**response.headers, "X-Request-Id": secrets.token_hex(16)})

    def _safely(self, handle: Handle) -> Response:
        try:
            return handle()
        except Refusal as refusal:
            return refusal.response
        except CutConnection:
            raise
        except Exception:  # noqa: BLE001 - a mistake of the stand-in is an answer too, and is printed
            traceback.print_exc(file=sys.stderr)
            return server_error()

    def _serve(self, request: Request, entry: Entry) -> Response:
        shop, _, rest = request.path.removeprefix("/").partition("/")
        store, path = self.shopify.stores.get(shop), f"/{rest}"
        if store is None:
            return NOT_FOUND
        entry.account = shop
        handle = self._find(store, path, request)
        entry.operation = first_field(request) if path.endswith("/graphql.json") else ""
        fault = self.shopify.faults.take(" ".join(filter(None, (request.method, path, entry.operation))), shop)
        if fault is None:
            return handle()
        entry.fault = fault.kind
        return MISBEHAVIOUR[fault.kind](fault, lambda: self._safely(handle))

    def _find(self, store: Store, path: str, request: Request) -> Handle:
        if path == token_grants.PATH and request.method == "POST":
            return lambda: self._token(store, request)
        if (match := GRAPHQL.fullmatch(path)) and request.method == "POST":
            return lambda: self._graphql(store, match[1], request)
        prefix = self.shopify.app.path_prefix
        if path.startswith(f"{prefix}/"):
            return lambda: self._proxy(store, path.removeprefix(prefix), request)
        return lambda: storefront.answer(self.shopify, store, path, request) or NOT_FOUND

    def _token(self, store: Store, request: Request) -> Response:
        with self.shopify.lock:
            return token_grants.answer(self.shopify, store, request)

    def _graphql(self, store: Store, version: str, request: Request) -> Response:
        if version != VERSION:
            return json_response(404, {"errors": "Not Found"})
        with self.shopify.lock:
            token = self.shopify.tokens.check(store.domain, request.headers.get("x-shopify-access-token", ""))
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
            answer = execution.run(Context(self.shopify, store), body)
        return json_response(200, answer, {"X-Shopify-API-Version": VERSION})

    def _proxy(self, store: Store, path: str, request: Request) -> Response:
        address = request.headers.get("x-forwarded-for", "203.0.113.7")
        return proxy.forward(
            self.shopify.app,
            store,
            request.method,
            path,
            query=request.query,
            body=request.body,
            headers=request.headers,
            address=address,
        )

    def _bulk_file(self, number: int) -> Response:
        for store in self.shopify.stores.values():
            if number in store.bulks:
                text = "".join(f"{line}\n" for line in store.bulks[number].lines)
                return Response(200, text.encode(), {"Content-Type": "application/jsonl"})
        return Response(404)
