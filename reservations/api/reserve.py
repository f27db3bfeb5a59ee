"""``POST /stock/{sku}/reserve``: hold units of one SKU."""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from time import perf_counter
from typing import Any, ClassVar
from uuid import UUID

from prometheus_client import Counter, Histogram

from reservations import engine, turned_away
from reservations.models import Scope

from . import answers
from .answers import Reply
from .operation import Operation
from .pipeline import ApiRequest, ApiView
from .schema import operations
from .serializers import RESERVE
from .sku import check_sku_in_path
from .stock import ReadStock
from .stock_command import Asked, StockCommand
from .web_request import Holds, WebRequest

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


class Reserve(StockCommand):
    """A reserve, of one SKU or of a cart: counts its outcome, takes its time, and counts whom it turns away."""

    scope = Scope.HOLD

    async def reply(self, request: WebRequest, **address: str) -> Reply:
        """Reserve and answer, and measure that whatever comes of it."""
        started = perf_counter()
        outcome = "error"
        try:
            reply = await super().reply(request, **address)
            outcome = "replayed" if answers.REPLAYED in reply.headers else "reserved"
        except engine.EngineError as refusal:
            outcome = refusal.code
            raise
        finally:
            _counter(outcome).inc()
            RESERVE_SECONDS.observe(perf_counter() - started)
        return reply

    async def hold(
        self,
        request: WebRequest,
        lines: Sequence[engine.Line],
        *,
        cart_token: UUID | None,
        idempotency: engine.Idempotency | None,
    ) -> Holds:
        """Call `engine.reserve`, raise what it raises, and count the buyers whom it turns away for the merchant."""
        shop_id, shopper = request.shop.pk, request.caller.shopper
        verb = partial(engine.reserve, shop_id, lines, cart_token=cart_token, idempotency=idempotency, shopper=shopper)
        try:
            return await request.submit(verb)
        except (engine.OutOfStock, engine.CartLimitExceeded, engine.HoldLimitReached) as refusal:
            turned_away.count(shop_id, lines, refusal)
            raise


class ReserveOne(Reserve):
    """A hold on one SKU."""

    serializer = RESERVE

    async def reply(self, request: WebRequest, **address: str) -> Reply:
        """Hold the units, or say how many are free and when more may come."""
        # Before the body and outside the figures: an address without a SKU is no request to reserve.
        check_sku_in_path(request.meta, address["sku"])
        return await super().reply(request, **address)

    async def carry_out(
        self, request: WebRequest, asked: Asked, idempotency: engine.Idempotency | None, **address: str
    ) -> Holds:
        """Reserve the one line."""
        line = engine.Line(address["sku"], asked["quantity"])
        return await self.hold(request, (line,), cart_token=asked.get("cart_token"), idempotency=idempotency)

    def told(self, request: WebRequest, holds: Holds, asked: Asked, **address: str) -> Mapping[str, Any]:
        """The one reservation, or that none is needed."""
        line = engine.Line(address["sku"], asked["quantity"])
        return answers.reservation(holds[0]) if holds else answers.no_hold_needed(line, asked.get("cart_token"))


class ReserveView(ApiView):
    """A hold on one SKU."""

    meanings: ClassVar[Mapping[str, Operation]] = {"POST": ReserveOne(), "GET": ReadStock("{sku}/reserve")}

    @operations.reserve_one
    def post(self, request: ApiRequest, sku: str) -> Reply:
        """Hold the units, or say how many are free and when more may come."""
        return self.reply(request, sku=sku)

    @operations.stock_called_reserve
    def get(self, request: ApiRequest, sku: str) -> Reply:
        """The stock of the SKU that is called like this address."""
        return self.reply(request, sku=sku)
