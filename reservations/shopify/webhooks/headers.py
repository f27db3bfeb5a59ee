"""The headers of a delivery. Shopify signs only the body, so headers prove nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from reservations.shopify.access.shop_domain import shop_domain

# Classic webhooks, and the newer events whose headers have lost their "X-".
_FAMILIES = ("HTTP_X_SHOPIFY_", "HTTP_SHOPIFY_")
_LONGEST = 255
# Far longer than any topic, and the column's length; a longer text is no topic.
_LONGEST_TOPIC = 100
# At the ends of the calendar neither Python nor PostgreSQL can convert a time with an offset.
_YEARS = range(1970, 9_000)


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of one delivery; one that is absent or makes no sense is empty or None."""

    topic: str
    domain: str | None
    webhook_id: str
    event_id: str
    triggered_at: datetime | None


def signature(meta: Mapping[str, Any]) -> str:
    """The signature, in whichever family of headers it came; empty when there is none."""
    return _header(meta, "HMAC_SHA256")


def read_headers(meta: Mapping[str, Any]) -> Headers:
    """The other headers."""
    topic = _text(meta, "TOPIC")
    return Headers(
        topic=topic.lower() if len(topic) <= _LONGEST_TOPIC else "",
        domain=shop_domain(_text(meta, "SHOP_DOMAIN")),
        webhook_id=_text(meta, "WEBHOOK_ID"),
        event_id=_text(meta, "EVENT_ID"),
        triggered_at=moment(_text(meta, "TRIGGERED_AT")),
    )


def moment(text: str) -> datetime | None:
    """Parse a time with its offset, else None. Shopify's headers have nanoseconds, which a datetime cuts off."""
    try:
        parsed = parse_datetime(text)
    except ValueError:
        return None
    return parsed if parsed is not None and parsed.tzinfo is not None and parsed.year in _YEARS else None


def _text(meta: Mapping[str, Any], name: str) -> str:
    text = _header(meta, name)[:_LONGEST]
    return text if text.isprintable() else ""


def _header(meta: Mapping[str, Any], name: str) -> str:
    return str(next((meta[family + name] for family in _FAMILIES if family + name in meta), ""))
