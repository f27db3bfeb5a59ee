"""What every webhook of a return tells us: that we have to ask how its order stands."""

from reservations.shopify.client.global_ids import number
from reservations.shopify.orders import order_facts, order_query, return_query
from reservations.shopify.orders.order_news import News

from . import payload_reader
from .handler import Event, Handler

# The object that a payload is about, by the first part of its topic.
_KINDS = {"returns": "return", "reverse_fulfillment_orders": "reverseFulfillmentOrder"}


def fetch(event: Event) -> News | None:
    """Ask Shopify for the return's order; None if there is none or we may not ask. Raises Unreachable."""
    order_id = _order_id(event) or return_query.order_id_if_allowed(
        event.shop.pk, _KINDS[event.topic.split("/")[0]], payload_reader.identifier(event.payload, "id")
    )
    return order_query.fetch_order_if_allowed(event.shop.pk, order_id) if order_id else None


def apply(event: Event, fetched: News | None = None) -> bool:
    """Learn how the order stands. Raises what the engine raises."""
    return fetched is not None and order_facts.learn(event.shop, fetched)


def _order_id(event: Event) -> str:
    """The order's id if the payload names it; Shopify does not promise that it always does."""
    order = payload_reader.members(event.payload, "order")
    if order.get("id") is not None:
        return payload_reader.identifier(order, "id")
    return number(order.get("admin_graphql_api_id"))


handler = Handler(apply, fetch)
