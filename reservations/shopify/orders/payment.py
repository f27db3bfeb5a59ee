"""An order's payment: what Shopify has said about it, in any order, and how the payment stands after all that.

A pure function of facts that only add up. Shopify's states are kept each with the time at which the order stood so:

* money that came stays (``paid``; part of it, or money refunded since, is money that came): no other word, older or
  newer, takes it back;
* money that a card has reserved (``authorized``) counts as paid until a newer word says that this ended;
* otherwise the newest word counts, and of two words of one second the one that comes later in a payment's life: that
  it ended, not that it is awaited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from reservations.models import Payment

PAID = ("paid", "partially_paid", "partially_refunded", "refunded")
_RESERVED, _AWAITED = "authorized", "pending"
_ENDED = {"voided": Payment.VOIDED, "expired": Payment.EXPIRED}
_KNOWN = {*PAID, _RESERVED, _AWAITED, *_ENDED}
# Stands for the time of a word that names none: any other is newer.
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)

# Shopify's states in lower case, each with a time in ISO 8601: its first for money that came, else its last.
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PaymentNews:
    """What one message says about an order's payment, `at` a time; what it leaves out is empty here.

    ``terms`` are payment terms: when each payment still open is due, None for one that is due as the goods leave.
    ``shipped``: units of it have left for the customer.
    """

    at: datetime | None
    status: str = ""
    gateways: Sequence[str] = ()
    terms: Sequence[datetime | None] | None = None
    placed_at: datetime | None = None
    shipped: bool = False


def join(known: Words, status: str, at: datetime | None) -> dict[str, str]:
    """The words with one more; the same words add up to the same in any order."""
    if status not in _KNOWN:
        return dict(known)
    time = (at or BEFORE_ALL).astimezone(UTC)
    if status in known:
        time = (min if status in PAID else max)(time, datetime.fromisoformat(known[status]))
    return {**known, status: time.isoformat()}


def standing(words: Words) -> Payment:
    """How the payment stands by all these words."""
    said = {status: datetime.fromisoformat(at) for status, at in words.items()}
    if any(status in said for status in PAID):
        return Payment.PAID
    ended = max(((at, status) for status, at in said.items() if status in _ENDED), default=None)
    if _RESERVED in said and (ended is None or said[_RESERVED] > ended[0]):
        return Payment.PAID
    if ended is not None and said.get(_AWAITED, BEFORE_ALL) <= ended[0]:
        return _ENDED[ended[1]]
    return Payment.PENDING if _AWAITED in said else Payment.UNKNOWN


def paid_since(words: Words) -> datetime | None:
    """Since when we know that the money is there, for an order that awaited it before; None for any other."""
    times = [words[status] for status in (*PAID, _RESERVED) if status in words]
    return datetime.fromisoformat(min(times)) if times and _AWAITED in words else None
