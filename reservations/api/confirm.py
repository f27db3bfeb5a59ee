"""``POST /stock/confirm``: the purchase closed, the hold becomes a sale."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_view

from reservations import engine

from . import answers
from .pipeline import ApiRequest
from .schema import operations
from .serializers import CONFIRM, target_of
from .stock import SharedAddress
from .stock_command import CommandView, Holds


@extend_schema_view(post=operations.confirm, get=operations.shared_address("confirm", "`confirm`"))
class ConfirmView(SharedAddress, CommandView):
    """Sell what the buyer holds: all that the body names, or an error that names each reservation in the way."""

    sku = "confirm"
    serializer = CONFIRM

    def call(self, request: ApiRequest, asked: Mapping[str, Any], idempotency: engine.Idempotency | None) -> Holds:
        """Confirm all that the body names."""
        order_id = asked.get("order_id", "")
        return engine.confirm(request.shop.id, target_of(asked), order_id=order_id, idempotency=idempotency)

    def answer(self, holds: Holds, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is sold."""
        return {"status": "confirmed", "reservations": answers.reservations(holds)}
