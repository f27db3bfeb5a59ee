"""Find the SKU that a line of a cart or an order means."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Exists, OuterRef

from reservations.models import SkuLink, StockItem
from reservations.models.stock import MAX_SKU_LENGTH
from reservations.shopify.webhooks import payload_reader
from reservations.shopify.webhooks.payload_reader import Payload

HOLD = "_bazico_hold"
CART = "_bazico_cart"
_PRICE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class ShopifyLine:
    """A line as Shopify reports it. ``hold`` is the reservation that our script attached to it.

    ``cart`` is our uuid of the cart: our script names it on a line whose hold it did not know yet.

    ``moves``: its units leave the shelf and come back to it. Units of a custom item, which no variant sells, and of a
    SKU that Shopify does not track never do, neither there nor here.

    ``price`` is that of one unit before discounts, in the shop's currency; "" if Shopify does not tell it.
    """

    line_id: str
    variant_id: str
    sku: str
    quantity: int
    current: int
    hold: UUID | None
    price: str = ""
    moves: bool = True
    cart: UUID | None = None


def lines_of(shop_id: int, rows: Sequence[Payload]) -> list[ShopifyLine]:
    """The lines of a payload that name a SKU, themselves or through their variant's link. Raises InvalidPayload.

    Where the stock does not know a line's SKU, because somebody has written another one since, its variant's decides.
    """
    return name_skus(shop_id, [read_lines(rows)])[0]


def read_lines(rows: Sequence[Payload]) -> list[ShopifyLine]:
    """The lines as a payload has them; :func:`name_skus` says what they sell. Raises InvalidPayload."""
    return [_line(row) for row in rows]


def name_skus(shop_id: int, payloads: Sequence[Sequence[ShopifyLine]]) -> list[list[ShopifyLine]]:
    """For each payload, its lines that name a SKU, each with the one that it sells: three queries for all of them."""
    lines = [line for payload in payloads for line in payload]
    skus = {line.sku for line in lines}
    stocked = set(StockItem.objects.filter(shop=shop_id, sku__in=skus).values_list("sku", flat=True)) if skus else set()
    linked = _linked(shop_id, {line.variant_id for line in lines if line.sku not in stocked and line.variant_id})
    named = [
        [line if line.sku in stocked else _with_sku(line, linked.get(line.variant_id)) for line in payload]
        for payload in payloads
    ]
    untracked = _untracked(shop_id, {line.sku for payload in named for line in payload if line.sku})
    return [
        [replace(line, moves=False) if line.sku in untracked else line for line in payload if line.sku]
        for payload in named
    ]


def units_of(rows: Sequence[Payload]) -> tuple[int, int]:
    """Units ordered in all rows of an order, and those still in it. Raises InvalidPayload."""
    lines = [_line(row) for row in rows]
    return sum(line.quantity for line in lines), sum(line.current for line in lines)


def uuid_of(value: object) -> UUID | None:
    """The uuid that a buyer's attribute spells, None when it spells none: buyers can write anything there."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _line(row: Payload) -> ShopifyLine:
    sku = payload_reader.text(row, "sku")
    quantity = payload_reader.units(row, "quantity")
    properties = payload_reader.members(row, "properties")
    return ShopifyLine(
        line_id=payload_reader.identifier(row, "id") if row.get("id") is not None else "",
        variant_id=payload_reader.identifier(row, "variant_id") if row.get("variant_id") is not None else "",
        sku=sku if len(sku) <= MAX_SKU_LENGTH else "",
        quantity=quantity,
        # A cart has no edits, so its lines name no current quantity: what was put in is what there is.
        current=payload_reader.units(row, "current_quantity", quantity),
        hold=_hold(properties.get(HOLD)),
        price=_price(row.get("price")),
        # Null, and not absent: an absent member says nothing.
        moves=row.get("variant_id", "") is not None,
        cart=uuid_of(properties.get(CART)),
    )


def _hold(value: object) -> UUID | None:
    """The hold that a line names, as "<hold id>:<end of its cart's name>" or by its id alone."""
    return uuid_of(value.split(":", 1)[0]) if isinstance(value, str) else None


def _price(value: object) -> str:
    """The price as Shopify writes it, "199.90"; "" for anything else, for no order fails because of its price."""
    return value if isinstance(value, str) and _PRICE.fullmatch(value) else ""


def _linked(shop_id: int, variant_ids: Iterable[str]) -> Mapping[str, tuple[str, bool]]:
    """By variant, the SKU that it sells now, and whether the stock knows that one."""
    # The stock knows the SKUs of most lines, so most orders cost no query here.
    wanted = [int(variant_id) for variant_id in variant_ids]
    if not wanted:
        return {}
    known = Exists(StockItem.objects.filter(shop=shop_id, sku=OuterRef("sku")))
    links = SkuLink.objects.filter(shop=shop_id, variant_id__in=wanted).annotate(is_stocked=known)
    rows: Any = links.values_list("variant_id", "sku", "is_stocked")
    return {str(variant_id): (sku, is_stocked) for variant_id, sku, is_stocked in rows}


def _with_sku(line: ShopifyLine, link: tuple[str, bool] | None) -> ShopifyLine:
    if link is None or (line.sku and not link[1]):
        return line
    return replace(line, sku=link[0])


def _untracked(shop_id: int, skus: Collection[str]) -> set[str]:
    """The SKUs of which Shopify tracks no variant. One tracked variant is enough, because all share the units."""
    if not skus:
        return set()
    links = SkuLink.objects.filter(shop=shop_id, sku__in=skus)
    found = links.values("sku").annotate(tracks=BoolOr("tracked")).filter(tracks=False)
    return set(found.values_list("sku", flat=True))
