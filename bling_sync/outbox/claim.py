"""Claims a push for sending: `sending` is committed before the call is made."""

from django.db import IntegrityError, transaction

from bling_sync.models import Push
from plumbing import sql

# One call per product at a time, and none while a lost answer of it is being judged. A return waits for its sale.
_CLAIM = """
UPDATE bling_sync_push SET state = 'sending', sending_at = clock_timestamp(), attempts = attempts + 1, error = ''
WHERE shop_id = %(shop)s AND id = (
    SELECT p.id FROM bling_sync_push AS p
    WHERE p.shop_id = %(shop)s AND p.state = 'pending' AND p.next_attempt_at <= clock_timestamp()
        AND p.mode IN ('movement', 'order') AND p.product_id IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM bling_sync_push AS o
            WHERE o.shop_id = p.shop_id AND o.product_id = p.product_id
                AND (o.state = 'sending' OR (o.state = 'unknown' AND o.escalated_at IS NULL)))
        AND (p.kind = 'sale' OR NOT EXISTS (
            SELECT 1 FROM bling_sync_push AS s
            WHERE s.shop_id = p.shop_id AND s.reservation_id = p.reservation_id AND s.kind = 'sale'
                AND s.state NOT IN ('sent', 'settled', 'cancelled')))
    ORDER BY p.id LIMIT 1
    FOR NO KEY UPDATE SKIP LOCKED
)
RETURNING id
"""
# The call is made now: from here its sender may be given up for dead. `attempts`, which each claim raises, names the
# attempt: a sender whose row went on without it finds no row here.
_STILL_MINE = """
UPDATE bling_sync_push SET sending_at = clock_timestamp()
WHERE shop_id = %s AND id = %s AND attempts = %s AND state = 'sending'
"""


def claim_push(shop_id: int) -> Push | None:
    """The next push of the shop, now `sending`; None when there is none to send."""
    try:
        with transaction.atomic():
            taken = sql.first_row(_CLAIM, {"shop": shop_id})
    except IntegrityError:
        # Another worker took a push of the same product in this very moment: its snapshot could not show that to
        # NOT EXISTS, but the unique index `bling_push_one_at_a_time` did.
        return None
    if taken is None:
        return None
    return Push.objects.select_related("product").get(shop_id=shop_id, pk=taken[0])


def is_still_mine(push: Push) -> bool:
    """Whether this attempt may make its call now; not when it waited so long that it was given up for dead."""
    return bool(sql.execute(_STILL_MINE, [push.shop_id, push.pk, push.attempts]))
