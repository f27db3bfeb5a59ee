"""``POST /stock/confirm``: the purchase closed, the hold becomes a sale."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_view

from reservations import engine
from reservations.models import Scope

from . import answers
from .operation import Operation
from .schema import operations
from .serializers import CONFIRM, target_of
from .stock import ReadStock, SharedAddress
from .stock_command import Asked, StockCommand
from .web_request import Holds, WebRequest


class Confirm(StockCommand):
    """Sell what the buyer holds: all that the body names, or an error that names each reservation in the way."""

    scope = Scope.CONFIRM

    serializer = CONFIRM

    async def carry_out(
        self, request: WebRequest, asked: Asked, idempotency: engine.Idempotency | None, **address: str
    ) -> Holds:
        """Confirm all that the body names."""
        order_id = asked.get("order_id", "")
        return await request.submit(
            partial(engine.confirm, request.shop.pk, target_of(asked), order_id=order_id, idempotency=idempotency)
        )

    def told(self, request: WebRequest, holds: Holds, asked: Asked, **address: str) -> Mapping[str, Any]:
        """What is sold."""
        return {"status": "confirmed", "reservations": answers.reservations(holds)}


@extend_schema_view(post=operations.confirm, get=operations.shared_address("confirm", "`confirm`"))
class ConfirmView(SharedAddress):
    """The address, which is that of the SKU "confirm" too."""

    meanings: ClassVar[Mapping[str, Operation]] = {"POST": Confirm(), "GET": ReadStock("confirm")}
