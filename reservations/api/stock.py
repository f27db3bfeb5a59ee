"""``GET /stock/{sku}``: how many units of a SKU are free."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from reservations import engine
from reservations.models import Scope

from . import answers
from .answers import Reply
from .operation import Operation
from .pipeline import ApiRequest, ApiView
from .schema import operations
from .sku import check_sku_in_path
from .web_request import WebRequest


class TellsStock(Operation):
    """An operation that tells how many units are free: a shop's server all of it, a shopper less."""

    async def stock_reply(self, request: WebRequest, sku: str) -> Reply:
        """Answer with the numbers of `sku`, in units. Raises InvalidSku or UnknownSku."""
        check_sku_in_path(request.meta, sku)
        stock = await request.ask(partial(engine.stock, request.shop.pk, sku))
        return answers.send(answers.success(self.stock_told(request, stock)))

    def stock_told(self, request: WebRequest, stock: engine.Stock) -> dict[str, Any]:
        """The members of the answer."""
        # Shops show `quantity` as it is, and none sells minus two; the three numbers beside it tell of the shortfall.
        return {
            "sku": stock.sku,
            "quantity": self.units_told(request, max(0, stock.available)),
            "on_hand": stock.on_hand,
            "reserved": stock.reserved,
            "in_flight": stock.in_flight,
            **({"sells_without_stock": True} if stock.sells_without_stock else {}),
        }

    def units_told(self, request: WebRequest, units: int) -> int:
        """As how many this caller is told of so many free units."""
        return units


class ReadStock(TellsStock):
    """A committed read without a lock: it may be a moment old, and holds nothing.

    An address that a command shares with a SKU names that `sku`, of which a part may stand in the address.
    """

    scope = Scope.READ

    def __init__(self, sku: str = "{sku}") -> None:
        self._sku = sku

    async def reply(self, request: WebRequest, **address: str) -> Reply:
        """The numbers of the SKU. Raises InvalidSku or UnknownSku."""
        return await self.stock_reply(request, self._sku.format(**address))


class StockView(ApiView):
    """The stock of one SKU."""

    meanings: ClassVar[Mapping[str, Operation]] = {"GET": ReadStock()}

    @operations.read_stock
    def get(self, request: ApiRequest, sku: str) -> Reply:
        """A committed read without a lock: it may be a moment old, and holds nothing."""
        return self.reply(request, sku=sku)


class SharedAddress(ApiView):
    """The address of a command that takes all it needs from the body, and of the SKU that is called like it."""

    def post(self, request: ApiRequest) -> Reply:
        """Carry the command out."""
        return self.reply(request)

    def get(self, request: ApiRequest) -> Reply:
        """The stock of that SKU."""
        return self.reply(request)
