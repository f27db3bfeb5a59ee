"""A shop's day as Shopify tells it: carts, orders, payments and refunds, some of it twice and some out of order."""

import base64
import hashlib
import hmac
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

ORDERS, SKUS = 731, 40
TWICE, OUT_OF_ORDER = 0.05, 0.2
# How many places a delivery that is out of order may move.
STRAY = 60

Payload = dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """One delivery, before it is signed."""

    webhook_id: str
    topic: str
    payload: Payload

    @property
    def body(self) -> bytes:
        """What is sent."""
        return orjson.dumps(self.payload)

    def headers(self, domain: str, secret: str) -> dict[str, str]:
        """The headers with which Shopify sends it to the shop `domain`."""
        signature = hmac.new(secret.encode(), self.body, hashlib.sha256).digest()
        return {
            "Content-Type": "application/json",
            "X-Shopify-Topic": self.topic,
            "X-Shopify-Shop-Domain": domain,
            "X-Shopify-Webhook-Id": self.webhook_id,
            "X-Shopify-Hmac-Sha256": base64.b64encode(signature).decode(),
        }


def sku(number: int) -> str:
    """The name of one of the SKUs."""
    return f"HOOK-{number:02d}"


def day(chance: random.Random, first: int = 1, orders: int = ORDERS) -> list[Delivery]:
    """What becomes of so many carts, in the order in which it arrives; about 4.3 deliveries for each."""
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    placed: list[tuple[float, Delivery]] = []
    for number in range(first, first + orders):
        for step, (topic, payload) in enumerate(_story(number, chance)):
            at = began + timedelta(seconds=number - first + 5 * step)
            told = Delivery(str(UUID(int=chance.getrandbits(128))), topic, payload | {"updated_at": at.isoformat()})
            place = (number - first) * 4 + step * 5.0
            place += chance.uniform(-STRAY, STRAY) if chance.random() < OUT_OF_ORDER else 0.0
            placed.append((place, told))
            if chance.random() < TWICE:
                placed.append((place + chance.uniform(0, STRAY), told))
    return [told for _, told in sorted(placed, key=lambda one: one[0])]


def _story(number: int, chance: random.Random) -> Iterator[tuple[str, Payload]]:
    units = {chosen: chance.randint(1, 3) for chosen in chance.sample(range(SKUS), chance.choice((1, 1, 2, 3)))}
    first = next(iter(units))
    yield "carts/create", _cart(number, {first: 1})
    yield "carts/update", _cart(number, units)
    yield "orders/create", _order(number, units, "pending" if chance.random() < 0.3 else "paid")
    yield "orders/paid", _order(number, units, "paid")
    if chance.random() < 0.3:
        yield "refunds/create", _refund(number, first)


def _lines(number: int, units: dict[int, int]) -> list[Payload]:
    return [
        {
            "id": number * 100 + chosen,
            "variant_id": 5_000 + chosen,
            "sku": sku(chosen),
            "quantity": quantity,
            "current_quantity": quantity,
            "price": "199.90",
            "properties": None,
        }
        for chosen, quantity in units.items()
    ]


def _cart(number: int, units: dict[int, int]) -> Payload:
    return {"id": f"bench-{number}", "token": f"bench-{number}", "line_items": _lines(number, units)}


def _order(number: int, units: dict[int, int], payment: str) -> Payload:
    return {
        "id": number,
        "name": f"#{number}",
        "confirmation_number": f"C{number:08d}",
        "cart_token": f"bench-{number}",
        "cancelled_at": None,
        "currency": "BRL",
        "financial_status": payment,
        "payment_gateway_names": ["Pix"],
        "source_name": "web",
        "note_attributes": [],
        "line_items": _lines(number, units),
        "refunds": [],
    }


def _refund(number: int, chosen: int) -> Payload:
    line = {"line_item_id": number * 100 + chosen, "quantity": 1, "restock_type": "return"}
    return {"id": number * 10, "order_id": number, "restock": True, "refund_line_items": [line]}
