"""One writer for each variant's guard, by a lease and not by a lock, since the writer waits for Shopify in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from reservations.models import VariantGuard

# Longer than a write may take, so that no two writers ever write one variant.
LEASE_SECONDS = 20
# Stands for a value that Shopify has not acknowledged yet.
UNKNOWN = "?"
_LONGEST_PAUSE_SECONDS = 60
_MOST_DOUBLINGS = 6

# One statement takes all: in the order of their variants, so that two processes never wait in a ring, and without those
# that another holds.
_TAKE = """
INSERT INTO reservations_variantguard AS g
    (shop_id, variant_id, value, ledger_position, failures, problem, claimed_until)
SELECT %(shop)s, variant_id, '', 0, 0, '', clock_timestamp() + make_interval(secs => %(seconds)s)
FROM unnest(%(variants)s::bigint[]) AS variant_id ORDER BY variant_id
ON CONFLICT (shop_id, variant_id) DO UPDATE SET claimed_until = excluded.claimed_until
WHERE g.claimed_until IS NULL OR g.claimed_until <= clock_timestamp()
RETURNING variant_id, claimed_until, value, title
"""


@dataclass(frozen=True, slots=True)
class VariantLease:
    """The right to write a variant's guard ``until`` a time of the database's clock.

    ``value`` was written last, and ``title`` is the product's as far as we know it.
    """

    variant_id: int
    until: datetime
    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a guard says now: its value ("" when cleared) and the state of the stock that it reports."""

    value: str
    stock_item_id: int | None = None
    ledger_position: int = 0
    next_expiry: datetime | None = None
    title: str = ""


def take_leases(shop_id: int, variant_ids: Sequence[int]) -> list[VariantLease]:
    """Take a lease on each of the variants that nobody else has."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"shop": shop_id, "variants": list(variant_ids), "seconds": LEASE_SECONDS})
        return [VariantLease(*row) for row in cursor.fetchall()]


def announce_values(shop_id: int, held: Sequence[VariantLease]) -> None:
    """Note, before the first write, that these variants may carry a value from now on.

    Otherwise a writer that dies after its call would leave a value at Shopify that nobody knows to clear.
    """
    first = [lease.variant_id for lease in held if not lease.value]
    if first:
        VariantGuard.objects.filter(shop=shop_id, variant_id__in=first).update(value=UNKNOWN, stock_item_id=None)


def close_lease(shop_id: int, held: VariantLease, written: Written) -> None:
    """Store what was written, and give the lease back."""
    _own(shop_id, held).update(
        value=written.value,
        title=written.title,
        stock_item_id=written.stock_item_id,
        ledger_position=written.ledger_position,
        next_expiry=written.next_expiry,
        written_at=Now(),
        claimed_until=None,
        retry_at=None,
        failures=0,
        problem="",
    )


def note_failure(shop_id: int, held: VariantLease, problem: str) -> None:
    """Store why the guard was not written, and give the lease back; each further attempt waits twice as long."""
    guard = _own(shop_id, held)
    failures = guard.values_list("failures", flat=True).first() or 0
    seconds = min(2.0 ** min(failures, _MOST_DOUBLINGS), _LONGEST_PAUSE_SECONDS)
    guard.update(
        claimed_until=None,
        retry_at=Now() + timedelta(seconds=seconds),
        failures=F("failures") + 1,
        problem=problem[:255],
    )


def _own(shop_id: int, held: VariantLease) -> QuerySet[VariantGuard]:
    """The row, while the lease is still ours: its end is unlike any other holder's."""
    return VariantGuard.objects.filter(shop=shop_id, variant_id=held.variant_id, claimed_until=held.until)
