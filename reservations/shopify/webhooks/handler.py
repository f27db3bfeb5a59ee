"""The interface of a topic's file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Protocol

from reservations.models import Shop, ShopifyOrder
from reservations.shopify.catalogue.line_skus import ShopifyLine
from reservations.shopify.orders.order_news import News

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


class Verdict(Enum):
    """What became of a delivery in a batch."""

    APPLIED = "applied"
    IGNORED = "ignored"
    ALONE = "alone"  # malformed, or Shopify has to be asked first: it is tried alone
    LATER = "later"  # another of the batch touches the same: it is for the next batch


class ApplyTogether(Protocol):
    """Carries out several events of one shop in one transaction, as if each came in a transaction of its own."""

    def __call__(self, events: Sequence[tuple[Event, "Handler"]]) -> Sequence[Verdict]:
        """Apply the events, and say for each what became of it. Raises what the engine raises."""


@dataclass(frozen=True, slots=True)
class OrderTopic:
    """How a topic reads what it tells about one order."""

    # The lines as the payload has them, and the news once their SKUs are known. Both raise InvalidPayload.
    lines: Callable[[Event], Sequence[ShopifyLine]]
    news: Callable[[Event, Sequence[ShopifyLine]], News]
    # Whether we have to ask Shopify first; the row is what we know of the order, None if that is nothing.
    must_ask: Callable[[Event, News, ShopifyOrder | None], bool] | None = None
    # Whether the news says nothing new; only topics that mostly do look first.
    is_known: Callable[[ShopifyOrder | None, News], bool] | None = None


@dataclass(frozen=True, slots=True)
class Handler:
    """What to do with a topic. Those with the same `together` share batches; without it, each delivery is alone."""

    apply: Apply
    fetch: Fetch | None = None
    together: ApplyTogether | None = None
    order: OrderTopic | None = None
