"""``orders/edited``: not an order but what changed in one, by its lines' ids. Shopify is asked for the rest."""

from reservations.shopify import asking, orders
from reservations.shopify.orders import News

from . import reading
from .handler import Event, Handler
from .reading import Payload


def fetch(event: Event) -> News | None:
    """The order as it stands, None where we may not ask. Raises Unreachable."""
    return asking.order_if_allowed(event.shop.pk, reading.identifier(_edit(event), "order_id"))


def apply(event: Event, fetched: News | None = None) -> bool:
    """Learn of the edit, then how the order stands. Raises InvalidPayload and what the engine raises."""
    edit = _edit(event)
    lines = reading.members(edit, "line_items")
    at = reading.time(edit, "committed_at") or reading.time(edit, "created_at") or event.triggered_at
    facts = {
        "at": at.isoformat(),
        "added": _units(lines, "additions"),
        "removed": _units(lines, "removals"),
        # Lines asked for after the edit show it.
        "shown": fetched is not None,
    }
    news = News(reading.identifier(edit, "order_id"), edits={reading.identifier(edit, "id"): facts})
    learned = orders.learn(event.shop, news)
    return (fetched is not None and orders.learn(event.shop, fetched)) or learned


def _edit(event: Event) -> Payload:
    return reading.members(event.payload, "order_edit")


def _units(lines: Payload, name: str) -> dict[str, int]:
    units: dict[str, int] = {}
    for row in reading.rows(lines, name):
        line_id = reading.identifier(row, "id")
        # Removals are told as a positive or a negative number, depending on where one looks.
        delta = row.get("delta")
        size = {"delta": abs(delta) if type(delta) is int else delta}
        units[line_id] = units.get(line_id, 0) + reading.units(size, "delta")
    return units


handler = Handler(apply, fetch)
