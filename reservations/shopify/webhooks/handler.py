"""The interface of a topic's file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from reservations.models import Shop

from .payload_reader import Payload


@dataclass(frozen=True, slots=True)
class Event:
    """A delivery as its handler sees it. ``triggered_at`` is Shopify's time, else the time of arrival."""

    shop: Shop
    topic: str
    payload: Payload
    triggered_at: datetime


class Apply(Protocol):
    """Carries out what an event means, in the transaction that closes the delivery."""

    def __call__(self, event: Event, fetched: Any) -> bool:
        """Apply the event; False when there was nothing to do. Raises InvalidPayload, EngineError."""


class Fetch(Protocol):
    """Asks Shopify for what the event does not say, before any transaction opens."""

    def __call__(self, event: Event) -> Any:
        """Return what :class:`Apply` gets as `fetched`. Raises ShopifyError."""


@dataclass(frozen=True, slots=True)
class Handler:
    """What to do with a topic."""

    apply: Apply
    fetch: Fetch | None = None
