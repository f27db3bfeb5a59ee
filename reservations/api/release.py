"""``POST /stock/release``: give units back before their time is over."""

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


@extend_schema_view(get=operations.shared_address("release", "`release`"))
class ReleaseView(AlsoSku, CommandView):
    """The end of a hold that its buyer no longer wants."""

    serializer = TARGET
    also_sku = "release"

    @operations.release
    def post(self, request: ApiRequest) -> HttpResponse:
        """Release all that is meant, or name each reservation that stands in the way."""

        def release(asked: Mapping[str, Any], idempotency: engine.Idempotency | None) -> Holds:
            return engine.release(request.shop.id, target_of(asked), idempotency=idempotency)

        return self.carry_out(request, release, _released)


def _released(holds: Holds) -> dict[str, Any]:
    return {"status": "released", "reservations": answers.reservations(holds)}
