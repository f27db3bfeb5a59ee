"""The SKU doctor: gives each product of a run a verdict, and adds a line for each of our SKUs that Bling lacks."""

from django.db import transaction

from bling_sync.models import ImportRun
from plumbing import sql

# In this order; the first that fits stands. The API takes a SKU of 1 to 255 characters without control characters.
_STEPS = {
    "blank": "btrim(l.sku) = ''",
    "unfit": "length(l.sku) > 255 OR l.sku ~ '[\\x01-\\x1f\\x7f-\\x9f]'",
    "duplicate": """EXISTS (SELECT 1 FROM bling_sync_importline AS twin
        WHERE twin.shop_id = l.shop_id AND twin.run_id = l.run_id AND twin.sku = l.sku AND twin.id <> l.id
            AND twin.bling_id IS NOT NULL AND twin.verdict NOT IN ('parent', 'service'))""",
    # Open sales under the former SKU have yet to leave this product's balance; a count of the new SKU would miss them.
    "renamed": """EXISTS (SELECT 1 FROM bling_sync_product AS p
        JOIN reservations_stockitem AS i ON i.shop_id = p.shop_id AND i.id = p.stock_item_id AND i.sku <> l.sku
        JOIN bling_sync_push AS o ON o.shop_id = i.shop_id AND o.stock_item_id = i.id
        WHERE p.shop_id = l.shop_id AND p.bling_id = l.bling_id
            AND o.state NOT IN ('settled', 'cancelled', 'withheld'))""",
    "exact": """EXISTS (SELECT 1 FROM reservations_stockitem AS i
        WHERE i.shop_id = l.shop_id AND i.sku = l.sku)""",
}
_STEP = """
UPDATE bling_sync_importline AS l SET verdict = %(verdict)s
WHERE l.shop_id = %(shop)s AND l.run_id = %(run)s AND l.verdict = '' AND ({condition})
"""
# A SKU that differs from one of ours, or from its own trimmed form, only in case or spaces means the same thing. The
# merchant corrects it in Bling: a second stock of the same thing would sell it twice.
_SIMILAR = """
WITH ours AS (
    SELECT lower(regexp_replace(sku, '\\s+', '', 'g')) AS folded, min(sku) AS sku
    FROM reservations_stockitem WHERE shop_id = %(shop)s GROUP BY 1
)
UPDATE bling_sync_importline AS l SET verdict = 'similar', resembles = ours.sku
FROM ours
WHERE l.shop_id = %(shop)s AND l.run_id = %(run)s AND l.verdict = ''
    AND lower(regexp_replace(l.sku, '\\s+', '', 'g')) = ours.folded
"""
_SPACES = """
UPDATE bling_sync_importline AS l SET verdict = 'similar', resembles = btrim(l.sku)
WHERE l.shop_id = %(shop)s AND l.run_id = %(run)s AND l.verdict = '' AND l.sku <> btrim(l.sku)
"""
# A linked product that got a SKU in Bling which we lack goes on feeding ours, because the same units under two SKUs
# would be sold twice. An heir, another product with our SKU, would end that: then this one is new.
_RENAMED = """
UPDATE bling_sync_importline AS l SET verdict = 'renamed'
FROM bling_sync_product AS p JOIN reservations_stockitem AS i ON i.shop_id = p.shop_id AND i.id = p.stock_item_id
WHERE l.shop_id = %(shop)s AND l.run_id = %(run)s AND l.verdict = ''
    AND p.shop_id = l.shop_id AND p.bling_id = l.bling_id AND NOT EXISTS (
        SELECT 1 FROM bling_sync_importline AS heir
        WHERE heir.shop_id = l.shop_id AND heir.run_id = l.run_id AND heir.sku = i.sku AND heir.bling_id IS NOT NULL)
"""
_RENAMED_FROM = """
UPDATE bling_sync_importline AS l SET resembles = i.sku
FROM bling_sync_product AS p JOIN reservations_stockitem AS i ON i.shop_id = p.shop_id AND i.id = p.stock_item_id
WHERE l.shop_id = %(shop)s AND l.run_id = %(run)s AND l.verdict = 'renamed'
    AND p.shop_id = l.shop_id AND p.bling_id = l.bling_id
"""
_NEW = """
UPDATE bling_sync_importline AS l SET verdict = 'new'
WHERE l.shop_id = %(shop)s AND l.run_id = %(run)s AND l.verdict = ''
"""
_MISSING = """
INSERT INTO bling_sync_importline
    (shop_id, run_id, sku, name, price, format, verdict, resembles, lots_checked, before)
SELECT i.shop_id, %(run)s, i.sku, '', 0, '', 'missing', '', TRUE, i.on_hand
FROM reservations_stockitem AS i
WHERE i.shop_id = %(shop)s AND NOT EXISTS (
    SELECT 1 FROM bling_sync_importline AS l WHERE l.shop_id = i.shop_id AND l.run_id = %(run)s AND l.sku = i.sku)
AND NOT EXISTS (
    SELECT 1 FROM bling_sync_importline AS l
    WHERE l.shop_id = i.shop_id AND l.run_id = %(run)s AND l.verdict = 'renamed' AND l.resembles = i.sku)
"""
# This run moves the product, and its units, to another SKU of ours: none are left of the former SKU.
_REPLACED = """
UPDATE bling_sync_importline AS l SET verdict = 'replaced', resembles = heir.sku, after = 0
FROM reservations_stockitem AS i
JOIN bling_sync_product AS p ON p.shop_id = i.shop_id AND p.stock_item_id = i.id
JOIN bling_sync_importline AS heir ON heir.shop_id = p.shop_id AND heir.bling_id = p.bling_id
WHERE l.shop_id = %(shop)s AND l.run_id = %(run)s AND l.verdict = 'missing'
    AND i.shop_id = l.shop_id AND i.sku = l.sku AND heir.run_id = l.run_id AND heir.verdict = 'exact'
"""
_BEFORE = """
UPDATE bling_sync_importline AS l SET before = i.on_hand
FROM reservations_stockitem AS i
WHERE l.shop_id = %(shop)s AND l.run_id = %(run)s AND l.verdict = 'exact'
    AND i.shop_id = l.shop_id AND i.sku = l.sku
"""
_AFTER = """
UPDATE bling_sync_importline AS l SET after = floor(l.virtual)
WHERE l.shop_id = %(shop)s AND l.run_id = %(run)s AND l.verdict IN ('exact', 'new')
"""
_FORGET_MISSING = """
DELETE FROM bling_sync_importline
WHERE shop_id = %(shop)s AND run_id = %(run)s AND bling_id IS NULL AND applied_at IS NULL
"""
# For lines that no step has judged, in this order.
_LEFT_OVER = (_SIMILAR, _SPACES, _RENAMED, _RENAMED_FROM, _NEW)


@transaction.atomic
def judge(run: ImportRun) -> None:
    """Give every line of the run its verdict; safe to repeat."""
    facts = {"shop": run.shop_id, "run": run.pk}
    sql.execute("SELECT set_config('statement_timeout', '60s', true)")
    for verdict, condition in _STEPS.items():
        sql.execute(_STEP.format(condition=condition), {**facts, "verdict": verdict})
    for statement in (*_LEFT_OVER, _FORGET_MISSING, _MISSING, _REPLACED, _BEFORE, _AFTER):
        sql.execute(statement, facts)
