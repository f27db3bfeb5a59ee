"""The brake: a run that would cut too many units stops and asks, before anything is written."""

from dataclasses import dataclass

from bling_sync import durations
from bling_sync.models import Connection, ImportRun
from plumbing import sql

# Sellable units before and after, SKU by SKU. Our own sales are no cut, whether the reading shows them already or not:
# so `before` leaves out what is in flight, and `after` takes off only the sales that the reading is too early to show.
# A negative balance counts as zero on both sides, or an oversold SKU would hide the cut of another.
_CUT = """
WITH figures AS (
    SELECT greatest(0, i.on_hand - i.in_flight) AS before,
        greatest(0, floor(l.virtual) - coalesce((
            SELECT sum(p.quantity - p.cancelled) FROM bling_sync_push AS p
            WHERE p.shop_id = i.shop_id AND p.stock_item_id = i.id AND p.kind = 'sale' AND (
                p.state IN ('pending', 'sending', 'unknown', 'failed', 'withheld')
                OR (p.state = 'sent' AND p.effect_at + %(grace)s > l.read_started_at))
        ), 0)) AS after
    FROM bling_sync_importline AS l
    JOIN reservations_stockitem AS i ON i.shop_id = l.shop_id AND i.sku = l.sku
    WHERE l.shop_id = %(shop)s AND l.run_id = %(run)s AND l.verdict IN ('exact', 'replaced')
)
SELECT coalesce(sum(before), 0), coalesce(sum(greatest(0, before - after)), 0),
    count(*) FILTER (WHERE before > 0), count(*) FILTER (WHERE before > 0 AND after = 0)
FROM figures
"""


@dataclass(frozen=True, slots=True)
class Cut:
    """What a run would take away: units cut of `units_before`, and SKUs emptied of the `stocked` ones."""

    units_before: int
    units_cut: int
    stocked: int
    emptied: int

    def exceeds(self, percent: int) -> bool:
        """Whether that is more than `percent` of the units, or empties more than `percent` of the SKUs."""
        # One stocked SKU is always all of them: there the units alone decide.
        units = self.units_cut * 100 > self.units_before * percent
        return units or (self.stocked > 1 and self.emptied * 100 > self.stocked * percent)


def measure(run: ImportRun) -> Cut:
    """Compute what the run would take away."""
    found = sql.one_row(_CUT, {"shop": run.shop_id, "run": run.pk, "grace": durations.grace()})
    return Cut(*(int(value) for value in found))


def stops(run: ImportRun, known: Connection) -> bool:
    """Store what the run would cut, for the merchant's decision, and say whether it has to stop here."""
    cut = measure(run)
    run.units_before, run.units_cut = cut.units_before, cut.units_cut
    run.stocked, run.emptied = cut.stocked, cut.emptied
    run.save(update_fields=["units_before", "units_cut", "stocked", "emptied"])
    return not run.consent and not run.dry_run and cut.exceeds(known.brake_percent)
