"""Webhooks about an order: every change sends an orders/updated, besides its own topic."""

from typing import Any

from sandbox.shopify import payloads
from sandbox.shopify.entities import Order
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.store import Store


def tell(shopify: Shopify, store: Store, order: Order, *topics: str, **others: Any) -> None:
    """The order has changed now: send it under `topics`, each of `others` with its own body, and orders/updated.

    The names of `others` are topics with two underscores in place of the slash.
    """
    store.touch(order)
    for topic, body in others.items():
        shopify.webhooks.send(store, topic.replace("__", "/"), body)
    for topic in (*topics, "orders/updated"):
        shopify.webhooks.send(store, topic, payloads.order(order))
