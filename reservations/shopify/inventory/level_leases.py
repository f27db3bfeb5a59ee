"""One writer for each level, by a claim with an end; and what it stores before and after it speaks to Shopify.

Levels are written many in a call. The call's idempotency key stands in the row of each level that it names, so that the
same call can be put together again after its answer was lost: a key is good for exactly the same input.
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

# Longer than the calls for one claim may take.
LEASE_SECONDS = 40
_LONGEST_PAUSE_SECONDS = 300
_MOST_DOUBLINGS = 8
# Until whoever writes the rest of a call is done with it.
_PAUSE_SECONDS = 2
_NOTHING_PENDING: dict[str, Any] = {"pending_key": None, "pending_quantity": None, "pending_from": None}

# With a level come those that were sent in the same call.
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
    """A level in a call, as it was stored before the first try: it is sent exactly so, until Shopify answers."""

    key: UUID
    quantity: int
    replaces: int


@dataclass(frozen=True, slots=True)
class LeasedLevel:
    """A level that is claimed. ``seen`` is what Shopify last showed, None if that is not known or too long ago."""

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
        """The rows of these items, as far as the claim on them is still ours."""
        return PublishedLevel.objects.filter(
            shop=self.shop_id,
            location_id=self.location_id,
            inventory_item_id__in=list(items),
            claimed_until=self.until,
        )

    def parameters(self) -> dict[str, Any]:
        """What names the claim in a statement."""
        return {"shop": self.shop_id, "location": self.location_id, "until": self.until}


def take_lease(shop_id: int, location_id: int, items: Sequence[int]) -> LevelLease | None:
    """The claim on those of the items' levels that nobody writes, and on all that were sent with them.

    A call that somebody else is just sending again is left to them. None when nothing is left.
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
    """The claim without the calls of which others have a part: what is sent again must be whole."""
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
    """Store a call with a key of its own before it is sent: by item the quantity, and the one that it replaces.

    Returns what was stored: a level whose claim was lost meanwhile is not among it.
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
    """Keep by item what Shopify shows now, by its own word or by our write, and give the claim on it back."""
    columns = {"items": list(available), "available": list(available.values())}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_SHOWN, held.parameters() | columns)


def give_back(held: LevelLease, items: Iterable[int], *, keeps_write: bool = False) -> None:
    """Give the claim on these items back with nothing done."""
    held.rows(items).update(**({} if keeps_write else _NOTHING_PENDING), claimed_until=None)


def note_failure(held: LevelLease, items: Iterable[int], problem: str, *, keeps_write: bool) -> None:
    """Keep what stands in the way; the next attempt comes after a pause that doubles.

    A write that may have been carried out is kept, to be sent again as it is.
    """
    seconds = Least(Power(2.0, Least(F("failures"), _MOST_DOUBLINGS)), float(_LONGEST_PAUSE_SECONDS))
    held.rows(items).update(
        **({} if keeps_write else _NOTHING_PENDING),
        claimed_until=None,
        retry_at=Now() + seconds * timedelta(seconds=1),
        failures=F("failures") + 1,
        problem=problem[:255],
    )
