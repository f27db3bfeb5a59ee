"""``POST /stock/extend``: more time for a hold that is still alive."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_view

from reservations import engine

from . import answers
from .pipeline import ApiRequest
from .schema import operations
from .serializers import TARGET, target_of
from .stock import SharedAddress
from .stock_command import CommandView, Holds


@extend_schema_view(post=operations.extend, get=operations.shared_address("extend", "`extend`"))
class ExtendView(SharedAddress, CommandView):
    """Let living holds end later: all that the body names, or an error that names each reservation in the way."""

    sku = "extend"
    serializer = TARGET

    def call(self, request: ApiRequest, asked: Mapping[str, Any], idempotency: engine.Idempotency | None) -> Holds:
        """Extend all that the body names."""
        return engine.extend(request.shop.id, target_of(asked), idempotency=idempotency)

    def answer(self, holds: Holds, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What lives longer."""
        return {"status": "extended", "reservations": answers.reservations(holds)}
