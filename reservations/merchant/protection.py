"""Which SKUs of a shop are protected, counted once for every sentence, step and colour that speaks of it.

A SKU is protected while a variant at Shopify is linked to it, the checkout knows who holds its units where they are
scarce, somebody has counted it, the theme or the checkout uses the app, the ERP was read, and background work is on
time. Of one that sells without stock the checkout has nothing to know.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models.functions import Now

from plumbing import sql
from reservations.merchant import erp_pages
from reservations.models import Heartbeat, InstallationState, Shop, ShopifyInstallation, ValidationState

# The jobs beat every few seconds; holds end on time even without them.
JOBS_LATE = timedelta(minutes=3)
# A guard is at most two seconds old. One that is older than this is late, and no longer just on its way.
GUARD_LATE = timedelta(seconds=10)

# Each SKU counts once, by the first thing that it lacks. We look at the guards of scarce SKUs alone. A guard is late
# where the first movement that it does not show, or the end of the first hold that it names, lies GUARD_LATE back;
# where Shopify has none, the SKU's last movement and its link must be as old as that.
_COUNT = """
WITH known AS (
    SELECT i.counted_at IS NULL AS uncounted, l.sku IS NOT NULL AS linked, l.sku IS NOT NULL
        AND CASE WHEN NOT i.sells_without_stock AND i.on_hand - i.reserved - i.in_flight <= %(threshold)s THEN EXISTS (
            SELECT FROM reservations_skulink AS v
            LEFT JOIN reservations_variantguard AS g ON g.shop_id = v.shop_id AND g.variant_id = v.variant_id
            LEFT JOIN reservations_stockmovement AS m ON m.shop_id = i.shop_id AND m.stock_item_id = i.id
                AND m.position = CASE
                    WHEN g.stock_item_id = i.id AND g.value NOT IN ('', '?') AND g.written_at >= %(began)s
                    THEN g.ledger_position + 1 ELSE i.ledger_position END
            WHERE v.shop_id = i.shop_id AND v.sku = i.sku AND coalesce(v.sku_since < late.since, true)
                AND (g.next_expiry < late.since OR m.at < late.since)
        ) ELSE false END AS untold
    FROM reservations_stockitem AS i
    CROSS JOIN (SELECT clock_timestamp() - %(late)s AS since) AS late
    LEFT JOIN (SELECT DISTINCT sku FROM reservations_skulink WHERE shop_id = %(shop)s) AS l ON l.sku = i.sku
    WHERE i.shop_id = %(shop)s
)
SELECT count(*), count(*) FILTER (WHERE NOT linked), count(*) FILTER (WHERE untold),
    count(*) FILTER (WHERE uncounted AND linked AND NOT untold)
FROM known
"""


@dataclass(frozen=True, slots=True)
class Protection:
    """The SKUs of a shop, and those of them that lack something: a link, a guard that is up to date, a count.

    The flags hold for all of them: without one of them no SKU is protected.
    """

    skus: int
    unlinked: int
    untold: int
    uncounted: int
    theme_is_on: bool
    checkout_is_on: bool
    is_installed: bool
    is_read: bool
    is_on_time: bool

    @property
    def is_used(self) -> bool:
        """Whether the theme or the checkout refuses what another cart holds."""
        return self.theme_is_on or self.checkout_is_on

    @property
    def linked(self) -> int:
        """SKUs that a variant at Shopify sells."""
        return self.skus - self.unlinked

    @property
    def protected(self) -> int:
        """SKUs that lack nothing."""
        holds = self.is_used and self.is_installed and self.is_read and self.is_on_time
        return self.linked - self.untold - self.uncounted if holds else 0

    @property
    def is_whole(self) -> bool:
        """Whether there are SKUs, and every one is protected."""
        return 0 < self.skus == self.protected


def protection(shop: Shop, installation: ShopifyInstallation | None) -> Protection:
    """How things stand, from what the database knows."""
    began = installation.installed_at if installation else None
    facts = {"shop": shop.pk, "threshold": shop.scarcity_threshold, "late": GUARD_LATE, "began": began}
    skus, unlinked, untold, uncounted = sql.one_row(_COUNT, facts)
    is_there = installation is not None and installation.state == InstallationState.INSTALLED
    return Protection(
        skus,
        unlinked,
        untold,
        uncounted,
        theme_is_on=installation is not None and bool(installation.theme_embed),
        checkout_is_on=installation is not None and installation.validation_state == ValidationState.ON,
        is_installed=is_there,
        is_read=all(pages.connection(shop).is_read for pages in erp_pages.registered()),
        is_on_time=Heartbeat.objects.filter(name="worker", at__gte=Now() - JOBS_LATE).exists(),
    )
