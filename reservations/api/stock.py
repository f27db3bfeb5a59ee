"""``GET /stock/{sku}``: how many units of a SKU are free."""

from typing import Any, ClassVar

from django.http import HttpResponse

from reservations import engine

from . import answers
from .pipeline import ApiRequest, ApiView
from .schema import operations
from .sku import check_sku_in_path


class TellsStock(ApiView):
    """A view that tells how many units are free: a shop's server all of it, a shopper less."""

    def stock_answer(self, request: ApiRequest, sku: str) -> HttpResponse:
        """Answer with the numbers of `sku`, in units. Raises InvalidSku or UnknownSku."""
        check_sku_in_path(request, sku)
        return answers.send(answers.success(self.stock_told(engine.stock(request.shop.id, sku))))

    def stock_told(self, stock: engine.Stock) -> dict[str, Any]:
        """The members of the answer."""
        # Shops show `quantity` as it is, and none sells minus two; the three numbers beside it tell of the shortfall.
        return {
            "sku": stock.sku,
            "quantity": self.units_told(max(0, stock.available)),
            "on_hand": stock.on_hand,
            "reserved": stock.reserved,
            "in_flight": stock.in_flight,
            **({"sells_without_stock": True} if stock.sells_without_stock else {}),
        }

    def units_told(self, units: int) -> int:
        """As how many this caller is told of so many free units."""
        return units


class StockView(TellsStock):
    """The stock of one SKU."""

    @operations.read_stock
    def get(self, request: ApiRequest, sku: str) -> HttpResponse:
        """A committed read without a lock: it may be a moment old, and holds nothing."""
        return self.stock_answer(request, sku)


class SharedAddress(TellsStock):
    """Mixed into a command's view, whose address is a SKU's too: ``GET /stock/confirm`` asks for the SKU "confirm"."""

    # The SKU that shares the command's address.
    sku: ClassVar[str]

    def get(self, request: ApiRequest) -> HttpResponse:
        """The stock of that SKU."""
        return self.stock_answer(request, self.sku)
