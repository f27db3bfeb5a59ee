"""``orders/updated``: anything about an order changed, most often nothing that we count.

It comes for every tag, note and fulfilment, so a payload whose facts we know costs a read. An exchange shows only here.
"""

from reservations.shopify.orders import order_facts, order_query
from reservations.shopify.orders.order_news import News

from . import order_event
from .handler import Event, Handler


def fetch(event: Event) -> News | None:
    """Ask Shopify how the order stands if units left it unexplained. Raises Unreachable and InvalidPayload."""
    told = order_event.news_of(event)
    if not order_facts.is_unexplained(event.shop.pk, told):
        return None
    return order_query.fetch_order_if_allowed(event.shop.pk, told.order_id)


def apply(event: Event, fetched: News | None = None) -> bool:
    """Learn what the payload says, if it says anything new. Raises InvalidPayload and what the engine raises."""
    if fetched is None and order_facts.knows(event.shop.pk, order_event.news_of(event)):
        return False
    return order_event.apply(event, fetched)


handler = Handler(apply, fetch)
