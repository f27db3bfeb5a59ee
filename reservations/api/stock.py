"""``GET /stock/{sku}``: how many units of a SKU are free."""

from typing import ClassVar

from django.http import HttpResponse

from reservations import engine

from . import answers
from .pipeline import ApiRequest, ApiView
from .schema import operations
from .sku import check_sku_in_path


def stock_answer(request: ApiRequest, sku: str) -> HttpResponse:
    """Answer with the numbers of `sku`, in units. Raises InvalidSku or UnknownSku."""
    check_sku_in_path(request, sku)
    stock = engine.stock(request.shop.id, sku)
    # Shops show `quantity` as it is, and none sells minus two; the three numbers beside it tell of the shortfall.
    body = {
        "sku": stock.sku,
        "quantity": max(0, stock.available),
        "on_hand": stock.on_hand,
        "reserved": stock.reserved,
        "in_flight": stock.in_flight,
        **({"sells_without_stock": True} if stock.sells_without_stock else {}),
    }
    return answers.send(answers.success(body))


class StockView(ApiView):
    """The stock of one SKU."""

    @operations.read_stock
    def get(self, request: ApiRequest, sku: str) -> HttpResponse:
        """A committed read without a lock: it may be a moment old, and holds nothing."""
        return stock_answer(request, sku)


class SharedAddress:
    """Mixed into a command's view, whose address is a SKU's too: ``GET /stock/confirm`` asks for the SKU "confirm"."""

    # The SKU that shares the command's address.
    sku: ClassVar[str]

    def get(self, request: ApiRequest) -> HttpResponse:
        """The stock of that SKU."""
        return stock_answer(request, self.sku)
