"""``POST /stock/{sku}/reserve``: hold units of one SKU."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from reservations import engine

from . import answers
from .caller import ApiRequest
from .measures import measured
from .refused import reserve_or_count
from .schema import operations
from .serializers import RESERVE
from .sku import check_sku_in_path
from .stock import stock_answer
from .stock_command import CommandView, Holds


class ReserveView(CommandView):
    """A hold on one SKU."""

    serializer = RESERVE

    @operations.reserve_one
    def post(self, request: ApiRequest, sku: str) -> HttpResponse:
        """Hold the units, or say how many are free and when more may come."""
        check_sku_in_path(request, sku)

        def reserve(asked: Mapping[str, Any], idempotency: engine.Idempotency | None) -> Holds:
            line = engine.Line(sku, asked["quantity"])
            cart_token = asked.get("cart_token")
            return reserve_or_count(request.shop.id, (line,), cart_token=cart_token, idempotency=idempotency)

        return measured(lambda: self.carry_out(request, reserve, _only))

    @operations.stock_called_reserve
    def get(self, request: ApiRequest, sku: str) -> HttpResponse:
        """The stock of the SKU that is called like this address."""
        return stock_answer(request, f"{sku}/reserve")


def _only(holds: Holds) -> dict[str, Any]:
    return answers.reservation(holds[0])
