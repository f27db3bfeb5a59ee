"""What an address for shoppers does in another way than the same address does for a shop's server."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from reservations import engine
from reservations.api.cart_validate import ValidateCart, ValidateCartView
from reservations.api.extend import Extend, ExtendView
from reservations.api.operation import Operation
from reservations.api.stock import ReadStock, StockView, TellsStock
from reservations.api.stock_command import Asked, StockCommand
from reservations.api.web_request import WebRequest

# Where the shop limits no line, a shopper hears of so many free units at most.
MOST_TOLD = 99


def units_told(request: WebRequest, units: int) -> int:
    """So many free units, or the most that one cart may hold: no shopper hears of more."""
    return min(units, request.shop.max_units_per_line or MOST_TOLD)


def refusal_told(request: WebRequest, refusal: engine.OutOfStock) -> engine.OutOfStock:
    """The refusal with no more units in it than a shopper may hear of."""
    return engine.OutOfStock(
        replace(line, available=units_told(request, line.available), in_doubt=units_told(request, line.in_doubt))
        for line in refusal.lines
    )


class ForShoppers(TellsStock):
    """Mixed in before an operation of the API: a shopper hears what is free, and no more."""

    def units_told(self, request: WebRequest, units: int) -> int:
        """So many free units, or the most that one cart may hold."""
        return units_told(request, units)

    def stock_told(self, request: WebRequest, stock: engine.Stock) -> dict[str, Any]:
        """What is free; what the shop has, holds and sells is its own affair."""
        told = super().stock_told(request, stock)
        return {name: told[name] for name in ("sku", "quantity", "sells_without_stock") if name in told}


class ShopperCommand(StockCommand):
    """Mixed in before an operation that changes stock."""

    def credential(self, request: WebRequest, asked: Asked) -> str:
        """The cart's, or the hold's, whose names are secrets: one shopper's keys never meet another's."""
        whose = asked.get("cart_token") or asked.get("reservation_id") or asked["reservation_ids"][0]
        return f"{request.caller.credential}:{whose}"


class ShopperReadStock(ForShoppers, ReadStock):
    """How many units of a SKU are free."""


class ShopperExtend(ShopperCommand, Extend):
    """More time for a hold."""


class ShopperValidateCart(ForShoppers, ValidateCart):
    """Which lines of a cart would get their units now."""


class ShopperStockView(StockView):
    """The address of a SKU's stock, for shoppers."""

    meanings: ClassVar[Mapping[str, Operation]] = {"GET": ShopperReadStock()}


class ShopperExtendView(ExtendView):
    """The address of an extend, for shoppers."""

    meanings: ClassVar[Mapping[str, Operation]] = {"POST": ShopperExtend(), "GET": ShopperReadStock("extend")}


class ShopperValidateView(ValidateCartView):
    """The address of a look at a cart, for shoppers."""

    meanings: ClassVar[Mapping[str, Operation]] = {"POST": ShopperValidateCart()}
