"""``POST /stock/extend``: more time for a hold that is still alive."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_view

from reservations import engine

from . import answers
from .pipeline import ApiRequest
from .schema import operations
from .serializers import TARGET, target_of
from .stock import AlsoSku
from .stock_command import CommandView, Holds


@extend_schema_view(post=operations.extend, get=operations.shared_address("extend", "`extend`"))
class ExtendView(AlsoSku, CommandView):
    """Let living holds end later: all that is meant, or name each reservation that stands in the way."""

    also_sku = "extend"
    serializer = TARGET

    def call(self, request: ApiRequest, asked: Mapping[str, Any], idempotency: engine.Idempotency | None) -> Holds:
        """Extend all that is meant."""
        return engine.extend(request.shop.id, target_of(asked), idempotency=idempotency)

    def answer(self, holds: Holds) -> Mapping[str, Any]:
        """What lives longer."""
        return {"status": "extended", "reservations": answers.reservations(holds)}
