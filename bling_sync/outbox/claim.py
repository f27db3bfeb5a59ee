"""Claims a push for sending, with the sales that can go along: `sending` is committed before the call is made."""

from django.db import IntegrityError, transaction

from bling_sync.models import Push
from plumbing import sql

# The most sales that one call tells of.
MOST_TOGETHER = 100
# One call per product at a time, and none while a lost answer of it is being judged. A return waits for its sale. The
# sales of the product that wait by then go in the same call: behind a lost answer they would need minutes one by one.
# An order is Bling's own row, and a return waits for a sale, so these go alone.
_CLAIM = """
WITH first AS (
    SELECT p.id, p.product_id, p.kind, p.mode FROM bling_sync_push AS p
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
), others AS (
    SELECT o.id, o.quantity - o.cancelled AS units FROM first AS f
    JOIN bling_sync_push AS o ON o.shop_id = %(shop)s AND o.product_id = f.product_id AND o.id <> f.id
    WHERE f.kind = 'sale' AND f.mode = 'movement' AND o.kind = 'sale' AND o.mode = 'movement'
        AND o.state = 'pending' AND o.next_attempt_at <= clock_timestamp()
    ORDER BY o.id LIMIT %(most)s
    FOR NO KEY UPDATE OF o SKIP LOCKED
), together AS (
    SELECT f.id, NULL::bigint AS carried_by, (SELECT coalesce(sum(units), 0) FROM others) AS carries FROM first AS f
    UNION ALL
    SELECT o.id, f.id, 0 FROM first AS f, others AS o
), taken AS (
    UPDATE bling_sync_push AS p SET state = 'sending', sending_at = clock_timestamp(), attempts = p.attempts + 1,
        error = '', carried_by = t.carried_by, carries = t.carries
    FROM together AS t WHERE p.shop_id = %(shop)s AND p.id = t.id
)
SELECT id FROM first
"""
# The call begins now: from here on others may give its sender up for dead. `attempts`, which each claim raises, names
# the attempt: a sender whose row went on without it finds no row here.
_STILL_MINE = """
UPDATE bling_sync_push SET sending_at = clock_timestamp()
WHERE shop_id = %s AND id = %s AND attempts = %s AND state = 'sending'
"""


def claim_push(shop_id: int) -> Push | None:
    """The next push of the shop, now `sending` with all that its call carries; None when there is none to send."""
    try:
        with transaction.atomic():
            taken = sql.first_row(_CLAIM, {"shop": shop_id, "most": MOST_TOGETHER - 1})
    except IntegrityError:
        # Another worker took a push of the same product in this very moment: its snapshot could not show that to
        # NOT EXISTS, but the unique index `bling_push_one_call_at_a_time` did.
        return None
    if taken is None:
        return None
    return Push.objects.select_related("product").get(shop_id=shop_id, pk=taken[0])


def is_still_mine(push: Push) -> bool:
    """Whether this attempt may make its call now; not when it waited so long that it was given up for dead."""
    return bool(sql.execute(_STILL_MINE, [push.shop_id, push.pk, push.attempts]))
