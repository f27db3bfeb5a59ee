"""Find the variants whose guard at Shopify is no longer true."""

from django.db import connection

from reservations.models import InstallationState, ShopifyInstallation

# At most one write per variant within this time: one write carries all that happened meanwhile.
SECONDS_BETWEEN_WRITES = 1

# First half: a scarce SKU needs a guard that is as new as its ledger, as this installation, and as its next dead hold,
# and that no older version spelled (with a brace); one with enough units needs none, nor does one that sells without
# stock. Second half: variants that have a guard but no longer any stock item. Scarcity goes by the counters: a dead
# hold that no job wrote down yet keeps a SKU scarce for some seconds more, which harms nobody.
_DUE = """
SELECT l.variant_id
FROM reservations_shop AS s
JOIN reservations_shopifyinstallation AS a ON a.shop_id = s.id
JOIN reservations_skulink AS l ON l.shop_id = s.id
JOIN reservations_stockitem AS i ON i.shop_id = l.shop_id AND i.sku = l.sku
LEFT JOIN reservations_variantguard AS g ON g.shop_id = l.shop_id AND g.variant_id = l.variant_id
CROSS JOIN LATERAL (SELECT clock_timestamp() AS now) AS clock
WHERE s.id = %(shop)s AND a.state = 'installed'
    AND (g.claimed_until IS NULL OR g.claimed_until <= clock.now) AND (g.retry_at IS NULL OR g.retry_at <= clock.now)
    AND (g.written_at IS NULL OR g.written_at <= clock.now - make_interval(secs => %(pause)s))
    AND CASE WHEN NOT i.sells_without_stock AND i.on_hand - i.reserved - i.in_flight <= s.scarcity_threshold
        THEN g.id IS NULL OR g.value = '' OR g.value LIKE '{%%' OR g.written_at < a.installed_at
            OR g.next_expiry <= clock.now
            OR (g.stock_item_id, g.ledger_position) IS DISTINCT FROM (i.id, i.ledger_position)
        ELSE g.value <> '' END
UNION
SELECT g.variant_id
FROM reservations_variantguard AS g
JOIN reservations_shopifyinstallation AS a ON a.shop_id = g.shop_id AND a.state = 'installed'
CROSS JOIN LATERAL (SELECT clock_timestamp() AS now) AS clock
WHERE g.shop_id = %(shop)s AND g.value <> ''
    AND (g.claimed_until IS NULL OR g.claimed_until <= clock.now) AND (g.retry_at IS NULL OR g.retry_at <= clock.now)
    AND (g.written_at IS NULL OR g.written_at <= clock.now - make_interval(secs => %(pause)s))
    AND NOT EXISTS (
        SELECT FROM reservations_skulink AS l
        JOIN reservations_stockitem AS i ON i.shop_id = l.shop_id AND i.sku = l.sku
        WHERE l.shop_id = g.shop_id AND l.variant_id = g.variant_id
    )
ORDER BY 1 LIMIT %(limit)s
"""


def due_variants(shop_id: int, limit: int) -> list[int]:
    """Up to `limit` variants of the shop whose guard must be written or cleared now, and that nobody else writes."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"shop": shop_id, "limit": limit, "pause": SECONDS_BETWEEN_WRITES})
        return [row[0] for row in cursor.fetchall()]


def shops_with_due_guards() -> list[int]:
    """The shops that have at least one such variant, or whose validation has no table of holds yet."""
    installed = ShopifyInstallation.objects.filter(state=InstallationState.INSTALLED).order_by("shop_id")
    rows = installed.values_list("shop_id", "validation_id", "hold_table_told")
    return [shop_id for shop_id, validation, told in rows if lacks_table(validation, told) or due_variants(shop_id, 1)]


def lacks_table(validation_id: str, told: dict[str, object] | None) -> bool:
    """Whether the shop's validation has no table of holds, as far as we know."""
    return bool(validation_id) and (told is None or told["validation"] != validation_id)
