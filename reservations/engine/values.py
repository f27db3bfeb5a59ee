"""What goes into the engine and what comes out of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .errors import EngineError


@dataclass(frozen=True, slots=True)
class Line:
    """`quantity` units (positive) of one SKU."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ByIds:
    """The reservations with these ids."""

    ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ByCart:
    """The newest reservation of each SKU in this cart."""

    cart_token: UUID


Target = ByIds | ByCart


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who asks from the storefront: a customer's number, where signed in, and an address; "" where it is not known.

    The address is what the last trusted server saw: one of IPv4, or a /64 of IPv6. The engine keeps both as keyed
    hashes, and no longer than the hold.
    """

    customer: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Reservation:
    """A reservation as it stood when the engine answered. A dead one reads ``expired`` before any job writes that."""

    reservation_id: UUID
    sku: str
    quantity: int
    status: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    order_id: str
    cart_token: UUID | None


@dataclass(frozen=True, slots=True)
class Stock:
    """One SKU as a committed read found it, in units, without the holds that are dead by the database's clock.

    ``owed``: units that paid orders lack, and that they get before anybody else. Where the SKU sells without stock, all
    of it is for information.
    """

    sku: str
    on_hand: int
    reserved: int
    in_flight: int
    counted_at: datetime | None
    owed: int = 0
    in_doubt: int = 0
    doubt_until: datetime | None = None
    sells_without_stock: bool = False

    @property
    def available(self) -> int:
        """Units that may be promised; negative in a shortfall, or while units are in doubt."""
        return self.on_hand - self.reserved - self.in_flight - self.due

    @property
    def due(self) -> int:
        """Units that came free by the clock, and that paid orders get as soon as that is written down."""
        return min(self.owed, max(0, self.on_hand - self.reserved - self.in_flight))


@dataclass(frozen=True, slots=True)
class CartLine:
    """One SKU as one cart sees it, in units: asked for, held for it, and held by nobody (may be negative).

    ``free`` is None where the shop has no such SKU. ``in_doubt`` more may be there: the ERP has not shown it yet. The
    first unit that others hold may come free at ``retry_at``. None of it matters for one that sells without stock.
    """

    sku: str
    requested: int
    held: int
    free: int | None
    in_doubt: int = 0
    sells_without_stock: bool = False
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What an order has of one SKU, in units.

    ``kept`` are the units ordered less those that came back to the shelf: the stock has lost them. ``awaited`` are the
    units that the customer still awaits or has: ``kept`` less those that the merchant paid back and the customer did
    not send back. At most ``kept``. Of an order from before the stock was counted they are what it has beyond that
    time; fewer ``kept`` than none are units that came back and were never sold here.
    """

    sku: str
    kept: int
    awaited: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands.

    ``carts`` are those that it came from: it uses their holds first and gives back the rest. ``holds`` are single holds
    that its lines name. ``aliases`` are other names under which callers may have confirmed sales of it before.
    ``paid_at`` is its turn among orders that lack units (None: now). An unpaid order buys nothing: until
    ``held_until``, when its payment is due, it holds its units (None: it buys). The ERP hears of its sales if
    ``is_told``. A till ``takes_holds``: its units have left the shop, so the newest holds of carts lose what it lacks.
    """

    order_id: str
    lines: Sequence[OrderLine]
    carts: Sequence[UUID] = ()
    holds: Sequence[UUID] = ()
    aliases: Sequence[str] = ()
    paid_at: datetime | None = None
    held_until: datetime | None = None
    is_told: bool = True
    takes_holds: bool = False


@dataclass(frozen=True, slots=True)
class SoldLine:
    """What an order has of one SKU after :func:`settle`, in units: sold to it, paid for without existing, and held."""

    sku: str
    sold: int
    shortfall: int
    held: int = 0


@dataclass(frozen=True, slots=True)
class HoldLine:
    """What a cart has of one SKU after :func:`.hold_carts`: units in the cart, and units held for it."""

    sku: str
    requested: int
    held: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count did. ``applied`` is False when a newer count was there before.

    ``available`` leaves out the units ``in_doubt``: sold, and perhaps subtracted twice until the ERP shows which.
    """

    sku: str
    applied: bool
    on_hand: int
    available: int
    in_doubt: int = 0
    sells_without_stock: bool = False

    @property
    def shortfall(self) -> int:
        """Units promised that are not there, and that no doubt explains."""
        return 0 if self.sells_without_stock else max(0, -self.available - self.in_doubt)


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished HTTP answer, as it is kept for retries."""

    status: int
    body: bytes


Outcome = tuple[Reservation, ...] | EngineError


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A caller's idempotency key, the digest of what it was sent with, and how its outcome becomes an answer.

    ``render`` runs inside the transaction; None means that this outcome is not kept (409, 429, 5xx).
    """

    credential: str
    key: str
    fingerprint: bytes
    render: Callable[[Outcome], Answer | None]


def in_doubt_beside(free: int, in_doubt: int) -> int:
    """Of the units `in_doubt`, those that a buyer could get beside the `free` ones, which may be fewer than none."""
    return max(0, free + in_doubt) - max(0, free)


class AlreadyAnswered(Exception):
    """The key was answered before: this is the first answer, to be sent again as it is."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer
