"""What a run takes over from the rehearsal before it, so that applying reads only what has changed since.

Bling dates each change of a product: of its SKU, of its kind, of whether it is a kit or kept by lots. What has not
changed since the rehearsal began still stands. A balance has no date, so a run reads each again, and it judges
each line anew.
"""

from datetime import datetime, timedelta

from bling_sync.models import Connection, ImportRun, LineVerdict, RunState
from bling_sync.resources import products
from plumbing import database_clock, sql

# What a date of change may fail to show is trusted for so long, and no longer.
LIVES = timedelta(hours=1)
# Bling's clock may be behind ours, and a change may be dated before it shows.
MARGIN = timedelta(minutes=10)
# Below so many products, reading all of them takes fewer calls than the listings of what has changed.
WORTHWHILE = products.PAGE * (len(products.CHANGES) - len(products.LISTINGS))

_TAKE_OVER = """
INSERT INTO bling_sync_importline
    (shop_id, run_id, bling_id, sku, name, price, format, verdict, resembles, lots_checked)
SELECT former.shop_id, %(run)s, former.bling_id, former.sku, former.name, former.price, former.format,
    CASE WHEN former.verdict IN ('kit', 'lot', 'parent', 'service') THEN former.verdict ELSE '' END, '',
    former.lots_checked
FROM bling_sync_importline AS former
WHERE former.shop_id = %(shop)s AND former.run_id = %(former)s AND former.bling_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM bling_sync_importline AS read_again
    WHERE read_again.shop_id = %(shop)s AND read_again.run_id = %(run)s AND read_again.bling_id = former.bling_id)
ORDER BY former.id
"""


def to_go_on_from(known: Connection) -> ImportRun | None:
    """The shop's newest run, if it has read this company's products lately and completely, and enough of them."""
    newest = ImportRun.objects.filter(shop_id=known.shop_id).order_by("-pk").first()
    return newest if newest is not None and can_go_on_from(newest, known) else None


def can_go_on_from(run: ImportRun, known: Connection) -> bool:
    """Whether a run that applies may take over this run's products."""
    if run.state not in (RunState.REHEARSED, RunState.BRAKED) or run.read <= WORTHWHILE:
        return False
    began = _all_read_at(run)
    # Another consent may have been another company's.
    same_consent = known.connected_at is not None and known.connected_at <= began
    return same_consent and database_clock.now() - began < LIVES


def changes_since(run: ImportRun) -> datetime | None:
    """The moment from which changes are listed; None for a run that lists all products."""
    return run.based_on.started_at - MARGIN if run.based_on is not None else None


def _all_read_at(run: ImportRun) -> datetime:
    """When the run began that listed all products: this one, or the one from which it went on."""
    return run.started_at if run.based_on is None else _all_read_at(run.based_on)


def take_over(run: ImportRun) -> int:
    """Add the products that have not changed, drop those that are gone; returns how many the run has now."""
    sql.execute("SELECT set_config('statement_timeout', '60s', true)")
    sql.execute(_TAKE_OVER, {"shop": run.shop_id, "run": run.pk, "former": run.based_on_id})
    run.lines.filter(shop_id=run.shop_id, verdict=LineVerdict.GONE).delete()
    return run.lines.filter(shop_id=run.shop_id).count()
