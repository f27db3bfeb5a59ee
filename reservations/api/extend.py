"""``POST /stock/extend``: more time for a hold that is still alive."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_view

from reservations import engine

from . import answers
from .also_sku import AlsoSku
from .caller import ApiRequest
from .schema import operations
from .serializers import TARGET, target_of
from .stock_command import CommandView, Holds


@extend_schema_view(get=operations.shared_address("extend", "`extend`"))
class ExtendView(AlsoSku, CommandView):
    """A later end for a living hold."""

    serializer = TARGET
    also_sku = "extend"

    @operations.extend
    def post(self, request: ApiRequest) -> HttpResponse:
        """Extend all that is meant, or name each reservation that stands in the way."""

        def extend(asked: Mapping[str, Any], idempotency: engine.Idempotency | None) -> Holds:
            return engine.extend(request.shop.id, target_of(asked), idempotency=idempotency)

        return self.carry_out(request, extend, _extended)


def _extended(holds: Holds) -> dict[str, Any]:
    return {"status": "extended", "reservations": answers.reservations(holds)}
