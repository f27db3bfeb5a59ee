"""``POST /stock/confirm``: the purchase closed, the hold becomes a sale."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_view

from reservations import engine

from . import answers
from .also_sku import AlsoSku
from .caller import ApiRequest
from .schema import operations
from .serializers import CONFIRM, target_of
from .stock_command import CommandView, Holds


@extend_schema_view(get=operations.shared_address("confirm", "`confirm`"))
class ConfirmView(AlsoSku, CommandView):
    """The sale of what was held."""

    serializer = CONFIRM
    also_sku = "confirm"

    @operations.confirm
    def post(self, request: ApiRequest) -> HttpResponse:
        """Confirm all that is meant, or name each reservation that stands in the way."""

        def confirm(asked: Mapping[str, Any], idempotency: engine.Idempotency | None) -> Holds:
            order_id = asked.get("order_id", "")
            return engine.confirm(request.shop.id, target_of(asked), order_id=order_id, idempotency=idempotency)

        return self.carry_out(request, confirm, _confirmed)


def _confirmed(holds: Holds) -> dict[str, Any]:
    return {"status": "confirmed", "reservations": answers.reservations(holds)}
