"""What an address for shoppers does in another way than the same address does for a shop's server."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from reservations import engine
from reservations.api.cart_validate import ValidateCartView
from reservations.api.extend import ExtendView
from reservations.api.pipeline import ApiRequest
from reservations.api.release import ReleaseView
from reservations.api.stock import StockView, TellsStock
from reservations.api.stock_command import CommandView

# Where the shop limits no line, a shopper hears of so many free units at most.
MOST_TOLD = 99


class ForShoppers(TellsStock):
    """Mixed in before a view of the API: a shopper hears what is free, up to what one cart may hold, and no more."""

    def units_told(self, units: int) -> int:
        """So many free units, or the most that one cart may hold."""
        shop = cast("ApiRequest", self.request).shop
        return min(units, shop.max_units_per_line or MOST_TOLD)

    def stock_told(self, stock: engine.Stock) -> dict[str, Any]:
        """What is free; what the shop has, holds and sells is its own affair."""
        told = super().stock_told(stock)
        return {name: told[name] for name in ("sku", "quantity", "sells_without_stock") if name in told}

    def refusal_told(self, refusal: engine.OutOfStock) -> engine.OutOfStock:
        """The refusal with no more units in it than a shopper may hear of."""
        return engine.OutOfStock(
            replace(line, available=self.units_told(line.available), in_doubt=self.units_told(line.in_doubt))
            for line in refusal.lines
        )


class ShopperCommand(ForShoppers, CommandView):
    """Mixed in before a view whose POST changes stock."""

    def credential(self, request: ApiRequest, asked: Mapping[str, Any]) -> str:
        """The cart's, or the hold's, whose names are secrets: one shopper's keys never meet another's."""
        whose = asked.get("cart_token") or asked.get("reservation_id") or asked["reservation_ids"][0]
        return f"{request.caller.credential}:{whose}"


class ShopperStockView(ForShoppers, StockView):
    """How many units of a SKU are free."""


class ShopperReleaseView(ShopperCommand, ReleaseView):
    """Give units back."""


class ShopperExtendView(ShopperCommand, ExtendView):
    """More time for a hold."""


class ShopperValidateView(ForShoppers, ValidateCartView):
    """Which lines of a cart would get their units now."""
