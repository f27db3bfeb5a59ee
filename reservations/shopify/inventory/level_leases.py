"""One writer for each level, by a lease; and what it stores before and after it calls Shopify.

One call writes many levels. Its idempotency key stands in the row of each of them, so that after a lost answer we can
put the same call together again: Shopify accepts a key for exactly the same input only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Least, Now, Power

from reservations.models import PublishedLevel

from .stale_levels import LOOK_AGAIN_SECONDS

# Longer than the calls under one lease may take.
LEASE_SECONDS = 40
_LONGEST_PAUSE_SECONDS = 300
_MOST_DOUBLINGS = 8
# Until another process is done with its part of a call.
_PAUSE_SECONDS = 2
_NOTHING_PENDING: dict[str, Any] = {"pending_key": None, "pending_quantity": None, "pending_from": None}

# `wanted` adds to each level those that were sent in the same call. The rows are locked in the order of their items, so
# that two processes never wait in a ring.
_TAKE = """
WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
sent AS (
    SELECT pending_key FROM reservations_publishedlevel
    WHERE shop_id = %(shop)s AND location_id = %(location)s AND inventory_item_id = ANY(%(items)s)
        AND pending_key IS NOT NULL
),
wanted AS (
    SELECT unnest(%(items)s::bigint[]) AS item
    UNION
    SELECT inventory_item_id FROM reservations_publishedlevel
    WHERE shop_id = %(shop)s AND location_id = %(location)s AND pending_key IN (SELECT pending_key FROM sent)
)
INSERT INTO reservations_publishedlevel AS p
    (shop_id, inventory_item_id, location_id, failures, problem, claimed_until)
SELECT %(shop)s, item, %(location)s, 0, '', clock.now + make_interval(secs => %(seconds)s)
FROM wanted CROSS JOIN clock ORDER BY item
ON CONFLICT (shop_id, inventory_item_id, location_id) DO UPDATE SET claimed_until = excluded.claimed_until
WHERE p.claimed_until IS NULL OR p.claimed_until <= clock_timestamp()
RETURNING claimed_until, inventory_item_id,
    CASE WHEN seen_at > clock_timestamp() - make_interval(secs => %(look_again)s) THEN seen END,
    pending_key, pending_quantity, pending_from
"""
# Only rows whose lease is still ours: `claimed_until` is unlike any other holder's.
_STORE_CALL = """
UPDATE reservations_publishedlevel AS p
SET pending_key = %(key)s, pending_quantity = w.quantity, pending_from = w.replaces
FROM unnest(%(items)s::bigint[], %(quantities)s::int[], %(replaces)s::int[]) AS w (item, quantity, replaces)
WHERE p.shop_id = %(shop)s AND p.location_id = %(location)s AND p.inventory_item_id = w.item
    AND p.claimed_until = %(until)s
RETURNING p.inventory_item_id
"""
_NOTE_SHOWN = """
UPDATE reservations_publishedlevel AS p
SET seen = w.available, seen_at = clock_timestamp(), pending_key = NULL, pending_quantity = NULL, pending_from = NULL,
    claimed_until = NULL, retry_at = NULL, failures = 0, problem = ''
FROM unnest(%(items)s::bigint[], %(available)s::int[]) AS w (item, available)
WHERE p.shop_id = %(shop)s AND p.location_id = %(location)s AND p.inventory_item_id = w.item
    AND p.claimed_until = %(until)s
"""


@dataclass(frozen=True, slots=True)
class Write:
    """A level in a call, as stored before the first try; we send it exactly so until Shopify answers."""

    key: UUID
    quantity: int
    replaces: int


@dataclass(frozen=True, slots=True)
class LeasedLevel:
    """A level under our lease. ``seen`` is what Shopify last showed, None if unknown or too old."""

    inventory_item_id: int
    seen: int | None
    pending: Write | None


@dataclass(frozen=True, slots=True)
class LevelLease:
    """The right to write levels at one location ``until`` a time of the database's clock."""

    shop_id: int
    location_id: int
    until: datetime
    levels: tuple[LeasedLevel, ...]

    def rows(self, items: Iterable[int]) -> QuerySet[PublishedLevel]:
        """The rows of these items, as far as the lease on them is still ours."""
        return PublishedLevel.objects.filter(
            shop=self.shop_id,
            location_id=self.location_id,
            inventory_item_id__in=list(items),
            claimed_until=self.until,
        )

    def parameters(self) -> dict[str, Any]:
        """The parameters that name the lease in a statement."""
        return {"shop": self.shop_id, "location": self.location_id, "until": self.until}


def take_lease(shop_id: int, location_id: int, items: Sequence[int]) -> LevelLease | None:
    """Lease those of the items' levels that nobody else has, and all levels that were sent with them.

    A call that another process is just sending again stays with it. Returns None when nothing is left.
    """
    parameters: dict[str, Any] = {
        "shop": shop_id,
        "location": location_id,
        "items": list(items),
        "seconds": LEASE_SECONDS,
    }
    parameters["look_again"] = LOOK_AGAIN_SECONDS
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, parameters)
        rows = cursor.fetchall()
    if not rows:
        return None
    levels = tuple(
        LeasedLevel(item, seen, None if key is None else Write(key, quantity, replaces))
        for _, item, seen, key, quantity, replaces in sorted(rows, key=lambda row: row[1])
    )
    return _without_parts(LevelLease(shop_id, location_id, rows[0][0], levels))


def _without_parts(held: LevelLease) -> LevelLease:
    """The lease without the calls of which another process has a part: we may send a call again only whole."""
    # A level whose lease another process took just before us may carry the same key: then the call is theirs.
    keys = {level.pending.key for level in held.levels if level.pending}
    others = PublishedLevel.objects.filter(shop=held.shop_id, pending_key__in=keys).exclude(claimed_until=held.until)
    parts = set(others.values_list("pending_key", flat=True)) if keys else set()
    if parts:
        held.rows(
            level.inventory_item_id for level in held.levels if level.pending and level.pending.key in parts
        ).update(claimed_until=None, retry_at=Now() + timedelta(seconds=_PAUSE_SECONDS))
    whole = tuple(level for level in held.levels if level.pending is None or level.pending.key not in parts)
    return LevelLease(held.shop_id, held.location_id, held.until, whole)


def store_call(held: LevelLease, wanted: Mapping[int, tuple[int, int]]) -> dict[int, Write]:
    """Store a call under a new key before it is sent. `wanted` has by item the quantity, and the one it replaces.

    Returns what was stored, without any level whose lease was lost meanwhile.
    """
    key = uuid4()
    columns: dict[str, Any] = {
        "key": key,
        "items": list(wanted),
        "quantities": [quantity for quantity, _ in wanted.values()],
        "replaces": [replaces for _, replaces in wanted.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE_CALL, held.parameters() | columns)
        stored = sorted(row[0] for row in cursor.fetchall())
    return {item: Write(key, *wanted[item]) for item in stored}


def note_shown(held: LevelLease, available: Mapping[int, int]) -> None:
    """Store by item what Shopify shows now, by its own word or after our write, and give the lease on it back."""
    columns = {"items": list(available), "available": list(available.values())}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_SHOWN, held.parameters() | columns)


def give_back(held: LevelLease, items: Iterable[int], *, keeps_write: bool = False) -> None:
    """Give the lease on these items back with nothing done; `keeps_write` leaves a stored call to be sent again."""
    held.rows(items).update(**({} if keeps_write else _NOTHING_PENDING), claimed_until=None)


def note_failure(held: LevelLease, items: Iterable[int], problem: str, *, keeps_write: bool) -> None:
    """Store what stands in the way, and give the lease back; each further attempt waits twice as long.

    `keeps_write` keeps a call that Shopify may have carried out, to be sent again as it is.
    """
    seconds = Least(Power(2.0, Least(F("failures"), _MOST_DOUBLINGS)), float(_LONGEST_PAUSE_SECONDS))
    held.rows(items).update(
        **({} if keeps_write else _NOTHING_PENDING),
        claimed_until=None,
        retry_at=Now() + seconds * timedelta(seconds=1),
        failures=F("failures") + 1,
        problem=problem[:255],
    )
