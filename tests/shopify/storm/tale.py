"""A shop's busy day, as webhooks in the order in which things happened."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any
from uuid import UUID

BEGAN = datetime.fromisoformat("2026-11-27T08:00:00-03:00")
SKUS = [f"STORM-{number}" for number in range(12)]
# More than a day of this size sells: were units short, the order of arrival would decide who gets them.
UNITS = 100_000

Payload = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """One delivery: its own id, and when it was triggered."""

    webhook_id: str
    topic: str
    payload: Payload
    at: datetime


def day(size: int, chance: random.Random) -> list[Told]:
    """`size` webhooks: carts that grow, are emptied or left, orders paid, edited, refunded and cancelled."""
    clock = (BEGAN + timedelta(milliseconds=100 * tick) for tick in count())
    shoppers = (part for number in count(1) for part in _shopper(number, chance))
    told = []
    for topic, payload in islice(shoppers, size):
        at = next(clock)
        stamped = _stamped(topic, payload, at)
        told.append(Told(str(UUID(int=chance.getrandbits(128))), topic, stamped, at))
    return told


def _shopper(number: int, chance: random.Random) -> Iterator[tuple[str, Payload]]:
    """One shopper's cart and, mostly, order."""
    skus = chance.sample(SKUS, chance.choice((1, 1, 2)))
    units = {sku: chance.randint(1, 4) for sku in skus}
    yield "carts/create", _cart(number, {skus[0]: 1})
    yield "carts/update", _cart(number, units)
    if chance.random() < 0.1:
        yield "carts/update", _cart(number, {})
        return
    if chance.random() < 0.15:
        return
    yield "orders/create", _order(number, units)
    if chance.random() < 0.9:
        yield "orders/paid", _order(number, units)
    if chance.random() < 0.15:
        yield "orders/edited", _edit(number, skus[0])
    fate = chance.random()
    if fate < 0.2:
        kind = chance.choice(("return", "no_restock"))
        yield "refunds/create", _refund(number, {skus[0]: 1}, kind)
    elif fate < 0.35:
        everything = _refund(number, units, "cancel")
        yield "refunds/create", everything
        yield "orders/cancelled", _order(number, units) | {"cancelled_at": "", "refunds": [everything]}


def _line_id(number: int, sku: str) -> int:
    return number * 100 + SKUS.index(sku)


def _cart(number: int, units: dict[str, int]) -> Payload:
    lines = [{"id": 1 + SKUS.index(sku), "sku": sku, "quantity": quantity} for sku, quantity in units.items()]
    return {"id": f"cart-{number}", "token": f"cart-{number}", "line_items": lines}


def _order(number: int, units: dict[str, int]) -> Payload:
    lines = [
        {"id": _line_id(number, sku), "sku": sku, "quantity": quantity, "current_quantity": quantity}
        for sku, quantity in units.items()
    ]
    return {
        "id": number,
        "name": f"#{number}",
        "cart_token": f"cart-{number}",
        "note_attributes": [],
        "cancelled_at": None,
        "line_items": lines,
        "refunds": [],
    }


def _refund(number: int, units: dict[str, int], kind: str) -> Payload:
    rows = [
        {"id": place, "line_item_id": _line_id(number, sku), "quantity": quantity, "restock_type": kind}
        for place, (sku, quantity) in enumerate(units.items(), 1)
    ]
    return {"id": number * 10, "order_id": number, "restock": kind != "no_restock", "refund_line_items": rows}


def _edit(number: int, sku: str) -> Payload:
    """One unit more, which the order's own webhooks, being older, do not show."""
    lines = {"additions": [{"id": _line_id(number, sku), "delta": 1}], "removals": []}
    return {"order_edit": {"id": number * 10 + 1, "order_id": number, "line_items": lines}}


def _stamped(topic: str, payload: Payload, at: datetime) -> Payload:
    """The payload, with the time at which it was true."""
    if topic == "orders/edited":
        return {"order_edit": payload["order_edit"] | {"committed_at": at.isoformat()}}
    stamped = payload | {"updated_at": at.isoformat()}
    return stamped | {"cancelled_at": at.isoformat()} if payload.get("cancelled_at") == "" else stamped
