"""Applying a run: link after link, count after count, each in a transaction of its own."""

import math
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from bling_sync import sql
from bling_sync.models import Connection, ImportLine, ImportRun, Product, Push, PushState
from bling_sync.models.import_line import TAKEN
from bling_sync.reconcile import anchor, apply
from bling_sync.resources.balances import Balance
from reservations import engine
from reservations.models import StockItem

BATCH = 100
# A product that its SKU now belongs to takes it from the one that had it.
_UNLINK = """
UPDATE bling_sync_product SET stock_item_id = NULL, read_due_at = NULL
WHERE shop_id = %s AND stock_item_id = %s AND bling_id <> %s
"""


def apply_batch(run: ImportRun, known: Connection) -> int:
    """Apply the next lines; returns how many, 0 when none is left. Raises engine.EngineError."""
    rows = run.lines.filter(shop_id=run.shop_id, verdict__in=TAKEN, applied_at__isnull=True).order_by("pk")
    lines = list(rows[:BATCH])
    for line in lines:
        _apply(run, known, line)
    return len(lines)


def finish(run: ImportRun) -> None:
    """The shop is imported: what it sells and Bling does not have is nobody's to tell, and readings go on."""
    connections = Connection.objects.filter(shop_id=run.shop_id)
    connections.update(imported_at=Now(), reading_paused_at=None, all_read_at=Now())
    pending = Push.objects.filter(shop_id=run.shop_id, product__isnull=True, state=PushState.PENDING)
    pending.update(state=PushState.CANCELLED, ended_at=Now(), error="the SKU is not in Bling")


@transaction.atomic
def _apply(run: ImportRun, known: Connection, line: ImportLine) -> None:
    assert line.read_started_at is not None
    item = StockItem.objects.filter(shop_id=run.shop_id, sku=line.sku).first()
    before = item.on_hand if item else None
    after = _count(run, known, line, item)
    changed = after != before
    ImportLine.objects.filter(pk=line.pk, shop_id=run.shop_id).update(before=before, after=after, applied_at=Now())
    runs = ImportRun.objects.filter(pk=run.pk, shop_id=run.shop_id)
    runs.update(applied=F("applied") + 1, changed=F("changed") + int(changed))


def _count(run: ImportRun, known: Connection, line: ImportLine, item: StockItem | None) -> int:
    """Link the product to its stock item and count; returns what is on hand afterwards."""
    balance = Balance(line.physical or Decimal(0), line.virtual or Decimal(0))
    assert line.read_started_at is not None
    if item is None:
        # Nothing was ever sold of it, so nothing can be in flight: it may be counted before it is linked.
        started, units = line.read_started_at, math.floor(balance.virtual)
        engine.apply_count(run.shop_id, line.sku, units, read_started_at=started, reference=run.reference)
        item = StockItem.objects.get(shop_id=run.shop_id, sku=line.sku)
    product = _link(line, item)
    counted = apply.apply(known, product, balance, line.read_started_at, reference=run.reference)
    product.refresh_from_db()
    anchor.move(product)
    return counted.on_hand if counted else item.on_hand


def _link(line: ImportLine, item: StockItem) -> Product:
    assert line.bling_id is not None
    sql.execute(_UNLINK, [line.shop_id, item.pk, line.bling_id])
    facts = {"stock_item": item, "sku": line.sku, "name": line.name, "price": line.price}
    product, _ = Product.objects.update_or_create(shop_id=line.shop_id, bling_id=line.bling_id, defaults=facts)
    untold = Push.objects.filter(shop_id=line.shop_id, stock_item=item, product__isnull=True)
    untold.filter(state=PushState.PENDING).update(product=product)
    return product
