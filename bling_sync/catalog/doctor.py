"""The SKU doctor: each product of a run gets a word, and each of our SKUs that Bling does not have gets a line."""

from django.db import transaction

from bling_sync import sql
from bling_sync.models import ImportRun

# Judged in this order; the first that fits stands. A SKU as the API takes it: 1 to 255 characters, none of control.
_STEPS = {
    "blank": "btrim(l.sku) = ''",
    "unfit": "length(l.sku) > 255 OR l.sku ~ '[\\x01-\\x1f\\x7f-\\x9f]'",
    "duplicate": """EXISTS (SELECT 1 FROM bling_sync_importline AS twin
        WHERE twin.shop_id = l.shop_id AND twin.run_id = l.run_id AND twin.sku = l.sku AND twin.id <> l.id
            AND twin.bling_id IS NOT NULL AND twin.verdict NOT IN ('parent', 'service'))""",
    "exact": """EXISTS (SELECT 1 FROM reservations_stockitem AS i
        WHERE i.shop_id = l.shop_id AND i.sku = l.sku)""",
}
_STEP = """
UPDATE bling_sync_importline AS l SET verdict = %(verdict)s
WHERE l.shop_id = %(shop)s AND l.run_id = %(run)s AND l.verdict = '' AND ({condition})
"""
# What differs from one of our SKUs, or of Bling's own, only in case or in spaces is meant for it, and must be put right
# in Bling: a second stock of the same thing would sell it twice.
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
    SELECT 1 FROM bling_sync_importline AS l
    WHERE l.shop_id = i.shop_id AND l.run_id = %(run)s AND l.sku = i.sku AND l.bling_id IS NOT NULL)
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
DELETE FROM bling_sync_importline WHERE shop_id = %(shop)s AND run_id = %(run)s AND bling_id IS NULL
"""


@transaction.atomic
def judge(run: ImportRun) -> None:
    """Give every line of the run its verdict; safe to repeat."""
    facts = {"shop": run.shop_id, "run": run.pk}
    sql.execute("SELECT set_config('statement_timeout', '60s', true)")
    for verdict, condition in _STEPS.items():
        sql.execute(_STEP.format(condition=condition), {**facts, "verdict": verdict})
    for statement in (_SIMILAR, _SPACES, _NEW, _FORGET_MISSING, _MISSING, _BEFORE, _AFTER):
        sql.execute(statement, facts)
