"""What a topic's file offers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from reservations.models import Shop

from .payload_reader import Payload


@dataclass(frozen=True, slots=True)
class Event:
    """A delivery as its handler sees it. ``triggered_at`` is Shopify's word, or when it came."""

    shop: Shop
    topic: str
    payload: Payload
    triggered_at: datetime


class Apply(Protocol):
    """Carries out what an event means, in the transaction that closes the delivery."""

    def __call__(self, event: Event, fetched: Any) -> bool:
        """True when something was done, False when nothing was to be done. Raises InvalidPayload, EngineError."""


class Fetch(Protocol):
    """Asks Shopify for what the event does not say, before any transaction is open."""

    def __call__(self, event: Event) -> Any:
        """Whatever :class:`Apply` gets as `fetched`. Raises ShopifyError."""


@dataclass(frozen=True, slots=True)
class Handler:
    """What to do with a topic."""

    apply: Apply
    fetch: Fetch | None = None
