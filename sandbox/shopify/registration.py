"""The app as registered at Shopify."""

from dataclasses import dataclass, field

TOPICS = (
    "carts/create",
    "carts/update",
    "orders/create",
    "orders/updated",
    "orders/paid",
    "orders/edited",
    "orders/cancelled",
    "refunds/create",
    "returns/approve",
    "returns/process",
    "returns/cancel",
    "returns/close",
    "returns/reopen",
    "reverse_fulfillment_orders/dispose",
    "products/create",
    "products/update",
    "products/delete",
    "inventory_levels/update",
    "inventory_items/update",
    "app/uninstalled",
    "app/scopes_update",
    "bulk_operations/finish",
    "customers/data_request",
    "customers/redact",
    "shop/redact",
)


@dataclass
class Registration:
    """Credentials, where webhooks and proxied shoppers' requests go, and which topics were asked for.

    While a secret is rotated webhooks are signed with the oldest one not revoked: `webhook_secret`, if set.
    """

    client_id: str
    client_secret: str
    webhooks_url: str = ""
    proxy_url: str = ""
    webhook_secret: str = ""
    path_prefix: str = "/apps/bazico-stock"
    topics: list[str] = field(default_factory=lambda: list(TOPICS))
