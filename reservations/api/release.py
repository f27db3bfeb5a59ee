"""``POST /stock/release``: give units back before their time is over."""

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


@extend_schema_view(post=operations.release, get=operations.shared_address("release", "`release`"))
class ReleaseView(SharedAddress, CommandView):
    """End holds that their buyer no longer wants: all that the body names, or an error that names each in the way."""

    sku = "release"
    serializer = TARGET

    def call(self, request: ApiRequest, asked: Mapping[str, Any], idempotency: engine.Idempotency | None) -> Holds:
        """Release all that the body names."""
        return engine.release(request.shop.id, target_of(asked), idempotency=idempotency)

    def answer(self, holds: Holds, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is free again."""
        return {"status": "released", "reservations": answers.reservations(holds)}
