"""``POST /stock/reserve``: hold all lines of a cart, or none."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_view

from reservations import engine

from . import answers
from .also_sku import AlsoSku
from .caller import ApiRequest
from .measures import measured
from .refused import reserve_or_count
from .schema import operations
from .serializers import RESERVE_CART
from .stock_command import CommandView, Holds


@extend_schema_view(get=operations.shared_address("reserve_cart", "`reserve`"))
class ReserveCartView(AlsoSku, CommandView):
    """Holds on the lines of a cart."""

    serializer = RESERVE_CART
    also_sku = "reserve"

    @operations.reserve_cart
    def post(self, request: ApiRequest) -> HttpResponse:
        """Hold every line, or name each that is short."""

        def reserve(asked: Mapping[str, Any], idempotency: engine.Idempotency | None) -> Holds:
            lines = [engine.Line(**line) for line in asked["lines"]]
            return reserve_or_count(request.shop.id, lines, cart_token=asked["cart_token"], idempotency=idempotency)

        return measured(lambda: self.carry_out(request, reserve, _all))


def _all(holds: Holds) -> dict[str, Any]:
    return {"reservations": answers.reservations(holds)}
