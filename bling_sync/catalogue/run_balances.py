"""Reads the balances of a run's products, a hundred at a time."""

from django.db import transaction

from bling_sync.client.bling_api import Bling
from bling_sync.models import ImportLine, ImportRun, LineVerdict, Phase
from bling_sync.resources import balances
from plumbing import database_clock

_COLUMNS = ["physical", "virtual", "read_started_at", "verdict"]


def read_batch(run: ImportRun, bling: Bling, deposit_id: int | None) -> None:
    """Read the next balances into the run, or go on to the comparison. Raises BlingError."""
    rows = run.lines.filter(shop_id=run.shop_id, verdict="", read_started_at__isnull=True).order_by("pk")
    lines = list(rows[: balances.IDS_PER_CALL])
    if not lines:
        run.phase = Phase.JUDGE
        run.save(update_fields=["phase"])
        return
    started = database_clock.now()
    found = balances.read(bling, [line.bling_id for line in lines if line.bling_id is not None], deposit_id)
    for line in lines:
        balance = found.get(line.bling_id or 0)
        line.read_started_at = started
        if balance is None:
            line.verdict = LineVerdict.UNREAD
            continue
        line.physical, line.virtual = balance.physical, balance.virtual
        if balance.virtual % 1 or balance.physical % 1:
            line.verdict = LineVerdict.FRACTIONAL
    with transaction.atomic():
        ImportLine.objects.bulk_update(lines, _COLUMNS)
        run.balanced += len(found)
        run.save(update_fields=["balanced"])
