"""The inbox: we store a delivery with one INSERT before we answer it, and it stays one row for ever."""

import hashlib
import logging
from collections.abc import Mapping
from typing import Any

import orjson
from django.db import connection

from .headers import Headers

logger = logging.getLogger(__name__)

# One statement finds the shop, stores a new delivery, leaves a repeated one alone (no row comes back), and counts
# another body under a known id.
_STORE = """
INSERT INTO reservations_webhookdelivery (shop_id, webhook_id, event_id, topic, triggered_at, received_at, digest,
    payload, status, attempts, next_attempt_at, error, ended_at, conflicts)
SELECT shop.id, %(webhook_id)s, %(event_id)s, %(topic)s, %(triggered_at)s, clock_timestamp(), %(digest)s,
    %(payload)s::jsonb, %(status)s, 0, clock_timestamp(), %(error)s,
    CASE WHEN %(status)s = 'pending' THEN NULL ELSE clock_timestamp() END, 0
FROM reservations_shop AS shop WHERE shop.domain = %(domain)s
ON CONFLICT (shop_id, webhook_id) DO UPDATE SET conflicts = reservations_webhookdelivery.conflicts + 1
    WHERE reservations_webhookdelivery.digest <> excluded.digest
RETURNING shop_id, conflicts
"""


def store_delivery(
    headers: Headers, domain: str, body: bytes, payload: Mapping[str, Any] | None, problem: str
) -> int | None:
    """Store a delivery for the shop `domain` and return the shop's id, None when there is nothing new to do.

    The same delivery again changes nothing. We count another body under a known id and never apply it. A delivery that
    no handler can understand (`problem`) is parked at once, without its payload. Raises what the driver raises.
    """
    digest = hashlib.sha256(body).digest()
    row = {
        "domain": domain,
        # Shopify always names a delivery; if it ever does not, the content is the name.
        "webhook_id": headers.webhook_id or f"{headers.topic}:{digest.hex()}",
        "event_id": headers.event_id,
        "topic": headers.topic,
        "triggered_at": headers.triggered_at,
        "digest": digest,
        "payload": None if payload is None else orjson.dumps(payload).decode(),
        "status": "parked" if problem else "pending",
        "error": problem,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, row)
        stored = cursor.fetchone()
    if stored is None:
        return None
    shop_id, conflicts = stored
    if conflicts:
        logger.warning("webhook %s of %s came with another body: not applied", row["webhook_id"], domain)
        return None
    return None if problem else int(shop_id)
