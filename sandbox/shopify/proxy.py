"""The app proxy: a shopper's request to the storefront, signed and passed on to the app."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import requests

from sandbox.shopify.registration import Registration
from sandbox.shopify.store import Store
from sandbox.web import Response

TIMEOUT_SECONDS = 30
STRIPPED = {
    *("accept-ranges", "connection", "date", "p3p", "pragma", "server", "set-cookie", "trailer", "warning"),
    *("x-powered-by", "content-length", "transfer-encoding", "content-encoding", "keep-alive"),
}


def signed(app: Registration, shop: str, query: Mapping[str, Sequence[str]] | None = None, /, **more: str) -> str:
    """The query string that Shopify makes of a shopper's. `more` replaces what it adds (shop, timestamp, ...)."""
    own = {
        "shop": shop,
        "logged_in_customer_id": "",
        "path_prefix": app.path_prefix,
        "timestamp": str(int(time.time())),
    }
    values: dict[str, Sequence[str]] = {**(query or {}), **{name: [value] for name, value in (own | more).items()}}
    pairs = [(name, value) for name, several in values.items() for value in several]
    return urlencode([*pairs, ("signature", signature(app.client_secret, values))])


def signature(secret: str, query: Mapping[str, Sequence[str]]) -> str:
    """HMAC-SHA256 in hex over `key=value` strings, sorted and joined by nothing; repeated keys joined by commas."""
    message = "".join(sorted(f"{name}={','.join(values)}" for name, values in query.items()))
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def forward(
    app: Registration,
    store: Store,
    method: str,
    path: str,
    *,
    query: Mapping[str, Sequence[str]] | None = None,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    address: str = "203.0.113.7",
) -> Response:
    """Pass a shopper's request on, as `address`. Cookies are taken away both ways."""
    passed = {name: value for name, value in (headers or {}).items() if name.lower() in ("content-type", "accept")}
    answer = requests.request(
        method,
        f"{app.proxy_url}/{path.lstrip('/')}?{signed(app, store.domain, query)}",
        data=body,
        headers={
            **passed,
            "X-Forwarded-Host": store.domain,
            "X-Forwarded-For": address,
            "X-Request-Id": secrets.token_hex(16),
        },
        timeout=TIMEOUT_SECONDS,
    )
    kept = {name: value for name, value in answer.headers.items() if name.lower() not in STRIPPED}
    return Response(answer.status_code, answer.content, kept)
