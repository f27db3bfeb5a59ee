"""Ends a run that the merchant cancels: between two calls to Bling, or between two batches of figures.

What was written until then stands SKU by SKU, and is undone as any run is.
"""

from django.db.models.functions import Now

from bling_sync.models import Connection, ImportRun, RunState

from . import apply_run, run_end


def ask(run: ImportRun) -> bool:
    """Write the wish down; whoever works on the run obeys it. False when the run has ended."""
    rows = ImportRun.objects.filter(pk=run.pk, shop_id=run.shop_id, state=RunState.RUNNING)
    return bool(rows.update(cancel_asked_at=Now()))


def end(run: ImportRun, known: Connection, *, why: str = "") -> None:
    """End the run where it is. Raises engine.EngineError, and then the wish stands.

    Units that it has already counted under another SKU are first taken from the former one, or they would be for sale
    twice.
    """
    apply_run.finish_moves(run, known)
    apply_run.note_written(run)
    run_end.end(run, RunState.CANCELLED, why)
