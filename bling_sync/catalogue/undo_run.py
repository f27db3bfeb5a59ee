"""Undoes an applied run from the ledger: reverses each of its counts by the opposite movement."""

from django.db.models import Q
from django.db.models.functions import Now

from bling_sync.models import Connection, ImportRun, RunState
from reservations import engine

# A cancelled run has written what it had until then.
UNDOABLE = (RunState.APPLIED, RunState.CANCELLED)


class NotUndoable(Exception):
    """The run was never applied, or is undone already; the message is for a person."""


def last_written(shop_id: int) -> ImportRun | None:
    """The last run that wrote counts, undone since or not; it overwrote the counts of every earlier run."""
    wrote = Q(state__in=(RunState.APPLIED, RunState.UNDONE)) | Q(state=RunState.CANCELLED, applied__gt=0)
    written = ImportRun.objects.filter(wrote, shop_id=shop_id)
    return written.order_by("-pk").first()


def undo(run: ImportRun) -> int:
    """Reverse what the run counted and return how many SKUs that changed; safe to repeat after a crash.

    Readings pause until the next applied import: the next reading would restore what this undoes. Raises
    NotUndoable, engine.EngineError.
    """
    if run.state == RunState.UNDONE:
        raise NotUndoable(f"Import {run.pk} has been undone before.")
    if run.state not in UNDOABLE or (run.state == RunState.CANCELLED and not run.applied):
        raise NotUndoable(f"Import {run.pk} was never applied.")
    Connection.objects.filter(shop_id=run.shop_id).update(reading_paused_at=Now())
    applied = run.lines.filter(shop_id=run.shop_id, applied_at__isnull=False).order_by("pk")
    undone = 0
    for sku in applied.values_list("sku", flat=True).iterator(chunk_size=500):
        undone += engine.undo_count(run.shop_id, sku, run.reference, as_reference=run.undo_reference)
    ImportRun.objects.filter(pk=run.pk, shop_id=run.shop_id).update(state=RunState.UNDONE, undone_at=Now())
    run.refresh_from_db()
    return undone
