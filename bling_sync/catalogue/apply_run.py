"""Applies a run line by line: each line links its product and counts its stock in a transaction of its own."""

import math
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from bling_sync.models import Connection, ImportLine, ImportRun, LineVerdict, Product, Push, PushState
from bling_sync.models.import_line import TAKEN
from bling_sync.reconcile import anchor, balance_count
from bling_sync.resources.balances import Balance
from plumbing import sql
from reservations import engine
from reservations.models import StockItem

BATCH = 100
# A SKU that was never sold has no push that could blur its first reading: it is the anchor and the base too.
_ADD = """
INSERT INTO bling_sync_product
    (shop_id, bling_id, stock_item_id, sku, name, price, physical, virtual, read_started_at, read_ended_at,
     anchor_physical, anchor_at, base_physical, base_virtual, base_at)
SELECT i.shop_id, %s, i.id, f.sku, f.name, f.price, f.physical, f.virtual, f.started, clock_timestamp(),
    f.physical, f.started, f.physical, f.virtual, f.started
FROM (SELECT %s AS sku, %s AS name, %s::numeric AS price, %s::numeric AS physical, %s::numeric AS virtual,
    %s::timestamptz AS started) AS f
JOIN reservations_stockitem AS i ON i.shop_id = %s AND i.sku = f.sku
ON CONFLICT (shop_id, bling_id) DO UPDATE
SET stock_item_id = excluded.stock_item_id, sku = excluded.sku, name = excluded.name, price = excluded.price,
    physical = excluded.physical, virtual = excluded.virtual, read_started_at = excluded.read_started_at,
    read_ended_at = excluded.read_ended_at, read_due_at = NULL, missing_since = NULL, base_physical = NULL,
    base_virtual = NULL, base_at = NULL, others_since = NULL
"""
# The unique link is one product per stock item: the former product gives it up before the new one takes it.
_UNLINK = """
UPDATE bling_sync_product SET stock_item_id = NULL, read_due_at = NULL
WHERE shop_id = %s AND stock_item_id = %s AND bling_id <> %s
"""


def apply_batch(run: ImportRun, known: Connection) -> int:
    """Apply the next BATCH lines; return how many, 0 when none is left. Raises engine.EngineError."""
    rows = run.lines.filter(shop_id=run.shop_id, verdict__in=TAKEN, applied_at__isnull=True).order_by("pk")
    lines = list(rows[:BATCH])
    skus = [line.sku for line in lines]
    items = {item.sku: item for item in StockItem.objects.filter(shop_id=run.shop_id, sku__in=skus)}
    for line in lines:
        _apply(run, known, line, items.get(line.sku))
    note_written(run)
    return len(lines)


def note_written(run: ImportRun) -> None:
    """Note how many figures the run has written: we count the rows, so that a batch that died half-way is in it."""
    written = run.lines.filter(shop_id=run.shop_id, applied_at__isnull=False)
    changed = written.filter(Q(before__isnull=True) | ~Q(before=F("after"))).count()
    ImportRun.objects.filter(pk=run.pk, shop_id=run.shop_id).update(applied=written.count(), changed=changed)


def finish_moves(run: ImportRun, known: Connection) -> None:
    """Where units are counted under another SKU already, take them from the former one. Raises engine.EngineError."""
    counted = run.lines.filter(shop_id=run.shop_id, verdict=LineVerdict.EXACT, applied_at__isnull=False)
    former = run.lines.filter(shop_id=run.shop_id, verdict=LineVerdict.REPLACED, applied_at__isnull=True)
    for line in former.filter(resembles__in=counted.values("sku")).order_by("pk"):
        _apply(run, known, line, StockItem.objects.filter(shop_id=run.shop_id, sku=line.sku).first())


def finish(run: ImportRun) -> None:
    """Mark the shop as imported: let go of kits, cancel pushes of SKUs that Bling does not have, let readings go on."""
    kits = run.lines.filter(shop_id=run.shop_id, verdict=LineVerdict.KIT).values("bling_id")
    # A kit's balance is its parts', which are counted under their own SKUs: nothing feeds its SKU any more.
    Product.objects.filter(shop_id=run.shop_id, bling_id__in=kits).update(stock_item=None, read_due_at=None)
    connections = Connection.objects.filter(shop_id=run.shop_id)
    connections.update(imported_at=Now(), reading_paused_at=None, all_read_at=Now())
    pending = Push.objects.filter(shop_id=run.shop_id, product__isnull=True, state=PushState.PENDING)
    pending.update(state=PushState.CANCELLED, ended_at=Now(), error="the SKU is not in Bling")


@transaction.atomic
def _apply(run: ImportRun, known: Connection, line: ImportLine, item: StockItem | None) -> None:
    """Count one line."""
    before = item.on_hand if item else None
    if line.verdict == LineVerdict.REPLACED:
        after = engine.apply_count(run.shop_id, line.sku, 0, reference=run.reference).on_hand
    else:
        after = _add(run, line) if item is None else _replace(run, known, line, item)
    ImportLine.objects.filter(pk=line.pk, shop_id=run.shop_id).update(before=before, after=after, applied_at=Now())


def _add(run: ImportRun, line: ImportLine) -> int:
    """Count a new SKU, then link it: nothing of it was ever sold, so no push is missed in between."""
    units = math.floor(line.virtual or 0)
    started = line.read_started_at
    counted = engine.apply_count(run.shop_id, line.sku, units, read_started_at=started, reference=run.reference)
    facts = [line.sku, line.name, line.price, line.physical, line.virtual, started]
    sql.execute(_ADD, [line.bling_id, *facts, run.shop_id])
    return counted.on_hand


def _replace(run: ImportRun, known: Connection, line: ImportLine, item: StockItem) -> int:
    """Link a known SKU first, so that the count sees its sales on their way, and then count it."""
    assert line.read_started_at is not None
    balance = Balance(line.physical or Decimal(0), line.virtual or Decimal(0))
    product = _link(line, item)
    counted = balance_count.count_balance(known, product, balance, line.read_started_at, reference=run.reference)
    anchor.move_anchor(product)
    return counted.on_hand if counted else item.on_hand


def _link(line: ImportLine, item: StockItem) -> Product:
    assert line.bling_id is not None
    sql.execute(_UNLINK, [line.shop_id, item.pk, line.bling_id])
    facts = {"stock_item": item, "sku": line.sku, "name": line.name, "price": line.price}
    of_another = Product.objects.filter(shop_id=line.shop_id, bling_id=line.bling_id).exclude(stock_item=item)
    of_another.update(base_virtual=None, base_physical=None, base_at=None, others_since=None)
    product, _ = Product.objects.update_or_create(shop_id=line.shop_id, bling_id=line.bling_id, defaults=facts)
    untold = Push.objects.filter(shop_id=line.shop_id, stock_item=item, product__isnull=True)
    untold.filter(state__in=(PushState.PENDING, PushState.WITHHELD)).update(product=product)
    return product
