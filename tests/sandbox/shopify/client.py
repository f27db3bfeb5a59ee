"""Speaks to the stand-in as an app does, without the app."""

from typing import Any
from uuid import uuid4

import requests

from sandbox.shopify import DEMO_SHOP, RunningStandIn
from tests.support.patience import PATIENCE_SECONDS

CLIENT = ("a-client-id", "a-secret-of-the-app-that-is-long-enough")
EXCHANGE = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
    "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
    "expiring": "1",
}


class Client:
    """The app in one store."""

    def __init__(self, serving: RunningStandIn, shop: str = DEMO_SHOP) -> None:
        self.serving = serving
        self.shop = shop
        self.base = serving.admin_url.format(shop=shop)
        self.tokens: dict[str, Any] = {}

    def order(self, path: str, /, **order: Any) -> Any:
        """Give the stand-in an order about this store."""
        return self.serving.control.post(path, shop=self.shop, **order)

    def book(self, path: str) -> list[dict[str, Any]]:
        """One of the store's books."""
        rows: list[dict[str, Any]] = self.serving.control.get(path, shop=self.shop)[path]
        return rows

    def session_token(self, **claims: Any) -> str:
        """A session token of this store."""
        return str(self.order("session-token", claims=claims)["token"])

    def token(self, **form: str) -> requests.Response:
        """POST /admin/oauth/access_token."""
        body = {"client_id": CLIENT[0], "client_secret": CLIENT[1]} | form
        return requests.post(f"{self.base}/admin/oauth/access_token", data=body, timeout=PATIENCE_SECONDS)

    def exchange(self, session_token: str | None = None, **form: str) -> requests.Response:
        """Exchange a session token for an offline token that expires."""
        return self.token(**{**EXCHANGE, "subject_token": session_token or self.session_token(), **form})

    def refresh(self, token: str | None = None) -> requests.Response:
        """Exchange a refresh token, by default the last one, for the next pair."""
        return self.token(grant_type="refresh_token", refresh_token=token or self.tokens["refresh_token"])

    def connect(self) -> "Client":
        """Exchange and keep the tokens."""
        self.tokens = self.exchange().json()
        return self

    def send(
        self, query: str, /, *, token: str | None = None, version: str = "2026-10", **variables: Any
    ) -> requests.Response:
        """Send a GraphQL request."""
        return requests.post(
            f"{self.base}/admin/api/{version}/graphql.json",
            json={"query": query, "variables": variables},
            headers={"X-Shopify-Access-Token": token or self.tokens["access_token"]},
            timeout=PATIENCE_SECONDS,
        )

    def ask(self, query: str, /, **variables: Any) -> Any:
        """The `data` of a request that must succeed."""
        answer = self.send(query, **variables).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def errors(self, query: str, /, **variables: Any) -> list[dict[str, Any]]:
        """The errors of a request that must fail."""
        errors: list[dict[str, Any]] = self.send(query, **variables).json()["errors"]
        return errors

    def returned(self, sku: str = "SKU-BZC-001", units: int = 1, **how: Any) -> dict[str, Any]:
        """A return of units that were bought and have reached the customer."""
        lines = [{"sku": sku, "quantity": units}]
        number = self.order("orders", lines=lines)["id"]
        self.order(f"orders/{number}/fulfil")
        made: dict[str, Any] = self.order(f"orders/{number}/return", lines=lines, **how)
        return made

    def variant(self, sku: str = "SKU-BZC-001") -> dict[str, Any]:
        """A variant as the books have it."""
        return next(row for row in self.book("variants") if row["sku"] == sku)

    def places(self, sku: str = "SKU-BZC-001") -> dict[str, str]:
        """Global ids of a variant's item and of the first location."""
        row = self.variant(sku)
        item, location = row["inventory_item_id"], next(iter(row["levels"]))
        return {
            "inventoryItemId": f"gid://shopify/InventoryItem/{item}",
            "locationId": f"gid://shopify/Location/{location}",
        }

    def units(self, state: str = "available", sku: str = "SKU-BZC-001") -> int:
        """Units of a variant in a state, at the first location."""
        return int(next(iter(self.variant(sku)["levels"].values()))[state])


def new_key() -> str:
    """An idempotency key."""
    return str(uuid4())
