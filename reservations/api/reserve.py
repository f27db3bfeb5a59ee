"""``POST /stock/{sku}/reserve``: hold units of one SKU."""

from collections.abc import Mapping, Sequence
from functools import cache
from time import perf_counter
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from prometheus_client import Counter, Histogram

from reservations import engine, turned_away

from . import answers
from .authentication import Caller
from .pipeline import ApiRequest
from .schema import operations
from .serializers import RESERVE
from .sku import check_sku_in_path
from .stock import TellsStock
from .stock_command import CommandView, Holds

RESERVATIONS = Counter(
    "bazico_reservations_total",
    "Reserve requests by outcome: reserved, replayed, error, or the code of the refusal",
    ["outcome"],
)
RESERVE_SECONDS = Histogram(
    "bazico_reserve_duration_seconds",
    "A reserve request inside the view, from its first byte read to its answer",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)

# `labels` takes a lock and makes a key of its arguments each time; the outcomes are few.
_counter = cache(RESERVATIONS.labels)


class ReserveCommand(CommandView):
    """A reserve, of one SKU or of a cart: counts its outcome and takes its time."""

    def post(self, request: ApiRequest, **address: str) -> HttpResponse:
        """Reserve and answer, and measure that whatever comes of it."""
        started = perf_counter()
        outcome = "error"
        try:
            response = super().post(request, **address)
            outcome = "replayed" if answers.REPLAYED in response.headers else "reserved"
        except engine.EngineError as refusal:
            outcome = refusal.code
            raise
        finally:
            _counter(outcome).inc()
            RESERVE_SECONDS.observe(perf_counter() - started)
        return response


def reserve_for_buyer(
    caller: Caller, lines: Sequence[engine.Line], *, cart_token: UUID | None, idempotency: engine.Idempotency | None
) -> Holds:
    """Call `engine.reserve`, raise what it raises, and count the buyers whom it turns away for the merchant to read."""
    shop_id = caller.shop.pk
    try:
        return engine.reserve(shop_id, lines, cart_token=cart_token, idempotency=idempotency, shopper=caller.shopper)
    except (engine.OutOfStock, engine.CartLimitExceeded, engine.HoldLimitReached) as refusal:
        turned_away.count(shop_id, lines, refusal)
        raise


class ReserveView(TellsStock, ReserveCommand):
    """A hold on one SKU."""

    serializer = RESERVE

    @operations.reserve_one
    def post(self, request: ApiRequest, sku: str) -> HttpResponse:  # type: ignore[override]
        """Hold the units, or say how many are free and when more may come."""
        # Before the body and outside the figures: an address without a SKU is no request to reserve.
        check_sku_in_path(request, sku)
        return super().post(request, sku=sku)

    def call(
        self, request: ApiRequest, asked: Mapping[str, Any], idempotency: engine.Idempotency | None, sku: str
    ) -> Holds:
        """Reserve the one line."""
        line = engine.Line(sku, asked["quantity"])
        cart_token = asked.get("cart_token")
        return reserve_for_buyer(request.caller, (line,), cart_token=cart_token, idempotency=idempotency)

    def answer(self, holds: Holds, asked: Mapping[str, Any], sku: str) -> Mapping[str, Any]:
        """The one reservation, or that none is needed."""
        line = engine.Line(sku, asked["quantity"])
        return answers.reservation(holds[0]) if holds else answers.no_hold_needed(line, asked.get("cart_token"))

    @operations.stock_called_reserve
    def get(self, request: ApiRequest, sku: str) -> HttpResponse:
        """The stock of the SKU that is called like this address."""
        return self.stock_answer(request, f"{sku}/reserve")
