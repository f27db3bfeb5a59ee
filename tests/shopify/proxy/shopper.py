"""A shopper's browser, whose calls come through the shop's app proxy as Shopify signs them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.test import Client

from reservations.models import Shop
from tests.shopify.signing import proxied


@dataclass
class Shopper:
    """Somebody who visits `shop`, from `address`; with a number where signed in as a `customer`."""

    shop: Shop
    address: str = "203.0.113.7"
    customer: str = ""

    def get(self, path: str) -> HttpResponse:
        return self.ask("GET", path)

    def post(self, path: str, body: object = None, **headers: str) -> HttpResponse:
        return self.ask("POST", path, b"" if body is None else orjson.dumps(body), headers=headers)

    def ask(
        self,
        method: str,
        path: str,
        sent: bytes = b"",
        *,
        query: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpResponse:
        """A call below /proxy/; `query` replaces the signed one."""
        known = proxied({"shop": self.shop.domain, "logged_in_customer_id": self.customer}) if query is None else query
        forwarded = {"X-Forwarded-For": self.address} if self.address else {}
        client = Client(raise_request_exception=False)
        return client.generic(  # type: ignore[return-value]
            method,
            f"/proxy{path}?{known}",
            sent,
            content_type="application/json",
            headers={**forwarded, **(headers or {})},
        )

    def reserve(self, cart: UUID, quantity: int = 1, sku: str = "SKU-1") -> HttpResponse:
        return self.post(f"/stock/{sku}/reserve", {"quantity": quantity, "cart_token": str(cart)})
