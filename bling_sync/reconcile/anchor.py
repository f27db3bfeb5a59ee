"""The anchor: a physical balance that surely shows all our pushes up to a moment, and none after it."""

from bling_sync import durations
from bling_sync.models import Product
from plumbing import sql

# A push blurs a reading while it may or may not be in it: under way, undecided, or in effect less than the grace time
# before. The bound on `sending_at` keeps the scan to the recent end of its index.
_MOVE = """
UPDATE bling_sync_product AS p SET anchor_physical = p.physical, anchor_at = p.read_started_at
WHERE p.shop_id = %(shop)s AND p.id = %(product)s AND p.physical IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM bling_sync_push AS o WHERE o.shop_id = p.shop_id AND o.product_id = p.id
            AND (o.state = 'sending' OR (o.state = 'unknown' AND o.escalated_at IS NULL)))
    AND NOT EXISTS (
        SELECT 1 FROM bling_sync_push AS o WHERE o.shop_id = p.shop_id AND o.product_id = p.id
            AND o.sending_at > p.read_started_at - %(grace)s - interval '1 hour'
            AND o.state IN ('sent', 'settled', 'unknown')
            AND greatest(o.effect_at, o.unknown_at) + %(grace)s > p.read_started_at)
"""


def move_anchor(product: Product) -> None:
    """Anchor the product at its last reading, if no push of ours blurs it."""
    sql.execute(_MOVE, {"shop": product.shop_id, "product": product.pk, "grace": durations.grace()})
