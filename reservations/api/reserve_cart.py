"""``POST /stock/reserve``: hold all lines of a cart, or none."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_view

from reservations import engine

from . import answers
from .operation import Operation
from .reserve import Reserve
from .schema import operations
from .serializers import RESERVE_CART
from .stock import ReadStock, SharedAddress
from .stock_command import Asked
from .web_request import Holds, WebRequest


class ReserveCart(Reserve):
    """Hold every line of a cart, or name each that the stock does not cover."""

    serializer = RESERVE_CART

    async def carry_out(
        self, request: WebRequest, asked: Asked, idempotency: engine.Idempotency | None, **address: str
    ) -> Holds:
        """Reserve all lines at once."""
        lines = [engine.Line(**line) for line in asked["lines"]]
        return await self.hold(request, lines, cart_token=asked["cart_token"], idempotency=idempotency)

    def told(self, request: WebRequest, holds: Holds, asked: Asked, **address: str) -> Mapping[str, Any]:
        """A reservation for each SKU, or that none is needed."""
        held = {hold.sku: answers.reservation(hold) for hold in holds}
        lines = engine.sum_lines([engine.Line(**line) for line in asked["lines"]])
        told = [held.get(line.sku) or answers.no_hold_needed(line, asked["cart_token"]) for line in lines]
        return {"reservations": told}


@extend_schema_view(post=operations.reserve_cart, get=operations.shared_address("reserve_cart", "`reserve`"))
class ReserveCartView(SharedAddress):
    """The address, which is that of the SKU "reserve" too."""

    meanings: ClassVar[Mapping[str, Operation]] = {"POST": ReserveCart(), "GET": ReadStock("reserve")}
