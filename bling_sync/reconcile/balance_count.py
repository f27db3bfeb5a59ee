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

# An older reading never replaces a newer one. The next one is due when somebody asked for it after this one began, or
# when the last change must surely show; while this one leaves units in doubt, _GO_ON asks for one sooner.
_STORE = """
UPDATE bling_sync_product
SET physical = %(physical)s, virtual = %(virtual)s, read_started_at = %(started)s, read_ended_at = clock_timestamp(),
    missing_since = NULL,
    read_due_at = least(CASE WHEN read_due_at > %(started)s THEN read_due_at END,
        CASE WHEN changed_at + %(grace)s > %(started)s THEN changed_at + %(grace)s END)
WHERE shop_id = %(shop)s AND id = %(product)s AND (read_started_at IS NULL OR read_started_at < %(started)s)
"""
# A doubt ends soon after Bling's lag does.
_GO_ON = """
UPDATE bling_sync_product
SET read_due_at = least(coalesce(read_due_at, 'infinity'), clock_timestamp() + %(pause)s)
WHERE shop_id = %(shop)s AND id = %(product)s AND base_at IS DISTINCT FROM read_started_at
    AND changed_at + %(often)s > clock_timestamp()
"""


def count_balance(
    known: Connection, product: Product, balance: Balance, started: datetime, *, reference: str = REFERENCE
) -> engine.Counted | None:
    """Store the reading and count it, in one transaction; None when we have a newer one.

    Availability is what the virtual balance leaves, in whole units. Raises engine.Busy, Unavailable, OutcomeUnknown.
    """
    with transaction.atomic():
        if not _store(product, balance, started):
            return None
        units = math.floor(balance.virtual)
        counted = engine.apply_count(known.shop_id, product.sku, units, read_started_at=started, reference=reference)
        differences.note_difference(product, balance, started, counted)
        often = {"pause": durations.READ_AFTER, "often": durations.OFTEN_READ_FOR}
        sql.execute(_GO_ON, {**often, "shop": product.shop_id, "product": product.pk})
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
