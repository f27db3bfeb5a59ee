"""Makes a balance of Bling's the count of a stock item."""

import math
from datetime import datetime

from django.db import transaction

from bling_sync import durations
from bling_sync.models import Connection, Product
from bling_sync.resources.balances import Balance
from plumbing import sql
from reservations import engine

from . import differences

REFERENCE = "bling"

# An older reading never replaces a newer one. The next one is due when it was asked for since this one began, or when
# the last change must surely show.
_STORE = """
UPDATE bling_sync_product
SET physical = %(physical)s, virtual = %(virtual)s, read_started_at = %(started)s, read_ended_at = clock_timestamp(),
    missing_since = NULL,
    read_due_at = least(CASE WHEN read_due_at > %(started)s THEN read_due_at END,
        CASE WHEN changed_at + %(grace)s > %(started)s THEN changed_at + %(grace)s END)
WHERE shop_id = %(shop)s AND id = %(product)s AND (read_started_at IS NULL OR read_started_at < %(started)s)
"""


def count_balance(
    known: Connection, product: Product, balance: Balance, started: datetime, *, reference: str = REFERENCE
) -> engine.Counted | None:
    """Store the reading and count it, in one transaction; None when a newer one was there.

    Availability is what the virtual balance leaves, in whole units. Raises engine.Busy, Unavailable, OutcomeUnknown.
    """
    before = differences.Reading(product.physical, product.virtual, product.read_started_at, product.read_ended_at)
    with transaction.atomic():
        if not _store(product, balance, started):
            return None
        units = math.floor(balance.virtual)
        counted = engine.apply_count(known.shop_id, product.sku, units, read_started_at=started, reference=reference)
        differences.note_difference(known, product, before, balance, started, counted)
    return counted


def _store(product: Product, balance: Balance, started: datetime) -> bool:
    facts = {
        "physical": balance.physical,
        "virtual": balance.virtual,
        "started": started,
        "grace": durations.grace(),
        "shop": product.shop_id,
        "product": product.pk,
    }
    return bool(sql.execute(_STORE, facts))
