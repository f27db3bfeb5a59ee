"""``orders/edited``: not an order but what changed in one, by line id. We ask Shopify for the rest."""

from reservations.shopify.orders import order_facts, order_query
from reservations.shopify.orders.order_news import News

from . import payload_reader
from .handler import Event, Handler
from .payload_reader import Payload


def fetch(event: Event) -> News | None:
    """Ask Shopify how the order stands; None where we may not ask. Raises Unreachable."""
    return order_query.fetch_order_if_allowed(event.shop.pk, payload_reader.identifier(_edit(event), "order_id"))


def apply(event: Event, fetched: News | None = None) -> bool:
    """Learn about the edit, then how the order stands. Raises InvalidPayload and what the engine raises."""
    edit = _edit(event)
    lines = payload_reader.members(edit, "line_items")
    at = payload_reader.time(edit, "committed_at") or payload_reader.time(edit, "created_at") or event.triggered_at
    facts = {
        "at": at.isoformat(),
        "added": _units(lines, "additions"),
        "removed": _units(lines, "removals"),
        # Lines that we asked for after the edit already show it.
        "shown": fetched is not None,
    }
    news = News(payload_reader.identifier(edit, "order_id"), edits={payload_reader.identifier(edit, "id"): facts})
    return order_facts.learn(event.shop, *[told for told in (news, fetched) if told])


def _edit(event: Event) -> Payload:
    return payload_reader.members(event.payload, "order_edit")


def _units(lines: Payload, name: str) -> dict[str, int]:
    units: dict[str, int] = {}
    for row in payload_reader.rows(lines, name):
        line_id = payload_reader.identifier(row, "id")
        # Shopify writes removals as positive numbers in some places and as negative ones in others.
        delta = row.get("delta")
        size = {"delta": abs(delta) if type(delta) is int else delta}
        units[line_id] = units.get(line_id, 0) + payload_reader.units(size, "delta")
    return units


handler = Handler(apply, fetch)
