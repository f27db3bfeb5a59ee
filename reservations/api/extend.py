"""``POST /stock/extend``: more time for a hold that is still alive."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_view

from reservations import engine
from reservations.models import Scope

from . import answers
from .operation import Operation
from .schema import operations
from .serializers import TARGET, target_of
from .stock import ReadStock, SharedAddress
from .stock_command import Asked, StockCommand
from .web_request import Holds, WebRequest


class Extend(StockCommand):
    """Let living holds end later: all that the body names, or an error that names each reservation in the way."""

    scope = Scope.HOLD

    serializer = TARGET

    async def carry_out(
        self, request: WebRequest, asked: Asked, idempotency: engine.Idempotency | None, **address: str
    ) -> Holds:
        """Extend all that the body names."""
        return await request.submit(partial(engine.extend, request.shop.pk, target_of(asked), idempotency=idempotency))

    def told(self, request: WebRequest, holds: Holds, asked: Asked, **address: str) -> Mapping[str, Any]:
        """What lives longer."""
        return {"status": "extended", "reservations": answers.reservations(holds)}


@extend_schema_view(post=operations.extend, get=operations.shared_address("extend", "`extend`"))
class ExtendView(SharedAddress):
    """The address, which is that of the SKU "extend" too."""

    meanings: ClassVar[Mapping[str, Operation]] = {"POST": Extend(), "GET": ReadStock("extend")}
