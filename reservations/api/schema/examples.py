"""One example of everything that the API answers."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson

from reservations import engine
from reservations.api import answers, errors
from reservations.api.input_problems import Problem
from reservations.engine import EngineError, Reservation, UncoveredLine

SKU = "SKU-BZC-001"
CART = UUID("7d1f6a52-9c3e-4b7a-8f21-0a5b6c7d8e9f")
ORDER = "BZC-1001"
_HELD_AT = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
_ID = UUID("3b241101-e2bb-4255-8caf-4136c566a962")
_EXPIRES_AT = _HELD_AT + timedelta(minutes=10)

HELD = Reservation(
    reservation_id=_ID,
    sku=SKU,
    quantity=1,
    status="active",
    created_at=_HELD_AT,
    expires_at=_EXPIRES_AT,
    ended_at=None,
    order_id="",
    cart_token=CART,
)
VALIDATED = {
    "cart_token": str(CART),
    "ok": False,
    "lines": [
        {
            "sku": SKU,
            "requested": 2,
            "held": 1,
            "available": 0,
            "ok": False,
            "reason": "Só há 1 unidade(s) para este carrinho.",
        }
    ],
}
STOCK = {"sku": SKU, "quantity": 9, "on_hand": 10, "reserved": 1, "in_flight": 0}

_WITH_ARGUMENTS: tuple[EngineError, ...] = (
    engine.UnknownSku(SKU),
    engine.OutOfStock([UncoveredLine(SKU, requested=1, available=0, retry_at=_EXPIRES_AT)]),
    engine.CartLimitExceeded(SKU, 2),
    engine.HoldLimitReached(SKU, "address", remaining=1, retry_at=_EXPIRES_AT),
    engine.UnknownReservation([(_ID, "unknown")]),
    engine.ReservationExpired([(_ID, "expired")]),
    engine.ReservationReleased([(_ID, "released")]),
    engine.ReservationConfirmed([(_ID, "confirmed")]),
    engine.ReservationOfOrder([(_ID, "active")]),
    errors.InsufficientScope("hold"),
    errors.MethodNotAllowed(["POST", "OPTIONS"]),
    errors.DuplicateKey("quantity"),
    errors.InvalidInput([Problem("quantity", "not_an_integer")]),
    errors.Throttled(7),
    errors.NotReady({"database": {"status": "ok"}, "broker": {"status": "unreachable"}}, ["broker"]),
)


def example(leaf: type[EngineError]) -> EngineError:
    """An error of this kind, with plausible values."""
    return next((error for error in _WITH_ARGUMENTS if type(error) is leaf), None) or leaf()


def as_json(body: object) -> object:
    """The value as callers read it."""
    return orjson.loads(orjson.dumps(body))


def reservation(**changes: object) -> object:
    """A reservation as it is answered, with these members different."""
    return as_json({**answers.reservation(HELD), **changes})
