"""``POST /stock/reserve``: hold all lines of a cart, or none."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_view

from reservations import engine

from . import answers
from .pipeline import ApiRequest
from .reserve import ReserveCommand, reserve_for_buyer
from .schema import operations
from .serializers import RESERVE_CART
from .stock import SharedAddress
from .stock_command import Holds


@extend_schema_view(post=operations.reserve_cart, get=operations.shared_address("reserve_cart", "`reserve`"))
class ReserveCartView(SharedAddress, ReserveCommand):
    """Hold every line of a cart, or name each that the stock does not cover."""

    sku = "reserve"
    serializer = RESERVE_CART

    def call(self, request: ApiRequest, asked: Mapping[str, Any], idempotency: engine.Idempotency | None) -> Holds:
        """Reserve all lines at once."""
        lines = [engine.Line(**line) for line in asked["lines"]]
        return reserve_for_buyer(request.caller, lines, cart_token=asked["cart_token"], idempotency=idempotency)

    def answer(self, holds: Holds, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """A reservation for each SKU, or that none is needed."""
        held = {hold.sku: answers.reservation(hold) for hold in holds}
        lines = engine.sum_lines([engine.Line(**line) for line in asked["lines"]])
        told = [held.get(line.sku) or answers.no_hold_needed(line, asked["cart_token"]) for line in lines]
        return {"reservations": told}
