"""``refunds/create``: money went back, and perhaps units. It may be the first that we hear of its order."""

from reservations.models import ShopifyOrder
from reservations.shopify.orders import order_facts, order_query
from reservations.shopify.orders.order_news import News

from . import order_event, payload_reader
from .handler import Event, Handler


def fetch(event: Event) -> News | None:
    """Ask Shopify whether the refund was made for a return, if the payload does not say so. Raises Unreachable."""
    order_id = payload_reader.identifier(event.payload, "order_id")
    # A unit of a return counts once: both its disposition and its refund say that it is on the shelf.
    has_returns = ShopifyOrder.objects.filter(shop=event.shop, order_id=order_id).exclude(returns={}).exists()
    if not has_returns or order_event.returns_of([event.payload]):
        return None
    return order_query.fetch_order_if_allowed(event.shop.pk, order_id)


def apply(event: Event, fetched: News | None = None) -> bool:
    """Learn of the refund. Raises InvalidPayload and what the engine raises."""
    refund_id, lines = order_event.refund_of(event.payload)
    told = News(
        payload_reader.identifier(event.payload, "order_id"),
        refunds={refund_id: lines},
        refunded_at={refund_id: event.triggered_at.isoformat()} | order_event.times_of([event.payload]),
        returns=order_event.returns_of([event.payload]),
    )
    return order_facts.learn(event.shop, *[news for news in (told, fetched) if news])


handler = Handler(apply, fetch)
