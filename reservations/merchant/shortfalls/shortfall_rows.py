"""Shortfalls as rows of a page: with the order at Shopify, their worth, their cause and what can be done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from reservations.merchant.actors import in_words
from reservations.merchant.frame.frame_policy import ADMIN
from reservations.merchant.money import money
from reservations.merchant.stock.sku_list import free_units
from reservations.models import Shop, ShopifyOrder, Shortfall
from reservations.shopify.access.shop_domain import store_name

from .shortfall_causes import causes

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A shortfall and all that the page says of it.

    ``worth`` is None where we know no price of it; ``usable`` are the free units that a person may give it.
    """

    shortfall: Shortfall
    order: str
    address: str
    worth: Decimal | None
    currency: str
    cause: str
    usable: int
    waits: bool
    kept_out_by: str

    @property
    def price(self) -> str:
        """Its worth in words; empty where it is not known."""
        return "" if self.worth is None else money(self.worth, self.currency)


@dataclass(frozen=True, slots=True)
class Totals:
    """What the rows come to: units, worth by currency, and how many rows have no price that we know."""

    units: int
    worth: Sequence[str]
    without_price: int


def open_shortfalls(shop: Shop) -> QuerySet[Shortfall]:
    """The shortfalls that wait for a unit or for a person."""
    return Shortfall.objects.filter(shop=shop, resolved_at=None, quantity__gt=0)


def oldest_rows(shop: Shop) -> tuple[Sequence[Row], bool]:
    """Up to SHOWN open shortfalls, the oldest payment first; and whether there are more."""
    found = list(open_shortfalls(shop).select_related("stock_item").order_by("paid_at", "pk")[: SHOWN + 1])
    return _rows(shop, found[:SHOWN]), len(found) > SHOWN


def totals(rows: Iterable[Row]) -> Totals:
    """The sums of these rows."""
    known = list(rows)
    # By currency, because reais and dollars make no sum.
    worth: dict[str, Decimal] = {}
    for row in known:
        if row.worth is not None:
            worth[row.currency] = worth.get(row.currency, Decimal(0)) + row.worth
    return Totals(
        units=sum(row.shortfall.quantity for row in known),
        worth=[money(amount, currency) for currency, amount in sorted(worth.items())],
        without_price=sum(row.worth is None for row in known),
    )


def _rows(shop: Shop, shortfalls: Sequence[Shortfall]) -> Sequence[Row]:
    """The rows, with as many queries for fifty as for one."""
    orders = {
        order.order_id: order
        for order in ShopifyOrder.objects.filter(shop=shop, order_id__in={one.order_id for one in shortfalls})
    }
    free = free_units(shop, {one.stock_item_id for one in shortfalls})
    why = causes(shop, shortfalls, orders)
    return [
        Row(
            shortfall=one,
            order=order.name if (order := orders.get(one.order_id)) and order.name else one.order_id,
            address=_address(shop, one.order_id),
            worth=_worth(one, order),
            currency=order.currency if order else "",
            cause=why[one.pk],
            usable=min(one.quantity, max(0, free.get(one.stock_item_id, 0))),
            waits=shop.rescue_paid_orders and not one.kept_out_by,
            kept_out_by=in_words(one.kept_out_by),
        )
        for one in shortfalls
    ]


def _address(shop: Shop, order_id: str) -> str:
    """The order in Shopify's admin; empty for an order that only the API named."""
    is_shopifys = order_id.isascii() and order_id.isdigit()
    return f"{ADMIN}/store/{store_name(shop.domain)}/orders/{order_id}" if is_shopifys else ""


def _worth(shortfall: Shortfall, order: ShopifyOrder | None) -> Decimal | None:
    """The missing units at the order's price of one, before discounts; None where it names none, or several."""
    # An order may list a SKU twice at two prices, and which of them lacks the unit nobody can say.
    lines = [line for line in (order.lines.values() if order else ()) if line["sku"] == shortfall.stock_item.sku]
    prices = {line.get("price") for line in lines}
    price = prices.pop() if len(prices) == 1 else None
    return Decimal(price) * shortfall.quantity if price else None
