"""The stock engine: the only writer of stock items, reservations, shortfalls and the ledger.

This module is its whole face. Every call opens its own transaction, or joins the caller's ``atomic``, and is safe from
any number of threads and processes. See :mod:`.book.locking` for what is locked and why, :mod:`.flash_sale` for how a
flash sale on one SKU is served, and :mod:`.errors` for every way in which it says no.
"""

from collections.abc import Sequence
from uuid import UUID

from .apply_count import apply_count
from .audit import Finding, audit
from .cart_lines import cart_lines
from .commands import Command, Confirm, Extend, Release, Reserve
from .errors import (
    Busy,
    CartLimitExceeded,
    EngineError,
    IdempotencyKeyReused,
    OutcomeUnknown,
    OutOfStock,
    RequestInProgress,
    ReservationConfirmed,
    ReservationError,
    ReservationExpired,
    ReservationReleased,
    ShortLine,
    Unavailable,
    UnknownReservation,
    UnknownSku,
)
from .expire import expire, expire_all
from .extend_by_hand import Prolonged, prolong
from .flash_sale import submit
from .hold_cart import hold_cart
from .release_all import release_all
from .reserve import sum_lines
from .resolve_shortfall import resolve_shortfall
from .settle import Order, OrderLine, settle
from .stock import reservation, stock
from .undo_count import undo_count
from .values import (
    AlreadyAnswered,
    Answer,
    ByCart,
    ByIds,
    CartLine,
    Counted,
    HeldLine,
    Hold,
    Idempotency,
    Line,
    Outcome,
    SoldLine,
    Stock,
    Target,
)

__all__ = [
    "AlreadyAnswered",
    "Answer",
    "Busy",
    "ByCart",
    "ByIds",
    "CartLimitExceeded",
    "CartLine",
    "Counted",
    "EngineError",
    "Finding",
    "HeldLine",
    "Hold",
    "Idempotency",
    "IdempotencyKeyReused",
    "Line",
    "Order",
    "OrderLine",
    "OutOfStock",
    "Outcome",
    "OutcomeUnknown",
    "Prolonged",
    "RequestInProgress",
    "ReservationConfirmed",
    "ReservationError",
    "ReservationExpired",
    "ReservationReleased",
    "ShortLine",
    "SoldLine",
    "Stock",
    "Target",
    "Unavailable",
    "UnknownReservation",
    "UnknownSku",
    "apply_count",
    "audit",
    "cart_lines",
    "confirm",
    "expire",
    "expire_all",
    "extend",
    "hold_cart",
    "prolong",
    "release",
    "release_all",
    "reservation",
    "reserve",
    "resolve_shortfall",
    "settle",
    "stock",
    "undo_count",
]


def reserve(
    shop_id: int,
    lines: Sequence[Line],
    *,
    cart_token: UUID | None = None,
    idempotency: Idempotency | None = None,
) -> tuple[Hold, ...]:
    """Hold these lines for a buyer, all or none; lines of one SKU are summed.

    With a `cart_token` the quantity is what that cart holds of the SKU from now on, and its expiry stays where it was.
    Raises UnknownSku, CartLimitExceeded, OutOfStock, IdempotencyKeyReused, RequestInProgress, Busy, Unavailable,
    OutcomeUnknown, and AlreadyAnswered when the key has its answer.
    """
    return _answer(Reserve(shop_id, sum_lines(lines), cart_token, idempotency))


def confirm(
    shop_id: int, target: Target, *, order_id: str = "", idempotency: Idempotency | None = None
) -> tuple[Hold, ...]:
    """Turn the target's holds into sales, all or none; repeated, it answers the same.

    Raises UnknownReservation, ReservationExpired, ReservationReleased and what :func:`reserve` raises besides stock.
    """
    return _answer(Confirm(shop_id, target, order_id, idempotency))


def release(
    shop_id: int, target: Target, *, reason: str = "", idempotency: Idempotency | None = None
) -> tuple[Hold, ...]:
    """Give the target's holds back; repeated, it answers the same. The ledger keeps the `reason`.

    Raises UnknownReservation, ReservationExpired, ReservationConfirmed and what :func:`reserve` raises besides stock.
    """
    return _answer(Release(shop_id, target, reason, idempotency))


def extend(shop_id: int, target: Target, *, idempotency: Idempotency | None = None) -> tuple[Hold, ...]:
    """Give the target's live holds a full term from now, under the shop's ceiling; a dead one is never revived.

    Raises UnknownReservation, ReservationExpired, ReservationReleased, ReservationConfirmed and what :func:`reserve`
    raises besides stock.
    """
    return _answer(Extend(shop_id, target, idempotency))


def _answer(command: Command) -> tuple[Hold, ...]:
    result = submit(command)
    if isinstance(result, EngineError | AlreadyAnswered):
        raise result
    return result
