"""Shopify's webhooks: signed over the raw body, in either family of headers, with ids that stay for every retry."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sandbox.shopify.entities import Level, stamp
from sandbox.shopify.registration import Registration
from sandbox.shopify.store import Store
from sandbox.web import Clock, Deliveries, Delivery

VERSION = "2026-10"


@dataclass
class Sending:
    """How one webhook is to be sent, where it differs from the usual. `family`: "classic" or "events"."""

    family: str = "classic"
    webhook_id: str | None = None
    event_id: str | None = None
    triggered_at: str | None = None
    delay: float = 0.0
    secret: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Webhooks:
    """Makes webhooks and hands them to the deliveries."""

    def __init__(self, app: Registration, deliveries: Deliveries, clock: Clock) -> None:
        """Begin with nothing sent."""
        self._app = app
        self._deliveries = deliveries
        self._clock = clock

    def send(self, store: Store, topic: str, payload: Any, how: Sending | None = None) -> Delivery | None:
        """Send one, if the topic was asked for and the app is installed. A text is sent as it stands."""
        is_last = topic == "app/uninstalled" or topic in ("shop/redact", "customers/redact", "customers/data_request")
        if not self._app.webhooks_url or topic not in self._app.topics or not (store.installed or is_last):
            return None
        how = how or Sending()
        body = payload.encode() if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False).encode()
        headers = self._headers(store, topic, body, how)
        delivery = Delivery(self._app.webhooks_url, headers, body, topic, store.domain)
        self._deliveries.send(delivery, delay=how.delay)
        return delivery

    def level(self, store: Store, level: Level) -> None:
        """A level has changed, whoever changed it."""
        if store.rules.inventory_webhooks:
            payload = {
                "inventory_item_id": level.item.number,
                "location_id": level.location.number,
                "available": level.units["available"],
                "updated_at": level.updated_at,
                "admin_graphql_api_id": level.id,
            }
            self.send(store, "inventory_levels/update", payload)

    def _headers(self, store: Store, topic: str, body: bytes, how: Sending) -> Mapping[str, str]:
        secret = how.secret or self._app.webhook_secret or self._app.client_secret
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        values = {
            "Topic": topic,
            "Hmac-Sha256": sign(secret, body),
            "Shop-Domain": store.domain,
            "API-Version": VERSION,
            "Webhook-Id": how.webhook_id or str(uuid4()),
            "Event-Id": how.event_id or str(uuid4()),
            "Triggered-At": how.triggered_at or stamp(now) or "",
        }
        prefix = "X-Shopify-" if how.family == "classic" else "shopify-"
        named = {prefix + (name if how.family == "classic" else name.lower()): value for name, value in values.items()}
        if how.family == "events":
            named |= {"shopify-handle": topic.replace("/", "-"), "shopify-action": topic.rpartition("/")[2]}
        return {"Content-Type": "application/json", "User-Agent": "Shopify-Captain-Hook", **named, **how.headers}


def sign(secret: str, body: bytes) -> str:
    """The HMAC header's value: base64 of HMAC-SHA256 over the raw bytes, key = the app's client secret."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
