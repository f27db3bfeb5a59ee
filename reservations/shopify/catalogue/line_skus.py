"""Find the SKU that a line of a cart or an order means."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from reservations.models import SkuLink
from reservations.models.stock import MAX_SKU_LENGTH
from reservations.shopify.webhooks import payload_reader
from reservations.shopify.webhooks.payload_reader import Payload

HOLD = "_bazico_hold"
CART = "_bazico_cart"
_PRICE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class ShopifyLine:
    """A line as Shopify reports it. ``hold`` is the reservation that our script attached to it.

    ``price`` is that of one unit before discounts, in the shop's currency; "" where it is not told.
    """

    line_id: str
    variant_id: str
    sku: str
    quantity: int
    current: int
    hold: UUID | None
    price: str = ""


def lines_of(shop_id: int, rows: Sequence[Payload]) -> list[ShopifyLine]:
    """The lines of a payload that name a SKU, themselves or through their variant's link. Raises InvalidPayload."""
    lines = [_line(row) for row in rows]
    linked = _linked(shop_id, {line.variant_id for line in lines if not line.sku and line.variant_id})
    named = (line if line.sku else _with_sku(line, linked.get(line.variant_id, "")) for line in lines)
    return [line for line in named if line.sku]


def uuid_of(value: object) -> UUID | None:
    """The uuid that a buyer's attribute spells, None when it spells none: buyers can write anything there."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _line(row: Payload) -> ShopifyLine:
    sku = payload_reader.text(row, "sku")
    quantity = payload_reader.units(row, "quantity")
    return ShopifyLine(
        line_id=payload_reader.identifier(row, "id") if row.get("id") is not None else "",
        variant_id=payload_reader.identifier(row, "variant_id") if row.get("variant_id") is not None else "",
        sku=sku if len(sku) <= MAX_SKU_LENGTH else "",
        quantity=quantity,
        # A cart has no edits, so its lines name no current quantity: what was put in is what there is.
        current=payload_reader.units(row, "current_quantity", quantity),
        hold=_hold(payload_reader.members(row, "properties").get(HOLD)),
        price=_price(row.get("price")),
    )


def _hold(value: object) -> UUID | None:
    """The hold that a line names, as "<hold id>:<end of its cart's name>" or by its id alone."""
    return uuid_of(value.split(":", 1)[0]) if isinstance(value, str) else None


def _price(value: object) -> str:
    """The price as Shopify writes it, "199.90"; "" for anything else, for no order fails because of its price."""
    return value if isinstance(value, str) and _PRICE.fullmatch(value) else ""


def _linked(shop_id: int, variant_ids: Iterable[str]) -> Mapping[str, str]:
    # Most lines name their SKU, so most orders cost no query here.
    wanted = [int(variant_id) for variant_id in variant_ids]
    if not wanted:
        return {}
    rows: Any = SkuLink.objects.filter(shop=shop_id, variant_id__in=wanted).values_list("variant_id", "sku")
    return {str(variant_id): sku for variant_id, sku in rows}


def _with_sku(line: ShopifyLine, sku: str) -> ShopifyLine:
    return replace(line, sku=sku)
