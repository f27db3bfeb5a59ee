"""``POST /stock/release``: give units back before their time is over."""

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


class Release(StockCommand):
    """End holds that their buyer no longer wants: all that the body names, or an error that names each in the way."""

    scope = Scope.HOLD

    serializer = TARGET

    async def carry_out(
        self, request: WebRequest, asked: Asked, idempotency: engine.Idempotency | None, **address: str
    ) -> Holds:
        """Release all that the body names."""
        return await request.submit(partial(engine.release, request.shop.pk, target_of(asked), idempotency=idempotency))

    def told(self, request: WebRequest, holds: Holds, asked: Asked, **address: str) -> Mapping[str, Any]:
        """What is free again."""
        return {"status": "released", "reservations": answers.reservations(holds)}


@extend_schema_view(post=operations.release, get=operations.shared_address("release", "`release`"))
class ReleaseView(SharedAddress):
    """The address, which is that of the SKU "release" too."""

    meanings: ClassVar[Mapping[str, Operation]] = {"POST": Release(), "GET": ReadStock("release")}
