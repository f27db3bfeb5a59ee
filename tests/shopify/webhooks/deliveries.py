"""Deliveries of webhooks, sent to the service's own address as Shopify sends them."""

from datetime import datetime
from itertools import count
from typing import Any
from uuid import uuid4

import orjson
from django.http import HttpResponse
from django.test import Client

from reservations.models import Shop, WebhookDelivery
from reservations.shopify.webhooks import processor
from tests.shopify.signing import body_signature

URL = "/shopify/webhooks"
_ids = count(5_000_001)


def next_id() -> int:
    """A number that Shopify has not used yet."""
    return next(_ids)


def send(
    shop: Shop | str,
    topic: str,
    payload: object,
    *,
    webhook_id: str | None = None,
    triggered_at: datetime | None = None,
    signature: str | None = None,
    family: str = "X-Shopify-",
    url: str = URL,
    method: str = "POST",
) -> HttpResponse:
    """Deliver `payload` (bytes as they are) signed, unless another `signature` is given."""
    body = payload if isinstance(payload, bytes) else orjson.dumps(payload)
    headers = {
        f"{family}Topic": topic,
        f"{family}Shop-Domain": shop if isinstance(shop, str) else shop.domain,
        f"{family}Webhook-Id": webhook_id or str(uuid4()),
        f"{family}Hmac-Sha256": body_signature(body) if signature is None else signature,
    }
    if triggered_at is not None:
        headers[f"{family}Triggered-At"] = triggered_at.isoformat()
    client = Client(raise_request_exception=False)
    return client.generic(method, url, body, content_type="application/json", headers=headers)  # type: ignore[return-value]


def process(shop: Shop) -> None:
    """Process what is due for the shop, as a worker does."""
    processor.process_due_deliveries(shop.pk, seconds=30)


def deliver(shop: Shop, topic: str, payload: object, **others: Any) -> WebhookDelivery:
    """Send, process, and return the row."""
    webhook_id = others.pop("webhook_id", None) or str(uuid4())
    assert send(shop, topic, payload, webhook_id=webhook_id, **others).status_code == 200
    process(shop)
    return WebhookDelivery.objects.get(shop=shop, webhook_id=webhook_id)


def statuses(shop: Shop) -> list[str]:
    """The statuses of the shop's deliveries, in order of arrival."""
    return list(WebhookDelivery.objects.filter(shop=shop).order_by("pk").values_list("status", flat=True))
