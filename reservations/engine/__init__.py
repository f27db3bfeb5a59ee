"""The stock engine: the only writer of stock items, reservations, shortfalls and the ledger.

This module is its whole face. Every call opens its own transaction, or joins the caller's ``atomic``, and is safe from
any number of threads and processes. See :mod:`.book.locking` for what is locked and why, :mod:`.flash_sale` for how a
flash sale on one SKU is served, and :mod:`.errors` for every way in which it says no.
"""

from .apply_count import apply_count
from .audit import Finding, audit
from .cart_lines import cart_lines
from .confirm import confirm
from .errors import (
    Busy,
    EngineError,
    IdempotencyKeyReused,
    OutcomeUnknown,
    OutOfStock,
    RequestInProgress,
    ReservationConfirmed,
    ReservationError,
    ReservationExpired,
    ReservationOfOrder,
    ReservationReleased,
    Unavailable,
    UncoveredLine,
    UnknownReservation,
    UnknownSku,
)
from .expire import expire, expire_all
from .extend import extend
from .extend_by_hand import ExtendedByHand, extend_by_hand
from .follow_links import follow_links
from .hold_carts import Cart, hold_carts, hold_carts_in_turn
from .keep_out import keep_out, let_in
from .limit_errors import CartLimitExceeded, HoldLimitReached
from .release import release
from .release_all import release_all
from .rescue import rescue, rescue_by_hand
from .reservation import reservation
from .reserve import reserve, sum_lines
from .resolve_shortfall import resolve_shortfall
from .settle import BY_TILL, settle
from .stock import stock
from .undo_count import undo_count
from .values import (
    AlreadyAnswered,
    Answer,
    ByCart,
    ByIds,
    CartLine,
    Counted,
    HoldLine,
    Idempotency,
    Line,
    Order,
    OrderLine,
    Outcome,
    Reservation,
    Shopper,
    SoldLine,
    Stock,
    Target,
)

__all__ = [
    "BY_TILL",
    "AlreadyAnswered",
    "Answer",
    "Busy",
    "ByCart",
    "ByIds",
    "Cart",
    "CartLimitExceeded",
    "CartLine",
    "Counted",
    "EngineError",
    "ExtendedByHand",
    "Finding",
    "HoldLimitReached",
    "HoldLine",
    "Idempotency",
    "IdempotencyKeyReused",
    "Line",
    "Order",
    "OrderLine",
    "OutOfStock",
    "Outcome",
    "OutcomeUnknown",
    "RequestInProgress",
    "Reservation",
    "ReservationConfirmed",
    "ReservationError",
    "ReservationExpired",
    "ReservationOfOrder",
    "ReservationReleased",
    "Shopper",
    "SoldLine",
    "Stock",
    "Target",
    "Unavailable",
    "UncoveredLine",
    "UnknownReservation",
    "UnknownSku",
    "apply_count",
    "audit",
    "cart_lines",
    "confirm",
    "expire",
    "expire_all",
    "extend",
    "extend_by_hand",
    "follow_links",
    "hold_carts",
    "hold_carts_in_turn",
    "keep_out",
    "let_in",
    "release",
    "release_all",
    "rescue",
    "rescue_by_hand",
    "reservation",
    "reserve",
    "resolve_shortfall",
    "settle",
    "stock",
    "sum_lines",
    "undo_count",
]
