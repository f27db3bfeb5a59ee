"""One writer for each level, by a claim with an end; and what it stores before and after it speaks to Shopify."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from reservations.models import PublishedLevel

# Longer than one level's calls may take.
CLAIM_SECONDS = 40
_LONGEST_PAUSE_SECONDS = 300
_NOTHING_PENDING: dict[str, Any] = {"pending_key": None, "pending_quantity": None, "pending_from": None}
_MOST_DOUBLINGS = 8

_CLAIM = """
INSERT INTO reservations_publishedlevel AS p
    (shop_id, inventory_item_id, location_id, failures, problem, claimed_until)
VALUES (%(shop)s, %(item)s, %(location)s, 0, '', clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (shop_id, inventory_item_id, location_id) DO UPDATE SET claimed_until = excluded.claimed_until
WHERE p.claimed_until IS NULL OR p.claimed_until <= clock_timestamp()
RETURNING claimed_until, seen, pending_key, pending_quantity, pending_from
"""


@dataclass(frozen=True, slots=True)
class Write:
    """A write as it was stored before its first try: it is sent exactly so, until Shopify answers."""

    key: UUID
    quantity: int
    replaces: int


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write a level ``until`` a time of the database's clock. ``seen`` is what Shopify last showed."""

    shop_id: int
    inventory_item_id: int
    location_id: int
    until: datetime
    seen: int | None
    pending: Write | None

    def row(self) -> QuerySet[PublishedLevel]:
        """The row while the claim is still ours."""
        return PublishedLevel.objects.filter(
            shop=self.shop_id,
            inventory_item_id=self.inventory_item_id,
            location_id=self.location_id,
            claimed_until=self.until,
        )


def claim(shop_id: int, inventory_item_id: int, location_id: int) -> Claim | None:
    """The claim on a level, None when somebody else has it."""
    named = {"shop": shop_id, "item": inventory_item_id, "location": location_id, "seconds": CLAIM_SECONDS}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, named)
        row = cursor.fetchone()
    if row is None:
        return None
    until, seen, key, quantity, replaces = row
    pending = None if key is None else Write(key, quantity, replaces)
    return Claim(shop_id, inventory_item_id, location_id, until, seen, pending)


def intend(held: Claim, quantity: int, replaces: int) -> Write | None:
    """Store a write with a key of its own before it is sent; None when the claim was lost."""
    write = Write(uuid4(), quantity, replaces)
    stored = held.row().update(pending_key=write.key, pending_quantity=quantity, pending_from=replaces)
    return write if stored else None


def saw(held: Claim, available: int) -> None:
    """Keep what Shopify shows now, by its own word or by our write, and give the claim back."""
    held.row().update(
        **_NOTHING_PENDING,
        seen=available,
        seen_at=Now(),
        claimed_until=None,
        retry_at=None,
        failures=0,
        problem="",
    )


def give_back(held: Claim) -> None:
    """Give the claim back with nothing to write."""
    held.row().update(**_NOTHING_PENDING, claimed_until=None)


def fail(held: Claim, problem: str, *, keeps_write: bool) -> None:
    """Keep what stands in the way; the next attempt comes after a pause that doubles.

    A write that may have been carried out is kept, to be sent again as it is.
    """
    failures = held.row().values_list("failures", flat=True).first() or 0
    seconds = min(2.0 ** min(failures, _MOST_DOUBLINGS), _LONGEST_PAUSE_SECONDS)
    held.row().update(
        **({} if keeps_write else _NOTHING_PENDING),
        claimed_until=None,
        retry_at=Now() + timedelta(seconds=seconds),
        failures=F("failures") + 1,
        problem=problem[:255],
    )
